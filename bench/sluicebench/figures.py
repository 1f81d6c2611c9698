"""The arithmetic: from what streamload prints to figures, from the figures of all sides to ratios. No I/O."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

LOWER, HIGHER = "lower", "higher"

# A percentile is given only where at least five values lie beyond it.
VALUES_BEYOND = 5


@dataclass(frozen=True)
class Metric:
    """One row of the table."""

    key: str
    label: str
    unit: str
    better: str | None = LOWER  # None: told, not judged
    plot: bool = False


METRICS = {
    m.key: m
    for m in (
        Metric("cpu_us", "CPU per message", "us", LOWER, plot=True),
        Metric("p50_us", "p50", "us"),
        Metric("p99_us", "p99", "us", LOWER, plot=True),
        Metric("p999_us", "p99.9", "us", LOWER, plot=True),
        Metric("max_us", "max", "us"),
        Metric("queued_p50_us", "age on arrival, p50", "us", None),
        Metric("queued_p99_us", "age on arrival, p99", "us", None),
        Metric("per_s", "messages per second", "/s", HIGHER, plot=True),
        Metric("mib_per_s", "payload", "MiB/s", HIGHER),
        Metric("proxy_pct", "proxy's core used", "%", None),
        Metric("load_pct", "load's core used", "%", None),
        Metric("open_per_s", "new streams per second", "/s", HIGHER, plot=True),
        Metric("open_cpu_us", "CPU per new stream", "us", LOWER, plot=True),
        Metric("cycle_cpu_us", "CPU per stream opened and closed", "us"),
        Metric("open_p99_us", "p99 of opening", "us"),
        Metric("base_mib", "base footprint", "MiB", LOWER, plot=True),
        Metric("rss_low_mib", "memory at 1,000 streams", "MiB"),
        Metric("rss_high_mib", "memory at 9,000 streams", "MiB", LOWER, plot=True),
        Metric("slope_kib", "memory per idle stream", "KiB", LOWER, plot=True),
        Metric("alone_p99_us", "p99 of the quiet, alone", "us"),
        Metric("beside_p99_us", "p99 of the quiet, beside", "us", LOWER, plot=True),
        Metric("beside_max_us", "max of the quiet, beside", "us"),
        Metric("beside_factor", "p99 beside / alone", "x"),
        Metric("flat_mib_per_s", "payload of the one flat out", "MiB/s", None),
        Metric("stalled_kib", "memory per stalled stream", "KiB", LOWER, plot=True),
        Metric("held_kib", "held per stalled stream, kernel too", "KiB", LOWER, plot=True),
        Metric("stalled_pct", "proxy's core used while all stall", "%", None),
        Metric("start_ms", "start to first byte", "ms", LOWER, plot=True),
    )
}

POLL_LABELS = {"cpu_us": "CPU per request", "per_s": "requests per second"}


def label(metric: Metric, kind: str) -> str:
    """The metric in the words of the kind: a poll is a request, not a message."""
    return POLL_LABELS.get(metric.key, metric.label) if kind == "poll" else metric.label


@dataclass
class Run:
    """One scenario on one side, once."""

    scenario: str
    side: str
    round: int
    figures: dict[str, float] = field(default_factory=dict)
    fault: str = ""  # streams that died, messages that were lost ...: then there are no figures
    noise: str = ""  # what else ran on the cores: the figures stand, with a mark
    limit: str = ""  # flat out, but something else than the proxy was the limit
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Spread:
    """A median with its smallest and largest value, over the rounds."""

    median: float
    low: float
    high: float
    rounds: int


def spread(values: list[float]) -> Spread | None:
    """The median and the spread of the values there are."""
    return Spread(statistics.median(values), min(values), max(values), len(values)) if values else None


def slope_kib(low_streams: int, low_kib: float, high_streams: int, high_kib: float) -> float:
    """Memory per stream between two numbers of streams, so that the base footprint is not in it."""
    return (high_kib - low_kib) / (high_streams - low_streams)


def percentile_is_told(n: int, share: float) -> bool:
    """Whether n values are enough for this percentile to mean anything."""
    return n * (1 - share) >= VALUES_BEYOND - 1e-9


def best(values: list[float], better: str) -> float:
    """The better of the peers."""
    return min(values) if better == LOWER else max(values)


def ratios(subject: dict[int, float], peers: list[dict[int, float]], better: str) -> Spread | None:
    """Subject / better of the peers *in the same round*, over the rounds in which both have a figure."""
    found = []
    for number, value in subject.items():
        others = [peer[number] for peer in peers if number in peer]
        if others and best(others, better) > 0:
            found.append(value / best(others, better))
    return spread(found)


# ------------------------------------------------------------------ from streamload to figures


def fault_of(raw: dict) -> str:
    """What went wrong in a run, in words; empty when nothing did."""
    streams, messages = raw["streams"], raw["messages"]
    found = []
    if raw["proxy_gone"]:
        found.append("the proxy died")
    if streams["refused"]:
        found.append(f"{streams['refused']:,} streams did not open")
    if streams["died"]:
        found.append(f"{streams['died']:,} streams died")
    if raw["plan"] in ("messages", "hold", "fairness", "stalled") and streams["opened"] < streams["asked"]:
        found.append(f"only {streams['opened']:,} of {streams['asked']:,} streams opened")
    if messages["lost"]:
        found.append(f"{messages['lost']:,} of {messages['sent']:,} messages did not arrive")
    if messages["corrupt"]:
        found.append(f"{messages['corrupt']:,} messages arrived torn, doubled or out of order")
    if raw["trouble"]:
        found.append(f"first: {raw['trouble']}" if found else raw["trouble"])
    return "; ".join(found)


def noise_of(raw: dict, limit_pct: float = 15.0) -> str:
    """What else had the cores while the windows were measured; empty when little did."""
    others = max((w["others_on_proxy_core_pct"] for w in raw["windows"]), default=0)
    waited = max((w["load_waited_pct"] for w in raw["windows"]), default=0)
    found = []
    if others > limit_pct:
        found.append(f"others had {others:.0f} % of the proxy's core")
    if waited > limit_pct:
        found.append(f"the load waited {waited:.0f} % of the time for its core")
    return "; ".join(found)


def limit_of(raw: dict, full_pct: float = 90.0) -> str:
    """Says so when a load that was to be flat out was itself the limit; empty when the proxy was."""
    window = next((w for w in raw["windows"] if w["name"] == "messages"), None)
    if window is None or raw["pattern"] not in ("flat", "bulk") or window["proxy_cpu_ns"] <= 0:
        return ""
    proxy, ours = (window[key] / window["seconds"] / 1e7 for key in ("proxy_cpu_ns", "load_cpu_ns"))
    busy = proxy + window["others_on_proxy_core_pct"]
    return f"the proxy used {proxy:.0f} % of its core, the load {ours:.0f} % of the other" if busy < full_pct else ""


def figures_of(raw: dict) -> dict[str, float]:
    """The figures of a run without fault, by metric key."""
    plan = raw["plan"]
    windows = {w["name"]: w for w in raw["windows"]}
    if plan == "messages":
        return _messages(raw, windows["messages"])
    if plan == "connect":
        return _connect(raw)
    if plan == "hold":
        return _hold(raw["held"])
    if plan == "fairness":
        return _fairness(raw, windows["alone"], windows["beside"])
    if plan == "stalled":
        return _stalled(raw, windows["stalled"])
    raise ValueError(f"plan '{plan}' is not known")


def _latencies(latency: dict) -> dict[str, float]:
    found = {"p50_us": latency["p50_us"]}
    if percentile_is_told(latency["n"], 0.99):
        found["p99_us"] = latency["p99_us"]
    if percentile_is_told(latency["n"], 0.999):
        found["p999_us"] = latency["p999_us"]
    found["max_us"] = latency["max_us"]
    return found


def _messages(raw: dict, window: dict) -> dict[str, float]:
    found: dict[str, float] = {}
    if window["received"] == 0:
        return found
    if window["proxy_cpu_ns"] > 0:
        found["cpu_us"] = window["proxy_cpu_ns"] / window["received"] / 1e3
    flat = raw["pattern"] in ("flat", "bulk")
    if flat and raw["kind"] != "poll":
        # How deep the buffers on the way are, not how fast the proxy is: told, not judged.
        found["queued_p50_us"] = window["latency"]["p50_us"]
        found["queued_p99_us"] = window["latency"]["p99_us"]
    else:
        found.update(_latencies(window["latency"]))
    if flat:
        found["per_s"] = window["received"] / window["seconds"]
        if raw["kind"] != "poll":
            found["mib_per_s"] = found["per_s"] * raw["size"] / 2**20
        found["proxy_pct"] = window["proxy_cpu_ns"] / window["seconds"] / 1e7
        found["load_pct"] = window["load_cpu_ns"] / window["seconds"] / 1e7
    return found


def _connect(raw: dict) -> dict[str, float]:
    connect = raw["connect"]
    count = connect["count"]
    found = {"open_per_s": count / (connect["open_ns"] / 1e9), "open_p99_us": raw["open"]["p99_us"]}
    if connect["open_cpu_ns"] > 0:
        found["open_cpu_us"] = connect["open_cpu_ns"] / count / 1e3
        found["cycle_cpu_us"] = connect["cycle_cpu_ns"] / count / 1e3
    return found


def _hold(held: list[dict]) -> dict[str, float]:
    base, low, high = held[0], held[1], held[-1]
    found = {"base_mib": base["rss_kib"] / 1024, "rss_low_mib": low["rss_kib"] / 1024}
    if high is not low:
        found["rss_high_mib"] = high["rss_kib"] / 1024
        found["slope_kib"] = slope_kib(low["streams"], low["rss_kib"], high["streams"], high["rss_kib"])
    return found


def _fairness(raw: dict, alone: dict, beside: dict) -> dict[str, float]:
    found = {"beside_max_us": beside["latency"]["max_us"]}
    if percentile_is_told(min(alone["latency"]["n"], beside["latency"]["n"]), 0.99):
        found["alone_p99_us"] = alone["latency"]["p99_us"]
        found["beside_p99_us"] = beside["latency"]["p99_us"]
        found["beside_factor"] = beside["latency"]["p99_us"] / alone["latency"]["p99_us"]
    found["flat_mib_per_s"] = beside["flat_received"] * raw["size"] / 2**20 / beside["seconds"]
    return found


def _stalled(raw: dict, window: dict) -> dict[str, float]:
    stalled, streams = raw["stalled"], raw["streams"]["opened"]
    return {
        "stalled_kib": (stalled["rss_after_kib"] - stalled["rss_before_kib"]) / streams,
        "held_kib": stalled["held_bytes"] / 1024 / streams,
        "stalled_pct": window["proxy_cpu_ns"] / window["seconds"] / 1e7,
    }


# ------------------------------------------------------------------ over all runs


class Results:
    """All runs of a benchmark, asked by scenario, side and metric."""

    def __init__(self, runs: list[Run]):
        self.runs = runs

    def of(self, scenario: str, side: str) -> list[Run]:
        """The runs of one side in one scenario."""
        return [r for r in self.runs if r.scenario == scenario and r.side == side]

    def by_round(self, scenario: str, side: str, key: str) -> dict[int, float]:
        """The figures of one side, by round; rounds with a fault have none."""
        return {r.round: r.figures[key] for r in self.of(scenario, side) if not r.fault and key in r.figures}

    def figure(self, scenario: str, side: str, key: str) -> Spread | None:
        """The median over the rounds."""
        return spread(list(self.by_round(scenario, side, key).values()))

    def ratio(self, scenario: str, subject: str, peers: list[str], metric: Metric) -> Spread | None:
        """Subject / better of the peers; None where one of them has no figure or nothing is to be judged."""
        if metric.better is None:
            return None
        mine = self.by_round(scenario, subject, metric.key)
        return ratios(mine, [self.by_round(scenario, peer, metric.key) for peer in peers], metric.better)

    def metrics(self, scenario: str) -> list[Metric]:
        """The metrics of which some side has a figure, in the order of the table."""
        keys = {key for r in self.runs if r.scenario == scenario for key in r.figures}
        return [m for m in METRICS.values() if m.key in keys]
