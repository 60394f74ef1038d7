"""Both platforms come by HTTP: real calls to the real port, kept before they are answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest
from sqlalchemy import select

from bot.health import STUCK, Health
from bot.http import Http
from bot.settings import WrongSetting
from storage.clock import SystemClock
from storage.database import Database
from storage.models import Company, Deal, Inbox
from tests.doors import waiting
from tests.doors.house import PLAIN, House, Platforms, free_port, is_up
from tests.doors.loop import LiveLoop
from tests.servers.slack import Channel, Message, Person, SlackServer
from tests.servers.slack.posts import body_of
from tests.servers.telegram import Talk, TelegramServer, fails

until = partial(waiting.until, timeout=20.0)

DEAL = "deal for {}: 20 looms, 5 lakh"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    with TelegramServer() as telegram, SlackServer(haste=300) as slack:
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
def talk(platforms: Platforms) -> Talk:
    ayesha = platforms.telegram.user(101, "Ayesha", language_code="en")
    return Talk(ayesha, platforms.telegram.private(ayesha))


@pytest.fixture
def bilal(platforms: Platforms) -> Person:
    return platforms.slack.team().user("U1", "Bilal")


@pytest.fixture
def dm(platforms: Platforms, bilal: Person) -> Channel:
    return platforms.slack.team().dm(bilal)


def asks(person: Person, channel: Channel, text: str) -> Message:
    before = len(channel.answers)
    person.says(channel, text)
    return channel.wait_for(before + 1, 20)


def firms(house: House) -> list[str]:
    with house.database.transaction() as session:
        dealt = session.scalars(select(Company.name).join(Deal, Deal.company_id == Company.id))
        return sorted(dealt)


def all_done(house: House) -> bool:
    with house.database.transaction() as session:
        return set(session.scalars(select(Inbox.state))) == {"done"}


# Once


def test_what_is_said_in_both_places_acts_once(
    house: House, platforms: Platforms, talk: Talk, bilal: Person, dm: Channel
) -> None:
    assert platforms.telegram.updates.url == platforms.at("/telegram")
    assert "Nishat Mills" in talk.says(DEAL.format("Nishat Mills")).text
    assert "Hilal Dairy" in asks(bilal, dm, DEAL.format("Hilal Dairy")).text_shown
    assert firms(house) == ["Hilal Dairy", "Nishat Mills"]
    assert not platforms.telegram.calls_of("getUpdates")
    assert not platforms.slack.called("apps.connections.open")


def test_row_02_06_repeats_act_once(
    house: House, platforms: Platforms, talk: Talk, bilal: Person, dm: Channel
) -> None:
    talk.says(DEAL.format("Nishat Mills"))
    asks(bilal, dm, DEAL.format("Hilal Dairy"))
    telegram, slack = platforms.telegram, platforms.slack
    telegram.updates.deaf = 2
    slack.manners.copies = 3
    talk.says(DEAL.format("Alpha Textiles"))
    asks(bilal, dm, DEAL.format("Indus Motors"))
    until(lambda: not telegram.world.queue.waiting)
    telegram.repeats(2)
    slack.redeliver(slack.deliveries[0])
    slack.settle()
    until(lambda: telegram.updates.posted >= 6)
    until(lambda: all_done(house))
    assert firms(house) == ["Alpha Textiles", "Hilal Dairy", "Indus Motors", "Nishat Mills"]
    assert house.count(Inbox) == 4
    assert len(dm.answers) == 2
    assert len([m for m in talk.chat.messages if "New deal" in m.text]) == 2


def test_row_41_a_call_that_is_replayed_byte_for_byte_acts_once(
    house: House, platforms: Platforms, bilal: Person, dm: Channel
) -> None:
    asks(bilal, dm, DEAL.format("Hilal Dairy"))
    bilal.commands("/rabta", DEAL.format("Indus Motors"), dm)
    dm.wait_for(2, 20)
    sent = {delivery.kind: delivery for delivery in reversed(platforms.slack.deliveries)}
    event, command = (body_of(sent[kind]) for kind in ("events_api", "slash_commands"))
    at = str(int(time.time()) - 200)
    for kind, body in (event, command, event, command):
        answer = platforms.from_slack(body, kind, at, **{"x-slack-retry-num": "1"})
        assert (answer.status_code, answer.content) == (200, b"")
    until(lambda: all_done(house))
    assert house.count(Inbox) == 2
    assert firms(house) == ["Hilal Dairy", "Indus Motors"]


# Taps and dialogs


def test_row_10_a_tap_on_telegram_is_acknowledged_and_acts(
    house: House, platforms: Platforms, talk: Talk
) -> None:
    card = talk.says(DEAL.format("Nishat Mills"))
    query = talk.user.presses(card, "Undo")
    until(lambda: query.answer is not None)
    until(lambda: not firms(house))
    assert platforms.telegram.calls_of("answerCallbackQuery")


def test_row_09_a_dialog_opens_in_time_and_its_answers_are_checked_in_the_answer_to_the_call(
    house: House, bilal: Person, dm: Channel
) -> None:
    card = asks(bilal, dm, DEAL.format("Hilal Dairy"))
    bilal.presses(card, "Edit").wait()
    dialog = bilal.sees_modal()
    labels = {block["label"]["text"]: block for block in dialog.view["blocks"]}
    amount = next(label for label in labels if "mount" in label)
    answer = bilal.submits(dialog, {amount: "lots of rupees"}).wait()
    assert answer["response_action"] == "errors"
    assert dialog.open
    assert list(dialog.errors) == [labels[amount]["block_id"]]
    assert bilal.submits(dialog, {amount: "7 lakh"}).wait() == {}
    assert not dialog.open
    dm.wait_for(2, 20)
    with house.database.transaction() as session:
        amounts = [deal.amount for deal in session.scalars(select(Deal))]
    assert [each and each.amount for each in amounts] == [700_000]


def test_slack_checks_the_address(house: House, platforms: Platforms) -> None:
    assert platforms.slack.challenges()
    looked = platforms.from_slack(b"ssl_check=1&token=x", FORM)
    assert (looked.status_code, house.count(Inbox)) == (200, 0)


# The webhook itself


def test_a_webhook_that_was_taken_away_is_set_again(
    house: House, platforms: Platforms, talk: Talk
) -> None:
    telegram = house.doors["telegram"]
    platforms.telegram.updates.url = ""
    house.loop.do(telegram._look())  # type: ignore[attr-defined]  # what it does every minute
    assert platforms.telegram.updates.url == platforms.at("/telegram")
    assert "Nishat" in talk.says(DEAL.format("Nishat Mills")).text


def test_a_bot_api_server_that_does_not_tell_of_webhooks_is_served(
    house: House, platforms: Platforms, talk: Talk
) -> None:
    platforms.telegram.goes_wrong("getWebhookInfo", fails(404, "Not Found: method not found"))
    house.loop.do(house.doors["telegram"]._look())  # type: ignore[attr-defined]  # as above
    assert "Nishat" in talk.says(DEAL.format("Nishat Mills")).text


def test_who_polls_again_takes_the_webhook_away_and_loses_nothing(
    platforms: Platforms, loop: LiveLoop, database: Database, talk: Talk
) -> None:
    first = House(platforms, loop, database)
    until(is_up(platforms))
    talk.says(DEAL.format("Nishat Mills"))
    first.stop()
    talk.user.says(talk.chat, DEAL.format("Alpha Textiles"))

    class Polled(Platforms):
        def __post_init__(self) -> None: ...

        @property
        def settings(self):  # type: ignore[no-untyped-def]  # as above, without a webhook
            return super().settings.model_copy(update={"telegram_webhook_url": ""})

    second = House(Polled(platforms.telegram, platforms.slack, platforms.port), loop, database)
    until(lambda: firms(second) == ["Alpha Textiles", "Nishat Mills"])
    assert platforms.telegram.updates.url == ""
    second.stop()


# How it is


def test_health_is_told_as_it_is(house: House, platforms: Platforms) -> None:
    lives = httpx.get(platforms.at("/healthz"), verify=PLAIN)
    assert (lives.status_code, lives.text) == (200, "ok")
    ready = httpx.get(platforms.at("/readyz"), verify=PLAIN)
    fine = dict.fromkeys(("database", "clock", "inbox", "telegram", "slack"), "ok")
    assert (ready.status_code, ready.json()) == (200, fine)
    event = {"type": "app_uninstalled"}
    platforms.slack.forges({"type": "event_callback", "event": event})
    unready = httpx.get(platforms.at("/readyz"), verify=PLAIN)
    assert (unready.status_code, unready.json()) == (503, fine | {"slack": "not connected"})


def test_a_message_that_nobody_handles_is_no_health(
    database: Database, loop: LiveLoop, platforms: Platforms
) -> None:
    class Open:
        name = "telegram"

        async def connected(self) -> bool:
            return True

    health = Health(database, SystemClock(), {"telegram": Open()})  # type: ignore[dict-item]
    fine = dict.fromkeys(("database", "clock", "inbox", "telegram"), "ok")
    assert loop.do(health.look()) == fine
    keeps(database, "telegram", timedelta(0))
    keeps(database, "terminal", 2 * STUCK)
    assert loop.do(health.look())["inbox"] == "ok", "whoever serves that door will tell"
    keeps(database, "telegram", 2 * STUCK)
    assert loop.do(health.look())["inbox"] == "messages wait to be handled"


def keeps(database: Database, door: str, age: timedelta) -> None:
    with database.transaction() as session:
        at = datetime.now(UTC) - age
        event = f"{door}-{age}"
        session.add(Inbox(door=door, event=event, chat="c", payload={}, received_at=at))


def test_row_32_a_database_that_answers_and_has_no_room_is_no_health(
    house: House, platforms: Platforms, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_events: object) -> None:
        raise OSError("no space left on device")

    def state() -> dict[str, str]:
        return dict(httpx.get(platforms.at("/readyz"), verify=PLAIN).json())

    with monkeypatch.context() as context:
        context.setattr(house.pump, "_keeping", full)
        talk.user.says(talk.chat, DEAL.format("Nishat Mills"))
        until(lambda: state()["inbox"] == "messages cannot be kept")
        assert state()["database"] == "ok"
    until(lambda: firms(house) == ["Nishat Mills"])  # it was brought again
    assert state()["inbox"] == "ok"


def test_a_database_that_is_away_is_no_health(loop: LiveLoop, platforms: Platforms) -> None:
    away = Database("postgresql://rabta:canary@127.0.0.1:9/rabta")
    state = loop.do(Health(away, SystemClock(), {}).look())
    away.close()
    assert state == {"database": "not reached (OperationalError)", "inbox": "unknown"}


def test_a_port_that_is_taken_is_told(house: House, platforms: Platforms) -> None:
    with pytest.raises(WrongSetting, match=f"RABTA_HTTP_PORT {platforms.port} at 127.0.0.1 cannot"):
        Http(("127.0.0.1", platforms.port), {}, None)  # type: ignore[arg-type]  # never looked at
