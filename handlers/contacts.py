"""Contacts and companies: add, update, show, find."""

from __future__ import annotations

from typing import Any

from handlers.activities import write
from handlers.alike import asks, twin_of
from handlers.book import Chapter
from handlers.cards import contact_card, customer_lines
from handlers.described import at_the_place_said
from handlers.own_fields import put_by_name
from handlers.party import ask_or_new, find_party, introduced, new_contact
from handlers.reply import Call, Fields, Items, Line, Reply, Title
from handlers.scores import score_line
from handlers.scoring import said_beside
from handlers.search import search
from handlers.tagging import people_of, tag
from handlers.turn import Ask, Sorry, Turn
from handlers.who import Who, called, find_who
from language.folding import fold
from language.sounds import is_urdu
from language.values import read_email, read_phone
from rules.reach_keys import city_key
from storage.base import link
from storage.models import Company, Contact

chapter = Chapter(__name__)

LONGEST = {"phone": 32, "email": 254}
"""Characters of a number or address that is kept as it was written."""

SHOWN = 10
"""Names in one answer; more are counted."""


@chapter.command("contact.add")
def add(turn: Turn, call: Call) -> Reply:
    """A person or company with what is known of them; known ones get what is new."""
    slots = dict(call.slots)
    if not slots.get("contact") and not slots.get("company"):
        if slots.get("of_them"):
            return _keep(turn, find_who(turn, call) or Who(), slots, "contact_updated")
        raise Ask("ask_name", "contact", kind="name")
    known = _known(turn, slots) or _meant(turn, call)
    if known:
        return _keep(turn, Who(known, known.company), slots, "contact_updated")
    if slots.get("contact"):
        turn.said_new = bool(slots.get("is_new"))
        company = find_party(turn, Call(call.intent, _only(slots, "company")), optional=True)
        person = new_contact(turn, str(slots["contact"]), company.company if company else None)
        if slots.get("passed_on") or turn.member.may("manager"):  # who gives leads out
            turn.handed.append(person.id)
        tags = [*slots.get("tags", ()), *_beside(turn, person, slots)]
        return _keep(turn, Who(person, person.company), {**slots, "tags": tags}, "contact_added")
    party = find_party(turn, call)
    is_new = party is not None and party.company in turn.newcomers
    if is_new and party and party.company and turn.member.may("manager"):
        turn.handed.append(party.company.id)
    return _keep(turn, party or Who(), slots, "company_added" if is_new else "contact_updated")


def _beside(turn: Turn, person: Contact, slots: dict[str, Any]) -> list[str]:
    """What the team looks for in leads, said of somebody new and kept in no field: "Ali Khan,
    textile, Lahore"."""
    own = (slots.get("own") or {}).values()
    kept = (
        person.name, person.company.name if person.company else None, slots.get("city"),
        slots.get("title"), slots.get("source"), slots.get("text"),
        *map(str, own), *slots.get("tags", ()),
    )  # fmt: skip
    return said_beside(turn.session, turn.workspace, turn.said, kept)


def _only(slots: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: slots[name] for name in names if slots.get(name)}


def _known(turn: Turn, slots: dict[str, Any]) -> Contact | None:
    """Somebody of exactly this name at the same company, or where one of both is not known."""
    if not isinstance(slots.get("contact"), str) or slots.get("is_new"):
        return None
    rows = called(turn, Contact, slots["contact"])
    said = slots["contact"]
    rows = [row for row in rows if row.name_key == fold(said) or is_urdu(row.name) != is_urdu(said)]
    at = fold(str(slots.get("company") or ""))
    here = [
        row
        for row in rows
        if row.company
        and (row.company.id == slots.get("company") or (at and at in row.company.name_key))
    ]
    loose = [
        row for row in rows if (not at or row.company is None) and not _is_another(turn, row, slots)
    ]
    fits = here or loose
    return fits[0] if len(fits) == 1 else None


def _is_another(turn: Turn, row: Contact, slots: dict[str, Any]) -> bool:
    """Whether two things or more of what is said differ from what is known of them, and none is
    the same: of one name, but hardly one person, whose number and town would be overwritten."""
    phones = [slots.get("phone"), *slots.get("phones", ())]
    emails = [slots.get("email"), *slots.get("emails", ())]
    both: list[tuple[set[str | None], set[str | None]]] = [
        ({read_phone(str(each), turn.workspace.region) for each in phones if each}, {*row.phones}),
        ({read_email(str(each)) for each in emails if each}, {*row.emails}),
        ({city_key(slots.get("city"))} - {None}, {city_key(row.city)} - {None}),
    ]
    told = [(said, known) for said, known in both if said and known]
    return len(told) > 1 and not any(said & known for said, known in told)


def _meant(turn: Turn, call: Call) -> Contact | None:
    """Somebody of whom only a part of the name was said, for what is still unknown of them.

    Where that could be several, or would replace what is known, it is asked who was meant.
    """
    slots = call.slots
    if isinstance(slots.get("contact"), int):
        return turn.record(Contact, slots["contact"])
    told = [kind for kind in ("phone", "email") if slots.get(kind)]
    if not told or not slots.get("contact") or slots.get("company") or slots.get("is_new"):
        return None
    found = called(turn, Contact, slots["contact"])
    if not found:
        return None
    if len(found) == 1 and not any(getattr(found[0], f"{kind}s") for kind in told):
        return found[0]
    raise ask_or_new(turn, call, [Who(row) for row in found])


def _keep(turn: Turn, who: Who, slots: dict[str, Any], key: str) -> Reply:
    changed = put(turn, who, slots)
    if not changed and key == "contact_updated":
        lacks = bool(slots.get("tags")) and who.contact is None and not people_of(turn, who)
        show_ = turn.button("show_button", "contact.show", **who.slots)
        raise Sorry("tags_of_people" if lacks else "nothing_new", (show_,), name=who.name)
    turn.focus(**who.ids)
    title = Title(turn.say(key, name=who.name))
    ways = (turn.undo(), turn.edit())
    if key != "contact_updated":
        card = Reply((title, *contact_card(turn, who)), ways)
        return card.and_then(introduced(turn, who.contact or who.company))
    told = Reply((title, Fields(tuple(changed))), ways)
    if {"phone", "email", "phones", "emails"}.isdisjoint(slots):
        return told
    row = who.contact or who.company
    return told.and_then(asks(turn, twin_of(turn, row, certain=True) if row else None))


def put(turn: Turn, who: Who, slots: dict[str, Any]) -> list[tuple[str, str]]:
    """Write the values onto the person, or the company; what changed, as labelled lines."""
    row: Contact | Company | None = who.contact or who.company
    changed: list[tuple[str, str]] = []

    def note(label: str, value: str, before: str | None = None) -> None:
        shown = turn.say("changed_from", value=value, before=before) if before else value
        changed.append((turn.say(f"field_{label}"), shown))

    if who.contact and isinstance(slots.get("company"), str):
        company = find_party(turn, Call("contact.update", {"company": slots["company"]}))
        if company and company.company and company.company.id != who.contact.company_id:
            before = who.contact.company.name if who.contact.company else None
            link(who.contact, "company", company.company)
            note("company", company.company.name, before)
    for name in ("title", "city", "source"):
        value = slots.get(name)
        if value and hasattr(row, name) and not _is_there(name, getattr(row, name), str(value)):
            note(name, str(value), getattr(row, name))
            setattr(row, name, str(value)[:100])
    for kind in ("phone", "email"):
        values = [*slots.get(f"{kind}s", ()), *([slots[kind]] if slots.get(kind) else ())]
        for value in values:
            one_more = len(values) > 1 or bool(slots.get("one_more"))
            _reach(turn, who, kind, str(value), note, one_more=one_more)
    for name, value in (slots.get("own") or {}).items():
        if row is not None and put_by_name(turn, row, name, value):
            changed.append((name, value))
    if tagged := tag(turn, who, slots.get("tags", ())):
        note("tags", tagged)
    if slots.get("text") and who.contact:
        write(turn, who, "note", str(slots["text"]))
        note("note", str(slots["text"]))
    return changed


def _is_there(name: str, before: str | None, value: str) -> bool:
    """A city that is said in the other letters is the one that is known."""
    letters = before is not None and before.isascii() != value.isascii()
    return before == value or (name == "city" and letters and city_key(before) == city_key(value))


def _reach(
    turn: Turn, who: Who, kind: str, value: str, note: Any, *, one_more: bool = False
) -> None:
    """A new number replaces the only one; of several, said or known, it is one more."""
    reader = {
        "phone": lambda: read_phone(value, turn.workspace.region),
        "email": lambda: read_email(value),
    }
    value = reader[kind]() or value[: LONGEST[kind]]
    if who.contact:
        here = [point for point in who.contact.points if point.kind == kind]
        if any(point.value == value for point in here):
            return
        if len(here) == 1 and not one_more:
            note(kind, value, here[0].value)
            here[0].value = value
        elif who.contact.reach_by(kind, value):
            note(kind, value)
    elif who.company and getattr(who.company, kind) != value:
        note(kind, value, getattr(who.company, kind))
        setattr(who.company, kind, value)


@chapter.command("contact.update")
def update(turn: Turn, who: Who, call: Call) -> Reply:
    """New values for somebody who is known."""
    return _keep(turn, who, call.slots, "contact_updated")


@chapter.command("contact.show")
def show(turn: Turn, who: Who) -> Reply:
    """Everything about a customer on one card."""
    turn.focus(**who.ids)
    title = turn.voice.apart(who.contact.full_name if who.contact else who.name)
    ids = who.slots
    buttons = (
        turn.button("log_call_button", "activity.log", kind="call", **ids),
        turn.button("task_button", "task.add", **ids),
    )
    row = who.contact or who.company
    score = ("score", score_line(turn, who.contact) if who.contact else None)
    parts = [Title(title), *contact_card(turn, who, score), *customer_lines(turn, who)]
    if row is not None and row.also_called:
        parts.append(Line(turn.say("also_called", names=row.also_called), quiet=True))
    if who.contact and who.contact.private:
        parts.append(Line(turn.say("is_private"), quiet=True))
    return Reply(tuple(parts), buttons)


@chapter.command("contact.find")
def find(
    turn: Turn,
    company: str | None = None,
    city: str | None = None,
    tags: list[str] | None = None,
    title: str | None = None,
    query: str | None = None,
    text: str | None = None,
    people: list[int] | None = None,
    companies: list[int] | None = None,
) -> Reply:
    """Who fits a description; or these ``people`` and ``companies``, who were found by one."""
    query = query or (None if company or city or tags or title else text)
    if people is None and companies is None:
        rows = search(turn, company, city, tags or [], title, query)
        if query and not rows and not (company or city or tags or title):
            rows = [*at_the_place_said(turn, query)]
    else:
        rows = [turn.record(Contact, each) for each in people or ()]
        rows += [turn.record(Company, each) for each in companies or ()]
    said = [each for each in (query, title, company, city, *(tags or [])) if each]
    if not rows:
        raise Sorry(_nobody_key(said), what=said)
    lines = [_found_line(turn, row) for row in rows[:SHOWN]]
    more = (
        [Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True)] if len(rows) > SHOWN else []
    )
    buttons = tuple(
        turn.button(
            "numbered_button",
            "contact.show",
            label_values={"n": n, "name": row.name},
            **_who(row).slots,
        )
        for n, row in enumerate(rows[:3], 1)
    )
    if group := _group_of(company, city, tags or [], title, query):
        turn.note(segment=group)  # so that "save it as ..." keeps them
    title_line = Title(turn.say("found", n=len(rows)))
    return Reply((title_line, Items(tuple(lines), numbered=True), *more), buttons)


def _group_of(
    company: str | None, city: str | None, tags: list[str], title: str | None, query: str | None
) -> str | None:
    """Those of one city or one tag, as a query of segments; nothing where more is said of them."""
    if company or title or query or bool(city) == bool(tags) or len(tags) > 1:
        return None
    field, value = ("city", city) if city else ("tag", tags[0])
    return None if '"' in str(value) else f'{field} = "{value}"'


def _nobody_key(said: list[str]) -> str:
    if not said:
        return "nobody_yet"
    named = any(char.isalpha() and char not in "@." for char in said[0]) and "@" not in said[0]
    return "found_nobody" if named else "nobody_reached"


def _who(row: Contact | Company) -> Who:
    return Who(row) if isinstance(row, Contact) else Who(company=row)


def _found_line(turn: Turn, row: Contact | Company) -> str:
    if isinstance(row, Company):
        return turn.voice.beside(row.name, row.city)
    return turn.voice.beside(row.full_name, row.title, row.city, *row.phones[:1])
