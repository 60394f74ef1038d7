"""Deals: add, move, win, lose, change, list."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from handlers import meanwhile, wins
from handlers.book import Chapter
from handlers.finding import LARGEST, deal_line
from handlers.party import Party
from handlers.pipeline import ask_stage, stage_keys, stage_meant, stage_name
from handlers.reply import Button, Call, Fields, Items, Line, Part, Reply, Title
from handlers.stats import days_of
from handlers.turn import Sorry, Turn
from rules.calendar import Due
from rules.money import Money
from rules.pipeline import stage_after
from storage.models import Deal, Member

chapter = Chapter(__name__)

SHOWN = 15
"""Deals in one answer; more are counted."""

SHOWN_ON_CARD = (
    "contact_id", "company_id", "title", "quantity", "amount_minor", "status", "reason",
)  # fmt: skip
"""What a card tells of a deal; of an open one also where it stands."""


@chapter.command("deal.add")
def add(
    turn: Turn,
    who: Party,
    text: str | None = None,
    amount: Money | None = None,
    quantity: float | None = None,
    stage: str | None = None,
    close: Due | None = None,
    won: bool | None = None,
) -> Reply:
    """A sale begins. ``won``: it is told only now that it is won already."""
    keys = stage_keys(turn)
    deal = Deal(
        workspace_id=turn.workspace.id,
        title=text[:300] if text else None,
        contact_id=who.ids["contact"],
        company_id=who.ids["company"],
        quantity=_counted(quantity),
        stage=stage if stage in keys else keys[0],
        status="open",
        close_day=close.day if close else None,
        owner_id=turn.member.id,
        created_at=turn.now,
    )
    deal.amount = amount
    turn.session.add(deal)
    deal.move(deal.stage, by=turn.member.id, at=turn.now)
    if won:
        deal.win(amount, by=turn.member.id, at=turn.now)
    turn.session.flush()
    if won:
        wins.tell_of(turn, deal)
    turn.focus(deal=deal.id, **who.ids)
    key = "won" if won else "deal_added"
    return Reply((Title(turn.say(key, name=deal.buyer)), *_card(turn, deal)), _after(turn))


def _counted(quantity: float | None) -> str | None:
    """``40`` or ``2.5``, never ``1e+06``; nothing for what counts nothing."""
    try:
        exact = round(Decimal(str(quantity or 0)), 3)
        return f"{exact:f}".rstrip("0").rstrip(".") if 0 < exact < LARGEST else None
    except (ArithmeticError, ValueError):
        return None


def _after(turn: Turn) -> tuple[Button, ...]:
    return (turn.undo(), turn.edit())


def _card(turn: Turn, deal: Deal) -> list[Part]:
    stands = ("stage", "close_day") if deal.is_open else ()
    turn.shows(deal, *SHOWN_ON_CARD, *stands)
    person = deal.contact.name if deal.contact and deal.company else None
    stage = stage_name(turn, deal.stage if deal.is_open else deal.status)
    rows: list[tuple[str, str | None]] = [
        ("contact", person),
        ("goods", " ".join(part for part in (deal.quantity, deal.title) if part)),
        ("amount", turn.voice.exact_money(deal.amount) if deal.amount else None),
        ("stage", stage),
        ("close", turn.voice.day(deal.close_day) if deal.close_day and deal.is_open else None),
        ("reason", deal.reason),
    ]
    return [Fields(tuple((turn.say(f"field_{name}"), value) for name, value in rows if value))]


@chapter.command("deal.move")
def move(
    turn: Turn, deal: Deal, call: Call, stage: str | None = None, again: bool | None = None
) -> Reply:
    """To a stage, or to the ``next`` one. ``again``: it is open again, whoever closed it."""
    told = stage if stage in stage_keys(turn) else deal.stage
    _must_be_open(turn, deal, call, again=again, status="open", stage=str(told))
    if stage is None:
        raise ask_stage(turn, without=deal.stage)
    to = stage_after(deal.stage, stage_keys(turn)) if stage == "next" else stage
    if to is None:
        raise Sorry(
            "last_stage", (_win_button(turn, deal), _lose_button(turn, deal)), name=deal.buyer
        )
    to = stage_meant(turn, to).key
    if to == deal.stage and not again:
        raise Sorry("already_there", name=deal.buyer, stage=stage_name(turn, to))
    before = deal.stage
    deal.move(to, by=turn.member.id, at=turn.now)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    title = turn.say(
        "moved", name=deal.buyer, before=stage_name(turn, before), stage=stage_name(turn, to)
    )
    return Reply((Title(title), *_card(turn, deal)), _after(turn))


def _must_be_open(turn: Turn, deal: Deal, call: Call, *, again: bool | None, **wanted: str) -> None:
    """Asks where a colleague has closed it otherwise meanwhile. Sorry where it is closed."""
    if deal.is_open:
        return
    if again:
        deal.reopen()
        return
    question = meanwhile.won_or_lost(turn, call, deal, **wanted)
    if question and deal.status != wanted["status"]:
        raise question
    raise Sorry("deal_closed", name=deal.buyer, status=stage_name(turn, deal.status))


def _win_button(turn: Turn, deal: Deal) -> Button:
    return Button(turn.say("won_button"), Call("deal.win", {"deal": deal.id}), "primary")


def _lose_button(turn: Turn, deal: Deal) -> Button:
    return Button(turn.say("lost_button"), Call("deal.lose", {"deal": deal.id}))


@chapter.command("deal.win")
def win(
    turn: Turn,
    deal: Deal,
    call: Call,
    amount: Money | None = None,
    again: bool | None = None,
) -> Reply:
    """A deal is won: it leaves the pipeline and its buyer becomes a customer."""
    if deal.status == "won" and amount and amount != deal.amount and meanwhile.closed(turn, deal):
        return update(turn, deal, amount)
    _must_be_open(turn, deal, call, again=again, status="won")
    deal.win(amount or deal.amount, by=turn.member.id, at=turn.now)
    wins.tell_of(turn, deal)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    parts: list[Part] = [Title(turn.say("won", name=deal.buyer)), *_card(turn, deal)]
    if deal.amount is None:
        parts.append(Line(turn.say("won_without_amount"), quiet=True))
    return Reply(tuple(parts), _after(turn))


@chapter.command("deal.lose")
def lose(
    turn: Turn, deal: Deal, call: Call, reason: str | None = None, again: bool | None = None
) -> Reply:
    """A deal is lost; the reason is worth gold later."""
    _must_be_open(turn, deal, call, again=again, status="lost")
    deal.lose(reason, by=turn.member.id, at=turn.now)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    return Reply((Title(turn.say("lost", name=deal.buyer)), *_card(turn, deal)), _after(turn))


@chapter.command("deal.update")
def update(turn: Turn, deal: Deal, amount: Money | None = None, close: Due | None = None) -> Reply:
    """Another sum, or another day on which it should close."""
    if amount is None and close is None:
        raise Sorry(
            "update_what",
            (turn.button("show_button", "contact.show", **_who(deal)),),
            name=deal.buyer,
        )
    if amount:
        deal.amount = amount
    if close:
        deal.close_day = close.day
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    title = Title(turn.say("deal_updated", name=deal.buyer))
    return Reply((title, *_card(turn, deal)), _after(turn))


def _who(deal: Deal) -> dict[str, Any]:
    if deal.contact_id:
        return {"contact": deal.contact_id}
    return {"company": deal.company_id}


@chapter.command("deal.list")
def deals(
    turn: Turn,
    stage: str | None = None,
    owner: Member | None = None,
    close_within: str | None = None,
) -> Reply:
    """Open deals, the largest first."""
    query = select(Deal).where(Deal.workspace_id == turn.workspace.id, Deal.status == "open")
    if stage and stage != "next":
        query = query.where(Deal.stage == stage_meant(turn, stage).key)
    if owner:
        query = query.where(Deal.owner_id == owner.id)
    if close_within:
        _, last = days_of(turn, close_within)
        query = query.where(Deal.close_day >= turn.today - timedelta(days=90))
        query = query.where(Deal.close_day <= last)
    order = (Deal.amount_minor.is_(None), Deal.amount_minor.desc(), Deal.id.desc())
    rows = turn.session.scalars(query.order_by(*order).limit(500)).all()
    if not rows:
        narrowed = stage or owner or close_within
        raise Sorry(
            "no_deals_like_that" if narrowed else "no_deals_yet",
            (turn.button("pipeline_button", "stats.show", metric="pipeline"),) if narrowed else (),
        )
    lines = tuple(deal_line(turn, deal) for deal in rows[:SHOWN])
    more = [Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True)] if rows[SHOWN:] else []
    return Reply((Title(turn.say("open_deals", n=len(rows))), Items(lines), *more))
