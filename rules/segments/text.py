"""The text of a segment to its tree: ``city = "Lahore" and orders >= 2 and silent >= 60d``.

expression  or-chain of and-chains of tests, ``not``, round brackets
test        field, ``has`` field, or field [narrowed, ...] operator value
value       "text", number, sum with currency, 60d, or a period: last 90d, this month,
            previous year, next 30d, 2026-01-01..2026-03-31, ..60d ago, today..
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.segments.check import checked
from rules.segments.fields import FIELDS, WHERE
from rules.segments.misread import Misread
from rules.segments.tree import Ago, Around, Edge, Node, Not, Period, Sum, Test, Value, Where
from rules.segments.tree import both as all_of
from rules.segments.tree import either as any_of

__all__ = ["Misread", "parse"]

LONGEST = 4000
"""Characters of a query."""

DEEPEST = 20
"""Brackets and nots within each other."""

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<day>\d{4}-\d\d-\d\d)
    | (?P<length>\d{1,6}(?:mo|d|w|y)\b)
    | (?P<number>\d+(?:,\d\d+)*(?:\.\d+)?)
    | (?P<sign>\.\.|>=|<=|!=|[=<>~()\[\],%])
    | (?P<word>[^\W\d]\w*)
    | (?P<other>\S)
    )""",
    re.VERBOSE,
)
_LENGTH = re.compile(r"(\d+)(mo|d|w|y)")
_STEPS = {"previous": -1, "this": 0, "next": 1}
_AROUND = ("day", "week", "month", "quarter", "year")
_SIGNS = ("=", "!=", ">=", "<=", ">", "<", "~", "in")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def parse(text: str) -> Node:
    """The tree. Raises Misread, which tells what was not understood."""
    if len(text) > LONGEST:
        raise Misread("long", text[:40])
    found = [
        _Token(str(match.lastgroup), match[str(match.lastgroup)])
        for match in _TOKEN.finditer(text.strip())
    ]
    reading = _Reading(found)
    node = reading.expression(0)
    if reading.now.kind:
        raise Misread("rest", reading.now.text)
    return checked(node)


class _Reading:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = [*tokens, _Token("", "")]
        self.at = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def _is(self, *texts: str) -> bool:
        return self.now.kind in {"sign", "word"} and self.now.text.lower() in texts

    def _took(self, *texts: str) -> bool:
        if self._is(*texts):
            self.at += 1
            return True
        return False

    def _take(self, kind: str, expected: str) -> str:
        token = self.now
        if token.kind != kind:
            raise Misread(expected, token.text)
        self.at += 1
        return token.text

    def _close(self, sign: str) -> None:
        if not self._took(sign):
            raise Misread("close", self.now.text)

    # --- how tests are joined ---------------------------------------------------------------------

    def expression(self, depth: int) -> Node:
        return any_of(self._chain(depth, "or", self._every))

    def _every(self, depth: int) -> Node:
        return all_of(self._chain(depth, "and", self._one))

    def _chain(self, depth: int, word: str, of: Callable[[int], Node]) -> list[Node]:
        nodes = [of(depth)]
        while self._took(word):
            nodes.append(of(depth))
        return nodes

    def _one(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise Misread("deep", self.now.text)
        if self._took("not"):
            return Not(self._one(depth + 1))
        if self._took("("):
            node = self.expression(depth + 1)
            self._close(")")
            return node
        return self._test()

    # --- one test ---------------------------------------------------------------------------------

    def _test(self) -> Node:
        has = self._took("has")
        said = self._take("word", "field")
        field = said.lower()
        if field not in FIELDS:
            raise Misread("field", said)
        name = self._text() if field == "field" else ""
        if has:
            return Test(field, "has", name=name)
        where = self._narrowed(field)
        if FIELDS[field].type == "flag":
            return Test(field, "is", name=name)
        op = self._sign()
        if op == "!=":
            return Not(Test(field, "=", self._value(field, "="), where, name))
        if op == "in" and (self._is("(") or FIELDS[field].type == "text"):
            op = "="
        return Test(field, op, self._value(field, op), where, name)

    def _sign(self) -> str:
        if not self._is(*_SIGNS):
            raise Misread("sign", self.now.text)
        self.at += 1
        return self.tokens[self.at - 1].text.lower()

    def _narrowed(self, field: str) -> tuple[Where, ...]:
        if not self._took("["):
            return ()
        found = [self._where(field)]
        while self._took(","):
            found.append(self._where(field))
        self._close("]")
        return tuple(found)

    def _where(self, field: str) -> Where:
        if self._took("in"):
            return Where("period", "in", self._period())
        key = self._take("word", "where").lower()
        if key not in FIELDS[field].where or key == "period":
            raise Misread("where", key)
        op = self._sign()
        if WHERE[key] == "money":
            return Where(key, op, self._sum())
        return Where(key, "=" if op == "in" else op, self._texts())

    # --- values -----------------------------------------------------------------------------------

    def _value(self, field: str, op: str) -> Value:
        kind = FIELDS[field].type
        if field == "field" and op == "in":
            return self._period()
        if field == "field" and self.now.kind == "number":
            return self._number()
        if kind == "text":
            return self._texts()
        if kind == "period":
            return self._period()
        if kind == "days":
            return self._length()
        if kind == "money":
            return self._sum()
        number = self._number()
        self._took("%")
        return number

    def _texts(self) -> tuple[str, ...]:
        if not self._took("("):
            return (self._text(),)
        found = [self._text()]
        while self._took(","):
            found.append(self._text())
        self._close(")")
        return tuple(dict.fromkeys(found))

    def _text(self) -> str:
        said = self._take("text", "text")[1:-1]
        return re.sub(r"\\(.)", r"\1", said)

    def _number(self) -> Decimal:
        return Decimal(self._take("number", "number").replace(",", ""))

    def _sum(self) -> Sum:
        number = self._number()
        if self.now.kind == "word" and len(self.now.text) == 3 and self.now.text.isupper():
            return Sum(number, self._take("word", "currency"))
        return Sum(number)

    def _length(self) -> Ago:
        found = _LENGTH.fullmatch(self._take("length", "length"))
        if found is None:  # the token is one
            raise Misread("length", self.now.text)
        return Ago(int(found[1]), found[2])

    def _period(self) -> Period | Around:
        if self._took("last"):
            return Period(self._length(), Ago(0))
        if self._is("next") and self.tokens[self.at + 1].kind == "length":
            self.at += 1
            ahead = self._length()
            return Period(Ago(0), Ago(-ahead.count, ahead.unit))
        if self._is(*_STEPS):
            step = _STEPS[self._take("word", "period").lower()]
            unit = self._take("word", "period").lower()
            if unit not in _AROUND:
                raise Misread("period", unit)
            return Around(step, unit)
        first = None if self._is("..") else self._edge()
        if not self._took(".."):
            return Period(first, first)
        more = self.now.kind in {"day", "length"} or self._is("today")
        return Period(first, self._edge() if more else None)

    def _edge(self) -> Edge:
        if self._took("today"):
            return Ago(0)
        if self.now.kind == "day":
            said = self._take("day", "period")
            try:
                return date.fromisoformat(said)
            except ValueError:
                raise Misread("day", said) from None
        if self.now.kind != "length":
            raise Misread("period", self.now.text)
        length = self._length()
        if self._took("ahead"):
            return Ago(-length.count, length.unit)
        if not self._took("ago"):
            raise Misread("period", self.now.text)
        return length
