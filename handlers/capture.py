"""A person who was read from a photo, a card or a message: shown field by field, put right by tap,
and kept when somebody says so."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from exchange.qr import payload
from exchange.records import Place
from exchange.refusing import Refused
from handlers.book import Chapter
from handlers.captured import LISTS, OWN, Record, Shown, lacking, put, record_of, shown, whole
from handlers.importing import waiting_file
from handlers.reply import Button, Call, Fields, Line, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.upload import Upload, unpacked
from language.voice import plain
from storage.models import WaitingFile

chapter = Chapter(__name__)

WRITTEN, ODD = "phones_as_written", "phones_odd"

FIXED = 12
"""Fields at most that have a button."""

ASKED = {"phones": "number", "emails": "address", "note": "words"}
"""How a typed value is told from another message, by the kind of field; else by its words."""


class Card(Protocol):
    """A contact card as a platform hands it over."""

    @property
    def name(self) -> str: ...
    @property
    def phones(self) -> tuple[str, ...]: ...
    @property
    def emails(self) -> tuple[str, ...]: ...
    @property
    def company(self) -> str: ...
    @property
    def vcard(self) -> str: ...


@chapter.command("capture.look")
def look(turn: Turn, record: Any, codes: list[Any] | None = None) -> Reply:
    """Somebody who was read, to be kept or not; ``codes`` hold what else was in the picture."""
    upload = Upload("", [whole(record)])
    row = WaitingFile(
        workspace_id=turn.workspace.id,
        member_id=turn.member.id,
        name="",
        records=upload.packed(),
        count=1,
        created_at=turn.now,
    )
    turn.session.add(row)
    turn.session.flush()
    drawn = _drawn(turn, row.id, whole(record))
    return Reply((*_held(turn, codes), *drawn.parts), drawn.buttons) if codes else drawn


@chapter.command("capture.fix")
def fix(turn: Turn, card: int, field: str, value: str | None = None) -> Reply:
    """One field: ask what it shall be, then put it."""
    row, record = _read(turn, card)
    about = _field(turn, record, field)
    if value is None:
        remove = Choice(turn.say("remove_field_button"), {"value": ""})
        raise Ask(
            "ask_field" if about.value else "ask_empty_field",
            "value",
            kind=ASKED.get(field.partition(":")[0], "field"),
            choices=(remove,) if about.value else (),
            name=about.label,
            now=about.value,
        )
    record = put(turn, record, field, value)
    row.records = Upload("", [record]).packed()
    return _drawn(turn, row.id, record)


@chapter.command("capture.save")
def save(turn: Turn, card: int) -> Reply:
    """Keep the person as they stand on the card."""
    row, record = _read(turn, card)
    row.taken_by, row.records = turn.id, b""
    return turn.run(turn, [Call("contact.add", _slots(record))])


@chapter.command("capture.drop")
def drop(turn: Turn, card: int) -> Reply:
    """Let the card go."""
    row, _ = _read(turn, card)
    row.taken_by, row.records = turn.id, b""
    return Reply((Line(turn.say("card_let_go")),), replaces=True)


@chapter.command("capture.holds")
def holds(turn: Turn, codes: Any) -> Reply:
    """What codes hold that tell of nobody, and what can be done."""
    nobody = Line(turn.say("holds_nobody"), quiet=True)
    return Reply((*_held(turn, codes), nobody))


def _held(turn: Turn, codes: list[Mapping[str, str]]) -> list[Part]:
    return [Line(turn.say(f"holds_{each['what']}", text=plain(each["text"]))) for each in codes]


def _read(turn: Turn, number: int) -> tuple[WaitingFile, Record]:
    """A card that waits. Sorry where it was kept already, or let go."""
    row = waiting_file(turn, number, "card_gone")
    return row, unpacked(row.records)[0]


def _field(turn: Turn, record: Record, key: str) -> Shown:
    there = list(shown(turn, record))
    known = [*there, *lacking(turn, there)]
    found = next((each for each in known if each.key == key), None)
    if found is None:
        raise Sorry("gone")
    return found


def _drawn(turn: Turn, number: int, record: Record) -> Reply:
    there = list(shown(turn, record))
    parts: tuple[Part, ...] = (
        Title(turn.say("card_read")),
        Fields(tuple((each.label, each.value) for each in there)),
        Line(turn.say("card_waits"), quiet=True),
    )
    return Reply(
        parts,
        (
            turn.button("save_button", "capture.save", "primary", card=number),
            turn.button("cancel_button", "capture.drop", card=number),
            *(_fix(turn, number, each) for each in [*there, *lacking(turn, there)][:FIXED]),
        ),
    )


def _fix(turn: Turn, number: int, field: Shown) -> Button:
    key = "fix_button" if field.value else "fill_button"
    label = {"field": field.label}
    return turn.button(key, "capture.fix", label_values=label, card=number, field=field.key)


def _slots(record: Record) -> dict[str, Any]:
    """What is said of somebody who is added."""
    slots = {
        "contact": record.get("name"),
        **{key: record.get(key) for key in ("company", "title", "city", *LISTS, "tags")},
        "source": record.get("lead_source"),
        "text": record.get("note"),
        OWN: record.get("fields"),
        "passed_on": record.get("passed_on"),
    }
    return {name: value for name, value in slots.items() if value} | {"one_more": True}


def call_of_card(turn: Turn, card: Card) -> Call:
    """What a shared contact asks for: what its bubble shows, and what more its vCard knows."""
    record = record_of(turn, plain(card.name), card.phones, card.emails, plain(card.company))
    if card.vcard:
        with suppress(Refused):
            record = _joined(record, payload(card.vcard, turn.workspace.region, Place("", 1)))
    return Call("capture.look", {"record": record})


def _joined(shown: Record, known: Record) -> Record:
    """Of two records of one person the second, with the name of the first; each number once."""
    joined = {**known, **{key: value for key, value in shown.items() if value}}
    for key in LISTS:
        joined[key] = list(dict.fromkeys([*(shown.get(key) or ()), *(known.get(key) or ())]))
    for key in (WRITTEN, ODD):
        both = [*(shown.get(key) or ()), *(known.get(key) or ())]
        joined[key] = list(dict.fromkeys(both))
    return joined
