"""What brings about a nudge of each kind, by the clock's own ticks and no other way."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from storage.models import Deal
from storage.ticket_nudges import ask_how_happy
from tests.conversation import AYESHA, Conversation, Heard, buttons, user_id
from tests.scenes import Story
from tests.test_nudges import give_birthday
from tests.test_outlook import bought, learned_team

LAKH = 10_000_000
"""In paisa."""


def _at_risk(chat: Conversation) -> None:
    chat.says("hello")
    bought(chat, "Bilal Traders", 220, 199, 178, 157, 136, 115, 94, 80)


def _next_order(chat: Conversation) -> None:
    learned_team(chat, late=20)


def _renewal(chat: Conversation) -> None:
    chat.says("Nishat Mills has a yearly contract of 12 lakh, renews 20 December")


def _loyalty(chat: Conversation) -> None:
    chat.says("tiers: gold 10 lakh, silver 3 lakh")
    bought(chat, "Nishat Mills", 60, 40, 20, minor=2 * LAKH)
    chat.rings()
    chat.says("Nishat Mills ordered 40 rolls for 12 lakh")


def _birthday(chat: Conversation) -> None:
    chat.says("met Sara Malik of Nishat Mills")
    give_birthday(chat, "1990-12-01")


def _check_in(chat: Conversation) -> None:
    chat.says("Nishat Mills ordered 40 rolls for 2 lakh")


def _rating(chat: Conversation) -> None:
    chat.says("deal 5 lakh with Bilal Traders")
    chat.says("won Bilal Traders")
    with chat.database.transaction() as session:
        ask_how_happy(session, session.scalars(select(Deal)).one(), chat.clock.now())


def _goal(chat: Conversation) -> None:
    chat.says("goal 50 lakh this month")


def _tidy(chat: Conversation) -> None:
    chat.says("met Sara Malik of Nishat Mills")
    chat.says("met Sarah Malik of Nishat Mills")


def _look(chat: Conversation) -> None:
    chat.says("hello", by="Bilal")
    for number in (7, 9):
        chat.says(f"please frobnicate the invoice {number}", by="Bilal")


def _deal(chat: Conversation) -> None:
    chat.says("met Umar Farooq of Bilal Traders")
    chat.runs("deal.add", company="Bilal Traders", amount=5 * 100_000)
    chat.runs("task.add", company="Bilal Traders", text="call", due="2026-12-25")


def _close_past(chat: Conversation) -> None:
    chat.runs("deal.add", company="Bilal Traders", amount=500_000, close="2026-11-27")
    chat.runs("task.add", company="Bilal Traders", text="call", due="2026-12-25")


def _slipped(chat: Conversation) -> None:
    chat.runs("deal.add", company="Bilal Traders", amount=500_000, close="2026-12-10")
    chat.runs("task.add", company="Bilal Traders", text="call", due="2026-11-27")
    for days, close in ((1, "2026-12-20"), (1, "2026-12-30")):
        chat.clock.set(chat.clock.now() + timedelta(days=days))
        chat.says(f"Bilal Traders deal will close on {close}")


def _one_contact(chat: Conversation) -> None:
    for n, shop in enumerate(("Bata", "Servis", "Metro", "Khaadi", "Sapphire", "Chenone")):
        chat.runs("deal.add", company=shop, amount=100_000 * (30 if n == 5 else 1))
        chat.runs("task.add", company=shop, text="call", due="2026-11-27")


def _no_step(chat: Conversation) -> None:
    chat.runs("deal.add", company="Bilal Traders", amount=500_000)


def _ticket(chat: Conversation) -> None:
    chat.says("hello", by="Sara")
    chat.says("Bilal complained that 3 rolls were torn, urgent")


def _ticket_given(chat: Conversation) -> None:
    chat.says("hello")
    chat.says("hello", by="Sara")
    chat.says("Bilal complained that 3 rolls were torn", by="Sara")
    chat.says("give #1 to Ayesha", by="Sara")


def _ticket_done(chat: Conversation) -> None:
    chat.says("Nishat Mills complained that the invoice is wrong")
    chat.says("resolve #1", by="Sara")


STORIES: dict[str, tuple[Story, float]] = {
    "ticket_late": (_ticket, 4 / 24),
    "ticket_due": (_ticket, 3 / 24),
    "ticket_given": (_ticket_given, 0),
    "ticket_done": (_ticket_done, 0),
    "renewal": (_renewal, 0),
    "at_risk": (_at_risk, 0),
    "close_past": (_close_past, 5),
    "silent": (_deal, 8),
    "slipped": (_slipped, 1),
    "one_contact": (_one_contact, 2),
    "no_step": (_no_step, 3),
    "next_order": (_next_order, 0),
    "check_in": (_check_in, 7),
    "rating": (_rating, 0),
    "loyalty": (_loyalty, 1),
    "birthday": (_birthday, 8),
    "goal": (_goal, 1),
    "tidy": (_tidy, 7),
    "look": (_look, 8),
}
"""What happens, and the days after which a nudge of a kind comes of it."""

HALF_A_DAY = timedelta(hours=12)
TRIES = 6


def comes(chat: Conversation, kind: str) -> Heard:
    """Let the clock go on until a letter of that kind comes."""
    chat.clock.set(chat.clock.now() + timedelta(days=STORIES[kind][1]))
    for _ in range(TRIES):
        chat.rings()
        for heard in chat.heard:
            if heard.to == user_id(AYESHA) and kind in _kinds_of(heard):
                return heard
        chat.clock.set(chat.clock.now() + HALF_A_DAY)
    raise AssertionError(f"no nudge of the kind {kind} came")


def _kinds_of(heard: Heard) -> set[str]:
    """The kinds that the "stop these" of a letter are about."""
    calls = [each.call for each in buttons(heard.reply)]
    return {str(call.slots["kind"]) for call in calls
            if call.intent == "nudge.stop" and "nudge" in call.slots}  # fmt: skip
