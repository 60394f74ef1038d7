"""The desk: one incoming event, one transaction, one reply in the outbox."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import reception
from bot.answering import answer
from bot.buttons import button_of, call_of, with_tokens
from bot.customers import Customers
from bot.discretion import Drawn, drawn
from bot.door import Raw
from bot.incoming import TICKET, Forwarded, Incoming
from bot.reception import Guest, Met
from exchange.asked import Asked
from handlers.book import Book
from handlers.capture import call_of_card
from handlers.importing import call_of as call_of_upload
from handlers.learning import from_rewording
from handlers.questions import typed
from handlers.reading import read
from handlers.reply import Call, Line, Reply
from handlers.turn import Again, Turn
from handlers.unclear import asked
from handlers.why import remember
from language.campaigning import own_words
from language.improving import without_our_name
from language.tongue import tongue_of
from language.tongues import answered_in, telling_language, tongues
from language.voice import Voice
from storage import inbox, pace
from storage.clock import Clock
from storage.database import Database
from storage.heads import known_heads
from storage.models import Change, Identity, Member
from storage.models import Turn as TurnRow
from storage.privacy import seeing
from storage.queries import one_at_a_time
from storage.scope import NOBODY, enter
from storage.trouble import is_away
from storage.types import new_id
from storage.unreachable import revive
from storage.writing import write

LATE = timedelta(minutes=5)
"""From this delay on, a message counts from when it was sent, and the answer says so."""

HANDED_OUT = {"member.invite"}
"""What makes something at a tap that is no record with a history."""

ONCE = {"answer", "undo", "import.take", "import.drop", "capture.save", "capture.drop"} | HANDED_OUT
"""What a button does at most once, even where it changed no record."""

TOO_LATE = timedelta(hours=24)
"""Platforms deliver nothing older; a time stamp older than this is a wrong clock."""

T = TypeVar("T")
Then = Callable[[Session], T]

log = logging.getLogger("rabta.desk")


class Desk:
    """Keeps what arrives, and answers it once."""

    def __init__(
        self, database: Database, book: Book, clock: Clock, house: reception.House
    ) -> None:
        self.database = database
        self.book = book
        self.clock = clock
        self.house = house
        self.elsewhere: set[int] = set()
        """Events that were found in other hands, or done; whoever asks takes them out."""
        self.customers = Customers(book, clock)
        self.channels = frozenset({"email", "telegram"})  # on which customers are reached
        self.invite_link = ""  # with {code} in it, once a door knows where invitations lead

    def reads(self, incoming: Incoming) -> Asked | None:
        """How the sender's workspace reads a file: where its phone numbers are of, and what it
        said of columns before. None for a stranger."""

        def work(session: Session) -> Asked | None:
            sender = incoming.sender
            known = session.get(Identity, (sender.platform, sender.team, sender.id))
            if known is None:
                return None
            enter(session, known.workspace_id)
            if not known.member.active:
                return None
            heads = known_heads(session, known.workspace_id)
            return Asked(known.member.workspace.region, chosen=heads)

        return self.database.run(work)

    def keep(self, door: str, events: Sequence[Raw]) -> int:
        """Store events durably; how many of them are new."""
        return self.database.run(lambda session: self.store(session, door, events))

    def store(self, session: Session, door: str, events: Sequence[Raw]) -> int:
        now = self.clock.now()
        told = [(each.event, each.chat, each.sender, each.payload) for each in events]
        new = inbox.keep(session, door, told, now)
        pace.spread(session, door, new, now, self.house.rate)
        return len(new)

    def handle(self, row_id: int, incoming: Incoming | None) -> None:
        """Act on a kept event and write its answer, in one transaction; a repeat does nothing.

        Raises what would have befallen any event: the database is away, or its disk full.
        """
        self.handle_all([(row_id, incoming)])

    def handle_all(
        self, events: Sequence[tuple[int, Incoming | None]], then: Then[T] | None = None
    ) -> T | None:
        """The same for several, of as many chats: together they cost one commit.

        Where one of them fails, nothing of it all stands, and each is handled alone. ``then`` is
        done in the same transaction, and gives the result; None where it was not done.
        """
        try:
            return self.database.run(lambda session: self.act(session, events, then))
        except Exception as error:
            if is_away(error):
                raise
            if len(events) == 1 and not isinstance(error, Again):
                self._went_wrong(*events[0], error)
                return None
            for row_id, incoming in events:
                self._alone(row_id, incoming)
            return None

    def act(
        self,
        session: Session,
        events: Sequence[tuple[int, Incoming | None]],
        then: Then[T] | None,
    ) -> T | None:
        """The same in a transaction that somebody else began; what goes wrong is raised."""
        session.info["light"] = True
        try:
            for row_id, incoming in events:
                self._handle(session, row_id, incoming)
        finally:
            session.info.pop("light", None)
        if then is None:
            return None
        enter(session, NOBODY)
        return then(session)

    def _alone(self, row_id: int, incoming: Incoming | None) -> None:
        try:
            self.database.run(lambda session: self._handle(session, row_id, incoming))
        except Exception as error:
            self._went_wrong(row_id, incoming, error)

    def _went_wrong(self, row_id: int, incoming: Incoming | None, error: Exception) -> None:
        if is_away(error):
            raise error  # and no try is counted
        log.error("event %s could not be handled", row_id, exc_info=error)
        self.failed(row_id, incoming, error)

    def failed(self, row_id: int, incoming: Incoming | None, error: Exception) -> None:
        """Count a try that failed."""
        problem = type(error).__name__
        self.database.run(lambda session: self._give_up(session, row_id, incoming, problem))

    def _handle(self, session: Session, row_id: int, incoming: Incoming | None) -> None:
        enter(session, NOBODY)
        if not inbox.done(session, row_id, self.clock.now()):
            is_news = pace.waits(session, row_id, self.clock.now())
            if is_news and incoming is not None and incoming.addressed:
                self._tell(session, incoming, "too_fast", n=self.house.rate)
            self.elsewhere.add(row_id)
            return
        if incoming is not None:
            place, sender = incoming.place, incoming.sender
            keys = {place.chat, sender.id} if place.private else {place.chat}
            revive(session, place.platform, place.team, keys, incoming.sent_at)
            if incoming.addressed:
                self._answer(session, _with_caption(incoming))

    def _give_up(
        self, session: Session, row_id: int, incoming: Incoming | None, error: str
    ) -> None:
        """After the last try the event is set aside, and its sender told."""
        if inbox.failed(session, row_id, error, self.clock.now()) and incoming is not None:
            self._tell(session, incoming, "went_wrong")

    def _tell(self, session: Session, incoming: Incoming, key: str, **values: Any) -> None:
        """A sentence to the sender, whoever they are, beside all answers."""
        voice = self._voice_for(session, incoming)
        reply = Reply((Line(voice.say(key, **values)),), rtl=voice.rtl)
        answer(session, self.clock, incoming, reply, voice)

    # --- answering ----------------------------------------------------------------------------

    def _answer(self, session: Session, incoming: Incoming) -> None:
        now = self.clock.now()
        if self.customers.hear(session, incoming):
            return
        met = reception.meet(session, self.house, incoming, now)
        if isinstance(met, Guest):
            if met.says:
                voice = self._stranger_voice(incoming)
                alone = incoming.sender.outsider
                reply = Reply((Line(voice.say(met.says)),), private=alone, rtl=voice.rtl)
                answer(session, self.clock, incoming, reply, voice)
            return
        one_at_a_time(session, met.member.workspace_id)
        now = self.clock.now()  # it may have waited for somebody else's turn
        turn = self.turn(session, incoming, met, now)
        session.flush()  # what changed so far is nothing that the member did
        session.info["turn"] = turn.id
        with seeing(session, turn.member, alone=turn.audience == "private") as sight:
            try:
                reply = self._reply(turn, incoming, met.news)
                session.flush()
                is_said = not reply.silent and (reply.parts or reply.buttons)
                said = drawn(turn, incoming, reply, sight) if is_said else []
                if turn.row not in session:
                    write(session, [turn.row])
            finally:
                session.info.pop("turn", None)
                session.info.pop("noted", None)
        for each in said:
            self._send(turn, incoming, each)

    def _send(self, turn: Turn, incoming: Incoming, drawn: Drawn) -> None:
        """Into the outbox, with tokens in its buttons, in the reader's direction."""
        now = self.clock.now()
        reply = with_tokens(turn.session, drawn.reply, turn.member, drawn.chat, now)
        reply = replace(reply, rtl=turn.voice.rtl)
        answer(
            turn.session,
            self.clock,
            incoming,
            reply,
            turn.voice,
            turn=turn,
            chosen=turn.member.language or "",
            elsewhere=drawn.elsewhere,
        )

    def turn(self, session: Session, incoming: Incoming, met: Met, now: datetime) -> Turn:
        member, chat = met.member, met.chat
        said = without_our_name(own_words(incoming.text))
        heard = None if incoming.edited or incoming.command else tongue_of(said)
        if heard and (tongues()[heard].telling or len(said.split()) > 2):
            answers = tongues()[heard].answers
            if member.heard_language != answers:
                member.heard_language = answers
        late = LATE < now - incoming.sent_at < TOO_LATE
        moment = incoming.sent_at if late else now
        row = TurnRow(
            workspace_id=member.workspace_id,
            id=new_id(),
            member_id=member.id,
            chat_id=chat.id,
            at=moment,
            sent_at=incoming.sent_at,
            acted_at=now,
            said=incoming.as_typed[:4096] or None,
        )
        voice = Voice(self.book.words, member.tongue, member.zone, moment)
        return Turn(
            session=session,
            workspace=member.workspace,
            member=member,
            chat=chat,
            now=moment,
            voice=voice,
            id=row.id,
            row=row,
            run=self.book.run,
            said=incoming.text,
            overheard=incoming.overheard,
            message=incoming.message,
            replies_to=incoming.extra.get("reply_to", ""),
            replied=incoming.extra.get("replied", ""),
            replied_name=incoming.extra.get("replied_name", ""),
            thread=incoming.place.thread,
            invite_link=self.invite_link,
            sent_at=incoming.sent_at,
            acted_at=now,
            audience=met.audience,
            channels=self.channels,
        )

    def _reply(self, turn: Turn, incoming: Incoming, news: Call | None) -> Reply:
        """What is answered to a text, tap, form or card."""
        if incoming.edited:
            return Reply((Line(turn.say("edited_message")),))
        if incoming.tap:
            return self._tapped(turn, incoming.tap)
        if incoming.form:
            return self._tapped(turn, incoming.form.token, values=incoming.form.values)
        if incoming.forwarded and not incoming.overheard:
            return self._forwarded(turn, incoming, incoming.forwarded, news)
        if incoming.card:
            return self.book.run(turn, [call_of_card(turn, incoming.card)])
        if incoming.upload and not (incoming.text and incoming.upload.tells_nothing):
            seen = self.book.run(turn, [call_of_upload(incoming.upload)])
            return self._said(turn, incoming, news).and_then(seen) if incoming.text else seen
        if incoming.command in {"start", "join"} or (news and not incoming.text):
            return self.book.run(turn, [Call("hello")])
        if not (incoming.text.strip() or incoming.command):
            key = "only_words" if incoming.other else "said_nothing"
            return Reply((Line(turn.say(key)),))
        reply = self._said(turn, incoming, news)
        if not incoming.other:
            return reply
        return replace(reply, parts=(*reply.parts, Line(turn.say("file_not_kept"), quiet=True)))

    def _forwarded(
        self, turn: Turn, incoming: Incoming, forwarded: Forwarded, news: Call | None
    ) -> Reply:
        """What somebody else said, after what the sender said of it, and what came along."""
        calls: list[Call] = []
        if incoming.extra.get("shortcut") == TICKET:
            whose = {"name": forwarded.name, "username": forwarded.username}
            slots = {**whose, "said": forwarded.text, "message": incoming.message}
            return self.book.run(turn, [Call("ticket.from_message", slots)])
        if incoming.card:
            calls.append(call_of_card(turn, incoming.card))
        elif incoming.upload and not incoming.upload.tells_nothing:
            calls.append(call_of_upload(incoming.upload))
        if forwarded.text or not calls:
            slots = asdict(forwarded)
            calls.append(Call("forward.look", {**slots, "said": slots.pop("text")}))
        shown = self.book.run(turn, calls)
        return self._said(turn, incoming, news).and_then(shown) if incoming.text else shown

    def _said(self, turn: Turn, incoming: Incoming, news: Call | None) -> Reply:
        reading = read(self.book, turn, incoming.text, incoming.command)
        if sight := turn.session.info.get("sight"):
            sight.forget()
            turn.found.clear()  # what was let go of is looked up anew
        answered = None if incoming.command else typed(turn, incoming.text, reading.calls)
        if answered is None:
            remember(turn, reading)
            from_rewording(turn, reading)
        calls = answered or asked(turn, reading)
        idle = all(call.intent in {"none", "hello"} for call in calls)
        if news:
            calls = [news] if idle else [*calls, news.with_slots(short=True)]
        reply = self.book.run(turn, calls)
        if turn.now == incoming.sent_at and turn.now < self.clock.now() - LATE:
            late = Line(turn.say("came_late", at=incoming.sent_at), quiet=True)
            reply = replace(reply, parts=(*reply.parts, late))
        return reply

    def _tapped(self, turn: Turn, token: str, **more: Any) -> Reply:
        """What a button says, or a form with its answers: once, and only to whom it was given."""
        button = button_of(turn, self.clock.now(), token)
        if button is None:
            return Reply((Line(turn.say("button_gone")),))
        if button.member_id != turn.member.id:
            owner = turn.session.get(Member, (turn.workspace.id, button.member_id))
            name = owner.name if owner else ""
            return Reply((Line(turn.say("not_your_button", name=name)),))
        if button.used_at is not None:
            return Reply((Line(turn.say("button_used")),))
        call = call_of(button).with_slots(**more)
        if more:
            call = call.with_slots(drawn=button.form or {})
        turn.drawn = button.id
        reply = self.book.run(turn, [call])
        turn.session.flush()
        if call.intent in ONCE or _changed_something(turn):
            button.used_at = self.clock.now()
            reply = replace(reply, replaces=not more and call.intent not in HANDED_OUT)
        return reply

    def says_again(self, language: str) -> str:
        """That a letter may have arrived before, for its reader; in the house's language where
        nobody noted theirs."""
        tongue = language or self.house.language
        voice = Voice(self.book.words, tongue, self.house.timezone, self.clock.now())
        return voice.say("sent_again")

    def _voice_for(self, session: Session, incoming: Incoming) -> Voice:
        """In the language that a member chose, else the one just written in."""
        sender = incoming.sender
        known = session.get(Identity, (sender.platform, sender.team, sender.id))
        voice = self._stranger_voice(incoming)
        if known is None:
            return voice
        enter(session, known.workspace_id)
        heard = answered_in(tongue_of(incoming.text)) if incoming.text else None
        return replace(voice, tongue=known.member.language or heard or known.member.tongue)

    def _stranger_voice(self, incoming: Incoming) -> Voice:
        heard = None if incoming.command else answered_in(tongue_of(incoming.text))
        told = telling_language(incoming.sender.language)
        tongue = heard or told or self.house.language
        return Voice(self.book.words, tongue, self.house.timezone, self.clock.now())


def _with_caption(incoming: Incoming) -> Incoming:
    """The words that came with a picture or file are what was said."""
    if incoming.other and not incoming.text:
        return replace(incoming, text=incoming.extra.get("caption", ""))
    return incoming


def _changed_something(turn: Turn) -> bool:
    query = select(Change.id).where(
        Change.workspace_id == turn.workspace.id, Change.turn_id == turn.id
    )
    return turn.session.scalars(query.limit(1)).first() is not None
