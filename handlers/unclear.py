"""What is unclear is asked: the likeliest readings as buttons, and nothing is written before."""

from __future__ import annotations

from typing import Any

from handlers.book import Chapter
from handlers.learning import is_on
from handlers.likely import MOST, doable, fitting, is_another_deal, is_known, is_only_named
from handlers.reading import Reading
from handlers.reply import Call, Reply
from handlers.turn import Ask, Choice, Turn
from handlers.who import said_names
from handlers.wording import labelled
from language import doubt
from language.action import Action

chapter = Chapter(__name__)

SETTLED = ("nobody",)
"""Doubts that the command itself asks about, or that the talk before it settles."""


def asked(turn: Turn, reading: Reading) -> list[Call]:
    """The calls of a message; in the place of each doubtful one, the question what was meant.

    Where the bot was not spoken to, a doubtful one is passed over.
    """
    calls: list[Call] = []
    for call, action in zip(reading.calls, reading.actions, strict=True):
        if turn.overheard and call.intent == "help":
            continue
        if call.intent == "none" and (likely := doable(turn, reading.rivals(action))):
            calls.append(_offered(turn, likely))
        elif not (_doubtful(turn, action) or _is_the_same_deal(turn, call, action)):
            calls.append(call)
        elif not turn.overheard:
            first = fitting(turn, call) or call
            others = doable(turn, reading.rivals(action))
            calls.append(question(turn, [first, *others][:MOST]))
    return calls or [Call("none")]


def _offered(turn: Turn, likely: list[Call]) -> Call:
    """What may be meant where nothing was read; a name and nothing else is shown at once."""
    if doubt.only_looks(likely[0].intent) and is_only_named(turn, likely[0]):
        return likely[0]
    return Call("none", {"likely": [[each.intent, each.slots] for each in likely]})


def question(turn: Turn, readings: list[Call], *, guessed: bool = False) -> Call:
    """The call that asks which of these was meant, or whether to keep the words as a note.

    ``guessed``: none of them was read, they are only possible.
    """
    if _stranger(readings):
        readings = readings[:2]
    notes = _as_notes(turn, readings)
    choices = [[reading.intent, reading.slots] for reading in [*readings, *notes]]
    return Call("unclear", {"choices": choices, "guessed": guessed})


def _as_notes(turn: Turn, readings: list[Call]) -> list[Call]:
    """The words as they stand, kept with whoever was named; unless that is offered anyway."""
    slots = {
        name: reading.slots[name]
        for reading in readings
        for name in ("company", "contact")
        if reading.slots.get(name)
    }
    slots |= {"kind": "note", "text": turn.said[:1000]}
    return [] if any(each.slots.get("kind") == "note" for each in readings) else [
        Call("activity.log", slots)
    ]  # fmt: skip


def _is_the_same_deal(turn: Turn, call: Call, action: Action) -> bool:
    """Whether "the deal is 5 lakh" may be of the deal spoken of, and not of another one."""
    alike = any(rival.intent == "deal.update" for rival in action.rivals)
    return alike and not said_names(call) and is_another_deal(turn, call)


def _doubtful(turn: Turn, action: Action) -> bool:
    """Whether to ask before it is done. What only looks is shown; it does no harm."""
    if action.intent == "none" or doubt.only_looks(action.intent):
        return False
    open_ = [name for name in action.doubts if name not in SETTLED]
    if "name" in open_ and is_known(turn, str(action.slots.get("contact", ""))):
        open_.remove("name")
    return doubt.to_be_asked(doubt.confidence_of(tuple(open_)))


@chapter.command("unclear")
def unclear(turn: Turn, choices: list[Any], guessed: bool | None = None) -> Reply:
    """Ask which of the readings was meant; the answer goes on with it."""
    readings = [Call(intent, slots) for intent, slots in choices]
    stranger = _stranger(readings)
    key = "who_is_new" if stranger else "did_you_mean"
    read = Call("none") if guessed else readings[0]
    offered = tuple(
        Choice(_label(turn, each, new=stranger is not None), {}, _then(turn, read, each))
        for each in readings
    )
    raise Ask(key, "choices", choices=offered, name=stranger or "")


def _then(turn: Turn, read: Call, meant: Call) -> tuple[Call, ...]:
    """What follows a choice: it is done, and learned from where that is wanted."""
    if meant == read or _keeps_words(turn, meant) or not is_on(turn):
        return (meant,)
    told = {"read": [read.intent, read.slots], "meant": [meant.intent, meant.slots]}
    return (Call("learn.choice", told), meant)


def _stranger(readings: list[Call]) -> str | None:
    """The name of which nothing is asked but whether it is a person's or a company's."""
    match [(each.intent, each.slots) for each in readings[:2]]:
        case [(first, {"contact": str(name), **rest}), (second, {"company": other})]:
            return name if first == second and name == other and "company" not in rest else None
        case _:
            return None


def _label(turn: Turn, reading: Call, *, new: bool) -> str:
    if _keeps_words(turn, reading):
        return turn.say("keep_as_note_button")
    if not new:
        return labelled(turn, reading)
    return turn.say("new_person_button" if reading.slots.get("contact") else "new_company_button")


def _keeps_words(turn: Turn, call: Call) -> bool:
    return call.slots.get("kind") == "note" and call.slots.get("text") == turn.said[:1000]
