"""How updates leave: one long poll at a time, or a webhook, never both."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable

from tests.servers.telegram.checks import JSON, Refusal, bad, loads
from tests.servers.telegram.state import Update, World
from tests.servers.telegram.wire import post

LONGEST_POLL = 50
KINDS = frozenset(
    {
        "message", "edited_message", "channel_post", "edited_channel_post",
        "business_connection", "business_message", "edited_business_message",
        "deleted_business_messages", "message_reaction", "message_reaction_count",
        "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
        "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member",
        "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost",
    }
)  # fmt: skip
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
SET_WEBHOOK = "Conflict: terminated by setWebhook request"
SECRET = re.compile("[A-Za-z0-9_-]{1,256}")


class Updates:
    """The methods that hand out updates; they run on the server's loop."""

    plain_webhooks = False  # a test may let the webhook be http://127.0.0.1
    retry_pause = 0.05  # seconds between two tries of a webhook
    deaf = 0  # so many answers of a webhook get lost, and what they were for comes again
    posted = 0  # so many updates went to a webhook, repeats included

    def __init__(self, world: World) -> None:
        self.world = world
        self.poll: asyncio.Future[Refusal | None] | None = None
        self.url, self.secret, self.error = "", "", ""
        self.news = asyncio.Event()
        self.methods: dict[str, Callable[[dict[str, str]], Awaitable[JSON]]] = {
            "getupdates": self.get_updates,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.webhook_info,
        }

    def wake(self) -> None:
        self.news.set()
        if self.poll and not self.poll.done():
            self.poll.set_result(None)

    def abort(self, why: str) -> None:
        if self.poll and not self.poll.done():
            self.poll.set_result(Refusal(409, why))

    async def get_updates(self, params: dict[str, str]) -> JSON:
        if self.url:
            return Refusal(409, WEBHOOK_ACTIVE).body
        offset, limit = _number(params, "offset", 0), _number(params, "limit", 100)
        limit = min(max(limit, 1), 100)
        timeout = min(max(_number(params, "timeout", 0), 0), LONGEST_POLL)
        try:
            self._allow(params)
        except Refusal as refusal:
            return refusal.body
        deadline = time.monotonic() + timeout
        while True:
            if taken := self._take(offset, limit):
                return {"ok": True, "result": [update.body for update in taken]}
            left = deadline - time.monotonic()
            if left <= 0:
                return {"ok": True, "result": []}
            self.abort(OTHER_POLL)
            mine: asyncio.Future[Refusal | None] = asyncio.get_running_loop().create_future()
            self.poll = mine
            try:
                if conflict := await asyncio.wait_for(mine, left):
                    return conflict.body
            except TimeoutError:
                return {"ok": True, "result": []}

    def _take(self, offset: int, limit: int) -> list[Update]:
        with self.world.lock:
            return self.world.queue.take(offset, limit, self.world.now)

    def _allow(self, params: dict[str, str]) -> None:
        """An empty list means the usual kinds; no list at all leaves things as they were."""
        if not (raw := params.get("allowed_updates")):
            return
        kinds = loads(raw, "allowed updates")
        if not isinstance(kinds, list):
            raise bad("can't parse allowed updates: expected an Array of Strings")
        known = frozenset(str(kind).lower() for kind in kinds) & KINDS
        self.world.queue.allowed = known or None

    async def set_webhook(self, params: dict[str, str]) -> JSON:
        url, secret = params.get("url", ""), params.get("secret_token", "")
        plain = self.plain_webhooks and url.startswith("http://127.0.0.1")
        try:
            if url and not plain and not re.match(r"https://[^/\s]+\.[^/\s]+", url):
                raise bad("bad webhook: An HTTPS URL must be provided for webhook")
            if secret and not SECRET.fullmatch(secret):
                raise bad("secret token contains unallowed characters")
            self._allow(params)
        except Refusal as refusal:
            return refusal.body
        if params.get("drop_pending_updates", "").lower() == "true":
            with self.world.lock:
                self.world.queue.waiting.clear()
        if url:
            self.abort(SET_WEBHOOK)
        said = "set" if url else "deleted"
        said = f"Webhook {'was' if url != self.url else 'is already'} {said}"
        self.url, self.secret, self.error = url, secret, ""
        self.news.set()
        return {"ok": True, "result": True, "description": said}

    async def delete_webhook(self, params: dict[str, str]) -> JSON:
        return await self.set_webhook({**params, "url": "", "secret_token": ""})

    async def webhook_info(self, _: dict[str, str]) -> JSON:
        with self.world.lock:
            self.world.queue.drop_old(self.world.now)
            waiting = len(self.world.queue.waiting)
        info: JSON = {"url": self.url, "has_custom_certificate": False}
        info["pending_update_count"] = waiting
        if self.error:
            info |= {"last_error_message": self.error, "last_error_date": int(self.world.now)}
        return {"ok": True, "result": info}

    async def push(self) -> None:
        """Post waiting updates to the webhook, one after another, until each got its 200."""
        while True:
            await self.news.wait()
            self.news.clear()
            while self.url and (taken := self._take(0, 1)):
                self.error = await self._post(taken[0])
                self.posted += 1
                if self.deaf and not self.error:
                    self.deaf -= 1
                    self.error = "Read timeout expired"
                if self.error:
                    await asyncio.sleep(self.retry_pause)
                else:
                    with self.world.lock:
                        self.world.queue.confirm(taken[0], self.world.now)

    async def _post(self, update: Update) -> str:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            status = await post(self.url, json.dumps(update.body).encode(), headers)
        except (OSError, asyncio.IncompleteReadError):
            return "Connection refused"
        return "" if 200 <= status < 300 else f"Wrong response from the webhook: {status}"


def _number(params: dict[str, str], name: str, default: int) -> int:
    try:
        return int(params.get(name, default))
    except ValueError:
        return default
