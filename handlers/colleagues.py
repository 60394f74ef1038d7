"""What the members of a team are called, in whatever script."""

from __future__ import annotations

from language.folding import fold
from language.sounds import sound_key
from rules.likeness import also_called
from storage.models import Member


def is_called(member: Member, said: str) -> bool:
    """Whether each word said is one of the name, sounds like one, or is how it is usually written
    in the other script (عائشہ is Ayesha)."""
    names = {fold(word) for word in member.name.split()}
    sounds = {sound_key(word) for word in member.name.split()} - {""}
    names |= {other for name in names for other in also_called(name)}
    words = said.split()
    return bool(words) and all(fold(word) in names or sound_key(word) in sounds for word in words)
