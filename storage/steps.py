"""The next step of a deal: its most urgent open task."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from storage.models import Deal, Task
from storage.queries import MOST_URGENT

AT_ONCE = 100


def next_step(session: Session, deal: Deal) -> Task | None:
    """One that was said of this deal; else one with whom it is, that is of no other deal."""
    return next_steps(session, deal.workspace_id, [deal]).get(deal.id)


def next_steps(session: Session, workspace_id: int, deals: Iterable[Deal]) -> dict[int, Task]:
    """The same for many, by the number of the deal; those without a next step are left out."""
    wanted = list(deals)
    found: dict[int, Task] = {}
    for begin in range(0, len(wanted), AT_ONCE):
        found |= _some(session, workspace_id, wanted[begin : begin + AT_ONCE])
    return found


def _some(session: Session, workspace_id: int, deals: list[Deal]) -> dict[int, Task]:
    people = {deal.contact_id for deal in deals if deal.contact_id}
    firms = {deal.company_id for deal in deals if deal.company_id}
    here = Task.workspace_id == workspace_id
    free = Task.deal_id.is_(None)
    ways = (  # each from an index of its own
        select(Task.id).where(here, Task.deal_id.in_([deal.id for deal in deals])),
        select(Task.id).where(here, Task.contact_id.in_(people), free),
        select(Task.id).where(here, Task.company_id.in_(firms), free),
    )
    tasks = session.scalars(
        select(Task)
        .where(here, Task.id.in_(union_all(*ways)), Task.status == "open")
        .order_by(*MOST_URGENT)
    ).all()
    found = {}
    for deal in deals:
        fitting = [task for task in tasks if _is_of(task, deal)]
        if fitting:
            found[deal.id] = min(fitting, key=lambda task: task.deal_id is None)
    return found


def _is_of(task: Task, deal: Deal) -> bool:
    """A task with somebody at the company is one of a deal with the company, unless that deal is
    with somebody else there."""
    if task.deal_id is not None:
        return task.deal_id == deal.id
    if deal.contact_id and task.contact_id:
        return task.contact_id == deal.contact_id
    return task.company_id is not None and task.company_id == deal.company_id
