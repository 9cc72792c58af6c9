"""Web server for the redirect assignment.

    python3 server.py PORT FOLDER

The main thread reads the requests; the files are sent by threads.
"""

import os
import socket
import sys
import threading
from urllib.parse import unquote

MAX_REQUEST = 8192
READ_TIMEOUT = 5

TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}


def read_request(client):
    """Read up to the empty line at the end of the request."""
    request = b""
    while b"\r\n\r\n" not in request and b"\n\n" not in request:
        if len(request) > MAX_REQUEST:
            break
        try:
            data = client.recv(4096)
        except OSError:
            break
        if not data:
            break
        request += data
    return request


def send_error(client, status):
    """Send an error message as an HTML page."""
    body = "<html><body><h1>" + status + "</h1></body></html>\n"
    head = "HTTP/1.1 " + status + "\r\n"
    head += "Content-Type: text/html\r\n"
    head += "Content-Length: " + str(len(body)) + "\r\n"
    head += "Connection: close\r\n\r\n"
    client.sendall((head + body).encode())


def find_file(root, path):
    """Return the name of the file for a path, or None if there is none in the folder."""
    name = unquote(path.split("?")[0])
    if "\0" in name:
        return None
    if name.endswith("/"):
        name += "index.html"
    full = os.path.realpath(root + "/" + name)
    if not full.startswith(os.path.realpath(root) + os.sep):
        return None
    if not os.path.isfile(full):
        return None
    return full


def send_file(client, name):
    """Send a file."""
    extension = os.path.splitext(name)[1].lower()
    content_type = TYPES.get(extension, "application/octet-stream")
    with open(name, "rb") as file:
        data = file.read()
    head = "HTTP/1.1 200 OK\r\n"
    head += "Content-Type: " + content_type + "\r\n"
    head += "Content-Length: " + str(len(data)) + "\r\n"
    head += "Connection: close\r\n\r\n"
    client.sendall(head.encode() + data)


def close_client(client):
    """Close the connection after reading what the client still sends."""
    try:
        client.shutdown(socket.SHUT_WR)
        client.settimeout(1)
        while client.recv(4096):
            pass
    except OSError:
        pass
    client.close()


def answer(client, root, method, path, version):
    """Answer one request and close the connection."""
    client.settimeout(60)
    try:
        if version not in ("HTTP/1.1", "HTTP/1.0"):
            send_error(client, "505 HTTP Version Not Supported")
        elif method != "GET":
            send_error(client, "501 Not Implemented")
        elif not path.startswith("/") or "\0" in path:
            send_error(client, "400 Bad Request")
        else:
            name = find_file(root, path)
            if name is None:
                send_error(client, "404 Not Found")
            else:
                send_file(client, name)
    except OSError as error:
        print("could not answer:", error)
    close_client(client)


def refuse(client):
    """Answer a request that is too long."""
    try:
        send_error(client, "414 URI Too Long")
    except OSError as error:
        print("could not answer:", error)
    close_client(client)


def main():
    """Wait for clients."""
    port = int(sys.argv[1])
    root = sys.argv[2]
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", port))
    listener.listen(100)
    print("The server is ready on port", port)
    while True:
        client, _ = listener.accept()
        client.settimeout(READ_TIMEOUT)
        request = read_request(client)
        if request == b"":
            client.close()
            continue
        if len(request) > MAX_REQUEST:
            threading.Thread(target=refuse, args=(client,), daemon=True).start()
            continue
        line = request.decode("latin-1").strip("\r\n").split("\n")[0]
        words = line.rstrip("\r").split(" ")
        method = words[0]
        path = words[1]
        version = words[2]
        threading.Thread(
            target=answer, args=(client, root, method, path, version), daemon=True
        ).start()


main()
