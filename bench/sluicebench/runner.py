"""Runs scenarios on all sides, round by round, in turn."""

from __future__ import annotations

import sys
import time
from typing import Callable

from . import figures, load
from .figures import Run
from .scenarios import COLD_WARMUP_S, FIRST_WARMUP_S, Scenario
from .sides import Side, SideFailed

SETTLE_S = 0.3  # between waking a side and measuring it


def rounds_of(scenario: Scenario, rounds: int, lift_caps: bool = False) -> int:
    """How often a scenario is run on each side."""
    return rounds if lift_caps or scenario.rounds_cap is None else min(rounds, scenario.rounds_cap)


def takes_part(scenario: Scenario, side: Side) -> bool:
    """Whether a side can be measured in a scenario: no proxy has no TLS, no memory and no start."""
    return not side.baseline or (not scenario.tls and scenario.plan in ("messages", "connect", "fairness"))


def expected_seconds(scenarios: list[Scenario], sides: list[Side], rounds: int, lift_caps: bool = False) -> float:
    """About how long the whole benchmark takes."""
    total = 0.0
    for scenario in scenarios:
        taking_part = sum(takes_part(scenario, side) for side in sides)
        number = rounds_of(scenario, rounds, lift_caps)
        again = (number - 1) * scenario.run_seconds(scenario.fresh)
        total += taking_part * (scenario.run_seconds(True) + again + number * SETTLE_S)
    if not all(scenario.fresh for scenario in scenarios):
        total += sum(COLD_WARMUP_S - FIRST_WARMUP_S for side in sides if not side.baseline)
    return total


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds) // 60:d}:{int(seconds) % 60:02d}"


class Progress:
    """Says on stderr what is being done, how long it has taken and how long it will."""

    def __init__(self, runs: int, expected_s: float):
        self.runs, self.expected_s = runs, expected_s
        self.began, self.done = time.monotonic(), 0

    def say(self, text: str, end: str = "\n") -> None:
        """A line with the time."""
        elapsed = clock(time.monotonic() - self.began)
        sys.stderr.write(f"[{self.done:3d}/{self.runs} {elapsed} of about {clock(self.expected_s)}] {text}{end}")
        sys.stderr.flush()

    def finished(self, run: Run) -> None:
        """A run is over."""
        self.done += 1
        if run.fault:
            told = f"NO FIGURES: {run.fault}"
        else:
            shown = [figures.METRICS[key] for key in list(run.figures)[:5]]
            told = "  ".join(f"{m.label} {run.figures[m.key]:,.4g} {m.unit}" for m in shown)
            told += f"  ({run.noise})" if run.noise else ""
        self.say(f"{run.scenario} round {run.round} {run.side}: {told}")


class Runner:
    """Owns the sides while scenarios run; the caller stops them at the end."""

    def __init__(self, sides: list[Side], the_load: load.Load, progress: Progress):
        self.sides, self.load, self.progress = sides, the_load, progress
        self.warm: set[tuple[str, str]] = set()  # (scenario, side): has run in this process

    def run(self, scenario: Scenario, rounds: int, keep: Callable[[Run], None]) -> None:
        """All rounds of one scenario; in each round every side in turn, another one first each time."""
        sides = [side for side in self.sides if takes_part(scenario, side)]
        for number in range(1, rounds + 1):
            first = (number - 1) % len(sides) if sides else 0
            for side in sides[first:] + sides[:first]:
                run = self._one(scenario, side, number)
                self.progress.finished(run)
                keep(run)

    def _one(self, scenario: Scenario, side: Side, number: int) -> Run:
        run = Run(scenario.name, side.name, number)
        try:
            if scenario.fresh:
                self.stop_all()
            if scenario.plan == "start":
                run.figures["start_ms"] = load.start_to_first_byte_ms(side, self.load.backend)
            else:
                self._measure(scenario, side, run)
        except (SideFailed, load.LoadFailed) as failed:
            run.fault = str(failed)
        if run.fault:
            run.figures = {}
        if scenario.fresh:
            side.stop()
        return run

    def _measure(self, scenario: Scenario, side: Side, run: Run) -> None:
        self._only(side)
        pids = side.pids()
        first = not side.baseline and (scenario.name, side.name) not in self.warm
        cold = first and not any(name == side.name for _, name in self.warm)
        run.raw = self.load.run(scenario, side, scenario.warmup_for(cold, first))
        run.limit = figures.limit_of(run.raw)
        run.fault = figures.fault_of(run.raw)
        run.noise = figures.noise_of(run.raw)
        if not side.baseline and (not side.alive() or side.pids() != pids):
            run.fault = f"{side.name} died: {side.last_words()}"
            side.stop()
        if not run.fault:
            run.figures = figures.figures_of(run.raw)
            self.warm.add((scenario.name, side.name))
        if held := side.wait_until_released():
            self.progress.say(f"{side.name} still holds {held:,} descriptors 5 s after {scenario.name}")

    def _only(self, side: Side) -> None:
        """One side awake and ready, the others asleep."""
        for other in self.sides:
            if other is not side:
                other.sleep()
        side.wake()
        if not side.baseline and not side.alive():
            side.stop()
            self.warm = {(scenario, name) for scenario, name in self.warm if name != side.name}
            side.start()
            side.wait_until_ready()
        time.sleep(SETTLE_S)

    def stop_all(self) -> None:
        """Stops every side and the load."""
        self.load.stop()
        self.warm.clear()
        for side in self.sides:
            side.stop()
