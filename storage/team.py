"""Who works with Rabta: workspaces, members, their identities, chats, invitations."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rules.access import Actor, at_least
from rules.calendar import QuietHours
from storage.base import Base, Recorded, Workspaced, belongs_to
from storage.sums import shift_of


class Workspace(Base):
    """A team's world. Nothing of one is ever seen in another. A global table.

    ``keeps_private``: somebody here has, or had, a private contact. ``month_shift``: minutes by
    which the months of its sums begin before those of UTC (``storage.sums``). ``sign_key``: what
    links to its customers are signed with.
    """

    __tablename__ = "workspace"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    region: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    keeps_private: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    month_shift: Mapped[int] = mapped_column(
        Integer,
        default=lambda context: shift_of(context.get_current_parameters()["timezone"]),
        server_default="0",
    )
    sign_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Member(Recorded, Base):
    """Somebody who works in a workspace. Empty settings follow the workspace's.

    ``language`` is None until it is chosen; ``heard_language`` is the one last written in.
    ``agenda_at`` is when the next morning agenda is due, ``tidy_at`` when it is looked next for
    customers who are in twice, ``report_at`` when the next monthly report is due to
    one who owns the workspace; None: not wanted. ``look_at`` is when a manager is next told how
    Rabta was used; ``tour`` the tour that they are on, and its step (``rep:2``).
    ``nudges_a_day`` is how many nudges may interrupt them on a day, where they said so.
    ``manager`` is the name of whoever leads them, ``office`` where they work, as a file of the team
    said.
    """

    __tablename__ = "member"
    __table_args__ = (
        Index(None, "workspace_id", "agenda_at"),
        Index(None, "workspace_id", "tidy_at"),
        Index(None, "workspace_id", "report_at"),
        Index(None, "workspace_id", "look_at"),
    )

    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(8))
    heard_language: Mapped[str | None] = mapped_column(String(8))
    timezone: Mapped[str | None] = mapped_column(String(64))
    morning: Mapped[time] = mapped_column(Time, default=time(9))
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    agenda_at: Mapped[datetime | None]
    tidy_at: Mapped[datetime | None]
    report_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    tour: Mapped[str | None] = mapped_column(String(20))
    nudges_a_day: Mapped[int | None] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    greeted: Mapped[bool] = mapped_column(Boolean, default=False)
    manager: Mapped[str | None] = mapped_column(String(200))
    office: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime]

    workspace: Mapped[Workspace] = relationship()

    @property
    def zone(self) -> str:
        return self.timezone or self.workspace.timezone

    @property
    def tongue(self) -> str:
        """The language to answer in: the chosen one, else the one last written in."""
        return self.language or self.heard_language or self.workspace.language

    @property
    def quiet(self) -> QuietHours | None:
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_to)

    def may(self, role: str) -> bool:
        return at_least(self.role, role)

    @property
    def actor(self) -> Actor:
        return Actor(self.workspace_id, self.id, self.role, self.active)


class Setting(Recorded, Base):
    """A setting that the whole workspace shares and that was changed in chat."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(200))


class Identity(Base):
    """A person on a platform: (platform, team, the platform's own id), and the member they are."""

    __tablename__ = "identity"
    __table_args__ = (
        belongs_to("member", "member_id", "CASCADE"),
        Index(None, "workspace_id", "member_id"),
    )

    platform: Mapped[str] = mapped_column(String(10), primary_key=True)
    team: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(Integer)
    member_id: Mapped[int]
    private_chat: Mapped[str | None] = mapped_column(String(64))
    seen_at: Mapped[datetime]

    member: Mapped[Member] = relationship()


class Chat(Workspaced, Base):
    """A place where a workspace talks. ``focus`` is what was last spoken of there, ``shown`` which
    records were seen there lately, and in which version."""

    __tablename__ = "chat"
    __table_args__ = (UniqueConstraint("workspace_id", "platform", "team", "key"),)

    platform: Mapped[str] = mapped_column(String(10))
    team: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(128))
    private: Mapped[bool] = mapped_column(Boolean)
    focus: Mapped[dict[str, Any] | None]
    shown: Mapped[dict[str, Any] | None]


class Bond(Base):
    """Which workspace a shared chat belongs to, so that it never answers for two. Global.

    ``external``: people of another organisation read it, too (Slack Connect).
    """

    __tablename__ = "bond"

    platform: Mapped[str] = mapped_column(String(10), primary_key=True)
    team: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE")
    )
    external: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")


class Invite(Base):
    """A single-use invitation. Only the hash of its code is kept. Global."""

    __tablename__ = "invite"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE")
    )
    role: Mapped[str] = mapped_column(String(10))
    invited_by: Mapped[int | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
