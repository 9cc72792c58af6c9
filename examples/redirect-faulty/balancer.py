"""Load balancer for the redirect assignment.

    python3 balancer.py HOST:PORT ...
"""

import html
import random
import socket
import sys
import threading
import time

RETEST_SECONDS = 120
TEST_FILE = "/test.jpg"
TEST_TIMEOUT = 5
TEST_LIMIT = 15
CLIENT_TIMEOUT = 300
MAX_REQUEST = 8192

# The servers in use, the slowest first.
servers = []


def test_server(server):
    """Return the time of one transfer as text, or None if the server does not answer in time."""
    host, port = server.rsplit(":", 1)
    start = time.time()
    connection = socket.create_connection((host, int(port)), TEST_TIMEOUT)
    request = "GET " + TEST_FILE + " HTTP/1.1\r\nHost: " + server + "\r\n"
    request += "Connection: close\r\n\r\n"
    answer = b""
    try:
        connection.sendall(request.encode())
        while not is_complete(answer):
            data = connection.recv(65536)
            if not data:
                break
            answer += data
            if time.time() - start > TEST_LIMIT:
                return None
    except socket.timeout:
        return None
    finally:
        connection.close()
    if not answer.startswith(b"HTTP/1."):
        return None
    return "%.3f" % ((time.time() - start) * 1000)


def is_complete(answer):
    """Tell whether the whole body announced by Content-Length is there."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return len(body) >= int(value)
    return False


def rank(times):
    """Put the servers in order, the slowest first."""
    order = sorted(times, key=lambda server: times[server], reverse=True)
    servers[:] = order
    print("order:", order)


def first_test(addresses):
    """Test all servers before the first client."""
    times = {}
    for server in addresses:
        result = test_server(server)
        if result is not None:
            times[server] = result
    rank(times)


def test_again():
    """Test the servers that are left."""
    times = {}
    for server in list(servers):
        try:
            result = test_server(server)
        except OSError:
            result = None
        if result is not None:
            times[server] = result
    rank(times)


def choose_server():
    """Pick a random server; the later in the list, the more often."""
    chosen_from = list(servers)
    total = len(chosen_from) * (len(chosen_from) + 1) // 2
    number = random.randint(1, total)
    for position, server in enumerate(chosen_from, start=1):
        number -= position
        if number <= 0:
            return server


def read_request(client):
    """Read up to the empty line at the end of the request."""
    request = b""
    while b"\r\n\r\n" not in request and b"\n\n" not in request:
        data = client.recv(4096)
        if not data:
            return b""
        request += data
        if len(request) > MAX_REQUEST:
            break
    return request


def send_error(client, status):
    """Send an error message as an HTML page."""
    body = "<html><body><h1>" + status + "</h1></body></html>\n"
    head = "HTTP/1.1 " + status + "\r\n"
    head += "Content-Type: text/html\r\n"
    head += "Content-Length: " + str(len(body)) + "\r\n"
    head += "Connection: close\r\n\r\n"
    client.sendall((head + body).encode())
    client.shutdown(socket.SHUT_WR)


def redirect(client, method, path):
    """Send the client to one of the servers."""
    name, question_mark, query = path.partition("?")
    location = "http://" + choose_server() + "/" + name.split("/")[-1] + question_mark + query
    answer = "HTTP/1.1 301 Moved Permanently\r\n"
    answer += "Location: " + location + "\r\n"
    answer += "Content-Type: text/html\r\n\r\n"
    if method == "GET":
        link = html.escape(location)
        answer += '<html><body>Moved to <a href="' + link + '">' + link + "</a></body></html>\n"
    client.sendall(answer.encode())


def answer_request(client, request):
    """Answer one request."""
    line = request.decode("latin-1").lstrip("\r\n").split("\n")[0].rstrip("\r")
    words = line.split(" ")
    if len(request) > MAX_REQUEST:
        send_error(client, "414 URI Too Long")
    elif len(words) != 3 or not line.isascii() or not line.isprintable():
        send_error(client, "400 Bad Request")
    elif words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        send_error(client, "505 HTTP Version Not Supported")
    elif words[0] not in ("GET", "HEAD"):
        send_error(client, "501 Not Implemented")
    elif not words[1].startswith("/"):
        send_error(client, "400 Bad Request")
    elif not servers:
        send_error(client, "503 Service Unavailable")
    else:
        redirect(client, words[0], words[1])


def handle_client(client):
    """Answer a client and wait until it leaves."""
    client.settimeout(CLIENT_TIMEOUT)
    try:
        request = read_request(client)
        if request:
            answer_request(client, request)
            client.settimeout(None)
            while client.recv(4096):
                pass
    except OSError:
        pass
    client.close()


def main():
    """Test the servers, then wait for clients until it is time for the next test."""
    first_test(sys.argv[1:])
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("", 0))
    listener.listen(100)
    next_test = time.time() + RETEST_SECONDS
    while True:
        waiting = next_test - time.time()
        if waiting <= 0:
            test_again()
            next_test = time.time() + RETEST_SECONDS
            continue
        listener.settimeout(waiting)
        try:
            client, _ = listener.accept()
        except socket.timeout:
            continue
        threading.Thread(target=handle_client, args=(client,), daemon=True).start()


main()
