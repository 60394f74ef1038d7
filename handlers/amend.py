"""``no, 4 lakh``, ``make it 5:30``, ``wednesday``: a value for what was just spoken of."""

from __future__ import annotations

from typing import TypeVar

from handlers import before
from handlers.labels import find
from handlers.pipeline import stage_names
from handlers.reply import Call
from handlers.turn import Turn
from language.alone import alone
from language.folding import fold
from language.labels import usual_label
from language.values import read_amount, read_due, read_stage
from rules.calendar import Due
from storage import queries
from storage.models import Deal, Task

Work = TypeVar("Work", Deal, Task)

LONGEST = 5
"""Words of a value at most; more are another message."""

OUTCOMES = {"win": "deal.win", "lose": "deal.lose"}

LEAST_SUM = 100
"""Less is an hour or a count, not what a deal is worth."""


def amended(turn: Turn) -> Call | None:
    """The call that puts another sum or time in the place of the last; None if none was said.

    In a group only what is the member's own: who was answered last there may be somebody else.
    """
    if not turn.overheard and (why := _why(turn)):
        return why
    kind = None if turn.overheard else alone(turn.said, stage_names(turn))
    if kind in OUTCOMES or kind == "stage":
        return _moved(turn, kind)
    rest = _value_said(turn) or (turn.said if kind else "")
    deal, task = _own(turn, Deal), _own(turn, Task)
    if not rest:
        return None
    if deal:
        found = read_amount(rest, deal.amount.currency if deal.amount else turn.currency)
        if found and found[0] >= LEAST_SUM:
            sum_said = {"amount": str(found[0]), "currency": found[1]}
            return Call("deal.update", {"deal": deal.id, **sum_said})
    due = _due_said(turn, task, rest) if task else None
    return Call("task.snooze", {"task": task.id, "due": due}) if task and due else None


def _why(turn: Turn) -> Call | None:
    """A few words that are a reason, where a deal has just ended without one."""
    deal = _own(turn, Deal)
    if deal is None or deal.is_open or deal.reason or len(turn.said.split()) > LONGEST:
        return None
    kind = "won" if deal.status == "won" else "lost"
    known = find(turn, kind, turn.said) or usual_label(kind, turn.said)
    return Call("deal.reason", {"deal": deal.id, "text": turn.said}) if known else None


def _moved(turn: Turn, kind: str) -> Call | None:
    """A stage or an outcome alone is where the deal spoken of stands now."""
    if not before.deals(turn):
        return None
    if kind in OUTCOMES:
        return Call(OUTCOMES[kind], {})
    return Call("deal.move", {"stage": read_stage(turn.said, stage_names(turn))})


def _own(turn: Turn, kind: type[Work]) -> Work | None:
    """The deal or task spoken of last, if it is this member's."""
    number = turn.in_focus(kind.__tablename__)
    row = queries.get(turn.session, kind, turn.workspace.id, number) if number else None
    return row if row and row.owner_id == turn.member.id else None


def _value_said(turn: Turn) -> str:
    """What stands after words such as "no" and "make it"; nothing where none of them leads."""
    text = " ".join(fold(turn.said).replace(",", " ").replace("،", " ").split())
    cues = sorted(turn.voice.words["amend_words"]["all"], key=len, reverse=True)
    rest = text
    while cue := next((each for each in cues if rest.startswith(f"{fold(each)} ")), None):
        rest = rest.removeprefix(fold(cue)).strip()
    return rest if rest != text and len(rest.split()) <= LONGEST else ""


def _due_said(turn: Turn, task: Task, rest: str) -> str | None:
    """A time alone keeps the task's day."""
    said = read_due(rest, turn.local)
    if said is None or task.due is None:
        return said
    try:
        due = Due.parse(said)
    except ValueError:
        return None
    day_said = any(word in turn.voice.words["today_words"]["all"] for word in rest.split())
    alone = due.at is not None and due.day == turn.today and not day_said
    return str(Due(task.due.day, due.at)) if alone else said
