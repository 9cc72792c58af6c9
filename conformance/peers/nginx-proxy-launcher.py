"""Run nginx as a reverse proxy to the server that a state file names.

    python3 nginx-proxy-launcher.py HOST PORT STATE

A new address is a new configuration, which nginx reads on SIGHUP; requests under way end with the
worker that has them. Everything that nginx writes lies in the working folder.
"""

import os
import signal
import sys

from steering import joined, program, read_address, run_steered

CONFIG = """
daemon off;
{user}worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path temp-body;
  proxy_temp_path temp-proxy;
  fastcgi_temp_path temp-fastcgi;
  uwsgi_temp_path temp-uwsgi;
  scgi_temp_path temp-scgi;
  client_max_body_size 0;
  underscores_in_headers on;
  # A request of HTTP/1.0 may have none, and goes on as HTTP/1.1, which must have one.
  map $http_host $passed_host {{
    default $http_host;
    "" $host;
  }}
{upstream}
  server {{
    listen {host}:{port};
{action}
  }}
}}
"""

UPSTREAM = """
  upstream selected {{
    server {address};
    keepalive 16;
  }}
"""

# X-Accel-*: a server may use these for its own ends; they are no orders to this proxy.
PROXY = """
    proxy_set_header Connection "";
    proxy_set_header Host $passed_host;
    proxy_set_header Proxy-Authorization "";
    proxy_set_header Proxy-Connection "";
    proxy_set_header Trailer "";
    proxy_hide_header Proxy-Authenticate;
    proxy_hide_header Proxy-Connection;
    proxy_hide_header Trailer;
    proxy_hide_header Upgrade;
    proxy_connect_timeout 2s;
    proxy_send_timeout 2s;
    proxy_read_timeout 2s;
    proxy_buffering off;
    proxy_redirect off;
    proxy_ignore_headers X-Accel-Redirect X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset;
    proxy_http_version 1.1;
    location / { proxy_pass http://selected; }"""

NO_SERVER = "    return 502;"


def write_config(host, port, address):
    """Write the configuration for one address, or for none, which answers 502."""
    text = CONFIG.format(
        # As root nginx would give its workers to a user who may not write here.
        user="user root root;\n" if os.geteuid() == 0 else "",
        upstream=UPSTREAM.format(address=joined(address)) if address else "",
        host=host,
        port=port,
        action=PROXY if address else NO_SERVER,
    )
    with open("nginx.conf", "w", encoding="utf-8") as file:
        file.write(text)


def main():
    """Write the configuration, start nginx, and have it read each new one."""
    host, port, state = sys.argv[1:]

    def steer(child, address):
        # Before it has written its pid it would die of the signal.
        os.stat("nginx.pid")
        write_config(host, port, address)
        child.send_signal(signal.SIGHUP)

    address = read_address(state)
    write_config(host, port, address)
    folder = os.getcwd() + "/"
    # -e: until it has read its configuration, nginx would log to a file of the system.
    command = [program("nginx"), "-e", "stderr", "-p", folder, "-c", folder + "nginx.conf"]
    run_steered(state, address, command, steer)


if __name__ == "__main__":
    main()
