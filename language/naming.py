"""What kind of word stands at a place, for those who look for names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from language.lexicon import knows, usual
from language.sheet import Sheet

# Senses that a word in a name may have: it tells the bot nothing by itself.
_QUIET = (
    "common", "given", "rank", "org_", "city", "title_", "field:city", "weekday", "month", "part",
    "measure", "number", "times", "metric:value", "value_word", "glued", "shy", "span", "source",
    "elsewhere", "loose", "particle", "name_tail",
)  # fmt: skip
_ACRONYM = 5
_PHONE = 7  # digits
_IN_PHONE = "0123456789-)"
_NAMELIKE = ("given", "rank", "org_", "city", "title_part", "title_head", "particle", "name_tail")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's or organisation's name in tokens `i` up to `j`; `weight` is how sure it is."""

    kind: Literal["person", "org"]
    i: int
    j: int
    weight: int


class Words:
    """Looks at the words of a sheet; `taken` tokens already belong to a date, sum, phone ..."""

    def __init__(self, sheet: Sheet, taken: set[int]) -> None:
        self.sheet = sheet
        self.taken = taken

    def word(self, at: int) -> bool:
        """Whether a word stands here that nothing else has claimed."""
        tokens = self.sheet.tokens
        return 0 <= at < len(tokens) and tokens[at].kind == "word" and at not in self.taken

    def given(self, at: int) -> bool:
        return self.sheet.has(at, "given")

    def plain(self, at: int) -> bool:
        """An everyday or command word, not a name by itself."""
        senses = self.sheet.senses(at)
        if not senses and not self.listed(at):
            return False
        return bool({s for s in senses if not s.startswith(_NAMELIKE)}) or not senses

    def listed(self, at: int) -> bool:
        """Whether this word stands in a phrase of the words files."""
        return knows(self.sheet.key(at), self.sheet.written_in(at).looks)

    def usual(self, at: int) -> bool:
        """Whether a word is in everyday use: nobody's name, though a company's may hold it."""
        sheet = self.sheet
        if not 0 <= at < len(sheet.tokens):
            return False
        looks, free = sheet.written_in(at).looks, not self.capital(at)
        return usual(sheet.key(at), looks, free)

    def capital(self, at: int) -> bool:
        token = self.sheet.tokens[at]
        return token.latin and token.capital

    def opens(self, at: int) -> bool:
        """Whether a sentence (or line) begins here, where capitals say nothing."""
        if at == 0:
            return True
        before = self.sheet.tokens[at - 1]
        line = "\n" in self.sheet.text[before.end : self.sheet.tokens[at].start]
        return line or (before.kind == "mark" and before.key in ".!?:" and not self.rank(at - 1))

    def rank(self, at: int) -> bool:
        return self.sheet.has(at, "rank")

    def same_line(self, at: int) -> bool:
        """Whether this token stands on the line of the one before it."""
        tokens = self.sheet.tokens
        return not 0 < at < len(tokens) or (
            "\n" not in self.sheet.text[tokens[at - 1].end : tokens[at].start]
        )

    def command(self, at: int) -> bool:
        """Whether a word tells the bot something (an everyday word such as "City" does not)."""
        return any(not s.startswith(_QUIET) for s in self.sheet.senses(at))

    def abbreviated(self, at: int) -> bool:
        """Whether a few capitals stand among small letters: "SIM", "COD", "HR"."""
        text = self.sheet.tokens[at].text.removesuffix("s")
        return 1 < len(text) < _ACRONYM and text.isupper() and not self.sheet.shouted

    def counted(self, at: int) -> bool:
        """Whether a figure that counts stands before this place (a phone number does not)."""
        key, before = self.sheet.key(at - 1), self.sheet.key(at - 2)
        if not key[-1:].isdigit() or len(key) >= _PHONE:
            return False
        return not before[-1:] or before[-1:] not in _IN_PHONE
