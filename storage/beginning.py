"""People and companies in whose names there is, for each word that was said, one that begins so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, String, bindparam, func, select
from sqlalchemy.orm import Session

from storage.asking import asked, each_of, listed, made_once
from storage.base import Base
from storage.names import POSTINGS

SHORTEST = 3
"""Letters of the longest word that was said, at least."""

WALKED = 2500
"""Names that are looked through; where more begin so, the others are not found."""

_COUNTED = 100
"""Words of the dictionary that are counted for one that was said: so many are many."""

_END = "\U0010ffff"


def beginning(
    session: Session, table: str, space: int, said: Sequence[str], most: int
) -> list[int]:
    """Their numbers, newest first. The word that fewest names have a beginning of leads."""
    if max(map(len, said), default=0) < SHORTEST:
        return []
    counting, having = _statements(session.get_bind().dialect.name, table)
    here = {"space": space, "words": listed(said)}
    counts = {word: count for word, count in asked(session, counting, here) if count}
    if len(counts) < len(said):
        return []
    rarest = min(said, key=counts.__getitem__)
    led = {"first": rarest, "last": rarest + _END, "most": most}
    here["words"] = listed(sorted(said, key=counts.__getitem__))
    return list(dict.fromkeys(asked(session, having, {**here, **led}).scalars().all()))


@made_once
def _statements(dialect: str, table: str) -> tuple[Any, Any]:
    """How many names have words that begin with each; and whose name has one for each."""
    tables, owner = Base.metadata.tables, f"{table}_id"
    space, each = bindparam("space", type_=Integer), each_of("words", dialect)
    known, have = tables["name_word"], tables[f"{table}_word"]
    beside = have.alias("beside")
    many = known.c[POSTINGS[table]]

    def begins(column: Any) -> tuple[Any, Any]:
        return column >= each.c.value, column < each.c.value + _END

    some = select(many.label("many")).where(known.c.workspace_id == space, *begins(known.c.word))
    counted = some.where(many > 0).limit(_COUNTED).correlate(each).subquery()
    counting = select(each.c.value, select(func.sum(counted.c.many)).scalar_subquery())
    led = select(have.c[owner]).where(
        have.c.workspace_id == space,
        have.c.key >= bindparam("first", type_=String),
        have.c.key < bindparam("last", type_=String),
    )
    walked = led.order_by(have.c.key, have.c[owner]).limit(WALKED).subquery("walked")
    there = select(beside.c.key).where(
        beside.c.workspace_id == space, beside.c[owner] == walked.c[owner], *begins(beside.c.key)
    )
    lacks = select(each.c.value).where(~there.correlate(each, walked).exists())
    having = select(walked.c[owner]).where(~lacks.correlate(walked).exists())
    return counting, having.order_by(walked.c[owner].desc()).limit(bindparam("most", type_=Integer))
