"""Organisations: by their last word (Mills, Ltd), their first (Bank of), or their whole name."""

from __future__ import annotations

from dataclasses import replace

from language.capitals import Capitals
from language.naming import Name
from language.reach import TIES

_LONGEST = 6  # words of a name after a label
_IN_LIST = 3  # words of a name before its telling one, where commas part it from the rest
_COMMAS = (",", "،")
_LEADS = ("with", "at", "from", "for", "to", "of", "and", "the", "add", "wants", "visit_past")
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


class Orgs(Capitals):
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
        if sheet.has(at + 1, "org_pair") and sheet.size(at) < 2 and self.pair(at):
            return Name("org", self.led_by(at, last), at + 3, 8)
        if letters := self._spelt(at):
            return Name("org", at, self.walk_on(letters, False), 8)
        if self.initials(at):
            return Name("org", at, at + 1, 6)
        if sheet.has(at, "org_start") and at in sheet.marks and (led := self._started(at)):
            return led
        if sheet.has(at, "city") and at in sheet.marks and self.of_city(at + sheet.size(at)):
            return Name("org", at, self.after_capitals(at + sheet.size(at) + 1), 5)
        if sheet.has(at, "org_end") and at in sheet.marks and not self._label(at):
            start = self.walk_back(at, last)
            if start < at:
                return Name("org", start, self.walk_on(at + sheet.size(at), self.capital(start)), 9)
            return self._listed_after(at)
        return self.run_of_capitals(at)

    def _listed_after(self, at: int) -> Name | None:
        """Everyday words that end as a firm's name does and are all that stands between commas,
        after somebody's name: "علی رضا، بیٹا ٹریڈرز"."""
        sheet, end = self.sheet, at + self.sheet.size(at)
        start = at
        while at - start < _IN_LIST and self.word(start - 1):
            if sheet.has(start - 1, *_SAYS, *TIES, *_LEADS):
                return None
            start -= 1
        named = self.word(start - 2) and self.given(start - 2)
        if start == at or sheet.key(start - 1) not in _COMMAS or not named:
            return None
        closed = end >= len(sheet.tokens) or sheet.key(end) in _COMMAS or not self.same_line(end)
        return Name("org", start, end, 9) if closed else None

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
        end = self.walk_on(self.more_of_name(at, j), self.capital(at))
        if end == j and self.given(at) and self.word(j) and self.given(j):
            return None
        while self.word(end) and sheet.has(end, "org_end") and self._goes_on(end, self.capital(at)):
            end = self.walk_on(end + sheet.size(end), self.capital(at))
        return Name("org", self.led_by(at, last), end, 8)

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
