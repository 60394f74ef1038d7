"""Whether a message may go to a customer now: looked at when it is about to, never before.

Who agreed to nothing gets nothing, nobody gets more in a week than the team allows, and nobody is
woken. Whoever decides holds the customer's row until the transaction ends, so that of two processes
the second finds what the first let go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.calendar import QuietHours
from rules.touches import A_WEEK, CHANNELS, MOST_A_WEEK, QUIET, free_at, good_moment
from rules.whereabouts import zones_of
from storage import queries
from storage.consent import Consent, consents
from storage.customer_chats import CustomerChat, chats_of
from storage.messages import ARRIVED, Message, bad_addresses, went_to
from storage.people import Contact
from storage.team import Workspace
from storage.unreachable import is_unreachable

CAP, QUIET_HOURS = "message_cap", "message_quiet"
"""Settings of the workspace."""

NEVER_QUIET = "none"

SETTLED_BY = timedelta(hours=1)
"""When it is looked again where something on its way must be settled first."""


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody is reached. ``chat``: on Telegram, their own chat with the bot."""

    channel: str
    address: str
    chat: CustomerChat | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """It may go this ``way``; else why not, and when to look again (None: never)."""

    way: Way | None = None
    reason: str = ""
    again_at: datetime | None = None


@dataclass
class Rules:
    """A team's rules for writing to customers."""

    most: int = A_WEEK
    quiet: QuietHours | None = QUIET
    zone: str = "UTC"

    @classmethod
    def of(cls, session: Session, workspace_id: int) -> Rules:
        zone = session.get_one(Workspace, workspace_id).timezone
        most = queries.setting(session, workspace_id, CAP)
        quiet = queries.setting(session, workspace_id, QUIET_HOURS)
        return cls(
            int(most.value) if most else A_WEEK, quiet_of(quiet.value) if quiet else QUIET, zone
        )


def quiet_of(value: str) -> QuietHours | None:
    """``20:00-09:00``, or none at all."""
    if value == NEVER_QUIET:
        return None
    start, _, end = value.partition("-")
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end))


def as_kept(quiet: QuietHours | None) -> str:
    return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}" if quiet else NEVER_QUIET


def cap_of(said: int) -> int:
    return max(0, min(said, MOST_A_WEEK))


def hold(session: Session, workspace_id: int, contact_id: int) -> Contact | None:
    """The contact, theirs alone to be written to until the transaction ends."""
    query = select(Contact).where(Contact.workspace_id == workspace_id, Contact.id == contact_id)
    return session.scalars(
        query.with_for_update(key_share=True, of=Contact).execution_options(populate_existing=True)
    ).first()


@dataclass
class Reached:
    """How each of some contacts can be reached, and on which channels they may be."""

    session: Session
    workspace_id: int
    contacts: Sequence[Contact]
    agreed: dict[tuple[int, str], Consent] = field(init=False)
    bad: set[str] = field(init=False)
    chats: dict[int, CustomerChat] = field(init=False)

    def __post_init__(self) -> None:
        ids = [row.id for row in self.contacts]
        self.agreed = consents(self.session, self.workspace_id, ids)
        emails = [email for row in self.contacts for email in row.emails]
        self.bad = bad_addresses(self.session, self.workspace_id, emails)
        self.chats = chats_of(self.session, self.workspace_id, ids)

    def way(self, contact: Contact, channels: Sequence[str]) -> Verdict:
        """The first of these channels on which they may be written to, or why there is none."""
        problems = []
        for channel in channels:
            word = self.agreed.get((contact.id, channel))
            if word is None or not word.granted:
                problems.append("no_consent" if word is None else "opted_out")
                continue
            found = self._address(contact, channel)
            if found is not None:
                return Verdict(found)
            bad = channel == "email" and any(each in self.bad for each in contact.emails)
            problems.append("bad_address" if bad else "no_address")
        worst = ("bad_address", "no_address", "opted_out", "no_consent")
        return Verdict(reason=min(problems, key=worst.index, default="no_consent"))

    def _address(self, contact: Contact, channel: str) -> Way | None:
        if channel == "email":
            good = [email for email in contact.emails if email not in self.bad]
            return Way(channel, good[0]) if good else None
        if channel == "telegram":
            chat = self.chats.get(contact.id)
            if chat is None or is_unreachable(self.session, chat.platform, chat.team, chat.chat):
                return None
            return Way(channel, chat.chat, chat)
        phones = [phone for phone in contact.phones if phone.startswith("+")]
        return Way(channel, phones[0]) if phones else None


def zones(contact: Contact, usual: str) -> tuple[str, ...]:
    """Where they may be."""
    own = {value.field.name.casefold(): value.value for value in contact.own_values}
    country = own.get("country") or own.get("ملک")
    return zones_of(contact.city, country, tuple(contact.phones), usual)


Source = Callable[[Session, Message, datetime], Verdict | None]
"""What planned a message says whether it is still wanted: None where it is."""

SOURCES: dict[str, Source] = {}
"""By the first word of a message's ``source``."""


def judge(
    session: Session, message: Message, now: datetime, *, letting_go: bool = False
) -> Verdict:
    """Whether a message may go now. Holds its contact.

    ``letting_go``: it has its place in the week already, and is about to leave.
    """
    space = message.workspace_id
    contact = hold(session, space, message.contact_id)
    if contact is None:
        return Verdict(reason="gone")
    asked = SOURCES.get(message.source.partition(":")[0])
    if asked and (verdict := asked(session, message, now)):
        return verdict
    if now > message.lapses_at:
        return Verdict(reason="too_late")
    if not letting_go and is_there_already(session, message):
        return Verdict(reason="twice")
    rules = Rules.of(session, space)
    channels = [message.channel] if letting_go and message.channel else message.channels
    verdict = Reached(session, space, [contact]).way(contact, channels)
    if verdict.way is None:
        return verdict
    if letting_go and message.address not in (None, verdict.way.address):
        return Verdict(reason="address_changed", again_at=now)
    awake = good_moment(now, zones(contact, rules.zone), rules.quiet)
    if awake is None:
        return Verdict(reason="quiet")
    if awake > now:
        return Verdict(reason="quiet", again_at=awake)
    went, waiting = went_to(session, space, contact.id, now, message.id)
    free = free_at(went, 0 if letting_go else waiting, rules.most, now)
    if rules.most < 1:
        return Verdict(reason="over_cap")
    if free is None or free > now:
        return Verdict(reason="over_cap", again_at=free or now + SETTLED_BY)
    return verdict


def is_there_already(session: Session, message: Message) -> bool:
    """Whether they got it under another name, before two contacts were made one."""
    if message.source == "hand":
        return False
    query = select(Message.id).where(
        Message.workspace_id == message.workspace_id,
        Message.contact_id == message.contact_id,
        Message.source == message.source,
        Message.id != message.id,
        Message.state.in_((*ARRIVED, "posted", "prepared", "ready")),
    )
    return session.scalars(query.limit(1)).first() is not None


def channels_of(said: Sequence[str]) -> list[str]:
    """The channels of a message: those that were said, or all."""
    return [each for each in said if each in CHANNELS] or list(CHANNELS)
