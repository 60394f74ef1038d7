"""Texts for customers, each in the languages that somebody wrote it in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Recorded

INSTEAD = {"en": ("en", "roman", "ur"), "ur": ("ur", "roman", "en"), "roman": ("roman", "ur", "en")}
"""For a reader of each language the versions that will do, the best first."""


class MessageTemplate(Recorded, Base):
    """A text with blanks (see ``rules.blanks``).

    ``versions``: by language, each with its ``text`` and, for mails, a ``subject``.
    """

    __tablename__ = "message_template"
    __table_args__ = (Index(None, "workspace_id", "name_key"),)

    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100))
    versions: Mapped[dict[str, Any]]
    by_id: Mapped[int]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]

    def version_for(self, language: str) -> tuple[str, Mapping[str, str]] | None:
        """In which language a reader of this one gets it, and the version itself."""
        for each in INSTEAD.get(language, INSTEAD["en"]):
            if each in self.versions:
                return each, self.versions[each]
        return None

    def put(self, language: str, **told: str | None) -> None:
        """Change parts of a version: ``text``, ``subject``. Without a text it goes."""
        version = {**self.versions.get(language, {})}
        for name, value in told.items():
            if value:
                version[name] = value
            else:
                version.pop(name, None)
        others = {name: each for name, each in self.versions.items() if name != language}
        self.versions = {**others, language: version} if version.get("text") else others


def templates_of(session: Session, workspace_id: int) -> list[MessageTemplate]:
    """Those in use, by name."""
    query = select(MessageTemplate).where(
        MessageTemplate.workspace_id == workspace_id, MessageTemplate.active
    )
    return sorted(session.scalars(query), key=lambda row: row.name_key)
