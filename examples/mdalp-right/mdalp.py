"""Sends one file to several receivers at once, over MDALP.

    python3 mdalp.py -a ADDRESS -p PORT -f FILE [-m 1|2] [-s N] [-v]

The orchestrator names the receivers. Mode 1 gives each a share by its latency, so that all of them
end at about the same time; mode 2 sends everything to the Nth. Whatever goes wrong is printed, and
the exit status is 1.
"""

import argparse
import ast
import asyncio
import ipaddress
import logging
import os
import re
import socket
import sys
import time

PAYLOAD_BYTES = 100
INTENT_SECONDS = 10
PLAN_SECONDS = 20 * 60
RETRANSMIT_SECONDS = 3
SILENCE_SECONDS = 20
PING_SECONDS = 60

# TIDs stay bytes, as they came. Bounded numbers: a datagram has room for absurd ones.
PLAN = re.compile(rb"Type:1;TID:([0-9]{1,20});DATA:(\[.*\]);?\s*", re.DOTALL)
ACK = re.compile(rb"Type:3;TID:([0-9]{1,20});SEQ:([0-9]{1,9});?\s*")
PING_MEAN = re.compile(r"min/avg/max\S* = [0-9.]+/([0-9.]+)/")

log = logging.getLogger("mdalp")


class TransferError(Exception):
    """The file cannot be sent; the message says why."""


def parse_plan(datagram):
    """Return the TID and the receivers' addresses of a plan, or None if it is something else.

    The list is a Python literal. literal_eval builds values and calls nothing.
    """
    match = PLAN.fullmatch(datagram)
    if not match:
        return None
    try:
        receivers = ast.literal_eval(match[2].decode("utf-8"))
        hosts = [receiver["ip_address"] for receiver in receivers]
        if not all(isinstance(host, str) for host in hosts):
            return None
        hosts = [str(ipaddress.IPv4Address(host)) for host in hosts]
    except (ValueError, SyntaxError, TypeError, LookupError, MemoryError, RecursionError):
        return None
    return (match[1], hosts) if hosts else None


def parse_ack(datagram):
    """Return the TID and the SEQ of an ack, or None."""
    match = ACK.fullmatch(datagram)
    return (match[1], int(match[2])) if match else None


class Transfer:
    """One receiver's range of packets, of which one is in flight at a time."""

    def __init__(self, address, packets):
        self.address = address
        self.packets = packets
        self.seq = None
        self.acked = None

    async def run(self, client, tid):
        """Send the packets, each once the one before is acknowledged."""
        for self.seq, payload in self.packets:
            self.acked = asyncio.get_running_loop().create_future()
            datagram = b"Type:2;TID:%s;SEQ:%d;DATA:%s" % (tid, self.seq, payload)
            silent_at = time.monotonic() + SILENCE_SECONDS
            while not self.acked.done():
                left = silent_at - time.monotonic()
                if left <= 0:
                    raise TransferError(
                        f"receiver {self.address[0]} has not acknowledged packet {self.seq} "
                        f"for {SILENCE_SECONDS} s"
                    )
                log.info("packet %d to %s", self.seq, self.address[0])
                client.send(datagram, self.address)
                await asyncio.wait([self.acked], timeout=min(left, RETRANSMIT_SECONDS))
        self.acked = None

    def take_ack(self, seq):
        """Count an ack of the packet in flight; any other is late, or a copy."""
        if self.acked is not None and not self.acked.done() and seq == self.seq:
            self.acked.set_result(None)


class Client(asyncio.DatagramProtocol):
    """The socket: what comes in is a plan, an ack of a transfer under way, or ignored."""

    def __init__(self, orchestrator):
        self.orchestrator = orchestrator
        self.plan = asyncio.get_running_loop().create_future()
        self.tid = None
        self.transfers = []

    def connection_made(self, transport):
        self.transport = transport

    def error_received(self, error):
        log.warning("the network says: %s", error)

    def send(self, datagram, address):
        self.transport.sendto(datagram, address)

    def datagram_received(self, datagram, address):
        plan = parse_plan(datagram)
        ack = parse_ack(datagram)
        if plan and address == self.orchestrator and not self.plan.done():
            self.plan.set_result(plan)
        elif ack and ack[0] == self.tid:
            for transfer in self.transfers:
                if transfer.address == address:
                    transfer.take_ack(ack[1])
        else:
            log.info("ignored %r from %s", datagram[:80], address)

    async def ask_for_plan(self):
        """Send the intent, again and again, until a plan comes; return its TID and hosts."""
        give_up_at = time.monotonic() + PLAN_SECONDS
        while not self.plan.done():
            if time.monotonic() >= give_up_at:
                raise TransferError(f"no plan from {self.orchestrator[0]} in {PLAN_SECONDS} s")
            log.info("intent to %s", self.orchestrator[0])
            self.send(b"Type:0;", self.orchestrator)
            await asyncio.wait([self.plan], timeout=INTENT_SECONDS)
        return self.plan.result()

    async def deliver(self, tid, transfers):
        """Run all transfers at the same time; the first that fails ends them all."""
        self.tid, self.transfers = tid, transfers
        tasks = [asyncio.ensure_future(transfer.run(self, tid)) for transfer in transfers]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()


async def latency(host):
    """Return the mean round-trip time in milliseconds, or None when there is no echo."""
    try:
        ping = await asyncio.create_subprocess_exec(
            "ping", "-c", "3", host,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError as error:
        log.warning("ping cannot be started: %s", error)
        return None
    try:
        output, _ = await asyncio.wait_for(ping.communicate(), PING_SECONDS)
    except asyncio.TimeoutError:
        ping.kill()
        await ping.wait()
        return None
    mean = PING_MEAN.search(output.decode("ascii", "replace"))
    log.info("%s: %s", host, f"{mean[1]} ms" if mean else "no echo")
    # A latency of 0.000 would ask for everything.
    return max(float(mean[1]), 0.001) if mean else None


async def latencies(hosts):
    """Ping all hosts at once. One without an echo counts as the slowest: it still gets a share."""
    measured = await asyncio.gather(*map(latency, hosts))
    slowest = max((value for value in measured if value is not None), default=1.0)
    return [slowest if value is None else value for value in measured]


def least_packets(length, receivers):
    """Return the fewest packets of each receiver: a tenth of the payload, in whole packets."""
    packets = -(-length // PAYLOAD_BYTES)
    least = [-(-length // (10 * PAYLOAD_BYTES))] * receivers
    # The last packet may be short, so that the last receiver needs one more for its tenth.
    missing = PAYLOAD_BYTES * packets - length
    least[-1] = -(-(length + 10 * missing) // (10 * PAYLOAD_BYTES))
    # Ten receivers can have nothing but a tenth, and few packets do not go round.
    return least if sum(least) <= packets else [packets // receivers] * receivers


def share(packets, times, least):
    """Return how many packets each receiver gets: by inverse latency, none under its least."""
    fixed = set()
    while True:
        rest = packets - sum(least[i] for i in fixed)
        total = sum(1 / times[i] for i in range(len(times)) if i not in fixed)
        exact = [
            least[i] if i in fixed else rest / (times[i] * total) for i in range(len(times))
        ]
        low = {i for i in range(len(times)) if exact[i] < least[i]}
        if not low:
            break
        fixed |= low
    counts = [int(value) for value in exact]
    # What rounding down has left over goes to those who lost most by it.
    by_loss = sorted(range(len(times)), key=lambda i: counts[i] - exact[i])
    for i in by_loss[: packets - sum(counts)]:
        counts[i] += 1
    return counts


async def send_file(data, arguments):
    """Send the bytes to the receivers that the orchestrator names."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(
            arguments.address, arguments.port, family=socket.AF_INET, type=socket.SOCK_DGRAM
        )
    except OSError as error:
        raise TransferError(f"{arguments.address!r} is no address: {error}") from error
    transport, client = await loop.create_datagram_endpoint(
        lambda: Client(found[0][4]), family=socket.AF_INET
    )
    try:
        tid, hosts = await client.ask_for_plan()
        started = time.monotonic()
        packets = [
            (seq, data[at : at + PAYLOAD_BYTES])
            for seq, at in enumerate(range(0, len(data), PAYLOAD_BYTES))
        ]
        if arguments.mode == 2:
            if arguments.server > len(hosts):
                raise TransferError(f"no receiver {arguments.server}: the plan has {len(hosts)}")
            counts = [0] * len(hosts)
            counts[arguments.server - 1] = len(packets)
        else:
            least = least_packets(len(data), len(hosts))
            counts = share(len(packets), await latencies(hosts), least)
        transfers, first = [], 0
        for host, count in zip(hosts, counts):
            log.info("%d packets for %s", count, host)
            transfers.append(Transfer((host, arguments.port), packets[first : first + count]))
            first += count
        await client.deliver(tid, transfers)
    finally:
        transport.close()
    print(f"sent {len(data)} bytes in {time.monotonic() - started:.1f} s, TID {tid.decode()}")


def whole_number(least, most):
    """Return a parser of numbers within these bounds, for argparse."""
    def number(text):
        if not re.fullmatch("[0-9]{1,5}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
        return int(text)
    return number


def main():
    """Read the arguments and the file, and send it."""
    parser = argparse.ArgumentParser(description="Sends a file to several receivers over MDALP.")
    parser.add_argument("-a", "--address", required=True, help="the orchestrator")
    parser.add_argument("-p", "--port", type=whole_number(1, 65535), default=4650,
                        help="of the orchestrator and the receivers (4650)")
    parser.add_argument("-f", "--file", required=True, help="what to send")
    parser.add_argument("-m", "--mode", type=int, choices=[1, 2], default=1,
                        help="1: shares by latency (the default); 2: all to one receiver")
    parser.add_argument("-s", "--server", type=whole_number(1, 99999), default=1, metavar="N",
                        help="the receiver of mode 2, from 1 in the plan's order")
    parser.add_argument("-v", "--verbose", action="store_true", help="log every step")
    arguments = parser.parse_args()
    logging.basicConfig(format="%(relativeCreated)6d ms %(message)s",
                        level=logging.INFO if arguments.verbose else logging.WARNING)
    try:
        with open(arguments.file, "rb") as file:
            data = file.read()
        if not data:
            raise TransferError(f"{arguments.file!r} is empty: there is nothing to send")
        asyncio.run(send_file(data, arguments))
    except (TransferError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
