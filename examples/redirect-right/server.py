"""A web server that serves the files of one folder.

    python3 server.py --root FOLDER [--host ADDRESS]

It binds a free port, prints it as `port 12345` and answers GET and HEAD over HTTP/1.1.
Each connection has a thread of its own, so neither a silent client nor a slow reader holds up
the others. The balancer uses this module's request reading and answering as well.
"""

import argparse
import email.utils
import html
import mimetypes
import os
import re
import socket
import sys
import threading
import time
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

MAX_REQUEST_LINE_BYTES = 8000
MAX_HEADER_BYTES = 16000
MAX_LEADING_EMPTY_LINES = 2
# Long enough for a request typed by hand, short enough that threads of silent clients go away.
REQUEST_LIMIT_SECONDS = 30
SEND_LIMIT_SECONDS = 60
LINGER_SECONDS = 1
BLOCK_BYTES = 64 * 1024

REASONS = {
    200: "OK",
    301: "Moved Permanently",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
}
KNOWN_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT")

REQUEST_LINE = re.compile(
    rb"(?P<method>[!#$%&'*+.^_`|~0-9A-Za-z-]+) "
    rb"(?P<target>[^\x00-\x20\x7f]+) "
    rb"HTTP/(?P<major>[0-9])\.(?P<minor>[0-9])"
)
HEADER_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
ABSOLUTE_FORM = re.compile(rb"\Ahttps?://[^/?#]*", re.IGNORECASE)
BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class Refused(Exception):
    """A request that is answered with an error status, after which the connection ends."""

    def __init__(self, status):
        super().__init__(REASONS[status])
        self.status = status


class Closed(Exception):
    """The client has gone, or has said nothing for too long."""


class Request(NamedTuple):
    """One request: its target is the path and query exactly as they were asked for."""

    method: str
    target: bytes
    keep_alive: bool


class RequestReader:
    """Reads the requests of one connection; what comes too early waits in the buffer."""

    def __init__(self, connection):
        self.connection = connection
        self.buffer = bytearray()

    def read_line(self, limit, status_if_longer, deadline):
        """Return the next line without its ending; refuse one of more than `limit` bytes."""
        end = self.buffer.find(b"\n")
        while end < 0 and len(self.buffer) <= limit:
            self.receive(deadline)
            end = self.buffer.find(b"\n")
        if end < 0 or end > limit:
            raise Refused(status_if_longer)
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        return line[:-1] if line.endswith(b"\r") else line

    def receive(self, deadline):
        """Wait for more bytes until the deadline."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise Closed
        self.connection.settimeout(remaining)
        try:
            block = self.connection.recv(BLOCK_BYTES)
        except OSError as error:
            raise Closed from error
        if not block:
            raise Closed
        self.buffer += block

    def read_request(self):
        """Return the next request; raise Refused for a bad one, Closed when none comes."""
        deadline = time.monotonic() + REQUEST_LIMIT_SECONDS
        # RFC 9112, 2.2: a server should ignore an empty line before the request line.
        for _ in range(MAX_LEADING_EMPTY_LINES + 1):
            line = self.read_line(MAX_REQUEST_LINE_BYTES, 414, deadline)
            if line:
                break
        match = REQUEST_LINE.fullmatch(line)
        if not match:
            raise Refused(400)
        if match["major"] != b"1":
            raise Refused(505)
        headers = self.read_headers(deadline)
        return Request(
            match["method"].decode("ascii"),
            origin_form(match["target"]),
            wants_keep_alive(match["minor"], headers),
        )

    def read_headers(self, deadline):
        """Return the header fields as a dictionary with names in lower case."""
        headers = {}
        remaining = MAX_HEADER_BYTES
        while line := self.read_line(remaining, 431, deadline):
            remaining = max(0, remaining - len(line))
            match = HEADER_LINE.fullmatch(line)
            if not match:
                raise Refused(400)
            name = match[1].decode("ascii").lower()
            headers[name] = match[2].decode("latin-1").strip()
        return headers


def origin_form(target):
    """Return the path and query of a target that may be a whole URL (RFC 9112, 3.2.2)."""
    path = ABSOLUTE_FORM.sub(b"", target, count=1)
    if path == target or path.startswith(b"/"):
        return path
    return b"/" + path


def wants_keep_alive(minor_version, headers):
    """Tell whether another request may follow on the same connection."""
    # The body of a request is never read: what follows it could not be told from it.
    if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
        return False
    options = [option.strip() for option in headers.get("connection", "").lower().split(",")]
    if minor_version == b"0":
        return "keep-alive" in options
    return "close" not in options


def html_page(title, text):
    """Return a small HTML page; `text` is HTML already."""
    page = f"<!DOCTYPE html>\n<html><head><title>{html.escape(title)}</title></head>\n"
    return f"{page}<body><h1>{html.escape(title)}</h1><p>{text}</p></body></html>\n".encode()


def send_head(connection, request, status, headers):
    """Send the status line and the header fields."""
    keep_alive = request is not None and request.keep_alive
    lines = [f"HTTP/1.1 {status} {REASONS[status]}"]
    lines.append(f"Date: {email.utils.formatdate(usegmt=True)}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines.append("Connection: keep-alive" if keep_alive else "Connection: close")
    connection.sendall("\r\n".join(lines + ["", ""]).encode("ascii"))


def send_page(connection, request, status, text, extra_headers=None):
    """Send an answer whose body is a small HTML page; HEAD gets the headers alone."""
    page = html_page(f"{status} {REASONS[status]}", text)
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": len(page)}
    send_head(connection, request, status, headers | (extra_headers or {}))
    if request is None or request.method != "HEAD":
        connection.sendall(page)


def check_method(request):
    """Refuse what is neither GET nor HEAD."""
    if request.method not in ("GET", "HEAD"):
        raise Refused(405 if request.method in KNOWN_METHODS else 501)


def send_refusal(connection, refusal):
    """Answer a refused request."""
    extra_headers = {"Allow": "GET, HEAD"} if refusal.status == 405 else {}
    send_page(connection, None, refusal.status, "The request was refused.", extra_headers)


def handle_connection(connection, answer):
    """Answer one client's requests, one after the other, until either side ends it."""
    reader = RequestReader(connection)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        keep_alive = True
        while keep_alive:
            request = reader.read_request()
            connection.settimeout(SEND_LIMIT_SECONDS)
            answer(connection, request)
            keep_alive = request.keep_alive
    except Refused as refusal:
        connection.settimeout(SEND_LIMIT_SECONDS)
        try:
            send_refusal(connection, refusal)
        except OSError:
            pass
    except (Closed, OSError):
        pass
    finally:
        close_gently(connection)


def close_gently(connection):
    """Close so that the answer arrives: unread bytes would turn the close into a reset."""
    deadline = time.monotonic() + LINGER_SECONDS
    try:
        connection.shutdown(socket.SHUT_WR)
        while (remaining := deadline - time.monotonic()) > 0:
            connection.settimeout(remaining)
            if not connection.recv(BLOCK_BYTES):
                break
    except OSError:
        pass
    connection.close()


def open_listener(host):
    """Listen on a free port of `host`."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind((host, 0))
    listener.listen(128)
    return listener


def serve_forever(listener, answer):
    """Give every client that connects a thread of its own."""
    while True:
        try:
            connection, _ = listener.accept()
            threading.Thread(
                target=handle_connection, args=(connection, answer), daemon=True
            ).start()
        except (OSError, RuntimeError) as error:
            # Out of descriptors or threads: those in use come free again.
            print(f"cannot take a client: {error}", file=sys.stderr)
            time.sleep(0.1)


def find_file(root, target):
    """Return the path of the file asked for, or None; `root` has no links in it.

    The path is resolved first and compared with the root afterwards, so that neither `..`,
    however it is written, nor a link leads out of it.
    """
    path = re.split(rb"[?#]", target, maxsplit=1)[0]
    if not path.startswith(b"/") or BAD_ESCAPE.search(path):
        raise Refused(400)
    name = os.fsdecode(unquote_to_bytes(path))
    if "\0" in name:
        raise Refused(400)
    if name.endswith("/"):
        name += "index.html"
    found = os.path.realpath(os.path.join(root, name.lstrip("/")))
    inside = os.path.commonpath([root, found]) == root
    return found if inside and os.path.isfile(found) else None


def content_type(path):
    """Return the media type that fits a file's name."""
    media_type, encoding = mimetypes.guess_type(path)
    if media_type is None or encoding is not None:
        return "application/octet-stream"
    return media_type


def send_file(connection, request, path):
    """Send a file block by block, exactly as many bytes as were announced."""
    with open(path, "rb") as file:
        remaining = os.fstat(file.fileno()).st_size
        headers = {"Content-Type": content_type(path), "Content-Length": remaining}
        send_head(connection, request, 200, headers)
        if request.method == "HEAD":
            return
        while remaining > 0:
            block = file.read(min(BLOCK_BYTES, remaining))
            if not block:
                raise Closed  # The file shrank: only an early end tells the client.
            connection.sendall(block)
            remaining -= len(block)


def answer_from(root):
    """Return the function that answers requests with the files below `root`."""

    def answer(connection, request):
        check_method(request)
        path = find_file(root, request.target)
        if path is None or not os.access(path, os.R_OK):
            send_page(connection, request, 404, "There is no such file.")
        else:
            send_file(connection, request, path)

    return answer


def main():
    """Read the arguments and serve until stopped."""
    parser = argparse.ArgumentParser(description="Serve the files of a folder.")
    parser.add_argument("--root", required=True, help="the folder to serve")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    arguments = parser.parse_args()
    if not os.path.isdir(arguments.root):
        parser.error(f"--root {arguments.root!r} is not a folder: name one that exists")
    listener = open_listener(arguments.host)
    print(f"port {listener.getsockname()[1]}", flush=True)
    try:
        serve_forever(listener, answer_from(os.path.realpath(arguments.root)))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
