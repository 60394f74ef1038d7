"""The bot knows its workspace: names are found by a part, in small letters, in either script."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from alembic import command
from sqlalchemy import event, insert, select, text

from language.seeking import sought
from language.sounds import name_keys
from storage import export
from storage.database import Database
from storage.export import Record
from storage.known import MOST, known_names
from storage.migrate import alembic_config, migrate
from storage.models import Company, CompanyWord, Contact, ContactTag, ContactWord, Workspace
from storage.names import keep
from storage.types import new_id
from tests.conversation import Conversation


def kept(chat: Conversation, kind: str) -> list[Record]:
    with export.reading(chat.database.engine) as session:
        return list(export.records(session, export.workspaces(session), [kind]))


def known(database: Database, message: str, workspace_id: int = 1) -> set[tuple[str, str]]:
    """What is looked up for a message."""
    looked_for = sought(message)
    with database.transaction() as session:
        return set(
            known_names(
                session,
                workspace_id,
                names=looked_for.names,
                words=looked_for.words,
                tags=looked_for.tags,
            )
        )


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("send flight tickets to kashmala tomorrow", "Kashmala Rehman"),
        ("kashmala ko kal call karni hai", "Kashmala Rehman"),
        ("کشمالہ کو کل کال کرنی ہے", "Kashmala Rehman"),
        ("visit soap stop tomorrow", "Soap Stop"),
        ("qulfi wale ko kal sample bhejna hai", "Qulfi House"),
        ("قلفی کو کل کال کرنی ہے", "Qulfi House"),
    ],
)
def test_a_known_name_is_read_however_it_is_written(
    chat: Conversation, said: str, name: str
) -> None:
    chat.says("add Kashmala Rehman, 0333 2214567")
    chat.runs("contact.add", company="Soap Stop")
    chat.runs("contact.add", company="Qulfi House")
    chat.says(said)
    (task,) = kept(chat, "task")
    assert name in (task["contact"], task["company"])
    assert len(kept(chat, "contact")) == 1
    assert len(kept(chat, "company")) == 2


def test_what_another_workspace_knows_is_not_known_here(chat: Conversation) -> None:
    chat.says("add Kashmala Rehman, 0333 2214567")
    with chat.database.transaction() as session:
        first = session.scalars(select(Workspace)).one()
        other = Workspace(
            name="other", currency="PKR", region="PK", timezone="Asia/Karachi", language="en",
            created_at=first.created_at,
        )  # fmt: skip
        session.add(other)
        session.flush()
        contact = Contact(
            workspace_id=other.id, **name_keys("Zartasha Bano"), created_at=first.created_at
        )
        contact.tag("wholesale")
        session.add(contact)
    said = "zartasha bano, kashmala, wholesale"
    assert known(chat.database, said) == {("person", "Kashmala Rehman")}
    assert known(chat.database, said, 2) == {("person", "Zartasha Bano"), ("tag", "wholesale")}


def test_a_name_is_known_as_it_is_now(chat: Conversation) -> None:
    """Renamed, undone, brought back: the words follow."""

    def found() -> set[str]:
        return {name for _, name in known(chat.database, "gulrez? zartasha!")}

    chat.says("add Gulrez Khattak, 0333 2214567")
    assert found() == {"Gulrez Khattak"}
    with chat.database.transaction() as session:
        contact = session.scalars(select(Contact)).one()
        for key, value in name_keys("Zartasha Khattak").items():
            setattr(contact, key, value)
    assert found() == {"Zartasha Khattak"}
    assert {key for key in _keys(chat.database) if not key.startswith("=")} == {
        "zartasha", "khattak",
    }  # fmt: skip
    chat.says("add Gulrez Afridi, 0333 2214568")
    assert found() == {"Gulrez Afridi", "Zartasha Khattak"}
    chat.says("undo")
    assert found() == {"Zartasha Khattak"}


def _keys(database: Database) -> set[str]:
    with database.transaction() as session:
        return set(session.scalars(select(ContactWord.key).union_all(select(CompanyWord.key))))


def test_two_that_became_one_are_known_by_one_name_and_after_undo_by_two(
    chat: Conversation,
) -> None:
    chat.says("add Gulrez Khattak, 0333 2214567")
    chat.says("add Gulraiz Khattak, 0333 2214568")
    new, old = (each["id"] for each in reversed(kept(chat, "contact")))
    chat.runs("contact.same", new=new, known=old)
    chat.taps("Merge")
    assert "gulraiz" not in _keys(chat.database)
    chat.says("undo")
    assert {"gulrez", "gulraiz"} <= _keys(chat.database)


@contextmanager
def asked(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Whom a message may name is asked meanwhile: the statements and their values."""
    heard: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "contact_word" in statement and "contact_tag" in statement:
            heard.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_a_message_asks_once_whom_it_may_name(chat: Conversation) -> None:
    chat.says("add Kashmala Rehman, 0333 2214567")
    with asked(chat.database) as heard:
        chat.says("kashmala ko kal call karni hai aur Nishat Mills ko parson email")
    assert len(heard) == 1


def test_of_a_name_said_whole_none_is_listened_for(chat: Conversation) -> None:
    """But for the words beside it, as ever."""
    chat.says("add Gulrez Khattak, 0333 2214567")
    chat.says("add Gulraiz Afridi, 0333 2214568")
    chat.says("add Kashmala Rehman, 0333 2214569")
    one, other, third = (
        ("person", name) for name in ("Gulrez Khattak", "Gulraiz Afridi", "Kashmala Rehman")
    )
    assert known(chat.database, "call gulrez") == {one, other}
    assert known(chat.database, "call gulrez khattak") == {one}
    assert known(chat.database, "call gulrez khattak and kashmalla") == {one, third}
    assert known(chat.database, "call gulrez khattak and gulraez") == {one, other}


def test_who_may_be_named_is_looked_up_by_indexes_alone(chat: Conversation) -> None:
    """So the cost follows the message; how many people are known makes no difference."""
    crowd(chat, 3000)
    with asked(chat.database) as heard:
        known(chat.database, "gulrez boata ko kal call karni hai, wholesale")
    (statement, values), lite = heard[0], chat.database.is_sqlite
    with chat.database.engine.begin() as connection:
        if not lite:
            connection.execute(text("ANALYZE"))
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # some tables are small
        explain = "EXPLAIN QUERY PLAN " if lite else "EXPLAIN "
        rows = connection.exec_driver_sql(explain + statement, values).all()
    plan = "\n".join(str(row[-1]) for row in rows)
    everybody = (
        r"SCAN (?:con|com)\w+|\(workspace_id=\?\)"
        if lite
        else r"Seq Scan|Cond: \(workspace_id = 1\)"
    )
    assert re.findall(everybody, plan) == [], plan


def crowd(chat: Conversation, count: int) -> None:
    """Very many people, and companies, all called Gulrez; the people are tagged export."""
    letters = "abcdefghijklmnop"
    families = (
        "".join(each) for each in itertools.product(letters, "aeiou", letters, "aeiou", "t")
    )
    chat.says("add Kashmala Rehman, 0333 2214567")
    with chat.database.transaction() as session:
        first = session.scalars(select(Contact)).one()
        here = {"workspace_id": first.workspace_id, "created_at": first.created_at, "version": 1}
        people = [
            {**here, "id": new_id(), **name_keys(f"Gulrez {family}")}
            for family in itertools.islice(families, count)
        ]
        for table, kind in (("contact", Contact), ("company", Company)):
            session.execute(insert(kind), people)
            keep(session, table, people)
        tags = [
            {"workspace_id": here["workspace_id"], "id": new_id(), "version": 1,
             "contact_id": each["id"], "tag": "export"}
            for each in people
        ]  # fmt: skip
        session.execute(insert(ContactTag), tags)


def test_of_many_only_some_are_looked_at(chat: Conversation) -> None:
    crowd(chat, 300)
    found = known(chat.database, "gulrez and kashmala, export")
    assert ("person", "Kashmala Rehman") in found
    assert ("tag", "export") in found
    assert len(found) <= 2 * MOST + 3


def test_those_who_were_there_before_are_known_too(blank_url: str) -> None:
    """Names that were kept before their words were."""
    with closing(Database(blank_url)) as database:
        with database.engine.begin() as connection:
            command.upgrade(alembic_config(connection), "0003")
            for statement in OLD_ROWS:
                connection.execute(text(statement), {"at": "2026-11-23 05:00:00"})
        assert migrate(database)
        assert _keys(database) == {
            "qulfi", "house", "=house qulfi", "kashmala", "=kashmala",
        }  # fmt: skip
        assert known(database, "qulfi and kashmala") == {
            ("org", "Qulfi House"),
            ("person", "Kashmala"),
        }


OLD_ROWS = (
    """INSERT INTO workspace (id, name, currency, region, timezone, language, created_at)
       VALUES (1, 'default', 'PKR', 'PK', 'Asia/Karachi', 'en', :at)""",
    """INSERT INTO company (workspace_id, id, name, name_key, sound_key, created_at, version)
       VALUES (1, 7, 'Qulfi House', 'qulfi house', ' klf hs ', :at, 1)""",
    """INSERT INTO contact (workspace_id, id, name, name_key, sound_key, created_at, version)
       VALUES (1, 8, 'Kashmala', 'kashmala', ' ksml ', :at, 1)""",
)
