"""A web client that downloads one file.

    python3 client.py URL

It prints the head of every answer, follows redirections at once, and saves the file in the
working folder under the base name of the URL's path (`index.html` for the root). Whatever goes
wrong is printed, and the exit status is 1. The balancer measures servers with this module.
"""

import os
import re
import socket
import string
import sys
import tempfile
import time
from urllib.parse import quote, unquote, urljoin, urlsplit

MAX_REDIRECTS = 10
MAX_HEAD_BYTES = 64 * 1024
SILENCE_LIMIT_SECONDS = 30
BLOCK_BYTES = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)

AUTHORITY = re.compile(r"[A-Za-z0-9._:\[\]-]+")
STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] ([1-5][0-9][0-9])(?: .*)?")


class DownloadError(Exception):
    """The file cannot be had; the message says why."""


class Answer:
    """The answer on one connection: the head is read at once, the body block by block."""

    def __init__(self, connection, silence_limit, deadline=None):
        self.connection = connection
        self.silence_limit = silence_limit
        self.deadline = deadline
        self.buffer = b""
        self.read_head()
        while 100 <= self.status < 200:
            self.read_head()

    def receive(self):
        """Return the next bytes, b"" at the end of the connection."""
        limit = self.silence_limit
        if self.deadline is not None:
            limit = min(limit, self.deadline - time.monotonic())
        if limit <= 0:
            raise DownloadError("the transfer takes too long")
        self.connection.settimeout(limit)
        return self.connection.recv(BLOCK_BYTES)

    def read_line(self):
        """Return the next line without its ending."""
        while b"\n" not in self.buffer:
            if len(self.buffer) > MAX_HEAD_BYTES:
                raise DownloadError(f"a line of more than {MAX_HEAD_BYTES} bytes")
            block = self.receive()
            if not block:
                raise DownloadError("the connection ended early")
            self.buffer += block
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line[:-1] if line.endswith(b"\r") else line

    def read_head(self):
        """Read the status line and the header fields; of several with one name the first counts."""
        status_line = self.read_line()
        match = STATUS_LINE.fullmatch(status_line)
        if not match:
            raise DownloadError("the answer is not HTTP/1.x")
        self.status = int(match[1])
        self.head_lines = [status_line]
        self.headers = {}
        size = len(status_line)
        while line := self.read_line():
            size += len(line)
            if size > MAX_HEAD_BYTES:
                raise DownloadError(f"a head of more than {MAX_HEAD_BYTES} bytes")
            self.head_lines.append(line)
            name, _, value = line.decode("latin-1").partition(":")
            self.headers.setdefault(name.strip().lower(), value.strip())

    def body(self):
        """Yield the body's blocks; raise DownloadError when its end does not come."""
        coding = self.headers.get("transfer-encoding", "").lower()
        length = self.headers.get("content-length")
        if coding == "chunked":
            yield from self.chunked_body()
        elif coding:
            raise DownloadError(f"transfer coding {coding!r} is not known")
        elif length is not None:
            if not re.fullmatch("[0-9]{1,18}", length):
                raise DownloadError(f"Content-Length {length!r} is not a number")
            yield from self.counted_body(int(length))
        else:
            yield from self.body_to_the_close()

    def counted_body(self, length):
        """Yield exactly `length` bytes."""
        remaining = length
        while remaining > 0:
            block = self.buffer or self.receive()
            if not block:
                raise DownloadError(f"the body ended {remaining} of {length} bytes early")
            yield block[:remaining]
            self.buffer = block[remaining:]
            remaining -= min(remaining, len(block))

    def chunked_body(self):
        """Yield the chunks' data until the last chunk and its trailer."""
        while True:
            size = self.read_line().partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size):
                raise DownloadError("a chunk without a size")
            if int(size, 16) == 0:
                break
            yield from self.counted_body(int(size, 16))
            if self.read_line():
                raise DownloadError("a chunk that is longer than its size")
        while self.read_line():
            pass

    def body_to_the_close(self):
        """Yield what comes until the server closes the connection."""
        if self.buffer:
            yield self.buffer
        while block := self.receive():
            yield block


def split_url(url):
    """Return the host, the port, the Host field and the request target of a URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError as error:
        raise DownloadError(f"{url!r} is not a URL: {error}") from error
    if parts.scheme != "http" or not parts.hostname:
        raise DownloadError(f"{url!r} is not an http URL: write http://HOST[:PORT]/PATH")
    authority = parts.netloc.rpartition("@")[2]
    if not AUTHORITY.fullmatch(authority):
        raise DownloadError(f"{authority!r} is not HOST or HOST:PORT")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname, port, authority, quote(target, safe=string.punctuation)


def ask(connection, authority, target):
    """Send a GET request."""
    lines = [f"GET {target} HTTP/1.1", f"Host: {authority}", "Accept: */*", "Connection: close"]
    connection.sendall("\r\n".join(lines + ["", ""]).encode("ascii"))


def printable(line):
    """Return a line from the network in a form that does a terminal no harm."""
    return line.decode("latin-1").replace("\t", " ").encode("unicode_escape").decode("ascii")


def print_head(answer):
    """Print the status line and the header fields."""
    for line in answer.head_lines:
        print(printable(line))
    print(flush=True)


def file_name(url):
    """Return the name to save under: one plain name, so never a place outside the folder."""
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    if name in ("", ".", ".."):
        return "index.html"
    return re.sub(r"[/\\\x00-\x1f\x7f]", "_", name)


def save(blocks, name):
    """Write the blocks to a file, which takes its name only once it is whole."""
    descriptor, temporary_name = tempfile.mkstemp(prefix=".download-", dir=os.curdir)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for block in blocks:
                file.write(block)
        os.chmod(temporary_name, 0o644)
        os.replace(temporary_name, name)
    except BaseException:
        os.unlink(temporary_name)
        raise


def redirect_target(answer, url):
    """Return the URL that a redirection leads to."""
    location = answer.headers.get("location")
    if not location:
        raise DownloadError(f"status {answer.status} without a Location")
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise DownloadError(f"Location {location!r} is not a URL") from error


def download(url):
    """Fetch a URL, through redirections, and save its body; return the file's name."""
    name = file_name(url)
    for _ in range(MAX_REDIRECTS + 1):
        host, port, authority, target = split_url(url)
        with socket.create_connection((host, port), SILENCE_LIMIT_SECONDS) as connection:
            ask(connection, authority, target)
            answer = Answer(connection, SILENCE_LIMIT_SECONDS)
            print_head(answer)
            if answer.status == 200:
                save(answer.body(), name)
                return name
        # The body of a redirection is not waited for: some balancers never end it.
        if answer.status not in REDIRECTS:
            raise DownloadError(f"the server answered {printable(answer.head_lines[0])}")
        url = redirect_target(answer, url)
    raise DownloadError(f"more than {MAX_REDIRECTS} redirections: this looks like a loop")


def main():
    """Download the URL given as the only argument."""
    if len(sys.argv) != 2:
        print("usage: python3 client.py URL", file=sys.stderr)
        return 2
    try:
        name = download(sys.argv[1])
    except (DownloadError, OSError, UnicodeError) as error:
        print(f"error: {error or type(error).__name__}", file=sys.stderr)
        return 1
    print(f"saved {name!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
