"""SQLite is asked directly: SQLAlchemy compiles a statement once, and then the driver runs it.

Of what a short statement costs on SQLite, four fifths are what SQLAlchemy does around it each
time. Here it is compiled as always, types are converted as always, and ``storage.pinned`` looks at
it as always; only that is done once for each statement.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Said = Mapping[str, Any]
Check = Callable[[Connection, Any, Sequence[Said]], None]
"""Gets a compiled statement, and what is said in it."""

Convert = Callable[[Any], Any] | None

TOGETHER = 20
"""Rows that one statement inserts where there are many: of a table with triggers SQLite puts aside,
for each statement, the pages that it changes."""


class Answer:
    """The rows of an answer, with what is used of a ``CursorResult``."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        return self._rows[0][0] if self._rows else None

    def scalars(self) -> Answer:
        return Answer([row[0] for row in self._rows], self.rowcount)


class Prepared:
    """A statement that was compiled for certain parameters, ready to be run."""

    def __init__(self, compiled: Any) -> None:
        self.compiled, self.text = compiled, str(compiled)
        dialect, usual = compiled.dialect, compiled.params
        types = {name: bind.type for bind, name in compiled.bind_names.items()}
        self._places: list[tuple[str, Any, Convert]] = [
            (name, usual[name], types[name].dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or ()
        ]
        self._taken = itemgetter(*(compiled.positiontup or ("", "")))
        columns = list(getattr(compiled.statement, "exported_columns", ()))
        self._row = _row([each.key for each in columns])
        results = (each.type.dialect_impl(dialect) for each in columns)
        converts = [each.result_processor(dialect, None) for each in results]
        self._results = [(at, each) for at, each in enumerate(converts) if each]

    @cached_property
    def _of_several(self) -> str | None:
        """The same for ``TOGETHER`` rows at once; None of what does not insert one row."""
        one = f"({', '.join('?' * len(self._places))})"
        head, values, rest = self.text.partition(f" VALUES {one}")
        if (
            not (values and self.compiled.isinsert)
            or "?" in rest
            or self.compiled.effective_returning
        ):
            return None
        return f"{head} VALUES {', '.join([one] * TOGETHER)}{rest}"

    def run_all(self, driver: Any, said: Sequence[Said]) -> int:
        """Run it for each of these; how many rows it touched."""
        rows = self.all_values(said)
        touched = 0
        if len(rows) > TOGETHER and (text := self._of_several):
            done = len(rows) - len(rows) % TOGETHER
            some = (rows[at : at + TOGETHER] for at in range(0, done, TOGETHER))
            flat = [list(chain.from_iterable(each)) for each in some]
            touched = driver.executemany(text, flat).rowcount
            rows = rows[done:]
        if rows:
            touched += driver.executemany(self.text, rows).rowcount
        return touched

    @staticmethod
    def serves(compiled: Any) -> bool:
        """Whether nothing is to be worked out anew each time it is run."""
        return not (
            compiled.post_compile_params
            or compiled.literal_execute_params
            or getattr(compiled, "insert_prefetch", ())
            or getattr(compiled, "update_prefetch", ())
        )

    def values(self, said: Said) -> list[Any]:
        values = []
        for name, usual, convert in self._places:
            value = said.get(name, usual)
            values.append(convert(value) if convert else value)
        return values

    def all_values(self, said: Sequence[Said]) -> list[Any]:
        """The same for many, most of which say the same moment."""
        if len(self._places) == 1:
            return [self.values(one) for one in said]
        try:
            rows = list(map(self._taken, said))
        except KeyError:  # some leave to the statement what it has
            return [self.values(one) for one in said]
        converts = [(at, each) for at, (_, _, each) in enumerate(self._places) if each]
        if converts:
            rows = list(map(list, rows))
        for at, convert in converts:
            last: Any = self
            told = None
            for row in rows:
                if row[at] is not last:
                    last = row[at]
                    told = convert(last)
                row[at] = told
        return rows

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[Any]:
        make, results = self._row, self._results
        if not results:
            return [make(row) for row in found]
        rows = []
        for each in found:
            row = list(each)
            for at, convert in results:
                row[at] = convert(row[at])
            rows.append(make(row))
        return rows


def _row(names: list[str]) -> Callable[[Iterable[Any]], Any]:
    """Makes tuples of which each place has a name, too."""
    kind = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024
    return partial(tuple.__new__, kind)  # what kind._make does, a third of the work


class DirectSession(Session):
    """A session on one SQLite connection, whose transaction has begun when it is asked.

    ``check`` raises for what must not be sent. ``engine``: while anybody but that check watches
    what it sends, SQLAlchemy itself runs it all.
    """

    def __init__(self, connection: Connection, engine: Engine, check: Check, **how: Any) -> None:
        super().__init__(connection, **how)
        self._line, self._check = connection, check
        self._watchers: Any = engine.dispatch.before_cursor_execute

    def answer(self, statement: Executable, said: Said | Sequence[Said]) -> Answer | None:
        """None where SQLAlchemy is to run it."""
        each: Any = said if isinstance(said, list) else [said]
        prepared = _prepared(statement, tuple(each[0]), self._line.dialect)
        if prepared is None or len(self._watchers) > 1:
            return None
        self._check(self._line, prepared.compiled, each)
        driver: Any = self._line.connection.driver_connection
        try:
            if isinstance(said, list):
                return Answer([], prepared.run_all(driver, said))
            cursor = driver.execute(prepared.text, prepared.values(each[0]))
            rows = prepared.rows(cursor) if cursor.description else []
        except sqlite3.Error as error:
            raise as_usual(prepared.text, error) from error
        return Answer(rows, cursor.rowcount)


def as_usual(text: str, error: sqlite3.Error) -> Exception:
    """What SQLAlchemy would raise for it."""
    return DBAPIError.instance(text, None, error, sqlite3.Error, hide_parameters=True)


def begin(connection: Connection, text: str) -> None:
    """Begin a transaction of this kind."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(text)
    except sqlite3.Error as error:
        raise as_usual(text, error) from error


_known: dict[tuple[Any, tuple[str, ...]], Prepared | None] = {}


def _prepared(statement: Any, names: tuple[str, ...], dialect: Dialect) -> Prepared | None:
    """Statements are made once, so there are some dozens."""
    key = (statement, names)
    if key not in _known:
        compiled = statement.compile(dialect=dialect, column_keys=sorted(names))
        _known[key] = Prepared(compiled) if Prepared.serves(compiled) else None
    return _known[key]
