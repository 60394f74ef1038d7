"""A table's header among its first rows, and what each column is taken for, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exchange.dates import month_first
from exchange.guessing import guess
from exchange.headers import Slot, is_party, kind_of, recognised, slot_by_words, slot_of
from exchange.values import tidy

Row = Sequence[str]

SURE = 0.8
"""Below this somebody is asked what a column is."""
_HEAD_ROWS = 20
_PERSONAL = ("name", "first_name", "last_name")
_BY_CONTENT = frozenset({"email", "phone"})
_LISTED, _BY_WORD = 1.0, 0.7
_UNFIT = 0.85  # so sure must the cells be, to gainsay the header
_PHONES = ("phone_first", "phone", "phone_last")
_SAME = {"name": _PERSONAL, "phone": _PHONES}
_BY_GUESS = ("phone", "name", "company", "city", "website")
_LATE = 1000  # the rank of what no list has
_FEW, _EXAMPLES, _LONGEST = 3, 3, 60


@dataclass(frozen=True, slots=True)
class Column:
    """``slot`` is what it fills, None for a field of its own name; ``sure`` from 0 to 1.

    Of one that is not sure, ``likely`` is the slot that it looks like, and ``examples`` are some
    of its values.
    """

    at: int
    header: str
    slot: Slot | None
    sure: float
    likely: str = ""
    examples: tuple[str, ...] = ()

    def told(self) -> dict[str, object]:
        slot = self.slot.name if self.slot else None
        told: dict[str, object] = {"header": self.header, "slot": slot, "sure": self.sure}
        if self.sure < SURE:
            told |= {"likely": self.likely or slot or "", "examples": list(self.examples)}
        return told


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is read: rows after ``start`` are records of ``kind``."""

    kind: str
    columns: tuple[Column, ...]
    start: int
    us_days: frozenset[int]
    """Columns that put the month before the day."""

    @property
    def doubtful(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.sure < SURE)

    def told(self) -> dict[str, object]:
        """As JSON, for whoever asks a person about it."""
        return {"kind": self.kind, "columns": [column.told() for column in self.columns]}


def plan(
    sample: Sequence[Row],
    *,
    name: str = "",
    kind: str | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Plan:
    """``name`` is that of the file or sheet; ``kind`` and ``chosen`` (slots by header, "" for a
    field) are what somebody has said."""
    at = _header_row(sample)
    below = [row for row in sample[(at or 0) + (at is not None) :] if any(row)]
    width = max((len(row) for row in (*below, sample[at] if at is not None else ())), default=0)
    headers = [tidy(cell) for cell in sample[at]] if at is not None else []
    headers += [f"Column {number}" for number in range(len(headers) + 1, width + 1)]
    headers = [header or f"Column {number}" for number, header in enumerate(headers, 1)]
    kind = kind or kind_of(headers, name)
    cells = [[row[i] for row in below if i < len(row)] for i in range(len(headers))]
    columns = _columns(headers, cells, kind, chosen or {})
    if kind == "contact" and not _has(columns, *_PERSONAL) and _has(columns, "company"):
        kind = "company"
        columns = _columns(headers, cells, kind, chosen or {})
    us = frozenset(i for i in range(len(headers)) if month_first(cells[i]))
    return Plan(kind, tuple(columns), (at or 0) + (at is not None), us)


def is_named(header: str) -> bool:
    """Whether a column has a name, and not only a number by which it is called here."""
    return not (header.startswith("Column ") and header[7:].isdigit())


def _has(columns: Sequence[Column], *names: str) -> bool:
    return any(column.slot and column.slot.name in names for column in columns)


def _header_row(sample: Sequence[Row]) -> int | None:
    """Which row names the columns: that with most names we know; else the first, if it looks
    like names; None where the first row is a record already."""
    known = [recognised([tidy(cell) for cell in row]) for row in sample[:_HEAD_ROWS]]
    best = max(range(len(known)), key=lambda at: known[at], default=None)
    if best is None:
        return None
    cells = [tidy(cell) for cell in sample[best] if tidy(cell)]
    if known[best] and not any(_is_value(cell) for cell in cells):
        return best
    first = [tidy(cell) for cell in sample[0] if tidy(cell)]
    if any(_is_value(cell) for cell in first):
        return None
    return 0 if any(_is_value(tidy(cell)) for row in sample[1:10] for cell in row) else None


def _is_value(cell: str) -> bool:
    return guess([cell])[0] in {"email", "phone", "website", "date", "amount"}


def _columns(
    headers: Sequence[str], cells: Sequence[Sequence[str]], kind: str, chosen: Mapping[str, str]
) -> list[Column]:
    found = [
        _chosen(at, header, kind, chosen[header])
        if header in chosen
        else _column(at, header, cells[at], kind)
        for at, header in enumerate(headers)
    ]
    if kind == "contact":
        found = _with_party(found, chosen)
        found = _guessed(found, cells, chosen)
        found = [_likely(column, cells[column.at], chosen) for column in found]
    return [_with_examples(column, cells[column.at]) for column in found]


def _with_party(found: list[Column], chosen: Mapping[str, str]) -> list[Column]:
    """Of a party and its contact person, as ledgers have them, the party is the company."""
    names = [each for each in found if each.slot and each.slot.name in _PERSONAL]
    parties = [each for each in names if is_party(each.header) and each.header not in chosen]
    if _has(found, "company") or not parties or len(parties) == len(names):
        return found
    firm = replace(parties[0], slot=Slot("contact", "company", 0))
    return [firm if each is parties[0] else each for each in found]


def _likely(column: Column, cells: Sequence[str], chosen: Mapping[str, str]) -> Column:
    """A column of an unknown name that holds numbers as phones are written, where the phones have
    columns of their own: it stays a field, until somebody says that it is more."""
    if column.slot is not None or column.header in chosen:
        return column
    content, sure = guess(cells)
    if content != "phone" or sure < _UNFIT or sum(map(bool, cells)) < _FEW:
        return column
    return replace(column, sure=SURE - 0.05, likely=content)


def _with_examples(column: Column, cells: Sequence[str]) -> Column:
    if column.sure >= SURE:
        return column
    said = dict.fromkeys(tidy(cell)[:_LONGEST] for cell in cells if cell.strip())
    return replace(column, examples=tuple(list(said)[:_EXAMPLES]))


def _chosen(at: int, header: str, kind: str, slot: str) -> Column:
    return Column(at, header, Slot(kind, slot, -1) if slot else None, 1.0)


def _column(at: int, header: str, cells: Sequence[str], kind: str) -> Column:
    listed = slot_of(header, kind)
    if kind not in {"contact", "company"}:
        return Column(at, header, listed, _LISTED)
    content, sure = guess(cells)
    if listed:
        unfit = content in _BY_CONTENT and sure >= _UNFIT and not _agrees(listed.name, content)
        if unfit and listed.name in {"name", "company", "city", "title", "email", "phone"}:
            return Column(at, header, Slot(kind, content, _LATE + at), sure)
        return Column(at, header, listed, _LISTED)
    by_word = slot_by_words(header)
    if content == "email" or content == by_word == "phone":
        return Column(at, header, Slot(kind, content, _LATE + at), sure)
    if by_word and by_word not in _BY_CONTENT:
        together = by_word == content
        return Column(at, header, Slot(kind, by_word, _LATE + at), 0.9 if together else _BY_WORD)
    if by_word == "phone" and not any(cells):
        return Column(at, header, Slot(kind, by_word, _LATE + at), _BY_WORD)
    return Column(at, header, None, _LISTED)


def _agrees(slot: str, content: str) -> bool:
    return slot == content or (content == "phone" and slot.startswith("phone"))


def _guessed(
    found: list[Column], cells: Sequence[Sequence[str]], chosen: Mapping[str, str]
) -> list[Column]:
    """What no header says, the first column says that holds such things; somebody is asked."""
    for slot in _BY_GUESS:
        if _has(found, *_SAME.get(slot, (slot,))):
            continue
        for at, column in enumerate(found):
            free = column.slot is None and column.header not in chosen
            content, sure = guess(cells[at]) if free else ("", 0.0)
            if content == slot:
                guessed = Slot("contact", slot, _LATE + at)
                found[at] = Column(at, column.header, guessed, min(sure, SURE - 0.05))
                break
    return found
