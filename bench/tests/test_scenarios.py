"""The scenarios, their selection, and the configurations and command lines made for them."""

import unittest
from pathlib import Path

from sluicebench import configs, load, runner, scenarios
from sluicebench.configs import Ports
from sluicebench.machine import Cores
from sluicebench.scenarios import DEFAULT, QUICK, full_set, named, select
from sluicebench.sides import Side

PORTS = Ports(11001, 11002, 11003, 11004)


class TheSets(unittest.TestCase):
    def test_have_no_name_twice(self):
        names = [s.name for s in full_set()]
        self.assertEqual(len(names), len(set(names)))

    def test_of_default_and_quick_are_parts_of_the_full_one(self):
        self.assertEqual([s.name for s in named(DEFAULT)], list(DEFAULT))
        self.assertEqual([s.name for s in named(QUICK)], list(QUICK))

    def test_cover_each_kind_plain_and_tls_each_pattern_and_each_size(self):
        streams = [s for s in full_set() if s.plan == "messages" and s.kind not in ("poll", "sse-h2")]
        self.assertEqual(len(streams), 4 * 2 * 4 * 4)
        self.assertEqual({s.size for s in streams}, {64, 200, 1024, 8192})

    def test_have_a_title_for_each(self):
        for scenario in full_set():
            self.assertGreater(len(scenario.title), 10, scenario.name)

    def test_fit_into_the_descriptors_of_one_process(self):
        self.assertLessEqual(2 * max(scenarios.IDLE_STEPS) + 100, 20000)


class Selection(unittest.TestCase):
    def test_without_a_pattern_is_the_set(self):
        self.assertEqual([s.name for s in select("quick", [])], list(QUICK))

    def test_takes_a_pattern_from_the_set_in_force(self):
        self.assertEqual([s.name for s in select("default", ["memory-*"])], ["memory-ws", "memory-ws-tls"])

    def test_finds_any_scenario_by_its_name(self):
        self.assertEqual([s.name for s in select("quick", ["sse-tls-bulk-8192"])], ["sse-tls-bulk-8192"])

    def test_refuses_a_pattern_that_finds_nothing(self):
        with self.assertRaisesRegex(ValueError, "no scenario is called 'nonsense'"):
            select("default", ["nonsense"])


class Rounds(unittest.TestCase):
    def test_are_capped_where_one_says_it_all(self):
        memory, steady = named(("memory-ws", "ws-steady-200"))
        self.assertEqual(runner.rounds_of(memory, 3), 1)
        self.assertEqual(runner.rounds_of(memory, 3, lift_caps=True), 3)
        self.assertEqual(runner.rounds_of(steady, 3), 3)

    def test_leave_no_proxy_out_where_it_has_no_part(self):
        nobody = Side("none", Ports(1, 0, 1, 0))
        taking_part = [s.name for s in named(DEFAULT) if runner.takes_part(s, nobody)]
        self.assertIn("ws-steady-200", taking_part)
        for name in ("ws-tls-steady-200", "memory-ws", "start", "stalled"):
            self.assertNotIn(name, taking_part)


class CommandLines(unittest.TestCase):
    def test_name_the_port_of_the_kind(self):
        side = Side("nginx", PORTS, ["nginx"])
        for name, port in (("ws-steady-200", 11001), ("sse-tls-steady-200", 11002), ("direct-tls-steady-200", 11004)):
            words = load.arguments(named((name,))[0], side, 12000, Cores(0, 1), 1.0)
            self.assertEqual(words[words.index("--front") + 1], str(port))
            self.assertEqual("--tls" in words, "tls" in name)

    def test_do_not_read_the_proxys_core_on_a_machine_with_one(self):
        words = load.arguments(named(("ws-steady-200",))[0], Side("nginx", PORTS, ["nginx"]), 12000, Cores(0, 0), 1.0)
        self.assertNotIn("--proxy-cpu", words)


class Configurations(unittest.TestCase):
    def test_leave_no_place_open_and_name_every_port(self):
        work = Path("/tmp/x")
        texts = (
            configs.nginx(work, PORTS, 12000, 20000, ""),
            configs.haproxy(work, PORTS, 12000, 20000),
            configs.sluice(work, "sluice", PORTS, 12000, 12001),
        )
        for text in texts:
            for port in (*vars(PORTS).values(), 12000):
                self.assertIn(str(port), text)
            self.assertNotRegex(text, r"\{[a-z_]+\}")


if __name__ == "__main__":
    unittest.main()
