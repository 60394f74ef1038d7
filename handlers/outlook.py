"""What is to be expected of customers: who is at risk and why, who orders next, who is worth what.

How each figure is reckoned stands in docs/numbers.md, under "Customers at risk" and "What is
expected of a customer".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from handlers import tasks
from handlers.book import Chapter
from handlers.customer import Customer, brought_up_to_date, count, named, of_who
from handlers.party import Party
from handlers.reply import Button, Call, Chart, Fields, Items, Line, Part, Point, Reply, Title
from handlers.risk_nudges import MONTHLY, WEEKLY
from handlers.turn import Turn
from handlers.who import Who
from rules.calendar import Due
from rules.contracts import AHEAD
from rules.money import Money, digits
from storage import queries
from storage.contract_facts import since
from storage.models import Member, Outlook
from storage.outlook import WEEKS
from storage.workdays import work_days

chapter = Chapter(__name__)

SHOWN = 10
"""Customers of one answer."""

WHY = 3
"""Of so many of them the reasons are a tap away."""

YEARS = 3
"""Years for which the value of a customer is reckoned; ``rules.foresight.prospects.LIFETIME``."""


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
    turn.focus(**_ids(shown[0]))
    whys = tuple(
        Button(turn.say("why_button", name=each.name), Call("risk.show", each.whom))
        for each in shown[:WHY]
    )
    return Reply((*parts, *notes), (*whys, *_or_mine(turn, owner), _how(turn, "risk")))


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
            turn.voice.beside(_about(turn, each.row.year_minor), f"{loss:.0%}"),
            mark=round(100 * loss, 1),
        )
        for each, loss in known
    )
    return Chart("map", turn.say("map_title"), points, turn.say("map_is", n=WEEKS))


def _loss(row: Outlook) -> float | None:
    """The chance that no order comes within the weeks ahead, or that the contract ends; None by the
    plain rule, which claims none."""
    may_end: float | None = ((row.facts or {}).get("contract") or {}).get("may_end")
    if row.p_buy is None:
        return may_end if may_end is not None and not row.plain else None
    return max(1 - row.p_buy, may_end or 0.0)


def _stakes(turn: Turn, shown: Sequence[Customer]) -> Chart | None:
    """What is at stake with each."""
    points = tuple(
        Point(each.name, each.row.stake_minor / 100, _about(turn, each.row.stake_minor))
        for each in shown if each.row.stake_minor > 0
    )  # fmt: skip
    note = turn.say("stake_is", n=WEEKS)
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
        told = list(_rest(turn, row))
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
    if row.value_minor is None:
        told = turn.say("worth_so_far", name=customer.name, amount=_money(turn, row.spent_minor))
    else:
        amount = _about(turn, row.value_minor)
        told = turn.say("worth_about", name=customer.name, amount=amount, n=YEARS)
    return _card(turn, customer, (Title(told),), "value")


def _customer(turn: Turn, who: Who) -> Customer | Reply:
    turn.focus(**who.ids)
    found = of_who(turn, who)
    if found is None or not (found.row.orders or since(found.row)):
        return Reply((Line(turn.say("never_bought", name=who.name)),))
    return found


def _card(turn: Turn, customer: Customer, head: Sequence[Part], measure: str) -> Reply:
    row = customer.row
    notes = (Line(turn.say("plain_rule"), quiet=True),) if row.plain else ()
    buttons = (*actions(turn, customer), _how(turn, measure))
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
    facts = (row.facts or {}).get("contract") or {}
    if facts.get("year_minor"):
        worth_ = _money(turn, facts["year_minor"])
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
        yield turn.say("ahead_ahead", n=WEEKS), _about(turn, row.spend_minor)
    if row.priced:
        yield turn.say("ahead_spent"), _money(turn, row.spent_minor)
    if row.value_minor is not None and row.priced:
        low, high = (_about(turn, each) for each in (row.value_low, row.value_high))
        amount = _about(turn, row.value_minor)
        yield (
            turn.say("ahead_value", n=YEARS),
            turn.say("value_range", amount=amount, low=low, high=high),
        )


# --- who is worth most ----------------------------------------------------------------------------


def most_valuable(turn: Turn, _period: str, owner: Member | None) -> Reply:
    """The customers who will bring most yet; by what they brought, where nothing is learned."""
    waiting = brought_up_to_date(turn)
    here = [Outlook.workspace_id == turn.workspace.id, Outlook.orders > 0]
    if owner is not None:
        here.append(Outlook.owner_id == owner.id)
    learned = turn.session.scalars(
        select(Outlook).where(*here, Outlook.value_minor.is_not(None))
        .order_by(Outlook.value_minor.desc()).limit(SHOWN)
    ).all()  # fmt: skip
    plain = not learned
    rows = (
        learned
        or turn.session.scalars(
            select(Outlook).where(*here).order_by(Outlook.spent_minor.desc()).limit(SHOWN)
        ).all()
    )
    shown = [each for each in named(turn, rows) if each.row.priced]
    notes = [Line(turn.say("still_looking", n=waiting), quiet=True)] if waiting else []
    if not shown:
        return Reply((Line(turn.say("no_purchases_yet")), *notes))
    title = turn.say("most_bought" if plain else "most_valuable", n=YEARS)
    points = tuple(_valued(turn, each, plain=plain) for each in shown)
    note = turn.say("plain_value" if plain else "value_is")
    turn.focus(**_ids(shown[0]))
    return Reply(
        (Title(title), Chart("leaders", title, points, note), *notes), (_how(turn, "value"),)
    )


def _valued(turn: Turn, customer: Customer, *, plain: bool) -> Point:
    row = customer.row
    minor = row.spent_minor if plain else row.value_minor or 0
    said = _money(turn, minor) if plain else _about(turn, minor)
    if not plain:
        low, high = (_about(turn, each) for each in (row.value_low, row.value_high))
        said = turn.say("value_range", amount=said, low=low, high=high).lstrip("\u200f")
    return Point(customer.name, minor / 100, said)


# --- in words -------------------------------------------------------------------------------------


def reasons(turn: Turn, row: Outlook) -> Iterator[str]:
    """Why a customer is at risk, the weightiest first."""
    for sign in row.evidence or ():
        yield reason(turn, sign)


def reason(turn: Turn, sign: dict[str, Any]) -> str:
    """One sign in a sentence."""
    told: dict[str, Any] = dict(sign["told"])
    key = f"risk_{sign['kind']}"
    if "day" in told:
        told["day"] = date.fromisoformat(told["day"])
    if "learned" in told:
        key += "" if told.pop("learned") else "_plain"
        told["percent"] = f"{told['percent']}%"
    if "pause" in told:
        told["silence"] = time_of(turn, (turn.today - told["day"]).days)
        told["every"] = every(turn, told["pause"])
        told["pause"] = time_of(turn, told["pause"])
        key += "" if told.pop("own") or sign["kind"] == "once" else "_pooled"
    for name in ("recent", "before"):
        if name in told:
            told[name] = _about(turn, told[name])
    return turn.say(key, **told)


def _rest(turn: Turn, row: Outlook) -> Iterator[str]:
    """How somebody stands who is not at risk."""
    facts = (row.facts or {}).get("contract") or {}
    if "ended" in facts:
        key = "risk_ended_because" if facts.get("reason") else "risk_ended"
        day = date.fromisoformat(facts["ended"])
        yield turn.say(key, day=day, reason=facts.get("reason") or "")
    elif "renews" in facts:
        yield turn.say("risk_renews", day=date.fromisoformat(facts["renews"]))
    if row.last_day is None:
        return
    silence = time_of(turn, max(0, (turn.today - row.last_day).days))
    if row.orders > 1 and row.pause_days:
        yield turn.say("silent_for", silence=silence, every=every(turn, row.pause_days))
    if row.state == "lost" and "ended" not in facts:
        yield turn.say("counts_as_lost")
    touched = (row.facts or {}).get("touched")
    if touched and row.state == "fine":
        yield turn.say("touched_on", day=date.fromisoformat(touched))


def every(turn: Turn, days: float) -> str:
    """``every 3 weeks``."""
    return _counted(turn, "every", days)


def time_of(turn: Turn, days: float) -> str:
    """``6 weeks``."""
    return _counted(turn, "time", days)


def _counted(turn: Turn, what: str, days: float) -> str:
    if days < WEEKLY:
        unit, n = "days", round(days)
    elif days < MONTHLY:
        unit, n = "weeks", round(days / 7)
    else:
        unit, n = "months", round(days / 30.44)
    return turn.say(f"{what}_{unit}", n=max(n, 0 if what == "time" else 1)).lstrip("\u200f")


def _money(turn: Turn, minor: int) -> str:
    return turn.voice.money(Money(minor, turn.currency))


def _about(turn: Turn, minor: int | None) -> str:
    """A sum that is foreseen: more digits than three would claim too much."""
    whole = 10 ** digits(turn.currency)
    told = (minor or 0) / whole
    if told:
        told = round(told, 2 - math.floor(math.log10(abs(told))))
    return _money(turn, round(told) * whole if abs(told) >= 1 else 0)


def _ids(customer: Customer) -> dict[str, int | None]:
    row = customer.row
    return {"company": row.company_id or None, "contact": row.contact_id or None}


def _how(turn: Turn, measure: str) -> Button:
    return turn.button("how_button", "stats.how", measure=measure)
