"""Deals that need their seller: why, and what helps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from handlers import contacts, deals, tasks
from handlers.book import Chapter
from handlers.finding import deal_line, due_said
from handlers.nudge_letter import line, said
from handlers.party import Party
from handlers.pipeline import all_stages, stage_name
from handlers.reply import Call, Items, Line, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from language.values import read_due
from language.voice import RLM
from rules.attention import Finding, Kind, findings
from rules.calendar import Due
from rules.money import Money
from rules.nudging import Case, Offer, Told
from storage.attention import habits, standings
from storage.models import Deal

chapter = Chapter(__name__)

SHOWN = 10
"""Deals of one answer."""

LOOKED_AT = 200
"""Open deals of a member that are looked at for it, the largest."""


# --- why a deal needs somebody --------------------------------------------------------------------


def deal_case(turn: Turn, deal: Deal, finding: Finding, others: Sequence[Finding] = ()) -> Case:
    """Why a deal needs its seller, and the likeliest thing to do first; ``others``: what else
    there is to tell of it."""
    found = [finding, *(each for each in others if each is not finding)]
    return Case(
        tuple(because(turn, each) for each in found),
        tuple(_offers(deal, finding.kind)),
        *_at_stake(turn, deal),
    )


def because(turn: Turn, finding: Finding) -> Told:
    """The evidence."""
    told: dict[str, Any] = dict(finding.told)
    key = f"because_{finding.kind}"
    if finding.kind == "silent":
        key += "_own" if told.pop("own") else ""
        told["stage"] = stage_name(turn, told["stage"]).lstrip(RLM)
    if finding.kind == "one_contact":
        currency = told.pop("currency")
        told["amount"] = Money(told.pop("minor"), currency)
        told["usual"] = Money(told["usual"], currency)
        key += "" if told["n"] else "_none"
    return Told(key, told)


def _at_stake(turn: Turn, deal: Deal) -> tuple[int, float]:
    """What a deal may bring, in minor units of the workspace's currency, and how likely; in another
    one it is not compared."""
    if deal.amount_minor is None or deal.currency != turn.currency:
        return 0, 0.0
    stage = next((each for each in all_stages(turn) if each.key == deal.stage), None)
    return deal.amount_minor, (stage.probability if stage else 0) / 100


def expected_worth(turn: Turn, deal: Deal) -> float:
    minor, chance = _at_stake(turn, deal)
    return minor * chance


def _offers(deal: Deal, kind: Kind) -> Iterator[Offer]:
    """What helps, the likeliest first."""
    names = {
        "close_past": ("close", "won", "lost"),
        "silent": ("call", "step", "lost"),
        "slipped": ("call", "close", "lost"),
        "one_contact": ("person", "call"),
        "no_step": ("step", "call"),
    }[kind]
    for name in names:
        if offer := _offer(deal, name):
            yield offer


def _offer(deal: Deal, name: str) -> Offer | None:
    who = {"contact": deal.contact_id, "company": deal.company_id}
    whom = {key: number for key, number in who.items() if number}
    match name:
        case "call" if whom:
            return Offer("log_call_button", "activity.log", {"kind": "call", **whom})
        case "step" if whom:
            return Offer("add_step_button", "deal.step", {"deal": deal.id})
        case "close":
            return Offer("move_close_button", "deal.postpone", {"deal": deal.id})
        case "person" if deal.company_id:
            return Offer("add_somebody_button", "deal.person", {"deal": deal.id})
        case "person" if deal.contact_id:
            slots = {"contact": deal.contact_id, "field": "company"}
            return Offer("add_company_button", "tidy.add", slots)
        case "won":
            return Offer("won_button", "deal.win", {"deal": deal.id})
        case "lost":
            return Offer("lost_button", "deal.lose", {"deal": deal.id})
    return None


# --- what a tap does ------------------------------------------------------------------------------


@chapter.command("deal.postpone")
def postpone(turn: Turn, deal: Deal, close: Due | None = None) -> Reply:
    """Another closing day; asked for where none was said."""
    if not deal.is_open:
        raise Sorry("deal_closed", name=deal.buyer, status=stage_name(turn, deal.status))
    if close is None:
        raise Ask("ask_close", "close", kind="close", choices=tuple(_days(turn)), name=deal.buyer)
    return deals.changed(turn, deal, None, close)


def _days(turn: Turn) -> Iterator[Choice]:
    month_end = turn.today + relativedelta(day=31)
    for day in sorted({turn.today + timedelta(days=7), month_end, turn.today + timedelta(days=30)}):
        if day > turn.today:
            yield Choice(turn.voice.day(day), {"close": day.isoformat()})


@chapter.command("deal.step")
def step(turn: Turn, deal: Deal, text: str | None = None) -> Reply:
    """The next step of a deal: a task about whoever it is with."""
    if text is None:
        raise Ask("ask_step", "text", kind="words", choices=tuple(_steps(turn)), name=deal.buyer)
    due = read_due(text, turn.local)
    return tasks.add(turn, Party(deal.contact, deal.company), text, due_said(due) if due else None)


def _steps(turn: Turn) -> Iterator[Choice]:
    for key in ("step_call", "step_meet"):
        said = turn.piece(key)
        yield Choice(said, {"text": said})


@chapter.command("deal.person")
def person(turn: Turn, deal: Deal, contact: str | None = None) -> Reply:
    """Somebody more at the company of a deal."""
    if not contact:
        raise Ask("ask_name", "contact", kind="words")
    slots = {"contact": contact, "company": deal.company_id}
    return contacts.add(turn, Call("contact.add", slots))


# --- what a member may ask ------------------------------------------------------------------------


@chapter.command("nudge.deals")
def needing(turn: Turn) -> Reply:
    """The member's deals that need them now, the worthiest first."""
    mine = (
        select(Deal)
        .where(Deal.workspace_id == turn.workspace.id, Deal.status == "open")
        .where(Deal.owner_id == turn.member.id)
        .order_by(Deal.amount_minor.is_(None), Deal.amount_minor.desc(), Deal.id.desc())
        .limit(LOOKED_AT)
    )
    rows = turn.session.scalars(mine).all()
    known = habits(turn.session, turn.workspace.id, turn.now)
    stand = standings(turn.session, turn.workspace.id, rows, turn.member.zone)
    found = [(deal, findings(stand[deal.id], known, turn.today)) for deal in rows]
    found = [each for each in found if each[1]]
    if not found:
        return Reply((Line(turn.say("no_deal_needs_you")),))
    found.sort(key=lambda each: -expected_worth(turn, each[0]))
    lines = tuple(_line(turn, *each) for each in found[:SHOWN])
    more = [Line(turn.say("and_more", n=len(found) - SHOWN), quiet=True)] if found[SHOWN:] else []
    return Reply((Title(turn.say("deals_need_you", n=len(found))), Items(lines), *more))


def _line(turn: Turn, deal: Deal, found: Sequence[Finding]) -> str:
    return line(turn, deal_line(turn, deal), [said(turn, because(turn, found[0]))])
