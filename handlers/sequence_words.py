"""What a message says of sequences, where what it names is one; and how steps are told back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers.audience import Audience, audience_said
from handlers.consent import said
from handlers.pipeline import stages
from handlers.reply import Call
from handlers.segment_kept import visible
from handlers.segment_reading import read
from handlers.segment_words import described
from handlers.turn import Turn
from language.action import Action
from language.campaigning import speaks_of_many
from language.folding import fold
from language.segments.asking import may_describe
from language.sequencing import readings
from language.voice import one_line
from rules.segments import Misread, parse, printed
from rules.sequences import IF_NO_ANSWER, IF_NO_PURCHASE, Step
from rules.touches import CHANNELS
from storage.models import MessageTemplate, Sequence
from storage.sequences import any_running, sequences_of

LONGEST_NAME = 60


def sequence_wished(turn: Turn, text: str) -> list[Call]:
    """The first reading of which the sequence is known, else one that says it means a sequence;
    a call for each customer where several are named."""
    wish = _wished(turn, text)
    names = _NAMES.split(str(wish.slots.get("contact") or "")) if wish else []
    if wish is None or not 1 < len(names) <= MOST_NAMED:
        return [wish] if wish else []
    return [wish.with_slots(contact=name.strip()) for name in names if name.strip()]


_NAMES = re.compile(r"\s*(?:[,،]|\b(?:and|aur)\b|(?<!\S)اور(?!\S))\s*", re.IGNORECASE)

MOST_NAMED = 8
"""Customers named in one message."""


def _wished(turn: Turn, text: str) -> Call | None:
    rows: list[Sequence] | None = None
    unknown: Action | None = None
    for action, is_named in readings(text):
        if action.intent == "sequence.list":
            return Call(action.intent)
        if action.intent == "sequence.take_over":
            if any_running(turn.session, turn.workspace.id):
                return Call(action.intent, _whom(action))
            continue
        if action.intent == "sequence.add":
            if is_named:
                return Call(action.intent, action.slots)
            continue
        rows = sequences_of(turn.session, turn.workspace.id) if rows is None else rows
        if row := called(rows, str(action.slots.get("name") or "")):
            return _call(turn, action, row)
        unknown = unknown or (action if is_named else None)
    return Call(unknown.intent, {**unknown.slots, **_whom(unknown)}) if unknown else None


def called(rows: Iterable[Sequence], name: str) -> Sequence | None:
    """The sequence of that name."""
    key = fold(one_line(name, LONGEST_NAME))
    return next((row for row in rows if row.name_key == key), None)


def _call(turn: Turn, action: Action, row: Sequence) -> Call:
    slots = {name: value for name, value in action.slots.items() if name not in ("name", "who")}
    whom = str(action.slots.get("who") or "")
    place = str(action.slots.get("stage") or "")
    if place and any(each.name_key == fold(place)[:80] for each in visible(turn)):
        intent = {"sequence.when": "sequence.when_in", "sequence.never": "sequence.never_in"}
        if action.intent in intent and not is_stage(turn, place):
            return Call(intent[action.intent], {"sequence": row.id, "segment": place})
    if action.intent == "sequence.start" and whom:
        audience = whom_said(turn, whom)
        if audience or speaks_of_many(whom):
            query = audience.query if audience else None
            told = audience.told if audience else whom
            return Call("sequence.many", {"sequence": row.id, "query": query, "told": told})
    if action.intent == "sequence.leave" and speaks_of_many(whom):
        return Call("sequence.stop", {"sequence": row.id})
    return Call(action.intent, {**slots, **_whom(action), "sequence": row.id})


def is_stage(turn: Turn, said: str) -> bool:
    """Whether a stage of the pipeline is called so."""
    key = fold(said)
    return any(key in {each.key, fold(each.name or each.usual or "")} for each in stages(turn))


def whom_said(turn: Turn, text: str) -> Audience | None:
    """Many of whom something is said: as for a campaign, or as a segment is described."""
    if found := audience_said(turn, text):
        return found
    if not (speaks_of_many(text) or may_describe(text)):
        return None
    told = read(turn, text)
    return Audience(printed(told.node), text) if told.whole and told.node is not None else None


def _whom(action: Action) -> dict[str, object]:
    who = action.slots.get("who")
    return {"contact": who} if who else {}


# --- told back ------------------------------------------------------------------------------------


def bare(turn: Turn, key: str, **values: object) -> str:
    """Words that stand within a line."""
    return turn.piece(key, **values)


def wait_said(turn: Turn, step: Step) -> str:
    minutes = round(step.wait.total_seconds() / 60)
    if not minutes:
        return bare(turn, "wait_none")
    for unit, size in (("days", 1440), ("hours", 60), ("minutes", 1)):
        if minutes % size == 0:
            return bare(turn, f"wait_{unit}", n=minutes // size)
    return ""


def step_said(turn: Turn, step: Step) -> str:
    """``After 3 days, if no answer: Offer (WhatsApp)``."""
    return turn.voice.told(
        bare(turn, "step_line", when=_when(turn, step), what=what_said(turn, step))
    )


def _when(turn: Turn, step: Step) -> str:
    when = wait_said(turn, step)
    if step.only in (IF_NO_ANSWER, IF_NO_PURCHASE):
        return bare(turn, f"step_if_{step.only}", when=when)
    if step.only:
        try:
            whom = described(turn, parse(step.only))
        except Misread:
            whom = step.only
        return bare(turn, "step_only", when=when, whom=turn.voice.apart(whom))
    return when


def what_said(turn: Turn, step: Step) -> str:
    """A text by its name and ways, or a task."""
    if step.kind == "task":
        return bare(turn, "step_task", text=turn.voice.apart(step.text or ""))
    template = turn.session.get(MessageTemplate, (turn.workspace.id, step.template or 0))
    name = turn.voice.apart(template.name if template else "—")
    if template is not None and not template.active:
        return bare(turn, "step_text_gone", name=name)
    if set(step.ways) == set(CHANNELS):
        return name
    return bare(turn, "step_message", name=name, ways=[said(turn, way) for way in step.ways])
