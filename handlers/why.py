"""How a message was read, in words: kept with its turn, told by /why or by "why?"."""

from __future__ import annotations

from typing import Any

from handlers.book import Chapter
from handlers.questions import waiting
from handlers.reading import Reading
from handlers.reply import Call, Fields, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.wording import DETAILS, called, told_of
from language import doubt
from language.action import Action
from storage import turns
from storage.models import Turn as TurnRow

chapter = Chapter(__name__)

SURE = 0.85
"""From here on a reading is called sure; below what is asked about, it was a guess."""

LONGEST = 80
"""Letters of what was said that are repeated."""

HIDDEN = ("currency", "kind", "clock")
"""Slots that another line says already."""


def remember(turn: Turn, reading: Reading) -> None:
    """Keep with the turn how its words were read, so that it can be told what was thought then."""
    if any(action.intent == "why" for action in reading.actions):
        return
    actions = [_told(each, reading.text) for each in reading.actions if each.intent != "none"]
    turn.note(actions=actions, message=turn.message)


def _told(action: Action, text: str) -> dict[str, Any]:
    words = {
        slot: " … ".join(text[start:end] for start, end in spans)
        for slot, spans in sorted(action.spans.items())
    }
    told = {
        "intent": action.intent,
        "slots": action.slots,
        "words": words,
        "assumed": action.assumed,
        "doubts": list(action.doubts),
        "confidence": round(action.confidence, 2),
    }
    return {name: value for name, value in told.items() if value not in ({}, [], 1.0)}


@chapter.command("why")
def why(turn: Turn) -> Reply:
    """How the message behind the last answer here was read, or behind the one replied to."""
    row = _meant(turn)
    if row is None:
        raise Sorry("nothing_to_explain", (turn.button("help_button", "help"),))
    first = first_of(turn, row)
    told = first.reading or {}
    parts: list[Part] = [Title(turn.say("why_title", said=_short(first.said or "")))]
    actions = told.get("actions", [])
    for number, action in enumerate(actions, 1):
        parts += _explained(turn, action, number if len(actions) > 1 else 0)
    if not actions:
        question = waiting(turn)
        asked = "answer" in (row.reading or {}) or (question and question.turn_id == row.id)
        parts.append(Line(turn.say("why_several" if asked else "why_nothing")))
    parts += [Line(line, quiet=True) for line in _beside(turn, row, told)]
    return Reply(tuple(parts))


def _explained(turn: Turn, action: dict[str, Any], number: int) -> list[Part]:
    """One action: what it is called, each value with the words it came from, and how sure."""
    slots = action.get("slots", {})
    name = called(turn, Call(action["intent"], slots))
    head = turn.say("why_numbered", n=number, what=turn.voice.told(name)) if number else name
    rows = tuple(
        (_label(turn, action["intent"], slots, slot), _from(turn, action, slot))
        for slot in sorted(slots, key=_place)
        if slot not in HIDDEN and _label(turn, action["intent"], slots, slot)
    )
    fields = (Fields(rows),) if rows else ()
    return [Line(head), *fields, Line(_sureness(turn, action), quiet=True)]


def _place(slot: str) -> tuple[int, str]:
    """Where a slot stands among the others; a database keeps no order."""
    return (DETAILS.index(slot) if slot in DETAILS else len(DETAILS), slot)


def _label(turn: Turn, intent: str, slots: dict[str, Any], slot: str) -> str:
    """What a slot is called; a setting's value by the setting. Empty where it has no name."""
    if intent == "settings.set":
        slot = str(slots["name"]) if slot == "value" else ""
    return turn.say(f"field_{slot}") if f"field_{slot}" in turn.voice.words else ""


def _from(turn: Turn, action: dict[str, Any], slot: str) -> str:
    """``Friday 27 Nov ← “jumme ko” (still to come, as it is to be done)``."""
    slots, words, assumed = (action.get(part, {}) for part in ("slots", "words", "assumed"))
    value = told_of(turn, slot, slots)
    if slot in words and words[slot] != slots[slot]:
        value = turn.say("why_from", value=turn.voice.told(value), words=words[slot])
    why_so = assumed.get("currency" if slot == "amount" else slot)
    if why_so is None:
        return value
    because = turn.say(f"assumed_{why_so}", currency=slots.get("currency", ""))
    told = turn.voice.told
    return turn.say("why_assumed", value=told(value), because=told(because))


def _sureness(turn: Turn, action: dict[str, Any]) -> str:
    confidence = action.get("confidence", 1.0)
    fairly = "guess" if doubt.to_be_asked(confidence) else "fairly"
    how = "sure" if confidence >= SURE else fairly
    doubts = [turn.voice.told(turn.say(f"doubt_{name}")) for name in action.get("doubts", [])]
    line = turn.say(f"why_{how}")
    if not doubts:
        return line
    return turn.say("why_because", how=turn.voice.told(line), doubts=doubts)


def _beside(turn: Turn, row: TurnRow, told: dict[str, Any]) -> list[str]:
    """What was taken from the talk before it, and what was chosen when it was asked."""
    took = [*told.get("took", []), *((row.reading or {}).get("took", []))]
    lines = [turn.say(f"took_{why}", name=name) for why, name in dict.fromkeys(map(tuple, took))]
    answer = (row.reading or {}).get("answer")
    return [*lines, turn.say("why_chosen", label=answer)] if answer else lines


# Which turn is meant


def _meant(turn: Turn) -> TurnRow | None:
    """The turn behind the message replied to; else the member's last here, or in this place."""
    here, around = [turn.chat.id], turns.chats_of_place(turn.session, turn.chat)
    if turn.replies_to not in ("", turn.thread):  # in a topic all reply to its first message
        return _of_message(turn, around, turn.replies_to)
    last = turns.last_reading(turn.session, turn.member, here, turn.id)
    if last is None and turn.thread:
        last = _of_message(turn, around, turn.thread)
    return last or turns.last_reading(turn.session, turn.member, around, turn.id)


def _of_message(turn: Turn, chats: list[int], message: str) -> TurnRow | None:
    """The turn that a message began, or that it answered."""
    found = turns.turn_told_by(turn.session, turn.chat, chats, message)
    return found or turns.turn_begun_by(turn.session, turn.chat, chats, message)


def first_of(turn: Turn, row: TurnRow) -> TurnRow:
    """The turn whose words were acted on, where this one answered a question about them."""
    origin = (row.reading or {}).get("from")
    return (origin and turn.session.get(TurnRow, (turn.workspace.id, origin))) or row


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
