"""The wish to take a customer out, or to open a deal again: "delete Bilal Khan", "reopen the Nishat
deal".

Told by the templates of `words/removing.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from language.action import Action
from language.sheet import Sheet
from language.templates import likely
from language.whole import customer_at, told


def read_removing(sheet: Sheet) -> Iterator[Action]:
    """``contact.remove`` with whom, in all ways in which they may be named."""
    return _of_somebody(sheet, "removing")


def read_reopening(sheet: Sheet) -> Iterator[Action]:
    """``deal.reopen`` with whom."""
    return _of_somebody(sheet, "reopening")


def _of_somebody(sheet: Sheet, heading: str) -> Iterator[Action]:
    if not likely(sheet, heading):
        return
    for intent, slots in told(sheet, heading):
        if (whom := customer_at(sheet, slots["who"])) is not None:
            yield Action(intent, whom)
