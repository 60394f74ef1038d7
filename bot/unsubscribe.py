"""The page behind the link in a mail: asked for, it only asks; a POST ends the mails (RFC 8058).

Programs look at links in mails before people do, so to look changes nothing. What the link is for
is signed in it; whoever has it may use it as often as they like.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.mail_settings import UNSUBSCRIBE
from handlers.book import Book
from language.voice import Voice
from scheduler.touches import UNSUBSCRIBE as PURPOSE
from storage import queries
from storage.clock import Clock
from storage.consent import agree
from storage.database import Database
from storage.filled import language_of
from storage.models import Contact, Workspace
from storage.scope import within
from storage.signing import read_signed
from storage.touching import hold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Links:
    """Answers at the links that mails to customers carry."""

    database: Database
    clock: Clock
    book: Book

    @property
    def routes(self) -> list[Route]:
        path = UNSUBSCRIBE + "{token:str}"
        return [
            Route(path, self._asks, methods=["GET"]),
            Route(path, self._ends, methods=["POST"]),
        ]

    async def _asks(self, request: Request) -> Response:
        return await self._answer(request, self.look)

    async def _ends(self, request: Request) -> Response:
        return await self._answer(request, self.end)

    async def _answer(
        self, request: Request, act: Callable[[Session, str], Voice | None]
    ) -> Response:
        token = str(request.path_params["token"])
        voice = await self.database.in_thread(
            self.database.run, lambda session: act(session, token)
        )
        if voice is None:
            return Response("This link is not valid.", status_code=404, headers=HEADERS)
        ended = request.method == "POST"
        return HTMLResponse(page(voice, ended=ended), headers=HEADERS)

    def look(self, session: Session, token: str) -> Voice | None:
        """In which words they are asked; None for a link that is none of ours."""
        found = self._whose(session, token)
        return found[1] if found else None

    def end(self, session: Session, token: str) -> Voice | None:
        """They get no more mails from now on; used again, nothing is left to do."""
        found = self._whose(session, token)
        if found is None:
            return None
        contact, voice = found
        now = self.clock.now()
        with within(session, contact.workspace_id):
            hold(session, contact.workspace_id, contact.id)
            agree(
                session, contact.workspace_id, contact.id, ["email"], granted=False, at=now,
                how="link",
            )  # fmt: skip
        return voice

    def _whose(self, session: Session, token: str) -> tuple[Contact, Voice] | None:
        numbers = read_signed(session, PURPOSE, token)
        if numbers is None or len(numbers) != 3:
            return None
        space, number, _message = numbers
        with within(session, space):
            contact = queries.get(session, Contact, space, number)
            workspace = session.get(Workspace, space)
        if contact is None or workspace is None:
            return None
        tongue = language_of(contact, workspace.language)
        return contact, Voice(self.book.words, tongue, workspace.timezone, self.clock.now())


def page(voice: Voice, *, ended: bool) -> str:
    """A page of one sentence, and where it asks of one button. No name stands on it."""
    way = "rtl" if voice.rtl else "ltr"
    told = html.escape(voice.say("unsubscribed" if ended else "unsubscribe_ask"))
    button = (
        ""
        if ended
        else '<form method="post"><button name="List-Unsubscribe" value="One-Click">'
        f"{html.escape(voice.say('unsubscribe_button'))}</button></form>"
    )
    return (
        f'<!DOCTYPE html>\n<html dir="{way}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Rabta</title></head>'
        f'<body style="font-family: sans-serif; margin: 3em auto; max-width: 30em">'
        f"<p>{told}</p>{button}</body></html>\n"
    )
