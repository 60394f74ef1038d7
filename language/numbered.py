"""Organisations with a number in their name: "Zaidi 3 Fabrics", "7 Star Traders"."""

from __future__ import annotations

from collections.abc import Iterator

from language.naming import Name, Words

_DIGITS = 4
_WORDS = 3  # of a name on either side of its number
_THERE = ("with", "at")  # wherever they stand, somebody or some place follows
_OF = ("from", "of")  # ... these, after somebody's name
_COMMAS = (",", "،")
_KNOWN = frozenset({"org_here", "org_whole"})


class Numbered(Words):
    """Finds those that are written large and end in a telling word. A number elsewhere counts
    something, so it must be told that a company is named: by a preposition, or between commas
    behind somebody's name."""

    def find(self) -> Iterator[Name]:
        for at, token in enumerate(self.sheet.tokens):
            free = token.kind == "number" and at not in self.taken
            few = token.key.isdecimal() and len(token.key) <= _DIGITS
            if free and few and (name := self._around(at)):
                yield name

    def _around(self, at: int) -> Name | None:
        start, end = at, at + 1
        while at - start < _WORDS and self._large(start - 1) and self.same_line(start):
            start -= 1
        while end - at <= _WORDS and self._large(end) and self.same_line(end):
            end += 1
            if self._ends(at, end) and not self._ends(end, end + 1):
                break
        ends = self._ends(at, end)
        bare = start == at and end - at < 3  # "with 3 Mills"
        return Name("org", start, end, 9) if ends and not bare and self._told(start, end) else None

    def _ends(self, at: int, end: int) -> bool:
        """Whether a telling word ends here; it may be part of a name that is known: "7 Fabrics"."""
        if self.sheet.has(end - 1, "org_end"):
            return True
        marks = (self.sheet.marks.get(each) for each in range(at, end))
        return any(mark and mark.j == end and mark.senses & _KNOWN for mark in marks)

    def _large(self, at: int) -> bool:
        return self.word(at) and self.capital(at)

    def _told(self, start: int, end: int) -> bool:
        sheet = self.sheet
        if sheet.has(start - 1, *_THERE) or sheet.key(start - 1) == "@":
            return True
        after = self._large(start - 2)
        if sheet.has(start - 1, *_OF):
            return after
        closed = end >= len(sheet.tokens) or sheet.key(end) in _COMMAS
        return after and closed and sheet.key(start - 1) in _COMMAS and not self.command(start - 2)
