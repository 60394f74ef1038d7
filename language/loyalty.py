"""Messages about loyalty tiers, and about when customers are asked after a sale.

``who are our gold customers``, ``Bilal kis tier me hai``, ``درجے: گولڈ 10 لاکھ، سلور 3 لاکھ``,
``check in 10 days after a sale``. One is such a message only where all of its words are, but for a
name and numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from language.action import Action
from language.amounts import Amount, plain, read_sum
from language.dealing import is_who
from language.folding import fold
from language.numbers import read_number
from language.phrasebook import Mark, Phrasebook, words_in
from language.sheet import Sheet

LONGEST = 30
"""Tokens of such a message at most."""

TOPICS = (
    "tier", "check_in", "name:gold", "name:silver", "name:bronze", "name:platinum", "name:diamond",
)  # fmt: skip
"""What such a message is about; one of them is in it."""

_BOOK = Phrasebook(lambda: words_in("loyalty").items(), TOPICS)
_SIGNS = frozenset(",:;\"'“”‘’()-=.!?؟،۔/–—>≥")
_LONGEST_NAME = 3  # words of a tier


def read_loyalty(sheet: Sheet, own: Sequence[str] = ()) -> list[Action]:
    """Such a wish; nothing for a message that is about anything else. ``own``: what the team calls
    its tiers."""
    tokens = sheet.tokens
    if not 0 < len(tokens) <= LONGEST:
        return []
    named = _own(sheet, own)
    if not (named or _BOOK.may_be_in(sheet.forms)):
        return []
    said = _Said.of(sheet, named)
    found = _of_sales(said) or _of_tiers(said)
    return [found] if found else []


def _of_sales(said: _Said) -> Action | None:
    if not (said.has("check_in") and said.has("sale") and said.has("days")):
        return None
    if said.left or len(said.numbers) != 1 or said.names or said.sums:
        return None
    return Action("check_in.days", {"days": said.numbers[0]})


def _of_tiers(said: _Said) -> Action | None:
    if said.numbers:
        return None
    if said.sums:
        return _set(said)
    if not (said.has("tier") or said.names):
        return None
    if said.left:
        return _of_one(said)
    if said.has("reset") and said.has("tier"):
        return Action("tier.set", {"tiers": []})
    if said.names:
        lists = len(said.names) == 1 and (said.has("customers", "tier") or said.asks)
        if lists and said.has("customers", "question"):
            return Action("tier.list", {"tier": said.names[0][2]})
        return None
    return Action("tier.settings") if not said.has("set") else None


def _of_one(said: _Said) -> Action | None:
    """Of a customer, or of customers of a tier that there is none of."""
    i, j = said.left[0], said.left[-1] + 1
    if j - i != len(said.left) or not is_who(said.sheet, i, j):
        return None
    words = said.sheet.said(i, j).strip("\"'“”‘’()")
    if said.has("tier") and said.has("customers") and said.asks and len(said.left) == 1:
        return Action("tier.list", {"tier": words})
    if said.has("customers", "set", "reset"):
        return None
    if not (said.has("tier") or (said.checks and j <= said.names[0][0])):
        return None
    return Action("tier.show", {"contact": words})


def _set(said: _Said) -> Action | None:
    """``gold 10 lakh, silver 3 lakh``: each sum with the name before it."""
    if not (said.has("tier") or (said.has("set") and said.names)) or said.asks:
        return None
    names = [*said.names, *said.strange]
    if len(names) != len(said.sums) or not names:
        return None
    names.sort()
    tiers: list[dict[str, Any]] = []
    for (i, j, name), amount in zip(names, said.sums, strict=True):
        del i
        if amount.i < j:
            return None
        told: dict[str, Any] = {"name": name, "amount": plain(amount.value)}
        tiers.append(told | ({"currency": amount.currency} if amount.currency else {}))
    return Action("tier.set", {"tiers": tiers})


@dataclass
class _Said:
    """What the words of a message are: senses, names of tiers, sums, numbers of days."""

    sheet: Sheet
    marks: list[Mark]
    names: list[tuple[int, int, str]]
    strange: list[tuple[int, int, str]] = field(default_factory=list)
    sums: list[Amount] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, sheet: Sheet, own: list[tuple[int, int, str]]) -> _Said:
        marks = _BOOK.marks(sheet.forms)
        keys = (
            (i, j, next((s[5:] for s in some if s.startswith("name:")), "")) for i, j, some in marks
        )
        usual = [(i, j, key) for i, j, key in keys if key]
        names = [*own, *(each for each in usual if not any(a <= each[0] < b for a, b, _ in own))]
        said = cls(sheet, marks, names)
        taken = {at for i, j, _ in (*marks, *own) for at in range(i, j)}
        at = 0
        while at < len(sheet.tokens):
            number = read_number(sheet, at)
            amount = read_sum(sheet, at)
            days = number and any(i == number.j and "days" in some for i, _, some in marks)
            if number and days:
                said.numbers.append(int(number.value))
                taken |= set(range(at, number.j))
                at = number.j
            elif amount:
                said.sums.append(amount)
                taken |= set(range(at, amount.j))
                at = amount.j
            else:
                at += 1
        tokens = range(len(sheet.tokens))
        said.left = [
            at for at in tokens if at not in taken and sheet.key(at) not in (*_SIGNS, "'s")
        ]
        if said.sums:
            said._strange_names()
        return said

    def _strange_names(self) -> None:
        """Words before a sum that name a tier which is new."""
        runs: list[list[int]] = []
        for at in self.left:
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        for run in runs:
            if len(run) <= _LONGEST_NAME:
                name = self.sheet.said(run[0], run[-1] + 1)
                self.strange.append((run[0], run[-1] + 1, name))

    @property
    def senses(self) -> frozenset[str]:
        return frozenset(sense for _, _, some in self.marks for sense in some)

    def has(self, *senses: str) -> bool:
        return not self.senses.isdisjoint(senses)

    @property
    def asks(self) -> bool:
        return self.has("question") or self.checks

    @property
    def checks(self) -> bool:
        """Whether it is asked if something is so: "is Bilal gold"."""
        ends = {0, len(self.sheet.tokens) - 1}
        begins = any(i in ends and "opens" in some for i, _, some in self.marks)
        return begins or any(token.key in "?؟" for token in self.sheet.tokens)


def _own(sheet: Sheet, own: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where names of the team's own tiers stand."""
    keys = [token.key for token in sheet.tokens]
    return [
        (at, at + len(words), name)
        for name in own
        if (words := fold(name).split())
        for at in range(len(keys) - len(words) + 1)
        if keys[at : at + len(words)] == words
    ]
