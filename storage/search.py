"""Who is called so, or nearly so: misspelt, in another order, in part, or in the other script.

The words that were said lead to near words of the dictionary (``storage.names``), these to names
that have them, and ``rules.likeness`` ranks those. Each step looks at a bounded number of rows, so
that the cost follows what was said and hardly how many are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from sqlalchemy.orm import Session

from rules.likeness import names_alike
from rules.name_keys import whole_key, words_in, words_of
from rules.nearest import likeliest
from rules.sounds import is_urdu
from storage.asking import answered, listed
from storage.names import ASKED
from storage.near_words import BEGUN, END, LIKELY, Near, begun_words, near_words
from storage.postings import statements

LONGEST = 128
"""Characters of a name that are looked at."""

WORDS = 6
"""Words of it."""

WALKED = 600
"""Names that are looked through for a second word."""

FEW = 300
"""So many names are looked at one by one without more ado."""

SORTED = 7
"""To sort out so many names that have another word costs as much as to look up the words of one."""

RANKED = 200
"""Names that are compared at most."""

_SHORT_OF_ALL = 0.1
"""How much less alike than its words are known to be one by one a name may be, to be enough."""

_CLOSE = 0.25
"""Words as alike as the best but for this are looked for first."""

_FEW = {1: 24, 2: 5, 3: 3, 4: 2}
_EACH = {1: 24, 2: 14, 3: 7, 4: 4, 5: 3}
"""Of so many words the near ones of each that are put together to whole names, first and then."""

_NEARLY = 0.02

_REMEMBERED = 30
_BOUNDS = {"walked": WALKED, "most": RANKED}


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody whose name is like the one that was said, and how much (0 to 1)."""

    id: int
    score: float
    words: tuple[str, ...]


def exactly(session: Session, table: str, space: int, name: str, limit: int) -> list[int]:
    """Ids of those with all these words in their name and no other, newest first."""
    words = words_of(name[:LONGEST])
    if not words:
        return []
    said = {"space": space, "key": whole_key(words), "most": limit}
    one = statements(session.get_bind().dialect.name, table).one
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
    if thorough or not found or found[0].score < look.enough or look.goes_on:
        found = _ranked([*found, *look.parts])
    elif len(found) < limit and found[0].score < look.promised - _NEARLY:
        found = list(dict.fromkeys([*found, *look.parts]))  # whose every word was said comes first
    return found[:limit]


def led_by(session: Session, table: str, space: int, name: str) -> tuple[list[int], bool]:
    """Ids of those who have a word near the rarest one that was said, the newest ``WALKED`` of
    them; and whether these are few."""
    said = words_of(name[:LONGEST])[:WORDS]
    if not said:
        return [], True
    look = _look(session, table, space, said)
    near = min(filter(None, look.near), key=_walk, default=[])
    keys = listed(sorted(one.word for one in _affordable(near)))
    rows = look._ask(look.statements.led, keys=keys, walked=WALKED) if near else []
    return [row_id for (row_id,) in rows], _walk(near) <= FEW


def _look(session: Session, table: str, space: int, said: Sequence[str]) -> _Look:
    """The same name is looked for more than once by a message: in a transaction it is asked once,
    unless a name is written meanwhile."""
    now = session.get_transaction()
    asked: dict[Any, _Look] = session.info.setdefault(ASKED, {})
    key = (table, space, *said)
    look = asked.get(key)
    if look is None or look.asked_in is not now:
        look = _Look(session, table, space, said)
        if len(asked) >= _REMEMBERED:
            asked.clear()
        asked[key] = look
    return look


class _Look:
    """One search: the words that were said, and the near words of each."""

    def __init__(self, session: Session, table: str, space: int, said: Sequence[str]) -> None:
        self.session, self.table, self.space, self.said = session, table, space, said
        self.asked_in = session.get_transaction()
        self.statements = statements(session.get_bind().dialect.name, table)
        self.near = near_words(session, table, space, said)
        self.scores = [{near.word: near.score for near in group} for group in self.near]

    @cached_property
    def promised(self) -> float:
        """As alike as this a name can be whose words are near the ones that were said."""
        best = {
            word: max(near.values(), default=0.0)
            for word, near in zip(self.said, self.scores, strict=True)
        }
        return names_alike(self.said, self.said, lambda a, b: best[a] if a == b else 0.0)

    @property
    def enough(self) -> float:
        """As alike as this, a name needs no other beside it."""
        if len(self.said) == 1:
            return self.promised
        return max(LIKELY, self.promised - _SHORT_OF_ALL)

    @property
    def goes_on(self) -> bool:
        """Whether the last word is the beginning of what was meant, and not of one word alone."""
        last = self.near[-1][:1]
        return any(near.score < 1 and near.word.startswith(self.said[-1]) for near in last)

    def _ask(self, statement: Any, **said: Any) -> Sequence[Any]:
        rows: Sequence[Any] = answered(self.session, statement, {"space": self.space, **said}).all()
        return rows

    @cached_property
    def wholes(self) -> list[Hit]:
        """Those whose name is one near word for each that was said, in any order."""
        found = self._whole(_FEW.get(len(self.said), 1))
        if not found or found[0].score < self.promised - _NEARLY:
            found = self._whole(_EACH.get(len(self.said), 2))
        return found

    def _whole(self, each: int) -> list[Hit]:
        """``each``: so many near words of each, of one script, are put together."""
        keys: set[str] = set()
        for urdu in (False, True):  # hardly anybody is called in two scripts
            words = (
                [near.word for near in group if is_urdu(near.word) == urdu] for group in self.near
            )
            keys.update(map(whole_key, map(set, product(*(group[:each] for group in words)))))
        if not keys:
            return []
        rows = self._ask(self.statements.wholes, keys=listed(sorted(keys)), most=RANKED)
        if len(rows) == RANKED:  # those of exactly this name may not be among them
            said = whole_key(self.said)
            best = self._ask(self.statements.one, key=said, most=RANKED)
            rows = [*rows, *((row_id, said) for (row_id,) in best)]
        return self._rank(rows)

    @cached_property
    def parts(self) -> list[Hit]:
        """Those in whose names some of the words are."""
        groups = [self.near[i] if len(word) > 1 else [] for i, word in enumerate(self.said)]
        found: list[Hit] = []
        if len(groups) > 1:
            found = self._with_some([_closest(group) for group in groups])
            if len(found) < RANKED and (not found or found[0].score < self.enough):
                found += self._with_some(groups)
        return found or self._with_one(min(filter(None, groups), key=_walk, default=self.near[0]))

    @cached_property
    def begun(self) -> tuple[int, list[Near]]:
        """Which word may be the beginning of another, an initial or the last, and of which."""
        at = next((i for i, word in enumerate(self.said) if len(word) == 1), len(self.said) - 1)
        return at, begun_words(self.session, self.table, self.space, self.said[at])

    def _with_some(self, groups: list[list[Near]]) -> list[Hit]:
        """Those who have one of the words of a group, and one of another."""
        at, begun = self.begun
        first, last = self.said[at], self.said[at] + END
        many = len(begun) == BEGUN
        groups = [*groups[:at], _joined(groups[at], [] if many else begun), *groups[at + 1 :]]
        driver, *others = sorted(filter(None, groups), key=_walk) or [[]]
        if not driver or not (others or many):
            return []
        if many and driver is groups[at] and others:  # of which not all are known
            driver, others = others[0], [driver, *others[1:]]
        led = _affordable(driver)
        beside = {near.word: near for group in others for near in group}
        said = {"keys": listed(near.word for near in led), "others": listed(beside)}
        if not many and _walk(beside.values()) < SORTED * min(_walk(led), WALKED):
            return self._rank(self._ask(self.statements.sorted_out, **said, **_BOUNDS))
        said |= {"first": first, "last": last if many else first}
        return self._rank(self._ask(self.statements.looked_up, **said, **_BOUNDS))

    def _with_one(self, near: list[Near]) -> list[Hit]:
        """Those with one of these words: of the likeliest, the newest."""
        found: list[Any] = []
        for one in near[:3]:
            found += self._ask(self.statements.having, key=one.word, most=RANKED // 4)
            if len(found) >= RANKED // 4:
                break
        else:
            rest = listed(one.word for one in _affordable(near[3:]))
            found += self._ask(self.statements.any_of, keys=rest, walked=RANKED, most=RANKED // 4)
        return self._rank(found)

    def _rank(self, rows: Iterable[Any]) -> list[Hit]:
        """Rows of an id and the key of its whole name, as hits."""
        wholes = {row_id: tuple(words_in(whole)) for row_id, whole in rows}
        scores = likeliest(self.said, self.scores, wholes.values())
        return _ranked(Hit(row_id, scores[words], words) for row_id, words in wholes.items())


def _ranked(hits: Iterable[Hit]) -> list[Hit]:
    once = {hit.id: hit for hit in hits}
    return sorted(once.values(), key=lambda hit: (-hit.score, -hit.id))


def _closest(near: list[Near]) -> list[Near]:
    return [one for one in near if one.score >= near[0].score - _CLOSE]


def _joined(near: list[Near], begun: list[Near]) -> list[Near]:
    words = {one.word: one for one in (*near, *begun)}
    return sorted(words.values(), key=lambda one: -one.score)


def _walk(near: Iterable[Near]) -> int:
    return sum(one.count for one in near)


def _affordable(near: Iterable[Near]) -> list[Near]:
    """The likeliest of these words that not too many have; always the first."""
    walked = 0
    kept: list[Near] = []
    for one in near:
        walked += one.count
        if kept and walked > WALKED:
            break
        kept.append(one)
    return kept
