"""Posting to Slack: one message, an edit in place, an answer to a command, a file."""

from __future__ import annotations

import logging
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.pictures.studio import picture_of
from bot.slack_draw import Page, Picture
from bot.slack_look import Arrived, look, noted
from bot.slack_people import is_for_later, refusal_of
from handlers.reply import File
from scheduler.letters import Address, Letter

GONE = {"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"}
NOT_HERE = {"not_in_channel", "channel_not_found", "user_not_in_channel"}
UNDRAWN = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
RETHREAD = {"thread_not_found", "invalid_thread_ts", "cannot_reply_to_message"}

log = logging.getLogger("rabta.slack")


class UrlGone(Exception):
    """A response_url that was used up or is too old."""


def picture_name(letter: Letter, number: int) -> str:
    """Under which a picture is found again in its channel, among those of other letters."""
    return f"chart-{letter.id}-{number}.png"


@dataclass(frozen=True, slots=True)
class Where:
    """A channel (or a user id, for their direct message), a thread, and for whom alone."""

    chat: str
    thread: str = ""
    only_for: str = ""


class Posting:
    """The calls behind a letter. Raises what the client raises."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.landed: dict[str, str] = {}  # whose direct message is which channel

    @property
    def session(self) -> aiohttp.ClientSession:
        if self.client.session is None:
            raise RuntimeError("stopped")
        return self.client.session

    async def page(self, letter: Letter, where: Where, page: Page, number: int) -> str:
        address = letter.address
        if address.answer_to:
            try:
                return await self._respond(address, page, number)
            except UrlGone:
                where = Where(address.user)  # only they saw it, so only they are answered
        return await self._say(letter, where, page, number)

    async def arrived(self, letter: Letter, where: Where) -> Arrived | None:
        """What of a letter an earlier try said after all; None where nobody may look."""
        chat = self.landed.get(where.chat, where.chat)
        if chat.startswith(("U", "W")):
            chat = await self._dm(chat)
        return await look(self.client, letter, chat, where.thread)

    async def _dm(self, user: str) -> str:
        opened = await self.client.api_call("conversations.open", json={"users": user})
        return str(opened["channel"]["id"])

    async def _say(self, letter: Letter, where: Where, page: Page, number: int) -> str:
        try:
            if where.only_for:
                user = {"user": where.only_for}
                answer = await self._call("chat.postEphemeral", where, page, **user)
                return str(answer.get("message_ts", ""))
            answer = await self._call(
                "chat.postMessage", where, page, metadata=noted(letter, number)
            )
        except SlackApiError as problem:
            refusal = refusal_of(problem)
            if refusal in RETHREAD and where.thread:
                return await self._say(letter, Where(where.chat), page, number)
            if refusal in UNDRAWN and page.blocks:
                log.warning("slack: drawn as plain text: %s", refusal)
                return await self._say(letter, where, page.bare, number)
            if refusal in NOT_HERE and where.only_for:
                return await self._say(letter, Where(where.only_for), page, number)
            raise
        self.landed[where.chat] = str(answer["channel"])
        return str(answer["ts"])

    async def _call(self, method: str, where: Where, page: Page, **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = {"channel": where.chat, "text": page.text}
        body |= {"blocks": list(page.blocks)} if page.blocks else {}
        body |= {"thread_ts": where.thread} if where.thread else {}
        body |= {"unfurl_links": False, "unfurl_media": False, "parse": "none"}
        answer = await self.client.api_call(method, json=body | more)
        return answer.data if isinstance(answer.data, dict) else {}

    async def edit(self, letter: Letter, where: Where, page: Page) -> str:
        """Draw a message anew in place; where it is gone, say it below instead."""
        ts = letter.address.edits
        body = {"channel": letter.address.chat, "ts": ts, "text": page.text}
        try:
            await self.client.api_call("chat.update", json=body | {"blocks": list(page.blocks)})
        except SlackApiError as problem:
            refusal = refusal_of(problem)
            if refusal in GONE:
                return await self.page(letter, where, page, 0)
            if refusal in UNDRAWN and page.blocks:
                log.warning("slack: drawn as plain text: %s", refusal)
                return await self.edit(letter, where, page.bare)
            raise
        return ts

    async def _respond(self, address: Address, page: Page, number: int) -> str:
        """Answer a command, or a tap on a message that one person alone sees."""
        replaces = bool(address.edits) and number == 0
        body: dict[str, Any] = {"text": page.text, "response_type": "ephemeral"}
        body |= {"blocks": list(page.blocks)} if page.blocks else {}
        body |= {"replace_original": replaces, "unfurl_links": False, "unfurl_media": False}
        body |= {"thread_ts": address.thread} if address.thread else {}
        async with self.session.post(address.answer_to, json=body) as answer:
            said = await answer.text()
            if answer.status in (404, 410):
                raise UrlGone(said[:80])
            if answer.status == 400 and page.blocks:
                log.warning("slack: drawn as plain text: status %d", answer.status)
                return await self._respond(address, page.bare, number)
            answer.raise_for_status()
        return ""

    async def picture(self, letter: Letter, where: Where, picture: Picture, number: int) -> str:
        """A chart as a picture; where there is none, or none may be shared, in words: as the
        letter's page of this ``number``."""
        data = await picture_of(picture.chart, rtl=picture.rtl)
        if data is None:
            return await self.page(letter, where, picture.words, number)
        name = picture_name(letter, number)
        shown = File(name, "image/png", b64encode(data).decode())
        try:
            return await self.file(where, shown, picture.alike)
        except SlackApiError as problem:
            if is_for_later(problem):
                raise
            log.warning("slack: a picture was refused: %s", refusal_of(problem))
        return await self.page(letter, where, picture.words, number)

    async def file(self, where: Where, file: File, alike: str = "") -> str:
        """``alike``: what those are told who cannot see it.

        Three steps; before the last one nobody sees the file, so only that one is unclear."""
        data = b64decode(file.data)
        chat = where.chat
        if chat.startswith(("U", "W")):
            chat = await self._dm(chat)
        about = {"filename": file.name, "length": len(data)}
        about |= {"alt_txt": alike} if alike else {}
        ticket = await self.client.api_call("files.getUploadURLExternal", params=about)
        async with self.session.post(ticket["upload_url"], data=data) as answer:
            answer.raise_for_status()
        share: dict[str, Any] = {"files": [{"id": ticket["file_id"], "title": file.name}]}
        share |= {"channel_id": chat} | ({"thread_ts": where.thread} if where.thread else {})
        await self.client.api_call("files.completeUploadExternal", json=share)
        return ""
