"""Figures of tickets: how many, how soon they are answered and settled, how many too late, and how
happy customers are; of a time, a member, a priority, or beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean, median
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from handlers.book import Chapter
from handlers.figure_words import said as span_in_words
from handlers.finding import find_member
from handlers.rates import day_said
from handlers.reply import Button, Call, Fields, Line, Part, Reply, Table, Title
from handlers.ticket_card import member_name, span_said
from handlers.turn import Sorry, Turn
from handlers.who import Who, find_who
from language.figures.figure import Span
from language.voice import RLM
from rules.calendar import day_bounds, period_days
from rules.tickets import PRIORITIES
from storage import queries
from storage.models import Company, Contact, Member, Rating, Ticket
from storage.tickets import OPEN, tickets_of

chapter = Chapter(__name__)

SHOWN = 12
"""Rows of a table."""

_EVER = date(2000, 1, 1)
"""Before there were tickets: "until March" says no day on which it begins."""

AT_ONCE = 500
"""Tickets that one statement asks after."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is counted of a ticket. ``late``: settled, or to be settled, after its time."""

    owner_id: int
    priority: str
    customer: tuple[int | None, int | None]
    opened: bool
    resolved: bool
    late: bool
    answer: int | None
    worked: int


@dataclass(frozen=True, slots=True)
class Score:
    """What is counted of a rating; of one that is of no ticket the priority is not known."""

    owner_id: int | None
    priority: str | None
    customer: tuple[int | None, int | None]
    score: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which days and whom."""

    first: date
    last: date
    when: str
    owner: Member | None = None
    priority: str | None = None
    who: Who | None = None


@chapter.command("ticket.figures")
def figures(
    turn: Turn,
    call: Call,
    measure: str | None = None,
    first: str | None = None,
    last: str | None = None,
    priority: str | None = None,
    group: str | None = None,
) -> Reply:
    """What is asked of tickets, the asked one first; by whom, by priority, by customer."""
    begin, end = period_days("month", turn.today)
    when = turn.piece("period_month")
    if first or last:
        begin, end = day_said(turn, first or str(_EVER)), day_said(turn, last)
        span = Span(begin if first else None, end if last else None)
        when = span_in_words(turn, span).lstrip(RLM)
    owner, who = _whose(turn, call)
    asked = Asked(begin, end, when, owner, priority if priority in PRIORITIES else None, who)
    if group:
        return _beside(turn, asked, group)
    return told(turn, asked, measure)


def of_period(turn: Turn, period: str, owner: Member | None) -> Reply:
    """The same for a period by its name, as ``stats.show`` asks for it."""
    try:
        first, last = period_days(period, turn.today)
    except KeyError:
        raise Sorry("no_such_period") from None
    when = turn.piece(f"period_{period}")
    return told(turn, Asked(first, last, when, owner))


def _whose(turn: Turn, call: Call) -> tuple[Member | None, Who | None]:
    """A member of the team, else a customer, of that name."""
    said = call.slots.get("contact")
    if not said:
        return find_member(turn, call, optional=True), None
    try:
        return find_member(turn, Call("", {"owner": said})), None
    except Sorry:
        return None, find_who(turn, call)


def told(turn: Turn, asked: Asked, measure: str | None = None) -> Reply:
    """All that is counted, in labelled lines; what was asked for leads."""
    rows, scores = _rows(turn, asked), _scores(turn, asked)
    parts = [turn.piece("tickets_metric"), asked.when]
    names = (asked.owner.name if asked.owner else None, asked.who.name if asked.who else None)
    level = turn.piece(f"priority_{asked.priority}") if asked.priority else None
    title = Title(turn.voice.beside(*parts, *names, level))
    fields = _fields(turn, asked, rows, scores)
    led: list[Part] = []
    if measure in fields:
        label, value = fields[measure]
        led = [Line(turn.voice.told(f"{label}: {value}"))]
    return Reply((title, *led, Fields(tuple(fields.values()))), (_how(turn), *_others(turn, asked)))


def _fields(
    turn: Turn, asked: Asked, rows: Sequence[Row], scores: Sequence[Score]
) -> dict[str, tuple[str, str]]:
    """Label and value of each figure, by what it is called here."""
    opened = [row for row in rows if row.opened]
    resolved = [row for row in rows if row.resolved]
    answers = [row.answer for row in opened if row.answer is not None]
    late = sum(row.late for row in opened)
    share = turn.piece("tickets_late_of", late=late, n=len(opened))
    values = {
        "opened": str(len(opened)),
        "resolved": str(len(resolved)),
        "open": str(_open_now(turn, asked)),
        "breaches": share,
        "answer": _spans(turn, answers),
        "solve": _spans(turn, [row.worked for row in resolved]),
        "satisfaction": _satisfaction(turn, scores),
    }
    return {name: (turn.say(f"tickets_{name}_label"), value) for name, value in values.items()}


def _spans(turn: Turn, seconds: Sequence[int]) -> str:
    """The middle one and the average, in working time."""
    if not seconds:
        return "—"
    middle, mean = span_said(turn, median(seconds)), span_said(turn, fmean(seconds))
    return turn.piece("tickets_span", median=middle, mean=mean)


def _satisfaction(turn: Turn, scores: Sequence[Score]) -> str:
    if not scores:
        return "—"
    mean = f"{fmean(each.score for each in scores):.1f}"
    return turn.piece("tickets_satisfaction", mean=mean, n=len(scores))


def _how(turn: Turn) -> Button:
    return turn.button("how_button", "stats.how", measure="tickets")


def _others(turn: Turn, asked: Asked) -> tuple[Button, ...]:
    slots: dict[str, Any] = {"first": str(asked.first), "last": str(asked.last)}
    return (
        Button(
            turn.say("tickets_by_owner_button"), Call("ticket.figures", {**slots, "group": "owner"})
        ),
        turn.button("tickets_button", "ticket.list", state="open"),
    )


# --- beside each other ----------------------------------------------------------------------------


def _beside(turn: Turn, asked: Asked, group: str) -> Reply:
    """A line for each member, priority or customer."""
    key: Callable[[Row | Score], Any] = {
        "owner": lambda each: each.owner_id,
        "priority": lambda each: each.priority,
        "customer": lambda each: each.customer,
    }.get(group, lambda each: each.owner_id)
    rows, scores = _rows(turn, asked), _scores(turn, asked)
    keys = {*map(key, rows), *map(key, scores)} - {None, (None, None)}
    names = {each: _name(turn, group, each) for each in keys}
    order = sorted(keys, key=lambda each: _place(group, each, names[each]))
    lines = []
    for each in order[:SHOWN]:
        mine = [row for row in rows if key(row) == each]
        opened = [row for row in mine if row.opened]
        solved = [row.worked for row in mine if row.resolved]
        given = [score.score for score in scores if key(score) == each]
        lines.append(
            (
                names[each],
                str(len(opened)),
                str(len(solved)),
                str(sum(row.late for row in opened)),
                span_said(turn, median(solved)) if solved else "—",
                f"{fmean(given):.1f}" if given else "—",
            )
        )
    title = Title(turn.voice.beside(turn.piece("tickets_metric"), asked.when))
    if not lines:
        return Reply((title, Line(turn.say("no_tickets_then"))), (_how(turn),))
    heads = (
        f"tickets_by_{group}", "tickets_opened_label", "tickets_resolved_label",
        "tickets_late_label", "tickets_solve_median", "tickets_satisfaction_label",
    )  # fmt: skip
    head = tuple(turn.piece(each) for each in heads)
    more = [Line(turn.say("and_more", n=len(order) - SHOWN), quiet=True)] if order[SHOWN:] else []
    return Reply((title, Table(head, tuple(lines), numeric=(1, 2, 3, 4, 5)), *more), (_how(turn),))


def _name(turn: Turn, group: str, key: Any) -> str:
    if group == "priority":
        return turn.piece(f"priority_{key}")
    if group != "customer":
        return member_name(turn, key)
    contact, company = key
    row = _customer(turn, contact, company)
    return row.name if row else "—"


def _customer(turn: Turn, contact: int | None, company: int | None) -> Contact | Company | None:
    space = turn.workspace.id
    if company is not None:
        return queries.get(turn.session, Company, space, company)
    return queries.get(turn.session, Contact, space, contact)


def _place(group: str, key: Any, name: str) -> tuple[int, str]:
    """Priorities the most urgent first, all else by name."""
    return (-PRIORITIES.index(key) if group == "priority" else 0, name)


# --- what is counted ------------------------------------------------------------------------------


def _rows(turn: Turn, asked: Asked) -> list[Row]:
    """Tickets that were opened or settled on those days."""
    begin, end = day_bounds(asked.first, asked.last, turn.member.zone)
    t = Ticket
    query = select(
        t.owner_id, t.priority, t.contact_id, t.company_id, t.created_at, t.resolved_at,
        t.waiting_since, t.due_at, t.was_late, t.answer_worked, t.worked,
    ).where(
        t.workspace_id == turn.workspace.id,
        or_(
            (t.created_at >= begin) & (t.created_at < end),
            (t.resolved_at >= begin) & (t.resolved_at < end),
        ),
        *_only(turn, asked),
    )  # fmt: skip
    return [_row(turn.now, begin, end, *each) for each in turn.session.execute(query)]


def _row(
    now: datetime, begin: datetime, end: datetime, owner: int, priority: str, contact: int | None,
    company: int | None, created: datetime, resolved: datetime | None, waiting: datetime | None,
    due: datetime, was_late: bool, answer: int | None, worked: int,
) -> Row:  # fmt: skip
    return Row(
        owner,
        priority,
        (None if company else contact, company),
        begin <= created < end,
        resolved is not None and begin <= resolved < end,
        was_late or (resolved or waiting or now) > due,
        answer,
        worked,
    )


def _only(turn: Turn, asked: Asked) -> Iterable[ColumnElement[bool]]:
    if asked.owner:
        yield Ticket.owner_id == asked.owner.id
    if asked.priority:
        yield Ticket.priority == asked.priority
    if asked.who:
        people = [asked.who.contact.id] if asked.who.contact else []
        firms = [asked.who.company.id] if asked.who.company and not asked.who.contact else []
        yield tickets_of(turn.workspace.id, people, firms)


def _open_now(turn: Turn, asked: Asked) -> int:
    query = select(func.count()).select_from(Ticket).where(
        Ticket.workspace_id == turn.workspace.id, Ticket.status.in_(OPEN), *_only(turn, asked)
    )  # fmt: skip
    return int(turn.session.scalar(query) or 0)


def _scores(turn: Turn, asked: Asked) -> list[Score]:
    """What customers were said to be, on those days; whose it counts for is the owner of the
    ticket, else whoever kept it."""
    begin, end = day_bounds(asked.first, asked.last, turn.member.zone)
    query = select(
        Rating.ticket_id, Rating.by_id, Rating.contact_id, Rating.company_id, Rating.score
    ).where(Rating.workspace_id == turn.workspace.id, Rating.at >= begin, Rating.at < end)
    if asked.who and asked.who.contact:
        query = query.where(Rating.contact_id == asked.who.contact.id)
    elif asked.who and asked.who.company:
        query = query.where(Rating.company_id == asked.who.company.id)
    given = turn.session.execute(query).all()
    whose: Mapping[int, tuple[int | None, str | None]] = _of_tickets(
        turn, [row.ticket_id for row in given if row.ticket_id]
    )
    scores = []
    for row in given:
        owner, priority = whose.get(row.ticket_id or 0, (row.by_id, None))
        customer = (None if row.company_id else row.contact_id, row.company_id)
        scores.append(Score(owner, priority, customer, row.score))
    return [
        each
        for each in scores
        if (asked.owner is None or each.owner_id == asked.owner.id)
        and asked.priority in (None, each.priority)
    ]


def _of_tickets(turn: Turn, numbers: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Owner and priority of each: a join would read all tickets there are."""
    found: dict[int, tuple[int, str]] = {}
    for at in range(0, len(numbers), AT_ONCE):
        rows = select(Ticket.id, Ticket.owner_id, Ticket.priority).where(
            Ticket.workspace_id == turn.workspace.id, Ticket.id.in_(numbers[at : at + AT_ONCE])
        )
        found |= {row.id: (row.owner_id, row.priority) for row in turn.session.execute(rows)}
    return found
