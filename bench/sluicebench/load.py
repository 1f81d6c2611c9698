"""Builds streamload, runs it, reads what it prints; and the one thing it does not measure, the start."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import threading
import time
from pathlib import Path

from .configs import HOST
from .machine import Cores
from .scenarios import IDLE_STEPS, Scenario
from .sides import Side, SideFailed

SOURCE = Path(__file__).resolve().parent.parent / "streamload.c"
FIRST_BYTE_TIMEOUT_S = 30.0


class LoadFailed(Exception):
    """streamload itself could not do its work."""


def build(target: Path) -> None:
    """Compiles streamload when its source is newer than the program."""
    if target.exists() and target.stat().st_mtime >= SOURCE.stat().st_mtime:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    command = ["gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-o", str(target), str(SOURCE), "-lssl", "-lcrypto"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LoadFailed(f"streamload.c does not compile:\n{done.stderr}")


def arguments(scenario: Scenario, side: Side, backend: int, cores: Cores, warmup: float) -> list[str]:
    """The command line of streamload for a run."""
    words = ["--plan", scenario.plan, "--kind", scenario.kind, "--pattern", scenario.pattern]
    words += ["--backend", str(backend), "--front", str(side.ports.of(scenario.kind, scenario.tls)), "--host", HOST]
    words += ["--streams", str(scenario.streams), "--rate", str(scenario.rate), "--size", str(scenario.size)]
    words += ["--warmup", str(warmup), "--seconds", str(scenario.seconds)]
    if not cores.shared:
        words += ["--proxy-cpu", str(cores.proxy)]
    words += ["--load-cpu", str(cores.load)]
    if scenario.plan == "hold":
        words += ["--steps", ",".join(str(step) for step in IDLE_STEPS)]
    if scenario.tls:
        words += ["--tls"]
    if pids := side.pids():
        words += ["--pid", ",".join(str(pid) for pid in pids)]
    return words


class Load:
    """Runs streamload; at most one at a time, and none left behind."""

    def __init__(self, program: Path, backend: int, cores: Cores):
        self.program, self.backend, self.cores = program, backend, cores
        self.process: subprocess.Popen | None = None

    def run(self, scenario: Scenario, side: Side, warmup: float) -> dict:
        """One run; the object that streamload printed."""
        words = arguments(scenario, side, self.backend, self.cores, warmup)
        command = ["setpriv", "--pdeathsig", "KILL", str(self.program)] + words
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            said, complained = self.process.communicate(timeout=3 * scenario.run_seconds(True) + 2 * warmup + 120)
        except subprocess.TimeoutExpired as late:
            raise LoadFailed("the load did not come to an end") from late
        finally:
            self.stop()
        try:
            return json.loads(said)
        except json.JSONDecodeError as bad:
            raise LoadFailed(complained.strip()[:400] or "the load printed no result") from bad

    def stop(self) -> None:
        """Ends a run that is under way."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self.process = None


# ------------------------------------------------------------------ start to first byte


class OneAnswer:
    """An upstream that answers each connection's first request with `x`; only for the start."""

    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"

    def __init__(self, port: int):
        self.listener = socket.create_server(("127.0.0.1", port), backlog=128)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                try:
                    client.settimeout(2)
                    if client.recv(4096):
                        client.sendall(self.ANSWER)
                except OSError:
                    continue

    def close(self) -> None:
        """Stops listening."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def asks_once(port: int) -> bool:
    """Whether a request through the proxy gets the answer of the upstream."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as client:
            client.sendall(f"GET /url-check.gif HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while part := client.recv(4096):
                answer += part
                if answer.endswith(b"x"):
                    break
    except OSError:
        return False
    return answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"x")


def start_to_first_byte_ms(side: Side, backend: int) -> float:
    """Starts the side and asks every two milliseconds until the upstream's answer comes through."""
    upstream = OneAnswer(backend)
    try:
        executed_at = side.start()
        while not asks_once(side.ports.plain):
            if not side.alive():
                raise SideFailed(f"{side.name} ended while it started: {side.last_words()}")
            if time.monotonic() - executed_at > FIRST_BYTE_TIMEOUT_S:
                raise SideFailed(f"no answer came through {side.name} in {FIRST_BYTE_TIMEOUT_S:.0f} s")
            time.sleep(0.002)
        return (time.monotonic() - executed_at) * 1000
    finally:
        upstream.close()
