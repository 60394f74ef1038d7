"""Whom and what of the workspace a text may speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from language.known import Known
from language.seeking import sought
from storage.known import known_names
from storage.privacy import visible_names

if TYPE_CHECKING:
    from handlers.turn import Turn


def known_in(turn: Turn, text: str) -> Known:
    """Whom and what of this workspace the text may speak of, as far as the member may see them."""
    looked_for = sought(text)
    found: dict[str, list[str]] = {"person": [], "org": [], "tag": []}
    for kind, name in known_names(
        turn.session,
        turn.workspace.id,
        names=looked_for.names,
        words=looked_for.words,
        tags=looked_for.tags,
    ):
        found[kind].append(name)
    if turn.workspace.keeps_private:
        seen = visible_names(turn.session, turn.workspace.id, found["person"])
        found["person"] = [name for name in found["person"] if name in seen]
    return Known(
        people=tuple(found["person"]), companies=tuple(found["org"]), tags=tuple(found["tag"])
    )
