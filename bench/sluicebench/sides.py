"""The sides that are compared: processes that are started, watched, put to sleep and always stopped."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import shlex
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from . import configs, machine
from .configs import Ports

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
PORTS = itertools.cycle(random.sample(range(11_000, 31_000), 20_000))
BASELINE = "none"  # no proxy: what the load itself adds


class SideFailed(Exception):
    """A side that cannot be measured: it did not start, or it died."""


def free_ports(count: int) -> list[int]:
    """Loopback ports nobody listens on and that no call gave before, below those the kernel gives to outgoing
    connections."""
    found: list[int] = []
    while len(found) < count:
        port = next(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
    return found


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Side:
    """One proxy, or none."""

    name: str
    ports: Ports
    command: list[str] = field(default_factory=list)  # empty: no proxy
    env: dict[str, str] = field(default_factory=dict)
    log: Path = Path(os.devnull)
    core: int = 0
    version: str = ""
    sleeps: bool = False  # put to sleep while another side is measured: a JVM never rests quite
    process: subprocess.Popen | None = None
    descriptors_at_rest: int = 0

    @property
    def baseline(self) -> bool:
        """Whether this is no proxy at all."""
        return not self.command

    def start(self) -> float:
        """Starts it on its core and waits until it listens; returns the time of the exec (monotonic)."""
        if self.baseline or self.alive():
            return 0.0
        # When the benchmark is killed outright the kernel ends its children; nginx must end its worker itself.
        death = "TERM" if self.name == "nginx" else "KILL"
        pinned = ["setpriv", "--pdeathsig", death, "taskset", "-c", str(self.core)]
        with open(self.log, "ab") as log:
            executed_at = time.monotonic()
            self.process = subprocess.Popen(
                pinned + self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.env},
                start_new_session=True,
            )
        return executed_at

    def wait_until_ready(self) -> None:
        """Waits until all listeners accept."""
        if self.baseline:
            return
        deadline = time.monotonic() + START_TIMEOUT_S
        waiting = list(vars(self.ports).values())
        while waiting:
            if not self.alive():
                raise SideFailed(f"{self.name} ended while it started: {self.last_words()}")
            if time.monotonic() > deadline:
                raise SideFailed(f"{self.name} does not listen on {waiting} after {START_TIMEOUT_S:.0f} s")
            waiting = [port for port in waiting if not answers(port)]
            time.sleep(0.02)
        time.sleep(0.3)
        self.descriptors_at_rest = self.descriptors()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def ended(self) -> str:
        """How the process ended, in words."""
        code = self.process.poll() if self.process else None
        return "" if code is None else f"signal {-code}" if code < 0 else f"exit code {code}"

    def pids(self) -> list[int]:
        """The process and its children (nginx: the master and its worker)."""
        if not self.alive():
            return []
        assert self.process
        found = [self.process.pid]
        for pid in found:
            try:
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            except OSError:
                continue
            found += [int(child) for child in children]
        return found

    def descriptors(self) -> int:
        """Open descriptors of all its processes."""
        total = 0
        for pid in self.pids():
            try:
                total += len(os.listdir(f"/proc/{pid}/fd"))
            except OSError:
                continue
        return total

    def wait_until_released(self, timeout_s: float = 5.0) -> int:
        """Waits until it has let go of the connections of a run; returns how many descriptors it still holds."""
        if self.baseline:
            return 0
        deadline = time.monotonic() + timeout_s
        while (over := self.descriptors() - self.descriptors_at_rest) > 20:
            if time.monotonic() > deadline or not self.alive():
                return over
            time.sleep(0.05)
        return 0

    def sleep(self) -> None:
        """Stops it from running, where it would otherwise do work of its own."""
        if self.sleeps and self.alive():
            assert self.process
            self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Lets it run again."""
        if self.sleeps and self.alive():
            assert self.process
            self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ends it: politely, then for certain."""
        if self.process is None:
            return
        group = self.process.pid
        for number, timeout_s in ((signal.SIGTERM, STOP_TIMEOUT_S), (signal.SIGKILL, STOP_TIMEOUT_S)):
            if self.process.poll() is not None:
                break
            self.wake()
            self.process.send_signal(number)
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                continue
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)  # what it left behind in its session
        self.process = None

    def last_words(self) -> str:
        """The end of its log."""
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return ""
        said = [line.strip() for line in lines if line.strip()]
        return f"{self.ended()}; last said: {said[-1][:300]}" if said else self.ended()


# ------------------------------------------------------------------ making them


@dataclass(frozen=True)
class Place:
    """Where the sides are made: folders, cores, the port of the publisher."""

    work: Path  # temporary: certificates, pids
    out: Path  # kept: configurations and logs
    root: Path  # of the checkout
    cores: machine.Cores
    backend: int
    descriptors: int

    def config(self, name: str, text: str) -> Path:
        """Keeps a configuration."""
        path = self.out / name
        path.write_text(text, encoding="utf-8")
        return path


def _ports() -> Ports:
    return Ports(*free_ports(4))


def nginx(place: Place) -> Side:
    """nginx with one worker."""
    ports = _ports()
    text = configs.nginx(place.work, ports, place.backend, place.descriptors, machine.nginx_stream_module() or "")
    config = place.config("nginx.conf", text)
    command = ["nginx", "-p", str(place.work), "-e", str(place.work / "nginx-error.log"), "-c", str(config)]
    return Side(
        "nginx",
        ports,
        command,
        log=place.out / "nginx.log",
        core=place.cores.proxy,
        version=machine.first_line(machine.output_of("nginx", "-v")),
    )


def haproxy(place: Place) -> Side:
    """HAProxy with one thread."""
    ports = _ports()
    config = place.config("haproxy.cfg", configs.haproxy(place.work, ports, place.backend, place.descriptors))
    return Side(
        "haproxy",
        ports,
        ["haproxy", "-db", "-f", str(config)],
        log=place.out / "haproxy.log",
        core=place.cores.proxy,
        version=machine.first_line(machine.output_of("haproxy", "-v")),
    )


def baseline(place: Place) -> Side:
    """No proxy: the subscribers connect to the publisher."""
    return Side(BASELINE, Ports(place.backend, 0, place.backend, 0), version="no proxy: what the load itself adds")


# What SLUICE_AGENT says. The control is the agent's jar with an option that it refuses: in the process, without advice.
AGENTS = {"control": "wrong", "off": "level=off", "metrics": "level=metrics", "trace": "level=trace,sample=1/1000"}


def sluice(place: Place, name: str, java_home: str | None, command: str | None, agent: str = "off") -> Side:
    """Sluice on one JDK and with one agent, or another command that reads Sluice's configuration."""
    ports = _ports()
    config = place.config(f"{name}.yaml", configs.sluice(place.work, name, ports, place.backend, free_ports(1)[0]))
    launcher = str(place.root / "scripts" / "sluice")
    env = {"JAVA_HOME": java_home} if java_home else {}
    if command:
        words = [word.replace("{config}", str(config)) for word in shlex.split(command)]
        version = command
    else:
        words = [launcher, "run", "-c", str(config)]
        said = machine.output_of(launcher, "--version", env={**os.environ, **env})
        version = " on ".join(line.strip() for line in said.splitlines()[-2:])
        machine.output_of(launcher, "prepare", env={**os.environ, **env})  # as the packages do when they are installed
    if os.environ.get("SLUICE_JAVA_OPTS"):
        version += f", SLUICE_JAVA_OPTS={os.environ['SLUICE_JAVA_OPTS']}"
    if agent != "off":
        env["SLUICE_AGENT"] = agent
        version += f", SLUICE_AGENT={agent}"
    log = place.out / f"{name}.log"
    return Side(name, ports, words, env, log, place.cores.proxy, version, sleeps=True)


def jdk_feature(java_home: str) -> str:
    """The feature release of a JDK: 17, 25."""
    for line in machine.output_of(f"{java_home}/bin/java", "-version").splitlines():
        if 'version "' in line:
            return line.split('"')[1].split(".")[0].split("-")[0]
    raise SideFailed(f"--jdk {java_home}: there is no bin/java that says its version")
