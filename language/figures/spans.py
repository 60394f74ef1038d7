"""Stretches of days in a question: Q3 2017, last month, 1 to 15 August, since March, ..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from language.figures.figure import Span
from language.figures.phrases import Phrase
from language.sheet import Sheet

_DAY = timedelta(days=1)
_YEARS = range(1950, 2150)
_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_GLUE = {"of", "in", "the", "'s", "ki", "ka", "ke", "mein", "کی", "کا", "کے", "میں", ","}
_BOTH_ENDS = {"-", "–", "—", "to"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span and the tokens that say it; ``year`` is whether its year was said."""

    i: int
    j: int
    span: Span
    has_year: bool = True
    is_year: bool = False
    before: bool = False  # its year stands before it
    joined: bool = False


class Spans:
    """Reads the spans of one text. ``ahead``: what names no year is of the time to come."""

    def __init__(
        self, sheet: Sheet, found: Sequence[Phrase], today: date, *, ahead: bool = False
    ) -> None:
        self.sheet, self.today, self.ahead = sheet, today, ahead
        self.at = {phrase.i: phrase for phrase in found}
        self.keys = [token.key for token in sheet.tokens]

    def read(self, *, apart: bool = False) -> list[Stretch]:
        """All spans, left to right; ``apart``: "from Q2 to Q3" are two that are compared."""
        points = self._points()
        for at in range(len(points) - 1):
            first, second = points[at], points[at + 1]
            if second.has_year and not first.has_year and second.span.first:
                points[at] = self._of_year(first, second.span.first.year)
        if apart and len(points) > 1:
            return points
        joined: list[Stretch] = []
        for point in points:
            if joined and self._runs_on(joined[-1], point):
                span = Span(joined[-1].span.first, point.span.last)
                joined[-1] = replace(joined[-1], j=point.j, span=span, joined=True)
            else:
                joined.append(point)
        return [each if each.joined else self._open_ended(each) for each in joined]

    def _points(self) -> list[Stretch]:
        points: list[Stretch] = []
        at = 0
        while at < len(self.keys):
            point = self._point(at)
            if point:
                while points and points[-1].j <= point.i and self._says_its_year(points[-1], point):
                    points.pop()
                points.append(point)
            at = point.j if point else at + 1
        return points

    def _says_its_year(self, year: Stretch, point: Stretch) -> bool:
        """Whether a bare year stands before a month or quarter to say of which year it is."""
        between = self.keys[year.j : point.i]
        return year.is_year and not point.is_year and point.before and set(between) <= _GLUE

    def _has(self, at: int, sense: str) -> bool:
        phrase = self.at.get(at)
        return phrase is not None and sense in phrase.senses

    def _value(self, at: int, kind: str) -> str | None:
        phrase = self.at.get(at)
        values = (
            [s.partition(":")[2] for s in phrase.senses if s.startswith(f"{kind}:")]
            if phrase
            else []
        )
        return values[0] if values else None

    def _end(self, at: int) -> int:
        return self.at[at].j if at in self.at else at + 1

    def _number(self, at: int) -> int | None:
        if 0 <= at < len(self.keys) and self.keys[at].isdecimal() and len(self.keys[at]) <= 4:
            return int(self.keys[at])
        return None

    def _count(self, at: int) -> int | None:
        """A number in figures, or one that is written out."""
        said = self._value(at, "num")
        return int(said) if said else self._number(at)

    def _year(self, at: int) -> int | None:
        number = self._number(at)
        return number if number in _YEARS else None

    def _year_after(self, at: int) -> tuple[int | None, int]:
        """A year that is said next, behind "of" or not, or "last year"; where it ends."""
        here = at
        while here < len(self.keys) and self.keys[here] in _GLUE:
            here += 1
        if year := self._year(here):
            return year, here + 1
        for word, step in (("this", 0), ("last", -1), ("next", 1)):
            if self._has(here, word) and self._value(self._end(here), "unit") == "year":
                return self.today.year + step, self._end(self._end(here))
        return None, at

    def _year_before(self, at: int) -> int | None:
        here = at - 1
        while here >= 0 and self.keys[here] in _GLUE:
            here -= 1
        return self._year(here)

    # --- one stretch ----------------------------------------------------------------------------

    def _point(self, at: int) -> Stretch | None:
        for reader in (
            self._iso, self._slashed, self._day_of_month, self._lettered, self._counted,
            self._before_last, self._relative, self._named_day, self._month, self._week,
            self._bare_year,
        ):  # fmt: skip
            found = reader(at)
            if found:
                return found
        return None

    def _iso(self, at: int) -> Stretch | None:
        year = self._year(at)
        month = self._number(at + 2)
        if year is None or month is None or self.keys[at + 1] not in {"-", "/"}:
            return None
        if not 1 <= month <= 12 or len(self.keys[at + 2]) > 2:
            return None
        day = (
            self._number(at + 4)
            if at + 4 < len(self.keys) and self.keys[at + 3] in {"-", "/"}
            else None
        )
        if day is None:
            return Stretch(at, at + 3, _months(date(year, month, 1), 1))
        return _on(at, at + 5, year, month, day)

    def _slashed(self, at: int) -> Stretch | None:
        """5/3/2017: the day before the month."""
        day, month, year = self._number(at), self._number(at + 2), self._year(at + 4)
        signs = self.keys[at + 1 : at + 4 : 2]
        if None in (day, month, year) or len(set(signs)) != 1 or signs[0] not in "/.-":
            return None
        return _on(at, at + 5, year or 0, month or 0, day or 0)

    def _day_of_month(self, at: int) -> Stretch | None:
        """5 March 2017, March 5th, 2017, ۵ مارچ."""
        day, month = self._count(at), None
        end = at + 1
        if day is not None:
            end += self.keys[end : end + 1] in (["st"], ["nd"], ["rd"], ["th"])
            while end < len(self.keys) and self.keys[end] in {"of", "the"}:
                end += 1
            month = self._value(end, "month")
            end = self._end(end)
        elif month := self._value(at, "month"):
            end = self._end(at)
            day = self._number(end)
            end += 1
            end += self.keys[end : end + 1] in (["st"], ["nd"], ["rd"], ["th"])
        if day is None or month is None or not 1 <= day <= 31:
            return None
        year, after = self._year_after(end)
        if year:
            return _on(at, after, year, int(month), day)
        year = self._year_before(at)
        found = _on(at, end, year or self.today.year, int(month), day)
        found = found and replace(found, before=bool(year))
        return found and (found if year else self._nearest(replace(found, has_year=False)))

    def _lettered(self, at: int) -> Stretch | None:
        """Q3, H1, W51; alone, before a year or behind it."""
        letter, number = self.keys[at], self._number(at + 1)
        size = {"q": ("quarter", 4), "h": ("half", 2)}.get(letter)
        if size is None or number is None or not 1 <= number <= size[1]:
            return None
        return self._part(at, at + 2, size[0], number)

    def _counted(self, at: int) -> Stretch | None:
        """The third quarter of 2017, 2017 کی تیسری سہ ماہی, quarter 3."""
        nth, unit = self._value(at, "nth"), self._value(self._end(at), "unit")
        end = self._end(self._end(at))
        if nth is None:
            unit = self._value(at, "unit")
            number = self._number(self._end(at))
            nth, end = (str(number), self._end(at) + 1) if number is not None else (None, at)
        elif unit is None and (months := self._first_months(at, int(nth))):
            return months
        elif unit is None:
            unit, end = self._unit_of_next(self._end(at)), self._end(at)
        if nth is None or unit not in {"quarter", "half"}:
            return None
        most = 12 // _MONTHS_IN[unit]
        return self._part(at, end, unit, int(nth)) if 1 <= int(nth) <= most else None

    def _first_months(self, at: int, nth: int) -> Stretch | None:
        """The first six months of 2017."""
        here = self._end(at)
        said = self._value(here, "num")
        many = int(said) if said else self._number(here)
        unit = self._value(self._end(here), "unit")
        year, end = self._year_after(self._end(self._end(here)))
        if nth != 1 or many is None or unit != "month" or not 1 <= many <= 12:
            return None
        year = year or self._year_before(at) or self.today.year
        return Stretch(at, end, _months(date(year, 1, 1), many))

    def _unit_of_next(self, at: int) -> str | None:
        """ "The first and the second half": what the first is of."""
        for here in range(at, at + 4):
            if self._value(here, "nth") and (unit := self._value(self._end(here), "unit")):
                return unit
        return None

    def _part(self, at: int, end: int, unit: str, number: int) -> Stretch:
        """The nth quarter or half of a year, of the latest where none is said."""
        size = _MONTHS_IN[unit]
        year, after = self._year_after(end)
        before = None if year else self._year_before(at)
        start = date(year or before or self.today.year, size * (number - 1) + 1, 1)
        found = Stretch(
            at, after if year else end, _months(start, size), bool(year or before),
            before=bool(before),
        )  # fmt: skip
        return found if found.has_year else self._nearest(found)

    def _month(self, at: int) -> Stretch | None:
        month = self._value(at, "month")
        if month is None:
            return None
        year, end = self._year_after(self._end(at))
        before = None if year else self._year_before(at)
        start = date(year or before or self.today.year, int(month), 1)
        found = Stretch(
            at, end if year else self._end(at), _months(start, 1), bool(year or before),
            before=bool(before),
        )  # fmt: skip
        return found if found.has_year else self._nearest(found)

    def _relative(self, at: int) -> Stretch | None:
        """This month, last quarter, the last 30 days, pichle 3 mahine."""
        step = next(
            (n for word, n in (("this", 0), ("last", -1), ("next", 1)) if self._has(at, word)), None
        )
        if step is None:
            return None
        here = self._end(at)
        many = self._number(here)
        if many is None and (said := self._value(here, "num")):
            many = int(said)
        here = self._end(here) if many is not None else here
        unit = self._value(here, "unit")
        if unit is None:
            return None
        end = self._end(here)
        if many is not None:
            return Stretch(at, end, self._rolling(many, unit, step)) if 0 < many < 1000 else None
        return Stretch(at, end, self._whole(unit, step))

    def _before_last(self, at: int) -> Stretch | None:
        """The month before last."""
        unit = self._value(at, "unit")
        end = self._end(at)
        if unit is None or self.keys[end : end + 2] != ["before", "last"]:
            return None
        return Stretch(at, end + 2, self._whole(unit, -2))

    def _rolling(self, many: int, unit: str, step: int) -> Span:
        length = (
            relativedelta(days=many) if unit == "day"
            else relativedelta(weeks=many) if unit == "week"
            else relativedelta(months=many * _MONTHS_IN[unit])
        )  # fmt: skip
        if step > 0:
            return Span(self.today, self.today + length - _DAY)
        return Span(self.today - length, self.today)

    def _whole(self, unit: str, step: int) -> Span:
        if unit == "day":
            day = self.today + step * _DAY
            return Span(day, day)
        if unit == "week":
            monday = self.today - self.today.weekday() * _DAY + 7 * step * _DAY
            return Span(monday, monday + 6 * _DAY)
        size = _MONTHS_IN[unit]
        first = self.today.replace(month=(self.today.month - 1) // size * size + 1, day=1)
        return _months(first + relativedelta(months=size * step), size)

    def _named_day(self, at: int) -> Stretch | None:
        for word, step in (("today", 0), ("yesterday", -1), ("day_before", -2)):
            if self._has(at, word):
                day = self.today + step * _DAY
                if step and self._is_total(at):
                    return None
                return Stretch(at, self._end(at), Span(day, day))
        if self._has(at, "to_date"):
            return Stretch(at, self._end(at), Span(self.today.replace(month=1, day=1), self.today))
        return None

    def _is_total(self, at: int) -> bool:
        """کل is yesterday, and "in all": before what is counted the latter."""
        phrase = self.at.get(self._end(at))
        counted = {"how_many", "how_much", "money", "deals"}
        return len(self.at[at].senses) > 1 and phrase is not None and bool(phrase.senses & counted)

    def _week(self, at: int) -> Stretch | None:
        number = self._number(self._end(at))
        if self._value(at, "unit") != "week" or number is None or not 1 <= number <= 53:
            return None
        year, end = self._year_after(self._end(at) + 1)
        try:
            monday = date.fromisocalendar(year or self.today.year, number, 1)
        except ValueError:
            return None
        found = Stretch(at, end, Span(monday, monday + 6 * _DAY), bool(year))
        return found if year else self._nearest(found)

    def _bare_year(self, at: int) -> Stretch | None:
        year = self._year(at)
        if year is None or len(self.keys[at]) != 4 or self._counts_deals(at + 1):
            return None
        return Stretch(at, at + 1, _months(date(year, 1, 1), 12), is_year=True)

    def _counts_deals(self, at: int) -> bool:
        return self._has(at, "deals") and self._has(at - 2, "over")

    def _nearest(self, found: Stretch) -> Stretch:
        """Where no year was said: the latest that has begun, or the next that has not ended."""
        first, last = found.span.first, found.span.last
        if first is None or last is None:
            return found
        if self.ahead:
            return self._of_year(found, first.year + 1) if last < self.today else found
        return self._of_year(found, first.year - 1) if first > self.today else found

    def _of_year(self, found: Stretch, year: int) -> Stretch:
        first, last = found.span.first, found.span.last
        if first is None or last is None:
            return found
        move = relativedelta(years=year - first.year)
        full = (last + _DAY) + move - _DAY  # the end of February follows the year
        return replace(found, span=Span(first + move, full))

    # --- two that are one, and open ends --------------------------------------------------------

    def _runs_on(self, first: Stretch, second: Stretch) -> bool:
        """Whether "to", "tak" or "and" makes one stretch of two."""
        between = range(first.j, second.i)
        if not 1 <= len(between) <= 3:
            return False
        words = {self.keys[at] for at in between}
        if words & _BOTH_ENDS or any(self._has(at, "until") for at in between):
            return True
        begun = self._has(first.i - 1, "from")
        near = bool(
            first.span.last and second.span.first and first.span.last + _DAY == second.span.first
        )
        return any(self._has(at, "and") for at in between) and (
            begun or near or self._is_followed_by_between(second.j)
        )

    def _is_followed_by_between(self, at: int) -> bool:
        return any(self._has(here, "from") for here in range(at, at + 3))

    def _open_ended(self, found: Stretch) -> Stretch:
        """Since March; before June."""
        at = found.i - 1
        while at >= 0 and self.keys[at] in _GLUE:
            at -= 1
        word = self.keys[at] if at >= 0 else ""
        after = self.keys[found.j] if found.j < len(self.keys) else ""
        first, last = found.span.first, found.span.last
        if word == "after":
            return replace(found, span=Span(last + _DAY if last else None, None))
        if word == "before":
            return replace(found, span=Span(None, first - _DAY if first else None))
        if any(p.j == found.i or p.j == at + 1 for p in self.at.values() if "since" in p.senses):
            return replace(found, span=Span(first, None))
        if word in {"until", "till", "through"}:
            return replace(found, span=Span(None, last))
        if self._has(found.j, "before_it"):
            span = Span(None, first - _DAY if first else None)
            return replace(found, j=self._end(found.j), span=span)
        if self._has(found.j, "after_it"):
            span = Span(last + _DAY if last else None, None)
            return replace(found, j=self._end(found.j), span=span)
        if (
            self._has(found.j, "since")
            or self._has(found.j, "onwards")
            or (after in {"se", "سے"} and not self._has(found.j, "over"))
        ):
            return replace(found, j=self._end(found.j), span=Span(first, None))
        return found


def _months(first: date, many: int) -> Span:
    return Span(first, first + relativedelta(months=many) - _DAY)


def _on(at: int, end: int, year: int, month: int, day: int) -> Stretch | None:
    try:
        here = date(year, month, day)
    except ValueError:
        return None
    return Stretch(at, end, Span(here, here))
