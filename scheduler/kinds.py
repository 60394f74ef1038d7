"""How each kind of nudge is looked up again when it is told: whether it still holds, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, func, select

from handlers.deal_nudges import deal_case
from handlers.duplicates import listed
from handlers.goal_words import standing
from handlers.goals import news_of
from handlers.looking import looked
from handlers.ratings import how_happy
from handlers.renewal_nudges import renewal_case
from handlers.reply import Reply, Title
from handlers.ticket_news import news_of_ticket
from handlers.turn import Turn
from rules.attention import KINDS as DEALS
from rules.attention import findings
from rules.nudging import KINDS, Case
from scheduler.drawing import may_be_told
from storage import queries
from storage.attention import habits, standings
from storage.models import (
    Activity,
    Company,
    Contact,
    Contract,
    Deal,
    Goal,
    Nudge,
    Order,
    Outlook,
    Ticket,
)
from storage.privacy import seeing
from storage.raising import Subject, case_of, holds, subject_of
from storage.ratings import is_rated
from storage.ticket_nudges import occasion


@dataclass(frozen=True)
class Telling:
    """A nudge that holds: whom it is ``about``, and why. ``reply``: what a kind draws by itself."""

    nudge: Nudge
    case: Case
    about: Subject | None = None
    reply: Reply | None = None


Way: TypeAlias = Callable[[Turn, Sequence[Nudge]], Iterator[Telling]]
"""Of nudges of one member, those that hold now. What is not given is over."""


def of_deals(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """A deal is looked at anew: it is open, still theirs, and the same finding stands."""
    deals = {
        number: each
        for number, each in _theirs(turn, rows, Deal).items()
        if isinstance(each, Deal) and each.is_open
    }
    whose = list({deal.id: deal for deal in deals.values()}.values())
    known = habits(turn.session, turn.workspace.id, turn.now)
    stand = standings(turn.session, turn.workspace.id, whose, turn.member.zone)
    day = turn.today
    if turn.local.time() < turn.member.morning:
        day -= timedelta(days=1)  # what is due on a day is due from its morning on
    found = {number: findings(each, known, day) for number, each in stand.items()}
    told: set[int] = set()
    for row in sorted(rows, key=lambda row: list(KINDS).index(row.kind)):
        deal = deals.get(row.id)
        here = found.get(deal.id, []) if deal else []
        held = [each for each in here if (each.kind, each.cause) == (row.kind, row.occasion)]
        if deal and held:
            others = here if deal.id not in told else ()
            told.add(deal.id)
            yield Telling(row, deal_case(turn, deal, held[0], others), deal)


def of_customers(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """A customer who is still theirs, and with whom nothing happened since it was raised: whoever
    called them, or wrote down an order, has done it."""
    theirs = {
        number: each
        for number, each in _theirs(turn, rows, Contact, Company).items()
        if not isinstance(each, Deal)
    }
    heard = _heard(turn, list(theirs.values()))
    for row in rows:
        about = theirs.get(row.id)
        if about is None:
            continue
        last = heard.get((about.__tablename__, about.id))
        if last is None or last <= row.raised_at:
            yield Telling(row, case_of(row), about)


def of_risks(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """A customer with whom nothing happened, and who was not judged otherwise meanwhile."""
    return of_customers(turn, [row for row in rows if _state(turn, row) not in ("fine", "lost")])


def _state(turn: Turn, row: Nudge) -> str:
    name, _, number = row.subject.partition(":")
    of_company = name == "company"
    key = (int(number), 0) if of_company else (0, int(number))
    outlook = turn.session.get(Outlook, (turn.workspace.id, *key))
    return outlook.state if outlook else ""


def of_renewals(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """A contract that runs and was not renewed since; a call alone does not renew it. One that is
    no contract's is a customer's like others."""
    agreed = [row for row in rows if row.occasion.startswith("contract ")]
    yield from of_customers(turn, [row for row in rows if row not in agreed])
    theirs = _theirs(turn, agreed, Contact, Company)
    for row in agreed:
        about = theirs.get(row.id)
        _, number, day = row.occasion.split()
        contract = queries.get(turn.session, Contract, turn.workspace.id, int(number))
        if about is None or isinstance(about, Deal) or contract is None:
            continue
        if contract.is_running and contract.renews_on.isoformat() == day:
            yield Telling(row, renewal_case(turn, contract), about)


def of_birthdays(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """One that is not over yet."""
    return of_customers(
        turn, [row for row in rows if date.fromisoformat(row.occasion) >= turn.today]
    )


def of_goals(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """A goal that stands, and, where it is told that it slips, does so yet."""
    for row in rows:
        goal = queries.get(turn.session, Goal, turn.workspace.id, int(row.subject))
        if goal is None or not goal.active:
            continue
        period, news = row.occasion.split()[:2]
        with seeing(turn.session, turn.member, alone=True):
            judged = standing(turn, goal, date.fromisoformat(period))  # as they see it
            if news == "slips" and judged.pace.state != "behind":
                continue
            reply = news_of(turn, judged, f"goal_{news}")
        yield Telling(row, case_of(row), reply=reply)


def of_tidying(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """Somebody is in twice yet; of several weeks the last one is told."""
    for row in sorted(rows, key=lambda row: row.occasion)[-1:]:
        with seeing(turn.session, turn.member, alone=True):
            reply = listed(turn)
        if turn.member.may("manager") and turn.member.tidy_at and reply.parts:
            yield Telling(row, case_of(row), reply=reply)


def of_looking(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """How Rabta was used, as it is now; of several months the last one is told."""
    for row in sorted(rows, key=lambda row: row.occasion)[-1:]:
        if turn.member.may("manager"):
            yield Telling(row, case_of(row), reply=looked(turn))


def of_tickets(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """A ticket that stands so yet: whose time runs out or is over, that is theirs, that is
    settled. What is late is told once, not also that it will be; nobody hears of another's private
    contact."""
    for row in rows:
        ticket = subject_of(turn.session, row)
        if not isinstance(ticket, Ticket) or not holds(ticket, row):
            continue
        if row.kind in ("ticket_due", "ticket_late"):
            is_late = turn.now >= ticket.due_at
            if is_late != (row.kind == "ticket_late") or row.occasion != occasion(ticket):
                continue
        if may_be_told(turn.member, ticket):
            yield Telling(row, case_of(row), ticket, news_of_ticket(turn, ticket, row))


def of_sales(turn: Turn, rows: Sequence[Nudge]) -> Iterator[Telling]:
    """An order or won deal of which nobody has said yet how happy the customer is with it."""
    for row in rows:
        about = subject_of(turn.session, row)
        if not isinstance(about, Deal | Order) or about.owner_id != row.member_id:
            continue
        name = row.subject.partition(":")[0]
        if is_rated(turn.session, about) or (isinstance(about, Deal) and about.status != "won"):
            continue
        question, scores = how_happy(turn, name=about.buyer, **{name: about.id})
        yield Telling(row, case_of(row), about, Reply((Title(question.text),), scores))


WAYS: dict[str, Way] = {
    **dict.fromkeys(DEALS, of_deals),
    **dict.fromkeys(("ticket_late", "ticket_due", "ticket_given", "ticket_done"), of_tickets),
    "rating": of_sales,
    "at_risk": of_risks,
    "next_order": of_customers,
    "renewal": of_renewals,
    "check_in": of_customers,
    "loyalty": of_customers,
    "birthday": of_birthdays,
    "goal": of_goals,
    "tidy": of_tidying,
    "look": of_looking,
}
"""By kind. What can be judged better than by "nothing happened since" has a way of its own."""


def _theirs(turn: Turn, rows: Sequence[Nudge], *kinds: type[Subject]) -> dict[int, Any]:
    """Whom nudges are about, by the nudge; not what is somebody else's by now."""
    found: dict[int, Any] = {}
    for row in rows:
        about = subject_of(turn.session, row)
        if isinstance(about, kinds) and about.owner_id in (None, row.member_id):
            found[row.id] = about
    return found


def _heard(turn: Turn, rows: Iterable[Contact | Company]) -> dict[tuple[str, int], datetime]:
    """When each was last spoken with or ordered something; a company's people count for it."""
    found: dict[tuple[str, int], datetime] = {}
    people, companies = _ids(rows, Contact), _ids(rows, Company)
    space = turn.workspace.id
    for kind in (Activity, Order):
        here = kind.workspace_id == space
        looks: tuple[Select[int | None, datetime], ...] = (
            select(kind.contact_id, func.max(kind.at)).where(here, kind.contact_id.in_(people)),
            select(kind.company_id, func.max(kind.at)).where(here, kind.company_id.in_(companies)),
            select(Contact.company_id, func.max(kind.at))
            .join(kind, and_(kind.workspace_id == space, kind.contact_id == Contact.id))
            .where(Contact.workspace_id == space, Contact.company_id.in_(companies)),
        )
        for name, look in zip(("contact", "company", "company"), looks, strict=True):
            for number, at in turn.session.execute(look.group_by(look.selected_columns[0])):
                key = (name, int(number or 0))
                found[key] = max(at, found.get(key, at))
    return found


def _ids(rows: Iterable[Contact | Company], kind: type[Contact | Company]) -> set[int]:
    return {row.id for row in rows if isinstance(row, kind)}
