"""Starts Sluice as it is shipped, and looks into it from outside: /proc, jcmd, JMX."""

import itertools
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORTS = itertools.cycle(random.sample(range(15_000, 32_000), 17_000))


def free_port():
    """One that nobody listens on and that was not given before, as both could be found free before either listens;
    outside the range from which the system gives ports to whoever connects: between now and its use, a client could be
    given it."""
    for port in PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass  # taken: another one, then


def wait_for(condition, seconds=30, every=0.05):
    """True as soon as condition() is, False after that many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(every)
    return bool(condition())


def build():
    """Builds what is not built yet, and says which version is under trial."""
    subprocess.run([str(ROOT / "scripts/sluice"), "--version"], check=True)


class Sluice:
    """One process. `java` are words before the JVM's own flags, `flags` more of these."""

    def __init__(self, folder, config, before=(), flags=(), env=None, jmx=True, metrics=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / "sluice.yaml"
        self.jmx_port, self.metrics_port = free_port() if jmx else None, metrics
        self.before, self.flags, self.env = list(before), " ".join(flags), env or {}
        self.beans = None
        self.write(config)

    def write(self, config):
        metrics = f', metrics: {{ bind: "127.0.0.1:{self.metrics_port}" }}' if self.metrics_port else ""
        jmx = f'jmx: {{ bind: "127.0.0.1:{self.jmx_port}" }}'
        management = f"management: {{ {jmx}{metrics} }}\n" if self.jmx_port else ""
        self.file.write_text(config + management)

    def start(self):
        """Returns when all listeners are open and signals are heard."""
        env = dict(os.environ, SLUICE_JAVA_OPTS=self.flags, **self.env)
        out = open(self.folder / "out.log", "ab")
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [*self.before, str(ROOT / "scripts/sluice"), "run", "-c", str(self.file), "--ready-file", str(ready)],
            stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=env)
        started = time.monotonic()
        if not wait_for(lambda: ready.exists() or self.process.poll() is not None, 120):
            self.process.kill()
            raise RuntimeError("Sluice is not ready: " + self.output()[-800:])
        if not ready.exists():
            raise RuntimeError("Sluice has ended: " + self.output()[-800:])
        self.start_seconds = time.monotonic() - started
        return self

    def output(self):
        return (self.folder / "out.log").read_text(errors="replace")

    @property
    def pid(self):
        return self.process.pid

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self, config):
        self.write(config)
        self.signal(signal.SIGHUP)

    def stop(self, seconds=15):
        if self.beans:
            self.beans.kill()
            self.beans = None
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    # ------------------------------------------------------------ looking inside

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def status(self, key):
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+)", text, re.M).group(1))

    def threads(self):
        return self.status("Threads")

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def heap_after_gc(self):
        """Bytes of the heap in use after a full collection."""
        subprocess.run(["jcmd", str(self.pid), "GC.run"], capture_output=True, check=True)
        time.sleep(0.5)
        return int(self.bean("java.lang:type=Memory", "HeapMemoryUsage").strip("[]").split(", ")[-1])

    def direct_bytes(self):
        return int(self.bean("java.nio:type=BufferPool,name=direct", "MemoryUsed"))

    def ask(self, line):
        if not self.beans:
            self.beans = subprocess.Popen(
                ["java", "-Xmx64m", str(ROOT / "trials/Mbeans.java"), f"127.0.0.1:{self.jmx_port}"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.beans.stdin.write(line + "\n")
        self.beans.stdin.flush()
        answer = self.beans.stdout.readline().strip()
        if answer.startswith("!") or not answer:
            raise RuntimeError(f"{line}: {answer}")
        return answer

    def bean(self, name, attribute):
        return self.ask(f"get {name} {attribute}")

    def can(self, name, operation):
        return self.ask(f"can {name} {operation}") == "true"

    def call(self, name, operation, *numbers):
        return self.ask(" ".join(["call", name, operation, *map(str, numbers)]))

    def streams(self):
        return int(self.bean("sluice:type=Streams", "Active"))


def can_connect(port, host="127.0.0.1", seconds=1.0):
    try:
        socket.create_connection((host, port), seconds).close()
        return True
    except OSError:
        return False
