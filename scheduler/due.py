"""Which letters are due: the sender's questions to the outbox, each statement built once.

Where no clock is shared (see ``storage.moments``) they take ``now`` as a parameter.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    and_,
    bindparam,
    exists,
    not_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from storage.asking import one_of
from storage.base import Base
from storage.models import Outbox
from storage.moments import now_in_sql
from storage.types import Moment

HOLDS_UP = 6
"""Tries during which a letter holds up the later ones of its chat, so that they stay in order."""

LOOKED_AT = 60
"""Due letters looked at for one claim; further ones where these are of few chats."""


@cache
def due(dialect: str, shared: bool, with_address: bool) -> Select[*tuple[Any, ...]]:
    """What may go by now, and whether its chat has a letter under way, or an earlier one."""
    now, other = now_in_sql(shared=shared), aliased(Outbox)
    there = other.place == Outbox.place
    under_way = exists().where(there, other.state == "sending")
    held_up = exists().where(
        and_(there, other.state == "waiting", other.not_before > now),
        other.attempts.between(1, HOLDS_UP),
    )
    found = (
        select(Outbox.id, Outbox.place, under_way.label("under_way"), held_up.label("held_up"))
        .where(Outbox.state == "waiting", Outbox.not_before <= now)
        .where(one_of(Outbox.platform, "platforms", dialect))
        .where(not_(one_of(Outbox.place, "passed", dialect)))
        .order_by(Outbox.rank, Outbox.id)
        .limit(LOOKED_AT)
    )
    return found.add_columns(Outbox.address) if with_address else found


@cache
def locked(dialect: str, shared: bool) -> Select[*tuple[Any, ...]]:
    """Those of the ``chosen`` that still wait, as rows of all columns, and nobody else's now."""
    return (
        select(_outbox)
        .where(one_of(Outbox.id, "chosen", dialect, BigInteger))
        .where(Outbox.state == "waiting", Outbox.not_before <= now_in_sql(shared=shared))
        .order_by(Outbox.rank, Outbox.id)
        .with_for_update(skip_locked=True)
    )


@cache
def left(dialect: str, shared: bool, at_once: bool) -> Select[*tuple[Any, ...]]:
    """What a dead sender had in its hands."""
    found = select(Outbox.id).where(
        Outbox.state == "sending", one_of(Outbox.platform, "platforms", dialect)
    )
    if not at_once:
        found = found.where(Outbox.not_before <= now_in_sql(shared=shared))
    return found.with_for_update(skip_locked=True)


_outbox = Base.metadata.tables["outbox"]
_this = update(_outbox).where(_outbox.c.id == bindparam("this"))
TAKEN = _this.values(
    state="sending", attempts=bindparam("attempt"), not_before=bindparam("until", type_=Moment())
)
"""A letter is in its sender's hands."""
LET_GO = _this.values(state="refused", problem=bindparam("why"))
"""A letter that is not to be sent any more."""
WORDED = _this.values(reply=bindparam("words", type_=_outbox.c.reply.type))
"""A letter that has its words now: if it is sent again, it says the same."""
PUT_OFF = _this.values(not_before=bindparam("until", type_=Moment()))
"""A letter that cannot be worded yet."""
