"""``rabta ask``: one question about numbers, answered from the database as it stands."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import select

from bot.operate import opened
from bot.terminal_draw import plain
from handlers.ahead import told_ahead
from handlers.book import Book
from handlers.figure_drawn import drawn
from handlers.figures import answered
from handlers.library import the_book
from handlers.standing import tell
from handlers.turn import Ask, Sorry, Turn
from language.tongue import tongue_of
from language.tongues import answered_in
from language.voice import Voice
from storage.models import Chat, Member, Workspace
from storage.models import Turn as TurnRow
from storage.privacy import seeing
from storage.queries import members
from storage.scope import within

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.settings import Settings


def ask(settings: Settings, text: str, *, as_json: bool, **about: Any) -> bool:
    """Write the answer to stdout; whether there was one. ``about`` as in ``asked``."""
    answer = asked(settings, text, **about)
    told = json.dumps(answer, ensure_ascii=False) if as_json else answer["text"]
    sys.stdout.write(told + "\n")
    return answer["unit"] is not None


def asked(
    settings: Settings,
    text: str,
    *,
    workspace: str | None = None,
    person: str = "",
    now: datetime | None = None,
) -> dict[str, Any]:
    """The answer as people read it (``text``) and as programs do (``value``, ``unit``, ``rows``;
    no unit where nothing was asked that can be counted). ``person``: who asks."""
    with opened(settings, workspace) as (session, spaces):
        space = _only(spaces)
        with within(session, space.id):
            book = the_book()
            turn = _turn(session, space, text, person, now or datetime.now(UTC), book)
            with seeing(session, turn.member, alone=True):
                try:
                    if staged := tell(turn, text):
                        reply = replace(staged.reply, buttons=(), rtl=turn.voice.rtl)
                        return {"text": plain(reply), **staged.plain()}
                    if ahead := told_ahead(turn, text, book):
                        reply = replace(ahead[0], buttons=(), rtl=turn.voice.rtl)
                        return {"text": plain(reply), **ahead[1]}
                    answer = answered(turn, text)
                except Ask as question:
                    return _nothing(turn.say(question.key, **question.values))
                except Sorry as sorry:
                    return _nothing(turn.say(sorry.key, **sorry.values))
                if answer is None:
                    return _nothing(turn.say("not_counted_yet"))
                reply = replace(drawn(turn, answer), buttons=(), rtl=turn.voice.rtl)
                return {"text": plain(reply), **answer.plain()}


def _nothing(told: str) -> dict[str, Any]:
    return {"text": told, "value": None, "unit": None, "rows": []}


def _only(spaces: list[Workspace]) -> Workspace:
    if len(spaces) != 1:
        names = ", ".join(space.name for space in spaces) or "none yet"
        raise click.ClickException(f"Say --workspace NAME. There are: {names}.")
    return spaces[0]


def _turn(
    session: Session, space: Workspace, text: str, person: str, now: datetime, book: Book
) -> Turn:
    """For wording an answer that nobody in a chat asked for. It keeps nothing."""
    member = _member(session, space, person)
    tongue = answered_in(tongue_of(text)) or member.tongue
    return Turn(
        session=session,
        workspace=space,
        member=member,
        chat=Chat(workspace_id=space.id, private=True),
        now=now,
        voice=Voice(book.words, tongue, member.zone, now),
        id=0,
        row=TurnRow(workspace_id=space.id, member_id=member.id),
        run=book.run,
        said=text,
    )


def _member(session: Session, space: Workspace, person: str) -> Member:
    """Whoever asks: the one of that name, else an owner."""
    there = (
        members(session, space.id)
        or session.scalars(select(Member).where(Member.workspace_id == space.id)).all()
    )
    if person:
        found = [member for member in there if member.name.casefold() == person.casefold()]
        if not found:
            raise click.ClickException(f"There is no member {person}.")
        return found[0]
    owners = sorted(there, key=lambda member: (member.role != "owner", member.id))
    if not owners:
        raise click.ClickException("Nobody is in this workspace yet.")
    return owners[0]
