"""The reception: who is this, may they come in, and which workspace does the chat belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.incoming import Incoming, Place, Sender
from handlers.reply import Call
from language.tongues import telling_language
from language.voice import plain
from rules.access import Audience
from rules.calendar import LOOK_DAY, TIDY_DAY, next_at, next_first, next_on
from storage import queries
from storage.invites import redeem
from storage.models import Bond, Chat, Identity, Invite, Member, Workspace
from storage.scope import NOBODY, enter, within
from storage.stages import begin_pipeline


@dataclass(frozen=True)
class House:
    """What the settings say about who comes in, and how a new workspace starts.

    ``owners`` are (platform, team, user id); ``open`` lets anyone in as a rep of ``default``.
    ``rate`` is how many messages of one sender are handled in a minute.
    """

    owners: frozenset[tuple[str, str, str]] = frozenset()
    open: bool = False
    currency: str = "PKR"
    region: str = "PK"
    timezone: str = "Asia/Karachi"
    language: str = "en"
    rate: int = 30


@dataclass(frozen=True)
class Guest:
    """Nobody of ours: the key of the one sentence they are told, or nothing."""

    says: str = ""


@dataclass(frozen=True)
class Met:
    """A member in a chat; ``news`` is what to begin with (a first hello, an invitation used)."""

    member: Member
    chat: Chat
    audience: Audience
    news: Call | None = None


LATELY = timedelta(minutes=1)
"""It is noted that somebody was seen, and where, only if that is longer ago."""

DEFAULT = "default"
"""The workspace that Telegram owners and the terminal share."""


def meet(session: Session, house: House, incoming: Incoming, now: datetime) -> Met | Guest:
    """Let the sender in, or say why not. Only platform, team and numeric id tell who it is."""
    sender = incoming.sender
    if sender.outsider:
        return Guest("no_outsiders")
    identity = session.get(Identity, (sender.platform, sender.team, sender.id))
    bond = _bond(session, incoming)
    news: Call | None = None
    if identity is not None:
        enter(session, identity.workspace_id)
    else:
        member = _come_in(session, house, incoming, now)
        if isinstance(member, Guest):
            return member
        identity = Identity(
            platform=sender.platform,
            team=sender.team,
            user=sender.id,
            workspace_id=member.workspace_id,
            member_id=member.id,
            member=member,
            seen_at=now,
        )
        session.add(identity)
        session.flush()
    member = identity.member
    if not member.active and not _is_invited_back(session, incoming, member, now):
        return Guest("no_strangers")
    if not _belongs_here(session, incoming, bond, member.workspace_id):
        return Guest("other_team_here")
    if now - identity.seen_at > LATELY or now < identity.seen_at:
        identity.seen_at = now
    private_chat = incoming.place.chat or None
    if incoming.place.private and identity.private_chat != private_chat:
        identity.private_chat = private_chat
    if not member.greeted and not incoming.edited:
        member.greeted = True
        news = Call("hello", {})
    place = incoming.place
    return Met(member, chat_at(session, place, member), audience_of(incoming, bond), news)


def _come_in(session: Session, house: House, incoming: Incoming, now: datetime) -> Member | Guest:
    """A new face: an owner of the settings, somebody invited, a colleague in Slack, or nobody."""
    sender = incoming.sender
    is_owner = (sender.platform, sender.team, sender.id) in house.owners
    if is_owner or sender.platform in {"terminal", "slack"}:
        space = workspace(session, house, workspace_name(sender), now)
        enter(session, space.id)
        role = "owner" if is_owner or sender.platform == "terminal" else "rep"
        return new_member(session, space, sender, role, now)
    if code := _code(incoming):
        invite = _invitation(session, code, now)
        if invite is None:
            return Guest("invite_bad")
        space = session.get_one(Workspace, invite.workspace_id)
        return new_member(session, space, sender, invite.role, now)
    if house.open:
        space = workspace(session, house, DEFAULT, now)
        enter(session, space.id)
        return new_member(session, space, sender, "rep", now)
    return Guest("no_strangers")


def _code(incoming: Incoming) -> str:
    return incoming.text.strip() if incoming.command in {"start", "join"} else ""


def _invitation(session: Session, code: str, now: datetime) -> Invite | None:
    """The invitation of a code, used up by this, with its workspace entered; None where it is
    none, or who gave it gives none any more."""
    invite = redeem(session, code, now)
    if invite is None:
        return None
    enter(session, invite.workspace_id)
    return invite if _may_still_invite(session, invite) else None


def _is_invited_back(session: Session, incoming: Incoming, member: Member, now: datetime) -> bool:
    """Whether who left the team has a new invitation to it; then they are on it again."""
    code = _code(incoming)
    if not code:
        return False
    enter(session, NOBODY)
    invite = _invitation(session, code, now)
    enter(session, member.workspace_id)
    if invite is None or invite.workspace_id != member.workspace_id:
        return False
    member.active, member.role = True, invite.role
    return True


def workspace_name(sender: Sender) -> str:
    """Each Slack team is a workspace; everything else begins in the default one."""
    return f"slack:{sender.team}" if sender.platform == "slack" else DEFAULT


def workspace(session: Session, house: House, name: str, now: datetime) -> Workspace:
    """The workspace of that name, made if it is new."""
    found = queries.workspace_named(session, name)
    if found is None:
        found = Workspace(
            name=name,
            currency=house.currency,
            region=house.region,
            timezone=house.timezone,
            language=house.language,
            created_at=now,
        )
        session.add(found)
        session.flush()
        with within(session, found.id):
            begin_pipeline(session, found.id)
    return found


def new_member(
    session: Session, space: Workspace, sender: Sender, role: str, now: datetime
) -> Member:
    morning, zone = time(9), sender.timezone or space.timezone
    member = Member(
        workspace_id=space.id,
        workspace=space,
        name=plain(sender.name)[:200] or sender.id,
        role=role,
        timezone=sender.timezone or None,
        heard_language=telling_language(sender.language),
        morning=morning,
        agenda_at=next_at(morning, zone, now),
        tidy_at=next_on(TIDY_DAY, morning, zone, now),
        report_at=next_first(morning, space.timezone, now),
        look_at=next_first(morning, space.timezone, now, LOOK_DAY),
        created_at=now,
    )
    session.add(member)
    session.flush()
    return member


def _may_still_invite(session: Session, invite: Invite) -> bool:
    """Who invited with less rights by now than were promised, or is gone, invites nobody."""
    if invite.invited_by is None:
        return True
    by = session.get(Member, (invite.workspace_id, invite.invited_by))
    return by is not None and by.active and by.may(invite.role)


def _bond(session: Session, incoming: Incoming) -> Bond | None:
    """Which workspace a shared chat belongs to; looked up before one is entered."""
    place = incoming.place
    if place.private:
        return None
    return session.get(Bond, (place.platform, place.team, place.chat))


def _belongs_here(
    session: Session, incoming: Incoming, bond: Bond | None, workspace_id: int
) -> bool:
    """A shared chat answers for one workspace only: that of whoever spoke to the bot first."""
    place = incoming.place
    if place.private:
        return True
    if bond is None:
        bond = Bond(platform=place.platform, team=place.team, key=place.chat)
        bond.workspace_id, bond.external = workspace_id, False
        session.add(bond)
    if bond.workspace_id != workspace_id:
        return False
    if place.external is not None and bond.external != place.external:
        bond.external = place.external
    session.flush()
    return True


def audience_of(incoming: Incoming, bond: Bond | None) -> Audience:
    """Who reads along. What the platform does not say now counts as it was before."""
    place = incoming.place
    if place.private:
        return "private"
    known = bond is not None and bond.external
    if known if place.external is None else place.external:
        return "external"
    return "team" if place.platform == "slack" else "group"


def chat_at(session: Session, place: Place, member: Member) -> Chat:
    """What is remembered of a place where the workspace talks."""
    key = f"{place.chat}/{place.thread}" if place.thread else place.chat
    known = session.info.setdefault("chats", {})
    where = (member.workspace_id, place.platform, place.team, key)
    chat: Chat | None = known.get(where)
    if chat is not None and chat in session:
        return chat
    chat = session.scalars(
        select(Chat).where(
            Chat.workspace_id == member.workspace_id,
            Chat.platform == place.platform,
            Chat.team == place.team,
            Chat.key == key,
        )
    ).first()
    if chat is None:
        chat = Chat(
            workspace_id=member.workspace_id,
            platform=place.platform,
            team=place.team,
            key=key,
            private=place.private,
        )
        session.add(chat)
        session.flush()
    known[where] = chat
    return chat
