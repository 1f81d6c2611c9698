"""The table and the JSON."""

import json
import unittest

from sluicebench import report
from sluicebench.figures import Results, Run, Spread
from sluicebench.machine import Environment
from sluicebench.report import Table
from sluicebench.scenarios import named

ENVIRONMENT = Environment(
    started_at="2026-11-23 10:00:00",
    command="scripts/bench --only ws-steady-200",
    cpu="A CPU",
    cores=2,
    proxy_core=0,
    load_core=1,
    notes=["a note"],
    kernel="Linux 6.1",
    memory_gib=16.0,
    descriptors=20000,
    load_average="0.10 0.10 0.10",
    versions={"sluice": "0.1", "nginx": "1.22"},
    tls="TLS 1.3",
    revision="abc",
)


def runs(side, cpu, rate, fault=""):
    """Two scenarios, one round."""
    return [
        Run("ws-steady-200", side, 1, {} if fault else {"cpu_us": cpu}, fault),
        Run("open-ws", side, 1, {"open_per_s": rate}),
    ]


def table(*, fault=""):
    """Sluice with two peers."""
    all_runs = runs("sluice", 9.0, 8000.0, fault) + runs("nginx", 10.0, 9000.0) + runs("haproxy", 12.0, 10000.0)
    return Table(Results(all_runs), named(("ws-steady-200", "open-ws")), ["sluice"], ["nginx", "haproxy"])


def row(text, words):
    """The cells of the row that begins with these words."""
    line = next(line for line in text.splitlines() if line.strip().startswith(words))
    return line.strip()[len(words) :].split()


class Numbers(unittest.TestCase):
    def test_have_three_digits_that_matter(self):
        shown = [report.number(v) for v in (0.5, 9.994, 9.996, 12.34, 99.96, 1234.5, -12.34)]
        self.assertEqual(shown, ["0.50", "9.99", "10.0", "12.3", "100", "1,234", "-12.3"])

    def test_of_ratios_show_the_spread_of_several_rounds(self):
        self.assertEqual(report.ratio_text(Spread(0.9, 0.8, 1.1, 3)), "0.90 (0.80-1.10)")
        self.assertEqual(report.ratio_text(Spread(0.9, 0.9, 0.9, 1)), "0.90")
        self.assertEqual(report.ratio_text(None), "-")


class TheTable(unittest.TestCase):
    def test_shows_figures_of_all_sides_and_ratios_against_the_better_peer_and_each(self):
        text = table().text(ENVIRONMENT, False)
        self.assertEqual(row(text, "CPU per message, us"), ["9.00", "10.0", "12.0", "0.90", "0.90", "0.75"])

    def test_compares_with_the_larger_where_more_is_better(self):
        text = table().text(ENVIRONMENT, False)
        cells = row(text, "new streams per second, /s (more)")
        self.assertEqual(cells, ["8,000", "9,000", "10,000", "0.80", "0.89", "0.80"])

    def test_shows_a_fault_and_no_figure(self):
        text = table(fault="10 streams died").text(ENVIRONMENT, False)
        self.assertEqual(row(text, "CPU per message, us"), ["!", "10.0", "12.0", "-", "-", "-"])
        self.assertIn("ws-steady-200 !", text)
        self.assertIn("! sluice, round 1: 10 streams died", text)

    def test_judges_the_targets(self):
        text = table().text(ENVIRONMENT, False)
        targets = text[text.index("Targets") :].splitlines()
        self.assertTrue(any("CPU per message" in line and line.endswith(" met") for line in targets))
        self.assertTrue(any("new streams" in line and line.endswith(" met") for line in targets))

    def test_calls_a_poll_a_request(self):
        results = Results([Run("poll-closed", "nginx", 1, {"cpu_us": 20.0})])
        text = Table(results, named(("poll-closed",)), ["nginx"], []).text(None, False)
        self.assertIn("CPU per request", text)

    def test_says_when_it_is_not_complete(self):
        self.assertIn("INTERRUPTED", table().text(ENVIRONMENT, True))

    def test_says_where_it_was_measured(self):
        text = table().text(ENVIRONMENT, False)
        for words in ("A CPU", "Linux 6.1", "a note", "scripts/bench --only ws-steady-200", "1.22"):
            self.assertIn(words, text)


class TheJson(unittest.TestCase):
    def test_holds_every_run_and_the_ratios_against_the_best_and_each(self):
        document = json.loads(json.dumps(report.as_json(table(), ENVIRONMENT, False)))
        self.assertEqual(len(document["runs"]), 6)
        cpu = {r["against"]: r["median"] for r in document["ratios"] if r["metric"] == "cpu_us"}
        self.assertEqual(cpu, {"best": 0.9, "nginx": 0.9, "haproxy": 0.75})


if __name__ == "__main__":
    unittest.main()
