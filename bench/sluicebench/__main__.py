"""The command line: scripts/bench."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from . import configs, load, machine, plot, runner, sides
from .figures import Results, Run
from .report import Table, as_json
from .scenarios import Scenario, select, with_seconds

ROOT = Path(__file__).resolve().parents[2]
KNOWN_PEERS = ("nginx", "haproxy", sides.BASELINE)

EXAMPLES = """
examples:
  scripts/bench                                     the default set, 3 rounds: about 15 minutes
  scripts/bench --quick                             one short round of the most telling: about 3 minutes
  scripts/bench --only 'ws*steady*' --rounds 5      WebSocket at a steady rate, plain and TLS, five rounds
  scripts/bench --only 'memory-*'                   resident memory
  scripts/bench --jdk /usr/lib/jvm/java-17 --jdk /usr/lib/jvm/java-25    Sluice on two JDKs, side by side
  scripts/bench --peers nginx,haproxy,none          with the load alone (no proxy) as a third column
  scripts/bench --agent control --agent off --agent metrics --only 'ws-steady-200'    what the latency agent costs
  scripts/bench --no-sluice --quick                 the peers only; the first is compared with the second
  scripts/bench --list --full                       all scenarios, and how long they take

The report, its JSON, the plot and the configurations of all sides go to bench/out/<time>/.
bench/README.md explains each scenario, and what the figures do not show.
"""


class Interrupted(Exception):
    """A signal told us to stop."""


def options(arguments: list[str]) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures Sluice beside nginx and HAProxy: the same load, one core each time, in turn.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sets = parser.add_mutually_exclusive_group()
    sets.add_argument("--quick", action="store_true", help="a few scenarios, one round, windows of 1 s")
    sets.add_argument("--full", action="store_true", help="all scenarios: hours")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each scenario (3; --quick: 1)")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="scenarios, as ws-*; repeatable")
    parser.add_argument("--seconds", type=float, metavar="S", help="length of a measured window (3; --quick: 1)")
    parser.add_argument("--jdk", action="append", default=[], metavar="HOME", help="run Sluice on this JDK; repeatable")
    parser.add_argument(
        "--agent",
        action="append",
        default=[],
        metavar="HOW",
        help=f"Sluice with its agent ({', '.join(sides.AGENTS)}) beside Sluice without; repeatable",
    )
    parser.add_argument("--peers", default="nginx,haproxy", metavar="LIST", help="nginx,haproxy; none = no proxy")
    parser.add_argument("--no-sluice", action="store_true", help="the peers only")
    parser.add_argument("--subject-command", metavar="CMD", help="run this instead of Sluice; {config} = its file")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there too")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write the plot there too")
    parser.add_argument("--list", action="store_true", help="show the scenarios that would run, and stop")
    chosen = parser.parse_args(arguments)
    chosen.peers = [peer for peer in chosen.peers.split(",") if peer]
    for peer in chosen.peers:
        if peer not in KNOWN_PEERS:
            parser.error(f"--peers: '{peer}' is not known (known: {', '.join(KNOWN_PEERS)})")
    if chosen.rounds is not None and chosen.rounds < 1:
        parser.error("--rounds: at least 1")
    if chosen.seconds is not None and not 0 < chosen.seconds <= 3600:
        parser.error("--seconds: more than 0, at most 3600")
    if chosen.no_sluice and (chosen.jdk or chosen.subject_command):
        parser.error("--no-sluice does not go with --jdk or --subject-command")
    for how in chosen.agent:
        if how not in sides.AGENTS:
            parser.error(f"--agent: '{how}' is not known (known: {', '.join(sides.AGENTS)})")
    if chosen.agent and (chosen.no_sluice or chosen.subject_command or len(chosen.jdk) > 1):
        parser.error("--agent does not go with --no-sluice, --subject-command or more than one --jdk")
    if chosen.agent:
        chosen.peers = []
    if chosen.jdk and chosen.subject_command:
        parser.error("--jdk does not go with --subject-command: set JAVA_HOME in the command")
    chosen.caps_lifted = chosen.rounds is not None
    chosen.rounds = chosen.rounds or (1 if chosen.quick else 3)
    return chosen


def scenarios_of(chosen: argparse.Namespace) -> list[Scenario]:
    """The scenarios asked for."""
    which = "full" if chosen.full else "quick" if chosen.quick else "default"
    seconds = chosen.seconds or (1.0 if chosen.quick else None)
    return with_seconds(select(which, chosen.only), seconds)


def show_list(chosen: argparse.Namespace, scenarios: list[Scenario]) -> None:
    """--list."""
    subjects = 0 if chosen.no_sluice else max(len(chosen.jdk), len(chosen.agent) + 1)
    number = subjects + len(chosen.peers)
    total = 0.0
    for scenario in scenarios:
        rounds = runner.rounds_of(scenario, chosen.rounds, chosen.caps_lifted)
        seconds = number * (scenario.run_seconds(True) + (rounds - 1) * scenario.run_seconds(scenario.fresh))
        total += seconds
        print(f"{scenario.name:<24} {runner.clock(seconds):>6}  {scenario.title}")
    print(f"{len(scenarios)} scenarios, about {runner.clock(total)} (minutes:seconds) on {number} sides")


def complain_about_missing(peers: list[str]) -> bool:
    """Says what is not installed and how it would be; installs nothing."""
    missing = machine.missing_packages(peers)
    if not missing:
        return False
    packages = sorted({package for needed in missing.values() for package in needed})
    print(f"scripts/bench needs what is not installed here: {', '.join(missing)}", file=sys.stderr)
    print(f"  sudo apt-get install --no-install-recommends {' '.join(packages)}", file=sys.stderr)
    if any(peer in missing for peer in peers):
        print("  or leave a peer out: --peers nginx, --peers haproxy", file=sys.stderr)
    return True


def build_sluice() -> str:
    """Builds Sluice when it does not run yet; returns what is wrong, or nothing."""
    launcher = ROOT / "scripts" / "sluice"
    if not os.access(launcher, os.X_OK):
        return "scripts/sluice is not there: measure the peers with --no-sluice, or another with --subject-command"
    if subprocess.run([launcher, "--version"], capture_output=True, check=False).returncode == 0:
        return ""
    if not shutil.which("mvn"):
        return "Sluice is not built and mvn is not installed:\n  sudo apt-get install --no-install-recommends maven"
    print("building Sluice: mvn -q -DskipTests package", file=sys.stderr)
    subprocess.run(["mvn", "-q", "-B", "-DskipTests", "package"], cwd=ROOT, stdout=sys.stderr, check=False)
    done = subprocess.run([launcher, "--version"], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"scripts/sluice --version fails:\n{(done.stdout + done.stderr).strip()}"


def make_subjects(chosen: argparse.Namespace, place: sides.Place) -> list[sides.Side]:
    """Sluice, once for each JDK or agent; or what is measured in its place."""
    if chosen.no_sluice:
        return []
    if chosen.agent:
        home = chosen.jdk[0] if chosen.jdk else None
        return [sides.sluice(place, f"agent-{how}", home, None, sides.AGENTS[how]) for how in chosen.agent]
    if not chosen.jdk:
        name = "subject" if chosen.subject_command else "sluice"
        return [sides.sluice(place, name, None, chosen.subject_command)]
    made: list[sides.Side] = []
    for home in chosen.jdk:
        name = f"sluice-jdk{sides.jdk_feature(home)}"
        if any(side.name == name for side in made):
            name += f"-{len(made) + 1}"
        made.append(sides.sluice(place, name, home, None))
    return made


def make_peers(chosen: argparse.Namespace, place: sides.Place) -> list[sides.Side]:
    """nginx, HAProxy, no proxy; or Sluice without the agent, where that is what is asked."""
    if chosen.agent:
        return [sides.sluice(place, "sluice", chosen.jdk[0] if chosen.jdk else None, None)]
    makers = {"nginx": sides.nginx, "haproxy": sides.haproxy, sides.BASELINE: sides.baseline}
    return [makers[peer](place) for peer in chosen.peers]


def on_signal(number: int, _frame: object) -> None:
    """Turns signals into an exception, so that everything is cleaned up on the way out."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: None)  # a second one must not break the cleaning up
    raise Interrupted(signal.Signals(number).name)


def captions(chosen: argparse.Namespace, table: Table, environment: machine.Environment) -> tuple[str, str]:
    """Title and subtitle of the plot."""
    title = f"{' and '.join(table.subjects) or 'Nothing'} beside {' and '.join(table.peers) or 'nothing'}"
    rounds = f"{chosen.rounds} round{'s' if chosen.rounds > 1 else ''}"
    where = f"{environment.cpu}, {environment.kernel}, one core for the proxy, one for the load"
    return title, f"{environment.started_at}; {where}; {rounds}; revision {environment.revision or 'unknown'}"


def write_results(chosen: argparse.Namespace, out: Path, table: Table, environment: machine.Environment, cut: bool):
    """Text to stdout; text, JSON and plot to the output folder and where they were asked for."""
    text = table.text(environment, cut)
    print(text)
    (out / "report.txt").write_text(text, encoding="utf-8")
    picture = plot.draw(table, *captions(chosen, table, environment))
    document = json.dumps(as_json(table, environment, cut), indent=1) + "\n"
    for path, content in ((out / "results.json", document), (out / "plot.svg", picture)):
        path.write_text(content, encoding="utf-8")
    if chosen.json:
        chosen.json.write_text(document, encoding="utf-8")
    if chosen.svg:
        chosen.svg.write_text(picture, encoding="utf-8")
    print(f"report, JSON, plot and the configurations of all sides: {out}", file=sys.stderr)


def measure(chosen: argparse.Namespace, scenarios: list[Scenario], work: Path, started: datetime.datetime) -> int:
    """Everything that starts a process."""
    cores, descriptors = machine.choose_cores(), machine.raise_descriptor_limit()
    program = ROOT / "bench" / "out" / "streamload"
    load.build(program)
    configs.write_certificate(work)
    out = ROOT / "bench" / "out" / started.strftime("%Y%m%dT%H%M%S")
    out.mkdir(parents=True)
    place = sides.Place(work, out, ROOT, cores, sides.free_ports(1)[0], descriptors)
    subjects, peers = make_subjects(chosen, place), make_peers(chosen, place)
    everyone = subjects + peers
    environment = environment_of(everyone, cores, descriptors, started)
    for note in environment.notes:
        print(f"NOTE: {note}", file=sys.stderr)
    os.sched_setaffinity(0, {cores.load})
    runs, cut = run_all(chosen, scenarios, everyone, load.Load(program, place.backend, cores))
    real_peers = [peer.name for peer in peers if not peer.baseline]
    compared = [side.name for side in subjects] or real_peers[:1]
    table = Table(Results(runs), scenarios, compared, [peer for peer in real_peers if peer not in compared])
    write_results(chosen, out, table, environment, cut)
    return 130 if cut else 1 if any(run.fault for run in runs) else 0


def environment_of(
    everyone: list[sides.Side], cores: machine.Cores, descriptors: int, started: datetime.datetime
) -> machine.Environment:
    """Machine and versions."""
    versions = {side.name: side.version for side in everyone}
    versions["gcc"] = machine.first_line(machine.output_of("gcc", "--version"))
    versions["openssl"] = machine.first_line(machine.output_of("openssl", "version"))
    versions["python"] = sys.version.split()[0]
    command = " ".join(["scripts/bench"] + [shlex.quote(word) for word in sys.argv[1:]])
    return machine.describe(started.isoformat(" ", "seconds"), command, cores, descriptors, versions)


def run_all(
    chosen: argparse.Namespace, scenarios: list[Scenario], everyone: list[sides.Side], the_load: load.Load
) -> tuple[list[Run], bool]:
    """Runs everything; returns the runs, and whether a signal cut it short. No process is left after it."""
    runs: list[Run] = []
    rounds = {s.name: runner.rounds_of(s, chosen.rounds, chosen.caps_lifted) for s in scenarios}
    number = sum(rounds[s.name] * sum(runner.takes_part(s, side) for side in everyone) for s in scenarios)
    expected = runner.expected_seconds(scenarios, everyone, chosen.rounds, chosen.caps_lifted)
    progress = runner.Progress(number, expected)
    progress.say(f"{len(scenarios)} scenarios on {', '.join(side.name for side in everyone)}")
    running = runner.Runner(everyone, the_load, progress)
    cut = False
    try:
        for scenario in scenarios:
            running.run(scenario, rounds[scenario.name], runs.append)
    except Interrupted as why:
        cut = True
        print(f"interrupted by {why}: stopping all sides", file=sys.stderr)
    finally:
        running.stop_all()
    return runs, cut


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 all measured, 1 some run had a fault, 2 could not be done, 130 interrupted."""
    chosen = options(arguments)
    try:
        scenarios = scenarios_of(chosen)
    except ValueError as wrong:
        print(f"scripts/bench: {wrong}", file=sys.stderr)
        return 2
    if chosen.list:
        show_list(chosen, scenarios)
        return 0
    if not ready(chosen):
        return 2
    return guarded(chosen, scenarios)


def ready(chosen: argparse.Namespace) -> bool:
    """Whether all that is needed is there; says what is not."""
    if complain_about_missing(chosen.peers):
        return False
    if chosen.no_sluice or chosen.subject_command:
        return True
    wrong = build_sluice()
    if wrong:
        print(f"scripts/bench: {wrong}", file=sys.stderr)
    return not wrong


def guarded(chosen: argparse.Namespace, scenarios: list[Scenario]) -> int:
    """Measures, and cleans up whatever happens."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    work = Path(tempfile.mkdtemp(prefix="sluice-bench-"))
    work.chmod(0o755)  # nginx's worker is another user when the benchmark is run by root
    try:
        return measure(chosen, scenarios, work, datetime.datetime.now())
    except (sides.SideFailed, load.LoadFailed) as failed:
        print(f"scripts/bench: {failed}", file=sys.stderr)
        return 2
    except Interrupted as why:
        print(f"scripts/bench: interrupted by {why}", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
