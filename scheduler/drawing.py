"""A nudge as a letter: to whom, on which platform, in which language, once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.book import Book
from handlers.reply import Reply
from handlers.turn import Turn
from language.voice import Voice
from rules.access import Action, Thing, authorize
from scheduler.letters import Address
from scheduler.outbox import post
from storage.asking import these
from storage.models import Chat, Identity, Member, Nudge, Recorded
from storage.models import Turn as TurnRow
from storage.privacy import thing_of
from storage.unreachable import identity_is_unreachable

A_SECOND = 20
"""Agendas that are sent in a second, where many are due at once."""

Tokens = Callable[[Session, Reply, Member, Chat | None, datetime], Reply]


@dataclass(frozen=True)
class Draw:
    """What the ticks need to speak: the Book, how buttons get their tokens, and the channels on
    which this house reaches customers."""

    book: Book
    with_tokens: Tokens
    channels: frozenset[str] = frozenset({"email", "telegram"})

    def turn(self, session: Session, member: Member, now: datetime) -> Turn:
        """A turn that nobody typed: for wording what the clock brings. It keeps no history."""
        return Turn(
            session=session,
            workspace=member.workspace,
            member=member,
            chat=Chat(workspace_id=member.workspace_id, private=True),
            now=now,
            voice=Voice(self.book.words, member.tongue, member.zone, now),
            id=0,
            row=TurnRow(workspace_id=member.workspace_id, member_id=member.id),
            run=self.book.run,
        )

    def nudge(
        self,
        turn: Turn,
        reply: Reply,
        *,
        kind: str,
        subject: str,
        occasion: str,
        topic: str | None = None,
        owner: Member | None = None,
    ) -> bool:
        """Raise a nudge with its letter; False if it was raised before, or nobody can get it.

        ``owner``: whose it is, where the turn is of whoever stands in for them.
        """
        address = private_address(turn.session, turn.member)
        if address is None:
            return False
        if not self.is_news(turn, kind=kind, subject=subject, occasion=occasion, owner=owner):
            return False
        later = _spread(turn.session, turn.now) if kind == "agenda" else timedelta()
        self.send(turn, reply, address, topic, later=later)
        return True

    def is_news(
        self, turn: Turn, *, kind: str, subject: str, occasion: str, owner: Member | None = None
    ) -> bool:
        """Note that the member is told of this; False if they were before."""
        session, member = turn.session, owner or turn.member
        known = select(Nudge.id).where(
            Nudge.workspace_id == member.workspace_id,
            Nudge.member_id == member.id,
            Nudge.kind == kind,
            Nudge.subject == subject,
            Nudge.occasion == occasion,
        )
        if session.scalars(known).first() is not None:
            return False
        session.add(
            Nudge(
                workspace_id=member.workspace_id,
                member_id=member.id,
                to_id=turn.member.id if member is not turn.member else None,
                kind=kind,
                subject=subject,
                occasion=occasion,
                day=turn.today,
                raised_at=turn.now,
            )
        )
        return True

    def send(
        self,
        turn: Turn,
        reply: Reply,
        address: Address,
        topic: str | None = None,
        later: timedelta = timedelta(),
    ) -> None:
        """Write the letter; ``later``: not before then."""
        session, member = turn.session, turn.member
        reply = replace(reply, rtl=turn.voice.rtl)
        reply = self.with_tokens(session, reply, member, None, turn.now)
        post(
            session,
            address,
            reply,
            turn.now,
            workspace_id=member.workspace_id,
            kind="nudge",
            topic=topic,
            language=turn.voice.tongue,
            later=later,
        )


def _spread(session: Session, now: datetime) -> timedelta:
    """An hour's first agendas go at once, the next ones a second later each: a herd that all came
    at the same moment would hold up whoever asks something just then."""
    moment, raised = session.info.get("agendas", (now, 0))
    raised = raised if moment == now else 0
    session.info["agendas"] = (now, raised + 1)
    return timedelta(seconds=raised // A_SECOND)


NUDGE = Action("nudge")


def may_be_told(member: Member, row: Recorded) -> bool:
    """Whether a nudge about this row may go to the member: not about another's private contact."""
    thing = thing_of(row) if member.workspace.keeps_private else Thing(row.workspace_id)
    return may_hear(member, thing)


def may_hear(member: Member, thing: Thing) -> bool:
    """The same, by what of the row matters for it."""
    return authorize(member.actor, NUDGE, thing, "private") == "allowed"


def private_address(session: Session, member: Member) -> Address | None:
    """Where a member is reached alone: where they were last seen, of where anything arrives."""
    identity = session.scalars(
        select(Identity)
        .where(Identity.workspace_id == member.workspace_id, Identity.member_id == member.id)
        .where(~identity_is_unreachable())
        .order_by(Identity.seen_at.desc())
        .limit(1)
    ).first()
    return _address(identity, member) if identity else None


def private_addresses(
    session: Session, members: Collection[Member]
) -> dict[tuple[int, int], Address]:
    """The same of many, of several workspaces, by workspace and number."""
    known = {(each.workspace_id, each.id): each for each in members}
    told, theirs = these(session, "told", known, Identity.workspace_id, Identity.member_id)
    rows = session.execute(
        select(*Identity.__table__.c)
        .join(told, theirs)
        .where(~identity_is_unreachable())
        .order_by(Identity.seen_at)
    )
    keys = ((row, (row.workspace_id, row.member_id)) for row in rows)
    return {key: _address(row, known[key]) for row, key in keys}


def _address(identity: Any, member: Member) -> Address:
    return Address(
        platform=identity.platform,
        team=identity.team,
        chat=identity.private_chat or "",
        user=identity.user,
        tongue=member.language or "",
    )
