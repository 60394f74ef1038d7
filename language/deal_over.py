"""What becomes of a deal where nobody says how: "close Bilal's deal", "delete the deal with Bilal";
worth more or less by so much ("reduce Bilal's deal by 50k"); and the largest of all.

Told by the templates of `words/deal_over.toml`, only where the whole message says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from language.action import Action
from language.amounts import sums_in
from language.goods import percent_at
from language.numbers import numbers_in
from language.sheet import Sheet
from language.templates import Place, likely
from language.whole import told, whom_in


def read_deal_over(sheet: Sheet) -> Iterator[Action]:
    """``deal.drop`` and ``deal.end`` with whom; ``deal.by`` with whom, ``less`` where it is worth
    less, and ``percent`` or ``amount`` (with ``currency`` where one was said); ``deal.list`` with
    how many as ``top``."""
    for heading in ("deal_over", "deal_more", "deal_less", "deal_top"):
        if not likely(sheet, heading):
            continue
        by, counts = _by(sheet), dict(numbers_in(sheet))
        for intent, slots in told(sheet, heading, {"by": list(by), "n": list(counts)}):
            if intent == "deal.list":
                yield Action(intent, {"top": counts[slots["n"]] if "n" in slots else 1})
                continue
            whom = whom_in(sheet, slots)
            if whom is None or _is_of_goods(str(whom.get("contact", ""))):
                continue
            less = {"less": True} if heading == "deal_less" else {}
            yield Action(intent, {**whom, **less, **by.get(slots.get("by", (0, 0)), {})})


def _is_of_goods(words: str) -> bool:
    """ "remove zippers from the Nishat deal": those go, the deal stays."""
    return "from" in words.casefold().split()


def _by(sheet: Sheet) -> dict[Place, dict[str, Any]]:
    """Where sums and percentages stand, and what they are."""
    found: dict[Place, dict[str, Any]] = {}
    for amount in sums_in(sheet):
        currency = {"currency": amount.currency} if amount.currency else {}
        found[amount.i, amount.j] = {"amount": str(amount.value), **currency}
    for at in range(len(sheet.tokens)):
        if (share := percent_at(sheet, at)) is not None:
            found[at, share[0]] = {"percent": str(share[1])}
    return found
