"""A long run of live streams, plain WebSockets through one appliance: 500 with 20 messages a second each and 9,000 with
one each, and beside them a load without a proxy. Every message later than 20 ms is told with the time of day, and what
held it up: the collector (by its log), the core (by how long the loop's thread was ready and did not get it, as the kernel
counts), the load itself (by how late it sent), or none of these.

Sluice has one core and the loads the other. Both loads at once are harder than one after the other.
"""

import argparse
import array
import bisect
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

from sluicebench import load

from .appliance import ROOT, Sluice, build, free_port

STREAMLOAD = ROOT / "bench/out/streamload"
LATE_MS = 20
PROXY_CPU, LOAD_CPU = 0, 1
LOOP_THREAD = re.compile(r"sluice-\d+$")
WARMUP_SECONDS = 10
PAUSE = re.compile(r"^\[([^\]]+)\].* Pause (.*) ([0-9.]+)ms$")
SAFEPOINT = re.compile(r'^\[([^\]]+)\].*Safepoint "(\w+)".* Total: +(\d+) ns')


class Waits:
    """How long the threads of a process' loops were ready to run and did not get a core (/proc/PID/task/TID/schedstat),
    and how long its other threads ran meanwhile: compilers, the collector.
    """

    EVERY_SECONDS = 0.025

    def __init__(self, pid):
        tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
        self.files = [task / "schedstat" for task in tasks if LOOP_THREAD.match((task / "comm").read_text().strip())]
        if not self.files:
            raise RuntimeError(f"no thread {LOOP_THREAD.pattern} in {pid}")
        self.process_clock = ~pid << 3 | 2  # clock_getcpuclockid(3)
        self.at, self.waited, self.others = array.array("d"), array.array("d"), array.array("d")
        self.over = threading.Event()
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        while not self.over.wait(self.EVERY_SECONDS):
            try:
                ran, waited = map(sum, zip(*(map(int, each.read_text().split()[:2]) for each in self.files)))
                all_ran = time.clock_gettime_ns(self.process_clock)
            except OSError:
                return  # the process has ended
            self.at.append(time.time())
            self.waited.append(waited / 1e6)
            self.others.append((all_ran - ran) / 1e6)

    def between(self, begin, end):
        """Milliseconds: waited, and run by other threads of the process."""
        first = max(bisect.bisect_right(self.at, begin) - 1, 0)
        last = max(min(bisect.bisect_left(self.at, end), len(self.at) - 1), first)
        return self.waited[last] - self.waited[first], self.others[last] - self.others[first]


class Run:
    """One load; the control when it has no front."""

    def __init__(self, name, streams, rate, front=None, host=""):
        self.name, self.streams, self.rate, self.backend = name, streams, rate, free_port()
        self.front, self.host = front, host

    def start(self, minutes, pid):
        words = ["--plan", "messages", "--kind", "ws", "--streams", self.streams, "--rate", self.rate,
                 "--backend", self.backend, "--front", self.front or self.backend, "--warmup", WARMUP_SECONDS,
                 "--seconds", minutes * 60, "--stall", LATE_MS, "--load-cpu", LOAD_CPU]
        if self.front:
            words += ["--host", self.host, "--pid", pid, "--proxy-cpu", PROXY_CPU]
        self.process = subprocess.Popen(
            [str(word) for word in [STREAMLOAD, *words]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def end(self):
        said, complained = self.process.communicate()
        if not said:
            raise RuntimeError(f"{self.name}: the load failed: {complained.strip()[:400]}")
        self.result = json.loads(said)

    def stop(self):
        if getattr(self, "process", None) and self.process.poll() is None:
            self.process.kill()

    def failed(self):
        lost = self.result["messages"]["lost"] or self.result["messages"]["corrupt"]
        return self.result.get("trouble") or (f"{lost} messages lost or changed" if lost else "")


def config(front, runs):
    through = [run for run in runs if run.front]
    liberators = "".join(f"  - {{ name: {run.host.split('.')[0]}, address: \"127.0.0.1:{run.backend}\","
                         " maxConnections: 50000, health: off }\n" for run in through)
    routes = "".join(f"  - {{ host: {run.host}, liberator: {run.host.split('.')[0]} }}\n" for run in through)
    return (f"listeners: [ {{ name: plain, bind: \"127.0.0.1:{front}\","
            " limits: { connections: 50000, connectionsPerAddress: 50000 } } ]\n"
            f"liberators:\n{liberators}routes:\n{routes}log: {{ streams: [] }}\n")


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


def cause(stall, pauses_of_jvm, waits, first_end):
    """What held messages up, as far as it is known."""
    if stall["at"] >= first_end:
        return "the other load was over and closed all its streams"
    begin, end = stall["at"] - stall["max_ms"] / 1000 - 0.005, stall["at"] + stall["lasted_ms"] / 1000
    during = [each for each in pauses_of_jvm if begin <= each[0] <= end + each[1] / 1000]
    longest = max(during, key=lambda each: each[1], default=None)
    if longest and longest[1] >= stall["max_ms"] / 2:
        return f"{longest[2]}, {longest[1]:.1f} ms"
    if stall["load_late_ms"] >= stall["max_ms"] / 2:
        return f"the load sent {stall['load_late_ms']:.0f} ms late"
    waited, others = waits.between(begin, stall["at"])
    if waited >= stall["max_ms"] / 2:
        return f"the loop waited {waited:.0f} ms for its core, other threads of Sluice had it for {min(waited, others):.0f} ms"
    return "not explained"


def report(runs, pauses_of_jvm, waits, minutes, version):
    lines = [f"{minutes:g} minutes, {version}", "",
             f"{'load':<12} {'messages':>12} {'p50 us':>8} {'p99 us':>8} {'p99.9 us':>9} {'max ms':>8} {'> 20 ms':>8}"]
    for run in runs:
        window = run.result["windows"][0]
        age = window["latency"]
        lines.append(
            f"{run.name:<12} {window['received']:>12,} {age['p50_us']:>8.0f} {age['p99_us']:>8.0f} {age['p999_us']:>9.0f}"
            f" {age['max_us'] / 1000:>8.1f} {len(run.result['stalls']):>8}")
    window = runs[0].result["windows"][0]
    longest = max(pauses_of_jvm, key=lambda each: each[1], default=(0, 0, "none"))
    lines += ["", f"Sluice: {window['proxy_cpu_ns'] / 1e9 / window['seconds']:.2f} of its core;"
                  f" {len(pauses_of_jvm)} pauses, the longest {longest[1]:.1f} ms ({longest[2]})"]
    first_end = min(each["began_at"] + each["seconds"] for each in (run.result["windows"][0] for run in runs if run.front))
    for run in runs:
        lines += [""] if run.result["stalls"] else []
        for stall in run.result["stalls"]:
            at = datetime.datetime.fromtimestamp(stall["at"], datetime.timezone.utc).strftime("%H:%M:%S.%f")[:-3]
            why = cause(stall, pauses_of_jvm, waits, first_end) if run.front else f"no proxy; the load sent {stall['load_late_ms']:.0f} ms late"
            lines.append(f"{run.name}: {at} {stall['messages']} messages late, at most {stall['max_ms']:.1f} ms: {why}")
    return "\n".join(lines)


def measure(options, folder):
    front = free_port()
    runs = [Run("500 x 20/s", 500, 20, front, "fast.example.com"),
            Run("9,000 x 1/s", 9000, 1, front, "many.example.com"),
            Run("no proxy", 20, 20)]
    os.sched_setaffinity(0, {LOAD_CPU})
    log = folder / "gc.log"
    flags = [f"-Xlog:gc,safepoint:file={log}:utctime,tags:filecount=0"]
    sluice = Sluice(folder, config(front, runs), ["taskset", "-c", str(PROXY_CPU)], flags)
    try:
        sluice.start()
        waits = Waits(sluice.pid)
        for run in runs:
            run.start(options.minutes, sluice.pid)
        started = time.time()
        print(f"{options.minutes:g} minutes, until about "
              f"{time.strftime('%H:%M', time.localtime(started + options.minutes * 60 + WARMUP_SECONDS + 5))}", flush=True)
        for run in runs:
            run.end()
        waits.over.set()
    finally:
        for run in runs:
            run.stop()
        sluice.stop()
    version = subprocess.run([ROOT / "scripts/sluice", "--version"], capture_output=True, text=True, check=True).stdout
    measured = [each for each in pauses(log) if each[0] >= started + WARMUP_SECONDS]
    text = report(runs, measured, waits, options.minutes, ", ".join(version.splitlines()))
    print(text)
    (folder / "report.txt").write_text(text + "\n")
    (folder / "results.json").write_text(json.dumps({run.name: run.result for run in runs}, indent=1) + "\n")
    print(f"the report, the figures and the collector's log: {folder}", file=sys.stderr)
    failures = [f"{run.name}: {run.failed()}" for run in runs if run.failed()]
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
