"""The plot."""

import unittest
from xml.etree import ElementTree

from sluicebench import plot
from sluicebench.figures import Results, Run, Spread
from sluicebench.plot import Row, Scale
from sluicebench.report import Table
from sluicebench.scenarios import named

SVG = "{http://www.w3.org/2000/svg}"


def drawn(results, subjects=("sluice",), peers=("nginx", "haproxy")):
    """The picture as a tree: it must be well-formed."""
    table = Table(results, named(("ws-steady-200",)), list(subjects), list(peers))
    text = plot.draw(table, "A <title> & more", "a subtitle")
    return ElementTree.fromstring(text)


def results(*values):
    """CPU per message of sluice, nginx and haproxy."""
    sides = ("sluice", "nginx", "haproxy")
    return Results([Run("ws-steady-200", side, 1, {"cpu_us": v}) for side, v in zip(sides, values)])


class TheScale(unittest.TestCase):
    def test_puts_one_in_the_middle(self):
        scale = Scale(0.5, 2)
        self.assertAlmostEqual(scale.x(1), plot.AXIS_X + plot.AXIS_WIDTH / 2)

    def test_draws_what_is_beyond_at_its_end(self):
        scale = Scale(0.5, 2)
        self.assertEqual(scale.x(50), plot.AXIS_X + plot.AXIS_WIDTH)
        self.assertEqual(scale.x(0.01), plot.AXIS_X)

    def test_reaches_to_every_ratio_and_as_far_to_the_other_side(self):
        row = Row("x", 0, Spread(4, 3, 8, 3), {"nginx": 4.0}, "")
        scale = plot.scale_for([row])
        self.assertGreater(scale.high, 8)
        self.assertAlmostEqual(scale.low * scale.high, 1)

    def test_marks_one_always_and_leaves_room_between_marks(self):
        for high in (2, 5, 50):
            scale = Scale(1 / high, high)
            ticks = scale.ticks()
            self.assertIn(1, ticks)
            self.assertTrue(all(scale.x(b) - scale.x(a) > 34 for a, b in zip(ticks, ticks[1:])))


class ThePicture(unittest.TestCase):
    def test_is_well_formed_and_has_a_dot_for_each_ratio(self):
        tree = drawn(results(9.0, 10.0, 12.0))
        dots = tree.findall(f"{SVG}circle")
        self.assertEqual(len(dots), 1)
        self.assertAlmostEqual(float(dots[0].get("cx")), Scale(*ends(tree)).x(0.9), delta=1)

    def test_shows_the_figures_themselves(self):
        said = "".join(drawn(results(9.0, 10.0, 12.0)).itertext())
        self.assertIn("sluice 9.00 \u00b7 nginx 10.0 \u00b7 haproxy 12.0", said)

    def test_says_so_when_there_is_nothing_to_compare(self):
        self.assertIn("nothing to compare", "".join(drawn(Results([])).itertext()))

    def test_leaves_out_a_side_with_a_fault(self):
        broken = results(9.0, 10.0, 12.0)
        broken.runs[0].fault = "3 streams died"
        self.assertEqual(drawn(broken).findall(f"{SVG}circle"), [])


def ends(_tree):
    """The axis of the picture above: at least 0.5 to 2, with a margin."""
    reach = plot.scale_for([Row("x", 0, Spread(0.9, 0.9, 0.9, 1), {"nginx": 0.9, "haproxy": 0.75}, "")])
    return reach.low, reach.high


if __name__ == "__main__":
    unittest.main()
