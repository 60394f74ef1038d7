"""Among many, whoever is meant is found: however asked for, and alike on both databases."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from benchmarks.asked import KINDS, asked
from benchmarks.crowd import made_up
from language.folding import fold
from language.sounds import name_keys
from storage.database import Database
from storage.models import Company, Contact, Workspace
from storage.names import keep
from storage.search import RANKED, WALKED, find
from storage.titles import titled
from tests.conversation import Conversation, words
from tests.rows import rows

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
CROWD = [fold(name) for name in made_up(2500, Random(11))]
ODD = (
    "محمد قریشی",
    "zz",
    "a b",
    "fatima",
    "سارہ",
    "kh",
    "muhammad muhamad",
    "sheikh s",
    "x y z w v u",
)


def fill(session: Session, names: Iterable[str], kind: Any = Contact, **also: Any) -> None:
    """Workspace 1 with people or companies of these names, numbered from 1."""
    if session.get(Workspace, 1) is None:
        space = Workspace(
            id=1, name="default", currency="PKR", region="PK", timezone="Asia/Karachi",
            language="en", created_at=MONDAY,
        )  # fmt: skip
        session.add(space)
        session.flush()
    here = {"workspace_id": 1, "version": 1, "created_at": MONDAY, **also}
    values = [{**here, "id": n, **name_keys(name)} for n, name in enumerate(names, 1)]
    session.execute(insert(kind), values)
    keep(session, kind.__tablename__, values)


def found(session: Session, said: str) -> list[str]:
    ids = [hit.id for hit in find(session, "contact", 1, fold(said))]
    return [session.get_one(Contact, (1, number)).name for number in ids]


# --- alike on both -------------------------------------------------------------------------------


@pytest.fixture
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Database]]:
    """The crowd, on SQLite and on PostgreSQL."""
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "rabta.db")
    url: str = request.getfixturevalue("postgresql_url")
    rows(url).empty()
    with (
        closing(Database(f"sqlite:///{tmp_path / 'rabta.db'}")) as one,
        closing(Database(url)) as other,
    ):
        for database in (one, other):
            with database.transaction() as session:
                fill(session, CROWD)
        yield [one, other]


def test_both_databases_find_the_same_in_the_same_order(both: list[Database]) -> None:
    queries = [query for query, _, _ in asked(CROWD, 8 * len(KINDS), Random(5))]
    answers = []
    for database in both:
        with database.transaction() as session:
            answers.append(
                {said: find(session, "contact", 1, fold(said)) for said in (*queries, *ODD)}
            )
    assert answers[0] == answers[1]
    assert sum(map(bool, answers[0].values())) > len(queries) * 0.9


def test_nearly_everybody_is_found(database: Database) -> None:
    """Of those who were asked for by surname begun or an initial, several may be meant as well."""
    queries = asked(CROWD, 20 * len(KINDS), Random(6))
    with database.transaction() as session:
        fill(session, CROWD)
        first = best = 0
        for said, _, right in queries:
            fits = [right(name.lower()) for name in found(session, said)]
            first, best = first + (fits[:1] == [True]), best + any(fits)
    assert first >= 0.94 * len(queries)
    assert best >= 0.97 * len(queries)


# --- where many are near -------------------------------------------------------------------------


def test_who_has_the_word_itself_comes_before_who_is_called_nearly_so_alone(
    database: Database,
) -> None:
    with database.transaction() as session:
        fill(session, ["Asif", "Asif Asif", "Aasif Hashmi", "Asef"])
        assert found(session, "aasif")[0] == "Aasif Hashmi"


def test_an_initial_is_no_word_to_begin_with(database: Database) -> None:
    """Among hundreds of the surname, and hundreds of that letter."""
    given = [
        f"{a}{b}{c}"
        for a in "bdfgkl"
        for b in ("a", "e", "i", "o", "u")
        for c in ("ri", "no", "sha")
    ]
    names = [f"{name} Choudhry" for name in given] + [f"J{name} Malik" for name in given]
    with database.transaction() as session:
        fill(session, ["Jasmin Choudhry", *(name.title() for name in names)])
        assert found(session, "j choudhry")[:1] == ["Jasmin Choudhry"]
        assert found(session, "choudhry j")[:1] == ["Jasmin Choudhry"]


def test_a_word_that_is_not_typed_out_may_go_on_in_a_hundred_ways(database: Database) -> None:
    ends = [f"{a}{b}{c}" for a in "bdgklmnprstvz" for b in "aeiou" for c in "lnr"]
    names = [f"Danish Sol{end}" for end in ends] + ["Luisa Maria Solzur", "Sol Sole", "Luis Sola"]
    with database.transaction() as session:
        fill(session, names)
        assert "Luisa Maria Solzur" in found(session, "luisa sol")


def test_a_name_of_three_words_may_be_spelt_otherwise_in_each(database: Database) -> None:
    spelt = [
        ("Bilal", "Bilaal", "Belal", "Bilall"),
        ("Chowdhury", "Choudhry", "Chaudhary", "Chaudhri"),
        ("Jamil", "Jameel", "Jamiel", "Gamil"),
    ]
    names = [f"{one} {other}" for row in spelt for one in row for other in row]
    with database.transaction() as session:
        fill(session, [*names, "Belal Chaudhary Jameel", "Bilal Chowdhury Nasir"])
        assert found(session, "bilal chowdhury jamil")[0] == "Belal Chaudhary Jameel"


def test_a_name_of_the_other_script_is_found_beside_its_words_in_this_one(
    database: Database,
) -> None:
    names = ["Jamila Jabeer", "جمیلہ خاتون", "جبیر احمد", "جمیل جابر", "جمال جبار", "جبیر لیمن"]
    with database.transaction() as session:
        fill(session, names)
        assert found(session, "جمیلہ جبیر")[0] == "Jamila Jabeer"


# --- what it costs -------------------------------------------------------------------------------


def test_of_a_common_name_no_more_are_looked_at_than_is_said(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("only SQLite counts its steps")
    steps: dict[int, int] = {}
    for count in (2 * WALKED, 8 * WALKED):
        with database.transaction() as session:
            session.execute(text("DELETE FROM contact_word"))
            session.execute(text("DELETE FROM contact"))
            session.execute(text("DELETE FROM name_word"))
            fill(session, [f"Muhammad Khan {'abcdefgh'[n % 8]}" for n in range(count)])
            driver: Any = session.connection().connection.driver_connection
            ticks: list[int] = []
            driver.set_progress_handler(lambda ticks=ticks: ticks.append(1), 1000)
            assert find(session, "contact", 1, "muhamad kahn z", thorough=True)
            driver.set_progress_handler(None, 0)
            steps[count] = len(ticks)
    assert steps[8 * WALKED] < 2 * steps[2 * WALKED]


# --- titles --------------------------------------------------------------------------------------


def test_a_title_is_found_among_many(database: Database) -> None:
    with database.transaction() as session:
        fill(session, [f"Person {n}" for n in range(600)])
        people = session.scalars(select(Contact).order_by(Contact.id)).all()
        for person in people:
            person.title = f"Agent {person.id % 90}"
        people[3].title = "Procurement Manager"
        people[4].title = "Assistant procurement manager"
        session.flush()
        assert titled(session, 1, "procurement MANAGER", 10) == [people[3].id, people[4].id]
        assert titled(session, 1, "%", 10) == []
        assert len(titled(session, 1, "agent", 50)) == 50


def test_nobody_is_walked_through_for_a_title(chat: Conversation) -> None:
    chat.says("add Sara Malik from Nishat Mills, procurement manager, 0333 2214561")
    asked_for: list[tuple[str, Any]] = []
    event.listen(
        chat.database.engine,
        "before_cursor_execute",
        lambda *values: asked_for.append((values[2], values[3])),
    )
    assert "Sara Malik" in words(chat.says("who is procurement manager at Nishat Mills?"))
    if not chat.database.is_sqlite:
        return
    questions = [each for each in asked_for if each[0].lstrip().startswith(("SELECT", "WITH"))]
    with chat.database.engine.begin() as connection:
        for each, values in questions:
            if " contact" in each and "title" in each:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", values).all()
                lines = "\n".join(str(row[-1]) for row in plan)
                assert not re.search(r"contact\b[^\n]*\(workspace_id=\?\)", lines), lines


# --- a name at a place with many people ----------------------------------------------------------


def test_where_many_work_the_name_leads(chat: Conversation) -> None:
    chat.says("hello")
    with chat.database.transaction() as session:
        fill(session, ["Nishat Mills"], Company)
        fill(session, [f"{name} Ansari" for name in CROWD[:600]], company_id=1)
        session.get_one(Contact, (1, 5)).company_id = 1
        for key, value in name_keys("Zartasha Ansari").items():
            setattr(session.get_one(Contact, (1, 5)), key, value)
    assert "Zartasha Ansari" in words(chat.says("zartsha ansari from nishat"))


def test_so_many_are_ranked_at_most() -> None:
    assert RANKED <= WALKED


@pytest.mark.parametrize(
    "said",
    [
        "who is m iqbal", "who is m iqbal?", "who's m iqbal", "who is m. iqbal", "who is M Iqbal",
        "m iqbal kaun hai", "m iqbal kaun hai?", "find m iqbal",
    ],
)  # fmt: skip
def test_an_initial_tells_apart_in_small_letters_too(chat: Conversation, said: str) -> None:
    chat.says("add Muhammad Iqbal, Nishat Mills")
    chat.says("add Sara Iqbal, Halal Dairy")
    told = words(chat.says(said))
    assert "Nishat Mills" in told
    assert "Halal Dairy" not in told


@pytest.mark.parametrize("said", ["who is s malik", "s malik kaun hai?", "who is s. malik?"])
def test_a_rank_after_an_initial_is_a_surname(chat: Conversation, said: str) -> None:
    chat.says("add Sara Malik, Nishat Mills")
    assert "Nishat Mills" in words(chat.says(said))
