"""Questions that the bot asks: kept as rows, answered by a tap or in words, never in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from handlers.reply import Button, Call, Line, Reply
from handlers.turn import Ask, Turn
from handlers.who import called
from language import values
from language.folding import fold
from language.voice import plain
from rules.pipeline import STAGES
from storage.models import Company, Contact, Pending


def ask(turn: Turn, question: Ask, calls: list[Call]) -> Reply:
    """Keep the question with what waits for it, and word it with its choices as buttons."""
    pending = waiting(turn)
    if pending is None:
        pending = Pending(
            workspace_id=turn.workspace.id, chat_id=turn.chat.id, member_id=turn.member.id
        )
        turn.session.add(pending)
    pending.calls = [{"intent": call.intent, "slots": call.slots} for call in calls]
    pending.slot = question.slot
    pending.kind = question.kind
    pending.choices = [{"label": c.label, "slots": c.slots} for c in question.choices]
    pending.asked_at = turn.now
    turn.session.flush()
    asked = pending.asked_at.isoformat()
    buttons = [
        Button(choice.label, Call("answer", {"asked": asked, "pick": number}))
        for number, choice in enumerate(question.choices)
    ]
    buttons.append(
        Button(turn.say("never_mind_button"), Call("answer", {"asked": asked, "pick": -1}))
    )
    return Reply((Line(turn.say(question.key, **question.values)),), tuple(buttons))


def waiting(turn: Turn) -> Pending | None:
    """The question that this member was asked in this chat and has not answered."""
    return turn.session.scalars(
        select(Pending).where(
            Pending.workspace_id == turn.workspace.id,
            Pending.chat_id == turn.chat.id,
            Pending.member_id == turn.member.id,
        )
    ).first()


def tapped(turn: Turn, asked: str, pick: int) -> list[Call] | None:
    """What goes on after a choice was tapped; None if that question is no longer open."""
    pending = waiting(turn)
    if pending is None or pending.asked_at != datetime.fromisoformat(asked):
        return None
    slots = pending.choices[pick]["slots"] if pick >= 0 else None
    return _go_on(turn, pending, slots)


def typed(turn: Turn, text: str, reading: list[Call]) -> list[Call] | None:
    """What goes on if the text answers the open question; None if it speaks of something else."""
    pending = waiting(turn)
    if pending is None:
        return None
    text = plain(text).strip()
    key = fold(text).strip(" .!?")
    if key in turn.voice.words["never_mind_words"]["all"]:
        return _go_on(turn, pending, None)
    picked = _picked(pending, key, turn.voice.words["small_words"]["all"])
    if picked is None:
        picked = _value(turn, pending, text, reading)
    return None if picked is None else _go_on(turn, pending, picked)


def _go_on(turn: Turn, pending: Pending, slots: dict[str, Any] | None) -> list[Call]:
    """The calls that waited, the first completed; without slots that first one is dropped."""
    calls = [Call(each["intent"], each["slots"]) for each in pending.calls]
    turn.session.delete(pending)
    turn.session.flush()
    if slots is None:
        return [Call("dropped"), *calls[1:]]
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


def _picked(pending: Pending, key: str, small: list[str]) -> dict[str, Any] | None:
    """A choice by its number, or by words that only its label has."""
    choices = pending.choices
    if key.isdecimal() and len(key) < 3 and 1 <= int(key) <= len(choices):
        slots: dict[str, Any] = choices[int(key) - 1]["slots"]
        return slots
    said = key.replace("@", " ").replace(",", " ").split()
    words = {word for word in said if word not in small} or set(said)
    if not words or len(said) > LONGEST_PICK:
        return None
    fits = [
        c
        for c in choices
        if words <= set(fold(c["label"]).replace("@", " ").replace(",", " ").split())
    ]
    exact = [c for c in choices if fold(c["label"]) == key]
    fits = exact or fits
    return fits[0]["slots"] if len(fits) == 1 else None


def _value(turn: Turn, pending: Pending, text: str, reading: list[Call]) -> dict[str, Any] | None:
    meant = {call.intent for call in reading} - {"none", pending.calls[0]["intent"]}
    if pending.kind in FREE_KINDS and _is_bare_name(text, reading):
        meant = set()
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


def _due(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_due(text, turn.local)
    return {slot: found} if found else None


def _stage(_turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_stage(text, STAGES)
    return {slot: found} if found else None


def _phone(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    found = values.read_phone(text, turn.workspace.region)
    return {slot: found} if found else None


def _name(_turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    """A few words; more are no name."""
    return {slot: text} if 0 < len(text.split()) <= LONGEST_NAME else None


def _somebody(turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    """A name that somebody has."""
    people, companies = called(turn, Contact, text), called(turn, Company, text)
    return {slot: text} if people or companies else None


def _as_said(_turn: Turn, slot: str, text: str) -> dict[str, Any] | None:
    return {slot: text} if text else None


LONGEST_PICK = 8
"""Words at most that point at a choice: "the one from Bata"."""

LONGEST_NAME = 5
"""Words of a name at most."""

FREE_KINDS = {"name", "who", "text", "field"}
"""Questions that any words may answer, so a message that says something else is let pass."""

READERS: dict[str, Callable[[Turn, str, str], dict[str, Any] | None]] = {
    "amount": _amount,
    "due": _due,
    "close": _due,
    "stage": _stage,
    "phone": _phone,
    "name": _name,
    "who": _somebody,
    "text": _as_said,
    "field": _as_said,
}
"""How a typed answer is read, by the kind of question."""
