"""Organisations that capitals alone tell, and how far capitals reach beside a known name."""

from __future__ import annotations

from language.naming import Name
from language.reach import TIES, Reach

_LONGEST = 6  # words
_NAMED = ("given", "given:surname", "given:word", "city", "title_head", "org_end")


class Capitals(Reach):
    """Looks at words written large that say nothing to the bot."""

    def initials(self, at: int) -> bool:
        """A few capitals that say nothing else, at which somebody is: "with ICI"."""
        if not self.word(at) or not self.abbreviated(at) or self.sheet.senses(at):
            return False
        sheet = self.sheet
        led = sheet.has(at - 1, "at", "with", "to", "from", "for") or sheet.key(at - 1) == ":"
        alone = not self.word(at + 1) or sheet.has(at + 1, *TIES) or sheet.key(at + 1) == "'s"
        return (led and alone) or sheet.has(
            at + 1, "deal", "people_of", "ka", "ko", "wala", "saath", "paas"
        )

    def pair(self, at: int) -> bool:
        """Two capitals with a sign between ("Larsen & Toubro"); two given names are two people."""
        sheet = self.sheet
        large = all(self.word(each) and self.capital(each) for each in (at, at + 2))
        glued = sheet.glued(at + 1) and sheet.glued(at + 2)
        if not large or (not glued and (self.command(at) or self.command(at + 2))):
            return False
        return not (self.given(at) and self.given(at + 2)) or sheet.key(at) == sheet.key(at + 2)

    def run_of_capitals(self, at: int) -> Name | None:
        """Capitals that end in a word of everyday use: "Falcon Contracting"."""
        sheet = self.sheet
        if not self._large(at) or (self._large(at - 1) and self.same_line(at)):
            return None
        j = at + 1
        while j - at < _LONGEST and self._large(j) and self.same_line(j):
            j += 1
        last = j - 1
        if last == at or sheet.has(last, *_NAMED) or sheet.has(j, "org_end"):
            return None
        titled = sheet.has(at - 1, "title_head", "title_part") and self.same_line(at)
        titled = titled or (sheet.has(at - 1, "of") and sheet.has(at - 2, "title_head"))
        usual = self.usual(last) or sheet.has(last, "org_goods")
        return Name("org", at, j, 5) if usual and not titled else None

    def of_city(self, at: int) -> bool:
        """Whether "Sialkot" goes on as in "Sialkot Gloves"; "Quetta Dry Fruit Co" ends later."""
        sheet = self.sheet
        if not self.word(at) or not sheet.tokens[at].latin or not self.same_line(at):
            return False
        later = self._capitals_from(at)
        told = any(sheet.has(each, "org_end") for each in range(at, later))
        return self.capital(at) and not self.command(at) and not told

    def _capitals_from(self, at: int) -> int:
        """The place after the capital words that stand here."""
        while self.word(at) and self.capital(at) and self.same_line(at):
            at += 1
        return at

    def after_capitals(self, j: int) -> int:
        """The place after the capitals that go on from here on the same line."""
        while self._large(j) and self.same_line(j) and not self.given(j):
            j += 1
        return j

    def led_by(self, at: int, last: int) -> int:
        """The first of the capitals before a known name that say nothing else: "Atlas Honda"."""
        sheet = self.sheet
        while at > last and self.capital(at) and self.word(at - 1) and self.same_line(at):
            everyday = self.listed(at - 1)
            if everyday or not self.capital(at - 1) or sheet.senses(at - 1):
                break
            at -= 1
        return at

    def more_of_name(self, at: int, j: int) -> int:
        """The place after capitals that say nothing else: "Engro Polymer", "Tapal Tea"."""
        sheet = self.sheet
        while (
            self.capital(at)
            and self.word(j)
            and self.same_line(j)
            and self.capital(j)
            and not (self.command(j) or self.given(j) or self.rank(j) or sheet.has(j, "org_end"))
        ):
            j += 1
        return j

    def _large(self, at: int) -> bool:
        """Whether a capital stands here that tells the bot nothing."""
        if not self.word(at) or not self.capital(at) or self.command(at) or self.rank(at):
            return False
        return not self.sheet.has(at, "title_head", "title_whole", "honorific")
