"""Everything in a message that has a value: dates, sums, counts, phones, names, cities, titles."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from language.amounts import Amount, read_sum
from language.dates import read_when
from language.numbered import Numbered
from language.orgs import Orgs
from language.own import stages_said, values_said
from language.people import People
from language.points import clean_email, find_phones
from language.recognising import HERE
from language.setting import Setting
from language.sheet import Sheet
from language.titles import find_titles


@dataclass(frozen=True, slots=True)
class Item:
    """A value of a kind in tokens `i` up to `j`."""

    kind: str
    value: Any
    i: int
    j: int
    weight: int = 9


@dataclass(slots=True)
class Scene:
    """A sheet and its items, with quick answers to "what is at this token"."""

    sheet: Sheet
    items: list[Item]
    owner: list[Item | None]
    starts: list[int]

    def inside(self, at: int) -> Item | None:
        """The item that covers a token."""
        return self.owner[at] if 0 <= at < len(self.owner) else None

    def of(self, kind: str, i: int, j: int) -> list[Item]:
        """The items of a kind in a stretch of tokens."""
        return [item for item in self.between(i, j) if item.kind == kind]

    def between(self, i: int, j: int) -> list[Item]:
        """The items that begin in a stretch of tokens."""
        return self.items[bisect_left(self.starts, i) : bisect_left(self.starts, j)]


_LAKH = 100_000  # "35 lakh set karo": from here on a measure word is more likely a verb
_Reader = Callable[[Sheet, set[int]], Iterator[Item]]

# After a count: what cannot be the thing counted.
_NO_THING = (
    "ko", "ne", "se", "ka", "mein", "par", "tak", "wala", "is", "was", "past", "to", "for", "at",
    "in", "on", "by", "from", "with", "of", "and", "but", "then", "polite_end", "change", "the",
    "question", "me", "they", "them", "please", "win", "closing", "raise", "cents", "that",
    "deal", "order", "ticket", "customer", "quote", "fresh", "liye", "saath", "paas",
)  # fmt: skip


def spot(sheet: Sheet, setting: Setting) -> Scene:
    """Find the items of a sheet; a token belongs to one item at most."""
    items: list[Item] = []
    taken: set[int] = set()
    points: _Reader = partial(_points, region=setting.region)
    stages: _Reader = partial(_stages, stages=setting.stages)
    own: _Reader = partial(_own_values, fields=setting.fields)
    readers: tuple[_Reader, ...] = (
        stages, own, points, _numbered, _known, _dates, _sums, _orgs, _titles, _people, _cities,
    )  # fmt: skip
    for reader in readers:
        for item in reader(sheet, taken):
            items.append(item)
            taken.update(range(item.i, item.j))
    items.sort(key=lambda item: item.i)
    owner: list[Item | None] = [None] * len(sheet.tokens)
    for item in items:
        owner[item.i : item.j] = [item] * (item.j - item.i)
    return Scene(sheet, items, owner, [item.i for item in items])


def _points(sheet: Sheet, taken: set[int], region: str) -> Iterator[Item]:
    ends = {token.end: at for at, token in enumerate(sheet.tokens)}
    starts = {token.start: at for at, token in enumerate(sheet.tokens)}
    for point in find_phones(sheet, region):
        i, last = starts.get(point.start), ends.get(point.end)
        if i is not None and last is not None:
            yield Item("phone", point.value, i, last + 1)
    for at, token in enumerate(sheet.tokens):
        if at in taken:
            continue
        if token.kind == "email":
            yield Item("email", clean_email(token.text), at, at + 1)
        elif token.kind == "tag" and not token.key[1:].isdigit():
            yield Item("tag", token.text[1:].lower(), at, at + 1)
        elif token.kind in {"handle", "link"}:
            yield Item(token.kind, token.text, at, at + 1)


def _known(sheet: Sheet, taken: set[int]) -> Iterator[Item]:
    """Names that are known in the workspace and were said whole."""
    for mark in sheet.marks.values():
        for kind, sense in HERE.items():
            if sense in mark.senses and taken.isdisjoint(range(mark.i, mark.j)):
                yield Item(kind, sheet.said(mark.i, mark.j), mark.i, mark.j)


def _dates(sheet: Sheet, taken: set[int]) -> Iterator[Item]:
    at = 0
    while at < len(sheet.tokens):
        when = read_when(sheet, at) if at not in taken else None
        if when and taken.isdisjoint(range(when.i, when.j)):
            yield Item("when", when, when.i, when.j)
            at = when.j
        else:
            at += 1


def _sums(sheet: Sheet, taken: set[int]) -> Iterator[Item]:
    at = 0
    while at < len(sheet.tokens):
        amount = read_sum(sheet, at) if at not in taken else None
        if amount is None or not taken.isdisjoint(range(amount.i, amount.j)):
            at += 1
            continue
        kind = _kind_of_number(sheet, amount)
        if kind:
            yield Item(kind, amount, amount.i, amount.j, 9 if amount.sure else 5)
        at = amount.j


def _kind_of_number(sheet: Sheet, amount: Amount) -> str | None:
    """Whether a number is a sum of money or a count of things."""
    j = amount.j
    if (
        amount.currency is None
        and sheet.has(j, "measure")
        and not (_short_unit(sheet, j) or amount.value >= _LAKH)
    ):
        return "quantity"
    if amount.sure and amount.currency is None and plural(sheet, j) and not _of_a_deal(sheet):
        return "quantity"
    if sheet.has(amount.i - 1, "times_sign") or (sheet.has(j, "times_sign") and not amount.sure):
        return "quantity"
    if amount.sure:
        return "amount"
    if sheet.key(j) in {"%", "°"} or (sheet.glued(j) and sheet.key(j)[:1].isalpha()):
        return None
    if counts(sheet, j):
        return "quantity"
    return "amount" if amount.value >= Decimal(100) else "number"


def _of_a_deal(sheet: Sheet) -> bool:
    """Whether a deal is spoken of with one figure: its worth ("deal bata 9 lakh slippers")."""
    return "deal" in sheet.shown and sheet.figures < 2


def plural(sheet: Sheet, at: int) -> bool:
    """Whether a word that says nothing to a CRM stands here as several things ("shirts")."""
    if at >= len(sheet.tokens) or sheet.glued(at):
        return False
    token = sheet.tokens[at]
    told = any(not sense.startswith("common") for sense in sheet.senses(at))
    bare = token.kind == "word" and not token.capital and not told
    return bare and token.key.endswith(sheet.written_in(at).plural)


def _short_unit(sheet: Sheet, at: int) -> bool:
    return len(sheet.key(at)) == 1 and not sheet.glued(at)


def counts(sheet: Sheet, at: int) -> bool:
    """Whether a thing that can be counted stands at this token."""
    if at >= len(sheet.tokens) or sheet.tokens[at].kind != "word":
        return False
    return not sheet.has(at, *_NO_THING)


def _stages(sheet: Sheet, taken: set[int], stages: Mapping[str, str]) -> Iterator[Item]:
    """Stages that the workspace made or named itself; their names may be any words."""
    for span in stages_said(sheet, stages):
        if taken.isdisjoint(range(span.i, span.j)):
            yield Item("stage", span.key, span.i, span.j)


def _own_values(sheet: Sheet, taken: set[int], fields: Mapping[str, str]) -> Iterator[Item]:
    """What is said, among other things, to stand in custom fields."""
    for span, value in values_said(sheet, fields):
        if taken.isdisjoint(range(span.i, span.j)):
            yield Item("own_value", (span.key, value), span.i, span.j)


def _numbered(sheet: Sheet, taken: set[int]) -> Iterator[Item]:
    for name in Numbered(sheet, taken).find():
        yield Item("org", sheet.said(name.i, name.j), name.i, name.j, name.weight)


def _orgs(sheet: Sheet, taken: set[int]) -> Iterator[Item]:
    for name in Orgs(sheet, taken).find():
        yield Item("org", sheet.said(name.i, name.j), name.i, name.j, name.weight)


def _people(sheet: Sheet, taken: set[int]) -> Iterator[Item]:
    for name in People(sheet, taken).find():
        yield Item("person", sheet.said(name.i, name.j), name.i, name.j, name.weight)


def _titles(sheet: Sheet, taken: set[int]) -> Iterator[Item]:
    for i, j in find_titles(sheet, taken):
        yield Item("title", sheet.said(i, j), i, j)


def _cities(sheet: Sheet, taken: set[int]) -> Iterator[Item]:
    for at, mark in sheet.marks.items():
        if "city" in mark.senses and taken.isdisjoint(range(mark.i, mark.j)):
            latin = sheet.tokens[at].latin
            if len(mark.senses) == 1 or sheet.tokens[at].capital or not latin:
                yield Item("city", sheet.said(mark.i, mark.j), mark.i, mark.j)
