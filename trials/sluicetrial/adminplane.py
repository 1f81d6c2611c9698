"""The admin plane with a crowd of live streams: every attribute of every MBean, a table of a hundred streams and the
slowest are read each second, and once the metrics and the table of all streams, beside the same load unread. Nothing may take
longer than a second; what the reading costs is told.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from sluicebench import load

from .appliance import ROOT, Sluice, build, free_port

STREAMLOAD = ROOT / "bench/out/streamload"
LONGEST_SECONDS = 1.0


def config(plain, backend):
    return (f"listeners: [ {{ name: plain, bind: \"127.0.0.1:{plain}\","
            " limits: { connections: 50000, connectionsPerAddress: 50000 } } ]\n"
            f"liberators: [ {{ name: lib-a, address: \"127.0.0.1:{backend}\", maxConnections: 50000, health: off }} ]\n"
            "routes: [ { host: liberator-a.example.com, liberator: lib-a } ]\n"
            "log: { streams: [] }\n")


class Reader:
    """Somebody who looks at everything once a second."""

    def __init__(self, sluice, metrics):
        self.sluice, self.metrics, self.longest = sluice, metrics, {}

    def look(self):
        self.timed("all attributes of all MBeans", lambda: self.sluice.ask("all sluice:*"))
        self.timed("Streams.table of 100", lambda: self.sluice.ask("query sluice:type=Streams table sort=behind 0 100"))
        self.timed("Streams.slowest(100)", lambda: self.sluice.call("sluice:type=Streams", "slowest", 100))

    def look_at_everybody(self):
        """The whole table, which nobody asks for each second."""
        self.timed("Streams.table of all", lambda: self.sluice.ask("query sluice:type=Streams table idle<1h 0 20000"))

    def scrape(self):
        self.timed("/metrics", lambda: urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics", timeout=10).read())

    def timed(self, what, action):
        begin = time.monotonic()
        action()
        self.longest[what] = max(self.longest.get(what, 0), time.monotonic() - begin)


def window(sluice, options, plain, backend, reader, pause=1.0):
    """CPU seconds of Sluice per second, and the p99 of the messages in ms, over one run of the load."""
    process = subprocess.Popen(
        [STREAMLOAD, "--plan", "messages", "--kind", "ws", "--backend", str(backend), "--front", str(plain),
         "--streams", str(options.streams), "--rate", str(options.rate), "--warmup", "8",
         "--seconds", str(options.seconds), "--pid", str(sluice.pid), "--load-cpu", "1", "--proxy-cpu", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    looks = 0
    while process.poll() is None:
        if reader and sluice.streams() >= options.streams:
            reader.look()
            looks += 1
            if looks == 5:
                reader.look_at_everybody()
                reader.scrape()  # Prometheus asks four times a minute
        time.sleep(pause)
    said, complained = process.communicate()
    result = json.loads(said) if said else {"trouble": complained}
    if reader and looks < 5:
        raise RuntimeError(f"only {looks} looks: give it more --seconds")
    if result.get("trouble") or result["streams"]["died"] or result["messages"]["lost"]:
        raise RuntimeError(f"the load failed: {result.get('trouble') or result}")
    measured = result["windows"][0]
    return measured["proxy_cpu_ns"] / 1e9 / measured["seconds"], measured["latency"]["p99_us"] / 1000


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="scripts/admin-plane", description=__doc__)
    parser.add_argument("--streams", type=int, default=9000, help="(%(default)s)")
    parser.add_argument("--rate", type=float, default=1, help="messages per second in each (%(default)s)")
    parser.add_argument("--seconds", type=int, default=15, help="of a window (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    options = parser.parse_args(arguments)
    build()
    load.build(STREAMLOAD)
    folder = tempfile.mkdtemp(prefix="sluice-admin-plane-")
    plain, backend, metrics = free_port(), free_port(), free_port()
    sluice = Sluice(folder, config(plain, backend), before=["taskset", "-c", "0"], metrics=metrics).start()
    reader = Reader(sluice, metrics)
    unread, read = [], []
    try:
        window(sluice, options, plain, backend, reader, 0.02)  # compiled by then, as after a minute of reading
        reader.longest.clear()
        for number in range(options.rounds):
            for results, who in ((unread, None), (read, reader)):
                results.append(window(sluice, options, plain, backend, who))
            print(f"round {number + 1}: CPU {unread[-1][0]:.3f} s/s unread, {read[-1][0]:.3f} s/s read;"
                  f" p99 {unread[-1][1]:.1f} ms unread, {read[-1][1]:.1f} ms read", flush=True)
    finally:
        sluice.stop()
    shutil.rmtree(folder)
    for what, seconds in reader.longest.items():
        print(f"{seconds * 1000:8.0f} ms at most  {what}")
    more = statistics.median(b[0] - a[0] for a, b in zip(unread, read))
    print(f"reading it all each second costs {more * 100:.1f} % of a core, median of {options.rounds} rounds"
          f" ({options.streams} streams x {options.rate:g}/s)")
    late = max(reader.longest.values()) > LONGEST_SECONDS
    print("FAULT: something took longer than a second" if late else "passed: nothing took longer than a second")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
