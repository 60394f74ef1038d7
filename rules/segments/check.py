"""Whether a tree makes sense: its types, operators, sizes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules.journey import STAGES
from rules.segments.fields import CLOSED, FIELDS, OPS, WHERE
from rules.segments.misread import Misread
from rules.segments.tree import Ago, Around, Node, Period, Sum, Test, Value, Where, tests_of

MOST = 60
"""Conditions of one segment."""

_TYPES: dict[str, tuple[type, ...]] = {
    "text": (tuple,), "number": (Decimal,), "share": (Decimal,), "money": (Sum,), "days": (Ago,),
    "period": (Period, Around), "flag": (bool,),
}  # fmt: skip
_LARGEST = Decimal(10**15)
_FARTHEST = 40_000  # days; a century and some
_COMPARED = ("=", ">=", "<=", ">", "<")


def checked(node: Node) -> Node:
    """The same. Raises Misread for what makes no sense."""
    tests = list(tests_of(node))
    if len(tests) > MOST:
        raise Misread("many", str(len(tests)))
    for test in tests:
        _check(test)
    return node


def _check(test: Test) -> None:
    field = FIELDS.get(test.field)
    if field is None:
        raise Misread("field", test.field)
    if test.field == "field":
        _check_own(test)
        return
    if test.op not in OPS[field.type]:
        raise Misread("op", f"{test.field} {test.op}")
    if test.op != "has":
        _check_value(field.type, test.value, test.field)
    if test.field == "journey":
        _check_journey(test)
    for where in test.where:
        if where.key not in field.where:
            raise Misread("where", where.key)
        _check_where(test.field, where)
    if len({where.key for where in test.where}) != len(test.where):
        raise Misread("twice", test.field)


def _check_journey(test: Test) -> None:
    """Its stages are known by their own names, whatever a team calls them."""
    if test.op == "~":
        raise Misread("op", f"{test.field} {test.op}")
    for each in test.value if isinstance(test.value, tuple) else ():
        if each not in STAGES:
            raise Misread("journey", each)


def _check_own(test: Test) -> None:
    """A custom field: text, number or day, as what it is held against."""
    if not test.name or test.where:
        raise Misread("field", "field")
    if test.op in {"=", "~"} and isinstance(test.value, tuple):
        _check_value("text", test.value, test.name)
    elif test.op in _COMPARED and isinstance(test.value, Decimal):
        _check_value("number", test.value, test.name)
    elif test.op == "in":
        _check_value("period", test.value, test.name)
    elif test.op != "has":
        raise Misread("op", f"{test.name} {test.op}")


def _check_where(field: str, where: Where) -> None:
    kind = WHERE[where.key]
    ops = {"text": ("=",), "money": _COMPARED, "period": ("in",)}[kind]
    if where.op not in ops:
        raise Misread("op", f"{where.key} {where.op}")
    _check_value(kind, where.value, where.key)
    closed = CLOSED.get((field, where.key))
    if closed and isinstance(where.value, tuple):
        for each in where.value:
            if each not in closed:
                raise Misread(where.key, each)


def _check_value(kind: str, value: Value, of: str) -> None:
    if not isinstance(value, _TYPES[kind]) or value == ():
        raise Misread("value", of)
    match value:
        case tuple():
            if not all(each.strip() for each in value):
                raise Misread("value", of)
        case Decimal() if abs(value) >= _LARGEST:
            raise Misread("value", of)
        case Sum(amount) if abs(amount) >= _LARGEST:
            raise Misread("value", of)
        case Ago():
            _check_length(value)
        case Period(first, last):
            if first is None and last is None:
                raise Misread("period", of)
            for edge in (first, last):
                if isinstance(edge, Ago):
                    _check_length(edge)
            if isinstance(first, date) and isinstance(last, date) and last < first:
                raise Misread("period", of)


def _check_length(length: Ago) -> None:
    size = {"d": 1, "w": 7, "mo": 30, "y": 365}[length.unit]
    if abs(length.count) * size > _FARTHEST:
        raise Misread("far", f"{length.count}{length.unit}")
