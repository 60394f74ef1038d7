"""How deals stand, for the rules that say which of them need their seller: some deals at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    Update,
    and_,
    bindparam,
    event,
    func,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from rules.attention import USUAL_DAYS, Habits, Standing, usual_days, usual_size
from storage.asking import asked, made_once
from storage.deal_people import DealContact
from storage.habits import Habit
from storage.people import Activity, Contact, by_people
from storage.stages import Stage, stages_of
from storage.talk import Change, Turn
from storage.types import AT_ONCE
from storage.work import Deal, DealMove, Task

LEARNED_FROM = {"moves": 4000, "deals": 400}
"""The latest of each that habits are learned from: learning costs the same however much is kept."""

LEARNED_ANEW = timedelta(days=1)

NAME = "deals"


_DEALS: Any = Deal.__table__


def wake(
    line: Session | Connection, workspace_id: int, contact_id: int | None, company_id: int | None
) -> None:
    """Something happened with them: the clock looks at their deals anew."""
    them = {"contact_id": contact_id, "company_id": company_id}
    theirs = {f"of_{name}": number for name, number in them.items() if number}
    if theirs:
        question, said = _waking(tuple(theirs)), {"space": workspace_id, **theirs}
        if isinstance(line, Session):
            asked(line, question, said)
        else:
            line.execute(question, said)


@made_once
def _waking(theirs: tuple[str, ...]) -> Update:
    deal = _DEALS.c
    of_them = or_(*(deal[name.removeprefix("of_")] == bindparam(name) for name in theirs))
    here = (deal.workspace_id == bindparam("space"), deal.status == "open", of_them)
    return update(_DEALS).where(*here).values(next_check_at=AT_ONCE)


@event.listens_for(Task, "after_insert")
@event.listens_for(Task, "after_delete")
def _step_came_or_went(_mapper: Any, connection: Connection, task: Task) -> None:
    wake(connection, task.workspace_id, task.contact_id, task.company_id)


@event.listens_for(Task, "after_update")
def _step_changed(_mapper: Any, connection: Connection, task: Task) -> None:
    if inspect(task).attrs.status.history.has_changes():
        wake(connection, task.workspace_id, task.contact_id, task.company_id)


def look_at(session: Session, deal: Deal, at: datetime | None) -> None:
    """When the clock looks at a deal next: no change of the deal that anybody made."""
    this = update(_DEALS).where(Deal.workspace_id == deal.workspace_id, Deal.id == deal.id)
    session.execute(this.values(next_check_at=at))


# --- how deals stand ------------------------------------------------------------------------------


@dataclass
class _Seen:
    """What was found of some deals, by deal, contact or company."""

    moved: dict[int, datetime]
    heard: dict[tuple[str, int], datetime]
    done: dict[tuple[str, int], datetime]
    steps: dict[tuple[str, int], dict[int, date | None]]
    people: dict[int, int]
    joined: dict[int, int]
    closes: dict[int, list[tuple[datetime, date | None, date | None]]] = field(default_factory=dict)


def standings(
    session: Session, workspace_id: int, deals: Sequence[Deal], zone: str
) -> dict[int, Standing]:
    """How these open deals stand, in the days of a zone. A handful of statements for all."""
    if not deals:
        return {}
    seen = _Seen(
        moved=_moved(session, workspace_id, [deal.id for deal in deals]),
        heard=_latest(session, workspace_id, deals, Activity, Activity.at),
        done=_latest(session, workspace_id, deals, Task, Task.done_at),
        steps=_steps(session, workspace_id, deals),
        people=_people(session, workspace_id, deals),
        joined=_joined(session, workspace_id, [deal.id for deal in deals]),
        closes=_closes(session, workspace_id, [deal.id for deal in deals]),
    )
    return {deal.id: _standing(deal, seen, ZoneInfo(zone)) for deal in deals}


def _standing(deal: Deal, seen: _Seen, zone: ZoneInfo) -> Standing:
    def day(moment: datetime) -> date:
        return moment.astimezone(zone).date()

    keys = [
        key
        for key in (("contact_id", deal.contact_id), ("company_id", deal.company_id))
        if key[1] is not None
    ]
    touches = [deal.created_at, seen.moved.get(deal.id)]
    touches += [found.get(key) for key in keys for found in (seen.heard, seen.done)]  # type: ignore[arg-type]  # none of them is None
    steps: dict[int, date | None] = {}
    for key in keys:
        steps |= seen.steps.get(key, {})  # type: ignore[arg-type]
    closes = [(day(at), before, after) for at, before, after in seen.closes.get(deal.id, ())]
    in_deal = int(deal.contact_id is not None) + seen.joined.get(deal.id, 0)
    slips = [(at, was, to) for at, was, to in closes if was is not None and to is not None]
    return Standing(
        stage=deal.stage,
        began=day(deal.created_at),
        touched=day(max(moment for moment in touches if moment is not None)),
        close_day=deal.close_day,
        close_set=max((at for at, _, _ in closes), default=None),
        slips=tuple(each for each in slips if each[2] > each[1]),
        steps=tuple(steps.values()),
        minor=deal.amount_minor,
        currency=deal.currency,
        people=max(seen.people.get(deal.company_id or 0, 0), in_deal),
    )


def _moved(session: Session, space: int, ids: Collection[int]) -> dict[int, datetime]:
    """When each last came into a stage."""
    latest = (
        select(DealMove.deal_id, func.max(DealMove.at))
        .where(DealMove.workspace_id == space, DealMove.deal_id.in_(ids))
        .group_by(DealMove.deal_id)
    )
    return {row.deal_id: row[1] for row in session.execute(latest)}


def _links(deals: Iterable[Deal]) -> Iterator[tuple[str, set[int]]]:
    """The ids of those whom deals are with, by the column that holds them."""
    rows = list(deals)
    for name in ("contact_id", "company_id"):
        ids = {number for deal in rows if (number := getattr(deal, name)) is not None}
        if ids:
            yield name, ids


def _latest(
    session: Session, space: int, deals: Iterable[Deal], kind: Any, moment: Any
) -> dict[tuple[str, int], datetime]:
    """When something of a kind last happened with each contact and company."""
    found: dict[tuple[str, int], datetime] = {}
    for name, ids in _links(deals):
        column = getattr(kind, name)
        talks = [by_people()] if kind is Activity else []
        latest = (
            select(column, func.max(moment))
            .where(kind.workspace_id == space, column.in_(ids), moment.is_not(None), *talks)
            .group_by(column)
        )
        found |= {(name, number): at for number, at in session.execute(latest)}
    return found


def _steps(
    session: Session, space: int, deals: Iterable[Deal]
) -> dict[tuple[str, int], dict[int, date | None]]:
    """The open tasks about each contact and company, with their days."""
    found: dict[tuple[str, int], dict[int, date | None]] = defaultdict(dict)
    for name, ids in _links(deals):
        column = getattr(Task, name)
        here = (Task.workspace_id == space, Task.status == "open", column.in_(ids))
        for number, task, day in session.execute(
            select(column, Task.id, Task.due_day).where(*here)
        ):
            found[name, number][task] = day
    return found


def _people(session: Session, space: int, deals: Iterable[Deal]) -> dict[int, int]:
    """How many people are known at each company."""
    ids = {deal.company_id for deal in deals if deal.company_id is not None}
    if not ids:
        return {}
    known = (
        select(Contact.company_id, func.count())
        .where(Contact.workspace_id == space, Contact.company_id.in_(ids))
        .group_by(Contact.company_id)
    )
    return {number: count for number, count in session.execute(known) if number is not None}


def _joined(session: Session, space: int, ids: Collection[int]) -> dict[int, int]:
    """How many people joined each deal, beside the one that it is with."""
    joined = (
        select(DealContact.deal_id, func.count())
        .where(DealContact.workspace_id == space, DealContact.deal_id.in_(ids))
        .group_by(DealContact.deal_id)
    )
    return {row.deal_id: row[1] for row in session.execute(joined)}


def _closes(
    session: Session, space: int, ids: Collection[int]
) -> dict[int, list[tuple[datetime, date | None, date | None]]]:
    """Each change of a closing day that still stands: when, from which day, to which."""
    before, after = Change.before["close_day"].as_string(), Change.after["close_day"].as_string()
    changes = (
        select(Change.row_id, Turn.at, before, after)
        .join(Turn, and_(Turn.workspace_id == Change.workspace_id, Turn.id == Change.turn_id))
        .where(Change.workspace_id == space, Change.table_name == Deal.__tablename__)
        .where(Change.row_id.in_(ids), Change.undoes.is_(None), Turn.undone_by.is_(None))
        .where(before.is_distinct_from(after))
        .order_by(Change.id)
    )
    found: dict[int, list[tuple[datetime, date | None, date | None]]] = defaultdict(list)
    for number, at, was, to in session.execute(changes):
        found[number].append((at, _day(was), _day(to)))
    return found


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


# --- how a team sells -----------------------------------------------------------------------------


def habits(session: Session, workspace_id: int, now: datetime, *, keep: bool = True) -> Habits:
    """As they were learned last, or anew where that is a while ago; kept, unless nothing may be."""
    here = select(Habit).where(Habit.workspace_id == workspace_id, Habit.name == NAME)
    row = session.scalars(here).first()
    if row is None or not timedelta() <= now - row.learned_at < LEARNED_ANEW:
        learned = _learned(session, workspace_id)
        if not keep:
            return _habits(learned)
        if row is None:
            row = Habit(workspace_id=workspace_id, name=NAME)
            session.add(row)
        row.learned, row.learned_at = learned, now
        session.flush()
    return _habits(row.learned)


def _habits(learned: dict[str, Any]) -> Habits:
    return Habits(
        days=learned["days"],
        learned=frozenset(learned["own"]),
        usual_minor=learned["usual_minor"],
    )


def _learned(session: Session, space: int) -> dict[str, Any]:
    stages = stages_of(session, space)
    history = _times_in_stage(session, space, stages)
    usual = {each.key: usual_days(history[each.key], each.days or USUAL_DAYS) for each in stages}
    sizes = {code: usual_size(some) for code, some in _sizes(session, space).items()}
    return {
        "days": {key: days for key, (days, _) in usual.items()},
        "own": [key for key, (_, own) in usual.items() if own],
        "usual_minor": {code: size for code, size in sizes.items() if size is not None},
    }


def _times_in_stage(
    session: Session, space: int, stages: Sequence[Stage]
) -> dict[str, list[float]]:
    """Days that deals were in each stage from which they moved on, to a later one or to the win."""
    place = {stage.key: stage.position for stage in stages}
    latest = (
        select(DealMove.deal_id, DealMove.stage, DealMove.status, DealMove.at)
        .where(DealMove.workspace_id == space)
        .order_by(DealMove.id.desc())
        .limit(LEARNED_FROM["moves"])
    )
    by_deal: dict[int, list[Any]] = defaultdict(list)
    for move in session.execute(latest):
        by_deal[move.deal_id].append(move)
    found: dict[str, list[float]] = defaultdict(list)
    for moves in by_deal.values():
        for here, then in pairwise(reversed(moves)):
            further = place.get(then.stage, -1) > place.get(here.stage, -1)
            if here.status == "open" and (
                then.status == "won" or (then.status == "open" and further)
            ):
                found[here.stage].append((then.at - here.at) / timedelta(days=1))
    return found


def _sizes(session: Session, space: int) -> dict[str, list[int]]:
    """What the latest deals are worth, by currency; lost ones tell nothing of what is sold."""
    latest = (
        select(Deal.currency, Deal.amount_minor)
        .where(Deal.workspace_id == space, Deal.status != "lost", Deal.amount_minor.is_not(None))
        .order_by(Deal.id.desc())
        .limit(LEARNED_FROM["deals"])
    )
    found: dict[str, list[int]] = defaultdict(list)
    for currency, minor in session.execute(latest):
        if currency and minor is not None:
            found[currency].append(minor)
    return found
