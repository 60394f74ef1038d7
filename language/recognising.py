"""Names that the workspace knows are marked on a sheet, as if the words files held them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from language.known import Index, Known, Match
from language.naming import Words
from language.sheet import Mark, Sheet

# A name said whole is taken as it stands (see `spotting`); a part only counts as a listed name.
HERE = {"person": "given_here", "org": "org_here", "product": "common_here"}
KNOWN = ("given_known", "org_known")
_SENSES = {
    "person": "given given_known",
    "org": "org_whole org_known",
    "product": "common",
    "tag": "tag_like",
}
# Beside these words even an everyday word is a name.
_AFTER = ("ko", "ne", "saath", "paas", "honorific")
_BEFORE = (
    "with", "at", "call", "call_past", "meeting_past", "email_past", "message_past", "visit_past",
    "customer", "rank",
)  # fmt: skip
# By these alone nobody is told from others.
_GENERAL = (
    "org_end", "org_start", "org_joint", "org_glue", "city", "title_", "rank", "honorific",
    "measure", "weekday", "month", "number", "times", "currency",
)  # fmt: skip


def recognise(sheet: Sheet, known: Known) -> Sheet:
    """The sheet with the names marked that are known here; the same sheet where none is."""
    if not known:
        return sheet
    marks = dict(sheet.marks)
    for match in _matches(sheet, known.index):
        for at in range(match.i, match.j):
            _forget(marks, sheet.covered[at])
        for mark in _marks(sheet, match):
            marks[mark.i] = mark
    return replace(sheet, marks=marks)


def _forget(marks: dict[int, Mark], mark: Mark | None) -> None:
    if mark:
        marks.pop(mark.i, None)


def _matches(sheet: Sheet, index: Index) -> Iterator[Match]:
    look = _Names(sheet)
    at = 0
    while at < len(sheet.tokens):
        match = index.longest(sheet.tokens, at)
        if match and look.believes(match):
            yield match if look.stands_alone(match) else replace(match, whole=False)
            at = match.j
        else:
            at += 1


def _marks(sheet: Sheet, match: Match) -> list[Mark]:
    """One for a name said whole or the part of a company's; of a person's, one for each word."""
    senses = frozenset(_SENSES[match.kind].split())
    if match.kind == "tag":
        besides = {each for each in sheet.senses(match.i) if not each.startswith("org_")}
        return [Mark(match.i, match.j, senses | besides)]
    if match.whole:
        return [Mark(match.i, match.j, senses | {HERE[match.kind]})]
    if match.kind == "org":
        return [Mark(match.i, match.j, senses)]
    return [Mark(at, at + 1, senses) for at in range(match.i, match.j)]


class _Names(Words):
    """Whether what looks like a known name is meant as one."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet, set())

    def believes(self, match: Match) -> bool:
        """Never against a word that tells the bot something, unless it stands as a name does."""
        words = range(match.i, match.j)
        if match.kind == "tag" and self.capital(match.i) and not self.opens(match.i):
            return False  # "Kashif Wholesale" is a shop
        if match.kind in {"product", "tag"}:
            telling = any(self.command(at) and not self.sheet.has(at, "tag_like") for at in words)
            return match.whole and (match.j - match.i > 1 or not telling)
        if not match.whole and all(self._general(at) for at in words):
            return False
        if not match.whole and self._torn(match):
            return False
        plain = [self._everyday(at) for at in words]
        if not any(plain):
            return True
        if not match.exact or (all(plain) and not self._as_name(match)):
            return False
        return match.whole or self._as_name(match)

    def stands_alone(self, match: Match) -> bool:
        """Whether the name ends here: "Ali Khan" does not in "Ali Khan Traders"."""
        at = match.j
        if match.kind in {"product", "tag"} or not self.word(at) or not self.same_line(at):
            return True
        if self.sheet.has(at, "org_end"):
            small = self.sheet.tokens[at].latin and not self.capital(at)
            return small and self.capital(match.i)
        if match.kind == "org" or self.plain(at):
            return True
        alike = self.capital(at) == self.capital(match.i) and self.sheet.tokens[at].latin
        return not (self.given(at) or (alike and self.capital(at) and not self.sheet.senses(at)))

    def _everyday(self, at: int) -> bool:
        """Whether a word means something by itself, whatever it means in a name."""
        listed = self.given(at) or self.sheet.has(at, "org_whole")
        return self.plain(at) and not listed

    def _general(self, at: int) -> bool:
        return any(sense.startswith(_GENERAL) for sense in self.sheet.senses(at))

    def _torn(self, match: Match) -> bool:
        """Whether the part of a name is a part of a phrase as well."""
        covering = (self.sheet.covered[at] for at in range(match.i, match.j))
        return any(mark and (mark.i < match.i or mark.j > match.j) for mark in covering)

    def _as_name(self, match: Match) -> bool:
        """Written large within a sentence, or beside a word that names stand beside."""
        large = all(
            self.capital(at) for at in range(match.i, match.j) if self.sheet.tokens[at].latin
        )
        latin = self.sheet.tokens[match.i].latin
        if latin and large and not self.opens(match.i):
            return True
        after = self.sheet.has(match.j, *_AFTER) or self.sheet.key(match.j) == "'s"
        before = self.sheet.verb_first and self.sheet.has(match.i - 1, *_BEFORE)
        return after or before
