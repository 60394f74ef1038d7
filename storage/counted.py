"""How many there are, and how many have a word in their name or are of a company: as far as it
tells how much a likeness says."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Company, Contact, NameWord

MOST = 10_000
"""People that are counted; that they are more changes little, and to count them all would cost."""

_UNSEEN = {"rabta_drawn": False}
"""Figures that are shown to nobody."""


def how_many(session: Session, kind: type[Contact | Company], space: int) -> int:
    """All people or companies, up to ``MOST``."""
    some = select(kind.id).where(kind.workspace_id == space).limit(MOST).subquery()
    return session.scalar(select(func.count()).select_from(some), execution_options=_UNSEEN) or 0


def with_word(
    session: Session, kind: type[Contact | Company], space: int, words: Collection[str]
) -> dict[str, int]:
    """In how many names each of these words is."""
    many = NameWord.contacts if kind is Contact else NameWord.companies
    query = select(NameWord.word, many).where(
        NameWord.workspace_id == space, NameWord.word.in_(words)
    )
    rows = session.execute(query, execution_options=_UNSEEN) if words else ()
    return {row[0]: row[1] for row in rows}


def at_company(session: Session, space: int, companies: Collection[int]) -> dict[int, int]:
    """How many people each of these companies has."""
    query = (
        select(Contact.company_id, func.count())
        .where(Contact.workspace_id == space, Contact.company_id.in_(companies))
        .group_by(Contact.company_id)
    )
    rows = session.execute(query, execution_options=_UNSEEN) if companies else ()
    return {company: count for company, count in rows if company is not None}
