"""Names in a question that nothing here is called by: such a question must not be answered as if
they had not been said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from babel import Locale

from language.figures.phrases import word_list, words_for
from language.folding import fold
from language.lexicon import knows, lexicon, usual
from language.tokens import Token
from language.tongues import script_of, tongues
from language.variants import common_form

if TYPE_CHECKING:
    from language.figures.question import Question

Hint = Literal["", "city", "owner", "time"]

_OF_ANYWHERE = ("company", "contact", "product")
"""What may be told by where it is: "Japan accounts"."""
_GLUE = frozenset("-/&.'+")
_LONGEST = 4  # words of a name
_ENDINGS = ("ing", "ed", "ly", "es", "s", "er", "ers", "ment", "ness", "able")
_SHORT = 3  # letters of a word without its ending


@dataclass(frozen=True, slots=True)
class Stranger:
    """A name that is not known, with the text before and behind it. ``kind``: what it is one of,
    where that was said (``titled``: "stage Fooz") or it sounds so."""

    said: str
    kind: str
    titled: bool = False
    before: str = ""
    behind: str = ""

    def replaced(self, name: str) -> str:
        """The same question about something else."""
        return f"{self.before}{name}{self.behind}"


def strangers(question: Question) -> tuple[Stranger, ...]:
    """The names in a question that are none of what it may name."""
    return tuple(_Search(question).found())


class _Search:
    def __init__(self, question: Question) -> None:
        self.question, self.sheet = question, question.sheet
        self.tokens = self.sheet.tokens
        self.keys = [token.key for token in self.tokens]
        self.titles = self._titles()
        words = [token for token in self.tokens if token.kind == "word" and token.latin]
        large = sum(token.capital for token in words)
        self.capitals_tell = large * 2 <= len(words) + 1 and not self.sheet.shouted

    def found(self) -> Iterator[Stranger]:
        at = 0
        while at < len(self.tokens):
            end = self._end_of_name(at)
            if end > at and self._stands_as_name(at, end):
                yield self._stranger(at, end)
            at = max(end, at + 1)

    def _stranger(self, i: int, j: int) -> Stranger:
        text, tokens = self.sheet.text, self.tokens
        start, end = tokens[i].start, tokens[j - 1].end
        title, hint = self._title_beside(i, j), self._sounds_like(i, j)
        titled = bool(title) and not (hint and title in _OF_ANYWHERE)
        kind = title if titled else hint
        return Stranger(text[start:end], kind, titled, text[:start], text[end:])

    # --- where a name may stand -----------------------------------------------------------------

    def _end_of_name(self, at: int) -> int:
        """Behind the words from here on that are nothing but a name."""
        end = at
        while end < len(self.tokens) and end - at < 2 * _LONGEST:
            glued = end > at and self.sheet.glued(end)
            if (
                (self.keys[end] in _GLUE and glued and self.sheet.glued(end + 1))
                or (glued and self.tokens[end].kind in {"number", "word"} and end > at + 1)
                or self._may_be_name(end)
                or (end == at and self._is_titled(at))
            ):
                end += 1
            else:
                break
        while end > at and self.tokens[end - 1].kind == "mark":
            end -= 1
        return end

    def _may_be_name(self, at: int) -> bool:
        token = self.tokens[at]
        if at in self.question.told or not _can_be_name(token):
            return False
        if not _is_plain(token) or _hint(token.key):
            return True
        return self.capitals_tell and at > 0 and token.capital and len(token.key) > 1

    def _is_titled(self, at: int) -> bool:
        """ "From source billboard", "the textile segment": any word is a name there, but one of
        the question's own."""
        token = self.tokens[at]
        if at in self.question.told or not _can_be_name(token) or _tells_much(token):
            return False
        if self.sheet.key(at + 1) in word_list("segment"):
            return True
        if self.titles.get(at + 1) == "source" and self.sheet.key(at + 2) in word_list("follows"):
            return True
        close = at > 1 and at - 1 in self.titles and self.keys[at - 2] in word_list("leads")
        return close and (at + 1 == len(self.tokens) or at + 1 in self.question.told)

    def _stands_as_name(self, i: int, j: int) -> bool:
        """Whether the words around it speak of somebody or something."""
        before, after = i - 1, j
        while before >= 0 and (before in self.titles or self.keys[before] in word_list("articles")):
            before -= 1
        lead, behind = self.sheet.key(before), self.sheet.key(after)
        beside = {i - 1, j} & {*self.titles} or behind in word_list("things")
        if behind in word_list("follows") or (beside and self._is_marked(i, j)):
            return True
        if lead in word_list("leads") or (lead in word_list("asks") and before + 1 == i):
            return not _is_verb(self.tokens[i])
        return bool(_hint(self.keys[i])) and not _is_plain(self.tokens[i])

    def _is_marked(self, i: int, j: int) -> bool:
        """Whether it looks like a name by itself: by its letters, or as one that people have."""
        if any(self.tokens[at].kind == "number" for at in range(i, j)) or _hint(self.keys[i]):
            return True
        shown = self.tokens[i].capital and self.capitals_tell
        return shown or self.sheet.key(j) in word_list("segment")

    # --- what it is one of ----------------------------------------------------------------------

    def _titles(self) -> dict[int, str]:
        """Where a word says what a name beside it is one of."""
        titles = {}
        for facet in self.question.cues.titles:
            titles.update(dict.fromkeys(range(facet.i, facet.j), facet.kind))
        for at, key in enumerate(self.keys):
            if at not in titles and key in word_list("segment"):
                titles[at] = self._segment()
        return titles

    def _segment(self) -> str:
        """The team's own field that tells what line of business customers are in."""
        fields = self.question.own.items()
        return next((kind for kind, name in fields if "sector" in words_for(name)), "segment")

    def _title_beside(self, i: int, j: int) -> str:
        return self.titles.get(i - 1) or self.titles.get(j) or ""

    def _sounds_like(self, i: int, j: int) -> Hint:
        whole = _hint(" ".join(self.keys[i:j]))
        return whole or _hint(self.keys[i])


def _can_be_name(token: Token) -> bool:
    around = ("no_name", "leads", "asks", "articles", "follows", "things", "segment")
    return token.kind == "word" and not any(token.key in word_list(name) for name in around)


def _is_plain(token: Token) -> bool:
    """Whether it is an ordinary word, in whatever form, or made of such ("year-on-year")."""
    return all(_is_word(part) for part in token.key.split("-") if part)


def _is_word(key: str) -> bool:
    looks = _looks(key)
    stems = (key.removesuffix(end) for end in _ENDINGS if key.endswith(end))
    forms = (
        form for stem in stems if len(stem) >= _SHORT for form in (stem, f"{stem}e", stem[:-1])
    )
    return any(knows(word, looks) or usual(word, looks) for word in (key, *forms))


def _tells_much(token: Token) -> bool:
    """Whether it is a word that messages are read by, and not only one that is in use."""
    looks = _looks(token.key)
    return any("common" in _senses(token.key, tongue) for tongue in looks)


def _is_verb(token: Token) -> bool:
    return token.latin and not token.capital and token.key.endswith(("ing", "ed", "ly"))


@lru_cache(maxsize=4096)
def _looks(key: str) -> tuple[str, ...]:
    """The languages of its script."""
    script = script_of(key[0])
    return tuple(name for name, tongue in tongues().items() if tongue.script == script)


def _senses(key: str, tongue: str) -> set[str]:
    table = lexicon(tongue).table.senses
    return table.get((common_form(key, tongue),), set()) | table.get((key,), set())


@lru_cache(maxsize=4096)
def _hint(key: str) -> Hint:
    """Whether a name is that of a place, a person or a time of the year."""
    if key in word_list("seasons"):
        return "time"
    if key in _countries():
        return "city"
    senses = {sense for tongue in _looks(key) for sense in _senses(key, tongue)} if key else set()
    if senses & {"city"}:
        return "city"
    return "owner" if senses & {"given"} else ""


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    """Countries by their names in every language that has its own here."""
    said = {
        fold(name)
        for tongue in ("en", "ur")
        for code, name in Locale(tongue).territories.items()
        if code.isalpha()
    }
    return frozenset(said | set(word_list("countries")))
