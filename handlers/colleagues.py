"""What the members of a team are called, in whatever script."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.turn import Ask, Choice, Sorry
from language.folding import fold
from language.sounds import sound_key
from rules.likeness import also_called
from storage.models import Member

TOLD = 8
"""Members who are named where nobody is called as was said."""


def is_called(member: Member, said: str) -> bool:
    """Whether each word said is one of the name, sounds like one, or is how it is usually written
    in the other script (عائشہ is Ayesha)."""
    names = {fold(word) for word in member.name.split()}
    sounds = {sound_key(word) for word in member.name.split()} - {""}
    names |= {other for name in names for other in also_called(name)}
    words = said.split()
    return bool(words) and all(fold(word) in names or sound_key(word) in sounds for word in words)


def one_of(found: Sequence[Member], said: str | int, team: Sequence[Member]) -> Member:
    """The one who was found for what was said; of several it is asked, and where there is none it
    is told who is on the ``team``."""
    if len(found) > 1:
        choices = tuple(Choice(each.name, {"owner": each.id}) for each in found)
        raise Ask("which_colleague", "owner", choices=choices, name=str(said))
    if not found:
        raise Sorry("no_member", name=str(said), names=[each.name for each in team[:TOLD]])
    return found[0]
