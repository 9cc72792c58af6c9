"""Run HAProxy as a reverse proxy to the server that a state file names.

    python3 haproxy-proxy-launcher.py HOST PORT STATE

A new address is told over its runtime API, a socket in the working folder; nothing is restarted.
"""

import socket
import sys

from steering import joined, program, read_address, run_steered

SOCKET = "haproxy.sock"
REPLY_BYTES = 4096

CONFIG = """
global
  nbthread 1
  lua-load haproxy-proxy.lua
  stats socket unix@{socket} mode 600 level admin
defaults
  mode http
  timeout client 30s
  timeout http-request 30s
  timeout connect 2s
  timeout server 2s
  # It would try a server that refuses again after a second, three times.
  retries 0
frontend proxy
  bind {host}:{port}
  http-request deny deny_status 400 if HTTP_1.1 !{{ req.hdr(host) -m found }}
  http-request deny deny_status 400 if HTTP_1.0 {{ req.hdr(transfer-encoding) -m found }}
  default_backend selected
backend selected
  http-request lua.check-and-drop
  http-request deny deny_status 400 if {{ var(req.holds_nul) -m bool }}
  http-response lua.check-and-drop
  http-response deny deny_status 502 if {{ var(res.holds_nul) -m bool }}
  http-response deny deny_status 502 if {{ res.ver 1.0 }} {{ res.hdr(transfer-encoding) -m found }}
  server selected {address}
"""

# A server that is set to maintenance is answered for with 503.
NO_SERVER = "127.0.0.1:1 disabled"


def tell(command):
    """Give HAProxy one command; an OSError says that it is not that far, or what it refused."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        connection.connect(SOCKET)
        connection.sendall(f"{command}\n".encode())
        reply = b""
        while part := connection.recv(REPLY_BYTES):
            reply += part
    return reply.decode().strip()


def steer(_, address):
    """Point it at another server."""
    host, port = address
    tell(f"set server selected/selected addr {host} port {port}; "
         "set server selected/selected state ready")


def main():
    """Write the configuration, start HAProxy, and tell it each new address."""
    host, port, state = sys.argv[1:]
    address = read_address(state)
    with open("haproxy.cfg", "w", encoding="utf-8") as file:
        file.write(CONFIG.format(
            socket=SOCKET,
            host=host,
            port=port,
            address=joined(address) if address else NO_SERVER,
        ))
    run_steered(state, address, [program("haproxy"), "-db", "-f", "haproxy.cfg"], steer)


if __name__ == "__main__":
    main()
