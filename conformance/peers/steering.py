"""Run a proxy in the foreground and keep it pointed at the server that a state file names.

The file holds one address, `HOST` or `HOST:PORT` (`[HOST]:PORT` for IPv6), by default port 80. It is
looked at every 50 ms. What is no address, or a file that is missing, changes nothing: the last good
address stays.
"""

import ctypes
import ipaddress
import os
import re
import shutil
import signal
import subprocess
import sys
import time

LOOK_S = 0.05
# An address and a newline are shorter; what is longer is no state file.
MOST_BYTES = 256
# Debian keeps servers where only root's PATH looks.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])

ADDRESS = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::([0-9]{1,5}))?")
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def parse_address(text):
    """Return (host, port), the host as a number; None for what is no address."""
    match = ADDRESS.fullmatch(text.strip())
    if match is None:
        return None
    try:
        host = str(ipaddress.ip_address(match[1] or match[2]))
    except ValueError:
        return None
    port = int(match[3] or 80)
    return (host, port) if 0 < port < 65536 else None


def joined(address):
    """Return an address as the authority of a URL."""
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read_address(path):
    """Return the address that the file names now, or None."""
    try:
        # A pipe of that name must not be waited for.
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        content = os.read(file, MOST_BYTES + 1)
    except OSError:
        return None
    finally:
        os.close(file)
    if len(content) > MOST_BYTES:
        return None
    return parse_address(content.decode("latin-1"))


def program(name):
    """Return the path of an installed program."""
    path = shutil.which(name, path=SEARCH_PATH)
    if path is None:
        sys.exit(f"{name} is not installed: install it, or leave this peer out")
    return path


def run_steered(state, address, command, steer):
    """Start the proxy, which has been told `address` (or None), and keep it steered until it ends.

    `steer(child, address)` points it elsewhere; when it raises OSError, since the proxy is not that
    far yet, it is called again at the next look. Ends the proxy on SIGTERM and SIGINT.
    """

    def end_with_this_process():
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    told_to_end = False

    def end(*_):
        nonlocal told_to_end
        told_to_end = True
        child.terminate()

    child = subprocess.Popen(command, preexec_fn=end_with_this_process)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while True:
        try:
            code = child.wait(LOOK_S)
            sys.exit(0 if told_to_end else f"{command[0]} ended with code {code}")
        except subprocess.TimeoutExpired:
            pass
        found = read_address(state)
        if found is None or found == address:
            continue
        try:
            steer(child, found)
            address = found
        except OSError:
            continue
