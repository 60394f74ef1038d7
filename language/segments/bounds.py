"""Numbers and lengths with what bounds them: at least 2, 5 lakh se zyada, 60 din ya us se zyada."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from language.segments.items import Figure, Item
from rules.segments import Ago, Period

Op = Literal["=", ">=", "<=", ">", "<", ""]

_BEFORE: dict[str, Op] = {
    "at_least": ">=", "at_most": "<=", "over": ">", "under": "<", "exactly": "=",
}  # fmt: skip
_AFTER: dict[str, Op] = {"over_it": ">", "under_it": "<", "or_more": ">=", "or_less": "<="}
_BESIDE = ("times", "percent", "glue")
_MONEY = 1000
_LOW: Op = ">="
_HIGH: Op = "<="
_SCALES = (Decimal(10**7), Decimal(10**5), Decimal(1000))


@dataclass(frozen=True, slots=True)
class Bound:
    """How much of what: ``op`` is empty where none was said. ``times``: so many times; ``share``:
    percent; ``old``: so long ago."""

    of: Figure | Ago
    op: Op = ""
    times: bool = False
    share: bool = False
    old: bool = False

    @property
    def is_money(self) -> bool:
        figure = self.of
        if not isinstance(figure, Figure) or self.times or self.share:
            return False
        return bool(figure.currency) or figure.large or figure.number >= _MONEY


_COUNTED = (
    "orders", "deals", "tickets", "activity", "chance", "did:call", "did:meeting", "did:visit",
    "did:email", "did:message", "did:note",
)  # fmt: skip


def beside_their_numbers(items: Sequence[Item]) -> list[Item]:
    """The same, with "or more" behind the number that it is said of ("3 orders or more"), and with
    the unit of the length before where a number of the last says none ("not in the last 30")."""
    found = list(items)
    for at, item in enumerate(found):
        if not item.has("or_more", "or_less") or at == 0 or not found[at - 1].has(*_COUNTED):
            continue
        number = at - 2
        while number > 0 and found[number].has("percent", "glue"):
            number -= 1
        if number >= 0 and _figure(found[number]):
            found.insert(at - 1, found.pop(at))
    unit = ""
    for at, item in enumerate(found):
        if isinstance(item.value, Ago):
            unit = item.value.unit
        elif isinstance(item.value, Period) and isinstance(item.value.first, Ago):
            unit = item.value.first.unit
        behind = found[at + 1] if at + 1 < len(found) else None
        last = at > 0 and found[at - 1].has("lately") and item.kind == "number"
        if last and unit and not (behind and behind.has(*_COUNTED, "times", "percent")):
            length = Ago(int(item.value.number), unit)
            found[at] = Item("period", item.i, item.j, value=Period(length, Ago(0)))
    return found


def bounded(items: Sequence[Item]) -> list[Item]:
    """The same, every number and length with its bound as one item of kind ``bound``."""
    found: list[Item] = []
    at = 0
    while at < len(items):
        if both := _between(items, at):
            found += both[0]
            at = both[1]
            continue
        item, after = _bound_at(items, at)
        found.append(item)
        at = after
    return found


def _between(items: Sequence[Item], at: int) -> tuple[list[Item], int] | None:
    """Between 2 and 5, 2 se 5 ke darmiyan, 2 to 5: at least the one, at most the other."""
    led = items[at].has("between")
    first = at + led
    places = [place for place in range(first, min(first + 4, len(items))) if _figure(items[place])]
    if len(places) < 2 or places[0] != first:
        return None
    low, high = places[0], places[1]
    linked = all(item.has("glue", "and") for item in items[low + 1 : high]) and high > low + 1
    behind = high + 1
    while behind < len(items) and items[behind].has("times"):
        behind += 1
    closed = behind < len(items) and items[behind].has("between")
    ranged = any(item.has("to") for item in items[low + 1 : high])
    if not linked or not (led or closed or ranged):
        return None
    end = behind + 1 if closed else behind
    times = any(item.has("times") for item in items[high:end])
    found = []
    for place, op in ((low, _LOW), (high, _HIGH)):
        bound = Bound(_as(items, place, high), op, times)
        found.append(Item("bound", items[place].i, items[place].j, value=bound))
    return found, end


def _as(items: Sequence[Item], place: int, other: int) -> Figure | Ago:
    """A bare number beside a length is one of the same unit: 30 to 60 days."""
    figure, beside = _figure(items[place]), _figure(items[other])
    if isinstance(figure, Figure) and isinstance(beside, Ago):
        return Ago(int(figure.number), beside.unit)
    if isinstance(figure, Figure) and isinstance(beside, Figure) and beside.large:
        small = figure.number < _MONEY
        scale = max((unit for unit in _SCALES if beside.number >= unit), default=Decimal(1))
        return Figure(figure.number * (scale if small else 1), beside.currency, large=True)
    return figure or Figure(Decimal(0))


def _bound_at(items: Sequence[Item], at: int) -> tuple[Item, int]:
    op: Op = ""
    here = at
    if items[at].kind == "word" and (before := _op(items[at], _BEFORE)):
        here = at + 1
        while here < len(items) and items[here].has("glue"):
            here += 1
        op = before
    if here >= len(items) or (of := _figure(items[here])) is None:
        return items[at], at + 1
    times = items[here].kind == "word"
    op = "=" if items[here].has("only_once") else op
    share = False
    end = here + 1
    look = end
    while look < len(items) and items[look].has(*_BESIDE, *_AFTER) and look - end < 3:
        item = items[look]
        after = _op(item, _AFTER)
        if after and not (op and item.has("glue")):
            op = op if op and after == op else after
            end = look + 1
            if not op:
                break
        elif item.has("times"):
            times, end = True, look + 1
        elif item.has("percent"):
            share, end = True, look + 1
        look += 1
    old = any(item.has("older") for item in items[at:end])
    bound = Bound(of, op, times, share, old)
    return Item("bound", items[at].i, items[end - 1].j, value=bound), end


def _op(item: Item, ops: dict[str, Op]) -> Op:
    return next((op for sense, op in ops.items() if item.has(sense)), "")


def _figure(item: Item) -> Figure | Ago | None:
    if item.kind == "number":
        figure: Figure = item.value
        return figure
    if item.kind == "length":
        length: Ago = item.value
        return length
    said = next((s for s in item.senses if s.startswith("num:")), None)
    if said:
        return Figure(Decimal(said.removeprefix("num:")))
    if item.has("only_once"):
        return Figure(Decimal(1))
    return Figure(Decimal(2)) if item.has("repeatedly") else None
