"""What a clause is about, with all that narrows it, as a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from language.segments.bounds import Bound
from language.segments.items import Figure
from language.segments.lists import Listed
from rules.segments import (
    Ago,
    Around,
    Node,
    Not,
    Or,
    Period,
    Sum,
    Test,
    Where,
    both,
    either,
    parse,
)

ME = "me"
"""Whoever says it, as an owner."""

ANY_WAY = "any"
"""A word for messages of whatever kind."""

_TAKES: dict[str, frozenset[str]] = {
    "bought": frozenset({"count", "money", "period", "length", "goods"}),
    "spent": frozenset({"count", "money", "period", "length", "goods"}),
    "last_order": frozenset({"period", "length", "goods"}),
    "first_order": frozenset({"period", "length", "goods"}),
    "silent": frozenset({"period", "length"}),
    "active": frozenset({"period", "length"}),
    "activity": frozenset({"count", "period", "length"}),
    "last_activity": frozenset({"period", "length"}),
    "deals": frozenset({"count", "money", "period", "length", "goods"}),
    "deal_value": frozenset({"count", "money", "period", "length"}),
    "tickets": frozenset({"count", "period", "length", "priority"}),
    "chance": frozenset({"share", "count"}),
    "value": frozenset({"money", "count"}),
    "score": frozenset({"count"}),
    "birthday": frozenset({"period", "length"}),
    "added": frozenset({"period", "length"}),
    "own": frozenset({"count", "money", "period"}),
    "agreed": frozenset({"way"}),
    "refused": frozenset({"way"}),
}
"""What can narrow each."""


@dataclass
class Head:
    """``kind``: what it is about. ``lengths``: each with ``ago``, ``ahead`` or nothing."""

    kind: str
    i: int
    j: int
    values: Listed | None = None
    has: str = ""
    own: str = ""
    texts: list[str] = field(default_factory=list)
    counts: list[Bound] = field(default_factory=list)
    sums: list[Bound] = field(default_factory=list)
    lengths: list[tuple[Bound, str]] = field(default_factory=list)
    periods: list[Period | Around] = field(default_factory=list)
    goods: list[Listed] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    priorities: list[str] = field(default_factory=list)
    step: str = ""
    either: bool = False
    denied: bool = False
    bare_status: bool = False
    is_noun: bool = False

    def takes(self, slot: str) -> bool:
        return slot in _TAKES.get(self.kind, ())

    @property
    def is_overfull(self) -> bool:
        """Whether more narrows it than one test can hold: nothing of it may be left out."""
        times = len(self.periods) + (len(self.lengths) > 0)
        apart = len(self.lengths) > 2 or (len(self.lengths) == 2 and not _is_range(self.lengths))
        amounts = len(self.sums) > 1 and (self.kind == "deals" or self.is_noun)
        goods = [each.kind for each in self.goods]
        return times > 1 or apart or amounts or len(set(goods)) < len(goods)

    def join(self, other: Head) -> None:
        """The other one says the same thing in another word."""
        self.kinds += other.kinds
        self.statuses += other.statuses
        self.stages += other.stages
        self.ways += other.ways
        self.priorities += other.priorities
        self.bare_status = self.bare_status and other.bare_status
        self.is_noun = self.is_noun or other.is_noun
        self.j = max(self.j, other.j)

    def again(self, i: int, j: int) -> Head:
        """The same, with nothing that narrows it by number or time."""
        return Head(
            self.kind, i, j, kinds=[*self.kinds], statuses=[*self.statuses],
            stages=[*self.stages], is_noun=self.is_noun, step=self.step,
        )  # fmt: skip


def _is_range(lengths: list[tuple[Bound, str]]) -> bool:
    return [bound.op for bound, _ in lengths] == [">=", "<="]


def made(head: Head) -> Node | None:
    """The test; None where something is missing that it cannot do without."""
    if head.is_overfull:
        return None
    make: Callable[[Head], Node | None] = _MAKE[head.kind]
    node = make(head)
    if node is None or not head.denied:
        return node
    return _none_of(node)


def _none_of(node: Node) -> Node:
    """That it is not so; of "at least one", that there is none."""
    if isinstance(node, Not):
        return node.node
    if isinstance(node, Or) and all(isinstance(each, Test) for each in node.nodes):
        return both(Not(each) for each in node.nodes)
    one = Decimal(1)
    if isinstance(node, Test) and (node.op, node.value) == (">=", one):
        return Test(node.field, "=", Decimal(0), node.where)
    return Not(node)


# --- who they are ---------------------------------------------------------------------------------


def _values(head: Head) -> Node | None:
    listed = head.values
    if listed is None:
        return None
    kind, op = listed.kind, "="
    if kind == "reach":
        ways = [Test(each, "has") for each in listed.values]
        return both(ways) if listed.all and not head.denied else either(ways)
    if kind == "segment":
        return either(parse(each) for each in listed.values)
    name = ""
    if kind.startswith("field:"):
        kind, name = "field", kind.removeprefix("field:")
    if kind == "title":
        op = "~"
    if listed.all:
        return both(Test(kind, op, (each,), name=name) for each in listed.values)
    return Test(kind, op, listed.values, name=name)


def _own(head: Head) -> Node:
    """A field of the team's own: what stands in it, a number, a day; or that there is anything."""
    found = [
        Test("field", bound.op or "=", bound.of.number, name=head.own)
        for bound in (*head.counts, *head.sums)
        if isinstance(bound.of, Figure)
    ]
    found += [Test("field", "in", each, name=head.own) for each in head.periods]
    if head.texts:
        found.append(Test("field", "=", tuple(head.texts), name=head.own))
    return both(found) if found else Test("field", "has", name=head.own)


def _has(head: Head) -> Node:
    return Test(head.has, "has")


def _reach(head: Head) -> Node:
    return Test(head.kind, "has")


def _mine(_head: Head) -> Node:
    return Test("owner", "=", (ME,))


def _unowned(_head: Head) -> Node:
    return Not(Test("owner", "has"))


def _agreed(head: Head) -> Node:
    """To messages on one of these ways; on any, where none was said."""
    name = "consent" if head.kind == "agreed" else "opted_out"
    ways = tuple(each for each in dict.fromkeys(head.ways) if each != ANY_WAY)
    if ways and head.either:
        return Test(name, "=", ways)
    return both(Test(name, "=", (each,)) for each in ways) if ways else Test(name, "has")


def _flag(head: Head) -> Node:
    return Test(head.kind, "is")


# --- what they did --------------------------------------------------------------------------------


def _bought(head: Head) -> Node:
    """So many times, for so much altogether; orders over a sum are each over it."""
    where = _goods(head) + _when(head)
    if head.sums and not head.is_noun:
        found = _sums("spent", head.sums, where)
        if head.counts:
            found += _counts("orders", head.counts, where)
        return both(found)
    amount = tuple(Where("amount", bound.op or ">=", _sum(bound)) for bound in head.sums[:1])
    return _at_least_one("orders", head.counts, amount + where)


def _spent(head: Head) -> Node | None:
    bounds = [*head.sums, *head.counts]
    if bounds:
        return both(_sums("spent", bounds, _goods(head) + _when(head)))
    return _bought(head) if head.denied and head.lengths else None  # "not bought for 60 days"


def _order_day(head: Head) -> Node | None:
    goods = _goods(head)
    if not goods and (since := _longer_than(head)) is not None:
        return both((Test(head.kind, "has"), Not(Test(head.kind, "in", since))))
    if (days := _days(head)) is not None:
        return Test(head.kind, "in", days, goods)
    return None


def _longer_than(head: Head) -> Period | None:
    """Within what there was none, where the last was more than months or years ago: the day that
    is just so long ago is within it."""
    if len(head.lengths) != 1 or head.periods or head.kind == "first_order":
        return None
    bound, how = head.lengths[0]
    length = bound.of
    if how == "ahead" or bound.op != ">" or not isinstance(length, Ago):
        return None
    return Period(length, Ago(0)) if length.unit in {"mo", "y"} else None


def _activity(head: Head) -> Node:
    kinds = (Where("kind", "=", tuple(dict.fromkeys(head.kinds))),) if head.kinds else ()
    return _at_least_one("activities", head.counts, kinds + _when(head))


def _activity_day(head: Head) -> Node | None:
    if (since := _longer_than(head)) is not None:
        return both((Test(head.kind, "has"), Not(Test(head.kind, "in", since))))
    days = _days(head)
    return Test("last_activity", "in", days) if days is not None else None


def _silent(head: Head) -> Node | None:
    if head.lengths:
        return both(
            Test("silent", bound.op if bound.op in {">", "<", "<="} else ">=", bound.of)
            for bound, _ in head.lengths
            if isinstance(bound.of, Ago)
        )
    if head.periods:
        where = (Where("period", "in", head.periods[0]),)
        nothing = Decimal(0)
        return both((Test("activities", "=", nothing, where), Test("orders", "=", nothing, where)))
    return None


def _active(head: Head) -> Node | None:
    silent = _silent(head)
    return _none_of(silent) if silent is not None else None


def _deals(head: Head) -> Node:
    statuses = tuple(dict.fromkeys(head.statuses))
    if (head.stages or head.step) and not statuses:
        statuses = ("open",)
    where: tuple[Where, ...] = (Where("status", "=", statuses),) if statuses else ()
    if head.stages:
        where += (Where("stage", "=", tuple(dict.fromkeys(head.stages))),)
    if head.step:
        where += (Where("step", "=", (head.step,)),)
    where += tuple(Where("amount", bound.op or ">=", _sum(bound)) for bound in head.sums[:1])
    return _at_least_one("deals", head.counts, where + _goods(head) + _when(head))


def _tickets(head: Head) -> Node:
    said = {"status": head.statuses, "priority": head.priorities}
    where = tuple(
        Where(key, "=", tuple(dict.fromkeys(values))) for key, values in said.items() if values
    )
    return _at_least_one("tickets", head.counts, where + _when(head))


def _deal_value(head: Head) -> Node | None:
    bounds = [*head.sums, *head.counts]
    where = (Where("status", "=", ("open",)), *_when(head))
    return both(_sums("deal_value", bounds, where)) if bounds else None


# --- what is expected, and days -------------------------------------------------------------------


def _number(head: Head) -> Node | None:
    found = [
        Test(head.kind, bound.op or ">=", bound.of.number)
        for bound in head.counts
        if isinstance(bound.of, Figure)
    ]
    return both(found) if found else None


def _worth(head: Head) -> Node | None:
    bounds = [*head.sums, *head.counts]
    return both(_sums("value", bounds, ())) if bounds else None


def _day(head: Head) -> Node | None:
    days = _days(head)
    if days is not None:
        return Test(head.kind, "in", days)
    return Test("birthday", "has") if head.kind == "birthday" else None


_MAKE: dict[str, Callable[[Head], Node | None]] = {
    "agreed": _agreed, "refused": _agreed,
    "values": _values, "own": _own, "has": _has, "phone": _reach, "email": _reach, "mine": _mine,
    "unowned": _unowned,
    "bought": _bought, "spent": _spent, "last_order": _order_day, "first_order": _order_day,
    "silent": _silent, "active": _active, "activity": _activity, "last_activity": _activity_day,
    "deals": _deals, "deal_value": _deal_value, "tickets": _tickets,
    "next_step": _flag, "at_risk": _flag, "lapsed": _flag, "loyal": _flag,
    "chance": _number, "score": _number, "value": _worth, "birthday": _day, "added": _day,
}  # fmt: skip


# --- parts of tests -------------------------------------------------------------------------------


def _sum(bound: Bound) -> Sum:
    figure = bound.of
    return Sum(figure.number, figure.currency) if isinstance(figure, Figure) else Sum(Decimal(0))


def _sums(name: str, bounds: list[Bound], where: tuple[Where, ...]) -> list[Node]:
    return [Test(name, bound.op or ">=", _sum(bound), where) for bound in bounds]


def _counts(name: str, bounds: list[Bound], where: tuple[Where, ...]) -> list[Node]:
    return [
        Test(name, bound.op or ">=", bound.of.number, where)
        for bound in bounds
        if isinstance(bound.of, Figure)
    ]


def _at_least_one(name: str, bounds: list[Bound], where: tuple[Where, ...]) -> Node:
    """So many, or any; of several goods that must all be there, each."""
    every = [each for each in where if each.op == "all"]
    if every:
        rest = tuple(each for each in where if each.op != "all")
        values = every[0].value if isinstance(every[0].value, tuple) else ()
        return both(
            _at_least_one(name, bounds, (Where(every[0].key, "=", (value,)), *rest))
            for value in values
        )
    found = _counts(name, bounds, where)
    return both(found) if found else Test(name, ">=", Decimal(1), where)


def _goods(head: Head) -> tuple[Where, ...]:
    found: dict[str, Where] = {}
    for each in head.goods:
        found[each.kind] = Where(each.kind, "all" if each.all else "=", each.values)
    return tuple(found.values())


def _when(head: Head) -> tuple[Where, ...]:
    days = _days(head)
    return (Where("period", "in", days),) if days is not None else ()


def _days(head: Head) -> Period | Around | None:
    """When: a period, or a length: the last 60 days, more than 60 days ago, the next 30."""
    if head.periods:
        return head.periods[0]
    if not head.lengths:
        return None
    bound, how = head.lengths[0]
    length = bound.of
    if len(head.lengths) == 2:
        far = head.lengths[1][0].of
        return Period(far, length) if isinstance(far, Ago) and isinstance(length, Ago) else None
    if not isinstance(length, Ago):
        return None
    if how == "ahead" or head.kind == "birthday":
        return Period(Ago(0), Ago(-length.count, length.unit))
    before = how == "ago" or head.kind in {"last_order", "last_activity", "first_order"}
    if bound.op in {">", ">="} and (before or head.kind == "added"):
        return Period(None, _after(length) if bound.op == ">" else length)
    if how == "ago" and not bound.op:
        return Period(length, length)
    return Period(length, Ago(0))


def _after(length: Ago) -> Ago:
    """A day longer, where days are counted: more than 60 days ago is 61 at least."""
    days = {"d": 1, "w": 7}.get(length.unit)
    return Ago(length.count * days + 1) if days else length
