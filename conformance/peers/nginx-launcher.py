"""Write a configuration for nginx and become nginx, in the foreground.

    python3 nginx-launcher.py server HOST PORT ROOT
    python3 nginx-launcher.py balancer HOST PORT SERVER ...

Everything that nginx writes (its pid, its temporary files) lies in the working folder.
As a balancer it redirects with fixed shares of 1:2:...:n in the order of the list, since it
neither measures nor ranks.
"""

import os
import shutil
import sys

# nginx keeps its programs where only root's PATH looks.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])

CONFIG = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 512; }}
http {{
  access_log off;
  server_tokens off;
  client_body_temp_path temp-body;
  proxy_temp_path temp-proxy;
  fastcgi_temp_path temp-fastcgi;
  uwsgi_temp_path temp-uwsgi;
  scgi_temp_path temp-scgi;
  default_type application/octet-stream;
  types {{
    text/html html htm;
    text/plain txt;
    text/css css;
    text/javascript js;
    application/json json;
    application/pdf pdf;
    image/png png;
    image/jpeg jpg jpeg;
    image/gif gif;
    image/svg+xml svg;
  }}
{role}}}
"""

SERVER = """\
  server {{
    listen {host}:{port};
    root {root};
    disable_symlinks on from=$document_root;
  }}
"""

BALANCER = """\
  split_clients $request_id $chosen_server {{
{shares}
  }}
  server {{
    listen {host}:{port};
    if ($request_method !~ ^(GET|HEAD)$) {{ return 405; }}
    return 301 http://$chosen_server$request_uri;
  }}
"""


def quoted(text):
    """Return a text as one word of the configuration."""
    if "$" in text:
        sys.exit(f"nginx would take the $ in {text!r} for a variable: use a path without one")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def share_lines(servers):
    """Return the lines that give the servers shares of 1:2:...:n; the last gets the rest."""
    total = len(servers) * (len(servers) + 1) // 2
    percents = [f"{100 * position / total:.2f}%" for position in range(1, len(servers))]
    return "\n".join(
        f"    {share} {quoted(server)};" for share, server in zip(percents + ["*"], servers)
    )


def main():
    """Write the configuration of the role asked for, then replace this process by nginx."""
    role, host, port, *others = sys.argv[1:]
    if role == "server":
        text = SERVER.format(host=host, port=port, root=quoted(os.path.realpath(others[0])))
    else:
        text = BALANCER.format(host=host, port=port, shares=share_lines(others))
    with open("nginx.conf", "w", encoding="utf-8") as file:
        file.write(CONFIG.format(role=text))
    program = shutil.which("nginx", path=SEARCH_PATH)
    if program is None:
        sys.exit("nginx is not installed: install it, or leave this peer out")
    folder = os.getcwd() + "/"
    # -e: until it has read its configuration, nginx would log to a file of the system.
    os.execv(program, ["nginx", "-e", "stderr", "-p", folder, "-c", folder + "nginx.conf"])


if __name__ == "__main__":
    main()
