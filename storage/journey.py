"""In which stage of the journey everybody stands and stood: one row a person, and their stays.

Triggers (``storage.journey_marks``) make the row of every new person and mark it whenever something
of theirs changes; the clock tells the path anew of whoever is marked, and of each again when time
alone changes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from rules.journey import Past, Rules, Stay, path
from rules.purchases import counts
from storage import queries
from storage.goods import Order
from storage.journey_kept import Journey, JourneyStay
from storage.people import Activity, Contact, by_people
from storage.types import new_id
from storage.work import Deal
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
    here = Journey.workspace_id == workspace_id
    rows = session.scalars(
        select(Journey)
        .where(here, Journey.contact_id.in_(ids))
        .order_by(Journey.contact_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    rules = rules_of(session, workspace_id)
    found = pasts(session, workspace_id, [row.contact_id for row in rows])
    kept = _stays(session, workspace_id, [row.contact_id for row in rows])
    fresh: list[tuple[int, list[Stay]]] = []
    for row in rows:
        past = found.get(row.contact_id)
        stays, again = path(past, rules, now) if past else ([], None)
        row.next_check_at = again
        if stays and (row.stage, row.since) != (stays[-1].stage, stays[-1].at):
            row.stage, row.since = stays[-1].stage, stays[-1].at
        if stays != kept.get(row.contact_id, []):
            fresh.append((row.contact_id, stays))
    _replace(session, workspace_id, fresh)
    return len(fresh)


def look_at_due(session: Session, workspace_id: int, now: datetime, most: int) -> int:
    """The same for so many at most of those that the clock has not come to yet."""
    due = (Journey.workspace_id == workspace_id, Journey.next_check_at <= now)
    some = select(Journey.contact_id).where(*due).order_by(Journey.next_check_at).limit(most)
    ids = session.scalars(some).all()
    return look_at_these(session, workspace_id, ids, now) if ids else 0


def _stays(session: Session, space: int, ids: Sequence[int]) -> dict[int, list[Stay]]:
    query = (
        select(JourneyStay)
        .where(JourneyStay.workspace_id == space, JourneyStay.contact_id.in_(ids))
        .order_by(JourneyStay.contact_id, JourneyStay.at, JourneyStay.id)
    )
    found: dict[int, list[Stay]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.contact_id].append(
            Stay(row.stage, row.at, row.came_from, row.left_at, row.went_to)
        )
    return found


def _replace(session: Session, space: int, fresh: Sequence[tuple[int, list[Stay]]]) -> None:
    ids = [number for number, _ in fresh]
    if not ids:
        return
    session.flush()
    session.execute(
        delete(JourneyStay).where(
            JourneyStay.workspace_id == space, JourneyStay.contact_id.in_(ids)
        )
    )
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


class _Person(NamedTuple):
    id: int
    company_id: int | None
    created_at: datetime
    private: bool


@dataclass
class _Seen:
    """What happened, by whose it is: a company, else a person who is with none. ``who`` is the
    private person it was with; others do not have it."""

    deals: dict[tuple[str, int], list[tuple[int | None, datetime, datetime | None]]]
    bought: dict[tuple[str, int], list[tuple[int | None, datetime]]]


def pasts(session: Session, space: int, ids: Sequence[int]) -> dict[int, Past]:
    """Of some people what is known of them. A company's deals and purchases are its people's, but
    for those with a private contact, which are theirs alone."""
    query = select(Contact.id, Contact.company_id, Contact.created_at, Contact.private).where(
        Contact.workspace_id == space, Contact.id.in_(ids)
    )
    people = [_Person(*row) for row in session.execute(query)]
    talked = _talked(session, space, [one.id for one in people])
    seen = _seen(session, space, people)
    return {one.id: _past(one, talked.get(one.id), seen) for one in people}


def _past(one: _Person, talked: datetime | None, seen: _Seen) -> Past:
    whose = _whose(one.company_id, one.id)
    return Past(
        one.created_at,
        talked,
        tuple((at, end) for who, at, end in seen.deals.get(whose, ()) if who in (None, one.id)),
        tuple(at for who, at in seen.bought.get(whose, ()) if who in (None, one.id)),
    )


def _whose(company: int | None, person: int | None) -> tuple[str, int]:
    return ("company", company) if company else ("contact", person or 0)


def _talked(session: Session, space: int, ids: Sequence[int]) -> dict[int, datetime]:
    """When somebody first talked with each; what was sent by itself is no talk, a note neither."""
    query = (
        select(Activity.contact_id, func.min(Activity.at))
        .where(
            Activity.workspace_id == space, Activity.contact_id.in_(ids), Activity.kind != "note",
            by_people(),
        )
        .group_by(Activity.contact_id)
    )  # fmt: skip
    return {number: at for number, at in session.execute(query) if number is not None}


def _seen(session: Session, space: int, people: Collection[_Person]) -> _Seen:
    firms = sorted({one.company_id for one in people if one.company_id})
    alone = sorted(one.id for one in people if not one.company_id)
    seen = _Seen(defaultdict(list), defaultdict(list))
    stands = select(Order.id).where(Order.workspace_id == space, Order.deal_id == Deal.id).exists()
    of_deal = (Deal.created_at, Deal.closed_at, Deal.status, stands.label("stands"))
    for whose, who, row in _rows(session, space, Deal, of_deal, firms, alone):
        end = row.closed_at or (None if row.status == "open" else row.created_at)
        seen.deals[whose].append((who, row.created_at, end))
        if row.status == "won" and not row.stands:
            seen.bought[whose].append((who, row.closed_at or row.created_at))
    of_order = (Order.at, Order.status, Order.amount_minor)
    for whose, who, row in _rows(session, space, Order, of_order, firms, alone):
        if counts(row.status) and (row.amount_minor is None or row.amount_minor >= 0):
            seen.bought[whose].append((who, row.at))
    return seen


def _rows(
    session: Session, space: int, kind: Any, columns: Sequence[Any], firms: Sequence[int],
    alone: Sequence[int],
) -> Iterator[tuple[tuple[str, int], int | None, Any]]:  # fmt: skip
    """Deals or orders of these companies and people, each way by its own index."""
    theirs = select(Contact.id).where(Contact.workspace_id == space, Contact.company_id.in_(firms))
    unnamed = (kind.company_id + 0).is_(None)
    ways = []
    if firms:
        ways = [kind.company_id.in_(firms), and_(kind.contact_id.in_(theirs), unnamed)]
    if alone:
        ways.append(and_(kind.contact_id.in_(alone), unnamed))
    person = and_(Contact.workspace_id == kind.workspace_id, Contact.id == kind.contact_id)
    for way in ways:
        query = (
            select(
                kind.contact_id, func.coalesce(kind.company_id, Contact.company_id).label("firm"),
                Contact.private, *columns,
            )
            .select_from(kind)
            .outerjoin(Contact, person)
            .where(kind.workspace_id == space, way)
        )  # fmt: skip
        for row in session.execute(query):
            yield _whose(row.firm, row.contact_id), row.contact_id if row.private else None, row
