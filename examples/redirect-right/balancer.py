"""A load balancer that redirects clients to the servers of a list.

    python3 balancer.py --interval SECONDS [--host ADDRESS] CONFIG

CONFIG has one HOST:PORT a line. The balancer times the transfer of a test file from each server
and sends more clients to the faster ones. It measures again at every interval, in a thread of
its own, so that no amount of clients puts the test off. A server that fails a test is dropped
for good. The port is a free one that the system chooses.
"""

import argparse
import html
import random
import re
import socket
import string
import sys
import threading
import time
from urllib.parse import quote

import client
import server

TEST_FILE = "/files/help.txt"
SILENCE_LIMIT_SECONDS = 5
TRANSFER_LIMIT_SECONDS = 15
DEFAULT_INTERVAL_SECONDS = 300

SERVER_LINE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")


def read_config(path):
    """Return the servers listed in a file, each once, as HOST:PORT."""
    servers = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            address = line.strip()
            if not address or address.startswith("#"):
                continue
            match = SERVER_LINE.fullmatch(address)
            if not match or not 1 <= int(match[2]) <= 65535:
                raise ValueError(f"{path}, line {number}: {address!r} is not HOST:PORT")
            servers.append(address)
    return list(dict.fromkeys(servers))


def transfer_seconds(address):
    """Return how long a server takes for the test file, from the connect to the last byte."""
    host, port = SERVER_LINE.fullmatch(address).groups()
    started = time.monotonic()
    endpoint = (host.strip("[]"), int(port))
    with socket.create_connection(endpoint, SILENCE_LIMIT_SECONDS) as connection:
        client.ask(connection, address, TEST_FILE)
        deadline = started + TRANSFER_LIMIT_SECONDS
        answer = client.Answer(connection, SILENCE_LIMIT_SECONDS, deadline)
        if answer.status != 200:
            raise client.DownloadError(f"status {answer.status} for {TEST_FILE}")
        for _ in answer.body():
            pass
        return time.monotonic() - started


class Pool:
    """The servers in use, from the slowest to the fastest.

    Only the measuring thread changes the list, and it always puts a new list in its place, so
    that the clients' threads can read it without a lock.
    """

    def __init__(self, servers):
        self.ranked = servers

    def measure(self):
        """Test every server, drop those that fail, and rank the others anew."""
        seconds = {}
        for address in self.ranked:
            try:
                seconds[address] = transfer_seconds(address)
            except (OSError, client.DownloadError) as error:
                print(f"dropping {address}: {error}", file=sys.stderr)
                self.ranked = [other for other in self.ranked if other != address]
        self.ranked = sorted(seconds, key=seconds.get, reverse=True)

    def measure_forever(self, interval):
        """Measure again and again, `interval` seconds apart."""
        while True:
            time.sleep(interval)
            self.measure()

    def choose(self):
        """Draw a server with shares of 1:2:...:n from the slowest to the fastest, or None."""
        ranked = self.ranked
        if not ranked:
            return None
        return random.choices(ranked, weights=range(1, len(ranked) + 1))[0]


def answer_from(pool):
    """Return the function that answers requests with a server of the pool."""

    def answer(connection, request):
        server.check_method(request)
        if not request.target.startswith(b"/"):
            raise server.Refused(400)
        # Escapes stay as they were asked, so that %0D%0A never becomes the end of a line.
        target = quote(request.target, safe=string.punctuation)
        address = pool.choose()
        if address is None:
            server.send_page(connection, request, 503, "There is no server left.")
            return
        location = f"http://{address}{target}"
        link = html.escape(location)
        text = f'The file is at <a href="{link}">{link}</a>.'
        server.send_page(connection, request, 301, text, {"Location": location})

    return answer


def positive_seconds(text):
    """Convert an argument to a number of seconds above 0."""
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} must be above 0")
    return seconds


def main():
    """Measure the servers, then redirect clients until stopped."""
    parser = argparse.ArgumentParser(description="Redirect clients to the faster servers.")
    parser.add_argument("config", help="a file with one HOST:PORT a line")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument(
        "--interval",
        type=positive_seconds,
        default=DEFAULT_INTERVAL_SECONDS,
        help="seconds between two performance tests",
    )
    arguments = parser.parse_args()
    try:
        pool = Pool(read_config(arguments.config))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    try:
        pool.measure()
        listener = server.open_listener(arguments.host)
        threading.Thread(
            target=pool.measure_forever, args=(arguments.interval,), daemon=True
        ).start()
        server.serve_forever(listener, answer_from(pool))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
