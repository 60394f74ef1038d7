"""Who was meant: from a name that was said to the person or company, known or new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select

from handlers.among import HEARD, NEAR, among, is_in
from handlers.reply import Button, Call
from handlers.turn import Ask, Choice, Sorry, Turn
from language.doubt import only_looks
from language.folding import fold
from language.values import slot_of_name
from language.voice import plain
from rules.likeness import surely_same
from rules.name_keys import words_of
from rules.reach_keys import city_key
from storage import called as names
from storage import queries
from storage.models import Company, Contact

MANY = 6
"""More choices than this read as a list, not as buttons."""

NAMESAKES, EVERY = 30, names.MOST
"""People of one name who are looked at where one is meant, and where all are asked for."""


AS_LIKE = 0.05
"""What is less alike than the best by more than this was not meant."""

CLEARLY = 0.15
"""By so much the best must be more alike than the next, to be the only one that can be meant."""

RECENT = 3
"""People who are offered where nobody was named."""

_CITY_WORDS = 20
"""Words of a message among which a city is looked for."""

Row = TypeVar("Row", bound=Contact | Company)


@dataclass(frozen=True, slots=True)
class Who:
    """A customer that is known: a person, a company, or a person at a company."""

    contact: Contact | None = None
    company: Company | None = None

    @property
    def name(self) -> str:
        if self.contact:
            return self.contact.name
        return self.company.name if self.company else ""

    @property
    def ids(self) -> dict[str, int | None]:
        return {
            "contact": self.contact.id if self.contact else None,
            "company": self.company.id if self.company else None,
        }

    @property
    def slots(self) -> dict[str, Any]:
        """The same for a call, without what they are not."""
        return {name: number for name, number in self.ids.items() if number is not None}


def find_who(turn: Turn, call: Call, *, optional: bool = False) -> Who | None:
    """The one who was named. Without a name, the one spoken of last in this chat."""
    said = said_names(call)
    if not said:
        focused = in_focus(turn)
        if focused or (optional and not call.slots.get("of_them")):
            return focused
        raise Ask("ask_who", "contact", kind="who", choices=recent(turn))
    found = meant(turn, call)
    if all(who.contact is None for who in found):
        found = _nearly_there(turn, call) or found
    elif len(found) > 1 and only_looks(call.intent):
        found = _in_the_city_said(turn, found) or found
    if len(found) == 1:
        return found[0]
    if not found:
        if who := by_a_slip(turn, call):
            return who
        raise nobody(turn, call)
    raise Ask("ask_which", "contact", choices=choices_of(found), name=", ".join(said))


def meant(turn: Turn, call: Call) -> list[Who]:
    """All whom the call may mean: people with their companies, then companies."""
    people = contacts_meant(turn, call)
    found = [Who(person, person.company) for person in people]
    return found + [Who(company=row) for row in companies_meant(turn, call, people)]


def _nearly_there(turn: Turn, call: Call) -> list[Who]:
    """People of the company that was said whose name is nearly the one that was said."""
    said, at = call.slots.get("contact"), call.slots.get("company")
    if not (isinstance(said, str) and at):
        return []
    there = [row.id for row in _companies_at(turn, call)]
    people = select(Contact).where(
        Contact.workspace_id == turn.workspace.id, Contact.company_id.in_(there)
    )
    near = among(turn, people, said) if there else []
    if len(near) == 1 and not only_looks(call.intent):
        words = words_of(near[0].name_key)
        near = near if surely_same(words_of(fold(said)), words) else []
    if len(near) == 1:
        turn.take("slip", near[0].name)
    return [Who(row, row.company) for row in near]


def _in_the_city_said(turn: Turn, found: list[Who]) -> list[Who]:
    """Those whose city stands in the message: ``show Sara in Lahore``."""
    words = fold(turn.said).split()[:_CITY_WORDS]
    runs = {" ".join(words[i:j]) for i in range(len(words)) for j in (i + 1, i + 2, i + 3)}
    keys = {city_key(run): run for run in runs}
    return [
        who
        for who in found
        if who.contact
        and who.contact.city_key in keys
        and is_in(who.contact, keys[who.contact.city_key])
    ]


def said_names(call: Call) -> list[str]:
    return [str(call.slots[name]) for name in ("contact", "company") if call.slots.get(name)]


def in_focus(turn: Turn) -> Who | None:
    """Who was spoken of here lately; ``/why`` will say that they were taken."""
    who = spoken_of(turn, turn.in_focus)
    if who:
        turn.take("spoken_of", who.name)
    return who


def spoken_of(turn: Turn, last: Callable[[str], int | None]) -> Who | None:
    """Whom ``turn.in_focus`` or ``turn.out_of_focus`` tells of, if they are still there."""
    contact_id, company_id = last("contact"), last("company")
    space = turn.workspace.id
    contact = queries.get(turn.session, Contact, space, contact_id) if contact_id else None
    company = queries.get(turn.session, Company, space, company_id) if company_id else None
    return Who(contact, company) if contact or company else None


def called(
    turn: Turn, kind: type[Row], name: str, at: Sequence[int] | None = None, most: int = NAMESAKES
) -> list[Row]:
    """Those of that name; where none is, those whose name sounds so in the other script.

    ``at``: people of these companies only; ``most``: of so many the newest."""
    key = (kind, name, None if at is None else tuple(at), most)
    return turn.meanwhile(key, lambda: _called(turn, kind, name, at, most))


def _called(
    turn: Turn, kind: type[Row], name: str, at: Sequence[int] | None, most: int
) -> list[Row]:
    space, key = turn.workspace.id, fold(name)
    found = names.called(turn.session, kind, space, key, at, most)
    if found:
        return found
    heard = names.heard(turn.session, kind, space, key)
    best = max((score for score, _ in heard), default=0)
    rows = [
        row
        for score, row in heard
        if score >= max(HEARD, best - AS_LIKE)
        and (at is None or getattr(row, "company_id", None) in at)
    ]
    words = len(words_of(key))  # whose whole name was said comes before whose name goes on
    return [row for row in rows if len(words_of(row.name_key)) == words] or rows


def nearly_called(turn: Turn, kind: type[Row], name: str) -> list[tuple[float, Row]]:
    """Those who may have been meant by this name with a slip in it, the likeliest first."""
    likely = names.like(turn.session, kind, turn.workspace.id, fold(plain(name)))
    return [(score, row) for score, row in likely if score >= NEAR]


def by_a_slip(turn: Turn, call: Call) -> Who | None:
    """The only one who can be meant by a name that nobody has, where only spelling is amiss.

    With two near names, or another name of much the same letters, it is None: that is asked.
    """
    said = said_names(call)
    if len(said) != 1 or said[0].isdecimal():
        return None
    near: list[tuple[float, Who]] = [
        (score, Who(row, row.company)) for score, row in nearly_called(turn, Contact, said[0])
    ]
    near += [(score, Who(company=row)) for score, row in nearly_called(turn, Company, said[0])]
    near.sort(key=lambda each: each[0], reverse=True)
    if not near or any(score > near[0][0] - CLEARLY for score, _ in near[1:]):
        return None
    who = near[0][1]
    known = who.contact.name_key if who.contact else who.company.name_key if who.company else ""
    if not surely_same(words_of(fold(said[0])), words_of(known)):
        return None
    turn.take("slip", who.name)
    return who


def contacts_meant(turn: Turn, call: Call) -> list[Contact]:
    """People whom the call may mean, narrowed to the company where one was said."""
    said, at = call.slots.get("contact"), call.slots.get("company")
    if isinstance(said, int):
        row = queries.get(turn.session, Contact, turn.workspace.id, said)
        return [row] if row else []
    if not said:
        return []
    if at:
        companies = [row.id for row in _companies_at(turn, call)]
        if companies and (there := called(turn, Contact, str(said), companies)):
            return there
    return called(turn, Contact, str(said))


def companies_called(turn: Turn, name: str) -> list[Company]:
    """Companies of that name; where none is, those that may be meant by a slip."""
    found: list[Company] = called(turn, Company, name)
    return found or [row for _, row in nearly_called(turn, Company, name)]


def companies_numbered(turn: Turn, name: str, *, slips: bool = True) -> list[int]:
    """The same, where their numbers are enough; without ``slips`` only those with all its words."""
    ids = names.numbers(turn.session, Company, turn.workspace.id, fold(name), begun=slips)
    return ids or ([row.id for row in companies_called(turn, name)] if slips else [])


def _companies_at(turn: Turn, call: Call) -> list[Company]:
    """Companies whose people are meant; of nearly that name where none has it."""
    found = companies_meant(turn, call)
    said = call.slots.get("company")
    return found or (companies_called(turn, said) if isinstance(said, str) else [])


def companies_meant(turn: Turn, call: Call, people: Sequence[Contact] = ()) -> list[Company]:
    """Companies that the call may mean; a bare name may be one where no person has it."""
    said = call.slots.get("company")
    if isinstance(said, int):
        row = queries.get(turn.session, Company, turn.workspace.id, said)
        return [row] if row and not people else []
    name = said or call.slots.get("contact")
    if not isinstance(name, str) or (said and people):
        return []
    if len(people) == 1 and people[0].name_key == fold(name):
        return []
    found: list[Company] = called(turn, Company, name)
    return found


def choices_of(found: Iterable[Who]) -> tuple[Choice, ...]:
    return tuple(
        Choice(who.contact.full_name, {"contact": who.contact.id, "company": None})
        if who.contact
        else Choice(who.name, {"company": who.ids["company"], "contact": None})
        for who in list(found)[:MANY]
    )


def recent(turn: Turn) -> tuple[Choice, ...]:
    """Whom the talk was of longer ago, and the people entered last, as choices."""
    rows = turn.session.scalars(
        select(Contact)
        .where(Contact.workspace_id == turn.workspace.id)
        .order_by(Contact.id.desc())
        .limit(RECENT)
    )
    before = spoken_of(turn, turn.out_of_focus)
    found = [before] if before else []
    found += [Who(row) for row in rows if before is None or row is not before.contact]
    return choices_of(found[:RECENT])


def nobody(turn: Turn, call: Call) -> Sorry:
    """Nobody of that name: the nearest spellings as buttons that do the same with them."""
    name = plain(said_names(call)[0])
    near = [Who(row) for _, row in nearly_called(turn, Contact, name)[:3]]
    near += [Who(company=row) for _, row in nearly_called(turn, Company, name)[:2]]
    buttons = tuple(
        Button(choice.label, call.with_slots(**choice.slots)) for choice in choices_of(near[:3])
    )
    ways = (*buttons, *_to_be_added(turn, call, name))
    return Sorry("nobody_near" if buttons else "nobody", ways, name=name)


def _to_be_added(turn: Turn, call: Call, name: str) -> tuple[Button, ...]:
    """Who is looked for and is not here may be added, by what looks like a name."""
    slot = slot_of_name(name) if call.intent == "contact.show" else ""
    if not slot or len(said_names(call)) > 1:
        return ()
    label = turn.say("add_nobody_button", name=name)
    return (Button(label, Call("contact.add", {slot: name})),)
