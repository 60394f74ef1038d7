"""What can be made wrong in a file: each place, and what would stand there instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
}  # fmt: skip
TOLD = {"debug", "info", "warning", "error", "exception"}
"""What is only logged is nobody's promise."""
UNSEEN = {"dataclass", "lru_cache", "cache", "TypeVar", "ParamSpec", "assert_never"}
"""Whether a value can be changed or is remembered makes nothing right that would be wrong; and what
the types say is never reached is not."""


@dataclass(frozen=True)
class Mutant:
    """Lines of a file (from 1, both included), and the text that takes their place."""

    file: str
    first: int
    last: int
    what: str
    source: str


def mutants(file: str, source: str) -> Iterator[Mutant]:
    """Every way in which this file can be made wrong in one place."""
    tree = ast.parse(source)
    for node in _inside(tree):
        for what, new in chain(_of_expression(node), _of_statement(node)):
            changed = _put(source, node, new)
            if changed is not None:
                last = node.end_lineno or node.lineno
                yield Mutant(file, node.lineno, last, what, changed)


def _inside(tree: ast.Module) -> Iterator[ast.expr | ast.stmt]:
    """What runs: no annotations, docstrings, logging, code for type checkers alone, or what only
    asserts, as ``assert`` and ``zip(strict=True)`` do."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if _is_idle(node):
            continue
        if isinstance(node, ast.expr | ast.stmt):
            yield node
        left_out = {id(getattr(node, name, None)) for name in ("annotation", "returns")}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip":
            left_out |= set(map(id, node.keywords))
        waiting += [child for child in ast.iter_child_nodes(node) if id(child) not in left_out]


def _is_idle(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=attr))):
            return attr in TOLD
        case ast.Call(func=ast.Name(id=name)):
            return name in UNSEEN
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.JoinedStr():
            return True
        case ast.Assign(targets=[ast.Name(id="log" | "__tablename__")]):
            return True
    return False


def _of_expression(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=[op], left=left, comparators=comparators):
            other = COMPARED[type(op)]()
            yield _told(node, ast.Compare(left, [other], comparators))
        case ast.BoolOp(op=op, values=values):
            yield _told(node, ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _told(node, operand)
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant(value=0)):
            pass  # the same, and less is none: how a column is told not to be looked up by an index
        case ast.BinOp(op=op, left=left, right=right) if type(op) in COUNTED:
            yield _told(node, ast.BinOp(left, COUNTED[type(op)](), right))
        case ast.Constant(value=bool(value)):
            yield _told(node, ast.Constant(not value))
        case ast.Constant(value=int() | float() as value):
            yield _told(node, ast.Constant(value + 1))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield _told(node, ast.IfExp(test, orelse, body))


def _of_statement(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.If(test=test) | ast.While(test=test) if not isinstance(test, ast.Constant):
            yield "never: " + ast.unparse(test), _with_test(node, ast.Constant(value=False))
        case ast.Return(value=ast.expr() as value) if not _is_no(value):
            yield _told(node, ast.Return(ast.Constant(None)))
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield "left out: " + ast.unparse(node), ast.Pass()
        case ast.Raise():
            yield "left out: " + ast.unparse(node), ast.Pass()
        case ast.Break():
            yield "continue for break", ast.Continue()
        case ast.Continue():
            yield "break for continue", ast.Break()


def _told(node: ast.AST, new: ast.AST) -> tuple[str, ast.AST]:
    return f"{ast.unparse(node)}  ->  {ast.unparse(new)}", new


def _with_test(node: ast.If | ast.While, test: ast.expr) -> ast.AST:
    return type(node)(test=test, body=node.body, orelse=node.orelse)


def _is_no(value: ast.expr) -> bool:
    """None is as much of a no as False, for which True is tried."""
    return isinstance(value, ast.Constant) and (value.value is None or value.value is False)


def _put(source: str, node: ast.expr | ast.stmt, new: ast.AST) -> str | None:
    """The file with something else in the place of a node; None where that is no Python."""
    start, end = (
        _offset(source, node.lineno, node.col_offset),
        _offset(source, node.end_lineno or 0, node.end_col_offset or 0),
    )
    indented = "\n".join(
        line if number == 0 else " " * node.col_offset + line
        for number, line in enumerate(ast.unparse(new).splitlines())
    )
    is_expression = isinstance(node, ast.expr)
    changed = source[:start] + (f"({indented})" if is_expression else indented) + source[end:]
    try:
        ast.parse(changed)
    except SyntaxError:
        return None
    return changed


def _offset(source: str, line: int, column: int) -> int:
    """Where a place of the tree is; its columns count bytes of UTF-8."""
    lines = source.splitlines(keepends=True)
    before = lines[line - 1].encode()[:column].decode()
    return sum(map(len, lines[: line - 1])) + len(before)
