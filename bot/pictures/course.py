"""Values over time: their places, their line, and those few whose figures are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.pictures.letters import fitted, width
from bot.pictures.sheet import (
    BLUE,
    EDGE,
    GROUND,
    INK,
    MIDDLE,
    QUIET,
    SMALL,
    TEXT,
    TRACK,
    WIDTH,
    Place,
    Scale,
    Sheet,
)  # fmt: skip
from handlers.reply import Point

PLOT, ABOVE, BELOW = 400, 64, 70
"""Heights: of the plot, of the figures above its highest value, of the names below."""
BODY = ABOVE + PLOT + BELOW
INSET = 30
"""What the first and the last point keep from the edge."""
MOST = 60
"""Points that are drawn; of more, every so many."""
TALL, APART = 46, 22
"""The height of a figure, and the room between names."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom; left is where one begins to read."""
DOTTED = 16
"""Points up to which each has a dot."""


def thinned(points: Sequence[Point], most: int = MOST) -> tuple[Point, ...]:
    """The first, the last, and others at even distances."""
    if len(points) <= most:
        return tuple(points)
    return tuple(points[round(n * (len(points) - 1) / (most - 1))] for n in range(most))


@dataclass
class Course:
    """Points over time on a sheet."""

    sheet: Sheet
    points: Sequence[Point]

    def __post_init__(self) -> None:
        numbers = [number for point in self.points for number in point.numbers]
        top = self.sheet.top + ABOVE
        below = TALL + 20 if min(numbers, default=0) < 0 else 0  # room for the lowest figure
        self.up = Scale(numbers, top + PLOT - below, top)
        step = (WIDTH - 2 * (EDGE + INSET)) / max(len(self.points) - 1, 1)
        lone = (WIDTH / 2 - EDGE - INSET) if len(self.points) == 1 else 0.0
        self.along = [EDGE + INSET + lone + step * n for n in range(len(self.points))]
        self._told: list[Box] = []

    def place(self, number: int, value: float | None = None) -> Place:
        point = self.points[number]
        return self.along[number], self.up.at(point.value if value is None else value)

    def ground(self) -> None:
        """The line of nought, names of times, and what values are held against."""
        zero = self.up.at(0)
        self.sheet.line([(EDGE, zero), (WIDTH - EDGE, zero)], TRACK, 3)
        marks = [
            (along, self.up.at(point.mark))
            for along, point in zip(self.along, self.points, strict=True)
            if point.mark is not None
        ]
        if len(marks) == 1:
            marks = [(EDGE, marks[0][1]), (WIDTH - EDGE, marks[0][1])]
        if marks:
            self.sheet.line(marks, INK, 3, dashed=True)
        self._names()

    def _names(self) -> None:
        """As many as stand beside each other, at even distances back from the last."""
        room = (WIDTH - 2 * EDGE) / min(max(len(self.points), 1), 3)
        names = [fitted(point.label, room, SMALL) for point in self.points]
        halves = [width(name, SMALL) / 2 for name in names]
        at = self.sheet.top + ABOVE + PLOT + 50
        for step in range(1, len(names) + 1):
            shown = range(len(names) - 1, -1, -step)
            middles = [_within(self.along[n], halves[n]) for n in shown]
            sides = [(m - halves[n], m + halves[n]) for n, m in zip(shown, middles, strict=True)]
            if all(after[0] - before[1] >= APART for after, before in pairwise(sides)):
                for number, middle in zip(shown, middles, strict=True):
                    place = (middle, at)
                    self.sheet.text(place, names[number], align=MIDDLE, size=SMALL, colour=QUIET)
                return

    def run(self, numbers: Sequence[int], colour: str = BLUE, *, dashed: bool = False) -> None:
        """The line through some of the points."""
        if len(numbers) > 1:
            self.sheet.line([self.place(n) for n in numbers], colour, dashed=dashed)

    def fill(self, numbers: Sequence[int], colour: str = BLUE) -> None:
        """What lies between the line and nought."""
        if len(numbers) > 1:
            zero = self.up.at(0)
            first, last = self.along[numbers[0]], self.along[numbers[-1]]
            corners = [(first, zero), *map(self.place, numbers), (last, zero)]
            self.sheet.area(corners, colour, 0.22)

    def dots(self, numbers: Sequence[int], colour: str = BLUE, *, hollow: bool = False) -> None:
        shown = numbers if len(self.points) <= DOTTED else numbers[-1:]
        for number in shown:
            self.sheet.dot(self.place(number), colour, hollow=hollow)

    def tell(self, numbers: Iterable[int], colour: str = INK) -> None:
        """The figures of some points, the most telling first: where they cover nothing, and one
        in any case."""
        before = len(self._told)
        told = list(dict.fromkeys(numbers))
        for number in told:
            self._tell(number, colour, covering=False)
        if told and len(self._told) == before:
            self._tell(told[0], colour, covering=True)

    def _tell(self, number: int, colour: str, *, covering: bool) -> None:
        said = fitted(self.points[number].said, (WIDTH - 2 * EDGE) / 2, TEXT, bold=True)
        half = width(said, TEXT, bold=True) / 2
        middle = _within(self.along[number], half)
        for box in self._boxes(number, middle, half):
            if self._has_room(box) and (covering or not self._is_crossed(box)):
                self._told.append(box)
                left, top, right, _ = box
                self.sheet.bar(left, right, top, TALL, GROUND, above=5)
                place = (middle, top + 36)
                self.sheet.text(place, said, align=MIDDLE, colour=colour, bold=True)
                return

    def _boxes(self, number: int, middle: float, half: float) -> Iterator[Box]:
        """Where a point's figure may stand: above or below, where nobody takes it for another's."""
        point = self.points[number]
        _, upper = self.place(number, max(point.value, point.high or point.value))
        _, lower = self.place(number, min(point.value, point.low or point.value))
        for top in (upper - 64, lower + 18):
            yield (middle - half - 8, top, middle + half + 8, top + TALL)

    def _has_room(self, box: Box) -> bool:
        left, top, right, bottom = box
        inside = self.sheet.top <= top and bottom <= self.sheet.top + ABOVE + PLOT
        return inside and not any(
            right > other[0] and left < other[2] and bottom > other[1] and top < other[3]
            for other in self._told
        )

    def _is_crossed(self, box: Box) -> bool:
        """Whether the line runs through."""
        left, top, right, bottom = box
        places = list(map(self.place, range(len(self.points))))
        for (x, y), (next_x, next_y) in pairwise(places):
            begin, end = max(x, left), min(next_x, right)
            if begin <= end:
                slope = (next_y - y) / (next_x - x)
                there = sorted((y + slope * (begin - x), y + slope * (end - x)))
                if there[0] < bottom + 6 and there[1] > top - 6:
                    return True
        return False

    def telling(self, numbers: Sequence[int]) -> Iterator[int]:
        """The last, the highest, the lowest, the first."""
        if not numbers:
            return
        by_value = sorted(numbers, key=lambda n: self.points[n].value)
        yield from (numbers[-1], by_value[-1], by_value[0], numbers[0])


def _within(middle: float, half: float) -> float:
    """Moved so that it does not run over the edge."""
    return min(max(middle, EDGE / 2 + half), WIDTH - EDGE / 2 - half)
