"""What is said of audiences for advertising: of whom, for which platform; a budget; a lead's cost.

Whatever of a message is no phrase of `advertising.toml` says whom it means, and is read as a
description of a segment by who asks; so the phrases may come in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from language.action import Action
from language.amounts import Amount, sums_in
from language.phrasebook import Phrasebook, words_in
from language.sheet import Sheet
from language.templates import Place, likely, tell

LONGEST_MESSAGE = 60
"""Tokens of a message that asks for an audience."""

_NOT_PHRASES = frozenset({"rewrites"})
_OUT = {"exclude", "exclude:begin", "exclude:half", "exclude:other"}
_SEPARATE = frozenset(",،;+&/\n")


def _phrases() -> Iterable[tuple[str, Any]]:
    return ((sense, said) for sense, said in words_in("advertising").items()
            if sense not in _NOT_PHRASES)  # fmt: skip


_PHRASES = Phrasebook(
    _phrases,
    topics=[
        "audience", "seed", "split", "exclude", "ads", "platform:facebook", "platform:google",
        "platform:linkedin", "platform:facebook audience", "platform:google audience",
        "platform:linkedin audience",
    ],
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """``kind``: make, exclude or seed. ``said`` is whom it means, perhaps nobody in particular;
    ``best``: the best customers are spoken of. ``sure``: the words mean nothing else, also where
    ``said`` is not understood."""

    kind: str
    platform: str | None
    said: str
    best: bool
    sure: bool

    @property
    def ways(self) -> Iterator[str]:
        """Whom it means, as it was said and as descriptions say it."""
        yield self.said
        for pattern, told in _rewrites():
            if pattern.match(self.said):
                yield pattern.sub(told, self.said)


@cache
def _rewrites() -> list[tuple[re.Pattern[str], str]]:
    pairs = words_in("advertising")["rewrites"]["patterns"]
    return [(re.compile(pattern, re.IGNORECASE), told) for pattern, told in pairs]


def read_audience_wish(sheet: Sheet) -> Wanted | None:
    """Which audience is asked for; None for a message that is about anything else."""
    if not 1 < len(sheet.tokens) <= LONGEST_MESSAGE or not _PHRASES.may_be_in(sheet.forms):
        return None
    marks = _marks(sheet)
    senses = {sense for _, _, some in marks for sense in some}
    platforms = {each.split(":")[1].split()[0] for each in senses if each.startswith("platform:")}
    named = "audience" in senses or any(each.endswith(" audience") for each in senses)
    first = marks[0] if marks and marks[0][0] == 0 else None
    begins = bool(first) and "exclude:begin" in (first[2] if first else ())
    apart = {"exclude:half", "exclude:other"} <= senses
    out = ("exclude" in senses or apart) and (named or "ads" in senses or begins or (
        bool(platforms) and "list" in senses))  # fmt: skip
    is_wished = (
        bool(platforms)
        or not senses.isdisjoint(("make", "list"))
        or (first is not None and "audience" in first[2])
    )
    if "seed" in senses and ("exclude" not in senses or named):
        kind = "seed"
    elif out:
        kind = "exclude"
    elif (named and is_wished) or any(each.endswith(" for") for each in senses):
        kind = "make"
    else:
        return None
    best = "best" in senses and "customers" in senses
    drop = {"audience", "list", "ads", "make", "seed"} | ({"best"} if best else set())
    drop |= _OUT if kind == "exclude" else {"seed:more"} if kind == "seed" else set()
    said = _left(sheet, marks, drop, customers=best)
    platform = platforms.pop() if len(platforms) == 1 else None
    sure = kind == "seed" or named
    return Wanted(kind, platform, said, best, sure)


def _marks(sheet: Sheet) -> list[tuple[int, int, frozenset[str]]]:
    return _PHRASES.marks(sheet.forms)


def _left(sheet: Sheet, marks: Sequence[Any], drop: set[str], *, customers: bool) -> str:
    """What no phrase of this subject says, without small words round it."""
    strong = [
        (i, j) for i, j, senses in marks
        if senses & drop or any(each.startswith("platform:") for each in senses)
        or (customers and "customers" in senses)
    ]  # fmt: skip
    small = [(i, j) for i, j, senses in marks if "small" in senses]
    begins = [0, *(j for _, j in strong)]
    ends = [*(i for i, _ in strong), len(sheet.tokens)]
    chunks = (_trimmed(sheet, (i, j), small) for i, j in zip(begins, ends, strict=True) if i < j)
    return " ".join(sheet.said(*place).strip(" ?!.،,:۔؟\"'“”") for place in chunks if place).strip()


def _trimmed(sheet: Sheet, place: Place, small: Sequence[Place]) -> Place | None:
    i, j = place
    while i < j:
        ahead = next((e for b, e in small if b == i and e <= j), None)
        behind = next((b for b, e in small if e == j and b >= i), None)
        if ahead or _is_sign(sheet, i):
            i = ahead or i + 1
        elif behind is not None or _is_sign(sheet, j - 1):
            j = behind if behind is not None else j - 1
        else:
            return i, j
    return None


def _is_sign(sheet: Sheet, at: int) -> bool:
    return not any(map(str.isalnum, sheet.key(at)))


# --- a budget -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Budget:
    """So much, between these, of which some have a cost of a lead beside them; between all sources,
    where none is named. ``sure``: a budget is spoken of."""

    amount: str | None
    currency: str | None
    among: tuple[tuple[str, str | None], ...]
    sure: bool


def read_budget(sheet: Sheet) -> Budget | None:
    """A sum to be split between sources or segments; None for anything else."""
    if not 1 < len(sheet.tokens) <= LONGEST_MESSAGE or not _PHRASES.may_be_in(sheet.forms):
        return None
    marks = _marks(sheet)
    senses = {sense for _, _, some in marks for sense in some}
    if "split" not in senses:
        return None
    sums = list(sums_in(sheet))
    budget = max(sums, key=lambda each: each.value, default=None)
    drop = [(i, j) for i, j, some in marks if some & {"split", "budget"}]
    if budget:
        drop.append((budget.i, budget.j))
    small = [(i, j) for i, j, some in marks if some & {"between", "small", "make"}]
    joints = [(i, j) for i, j, some in marks if "joint" in some]
    cuts = sorted([*drop, *joints, *_separators(sheet)])
    among: list[tuple[str, str | None]] = []
    begin = 0
    for i, j in [*cuts, (len(sheet.tokens), len(sheet.tokens))]:
        if begin < i:
            among += _item(sheet, (begin, i), small, sums, marks, budget)
        begin = max(begin, j)
    found = tuple(dict(among).items())
    sure = "budget" in senses or bool(budget and "ads" in senses)
    if len(found) < 2 and (found or not sure):
        return None
    return Budget(
        f"{budget.value:f}" if budget else None,
        budget.currency if budget else None,
        found,
        sure=sure,
    )


def _separators(sheet: Sheet) -> list[Place]:
    return [(at, at + 1) for at in range(len(sheet.tokens)) if sheet.key(at) in _SEPARATE]


def _item(
    sheet: Sheet,
    place: Place,
    small: Sequence[Place],
    sums: Sequence[Amount],
    marks: Sequence[Any],
    budget: Amount | None,
) -> Iterator[tuple[str, str | None]]:
    """One of those between which it is split, with the cost of a lead where it is said."""
    i, j = place
    cost = next((each for each in sums if each is not budget and i <= each.i < j), None)
    each_ones = [(a, b) for a, b, some in marks if "each" in some]
    if cost:  # "facebook at 300 a lead", "facebook (300)"
        i, j = (i, cost.i) if cost.i > i else (cost.j, j)
    trimmed = _trimmed(sheet, (i, j), [*small, *each_ones])
    if trimmed:
        name = sheet.said(*trimmed).strip("\"'“”()?؟.۔ ")
        if name:
            yield name, f"{cost.value:f}" if cost else None


# --- what a lead costs ----------------------------------------------------------------------------


def read_lead_cost(sheet: Sheet) -> Action | None:
    """``a facebook lead costs 300``."""
    if not likely(sheet, "advertising"):
        return None
    sums = {(each.i, each.j): each for each in sums_in(sheet)}
    for intent, slots in tell(sheet, "advertising", {"amount": list(sums)}):
        said: dict[str, Any] = {}
        if "source" in slots:
            said["source"] = sheet.said(*slots["source"]).strip("\"'“”?. ")
        if "amount" in slots:
            found = sums[slots["amount"]]
            said |= {"amount": f"{found.value:f}", "currency": found.currency}
        return Action(intent, said)
    return None


# --- all of it ------------------------------------------------------------------------------------


def read_advertising(sheet: Sheet) -> Action | None:
    """What the words alone ask for, whether or not whom they name is known."""
    if budget := read_budget(sheet):
        return Action("budget.split", {"among": budget.among, "amount": budget.amount})
    if cost := read_lead_cost(sheet):
        return cost
    if wanted := read_audience_wish(sheet):
        return Action(f"audience.{wanted.kind}", {"told": wanted.said})
    return None
