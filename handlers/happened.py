"""What happened in a time: the answer to "what did we do today?", which writes nothing down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import ColumnElement, Date, func, select

from handlers.activities import KINDS as ACTIVITIES
from handlers.book import Chapter
from handlers.figure_words import called, span_of
from handlers.figure_words import said as span_in_words
from handlers.finding import find_member, is_of_the_team
from handlers.likely import is_known
from handlers.orders import goods_said
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.ticket_card import called as ticket_called
from handlers.turn import Turn
from language.figures.figure import Span
from language.happening import read_happened
from language.sheet import lay_out
from language.voice import RLM
from rules.calendar import day_bounds, period_days
from rules.purchases import counts
from storage import queries
from storage.models import Activity, Deal, Member, Order, Ticket
from storage.people import by_people

chapter = Chapter(__name__)

SHOWN = 12
"""Things that are told one by one; more are counted."""

NAMED = ("today", "yesterday", "week", "last_week", "month", "last_month")
"""Times that are called by their names."""


def happened_asked(turn: Turn, text: str) -> Call | None:
    """Such a question; None for any other message. What a customer did stands on their card."""
    for action in read_happened(lay_out(text), turn.today):
        by = str(action.slots.get("by") or "me")
        if by == "me" or is_of_the_team(turn, by):
            return Call(action.intent, dict(action.slots))
        if is_known(turn, by):
            return Call("contact.show", {"contact": by})
    return None


# --- what can happen ------------------------------------------------------------------------------


def _activity(turn: Turn, row: Activity) -> tuple[str, str | None]:
    about = row.contact or row.company
    kind = turn.piece(f"kind_{row.kind}")
    return kind, turn.voice.beside(about.name if about else None, row.text)


def _deal(word: str) -> Callable[[Turn, Deal], tuple[str, str | None]]:
    def told(turn: Turn, row: Deal) -> tuple[str, str | None]:
        amount = turn.voice.money(row.amount) if row.amount else None
        goods = " ".join(part for part in (row.quantity, row.title) if part)
        why = row.reason if row.status == "lost" else None
        return turn.piece(word), turn.voice.beside(row.buyer, goods, amount, why)

    return told


def _order(turn: Turn, row: Order) -> tuple[str, str | None]:
    amount = turn.voice.money(row.amount) if row.amount else None
    return turn.piece("happened_order"), turn.voice.beside(row.buyer, goods_said(turn, row), amount)


def _ticket(word: str) -> Callable[[Turn, Ticket], tuple[str, str | None]]:
    def told(turn: Turn, row: Ticket) -> tuple[str, str | None]:
        return turn.piece(word, ticket=ticket_called(row)), turn.voice.beside(row.about, row.text)

    return told


@dataclass(frozen=True, slots=True)
class Kind:
    """Things of one kind: their table, when they were and by whom, which of its rows, how one is
    told (what it was, and of whom), and by which column they are counted apart.

    ``when`` is a moment or a day; those of one day are told by the moment of ``at``.
    """

    name: str
    table: Any
    when: Any
    at: Any
    by: Any
    told: Callable[[Turn, Any], tuple[str, str | None]]
    fits: tuple[ColumnElement[bool], ...] = ()
    apart: Any = None

    def within(self, turn: Turn, span: Span, member: Member | None) -> list[ColumnElement[bool]]:
        here = [self.table.workspace_id == turn.workspace.id, *self.fits]
        if member:
            here.append(self.by == member.id)
        first, last = span.first, span.last
        if isinstance(self.when.type, Date):
            return [*here, *([self.when >= first] if first else []),
                    *([self.when <= last] if last else [])]  # fmt: skip
        if first:
            here.append(self.when >= day_bounds(first, first, turn.member.zone)[0])
        if last:
            here.append(self.when < day_bounds(last, last, turn.member.zone)[1])
        return here

    def day(self, turn: Turn, row: Any) -> date:
        if isinstance(self.when.type, Date):
            return cast("date", getattr(row, self.when.key))
        return turn.local_day(getattr(row, self.when.key))


KINDS = (
    Kind("activity", Activity, Activity.on_day, Activity.at, Activity.by_id, _activity,
         (by_people(),), Activity.kind),
    Kind("deal", Deal, Deal.created_at, Deal.created_at, Deal.owner_id, _deal("happened_deal")),
    Kind("won", Deal, Deal.closed_at, Deal.closed_at, Deal.owner_id, _deal("happened_won"),
         (Deal.status == "won",)),
    Kind("lost", Deal, Deal.closed_at, Deal.closed_at, Deal.owner_id, _deal("happened_lost"),
         (Deal.status == "lost",)),
    Kind("order", Order, Order.at, Order.at, Order.owner_id, _order, (), Order.status),
    Kind("ticket", Ticket, Ticket.created_at, Ticket.created_at, Ticket.opened_by,
         _ticket("happened_ticket")),
    Kind("solved", Ticket, Ticket.resolved_at, Ticket.resolved_at, Ticket.resolved_by,
         _ticket("happened_solved"), (Ticket.status == "resolved",)),
)  # fmt: skip


# --- the answer -----------------------------------------------------------------------------------


@chapter.command("event.list")
def happened(
    turn: Turn,
    by: str | None = None,
    what: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> Reply:
    """What happened in some days: how much of what, and the latest; ``what`` asks for one kind
    alone. Where no days are said today is meant, of deals this month."""
    member = find_member(turn, Call("", {"owner": by})) if by else None
    span = span_of(first, last)
    if not (first or last):
        span = Span(*period_days("month" if what else "today", turn.today))
    kinds = [kind for kind in KINDS if what in (None, kind.name)]
    counted = _counted(turn, kinds, span, member)
    when = called(turn, span, NAMED) or span_in_words(turn, span).lstrip(RLM)
    head = turn.piece(f"happened_{what}s" if what else "happened")
    title = Title(turn.voice.beside(head, member.name if member else None, when))
    longer = _longer(turn, span, {"by": by, "what": what})
    if not counted:
        return Reply(
            (title, Line(turn.say("no_deals_then" if what else "happened_nothing"))), longer
        )
    parts: list[Part] = [title, Line(turn.voice.beside(*_in_words(turn, counted)))]
    latest = _latest(turn, kinds, span, member)
    one_day = span.first == span.last
    for day, rows in groupby(latest, key=lambda each: each.day):
        if not one_day:
            parts.append(Line(turn.voice.day(day)))
        parts.append(
            Items(tuple(_line(turn, each, named=member is None, alone=bool(what)) for each in rows))
        )
    if (more := sum(counted.values()) - len(latest)) > 0:
        parts.append(Line(turn.say("and_more", n=more), quiet=True))
    return Reply(tuple(parts), longer)


def _counted(turn: Turn, kinds: Sequence[Kind], span: Span, member: Member | None) -> Counter[str]:
    """How many of each kind; of activities how many calls, meetings, ..."""
    found: Counter[str] = Counter()
    for kind in kinds:
        columns = [kind.apart] if kind.apart is not None else []
        asked = select(*columns, func.count()).select_from(kind.table)
        here = asked.where(*kind.within(turn, span, member)).group_by(*columns)
        for *apart, count in turn.session.execute(here):
            if kind.table is Order and not counts(apart[0]):
                continue
            found[str(apart[0]) if kind.table is Activity else kind.name] += int(count)
    return +found


def _in_words(turn: Turn, counted: Mapping[str, int]) -> Iterator[str]:
    for name in (*ACTIVITIES, *(kind.name for kind in KINDS)):
        if n := counted.get(name):
            yield turn.piece(f"happened_n_{name}", n=n)


@dataclass(frozen=True, slots=True)
class _Event:
    """A row, of which kind it is here, and the day that it counts for."""

    kind: Kind
    row: Any
    day: date

    @property
    def order(self) -> tuple[date, datetime, int]:
        return self.day, getattr(self.row, self.kind.at.key), self.row.id


def _latest(turn: Turn, kinds: Sequence[Kind], span: Span, member: Member | None) -> list[_Event]:
    """The last first. Their numbers are asked for before they are: before others' eyes these leave
    out what is private, as the count does, and the rest can be told there."""
    found = []
    for kind in kinds:
        newest = (kind.when.desc(), kind.at.desc(), kind.table.id.desc())
        here = select(kind.table.id).where(*kind.within(turn, span, member)).order_by(*newest)
        ids = turn.session.scalars(here.limit(SHOWN)).all()
        these = (kind.table.workspace_id == turn.workspace.id, kind.table.id.in_(ids))
        rows = turn.session.scalars(select(kind.table).where(*these)).all() if ids else ()
        found += [
            _Event(kind, row, kind.day(turn, row))
            for row in rows if kind.table is not Order or counts(row.status)
        ]  # fmt: skip
    return sorted(found, key=lambda each: each.order, reverse=True)[:SHOWN]


def _line(turn: Turn, event: _Event, *, named: bool, alone: bool) -> str:
    """``call: Bilal Khan, wants new rates, Ayesha``; ``alone``: what it was goes without saying."""
    turn.shows(event.row)
    what, told = event.kind.told(turn, event.row)
    number = getattr(event.row, event.kind.by.key)
    by = queries.get(turn.session, Member, turn.workspace.id, number) if named and number else None
    told = turn.voice.beside(told, by.name if by else None)
    if alone and told:
        return told
    return turn.voice.told(f"{what}: {told}" if told else what)


def _longer(turn: Turn, span: Span, asked: Mapping[str, str | None]) -> tuple[Button, ...]:
    """The week after a day, the month after anything within it."""
    more = {name: said for name, said in asked.items() if said}
    for period in ("week", "month"):
        first, last = period_days(period, turn.today)
        within = span.first and span.last and first <= span.first <= span.last <= last
        if within and (span.first, span.last) != (first, last):
            slots = {"first": first.isoformat(), "last": last.isoformat(), **more}
            return (Button(turn.say(f"period_{period}"), Call("event.list", slots)),)
    return ()
