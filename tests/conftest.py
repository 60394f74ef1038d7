"""What every test can ask for: both databases, a clock that stands still, a conversation."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text

from handlers.reply import Reply
from storage import sums_kept
from storage.clock import SetClock
from storage.database import Database
from storage.migrate import migrate
from tests import postgres
from tests.rows import rows

if TYPE_CHECKING:
    from tests.conversation import Conversation
    from tests.scenes import Scenes

settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")  # others use the machine, too: no test goes by how long it takes

BACKENDS = ("sqlite", "postgresql")
_HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_HOME] = postgres.begin()
        _keep_what_is_compiled()


def pytest_collection_finish() -> None:
    """The tests and the libraries stay to the end: garbage is looked for elsewhere."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _HOME in config.stash:
        postgres.end(config.stash[_HOME])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    why = postgres.problem(config.stash[_HOME])
    if why:
        terminalreporter.section("PostgreSQL was NOT tested", sep="!", red=True, bold=True)
        terminalreporter.line(f"Only SQLite was. {why}", red=True)
        terminalreporter.line(
            f"Install the dev dependencies or PostgreSQL, or set {postgres.GIVEN} to a server."
        )


def _keep_what_is_compiled() -> None:
    """Where Python is told to write no bytecode, each worker, and each of the many programs that
    tests start, would compile every library anew."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The URL of a PostgreSQL server; a test that needs one is skipped where there is none."""
    try:
        return postgres.server_url()
    except postgres.Missing as missing:
        pytest.skip(f"no PostgreSQL: {missing}")


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A migrated database of this worker's own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with made(postgresql_server, f"rabta_{worker}_{os.getpid()}") as url:
        database = Database(url)
        migrate(database)
        database.close()
        yield url
        rows(url).close()


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh, migrated database: first SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "rabta.db")
        return f"sqlite:///{tmp_path / 'rabta.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    rows(url).empty()
    return url


@pytest.fixture(params=BACKENDS)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, for what is tried on migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    with made(request.getfixturevalue("postgresql_server"), f"blank_{os.getpid()}") as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database; the test runs once on SQLite and once on PostgreSQL."""
    database = Database(database_url)
    spare_compiling(database.engine)
    yield database
    database.close()


def spare_compiling(engine: Engine) -> None:
    """Keep compiled statements from test to test: they are most of what a small test costs."""
    if engine.name not in _FIRST:
        with engine.connect():  # whose dialect all get must know the server that it speaks with
            _FIRST[engine.name] = engine
    first = _FIRST[engine.name]
    engine.dialect = first.dialect  # SQLAlchemy keeps them by dialect
    engine._compiled_cache = first._compiled_cache


_FIRST: dict[str, Engine] = {}


@pytest.fixture
def clock() -> SetClock:
    """Monday 23 November 2026, ten in the morning in Karachi; it moves when it is told to."""
    return SetClock(datetime(2026, 11, 23, 5, tzinfo=UTC))


@pytest.fixture
def chat(database: Database, clock: SetClock) -> Iterator[Conversation]:
    """Ayesha's conversation with Rabta; she is the owner, everybody else who writes a rep.

    Whatever is said and done, the kept sums are those of the deals."""
    from tests.conversation import Conversation  # the whole house: only for those who talk

    yield Conversation(database, clock)
    with database.transaction() as session:
        assert sums_kept.wrong(session) == []


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """What ``tests.scenes.scene`` keeps."""
    from tests.scenes import Scenes

    return Scenes(tmp_path_factory.mktemp("scenes"))


@pytest.fixture
def said(chat: Conversation) -> Callable[..., Reply]:
    """``said("bilal wali deal jeet gaye")`` gives the answer."""
    return chat.says


@contextmanager
def made(server: str, name: str, like: str = "template1") -> Iterator[str]:
    """A database of that name, like another one, dropped afterwards."""
    with _connected(server) as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with _connected(server) as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
