"""Who is called so, or nearly so: misspelt, in another order, in part, or in the other script.

The words that were said lead to near words of the dictionary (``storage.names``), these to names
that have them, and ``rules.likeness`` ranks those. Each step looks at a bounded number of rows, so
that the cost follows what was said and hardly how many are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel
from sqlalchemy import (
    Integer,
    String,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import Session

from rules.likeness import also_called, names_alike, words_alike
from rules.name_keys import SLIPS, START, WHOLE, asked_keys, whole_key, words_in, words_of
from rules.sounds import is_urdu, latin
from storage.asking import answered, listed, made_once, one_of
from storage.base import Base
from storage.names import ASKED

LONGEST = 128
"""Characters of a name that are looked at."""

WORDS = 6
"""Words of it."""

NEAR_WORDS = 24
"""Words of the dictionary that one word may stand for."""

LOOKED_UP = 1500
"""Words of the dictionary that are compared at most."""

WALKED = 2000
"""Names that are looked through for a second word."""

RANKED = 200
"""Names that are compared at most."""

POOR, FAR = 0.5, 0.1
"""Words less alike than this are not looked for: in one script, and across scripts, where spelling
is free."""

LIKELY = 0.8
"""Names as alike as this are enough: those with such a word among others are not looked for."""

_EACH = {1: 24, 2: 9, 3: 4, 4: 3}
"""Of so many words the near ones of each that are put together to whole names."""

COMPARED = 40
"""Words that are compared closely, of those of about the same letters."""

_HARDLY_ALIKE = 0.35

_SLACK = 0.3
"""How much less alike than the best one another near word may be."""

_REMEMBERED = 30

_END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody whose name is like the one that was said, and how much (0 to 1)."""

    id: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Near:
    """A word of the dictionary, how like the said one it is, and how many have it."""

    word: str
    score: float
    count: int


def exactly(session: Session, table: str, space: int, name: str, limit: int) -> list[int]:
    """Ids of those with all these words in their name and no other, newest first."""
    words = words_of(name[:LONGEST])
    if not words:
        return []
    said = {"space": space, "key": whole_key(words), "most": limit}
    one = _statements(session.get_bind().dialect.name, table).one
    return list(answered(session, one, said).scalars().all())


def find(
    session: Session, table: str, space: int, name: str, *, limit: int = 5, thorough: bool = False
) -> list[Hit]:
    """Those whose names are most like this folded one, the likeliest and then the newest first.

    ``thorough``: also those who only have such a word in their name where others are called so.
    """
    said = words_of(name[:LONGEST])[:WORDS]
    if not said:
        return []
    look = _look(session, table, space, said)
    found = look.wholes
    if thorough or not found or found[0].score < LIKELY:
        found = _ranked([*found, *look.parts])
    return found[:limit]


def _look(session: Session, table: str, space: int, said: Sequence[str]) -> _Look:
    """The same name is looked for more than once by a message: in a transaction it is asked once,
    unless a name is written meanwhile."""
    now = session.get_transaction()
    asked: dict[Any, _Look] = session.info.setdefault(ASKED, {})
    key = (table, space, *said)
    look = asked.get(key)
    if look is None or look.asked_in is not now:
        look = _Look(session, table, space, said, slips=1)
        if not look.is_clear:
            look = _Look(session, table, space, said, slips=SLIPS)
        if len(asked) >= _REMEMBERED:
            asked.clear()
        asked[key] = look
    return look


class _Look:
    """One search: the words that were said, and the near words of each."""

    def __init__(
        self, session: Session, table: str, space: int, said: Sequence[str], *, slips: int
    ) -> None:
        self.session, self.space, self.said = session, space, said
        self.asked_in = session.get_transaction()
        self.statements = _statements(session.get_bind().dialect.name, table)
        self.near = self._near_words(table, slips)

    @property
    def is_clear(self) -> bool:
        """Whether for each word there is one so like it that more slips need not be looked for."""
        return all(near and near[0].score >= LIKELY for near in self.near)

    def _near_words(self, table: str, slips: int) -> list[list[_Near]]:
        keys: set[str] = set()
        for word in self.said:
            keys |= asked_keys(word, slips)
            keys.update(each[:START] for each in also_called(word))
            keys.add(word[0])
        last = self.said[-1]
        rows = self._known(slips, keys=listed(keys), first=last, last=last + _END, most=LOOKED_UP)
        index = 1 if table == "contact" else 2
        there = {row[0]: row[index] for row in rows if row[index] > 0}
        return [_nearest(word, there) for word in self.said]

    def _known(self, slips: int, **said: Any) -> Sequence[Any]:
        """Words of the dictionary: of people and of companies they are the same question."""
        kept: dict[Any, Any] = self.session.info.setdefault(ASKED, {})
        key = ("words", self.space, slips, *self.said)
        if key not in kept or kept[key][0] is not self.asked_in:
            kept[key] = (self.asked_in, self._ask(self.statements.near, **said))
        rows: Sequence[Any] = kept[key][1]
        return rows

    def _ask(self, statement: Any, **said: Any) -> Sequence[Any]:
        rows: Sequence[Any] = answered(self.session, statement, {"space": self.space, **said}).all()
        return rows

    @cached_property
    def wholes(self) -> list[Hit]:
        """Those whose name is one near word for each that was said, in any order."""
        each = _EACH.get(len(self.said), 2)
        together = product(*([near.word for near in group[:each]] for group in self.near))
        keys = {whole_key(set(words)) for words in together}
        if not keys:
            return []
        return self._rank(self._ask(self.statements.wholes, keys=listed(keys), most=RANKED))

    @cached_property
    def parts(self) -> list[Hit]:
        """Those in whose names some of the words are."""
        begun = self.near[-1] if not any(one.score == 1 for one in self.near[-1]) else None
        groups = sorted(filter(None, self.near), key=lambda near: (near is begun, _walk(near)))
        driver, *others = groups or [[]]
        if not driver:
            return []
        if not others:
            return self._with_one(driver)
        first, last = self.said[-1], self.said[-1] + _END
        if begun in others and _walk(begun) < WALKED < driver[0].count:  # "muhammad has"
            driver, others, last = begun, [driver, *others[:-1]], first
        keys = listed(near.word for near in _affordable(driver))
        beside = listed(near.word for group in others for near in group)
        rows = self._ask(
            self.statements.both, keys=keys, others=beside, most=RANKED, first=first, last=last
        )
        return self._rank(rows) or self._with_one(driver)

    def _with_one(self, near: list[_Near]) -> list[Hit]:
        found: list[Any] = []
        for one in near[:3]:
            found += self._ask(self.statements.having, key=one.word, most=RANKED // 4)
            if len(found) >= RANKED // 4:
                break
        else:
            rest = listed(one.word for one in _affordable(near[3:]))
            found += self._ask(self.statements.any_of, keys=rest, most=RANKED // 4)
        return self._rank(found)

    def _rank(self, rows: Iterable[Any]) -> list[Hit]:
        """Rows of an id and the key of its whole name, as hits."""
        scores: dict[str, float] = {}
        hits = []
        for row_id, whole in dict(map(tuple, rows)).items():
            if whole not in scores:
                scores[whole] = names_alike(self.said, words_in(whole))
            hits.append(Hit(row_id, scores[whole], tuple(words_in(whole))))
        return _ranked(hits)


def _ranked(hits: Iterable[Hit]) -> list[Hit]:
    once = {hit.id: hit for hit in hits}
    return sorted(once.values(), key=lambda hit: (-hit.score, -hit.id))


def _nearest(said: str, there: Mapping[str, int]) -> list[_Near]:
    scored = ((word, words_alike(said, word)) for word in _worth_a_look(said, there))
    likely = [_Near(word, score, there[word]) for word, score in scored if score >= FAR]
    likely.sort(key=lambda near: (-near.score, -near.count))
    least = max(POOR, likely[0].score - _SLACK) if likely else 0
    urdu = is_urdu(said)
    near = (near for near in likely if near.score >= least or is_urdu(near.word) != urdu)
    return list(islice(near, NEAR_WORDS))


def _worth_a_look(said: str, there: Mapping[str, int]) -> set[str]:
    """Words of about the same letters; and, however they are spelt, those of the other script,
    initials, and nicknames."""
    if len(said) == 1:
        return {word for word in there if word[0] == said}
    spelt = process.extract(
        said, list(there), scorer=OSA.normalized_similarity,
        score_cutoff=_HARDLY_ALIKE, limit=COMPARED,
    )  # fmt: skip
    found = {word for word, _, _ in spelt}
    found.update(each for each in (said[0], *also_called(said)) if each in there)
    urdu = is_urdu(said)
    if urdu or not all(map(str.isascii, there)):
        across = {word: latin(word) for word in there if is_urdu(word) != urdu}
        heard = process.extract(
            latin(said), across, scorer=Indel.normalized_similarity, limit=COMPARED
        )
        found.update(word for _, _, word in heard)
    return found


def _walk(near: list[_Near]) -> int:
    return sum(one.count for one in near)


def _affordable(near: Iterable[_Near]) -> list[_Near]:
    """The likeliest of these words that not too many have; always the first."""
    walked = 0
    kept: list[_Near] = []
    for one in near:
        walked += one.count
        if kept and walked > WALKED:
            break
        kept.append(one)
    return kept


# --- the statements, made once for each kind of database and of name ------------------------------


@dataclass(frozen=True, slots=True)
class _Statements:
    one: Any
    near: Any
    wholes: Any
    both: Any
    having: Any
    any_of: Any


_SPACE, _MOST, _KEY = (
    bindparam("space", type_=Integer),
    bindparam("most", type_=Integer),
    bindparam("key", type_=String),
)


@made_once
def _statements(dialect: str, table: str) -> _Statements:
    postings = Base.metadata.tables[f"{table}_word"]
    owner = f"{table}_id"
    word, near = Base.metadata.tables["name_word"], Base.metadata.tables["name_near"]
    have, whole, beside = (postings.alias(name) for name in ("have", "whole", "beside"))
    spelt = select(near.c.word).where(
        near.c.workspace_id == _SPACE, one_of(near.c.key, "keys", dialect)
    )
    counted = select(word.c.word, word.c.contacts, word.c.companies)
    counted = counted.where(word.c.workspace_id == _SPACE)
    begins = (
        word.c.word >= bindparam("first", type_=String),
        word.c.word < bindparam("last", type_=String),
    )
    begun = counted.where(*begins).limit(NEAR_WORDS).subquery()
    near_words = counted.where(word.c.word.in_(spelt)).limit(_MOST).subquery()
    here, same = have.c.workspace_id == _SPACE, have.c.key == _KEY
    called = select(whole.c.key).where(
        whole.c.workspace_id == _SPACE,
        whole.c[owner] == have.c[owner],
        func.substr(whole.c.key, 1, 1) == WHOLE,  # no range: else the planner begins with it
    )
    having = select(have.c[owner], called.scalar_subquery()).limit(_MOST)
    some = having.where(here, one_of(have.c.key, "keys", dialect))
    newest = have.c[owner].desc()
    key = beside.c.key + ""  # so that it is not looked up a word at a time
    another = select(key).where(
        beside.c.workspace_id == _SPACE,
        beside.c[owner] == have.c[owner],
        one_of(key, "others", dialect) | ((key >= begins[0].right) & (key < begins[1].right)),
    )
    return _Statements(
        one=select(have.c[owner]).where(here, same).order_by(newest).limit(_MOST),
        near=select(near_words).union_all(select(begun)),
        wholes=select(have.c[owner], have.c.key)
        .where(here, one_of(have.c.key, "keys", dialect))
        .limit(_MOST),
        both=some.where(another.exists()),
        having=having.where(here, same).order_by(newest),
        any_of=some,
    )
