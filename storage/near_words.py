"""The words of the dictionary that may be meant by words that were said.

A bounded number is looked up for each word: those of nearly the same letters, and those that sound
alike. Which these are does not hang on how many names are known, or on the kind of database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from rules.likeness import also_called, words_alike
from rules.name_keys import SLIPS, SOUND, START, asked_keys
from rules.nearest import Scored, nearest
from rules.sounds import is_urdu
from storage.asking import answered, listed, made_once, one_of
from storage.base import Base
from storage.names import ASKED, POSTINGS

SPELT, HEARD = 500, 300
"""Words of the dictionary that are compared for each word at most: by letters, and by sound."""

BEGUN, TYPED = 100, 24
"""Words that begin like one that was said: all there may be of them, and those that are compared as
what the last word, which may not be typed out, may mean."""

MEANT = 20
"""Words of the dictionary, of each script, that one word may stand for."""

LIKELY = 0.8
"""Where a word is as alike as this, more slips need not be looked for."""

END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Near:
    """A word of the dictionary, how like the said one it is, and how many have it."""

    word: str
    score: float
    count: int


def near_words(session: Session, table: str, space: int, said: Sequence[str]) -> list[list[Near]]:
    """For each word those near it that names of this table have, the likeliest first."""
    near = _found(session, table, space, said, 1)
    unclear = [i for i, found in enumerate(near) if not found or found[0].score < LIKELY]
    if unclear:
        again = [said[i] for i in unclear]
        for i, found in zip(unclear, _found(session, table, space, again, SLIPS), strict=True):
            near[i] = found
    return near


def begun_words(session: Session, table: str, space: int, said: str) -> list[Near]:
    """The first words that begin so of those that names of this table have."""
    question = _statements(session.get_bind().dialect.name).begun[table]
    values = {"space": space, "first": said, "last": said + END, "most": BEGUN}
    rows = answered(session, question, values).all()
    return [Near(word, words_alike(said, word), count) for word, count in rows]


def _found(
    session: Session, table: str, space: int, said: Sequence[str], slips: int
) -> list[list[Near]]:
    likely = _likely(session, space, said, slips)
    words = sorted({word for near in likely for word in near})
    counts = _counts(session, space, words)
    at = list(POSTINGS).index(table)
    return [_meant(near, {word: counts[at] for word, counts in counts.items()}) for near in likely]


def _meant(near: Scored, counts: Mapping[str, int]) -> list[Near]:
    """The likeliest that there are: of each script some, since what is said in one may be kept in
    the other."""
    there = [Near(word, score, counts[word]) for word, score in near.items() if counts.get(word)]
    across = [one for one in there if is_urdu(one.word)]
    straight = [one for one in there if not is_urdu(one.word)]
    return sorted([*across[:MEANT], *straight[:MEANT]], key=lambda one: -one.score)


def _likely(session: Session, space: int, said: Sequence[str], slips: int) -> list[Scored]:
    """The same for people and companies: one message asks it once."""
    now, kept = session.get_transaction(), session.info.setdefault(ASKED, {})
    key = ("words", space, slips, *said)
    if key not in kept or kept[key][0] is not now:
        values: dict[str, Any] = {"space": space, "first": said[-1], "last": said[-1] + END}
        for i, word in enumerate(said):
            spelt, heard = _keys(word, slips)
            values |= {f"spelt_{i}": listed(spelt), f"heard_{i}": listed(heard)}
        question = _statements(session.get_bind().dialect.name).near(len(said))
        words: list[set[str]] = [set() for _ in said]
        for i, word in answered(session, question, values).all():
            words[i].add(word)
        kept[key] = (now, [nearest(each, words[i]) for i, each in enumerate(said)])
    likely: list[Scored] = kept[key][1]
    return likely


def _keys(word: str, slips: int) -> tuple[list[str], list[str]]:
    """The keys of its letters, and of its sound."""
    keys = asked_keys(word, slips)
    heard = [key for key in keys if key.startswith(SOUND)]
    called = (each[:START] for each in also_called(word))
    return sorted({*keys.difference(heard), *called, word[0]}), sorted(heard, reverse=True)


def _counts(session: Session, space: int, words: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    question = _statements(session.get_bind().dialect.name).counted
    rows = answered(session, question, {"space": space, "words": listed(words)}).all()
    return {word: tuple(counts) for word, *counts in rows}


# --- the statements, made once for each kind of database, and number of words ---------------------

_SPACE = bindparam("space", type_=Integer)


class _Statements:
    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._near: dict[int, Any] = {}
        self._word = Base.metadata.tables["name_word"]
        self.counted = select(*(self._word.c[name] for name in ("word", *POSTINGS.values()))).where(
            self._word.c.workspace_id == _SPACE, one_of(self._word.c.word, "words", dialect)
        )

        self.begun = {table: self._begun(counted) for table, counted in POSTINGS.items()}

    def _begun(self, counted: str) -> Any:
        word = self._word
        begun = select(word.c.word, word.c[counted]).where(*_begins(word), word.c[counted] > 0)
        return begun.order_by(word.c.word).limit(bindparam("most", type_=Integer))

    def near(self, count: int) -> Any:
        """Words by the number of the said word to which they are near."""
        if count not in self._near:
            some = [self._kept(i, name, most) for i in range(count) for name, most in _LOOKED_UP]
            begun = select(literal(count - 1, Integer), self._word.c.word)
            begun = begun.where(*_begins(self._word)).order_by(self._word.c.word).limit(TYPED)
            self._near[count] = union_all(*some, select(begun.subquery()))
        return self._near[count]

    def _kept(self, number: int, name: str, most: int) -> Any:
        near = Base.metadata.tables["name_near"]
        words = select(literal(number, Integer), near.c.word).where(
            near.c.workspace_id == _SPACE, one_of(near.c.key, f"{name}_{number}", self.dialect)
        )
        return select(words.order_by(near.c.key, near.c.word).limit(most).subquery())


def _begins(table: Any) -> tuple[Any, ...]:
    return (
        table.c.workspace_id == _SPACE,
        table.c.word >= bindparam("first", type_=String),
        table.c.word < bindparam("last", type_=String),
    )


_LOOKED_UP = (("spelt", SPELT), ("heard", HEARD))


@made_once
def _statements(dialect: str) -> _Statements:
    return _Statements(dialect)
