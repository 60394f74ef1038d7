"""Rabta at work for the firm, as its program sets it up: doors, mail, the web and one clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import with_tokens
from bot.desk import Desk
from bot.doors import doors_of, mail_of
from bot.health import Health
from bot.hook import Outlet
from bot.http import Http
from bot.pump import Pump
from bot.reception import House
from bot.settings import Settings
from bot.unsubscribe import Links
from handlers.library import the_book
from scheduler import learning, outlook
from scheduler.clock import LEARNING, TICKS, Clockwork, due
from scheduler.drawing import Draw
from scheduler.outbox import Sender
from scheduler.reminding import worded
from storage.clock import SetClock
from storage.database import Database
from storage.models import Outbox
from tests.doors.house import free_port
from tests.doors.loop import LiveLoop
from tests.doors.test_mail import Server as MailServer
from tests.doors.waiting import ended
from tests.servers.slack import SlackServer
from tests.servers.telegram import TOKEN, TelegramServer

PATIENCE = 60.0
"""Seconds in which an answer is there however busy the machine is."""

PUBLIC = "https://looms.example"
"""Where the firm's proxy stands; what comes there is handed to our port."""

TIDIES = frozenset(name for name, entry in TICKS.items() if entry.due is None)
"""Ticks that nobody hears of."""


class Post(MailServer):
    """A mail server that knows some addresses as gone, and notes whom a mail was meant for."""

    def __init__(self) -> None:
        super().__init__()
        self.gone, self.asked = set[str](), list[str]()

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked.append(address)
        if address in self.gone:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@dataclass
class Inside:
    """``begin`` and ``end`` run in the loop it lives in; ``rings`` is one look of the clock."""

    telegram: TelegramServer
    slack: SlackServer
    loop: LiveLoop
    database: Database
    clock: SetClock
    post: Post

    async def begin(self) -> None:
        self._mail = self.post.open()
        port = await self._mail.__aenter__()
        team = self.slack.team()
        settings = Settings(
            telegram_token=SecretStr(TOKEN),
            telegram_base_url=self.telegram.base_url,
            telegram_base_file_url=self.telegram.base_file_url,
            slack_bot_token=SecretStr(team.bot_token),
            slack_app_token=SecretStr(self.slack.app_token),
            slack_base_url=self.slack.api_url,
            smtp_url=SecretStr(f"smtp://127.0.0.1:{port}?tls=no"),
            mail_from="Karachi Looms <sales@looms.example>",
            public_url=PUBLIC,
        )
        house = House(owners=frozenset({("slack", team.id, "U1")}), rate=10_000)
        self.desk = Desk(self.database, the_book(), self.clock, house)
        self.desk.channels = settings.channels
        self.doors = doors_of(settings, self.desk)
        outlets: dict[str, Outlet] = {**self.doors, **mail_of(settings)}
        draw = Draw(the_book(), with_tokens, settings.channels)
        self.clockwork = Clockwork(self.database, self.clock, draw)
        self.sender = Sender(
            self.database,
            self.clock,
            {name: each.push for name, each in outlets.items()},
            again=self.desk.says_again,
            words=partial(worded, draw),
        )
        flies = self.sender if self.database.is_sqlite else None
        self.pump = Pump(self.desk, self.doors, after=self.sender.wake, sender=flies)
        self.port = free_port()
        http = Http(
            ("127.0.0.1", self.port),
            {},
            Health(self.database, self.clock, self.doors),
            Links(self.database, self.clock, self.desk.book).routes,
        )
        runs = [http.run(), *(each.run(self.pump.keep) for each in self.doors.values())]
        self.receiving = [asyncio.create_task(each) for each in runs]
        self.working = [
            asyncio.create_task(self.pump.run()),
            asyncio.create_task(self.sender.run()),
        ]

    async def end(self) -> None:
        await ended(*self.receiving, again=1.0)
        await self.pump.drain()
        await self.sender.flush()
        await ended(*self.working, again=1.0)
        for door in self.doors.values():
            await door.stop()
        await self._mail.__aexit__(None, None, None)

    def settles(self) -> None:
        """All that came is handled and answered."""
        self.loop.do(self.pump.drain(), PATIENCE)
        self.loop.do(self.sender.flush(), PATIENCE)

    def waits(self) -> None:
        """As many seconds as letters need to leave."""
        self.loop.do(self._posts(), PATIENCE)

    # --- the clock --------------------------------------------------------------------------------

    def rings(self) -> None:
        """The clock looks at what is due now, until that is nothing."""
        self.loop.do(self._rings(), 4 * PATIENCE)

    async def _rings(self) -> None:
        """As the program does it: a tick has the database's own thread for itself."""
        for _ in range(8):
            names = await self._in_thread(partial(due, now=self.clock.now())) - TIDIES
            if LEARNING in names:
                for learn in (outlook.learn, learning.learn):
                    await asyncio.to_thread(learn, self._run, self.clock.now)
            found = 0
            for name in (each for each in TICKS if each in names):
                found += await self.database.in_thread(self.clockwork.tick, name)
            if not found:
                break
            await self._posts()

    async def _posts(self) -> None:
        """Seconds go by until all letters have left: a chat gets one in a second."""
        for _ in range(30):
            await self.sender.flush()
            while await self._in_thread(_is_any_under_way):  # somebody else claimed it just now
                await self.sender.flush()
            if not self.sender.claims._spent:
                break
            self.clock.skip(timedelta(seconds=1.1))

    async def _in_thread(self, work: Callable[[Session], Any]) -> Any:
        return await self.database.in_thread(self.database.run, work)

    def _run(self, work: Callable[[Session], Any]) -> Any:
        return self.loop.start(self._in_thread(work)).result(PATIENCE)


def _is_any_under_way(session: Session) -> bool:
    return session.scalar(select(Outbox.id).where(Outbox.state == "sending").limit(1)) is not None
