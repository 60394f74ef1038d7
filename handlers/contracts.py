"""Contracts that renew: taken down, renewed, cancelled, shown, and listed by when they come up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from handlers.book import Chapter
from handlers.contract_words import card, line
from handlers.finding import due_said
from handlers.orders import customer_in
from handlers.party import Party
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.sums import Amount, Sums
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import MANY, Who, find_who, said_names
from rules.contracts import LONGEST, later, terms_between
from rules.money import Money
from storage import queries
from storage.contracts import CANCELLED, RUNNING
from storage.models import Contract
from storage.renewals import SETTING, contracts_with, look_again

chapter = Chapter(__name__)

YEARLY = 12
SHOWN = 10
"""Contracts of one answer; more are counted."""

COUNTED = 2000
"""Contracts whose worth is added up at most."""

OPENED = 3
"""Of them, how many are one tap away."""

MOST_NOTICE = 365


# --- taken down -----------------------------------------------------------------------------------


@chapter.command("contract.add")
def add(
    turn: Turn,
    who: Party,
    call: Call,
    amount: Money | None = None,
    months: int | None = None,
    renews: str | None = None,
    began: str | None = None,
    contract: int | None = None,
) -> Reply:
    """A contract of a customer; what is told of one that is known already changes it."""
    if months is not None and not 1 <= months <= LONGEST:
        raise Sorry("bad_term")
    known = [] if call.slots.get("another") else _running(turn, who)
    if contract is not None or known:
        row = _one_of(turn, known, contract)
        return _changed(turn, row, amount, months, _day(renews), _day(began))
    if not (months or renews or began):
        raise Ask("ask_renews", "renews", kind="due")
    row = Contract(
        workspace_id=turn.workspace.id,
        contact_id=who.ids["contact"],
        company_id=who.ids["company"],
        months=months or YEARLY,
        renews_on=_first_renewal(turn, months or YEARLY, _day(renews), _day(began)),
        began_on=_day(began),
        status=RUNNING,
        owner_id=turn.member.id,
        created_at=turn.now,
    )
    row.amount = amount
    row.renewals = row.known_renewals = _so_far(row)
    turn.session.add(row)
    turn.session.flush()
    turn.focus(**who.ids)
    notes = () if months else (Line(turn.say("contract_taken_yearly"), quiet=True),)
    title = Title(turn.say("contract_added", name=row.buyer))
    return Reply((title, *card(turn, row), *notes), (turn.undo(), turn.edit()))


def _day(said: str | None) -> date | None:
    return due_said(said).day if said else None


def _first_renewal(turn: Turn, months: int, renews: date | None, began: date | None) -> date:
    """As it was said; else the end of the term that runs today."""
    if renews is not None:
        if renews < turn.today:
            raise Sorry("contract_over_then", day=renews)
        return renews
    first, terms = began or turn.today, 1
    while later(first, months, terms) <= turn.today:
        terms += 1
    return later(first, months, terms)


def _so_far(row: Contract) -> int:
    return terms_between(row.began_on, row.renews_on, row.months) if row.began_on else 0


def _changed(
    turn: Turn,
    row: Contract,
    amount: Money | None,
    months: int | None,
    renews: date | None,
    began: date | None,
) -> Reply:
    if renews is not None and renews < turn.today:
        raise Sorry("contract_over_then", day=renews)
    row.amount = amount or row.amount
    row.months = months or row.months
    row.renews_on = renews or row.renews_on
    if began is not None:
        row.began_on = began
        row.renewals = row.known_renewals = _so_far(row)
    turn.session.flush()
    turn.focus(contact=row.contact_id, company=row.company_id)
    title = Title(turn.say("contract_changed", name=row.buyer))
    again = Call("contract.add", _again(row, amount, months, renews))
    another = Button(turn.say("contract_another_button"), again)
    return Reply((title, *card(turn, row)), (turn.undo(), turn.edit(), another))


def _again(
    row: Contract, amount: Money | None, months: int | None, renews: date | None
) -> dict[str, Any]:
    """The same said of a contract of its own."""
    whom = {"company": row.company_id} if row.company_id else {"contact": row.contact_id}
    told: dict[str, Any] = {**whom, "another": True}
    if amount:
        told |= {"amount": str(amount.amount), "currency": amount.currency}
    told["months"] = months or row.months
    told["renews"] = (renews or row.renews_on).isoformat()
    return told


# --- renewed, cancelled ---------------------------------------------------------------------------


@chapter.command("contract.renew")
def renew(
    turn: Turn,
    call: Call,
    amount: Money | None = None,
    months: int | None = None,
    renews: str | None = None,
) -> Reply:
    """It goes on for another term, perhaps for another sum."""
    row = _meant(turn, call, "contract.renew")
    if months is not None and not 1 <= months <= LONGEST:
        raise Sorry("bad_term")
    until = _day(renews)
    if until is not None and until <= turn.today:
        raise Sorry("contract_over_then", day=until)
    row.months = months or row.months
    row.renew(today=turn.today, until=until)
    row.amount = amount or row.amount
    turn.session.flush()
    turn.focus(contact=row.contact_id, company=row.company_id)
    title = Title(turn.say("contract_renewed", name=row.buyer, day=row.renews_on))
    return Reply((title, *card(turn, row)), (turn.undo(), turn.edit()))


@chapter.command("contract.cancel")
def cancel(turn: Turn, call: Call, reason: str | None = None, on: str | None = None) -> Reply:
    """It is not renewed: the customer is lost by it, unless something else binds them."""
    row = _meant(turn, call, "contract.cancel")
    row.cancel(reason, on=min(_day(on) or turn.today, turn.today))
    turn.session.flush()
    turn.focus(contact=row.contact_id, company=row.company_id)
    title = Title(turn.say("contract_cancelled", name=row.buyer))
    notes = () if reason else (Line(turn.say("contract_why"), quiet=True),)
    return Reply((title, *card(turn, row), *notes), (turn.undo(), turn.edit()))


@chapter.command("contract.remove")
def remove(turn: Turn, contract: int) -> Reply:
    """It was none: undo brings it back."""
    row = turn.record(Contract, contract)
    name = row.buyer
    turn.session.delete(row)
    turn.session.flush()
    return Reply((Title(turn.say("contract_removed", name=name)),), (turn.undo(),))


def _meant(turn: Turn, call: Call, intent: str) -> Contract:
    """The contract that is spoken of: the one that runs; of several, the one that is chosen."""
    number = call.slots.get("contract")
    if isinstance(number, int):
        row = turn.record(Contract, number)
        if not row.is_running and intent == "contract.cancel":
            raise Sorry("contract_over", name=row.buyer, day=row.ended_on or turn.today)
        return row
    who = find_who(turn, call)
    assert who is not None  # noqa: S101 - it asks where nobody is meant
    there = _all_of(turn, who)
    running = [row for row in there if row.is_running]
    if not there:
        raise Sorry("no_contract_of", name=who.name)
    if not running:
        last = max(there, key=lambda row: row.ended_on or date.min)
        if intent == "contract.cancel":
            raise Sorry("contract_over", name=last.buyer, day=last.ended_on or turn.today)
        return last
    return _one_of(turn, running, None)


def _one_of(turn: Turn, running: Sequence[Contract], number: int | None) -> Contract:
    if number is not None:
        return turn.record(Contract, number)
    if len(running) == 1:
        return running[0]
    choices = tuple(Choice(line(turn, row), {"contract": row.id}) for row in running[:MANY])
    raise Ask("ask_which_contract", "contract", choices=choices)


def _all_of(turn: Turn, who: Who) -> list[Contract]:
    customer = customer_in(who)
    return contracts_with(turn.session, turn.workspace.id, customer) if customer else []


def _running(turn: Turn, who: Who) -> list[Contract]:
    return [row for row in _all_of(turn, who) if row.is_running]


# --- looked at ------------------------------------------------------------------------------------


@chapter.command("contract.show")
def show(turn: Turn, call: Call, contract: int | None = None) -> Reply:
    """The contracts of a customer, or one of them in full."""
    if contract is not None:
        return _shown(turn, turn.record(Contract, contract))
    who = find_who(turn, call)
    assert who is not None  # noqa: S101 - it asks where nobody is meant
    rows = sorted(_all_of(turn, who), key=lambda row: (not row.is_running, row.renews_on))
    turn.focus(**who.ids)
    if not rows:
        raise Sorry("no_contract_of", name=who.name)
    if len(rows) == 1:
        return _shown(turn, rows[0])
    title = Title(turn.say("contracts_of", name=who.name, n=len(rows)))
    lines = tuple(line(turn, row) for row in rows[:SHOWN])
    return Reply((title, Items(lines, numbered=True)), tuple(_open(turn, rows)))


def _shown(turn: Turn, row: Contract) -> Reply:
    turn.focus(contact=row.contact_id, company=row.company_id)
    title = Title(turn.say("contract_of", name=row.buyer))
    return Reply((title, *card(turn, row, chance=True)), tuple(_acts(turn, row)))


def _acts(turn: Turn, row: Contract) -> Iterator[Button]:
    if row.is_running:
        yield turn.button("renewed_button", "contract.renew", contract=row.id)
        yield turn.button("cancelled_button", "contract.cancel", contract=row.id)
    edit = Call("edit", {"kind": "contract", "record": row.id})
    yield Button(turn.say("edit_button"), edit, opens_form=True)
    yield turn.button("contract_remove_button", "contract.remove", contract=row.id)


def _open(turn: Turn, rows: Sequence[Contract]) -> Iterator[Button]:
    for row in rows[:OPENED]:
        label = turn.say("contract_open_button", name=row.title or row.buyer)
        yield Button(label, Call("contract.show", {"contract": row.id}))


@chapter.command("contract.list")
def contracts(
    turn: Turn,
    call: Call,
    first: str | None = None,
    last: str | None = None,
    state: str | None = None,
    mine: bool | None = None,
) -> Reply:
    """Contracts by the day on which they renew, or those that were cancelled by when."""
    if said_names(call):
        return show(turn, call)
    gone = state == "cancelled"
    day = Contract.ended_on if gone else Contract.renews_on
    here = select(Contract).where(
        Contract.workspace_id == turn.workspace.id,
        Contract.status == (CANCELLED if gone else RUNNING),
    )
    span = (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
    if span:
        here = here.where(day >= span[0], day <= span[1])
    if mine:
        here = here.where(Contract.owner_id == turn.member.id)
    order = (day.desc() if gone else day, Contract.id)
    rows = turn.session.scalars(here.order_by(*order).limit(COUNTED)).all()
    if not rows:
        raise _none(turn, span, gone=gone)
    return _listed(turn, rows, span, gone=gone)


def _listed(
    turn: Turn, rows: Sequence[Contract], span: tuple[date, date] | None, *, gone: bool
) -> Reply:
    totals = Sums(turn)
    worth = totals.said(
        Amount(Money(row.year_minor, row.currency), turn.today, row.id)
        for row in rows if row.currency and row.amount_minor
    )  # fmt: skip
    key = "contracts_gone" if gone else "contracts_renewing" if span else "contracts_running"
    title = Title(turn.say(key, n=len(rows), when=_when(turn, span)))
    parts: list[Part] = [title]
    if any(row.amount_minor for row in rows):
        parts.append(Line(turn.say("contracts_worth", worth=worth)))
    parts.append(Items(tuple(line(turn, row, named=True) for row in rows[:SHOWN]), numbered=True))
    if len(rows) > SHOWN:
        parts.append(Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True))
    turn.focus(contact=rows[0].contact_id, company=rows[0].company_id)
    return Reply((*parts, *totals.notes), (*_open(turn, rows), *totals.buttons))


def _when(turn: Turn, span: tuple[date, date] | None) -> str:
    if span is None:
        return ""
    first, last = (turn.voice.day(each) for each in span)
    return turn.piece("from_to", first=first, last=last) if first != last else first


def _none(turn: Turn, span: tuple[date, date] | None, *, gone: bool) -> Sorry:
    there = turn.session.scalars(
        select(Contract.id).where(Contract.workspace_id == turn.workspace.id).limit(1)
    ).first()
    if there is None:
        return Sorry("no_contracts_yet")
    everything = (turn.button("contracts_button", "contract.list"),)
    key = "no_contracts_gone" if gone else "no_contracts_then"
    if span is None:
        return Sorry("no_contracts_gone_ever" if gone else "no_contracts_running", everything)
    return Sorry(key, everything, when=_when(turn, span))


# --- when somebody is told ------------------------------------------------------------------------


@chapter.command("contract.notice", role="manager")
def notice(turn: Turn, days: int) -> Reply:
    """How many days before a renewal its owner hears of it, of a contract of a year."""
    if not 1 <= days <= MOST_NOTICE:
        raise Sorry("bad_notice")
    queries.put_setting(turn.session, turn.workspace.id, SETTING, str(days))
    turn.session.flush()
    look_again(turn.session, turn.workspace.id)
    told = turn.say("contract_notice_set", n=days)
    return Reply((Title(told), Line(turn.say("contract_notice_short"), quiet=True)), (turn.undo(),))
