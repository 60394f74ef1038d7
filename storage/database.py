"""The way to the database: one writer thread on SQLite, a small pool on PostgreSQL."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

import storage.history  # noqa: F401 - lets every session keep history
from storage import (
    models,  # noqa: F401 - all tables are known before the first query
    pinned,
    row_security,
)
from storage.lasting import Lasting
from storage.prepared import DirectSession, begin
from storage.scope import NOBODY, OPTION

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5
"""How often a transaction is run when another one was in its way."""

PAUSE = 0.05
"""Seconds that pass at most after the second try, twice as many after the third ...: whoever was
in the way has then done, and two do not meet again."""

_MUCH = "cache_size=-65536"
"""Kilobytes of a SQLite file that are held at hand while very many rows are written or removed: of
the usual 32,000 many a row would find its pages gone."""

_ASIDE = "temp_store=MEMORY"
"""Where a statement with triggers puts the pages aside that it changes. Once in a file they go
there for the whole transaction, 30 writes a row. In memory they stay until the statement ends, or a
savepoint around it: then they would be more than all that is stored."""

MODE = "rabta_mode"
"""The execution option with what follows a PostgreSQL transaction's BEGIN."""

LOG = 8000
"""Pages that SQLite's log holds before they are put in their places (32 MB). A message writes some
fifty: with the usual 1,000 every twentieth waited for that, three times as long as for the rest."""

SOME = 300
"""Rows changed from which on it is worth to put them in their places in a quiet moment."""

_PRAGMAS = (
    "journal_mode=WAL",
    f"wal_autocheckpoint={LOG}",
    "synchronous=FULL",
    "foreign_keys=ON",
    "mmap_size=0",
    "cache_size=-32000",
)
_SILENT: dict[str, Any] = {"hide_parameters": True}  # an error must not quote what people wrote
_IN_THE_WAY = {"40001", "40P01"}  # serialization failure, deadlock


class Database:
    """Sessions, and threads to run them in. Handlers do not know which database it is.

    A ``guest`` writes to a SQLite file beside the process that holds it.
    """

    def __init__(self, url: str, *, guest: bool = False) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.role = Role()
        if self.is_sqlite:
            self.engine = _sqlite(self.url, guest)
        else:
            self.engine = _postgresql(self.url, self.role)
        pinned.guard(self.engine)
        self._threads = ThreadPoolExecutor(1 if self.is_sqlite else 4, "rabta-db")
        self._lasting: dict[int, Lasting] = {}
        self.asked = 0  # times, off the event loop

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        """The one factory of sessions that serve: they see nobody's rows until they ``enter``."""
        return sessionmaker(self._serving, expire_on_commit=False)

    @cached_property
    def _serving(self) -> Engine:
        return self.engine.execution_options(**{OPTION: NOBODY})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction over all workspaces, with all rights of the URL's user: for an operator's
        command, never for a message."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def much(self, *, savepoints: bool = False) -> Iterator[Session]:
        """The same for very many rows: SQLite is asked directly, and holds more of its file.
        ``savepoints``: whether there will be some around many of them."""
        if not self.is_sqlite:
            with self.transaction() as session:
                yield session
            return
        with (
            self.engine.connect() as line,
            DirectSession(line, self.engine, pinned.check, expire_on_commit=False) as session,
        ):
            driver: Any = line.connection.driver_connection
            for pragma in (_MUCH,) if savepoints else (_MUCH, _ASIDE):
                driver.execute(f"PRAGMA {pragma}").close()
            with session.begin():
                yield session

    def run(self, work: Callable[[Session], R], *, synced: bool = True) -> R:
        """Run ``work`` in a transaction, again as a whole when another was in its way.

        It sees nobody's rows until it says whose (``storage.scope``). What need not be ``synced``
        outlives this process, but not a power cut at that moment: for that a SQLite file is not
        waited for, which costs more than all else of a short transaction.
        """
        for left in reversed(range(TRIES)):
            try:
                with self._working(synced) as session:
                    return work(session)
            except (DBAPIError, StaleDataError) as error:
                if not left or not _worth_a_retry(error):
                    raise
            time.sleep(random.random() * PAUSE * (TRIES - 1 - left))
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def _working(self, synced: bool = True) -> AbstractContextManager[Session]:
        """On SQLite each thread has a session that lasts: what it knows is true, or it forgets."""
        if not self.is_sqlite:
            return self.sessions.begin()
        me = threading.get_ident()
        if me not in self._lasting:
            self._lasting[me] = Lasting(self._serving, self.engine)
        return self._lasting[me].transaction(synced)

    def put_in_place(self) -> bool:
        """Put what SQLite's log holds into the file, where much of it came since the last time:
        done while nobody waits, it is not done while somebody does. For the thread that writes."""
        lasting = self._lasting.get(threading.get_ident())
        return lasting is not None and lasting.put_in_place(SOME)

    async def in_thread(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run synchronous work off the event loop, in a thread that may use the database."""
        self.asked += 1
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        for lasting in self._lasting.values():
            lasting.close()
        self._lasting.clear()
        self.engine.dispose()


@dataclass
class Role:
    """What serves on PostgreSQL; asked for once, and again after a migration."""

    name: str | None = None
    known: bool = False


def _worth_a_retry(error: DBAPIError | StaleDataError) -> bool:
    """Another transaction changed the row, or made the same one, or the connection is gone."""
    if isinstance(error, StaleDataError | IntegrityError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state in _IN_THE_WAY


def _sqlite(url: Any, guest: bool) -> Engine:
    if url.database and url.database != ":memory:":
        with suppress(OSError):  # the driver says at the first connection what is wrong
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    how: dict[str, Any] = {"connect_args": {"timeout": 30, "isolation_level": None}}
    if url.database and url.database != ":memory:":
        how["poolclass"] = NullPool  # a session that lasts has a connection of its own
    engine = create_engine(url, **how, **_SILENT)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if guest:  # two that checkpoint at once can harm the file (SQLite up to 3.51.2)
            cursor.execute("PRAGMA wal_autocheckpoint=0")
        cursor.close()

    # The driver's own BEGIN is deferred: two readers that become writers would meet "locked".
    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        begin(connection, "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: Any, role: Role) -> Engine:
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, **_SILENT)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.autocommit = True  # the driver's own BEGIN would be a round trip of its own

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        scope = options.get(OPTION)
        if scope is not None and not role.known:
            role.name, role.known = row_security.role(connection), True
        connection.exec_driver_sql(row_security.begin(scope, role.name, options.get(MODE, "")))

    return engine
