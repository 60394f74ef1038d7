"""An answer becomes a letter; in a shared chat everybody gets only so many a minute."""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.incoming import Incoming, address_of
from handlers.reply import Line, Reply
from handlers.turn import Turn
from language.voice import Voice
from scheduler.breaker import ANSWERS, BROKEN, answers_left
from scheduler.letters import Address
from scheduler.outbox import post
from storage.clock import Clock

log = logging.getLogger("rabta.desk")


def answer(
    session: Session,
    clock: Clock,
    incoming: Incoming,
    reply: Reply,
    voice: Voice,
    *,
    turn: Turn | None = None,
    chosen: str = "",
    elsewhere: Address | None = None,
) -> None:
    """Write it, in the transaction of what it tells about. ``chosen`` is the language that a
    member chose, if any; ``elsewhere`` their own chat, where it is nothing for the one it was
    asked in."""
    address = elsewhere or address_of(incoming, reply, chosen)
    shared = not (incoming.place.private or elsewhere)
    left = answers_left(session, clock, address) if shared else ANSWERS
    if left == 1:
        last = Line(voice.say("last_answer_here"), quiet=True)
        reply = replace(reply, parts=(*reply.parts, last))
    if not left:
        log.warning("somebody got %s answers in a chat within a minute", ANSWERS)
    post(
        session,
        address,
        reply,
        clock.now(),
        workspace_id=turn.workspace.id if turn else None,
        turn_id=turn.id if turn else None,
        language=voice.tongue,
        withheld="" if left else BROKEN,
    )
