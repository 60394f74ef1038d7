"""The words of names, so that whoever is called so, or nearly so, is found without looking at all.

A dictionary of all words that names have (``name_word``), the keys under which near spellings of
each are found (``name_near``, see ``rules.name_keys``), and for each person and company the words
of the name and the key of the whole. The session keeps them itself whenever a name is written.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    TEXT,
    BigInteger,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    cast,
    delete,
    event,
    exists,
    func,
    inspect,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, object_session

from rules.name_keys import kept_keys, whole_key, words_of
from storage.asking import answered
from storage.base import Base, belongs_to
from storage.people import Company, Contact
from storage.writing import insert_all

Key = String(210).with_variant(TEXT(collation="C"), "postgresql")
"""Compared letter by letter, so that a beginning is a range of the index."""


class NameWord(Base):
    """A word that names have: how many people's, how many companies'."""

    __tablename__ = "name_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(Key, primary_key=True)
    contacts: Mapped[int] = mapped_column(Integer)
    companies: Mapped[int] = mapped_column(Integer)


class NameNear(Base):
    """A key under which a word is found by whoever spells it otherwise."""

    __tablename__ = "name_near"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Key, primary_key=True)
    word: Mapped[str] = mapped_column(Key, primary_key=True)


class ContactWord(Base):
    """A word of a person's name, or the key of the whole."""

    __tablename__ = "contact_word"
    __table_args__ = (
        belongs_to("contact", "contact_id", "CASCADE"),
        Index(None, "workspace_id", "contact_id", "key"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(Key, primary_key=True)
    contact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class CompanyWord(Base):
    """A word of a company's name, or the key of the whole."""

    __tablename__ = "company_word"
    __table_args__ = (
        belongs_to("company", "company_id", "CASCADE"),
        Index(None, "workspace_id", "company_id", "key"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(Key, primary_key=True)
    company_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


_WORDS: Table = Base.metadata.tables["name_word"]
_NEAR: Table = Base.metadata.tables["name_near"]
POSTINGS = {"contact": "contacts", "company": "companies"}
"""The tables with names, and the column of the dictionary in which each is counted."""

ASKED = "asked names"
"""Under which a session notes what it has looked up in its transaction (``storage.search``)."""

Counts = Counter[tuple[int, str]]


# --- written by the session itself ----------------------------------------------------------------


def keep(session: Session, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the names of new rows of a table; those of other tables have none."""
    if table in POSTINGS and rows:
        session.info.pop(ASKED, None)
        _keep_all(session, table, rows)


def forget(session: Session, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Let go of names that rows of a table had until now."""
    if table in POSTINGS and rows:
        session.info.pop(ASKED, None)
        _forget_all(session.connection(), table, rows)


def keep_all(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """The same for an upgrade, which has no session."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        _keep_all(session, table, rows)
        session.commit()


def _keep_all(session: Session, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Each row has a ``workspace_id``, an ``id`` and a ``name_key``."""
    counts: Counts = Counter()
    kept = []
    owner = f"{table}_id"
    for row in rows:
        space, number, words = row["workspace_id"], row["id"], words_of(row["name_key"])
        for word in words:
            counts[space, word] += 1
            kept.append({"workspace_id": space, owner: number, "key": word})
        if words:
            kept.append({"workspace_id": space, owner: number, "key": whole_key(words)})
    if kept:
        _learn(session, POSTINGS[table], counts)
        insert_all(session, Base.metadata.tables[f"{table}_word"], kept)


def _learn(session: Session, counted: str, counts: Counts) -> None:
    """Count words, and keep the keys of those that are new. Always in the same order: of two that
    write at once none waits for the other for ever."""
    dialect = session.get_bind().dialect.name
    words: dict[int, dict[str, int]] = {}
    for (space, word), count in sorted(counts.items()):
        words.setdefault(space, {})[word] = count
    for space, here in words.items():
        said = {"space": space, "counts": json.dumps(here, ensure_ascii=False)}
        found = answered(session, _COUNT[dialect, counted], said)
        near = {word: sorted(kept_keys(word)) for word, count in found if count == here[word]}
        if near:
            answered(session, _ADD_NEAR[dialect], _KEYS_SAID[dialect](space, near))


def _forget_all(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    counts: Counts = Counter()
    for row in rows:
        counts.update((row["workspace_id"], word) for word in words_of(row["name_key"]))
    ids = [{"space": row["workspace_id"], "row": row["id"]} for row in rows]
    connection.execute(_REMOVE[table], ids)
    if not counts:
        return
    words = [
        {"space": space, "said": word, "times": count}
        for (space, word), count in sorted(counts.items())
    ]
    connection.execute(_UNCOUNT[POSTINGS[table]], words)
    for (space, word), _ in sorted(counts.items()):
        gone = connection.execute(_DROP, {"space": space, "said": word})
        if gone.rowcount:
            keys = [{"space": space, "said": word, "near": key} for key in kept_keys(word)]
            connection.execute(_DROP_NEAR, keys)


# --- the statements, made once --------------------------------------------------------------------

_SPACE, _SAID = bindparam("space", type_=Integer), bindparam("said", type_=String)
_REMOVE = {
    table: delete(words).where(
        words.c.workspace_id == _SPACE, words.c[f"{table}_id"] == bindparam("row")
    )
    for table, words in ((table, Base.metadata.tables[f"{table}_word"]) for table in POSTINGS)
}
_HERE = (_WORDS.c.workspace_id == _SPACE, _WORDS.c.word == _SAID)
_UNCOUNT = {
    counted: update(_WORDS).where(*_HERE).values({counted: _WORDS.c[counted] - bindparam("times")})
    for counted in POSTINGS.values()
}


def _still(table: str) -> Any:
    words = Base.metadata.tables[f"{table}_word"]
    return exists().where(words.c.workspace_id == _SPACE, words.c.key == _SAID)


_DROP = delete(_WORDS).where(*_HERE, *(~_still(table) for table in POSTINGS))
_DROP_NEAR = delete(_NEAR).where(
    _NEAR.c.workspace_id == _SPACE, _NEAR.c.key == bindparam("near"), _NEAR.c.word == _SAID
)


def _counting(name: str, dialect: Any, counted: str) -> Any:
    """Insert words or count them higher, which come as one JSON object of how many there are of
    each; tells how often each is there now."""
    here = bindparam("counts", type_=String)
    if name == "sqlite":
        each = func.json_each(here).table_valued("key", "value")
    else:
        each = func.jsonb_each(cast(here, postgresql.JSONB)).table_valued("key", "value")
    times = cast(each.c.value, Integer)
    rows = select(_SPACE, each.c.key, *(times if counted == one else 0 for one in _COUNTED))
    new = dialect.insert(_WORDS).from_select(
        ["workspace_id", "word", *_COUNTED], rows.where(each.c.key != "")
    )  # SQLite cannot tell a conflict's ON from a join's where nothing stands between
    return new.on_conflict_do_update(
        index_elements=["workspace_id", "word"],
        set_={counted: _WORDS.c[counted] + new.excluded[counted]},
    ).returning(_WORDS.c.word, _WORDS.c.contacts + _WORDS.c.companies)


_COUNTED = tuple(POSTINGS.values())
_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
_COUNT = {
    (name, counted): _counting(name, dialect, counted)
    for name, dialect in _DIALECTS.items()
    for counted in _COUNTED
}


def _adding_listed() -> Any:
    """Insert the keys of words in one round trip: they come as one JSON object with a list for
    each word."""
    here = bindparam("near", type_=String)
    each = func.jsonb_each(cast(here, postgresql.JSONB)).table_valued("key", "value")
    keys = func.jsonb_array_elements_text(each.c.value).table_valued("value")
    rows = select(_SPACE, keys.c.value, each.c.key).join_from(each, keys, true())
    columns = ["workspace_id", "key", "word"]
    return postgresql.insert(_NEAR).from_select(columns, rows).on_conflict_do_nothing()


def _listed(space: int, near: dict[str, list[str]]) -> Any:
    return {"space": space, "near": json.dumps(near, ensure_ascii=False)}


def _one_by_one(space: int, near: dict[str, list[str]]) -> Any:
    """SQLite has no round trips to save, and takes rows quicker than it reads JSON."""
    return [
        {"workspace_id": space, "key": key, "word": word}
        for word, keys in near.items()
        for key in keys
    ]


_ADD_NEAR = {
    "sqlite": sqlite.insert(_NEAR).on_conflict_do_nothing(),
    "postgresql": _adding_listed(),
}
_KEYS_SAID = {"sqlite": _one_by_one, "postgresql": _listed}


# --- noticed while the session writes -------------------------------------------------------------

Noted = tuple[str, dict[str, Any], bool]


def _note(row: Contact | Company, name_key: str, *, new: bool) -> None:
    session = object_session(row)
    if session is not None:
        values = {"workspace_id": row.workspace_id, "id": row.id, "name_key": name_key}
        noted: list[Noted] = session.info.setdefault("named", [])
        noted.append((row.__tablename__, values, new))


def _named(_mapper: Any, _connection: Any, row: Contact | Company) -> None:
    _note(row, row.name_key, new=True)


def _renamed(_mapper: Any, _connection: Any, row: Any) -> None:
    history = inspect(row).attrs["name_key"].history
    if history.has_changes():
        _note(row, _before(row), new=False)
        _note(row, row.name_key, new=True)


def _gone(_mapper: Any, _connection: Any, row: Any) -> None:
    _note(row, _before(row), new=False)


def _before(row: Any) -> str:
    """The name that the database has."""
    history = inspect(row).attrs["name_key"].history
    return str((history.deleted or (row.name_key,))[0])


for _kind in (Contact, Company):
    event.listen(_kind, "after_insert", _named)
    event.listen(_kind, "after_update", _renamed)
    event.listen(_kind, "before_delete", _gone)


@event.listens_for(Session, "before_flush")
def _begin(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    session.info.pop("named", None)  # of a flush that failed


@event.listens_for(Session, "after_flush")
def _keep_words(session: Session, _context: UOWTransaction) -> None:
    noted: Iterable[Noted] = session.info.pop("named", ())
    for new in (False, True):
        for table in POSTINGS if noted else ():
            rows = [values for kind, values, is_new in noted if kind == table and is_new is new]
            if rows:
                (keep if new else forget)(session, table, rows)
