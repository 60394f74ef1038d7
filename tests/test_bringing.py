"""Files brought in from the command line: in whose name, all or nothing, taken back, remembered."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from bot import importing
from bot.bringing import bring_in, heads_of, take_back
from bot.operate import migrated
from bot.settings import Settings
from storage.database import Database
from storage.models import Company, Contact, Member, Turn, Workspace
from storage.scope import everywhere

SARA = {"type": "contact", "name": "Sara Malik", "company": "Nishat Mills"}
NADIA = {"type": "contact", "name": "Nadia Butt"}


@pytest.fixture
def settings(database: Database, database_url: str) -> Settings:
    del database
    return Settings(database_url=database_url)


def kept(database: Database, kind: type[Any]) -> list[Any]:
    with database.transaction() as session, everywhere(session):
        return list(session.scalars(select(kind).order_by(kind.id)))


def people(database: Database) -> list[str]:
    return [each.name for each in kept(database, Contact)]


def team(database: Database, settings: Settings, *members: tuple[str, str, bool]) -> None:
    """Members of the workspace "default": name, role, and whether they are still there."""
    bring_in(settings, "default", [], "import nothing")
    with database.transaction() as session, everywhere(session):
        space = session.scalars(select(Workspace)).one()
        for name, role, active in members:
            more = {"role": role, "active": active, "created_at": datetime.now(UTC)}
            session.add(Member(workspace_id=space.id, name=name, **more))
            session.flush()


@pytest.mark.parametrize(
    ("members", "by"),
    [
        ([], "import"),
        ([("Bilal", "rep", True), ("Hamza", "manager", True), ("Ayesha", "owner", True)], "Ayesha"),
        ([("Ayesha", "owner", False), ("Bilal", "rep", True)], "Bilal"),
        ([("Bilal", "rep", True), ("Hamza", "manager", True), ("Sana", "manager", True)], "Hamza"),
        ([("Bilal", "rep", True), ("Sana", "rep", True)], "Bilal"),
    ],
)
def test_it_is_done_in_the_name_of_who_has_most_to_say(
    database: Database, settings: Settings, members: list[tuple[str, str, bool]], by: str
) -> None:
    if members:
        team(database, settings, *members)
        with database.transaction() as session, everywhere(session):
            for nobody in session.scalars(select(Member).where(Member.name == "import")):
                nobody.role, nobody.active = "rep", False
    bring_in(settings, "default", [SARA], "import people.csv")
    (turn,) = kept(database, Turn)
    assert {each.id: each.name for each in kept(database, Member)}[turn.member_id] == by
    (sara,) = kept(database, Contact)
    assert sara.owner_id == turn.member_id


def test_who_is_nobody_yet_can_do_nothing_and_is_one(
    database: Database, settings: Settings
) -> None:
    bring_in(settings, "default", [SARA], "import people.csv")
    bring_in(settings, "default", [NADIA], "import people.csv")
    (nobody,) = kept(database, Member)
    assert (nobody.name, nobody.role, nobody.active) == ("import", "rep", False)
    assert abs(nobody.created_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_it_is_one_turn_that_says_the_files(database: Database, settings: Settings) -> None:
    report = bring_in(settings, "default", [SARA, NADIA], "import a.csv b.vcf")
    assert (report.of("new"), report.of("updated")) == (2, 0)
    (turn,) = kept(database, Turn)
    assert (turn.said, turn.chat_id, turn.undone_by) == ("import a.csv b.vcf", 0, None)
    assert people(database) == ["Sara Malik", "Nadia Butt"]


def test_what_brought_nothing_new_is_nothing_to_take_back(
    database: Database, settings: Settings
) -> None:
    bring_in(settings, "default", [SARA], "import people.csv")
    assert bring_in(settings, "default", [SARA], "import again.csv").of("new") == 0
    assert [turn.said for turn in kept(database, Turn)] == ["import people.csv"]


def test_the_last_import_that_stands_is_taken_back(database: Database, settings: Settings) -> None:
    assert take_back(settings, "default") is None
    bring_in(settings, "default", [SARA], "import first.csv")
    bring_in(settings, "default", [NADIA], "import second.csv")
    assert take_back(settings, "default") == ("import second.csv", 0)
    assert people(database) == ["Sara Malik"]
    assert take_back(settings, "another") is None
    assert take_back(settings, "default") == ("import first.csv", 0)
    assert people(database) == []
    assert kept(database, Company) == []
    assert take_back(settings, "default") is None


def test_what_fails_in_the_middle_leaves_nothing(database: Database, settings: Settings) -> None:
    def records() -> Any:
        yield SARA
        raise OSError("the file ends here")

    with pytest.raises(OSError, match="ends here"):
        bring_in(settings, "default", records(), "import people.csv")
    assert people(database) == []
    assert kept(database, Turn) == []


def test_garbage_is_looked_for_as_before_once_it_is_over(
    database: Database, settings: Settings
) -> None:
    del database
    usual, meanwhile = gc.get_threshold(), []

    def records() -> Any:
        meanwhile.append(gc.get_threshold())
        yield SARA

    bring_in(settings, "default", records(), "import people.csv")
    assert meanwhile == [(1_000_000, *usual[1:])]
    assert gc.get_threshold() == usual


# --- what was said of columns ---------------------------------------------------------------------


def test_what_somebody_said_of_a_column_is_remembered_in_its_workspace(
    database: Database, settings: Settings
) -> None:
    del database
    assert heads_of(settings, "default") == {}
    heads = {"Rabta karne wala": "name", "Column 3": "note", "Shehar": "city"}
    bring_in(settings, "default", [SARA], "import people.csv", heads=heads)
    known = heads_of(settings, "default")
    assert sorted(known.values()) == ["city", "name"], "a bare number is no name"
    assert heads_of(settings, "another") == {}


def test_where_there_is_no_database_yet_nothing_is_known(blank_url: str) -> None:
    settings = Settings(database_url=blank_url)
    assert heads_of(settings, "default") == {}
    migrated(settings)
    assert heads_of(settings, "default") == {}


def test_what_was_counted_before_somebodys_eyes_ends_its_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Any = SimpleNamespace(kind="contact")
    nothing: Any = None
    monkeypatch.setattr(importing._Seen, "OFTEN", 2)
    monkeypatch.setattr(importing, "_read", lambda *_: [read] * 5)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    kept: list[Any] = []
    assert importing._each("people.csv", nothing, kept.append)
    assert kept == [read] * 5
    told = "".join(f"\rReading people.csv: {count}" for count in (2, 4, 5))
    assert capsys.readouterr().err == f"{told}\n"
