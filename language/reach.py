"""How far the name of an organisation reaches from the word that tells it."""

from __future__ import annotations

from language.naming import Words

_WALK = 4  # words of a name before its telling last word
_NOUNS = {"details", "common"}  # with a capital they may begin a name: "Data Steel"
TIES = ("ka", "ko", "ne", "se", "wala", "mein", "par", "saath", "paas", "place_of")
"""What ties a name to the sentence: none of them stands within one."""


class Reach(Words):
    """Walks from a telling word to the first and the last of the name."""

    def walk_back(self, at: int, last: int) -> int:
        """The first token of the name whose telling word stands at `at`."""
        start, steps = at, 0
        while start > last and steps < _WALK:
            before = start - 1
            if self.joins(before) and before > last and self._part_of_org(before - 1):
                start -= 2
            elif self._part_of_org(before) or self._names_firms(before, start == at):
                start -= 1
            else:
                break
            steps += 1
        return self._from_preposition(start, last)

    def _from_preposition(self, start: int, last: int) -> int:
        """Small everyday words between a preposition and the name: "at little acorns school"."""
        sheet = self.sheet
        if not sheet.verb_first or not sheet.tokens[start].latin or self.capital(start):
            return start
        for at in range(start - 1, max(last, start - 3) - 1, -1):
            if sheet.has(at - 1, "at", "with", "from", "for") and self.word(at):
                named = all(self.word(each) and not self.command(each) for each in range(at, start))
                return at if named and not sheet.has(at, "the") else start
        return start

    def joins(self, at: int) -> bool:
        return self.sheet.has(at, "org_joint")

    def _names_firms(self, at: int, last: bool) -> bool:
        """Whether an everyday word stands here with which companies are named: "شفا کلینک", and,
        where what is told begins, "تازہ دم بیکرز"."""
        named = self.word(at) and self.sheet.has(at, "org_word") and self.same_line(at + 1)
        return named and (last or self.opens(at)) and not self.sheet.has(at + 1, "goods")

    def _part_of_org(self, at: int) -> bool:
        if not self.word(at) or not self.same_line(at + 1):
            return False
        sheet = self.sheet
        if sheet.key(at + 1) == "&" and sheet.has(at + 1, "org_end") and self.capital(at):
            return True  # "Sterling & Co"
        if sheet.has(at, *TIES) or sheet.has(at, "the", "honorific", "measure", "ordered"):
            return False
        if self._titled(at) or sheet.value(at, "number") or sheet.value(at, "times"):
            return False
        if sheet.tokens[at].latin and sheet.tokens[at + 1].latin:
            after = at + 2 if self.joins(at + 1) else at + 1
            if self.capital(after) != self.capital(at) and not self._branded(at, after):
                return False
        if sheet.tokens[at].latin and self.capital(at):
            told = self.opens(at) and self.command(at) and not sheet.senses(at) <= _NOUNS
            return not told and not sheet.has(at, "and")
        if sheet.tokens[at].latin and self.given(at):
            return True
        if sheet.tokens[at].latin:
            return not self.plain(at)
        return not (self.command(at) or (sheet.has(at, "common") and not self.given(at)))

    def _titled(self, at: int) -> bool:
        """Whether a title of several words ends here: "Purchase Head" Khyber Marble."""
        mark = self.sheet.covered[at]
        return mark is not None and mark.j - mark.i > 1 and "title_whole" in mark.senses

    def _branded(self, at: int, after: int) -> bool:
        """Whether a capital name may stand before a small telling word: "MedPlus pharmacy"."""
        if self.given(at):
            return self.capital(at)
        inner = any(char.isupper() for char in self.sheet.tokens[at].text[1:])
        return inner and self.sheet.has(after, "org_end") and not self.sheet.senses(at)

    def walk_on(self, j: int, capital: bool) -> int:
        """The place after what may follow a telling word: (Pvt) Ltd, & Sons, Group."""
        sheet = self.sheet
        while j < len(sheet.tokens) and self.same_line(j):
            if sheet.key(j) == "(" and sheet.has(j + 1, "org_end") and sheet.key(j + 2) == ")":
                j += 3
            elif sheet.has(j, "org_end") and j in sheet.marks and self._goes_on(j, capital):
                j += sheet.size(j)
            else:
                break
        return j

    def _goes_on(self, j: int, capital: bool) -> bool:
        token = self.sheet.tokens[j]
        if not token.latin or token.kind == "mark":
            return True
        return token.capital if capital else not (self.plain(j) and self.command(j))
