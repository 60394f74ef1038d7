"""A message of somebody else that was passed on: whose it is, and what is to be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.book import Chapter
from handlers.captured import record_of
from handlers.own_fields import all_fields
from handlers.reply import Button, Call, Line, Part, Reply, Title
from handlers.turn import Ask, Turn
from handlers.who import Who, called, recent
from language.folding import fold, letters
from language.voice import plain
from storage.fields import holding
from storage.models import Company, Contact

chapter = Chapter(__name__)

SHOWN, MATCHED = 600, 3
"""Characters of it that are shown, and customers that are offered."""

HANDLE = "telegram"
"""The field that keeps by what name somebody is found there."""


@chapter.command("forward.look")
def look(turn: Turn, name: str, username: str, said: str, is_person: bool) -> Reply:
    """Whose message it was, what it says, and what can be done with it."""
    name, said = plain(name).strip(), plain(said).strip()
    who = turn.voice.beside(name, username) or turn.say("somebody")
    parts: list[Part] = [Title(turn.say("forwarded_from", name=who))]
    if said:
        parts.append(Line(turn.voice.apart(said[:SHOWN] + ("…" if len(said) > SHOWN else ""))))
    else:
        parts.append(Line(turn.say("forwarded_no_words")))
    buttons = [*_log_buttons(turn, name, username, said)] if said else []
    if is_person and (name or username):
        buttons.append(_add_button(turn, name, username, said))
    if said and is_person:
        about = {"name": name, "username": username, "said": said, "message": turn.message}
        of_it = Call("ticket.from_message", about)
        buttons.append(Button(turn.say("ticket_open_button"), of_it))
    buttons.append(turn.button("never_mind_button", "dropped"))
    return Reply((*parts, Line(turn.say("forwarded_what"), quiet=True)), tuple(buttons))


def _log_buttons(turn: Turn, name: str, username: str, said: str) -> Iterator[Button]:
    """On whom it can be written down: those of that name; somebody else."""
    for who in known_by(turn, name, username):
        ids = {kind: number for kind, number in who.ids.items() if number is not None}
        about = Call("activity.log", {"kind": "message", "text": said, **ids})
        label = who.contact.full_name if who.contact else who.name
        yield Button(turn.say("log_on_button", name=label), about)
    yield turn.button("log_for_button", "forward.log", said=said)


def known_by(turn: Turn, name: str, username: str) -> list[Who]:
    """Customers who go by that handle or name, people first."""
    handles = [field for field in all_fields(turn) if field.active and fold(field.name) == HANDLE]
    found = holding(turn.session, handles, letters(username), MATCHED) if username else []
    holders = [each.contact_id for each in found if each.value_key == letters(username)]
    people = [turn.record(Contact, number) for number in holders if number]
    if name:
        people += called(turn, Contact, name)
    companies = called(turn, Company, name) if name else []
    who = [Who(person, person.company) for person in dict.fromkeys(people)]
    return [*who, *(Who(company=row) for row in companies)][:MATCHED]


def _add_button(turn: Turn, name: str, username: str, said: str) -> Button:
    fields = {HANDLE: username} if username else {}
    record = record_of(turn, name, **fields) | {"note": said or None, "passed_on": True}
    label = {"name": name or username}
    return turn.button("add_person_button", "capture.look", label_values=label, record=record)


@chapter.command("forward.log")
def log(turn: Turn, said: str, call: Call) -> Reply:
    """It is written down on somebody who is still to be named."""
    named: dict[str, Any] = {
        each: call.slots[each] for each in ("contact", "company", "is_new") if call.slots.get(each)
    }
    if not named:
        raise Ask("ask_who", "contact", kind="name", choices=recent(turn))
    return turn.run(turn, [Call("activity.log", {**named, "kind": "message", "text": said})])
