"""Somebody who is very like one that is known: who, and why, asked openly with two buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exchange.people import role_of
from handlers.reply import Button, Call, Line, Reply
from handlers.turn import Turn
from language.folding import fold
from rules.duplicates.people import Person, day
from rules.duplicates.verdict import CERTAIN, Verdict, prior_among, same_one
from rules.duplicates.weights import Weights, held_as
from storage import counted, doubles
from storage.merged import apart_from, pairs_apart
from storage.models import Company, Contact

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
    pairs = [(other, row) for other in rows]
    found = [each for each in judged(turn, pairs) if each.verdict.is_asked and _fits(each, certain)]
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
    found = [each for each in judged(turn, mergeable) if each.verdict.is_asked]
    return sorted(found, key=lambda each: (-each.verdict.score, each.known.id))


def is_private(row: Row) -> bool:
    return isinstance(row, Contact) and row.private


def judged(turn: Turn, pairs: Iterable[tuple[Row, Row]]) -> list[Twins]:
    """How likely each two are one, and why."""
    both = [sorted(pair, key=lambda row: row.id) for pair in pairs]
    rows = list({row.id: row for pair in both for row in pair}.values())
    if not rows:
        return []
    people = {row.id: person_of(row) for row in rows}
    weights = _weights(turn, rows, people.values())
    return [
        Twins(one, other, same_one(people[one.id], people[other.id], weights))
        for one, other in both
    ]


def _weights(turn: Turn, rows: Sequence[Row], people: Iterable[Person]) -> Weights:
    """What each likeness says here, where so many have these words in their name, and so many
    are of these companies."""
    session, space, kind = turn.session, turn.workspace.id, type(rows[0])
    many = counted.how_many(session, kind, space)
    words = {word for person in people for word in person.words}
    counts = counted.with_word(session, kind, space, words)
    held = {held_as("name", word): count for word, count in counts.items()}
    firms = {
        row.company.id: row.company for row in rows if isinstance(row, Contact) and row.company
    }
    for number, count in counted.at_company(session, space, firms).items():
        held[held_as("company", firms[number].name_key)] = count
    prior = prior_among(many)
    return Weights(held=held, known={"name": 2 * many, "company": many}, prior=prior, house=prior)


def person_of(row: Row) -> Person:
    """What tells who somebody is."""
    company = row.company if isinstance(row, Contact) else None
    reach = sorted(_reach(row))
    return Person(
        id=str(row.id),
        name=row.name_key,
        phones=tuple(value for value in reach if "@" not in value),
        emails=tuple(value for value in reach if "@" in value),
        company=company.name_key if company else "",
        city=fold(row.city or ""),
        ids=tuple(fold(value) for value in _own(row, "ids")),
        born=next(filter(None, map(day, _own(row, "born"))), None),
    )


def _own(row: Row, role: str) -> list[str]:
    """What stands in fields of the team's own that tell who somebody is: a birthday, a CNIC."""
    return [each.value for each in row.own_values if role_of(each.field.name) == role]


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
