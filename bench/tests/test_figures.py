"""Figures: from what streamload prints to medians and ratios."""

import copy
import unittest

from sluicebench import figures
from sluicebench.figures import HIGHER, LOWER, METRICS, Results, Run

LATENCY = {"n": 30000, "p50_us": 100.0, "p90_us": 200.0, "p99_us": 400.0, "p999_us": 900.0, "max_us": 1500.0}
WINDOW = {
    "name": "messages",
    "seconds": 2.0,
    "sent": 30000,
    "received": 30000,
    "flat_received": 0,
    "proxy_cpu_ns": 300_000_000,
    "load_cpu_ns": 1_900_000_000,
    "others_on_proxy_core_pct": 1.0,
    "load_waited_pct": 2.0,
    "latency": LATENCY,
}
RAW = {
    "plan": "messages",
    "kind": "ws",
    "pattern": "steady",
    "size": 1024,
    "streams": {"asked": 500, "opened": 500, "refused": 0, "died": 0},
    "messages": {"sent": 40000, "received": 40000, "lost": 0, "corrupt": 0},
    "proxy_gone": False,
    "trouble": "",
    "windows": [WINDOW],
    "open": LATENCY,
}


def raw(**changes):
    """A run without fault, with changes."""
    return copy.deepcopy(RAW) | changes


def runs_of(side, values, key="cpu_us", scenario="ws-steady-200"):
    """One run in each round; None: that round had a fault."""
    return [
        Run(scenario, side, n, {key: v} if v is not None else {}, fault="" if v is not None else "the proxy died")
        for n, v in enumerate(values, 1)
    ]


class TheRatio(unittest.TestCase):
    def test_is_taken_against_the_better_peer_of_the_same_round_and_then_the_median(self):
        subject = {1: 10.0, 2: 20.0, 3: 12.0}
        peers = [{1: 10.0, 2: 25.0, 3: 12.0}, {1: 20.0, 2: 10.0, 3: 16.0}]
        ratio = figures.ratios(subject, peers, LOWER)
        self.assertEqual((ratio.median, ratio.low, ratio.high, ratio.rounds), (1.0, 1.0, 2.0, 3))

    def test_takes_the_larger_peer_where_more_is_better(self):
        self.assertEqual(figures.ratios({1: 90.0}, [{1: 100.0}, {1: 60.0}], HIGHER).median, 0.9)

    def test_leaves_out_rounds_in_which_a_side_has_no_figure(self):
        ratio = figures.ratios({1: 10.0, 3: 30.0}, [{2: 10.0, 3: 10.0}], LOWER)
        self.assertEqual((ratio.median, ratio.rounds), (3.0, 1))

    def test_is_absent_where_nothing_can_be_compared(self):
        self.assertIsNone(figures.ratios({1: 10.0}, [], LOWER))
        self.assertIsNone(figures.ratios({}, [{1: 10.0}], LOWER))
        self.assertIsNone(figures.ratios({1: 10.0}, [{1: 0.0}], LOWER))


class TheResults(unittest.TestCase):
    def setUp(self):
        self.results = Results(runs_of("sluice", [9.0, None, 12.0]) + runs_of("nginx", [10.0, 10.0, 10.0]))

    def test_a_run_with_a_fault_gives_no_figure(self):
        self.assertEqual(self.results.by_round("ws-steady-200", "sluice", "cpu_us"), {1: 9.0, 3: 12.0})

    def test_the_figure_is_the_median_of_the_other_runs(self):
        self.assertEqual(self.results.figure("ws-steady-200", "sluice", "cpu_us").median, 10.5)

    def test_the_ratio_is_that_of_the_rounds_without_fault(self):
        ratio = self.results.ratio("ws-steady-200", "sluice", ["nginx"], METRICS["cpu_us"])
        self.assertAlmostEqual(ratio.median, 1.05)
        self.assertEqual(ratio.rounds, 2)

    def test_what_is_only_told_has_no_ratio(self):
        self.assertIsNone(self.results.ratio("ws-steady-200", "sluice", ["nginx"], METRICS["proxy_pct"]))


class TheSlope(unittest.TestCase):
    def test_leaves_the_base_footprint_out(self):
        self.assertEqual(figures.slope_kib(1000, 50_000 + 6_000, 9000, 50_000 + 54_000), 6.0)


class APercentile(unittest.TestCase):
    def test_is_told_only_with_five_values_beyond_it(self):
        self.assertTrue(figures.percentile_is_told(500, 0.99))
        self.assertFalse(figures.percentile_is_told(499, 0.99))
        self.assertTrue(figures.percentile_is_told(5000, 0.999))
        self.assertFalse(figures.percentile_is_told(4999, 0.999))


class AFault(unittest.TestCase):
    def test_is_not_seen_where_there_is_none(self):
        self.assertEqual(figures.fault_of(raw()), "")

    def test_is_said_in_words_with_the_first_trouble(self):
        bad = raw(
            streams={"asked": 500, "opened": 500, "refused": 0, "died": 3},
            messages={"sent": 40000, "received": 39990, "lost": 10, "corrupt": 0},
            trouble="stream 7 died: reset by the proxy",
        )
        said = figures.fault_of(bad)
        self.assertIn("3 streams died", said)
        self.assertIn("10 of 40,000 messages did not arrive", said)
        self.assertIn("first: stream 7 died", said)

    def test_is_a_stream_that_never_opened(self):
        bad = raw(streams={"asked": 500, "opened": 499, "refused": 0, "died": 0})
        self.assertIn("only 499 of 500 streams opened", figures.fault_of(bad))

    def test_is_whatever_troubled_the_load_even_if_nothing_was_counted(self):
        stuck = raw(plan="connect", trouble="17 of 2000 streams opened, and then no more for 10 s")
        self.assertIn("17 of 2000", figures.fault_of(stuck))

    def test_is_a_proxy_that_is_gone(self):
        self.assertIn("the proxy died", figures.fault_of(raw(proxy_gone=True)))


class Noise(unittest.TestCase):
    def test_is_said_above_its_limit(self):
        noisy = raw(windows=[WINDOW | {"others_on_proxy_core_pct": 40.0}])
        self.assertIn("40 %", figures.noise_of(noisy))
        self.assertEqual(figures.noise_of(raw()), "")


class TheLimitOfAFlatOutRun(unittest.TestCase):
    def test_is_the_load_when_the_proxy_has_time_left(self):
        self.assertIn("15 %", figures.limit_of(raw(pattern="flat")))

    def test_is_the_proxy_when_its_core_is_full(self):
        full = raw(pattern="flat", windows=[WINDOW | {"proxy_cpu_ns": 1_990_000_000}])
        self.assertEqual(figures.limit_of(full), "")

    def test_is_not_the_load_when_others_had_the_rest_of_the_core(self):
        shared = raw(pattern="flat", windows=[WINDOW | {"others_on_proxy_core_pct": 80.0}])
        self.assertEqual(figures.limit_of(shared), "")

    def test_is_no_question_at_a_steady_rate(self):
        self.assertEqual(figures.limit_of(raw()), "")


class TheFigures(unittest.TestCase):
    def test_of_messages_are_cpu_per_message_and_latency(self):
        found = figures.figures_of(raw())
        self.assertEqual(found["cpu_us"], 10.0)
        self.assertEqual((found["p50_us"], found["p99_us"], found["p999_us"]), (100.0, 400.0, 900.0))
        self.assertNotIn("per_s", found)

    def test_of_a_flat_out_load_are_rates_too(self):
        found = figures.figures_of(raw(pattern="flat"))
        self.assertEqual(found["per_s"], 15000.0)
        self.assertAlmostEqual(found["mib_per_s"], 15000 * 1024 / 2**20)
        self.assertEqual((found["proxy_pct"], found["load_pct"]), (15.0, 95.0))

    def test_of_a_flat_out_load_tell_the_age_of_messages_without_judging_it(self):
        found = figures.figures_of(raw(pattern="flat"))
        self.assertNotIn("p99_us", found)
        self.assertIsNone(METRICS["queued_p99_us"].better)
        self.assertIn("p99_us", figures.figures_of(raw(pattern="flat", kind="poll")))

    def test_leave_out_percentiles_of_too_few_values(self):
        few = raw(windows=[WINDOW | {"latency": LATENCY | {"n": 400}}])
        self.assertEqual({"cpu_us", "p50_us", "max_us"}, set(figures.figures_of(few)))

    def test_of_no_proxy_have_no_cpu(self):
        self.assertNotIn("cpu_us", figures.figures_of(raw(windows=[WINDOW | {"proxy_cpu_ns": 0}])))

    def test_of_opening_are_rate_and_cpu_of_a_stream(self):
        connect = {"count": 4000, "open_ns": 500_000_000, "open_cpu_ns": 400_000_000, "cycle_cpu_ns": 600_000_000}
        found = figures.figures_of(raw(plan="connect", connect=connect))
        self.assertEqual((found["open_per_s"], found["open_cpu_us"], found["cycle_cpu_us"]), (8000.0, 100.0, 150.0))

    def test_of_idle_streams_are_base_and_slope(self):
        held = [
            {"streams": 0, "rss_kib": 10240},
            {"streams": 1000, "rss_kib": 20480},
            {"streams": 9000, "rss_kib": 84480},
        ]
        found = figures.figures_of(raw(plan="hold", held=held))
        self.assertEqual((found["base_mib"], found["rss_low_mib"], found["slope_kib"]), (10.0, 20.0, 8.0))

    def test_of_fairness_compare_the_quiet_alone_and_beside(self):
        alone = WINDOW | {"name": "alone"}
        beside = WINDOW | {"name": "beside", "latency": LATENCY | {"p99_us": 1000.0}, "flat_received": 4096}
        found = figures.figures_of(raw(plan="fairness", windows=[alone, beside]))
        self.assertEqual((found["alone_p99_us"], found["beside_p99_us"], found["beside_factor"]), (400.0, 1000.0, 2.5))
        self.assertEqual(found["flat_mib_per_s"], 2.0)

    def test_of_stalled_readers_are_memory_and_what_is_held(self):
        stalled = {"held_bytes": 500 * 8192, "rss_before_kib": 1000, "rss_after_kib": 3000}
        found = figures.figures_of(raw(plan="stalled", windows=[WINDOW | {"name": "stalled"}], stalled=stalled))
        self.assertEqual((found["stalled_kib"], found["held_kib"]), (4.0, 8.0))


if __name__ == "__main__":
    unittest.main()
