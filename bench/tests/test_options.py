"""The command line."""

import contextlib
import io
import unittest

from sluicebench import __main__ as bench
from sluicebench import sides


class Agent(unittest.TestCase):
    """--agent."""

    def test_sluice_without_it_is_the_only_peer(self):
        chosen = bench.options(["--agent", "control", "--agent", "metrics"])
        self.assertEqual(chosen.agent, ["control", "metrics"])
        self.assertEqual(chosen.peers, [])

    def test_what_is_not_known_is_refused(self):
        for wrong in (["--agent", "fast"], ["--agent", "off", "--no-sluice"]):
            with self.subTest(wrong), contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                bench.options(wrong)

    def test_the_control_is_in_the_process_and_the_variants_differ(self):
        self.assertEqual(len(set(sides.AGENTS.values())), len(sides.AGENTS))
        self.assertNotIn("off", sides.AGENTS.values())
        self.assertNotIn("=", sides.AGENTS["control"])


if __name__ == "__main__":
    unittest.main()
