"""Organisations: by their last word (Mills, Ltd), their first (Bank of), or their whole name."""

from __future__ import annotations

from dataclasses import replace

from language.naming import Name
from language.reach import TIES, Reach

_LONGEST = 6  # words of a name after a label
_LETTERS = 5  # of a name spelt out
# what a name does not go on with, where nothing is written large
_SAYS = (
    "polite_end",
    "show",
    "call",
    "deal",
    "order",
    "ticket",
    "past",
    "question",
    "meeting",
    "todo",
)
_NAMED = ("given", "given:surname", "given:word", "city", "title_head", "org_end")


class Orgs(Reach):
    """Finds organisations in a sheet."""

    def find(self) -> list[Name]:
        found: list[Name] = []
        last = 0
        at = 0
        while at < len(self.sheet.tokens):
            name = self._org_at(at, last) if at not in self.taken else None
            if name:
                found.append(name)
                last = at = name.j
            else:
                at += 1
        return found

    def _org_at(self, at: int, last: int) -> Name | None:
        name = self._labelled(at) or self._org_from(at, last)
        if name is None:
            return None
        if self._owning(name.j):
            name = replace(name, j=name.j + 1)
        # "300 bags of basmati rice", "200 UPS units": what is counted is no organisation.
        before = name.i - 1
        small = self.sheet.tokens[name.i].latin and not self.capital(name.i)
        theirs = self.word(before - 1) and not self.plain(before - 1)  # "Usman of peek freans"
        if small and self.sheet.has(before, "of", "measure") and not theirs:
            return None
        if small and self._goods(name):
            return None
        return None if self.counted(name.i) else name

    def _org_from(self, at: int, last: int) -> Name | None:
        sheet = self.sheet
        if sheet.has(at, "org_whole") and at in sheet.marks:
            if not self._surname(at):
                return self._longer(at, last) or self._whole(at, last)
            if not sheet.has(at, "org_end"):
                return None
        if sheet.has(at + 1, "org_pair") and sheet.size(at) < 2 and self._pair(at):
            return Name("org", self._led_by(at, last), at + 3, 8)
        if letters := self._spelt(at):
            return Name("org", at, self.walk_on(letters, False), 8)
        if self._initials(at):
            return Name("org", at, at + 1, 6)
        if sheet.has(at, "org_start") and at in sheet.marks and (led := self._started(at)):
            return led
        if sheet.has(at, "city") and at in sheet.marks and self._of_city(at + sheet.size(at)):
            return Name("org", at, self._last_large(at + sheet.size(at) + 1), 5)
        if sheet.has(at, "org_end") and at in sheet.marks and not self._label(at):
            start = self.walk_back(at, last)
            if start < at or (self.capital(at) and sheet.size(at) > 1 and start < at):
                return Name("org", start, self.walk_on(at + sheet.size(at), self.capital(start)), 9)
            return None
        return self._capitals(at)

    def _label(self, at: int) -> bool:
        """Whether "company" stands between a person and the name that it announces."""
        if not self.sheet.has(at, "field:company") or self.capital(at):
            return False
        return self.given(at - 1) and self.word(at + 1) and self.capital(at + 1)

    def _spelt(self, at: int) -> int:
        """The place after three names of letters or more, or two before a telling word, where a
        company is spelt out: "آئی جی آئی", "جے ایس بینک"; 0 where none is."""
        if self.sheet.has(at - 1, "measure"):
            return 0
        j = at
        while j < at + _LETTERS and self.word(j) and self.sheet.has(j, "org_letter"):
            j += 1
        told = self.sheet.has(j, "org_end") and self.word(j)
        return j if j - at > 2 or (told and j - at > 1) else 0

    def _initials(self, at: int) -> bool:
        """A few capitals that say nothing else, at which somebody is: "with ICI"."""
        if not self.word(at) or not self.abbreviated(at) or self.sheet.senses(at):
            return False
        sheet = self.sheet
        led = sheet.has(at - 1, "at", "with", "to", "from", "for") or sheet.key(at - 1) == ":"
        alone = not self.word(at + 1) or sheet.has(at + 1, *TIES) or sheet.key(at + 1) == "'s"
        return (led and alone) or sheet.has(
            at + 1, "deal", "people_of", "ka", "ko", "wala", "saath", "paas"
        )

    def _goods(self, name: Name) -> bool:
        """Whether small everyday words are a thing sold, not a firm: "ceiling fans"."""
        if not self.sheet.has(name.j - 1, "org_goods"):
            return False
        return all(self.usual(at) or self.plain(at) for at in range(name.i, name.j - 1))

    def _labelled(self, at: int) -> Name | None:
        """What stands after "Company:", up to a sign or the end of the line."""
        sheet = self.sheet
        if sheet.key(at - 1) != ":" or not sheet.has(at - 2, "field:company"):
            return None
        j = at
        while j < len(sheet.tokens) and j - at < _LONGEST and self.same_line(j):
            if not (self.word(j) or self.joins(j) or sheet.has(j, "org_end")):
                break
            j += 1
        return Name("org", at, self.walk_on(j, self.capital(at)), 9) if j > at else None

    def _owning(self, at: int) -> bool:
        """Whether an "'s" ends the name and owns nothing: "at K&N's today"."""
        sheet = self.sheet
        if sheet.key(at) != "'s":
            return False
        after = at + 1
        return not self.word(after) or sheet.has(after, "at", "on", "in", "for", "by", "and", "to")

    def _of_city(self, at: int) -> bool:
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

    def _pair(self, at: int) -> bool:
        """Two capitals with a sign between ("Larsen & Toubro"); two given names are two people."""
        sheet = self.sheet
        large = all(self.word(each) and self.capital(each) for each in (at, at + 2))
        glued = sheet.glued(at + 1) and sheet.glued(at + 2)
        if not large or (not glued and (self.command(at) or self.command(at + 2))):
            return False
        return not (self.given(at) and self.given(at + 2)) or sheet.key(at) == sheet.key(at + 2)

    def _capitals(self, at: int) -> Name | None:
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

    def _last_large(self, j: int) -> int:
        """The place after the capitals that go on from here on the same line."""
        while self._large(j) and self.same_line(j) and not self.given(j):
            j += 1
        return j

    def _large(self, at: int) -> bool:
        """Whether a capital stands here that tells the bot nothing."""
        if not self.word(at) or not self.capital(at) or self.command(at) or self.rank(at):
            return False
        return not self.sheet.has(at, "title_head", "title_whole", "honorific")

    def _longer(self, at: int, last: int) -> Name | None:
        """A name that ends in a word which is a firm by itself: "Universal Packages"."""
        sheet = self.sheet
        if not sheet.has(at, "org_end") or sheet.size(at) > 1:
            return None
        start = self.walk_back(at, last)
        if start == at or self.usual(start) or self.plain(start):
            return None
        return Name("org", start, self.walk_on(at + 1, self.capital(start)), 9)

    def _surname(self, at: int) -> bool:
        """Whether a company's name follows a first name: "met Ruth Abbott"."""
        before = at - 1
        first = self.word(before) and self.capital(before) and self.given(before)
        return first and self.capital(at) and self.sheet.size(at) == 1 and self.same_line(at)

    def _whole(self, at: int, last: int) -> Name | None:
        sheet = self.sheet
        j = at + sheet.size(at)
        single = j == at + 1  # a name of several words is plain enough
        everyday = single and (self.listed(at) or self.usual(at))
        everyday = everyday or self.plain(at)
        if sheet.tokens[at].latin and not self.capital(at) and everyday:
            return None
        end = self.walk_on(self._more_of_name(at, j), self.capital(at))
        if end == j and self.given(at) and self.word(j) and self.given(j):
            return None
        while self.word(end) and sheet.has(end, "org_end") and self._goes_on(end, self.capital(at)):
            end = self.walk_on(end + sheet.size(end), self.capital(at))
        return Name("org", self._led_by(at, last), end, 8)

    def _led_by(self, at: int, last: int) -> int:
        """The first of the capitals before a known name that say nothing else: "Atlas Honda"."""
        sheet = self.sheet
        while at > last and self.capital(at) and self.word(at - 1) and self.same_line(at):
            everyday = self.listed(at - 1)
            if everyday or not self.capital(at - 1) or sheet.senses(at - 1):
                break
            at -= 1
        return at

    def _more_of_name(self, at: int, j: int) -> int:
        """The place after capitals that say nothing else: "Engro Polymer", "Tapal Tea"."""
        sheet = self.sheet
        while (
            self.capital(at)
            and self.word(j)
            and self.same_line(j)
            and sheet.tokens[j].latin
            and self.capital(j)
            and not (self.command(j) or self.given(j) or self.rank(j) or sheet.has(j, "org_end"))
        ):
            j += 1
        return j

    def _started(self, at: int) -> Name | None:
        j = at + self.sheet.size(at)
        latin = self.sheet.tokens[at].latin
        while j < at + 6 and self.word(j) and self.same_line(j):
            if self.capital(j) is not latin or self.sheet.has(j, *TIES):
                break
            if not latin and self.sheet.has(j, *_SAYS):
                break
            j += 1
        return Name("org", at, j, 8) if j > at + self.sheet.size(at) else None
