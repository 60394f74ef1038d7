"""Every statement says whose rows it means; one that does not is refused before it is sent.

A statement is looked at once, when it is compiled: each table of workspaces' rows that it reads or
writes must be pinned by ``workspace_id = ...``, itself or through what it is joined to. Each time
it is sent only the values are compared with the scope (see ``storage.scope``). On PostgreSQL one
that is not pinned is let pass while a workspace is served: there row-level security answers it
with that workspace's rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.sql import operators
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ColumnClause,
    Grouping,
    Tuple,
)
from sqlalchemy.sql.selectable import Alias, Join, Select

from storage.row_security import DIRECTORY
from storage.scope import EVERYWHERE, NOBODY, OPTION, Astray

COLUMN = "workspace_id"


@dataclass(frozen=True, slots=True)
class Pins:
    """What a statement says of workspaces: tables that are pinned by nothing, and the parameters
    and lists of them that name one. ``touches``: whether there is any such table in it."""

    loose: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    touches: bool = False


MOST = 2000
"""Statements that are remembered; there are some hundreds."""

Key = tuple[str, tuple[str, ...]]
"""A statement's text and, where only their places are in it, the names of its parameters."""

_known: dict[Key, Pins] = {}


def guard(engine: Engine) -> None:
    """Watch what an engine sends."""

    @event.listens_for(engine, "begin")
    def _begins(connection: Any) -> None:
        connection.info["scope"] = connection.get_execution_options().get(OPTION, EVERYWHERE)
        connection.info["scopes"] = []

    @event.listens_for(engine, "savepoint")
    def _remembers(connection: Any, _name: Any) -> None:
        connection.info["scopes"].append(connection.info["scope"])

    @event.listens_for(engine, "release_savepoint")
    def _goes_on(connection: Any, _name: Any, _context: Any) -> None:
        if not connection.invalidated:
            connection.info["scopes"].pop()

    @event.listens_for(engine, "rollback_savepoint")
    def _goes_back(connection: Any, _name: Any, _context: Any) -> None:
        if not connection.invalidated:  # else all of the transaction is over
            connection.info["scope"] = connection.info["scopes"].pop()  # as SET LOCAL does

    @event.listens_for(engine, "before_cursor_execute")
    def _sends(
        connection: Any, _cursor: Any, _said: str, _values: Any, context: Any, _many: bool
    ) -> None:
        if context.compiled is not None:
            check(connection, context.compiled, context.compiled_parameters)


def check(connection: Connection, compiled: Any, said: Iterable[Mapping[str, Any]]) -> None:
    """Raise Astray for a statement, with what is said in it, that reaches beyond the scope."""
    pins = getattr(compiled, "rabta_pins", None)
    if pins is None:
        # Two statements may have the same text and call their parameters differently.
        key = compiled.string, tuple(getattr(compiled, "positiontup", None) or ())
        pins = compiled.rabta_pins = _known.get(key) or _learn(key, compiled)
    scope = connection.info["scope"]
    if not pins.touches or scope == EVERYWHERE:
        return
    if scope == NOBODY:
        raise Astray("whom this transaction serves was not said")
    if pins.loose and connection.dialect.name != "postgresql":  # which has policies
        raise Astray(f"not pinned to a workspace: {', '.join(sorted(pins.loose))}")
    _compare(pins, said, scope)


def _learn(key: Key, compiled: Any) -> Pins:
    if len(_known) > MOST:
        _known.clear()
    pins = _known[key] = pins_of(compiled)
    return pins


def _compare(pins: Pins, parameters: Iterable[Mapping[str, Any]], scope: int) -> None:
    for values in parameters:
        for name in (*pins.names, *_spread(pins.lists, values)) if pins.lists else pins.names:
            if values[name] != scope:
                raise Astray("a row of another workspace")


def _spread(lists: Iterable[str], values: Iterable[str]) -> Iterator[str]:
    """The parameters into which a list is taken apart as it is sent: ``ids_1``, ``ids_2``; of
    rows the first of each, ``ids_1_1``, ``ids_2_1``."""
    for name in lists:
        parts = [re.fullmatch(rf"{re.escape(name)}_\d+(_\d+)?", each) for each in values]
        yield from (part[0] for part in parts if part and part[1] in (None, "_1"))


def pins_of(compiled: Any) -> Pins:
    """What a compiled statement says."""
    state = getattr(compiled, "compile_state", None)
    whole = getattr(state, "statement", None)  # an ORM select, with all that it joins
    found = _Found()
    found.look(whole if isinstance(whole, Select) else compiled.statement)
    names = {compiled.bind_names[bind] for bind in found.binds if not bind.expanding}
    lists = {compiled.bind_names[bind] for bind in found.binds if bind.expanding}
    if found.inserts:
        names |= {name for name in compiled.binds if name.startswith(COLUMN)}
    return Pins(frozenset(found.loose), tuple(names), tuple(lists), found.touches)


@dataclass(slots=True)
class _Found:
    """What is found on the way through a statement, select by select."""

    loose: set[str] = field(default_factory=set)
    binds: set[BindParameter[Any]] = field(default_factory=set)
    touches: bool = False
    inserts: bool = False

    def look(self, part: Any, outer: frozenset[Any] = frozenset()) -> None:
        """``outer``: the tables of the selects around, which are pinned there."""
        match part:
            case Select():
                self._select(part, outer)
            case Update() | Delete():
                tables = _tables([part.table])
                self._check(tables, part._where_criteria, outer)
                self._all(part.get_children(), outer | tables)
            case Insert():
                self.inserts = self.inserts or _is_guarded(part.table)
                self.touches = self.touches or self.inserts
                self._all(part.get_children(), outer)
            case Table() | None:
                pass
            case _:
                self._all(part.get_children(), outer)

    def _select(self, part: Select[Any], outer: frozenset[Any]) -> None:
        froms = part.get_final_froms()
        ons = list(_ons(froms))
        tables = _tables(froms)
        self._check(tables, [*part._where_criteria, *ons], outer)
        here = outer | tables
        self._all([*part._raw_columns, *part._where_criteria, *ons], here)
        self._all([*part._order_by_clauses, *part._having_criteria], here)
        self._all(_flat(froms), frozenset())

    def _all(self, parts: Iterable[Any], outer: frozenset[Any]) -> None:
        for part in parts:
            self.look(part, outer)

    def _check(
        self, tables: frozenset[Any], conditions: Iterable[Any], outer: frozenset[Any]
    ) -> None:
        """Which of these tables the conditions, all of which hold, pin."""
        held, ties = set(outer), []
        for condition in _each(conditions):
            sides = _sides(condition)
            if sides is None:
                continue
            table, other = sides
            if isinstance(other, BindParameter):
                held.add(table)
                self.binds.add(other)
            else:
                ties.append((table, other))
        for _ in ties:
            for one, two in ties:
                if one in held or two in held:
                    held |= {one, two}
        self.touches = self.touches or bool(tables)
        self.loose |= {_name(table) for table in tables - held}


def _flat(froms: Iterable[Any]) -> Iterator[Any]:
    """What stands in a FROM, joins taken apart."""
    for each in froms:
        if isinstance(each, Join):
            yield from _flat([each.left, each.right])
        else:
            yield each


def _ons(froms: Iterable[Any]) -> Iterator[Any]:
    for each in froms:
        if isinstance(each, Join):
            yield each.onclause
            yield from _ons([each.left, each.right])


def _tables(froms: Iterable[Any]) -> frozenset[Any]:
    """The tables of workspaces' rows in a FROM, and other names given to them."""
    return frozenset(each for each in _flat(froms) if _is_guarded(each))


def _is_guarded(each: Any) -> bool:
    table = each.element if isinstance(each, Alias) else each
    return isinstance(table, Table) and COLUMN in table.c and table.name not in DIRECTORY


def _name(table: Any) -> str:
    whole: Any = table.element if isinstance(table, Alias) else table
    return str(whole.name)


def _each(conditions: Iterable[Any]) -> Iterator[Any]:
    """Conditions that are joined by AND, apart."""
    for each in conditions:
        if isinstance(each, BooleanClauseList) and each.operator is operators.and_:
            yield from _each(each.clauses)
        elif isinstance(each, Grouping):
            yield from _each([each.element])
        else:
            yield each


def _sides(condition: Any) -> tuple[Any, Any] | None:
    """A table whose workspace is said, and the parameter, or the other table, that says it."""
    if not isinstance(condition, BinaryExpression):
        return None
    left, right = condition.left, condition.right
    if condition.operator is operators.eq:
        if not isinstance(left, ColumnClause):
            left, right = right, left
    elif condition.operator is not operators.in_op:
        return None
    if isinstance(left, Tuple):
        left = left.clauses[0]
    if not isinstance(left, ColumnClause) or left.name != COLUMN:
        return None
    if isinstance(right, ColumnClause) and right.name == COLUMN:
        return left.table, right.table
    return (left.table, right) if isinstance(right, BindParameter) else None
