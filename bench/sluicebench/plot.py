"""The plot: ratios as dots on a logarithmic axis, one panel for each metric. SVG, written by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

from .figures import HIGHER, METRICS, Metric, Spread, label
from .report import Table, number
from .scenarios import Scenario

WIDTH = 1180
NAME_X, AXIS_X, AXIS_WIDTH, TEXT_X = 24, 210, 500, 736
ROW, PANEL_HEAD, PANEL_FOOT, HEAD, FOOT = 22, 34, 30, 86, 16
LEGEND_LINE = 20
TICKS = (0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 10, 20, 50, 100)
SUBJECT_COLOURS = ("#1b5e9b", "#b3541e", "#4d7d2f", "#7a3b8f")
PEER_COLOUR = "#8a8f98"

STYLE = """
text { font-family: system-ui, 'DejaVu Sans', Arial, sans-serif; font-size: 12px; fill: #22262b; }
.title { font-size: 18px; font-weight: 600; }
.panel { font-size: 14px; font-weight: 600; }
.quiet { fill: #5d646d; font-size: 11px; }
.tick { fill: #5d646d; font-size: 10px; text-anchor: middle; }
.good { fill: #eaf4e6; } .row { stroke: #eceef0; } .grid { stroke: #e3e6e9; } .one { stroke: #22262b; }
"""


@dataclass(frozen=True)
class Row:
    """One line of a panel: a scenario, for one subject."""

    name: str
    subject: int  # which of the subjects: its colour
    ratio: Spread  # against the better peer
    peers: dict[str, float]  # against each peer alone: median
    told: str  # the figures themselves


@dataclass(frozen=True)
class Scale:
    """A logarithmic axis from `low` to `high`."""

    low: float
    high: float

    def x(self, ratio: float) -> float:
        """Where a ratio is; what is beyond an end is drawn at it."""
        inside = min(max(ratio, self.low), self.high)
        return AXIS_X + AXIS_WIDTH * math.log(inside / self.low) / math.log(self.high / self.low)

    def ticks(self) -> list[float]:
        """The marks that fall on the axis and leave each other room; 1 is always there."""
        chosen: list[float] = [1]
        for tick in sorted(TICKS, key=lambda t: abs(math.log(t))):
            room = all(abs(self.x(tick) - self.x(other)) > 34 for other in chosen)
            if self.low <= tick <= self.high and room:
                chosen.append(tick)
        return sorted(chosen)


def scale_for(rows: list[Row]) -> Scale:
    """An axis that shows every ratio, reaches the same way to both sides of 1, and is at least 0.5 to 2."""
    values = [v for row in rows for v in (row.ratio.low, row.ratio.high, *row.peers.values()) if v > 0]
    reach = max([math.log(2)] + [abs(math.log(v)) for v in values]) * 1.08
    reach = min(reach, math.log(100))
    return Scale(math.exp(-reach), math.exp(reach))


def rows_of(metric: Metric, table: Table) -> list[Row]:
    """The lines of a panel."""
    results, peers = table.results, table.peers
    rows = []
    for scenario in table.scenarios:
        for index, subject in enumerate(table.subjects):
            ratio = results.ratio(scenario.name, subject, peers, metric)
            if ratio is None or ratio.median <= 0:
                continue
            alone = {peer: results.ratio(scenario.name, subject, [peer], metric) for peer in peers}
            figures = [(side, results.figure(scenario.name, side, metric.key)) for side in [subject, *peers]]
            told = " \u00b7 ".join(f"{side} {number(figure.median)}" for side, figure in figures if figure)
            each = {peer: found.median for peer, found in alone.items() if found}
            rows.append(Row(scenario.name, index, ratio, each, told))
    return rows


def draw(table: Table, title: str, subtitle: str) -> str:
    """The whole picture."""
    body: list[str] = []
    legend, lines = _legend(table.subjects, table.peers)
    y = HEAD + LEGEND_LINE * (lines - 1)
    for metric in (m for m in METRICS.values() if m.plot and m.better):
        rows = rows_of(metric, table)
        if rows:
            body.append(_panel(metric, rows, table.peers, y, _panel_label(metric, rows, table.scenarios)))
            y += PANEL_HEAD + ROW * len(rows) + PANEL_FOOT
    if not body:
        body.append(f'<text x="{NAME_X}" y="{y + 20}">There is nothing to compare.</text>')
        y += 40
    height = y + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img"><title>{escape(title)}</title>',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text class="title" x="{NAME_X}" y="32">{escape(title)}</text>',
        f'<text class="quiet" x="{NAME_X}" y="51">{escape(subtitle)}</text>',
        legend,
    ]
    return "\n".join(parts + body + ["</svg>"]) + "\n"


def _panel_label(metric: Metric, rows: list[Row], scenarios: list[Scenario]) -> str:
    names = {row.name for row in rows}
    kinds = {s.kind for s in scenarios if s.name in names}
    if kinds == {"poll"}:
        return label(metric, "poll")
    return f"{metric.label} (polls: {label(metric, 'poll')})" if _renamed(metric, kinds) else metric.label


def _renamed(metric: Metric, kinds: set[str]) -> bool:
    return "poll" in kinds and label(metric, "poll") != metric.label


def _legend(subjects: list[str], peers: list[str]) -> tuple[str, int]:
    """What the marks mean, in as many lines as it takes; and the number of lines."""
    other = "better peer" if len(peers) > 1 else peers[0] if peers else "nobody"
    items = [
        (_dot(0, 0, SUBJECT_COLOURS[i % len(SUBJECT_COLOURS)]), f"{subject} / {other}, median and min-max")
        for i, subject in enumerate(subjects)
    ]
    items += [(_peer_mark(i, 0, 0), f"/ {peer} alone") for i, peer in enumerate(peers) if len(peers) > 1]
    items.append(('<rect class="good" x="-6" y="-6" width="12" height="12"/>', "where the subject is better"))
    parts, x, line = [], float(NAME_X), 0
    for mark, words in items:
        width = 34 + 6.6 * len(words)
        if x + width > WIDTH and x > NAME_X:
            x, line = float(NAME_X), line + 1
        place = f"translate({x + 6:.0f},{68 + LEGEND_LINE * line})"
        parts.append(f'<g transform="{place}">{mark}<text x="12" y="4">{escape(words)}</text></g>')
        x += width
    return "".join(parts), line + 1


def _panel(metric: Metric, rows: list[Row], peers: list[str], top: int, words: str) -> str:
    scale = scale_for(rows)
    first, bottom = top + PANEL_HEAD, top + PANEL_HEAD + ROW * len(rows)
    more = metric.better == HIGHER
    better = "more is better" if more else "less is better"
    one = scale.x(1)
    good_x = one if more else AXIS_X
    good_width = (AXIS_X + AXIS_WIDTH - one) if more else one - AXIS_X
    parts = [
        f'<text class="panel" x="{NAME_X}" y="{top + 20}">{escape(words)}'
        f'<tspan class="quiet" font-weight="400">  {escape(metric.unit)}, {better}</tspan></text>',
        f'<rect class="good" x="{good_x:.1f}" y="{first}" width="{good_width:.1f}" height="{bottom - first}"/>',
    ]
    for tick in scale.ticks():
        x = scale.x(tick)
        kind = "one" if tick == 1 else "grid"
        parts.append(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{first}" y2="{bottom + 3}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 14}">{tick:g}</text>')
    for index, row in enumerate(rows):
        parts.append(_row(row, peers, scale, first + ROW * index + ROW / 2))
    return "\n".join(parts)


def _row(row: Row, peers: list[str], scale: Scale, y: float) -> str:
    colour = SUBJECT_COLOURS[row.subject % len(SUBJECT_COLOURS)]
    low, high = scale.x(row.ratio.low), scale.x(row.ratio.high)
    parts = [
        f'<text x="{NAME_X}" y="{y + 4:.1f}">{escape(row.name)}</text>',
        f'<line class="row" x1="{NAME_X}" x2="{WIDTH - NAME_X}" y1="{y + ROW / 2:.1f}" y2="{y + ROW / 2:.1f}"/>',
    ]
    if len(peers) > 1:
        parts += [_peer_mark(i, scale.x(row.peers[p]), y) for i, p in enumerate(peers) if p in row.peers]
    if row.ratio.rounds > 1:
        parts.append(f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="3"/>')
    parts.append(_dot(scale.x(row.ratio.median), y, colour))
    parts.append(
        f'<text x="{TEXT_X}" y="{y + 4:.1f}"><tspan font-weight="600" fill="{colour}">{row.ratio.median:.2f}</tspan>'
        f'<tspan class="quiet" dx="8">{escape(row.told)}</tspan></text>'
    )
    return "".join(parts)


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'


def _peer_mark(index: int, x: float, y: float) -> str:
    """A hollow square for the first peer, a hollow diamond for the second."""
    turn = f' transform="rotate(45 {x:.1f} {y:.1f})"' if index % 2 else ""
    return (
        f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="#ffffff" stroke="{PEER_COLOUR}" '
        f'stroke-width="1.5"{turn}/>'
    )
