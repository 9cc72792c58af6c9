# MDALP client for CS assignment
#
# usage: python3 mdalp.py <orchestrator ip> <port> <payload file> [receiver number]
#
# With a receiver number (1, 2, 3, ...) everything is sent to this receiver,
# else the payload is split over all of them.

import re
import socket
import subprocess
import sys
import threading
import time

MAX_DATA = 100      # bytes in one packet
TIMEOUT = 3.0       # seconds until a packet is sent again


def parse_message(raw):
    """b'Type:3;TID:7;SEQ:1;' -> {'Type': '3', 'TID': '7', 'SEQ': '1'}"""
    text = raw.decode('utf-8')
    head, sep, data = text.partition('DATA:')
    msg = {}
    for field in head.split(';'):
        if field:
            key, value = field.split(':')
            msg[key] = value
    if sep:
        msg['DATA'] = data
    return msg


def get_plan(address):
    """Tell the orchestrator that we want to send, returns TID and list of receivers"""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.sendto(b'Type:0;', address)
    print('Waiting for the orchestrator...')
    while True:
        raw, sender = sock.recvfrom(65535)
        try:
            msg = parse_message(raw)
            if msg['Type'] != '1':
                continue
            tid = int(msg['TID'])
            servers = eval(msg['DATA'].rstrip(';'))
            for server in servers:
                print('Receiver', server['name'], 'at', server['ip_address'])
            if len(servers) == 0:
                continue
        except Exception:
            continue
        sock.close()
        return tid, servers


def ping(ip, results):
    """Average latency in ms, 3 pings"""
    try:
        out = subprocess.check_output(['ping', '-c', '3', ip], stderr=subprocess.DEVNULL)
        results[ip] = float(re.findall(r'[\d.]+/([\d.]+)/[\d.]+', out.decode())[0])
    except (OSError, subprocess.CalledProcessError, IndexError):
        results[ip] = 1000.0


def get_latencies(servers):
    """Ping all the servers at the same time"""
    results = {}
    threads = []
    for server in servers:
        t = threading.Thread(target=ping, args=(server['ip_address'], results))
        t.start()
        threads.append(t)
    for t in threads:
        t.join()
    return results


class Sender(threading.Thread):
    """Sends a list of (seq, data) to one receiver"""

    def __init__(self, ip, port, tid, packets):
        super().__init__(daemon=True)
        self.address = (ip, port)
        self.tid = tid
        self.packets = packets
        self.resent = 0

    def wait_for_ack(self, sock):
        """True if an ack came in time"""
        end = time.time() + TIMEOUT
        while True:
            left = end - time.time()
            if left <= 0:
                return False
            sock.settimeout(left)
            try:
                raw, sender = sock.recvfrom(65535)
            except socket.timeout:
                return False
            try:
                msg = parse_message(raw)
                if msg['Type'] == '3' and int(msg['TID']) == self.tid:
                    return True
            except (ValueError, KeyError):
                pass    # not a MDALP message

    def run(self):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for seq, data in self.packets:
            packet = 'Type:2;TID:{};SEQ:{};DATA:'.format(self.tid, seq).encode() + data
            sock.sendto(packet, self.address)
            while not self.wait_for_ack(sock):
                self.resent += 1
                sock.sendto(packet, self.address)
        sock.close()


def split(packets, servers):
    """Balance the load: every server gets its part of the packets"""
    parts = []
    start = 0
    for i in range(len(servers)):
        end = len(packets) * (i + 1) // len(servers)
        parts.append(packets[start:end])
        start = end
    return parts


def main():
    if len(sys.argv) < 4:
        print('usage: python3 mdalp.py <orchestrator ip> <port> <file> [receiver number]')
        sys.exit(1)
    ip = sys.argv[1]
    port = int(sys.argv[2])
    with open(sys.argv[3], encoding='utf-8', errors='ignore') as f:
        payload = f.read().encode('utf-8')
    if len(payload) == 0:
        print('The file is empty!')
        sys.exit(1)
    packets = []
    for i in range(0, len(payload), MAX_DATA):
        packets.append((len(packets), payload[i:i + MAX_DATA]))

    tid, servers = get_plan((ip, port))
    print('TID', tid, 'with', len(servers), 'receivers')
    start = time.time()
    if len(sys.argv) > 4:
        server = servers[int(sys.argv[4]) - 1]
        senders = [Sender(server['ip_address'], port, tid, packets)]
    else:
        latencies = get_latencies(servers)
        senders = []
        for server, part in zip(servers, split(packets, servers)):
            print(server['name'], latencies[server['ip_address']], 'ms,', len(part), 'packets')
            senders.append(Sender(server['ip_address'], port, tid, part))
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    print('Done in', round(time.time() - start, 3), 's,',
          sum(sender.resent for sender in senders), 'packets sent again')


if __name__ == '__main__':
    main()
