"""Rows 21 and 42: whatever a name is made of, it arrives, pings nobody and hides nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.buttons import with_tokens
from handlers.reply import Button, Call, Fields, Items, Line, Reply, Table, Title
from scheduler.clock import Clockwork
from scheduler.drawing import Draw
from scheduler.letters import Address, Letter, Sent
from tests.conversation import AYESHA, Conversation, user_id
from tests.doors.loop import LiveLoop
from tests.faults.mail import Carries, Mail
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer, fails

pytestmark = pytest.mark.usefixtures("loop")

BITS = (
    "<b>", "</b>", "<a href='http://evil.pk'>", "*", "_", "`", "```", "[x](http://evil.pk)", "~",
    "||", "\\", "&amp;", "&", "<", ">", "<!channel>", "<!here>", "<@U1>", "<#C1>", "@everyone",
    "<http://evil.pk|bank.pk>", "<mailto:a@b.pk|c>", "<!subteam^S1>", "\u202e", "\u200f", "👩‍👩‍👧",
    "𝔅", "بلال ٹریڈرز", "Bilal & Sons <Karachi>", "\n", " ", "\t", "😀" * 30, "x" * 40,
)  # fmt: skip
nasty = st.lists(st.one_of(st.sampled_from(BITS), st.text(max_size=8)), max_size=12).map("".join)
fuzzed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f]")


def undirected(text: str) -> str:
    """Every word stays; signs that turn what stands round them need not."""
    return DIRECTIONS.sub("", text)


def card(name: str, other: str, *, rtl: bool) -> Reply:
    undo = Button(f"Undo {name}"[:60], Call("undo"), token="t1")
    return Reply(
        (
            Title(f"a{name}"),
            Line(f"b{other}"),
            Line(f"c{name}", quiet=True),
            Fields(((f"d{name}", f"e{other}"),)),
            Items((f"f{name}", f"g{other}"), numbered=True),
            Table(("Name", "Sum"), ((f"h{name}", "5"), (f"i{other}", "12")), numeric=(1,)),
        ),
        (undo,),
        rtl=rtl,
    )


def test_row_21_no_name_breaks_a_message_on_telegram(
    loop: LiveLoop, telegram: TelegramServer, to_telegram: Carries
) -> None:
    ayesha = telegram.user(101, "Ayesha")
    chat = telegram.private(ayesha)
    ayesha.says(chat, "/start")

    @fuzzed
    @given(nasty, nasty, st.booleans())
    def story(name: str, other: str, rtl: bool) -> None:
        letter = Letter(1, Address("telegram", "", chat="101"), card(name, other, rtl=rtl))
        before = len(telegram.calls_of("sendMessage"))
        outcome = loop.do(to_telegram.push(letter), timeout=60)
        calls = telegram.calls_of("sendMessage")[before:]
        assert isinstance(outcome, Sent), outcome
        assert all(call.answer["ok"] for call in calls), "styled at the first try"
        assert all("parse_mode" not in call.params for call in calls)
        said = undirected("".join(call.params["text"] for call in calls))
        assert all(word in said for word in undirected(f"{name} {other}").split())

    story()


@pytest.mark.parametrize("plainly", [False, True])
def test_row_21_a_reminder_of_any_name_arrives_as_it_was_typed(
    chat: Conversation,
    loop: LiveLoop,
    telegram: TelegramServer,
    to_telegram: Carries,
    plainly: bool,
) -> None:
    """Even where Telegram would have none of the styles: then without them, not never."""
    person = telegram.user(int(user_id(AYESHA)), AYESHA)
    there = telegram.private(person)
    person.says(there, "/start")
    bits = [bit for bit in BITS if bit.strip() and not DIRECTIONS.search(bit)]
    for start in range(0, len(bits), 5):  # more than ten at once would be one short list
        name = " ".join(bits[start : start + 5])
        chat.runs("task.add", text=f"call {name} today", due="2026-11-23T12:00")
    chat.delivers()
    chat.clock.set(datetime(2026, 11, 23, 7, 0, 30, tzinfo=UTC))
    Clockwork(chat.database, chat.clock, Draw(chat.book, with_tokens)).tick("reminders")
    if plainly:
        refusal = "Bad Request: can't parse entities: unsupported start tag"
        telegram.goes_wrong("sendMessage", fails(400, refusal))
    mail = Mail(chat.database, chat.clock)
    while not mail.all_are("sent")():
        loop.do(mail.sender(telegram=to_telegram).flush(), timeout=60)
        chat.clock.skip(timedelta(seconds=1))
    said = undirected("\n".join(message.text for message in there.messages))
    assert [bit for bit in bits if bit not in said] == []


def test_row_42_no_name_pings_links_or_hides_on_slack(
    loop: LiveLoop, slack: SlackServer, to_slack: Carries
) -> None:
    team = slack.team()
    sales = team.channel("sales", [team.user("U1", "Ayesha")])

    @fuzzed
    @given(nasty, nasty, st.booleans())
    def story(name: str, other: str, rtl: bool) -> None:
        reply = card(name, other, rtl=rtl)
        for bare in (False, True):
            if bare:
                slack.refuses("chat.postMessage", "invalid_blocks")
            letter = Letter(1, Address("slack", team.id, sales.id, "U1"), reply)
            assert isinstance(loop.do(to_slack.push(letter), timeout=60), Sent)
            message: Any = sales.answers[-1]
            assert bool(message.blocks) != bare
            assert message.pings == []
            assert [pair for pair in message.links if pair[0] != pair[1]] == []
            assert not message.unfurl
            assert not message.names_linked

    story()
