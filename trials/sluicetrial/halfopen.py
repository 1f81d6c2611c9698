"""In a network namespace of its own: a client whose network goes dark under an idle stream."""

import os
import pathlib
import socket
import subprocess
import sys
import time

from .appliance import Sluice, free_port, wait_for
from .faults import config
from .liberator import Liberator

AWAY = """
import socket, sys, time
client = socket.create_connection(("10.9.9.1", int(sys.argv[1])))
client.sendall(b"GET /idle HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n")
client.recv(100)
print("open", flush=True)
time.sleep(600)
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def hits(sluice):
    """How often keep-alive took effect, as the table of deadlines says: first at the listener, then on the route."""
    lines = sluice.bean("sluice:type=RoutingTable", "Deadlines").split(", ")
    return dict(zip(("client", "Liberator"), (int(line.split()[2]) for line in lines if "tcpKeepAliveIdle" in line)))


def main(folder):
    ip("link", "set", "lo", "up")
    ip("link", "add", "near", "type", "veth", "peer", "name", "far")
    ip("addr", "add", "10.9.9.1/24", "dev", "near")
    ip("link", "set", "near", "up")
    away = subprocess.Popen(["unshare", "-n", "sleep", "600"])
    own = os.readlink("/proc/self/ns/net")
    wait_for(lambda: os.readlink(f"/proc/{away.pid}/ns/net") != own)
    ip("link", "set", "far", "netns", str(away.pid))
    inside = ["nsenter", "-t", str(away.pid), "-n"]
    for words in ("addr add 10.9.9.2/24 dev far", "link set far up"):
        subprocess.run([*inside, "ip", *words.split()], check=True)
    liberator, port = Liberator(), free_port()
    sluice = Sluice(folder, config(port, [f"127.0.0.1:{liberator.port}"])).start()
    client = subprocess.Popen([*inside, sys.executable, "-c", AWAY, str(port)], stdout=subprocess.PIPE, text=True)
    try:
        client.stdout.readline()
        opened = liberator.connections()
        time.sleep(1)
        ip("link", "set", "near", "down")
        dark = time.monotonic()
        gone = wait_for(lambda: liberator.connections() == 0, 120, 0.1)
        seconds = time.monotonic() - dark
        silent = hits(sluice)
        print(f"{opened} stream open, network dark, both sides closed: {gone} after {seconds:.0f} s,"
              f" hits of tcpKeepAliveIdle: {silent['client']} of the client, {silent['Liberator']} of the Liberator")
        return 0 if opened == 1 and gone and seconds < 75 and silent == {"client": 1, "Liberator": 0} else 1
    finally:
        client.kill()
        sluice.stop()
        away.kill()


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
