"""Who has which words in their name: the questions of ``storage.search`` to its index.

Each is made once for a kind of database and a table with names, is bounded, and has an order: both
kinds of database answer it alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, func, select

from rules.name_keys import WHOLE
from storage.asking import made_once, one_of
from storage.base import Base


@dataclass(frozen=True, slots=True)
class Statements:
    """Those of ``one`` whole name, or of several (``wholes``); ``having`` a word, or ``any_of``
    several; ``led`` by the words of a group, and of these who have a word of another, which is
    ``looked_up`` for each, or ``sorted_out`` for all at once: as how many have them makes cheaper.
    """

    one: Any
    wholes: Any
    looked_up: Any
    sorted_out: Any
    having: Any
    any_of: Any
    led: Any


_SPACE, _MOST, _WALKED, _KEY = (
    bindparam("space", type_=Integer),
    bindparam("most", type_=Integer),
    bindparam("walked", type_=Integer),
    bindparam("key", type_=String),
)


@made_once
def statements(dialect: str, table: str) -> Statements:
    postings = Base.metadata.tables[f"{table}_word"]
    owner = f"{table}_id"
    have, whole, beside = (postings.alias(name) for name in ("have", "whole", "beside"))
    here, same = have.c.workspace_id == _SPACE, have.c.key == _KEY
    some = one_of(have.c.key, "keys", dialect)
    newest = (have.c.key.desc(), have.c[owner].desc())  # as they lie in the index
    walked = select(have.c[owner]).where(here, some).order_by(*newest).limit(_WALKED)
    led = walked.subquery("led")

    def with_whole(rows: Any) -> Select[Any]:
        called = select(whole.c.key).where(
            whole.c.workspace_id == _SPACE,
            whole.c[owner] == rows.c[owner],
            func.substr(whole.c.key, 1, 1) == WHOLE,  # no range: else the planner begins with it
        )
        return select(rows.c[owner], called.scalar_subquery()).limit(_MOST)

    key = beside.c.key + ""  # so that it is not looked up a word at a time
    begins = (key >= bindparam("first", type_=String)) & (key < bindparam("last", type_=String))
    others = select(beside.c[owner]).where(beside.c.workspace_id == _SPACE)
    another = others.where(beside.c[owner] == led.c[owner], one_of(key, "others", dialect) | begins)
    one_more = led.c[owner].in_(others.where(one_of(beside.c.key, "others", dialect)))
    of_one = select(have.c[owner]).where(here, same).order_by(have.c[owner].desc()).limit(_MOST)
    return Statements(
        one=of_one,
        wholes=select(have.c[owner], have.c.key).where(here, some).order_by(*newest).limit(_MOST),
        looked_up=with_whole(led).where(another.exists()).order_by(led.c[owner].desc()),
        sorted_out=with_whole(led).where(one_more).order_by(led.c[owner].desc()),
        having=with_whole(of_one.subquery("of_one")),
        any_of=with_whole(led).order_by(led.c[owner].desc()),
        led=walked,
    )
