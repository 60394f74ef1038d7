"""The words of names, so that whoever a message may name is found without looking at everybody.

The session keeps them itself whenever a name is written: a word is a key, and so is, after ``~``,
how it sounds in either script.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Index,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    delete,
    event,
    func,
    insert,
    inspect,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, object_session
from sqlalchemy.sql.selectable import CompoundSelect, TableValuedAlias

from storage.base import Base, belongs_to
from storage.people import Company, Contact, ContactTag

SOUND = "~"
MOST = 60
"""Names of a kind that are called by a message, or sound like a word of it, at most."""

_WORDS = re.compile(r"\d+|[^\W\d_]+(?:['-][^\W\d_]+)*")


class ContactWord(Base):
    """A word of a person's name."""

    __tablename__ = "contact_word"
    __table_args__ = (
        belongs_to("contact", "contact_id", "CASCADE"),
        Index(None, "workspace_id", "contact_id"),
    )

    workspace_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(210), primary_key=True)
    contact_id: Mapped[int] = mapped_column(primary_key=True)


class CompanyWord(Base):
    """A word of a company's name."""

    __tablename__ = "company_word"
    __table_args__ = (
        belongs_to("company", "company_id", "CASCADE"),
        Index(None, "workspace_id", "company_id"),
    )

    workspace_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(210), primary_key=True)
    company_id: Mapped[int] = mapped_column(primary_key=True)


def keys_of(name_key: str, sound_key: str) -> set[str]:
    """The words of a folded name as they are written, without hyphens, and as they sound."""
    words = {word.replace("-", "") for word in _WORDS.findall(name_key)}
    return words | {SOUND + sound for sound in sound_key.split()}


# --- kept by the session itself -------------------------------------------------------------------

_TABLES = {
    kind: (Base.metadata.tables[f"{kind}_word"], f"{kind}_id") for kind in ("contact", "company")
}
"""For each table with names the one of their words, and its column for whose they are."""


def keep(session: Session, table: str, rows: Sequence[dict[str, Any]], *, new: bool) -> None:
    """Write the words of these rows of a table; those of other tables have none."""
    if table not in _TABLES or not rows:
        return
    words, column = _TABLES[table]
    if not new:
        for row in rows:
            here = (words.c.workspace_id == row["workspace_id"], words.c[column] == row["id"])
            session.execute(delete(words).where(*here))
    values = [
        {"workspace_id": row["workspace_id"], column: row["id"], "key": key}
        for row in rows
        for key in sorted(keys_of(row["name_key"], row["sound_key"]))
    ]
    if values:
        session.execute(insert(words), values)


def _named(_mapper: Any, _connection: Any, row: Contact | Company) -> None:
    session = object_session(row)
    if session is not None:
        session.info.setdefault("named", []).append((row, True))


def _renamed(_mapper: Any, _connection: Any, row: Any) -> None:
    session = object_session(row)
    attributes = inspect(row).attrs
    changed = any(attributes[key].history.has_changes() for key in ("name_key", "sound_key"))
    if session is not None and changed:
        session.info.setdefault("named", []).append((row, False))


for _kind in (Contact, Company):
    event.listen(_kind, "after_insert", _named)
    event.listen(_kind, "after_update", _renamed)


@event.listens_for(Session, "before_flush")
def _begin(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    session.info.pop("named", None)  # of a flush that failed


@event.listens_for(Session, "after_flush")
def _keep_words(session: Session, _context: UOWTransaction) -> None:
    named = session.info.pop("named", ())
    for table in _TABLES if named else ():
        for new in (True, False):
            rows = [row for row, is_new in named if is_new is new and row.__tablename__ == table]
            keep(session, table, [_values(row) for row in rows], new=new)


def _values(row: Contact | Company) -> dict[str, Any]:
    return {
        "workspace_id": row.workspace_id, "id": row.id,
        "name_key": row.name_key, "sound_key": row.sound_key or "",
    }  # fmt: skip


# --- looked up by a message -----------------------------------------------------------------------


def known_names(
    session: Session,
    workspace_id: int,
    *,
    names: Iterable[str],
    words: Iterable[str],
    sounds: Iterable[str],
    tags: Iterable[str],
) -> list[tuple[str, str]]:
    """What a message may speak of, as (kind, name): kind is person, org or tag.

    Everybody called by one of the folded ``names``, one for each of the ``words`` that is in a
    name, some in whose name one of the ``sounds`` is, and the ``tags`` that there are. One
    question, whose cost follows the message: how many are known makes no difference.
    """
    tags = set(tags)
    said = {
        "space": workspace_id,
        "names": list(names),
        "words": json.dumps(list(words)),
        "sounds": [SOUND + sound for sound in sounds],
        "tags": json.dumps(sorted(tags)),
    }
    question = _question(session.get_bind().dialect.name)
    found = dict.fromkeys(map(tuple, session.execute(question, said)))
    return [(kind, name) for kind, name in found if name and (kind != "tag" or name in tags)]


@lru_cache(maxsize=2)
def _question(dialect: str) -> CompoundSelect[Any]:
    """Made once: building it would cost more than asking it."""
    return union_all(
        *_of_kind("person", Contact, ContactWord, ContactWord.contact_id, dialect),
        *_of_kind("org", Company, CompanyWord, CompanyWord.company_id, dialect),
        _tags(dialect),
    )


_SPACE = bindparam("space", type_=Integer)


def _each(name: str, dialect: str) -> TableValuedAlias:
    """The words of a JSON list as rows of one column, ``value``."""
    listed = bindparam(name, type_=String)
    if dialect == "sqlite":
        return func.json_each(listed).table_valued("value")
    return func.jsonb_array_elements_text(cast(listed, JSONB)).table_valued("value")


def _of_kind(
    kind: str, model: type[Contact | Company], word: type[Any], owner: Any, dialect: str
) -> list[Select[Any]]:
    """Each step names what is read first, so that no planner begins with everybody."""
    each = _each("words", dialect)
    here = model.workspace_id == _SPACE
    called = model.name_key.in_(bindparam("names", expanding=True))
    owners = select(owner).where(word.workspace_id == _SPACE)
    heard = owners.where(word.key.in_(bindparam("sounds", expanding=True))).limit(MOST)
    with_word = owners.where(word.key == each.c.value).limit(1).correlate(each)
    one = select(model.name).where(here, model.id == with_word.scalar_subquery())
    whole = select(model.name).where(here, called).limit(MOST).subquery()
    return [
        select(literal(kind), whole.c.name),
        select(literal(kind), model.name).where(here, model.id.in_(heard)),
        select(literal(kind), one.correlate(each).scalar_subquery()).select_from(each),
    ]


def _tags(dialect: str) -> Select[Any]:
    """The tag next to each word in the alphabet: one step in the index, however many have it."""
    each = _each("tags", dialect)
    here = (ContactTag.workspace_id == _SPACE, ContactTag.tag >= each.c.value)
    next_one = select(ContactTag.tag).where(*here).order_by(ContactTag.tag).limit(1)
    return select(literal("tag"), next_one.scalar_subquery()).select_from(each)
