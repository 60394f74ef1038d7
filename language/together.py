"""Several people of whom one thing is said: "met Bilal and Sara today" is told of each.

The message is read once for each of them, with that name in the place of all; only where each
reading is the same one thing is it said of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from language.action import Action
from language.doubt import unsure
from language.known import Known, words_of
from language.reader import read
from language.recognising import recognise
from language.setting import Setting
from language.sheet import Sheet, lay_out
from language.spotting import Item, spot

MOST = 6
"""People of one message."""

OF_EACH = frozenset({"activity.log", "task.add", "contact.update"})
"""What may be said of several at once."""

_JOINTS = frozenset({"and", "aur", "اور", "&", "+", ",", "،", "n", "plus"})
_PAUSES = frozenset({",", "،"})
_DOES = ("wants", "says", "ordered", "complains", "have", "will", "changed", "who_q", "is", "was")
_ALL = frozenset({"both", "dono", "donon", "donno", "دونوں", "teenon", "teeno", "تینوں", "sab"})
"""Beside names these say no more than the joint does."""


def read_together(text: str, now: datetime, setting: Setting) -> list[Action]:
    """The same action for each of them; none where it is not so."""
    sheet = lay_out(text)
    if not _may_be(sheet, setting.known):
        return []
    scene = spot(recognise(sheet, setting.known), setting)
    named = [item for item in scene.items if item.kind in {"person", "org"}]
    run = next(_runs(sheet, named), [])
    if not 1 < len(run) <= MOST or any(item.kind == "org" for item in named if item not in run):
        return []
    i, j = run[0].i, run[-1].j
    if sheet.key(run[-1].i - 1) in _PAUSES or (i and sheet.verb_first and sheet.has(j, *_DOES)):
        return []  # "met Bilal, Sara wants rates"
    i -= sheet.key(i - 1) in _ALL
    j += sheet.key(j) in _ALL
    begin, end = sheet.tokens[i].start, sheet.tokens[j - 1].end
    found = []
    for item in run:
        alone = f"{text[:begin]}{sheet.said(item.i, item.j)}{text[end:]}"
        actions = read(alone, now, setting)
        if len(actions) != 1 or actions[0].intent not in OF_EACH or unsure(actions[0].confidence):
            return []
        found.append(replace(actions[0], spans={}))
    alike = len({(each.intent, each.slots.get("kind")) for each in found}) == 1
    return found if alike else []


def _may_be(sheet: Sheet, known: Known) -> bool:
    """Whether a joint stands between words of known names: a look that costs little."""
    joints = [at for at, token in enumerate(sheet.tokens) if token.key in _JOINTS]
    joints = [at for at in joints if not sheet.senses(at + 1) or sheet.has(at + 1, "given")]
    if not joints:
        return False
    words = {word for name in (*known.people, *known.companies) for word in words_of(name)}

    def names(at: int) -> bool:
        return sheet.key(at) in words or sheet.has(at, "given")

    return bool(words) and any(names(at - 1) and names(at + 1) for at in joints)


def _runs(sheet: Sheet, named: list[Item]) -> Iterator[list[Item]]:
    """Names with nothing but joints between them."""
    run: list[Item] = []
    for item in named:
        between = range(run[-1].j, item.i) if run else range(0)
        if run and between and all(sheet.key(at) in _JOINTS for at in between):
            run.append(item)
            continue
        if len(run) > 1:
            yield run
        run = [item]
    if len(run) > 1:
        yield run
