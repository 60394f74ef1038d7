"""Each kind of nudge comes through each platform's own client, and all of its buttons work there.

What happened before is told to Rabta beside the doors; then Ayesha is somebody whom Telegram, or
Slack, knows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select, update

from bot.slack_manifest import manifest
from handlers.library import the_book
from scheduler import learning, outlook
from scheduler.clock import TICKS, Clockwork
from storage.clock import SetClock
from storage.database import Database
from storage.models import Identity, Member, Nudge
from tests.conversation import AYESHA, Conversation
from tests.doors import test_slack as slack_door
from tests.doors import test_telegram as telegram_door
from tests.doors.loop import LiveLoop
from tests.doors.waiting import until
from tests.every_nudge import HALF_A_DAY, STORIES, TRIES
from tests.scenes import Scenes
from tests.servers.slack import Channel, Message, SlackServer
from tests.servers.telegram import TelegramServer

STOP = "Stop these"
PATIENCE = 20.0
CARD_OF = {
    "goal": "slipping", "look": "How Rabta was used", "tidy": "Perhaps in twice",
    "silent": "usually moves on within",
}  # fmt: skip
"""Words by which a card is known where a report or another nudge comes at the same time."""


@pytest.fixture(params=STORIES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def happened(kind: str, chat: Conversation, database: Database, scenes: Scenes) -> Conversation:
    if not database.is_sqlite:
        pytest.skip("what a door does with a card is the same on both databases")
    told = scenes.after(STORIES[kind][0], chat)
    told.runs("workdays.set", days=[*range(7)])
    return told


def becomes(chat: Conversation, platform: str, team: str, user: str, place: str) -> None:
    """Ayesha is on that platform from now on."""
    with chat.database.transaction() as session:
        member = session.scalars(select(Member).where(Member.name == AYESHA)).one()
        session.execute(
            update(Identity).where(Identity.member_id == member.id)
            .values(platform=platform, team=team, user=user, private_chat=place)
        )  # fmt: skip


def raised(chat: Conversation, kind: str) -> SetClock:
    """The ticks of a later day, until a nudge of that kind is on its way; the time then."""
    clock = chat.clock
    clock.set(clock.now() + timedelta(days=STORIES[kind][1]))
    clockwork = Clockwork(chat.database, clock, chat.draw)
    for _ in range(TRIES):
        outlook.learn(chat.database.run, clock.now)
        learning.learn(chat.database.run, clock.now)
        for name in TICKS:
            while clockwork.tick(name):
                pass
        with chat.database.transaction() as session:
            if session.scalars(
                select(Nudge.id).where(Nudge.kind == kind, Nudge.state == "sent")
            ).first():
                return SetClock(clock.now(), running=True)
        clock.set(clock.now() + HALF_A_DAY)
    raise AssertionError(f"no nudge of the kind {kind} was raised")


def answers(database: Database, kind: str) -> list[str | None]:
    with database.transaction() as session:
        return [*session.scalars(select(Nudge.answer).where(Nudge.kind == kind))]


Taps = Callable[[str], str]


def all_work(database: Database, kind: str, labels: list[str], taps: Taps) -> None:
    """Each of them answers, and is answered with words of its own."""
    name = the_book().words[f"nudge_kind_{kind}"]["en"]
    assert labels[-1] == STOP
    helps = [each for each in labels if each not in {"Useful", "Not now", STOP}]
    assert helps
    said = {label: taps(label) for label in helps}
    assert all(len(each) > len(label) for label, each in said.items()), said
    if "Useful" in labels:
        assert f"come first: {name}" in taps("Useful")
        assert "I come back to it on" in taps("Not now")
        assert "later" in answers(database, kind)
    stopped = taps(STOP)
    assert f"I stopped these nudges: {name}" in stopped or "Weekly tidy-up: off" in stopped
    assert "stop" in answers(database, kind)


def test_on_telegram(kind: str, happened: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    becomes(happened, "telegram", "", "101", "101")
    clock = raised(happened, kind)
    monkeypatch.setattr(telegram_door, "SystemClock", lambda: clock)
    with TelegramServer() as server, LiveLoop() as loop:
        user = server.user(101, AYESHA, language_code="en")
        chat = server.private(user)
        chat.room.started = True
        running = telegram_door.Rabta(server, loop, happened.database)
        try:
            card = chat.wait_for(lambda each: STOP in each.buttons and _is_of(each.text, kind))

            data = {label: card.data(label) for label in card.buttons}

            def taps(label: str) -> str:
                since = chat.changes
                user.presses_data(card, data[label])
                return telegram_door.plain(chat.wait_for_change(since, PATIENCE))

            all_work(happened.database, kind, card.buttons, taps)
        finally:
            running.stop()


def test_on_slack(kind: str, happened: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    with SlackServer(haste=120) as server, LiveLoop() as loop:
        team = server.team()
        server.obeys(manifest(the_book()))
        ayesha = team.user("U1", AYESHA)
        dm = team.dm(ayesha)
        becomes(happened, "slack", team.id, "U1", dm.id)
        clock = raised(happened, kind)
        monkeypatch.setattr(slack_door, "SystemClock", lambda: clock)
        running = slack_door.Rabta(server, loop, happened.database)
        try:
            until(lambda: any(_is_card(each, kind) for each in dm.answers), PATIENCE)
            card = next(each for each in dm.answers if _is_card(each, kind))

            before = cast("Message", Before(card))

            def taps(label: str) -> str:
                shown = _shown(dm)
                ayesha.presses(before, label).wait()
                until(lambda: _news(dm, shown), PATIENCE)
                return _news(dm, shown)

            all_work(happened.database, kind, [*card.buttons], taps)
        finally:
            running.stop()


class Before:
    """A message as it was, in a window that has not seen yet that it was changed."""

    def __init__(self, message: Message) -> None:
        self.message, self.elements = message, [*message.elements]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.message, name)


def _shown(channel: Channel) -> dict[str, str]:
    return {each.ts: slack_door.plain(each) for each in channel.answers}


def _news(channel: Channel, shown: dict[str, str]) -> str:
    """What came, or was changed; a picture comes without words."""
    return "".join(text for ts, text in _shown(channel).items() if shown.get(ts) != text)


def _is_card(message: Message, kind: str) -> bool:
    return STOP in message.buttons and _is_of(slack_door.plain(message), kind)


def _is_of(text: str, kind: str) -> bool:
    return CARD_OF.get(kind, "") in text
