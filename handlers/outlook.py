"""What is to be expected of customers: who is at risk and why, who orders next, who is worth what.

How each figure is reckoned stands in docs/numbers.md, under "Customers at risk" and "What is
expected of a customer".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from handlers import tasks
from handlers.book import Chapter
from handlers.customer import Customer, brought_up_to_date, count, named, of_who
from handlers.outlook_words import about, by_contract, every, how, ids_of, money_of, reasons, rest
from handlers.party import Party
from handlers.reply import Button, Call, Chart, Fields, Items, Line, Part, Point, Reply, Title
from handlers.turn import Turn
from handlers.who import Who
from language.voice import RLM
from rules.calendar import Due
from rules.contracts import AHEAD
from rules.lifetime import YEARS
from storage import queries
from storage.contract_facts import contract_of, since
from storage.models import Member, Outlook
from storage.outlook import WEEKS
from storage.workdays import work_days

chapter = Chapter(__name__)

SHOWN = 10
"""Customers of one answer."""

WHY = 3
"""Of so many of them the reasons are a tap away."""


# --- who is at risk -------------------------------------------------------------------------------


@chapter.command("risk.list")
def at_risk(turn: Turn, owner: Member | None = None, period: str | None = None) -> Reply:
    """Who is at risk, whoever has most to lose first."""
    del period  # who is at risk, is now
    waiting = brought_up_to_date(turn)
    whose = owner.id if owner else None
    here = [Outlook.workspace_id == turn.workspace.id, Outlook.state == "risk"]
    if whose is not None:
        here.append(Outlook.owner_id == whose)
    rows = turn.session.scalars(
        select(Outlook).where(*here).order_by(Outlook.stake_minor.desc()).limit(SHOWN)
    ).all()
    shown = named(turn, rows)
    n = count(turn, "risk", whose)
    notes = tuple(_notes(turn, shown, waiting, whose))
    if not shown:
        key = "nobody_at_risk" if count(turn, "fine") + count(turn, "lost") else "no_purchases_yet"
        return Reply((Line(turn.say(key)), *notes))
    title = turn.say("at_risk_of", n=n, name=owner.name) if owner else turn.say("at_risk", n=n)
    lines = tuple(line_of(turn, each) for each in shown)
    parts: list[Part] = [Title(title), Items(lines, numbered=True)]
    if n > len(shown):
        parts.append(Line(turn.say("and_more", n=n - len(shown)), quiet=True))
    if chart := _map(turn, shown) or _stakes(turn, shown):
        parts.append(chart)
    turn.focus(**ids_of(shown[0]))
    whys = tuple(
        Button(turn.say("why_button", name=each.name), Call("risk.show", each.whom))
        for each in shown[:WHY]
    )
    return Reply((*parts, *notes), (*whys, *_or_mine(turn, owner), how(turn, "risk")))


def line_of(turn: Turn, customer: Customer) -> str:
    """A customer of a list: who, why above all, and whose they are where not the reader's."""
    row = customer.row
    name = turn.voice.apart(customer.name)
    reason = next(reasons(turn, row), "")
    told = f"{name}: {turn.voice.apart(reason)}" if reason else name
    if customer.owner_id not in (None, turn.member.id):
        owner = queries.get(turn.session, Member, turn.workspace.id, customer.owner_id or 0)
        told += f" ({turn.voice.apart(owner.name)})" if owner else ""
    return turn.voice.told(told)


MAPPED = 3
"""Customers from which on a map tells more than a list."""


def _map(turn: Turn, shown: Sequence[Customer]) -> Chart | None:
    """What each is worth in a year, against the chance that they are lost; None where that is not
    known of enough of them."""
    known = [(each, loss) for each in shown if (loss := _loss(each.row)) is not None]
    if len(known) < MAPPED:
        return None
    points = tuple(
        Point(
            each.name,
            max(0, each.row.year_minor or 0) / 100,
            turn.voice.beside(about(turn, each.row.year_minor), f"{loss:.0%}"),
            mark=round(100 * loss, 1),
        )
        for each, loss in known
    )
    return Chart("map", turn.say("map_title"), points, turn.say("map_is", n=WEEKS))


def _loss(row: Outlook) -> float | None:
    """The chance that no order comes within the weeks ahead, or that the contract ends; None by the
    plain rule, which claims none."""
    may_end: float | None = contract_of(row).get("may_end")
    if row.p_buy is None:
        return may_end if may_end is not None and not row.plain else None
    return max(1 - row.p_buy, may_end or 0.0)


def _stakes(turn: Turn, shown: Sequence[Customer]) -> Chart | None:
    """What is at stake with each."""
    points = tuple(
        Point(each.name, each.row.stake_minor / 100, about(turn, each.row.stake_minor))
        for each in shown if each.row.stake_minor > 0
    )  # fmt: skip
    notes = [turn.say("stake_is", n=WEEKS)] if any(each.row.orders for each in shown) else []
    if any(contract_of(each.row).get("year_minor") for each in shown):
        notes.append(turn.say("stake_of_contract"))
    note = " ".join([*notes[:1], *(each.lstrip(RLM) for each in notes[1:])])
    return Chart("leaders", turn.say("stakes_title"), points, note) if len(points) > 1 else None


def _notes(
    turn: Turn, shown: Sequence[Customer], waiting: int, whose: int | None
) -> Iterator[Line]:
    lost = count(turn, "lost", whose)
    if lost:
        yield Line(turn.say("lost_besides", n=lost), quiet=True)
    if any(each.row.plain for each in shown):
        yield Line(turn.say("plain_rule"), quiet=True)
    if waiting:
        yield Line(turn.say("still_looking", n=waiting), quiet=True)


def _or_mine(turn: Turn, owner: Member | None) -> tuple[Button, ...]:
    if owner is not None:
        return (turn.button("risk_all_button", "risk.list"),)
    return (turn.button("risk_mine_button", "risk.list", owner=turn.member.id),)


# --- why, and what is expected --------------------------------------------------------------------


@chapter.command("risk.show")
def why_at_risk(turn: Turn, who: Who) -> Reply:
    """Why somebody is at risk, or that they are not."""
    customer = _customer(turn, who)
    if isinstance(customer, Reply):
        return customer
    row = customer.row
    key = {"risk": "is_at_risk", "lost": "is_lost"}.get(row.state, "is_not_at_risk")
    title = Title(turn.say(key, name=customer.name))
    told = list(reasons(turn, row))
    if row.state != "risk":
        told = list(rest(turn, row))
    parts: tuple[Part, ...] = (Items(tuple(told)),) if told else ()
    return _card(turn, customer, (title, *parts), "risk")


@chapter.command("order.next")
def next_order(turn: Turn, who: Who) -> Reply:
    """When somebody will order again."""
    customer = _customer(turn, who)
    if isinstance(customer, Reply):
        return customer
    row = customer.row
    if row.next_day is None:
        told = turn.say("next_unknown" if row.plain else "next_hardly", name=customer.name)
    elif row.next_day < turn.today:
        told = turn.say("next_was_due", name=customer.name, day=row.next_day)
    else:
        told = turn.say("next_about", name=customer.name, day=row.next_day)
    return _card(turn, customer, (Title(told),), "next")


@chapter.command("value.show")
def worth(turn: Turn, who: Who) -> Reply:
    """What somebody is worth."""
    customer = _customer(turn, who)
    if isinstance(customer, Reply):
        return customer
    row = customer.row
    contract = contract_of(row)
    if "ended" in contract and not row.orders:
        told = turn.say("worth_ended", name=customer.name)
    elif row.value_minor is not None:
        amount = about(turn, row.value_minor)
        told = turn.say("worth_about", name=customer.name, amount=amount, n=YEARS)
    elif row.orders:
        told = turn.say("worth_so_far", name=customer.name, amount=money_of(turn, row.spent_minor))
    else:
        told = turn.say("worth_no_sum", name=customer.name)
    why = tuple(by_contract(turn, row))
    head: tuple[Part, ...] = (Title(told), *((Items(why),) if why else ()))
    return _card(turn, customer, head, "value")


def _customer(turn: Turn, who: Who) -> Customer | Reply:
    turn.focus(**who.ids)
    found = of_who(turn, who)
    if found is None or not (found.row.orders or since(found.row)):
        return Reply((Line(turn.say("never_bought", name=who.name)),))
    return found


def _card(turn: Turn, customer: Customer, head: Sequence[Part], measure: str) -> Reply:
    row = customer.row
    notes = (Line(turn.say("plain_rule"), quiet=True),) if row.plain else ()
    buttons = (*actions(turn, customer), how(turn, measure))
    return Reply((*head, Fields(tuple(_fields(turn, row))), *notes), buttons)


def actions(turn: Turn, customer: Customer) -> tuple[Button, ...]:
    """What helps: a call that is written down, a task for the next working day."""
    return (
        Button(
            turn.say("log_call_button"),
            Call("activity.log", {"kind": "call", **customer.whom}),
            "primary",
        ),
        Button(turn.say("new_task_button"), Call("risk.task", customer.whom)),
    )


@chapter.command("risk.task")
def task(turn: Turn, who: Who) -> Reply:
    """A task about a customer, for the next working day."""
    day = work_days(turn.session, turn.workspace.id).next(turn.today + timedelta(days=1))
    return tasks.add(turn, Party(who.contact, who.company), None, Due(day))


def _fields(turn: Turn, row: Outlook) -> Iterator[tuple[str, str]]:
    facts = contract_of(row)
    if facts.get("year_minor"):
        worth_ = money_of(turn, facts["year_minor"])
        day = date.fromisoformat(facts["renews"])
        yield turn.say("ahead_contract"), turn.say("contract_worth", worth=worth_, day=day)
    if facts.get("may_end"):
        told = turn.say("may_end_within", percent=f"{facts['may_end']:.0%}", n=AHEAD)
        yield turn.say("ahead_may_end"), told
    if row.last_day is not None:
        ago = turn.say("orders_and_last", n=row.orders, day=row.last_day)
        yield turn.say("ahead_orders"), ago
    if row.pause_days and (row.orders > 1 or not row.plain):
        yield turn.say("ahead_pause"), every(turn, row.pause_days)
    if row.state != "risk" and row.next_day is not None and row.next_day >= turn.today:
        yield turn.say("ahead_next"), turn.voice.day(row.next_day)
    if row.p_buy is not None:
        told = turn.say("chance_within", percent=f"{row.p_buy:.0%}", n=WEEKS)
        yield turn.say("ahead_chance"), told
    if row.spend_minor is not None and row.priced:
        yield turn.say("ahead_ahead", n=WEEKS), about(turn, row.spend_minor)
    if row.priced:
        yield turn.say("ahead_spent"), money_of(turn, row.spent_minor)
    if row.value_minor:
        low, high = (about(turn, each) for each in (row.value_low, row.value_high))
        amount = about(turn, row.value_minor)
        yield (
            turn.say("ahead_value", n=YEARS),
            turn.say("value_range", amount=amount, low=low, high=high),
        )
