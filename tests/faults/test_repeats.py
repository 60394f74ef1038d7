"""Rows 14, 16 and 18: what may have arrived is looked for, or said once more and says so."""

from __future__ import annotations

import time
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import Desk
from bot.doctor import examine
from bot.reception import House
from bot.settings import Settings
from handlers.library import the_book
from handlers.reply import File, Line, Reply, says
from scheduler.letters import Address, Ambiguous, Letter
from tests.conversation import AYESHA, Conversation, user_id, words
from tests.doors.loop import LiveLoop
from tests.faults.mail import Carries, Mail, sending, took
from tests.servers.slack import Channel, SlackServer
from tests.servers.telegram import BAD_GATEWAY, CUT_AFTER, CUT_BEFORE, Fault, TelegramServer, flood

BOTH_WAYS = [CUT_AFTER, CUT_BEFORE, BAD_GATEWAY]
REPORT = File("deals.csv", "text/csv", b64encode(b"a,b\n").decode())


# --- Telegram: nobody can look --------------------------------------------------------------------


@pytest.mark.parametrize("fault", BOTH_WAYS)
def test_row_14_a_repeat_says_that_it_is_one_in_its_readers_language(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries, fault: Fault
) -> None:
    ayesha = telegram.user(101, "Ayesha")
    chat = telegram.private(ayesha)
    ayesha.says(chat, "/start")
    telegram.goes_wrong("sendMessage", fault)
    mail.writes(Address("telegram", "", chat="101"), "salam", language="ur")
    with sending(loop, mail.sender(telegram=to_telegram)):
        took(mail.all_are("sent"), 15)
    texts = [message.text for message in chat.messages]
    assert texts[-1].splitlines() == ["salam", "(again, ur)"]
    assert texts[:-1] == (["salam"] if fault is CUT_AFTER else [])
    assert len(telegram.calls_of("sendMessage")) == 2


def test_row_14_twice_and_no_more_then_it_is_unknown(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    ayesha = telegram.user(101, "Ayesha")
    ayesha.says(telegram.private(ayesha), "/start")
    telegram.goes_wrong("sendMessage", *[CUT_AFTER] * 5)
    mail.writes(Address("telegram", "", chat="101"), "salam")
    with sending(loop, mail.sender(telegram=to_telegram)):
        took(mail.all_are("unknown"), 15)
    assert len(telegram.private(ayesha).messages) == 2


def test_row_14_what_is_drawn_in_place_is_no_repeat(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    ayesha = telegram.user(101, "Ayesha")
    chat = telegram.private(ayesha)
    ayesha.says(chat, "/start")
    mail.writes(Address("telegram", "", chat="101"), "Sure?")
    loop.do(mail.sender(telegram=to_telegram).flush())
    telegram.goes_wrong("editMessageText", CUT_AFTER)
    mail.writes(Address("telegram", "", chat="101", edits=str(chat.last.id)), "Done")
    with sending(loop, mail.sender(telegram=to_telegram)):
        took(mail.all_are("sent"), 15)
    assert [message.text for message in chat.messages] == ["Done"]
    killed = Address("telegram", "", chat="101", edits=str(chat.last.id))
    repeat = Letter(9, killed, says("Done, and shown"), marked=True, again="again")
    loop.do(to_telegram.push(repeat))
    assert [message.text for message in chat.messages] == ["Done, and shown"]


def test_row_17_a_long_letter_goes_on_in_another_process_where_it_was_stopped(
    mail: Mail, loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    ayesha = telegram.user(101, "Ayesha")
    chat = telegram.private(ayesha)
    ayesha.says(chat, "/start")
    telegram.goes_wrong("sendMessage", Fault(), flood(1))
    long = Reply((Line("\n".join(f"{n} " + "x" * 90 for n in range(80))),))
    mail.writes(Address("telegram", "", chat="101"), long)
    loop.do(mail.sender(telegram=to_telegram).flush())
    assert [len(row.done or ()) for row in mail.rows()] == [1]
    with sending(loop, mail.sender(telegram=to_telegram)):
        took(mail.all_are("sent"), 15)
    assert [message.text.split(" ")[0] for message in chat.messages] == ["0", "43"]


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Sent again"), ("ur", "دوبارہ بھیجا ہے"), ("roman", "Dobara bheja"), ("", "Dobara")],
)
def test_row_14_the_words_for_it(mail: Mail, language: str, told: str) -> None:
    desk = Desk(mail.database, the_book(), mail.clock, House(language="roman"))
    assert told in desk.says_again(language)


def test_row_14_an_answer_knows_its_readers_language(chat: Conversation) -> None:
    chat.runs("settings.set", name="language", value="ur")
    chat.says("pipeline")
    assert [row.language for row in Mail(chat.database).rows()][-1] == "ur"


def test_row_14_what_stayed_unknown_is_told_to_the_owner_once_a_day(chat: Conversation) -> None:
    chat.says("hello")
    for at in (1, 2):
        chat.door.outcomes = [Ambiguous("timed out")] * 2
        chat.says("pipeline", by="Bilal")
        chat.clock.skip(timedelta(seconds=5))
        chat.delivers()
        heard = [words(each.reply) for each in chat.rings() if each.place.chat == user_id(AYESHA)]
        digests = [each for each in heard if "may not have arrived" in each]
        assert len(digests) == (1 if at == 1 else 0), "not more than one a day"
        assert all("an answer to Bilal" in each for each in digests)
    chat.clock.skip(timedelta(days=1))
    heard = [words(each.reply) for each in chat.rings() if each.place.chat == user_id(AYESHA)]
    (digest,) = [each for each in heard if "may not have arrived" in each]
    assert digest.startswith("One message"), "what was told is not told again"
    settings = Settings(database_url=chat.database.url.render_as_string(hide_password=False))
    (found,) = [each for each in examine(settings) if each.about == "outbox"]
    assert found.state == "warn"
    assert found.says.startswith("2 may not have arrived")


# --- Slack: it is looked for ----------------------------------------------------------------------


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("later", [0, 60])
def test_row_16_what_arrived_on_slack_is_found_and_not_said_again(
    mail: Mail, loop: LiveLoop, slack: SlackServer, to_slack: Carries, done: bool, later: int
) -> None:
    """Even where many wrote in the channel since."""
    team = slack.team()
    ayesha = team.user("U1", "Ayesha")
    sales = team.channel("sales", [ayesha])
    slack.loses_reply("chat.postMessage", done=done)
    mail.writes(Address("slack", team.id, sales.id, "U1"), "salam")
    loop.do(mail.sender(slack=to_slack).flush())
    for number in range(later):
        ayesha.says(sales, f"line {number}")
    with sending(loop, mail.sender(slack=to_slack)):
        took(mail.all_are("sent"), 15)
    assert [answer.text_shown for answer in sales.answers] == ["salam"]
    assert mail.rows()[0].sent_as == sales.answers[0].ts


def test_row_16_of_a_long_letter_only_what_is_missing_is_said(
    mail: Mail, loop: LiveLoop, slack: SlackServer, to_slack: Carries
) -> None:
    team = slack.team()
    sales = team.channel("sales", [team.user("U1", "Ayesha")])
    lines = tuple(Line(f"line {n}. " + "word " * 300) for n in range(15))
    mail.writes(Address("slack", team.id, sales.id, "U1"), Reply((*lines, REPORT)))
    slack.loses_reply("files.completeUploadExternal", done=True)
    loop.do(mail.sender(slack=to_slack).flush())
    with sending(loop, mail.sender(slack=to_slack)):
        took(mail.all_are("sent"), 15)
    shown = "\n".join(answer.text_shown for answer in sales.answers)
    assert [shown.count(f"line {n}.") for n in range(15)] == [1] * 15
    assert sum(bool(answer.files) for answer in sales.answers) == 1


@pytest.mark.parametrize("why", ["missing_scope", "ephemeral", "response_url"])
def test_row_16_where_nobody_can_look_it_is_said_once_more_and_says_so(
    mail: Mail, loop: LiveLoop, slack: SlackServer, to_slack: Carries, why: str
) -> None:
    team = slack.team()
    ayesha = team.user("U1", "Ayesha")
    sales = team.channel("sales", [ayesha])
    method = {"ephemeral": "chat.postEphemeral", "response_url": "response_url"}
    if why == "missing_scope":
        slack.refuses("conversations.history", "missing_scope")
    slack.loses_reply(method.get(why, "chat.postMessage"), done=True)
    url = ayesha.response_url(sales) if why == "response_url" else ""
    alone = "U1" if why == "ephemeral" else ""
    to = Address("slack", team.id, sales.id, "U1", only_for=alone, answer_to=url)
    mail.writes(to, "salam")
    with sending(loop, mail.sender(slack=to_slack)):
        took(mail.all_are("sent"), 15)
    texts = [answer.text_shown for answer in sales.answers]
    assert texts == ["salam", "salam\n(again, )"]


def test_row_18_a_429_holds_its_method_in_its_team_for_every_process(
    mail: Mail, loop: LiveLoop, slack: SlackServer, to_slack: Carries
) -> None:
    team = slack.team()
    sales, export, loom = (
        team.channel(name, [team.user(f"U{n}", name)])
        for n, name in enumerate(("sales", "export", "loom"))
    )

    def to(channel: Channel, **more: str) -> Address:
        return Address("slack", team.id, channel.id, "U1", **more)

    mail.writes(to(loom), "card")
    loop.do(mail.sender(slack=to_slack).flush())
    slack.limits("chat.postMessage", retry_after=5)
    mail.writes(to(sales), "held")
    loop.do(mail.sender(slack=to_slack).flush())
    begun = time.monotonic()
    mail.writes(to(export), "salam")
    mail.writes(to(loom, edits=loom.answers[0].ts), "edited")
    with sending(loop, mail.sender(slack=to_slack)):  # as another process would be
        took(lambda: loom.answers[0].text_shown == "edited", 10)
        assert not export.answers, "another method does not wait"
        took(lambda: export.answers, 10)
        posted = time.monotonic() - begun
        took(lambda: sales.answers, 10)
    assert posted > 4.0
    assert len(slack.called("chat.postMessage")) == 4, "nobody asked before the time was over"
    elsewhere = replace(Letter(1, to(sales), says("x")), address=Address("slack", "T2", "C1"))
    names = {limit.name for limit in to_slack.toll(elsewhere).limits}
    assert "slack:T2:chat.postMessage" in names, "another team has its own"
