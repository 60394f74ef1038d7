"""What the stages of the journey are called: by the team, else as everybody calls them."""

from __future__ import annotations

from handlers.turn import Turn
from storage.journey import names_of


def called(turn: Turn, stage: str) -> str:
    own = names_of(turn.session, turn.workspace.id).get(stage)
    if own:
        return turn.voice.apart(own)
    return turn.piece(f"journey_{stage}")
