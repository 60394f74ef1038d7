"""Who blocks the bot, or archives its channel: one try, then silence, until they are back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.doctor import examine
from bot.settings import Settings
from handlers.reply import says
from scheduler.letters import Address, Ambiguous, Outcome, Refused
from scheduler.outbox import post
from storage.models import Identity, Outbox, Unreachable
from tests.conversation import AYESHA, Conversation, Heard, user_id, words
from tests.test_inbox import message

BLOCKED = Refused("Forbidden: bot was blocked by the user", dead=True)
BILAL = "Bilal"


def pushed(chat: Conversation) -> int:
    """How many letters a door was ever asked to deliver."""
    with chat.database.transaction() as session:
        return sum(session.scalars(select(Outbox.attempts)))


def lost_places(chat: Conversation) -> list[str]:
    with chat.database.transaction() as session:
        return list(session.scalars(select(Unreachable.key)))


def to(heard: list[Heard], name: str) -> list[str]:
    return [words(each.reply) for each in heard if each.place.chat == user_id(name)]


def blocks(chat: Conversation, name: str = BILAL, outcome: Outcome = BLOCKED) -> None:
    """They block the bot, which it finds out when a reminder is due."""
    chat.says("hello")
    chat.says("remind me in 10 minutes to call Sara", by=name)
    chat.clock.skip(timedelta(minutes=10))
    chat.door.outcomes = [outcome]
    assert to(chat.rings(), name) == []


def test_row_20_after_one_refusal_nothing_more_is_tried_there(chat: Conversation) -> None:
    blocks(chat)
    assert lost_places(chat) == [user_id(BILAL)]
    chat.rings()
    before = pushed(chat)
    with chat.database.transaction() as session:
        for text in ("one", "two"):
            address = Address("telegram", "", chat=user_id(BILAL))
            post(session, address, says(text), chat.clock.now(), workspace_id=None, kind="nudge")
    chat.clock.skip(timedelta(days=3))
    assert to(chat.rings(), BILAL) == []
    assert pushed(chat) == before


@pytest.mark.parametrize("outcome", [Refused("the text is too long"), Ambiguous("the line broke")])
def test_row_20_another_failure_closes_no_place(chat: Conversation, outcome: Outcome) -> None:
    blocks(chat, outcome=outcome)
    assert lost_places(chat) == []


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "no longer reach"), ("ur", "نہیں پہنچتے"), ("roman", "nahi pohanchte")],
)
def test_row_20_the_owner_is_told_once_in_their_language(
    chat: Conversation, language: str, told: str
) -> None:
    chat.runs("settings.set", name="language", value=language)
    blocks(chat)
    heard = to(chat.rings(), AYESHA) + to(chat.rings(), AYESHA)
    chat.clock.skip(timedelta(hours=1))
    heard += to(chat.rings(), AYESHA)
    (sentence,) = [each for each in heard if told in each]
    assert BILAL in sentence
    with chat.database.transaction() as session:
        assert session.scalars(select(Unreachable)).one().told_at  # and is looked at no more


def test_row_20_an_owner_who_sleeps_is_told_afterwards(chat: Conversation) -> None:
    chat.runs("settings.set", name="quiet", value="09:00-12:00")
    blocks(chat)
    assert to(chat.rings(), AYESHA) == []
    chat.clock.skip(timedelta(hours=2))
    assert any(BILAL in each for each in to(chat.rings(), AYESHA))


def test_row_20_the_next_message_revives_and_what_was_due_comes_on_the_agenda(
    chat: Conversation,
) -> None:
    blocks(chat)
    chat.says("remind me in 1 hour to send rates", by="Hina")
    chat.clock.skip(timedelta(days=1))
    chat.rings()
    chat.clock.skip(timedelta(days=1))
    assert to(chat.rings(), BILAL) == []
    assert "call Sara" in words(chat.says("my tasks", by=BILAL))
    assert lost_places(chat) == []
    chat.clock.skip(timedelta(days=1))
    (agenda,) = to(chat.rings(), BILAL)
    assert "call Sara" in agenda


def test_row_20_an_agenda_that_did_not_arrive_comes_again(chat: Conversation) -> None:
    chat.says("hello")
    chat.says("remind me today to call Sara", by=BILAL)
    chat.clock.skip(timedelta(days=1))
    chat.door.outcomes = [BLOCKED]
    assert to(chat.rings(), BILAL) == []
    assert lost_places(chat) == [user_id(BILAL)]
    chat.clock.skip(timedelta(hours=1))
    chat.says("hello", by=BILAL)
    chat.clock.skip(timedelta(days=1))
    (agenda,) = to(chat.rings(), BILAL)
    assert "call Sara" in agenda


def test_row_20_what_was_written_before_the_block_revives_nothing(chat: Conversation) -> None:
    late = message(chat, "hello there", by=BILAL, event="late")
    blocks(chat)
    before = pushed(chat)
    chat.receives(late)
    assert lost_places(chat) == [user_id(BILAL)]
    assert pushed(chat) == before


def test_row_20_writing_in_a_group_opens_no_blocked_direct_message(chat: Conversation) -> None:
    blocks(chat)
    chat.clock.skip(timedelta(minutes=1))
    assert words(chat.says("pipeline", by=BILAL, place="Sales"))
    assert lost_places(chat) == [user_id(BILAL)]


def test_row_20_a_group_that_removed_the_bot_is_told_of_and_lives_again(chat: Conversation) -> None:
    chat.says("hello")
    chat.says("hello", by=BILAL, place="Sales")
    chat.door.outcomes = [Refused("Forbidden: bot was kicked", dead=True)]
    chat.says("pipeline", by=BILAL, place="Sales")
    assert lost_places(chat) == [chat.place(chat.person(BILAL), "Sales").chat]
    assert any("shared chat on Telegram" in each for each in to(chat.rings(), AYESHA))
    chat.clock.skip(timedelta(hours=1))
    assert words(chat.says("pipeline", by=BILAL, place="Sales"))
    assert lost_places(chat) == []


def has_slack(chat: Conversation) -> None:
    """Bilal has long been in Slack as well."""
    with chat.database.transaction() as session:
        bilal = session.get_one(Identity, ("telegram", "", user_id(BILAL)))
        session.add(
            Identity(
                platform="slack",
                team="T1",
                user="U7",
                workspace_id=bilal.workspace_id,
                member_id=bilal.member_id,
                member=bilal.member,
                seen_at=bilal.seen_at - timedelta(days=9),
            )
        )


@pytest.mark.parametrize("days", [0, 2])
def test_row_20_who_is_also_elsewhere_is_reached_there(chat: Conversation, days: int) -> None:
    """Even where that is found out when agendas have already reached nobody."""
    blocks(chat)
    for _ in range(days):
        chat.clock.skip(timedelta(days=1))
        chat.rings()
    has_slack(chat)
    slack = Conversation(chat.database, chat.clock, platform="slack")
    chat.clock.skip(timedelta(days=1))
    chat.rings()
    slack.delivers()
    assert [each.to for each in slack.heard] == ["U7"]
    assert "call Sara" in words(slack.heard[0].reply)


def test_row_20_the_doctor_counts_them(chat: Conversation) -> None:
    blocks(chat)
    settings = Settings(database_url=chat.database.url.render_as_string(hide_password=False))
    (told,) = [each for each in examine(settings) if each.about == "places"]
    assert told.state == "warn"
    assert told.says.startswith("1 where nothing arrives")
