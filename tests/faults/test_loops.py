"""Row 12: other bots are not heard, and who answers every answer is not answered for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.doctor import examine
from bot.settings import Settings
from bot.slack_read import keeping
from bot.telegram_read import Me, noted, read_update
from scheduler.breaker import ANSWERS
from tests.conversation import Conversation, words
from tests.servers.slack import SlackServer

ME = Me(123456789, "rabta_bot")


def test_row_12_two_rabtas_in_one_channel_do_not_hear_each_other(slack: SlackServer) -> None:
    """Each names the other in all that it says; for a minute, several times a second."""
    team = slack.team()
    other = team.user("U9", "Rabta too", bot=True)
    sales = team.channel("sales", [team.user("U1", "Ayesha"), other])
    for number in range(60):
        other.says(sales, f"<@{team.bot.id}> deal for Nishat {number}, 5 lakh", raw=True)
    heard = [each.payload for each in slack.deliveries]
    assert len(heard) >= 60
    assert [keeping(each, 0.0, team.bot.id) for each in heard] == [None] * len(heard)


@pytest.mark.parametrize("sender", [{"is_bot": True}, {"is_bot": False}])
def test_row_12_a_bot_on_telegram_is_not_heard_either(sender: dict[str, bool]) -> None:
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": -5, "type": "group", "title": "Sales"},
        "from": {"id": 77, "first_name": "Other", **sender},
        "text": "/rabta pipeline",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }
    read = read_update(noted({"update_id": 1, "message": message}, ME, 0))
    assert (read is None) == sender["is_bot"]


def test_row_12_whoever_answers_every_answer_gets_twenty_a_minute(chat: Conversation) -> None:
    """Something posts as a person, three times a second for a minute; then others ask."""
    answers = []
    for _ in range(3 * 60):
        reply = chat.says("pipeline", by="Echo", place="Sales")
        answers += [] if reply.silent else [words(reply)]
        chat.clock.skip(timedelta(seconds=1 / 3))
    assert len(answers) == ANSWERS
    assert "without answering" in answers[-1]
    assert not any("without answering" in each for each in answers[:-1])
    assert words(chat.says("pipeline", by="Bilal", place="Sales")), "others are answered"
    assert words(chat.says("pipeline", by="Echo")), "and so are direct messages"
    chat.clock.skip(timedelta(minutes=1))
    assert words(chat.says("pipeline", by="Echo", place="Sales")), "and a minute later all"
    settings = Settings(database_url=chat.database.url.render_as_string(hide_password=False))
    (found,) = [each for each in examine(settings) if each.about == "outbox"]
    assert "too many answers" in found.says


def test_row_12_what_is_not_answered_is_done_all_the_same(chat: Conversation) -> None:
    for _ in range(ANSWERS):
        chat.says("pipeline", by="Bilal", place="Sales")
    assert chat.says("met Sara Malik from Nishat Mills", by="Bilal", place="Sales").silent
    assert "Nishat Mills" in words(chat.says("find sara", by="Bilal"))
