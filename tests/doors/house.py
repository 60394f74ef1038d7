"""Both platforms coming by HTTP to one house, put together as the program does it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.desk import Desk
from bot.doors import doors_of
from bot.health import Health
from bot.hook import OuterDoor
from bot.http import Http
from bot.pump import Pump
from bot.reception import House as Terms
from bot.settings import Settings
from bot.slack_manifest import manifest
from bot.telegram_hook import SECRET, secret_of
from handlers.library import the_book
from scheduler.outbox import Sender
from storage.clock import SystemClock
from storage.database import Database
from tests.doors.loop import LiveLoop
from tests.doors.waiting import ended
from tests.servers.slack import SlackServer
from tests.servers.slack.posts import signature
from tests.servers.telegram import TOKEN, TelegramServer

TELEGRAM_PATH = "/telegram"
SLACK_PATH = "/slack/events"
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Never used, and so without the certificates that httpx would load for every call."""


PATIENCE = 5.0
"""Seconds that a port has to answer what is under way before it is cancelled once more."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Platforms:
    """Telegram and Slack, set up to call a port of ours."""

    telegram: TelegramServer
    slack: SlackServer
    port: int

    def __post_init__(self) -> None:
        self.telegram.updates.plain_webhooks = True
        self.slack.team()
        self.slack.obeys(manifest(the_book(), self.at(SLACK_PATH)))

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def settings(self) -> Settings:
        return Settings(
            telegram_token=SecretStr(TOKEN),
            telegram_base_url=self.telegram.base_url,
            telegram_base_file_url=self.telegram.base_file_url,
            telegram_webhook_url=self.at(TELEGRAM_PATH),
            slack_bot_token=SecretStr(self.slack.team().bot_token),
            slack_signing_secret=SecretStr(self.slack.signing_secret),
            slack_base_url=self.slack.api_url,
            http_port=self.port,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The same settings for the real program."""
        told = {name: getattr(self.settings, name) for name in self.settings.model_fields_set}
        shown = {
            name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for name, value in told.items()
        }
        return {f"RABTA_{name.upper()}": value for name, value in shown.items()}

    def calls(self, path: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        return httpx.post(self.at(path), content=body, headers=headers, timeout=20, verify=PLAIN)

    def from_telegram(self, body: bytes, secret: str = secret_of(TOKEN)) -> httpx.Response:
        headers = {SECRET: secret} if secret else {}
        return self.calls(TELEGRAM_PATH, body, headers)

    def from_slack(
        self, body: bytes, kind: str = "application/json", at: str = "", **headers: str
    ) -> httpx.Response:
        at = at or str(int(self.slack.world.clock()))
        signed = signature(self.slack.signing_secret, at, body)
        all_of_them = {"content-type": kind, "x-slack-request-timestamp": at}
        all_of_them |= {"x-slack-signature": signed} | headers
        return self.calls(SLACK_PATH, body, all_of_them)


class House:
    """Doors, pump, outbox and port on a live loop."""

    def __init__(self, platforms: Platforms, loop: LiveLoop, database: Database) -> None:
        self.platforms, self.loop, self.database = platforms, loop, database
        loop.do(self._start())

    async def _start(self) -> None:
        clock, settings = SystemClock(), self.platforms.settings
        owners = frozenset(
            {("telegram", "", "101"), ("slack", self.platforms.slack.team().id, "U1")}
        )
        desk = Desk(self.database, the_book(), clock, Terms(owners=owners))
        self.doors: dict[str, OuterDoor] = doors_of(settings, desk)
        pushes = {name: door.push for name, door in self.doors.items()}
        tolls = {name: door.toll for name, door in self.doors.items()}
        self.sender = Sender(self.database, clock, pushes, tolls=tolls, again=desk.says_again)
        flies = self.sender if self.database.is_sqlite else None
        self.pump = Pump(desk, self.doors, after=self.sender.wake, sender=flies)
        assert settings.http
        health = Health(self.database, clock, self.doors, self.pump.keeps)
        self.http = Http(settings.http, self.doors, health)
        receiving = [door.run(self.pump.keep) for door in self.doors.values()]
        self.receiving = [asyncio.create_task(run) for run in (*receiving, self.http.run())]
        working = (self.pump.run(), self.sender.run())
        self.working = [asyncio.create_task(run) for run in working]

    def stop(self) -> None:
        """In the program's order: receive no more, finish, send what was answered."""
        self.loop.do(self._stop())

    async def _stop(self) -> None:
        await ended(*self.receiving, again=PATIENCE)
        await self.pump.drain()
        await self.sender.flush()
        await ended(*self.working, again=PATIENCE)
        for door in self.doors.values():
            await door.stop()

    def count(self, table: Any) -> int:
        with self.database.transaction() as session:
            return session.scalars(select(func.count()).select_from(table)).one()


def is_up(platforms: Platforms) -> Callable[[], bool]:
    """Whether the house answers that all is well."""

    def look() -> bool:
        try:
            return httpx.get(platforms.at("/readyz"), timeout=5, verify=PLAIN).status_code == 200
        except httpx.TransportError:
            return False

    return look
