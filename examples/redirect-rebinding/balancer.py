"""Load balancer that takes a new random port after every performance test.

    python3 balancer.py HOST:PORT ...
"""

import random
import re
import socket
import sys
import threading
import time

RETEST_SECONDS = 120
TEST_FILE = "/test.html"
TEST_TIMEOUT = 5
TEST_LIMIT = 15
CLIENT_TIMEOUT = 300
MAX_REQUEST = 8192

REQUEST_LINE = re.compile(r"([A-Z]+) (/[!-~]*) HTTP/1\.[01]\r?")


def test_server(server):
    """Return the seconds of one transfer, or None for a server that fails."""
    host, port = server.rsplit(":", 1)
    start = time.time()
    answer = b""
    try:
        with socket.create_connection((host, int(port)), TEST_TIMEOUT) as connection:
            # HTTP/1.0: the body ends with the connection.
            connection.sendall(f"GET {TEST_FILE} HTTP/1.0\r\nHost: {server}\r\n\r\n".encode())
            while data := connection.recv(65536):
                answer = answer or data
                if time.time() - start > TEST_LIMIT:
                    return None
    except OSError:
        return None
    return time.time() - start if answer else None


def rank(servers):
    """Test the servers; return those that answer, the slowest first."""
    times = {server: test_server(server) for server in servers}
    answering = [server for server in servers if times[server] is not None]
    return sorted(answering, key=lambda server: times[server], reverse=True)


def make_answer(request, ranked):
    """Return the answer to a request."""
    line = request.decode("latin-1").lstrip("\r\n").split("\n")[0]
    match = REQUEST_LINE.fullmatch(line)
    location = ""
    if not match or len(request) > MAX_REQUEST:
        status = "400 Bad Request"
    elif match[1] not in ("GET", "HEAD"):
        status = "501 Not Implemented"
    elif not ranked:
        status = "503 Service Unavailable"
    else:
        status = "301 Moved Permanently"
        server = random.choices(ranked, weights=range(1, len(ranked) + 1))[0]
        location = f"Location: http://{server}{match[2]}\r\n"
    body = f"<html><body><h1>{status}</h1></body></html>\n"
    head = f"HTTP/1.1 {status}\r\n{location}Content-Type: text/html\r\n"
    head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return (head if line.startswith("HEAD ") else head + body).encode()


def handle_client(client, ranked):
    """Read a request, answer it, and close once the client has the answer."""
    client.settimeout(CLIENT_TIMEOUT)
    request = b""
    try:
        while not re.search(rb"\n\r?\n", request) and len(request) <= MAX_REQUEST:
            data = client.recv(4096)
            if not data:
                break
            request += data
        if request:
            client.sendall(make_answer(request, ranked))
            client.shutdown(socket.SHUT_WR)
            while client.recv(4096):
                pass
    except OSError:
        pass
    client.close()


def serve_until(deadline, ranked):
    """Serve on a new random port until it is time for the next test."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind(("", 0))
        listener.listen(100)
        while (waiting := deadline - time.time()) > 0:
            listener.settimeout(waiting)
            try:
                client, _ = listener.accept()
            except socket.timeout:
                return
            threading.Thread(target=handle_client, args=(client, ranked), daemon=True).start()


def main():
    """Test and serve by turns."""
    servers = sys.argv[1:]
    while True:
        servers = rank(servers)
        serve_until(time.time() + RETEST_SECONDS, servers)


main()
