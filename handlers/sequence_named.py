"""Which sequence is meant, and the buttons that lead to it."""

from __future__ import annotations

from handlers.reply import Button, Call
from handlers.sequence_words import called
from handlers.turn import Sorry, Turn
from storage.models import Sequence
from storage.sequences import sequences_of


def find(turn: Turn, sequence: int | None, name: str | None) -> Sequence:
    """The sequence that is meant. Sorry where there is none, with those that there are."""
    if sequence:
        row = turn.record(Sequence, sequence)
        if row.active:
            return row
    rows = sequences_of(turn.session, turn.workspace.id)
    if not rows:
        raise Sorry("no_sequences_yet")
    if not name and len(rows) == 1:
        return rows[0]
    row_ = called(rows, name or "")
    if row_ is None:
        buttons = tuple(
            Button(each.name, Call("sequence.show", {"sequence": each.id})) for each in rows[:3]
        )
        raise Sorry("no_such_sequence", buttons, name=name or "—")
    return row_


def button(turn: Turn, row: Sequence, what: str, label: str = "") -> Button:
    keys = {
        "show": "sequence_show_button", "pause": "sequence_pause_button",
        "resume": "sequence_resume_button", "stop": "sequence_stop_button",
        "who": "sequence_who_button",
    }  # fmt: skip
    return Button(
        label or turn.say(keys[what]), Call(f"sequence.{what}", {"sequence": row.id})
    )  # fmt: skip
