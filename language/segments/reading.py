"""From the words of a description to its tree; what was not understood is told, never dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from language.segments.bounds import beside_their_numbers, bounded
from language.segments.conditions import Clause, Head, way_of
from language.segments.items import Item, Items, Named, Names
from language.segments.lists import Listed, listed
from language.sheet import Sheet, lay_out
from language.tokens import tokenise
from rules.segments import Ago, And, Node, Not, Or, Test, both, either, tests_of

LONGEST = 90
"""Tokens of a description."""

_PLEAS = ("na", "naa", "نا", "نہ")
_PLEADS = 2
"""Items that such a message has at least."""
_NOUNS = ("customers", "contacts", "prospects", "leads")
_JOINTS = ("and", "or", "who")
_NOTHING = ("glue", "show", "count", "segment")


@dataclass(frozen=True, slots=True)
class Read:
    """What a description means. ``unknown``: words that were not understood; ``missing``: what a
    condition lacks (how long somebody was silent). Where there is any, ``node`` is not to be used.

    ``count``: it is only asked how many. ``heads``: what the conditions are about.
    """

    node: Node | None
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    count: bool = False
    shows: bool = False
    heads: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        return self.node is not None and not self.unknown and not self.missing


def read_description(text: str, today: date, names: Names) -> Read:
    """Any text gives a reading. Days without a year are of the past."""
    sheet = lay_out(text)
    if not 0 < len(sheet.tokens) <= LONGEST:
        return Read(None)
    items = listed(bounded(beside_their_numbers(Items(sheet, today, names).read())))
    reading = _Reading(sheet)
    node = reading.parts(items)
    asked = {sense for item in items for sense in item.senses}
    return Read(
        node,
        tuple(dict.fromkeys(reading.unknown)),
        tuple(dict.fromkeys(reading.missing)),
        "count" in asked,
        "show" in asked,
        frozenset(reading.heads),
        frozenset(asked & set(_NOUNS)),
    )


@dataclass
class _Reading:
    sheet: Sheet
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    before: Head | None = None
    of_leads: bool = False

    def parts(self, items: Sequence[Item]) -> Node | None:
        """Alternatives that each begin with whom they are about: "customers in Lahore or contacts
        who ..."."""
        items = self._without_plea(items)
        cuts = [0]
        plain = [at for at, item in enumerate(items) if not item.has(*_NOTHING)]
        for one, other in pairwise(plain):
            if items[one].has("or") and items[other].has(*_NOUNS) and one > 0:
                cuts.append(one)
        ends = [*cuts[1:], len(items)]
        nodes = [self._part(items[i:j]) for i, j in zip(cuts, ends, strict=True)]
        found = [node for node in nodes if node is not None]
        return either(found) if found else None

    def _without_plea(self, items: Sequence[Item]) -> Sequence[Item]:
        """Without a "na" behind what is asked, which begs and denies nothing: "dikhao na"."""
        said = [item for item in items if item.kind != "sign"]
        plea = said and self.sheet.said(said[-1].i, said[-1].j).casefold() in _PLEAS
        if not plea or len(said) < _PLEADS or not said[-2].has("show"):
            return items
        return [item for item in items if item is not said[-1]]

    def _part(self, items: Sequence[Item]) -> Node | None:
        """Whom it is about, what they are, and after "who" what they did: all of it holds."""
        items = _led_by_time(items)
        self.of_leads = any(item.has("leads") for item in items)
        cuts = [0, *(at for at in range(1, len(items)) if self._opens(items, at)), len(items)]
        chains = [items[i:j] for i, j in pairwise(cuts)]
        found = [node for chain in chains if (node := self._chain(chain)) is not None]
        nouns = {sense for item in items for sense in item.senses if sense in _NOUNS}
        if "prospects" in nouns:
            self.heads.append("customer")
            found.insert(0, Not(Test("customer", "is")))
        elif "leads" in nouns and not any(_is_of_leads(node) for node in found):
            self.heads.append("score")
            found.insert(0, Test("score", "has"))
        elif "customers" in nouns and not any(_never(node) for node in found):
            found.insert(0, Test("customer", "is"))
        return both(found) if found else None

    def _opens(self, items: Sequence[Item], at: int) -> bool:
        """Whether "who" begins something that holds as well; "or who" is another way it may be."""
        if not items[at].has("who"):
            return False
        before = [item for item in items[:at] if not item.has("glue")]
        return not (before and before[-1].has("or"))

    def _chain(self, items: Sequence[Item]) -> Node | None:
        """Conditions joined by "and", "or" and commas; "and" binds closer."""
        groups: list[list[Node]] = [[]]
        clause: list[Item] = []
        joint = "and"
        for at, item in enumerate(items):
            said = self._joint(items, at)
            if not said:
                clause.append(item)
                continue
            self._close(clause, joint, groups)
            clause, joint = [item] if item.has("not") else [], said
        self._close(clause, joint, groups)
        found = [both(group) for group in groups if group]
        return either(found) if found else None

    def _joint(self, items: Sequence[Item], at: int) -> str:
        """How what follows is joined; a comma is as the next joint that is said."""
        item = items[at]
        if _is_between_ways(items, at):
            return ""
        if item.has("or"):
            return "and" if item.has("not") else "or"  # nor
        if item.has("and", "who"):
            before = [each for each in items[:at] if not each.has("glue") and each.kind != "sign"]
            return "or" if item.has("who") and before and before[-1].has("or") else "and"
        if item.kind != "comma":
            return ""
        later = (each for each in items[at + 1 :] if each.has("and", "or"))
        after = next(later, None)
        return "or" if after is not None and after.has("or") else "and"

    def _close(self, clause: Sequence[Item], joint: str, groups: list[list[Node]]) -> None:
        items = [
            each
            for each in clause
            if (each.has("every") or not each.has(*_NOTHING, *_NOUNS)) and each.kind != "sign"
        ]
        if not items:
            return
        if joint == "or" and groups[-1]:
            groups.append([])
        since_then = next((each for each in clause if each.has("since_then")), None)
        is_nor = clause[0].has("or") and clause[0].has("not")
        found = Clause(
            self.sheet, items, self.before,
            of_leads=self.of_leads, since_then=since_then, is_nor=is_nor,
        )  # fmt: skip
        tests = found.tests()
        if joint != "or" and (changed := found.sooner()):
            groups[-1] = [changed[1] if each == changed[0] else each for each in groups[-1]]
        groups[-1] += tests
        self.before = found.last or self.before
        self.heads += found.said
        self.missing += [self.sheet.said(each.i, each.j) for each in items if each.has("vague")]
        self.unknown += found.unknown
        self.missing += found.missing


def _led_by_time(items: Sequence[Item]) -> list[Item]:
    """Without a "who" before which there is nothing but a time: that is of what follows
    ("january se jinhon ne kuch khareeda", "پچھلے ہفتے جن سے ملاقات ہوئی")."""
    found: list[Item] = []
    begun: list[Item] = []
    for item in items:
        is_time = any(each.kind in {"period", "bound", "length"} for each in begun)
        if item.has("who") and is_time and all(_is_of_time(each) for each in begun):
            begun = []
            continue
        begun = [] if item.has(*_JOINTS) else [*begun, item]
        found.append(item)
    return found


def _is_of_time(item: Item) -> bool:
    if item.kind == "bound":
        return isinstance(item.value.of, Ago)
    return item.kind in {"period", "length", "sign"} or item.has(
        *_NOTHING, *_NOUNS, "lately", "edge", "ago"
    )


def _is_between_ways(items: Sequence[Item], at: int) -> bool:
    """Whether a joint stands between ways of writing that somebody agreed to: all are of that."""
    if not any(each.has("agreed", "refused") for each in items):
        return False
    before = [each for each in items[:at] if not each.has("glue")]
    after = [each for each in items[at + 1 :] if not each.has("glue")]
    return bool(before and after and way_of(before[-1]) and way_of(after[0]))


def _is_of_leads(node: Node) -> bool:
    """Whether it holds of leads alone: a score that is denied holds of others, too."""
    match node:
        case Test():
            return node.field == "score"
        case And(nodes):
            return any(map(_is_of_leads, nodes))
        case Or(nodes):
            return all(map(_is_of_leads, nodes))
        case _:
            return False


def _never(node: Node) -> bool:
    """Whether it is said that they never bought: such customers are people."""
    if isinstance(node, Not):
        return node.node == Test("customer", "is")
    return any(
        test.field == "orders" and test.op == "=" and not test.value and not test.where
        for test in tests_of(node)
    )


__all__ = ["Listed", "Named", "Read", "read_description", "tokenise"]
