"""What a nudge says and offers: as a letter of its own, or as a line of the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.finding import deal_line
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.ticket_card import ticket_line
from handlers.turn import Turn
from rules.nudging import KINDS, Case, Offer, Told
from storage import nudges
from storage.models import Contact, Deal, Member, Nudge, Order, Ticket
from storage.raising import Subject

MOST_OFFERS = 3
"""Buttons that help; beside them stand what teaches the nudges."""


def named(turn: Turn, row: Subject) -> str:
    if isinstance(row, Deal):
        return deal_line(turn, row)
    if isinstance(row, Ticket):
        return ticket_line(turn, row)
    if isinstance(row, Order):
        return row.buyer
    turn.shows(row, "name")
    return row.full_name if isinstance(row, Contact) else row.name


def letter(
    turn: Turn, nudge: Nudge, case: Case, *, about: str, n: int, most: int, owner: Member
) -> Reply:
    """``about`` whom, why, and what to do, the likeliest first. ``n`` of ``most`` letters of the
    day. ``owner``: whose customer it is."""
    parts: list[Part] = [
        Title(turn.say("nudge_title", deal=about)),
        Items(tuple(dict.fromkeys(said(turn, each) for each in case.evidence))),
    ]
    return Reply((*parts, *foot(turn, owner, n, most)), (*offers(turn, case), *teach(turn, nudge)))


def foot(turn: Turn, owner: Member, n: int | None, most: int) -> list[Part]:
    """For whom one stands in, and the how manieth of the day it is, where these are counted."""
    parts: list[Part] = []
    if owner.id != turn.member.id:
        parts.append(Line(turn.say("nudge_stands_in", name=owner.name), quiet=True))
    if n is None:
        return parts
    return [*parts, Line(turn.say("nudge_count", n=n, most=most), quiet=True)]


def said(turn: Turn, told: Told) -> str:
    return turn.say(
        told.key, **{name: _in_words(turn, name, value) for name, value in told.values.items()}
    )


def _in_words(turn: Turn, name: str, value: Any) -> Any:
    """A value whose word depends on the reader: the name of a usual tier."""
    key = f"tier_name_{value}"
    known = name.endswith("_tier") and key in turn.voice.words
    return turn.piece(key) if known else value


def line(turn: Turn, about: str, evidence: Sequence[str]) -> str:
    """A nudge of a list: whom it is about, and the weightiest of what there is to tell."""
    if not evidence:
        return about
    return turn.voice.told(f"{turn.voice.apart(about)}: {turn.voice.apart(evidence[0])}")


def offers(turn: Turn, case: Case) -> list[Button]:
    return [
        _button(turn, offer, is_first=not place)
        for place, offer in enumerate(case.offers[:MOST_OFFERS])
    ]


def _button(turn: Turn, offer: Offer, *, is_first: bool) -> Button:
    call = Call(offer.intent, dict(offer.slots))
    return Button(turn.say(offer.label), call, "primary" if is_first else "plain")


def teach(turn: Turn, nudge: Nudge) -> tuple[Button, ...]:
    if KINDS[nudge.kind].must:  # what must be known is not put off for days
        return (turn.button("stop_these_button", "nudge.stop", kind=nudge.kind, nudge=nudge.id),)
    return (
        turn.button("useful_button", "nudge.useful", nudge=nudge.id),
        turn.button("not_now_button", "nudge.later", nudge=nudge.id),
        turn.button("stop_these_button", "nudge.stop", kind=nudge.kind, nudge=nudge.id),
    )


def count_of(turn: Turn) -> tuple[int, int]:
    """How many interrupted the member today, of how many that may."""
    sent = nudges.interrupted(turn.session, turn.member, turn.today)
    return sent, nudges.a_day(turn.member)
