"""Nudges about deals: what they say and offer, and which of them a member wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from handlers import contacts, deals, tasks
from handlers.book import Chapter
from handlers.finding import deal_line, due_said
from handlers.party import Party
from handlers.pipeline import all_stages, stage_name
from handlers.reply import Button, Call, Fields, Items, Line, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from language.values import read_due
from rules.attention import KINDS, Finding, Kind, findings
from rules.calendar import Due, next_at
from rules.money import Money
from storage import nudges
from storage.attention import habits, look_at, standings
from storage.models import Deal, Nudge
from storage.types import AT_ONCE

chapter = Chapter(__name__)

NOT_NOW = 3
"""Days for which "not now" holds."""

SHOWN = 10
"""Deals of one answer."""

LOOKED_AT = 200
"""Open deals of a member that are looked at for it, the largest."""


# --- what a nudge says ----------------------------------------------------------------------------


def deal_nudge(
    turn: Turn, deal: Deal, nudge: int, found: Sequence[Finding], *, n: int, most: int
) -> Reply:
    """A deal that needs its seller: why, and the likeliest thing to do first. ``n`` of ``most``
    letters of the day."""
    parts: tuple[Part, ...] = (
        Title(turn.say("nudge_title", deal=deal_line(turn, deal))),
        Items(tuple(because(turn, each) for each in found)),
        Line(turn.say("nudge_count", n=n, most=most), quiet=True),
    )
    return Reply(
        parts, (*_actions(turn, deal, found[0].kind), *_answers(turn, nudge, found[0].kind))
    )


def because(turn: Turn, finding: Finding) -> str:
    """The evidence in a sentence."""
    told: dict[str, Any] = dict(finding.told)
    key = f"because_{finding.kind}"
    if finding.kind == "silent":
        key += "_own" if told.pop("own") else ""
        told["stage"] = stage_name(turn, told["stage"]).lstrip("\u200f")
    if finding.kind == "one_contact":
        currency = told.pop("currency")
        told["amount"] = Money(told.pop("minor"), currency)
        told["usual"] = Money(told["usual"], currency)
        key += "" if told["n"] else "_none"
    return turn.say(key, **told)


def evidence(turn: Turn, deal: Deal, found: Sequence[Finding]) -> str:
    """A deal of a list: the deal, and the most urgent of what there is to tell."""
    line = turn.voice.apart(deal_line(turn, deal))
    return turn.voice.told(f"{line}: {turn.voice.apart(because(turn, found[0]))}")


def expected_worth(turn: Turn, deal: Deal) -> float:
    """What a deal is likely to bring, in minor units of the workspace's currency; in another one
    it is not compared."""
    if deal.amount_minor is None or deal.currency != turn.currency:
        return 0.0
    stage = next((each for each in all_stages(turn) if each.key == deal.stage), None)
    return deal.amount_minor * (stage.probability if stage else 0) / 100


def _actions(turn: Turn, deal: Deal, kind: Kind) -> Iterator[Button]:
    """What helps, the likeliest first."""
    offers = {
        "close_past": ("close", "won", "lost"),
        "silent": ("call", "step", "lost"),
        "slipped": ("call", "close", "lost"),
        "one_contact": ("person", "call"),
        "no_step": ("step", "call"),
    }[kind]
    for place, name in enumerate(offers):
        found = _offer(turn, deal, name)
        if found:
            yield found if place else Button(found.label, found.call, "primary")


def _offer(turn: Turn, deal: Deal, name: str) -> Button | None:
    who = {"contact": deal.contact_id, "company": deal.company_id}
    whom = {key: number for key, number in who.items() if number}
    match name:
        case "call" if whom:
            return Button(
                turn.say("log_call_button"), Call("activity.log", {"kind": "call", **whom})
            )
        case "step" if whom:
            return turn.button("add_step_button", "deal.step", deal=deal.id)
        case "close":
            return turn.button("move_close_button", "deal.postpone", deal=deal.id)
        case "person" if deal.company_id:
            return turn.button("add_somebody_button", "deal.person", deal=deal.id)
        case "person" if deal.contact_id:
            return turn.button(
                "add_company_button", "tidy.add", contact=deal.contact_id, field="company"
            )
        case "won":
            return turn.button("won_button", "deal.win", deal=deal.id)
        case "lost":
            return turn.button("lost_button", "deal.lose", deal=deal.id)
    return None


def _answers(turn: Turn, nudge: int, kind: Kind) -> tuple[Button, ...]:
    return (
        turn.button("not_now_button", "nudge.later", nudge=nudge),
        turn.button("stop_these_button", "nudge.stop", kind=kind),
    )


# --- what a tap does ------------------------------------------------------------------------------


@chapter.command("deal.postpone")
def postpone(turn: Turn, deal: Deal, close: Due | None = None) -> Reply:
    """Another closing day; asked for where none was said."""
    if not deal.is_open:
        raise Sorry("deal_closed", name=deal.buyer, status=stage_name(turn, deal.status))
    if close is None:
        raise Ask("ask_close", "close", kind="close", choices=tuple(_days(turn)), name=deal.buyer)
    return deals.update(turn, deal, None, close)


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
        said = turn.say(key).lstrip("\u200f")
        yield Choice(said, {"text": said})


@chapter.command("deal.person")
def person(turn: Turn, deal: Deal, contact: str | None = None) -> Reply:
    """Somebody more at the company of a deal."""
    if not contact:
        raise Ask("ask_name", "contact", kind="words")
    slots = {"contact": contact, "company": deal.company_id}
    return contacts.add(turn, Call("contact.add", slots))


@chapter.command("nudge.later")
def later(turn: Turn, nudge: int) -> Reply:
    """Not now: in some days again, if it still holds."""
    row = turn.session.get(Nudge, (turn.workspace.id, nudge))
    if row is None or row.member_id != turn.member.id:
        raise Sorry("gone")
    after = turn.now + timedelta(days=NOT_NOW - 1)
    row.state, row.due_at = "later", next_at(turn.member.morning, turn.member.zone, after)
    deal = turn.session.get(Deal, (turn.workspace.id, int(row.subject.partition(":")[2])))
    if deal is not None and deal.is_open:
        look_at(turn.session, deal, AT_ONCE)
    return Reply((Line(turn.say("nudge_later", day=_local_day(turn, row.due_at))),))


def _local_day(turn: Turn, moment: datetime) -> date:
    return moment.astimezone(turn.local.tzinfo).date()


@chapter.command("nudge.stop")
def stop(turn: Turn, kind: str, wanted: bool | None = None) -> Reply:
    """No more, or again, of a kind."""
    if kind not in KINDS:
        raise Sorry("gone")
    nudges.choose(turn.session, turn.member, kind, wanted=bool(wanted))
    turn.session.flush()
    key = "nudge_wanted" if wanted else "nudge_stopped"
    name = turn.say(f"nudge_kind_{kind}").lstrip("\u200f")
    return Reply((Line(turn.say(key, kind=name)),), (turn.undo(),))


# --- what a member may ask ------------------------------------------------------------------------


@chapter.command("nudge.settings")
def settings(turn: Turn) -> Reply:
    """Which kinds come, and how many came today."""
    stopped = nudges.unwanted(turn.session, turn.member)
    rows = tuple(
        (turn.say(f"nudge_kind_{kind}"), turn.say("off" if kind in stopped else "yes"))
        for kind in KINDS
    )
    sent = nudges.interrupted(turn.session, turn.member, turn.today)
    parts = (
        Title(turn.say("nudges_title")),
        Fields(rows),
        Line(turn.say("nudges_today", n=sent, most=nudges.A_DAY), quiet=True),
    )
    buttons = tuple(
        turn.button(
            "nudge_on_button" if kind in stopped else "nudge_off_button",
            "nudge.stop",
            label_values={"kind": turn.say(f"nudge_kind_{kind}").lstrip("\u200f")},
            kind=kind,
            wanted=kind in stopped,
        )
        for kind in KINDS
    )
    return Reply(parts, buttons, private=True)


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
    lines = tuple(evidence(turn, *each) for each in found[:SHOWN])
    more = [Line(turn.say("and_more", n=len(found) - SHOWN), quiet=True)] if found[SHOWN:] else []
    return Reply((Title(turn.say("deals_need_you", n=len(found))), Items(lines), *more))
