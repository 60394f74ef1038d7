"""A tree as its canonical text: what is kept, shown in docs, and read again by ``text.parse``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import assert_never

from rules.segments.tree import (
    Ago,
    And,
    Around,
    Edge,
    Node,
    Not,
    Or,
    Period,
    Sum,
    Test,
    Value,
    Where,
)

_STEPS = {-1: "previous", 0: "this", 1: "next"}


def printed(node: Node) -> str:
    match node:
        case Test():
            return _test(node)
        case Not(inner):
            return f"not {_inside(inner)}"
        case And(nodes):
            return " and ".join(_inside(each) for each in nodes)
        case Or(nodes):
            return " or ".join(_inside(each) for each in nodes)
        case _:
            assert_never(node)


def _inside(node: Node) -> str:
    return f"({printed(node)})" if isinstance(node, And | Or) else printed(node)


def _test(test: Test) -> str:
    name = f"field {_quoted(test.name)}" if test.field == "field" else test.field
    if test.op == "is":
        return name
    if test.op == "has":
        return f"has {name}"
    narrowed = f"[{', '.join(map(_where, test.where))}]" if test.where else ""
    return f"{name}{narrowed} {_against(test.op, test.value)}"


def _where(where: Where) -> str:
    if where.key == "period":
        return f"in {_value(where.value)}"
    return f"{where.key} {_against(where.op, where.value)}"


def _against(op: str, value: Value) -> str:
    if isinstance(value, tuple) and len(value) > 1:
        return f"{'in' if op == '=' else op} ({', '.join(map(_quoted, value))})"
    return f"{op} {_value(value)}"


def _value(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case tuple():
            return _quoted(value[0])
        case Decimal():
            return plain(value)
        case Sum(amount, currency):
            return f"{plain(amount)} {currency}" if currency else plain(amount)
        case Ago(count, unit):
            return f"{count}{unit}"
        case Around(step, unit):
            return f"{_STEPS[step]} {unit}"
        case Period(Ago(count, unit), Ago(0)) if count > 0:
            return f"last {count}{unit}"
        case Period(Ago(0), Ago(count, unit)) if count < 0:
            return f"next {-count}{unit}"
        case Period(first, last):
            return f"{_edge(first)}..{_edge(last)}"
        case _:
            assert_never(value)


def _edge(edge: Edge | None) -> str:
    match edge:
        case None:
            return ""
        case Ago(0):
            return "today"
        case Ago(count, unit) if count < 0:
            return f"{-count}{unit} ahead"
        case Ago(count, unit):
            return f"{count}{unit} ago"
        case date():
            return edge.isoformat()
        case _:
            assert_never(edge)


def plain(number: Decimal) -> str:
    """``500000``, ``2.5``: never with an exponent."""
    said = f"{number:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
