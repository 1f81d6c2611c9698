"""A long run of live streams: 500 with 20 messages a second each and 9,000 with one each, in two appliances, plain
WebSockets, and beside them a load without a proxy. Every message later than 20 ms is told with the time of day, and what
held it up: the collector (by its log), the load itself (by how late it sent, or because the streams without a proxy were
late too), or neither.

Both appliances share one core and all loads the other, so the run is harder than its parts one after the other.
"""

import argparse
import datetime
import json
import re
import shutil
import subprocess
import sys
import time

from sluicebench import load

from .appliance import ROOT, Sluice, build, free_port

STREAMLOAD = ROOT / "bench/out/streamload"
LATE_MS = 20
PROXY_CPU, LOAD_CPU = 0, 1
PAUSE = re.compile(r"^\[([^\]]+)\].* Pause (.*) ([0-9.]+)ms$")
SAFEPOINT = re.compile(r'^\[([^\]]+)\].*Safepoint "(\w+)".* Total: +(\d+) ns')


class Run:
    """One load through one appliance; without one when it is the control."""

    def __init__(self, name, streams, rate, folder, through_sluice=True):
        self.name, self.streams, self.rate = name, streams, rate
        self.folder = folder / str(streams)
        self.backend = free_port()
        self.front = free_port() if through_sluice else self.backend
        self.sluice = None
        self.log = self.folder / "gc.log"
        if through_sluice:
            flags = [f"-Xlog:gc,safepoint:file={self.log}:utctime,tags:filecount=0"]
            self.sluice = Sluice(
                self.folder, config(self.front, self.backend), ["taskset", "-c", str(PROXY_CPU)], flags)

    def start(self, minutes):
        words = ["--plan", "messages", "--kind", "ws", "--streams", self.streams, "--rate", self.rate,
                 "--backend", self.backend, "--front", self.front, "--warmup", 10, "--seconds", minutes * 60,
                 "--stall", LATE_MS, "--load-cpu", LOAD_CPU]
        if self.sluice:
            self.sluice.start()
            words += ["--pid", self.sluice.pid, "--proxy-cpu", PROXY_CPU]
        self.process = subprocess.Popen(
            [str(word) for word in [STREAMLOAD, *words]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def end(self):
        said, complained = self.process.communicate()
        if not said:
            raise RuntimeError(f"{self.name}: the load failed: {complained.strip()[:400]}")
        self.result = json.loads(said)
        self.pauses = pauses(self.log) if self.sluice else []

    def stop(self):
        if getattr(self, "process", None) and self.process.poll() is None:
            self.process.kill()
        if self.sluice and getattr(self.sluice, "process", None):
            self.sluice.stop()

    def failed(self):
        lost = self.result["messages"]["lost"] or self.result["messages"]["corrupt"]
        return self.result.get("trouble") or (f"{lost} messages lost or changed" if lost else "")


def config(plain, backend):
    return (f"listeners: [ {{ name: plain, bind: \"127.0.0.1:{plain}\","
            " limits: { connections: 50000, connectionsPerAddress: 50000 } } ]\n"
            f"liberators: [ {{ name: lib-a, address: \"127.0.0.1:{backend}\", maxConnections: 50000, health: off }} ]\n"
            "routes: [ { host: liberator-a.example.com, liberator: lib-a } ]\n"
            "log: { streams: [] }\n")


def pauses(log):
    """(when it ended as seconds since 1970, milliseconds, what) of every pause in a log of the JVM."""
    found = []
    for line in log.read_text(errors="replace").splitlines():
        if match := PAUSE.match(line):
            at, what, millis = match.group(1), match.group(2).split("(")[0].strip(), float(match.group(3))
        elif match := SAFEPOINT.match(line):
            at, what, millis = match.group(1), f"safepoint {match.group(2)}", int(match.group(3)) / 1e6
        else:
            continue
        found.append((datetime.datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp(), millis, what))
    return found


def cause(stall, run, control):
    """What held messages up, as far as it is known."""
    begin, end = stall["at"] - stall["max_ms"] / 1000 - 0.005, stall["at"] + stall["lasted_ms"] / 1000
    during = [each for each in run.pauses if begin <= each[0] <= end + each[1] / 1000]
    longest = max(during, key=lambda each: each[1], default=None)
    if longest and longest[1] >= stall["max_ms"] / 2:
        return f"{longest[2]}, {longest[1]:.1f} ms"
    if stall["load_late_ms"] >= stall["max_ms"] / 2:
        return f"the load sent {stall['load_late_ms']:.0f} ms late"
    if any(other["at"] - other["max_ms"] / 1000 <= end and begin <= other["at"] + other["lasted_ms"] / 1000
           for other in control.result["stalls"]):
        return "the machine: streams without a proxy were late, too"
    return "not explained"


def report(runs, control, minutes, version):
    lines = [f"{minutes:g} minutes, {version}", "",
             f"{'run':<14} {'messages':>12} {'p50 us':>8} {'p99 us':>8} {'p99.9 us':>9} {'max ms':>8} {'> 20 ms':>8}"
             f" {'CPU':>6} {'pauses':>7} {'longest ms':>10}"]
    for run in [*runs, control]:
        window = run.result["windows"][0]
        age = window["latency"]
        of_pauses = (f" {len(run.pauses):>7} {max((each[1] for each in run.pauses), default=0):>10.1f}"
                     if run.sluice else "")
        lines.append(
            f"{run.name:<14} {window['received']:>12,} {age['p50_us']:>8.0f} {age['p99_us']:>8.0f} {age['p999_us']:>9.0f}"
            f" {age['max_us'] / 1000:>8.1f} {len(run.result['stalls']):>8}"
            f" {window['proxy_cpu_ns'] / 1e9 / window['seconds']:>6.2f}{of_pauses}")
    for run in [*runs, control]:
        lines += [""] if run.result["stalls"] else []
        for stall in run.result["stalls"]:
            at = datetime.datetime.fromtimestamp(stall["at"], datetime.timezone.utc).strftime("%H:%M:%S.%f")[:-3]
            why = cause(stall, run, control) if run.sluice else f"no proxy; the load sent {stall['load_late_ms']:.0f} ms late"
            lines.append(f"{run.name}: {at} {stall['messages']} messages late, at most {stall['max_ms']:.1f} ms: {why}")
    return "\n".join(lines)


def measure(options, folder):
    runs = [Run("500 x 20/s", 500, 20, folder), Run("9,000 x 1/s", 9000, 1, folder)]
    control = Run("no proxy", 20, 20, folder, through_sluice=False)
    everyone = [*runs, control]
    try:
        for run in everyone:
            run.folder.mkdir(parents=True, exist_ok=True)
            run.start(options.minutes)
        print(f"{options.minutes:g} minutes, until about "
              f"{time.strftime('%H:%M', time.localtime(time.time() + options.minutes * 60 + 15))}", flush=True)
        for run in everyone:
            run.end()
    finally:
        for run in everyone:
            run.stop()
    version = subprocess.run([ROOT / "scripts/sluice", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    text = report(runs, control, options.minutes, version.replace("\n", ", "))
    print(text)
    (folder / "report.txt").write_text(text + "\n")
    (folder / "results.json").write_text(json.dumps({run.name: run.result for run in everyone}, indent=1) + "\n")
    print(f"the report, the figures and the collectors' logs: {folder}", file=sys.stderr)
    failures = [f"{run.name}: {run.failed()}" for run in everyone if run.failed()]
    print("\n".join(failures), file=sys.stderr, end="\n" if failures else "")
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(prog="scripts/long-run", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60, help="default: %(default)s")
    options = parser.parse_args()
    missing = [each for each in ("gcc", "taskset") if not shutil.which(each)]
    if missing:
        sys.exit(f"needs {', '.join(missing)}: apt-get install gcc libssl-dev util-linux")
    load.build(STREAMLOAD)
    build()
    folder = ROOT / "bench/out" / time.strftime("long-%Y%m%dT%H%M%S")
    sys.exit(measure(options, folder))


if __name__ == "__main__":
    main()
