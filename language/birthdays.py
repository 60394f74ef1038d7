"""What is said and asked of birthdays: "Sara's birthday is 29 November", "is mahine kis ki salgirah
hai".

One is such a message only where the whole of it is, by the templates of `words/birthdays.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from language.action import Action
from language.figures.figure import Span
from language.figures.phrases import phrases
from language.figures.points import Stretch
from language.figures.spans import Spans
from language.sheet import Sheet, lay_out
from language.templates import Place, likely
from language.values import read_due
from language.whole import bare, customer_at, told

HEADINGS = ("birthday_list", "birthday_show", "birthday_set")


def read_birthdays(sheet: Sheet, now: datetime) -> Iterator[Action]:
    """``birthday.set`` with whom and ``day`` (1985-12-03, or --12-03 without a year),
    ``birthday.show`` with whom, ``birthday.list`` with the days where some were said (``first``
    and ``last``, as ISO, the year of no account)."""
    headings = [each for each in HEADINGS if likely(sheet, each)]
    if not headings:
        return
    spans = Spans(sheet, phrases(sheet), now.date(), ahead=True).read()
    near = _near(sheet, now, spans)
    periods, days = _periods(spans, near), _days(spans, near, now)
    places = {"period": list(periods), "day": list(days)}
    for heading in headings:
        for intent, slots in told(sheet, heading, places):
            if intent == "birthday.list":
                yield Action(intent, periods.get(slots.get("period", (0, 0)), {}))
            elif (whom := customer_at(sheet, slots.get("who"))) is not None:
                day = {"day": days[slots["day"]]} if "day" in slots else {}
                yield Action(intent, {**whom, **day})


def read_birthday(text: str, now: datetime) -> str | None:
    """The day that is said and nothing besides, with its year where that was said."""
    sheet = lay_out(bare(text))
    spans = Spans(sheet, phrases(sheet), now.date(), ahead=True).read()
    return _days(spans, _near(sheet, now, spans), now).get((0, len(sheet.tokens)))


def _near(sheet: Sheet, now: datetime, spans: Sequence[Stretch]) -> dict[Place, date]:
    """Days that are told from today, in a word: tomorrow, aaj, کل; and 29/11. What may have been
    or be yet ("kal") is to come: nobody tells of a birthday that is over."""
    longer = {(each.i, each.j) for each in spans if each.span.first != each.span.last}
    found = {}
    for i, token in enumerate(sheet.tokens):
        j = i + (3 if token.kind == "number" else 1)
        if (i, j) in longer or j > len(sheet.tokens):
            continue
        if token.kind == "number" and sheet.key(i + 1) not in {"/", "-"}:
            continue
        if due := read_due(sheet.said(i, j), now):
            found[i, j] = date.fromisoformat(due[: len("2026-11-29")])
    return found


def _days(spans: Sequence[Stretch], near: Mapping[Place, date], now: datetime) -> dict[Place, str]:
    """Where days stand: as 1985-12-03 where their year was said and has gone by, else --12-03."""
    found = {place: f"--{day:%m-%d}" for place, day in near.items()}
    for each in spans:
        first = each.span.first
        if first is None or first != each.span.last or each.weekly:
            continue
        if not each.has_year:
            found[each.i, each.j] = f"--{first:%m-%d}"
        elif first.year < now.year:
            found[each.i, each.j] = first.isoformat()
    return found


def _periods(spans: Sequence[Stretch], near: Mapping[Place, date]) -> dict[Place, dict[str, str]]:
    """Where times stand, with their first and last day."""
    said = {(each.i, each.j): each.span for each in spans}
    said |= {place: Span(day, day) for place, day in near.items()}
    return {
        place: {"first": span.first.isoformat(), "last": span.last.isoformat()}
        for place, span in said.items()
        if span.first and span.last
    }
