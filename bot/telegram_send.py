"""How a letter is delivered on Telegram, and what came of it."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.pictures.studio import picture_of
from bot.telegram_draw import Drawn, data_of, draw, fit_a_caption
from bot.telegram_pace import chat_of, holds
from bot.telegram_pages import Page
from bot.telegram_request import NEVER_SENT
from handlers.reply import Chart, File, Line, Reply
from scheduler.letters import Ambiguous, Letter, Moved, Outcome, Refused, Sent, Wait

PATIENCE = 2.0
"""Seconds before a call that certainly did nothing is made again."""
LONG_PATIENCE = 60.0
"""The same where an operator must act first."""
SAME_ALREADY = ("message is not modified",)
NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "no text in the message to edit",
    "message_id_invalid",
)
DEAD = ("chat not found", "user not found", "peer_id_invalid", "group chat was deactivated")

NO_PREVIEW = {"is_disabled": True}

Call = Callable[..., Awaitable[Any]]
"""Calls a method of Telegram's with what it says, and files where some go along."""

log = logging.getLogger("rabta.telegram")


def seconds_of(late: RetryAfter) -> float:
    wait = late.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


@dataclass(frozen=True, slots=True)
class Step:
    """One call to Telegram; ``edits``: made twice it does no more than made once."""

    make: Callable[[], Awaitable[str]]
    edits: bool = False


class Sending:
    """Delivers letters by calls to Telegram. A letter may take several messages; where one fails,
    the next try goes on from there."""

    def __init__(self, call: Call, number: str) -> None:
        self.call = call
        self.number = number  # the bot's own, under which all processes count what it sends

    async def letter(self, letter: Letter) -> Outcome:
        chat = chat_of(letter)
        if not letter.reply.says_something:
            return Sent()
        if not chat:
            return Refused("nowhere to send it")
        drawn = draw(letter.reply)
        steps = self._steps(letter, chat, drawn)
        if letter.marked and not all(step.edits for step in steps[len(letter.done) :]):
            drawn = draw(_marked(letter))
            steps = self._steps(letter, chat, drawn)
        if not steps:  # nothing but blanks
            return Sent()
        done = list(letter.done)
        for step in steps[len(done) :]:
            try:
                done.append(await step.make())
            except TelegramError as problem:
                return self._outcome(letter, problem, done, edits=step.edits)
        return Sent(done[max(len(drawn.pages), 1) - 1], chat)

    def _outcome(
        self, letter: Letter, problem: TelegramError, done: list[str], *, edits: bool
    ) -> Outcome:
        outcome = outcome_of(problem, edits=edits)
        if isinstance(problem, RetryAfter) and isinstance(outcome, Wait):
            first = len(done) == len(letter.done)
            outcome = replace(outcome, holds=holds(self.number, letter, first=first))
        return (
            outcome if isinstance(outcome, Refused | Sent) else replace(outcome, done=tuple(done))
        )

    def _steps(self, letter: Letter, chat: str, drawn: Drawn) -> list[Step]:
        address = letter.address
        where = _Where(int(chat), int(address.thread or 0) or None, letter.reply.rtl)
        pages, files = list(drawn.pages), list(drawn.files)
        edited = int(address.edits or 0) if pages and chat == address.chat else 0
        photos = list(drawn.pictures)
        if not edited and len(files) + len(photos) == 1 and fit_a_caption(pages):
            page = pages[0] if pages else Page("", keyboard=drawn.keyboard)
            if files:
                return [Step(partial(self._file, where, files[0], page))]
            return [Step(partial(self._photo, where, photos[0].chart, page, drawn.words or page))]
        steps = []
        if edited:
            steps = [Step(partial(self._edit, where, edited, pages.pop(0)), edits=True)]
        steps += [Step(partial(self._page, where, page)) for page in pages]
        steps += [Step(partial(self._photo, where, p.chart, Page(""), p.words)) for p in photos]
        return steps + [Step(partial(self._file, where, file, Page(""))) for file in files]

    async def _page(self, where: _Where, page: Page) -> str:
        async def say(page: Page, thread: int | None) -> str:
            told = {"chat_id": where.chat, "message_thread_id": thread, **_told(page)}
            return _number_of(await self.call("sendMessage", told))

        return await _tolerantly(say, page, where.thread)

    async def _edit(self, where: _Where, number: int, page: Page) -> str:
        """Draw a message anew in place; where it is gone, say it below instead."""

        async def edit(page: Page, _thread: int | None) -> str:
            told = {"chat_id": where.chat, "message_id": number, **_told(page)}
            await self.call("editMessageText", told)
            return str(number)

        try:
            return await _tolerantly(edit, page, None)
        except BadRequest as problem:
            if _says(problem, SAME_ALREADY):
                return str(number)
            if not _says(problem, NOT_EDITABLE):
                raise
        return await self._page(where, page)

    async def _photo(self, where: _Where, chart: Chart, page: Page, words: Page) -> str:
        """A chart as a picture; where there is none, or none may be sent, in words."""
        picture = await picture_of(chart, rtl=where.rtl)
        if picture is None:
            return await self._page(where, words)
        shown = File("chart.png", "image/png", b64encode(picture).decode(), picture=True)
        try:
            return await self._file(where, shown, page)
        except BadRequest as problem:
            if _says(problem, DEAD):
                raise
            log.warning("telegram: a picture was refused")
        return await self._page(where, words)

    async def _file(self, where: _Where, file: File, page: Page) -> str:
        kind = "photo" if file.picture else "document"

        async def send(page: Page, thread: int | None) -> str:
            told = {
                "chat_id": where.chat,
                "message_thread_id": thread,
                "caption": page.text,
                "caption_entities": page.entities,
                "reply_markup": page.keyboard,
            }
            upload = {kind: InputFile(data_of(file), filename=file.name)}
            return _number_of(await self.call(f"send{kind.capitalize()}", told, **upload))

        return await _tolerantly(send, page, where.thread)


def _told(page: Page) -> dict[str, Any]:
    return {
        "text": page.text,
        "entities": page.entities,
        "reply_markup": page.keyboard,
        "link_preview_options": NO_PREVIEW,
    }


def _number_of(message: Mapping[str, Any]) -> str:
    return str(message["message_id"])


async def _tolerantly(
    call: Callable[[Page, int | None], Awaitable[str]], page: Page, thread: int | None
) -> str:
    """Without its styles, or outside its topic, a message is better than none."""
    try:
        return await call(page, thread)
    except BadRequest as problem:
        if page.entities and "entit" in str(problem).lower():
            log.warning("telegram: sent without styles")
            return await call(replace(page, entities=()), thread)
        if thread and "thread not found" in str(problem).lower():
            return await call(page, None)
        raise


@dataclass(frozen=True, slots=True)
class _Where:
    chat: int
    thread: int | None
    rtl: bool


def _marked(letter: Letter) -> Reply:
    """A letter that may have arrived before says so: Telegram lets nobody look."""
    again = Line(letter.again, quiet=True)
    return replace(letter.reply, parts=(*letter.reply.parts, again))


def _says(problem: TelegramError, any_of: tuple[str, ...]) -> bool:
    return any(words in str(problem).lower() for words in any_of)


def outcome_of(problem: TelegramError, *, edits: bool) -> Outcome:
    """What a failure means for the letter."""
    match problem:
        case RetryAfter():
            return Wait(seconds_of(problem), "too many messages")
        case ChatMigrated():
            return Moved(str(problem.new_chat_id))
        case InvalidToken():
            return Wait(LONG_PATIENCE, "the token was refused")  # its message shows the token
        case Forbidden():
            return Refused(str(problem), dead=True)
        case BadRequest():
            return Refused(str(problem), dead=_says(problem, DEAD))
    reason = f"{type(problem).__name__}: {problem}"
    if edits or isinstance(problem.__cause__, NEVER_SENT):
        return Wait(PATIENCE, reason)
    return Ambiguous(reason)
