"""Deals: add, move, win, lose, change, list."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from handlers import meanwhile, wins
from handlers.book import Chapter
from handlers.deal_held import (
    Held,
    amount_said,
    goods_of,
    held_by,
    rows_of,
    take_sum,
    total_of,
)
from handlers.deal_lines import put_goods
from handlers.finding import LARGEST, deal_line, sum_said
from handlers.goals import met_now
from handlers.labels import learn, offered
from handlers.narrowed import narrowed_by
from handlers.party import Party
from handlers.pipeline import (
    ask_stage,
    pipeline_meant,
    pipeline_name,
    pipeline_of,
    pipelines,
    stage_keys,
    stage_meant,
    stage_name,
    stage_title,
    way_of,
)
from handlers.pipelines import place_in
from handlers.reply import Button, Call, Fields, Items, Line, Part, Reply, Title
from handlers.stats import days_of
from handlers.sums import worth_here
from handlers.turn import Sorry, Turn
from language.goods import read_goods, told
from rules.calendar import Due
from rules.money import Money
from rules.pipeline import stage_after
from storage.labels import Kind
from storage.models import Deal, LineItem, Member

chapter = Chapter(__name__)

SHOWN = 15
"""Deals in one answer; more are counted."""

LONGEST_REASON = 2000

SHOWN_ON_CARD = (
    "contact_id", "company_id", "title", "quantity", "amount_minor", "status", "reason", "source",
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
    items: list[Any] | None = None,
    pipeline: str | None = None,
) -> Reply:
    """A sale begins. ``won``: it is told only now that it is won already."""
    deal = Deal(
        workspace_id=turn.workspace.id,
        title=text[:300] if text else None,
        contact_id=who.ids["contact"],
        company_id=who.ids["company"],
        quantity=_counted(quantity),
        stage=_first_stage(turn, stage, pipeline),
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
    held = Held(goods_said(turn, deal, items, text))
    if won:
        wins.tell_of(turn, deal)
    turn.focus(deal=deal.id, **who.ids)
    key = "won" if won else "deal_added"
    title = Title(turn.say(key, name=deal.buyer))
    news = _news(turn, deal) if won else ()
    buttons = (*_after(turn), *take_sum(turn, deal, held))
    return Reply((title, *card(turn, deal, held), *news), buttons)


def goods_said(turn: Turn, deal: Deal, items: list[Any] | None, text: str | None) -> list[LineItem]:
    """The lines of a deal that begins: of goods that were told as such, or that are on the price
    list ("200 m denim"). Its amount follows them where none was said."""
    if not items and not (text and deal.quantity):
        return []
    said = items or [told(good) for good in read_goods(f"{deal.quantity} {text}")]
    lines = put_goods(turn, deal, (), said, sure=bool(items))
    deal.follow(total_of(lines))
    turn.session.flush()
    return lines


def _first_stage(turn: Turn, said: str | None, pipeline: str | None) -> str:
    """Where it begins: in the stage that was said, else in the first one of the pipeline."""
    way = pipeline_meant(turn, pipeline).key
    if said in stage_keys(turn):
        return stage_meant(turn, said, pipeline and way, near=way).key
    return stage_keys(turn, way)[0]


def _counted(quantity: float | None) -> str | None:
    """``40`` or ``2.5``, never ``1e+06``; nothing for what counts nothing."""
    try:
        exact = round(Decimal(str(quantity or 0)), 3)
        return f"{exact:f}".rstrip("0").rstrip(".") if 0 < exact < LARGEST else None
    except (ArithmeticError, ValueError):
        return None


def _after(turn: Turn) -> tuple[Button, ...]:
    return (turn.undo(), turn.edit())


def card(turn: Turn, deal: Deal, held: Held | None = None) -> list[Part]:
    """All that a deal holds, of what is known: short, as labelled values, then its goods."""
    held = held or held_by(turn, deal)
    stands = ("stage", "close_day") if deal.is_open else ()
    turn.shows(deal, *SHOWN_ON_CARD, *stands)
    person = deal.contact.name if deal.contact and deal.company else None
    stage = stage_title(turn, deal.stage) if deal.is_open else stage_name(turn, deal.status)
    goods = " ".join(part for part in (deal.quantity, deal.title) if part)
    told = rows_of(turn, deal, held)
    rows: list[tuple[str, str | None]] = [
        ("contact", person),
        ("people", told["people"]),
        ("goods", goods if not held.lines else None),
        ("amount", amount_said(turn, deal)),
        ("stage", stage),
        ("pipeline", _pipeline_told(turn, deal)),
        ("close", turn.voice.day(deal.close_day) if deal.close_day and deal.is_open else None),
        ("next_step", told["next_step"]),
        ("source", told["source"]),
        ("reason", told["reason"]),
    ]
    shown = tuple((turn.say(f"field_{name}"), value) for name, value in rows if value)
    return [Fields(shown), *goods_of(turn, deal, held)]


def _pipeline_told(turn: Turn, deal: Deal) -> str | None:
    """Which one it is in, where there are several."""
    several = len(pipelines(turn)) > 1 and deal.is_open
    return pipeline_name(turn, pipeline_of(turn, deal.stage)) if several else None


@chapter.command("deal.move")
def move(
    turn: Turn,
    deal: Deal,
    call: Call,
    stage: str | None = None,
    again: bool | None = None,
    pipeline: str | None = None,
) -> Reply:
    """To a stage, or to the ``next`` one, or into another ``pipeline``. ``again``: it is open
    again, whoever closed it."""
    told = stage if stage in stage_keys(turn) else deal.stage
    _must_be_open(turn, deal, call, again=again, status="open", stage=str(told))
    own = pipeline_of(turn, deal.stage)
    way = pipeline_meant(turn, pipeline).key if pipeline else None
    if stage is None and way and way != own:
        stage = place_in(turn, deal.stage, way)
    if stage is None:
        raise ask_stage(turn, without=deal.stage, pipeline=way or own)
    to = stage_after(deal.stage, way_of(turn, deal.stage)) if stage == "next" else stage
    if to is None:
        raise Sorry(
            "last_stage", (_win_button(turn, deal), _lose_button(turn, deal)), name=deal.buyer
        )
    to = stage_meant(turn, to, way, near=own, slot="stage").key
    if to == deal.stage and not again:
        raise Sorry("already_there", name=deal.buyer, stage=stage_name(turn, to))
    before = deal.stage
    deal.move(to, by=turn.member.id, at=turn.now)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    return Reply((Title(_moved(turn, deal, before)), *card(turn, deal)), _after(turn))


def _moved(turn: Turn, deal: Deal, before: str) -> str:
    """From where to where, with the pipelines where they are two."""
    own, way = pipeline_of(turn, before), pipeline_of(turn, deal.stage)
    if own == way:
        told = stage_title(turn, before), stage_title(turn, deal.stage)
        return turn.say("moved", name=deal.buyer, before=told[0], stage=told[1])
    came = turn.voice.beside(pipeline_name(turn, own), stage_title(turn, before))
    there = {"pipeline": pipeline_name(turn, way), "stage": stage_title(turn, deal.stage)}
    return turn.say("moved_pipeline", name=deal.buyer, before=came, **there)


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
    reason: str | None = None,
    again: bool | None = None,
) -> Reply:
    """A deal is won: it leaves the pipeline and its buyer becomes a customer."""
    amount = _in_its_own(deal, call, amount)
    if deal.status == "won" and amount and amount != deal.amount and meanwhile.closed(turn, deal):
        return changed(turn, deal, amount)
    _must_be_open(turn, deal, call, again=again, status="won")
    deal.win(amount or deal.amount, by=turn.member.id, at=turn.now)
    if reason:
        because(turn, deal, reason)
    wins.tell_of(turn, deal)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    parts: list[Part] = [Title(turn.say("won", name=deal.buyer)), *card(turn, deal)]
    if deal.amount is None:
        parts.append(Line(turn.say("won_without_amount"), quiet=True))
    parts += _news(turn, deal)
    return _ended(turn, deal, parts)


def _news(turn: Turn, deal: Deal) -> tuple[Line, ...]:
    """Of a deal just won: what one in another currency counts for, and whose goal it meets."""
    turn.session.flush()
    foreign = deal.amount is not None and deal.amount.currency != turn.currency
    return (*(worth_here(turn, deal) if foreign else ()), *met_now(turn, deal.owner_id))


@chapter.command("deal.lose")
def lose(
    turn: Turn, deal: Deal, call: Call, reason: str | None = None, again: bool | None = None
) -> Reply:
    """A deal is lost; the reason is worth gold later."""
    _must_be_open(turn, deal, call, again=again, status="lost")
    deal.lose(None, by=turn.member.id, at=turn.now)
    if reason:
        because(turn, deal, reason)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    return _ended(turn, deal, [Title(turn.say("lost", name=deal.buyer)), *card(turn, deal)])


def because(turn: Turn, deal: Deal, reason: str) -> None:
    """Keep why it ended, as it was said, under what it counts."""
    deal.reason = reason[:LONGEST_REASON]
    label = learn(turn, "won" if deal.status == "won" else "lost", reason)
    deal.reason_id = label.id if label else None


def _ended(turn: Turn, deal: Deal, parts: list[Part]) -> Reply:
    """A deal that ended without a reason: the team's usual ones are a tap away. Why one was lost
    is what is wanted first; one that was won is news, and comes as every card does."""
    if deal.reason:
        return Reply(tuple(parts), _after(turn))
    kind: Kind = "won" if deal.status == "won" else "lost"
    parts.append(Line(turn.say(f"why_{kind}")))
    reasons = tuple(
        Button(name, Call("deal.reason", {"deal": deal.id, "label": key}))
        for key, name in offered(turn, kind)
    )
    other = turn.button("other_reason_button", "deal.reason", deal=deal.id)
    ask, usual = (*reasons, other), _after(turn)
    return Reply(tuple(parts), (*ask, *usual) if kind == "lost" else (*usual, *ask))


def _in_its_own(deal: Deal, call: Call, amount: Money | None) -> Money | None:
    """A sum of which no currency was said is in that of the deal."""
    own = deal.amount.currency if deal.amount else None
    if amount is None or own is None or call.slots.get("currency") or own == amount.currency:
        return amount
    return sum_said(call.slots["amount"], own)


@chapter.command("deal.update")
def update(
    turn: Turn, deal: Deal, call: Call, amount: Money | None = None, close: Due | None = None
) -> Reply:
    """Another sum, or another day on which it should close."""
    return changed(turn, deal, _in_its_own(deal, call, amount), close)


def changed(turn: Turn, deal: Deal, amount: Money | None, close: Due | None = None) -> Reply:
    if amount is None and close is None:
        raise Sorry(
            "update_what",
            (turn.button("show_button", "contact.show", **_who(deal)),),
            name=deal.buyer,
        )
    if amount:
        deal.amount, deal.counted = amount, False
    if close:
        deal.close_day = close.day
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    title, held = Title(turn.say("deal_updated", name=deal.buyer)), held_by(turn, deal)
    return Reply((title, *card(turn, deal, held)), (*_after(turn), *take_sum(turn, deal, held)))


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
    pipeline: str | None = None,
    text: str | None = None,
    top: int | None = None,
) -> Reply:
    """Open deals, the largest first: the ``top`` of them. ``text``: a message that names more than
    the rest says."""
    query = select(Deal).where(Deal.workspace_id == turn.workspace.id, Deal.status == "open")
    names, fitting = narrowed_by(turn, text) if text else ([], [])
    query = query.where(*fitting)
    if stage and stage != "next":
        way = pipeline_meant(turn, pipeline).key if pipeline else None
        query = query.where(Deal.stage == stage_meant(turn, stage, way, slot="stage").key)
    elif pipeline:
        keys = stage_keys(turn, pipeline_meant(turn, pipeline).key)
        query = query.where(Deal.stage.in_(keys))
    if owner:
        query = query.where(Deal.owner_id == owner.id)
    if close_within:
        _, last = days_of(turn, close_within)
        query = query.where(Deal.close_day >= turn.today - timedelta(days=90))
        query = query.where(Deal.close_day <= last)
    order = (Deal.amount_minor.is_(None), Deal.amount_minor.desc(), Deal.id.desc())
    rows = turn.session.scalars(query.order_by(*order).limit(500)).all()
    if not rows:
        narrowed = stage or owner or close_within or names
        raise Sorry(
            "no_deals_like_that" if narrowed else "no_deals_yet",
            (turn.button("pipeline_button", "stats.show", metric="pipeline"),) if narrowed else (),
        )
    shown = max(1, min(top or SHOWN, SHOWN))
    lines = tuple(deal_line(turn, deal) for deal in rows[:shown])
    more = [Line(turn.say("and_more", n=len(rows) - shown), quiet=True)] if rows[shown:] else []
    title = turn.voice.beside(turn.say("open_deals", n=len(rows)), *names)
    return Reply((Title(title), Items(lines), *more))
