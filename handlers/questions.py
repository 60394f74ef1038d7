"""Questions that the bot asks: kept as rows, answered by a tap or in words, never in the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from handlers.colleagues import is_called
from handlers.focus import LASTS
from handlers.pipeline import pipeline_names, stage_names
from handlers.reply import Button, Call, Line, Reply
from handlers.turn import Ask, Turn
from handlers.who import called
from language import values
from language.agreed.message import Message
from language.folding import fold
from language.own_names import named
from language.sheet import lay_out
from language.voice import plain
from storage import queries
from storage.asking import asked
from storage.fetching import fetched
from storage.models import Company, Contact, Pending


def ask(turn: Turn, question: Ask, calls: list[Call]) -> Reply:
    """Keep the question with what waits for it, and word it with its choices as buttons."""
    pending = waiting(turn)
    if pending is None:
        pending = Pending(
            workspace_id=turn.workspace.id, chat_id=turn.chat.id, member_id=turn.member.id
        )
        turn.session.add(pending)
    pending.calls = [_kept(call) for call in calls]
    pending.slot = question.slot
    pending.kind = question.kind
    pending.choices = [
        {
            "label": c.label,
            "slots": c.slots,
            "calls": [_kept(call) for call in c.calls],
            "also": c.also,
        }
        for c in question.choices
    ]
    pending.asked_at = turn.now
    pending.turn_id = turn.origin or turn.id
    turn.session.flush()
    for row in question.shows:
        turn.shows(row)
    asked = pending.asked_at.isoformat()
    buttons = [
        Button(choice.label, Call("answer", {"asked": asked, "pick": number}))
        for number, choice in enumerate(question.choices)
    ]
    buttons.append(
        Button(turn.say("never_mind_button"), Call("answer", {"asked": asked, "pick": -1}))
    )
    return Reply((Line(turn.say(question.key, **question.values)),), tuple(buttons))


def _kept(call: Call) -> dict[str, Any]:
    return {"intent": call.intent, "slots": call.slots}


def waiting(turn: Turn) -> Pending | None:
    """The question that this member was asked in this chat and has not answered."""
    space, here = turn.workspace.id, {"chat": turn.chat.id, "member": turn.member.id}
    number = asked(turn.session, _WAITING, {"space": space, **here}).scalar()
    return next(iter(fetched(turn.session, Pending, space, [number] if number else [])), None)


_pending: Any = Pending.__table__
_WAITING = select(_pending.c.id).where(
    _pending.c.workspace_id == bindparam("space"),
    _pending.c.chat_id == bindparam("chat"),
    _pending.c.member_id == bindparam("member"),
)


def tapped(turn: Turn, asked: str, pick: int) -> list[Call] | None:
    """What goes on after a choice was tapped; None if that question is no longer open."""
    pending = waiting(turn)
    if pending is None or pending.asked_at != datetime.fromisoformat(asked):
        return None
    picked = pending.choices[pick] if pick >= 0 else None
    return _go_on(turn, pending, picked, picked["label"] if picked else "")


def typed(turn: Turn, text: str, reading: list[Call]) -> list[Call] | None:
    """What goes on if the text answers the open question; None if it speaks of something else.

    An answer in words comes soon; what is said long after is a message of its own.
    """
    pending = waiting(turn)
    if pending is None or turn.now - pending.asked_at > LASTS:
        return None
    text = plain(text).strip()
    key = fold(text).strip(" .!?")
    if key in turn.voice.words["never_mind_words"]["all"]:
        return _go_on(turn, pending, None, text)
    picked = _picked(turn, pending, key)
    if picked is None:
        value = _value(turn, pending, text, reading)
        picked = {"slots": value} if value is not None else None
    if picked is None:
        return None
    return _go_on(turn, pending, picked, picked.get("label", text))


def _go_on(turn: Turn, pending: Pending, picked: dict[str, Any] | None, answer: str) -> list[Call]:
    """The calls that waited, the first completed or replaced by what was picked; without a pick
    that first one is dropped. The words of then are what is acted on."""
    calls = [Call(each["intent"], each["slots"]) for each in pending.calls]
    turn.goes_on_with(pending.turn_id, answer[:200])
    turn.asked_at, turn.drawn = pending.asked_at, 0
    turn.session.delete(pending)
    turn.session.flush()
    if picked is None:
        return [Call("dropped"), *calls[1:]]
    if picked.get("calls"):
        return [*(Call(each["intent"], each["slots"]) for each in picked["calls"]), *calls[1:]]
    slots = picked["slots"]
    first = calls[0].with_slots(**slots)
    who: dict[str, Any] = {
        name: first.slots.get(name) for name in ("contact", "company") if name in slots
    }
    return [first, *(_carried(calls[0], call, who) for call in calls[1:])]


def _carried(first: Call, later: Call, who: dict[str, Any]) -> Call:
    """What was said of the same name later in the message means the same person."""
    said = ("contact", "company")
    if who and all(first.slots.get(name) == later.slots.get(name) for name in said):
        return later.with_slots(**who)
    return later


def _picked(turn: Turn, pending: Pending, key: str) -> dict[str, Any] | None:
    """A choice by its number, or by words that only its label has."""
    choices = pending.choices
    small = turn.voice.words["small_words"]["all"]
    said = key.replace("@", " ").replace(",", " ").split()
    words = {word for word in said if word not in small} or set(said)
    number = int(key) if key.isdecimal() and len(key) < 3 else _ordinal(turn, words)
    if 1 <= number <= len(choices):
        chosen: dict[str, Any] = choices[number - 1]
        return chosen
    if not words or len(said) > LONGEST_PICK:
        return None
    fits = [c for c in choices if words <= _words_of(f"{c['label']} {c.get('also', '')}")]
    exact = [c for c in choices if fold(c["label"]) == key]
    fits = exact or fits
    return fits[0] if len(fits) == 1 else None


def _words_of(label: str) -> set[str]:
    signs = str.maketrans(dict.fromkeys("@,:،؛", " "))
    return set(fold(plain(label)).translate(signs).split())


def _ordinal(turn: Turn, words: set[str]) -> int:
    """Which one "the first" or "doosra wala" is; 0 for any other words."""
    counted = turn.voice.words["count_words"]["all"]
    fits = (n for n, said in enumerate(counted, 1) if words and words <= set(said.split()))
    return next(fits, 0)


def _value(turn: Turn, pending: Pending, text: str, reading: list[Call]) -> dict[str, Any] | None:
    if pending.kind in SHAPES:
        return {pending.slot: text.strip()} if SHAPES[pending.kind].fullmatch(text) else None
    meant = {call.intent for call in reading} - {"none", pending.calls[0]["intent"]}
    if pending.kind in FREE_KINDS and _is_bare_name(text, reading):
        meant = set()
    if pending.kind in TOLD_ANEW and [call.intent for call in reading] == [
        pending.calls[0]["intent"]
    ]:
        return dict(reading[0].slots)
    if meant and (pending.kind in FREE_KINDS or len(text.split()) > 3):
        return None
    reader = READERS.get(pending.kind)
    return reader(turn, pending.slot, text.strip()) if reader else None


def _is_bare_name(text: str, reading: list[Call]) -> bool:
    """A name alone is read as a contact to show or to add: that is no other message."""
    slots = [call.slots for call in reading if call.intent in {"contact.add", "contact.show"}]
    return len(reading) == 1 and any(fold(text) == fold(str(v)) for s in slots for v in s.values())


def _amount(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_amount(text, turn.currency)
    return {slot: str(found[0]), "currency": found[1]} if found else None


def _rate(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    figures = Message(lay_out(text), turn.today).figures
    return {slot: str(figures[-1].value)} if figures else None


def _count(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    figures = Message(lay_out(text), turn.today).figures
    whole = [int(each.value) for each in figures if each.value == int(each.value)]
    return {slot: whole[0]} if len(whole) == 1 else None


def _hours(_turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_hours(text)
    return {slot: f"{found[0]:%H:%M}-{found[1]:%H:%M}"} if found else None


def _due(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_due(text, turn.local)
    return {slot: found} if found else None


def _stage(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_stage(text, stage_names(turn))
    return {slot: found} if found else None


def _pipeline(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = named(text, pipeline_names(turn))
    return {slot: found} if found else None


def _phone(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_phone(text, turn.workspace.region)
    return {slot: found} if found else None


def _email(_turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_email(text)
    return {slot: found} if found else None


def _name(_turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    """A few words that may be a name."""
    short = 0 < len(text.split()) <= LONGEST_NAME
    name = values.read_name(text) if short else None
    return {slot: name} if name else None


def _somebody(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    """A name that somebody has."""
    people, companies = called(turn, Contact, text), called(turn, Company, text)
    return {slot: text} if people or companies else None


def _colleague(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    """A name that one of the team has."""
    team = queries.members(turn.session, turn.workspace.id)
    return {slot: text} if any(is_called(each, text) for each in team) else None


def _as_said(_turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    return {slot: text} if text else None


LONGEST_PICK = 8
"""Words at most that point at a choice: "the one from Bata"."""

LONGEST_NAME = 5
"""Words of a name at most."""

FREE_KINDS = {"name", "who", "colleague", "text", "field"}
"""Questions that any words may answer, so a message that says something else is let pass."""

TOLD_ANEW = {"text", "colleague"}
"""Questions that are answered as well by saying the whole again."""

SHAPES = {
    "number": re.compile(r"[\s+()./0-9۰-۹٠-٩-]{5,40}"),
    "address": re.compile(r"\s*\S+@\S+\s*"),
    "words": re.compile(r".+", re.DOTALL),
}
"""Answers that are known by how they look, whatever else such a message may mean."""

READERS: dict[str, Callable[[Turn, str, str], dict[str, Any] | None]] = {
    "amount": _amount,
    "rate": _rate,
    "count": _count,
    "hours": _hours,
    "due": _due,
    "close": _due,
    "stage": _stage,
    "pipeline": _pipeline,
    "phone": _phone,
    "email": _email,
    "name": _name,
    "who": _somebody,
    "colleague": _colleague,
    "text": _as_said,
    "field": _as_said,
}
"""How a typed answer is read, by the kind of question."""
