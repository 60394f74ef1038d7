"""What a letter uses up of each platform's limits, and who is held back by a refusal."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot import slack_pace, telegram_pace
from bot.slack_draw import draw
from bot.slack_pace import method_of, only_for, refused_method
from bot.telegram_pace import chat_of
from handlers.reply import Chart, File, Line, Part, Point, Reply, says
from scheduler.letters import Address, Letter
from scheduler.pace import Limit, Toll, Windows

LONG = Line("نشاط ملز کی ڈیل " * 400)
CHART = Chart("leaders", "Pipeline", (Point("Won", 3.0, "3"), Point("Open", 2.0, "2")))
FILE = File("report.xlsx", "application/x", "eA==")


def to_telegram(chat: str = "101", *parts: Part, **more: Any) -> Letter:
    reply = Reply(parts or says("Done.").parts)
    of_address = {name: more.pop(name) for name in ("user", "only_for", "edits") if name in more}
    if more.pop("private", False):
        reply = replace(reply, private=True)
    return Letter(1, Address("telegram", "", chat=chat, **of_address), reply, **more)


def to_slack(chat: str = "C1", *parts: Part, **more: Any) -> Letter:
    letter = to_telegram(chat, *parts)
    reply = replace(letter.reply, private=more.pop("private", False))
    names = ("user", "only_for", "edits", "answer_to", "thread")
    of_address = {name: more.pop(name) for name in names if name in more}
    return replace(
        letter,
        address=Address("slack", "T1", chat=chat, **of_address),
        reply=reply,
        **more,
    )


def rates(toll: Toll) -> list[tuple[str, int, float]]:
    return [(limit.name, limit.most, limit.seconds) for limit in toll.limits]


# --- Telegram -----------------------------------------------------------------------------------


def test_an_answer_on_telegram_counts_for_its_chat_and_for_the_bot() -> None:
    toll = telegram_pace.toll_of("9", to_telegram())
    assert rates(toll) == [("telegram:9:101", 3, 3.0)]
    assert toll.shared == Limit("telegram:9", 5, 0.2)
    assert toll.messages == 1


def test_what_comes_by_itself_counts_for_a_calmer_pace_too() -> None:
    toll = telegram_pace.toll_of("9", to_telegram(kind="nudge"))
    assert rates(toll) == [("telegram:9:101:calmly", 1, 1.1), ("telegram:9:101", 3, 3.0)]


def test_a_group_has_a_minute_of_its_own() -> None:
    toll = telegram_pace.toll_of("9", to_telegram("-77"))
    assert rates(toll) == [("telegram:9:-77", 3, 3.0), ("telegram:9:-77:minute", 18, 60.0)]


@pytest.mark.parametrize(
    ("letter", "messages"),
    [
        (to_telegram("101", CHART), 2),  # its words may not fit below it
        (to_telegram("101", FILE), 1),
        (to_telegram("101", LONG), 2),
        (to_telegram("101", LONG, FILE), 3),
        (to_telegram("101", LONG, CHART, FILE), 4),
        (to_telegram("101", LONG, FILE, done=("m1",)), 2),
        (to_telegram("101", FILE, done=("m1", "m2")), 1),
    ],
)
def test_each_message_of_a_letter_is_counted(letter: Letter, messages: int) -> None:
    assert telegram_pace.toll_of("9", letter).messages == messages


def test_what_says_nothing_or_goes_nowhere_uses_up_nothing() -> None:
    silent = replace(to_telegram(), reply=Reply(silent=True))
    assert telegram_pace.toll_of("9", silent) == Toll()
    assert telegram_pace.toll_of("9", to_telegram("")) == Toll()
    assert slack_pace.toll_of(replace(to_slack(), reply=Reply(silent=True))) == Toll()


@pytest.mark.parametrize(
    ("letter", "chat"),
    [
        (to_telegram("101"), "101"),
        (to_telegram("", user="102"), "102"),
        (to_telegram("-77", user="102"), "-77"),
        (to_telegram("-77", user="102", private=True), "102"),
        (to_telegram("101", user="102", private=True), "101"),
        (to_telegram("-77", user="102", only_for="103", private=True), "103"),
    ],
)
def test_what_is_private_goes_into_no_group(letter: Letter, chat: str) -> None:
    assert chat_of(letter) == chat


@pytest.mark.parametrize(
    ("letter", "first", "held"),
    [
        (to_telegram(quiet=True), True, "telegram:9"),
        (to_telegram(quiet=True), False, "telegram:9:101"),
        (to_telegram(quiet=False), True, "telegram:9:101"),
        (to_telegram("-77", quiet=True), True, "telegram:9:-77:minute"),
    ],
)
def test_too_many_is_about_the_bot_where_nothing_else_went_to_the_chat(
    letter: Letter, first: bool, held: str
) -> None:
    assert [limit.name for limit in telegram_pace.holds("9", letter, first=first)] == [held]


def test_a_letter_to_nowhere_holds_nobody() -> None:
    assert telegram_pace.holds("9", to_telegram(""), first=True) == ()


# --- Slack --------------------------------------------------------------------------------------

CHANNEL = ("slack:T1:C1", 3, 3.0)
POST = ("slack:T1:chat.postMessage", 5, 1.0)


@pytest.mark.parametrize(
    ("letter", "counted"),
    [
        (to_slack(), [POST, CHANNEL]),
        (to_slack(kind="nudge"), [POST, CHANNEL, ("slack:T1:C1:calmly", 1, 1.1)]),
        (to_slack("", user="U7"), [POST, ("slack:T1:U7", 3, 3.0)]),
        (
            to_slack(user="U7", private=True),
            [("slack:T1:chat.postEphemeral", 100, 60.0), CHANNEL],
        ),
        (to_slack(edits="m1"), [("slack:T1:chat.update", 50, 60.0)]),
        (to_slack(edits="m1", kind="nudge"), [("slack:T1:chat.update", 50, 60.0)]),
        (to_slack(answer_to="https://x"), [("slack:T1:response_url", 5, 1.0)]),
        (to_slack(marked=True), [POST, CHANNEL, ("slack:T1:conversations.history", 50, 60.0)]),
        (
            to_slack(thread="1.0", marked=True),
            [POST, CHANNEL, ("slack:T1:conversations.replies", 50, 60.0)],
        ),
        (to_slack(edits="m1", marked=True), [("slack:T1:chat.update", 50, 60.0)]),
        (
            to_slack("C1", FILE),
            [POST, CHANNEL, ("slack:T1:files.completeUploadExternal", 100, 60.0)],
        ),
        (
            to_slack("C1", CHART),
            [POST, CHANNEL, ("slack:T1:files.completeUploadExternal", 100, 60.0)],
        ),
    ],
)
def test_a_letter_on_slack_counts_for_its_method_and_its_channel(
    letter: Letter, counted: list[tuple[str, int, float]]
) -> None:
    toll = slack_pace.toll_of(letter)
    assert rates(toll) == counted
    assert toll.shared is None
    assert toll.all == toll.limits


@pytest.mark.parametrize(
    ("letter", "messages"),
    [
        (to_slack(), 1),
        (to_slack("C1", Line("Done."), FILE), 2),
        (to_slack("C1", Line("Done."), FILE, done=("m1",)), 1),
        (to_slack("C1", Line("Done."), done=("m1",)), 1),
    ],
)
def test_each_message_on_slack_is_counted(letter: Letter, messages: int) -> None:
    assert slack_pace.toll_of(letter).messages == messages


def test_a_long_letter_on_slack_takes_as_many_as_are_drawn() -> None:
    long = to_slack("C1", LONG, LONG, LONG)
    assert slack_pace.toll_of(long).messages == len(draw(long.reply).pages) >= 1


@pytest.mark.parametrize(
    ("letter", "whom", "method"),
    [
        (to_slack(user="U7"), "", "chat.postMessage"),
        (to_slack(user="U7", private=True), "U7", "chat.postEphemeral"),
        (to_slack("D1", user="U7", private=True), "", "chat.postMessage"),
        (to_slack("", user="U7", private=True), "", "chat.postMessage"),
        (to_slack(user="U7", only_for="U8"), "U8", "chat.postEphemeral"),
        (to_slack("D1", user="U7", only_for="U8"), "U8", "chat.postEphemeral"),
        (to_slack(user="U7", private=True, edits="m1"), "U7", "chat.update"),
        (to_slack(edits="m1", answer_to="https://x"), "", "response_url"),
    ],
)
def test_who_alone_sees_it_and_how_it_goes(letter: Letter, whom: str, method: str) -> None:
    assert (only_for(letter), method_of(letter)) == (whom, method)


@pytest.mark.parametrize(
    ("url", "method"),
    [
        ("https://slack.com/api/chat.postMessage", "chat.postMessage"),
        ("https://slack.com/api/chat.update/", "chat.update"),
        ("", ""),
    ],
)
def test_the_method_that_wants_to_be_left_alone(url: str, method: str) -> None:
    assert refused_method(SlackApiError("ratelimited", SimpleNamespace(api_url=url))) == method  # type: ignore[no-untyped-call]


# --- windows that slide -------------------------------------------------------------------------


def test_more_fit_in_when_the_oldest_leave() -> None:
    limit = Limit("x", 3, 10.0)
    assert limit.free_at([], 3) == 0.0
    assert limit.free_at([1.0, 2.0], 1) == 0.0
    assert limit.free_at([1.0, 2.0], 2) == 11.0
    assert limit.free_at([1.0, 2.0, 4.0], 1) == 11.0
    assert limit.free_at([1.0, 2.0, 4.0], 2) == 12.0
    assert limit.free_at([1.0, 2.0, 4.0], 9) == 14.0, "more than ever fit: when none are left"


def test_what_goes_is_remembered_and_what_left_the_window_is_not() -> None:
    limit = Limit("x", 2, 10.0)
    assert limit.with_more([1.0, 6.0], 1, 11.0) == [6.0, 11.0]
    assert limit.with_more([], 5, 11.0) == [11.0, 11.0, 21.0, 21.0, 31.0]


def test_a_hold_lets_one_after_the_other_through() -> None:
    limit = Limit("x", 4, 8.0)
    held = limit.held(100.0)
    assert held == [92.0, 94.0, 96.0, 98.0]
    assert limit.free_at(held, 1) == 100.0
    assert limit.free_at([*held[1:], 100.0], 1) == 102.0


def test_windows_wait_for_the_fullest_and_are_charged_together() -> None:
    chat, bot = Limit("chat", 1, 3.0), Limit("bot", 2, 1.0)
    windows = Windows(now=100.0, taken={"chat": [99.0], "bot": [99.5, 99.9]})
    assert windows.wait([bot], 1) == pytest.approx(0.5)
    assert windows.wait([chat, bot], 1) == pytest.approx(2.0)
    assert windows.wait([], 1) == windows.wait([Limit("new", 1, 9.0)], 1) == 0.0
    assert windows.recent(chat) == [99.0]
    assert windows.recent(Limit("chat", 1, 0.5)) == []
    assert windows.recent(Limit("new", 1, 1.0)) == []
    windows.charge(Toll((chat,), Limit("new", 2, 5.0), messages=1))
    assert windows.taken["chat"] == [99.0, 100.0]
    assert windows.taken["new"] == [100.0]
    assert windows.changed == {"chat", "new"}


def test_who_waited_for_what_all_share_counts_from_when_it_was_free() -> None:
    """Else a long queue would lose a little at each turn; but not so for a chat's own limit."""
    shared, chat = Limit("bot", 1, 1.0), Limit("chat", 1, 1.0)

    def counted(now: float) -> tuple[float, float]:
        windows = Windows(now=now, taken={"bot": [99.0], "chat": [99.0]})
        windows.charge(Toll((chat,), shared))
        return windows.taken["bot"][-1], windows.taken["chat"][-1]

    assert counted(100.1) == (100.0, 100.1)
    assert counted(100.19) == (100.0, 100.19)
    assert counted(100.3) == (100.3, 100.3), "who came later did not wait"
    assert counted(100.0) == (100.0, 100.0)


def test_the_longer_hold_stays() -> None:
    limit = Limit("x", 2, 4.0)
    windows = Windows(now=100.0, taken={})
    windows.hold(limit, 110.0)
    assert windows.taken["x"] == [106.0, 108.0]
    windows.changed.clear()
    windows.hold(limit, 105.0)
    windows.hold(limit, 110.0)
    assert windows.taken["x"] == [106.0, 108.0]
    assert not windows.changed
    windows.hold(limit, 120.0)
    assert windows.taken["x"] == [116.0, 118.0]
