"""An order beside which it is told what was paid: "Bilal ordered 10 bags and paid 5000". The sum is
no worth of the order.

Told by the templates of `words/paying.toml`, where what is left is an order and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from language.action import Action
from language.amounts import sums_in
from language.doubt import unsure
from language.ordered import order_slots
from language.reader import read
from language.setting import Setting
from language.sheet import lay_out
from language.templates import likely
from language.whole import bare, told


def read_paid_beside(text: str, now: datetime, setting: Setting) -> list[Action]:
    """``order.add``, and ``payment.note`` with whom and the words; none where it is not so."""
    sheet = lay_out(text)
    if not likely(sheet, "paid_beside"):
        return []
    sums = [(each.i, each.j) for each in sums_in(sheet)]
    for _, slots in told(sheet, "paid_beside", {"sum": sums}):
        i, j = slots["what"]
        actions = read(sheet.said(i, j), now, setting)
        if len(actions) != 1 or actions[0].intent != "order.add" or unsure(actions[0].confidence):
            continue
        order = replace(actions[0], slots=order_slots(sheet.said(i, j), actions[0].slots))
        whom = {k: v for k, v in order.slots.items() if k in {"contact", "company"}}
        said = bare(sheet.said(j, len(sheet.tokens))).lstrip(",، ")
        return [order, Action("payment.note", {**whom, "text": _words(said)})] if whom else []
    return []


def _words(said: str) -> str:
    """Without the joint in front."""
    first, _, rest = said.partition(" ")
    return rest if first.casefold() in {"and", "aur", "اور"} else said
