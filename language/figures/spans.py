"""Stretches of days in a question: Q3 2017, last month, 1 to 15 August, since March, ..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from language.figures.figure import Span
from language.figures.phrases import Phrase, phrases
from language.figures.points import DAY, GLUE, Points, Stretch
from language.sheet import Sheet

_BOTH_ENDS = {"-", "–", "—", "to"}


def _begin(first: Stretch, last: Stretch) -> date | None:
    """Where a stretch begins that ends so: Friday to Tuesday began in the week before."""
    begin, end = first.span.first, last.span.last
    if first.weekly and last.weekly and begin and end and begin > end:
        return begin - 7 * DAY
    return begin


class Spans:
    """Reads the spans of one text. ``ahead``: what names no year is of the time to come."""

    def __init__(
        self, sheet: Sheet, found: Sequence[Phrase], today: date, *, ahead: bool = False
    ) -> None:
        self.points = Points(sheet, found, today, ahead=ahead)
        self.keys, self.impossible = self.points.keys, self.points.impossible

    def read(self, *, apart: bool = False) -> list[Stretch]:
        """All spans, left to right; ``apart``: "from Q2 to Q3" are two that are compared."""
        points = self._points()
        for at in range(len(points) - 1):
            first, second = points[at], points[at + 1]
            if second.weekly:
                continue
            if second.has_year and not first.has_year and second.span.first:
                points[at] = self.points.of_year(first, second.span.first.year)
        if apart and len(points) > 1:
            return points
        joined: list[Stretch] = []
        for point in points:
            if joined and self._runs_on(joined[-1], point):
                span = Span(_begin(joined[-1], point), point.span.last)
                joined[-1] = replace(joined[-1], j=point.j, span=span, joined=True)
            else:
                joined.append(point)
        return [each if each.joined else self._open_ended(each) for each in joined]

    def _points(self) -> list[Stretch]:
        points: list[Stretch] = []
        at = 0
        while at < len(self.keys):
            point = self.points.read(at)
            if point:
                while points and points[-1].j <= point.i and self._says_its_year(points[-1], point):
                    points.pop()
                points.append(point)
            at = point.j if point else at + 1
        return points

    def _says_its_year(self, year: Stretch, point: Stretch) -> bool:
        """Whether a bare year stands before a month or quarter to say of which year it is."""
        between = self.keys[year.j : point.i]
        return year.is_year and not point.is_year and point.before and set(between) <= GLUE

    # --- two that are one, and open ends --------------------------------------------------------

    def _runs_on(self, first: Stretch, second: Stretch) -> bool:
        """Whether "to", "tak" or "and" makes one stretch of two."""
        between = range(first.j, second.i)
        if not 1 <= len(between) <= 3 or first.weekly != second.weekly:
            return False
        words = {self.keys[at] for at in between}
        if words & _BOTH_ENDS or any(self.points.has(at, "until") for at in between):
            return True
        begun = self.points.has(first.i - 1, "from")
        near = bool(
            first.span.last and second.span.first and first.span.last + DAY == second.span.first
        )
        return any(self.points.has(at, "and") for at in between) and (
            begun or near or self._is_followed_by_between(second.j)
        )

    def _is_followed_by_between(self, at: int) -> bool:
        return any(self.points.has(here, "from") for here in range(at, at + 3))

    def _open_ended(self, found: Stretch) -> Stretch:
        """Since March; before June."""
        at = found.i - 1
        while at >= 0 and self.keys[at] in GLUE:
            at -= 1
        word = self.keys[at] if at >= 0 else ""
        after = self.keys[found.j] if found.j < len(self.keys) else ""
        first, last = found.span.first, found.span.last
        if word == "after":
            return replace(found, span=Span(last + DAY if last else None, None))
        if word == "before":
            return replace(found, span=Span(None, first - DAY if first else None))
        if any(
            p.j == found.i or p.j == at + 1 for p in self.points.at.values() if "since" in p.senses
        ):
            return replace(found, span=Span(first, None))
        if word in {"until", "till", "through"} or self._ends_there(found.i, at):
            return replace(found, span=Span(None, last))
        if self.points.has(found.j, "before_it"):
            span = Span(None, first - DAY if first else None)
            return replace(found, j=self.points.end(found.j), span=span)
        if self.points.has(found.j, "after_it"):
            span = Span(last + DAY if last else None, None)
            return replace(found, j=self.points.end(found.j), span=span)
        if (
            self.points.has(found.j, "since")
            or self.points.has(found.j, "onwards")
            or (after in {"se", "سے"} and not self.points.has(found.j, "over"))
        ):
            return replace(found, j=self.points.end(found.j), span=Span(first, None))
        return found

    def _ends_there(self, i: int, at: int) -> bool:
        """ "Up to the end of June", but not "to June"."""
        said = (p for p in self.points.at.values() if "until" in p.senses and p.j - p.i > 1)
        return any(phrase.j in {i, at + 1} for phrase in said)


def days_at(sheet: Sheet, today: date) -> dict[tuple[int, int], dict[str, str]]:
    """Where stretches of days stand, and their first and last day as slots have them: in ISO form,
    without the one that is not said."""
    return {
        (each.i, each.j): {
            name: day.isoformat()
            for name, day in (("first", each.span.first), ("last", each.span.last)) if day
        }
        for each in Spans(sheet, phrases(sheet), today).read()
    }  # fmt: skip
