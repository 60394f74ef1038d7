"""Files that were read and wait for somebody to say that they are to be taken in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Workspaced, belongs_to


class WaitingFile(Workspaced, Base):
    """The records of a file that a member sent, packed; ``taken_by`` is the turn in which they
    were taken in, or let go.

    Where somebody is to say first what some of its columns mean, ``data`` is the file itself,
    ``doubts`` are those columns (``exchange.columns.Column.told``) and ``chosen`` what was said.
    """

    __tablename__ = "waiting_file"
    __table_args__ = (
        belongs_to("member", "member_id", "CASCADE"),
        Index(None, "workspace_id", "created_at"),
    )

    member_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    records: Mapped[bytes] = mapped_column(LargeBinary)
    count: Mapped[int]
    created_at: Mapped[datetime]
    taken_by: Mapped[int | None]
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    doubts: Mapped[list[dict[str, Any]] | None]
    chosen: Mapped[dict[str, Any] | None]
