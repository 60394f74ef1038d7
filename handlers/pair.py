"""Which two were meant: by two names, or as the two that were spoken of last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from handlers.alike import Row, full_name, judged
from handlers.focus import LASTS
from handlers.reply import Call
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import MANY, by_a_slip, called, nobody
from storage import queries
from storage.models import Company, Contact

KINDS: dict[str, type[Row]] = {"contact": Contact, "company": Company}

CLEARLY = 0.3
"""By so much two must be likelier one than any other two of those names, not to be asked about."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records of one kind."""

    one: Row
    other: Row

    @property
    def rows(self) -> tuple[Row, Row]:
        return self.one, self.other


def find_pair(turn: Turn, call: Call, *, optional: bool = False) -> Pair | None:
    """The two that were named, or, as "these two", the last two that were spoken of here."""
    del optional
    if call.slots.get("these"):
        return _seen_last(turn)
    names = [call.slots.get("contact"), call.slots.get("other")]
    if not names[0]:
        raise Ask("ask_merge_whom", "contact", kind="who")
    if not names[1]:
        raise Ask("ask_merge_with", "other", kind="who")
    places = [call.slots.get("company"), call.slots.get("other_company")]
    for kind in _kinds(call):
        ours, theirs = (_named(turn, kind, *each) for each in zip(names, places, strict=True))
        if ours and theirs:
            return _chosen(turn, call, ours, theirs)
    raise _unknown(turn, call)


def _kinds(call: Call) -> list[type[Row]]:
    kind = call.slots.get("kind")
    return [KINDS[kind]] if kind in KINDS else [Contact, Company]


def _named(turn: Turn, kind: type[Row], name: object, at: object = None) -> list[Row]:
    """Those of that name; people of a company, where it was said and anybody there is called so."""
    if at and kind is Contact and not isinstance(name, int):
        companies = [row.id for row in called(turn, Company, str(at))]
        if companies and (there := called(turn, Contact, str(name), companies)):
            return list(there)
    if isinstance(name, int):
        row = queries.get(turn.session, kind, turn.workspace.id, name)
        return [row] if row else []
    return list(called(turn, kind, str(name)))


def _chosen(turn: Turn, call: Call, ours: list[Row], theirs: list[Row]) -> Pair:
    """Of all two that have these names the likeliest; where that is not clear, it is asked."""
    pairs = {
        frozenset((one.id, other.id)): (one, other)
        for one, other in product(ours, theirs)
        if one is not other
    }
    if not pairs:
        raise Sorry("merge_itself", name=full_name(ours[0]))
    scores = sorted(
        ((each.verdict.score, each) for each in judged(turn, pairs.values())),
        key=lambda scored: -scored[0],
    )
    likeliest = scores[0][1]
    chosen = Pair(*pairs[frozenset((likeliest.known.id, likeliest.new.id))])
    if len(scores) == 1 or scores[0][0] - scores[1][0] >= CLEARLY:
        return chosen
    for slot, rows in (("contact", ours), ("other", theirs)):
        if len(rows) > 1 and not isinstance(call.slots[slot], int):
            choices = tuple(_choice(slot, row) for row in rows[:MANY])
            raise Ask("ask_which", slot, choices=choices, name=str(call.slots[slot]))
    return chosen


def _choice(slot: str, row: Row) -> Choice:
    return Choice(full_name(row), {slot: row.id, "kind": row.__tablename__})


def _unknown(turn: Turn, call: Call) -> Exception:
    """The name that nobody has: with a slip in it the one that was meant, else those near."""
    for slot in ("contact", "other"):
        name = call.slots[slot]
        if not any(_named(turn, kind, name) for kind in _kinds(call)):
            alone = Call(call.intent, {"contact": name})
            if who := by_a_slip(turn, alone):
                row = who.contact or who.company
                if row is not None:
                    choices = (_choice(slot, row),)
                    return Ask("ask_which", slot, choices=choices, name=str(name))
            apology = nobody(turn, alone)
            return Sorry("nobody", name=apology.values["name"])
    return Sorry("merge_kinds", one=str(call.slots["contact"]), other=str(call.slots["other"]))


def _seen_last(turn: Turn) -> Pair:
    """The last two of a kind that this member saw or spoke of here within the hour."""
    now = turn.acted_at or turn.now
    seen: list[tuple[datetime, Row]] = []
    for name, entry in (turn.seen_before or {}).items():
        table, _, number = name.partition(":")
        at = datetime.fromisoformat(entry["at"])
        if table in KINDS and entry["to"] == turn.member.id and timedelta() <= now - at < LASTS:
            row = queries.get(turn.session, KINDS[table], turn.workspace.id, int(number))
            if row is not None and all(row is not each for _, each in seen):
                seen.append((at, row))
    seen.sort(key=lambda each: each[0], reverse=True)
    for table in dict.fromkeys(row.__tablename__ for _, row in seen):
        rows = [row for _, row in seen if row.__tablename__ == table]
        if len(rows) > 1:
            return Pair(rows[1], rows[0])
    raise Sorry("merge_which_two")
