"""The table of a benchmark as text, and everything as JSON."""

from __future__ import annotations

from .figures import HIGHER, METRICS, Metric, Results, Run, Spread, label
from .machine import Environment
from .scenarios import Scenario

# Section 10 of the design, against HAProxy: what, metric, scenarios, ratio; at most, or at least where more is better.
TARGETS = (
    ("CPU per message, plain", "cpu_us", ("ws-steady-200", "sse-steady-200", "direct-steady-200"), 1.0),
    ("CPU per message, TLS 1.3", "cpu_us", ("ws-tls-steady-200", "sse-tls-steady-200", "direct-tls-steady-200"), 1.1),
    ("p99", "p99_us", ("ws-steady-200", "sse-steady-200", "direct-steady-200"), 1.0),
    ("p99.9", "p999_us", ("ws-steady-200", "sse-steady-200", "direct-steady-200"), 1.0),
    ("memory per idle stream", "slope_kib", ("memory-ws", "memory-ws-tls"), 1.0),
    ("new streams per second", "open_per_s", ("open-ws", "open-ws-tls"), 0.8),
)
START_TARGET_MS = 2000
PEERS = ("nginx", "haproxy")  # have no targets when one of them takes the subject's place
LABEL_WIDTH = 38
FIGURE_WIDTH = 14
RATIO_WIDTH = 18


def number(value: float) -> str:
    """Three digits that matter, thousands apart."""
    size = abs(value)
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    return f"{value:,.{digits}f}"


def ratio_text(ratio: Spread | None) -> str:
    """A ratio with its spread, when there is one."""
    if ratio is None:
        return "-"
    if ratio.rounds == 1:
        return f"{ratio.median:.2f}"
    return f"{ratio.median:.2f} ({ratio.low:.2f}-{ratio.high:.2f})"


def arrow(metric: Metric) -> str:
    """Which way is better."""
    return "" if metric.better is None else "(more)" if metric.better == HIGHER else ""


class Table:
    """Lays the results out; `subjects` are compared with `peers`, `sides` are all, in the order of columns."""

    def __init__(self, results: Results, scenarios: list[Scenario], subjects: list[str], peers: list[str]):
        self.results, self.scenarios = results, scenarios
        self.subjects, self.peers = subjects, peers
        seen = list(dict.fromkeys(run.side for run in results.runs))
        self.sides = subjects + peers + [side for side in seen if side not in subjects + peers]

    def text(self, environment: Environment | None, interrupted: bool) -> str:
        """The whole report."""
        parts = [_environment(environment)] if environment else []
        if interrupted:
            parts.append("INTERRUPTED: what follows was measured before.")
        parts.append(self._legend())
        measured = {run.scenario for run in self.results.runs}
        parts += [self._block(s) for s in self.scenarios if s.name in measured]
        if targets := self._targets():
            parts.append(targets)
        return "\n\n".join(parts) + "\n"

    def _legend(self) -> str:
        lines = ["Figures are medians over the rounds. Less is better, except where a row says (more)."]
        if self.subjects and self.peers:
            other = f"the better of {' and '.join(self.peers)}" if len(self.peers) > 1 else self.peers[0]
            lines.append(f"A ratio is {' or '.join(self.subjects)} / {other} in the same round: median (min-max).")
            lines.append(f"Below 1 {' or '.join(self.subjects)} does better; in rows with (more), above 1.")
        if len(self.peers) > 1:
            lines.append(f"{' and '.join('/' + peer for peer in self.peers)}: the ratio against each alone.")
        lines.append("! the runs had faults and give no figure; ~ other work had part of a core: see below the block.")
        return "\n".join(lines)

    def _block(self, scenario: Scenario) -> str:
        head = f"{scenario.name}{self._marks(scenario)}".ljust(LABEL_WIDTH)
        head += "".join(side.rjust(FIGURE_WIDTH) for side in self.sides)
        for subject in self.subjects:
            if self.peers:
                head += f"{subject}/{'best' if len(self.peers) > 1 else self.peers[0]}".rjust(RATIO_WIDTH)
            if len(self.peers) > 1:
                head += "".join(f"/{peer}".rjust(10) for peer in self.peers)
        lines = [head, "  " + scenario.title]
        lines += [self._row(scenario, metric) for metric in self.results.metrics(scenario.name)]
        return "\n".join(lines + self._remarks(scenario))

    def _marks(self, scenario: Scenario) -> str:
        runs = [run for run in self.results.runs if run.scenario == scenario.name]
        return (" !" if any(r.fault for r in runs) else "") + (" ~" if any(r.noise for r in runs) else "")

    def _row(self, scenario: Scenario, metric: Metric) -> str:
        words = f"  {label(metric, scenario.kind)}, {metric.unit} {arrow(metric)}"
        line = words.rstrip().ljust(LABEL_WIDTH)
        for side in self.sides:
            figure = self.results.figure(scenario.name, side, metric.key)
            faulty = any(run.fault for run in self.results.of(scenario.name, side))
            line += (number(figure.median) if figure else "!" if faulty else "-").rjust(FIGURE_WIDTH)
        for subject in self.subjects:
            if self.peers:
                line += ratio_text(self.results.ratio(scenario.name, subject, self.peers, metric)).rjust(RATIO_WIDTH)
            if len(self.peers) > 1:
                for peer in self.peers:
                    against = self.results.ratio(scenario.name, subject, [peer], metric)
                    line += (f"{against.median:.2f}" if against else "-").rjust(10)
        return line.rstrip()

    def _remarks(self, scenario: Scenario) -> list[str]:
        runs = [run for run in self.results.runs if run.scenario == scenario.name]
        lines = [f"  ! {_whose(run)}: {run.fault}" for run in runs if run.fault]
        lines += [f"  ~ {_whose(run)}: {run.noise}" for run in runs if run.noise]
        limited = list(dict.fromkeys(run.side for run in runs if run.limit))
        if limited:
            lines.append(
                f"  = the load, not the proxy, was the limit with {', '.join(limited)}: the rate is the load's"
            )
        return lines

    def _targets(self) -> str:
        lines = []
        for subject in self.subjects:
            if "haproxy" in self.peers and subject not in PEERS:
                lines += self._targets_of(subject)
        return "\n".join(["Targets of the design (section 10; ratios against HAProxy)"] + lines) if lines else ""

    def _targets_of(self, subject: str) -> list[str]:
        lines = []
        for words, key, names, limit in TARGETS:
            for name in names:
                ratio = self.results.ratio(name, subject, ["haproxy"], METRICS[key])
                if ratio is None:
                    continue
                more = METRICS[key].better == HIGHER
                met = ratio.median >= limit if more else ratio.median <= limit
                noisy = any(r.noise for side in (subject, "haproxy") for r in self.results.of(name, side))
                wanted = f"{'at least' if more else 'at most'} {limit:.1f}"
                told = f"{ratio_text(ratio):>18}  {wanted:<13} {'met' if met else 'NOT MET'}{' ~' if noisy else ''}"
                lines.append(f"  {subject + ': ' + words:<38}{name:<24}{told}")
        start = self.results.figure("start", subject, "start_ms")
        if start:
            met = "met" if start.median <= START_TARGET_MS else "NOT MET"
            told = f"{number(start.median) + ' ms':>18}  {'at most 2 s':<13} {met}"
            lines.append(f"  {subject + ': start to first byte':<38}{'start':<24}{told}")
        return lines


def _whose(run: Run) -> str:
    return f"{run.side}, round {run.round}"


def _environment(e: Environment) -> str:
    cores = f"proxy on core {e.proxy_core}, load on core {e.load_core} of {e.cores}"
    lines = [
        f"Sluice benchmark, {e.started_at}: {e.command}",
        f"  machine     {e.cpu}; {cores}; {e.memory_gib} GiB; load average at the start {e.load_average}",
        f"  kernel      {e.kernel}, {e.descriptors:,} descriptors for each process",
        f"  checkout    {e.revision or 'not a git checkout'}",
        f"  tls         {e.tls}",
    ]
    lines += [f"  {name:<11} {version}" for name, version in e.versions.items()]
    return "\n".join(lines + [f"  NOTE        {note}" for note in e.notes])


def as_json(table: Table, environment: Environment, interrupted: bool) -> dict:
    """Everything, for programs: every run with what streamload printed, and the ratios."""
    results = table.results
    ratios = []
    for scenario in table.scenarios:
        for metric in results.metrics(scenario.name):
            for subject in table.subjects:
                against = {"best": table.peers} | {peer: [peer] for peer in table.peers}
                for name, peers in against.items():
                    if ratio := results.ratio(scenario.name, subject, peers, metric):
                        about = {"scenario": scenario.name, "metric": metric.key, "subject": subject, "against": name}
                        ratios.append(about | vars(ratio) | {"better": metric.better})
    return {
        "environment": environment.as_dict(),
        "interrupted": interrupted,
        "subjects": table.subjects,
        "peers": table.peers,
        "metrics": {m.key: {"label": m.label, "unit": m.unit, "better": m.better} for m in METRICS.values()},
        "scenarios": [vars(s) | {"title": s.title} for s in table.scenarios],
        "runs": [vars(run) for run in results.runs],
        "ratios": ratios,
    }
