"""Run Caddy as a reverse proxy to the server that a state file names.

    python3 caddy-proxy-launcher.py HOST PORT STATE

A new address is a new configuration, given to its admin API on a socket in the working folder.
"""

import http.client
import json
import os
import socket
import sys

from steering import joined, program, read_address, run_steered

SOCKET = "caddy.sock"


class AdminConnection(http.client.HTTPConnection):
    """HTTP over the socket of the admin API."""

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(SOCKET)


def handler(address):
    """Return the handler that passes requests on, or answers 502 where there is no address."""
    if address is None:
        return {"handler": "static_response", "status_code": 502}
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": joined(address)}],
        "flush_interval": -1,
        "headers": {
            # It can pass trailers and other protocols on, and asks for them in the client's place.
            "request": {"delete": ["Te", "Connection", "Upgrade"]},
            # It has set its own by then, and would add the server's.
            "response": {"delete": ["Server"]},
        },
        "transport": {
            "protocol": "http",
            # It would ask for gzip by itself, and unpack what comes.
            "compression": False,
            "dial_timeout": "2s",
            "response_header_timeout": "2s",
            "read_timeout": "2s",
            "write_timeout": "2s",
        },
    }


def config(host, port, address):
    """Return the whole configuration as JSON."""
    server = {
        "listen": [f"{host}:{port}"],
        "protocols": ["h1"],
        "automatic_https": {"disable": True},
        "routes": [{"handle": [handler(address)]}],
    }
    return json.dumps({
        "admin": {
            "listen": f"unix/{SOCKET}",
            "origins": ["localhost"],
            "config": {"persist": False},
        },
        "logging": {"logs": {"default": {"level": "ERROR"}}},
        "apps": {"http": {"servers": {"proxy": server}}},
    })


def main():
    """Write the configuration, start Caddy, and give it each new one."""
    host, port, state = sys.argv[1:]

    def steer(_, address):
        connection = AdminConnection("localhost", timeout=2)
        try:
            connection.request(
                "POST", "/load", config(host, port, address), {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            if answer.status != 200:
                raise OSError(answer.read().decode())
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    address = read_address(state)
    with open("caddy.json", "w", encoding="utf-8") as file:
        file.write(config(host, port, address))
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        os.environ[name] = os.getcwd()
    os.environ["GOMAXPROCS"] = "1"
    run_steered(state, address, [program("caddy"), "run", "--config", "caddy.json"], steer)


if __name__ == "__main__":
    main()
