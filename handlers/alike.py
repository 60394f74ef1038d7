"""Somebody who is very like one that is known: who, and why, asked openly with two buttons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.reply import Button, Call, Line, Reply
from handlers.turn import Turn
from language.folding import fold
from rules.name_keys import words_of
from rules.same import ASKED, Facts, Verdict, same_one
from storage import doubles
from storage.merged import apart_from, pairs_apart
from storage.models import Company, Contact

CERTAIN = {"phone", "email"}
"""Evidence that is asked about whatever else was said."""

Row = Contact | Company


@dataclass(frozen=True, slots=True)
class Twins:
    """Two records that may be one; ``known`` is the older one."""

    known: Row
    new: Row
    verdict: Verdict

    @property
    def ids(self) -> dict[str, int]:
        return {"known": self.known.id, "new": self.new.id}


def twin_of(turn: Turn, row: Row, *, certain: bool = False) -> Twins | None:
    """The likeliest one that a record doubles, of those that nobody said it is not; ``certain``:
    only with the same phone or e-mail address."""
    kind, space = type(row), turn.workspace.id
    likely = doubles.reaching(turn.session, kind, space, _reach(row))
    if not certain:
        likely += doubles.named_like(turn.session, kind, space, row.name_key)
    others = set(likely) - {row.id}
    if not others:
        return None
    others -= apart_from(turn.session, kind.__tablename__, space, row.id)
    private = row.private if isinstance(row, Contact) else None
    rows = doubles.whole(turn.session, kind, space, others, private=private)
    found = [each for each in _judged((other, row) for other in rows) if _fits(each, certain)]
    return max(found, key=lambda each: (each.verdict.score, -each.known.id), default=None)


def _fits(twins: Twins, certain: bool) -> bool:
    return not certain or not CERTAIN.isdisjoint(twins.verdict.evidence)


def likely_pairs(turn: Turn, kind: type[Row]) -> list[Twins]:
    """Those who may be in twice, the likeliest first."""
    space, table = turn.workspace.id, kind.__tablename__
    pairs = doubles.pairs(turn.session, kind, space)
    if not pairs:
        return []
    numbers = {number for pair in pairs for number in pair}
    pairs -= pairs_apart(turn.session, table, space, numbers)
    rows = {row.id: row for row in doubles.whole(turn.session, kind, space, numbers)}
    seen = [(rows[one], rows[other]) for one, other in pairs if one in rows and other in rows]
    mergeable = [(one, other) for one, other in seen if is_private(one) == is_private(other)]
    return sorted(_judged(mergeable), key=lambda each: (-each.verdict.score, each.known.id))


def is_private(row: Row) -> bool:
    return isinstance(row, Contact) and row.private


def _judged(pairs: Iterable[tuple[Row, Row]]) -> list[Twins]:
    """Of pairs those that are worth asking about."""
    both = [sorted(pair, key=lambda row: row.id) for pair in pairs]
    rows = {row.id: row for pair in both for row in pair}
    named = Counter(_name(row) for row in rows.values())
    facts = {number: facts_of(row, named[_name(row)] - 2) for number, row in rows.items()}
    found = [Twins(one, other, same_one(facts[one.id], facts[other.id])) for one, other in both]
    return [each for each in found if each.verdict.score >= ASKED]


def _name(row: Row) -> tuple[str, ...]:
    return tuple(sorted(words_of(row.name_key)))


def facts_of(row: Row, namesakes: int = 0) -> Facts:
    """What tells who somebody is."""
    company = row.company if isinstance(row, Contact) else None
    reach = _reach(row)
    return Facts(
        name=tuple(words_of(row.name_key)),
        company=tuple(words_of(company.name_key)) if company else (),
        city=fold(row.city or ""),
        phones=frozenset(value for value in reach if "@" not in value),
        emails=frozenset(value for value in reach if "@" in value),
        namesakes=max(0, namesakes),
    )


def _reach(row: Row) -> set[str]:
    """How somebody is reached: phones as they are kept, addresses in small letters."""
    if isinstance(row, Contact):
        return {point.value for point in row.points}
    return {value for value in (row.phone, row.email) if value}


# --- in words -------------------------------------------------------------------------------------


def asks(turn: Turn, twins: Twins | None) -> Reply:
    """``Same as Sara Malik @ Nishat Mills? (same phone)`` with [Same] and [Different]."""
    if twins is None:
        return Reply()
    known, new = twins.known, twins.new
    for row in (known, new):
        turn.shows(row, "name")
    line = turn.say("same_as_ask", name=full_name(known), why=evidence(turn, twins.verdict))
    return Reply((Line(line),), buttons_for(turn, twins))


def buttons_for(turn: Turn, twins: Twins, n: int = 0) -> tuple[Button, Button]:
    """[Same] and [Different]; of a list, with the number of the pair."""
    table = twins.known.__tablename__
    more: dict[str, object] = {"listed": True} if n else {}
    return (
        Button(_label(turn, "same", n), Call(f"{table}.same", {**twins.ids, **more})),
        Button(_label(turn, "different", n), Call(f"{table}.different", {**twins.ids, **more})),
    )


def _label(turn: Turn, which: str, n: int) -> str:
    return turn.say(f"{which}_n_button", n=n) if n else turn.say(f"{which}_button")


def evidence(turn: Turn, verdict: Verdict) -> str:
    """``same phone, like name``."""
    return turn.voice.beside(*(turn.say(f"evidence_{code}") for code in verdict.evidence))


def full_name(row: Row) -> str:
    return row.full_name if isinstance(row, Contact) else row.name


def apart_names(turn: Turn, one: Row, other: Row) -> tuple[str, str]:
    """What to call two; of one name, with their numbers, city, or day of entry beside it."""
    names = full_name(one), full_name(other)
    if fold(names[0]) != fold(names[1]):
        return names
    told = [_told_apart(turn, row) for row in (one, other)]
    return told[0], told[1]


def _told_apart(turn: Turn, row: Row) -> str:
    phones = row.phones if isinstance(row, Contact) else [row.phone or ""]
    since = turn.voice.moment(row.created_at)
    return turn.voice.beside(full_name(row), *phones[:1], row.city, None if phones else since)
