"""Who was meant: from a name that was said to the person or company, known or new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select

from handlers.reply import Button, Call, Line, Reply
from handlers.turn import Ask, Choice, Sorry, Turn
from language.folding import fold
from language.sounds import is_urdu, likeness, near_enough, sound_key
from language.voice import plain
from storage import queries
from storage.base import link
from storage.models import Company, Contact

MANY = 6
"""More choices than this read as a list, not as buttons."""


Row = TypeVar("Row", Contact, Company)


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


class Party(Who):
    """A customer that is made at once where nobody of that name is known yet."""


def find_who(turn: Turn, call: Call, *, optional: bool = False) -> Who | None:
    """The one who was named. Without a name, the one spoken of last in this chat."""
    said = said_names(call)
    if not said:
        focused = _in_focus(turn)
        if focused or optional:
            return focused
        raise Ask("ask_who", "contact", choices=recent(turn))
    found = [Who(row) for row in contacts_meant(turn, call)]
    found += [Who(company=row) for row in companies_meant(turn, call, len(found))]
    if len(found) == 1:
        return _with_company(found[0])
    if not found:
        raise nobody(turn, call)
    raise Ask("ask_which", "contact", choices=_choices(found), name=", ".join(said))


def _with_company(who: Who) -> Who:
    return Who(who.contact, who.company or (who.contact.company if who.contact else None))


def said_names(call: Call) -> list[str]:
    return [str(call.slots[name]) for name in ("contact", "company") if call.slots.get(name)]


def _in_focus(turn: Turn) -> Who | None:
    contact_id, company_id = turn.in_focus("contact"), turn.in_focus("company")
    space = turn.workspace.id
    contact = queries.get(turn.session, Contact, space, contact_id) if contact_id else None
    company = queries.get(turn.session, Company, space, company_id) if company_id else None
    return Who(contact, company) if contact or company else None


def called(turn: Turn, kind: type[Row], name: str) -> list[Row]:
    """Those of that name; where none is, those whose name sounds so in the other script."""
    found: list[Row] = queries.named(turn.session, kind, turn.workspace.id, fold(name))
    if found:
        return found
    heard: list[Row] = queries.sounding(turn.session, kind, turn.workspace.id, sound_key(name))
    scored = [
        (likeness(name, row.name), row) for row in heard if is_urdu(row.name) != is_urdu(name)
    ]
    best = max((score for score, _ in scored), default=0)
    return [row for score, row in scored if score >= max(near_enough(name), best - 5)]


def contacts_meant(turn: Turn, call: Call) -> list[Contact]:
    """People whom the call may mean, narrowed to the company where one was said."""
    said, at = call.slots.get("contact"), call.slots.get("company")
    if isinstance(said, int):
        row = queries.get(turn.session, Contact, turn.workspace.id, said)
        return [row] if row else []
    if not said:
        return []
    rows: list[Contact] = called(turn, Contact, str(said))
    if not at:
        return rows
    companies = {row.id for row in companies_meant(turn, call, 0)}
    return [row for row in rows if row.company_id in companies] or rows


def companies_meant(turn: Turn, call: Call, people: int) -> list[Company]:
    """Companies that the call may mean; a bare name may be one where no person has it."""
    said = call.slots.get("company")
    if isinstance(said, int):
        row = queries.get(turn.session, Company, turn.workspace.id, said)
        return [row] if row and not people else []
    name = said or call.slots.get("contact")
    if not isinstance(name, str) or (said and people):
        return []
    found: list[Company] = called(turn, Company, name)
    exact_person = people == 1 and not said and _is_exact(turn, name)
    return [] if exact_person else found


def _is_exact(turn: Turn, name: str) -> bool:
    rows = called(turn, Contact, name)
    return any(row.name_key == fold(name) for row in rows)


def _choices(found: Iterable[Who]) -> tuple[Choice, ...]:
    return tuple(
        Choice(who.contact.full_name, {"contact": who.contact.id, "company": None})
        if who.contact
        else Choice(who.name, {"company": who.ids["company"], "contact": None})
        for who in list(found)[:MANY]
    )


def recent(turn: Turn) -> tuple[Choice, ...]:
    """The people entered last, as choices."""
    rows = turn.session.scalars(
        select(Contact)
        .where(Contact.workspace_id == turn.workspace.id)
        .order_by(Contact.id.desc())
        .limit(3)
    )
    return _choices(Who(row) for row in rows)


def nobody(turn: Turn, call: Call) -> Sorry:
    """Nobody of that name: the nearest spellings as buttons that do the same with them."""
    name = plain(said_names(call)[0])
    key, space = fold(name), turn.workspace.id
    near = [Who(row) for row in queries.similar(turn.session, Contact, space, key)]
    near += [Who(company=row) for row in queries.similar(turn.session, Company, space, key, 2)]
    buttons = tuple(
        Button(choice.label, call.with_slots(**choice.slots)) for choice in _choices(near[:3])
    )
    return Sorry("nobody_near" if buttons else "nobody", buttons, name=name)


# --- a customer who may be new ------------------------------------------------------------------


def find_party(turn: Turn, call: Call, *, optional: bool = False) -> Party | None:
    """The one who was named, made at once if nobody is called so."""
    if not said_names(call):
        if optional:
            return None
        focused = _in_focus(turn)
        if focused:
            return Party(focused.contact, focused.company)
        raise Ask("ask_who", "contact", kind="name", choices=recent(turn))
    contact_said, company_said = call.slots.get("contact"), call.slots.get("company")
    if not company_said and isinstance(contact_said, str) and not call.slots.get("is_new"):
        who = _known_by_bare_name(turn, call)
        if who:
            return Party(who.contact, who.company)
    company = _company(turn, call, company_said) if company_said else None
    contact = _contact(turn, call, contact_said, company) if contact_said else None
    if contact and not company:
        company = contact.company
    return Party(contact, company)


def _known_by_bare_name(turn: Turn, call: Call) -> Who | None:
    found = [Who(row) for row in contacts_meant(turn, call)]
    found += [Who(company=row) for row in companies_meant(turn, call, len(found))]
    if len(found) == 1:
        return _with_company(found[0])
    if found:
        raise _ask_or_new(turn, call, found)
    return None


def _ask_or_new(turn: Turn, call: Call, found: list[Who]) -> Ask:
    fresh = Choice(turn.say("somebody_new"), {"is_new": True})
    return Ask(
        "ask_which",
        "contact",
        choices=(*_choices(found[: MANY - 1]), fresh),
        name=str(call.slots.get("contact") or call.slots.get("company")),
    )


def _company(turn: Turn, call: Call, said: Any) -> Company:
    if isinstance(said, int):
        row = queries.get(turn.session, Company, turn.workspace.id, said)
        if row is None:
            raise Sorry("gone")
        return row
    found = called(turn, Company, said)
    if len(found) == 1:
        only: Company = found[0]
        return only
    if found and not call.slots.get("is_new"):
        raise _ask_or_new(
            turn, Call(call.intent, {"company": said}), [Who(company=c) for c in found]
        )
    return new_company(turn, said)


def _contact(turn: Turn, call: Call, said: Any, company: Company | None) -> Contact:
    if isinstance(said, int):
        row = queries.get(turn.session, Contact, turn.workspace.id, said)
        if row is None:
            raise Sorry("gone")
        return row
    rows: list[Contact] = called(turn, Contact, said)
    if company:
        here = [row for row in rows if row.company_id == company.id]
        free = [row for row in rows if row.company_id is None and row.name_key == fold(said)]
        if len(here) == 1:
            return here[0]
        if not here and len(free) == 1:
            link(free[0], "company", company)
            return free[0]
        rows = here
    if rows and not call.slots.get("is_new"):
        raise _ask_or_new(turn, call, [Who(row) for row in rows])
    return new_contact(turn, said, company)


def _as_written(name: str) -> str:
    """A name typed in a hurry, without capitals, gets them."""
    name = " ".join(plain(name).split())[:200]
    return name.title() if name.isascii() and name.islower() else name


def new_company(turn: Turn, name: str, **more: Any) -> Company:
    name = _as_written(name)
    company = Company(
        workspace_id=turn.workspace.id,
        name=name,
        name_key=fold(name)[:200],
        sound_key=sound_key(name)[:200],
        owner_id=turn.member.id,
        created_at=turn.now,
        **more,
    )
    turn.session.add(company)
    turn.session.flush()
    turn.newcomers.append(company)
    return company


def new_contact(turn: Turn, name: str, company: Company | None = None, **more: Any) -> Contact:
    name = _as_written(name)
    contact = Contact(
        workspace_id=turn.workspace.id,
        name=name,
        name_key=fold(name)[:200],
        sound_key=sound_key(name)[:200],
        company_id=company.id if company else None,
        owner_id=turn.member.id,
        created_at=turn.now,
        **more,
    )
    turn.session.add(contact)
    turn.session.flush()
    turn.newcomers.append(contact)
    return contact


def introduce(turn: Turn) -> Reply:
    """Say which customers are new, and offer those of nearly the same name."""
    if not turn.newcomers:
        return Reply()
    names = [
        row.full_name if isinstance(row, Contact) else row.name
        for row in turn.newcomers
        if isinstance(row, Contact) or not _came_along(turn, row)
    ]
    buttons = tuple(button for row in turn.newcomers[:2] for button in _same_as(turn, row))
    turn.newcomers.clear()
    return Reply((Line(turn.say("newcomers", names=names), quiet=True),), buttons)


def introduced(turn: Turn, row: Contact | Company | None) -> list[Button]:
    """The card itself says that this one is new; what is left are those of nearly the same name."""
    if row not in turn.newcomers:
        return []
    turn.newcomers.remove(row)
    return _same_as(turn, row)


def _came_along(turn: Turn, company: Company) -> bool:
    """Named together with a new person of theirs."""
    return any(isinstance(row, Contact) and row.company_id == company.id for row in turn.newcomers)


def _same_as(turn: Turn, row: Contact | Company) -> list[Button]:
    kind = type(row)
    near = queries.similar(turn.session, kind, row.workspace_id, row.name_key)
    slot = "contact" if isinstance(row, Contact) else "company"
    return [
        Button(
            turn.say("same_as_button", name=other.full_name if slot == "contact" else other.name),
            Call(f"{slot}.same", {"new": row.id, "known": other.id}),
        )
        for other in near
        if other.id != row.id
    ][:1]
