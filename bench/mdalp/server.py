"""The receiver's side of the round trips in plain Python: answers each data packet with its ack."""
import socket

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", 0))
print("port", receiver.getsockname()[1], flush=True)
while True:
    packet, client = receiver.recvfrom(2048)
    kind, tid, seq, payload = packet.split(b";", 3)
    if kind == b"Type:2":
        receiver.sendto(b"Type:3;%b;%b;" % (tid, seq), client)
