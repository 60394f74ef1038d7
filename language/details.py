"""What is no longer so of a customer: "rename Bilal to Bilal Ahmed", "remove Sara's phone number",
"Sara has left Nishat Mills".

Told by the templates of `words/details.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from language.action import Action
from language.macros import called_at
from language.sheet import Sheet
from language.templates import likely
from language.whole import LONGEST_NAME, bare, customer_at, told

FIELDS = ("phone", "email", "city", "title", "company")
"""What can be taken off a card."""

HEADINGS = ("details", "details_left", "details_name")

_NO_NAME = frozenset({
    "kya", "kia", "what", "who", "mein", "me", "ko", "se", "par", "pe", "list", "nahi", "not",
    "کیا", "میں", "کو", "سے", "پر", "نہیں", "فہرست", "kaun", "kon", "کون",
})  # fmt: skip
"""With these among them, words are no new name: they ask for it, or put it somewhere."""


def read_details(sheet: Sheet) -> Iterator[Action]:
    """``contact.clear`` with whom and ``field`` (one of ``FIELDS``), or ``firm``, the company that
    they left; ``contact.rename`` with whom and the new ``name``."""
    headings = [each for each in HEADINGS if likely(sheet, each)]
    if not headings:
        return
    fields = called_at(sheet, "dt_", FIELDS)
    for heading in headings:
        for intent, slots in told(sheet, heading, {"field": list(fields)}):
            whom = customer_at(sheet, slots["who"])
            if whom is None:
                continue
            if heading == "details":
                yield Action(intent, {**whom, "field": fields[slots["field"]]})
                continue
            i, j = slots["firm" if heading == "details_left" else "name"]
            said = bare(sheet.said(i, j))
            if heading == "details_left":
                yield Action(intent, {**whom, "field": "company", "firm": said})
            elif j - i <= LONGEST_NAME and _NO_NAME.isdisjoint(sheet.key(at) for at in range(i, j)):
                yield Action(intent, {**whom, "name": said})
