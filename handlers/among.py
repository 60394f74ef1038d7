"""Of some people, those who are called so, or nearly so: in one city, at one company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select

from handlers.turn import Turn
from language.folding import fold
from language.sounds import is_urdu
from rules.likeness import words_alike
from rules.name_keys import words_of
from rules.nearest import likeliest, nearest
from storage.asking import listed, one_of
from storage.models import Company, Contact
from storage.search import find, led_by

NEAR = 0.72
"""Names as alike as this (0 to 1) may have been meant, by a slip."""

HEARD = 0.55
"""In the other script this is enough; spelling is free there."""

SAME_CITY = 0.6
"""As alike as this, a city that sounds the same is the same."""

FOUND = 200
"""People in one answer."""

THERE = 300
"""People of one place whose names are looked through; where there are more, the names lead."""

AS_LIKE = 0.15
"""Less alike than the best by more than this, nobody is given beside it."""


def among(turn: Turn, people: Select[Contact], name: str) -> list[Contact]:
    """Those of some people who are called so, or nearly so."""
    said, space = words_of(fold(name)), turn.workspace.id
    some = people.with_only_columns(Contact.id, Contact.name_key)
    led, few = led_by(turn.session, "contact", space, fold(name))
    known: list[Any] = []
    if not few:  # in no order: else all ids are walked
        known = list(turn.session.execute(some.limit(THERE)))
    if len(known) == THERE:
        led += [hit.id for hit in find(turn.session, "contact", space, fold(name), limit=FOUND)]
    if few or len(known) == THERE:
        known = list(turn.session.execute(some.where(one_of_these(turn, Contact.id, led))))
    newest = sorted(map(tuple, known), reverse=True)
    ids = _called_so(said, {row_id: tuple(words_of(key)) for row_id, key in newest})[:FOUND]
    rows = {row.id: row for row in turn.session.scalars(people.where(Contact.id.in_(ids)))}
    return [rows[row_id] for row_id in ids if row_id in rows]


def one_of_these(turn: Turn, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column has one of these numbers, however many."""
    dialect = turn.session.get_bind().dialect.name
    return one_of(column, column.key, dialect, BigInteger, listed(ids))


def _called_so(said: list[str], known: dict[int, tuple[str, ...]]) -> list[int]:
    """Who has all these words in their name; else whoever is most likely meant."""
    having = [
        row_id
        for row_id, words in known.items()
        if all(any(word.startswith(each) for word in words) for each in said)
    ]
    if having or not said:
        return having
    there = {word for words in known.values() for word in words}
    scores = likeliest(said, [nearest(word, there) for word in said], known.values())
    likely = {
        row_id: scores[words]
        for row_id, words in known.items()
        if scores[words] >= _least(said, words)
    }
    best = max(likely.values(), default=0)
    near = [row_id for row_id, score in likely.items() if score >= best - AS_LIKE]
    return sorted(near, key=lambda row_id: -likely[row_id])


def _least(said: list[str], known: Sequence[str]) -> float:
    across = any(map(is_urdu, said)) != any(map(is_urdu, known))
    return HEARD if across else NEAR


def is_in(row: Contact | Company, city: str) -> bool:
    """Whether this is their city, in either script."""
    theirs, said = ("".join(fold(each).split()) for each in (row.city or "", city))
    return bool(theirs and said) and words_alike(said, theirs) >= SAME_CITY
