"""Rows 2, 3, 5, 6, 8, 10 and 41 from end to end: what platforms do to what they deliver."""

from __future__ import annotations

import json
import random
import socket
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import aiohttp
import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.desk import Desk
from bot.slack import Slack
from handlers.reply import Reply
from storage.database import Database
from storage.models import Company, Deal, Inbox, Outbox
from tests.doors import waiting
from tests.doors.house import PLAIN, House, Platforms, free_port, is_up
from tests.doors.loop import LiveLoop
from tests.servers.slack import Channel, Message, Person, SlackServer
from tests.servers.slack.posts import body_of, signature
from tests.servers.telegram import Chat, Talk, TelegramServer, User, fails

until = partial(waiting.until, timeout=40.0)

DEAL = "deal for {}: 20 looms, 5 lakh"
FIRMS = ("Alpha Textiles", "Hilal Dairy", "Indus Motors", "Jubilee Foods", "Nishat Mills")
OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    with TelegramServer() as telegram, SlackServer(ack_seconds=1.0, haste=300) as slack:
        yield Platforms(telegram, slack, free_port())


@pytest.fixture
def loop(platforms: Platforms) -> Iterator[LiveLoop]:
    del platforms  # they outlive the loop, whose connections lead to them
    with LiveLoop() as running:
        yield running


@pytest.fixture
def house(platforms: Platforms, loop: LiveLoop, database: Database) -> Iterator[House]:
    running = House(platforms, loop, database)
    until(is_up(platforms))
    yield running
    running.stop()


@pytest.fixture
def ayesha(platforms: Platforms) -> User:
    return platforms.telegram.user(101, "Ayesha", language_code="en")


@pytest.fixture
def chat(platforms: Platforms, ayesha: User) -> Chat:
    return platforms.telegram.private(ayesha)


@pytest.fixture
def bilal(platforms: Platforms) -> Person:
    return platforms.slack.team().user("U1", "Bilal")


@pytest.fixture
def dm(platforms: Platforms, bilal: Person) -> Channel:
    return platforms.slack.team().dm(bilal)


def update(number: int, text: str, at: int = 0) -> bytes:
    """A message of Ayesha's, as Telegram posts it."""
    message = {
        "message_id": number, "date": at or int(time.time()), "text": text,
        "chat": {"id": 101, "type": "private", "first_name": "Ayesha"},
        "from": {"id": 101, "is_bot": False, "first_name": "Ayesha", "language_code": "en"},
    }  # fmt: skip
    return json.dumps({"update_id": number, "message": message}).encode()


def all_done(house: House, count: int) -> bool:
    with house.database.transaction() as session:
        states = list(session.scalars(select(Inbox.state)))
        waiting = session.scalars(select(Outbox.id).where(Outbox.state.in_(("waiting", "sending"))))
        return states == ["done"] * count and not waiting.all()


def firms(house: House) -> list[str]:
    with house.database.transaction() as session:
        dealt = session.scalars(select(Company.name).join(Deal, Deal.company_id == Company.id))
        return sorted(dealt)


def asks(person: Person, channel: Channel, text: str) -> Message:
    before = len(channel.answers)
    person.says(channel, text)
    return channel.wait_for(before + 1, 40)


# Telegram


def test_row_02_updates_that_come_up_to_five_times_and_shuffled_act_once(
    house: House, platforms: Platforms, ayesha: User, chat: Chat
) -> None:
    dice = random.Random(2)
    ayesha.says(chat, "/start")
    until(lambda: all_done(house, 1))
    calls = [update(900 + n, DEAL.format(firm)) for n, firm in enumerate(FIRMS)]
    calls = [call for call in calls for _ in range(dice.randint(1, 5))]
    dice.shuffle(calls)
    assert {platforms.from_telegram(call).status_code for call in calls} == {200}
    until(lambda: all_done(house, 1 + len(FIRMS)))
    for call in calls:  # and once more, after all was answered
        assert platforms.from_telegram(call).status_code == 200
    until(lambda: all_done(house, 1 + len(FIRMS)))
    assert firms(house) == list(FIRMS)
    said = Counter(message.text.partition("\n")[0] for message in chat.messages[1:])
    assert said == {f"New deal: {firm}": 1 for firm in FIRMS}


def test_row_03_a_number_that_telegram_gives_anew_is_another_message(
    house: House, platforms: Platforms, ayesha: User, chat: Chat
) -> None:
    ayesha.says(chat, "/start")
    until(lambda: all_done(house, 1))
    now = int(time.time())
    for number, firm, at in ((70, "Alpha Textiles", now - 1), (7, "Hilal Dairy", now)):
        assert platforms.from_telegram(update(number, DEAL.format(firm), at)).status_code == 200
    assert platforms.from_telegram(update(70, DEAL.format("Indus Motors"), now)).status_code == 200
    until(lambda: all_done(house, 4))
    assert firms(house) == ["Alpha Textiles", "Hilal Dairy", "Indus Motors"]


def test_row_05_what_cannot_be_handled_is_acknowledged_and_the_next_is_handled(
    house: House,
    platforms: Platforms,
    ayesha: User,
    chat: Chat,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("CRITICAL", "rabta.desk")
    ayesha.says(chat, "/start")
    until(lambda: all_done(house, 1))
    answer, tried = Desk._reply, list[str]()

    def reply(desk: Desk, turn: Any, incoming: Any, news: Any) -> Reply:
        if "boom" in incoming.text:
            tried.append(incoming.text)
            raise RuntimeError
        return answer(desk, turn, incoming, news)

    monkeypatch.setattr(Desk, "_reply", reply)
    for number, text in ((900, "boom"), (901, DEAL.format("Nishat Mills"))):
        assert platforms.from_telegram(update(number, text)).status_code == 200
    until(lambda: firms(house) == ["Nishat Mills"])
    until(lambda: len(tried) >= 2)  # the second try, a second later
    with house.database.transaction() as session:
        row = session.scalars(select(Inbox).where(Inbox.event.startswith("900-"))).one()
        assert (row.state, row.error) == ("new", "RuntimeError")


def test_row_10_a_tap_that_telegram_calls_too_old_acts_once_all_the_same(
    house: House, platforms: Platforms, ayesha: User, chat: Chat
) -> None:
    talk = Talk(ayesha, chat, timeout=40)
    talk.says("/start")
    card = talk.says(DEAL.format("Nishat Mills"))
    platforms.telegram.goes_wrong("answerCallbackQuery", *[fails(400, OLD)] * 9)
    ayesha.presses(card, "Undo")
    until(lambda: firms(house) == [])
    until(lambda: all_done(house, 3))
    assert len(platforms.telegram.calls_of("answerCallbackQuery")) == 1


def test_row_10_two_taps_at_once_act_once(
    house: House, platforms: Platforms, ayesha: User, chat: Chat
) -> None:
    talk = Talk(ayesha, chat, timeout=40)
    talk.says("/start")
    talk.says(DEAL.format("Alpha Textiles"))
    card = talk.says(DEAL.format("Nishat Mills"))
    for _ in range(2):
        ayesha.presses(card, "Undo")
    until(lambda: all_done(house, 5))
    assert firms(house) == ["Alpha Textiles"], "the second tap took nothing else back"


# Slack


def test_row_06_an_event_of_which_copies_come_late_acts_once(
    house: House, platforms: Platforms, bilal: Person, dm: Channel
) -> None:
    platforms.slack.manners.copies = 3
    asks(bilal, dm, DEAL.format("Hilal Dairy"))
    platforms.slack.settle(20)
    platforms.slack.manners.copies = 1
    for _ in range(2):
        platforms.slack.redeliver(platforms.slack.deliveries[0])
    platforms.slack.settle(20)
    until(lambda: all_done(house, 1))
    assert firms(house) == ["Hilal Dairy"]
    assert len(dm.answers) == 1


def test_row_06_a_dialog_whose_acknowledgement_was_lost_gets_the_same_answer_again(
    house: House, platforms: Platforms, bilal: Person, dm: Channel
) -> None:
    card = asks(bilal, dm, DEAL.format("Hilal Dairy"))
    bilal.presses(card, "Edit").wait()
    dialog = bilal.sees_modal()
    label = next(
        each["label"]["text"] for each in dialog.view["blocks"] if "mount" in each["label"]["text"]
    )
    wrong = bilal.submits(dialog, {label: "lots of rupees"}).wait()
    assert bilal.submits(dialog, {label: "7 lakh"}).wait() == {}
    dm.wait_for(2, 40)
    sent = [each for each in platforms.slack.deliveries if each.kind == "interactive"]
    for delivery, said in ((sent[-1], {}), (sent[-2], wrong), (sent[-1], {})):
        kind, body = body_of(delivery)
        answer = platforms.from_slack(body, kind)
        assert answer.status_code == 200
        assert (answer.json() if answer.content else {}) == said
    until(lambda: all_done(house, 2))
    with house.database.transaction() as session:
        (deal,) = session.scalars(select(Deal))
        assert deal.amount
        assert deal.amount.amount == 700_000
        assert deal.version == 2, "changed once"
    assert len(dm.answers) == 2


def test_row_08_where_all_sockets_are_taken_it_waits_for_one(loop: LiveLoop) -> None:
    """Ten are open elsewhere: ours is refused, asks again, and hears once there is room."""
    heard: list[str] = []

    async def keep(_door: str, raws: Any) -> None:
        heard.extend(raw.payload["event"]["text"] for raw in raws)

    async def opened(session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
        client = AsyncWebClient(base_url=slack.api_url)
        url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
        return await session.ws_connect(str(url))

    async def of_others() -> tuple[aiohttp.ClientSession, list[aiohttp.ClientWebSocketResponse]]:
        session = aiohttp.ClientSession()
        return session, [await opened(session) for _ in range(10)]

    async def ours() -> Slack:
        more: dict[str, Any] = {"base_url": slack.api_url, "ping": 0.3, "watch": 0.2}
        return Slack(slack.team().bot_token, slack.app_token, **more)

    with SlackServer(ack_seconds=1.0, haste=300) as slack:
        bilal = slack.team().user("U1", "Bilal")
        session, sockets = loop.do(of_others())
        door = loop.do(ours())
        loop.start(door.run(keep))
        until(lambda: slack.sockets.refused >= 2)
        assert not heard
        for each in sockets:
            loop.do(each.close())
        until(lambda: loop.do(door.connected()))
        bilal.says(slack.team().dm(bilal), "are you there?")
        until(lambda: heard)
        loop.do(door.stop())
        loop.do(session.close())
    assert heard == ["are you there?"]


# Forged


def raw_call(port: int, head: bytes, body: bytes = b"") -> bytes:
    """What the port answers to these very bytes; empty where it just hangs up."""
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        return line.recv(64)


SLACK, TELEGRAM = (
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\n",
    b"POST /telegram HTTP/1.1\r\nHost: x\r\n",
)


def test_row_41_bytes_that_nobody_sends_are_never_an_error_of_ours(
    house: House, platforms: Platforms
) -> None:
    body = json.dumps({"type": "event_callback", "team_id": "T", "event": {}}).encode()
    at = str(int(time.time()))
    signed = signature(platforms.slack.signing_secret, at, body).encode()
    stamped = b"X-Slack-Request-Timestamp: " + at.encode()
    heads = (
        SLACK + b"A: b", SLACK + stamped, SLACK + b"X-Slack-Signature: " + signed,
        SLACK + b"X-Slack-Request-Timestamp: \xff\xfe\r\nX-Slack-Signature: \xff",
        SLACK + b"X-Slack-Request-Timestamp: " + b"9" * 30_000 + b"\r\nX-Slack-Signature: v0=",
        SLACK + stamped + b"\r\nX-Slack-Signature: v0=" + b"\xe2\x80\xae" * 5000,
        SLACK + stamped + b"\r\n" + stamped + b"\r\nX-Slack-Signature: " + signed[:-1] + b"x",
        TELEGRAM + b"A: b", TELEGRAM + b"X-Telegram-Bot-Api-Secret-Token: \xff\x00"[:-1],
        TELEGRAM + b"X-Telegram-Bot-Api-Secret-Token: " + b"x" * 40_000,
    )  # fmt: skip
    for head in heads:
        assert raw_call(platforms.port, head, body)[9:12] == b"401", head[:90]
    for head in (SLACK + b"A: " + b"x" * 200_000, b"\x16\x03\x01 \r\n", b"GET\x00 / HTTP/9.9"):
        assert raw_call(platforms.port, head)[9:12] in (b"400", b"431", b""), head[:20]
    assert house.count(Inbox) == 0
    assert httpx.get(platforms.at("/readyz"), verify=PLAIN).status_code == 200
