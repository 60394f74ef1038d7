"""Campaigns go behind everything else, at the pace that all letters of a platform share."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.mail import Mail
from bot.mail_settings import Relay, sender_of
from bot.telegram_pace import toll_of
from handlers.reply import Line, Reply
from language.sounds import name_keys
from scheduler import touches
from scheduler.letters import Address, Letter, Outcome, Sent
from scheduler.outbox import post
from scheduler.pace import Limit, Toll
from storage.consent import Consent
from storage.customer_chats import CustomerChat
from storage.models import Contact, Member, Message
from tests.conversation import Conversation
from tests.scenes import scene
from tests.test_messages import NOON, rows

FOUR = Limit("telegram", 4, 60.0)


@scene
def crowd(chat: Conversation) -> None:
    """Ten customers who talk with the bot on Telegram and want its messages."""
    chat.clock.set(NOON)
    chat.says("template Eid offer: Dear {first_name|friend}, our Eid offer ends on Friday.")
    with chat.database.transaction() as session:
        by = session.scalars(select(Member.id)).first() or 0
        for number in range(10):
            name = f"Gahak {chr(65 + number)}"
            contact = Contact(
                workspace_id=1, city="Lahore", created_at=NOON, owner_id=by, name=name,
                name_key=name_keys(name)["name_key"], sound_key=name_keys(name)["sound_key"],
            )  # fmt: skip
            session.add(contact)
            session.flush()
            session.add(
                Consent(workspace_id=1, contact_id=contact.id, channel="telegram", granted=True,
                        at=NOON, how="telegram")
            )  # fmt: skip
            session.add(
                CustomerChat(workspace_id=1, platform="telegram", team="", user=f"9{number}",
                             chat=f"9{number}", contact_id=contact.id, since=NOON)
            )  # fmt: skip


def started(chat: Conversation) -> None:
    chat.says("send the Eid offer to customers in Lahore by telegram")
    chat.taps("Hold out nobody")
    chat.taps("Send to 10")


def handed_on(chat: Conversation) -> int:
    with chat.database.transaction() as session:
        return touches.tick(session, chat.draw, chat.clock.now())


def slowed(chat: Conversation) -> list[Letter]:
    """From now on four letters a minute go, whoever they are for."""
    chat.sender.claims.tolls = {"telegram": lambda _letter: Toll((), FOUR, 1)}
    letters: list[Letter] = []

    async def push(letter: Letter) -> Outcome:
        letters.append(letter)
        return Sent(f"m{letter.id}")

    chat.sender.doors = {"telegram": push}
    return letters


def test_replies_and_nudges_go_before_campaigns(crowd: Conversation) -> None:
    started(crowd)
    letters = slowed(crowd)
    assert handed_on(crowd) == 10
    with crowd.database.transaction() as session:
        for kind, chat in (("nudge", "a"), ("reply", "b")):  # written after them
            post(
                session, Address("telegram", "", chat, chat), Reply((Line(kind),)),
                crowd.clock.now(), workspace_id=1, kind=kind,
            )  # fmt: skip
    crowd.delivers()
    went = Counter(each.kind for each in letters)  # at once, in whatever order
    assert went == {"reply": 1, "nudge": 1, "campaign": 2}
    for _ in range(4):
        crowd.clock.skip(timedelta(seconds=61))
        crowd.delivers()
    assert Counter(each.kind for each in letters) == {"reply": 1, "nudge": 1, "campaign": 10}
    assert {row.state for row in rows(crowd, Message)} == {"sent"}


def test_no_more_go_than_the_platforms_pace_allows(crowd: Conversation) -> None:
    started(crowd)
    letters = slowed(crowd)
    handed_on(crowd)
    went = []
    for _ in range(4):
        crowd.delivers()
        went.append(len(letters))
        crowd.clock.skip(timedelta(seconds=61))
    assert went == [4, 8, 10, 10]
    assert len({each.address.chat for each in letters}) == 10


def test_who_opts_out_while_it_waits_for_its_turn_gets_nothing(crowd: Conversation) -> None:
    started(crowd)
    letters = slowed(crowd)
    handed_on(crowd)
    crowd.delivers()
    waiting = [row.contact_id for row in rows(crowd, Message) if row.state == "posted"]
    with crowd.database.transaction() as session:
        session.add(
            Consent(workspace_id=1, contact_id=waiting[-1], channel="telegram", granted=False,
                    at=crowd.clock.now(), how="reply")
        )  # fmt: skip
    for _ in range(3):
        crowd.clock.skip(timedelta(seconds=61))
        crowd.delivers()
    assert len(letters) == 9
    (lost,) = [row for row in rows(crowd, Message) if row.state == "dropped"]
    assert (lost.contact_id, lost.reason) == (waiting[-1], "opted_out")


@pytest.mark.parametrize("kind", ["reply", "nudge", "campaign"])
def test_all_letters_of_a_platform_share_its_bucket(kind: str) -> None:
    letter = Letter(1, Address("telegram", "", "9", "9"), Reply((Line("x"),)), kind=kind)
    plain = Letter(2, Address("telegram", "", "8", "8"), Reply((Line("x"),)))
    assert toll_of("b", letter).shared == toll_of("b", plain).shared is not None


def test_mails_have_a_bucket_of_their_own() -> None:
    door = Mail(Relay("127.0.0.1", 25), sender_of("Bilal <a@b.pk>"), per_minute=7)
    letter = Letter(1, Address("email", "1", "7", "s@n.pk"), Reply((Line("x"),)), kind="campaign")
    assert door.toll(letter).shared == Limit("email", 7, 60.0)
