"""What can be measured: every scenario by name, and the sets that are run by default, quickly and in full."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, replace

KINDS = {
    "ws": "WebSocket",
    "sse": "SSE",
    "frame": "forever frame",
    "direct": "Direct",
    "poll": "polling",
    "sse-h2": "SSE over HTTP/2",
}
SIZES = (64, 200, 1024, 8192)
PATTERNS = ("steady", "burst", "flat", "bulk")
IDLE_STEPS = (1000, 9000)

COLD_WARMUP_S = 6.0  # the first run of a process: a JVM compiles in it
FIRST_WARMUP_S = 2.5  # its first run of another scenario
OVERHEAD_S = 0.8  # of a run: starting the load, opening, draining, waiting until the proxy has let go


@dataclass(frozen=True)
class Scenario:
    """One thing to measure, on every side in the same way."""

    name: str
    plan: str  # of streamload, or "start"
    kind: str = "ws"
    tls: bool = False
    pattern: str = "steady"
    size: int = 200
    streams: int = 500
    rate: float = 20.0  # messages a second in each stream, where the pattern is steady
    warmup: float = 1.0
    seconds: float = 3.0
    fresh: bool = False  # every run in a process of its own
    rounds_cap: int | None = None  # fewer rounds than asked for, where one run says it all

    @property
    def title(self) -> str:
        """The scenario in words, for the table."""
        if self.plan == "start":
            return "from exec to the first byte of an answer that came from upstream"
        kind = KINDS[self.kind] + (", TLS 1.3" if self.tls else ", plain")
        return f"{kind}: {self._polls() if self.kind == 'poll' else self._streams()}"

    def _polls(self) -> str:
        if self.pattern == "flat":
            return f"{self.streams:,} clients that ask again at once (closed loop), 200 B answers"
        return f"{self.streams:,} clients x {self.rate:g}/s on a schedule (open loop), 200 B answers"

    def _streams(self) -> str:
        low, high = IDLE_STEPS
        return {
            "connect": "new streams as fast as they are taken, 64 being opened at a time",
            "hold": f"idle streams, {low:,} and then {high:,}",
            "fairness": f"{self.streams:,} quiet x {self.rate:g}/s, {self.size} B, alone and beside one flat out",
            "stalled": f"{self.streams:,} clients that never read, {self.size} B messages",
            "steady": f"{self.streams:,} streams x {self.rate:g}/s, {self.size} B",
            "burst": f"200 messages each 20 ms over {self.streams:,} streams, {self.size} B",
            "flat": f"{self.streams:,} streams flat out, one message in a write, {self.size} B",
            "bulk": f"{self.streams:,} streams flat out, 16 KiB in a write, {self.size} B",
        }[self.pattern if self.plan == "messages" else self.plan]

    def warmup_for(self, cold: bool, first: bool) -> float:
        """Warm-up of a run: longer in a cold process, and in its first run of this scenario."""
        if self.fresh:
            return self.warmup
        return max(self.warmup, COLD_WARMUP_S if cold else FIRST_WARMUP_S if first else 0)

    def run_seconds(self, first: bool) -> float:
        """About how long one run on one side takes."""
        warmup = self.warmup_for(False, first)
        if self.plan == "start":
            return 2.5
        if self.plan == "hold":
            return 13.0 if self.tls else 10.0
        if self.plan == "fairness":
            return 2 * (warmup + self.seconds) + OVERHEAD_S
        if self.plan == "stalled":
            return warmup + self.seconds + 5.0
        return warmup + self.seconds + OVERHEAD_S


def _stream(kind: str, tls: bool, pattern: str, size: int) -> Scenario:
    name = "-".join([kind] + (["tls"] if tls else []) + [pattern, str(size)])
    flat = pattern in ("flat", "bulk")
    rate = 5.0 if size > 4096 else 10.0 if tls else 20.0
    return Scenario(name, "messages", kind, tls, pattern, size, streams=100 if flat else 500, rate=rate)


def _polls() -> list[Scenario]:
    found = []
    for tls in (False, True):
        name = "poll-tls" if tls else "poll"
        found.append(Scenario(f"{name}-closed", "messages", "poll", tls, "flat", streams=64))
        found.append(Scenario(f"{name}-rate", "messages", "poll", tls, "steady", streams=1000, rate=4.0))
    return found


def _others() -> list[Scenario]:
    found = []
    for kind in ("ws", "sse", "direct"):
        for tls in (False, True):
            name = f"{kind}-tls" if tls else kind
            found.append(Scenario(f"open-{name}", "connect", kind, tls, warmup=1.0, seconds=3.0))
            found.append(Scenario(f"memory-{name}", "hold", kind, tls, fresh=True, rounds_cap=1))
    found.append(Scenario("fairness", "fairness", streams=1000, rate=4.0, size=200))
    found.append(Scenario("stalled", "stalled", streams=50, size=1024, fresh=True, rounds_cap=1, seconds=4.0))
    found.append(Scenario("start", "start", fresh=True))
    return found


def _http2() -> list[Scenario]:
    """Each stream in a connection of its own, so that it can be held against SSE over HTTP/1.1."""
    return [_stream("sse-h2", True, "steady", size) for size in SIZES] + [
        Scenario("open-sse-h2-tls", "connect", "sse-h2", True, warmup=1.0, seconds=3.0),
        Scenario("memory-sse-h2-tls", "hold", "sse-h2", True, fresh=True, rounds_cap=1),
    ]


def full_set() -> list[Scenario]:
    """Everything: more than an hour."""
    streams = [
        _stream(kind, tls, pattern, size)
        for kind in ("ws", "sse", "frame", "direct")
        for tls in (False, True)
        for pattern in PATTERNS
        for size in SIZES
    ]
    return streams + _http2() + _polls() + _others()


DEFAULT = (
    "ws-steady-200",
    "ws-burst-200",
    "ws-flat-200",
    "ws-bulk-200",
    "ws-tls-steady-200",
    "sse-steady-200",
    "sse-tls-steady-200",
    "sse-h2-tls-steady-200",
    "frame-steady-200",
    "direct-steady-200",
    "direct-tls-steady-200",
    "poll-closed",
    "poll-tls-rate",
    "open-ws",
    "open-ws-tls",
    "memory-ws",
    "memory-ws-tls",
    "fairness",
    "stalled",
    "start",
)
QUICK = (
    "ws-steady-200",
    "ws-flat-200",
    "ws-tls-steady-200",
    "sse-steady-200",
    "direct-steady-200",
    "poll-closed",
    "open-ws",
    "open-ws-tls",
    "memory-ws",
    "start",
)


def named(names: tuple[str, ...]) -> list[Scenario]:
    """The scenarios of these names, in this order."""
    known = {s.name: s for s in full_set()}
    return [known[name] for name in names]


def select(which: str, only: list[str]) -> list[Scenario]:
    """The set `which` (default, quick, full), cut down to the patterns `only`.

    A pattern that finds nothing in the set is looked up among all scenarios; one that finds nothing there
    either is an error (ValueError).
    """
    everything = full_set()
    chosen = {"default": lambda: named(DEFAULT), "quick": lambda: named(QUICK), "full": lambda: everything}[which]()
    if not only:
        return chosen
    found: list[Scenario] = []
    for pattern in only:
        hits = [s for s in chosen if fnmatch.fnmatchcase(s.name, pattern)]
        hits = hits or [s for s in everything if fnmatch.fnmatchcase(s.name, pattern)]
        if not hits:
            raise ValueError(f"no scenario is called '{pattern}' (scripts/bench --list --full shows all)")
        found += [s for s in hits if s not in found]
    return found


def with_seconds(scenarios: list[Scenario], seconds: float | None) -> list[Scenario]:
    """The same with another length of the measured window."""
    return scenarios if seconds is None else [replace(s, seconds=seconds) for s in scenarios]
