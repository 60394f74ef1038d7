"""In which stage of the journey everybody stands and stood: one row a person, and their stays.

Triggers (``storage.journey_marks``) make the row of every new person and mark it whenever something
of theirs changes; the clock tells the path anew of whoever is marked, and of each again when time
alone changes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    Integer,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Session

from rules.journey import Rules, Stay, path
from storage import queries
from storage.asking import answered, asked, dialect_of, listed, made_once, one_of, seen
from storage.journey_kept import Journey, JourneyStay
from storage.journey_pasts import pasts
from storage.types import new_id
from storage.writing import write_values

RULES, NAMES = "journey_rules", "journey_names"
"""Settings of the workspace: ``3,365,180``, and ``loyal=VIP;aware=Naya``."""


def rules_of(session: Session, workspace_id: int) -> Rules:
    """As the team has set them."""
    row = queries.setting(session, workspace_id, RULES)
    if row is None:
        return Rules()
    often, within, silent = (int(each) for each in row.value.split(","))
    return Rules(often, timedelta(days=within), timedelta(days=silent))


def keep_rules(session: Session, workspace_id: int, rules: Rules) -> None:
    """From now on, and of the past as well: a trigger marks everybody."""
    told = f"{rules.often},{rules.within.days},{rules.silent.days}"
    queries.put_setting(session, workspace_id, RULES, told)


def names_of(session: Session, workspace_id: int) -> dict[str, str]:
    """What the team calls stages, of those that it has named."""
    row = queries.setting(session, workspace_id, NAMES)
    pairs = (each.partition("=") for each in row.value.split(";")) if row and row.value else ()
    return {key: name for key, _, name in pairs}


def keep_names(session: Session, workspace_id: int, names: dict[str, str]) -> None:
    told = ";".join(f"{key}={name}" for key, name in names.items())
    queries.put_setting(session, workspace_id, NAMES, told)


# --- told from what happened ----------------------------------------------------------------------


def look_at_these(session: Session, workspace_id: int, ids: Sequence[int], now: datetime) -> int:
    """Tell the paths of these people anew, and keep what is not kept so; how many have changed."""
    dialect, here = dialect_of(session), {"space": workspace_id}
    rows = asked(session, _held(dialect), {**here, "ids": listed(ids)}).all()
    rules = rules_of(session, workspace_id)
    held = [row.contact_id for row in rows]
    found = pasts(session, workspace_id, held)
    kept = _stays(session, workspace_id, held)
    stand: list[dict[str, Any]] = []
    fresh: list[tuple[int, list[Stay]]] = []
    for number, stage, since in rows:
        past = found.get(number)
        stays, again = path(past, rules, now) if past else ([], None)
        at = (stays[-1].stage, stays[-1].at) if stays else (stage, since)
        stand.append({**here, "person": number, "at": at[0], "from": at[1], "again": again})
        if stays != kept.get(number, []):
            fresh.append((number, stays))
    if stand:
        answered(session, _STANDS, stand)
    _replace(session, workspace_id, fresh)
    return len(fresh)


def look_at_due(session: Session, workspace_id: int, now: datetime, most: int) -> int:
    """The same for so many at most of those that the clock has not come to yet."""
    due = (Journey.workspace_id == workspace_id, Journey.next_check_at <= now)
    some = select(Journey.contact_id).where(*due).order_by(Journey.next_check_at).limit(most)
    ids = session.scalars(some).all()
    return look_at_these(session, workspace_id, ids, now) if ids else 0


def _stays(session: Session, space: int, ids: Sequence[int]) -> dict[int, list[Stay]]:
    said = {"space": space, "ids": listed(ids)}
    found: dict[int, list[Stay]] = defaultdict(list)
    for number, *told in seen(session, _stayed(dialect_of(session)), said):
        found[number].append(Stay(*told))
    return found


def _replace(session: Session, space: int, fresh: Sequence[tuple[int, list[Stay]]]) -> None:
    if not fresh:
        return
    gone = {"space": space, "ids": listed(number for number, _ in fresh)}
    answered(session, _no_more(dialect_of(session)), gone)
    rows = [
        {
            "workspace_id": space, "id": new_id(), "contact_id": number, "stage": stay.stage,
            "at": stay.at, "came_from": stay.came_from, "left_at": stay.left,
            "went_to": stay.went_to,
        }
        for number, stays in fresh
        for stay in stays
    ]  # fmt: skip
    write_values(session, JourneyStay, rows)


# --- the questions, made once for each kind of database -------------------------------------------

_SPACE = bindparam("space", type_=Integer)


def _these(kind: Any, dialect: str) -> tuple[ColumnElement[bool], ...]:
    here: ColumnElement[bool] = kind.workspace_id == _SPACE
    return here, one_of(kind.contact_id, "ids", dialect, BigInteger)


@made_once
def _held(dialect: str) -> Executable:
    """How they stand, theirs alone to be told until the transaction ends."""
    some = select(Journey.contact_id, Journey.stage, Journey.since).where(*_these(Journey, dialect))
    return some.order_by(Journey.contact_id).with_for_update(skip_locked=True)


_JOURNEY: Any = Journey.__table__
_STANDS = (
    update(_JOURNEY)
    .where(_JOURNEY.c.workspace_id == _SPACE, _JOURNEY.c.contact_id == bindparam("person"))
    .values(stage=bindparam("at"), since=bindparam("from"), next_check_at=bindparam("again"))
)


@made_once
def _no_more(dialect: str) -> Executable:
    table: Any = JourneyStay.__table__
    return delete(table).where(*_these(JourneyStay, dialect))


@made_once
def _stayed(dialect: str) -> Executable:
    stay = JourneyStay
    told = (stay.contact_id, stay.stage, stay.at, stay.came_from, stay.left_at, stay.went_to)
    return select(*told).where(*_these(stay, dialect)).order_by(stay.contact_id, stay.at, stay.id)
