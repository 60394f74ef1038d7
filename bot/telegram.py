"""The Telegram door: updates are kept before they are confirmed, letters leave with an outcome.

PTB's own Updater confirms updates that only stand in memory, so the loop here is our own: fetch,
keep durably, and only then ask for what comes after.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlencode

from telegram import Bot, InputFile
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.door import Keep, Raw
from bot.hook import Hook
from bot.incoming import Incoming
from bot.telegram_contact import fetch_file
from bot.telegram_menu import Menus, put_chat_menu, put_menus
from bot.telegram_pace import toll_of
from bot.telegram_read import (
    Me,
    chat_of,
    event_of,
    is_ours,
    is_update,
    noted,
    read_update,
    sender_of,
    tap_of,
)
from bot.telegram_request import AiohttpRequest, said
from bot.telegram_send import Sending, seconds_of
from bot.uploads import with_file
from scheduler.letters import Letter, Outcome, Sent
from scheduler.pace import Toll

API = "https://api.telegram.org"
KINDS = '["message","edited_message","callback_query"]'
IDLE = 6 * 24 * 60 * 60
"""After a week without updates Telegram numbers them anew, so an offset is forgotten before."""
QUIET = 10 * 60
"""A conflict with another poller is logged again only after so many seconds without one."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before trying again, growing with every failure in a row."""

os.environ.setdefault("PTB_TIMEDELTA", "true")  # PTB warns of durations in seconds otherwise

log = logging.getLogger("rabta.telegram")


class TokenRefused(Exception):
    """Telegram does not know the token (which is not repeated here)."""


async def _at_once(poll: Callable[[], Awaitable[None]]) -> None:
    await poll()


def _is_refused(problem: Exception) -> bool:
    """Whether Telegram itself refuses the token: a 404 of a proxy's is not written as its is."""
    cause = problem.__cause__
    while isinstance(cause, InvalidToken):  # PTB wraps it once more
        cause = cause.__cause__
    return isinstance(problem, InvalidToken) and cause is None


class Telegram:
    """One bot on Telegram.

    ``menus`` are the commands behind "/" in each language; ``arrived`` is told the bot's link for
    an invitation.
    ``alone`` is called with the polling, and runs it while it is this process's turn.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        *,
        menus: Menus | None = None,
        arrived: Callable[[str], None] = lambda _link: None,
        base_url: str = f"{API}/bot",
        base_file_url: str = f"{API}/file/bot",
        alone: Callable[[Callable[[], Awaitable[None]]], Awaitable[None]] = _at_once,
        poll_seconds: int = 50,
        clock: Callable[[], float] = time.time,
        moment: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.menus = menus or {}
        self._polling = AiohttpRequest(2)
        self._talking = AiohttpRequest(16)
        self.bot = Bot(
            token,
            base_url,
            base_file_url,
            request=self._talking,
            get_updates_request=self._polling,
        )
        self._poll_seconds, self._clock, self._sleep = poll_seconds, clock, sleep
        self._moment = moment or clock
        self._number = token.partition(":")[0]
        self._send = Sending(self._call, self._number)
        self._spoken, self._arrived = dict[str, str](), arrived
        self._talks, self._stopped, self._reached = 0, False, False
        self._offset, self._heard_at = 0, clock()
        self.hooks: Mapping[str, Hook] = {}
        self._alone, self._conflict_at = alone, -math.inf
        self._running: asyncio.Task[None] | None = None
        self._side: set[asyncio.Task[None]] = set()

    @property
    def me(self) -> Me:
        """Who the bot is; known once ``run`` has reached Telegram."""
        return Me(self.bot.id, self.bot.username)

    async def connected(self) -> bool:
        return self._reached and not self._stopped

    # In

    async def run(self, keep: Keep) -> None:
        """Receive until ``stop``. Raises TokenRefused."""
        self._running = asyncio.ensure_future(self._receive(keep))
        try:
            await self._running
        except asyncio.CancelledError:
            if not self._running.cancelled():
                raise  # not stop() but whoever runs the door wants it to end
        except InvalidToken:
            raise TokenRefused from None  # PTB's own message shows the token

    async def _receive(self, keep: Keep) -> None:
        await self._patiently(self._arrive)
        await self._alone(lambda: self._poll(keep))

    async def _poll(self, keep: Keep) -> None:
        self._offset = 0  # others may have polled meanwhile: what they kept is dropped as a repeat
        try:
            while True:
                await self._patiently(lambda: self._round(keep))
        finally:
            self._reached = True  # who stands by has no line that is down: whoever polls tells

    async def _patiently(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do it, trying again after ever longer pauses. A refused token is for good."""
        failures = 0
        while True:
            try:
                await act()
            except RetryAfter as late:
                pause = seconds_of(late)
            except Conflict:
                if self._clock() - self._conflict_at > QUIET:
                    log.warning("another poller, or a webhook, has this bot's updates; it waits")
                self._conflict_at = self._clock()
                with suppress(TelegramError):
                    await self._begin()
                pause = PAUSES[-2]
            except Exception as problem:  # the database may be away as well as the network
                if _is_refused(problem):
                    raise
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                log.warning("telegram: %s; again in %g s", type(problem).__name__, pause)
            else:
                self._reached = True
                return
            self._reached = False
            await self._sleep(pause)

    async def _arrive(self) -> None:
        await self.bot.initialize()
        await self._begin()
        self._aside(self._show_menus())
        self._arrived(self.link("{code}"))

    async def _show_menus(self) -> None:
        """They carry no effect, so that messages come in before they stand, and without them."""
        for pause in PAUSES:
            try:
                return await put_menus(self.bot, self.menus)
            except InvalidToken:  # a Bot API server without them: it took the token a moment ago
                break
            except TelegramError as late:
                await self._sleep(seconds_of(late) if isinstance(late, RetryAfter) else pause)
        log.warning("telegram: the menu behind / could not be put")
        return None

    async def _begin(self) -> None:
        """Let updates come: Telegram keeps them from whoever polls while it has a webhook."""
        with suppress(InvalidToken):  # where there are no webhooks; of a token, the polling tells
            await self.bot.delete_webhook()

    async def _round(self, keep: Keep) -> None:
        """Fetch, keep, and only then move on."""
        if self._clock() - self._heard_at > IDLE:
            self._offset = 0
        if not (updates := await self._fetch()):
            return
        await self._take(updates, keep)
        # Not max() with the old offset: after a pause the numbers may begin lower.
        self._offset = max(update["update_id"] for update in updates) + 1
        self._heard_at = self._clock()

    async def _take(self, updates: list[dict[str, Any]], keep: Keep) -> None:
        """Keep what is ours; taps are told at once that they arrived. When they were, Telegram
        does not tell: it goes by the same clock as all else."""
        now = self._moment()
        noted_ones = (noted(update, self.me, now) for update in updates)
        raws = [Raw(event_of(u), chat_of(u), u, sender_of(u)) for u in noted_ones if is_ours(u)]
        if raws:
            await keep(self.name, raws)
        for update in updates:
            if number := tap_of(update):
                self._aside(self._acknowledge(number))

    async def _fetch(self) -> list[dict[str, Any]]:
        """Updates as Telegram sent them: one that PTB could not read must not stop the rest.

        What has no number is none of Telegram's, and could not be confirmed.
        """
        asked = {"offset": self._offset, "timeout": self._poll_seconds, "allowed_updates": KINDS}
        address = f"{self.bot.base_url}/getUpdates?{urlencode(asked)}"
        told: Any = await self._polling.post(address, read_timeout=self._poll_seconds + 10)
        updates: list[dict[str, Any]] = [each for each in told if is_update(each)]
        if told and not updates:
            raise TelegramError("no updates at all")
        return updates

    def _aside(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._side.add(task)
        task.add_done_callback(self._side.discard)

    async def _acknowledge(self, query_id: str) -> None:
        """Stop the button's clock on the phone. It carries no effect, so it may fail."""
        try:
            await self.bot.answer_callback_query(query_id)
        except TelegramError as problem:
            log.info("telegram: a tap was not acknowledged: %s", type(problem).__name__)

    def is_whole(self, payload: dict[str, Any], /) -> bool:
        """A message of words: no file is to be fetched, no button waits on somebody's screen."""
        return "text" in payload.get("message", ())

    async def read(self, payload: dict[str, Any]) -> Incoming | None:
        """In our terms, with the file that came along."""
        incoming = read_update(payload)
        if incoming is None or not incoming.addressed:
            return incoming
        number = incoming.extra.get("file", "")

        async def fetch() -> bytes | None:
            async with self._line():
                return await fetch_file(self.bot, number)

        return await with_file(incoming, fetch)

    # Out

    def toll(self, letter: Letter) -> Toll:
        return toll_of(self._number, letter)

    async def push(self, letter: Letter) -> Outcome:
        async with self._line():
            outcome = await self._send.letter(letter)
        if isinstance(outcome, Sent) and outcome.chat.isdigit() and not self._stopped:
            tongue = letter.address.tongue
            if tongue != self._spoken.get(outcome.chat, ""):
                self._aside(self._follow(outcome.chat, tongue))
        return outcome

    async def _call(self, method: str, values: Mapping[str, Any], **files: InputFile) -> Any:
        """What Telegram answers, as it came. Raises TelegramError."""
        return await self._talking.post(f"{self.bot.base_url}/{method}", said(values, **files))

    async def _follow(self, chat: str, tongue: str) -> None:
        """Let the menu of a private chat speak the language that its member chose."""
        try:
            async with self._line():
                await put_chat_menu(self.bot, self.menus, chat, tongue)
            self._spoken[chat] = tongue
        except TelegramError as problem:
            log.info("telegram: a menu stays as it was: %s", type(problem).__name__)

    def link(self, start: str) -> str:
        """An address that opens the bot and says ``/start`` with that word."""
        return f"https://t.me/{self.me.username}?start={start}"

    async def stop(self) -> None:
        """End the loop. What was fetched and not kept was not confirmed, and comes again."""
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])
        if self._side:
            await asyncio.wait(self._side, timeout=2.0)
        await self._polling.shutdown()
        self._stopped = True
        if not self._talks:
            await self._talking.shutdown()

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[None]:
        """An open connection. What was answered still leaves after ``stop``, on one of its own."""
        self._talks += 1
        try:
            await self._talking.initialize()
            yield
        finally:
            self._talks -= 1
            if self._stopped and not self._talks:
                await self._talking.shutdown()
