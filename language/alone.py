"""A text that is nothing but one value: "wednesday", "8 lakh", "proposal mein daal do", "won"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from language.amounts import read_sum
from language.clocks import read_clock
from language.dates import read_moment
from language.own import own_stages
from language.own_names import find_names
from language.sheet import Sheet, lay_out

LONGEST = 8
"""Words of such a text at most."""

_BESIDE = (
    "put", "move", "change", "raise", "polite_end", "please", "par", "ko", "ka", "mein", "tak",
    "to", "on", "by", "at", "date_glue", "is", "common",
)  # fmt: skip
"""What may stand beside the value: words that put it somewhere."""

_SIGNS = ("!", ".", ",", "،", "۔")
_OUTCOMES = ("win", "lose")
_BESIDE_AN_END = ("deal", "deals", "closed", "polite_end", "is", "past", "wala", "ka")
_LONGEST_END = 80


def alone(text: str, stages: Mapping[str, str]) -> str | None:
    """What the value is: `when`, `amount`, `stage`, `win` or `lose`. None where more is said."""
    sheet = lay_out(text)
    words = [at for at, token in enumerate(sheet.tokens) if token.key not in _SIGNS]
    if not 0 < len(words) <= LONGEST or text.strip().isdecimal():
        return None
    for kind, covered in _values(sheet, stages):
        if covered and all(at in covered or sheet.has(at, *_BESIDE) for at in words):
            return kind
    return None


def tells_an_end(text: str) -> bool:
    """Whether a text says that a deal is won or lost and no more: "closed won", "haar gaye"."""
    sheet = lay_out(text[:_LONGEST_END])
    words = [at for at, token in enumerate(sheet.tokens) if token.key not in _SIGNS]
    ends = any(sheet.has(at, *_OUTCOMES) for at in words)
    return ends and all(sheet.has(at, *_OUTCOMES, *_BESIDE_AN_END) for at in words)


def _values(sheet: Sheet, stages: Mapping[str, str]) -> Iterator[tuple[str, set[int]]]:
    """Each kind of value with the tokens that say it."""
    yield "when", _said(sheet, "when")
    yield "amount", _said(sheet, "amount")
    own = {at for span in find_names(sheet, own_stages(stages)) for at in range(span.i, span.j)}
    usual = {at for at in range(len(sheet.tokens)) if sheet.value(at, "stage")}
    yield "stage", own | usual
    outcomes = {at: sheet.senses(at) & {*_OUTCOMES} for at in range(len(sheet.tokens))}
    said = set().union(*outcomes.values())
    yield ("win" if said == {"win"} else "lose"), {at for at, found in outcomes.items() if found}


def _said(sheet: Sheet, kind: str) -> set[int]:
    """The tokens of all dates and times, or of all sums."""
    covered: set[int] = set()
    at = 0
    while at < len(sheet.tokens):
        if kind == "amount":
            found = read_sum(sheet, at)
            end = found.j if found and found.sure else at
        else:
            moment = read_moment(sheet, at) or read_clock(sheet, at)
            end = moment.j if moment else at
        covered |= set(range(at, end))
        at = max(end, at + 1)
    return covered
