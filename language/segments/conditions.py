"""One clause of a description: what it is about, what narrows that, and the tests it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from language.phrasebook import Phrasebook
from language.segments import making
from language.segments.bounds import Bound
from language.segments.items import Item
from language.segments.making import Head
from language.segments.wording import sayings
from language.sheet import Sheet
from language.tokens import tokenise
from rules.segments import Ago, Node
from rules.segments.fields import KINDS

_AGREED = ("agreed", "refused")
_OF_TICKETS = frozenset({"open", "late", "resolved"})
_WORDS = (
    *_AGREED,
    "bought", "orders", "spent", "last_order", "first_order", "silent", "active", "activity",
    "last_activity", "deals", "deal_value", "open", "won", "lost", "at_risk", "lapsed", "loyal",
    "tickets", "late", "resolved", "next_step", "chance", "value", "score", "phone", "email",
    "birthday", "added", "mine", "unowned",
    "did:call", "did:meeting", "did:visit", "did:email", "did:message", "did:note",
)  # fmt: skip
"""Senses of words that a condition can be about, the likeliest first."""

_VERBS = frozenset({"bought", "activity", "silent", "active", "deals"})
_STANDING = frozenset({"open", "won", "lost", "late", "resolved"})
_OF_TIMES = ("ago", "ahead", "edge")
_OF_NUMBERS = frozenset({
    "times", "percent", "between", "at_least", "at_most", "over", "under", "over_it", "under_it",
    "or_more", "or_less",
})  # fmt: skip
_DONE = frozenset({"bought", "spent", "activity", "tickets", "deals"})
"""What was done "before", whenever that was, was done."""
_GOODS = ("product", "category")
_DENYING = ("not", "without", "lacking", "except")
_FAMILY = {
    "orders": "bought", "open": "deals", "won": "deals", "lost": "deals",
    "late": "tickets", "resolved": "tickets",
    **{f"did:{kind}": "activity" for kind in KINDS},
}  # fmt: skip


@dataclass
class Clause:
    """``before``: what the clause before it was about, which goes on where this one says nothing
    else ("bought 3 times and for more than 5 lakh"). ``last``: what this one was about last."""

    sheet: Sheet
    items: Sequence[Item]
    before: Head | None
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    last: Head | None = None
    going_on: Head | None = None
    of_leads: bool = False
    since_then: Item | None = None
    is_nor: bool = False
    _ways_are_said: bool = False

    def tests(self) -> list[Node]:
        heads = self._of_what(self._heads())
        self._take(heads)
        if self.since_then is not None and self.before is not None:
            self._is_after(self.since_then, heads)
        self._deny(heads)
        heads = self._with_steps(heads)
        found: list[Node] = []
        for head in heads:
            node = making.made(head)
            self.said.append(head.kind)
            if node is None:
                self.missing.append(self._text(head.i, head.j))
            else:
                found.append(node)
        if heads:
            self.last = heads[-1]
        return found

    def _is_after(self, since_then: Item, heads: Sequence[Head]) -> None:
        """That it came after what went before, of each of them, is more than can be asked."""
        if any(head.takes("period") and not (head.periods or head.lengths) for head in heads):
            self.unknown.append(self._text(since_then.i, since_then.j))

    def sooner(self) -> tuple[Node, Node] | None:
        """What the clause before it made, and the same within the time that is said only here, of
        both: "spent more than 50,000 but less than 2 lakh in 2026", "neither bought nor complained
        this year"."""
        before, head = self.before, self.last if self.is_nor else self.going_on
        if head is None or before is None or not before.denied == head.denied == self.is_nor:
            return None
        if before.periods or before.lengths or not before.takes("period"):
            return None
        if not (head.periods and (head.sums or head.counts or self.is_nor)):
            return None
        one = making.made(before)
        both = making.made(replace(before, periods=[*head.periods]))
        return (one, both) if one is not None and both is not None else None

    def _text(self, i: int, j: int) -> str:
        return self.sheet.said(i, j)

    # --- what it is about -------------------------------------------------------------------------

    def _heads(self) -> list[Head]:
        heads: list[Head] = []
        self._ways_are_said = any(item.has(*_AGREED) for item in self.items) or (
            self.before is not None and self.before.kind in _AGREED
            and all(
                way_of(item) or item.kind != "word" or item.has(*_DENYING) for item in self.items
            )
        )  # fmt: skip
        for at, item in enumerate(self.items):
            if self._ways_are_said and way_of(item) and not item.has(*_AGREED):
                continue
            head = self._head(at, item)
            if head is None:
                continue
            same = next((each for each in heads if _are_one(each, head)), None)
            if same is None:
                heads.append(head)
            else:
                if head.bare_status:
                    self._every(same, head)
                same.join(head)
        return heads

    def _of_what(self, heads: list[Head]) -> list[Head]:
        """What is open is a ticket where tickets are spoken of; "late" says nothing of others. A
        chance to buy is no purchase."""
        tickets = [head for head in heads if head.kind == "tickets" and not head.bare_status]
        spoken_of = tickets or (self.before is not None and self.before.kind == "tickets")
        found: list[Head] = []
        for head in heads:
            is_bare = head.bare_status and not head.stages
            if is_bare and spoken_of and head.statuses and {*head.statuses} <= _OF_TICKETS:
                whose = tickets[0] if tickets else head
                if whose is head:
                    head.kind = "tickets"
                    found.append(head)
                else:
                    self._every(whose, head)
                    whose.statuses += head.statuses
            elif is_bare and head.kind == "tickets":
                self.unknown.append(self._text(head.i, head.j))
            else:
                found.append(head)
        if any(head.kind == "chance" for head in found):
            return [head for head in found if head.kind != "bought"]
        return found

    def _every(self, whose: Head, status: Head) -> None:
        """That all of them stand so is more than that one does, and is not understood."""
        self.unknown += [
            self._text(item.i, status.j)
            for item in self.items
            if item.has("every") and whose.j <= item.i < status.i
        ]

    def _with_steps(self, heads: list[Head]) -> list[Head]:
        """A next step is one of the deals that are spoken of: of an open one that has none."""
        found: list[Head] = []
        for head in heads:
            if head.kind != "next_step":
                found.append(head)
                continue
            here = next((each for each in heads if each.kind == "deals" and not each.denied), None)
            step = "none" if head.denied else "some"
            before = self.before
            if here is not None:
                here.step = step
            elif before is not None and before.kind == "deals" and not before.denied:
                found.append(replace(before, i=head.i, j=head.j, step=step))
            else:
                found.append(head)
        return found

    def _head(self, at: int, item: Item) -> Head | None:
        if item.kind == "values" and item.value.kind not in _GOODS:
            return self._of_values(item)
        if item.kind != "word":
            return None
        sense = next((each for each in _WORDS if item.has(each)), None)
        if sense is None:
            kinds = sorted(s for s in item.senses if s.startswith("kind:"))
            return self._bare(at, item, kinds[0].removeprefix("kind:")) if kinds else None
        head = Head(_FAMILY.get(sense, sense), item.i, item.j)
        if sense in _AGREED and (way := way_of(item)):
            head.ways.append(way)
        if sense in _STANDING:
            head.statuses.append(sense)
            head.bare_status = True
        if sense.startswith("did:"):
            head.kinds.append(sense.removeprefix("did:"))
        head.is_noun = sense == "orders"
        return head

    def _of_values(self, item: Item) -> Head:
        if item.value.kind == "own":
            return Head("own", item.i, item.j, own=item.value.values[0])
        if item.value.kind == "stage":
            head = Head("deals", item.i, item.j)
            head.stages += item.value.values
            head.bare_status = True
            return head
        return Head("values", item.i, item.j, values=item.value)

    def _bare(self, at: int, item: Item, kind: str) -> Head | None:
        """A word for a kind without a value: "with a company", "no tag"; where a word stands
        beside it that is not known here, that one is not understood."""
        if kind in {*_GOODS, "stage"}:
            return None
        near = [each for each in self.items[max(0, at - 1) : at + 2] if each.kind == "unknown"]
        if near:
            return None
        return Head("has", item.i, item.j, has=kind)

    # --- what narrows it --------------------------------------------------------------------------

    def _take(self, heads: list[Head]) -> None:
        """Give everything else to what it narrows; what fits nothing is not understood."""
        unknown: list[Item] = []
        for at, item in enumerate(self.items):
            if item.kind == "values" and item.value.kind in _GOODS:
                self._nearest(heads, item, "goods", implied="bought").goods.append(item.value)
            elif not self._has_its_place(heads, at, item):
                unknown.append(item)
        self.unknown += self._joined(unknown)

    def _has_its_place(self, heads: list[Head], at: int, item: Item) -> bool:
        if way := way_of(item):
            return self._goes(heads, item, way)
        if priority := _priority(item):
            return self._is_such(heads, item, priority)
        match item.kind:
            case "unknown":
                return self._fills(heads, at, item)
            case "period":
                return self._put(heads, item, "period")
            case "bound":
                return self._bound(heads, at, item)
            case _ if item.has("formerly") and not self._is_of_time(at):
                return any(head.kind in _DONE and head.i < item.j + 4 for head in heads)
            case _:
                return item.kind != "word" or not self._hangs(at, item)

    def _is_such(self, heads: list[Head], item: Item, priority: str) -> bool:
        head = self._find(heads, item, "priority")
        if head is not None:
            head.priorities.append(priority)
        return head is not None

    def _goes(self, heads: list[Head], item: Item, way: str) -> bool:
        """Whether a way of writing has its place: somebody agreed to it, or it means more."""
        if not self._ways_are_said:
            return any(not sense.startswith("way:") for sense in item.senses)
        if not item.has(*_AGREED):
            head = self._find(heads, item, "way")
            if head is None:
                return False
            head.ways.append(way)
            head.either = any(each.has("or") for each in self.items)
        return True

    def _is_of_time(self, at: int) -> bool:
        beside = self.items[max(0, at - 2) : at + 3]
        return any(each.kind in {"bound", "period"} for each in beside)

    def _hangs(self, at: int, item: Item) -> bool:
        """Whether a word that only says something of a number or a time stands beside none; that
        such goods alone were bought is more than can be asked."""
        if item.has("exactly"):
            return any(each.kind == "values" and each.value.kind in _GOODS for each in self.items)
        beside = self.items[max(0, at - 2) : at + 3]
        if item.has(*_OF_TIMES):
            return not self._is_of_time(at)
        if item.has("between") and any(each.kind == "period" for each in beside):
            return False
        only = all(s in _OF_NUMBERS or s.startswith("unit:") for s in item.senses)
        return bool(item.senses) and only

    def _bound(self, heads: list[Head], at: int, item: Item) -> bool:
        bound: Bound = item.value
        if isinstance(bound.of, Ago):
            return self._length(heads, at, item, bound)
        kind = "money" if bound.is_money else "share" if bound.share else "count"
        head = self._find(heads, item, kind)
        if head is None and bound.times and kind == "count":
            head = self._nearest(heads, item, "count", implied="bought")
        if head is None:
            return False
        (head.sums if kind == "money" else head.counts).append(bound)
        return True

    def _length(self, heads: list[Head], at: int, item: Item, bound: Bound) -> bool:
        head = self._find(heads, item, "length")
        if head is None and bound.old:
            head = Head("added", item.i, item.j)
            heads.append(head)
        if head is None:
            return False
        beside = [each for each in self.items[max(0, at - 2) : at + 3] if each.kind == "word"]
        said = {sense for each in beside for sense in each.senses}
        how = "ago" if bound.old or "ago" in said else "ahead" if "ahead" in said else ""
        head.lengths.append((bound, how))
        return True

    def _fills(self, heads: list[Head], at: int, item: Item) -> bool:
        """Whether a word is what stands in a field of the team's own that is named before it."""
        before = [each for each in self.items[:at] if not each.has("glue")]
        head = next((each for each in heads if before and each.j == before[-1].j), None)
        if head is None or head.kind != "own" or head.counts or head.texts:
            return False
        head.texts.append(self._text(item.i, item.j))
        return True

    def _put(self, heads: list[Head], item: Item, slot: str) -> bool:
        head = self._find(heads, item, slot)
        if head is None and self._came(heads):
            head = Head("added", item.i, item.j)
            heads.append(head)
        if head is None:
            return False
        head.periods.append(item.value)
        return True

    def _came(self, heads: Sequence[Head]) -> bool:
        """Whether a time is that of their coming: of leads, or where a source is named, or what may
        be one."""
        named = any(head.values and head.values.kind == "source" for head in heads)
        may = self.of_leads or any(each.kind == "unknown" for each in self.items)
        return named or (may and all(head.kind == "values" for head in heads))

    def _find(self, heads: list[Head], item: Item, slot: str) -> Head | None:
        """The nearest that can be narrowed so; else what the clause before was about."""
        fits = [head for head in heads if head.takes(slot)]
        if fits:
            return min(fits, key=lambda head: (_gap(head, item), head.i > item.i))
        if self.before is not None and self.before.takes(slot) and not heads:
            head = self.before.again(item.i, item.j)
            heads.append(head)
            self.going_on = head
            return head
        return None

    def _nearest(self, heads: list[Head], item: Item, slot: str, implied: str) -> Head:
        head = self._find(heads, item, slot)
        if head is None:
            head = Head(implied, item.i, item.j)
            heads.append(head)
        return head

    def _joined(self, unknown: Sequence[Item]) -> list[str]:
        """Words that stand together are told together."""
        found: list[list[int]] = []
        for item in unknown:
            if found and found[-1][1] == item.i:
                found[-1][1] = item.j
            else:
                found.append([item.i, item.j])
        return [self._text(i, j) for i, j in found]

    # --- what is denied ---------------------------------------------------------------------------

    def _deny(self, heads: Sequence[Head]) -> None:
        for at, item in enumerate(self.items):
            if item.kind != "word" or not item.has(*_DENYING):
                continue
            after = [head for head in heads if head.i >= item.j]
            before = [head for head in heads if head.i < item.i]
            head: Head | None
            if item.has("lacking") and not item.has("without", "except") and before:
                head = before[-1]
            elif item.has("without", "except") or self._is_english(item):
                head = after[0] if after else before[-1] if before else None
            elif after and self._is_one_of_two(at):
                head = after[0]
            else:
                head = self._denied_behind(at, before, after)
            if head is None:
                self.unknown.append(self._text(item.i, item.j))
            else:
                head.denied = not head.denied

    def _is_one_of_two(self, at: int) -> bool:
        """Na ... na, نہ ... نہ: each denies what follows."""
        said = [self._text(each.i, each.j).casefold() for each in self.items]
        return said[at] in {"na", "نہ"} and said.count(said[at]) > 1

    def _denied_behind(self, at: int, before: Sequence[Head], after: Sequence[Head]) -> Head | None:
        """Where "not" stands before or behind its verb, and behind anything else."""
        follows = self.items[at + 1] if at + 1 < len(self.items) else None
        if follows is not None and after and after[0].i == follows.i and after[0].kind in _VERBS:
            return after[0]
        if before:
            return before[-1]
        return after[0] if after else None

    def _is_english(self, item: Item) -> bool:
        said = tuple(token.key for token in tokenise(self._text(item.i, item.j)))
        return said in _english_nots()


@cache
def _english_nots() -> frozenset[tuple[str, ...]]:
    said = sayings()["not"]["en"].split(",")
    return frozenset(tuple(token.key for token in tokenise(each)) for each in said)


def way_of(item: Item) -> str:
    """The way of writing to somebody that a word means, or a value that is called so."""
    found = next((each for each in item.senses if each.startswith("way:")), "")
    return found.removeprefix("way:")


def _priority(item: Item) -> str:
    found = next((each for each in item.senses if each.startswith("priority:")), "")
    return found.removeprefix("priority:")


def _are_one(one: Head, other: Head) -> bool:
    """Orders that were bought, deals that are open: one thing said in two words."""
    if one.kind != other.kind or one.kind not in {"bought", "deals", "activity", "tickets"}:
        return False
    if one.kind == "activity":
        return not (one.kinds and other.kinds)
    return one.kind in {"bought", "tickets"} or one.bare_status or other.bare_status


def _gap(head: Head, item: Item) -> int:
    return max(item.i - head.j, head.i - item.j, 0)


__all__ = ["Clause", "Head", "Phrasebook"]
