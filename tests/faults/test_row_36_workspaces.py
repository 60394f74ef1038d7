"""Row 36: a forgotten WHERE, an owner whom no policy holds, a setting that a pool carries on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    NullPool,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    make_url,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.reception import House, workspace
from storage import row_security
from storage.clock import SetClock
from storage.database import Database
from storage.invites import invite
from storage.migrate import migrate
from storage.models import Activity, Contact, Deal, Member, Stage, Task, Workspace
from storage.pinned import pins_of
from storage.scope import EVERYWHERE, Astray, enter, everywhere, within
from tests.conversation import AYESHA, Conversation, user_id, words
from tests.faults.crossing import Crossing, crossed, left_in, stripped, without_workspaces

NOON = datetime(2026, 11, 25, 8, tzinfo=UTC)
KARACHI, LAHORE = "Karachi", "Lahore"

OURS = ("Zarmina Durrani", "Durrani Weavers", "looms", "0300 7654321, Karachi")
THEIRS = ("Khushbakht Lodhi", "Lodhi Ceramics", "glazed", "0321 1234567, Multan")


def two_teams(database: Database) -> Conversation:
    """Ayesha in the default workspace, Omar in one of his own, each with customers and work."""
    house = House(owners=frozenset({("telegram", "", user_id(AYESHA))}))
    chat = Conversation(database, SetClock(NOON), house=house)
    chat.says("hello")
    with database.transaction() as session:
        space = workspace(session, house, "Lahore team", NOON)
        code = invite(session, space.id, "owner", NOON)
    chat.commands(f"/start {code}", by="Omar")
    for by, (person, company, goods, reached) in ((AYESHA, OURS), ("Omar", THEIRS)):
        chat.says(f"met {person} from {company}, {reached}", by=by)
        chat.says(f"deal for {company}: {goods}, 5 lakh", by=by)
        chat.says(f"call {person} tomorrow at 4 pm about {goods}", by=by)
        chat.says(f"note for {person}: wants {goods} before Eid", by=by)
    return chat


EVERYTHING = (
    "show deals", "pipeline", "today", "tasks", "show my open deals", "won this month",
    "who is on the team", "settings", "stages", "why?", "help", "activity this month",
    "show Khushbakht Lodhi", "show Khushbakht", "show Lodhi Ceramics", "find lodhi",
    "find customers in Lahore", "met Khushbakht", "deal for Lodhi: 3 lakh",
    "call Khushbakht tomorrow",
    "lost the Lodhi deal", "done", "undo", "add a stage called Trial after lead", "undo",
    "deals closing this month", "revenue this quarter", "tasks with Khushbakht", "snooze it",
    "خوشبخت لودھی کی تفصیل دکھاؤ", "khushbakht wali deal jeet gaye",
)  # fmt: skip


@pytest.fixture
def plain_url(postgresql_server: str) -> Iterator[str]:
    """A database whose user is neither superuser nor may make roles: it owns the tables alone."""
    name, owner = f"plain_{os.getpid()}", f"rabta_plain_{os.getpid()}"
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as server:
        server.execute(text(f"CREATE ROLE {owner} LOGIN PASSWORD 'plain' NOSUPERUSER"))
        server.execute(text(f"CREATE DATABASE {name} OWNER {owner}"))
    url = make_url(postgresql_server).set(username=owner, password="plain", database=name)
    with closing(Database(url.render_as_string(hide_password=False))) as database:
        migrate(database)
    yield url.render_as_string(hide_password=False)
    with engine.connect() as server:
        server.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.execute(text(f"DROP ROLE {owner}"))


@pytest.fixture(params=["superuser", "plain owner"])
def policed(request: pytest.FixtureRequest) -> Iterator[Database]:
    """PostgreSQL, by a superuser's URL and by that of a user who owns the tables."""
    if request.param == "plain owner":
        url = request.getfixturevalue("plain_url")
    else:
        from tests.rows import rows

        url = request.getfixturevalue("postgresql_url")
        rows(url).empty()
    with closing(Database(url)) as database:
        yield database


STRIPPED = re.compile(
    r"(?:\w+\.)?workspace_id = (?:%\(\w+\)s(?:::\w+)?|\w+\.workspace_id)"
    r"|%\(\w+\)s(?:::\w+)? = (?:\w+\.)?workspace_id"
)


def strip_workspaces(database: Database) -> list[str]:
    """From here on nothing that is sent names a workspace any more; what was changed."""
    changed: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute", retval=True)
    def _strip(
        _connection: Any, _cursor: Any, said: str, values: Any, _context: Any, _many: bool
    ) -> tuple[str, Any]:
        bare = STRIPPED.sub("true", said)
        if bare != said:
            changed.append(bare)
        return bare, values

    return changed


def test_row_36_nothing_crosses_with_every_workspace_condition_removed(policed: Database) -> None:
    chat = two_teams(policed)
    changed = strip_workspaces(policed)
    before = len(chat.heard)
    for said in EVERYTHING:
        for place in ("", "Sales"):
            chat.says(said, place=place)
    heard = chat.heard[before:]
    assert len(heard) > len(EVERYTHING)
    assert len(set(changed)) > 30
    for each in heard:
        answer = words(each.reply)
        for secret in ("glazed", "Omar", "1234567", "Multan"):
            assert secret not in answer, answer
    with policed.transaction() as session:
        theirs = session.scalars(select(Deal).where(Deal.title.contains("glazed"))).one()
        assert (theirs.status, theirs.stage) == ("open", "lead")


def test_row_36_nothing_crosses_when_python_forgets_its_conditions(policed: Database) -> None:
    two_teams(policed)
    with policed.sessions.begin() as session:
        ours = _space_of(policed, "default")
        enter(session, ours)
        for kind in (Contact, Deal, Task, Activity, Member, Stage):
            rows = session.scalars(select(kind)).all()
            assert rows
            assert {row.workspace_id for row in rows} == {ours}  # type: ignore[attr-defined]
        assert session.scalar(select(func.count()).select_from(Deal)) == 1
        assert session.execute(update(Deal).values(title="taken")).rowcount == 1  # type: ignore[attr-defined]  # a cursor's
        assert session.execute(
            text("SELECT DISTINCT workspace_id FROM contact")
        ).scalars().all() == [ours]


def _space_of(database: Database, name: str) -> int:
    with database.transaction() as session:
        return session.scalars(select(Workspace.id).where(Workspace.name == name)).one()


def test_row_36_a_row_of_another_workspace_cannot_be_written(policed: Database) -> None:
    two_teams(policed)
    ours, theirs = _space_of(policed, "default"), _space_of(policed, "Lahore team")
    sql = text("UPDATE deal SET title = 'taken' WHERE workspace_id = :theirs RETURNING id")
    with policed.sessions.begin() as session:
        enter(session, ours)
        assert session.execute(sql, {"theirs": theirs}).all() == []
    moved = text("UPDATE stage SET workspace_id = :theirs WHERE workspace_id = :ours")
    with pytest.raises(DBAPIError, match="row-level security"), policed.sessions.begin() as session:
        enter(session, ours)
        session.execute(moved, {"theirs": theirs, "ours": ours})


def test_row_36_before_anybody_is_served_nothing_of_anybody_is_seen(policed: Database) -> None:
    two_teams(policed)
    with policed.sessions.begin() as session:
        for table in row_security.tables():
            count = session.scalar(select(func.count()).select_from(text(f'"{table.name}"')))
            if table.name not in row_security.DIRECTORY:
                assert count == 0, table.name


def test_row_36_a_pooled_connection_carries_nothing_over(policed: Database) -> None:
    two_teams(policed)
    space = _space_of(policed, "default")
    seen: list[tuple[int, str, str]] = []

    def look(connection: Connection) -> tuple[int, str, str]:
        asked = "SELECT pg_backend_pid(), coalesce(current_setting('rabta.workspace', true), '')"
        number, scope = connection.exec_driver_sql(asked).one()
        return number, scope, str(connection.exec_driver_sql("SELECT current_user").scalar())

    for _ in range(12):
        with policed.sessions.begin() as session:
            enter(session, space)
            seen.append(look(session.connection()))
        with policed.sessions.begin() as session:
            seen.append(look(session.connection()))
        with policed.sessions() as session, pytest.raises(ZeroDivisionError):
            enter(session, space)
            seen.append(look(session.connection()))
            raise ZeroDivisionError
        with policed.sessions.begin() as session:
            seen.append(look(session.connection()))
    assert len({number for number, _, _ in seen}) < len(seen) / 4, "connections were not reused"
    assert [scope for _, scope, _ in seen] == [str(space), "", str(space), ""] * 12
    raw = policed.engine.raw_connection()
    try:
        assert raw.cursor().execute("SELECT current_user = session_user").fetchone() == (True,)
    finally:
        raw.close()


def test_row_36_every_table_of_a_workspace_is_policed(policed: Database) -> None:
    with policed.engine.begin() as connection:
        assert row_security.unprotected(connection) == []
        connection.exec_driver_sql("ALTER TABLE task NO FORCE ROW LEVEL SECURITY")
        assert [table.name for table in row_security.unprotected(connection)] == ["task"]
    assert migrate(policed), "what is missing is made good at the next start"
    assert not migrate(policed)
    with policed.engine.begin() as connection:
        assert row_security.unprotected(connection) == []


def test_row_36_the_role_that_serves_owns_nothing(policed: Database) -> None:
    with policed.engine.begin() as connection:
        name = row_security.role(connection)
        is_superuser = connection.exec_driver_sql(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        ).scalar()
    if not is_superuser:
        assert name is None, "a user without CREATEROLE goes on as the owner, under FORCE"
        return
    assert name is not None
    with policed.sessions.begin() as session:
        assert session.execute(text("SELECT current_user")).scalar() == name
        about = session.execute(
            text("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = :name"),
            {"name": name},
        ).one()
        assert tuple(about) == (False, False, False)
        owned = text("SELECT count(*) FROM pg_class WHERE relowner = to_regrole(:name)")
        assert session.execute(owned, {"name": name}).scalar() == 0
    with pytest.raises(DBAPIError, match="must be owner"), policed.sessions.begin() as session:
        session.execute(text("ALTER TABLE task DISABLE ROW LEVEL SECURITY"))


# On both databases


def test_row_36_a_statement_without_its_workspace_is_refused(database: Database) -> None:
    two_teams(database)
    ours, theirs = _space_of(database, "default"), _space_of(database, "Lahore team")
    refused = [
        select(Contact).where(Contact.workspace_id == theirs),
        select(Contact.name).where(Contact.workspace_id.in_([ours, theirs])),
        select(Deal).where(tuple_(Deal.workspace_id, Deal.id).in_([(ours, 1), (theirs, 1)])),
        select(func.count()).select_from(Task).where(Task.workspace_id == theirs),
        update(Task).where(Task.workspace_id == theirs).values(text="taken"),
        delete(Task).where(Task.workspace_id == theirs),
        insert(Stage).values(workspace_id=theirs, id=7, key="x", position=9, probability=1, days=1),
    ]
    if database.is_sqlite:
        refused += [
            select(Contact),
            select(Task).where((Task.workspace_id == ours) | (Task.id > 0)),
            select(Task).where(Task.id.in_(select(Task.id).where(Task.workspace_id == ours))),
            select(Deal).join(Deal.contact).where(Deal.workspace_id > 0),
            delete(Activity),
        ]
    for statement in refused:
        with pytest.raises(Astray), database.sessions.begin() as session:
            enter(session, ours)
            session.execute(statement)
    with database.sessions.begin() as session:
        enter(session, ours)
        pinned = select(Deal).where(Deal.workspace_id == ours)
        assert len(session.scalars(pinned).all()) == 1


def test_row_36_two_statements_of_one_text_are_each_looked_at(database: Database) -> None:
    """On SQLite only the places of parameters are in a text, and they may be called anything."""
    two_teams(database)
    columns = select(Contact.__table__.c.id)
    here, other = (Contact.__table__.c.workspace_id == bindparam(name) for name in ("one", "two"))

    def asks(session: Session) -> None:
        enter(session, 1)
        assert len(session.execute(columns.where(here), {"one": 1}).all()) == 1
        assert len(session.execute(columns.where(other), {"two": 1}).all()) == 1
        session.execute(columns.where(other), {"two": 2})

    with pytest.raises(Astray):
        database.run(asks)


def test_row_36_whoever_serves_nobody_sees_nobody(database: Database) -> None:
    two_teams(database)
    ours = _space_of(database, "default")
    looks = [select(Contact), select(Contact).where(Contact.workspace_id == ours), delete(Task)]
    for look in looks:
        with pytest.raises(Astray), database.sessions.begin() as session:
            session.execute(look)
    with database.sessions.begin() as session:
        with everywhere(session):
            assert len({row.workspace_id for row in session.scalars(select(Contact))}) == 2
        with within(session, ours):
            mine = select(Contact).where(Contact.workspace_id == ours)
            assert {row.workspace_id for row in session.scalars(mine)} == {ours}
        with pytest.raises(Astray):
            session.scalars(mine).all()


def test_row_36_a_row_of_another_workspace_is_refused_at_flush(database: Database) -> None:
    two_teams(database)
    ours, theirs = _space_of(database, "default"), _space_of(database, "Lahore team")
    with pytest.raises(Astray), database.sessions.begin() as session:
        enter(session, ours)
        session.add(Stage(workspace_id=theirs, key="x", position=9, probability=1, days=1))
    with pytest.raises(Astray), database.sessions.begin() as session:
        with everywhere(session):
            deal = session.scalars(select(Deal).where(Deal.workspace_id == theirs)).one()
        enter(session, ours)
        deal.title = "taken"


def test_row_36_a_part_of_a_statement_pins_only_itself() -> None:
    """What a test of the guard itself would miss: it must not be content with any pin anywhere."""
    engine = create_engine("sqlite://")
    inner = select(Contact.id).where(Contact.workspace_id == 1)
    loose = {
        select(Deal).where(Deal.contact_id.in_(inner)): {"deal"},
        inner.union_all(select(Deal.id)): {"deal"},
        select(Deal.id, Task.id).where(Deal.workspace_id == 1, Task.owner_id == Deal.id): {"task"},
        select(func.count()).select_from(select(Task.id).subquery()): {"task"},
        inner: set(),
    }
    for statement, tables in loose.items():
        assert pins_of(statement.compile(engine)).loose == tables


# Racing


def test_row_36_nothing_crosses_while_two_teams_race_without_any_condition(
    policed: Database,
) -> None:
    race = Crossing(policed, people=2)
    race.begin()
    with without_workspaces(policed) as seen:
        race.run(80)
    assert crossed(race) == []
    assert seen.kept == set()
    assert len(seen.kinds) > 50


def test_row_36_without_policies_what_crosses_is_found(
    policed: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    race = Crossing(policed, people=2)
    race.begin()
    with policed.engine.begin() as owner:
        for table in row_security.tables():
            owner.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE ROW LEVEL SECURITY')
    try:
        with without_workspaces(policed):
            race.run(32, exporting=False)
        assert crossed(race)
    finally:
        with policed.engine.begin() as owner:
            for table in row_security.tables():
                owner.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE ROW LEVEL SECURITY')


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("SELECT 1 FROM deal WHERE deal.workspace_id = %(a)s::INTEGER AND id = 2",
         "SELECT 1 FROM deal WHERE true AND id = 2"),
        ("JOIN contact ON contact.workspace_id = deal.workspace_id AND contact.id = 1",
         "JOIN contact ON true AND contact.id = 1"),
        ("WHERE (m.workspace_id, m.id) IN ((%(a)s, %(b)s)) LIMIT 3", "WHERE true LIMIT 3"),
        ("WHERE task.workspace_id IN (SELECT w.id FROM w WHERE (a = 1)) AND b",
         "WHERE true AND b"),
        ("WHERE %(p)s::INTEGER = deal_move.workspace_id", "WHERE true"),
    ],
)  # fmt: skip
def test_row_36_conditions_are_taken_out_whatever_they_look_like(said: str, bare: str) -> None:
    assert left_in(said)
    assert stripped(said) == bare
    assert not left_in(bare)


def test_row_36_after_a_savepoint_is_taken_back_it_is_known_whom_the_database_serves(
    database: Database,
) -> None:
    """The database takes its setting back with the savepoint; to trust in the later one would
    leave whoever comes next with all rows."""
    two_teams(database)
    ours = _space_of(database, "default")
    mine = select(Contact.workspace_id).where(Contact.workspace_id == ours)
    with database.sessions.begin() as session:
        enter(session, EVERYWHERE)
        with suppress(ZeroDivisionError), session.begin_nested():
            enter(session, ours)
            raise ZeroDivisionError
        enter(session, ours)
        assert set(session.scalars(mine)) == {ours}
        if not database.is_sqlite:
            assert set(session.scalars(select(Contact.workspace_id))) == {ours}
