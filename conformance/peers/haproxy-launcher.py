"""Write a configuration for HAProxy and become HAProxy, in the foreground.

    python3 haproxy-launcher.py HOST PORT SERVER ...

It redirects with fixed shares of 1:2:...:n in the order of the list, since it neither measures
nor ranks. `http-request redirect` sends no body, so the 301 is written out as a `return`.
"""

import os
import shutil
import sys

# HAProxy lies where only root's PATH looks.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])

CONFIG = """
global
  nbthread 1
  # A request line of 9 kB is refused.
  tune.bufsize 8192
defaults
  mode http
  timeout client 30s
  timeout http-request 30s
frontend balancer
  bind {host}:{port}
  http-request deny deny_status 400 unless HTTP_1.0 or HTTP_1.1
  http-request deny deny_status 405 unless METH_GET or {{ method HEAD }}
{redirects}
"""

PAGE = "<html><body><h1>301 Moved Permanently</h1></body></html>"


def redirect_lines(servers):
    """Return one rule a server; each draws among the shares that the rules before it left."""
    remaining = len(servers) * (len(servers) + 1) // 2
    lines = []
    for position, server in enumerate(servers, start=1):
        condition = f" if {{ rand({remaining}) lt {position} }}" if position < len(servers) else ""
        lines.append(
            f'  http-request return status 301 content-type "text/html" string "{PAGE}"'
            f' hdr Location "http://{server}%[pathq]"{condition}'
        )
        remaining -= position
    return "\n".join(lines)


def main():
    """Write the configuration, then replace this process by HAProxy."""
    host, port, *servers = sys.argv[1:]
    with open("haproxy.cfg", "w", encoding="utf-8") as file:
        file.write(CONFIG.format(host=host, port=port, redirects=redirect_lines(servers)))
    program = shutil.which("haproxy", path=SEARCH_PATH)
    if program is None:
        sys.exit("haproxy is not installed: install it, or leave this peer out")
    os.execv(program, ["haproxy", "-db", "-f", "haproxy.cfg"])


if __name__ == "__main__":
    main()
