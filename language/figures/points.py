"""One stretch of days at a time: 5 March 2017, Q3, last month, the past 30 days, week 53, ..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from language.figures.figure import Span
from language.figures.phrases import Phrase
from language.sheet import Sheet
from rules.hijri import feasts_around

DAY = timedelta(days=1)
GLUE = {"of", "in", "the", "'s", "ki", "ka", "ke", "mein", "کی", "کا", "کے", "میں", ","}
_YEARS = range(1950, 2150)
_DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LETTERS = {"q": ("quarter", 4), "h": ("half", 2)}
_BEFORE_FEASTS = {"since", "after", "before", "until", "till", "during", "in", "on", "last", "this"}
_AFTER_FEASTS = {"se", "par", "pe", "mein", "سے", "پر", "میں"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BEFORE_WEEKDAYS = {
    "on", "since", "from", "after", "before", "until", "till", "between", "by", "through", "to",
}  # fmt: skip
_AFTER_WEEKDAYS = {
    "se", "ko", "tak", "ke", "ka", "ki", "wale", "waali", "wali",
    "سے", "کو", "تک", "کے", "کا", "کی", "والے", "والی",
}  # fmt: skip
_EVERY = {"every", "each", "any", "har", "ہر"}
_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}


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
    weekly: bool = False  # a day of the week, of which there is one every week


class Points:
    """Reads what single stretches of a text say. ``ahead``: what names no year is of the time to
    come. ``impossible``: days that there are none of, as they were said."""

    def __init__(
        self, sheet: Sheet, found: Sequence[Phrase], today: date, *, ahead: bool = False
    ) -> None:
        self.sheet, self.today, self.ahead = sheet, today, ahead
        self.at = {phrase.i: phrase for phrase in found}
        self.keys = [token.key for token in sheet.tokens]
        self.impossible: list[str] = []

    def has(self, at: int, sense: str) -> bool:
        phrase = self.at.get(at)
        return phrase is not None and sense in phrase.senses

    def value(self, at: int, kind: str) -> str | None:
        phrase = self.at.get(at)
        values = (
            [s.partition(":")[2] for s in phrase.senses if s.startswith(f"{kind}:")]
            if phrase
            else []
        )
        return values[0] if values else None

    def end(self, at: int) -> int:
        return self.at[at].j if at in self.at else at + 1

    def _number(self, at: int) -> int | None:
        if 0 <= at < len(self.keys) and self.keys[at].isdecimal() and len(self.keys[at]) <= 4:
            return int(self.keys[at])
        return None

    def _count(self, at: int) -> int | None:
        """A number in figures, or one that is written out."""
        said = self.value(at, "num")
        return int(said) if said else self._number(at)

    def _year(self, at: int) -> int | None:
        number = self._number(at)
        return number if number in _YEARS else None

    def _year_after(self, at: int) -> tuple[int | None, int]:
        """A year that is said next, behind "of" or not, or "last year"; where it ends."""
        here = at
        while here < len(self.keys) and self.keys[here] in GLUE:
            here += 1
        if year := self._year(here):
            return year, here + 1
        for word, step in (("this", 0), ("last", -1), ("next", 1)):
            if self.has(here, word) and self.value(self.end(here), "unit") == "year":
                return self.today.year + step, self.end(self.end(here))
        return None, at

    def _year_before(self, at: int) -> int | None:
        here = at - 1
        while here >= 0 and self.keys[here] in GLUE:
            here -= 1
        return self._year(here)

    # --- one stretch ----------------------------------------------------------------------------

    def read(self, at: int) -> Stretch | None:
        if at not in self.at and not self.keys[at].isdecimal() and self.keys[at] not in _LETTERS:
            return None  # most words say nothing of time, and no reader begins with one
        for reader in (
            self._iso, self._slashed, self._day_of_month, self._lettered, self._counted,
            self._before_last, self._relative, self._named_day, self._weekday, self._month,
            self._week, self._bare_year,
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
        return self._day(at, at + 5, year, month, day)

    def _day(self, at: int, end: int, year: int, month: int, day: int) -> Stretch | None:
        """A day that is written in figures; it is told where there is none such."""
        found = _on(at, end, year, month, day)
        if found is None:
            self.impossible.append(self.sheet.said(at, end))
        return found

    def _slashed(self, at: int) -> Stretch | None:
        """5/3/2017: the day before the month."""
        day, month, year = self._number(at), self._number(at + 2), self._year(at + 4)
        signs = self.keys[at + 1 : at + 4 : 2]
        if None in (day, month, year) or len(set(signs)) != 1 or signs[0] not in "/.-":
            return None
        return self._day(at, at + 5, year or 0, month or 0, day or 0)

    def _day_of_month(self, at: int) -> Stretch | None:
        """5 March 2017, March 5th, 2017, ۵ مارچ."""
        day, month = self._count(at), None
        end = at + 1
        if day is not None:
            end += self.keys[end : end + 1] in (["st"], ["nd"], ["rd"], ["th"])
            while end < len(self.keys) and self.keys[end] in {"of", "the"}:
                end += 1
            month = self.value(end, "month")
            end = self.end(end)
        elif month := self.value(at, "month"):
            end = self.end(at)
            day = self._number(end)
            end += 1
            end += self.keys[end : end + 1] in (["st"], ["nd"], ["rd"], ["th"])
        if day is None or month is None or not 1 <= day <= 31:
            return None
        year, after = self._year_after(end)
        if day > _DAYS_OF[int(month) - 1] or (
            year and _on(at, after, year, int(month), day) is None
        ):
            self.impossible.append(self.sheet.said(at, after if year else end))
            return None
        if year:
            return _on(at, after, year, int(month), day)
        year = self._year_before(at)
        leap = (int(month), day) == (2, 29)
        latest = self.today.year - self.today.year % 4 if leap else self.today.year
        found = _on(at, end, year or latest, int(month), day)
        found = found and replace(found, before=bool(year))
        return found and (found if year else self._nearest(replace(found, has_year=False)))

    def _lettered(self, at: int) -> Stretch | None:
        """Q3, H1, W51; alone, before a year or behind it."""
        letter, number = self.keys[at], self._number(at + 1)
        size = _LETTERS.get(letter)
        if size is None or number is None:
            return None
        if not 1 <= number <= size[1]:
            self.impossible.append(self.sheet.said(at, at + 2))
            return None
        return self._part(at, at + 2, size[0], number)

    def _counted(self, at: int) -> Stretch | None:
        """The third quarter of 2017, 2017 کی تیسری سہ ماہی, quarter 3."""
        nth, unit = self.value(at, "nth"), self.value(self.end(at), "unit")
        end = self.end(self.end(at))
        if nth is None:
            unit = self.value(at, "unit")
            number = self._number(self.end(at))
            nth, end = (str(number), self.end(at) + 1) if number is not None else (None, at)
        elif unit is None and (months := self._first_months(at, int(nth))):
            return months
        elif unit is None:
            unit, end = self._unit_of_next(self.end(at)), self.end(at)
        if nth is None or unit not in {"quarter", "half"}:
            return None
        most = 12 // _MONTHS_IN[unit]
        return self._part(at, end, unit, int(nth)) if 1 <= int(nth) <= most else None

    def _first_months(self, at: int, nth: int) -> Stretch | None:
        """The first six months of 2017."""
        here = self.end(at)
        said = self.value(here, "num")
        many = int(said) if said else self._number(here)
        unit = self.value(self.end(here), "unit")
        year, end = self._year_after(self.end(self.end(here)))
        if nth != 1 or many is None or unit != "month" or not 1 <= many <= 12:
            return None
        year = year or self._year_before(at) or self.today.year
        return Stretch(at, end, _months(date(year, 1, 1), many))

    def _unit_of_next(self, at: int) -> str | None:
        """ "The first and the second half": what the first is of."""
        for here in range(at, at + 4):
            if self.value(here, "nth") and (unit := self.value(self.end(here), "unit")):
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
        month = self.value(at, "month")
        if month is None:
            return None
        year, end = self._year_after(self.end(at))
        before = None if year else self._year_before(at)
        start = date(year or before or self.today.year, int(month), 1)
        found = Stretch(
            at, end if year else self.end(at), _months(start, 1), bool(year or before),
            before=bool(before),
        )  # fmt: skip
        return found if found.has_year else self._nearest(found)

    def _relative(self, at: int) -> Stretch | None:
        """This month, last quarter, the last 30 days, pichle 3 mahine."""
        step = next(
            (n for word, n in (("this", 0), ("last", -1), ("next", 1)) if self.has(at, word)), None
        )
        if step is None:
            return None
        here = self.end(at)
        many = self._number(here)
        if many is None and (said := self.value(here, "num")):
            many = int(said)
        here = self.end(here) if many is not None else here
        unit = self.value(here, "unit")
        if unit is None and many is None and (day := self._day_of_week(here, step)):
            return Stretch(at, self.end(here), Span(day, day), weekly=True)
        if unit is None:
            return None
        end = self.end(here)
        if many is not None:
            return Stretch(at, end, self._rolling(many, unit, step)) if 0 < many < 1000 else None
        return Stretch(at, end, self._whole(unit, step))

    def _before_last(self, at: int) -> Stretch | None:
        """The month before last."""
        unit = self.value(at, "unit")
        end = self.end(at)
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
            return Span(self.today, self.today + length - DAY)
        return Span(self.today - length, self.today)

    def _whole(self, unit: str, step: int) -> Span:
        if unit == "day":
            day = self.today + step * DAY
            return Span(day, day)
        if unit == "week":
            monday = self.today - self.today.weekday() * DAY + 7 * step * DAY
            return Span(monday, monday + 6 * DAY)
        size = _MONTHS_IN[unit]
        first = self.today.replace(month=(self.today.month - 1) // size * size + 1, day=1)
        return _months(first + relativedelta(months=size * step), size)

    def _named_day(self, at: int) -> Stretch | None:
        for word, step in (("today", 0), ("yesterday", -1), ("day_before", -2)):
            if self.has(at, word):
                day = self.today + step * DAY
                if step and self._is_total(at):
                    return None
                return Stretch(at, self.end(at), Span(day, day))
        if (feast := self.value(at, "feast")) and self._bounds(at):
            days = feasts_around(self.today, feast)
            begun = [each for each in days if each[0] <= self.today]
            ahead = [each for each in days if each[1] >= self.today]
            return Stretch(at, self.end(at), Span(*(ahead[0] if self.ahead else begun[-1])))
        if self.has(at, "to_date"):
            return Stretch(at, self.end(at), Span(self.today.replace(month=1, day=1), self.today))
        return None

    def _weekday(self, at: int) -> Stretch | None:
        """On Monday, since Monday, پیر سے: the latest one, or the next. What every Monday brings is
        no time, and Peer, Juma and Sun are more than days where nothing says so."""
        day = self._day_of_week(at, None)
        before, end = self.keys[at - 1] if at else "", self.end(at)
        after = self.keys[end] if end < len(self.keys) else ""
        if day is None or before in _EVERY or self.keys[at].endswith("days"):
            return None
        plain = self.keys[at].endswith("day")
        plain = plain or end > at + 1  # hafte ko
        if plain or before in _BEFORE_WEEKDAYS or after in _AFTER_WEEKDAYS:
            return Stretch(at, end, Span(day, day), weekly=True)
        return None

    def _day_of_week(self, at: int, step: int | None) -> date | None:
        """The day that is said: of this week (0), the last or next such day (-1, 1), or where
        nothing says which (None) the nearest that it can be."""
        said = self.value(at, "weekday")
        if said is None or self.value(at, "unit"):
            return None
        weekday = _WEEKDAYS.index(said)
        if step == 0:
            return self.today + (weekday - self.today.weekday()) * DAY
        if step == 1 or (step is None and self.ahead):
            begin = self.today + DAY if step else self.today
            return begin + (weekday - begin.weekday()) % 7 * DAY
        end = self.today - DAY if step else self.today
        return end - (end.weekday() - weekday) % 7 * DAY

    def _bounds(self, at: int) -> bool:
        """Whether a feast is a time here: since Eid, Eid ke baad; an Eid offer is none."""
        before = at - 1
        while before >= 0 and self.keys[before] in GLUE - {"in", ","}:
            before -= 1
        word = self.keys[before] if before >= 0 else ""
        behind = self.end(at)
        if self.has(behind, "of_a_feast"):
            return False
        after = self.keys[behind] if behind < len(self.keys) else ""
        return (
            word in _BEFORE_FEASTS
            or after in _AFTER_FEASTS
            or any(self.has(behind, sense) for sense in ("since", "before_it", "after_it"))
        )

    def _is_total(self, at: int) -> bool:
        """کل is yesterday, and "in all": before what is counted the latter."""
        phrase = self.at.get(self.end(at))
        counted = {"how_many", "how_much", "money", "deals"}
        return len(self.at[at].senses) > 1 and phrase is not None and bool(phrase.senses & counted)

    def _week(self, at: int) -> Stretch | None:
        number = self._number(self.end(at))
        if self.value(at, "unit") != "week" or number is None or not 1 <= number <= 53:
            return None
        year, end = self._year_after(self.end(at) + 1)
        try:
            monday = date.fromisocalendar(year or self.today.year, number, 1)
        except ValueError:
            self.impossible.append(self.sheet.said(at, end))
            return None
        found = Stretch(at, end, Span(monday, monday + 6 * DAY), bool(year))
        return found if year else self._nearest(found)

    def _bare_year(self, at: int) -> Stretch | None:
        year = self._year(at)
        if year is None or len(self.keys[at]) != 4 or self._counts_deals(at + 1):
            return None
        if year % 10 == 0 and self.keys[at + 1 : at + 2] in (["s"], ["'s"]):
            return Stretch(at, at + 2, _months(date(year, 1, 1), 120))
        return Stretch(at, at + 1, _months(date(year, 1, 1), 12), is_year=True)

    def _counts_deals(self, at: int) -> bool:
        return self.has(at, "deals") and self.has(at - 2, "over")

    def _nearest(self, found: Stretch) -> Stretch:
        """Where no year was said: the latest that has begun, or the next that has not ended."""
        first, last = found.span.first, found.span.last
        if first is None or last is None:
            return found
        if self.ahead:
            return self.of_year(found, first.year + 1) if last < self.today else found
        return self.of_year(found, first.year - 1) if first > self.today else found

    def of_year(self, found: Stretch, year: int) -> Stretch:
        first, last = found.span.first, found.span.last
        if first is None or last is None:
            return found
        move = relativedelta(years=year - first.year)
        full = (last + DAY) + move - DAY  # the end of February follows the year
        return replace(found, span=Span(first + move, full))


def _months(first: date, many: int) -> Span:
    return Span(first, first + relativedelta(months=many) - DAY)


def _on(at: int, end: int, year: int, month: int, day: int) -> Stretch | None:
    try:
        here = date(year, month, day)
    except ValueError:
        return None
    return Stretch(at, end, Span(here, here))
