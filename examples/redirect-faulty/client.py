"""Web client for the redirect assignment.

    python3 client.py URL
"""

import os
import socket
import sys
from urllib.parse import quote, urljoin, urlsplit

MAX_REDIRECTS = 5
TIMEOUT = 20
SAFE = "!$%&'()*+,/:;=?@[]~"


def fail(message):
    """Print an error and stop."""
    print("ERROR:", message)
    sys.exit(1)


def connect(url):
    """Send the request for a URL and return the connection."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        fail("not an http URL")
    path = parts.path or "/"
    if parts.query:
        path += "?" + parts.query
    connection = socket.create_connection((parts.hostname, parts.port or 80), TIMEOUT)
    request = "GET " + quote(path, safe=SAFE) + " HTTP/1.1\r\n"
    request += "Host: " + parts.netloc + "\r\n"
    request += "Connection: close\r\n\r\n"
    connection.sendall(request.encode())
    return connection


def read_head(file):
    """Read and print the status line and the headers; return the status and the headers."""
    status_line = file.readline(65536).decode("latin-1")
    words = status_line.split(" ")
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1][:3].isdigit():
        fail("the server did not send an HTTP answer")
    print(status_line.rstrip())
    headers = {}
    while True:
        line = file.readline(65536)
        if line == b"":
            fail("the answer ended too early")
        if line in (b"\r\n", b"\n"):
            break
        text = line.decode("latin-1").rstrip()
        print(text)
        name, _, value = text.partition(":")
        headers[name.strip().lower()] = value.strip()
    print()
    return int(words[1][:3]), headers


def read_exactly(file, length):
    """Read a number of bytes."""
    data = file.read(length)
    if len(data) < length:
        fail("the file is not complete")
    return data


def read_body(file, headers):
    """Read the body of an answer."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while True:
            size = int(file.readline(100).split(b";")[0], 16)
            if size == 0:
                return body
            body += read_exactly(file, size)
            file.readline(100)
    if "content-length" in headers:
        return read_exactly(file, int(headers["content-length"]))
    return file.read()


def save(url, body):
    """Save the body under the name of the file in the URL."""
    name = os.path.basename(urlsplit(url).path)
    if name in ("", ".", ".."):
        name = "index.html"
    text = body.decode("utf-8", errors="ignore")
    text = "\n".join(text.split("\r\n"))
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
    print("saved", name)


def main():
    """Get the file, from wherever the balancer says it is."""
    if len(sys.argv) != 2:
        fail("usage: client.py URL")
    url = sys.argv[1]
    for _ in range(MAX_REDIRECTS):
        connection = connect(url)
        file = connection.makefile("rb")
        status, headers = read_head(file)
        if status == 200:
            save(sys.argv[1], read_body(file, headers))
            return
        if status not in (301, 302, 303, 307, 308):
            fail("status " + str(status))
        if "location" not in headers:
            fail("a redirect without a location")
        url = urljoin(url, headers["location"])
        connection.close()
    fail("too many redirects")


try:
    main()
except (OSError, ValueError) as problem:
    fail(problem)
