"""The client's side of the round trips in plain Python: PORT, seconds to warm up, seconds to measure."""
import signal
import socket
import sys
import time

receiver = ("127.0.0.1", int(sys.argv[1]))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.bind(("127.0.0.1", 0))
payload = b"x" * 100
seq = 0
# A datagram that is lost would be waited for without an end.
signal.alarm(30)


def round_trips(seconds):
    """Round trips a second, in stop-and-wait for so long."""
    global seq
    count = 0
    started = now = time.perf_counter()
    while now - started < seconds:
        for _ in range(100):
            client.sendto(b"Type:2;TID:3740;SEQ:%d;DATA:%b" % (seq, payload), receiver)
            ack, sender = client.recvfrom(2048)
            if ack != b"Type:3;TID:3740;SEQ:%d;" % seq or sender != receiver:
                sys.exit("an ack that was not asked for: %r from %r" % (ack, sender))
            seq = (seq + 1) % 1_000_000
        count += 100
        now = time.perf_counter()
    return count / (now - started)


round_trips(float(sys.argv[2]))
print("%.0f" % round_trips(float(sys.argv[3])))
