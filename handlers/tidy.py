"""Tidying up: who lacks something or looks wrong, a tap each; and a figure to watch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from handlers.activities import write
from handlers.book import Chapter
from handlers.contacts import put
from handlers.reply import Button, Call, Fields, Items, Line, Part, Reply, Title
from handlers.turn import Ask, Sorry, Turn
from handlers.who import Who
from language.voice import RLM
from rules import quality
from rules.quality import Fault, Known
from storage.models import Contact
from storage.quality import Counts, counts, put_off, worth_a_look
from storage.queries import members

chapter = Chapter(__name__)

AT_ONCE = 5
"""People in one answer."""

MENDS = 2
"""Buttons for each of them."""

ASKED_AS = {"phone": "phone", "email": "email"}
"""How an answer is read; any other field takes a few words."""


@chapter.command("tidy.show")
def show(turn: Turn, owner: str | None = None) -> Reply:
    """The five who matter most and are not in order, and how good the whole is."""
    mine = owner == "me"
    people = list(islice(_untidy(turn, mine=mine), AT_ONCE))
    parts: list[Part] = [Title(turn.say("tidy_title")), *_figures(turn)]
    if not people:
        return Reply((*parts, Line(turn.say("all_tidy"))))
    lines: list[str] = []
    buttons: list[Button] = []
    for number, (person, touched_at, found) in enumerate(people, 1):
        lines.append(_line(turn, person, touched_at, found))
        worst = quality.worst(found, MENDS)
        buttons += [_mend(turn, number, person, fault) for fault in worst]
    ids = [person.id for person, _, _ in people]
    buttons.append(turn.button("not_now_button", "tidy.later", contacts=ids, owner=owner))
    parts += [Line(turn.say("to_tidy", n=len(people))), Items(tuple(lines), numbered=True)]
    return Reply(tuple(parts), tuple(buttons))


def _untidy(turn: Turn, *, mine: bool) -> Iterator[tuple[Contact, datetime, list[Fault]]]:
    here = (turn.session, turn.member, turn.now, turn.currency)
    for person, touched_at in worth_a_look(*here, mine=mine):
        found = quality.faults(_known(person, touched_at), turn.now)
        if found:
            yield person, touched_at, found


def _known(person: Contact, touched_at: datetime) -> Known:
    return Known(
        phones=tuple(person.phones),
        emails=tuple(person.emails),
        company=person.company_id is not None,
        city=bool(person.city),
        title=bool(person.title),
        touched_at=touched_at,
    )


def _figures(turn: Turn) -> list[Line]:
    """For the team, and beside it for the member where both differ."""
    team = _counts(turn, None)
    alone = len(members(turn.session, turn.workspace.id)) < 2
    mine = team if alone else _counts(turn, turn.member.id)
    if not mine.total or mine.total == team.total:
        return [Line(_figure(turn, "quality_is", team))]
    return [Line(_figure(turn, "quality_team", team)), Line(_figure(turn, "quality_mine", mine))]


def _counts(turn: Turn, owner: int | None) -> Counts:
    old = turn.now - quality.STALE
    space = turn.workspace.id
    return counts(turn.session, space, old, quality.is_right, quality.scaled, owner)


def _figure(turn: Turn, key: str, found: Counts) -> str:
    share = quality.completeness(found.having, found.total)
    wrong = found.wrong if found.sure else _bare(turn.say("about", n=found.wrong))
    said = {"stale": found.stale, "wrong": wrong, "total": found.total, "n": found.total}
    return turn.say(key, percent=f"{int(share * 100)}%", **said)


def _line(turn: Turn, person: Contact, touched_at: datetime, found: list[Fault]) -> str:
    """``Sara Malik @ Nishat Mills: no phone, no city; nothing heard since 3 May``."""
    said = [
        turn.say(f"fault_wrong_{fault.field}", value=fault.value)
        for fault in found
        if fault.kind == "wrong"
    ]
    if any(fault.kind == "stale" for fault in found):
        local = touched_at.astimezone(turn.local.tzinfo).date()
        said.append(turn.say("fault_stale", day=local))
    lacks = [turn.say(f"lacking_{fault.field}") for fault in found if fault.kind == "lacks"]
    if lacks:
        said.append(turn.say("fault_lacks", what=[*map(_bare, lacks)]))
    what = turn.voice.beside(*map(_bare, said))
    return turn.voice.told(f"{turn.voice.apart(person.full_name)}: {_bare(what)}")


def _bare(said: str) -> str:
    """What was said, to stand within a line that says its direction itself."""
    return said.lstrip(RLM)


def _mend(turn: Turn, number: int, person: Contact, fault: Fault) -> Button:
    contact = person.id
    if fault.kind == "wrong":
        key = f"drop_{fault.field}_button"
        call = Call("tidy.drop", {"contact": contact, "value": fault.value})
    elif fault.kind == "stale":
        key = "still_at_button" if person.company else "still_right_button"
        call = Call("tidy.still", {"contact": contact})
    else:
        key = f"add_{fault.field}_button"
        call = Call("tidy.add", {"contact": contact, "field": fault.field})
    company = person.company.name if person.company else ""
    return Button(turn.say("numbered_button", n=number, name=turn.say(key, name=company)), call)


@chapter.command("tidy.add")
def add(turn: Turn, who: Who, call: Call) -> Reply:
    """What lacked, after one question."""
    field = str(call.slots.get("field"))
    value = call.slots.get("value")
    if field not in quality.WORTH:
        raise Sorry("gone")
    if not value:
        kind = ASKED_AS.get(field, "field")
        label = _bare(turn.say(f"lacking_{field}"))
        raise Ask("ask_missing", "value", kind=kind, name=who.name, what=label)
    changed = put(turn, who, {field: str(value)})
    return _mended(turn, who, tuple(changed))


@chapter.command("tidy.drop")
def drop(turn: Turn, who: Who, value: str) -> Reply:
    """A number or address that cannot be right is taken out."""
    if who.contact is None:
        raise Sorry("gone")
    point = next((each for each in who.contact.points if each.value == value), None)
    if point is None:
        raise Sorry("gone")
    label = turn.say(f"field_{point.kind}")
    who.contact.points.remove(point)
    turn.session.flush()
    again = turn.button(f"add_{point.kind}_button", "tidy.add", contact=who.contact.id,
                        field=point.kind)  # fmt: skip
    return _mended(turn, who, ((label, turn.say("was_dropped", value=value)),), again)


@chapter.command("tidy.still")
def still(turn: Turn, who: Who) -> Reply:
    """It was looked at and is right: a touch like any other."""
    write(turn, who, "note", _bare(turn.say("still_right_note")))
    turn.session.flush()
    return _mended(turn, who, ())


@chapter.command("tidy.later")
def later(turn: Turn, contacts: list[int] | None = None, owner: str | None = None) -> Reply:
    """Not these now; the next ones."""
    put_off(turn.session, turn.member, contacts or (), turn.now)
    return show(turn, owner)


def _mended(turn: Turn, who: Who, changed: tuple[tuple[str, str], ...], *more: Button) -> Reply:
    turn.focus(**who.ids)
    title = Title(turn.say("tidied", name=who.name))
    onward = turn.button("tidy_on_button", "tidy.show")
    fields = (Fields(changed),) if changed else ()
    return Reply((title, *fields), (turn.undo(), *more, onward))
