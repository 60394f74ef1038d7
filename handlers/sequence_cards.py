"""The sequences that somebody is in, for their card."""

from __future__ import annotations

from handlers.turn import Turn
from storage.models import Contact, Sequence
from storage.sequences import runs_of


def card_row(turn: Turn, contact: Contact) -> tuple[str, str] | None:
    """None for whoever is in none."""
    runs = runs_of(turn.session, turn.workspace.id, contact.id)
    if not runs:
        return None
    names = (turn.record(Sequence, run.sequence_id).name for run in runs)
    return turn.say("field_sequences"), turn.voice.beside(*names)
