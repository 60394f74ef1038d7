"""Customers who talk with the bot themselves: never members, heard politely, and passed on.

What they write stands on their timeline and goes to whoever looks after them; "stop" ends messages.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answering import answer
from bot.buttons import with_tokens
from bot.incoming import Incoming
from handlers.book import Book
from handlers.customers import CODE, FIRST, PURPOSE
from handlers.reply import Line, Reply, Title
from language.folding import fold
from language.voice import Voice, plain
from scheduler.drawing import Draw, private_address
from storage import queries
from storage.attention import wake
from storage.clock import Clock
from storage.consent import agree
from storage.customer_chats import CustomerChat, chats_of, customer_at
from storage.filled import language_of
from storage.handover import stand_in
from storage.models import Activity, Contact, Identity, Member, Workspace
from storage.scope import enter
from storage.signing import read_signed
from storage.touched import FROM_CUSTOMER
from storage.touching import hold

LONGEST = 4000


class Customers:
    """Hears what customers say, in the transaction of the event."""

    def __init__(self, book: Book, clock: Clock) -> None:
        self.book, self.clock = book, clock
        self.draw = Draw(book, with_tokens)

    def hear(self, session: Session, incoming: Incoming) -> bool:
        """Whether it was a customer's, who was answered. Whoever is a member stays one."""
        sender, place = incoming.sender, incoming.place
        if session.get(Identity, (sender.platform, sender.team, sender.id)) is not None:
            return False
        code = incoming.text.strip() if incoming.command == "start" else ""
        if code.startswith(CODE) and place.private:
            self._comes(session, incoming, code.removeprefix(CODE))
            return True
        chat = customer_at(session, sender.platform, sender.team, sender.id)
        if chat is None:
            return False
        if place.private:  # in a group they are nobody of ours
            enter(session, chat.workspace_id)
            self._says(session, incoming, chat)
        return True

    # --- they come --------------------------------------------------------------------------------

    def _comes(self, session: Session, incoming: Incoming, token: str) -> None:
        """By the link that somebody gave them. It is theirs alone once they have used it."""
        numbers = read_signed(session, PURPOSE, token)
        now = self.clock.now()
        if numbers is None or len(numbers) != 3 or (now.date() - FIRST).days > numbers[2]:
            return self._refuse(session, incoming)
        sender = incoming.sender
        known = customer_at(session, sender.platform, sender.team, sender.id)
        enter(session, numbers[0])
        contact = queries.get(session, Contact, numbers[0], numbers[1])
        if contact is None or (known and known.workspace_id != numbers[0]):
            return self._refuse(session, incoming)
        there = chats_of(session, contact.workspace_id, [contact.id]).get(contact.id)
        if (known and known.contact_id != contact.id) or (there and there.user != sender.id):
            return self._refuse(session, incoming)
        if known is None:
            session.add(
                CustomerChat(
                    workspace_id=contact.workspace_id, platform=sender.platform, team=sender.team,
                    user=sender.id, chat=incoming.place.chat, contact_id=contact.id, since=now,
                )
            )  # fmt: skip
            session.flush()
        self._agree(session, contact, granted=True, how="telegram")
        self._answer(session, incoming, contact, "customer_welcome")
        self._pass_on(session, contact, "customer_started", "")
        return None

    def _refuse(self, session: Session, incoming: Incoming) -> None:
        voice = Voice(self.book.words, "en", "UTC", self.clock.now())
        reply = Reply((Line(voice.say("customer_link_bad")),))
        answer(session, self.clock, incoming, reply, voice)

    # --- they speak -------------------------------------------------------------------------------

    def _says(self, session: Session, incoming: Incoming, chat: CustomerChat) -> None:
        contact = session.get_one(Contact, (chat.workspace_id, chat.contact_id))
        chat.chat = incoming.place.chat or chat.chat
        text = plain(incoming.text).strip()[:LONGEST]
        if incoming.command == "start":
            self._agree(session, contact, granted=True, how="telegram")
            self._answer(session, incoming, contact, "customer_welcome")
        elif self._is_stop(text) or incoming.command == "stop":
            self._agree(session, contact, granted=False, how="reply")
            self._answer(session, incoming, contact, "customer_stopped")
            self._pass_on(session, contact, "customer_said_stop", "")
        elif not text:
            self._answer(session, incoming, contact, "customer_words_only")
        elif not incoming.edited:
            self._keep(session, contact, text)
            self._answer(session, incoming, contact, "customer_thanks")
            self._pass_on(session, contact, "customer_wrote", text)

    def _is_stop(self, text: str) -> bool:
        words = self.book.words["customer_stop_words"]["all"]
        return fold(text).strip(" .!۔") in {fold(word) for word in words}

    def _agree(self, session: Session, contact: Contact, *, granted: bool, how: str) -> None:
        hold(session, contact.workspace_id, contact.id)
        agree(
            session, contact.workspace_id, contact.id, ["telegram"], granted=granted,
            at=self.clock.now(), how=how,
        )  # fmt: skip

    def _keep(self, session: Session, contact: Contact, text: str) -> None:
        now, keeper = self.clock.now(), self._keeper(session, contact)
        zone = ZoneInfo(session.get_one(Workspace, contact.workspace_id).timezone)
        session.add(
            Activity(
                workspace_id=contact.workspace_id, kind="message", contact_id=contact.id,
                company_id=contact.company_id, text=text, at=now,
                on_day=now.astimezone(zone).date(), by_id=keeper.id if keeper else 0,
                more={"from": FROM_CUSTOMER, "channel": "telegram"},
            )
        )  # fmt: skip
        session.flush()
        wake(session, contact.workspace_id, contact.id, contact.company_id)

    def _answer(self, session: Session, incoming: Incoming, contact: Contact, key: str) -> None:
        """In their language, without a word of who or what is kept of them."""
        workspace = session.get_one(Workspace, contact.workspace_id)
        tongue = language_of(contact, workspace.language)
        voice = Voice(self.book.words, tongue, workspace.timezone, self.clock.now())
        answer(session, self.clock, incoming, Reply((Line(voice.say(key)),), rtl=voice.rtl), voice)

    # --- who looks after them ---------------------------------------------------------------------

    def _keeper(self, session: Session, contact: Contact) -> Member | None:
        """Whose customer they are; an owner of the workspace where nobody's."""
        owner = queries.get(session, Member, contact.workspace_id, contact.owner_id)
        if owner is not None and owner.active:
            return owner
        owners = select(Member).where(
            Member.workspace_id == contact.workspace_id, Member.role == "owner", Member.active
        )
        return session.scalars(owners.order_by(Member.id)).first()

    def _pass_on(self, session: Session, contact: Contact, key: str, text: str) -> None:
        keeper, now = self._keeper(session, contact), self.clock.now()
        if keeper is None:
            return
        ear = keeper if contact.private else stand_in(session, keeper, now)
        address = private_address(session, ear)
        if address is None:
            return
        turn = self.draw.turn(session, ear, now)
        parts = (Title(turn.say(key, name=contact.name)),)
        more = (Line(turn.voice.apart(text)),) if text else ()
        show = turn.button("show_button", "contact.show", contact=contact.id)
        self.draw.send(turn, Reply((*parts, *more), (show,)), address)
