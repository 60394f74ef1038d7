"""The sheet that a chart is drawn on: its colours, its heading, and which way it reads.

Telegram and Slack do not tell whether a chat is light or dark. So the ground is a quiet dark one of
its own: it does not dazzle in a dark chat, and stands as a card in a light one. All is measured in
pixels, from the top, along the reading direction: for a reader of Urdu 0 is the right edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from bot.pictures import letters

WIDTH, EDGE = 900, 44
"""A phone shows it at less than half of this, so that 30 pixels are a phone's usual letter."""
TITLE, TEXT, SMALL = 40, 32, 28
"""Sizes of letters."""
GROUND, TRACK = "#1f2b38", "#37495b"
INK, QUIET = "#f4f7fa", "#b4c2cf"
BLUE, AMBER, GREEN, RED = "#5ea9f7", "#ffb84d", "#4fd08b", "#ff8078"

START, MIDDLE, END = "start", "middle", "end"
_TURNED = {START: "right", MIDDLE: "center", END: "left"}
_STRAIGHT = {START: "left", MIDDLE: "center", END: "right"}

Place = tuple[float, float]


class Sheet:
    """``top`` is where the body begins. ``body``: its height."""

    def __init__(self, title: str, note: str, body: float, *, rtl: bool) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.rtl = rtl
        room = WIDTH - 2 * EDGE
        head = letters.lines(title, room, TITLE, 2, bold=True)
        foot = letters.lines(note, room, SMALL, 3)
        self.top = EDGE + 54 * len(head) + 20
        self.height = round(self.top + body + 42 * len(foot) + EDGE)
        figure = Figure(figsize=(WIDTH / 72, self.height / 72), dpi=72, facecolor=GROUND)
        self.canvas: Any = FigureCanvasAgg(figure)
        self.axes: Any = figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, WIDTH), ylim=(self.height, 0))
        self.axes.axis("off")
        for number, line in enumerate(head):
            self.text((EDGE, EDGE + 38 + 54 * number), line, size=TITLE, bold=True)
        for number, line in enumerate(foot):
            at = self.top + body + 34 + 42 * number
            self.text((EDGE, at), line, size=SMALL, colour=QUIET)

    def x(self, along: float) -> float:
        return WIDTH - along if self.rtl else along

    def text(
        self,
        at: Place,
        said: str,
        *,
        align: str = START,
        size: int = TEXT,
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """A line of drawable letters that stands on ``at``."""
        sides = _TURNED if self.rtl else _STRAIGHT
        self.axes.text(
            self.x(at[0]), at[1], said, color=colour, ha=sides[align], va="baseline",
            fontproperties=letters.font_of(said, size, bold=bold), parse_math=False, zorder=6,
        )  # fmt: skip

    def bar(
        self, start: float, end: float, at: float, thick: float, colour: str, *, above: int = 2
    ) -> None:
        """A bar along the reading direction, its upper side at ``at``. However little, it shows."""
        from matplotlib.patches import FancyBboxPatch

        if start == end:
            return
        left, right = sorted((self.x(start), self.x(end)))
        wide = max(right - left, 4.0)
        round_by = min(6.0, wide / 2)
        shape = FancyBboxPatch(
            (left, at), wide, thick, boxstyle=f"round,pad=0,rounding_size={round_by}",
            facecolor=colour, edgecolor="none", zorder=above,
        )  # fmt: skip
        self.axes.add_patch(shape)

    def area(self, corners: Sequence[Place], colour: str, alpha: float) -> None:
        from matplotlib.patches import Polygon

        turned = [(self.x(along), at) for along, at in corners]
        self.axes.add_patch(
            Polygon(turned, closed=True, facecolor=colour, edgecolor="none", alpha=alpha, zorder=1)
        )

    def line(
        self, places: Sequence[Place], colour: str, thick: float = 5.0, *, dashed: bool = False
    ) -> None:
        from matplotlib.lines import Line2D

        along, at = [self.x(each) for each, _ in places], [each for _, each in places]
        drawn = Line2D(
            along, at, color=colour, linewidth=thick, linestyle=(0, (2, 1.2)) if dashed else "-",
            solid_capstyle="round", solid_joinstyle="round", zorder=3,
        )  # fmt: skip
        self.axes.add_line(drawn)

    def dot(self, at: Place, colour: str, size: float = 16.0, *, hollow: bool = False) -> None:
        from matplotlib.lines import Line2D

        fill = GROUND if hollow else colour
        drawn = Line2D(
            [self.x(at[0])], [at[1]], marker="o", markersize=size, markerfacecolor=fill,
            markeredgecolor=colour, markeredgewidth=4, linestyle="none", zorder=4,
        )  # fmt: skip
        self.axes.add_line(drawn)

    def png(self) -> bytes:
        out = BytesIO()
        self.canvas.print_png(out, metadata={"Software": None})
        return out.getvalue()


class Scale:
    """From values to pixels; nought is always on it."""

    def __init__(self, numbers: Sequence[float], first: float, last: float) -> None:
        self.low, self.high = min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0)
        self.first, self.last = first, last
        if self.low == self.high:
            self.high = self.low + 1.0

    def at(self, value: float) -> float:
        size = (
            self.high / 2 - self.low / 2 or 1.0
        )  # halves: what is near the largest number stays one
        return self.first + (value / 2 - self.low / 2) / size * (self.last - self.first)
