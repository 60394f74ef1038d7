"""A chart where no picture is shown: a line a value, with a bar of letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.bidi import safe
from handlers.reply import Chart, Fields, Line, Part, Point, Reply, Title

FULL, REST = "▇", "░"
LONGEST = 12
"""Letters in the longest bar."""
NAME = 40
"""Letters of a name."""
MOST = 12
"""Values that are told; of a longer time the latest, of a longer list the first."""


@dataclass(frozen=True, slots=True)
class Bar:
    """``bar`` is full as far as the value goes, and pale from there to its mark."""

    label: str
    bar: str
    said: str


def bars(chart: Chart) -> list[Bar]:
    """The values that are told, each with its bar."""
    points = told(chart)
    most = max((number for point in points for number in point.numbers), default=0.0)
    return [Bar(_name(point.label), _bar(point, most), point.said) for point in points]


def _name(label: str) -> str:
    line = " ".join(label.split())
    return line if len(line) <= NAME else safe(line[: NAME - 1].rstrip()) + "…"


def told(chart: Chart) -> tuple[Point, ...]:
    """The values that fit."""
    by_time = chart.kind in ("trend", "forecast")
    return chart.points[-MOST:] if by_time else chart.points[:MOST]


def _bar(point: Point, most: float) -> str:
    full, marked = _letters(point.value, most), _letters(point.mark or 0.0, most)
    return FULL * full + REST * (marked - full)


def _letters(value: float, most: float) -> int:
    """What is more than nothing shows, however little."""
    return max(round(value / most * LONGEST), 1) if value > 0 else 0


def in_words(reply: Reply) -> Reply:
    """The reply with every chart told."""
    return replace(reply, parts=tuple(_told(reply, pictured=False)))


def beside_picture(reply: Reply) -> Reply:
    """The reply without what its charts show."""
    return replace(reply, parts=tuple(_told(reply, pictured=True)))


def _told(reply: Reply, *, pictured: bool) -> Iterator[Part]:
    for part in titled_once(reply).parts:
        if not isinstance(part, Chart):
            yield part
            continue
        if part.title:
            yield Title(part.title)
        if not pictured and part.points:
            yield Fields(tuple((bar.label, f"{bar.said} {bar.bar}".rstrip()) for bar in bars(part)))
        if part.note:
            yield Line(part.note, quiet=True)


def alike(chart: Chart) -> str:
    """What somebody is told who cannot see the picture."""
    values = (f"{bar.label}: {bar.said}" for bar in bars(chart))
    return "\n".join(filter(None, (chart.title, *values, chart.note)))


def titled_once(reply: Reply) -> Reply:
    """A chart's title is left out where the reply says the same by itself."""
    said = {part.text for part in reply.parts if isinstance(part, Title)}

    def once(part: Part) -> Part:
        return replace(part, title="") if isinstance(part, Chart) and part.title in said else part

    return replace(reply, parts=tuple(map(once, reply.parts)))
