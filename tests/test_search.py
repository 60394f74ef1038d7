"""Somebody is found however the name is spelt; nobody is taken for another."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import event, insert, select, text

from handlers.reply import Reply
from language.folding import fold
from language.sounds import name_keys
from storage import export
from storage.beginning import beginning
from storage.called import MOST_BEGUN, called, heard
from storage.database import Database
from storage.export import Record
from storage.migrate import alembic_config, migrate
from storage.models import Contact, ContactWord, NameNear, NameWord, Workspace
from storage.names import keep
from storage.near_words import Near
from storage.scope import within
from storage.search import WALKED, _affordable, find
from tests.conversation import Conversation, labels, words
from tests.scenes import scene

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
TEAM = (
    "add Muhammad Iqbal from Nishat Mills, 0333 2214561",
    "add Kashmala Rehman from Bilal Traders, 0333 2214562",
    "add Robert Smith, 0333 2214563",
    "add عائشہ صدیقی, 0333 2214564",
)


@scene
def team(chat: Conversation) -> None:
    for line in TEAM:
        chat.says(line)


def best(database: Database, name: str) -> str:
    """The name of the likeliest, as it is kept."""
    with database.transaction() as session:
        hits = find(session, "contact", 1, fold(name))
        return session.get_one(Contact, (1, hits[0].id)).name if hits else ""


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("mohamad iqbal", "Muhammad Iqbal"),
        ("iqbal muhammad", "Muhammad Iqbal"),
        ("muhamad iqbl", "Muhammad Iqbal"),
        ("m iqbal", "Muhammad Iqbal"),
        ("محمد اقبال", "Muhammad Iqbal"),
        ("kashmla", "Kashmala Rehman"),
        ("kashmala reh", "Kashmala Rehman"),
        ("kahsmala rheman", "Kashmala Rehman"),
        ("bob smith", "Robert Smith"),
        ("aisha siddiqi", "عائشہ صدیقی"),
        ("عايشه صديقي", "عائشہ صدیقی"),
    ],
)
def test_a_name_is_found_however_it_is_spelt(team: Conversation, said: str, name: str) -> None:
    assert best(team.database, said) == name


def test_nobody_is_like_a_name_of_other_letters(team: Conversation) -> None:
    with team.database.transaction() as session:
        assert [hit for hit in find(session, "contact", 1, "xyzzy qwort") if hit.score > 0.5] == []


def kept(chat: Conversation, kind: str) -> list[Record]:
    with export.reading(chat.database.engine) as session:
        return list(export.records(session, export.workspaces(session), [kind]))


def test_the_only_one_who_can_be_meant_is_shown(team: Conversation) -> None:
    assert "Kashmala Rehman" in words(team.says("show kahsmala"))
    assert "Kashmala Rehman" in words(team.says("why?"))


def test_somebody_of_another_name_is_only_offered(team: Conversation) -> None:
    """Farhan is not Farhat, however near they are."""
    team.says("add Farhat Baig, 0333 2214565")
    asked = team.says("show Farhan Baig")
    assert any("Farhat Baig" in label for label in labels(asked))
    assert "0333" not in words(asked)


def test_a_meeting_with_another_name_is_not_written_to_a_near_one(team: Conversation) -> None:
    team.says("met Kashmila Rehmat, wants a demo")
    (activity,) = kept(team, "activity")
    assert activity["contact"] == "Kashmila Rehmat"


def test_of_two_near_ones_none_is_taken(team: Conversation) -> None:
    team.says("add Kashmala Qazi, 0333 2214569")
    asked: Reply = team.says("show kahsmala")
    assert {"Kashmala Qazi", "Kashmala Rehman @ Bilal Traders"} <= set(labels(asked))


# --- the index follows ----------------------------------------------------------------------------


def index(database: Database) -> tuple[set[Any], ...]:
    """All that is kept of names, but for whom."""
    with database.transaction() as session:
        return (
            {tuple(row) for row in session.execute(select(NameWord.word, NameWord.contacts))},
            {tuple(row) for row in session.execute(select(NameNear.key, NameNear.word))},
            set(session.scalars(select(ContactWord.key))),
        )


def test_undo_leaves_nothing_of_a_name(chat: Conversation) -> None:
    chat.says("add Robert Smith, 0333 2214563")
    before = index(chat.database)
    chat.says("add Zartasha Smith, 0333 2214566")
    assert best(chat.database, "zartsha") == "Zartasha Smith"
    chat.says("undo")
    assert index(chat.database) == before
    assert best(chat.database, "zartasha") == ""


def test_a_new_name_takes_the_place_of_the_old_one(chat: Conversation) -> None:
    chat.says("add Zartasha Smith, 0333 2214566")
    with chat.database.transaction() as session:
        contact = session.scalars(select(Contact)).one()
        for key, value in name_keys("Gulrez Khattak").items():
            setattr(contact, key, value)
    assert best(chat.database, "gulraiz khatak") == "Gulrez Khattak"
    assert best(chat.database, "zartasha smith") == ""
    assert index(chat.database)[0] == {("gulrez", 1), ("khattak", 1)}


def test_names_that_were_kept_before_are_found_after_the_upgrade(blank_url: str) -> None:
    with closing(Database(blank_url)) as database:
        with database.engine.begin() as connection:
            command.upgrade(alembic_config(connection), "0005")
            for statement in OLD_ROWS:
                connection.execute(text(statement), {"at": "2026-11-23 05:00:00"})
        assert migrate(database)
        assert best(database, "kashmla rehmn") == "Kashmala Rehman"
        with database.engine.begin() as connection:
            command.downgrade(alembic_config(connection), "0005")
            keys = connection.scalars(text("SELECT key FROM contact_word")).all()
        assert set(keys) == {"kashmala", "rehman", "~ksml", "~rmn"}
        assert migrate(database)
        assert best(database, "rehman kashmala") == "Kashmala Rehman"


OLD_ROWS = (
    """INSERT INTO workspace (id, name, currency, region, timezone, language, created_at)
       VALUES (1, 'default', 'PKR', 'PK', 'Asia/Karachi', 'en', :at)""",
    """INSERT INTO contact (workspace_id, id, name, name_key, sound_key, created_at, version)
       VALUES (1, 8, 'Kashmala Rehman', 'kashmala rehman', ' ksml rmn ', :at, 1)""",
)


# --- what it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a b c d e f g h i j", "ا" * 300, "x" * 40_000, "ali " * 9_000])
def test_whatever_is_said_a_few_questions_are_asked(team: Conversation, name: str) -> None:
    asked: list[str] = []
    event.listen(
        team.database.engine, "before_cursor_execute", lambda *values: asked.append(values[2])
    )
    with team.database.transaction() as session:
        find(session, "contact", 1, name)
        called(session, Contact, 1, name)
    assert len(asked) <= 20
    assert max(map(len, asked)) < 6_000


def test_no_question_looks_at_everybody(team: Conversation) -> None:
    if not team.database.is_sqlite:
        pytest.skip("PostgreSQL plans by the size of its tables, which are small here")
    asked: list[tuple[str, Any]] = []
    event.listen(
        team.database.engine,
        "before_cursor_execute",
        lambda *values: asked.append((values[2], values[3])),
    )
    with team.database.transaction() as session:
        for name in ("muhamad iqbl", "kashm", "smith nobody", "iqbal"):
            find(session, "contact", 1, name)
            called(session, Contact, 1, name)
    questions = [(each, values) for each, values in asked if each.startswith("SELECT")]
    assert len(questions) > 8
    with team.database.engine.begin() as connection:
        for each, values in questions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", values).all()
            lines = "\n".join(str(row[-1]) for row in plan)
            everybody = re.findall(r"SCAN \w*(?:word|near|contact)|\(workspace_id=\?\)", lines)
            assert everybody == [], lines


def test_after_what_everybody_is_called_the_beginning_leads(database: Database) -> None:
    """Of two thousand Muhammads those are looked at whose other name begins so."""
    if not database.is_sqlite:
        pytest.skip("only SQLite counts its steps")
    here = {"workspace_id": 1, "version": 1, "created_at": MONDAY}
    names = [f"Muhammad Rafi {first}{last}" for first in FIRST for last in LAST]
    names.insert(99, "Muhammad Rafi Hasnaat")
    values = [{**here, "id": n, **name_keys(name)} for n, name in enumerate(names)]
    with database.transaction() as session:
        session.add(
            Workspace(
                name="default", currency="PKR", region="PK", timezone="Asia/Karachi",
                language="en", created_at=MONDAY,
            )
        )  # fmt: skip
        session.flush()
        session.execute(insert(Contact), values)
        keep(session, "contact", values)
        steps: list[int] = []
        driver: Any = session.connection().connection.driver_connection
        driver.set_progress_handler(lambda: steps.append(1), 1000)
        hits = find(session, "contact", 1, "muhammad hasn")
        driver.set_progress_handler(None, 0)
        assert session.get_one(Contact, (1, hits[0].id)).name == "Muhammad Rafi Hasnaat"
    assert len(names) > WALKED
    assert len(steps) < 20  # thousands; all Muhammads are 168


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("muh iqb", ["Muhammad Iqbal"]),
        ("iqb muh", ["Muhammad Iqbal"]),
        ("r smi", ["Robert Smith"]),
        ("kash", ["Kashmala Rehman"]),
        ("عائ", ["عائشہ صدیقی"]),
        ("muh smi", []),
        ("mu", []),
        ("bunty", []),
    ],
)
def test_each_word_that_was_said_may_be_the_beginning_of_one(
    team: Conversation, said: str, names: list[str]
) -> None:
    with team.database.transaction() as session:
        assert [row.name for row in called(session, Contact, 1, fold(said))] == names


def test_of_many_who_begin_so_all_are_looked_through_from_the_rarest_word_on(
    database: Database,
) -> None:
    """Where the words stand in the name, and in which order they were said, makes no difference."""
    here = {"workspace_id": 1, "version": 1, "created_at": MONDAY}
    names = [f"Muhammad {first} {last}" for first in FIRST for last in LAST]
    names.insert(99, "Muhammad Rafi Hasnaat")
    values = [{**here, "id": n, **name_keys(name)} for n, name in enumerate(names)]
    with database.transaction() as session:
        session.add(
            Workspace(
                name="default", currency="PKR", region="PK", timezone="Asia/Karachi",
                language="en", created_at=MONDAY,
            )
        )  # fmt: skip
        session.flush()
        session.execute(insert(Contact), values)
        keep(session, "contact", values)
        for said in ("muh hasn", "hasn muh", "raf muh hasn"):
            assert [row.name for row in called(session, Contact, 1, said)] == [names[99]]
        assert len(called(session, Contact, 1, "muham")) == MOST_BEGUN


@pytest.mark.parametrize(
    ("said", "known"),
    [("aisha siddiqui", "عائشہ صدیقی"), ("روبرٹ سمتھ", "Robert Smith"), ("kasmla rehmn", "")],
)
def test_whom_only_the_other_script_has_is_heard(team: Conversation, said: str, known: str) -> None:
    with team.database.transaction() as session:
        rows = heard(session, Contact, 1, fold(said))
        assert [row.name for _, row in rows[:1]] == ([known] if known else [])


FIRST = [f"{one}{two}" for one in "bdfgjklmnprt" for two in ("ara", "ila", "umo", "eza", "osi")]
LAST = [f"{one}{two}" for one in "bdfgjklmnprt" for two in ("ak", "il", "un")]


def test_words_are_walked_as_far_as_so_many_have_them() -> None:
    near = [Near("khan", 99, 1), Near("khano", 90, WALKED - 1), Near("khana", 80, 1)]
    assert _affordable(near) == near[:2]
    assert _affordable([Near("ali", 99, WALKED + 1), *near]) == [Near("ali", 99, WALKED + 1)]


def test_whoever_has_words_that_begin_so_is_found_newest_first(database: Database) -> None:
    with database.transaction() as session:
        space = Workspace(name="one", currency="PKR", region="PK", timezone="UTC", language="en",
                          created_at=MONDAY)  # fmt: skip
        other = Workspace(name="two", currency="PKR", region="PK", timezone="UTC", language="en",
                          created_at=MONDAY)  # fmt: skip
        session.add_all([space, other])
        session.flush()
        numbers = {}
        for each, names in ((space, ("Kashmala Rehman", "Kashif Rafiq", "Sara Malik")),
                            (other, ("Kashan Rehmat",))):  # fmt: skip
            with within(session, each.id):
                for name in names:
                    row = Contact(workspace_id=each.id, created_at=MONDAY, **name_keys(name))
                    session.add(row)
                    session.flush()
                    numbers[name] = row.id
        with within(session, space.id):
            found = beginning(session, "contact", space.id, ["kash", "r"], 10)
            assert found == [numbers["Kashif Rafiq"], numbers["Kashmala Rehman"]]
            assert beginning(session, "contact", space.id, ["kash", "reh"], 10) == found[1:]
            assert beginning(session, "contact", space.id, ["ka"], 10) == []
