"""Whether somebody may be known in the other script by a name that was said in one.

That is so where the dictionary has a word of the other script which sounds like one of those that
were said, or is a nickname of it: one short question, where to look for the names costs a long one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, not_, select
from sqlalchemy.orm import Session

from rules.likeness import also_called
from rules.name_keys import SLIPS, SOUND, START, asked_keys
from rules.sounds import is_urdu
from storage.asking import answered, listed, made_once, one_of
from storage.base import Base

_FIRST, _BEHIND = "\u0600", "\u0700"
"""Between these every word of the Urdu script begins."""


def is_written_across(session: Session, space: int, said: Sequence[str]) -> bool:
    """Whether one of these folded words has one in the other script; true where both are said."""
    urdu = {is_urdu(word) for word in said}
    if len(urdu) != 1:
        return bool(urdu)
    question = _statement(session.get_bind().dialect.name, not urdu.pop())
    keys = {key for word in said for key in _across(word)}
    found = answered(session, question, {"space": space, "keys": listed(keys)})
    return found.scalar() is not None


def _across(word: str) -> Iterable[str]:
    yield from (key for key in asked_keys(word, SLIPS) if key.startswith(SOUND))
    yield from (each[:START] for each in also_called(word) if is_urdu(each) != is_urdu(word))


@made_once
def _statement(dialect: str, urdu: bool) -> Select[Any]:
    near = Base.metadata.tables["name_near"]
    script = and_(near.c.word >= _FIRST, near.c.word < _BEHIND)
    here = select(near.c.word).where(
        near.c.workspace_id == bindparam("space", type_=Integer),
        one_of(near.c.key, "keys", dialect),
        script if urdu else not_(script),
    )
    return here.limit(1)
