"""What is said and asked of one customer's payments: "Bilal paid late", "bilal ke paise baqi hain".

One is such a message only where the whole of it is, by the templates of `words/paying.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from language.action import Action
from language.amounts import sums_in
from language.figures.spans import days_at
from language.sheet import Sheet
from language.templates import likely
from language.whole import bare, customer_at, is_marked, told

HEADINGS = ("paid_asked", "paid_them", "paid")


def read_paying(sheet: Sheet, today: date) -> Iterator[Action]:
    """``payment.note`` with whom, the text, and ``on`` (an ISO day) where one was said that is not
    to come; ``payment.list`` with whom, where it is asked."""
    headings = [each for each in HEADINGS if likely(sheet, each)]
    if not headings:
        return
    days = days_at(sheet, today)
    sums = [(each.i, each.j) for each in sums_in(sheet)]
    for heading in headings:
        for intent, slots in told(sheet, heading, {"period": list(days), "sum": sums}):
            if (whom := customer_at(sheet, slots.get("who"))) is None:
                continue
            if is_marked(sheet) or intent == "payment.list":
                yield Action("payment.list", whom)
            else:
                on = _day(days.get(slots.get("period", (0, 0)), {}), today)
                yield Action("payment.note", {**whom, **on, "text": bare(sheet.text)})


def _day(said: dict[str, str], today: date) -> dict[str, str]:
    """A single day that has come."""
    first = said.get("first")
    single = first and first == said.get("last") and date.fromisoformat(first) <= today
    return {"on": first} if first and single else {}
