"""The Slack door: deliveries are kept before they are acknowledged, letters leave with an outcome.

Bolt acknowledges an event before its listener runs, and so loses what is under way in a crash.
Here there are no listeners: one middleware keeps every delivery, and what it returns is the
acknowledgement. What could not be kept is not acknowledged, and Slack delivers it again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.door import Keep, Raw
from bot.hook import Forged, Hook
from bot.incoming import Incoming
from bot.slack_acts import noted, opens_form, was_removed
from bot.slack_files import fetch_file
from bot.slack_form import dialog, errors
from bot.slack_pace import toll_of
from bot.slack_people import PAUSES, People, is_for_later, refusal_of, seconds_of
from bot.slack_read import each_file, keeping, read_event, speaks_to_another
from bot.slack_send import Sending
from bot.slack_socket import Sockets, app_of, unless
from bot.uploads import with_file
from handlers.reply import Form
from scheduler.letters import Letter, Outcome, Refused
from scheduler.pace import Toll

API = "https://slack.com/api/"
PING, WATCH = 5.0, 20.0
"""Seconds between signs of life, and between looks at whether a socket still gives them."""
PATIENCE, QUICK = 10.0, 2.0
"""Seconds that a call may take, and that may pass before Slack hears what becomes of a dialog."""

Forms = Callable[[Incoming], Awaitable[Form | None]]
"""The form behind a tapped button, or None."""
Check = Callable[[Incoming], Awaitable[Mapping[str, str]]]
"""What is wrong with the answers of a form, by field; nothing if they can be taken."""
KnownThread = Callable[[str, str, str], Awaitable[bool]]
"""Whether (team, chat, thread) is a conversation with the bot."""

log = logging.getLogger("rabta.slack")


class TokenRefused(Exception):
    """Slack does not take a token (which is not repeated here)."""


async def _no_form(_incoming: Incoming) -> Form | None:
    return None


async def _nothing_wrong(_incoming: Incoming) -> Mapping[str, str]:
    return {}


async def _unknown(_team: str, _chat: str, _thread: str) -> bool:
    return False


class Slack:
    """One app in one Slack team, in Socket Mode. Without ``app_token`` no socket is asked for."""

    name = "slack"

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        *,
        forms: Forms = _no_form,
        check: Check = _nothing_wrong,
        known_thread: KnownThread = _unknown,
        base_url: str = API,
        ping: float = PING,
        watch: float = WATCH,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.team = self.me = ""
        self._app_token = app_token
        self._forms, self._check, self._known_thread = forms, check, known_thread
        self._ping, self._watch, self._clock, self._sleep = ping, watch, clock, sleep
        # The client's own second try after a broken connection would say everything twice.
        self.client = AsyncWebClient(
            bot_token, base_url, timeout=int(PATIENCE), retry_handlers=[], logger=log
        )
        self.people = People(self.client, sleep)
        self._send = Sending(self.client)
        self._gone = False
        self._over = asyncio.Event()
        self._sockets: Sockets | None = None
        self.hooks: Mapping[str, Hook] = {}

    async def connected(self) -> bool:
        sockets = self._sockets
        return sockets is not None and not self._gone and await sockets.connected()

    # In

    async def run(self, keep: Keep) -> None:
        """Receive until ``stop``. Raises TokenRefused."""
        self._open()
        await self._patiently(self._arrive)
        await self._listen(keep)

    async def _listen(self, keep: Keep) -> None:
        async def receive(body: dict[str, Any]) -> dict[str, Any]:
            return await self._receive(body, keep)

        app = app_of(self.client.base_url, self.team, self.me, receive)
        self._sockets = Sockets(
            app, self._app_token, self._over, ping=self._ping, watch=self._watch
        )
        try:
            await self._sockets.run()
        finally:
            await self._sockets.close()  # what was kept is still to be read and answered

    def _open(self) -> None:
        """One session for all calls; without it the client makes a new one for each."""
        if self.client.session is None or self.client.session.closed:
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            self.client.session = aiohttp.ClientSession(timeout=timeout)

    async def _patiently(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do it, trying again after ever longer pauses. A refused token is for good."""
        failures = 0
        while not self._over.is_set():
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            try:
                return await act()
            except SlackApiError as problem:
                if problem.response.status_code == 200 and not is_for_later(problem):
                    raise TokenRefused(refusal_of(problem)) from None
                pause = seconds_of(problem, pause)
            except (aiohttp.ClientError, TimeoutError, OSError) as problem:
                log.warning("slack: %s; again in %g s", type(problem).__name__, pause)
            failures += 1
            await unless(self._over, self._sleep(pause))
        return None

    async def _arrive(self) -> None:
        about = await self.client.auth_test()
        if self._app_token:
            await self.client.apps_connections_open(app_token=self._app_token)
        self.team, self.me = about["team_id"], about["user_id"]

    async def _receive(self, body: dict[str, Any], keep: Keep) -> dict[str, Any]:
        """Keep, then answer. A dialog is opened at once, while its trigger lives. Raises Forged."""
        raw = self._kept_of(body)
        if raw is None or (opens_form(body) and await self._opened(body, raw.payload)):
            return {}
        if body.get("type") == "view_submission" and (wrong := await self._wrong(raw.payload)):
            return errors(wrong)
        await keep(self.name, each_file(raw))
        return {}

    def _kept_of(self, body: dict[str, Any]) -> Raw | None:
        try:
            if was_removed(body):
                self._gone = True
                log.error("slack: the app was removed from the team")
                return None
            return keeping(body, self._clock(), self.me)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
            raise Forged(type(problem).__name__) from None

    async def _opened(self, body: dict[str, Any], payload: dict[str, Any]) -> bool:
        """Whether the tap's dialog stands. Where it does not, the tap is handled as any other."""
        incoming = read_event(payload)
        if incoming is None:
            return False
        try:
            async with asyncio.timeout(QUICK):
                form = await self._forms(await self._complete(incoming))
                if form is None or not form.fields:
                    return False
                view = dialog(form, noted(incoming, form.token))
                await self.client.views_open(trigger_id=body["trigger_id"], view=view)
        except Exception as problem:  # carries no effect, so it may fail in any way
            log.warning("slack: no dialog: %s", type(problem).__name__)
            return False
        return True

    async def _wrong(self, payload: dict[str, Any]) -> Mapping[str, str]:
        """What a dialog's person must mend. Where that cannot be told, the answers are taken."""
        incoming = read_event(payload)
        if incoming is None:
            return {}
        try:
            async with asyncio.timeout(QUICK):
                return await self._check(await self._complete(incoming))
        except Exception:
            log.exception("slack: answers could not be checked")
            return {}

    # Reading

    def is_whole(self, _payload: dict[str, Any], /) -> bool:
        """Never: Slack waits three seconds for each acknowledgement."""
        return False

    async def read(self, payload: dict[str, Any]) -> Incoming | None:
        """In our terms, with what Slack knows of the sender and of those who are named."""
        self._open()
        incoming = read_event(payload)
        if incoming is None:
            return None
        place = incoming.place
        if not incoming.addressed:
            known = await self._known_thread(place.team, place.chat, place.thread)
            if not known or speaks_to_another(incoming):
                return None
            incoming = replace(incoming, addressed=True)
        url = incoming.extra.get("url", "")
        incoming = await self._complete(incoming)
        return await with_file(incoming, lambda: fetch_file(self.client, url))

    async def _complete(self, incoming: Incoming) -> Incoming:
        place = incoming.place
        sender = await self.people.complete(incoming.sender)
        if incoming.answer_to and place.chat.startswith("D"):
            # A command may be typed, and its answer tapped, where two colleagues talk.
            own = await self.people.dm(place.team, sender.id)
            place = replace(place, private=own == place.chat)
        if not place.private and place.external is None:
            place = replace(place, external=await self.people.external(place.team, place.chat))
        text, passed = incoming.text, incoming.forwarded
        if passed and (author := incoming.extra.get("author")):
            passed = replace(passed, name=await self.people.name(place.team, author))
        for user in incoming.extra.get("named", "").split():
            text = text.replace(f"@{user}", f"@{await self.people.name(place.team, user)}")
        return replace(incoming, sender=sender, place=place, text=text, forwarded=passed)

    # Out

    def toll(self, letter: Letter) -> Toll:
        return toll_of(letter)

    async def push(self, letter: Letter) -> Outcome:
        if self._gone:
            return Refused("the app was removed", dead=True)
        self._open()
        return await self._send.letter(letter)

    async def stop(self) -> None:
        """What was kept is handled after the next start; what was not, Slack delivers again."""
        self._over.set()
        if self._sockets is not None:
            await self._sockets.close()
        if self.client.session is not None and not self.client.session.closed:
            await self.client.session.close()
