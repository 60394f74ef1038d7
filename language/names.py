"""Who is spoken of: people and organisations, by their words and the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from language.sheet import Sheet

_LONGEST = 5
_WALK = 4  # words of an organisation's name before its telling last word


@dataclass(frozen=True, slots=True)
class Name:
    """A person's or organisation's name in tokens `i` up to `j`; `weight` is how sure it is."""

    kind: Literal["person", "org"]
    i: int
    j: int
    weight: int


class Names:
    """Finds names in a sheet; `taken` tokens already belong to a date, sum, phone ..."""

    def __init__(self, sheet: Sheet, taken: set[int]) -> None:
        self.sheet = sheet
        self.taken = taken
        self.everyday = sheet_words(sheet)

    # What kind of word stands here

    def word(self, at: int) -> bool:
        """Whether a word stands here that nothing else has claimed."""
        tokens = self.sheet.tokens
        return 0 <= at < len(tokens) and tokens[at].kind == "word" and at not in self.taken

    def given(self, at: int) -> bool:
        return self.sheet.has(at, "given")

    def plain(self, at: int) -> bool:
        """An everyday or command word, not a name by itself."""
        senses = self.sheet.senses(at)
        if not senses and self.sheet.key(at) not in self.everyday:
            return False
        return bool({s for s in senses if not s.startswith(_NAMELIKE)}) or not senses

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

    # Organisations

    def orgs(self) -> list[Name]:
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
        name = self._org_from(at, last)
        if name is None:
            return None
        # "300 bags of basmati rice", "200 UPS units": what is counted is no organisation.
        before = name.i - 1
        small = self.sheet.tokens[name.i].latin and not self.capital(name.i)
        if small and self.sheet.has(before, "of", "measure"):
            return None
        return None if self.sheet.key(before)[-1:].isdigit() else name

    def _org_from(self, at: int, last: int) -> Name | None:
        sheet = self.sheet
        if sheet.has(at, "org_whole") and at in sheet.marks:
            return self._whole(at)
        if sheet.has(at, "org_start") and at in sheet.marks:
            return self._started(at)
        if sheet.has(at, "city") and at in sheet.marks and self._of_city(at + sheet.size(at)):
            return Name("org", at, at + sheet.size(at) + 1, 5)
        if sheet.has(at, "org_end") and at in sheet.marks:
            start = self._walk_back(at, last)
            if start < at or (self.capital(at) and sheet.size(at) > 1 and start < at):
                return Name("org", start, self._walk_on(at + sheet.size(at)), 9)
        return None

    def _of_city(self, at: int) -> bool:
        """Whether "Sialkot" goes on as in "Sialkot Gloves"."""
        if not self.word(at) or not self.sheet.tokens[at].latin or not self._same_line(at):
            return False
        return self.capital(at) and not self.sheet.senses(at) and not self.sheet.has(at + 1, "org_end")

    def _whole(self, at: int) -> Name | None:
        sheet = self.sheet
        j = at + sheet.size(at)
        if sheet.tokens[at].latin and not self.capital(at) and self.plain(at):
            return None
        end = self._walk_on(j)
        if end == j and self.given(at) and self.word(j) and self.given(j):
            return None
        while end < len(sheet.tokens) and sheet.has(end, "org_end") and self.word(end):
            end = self._walk_on(end + sheet.size(end))
        return Name("org", at, end, 8)

    def _started(self, at: int) -> Name | None:
        j = at + self.sheet.size(at)
        latin = self.sheet.tokens[at].latin
        while j < at + 6 and self.word(j) and self._same_line(j):
            if self.capital(j) is not latin or self._tie(j):
                break
            j += 1
        return Name("org", at, j, 8) if j > at + self.sheet.size(at) else None

    def _walk_back(self, at: int, last: int) -> int:
        """The first token of the name whose telling word stands at `at`."""
        start, steps = at, 0
        while start > last and steps < _WALK:
            before = start - 1
            if self._joins(before) and before > last and self._part_of_org(before - 1):
                start -= 2
            elif self._part_of_org(before):
                start -= 1
            else:
                break
            steps += 1
        return start

    def _joins(self, at: int) -> bool:
        return self.sheet.has(at, "org_glue") and self.sheet.key(at) not in {"the", "of", "-", "'"}

    def _part_of_org(self, at: int) -> bool:
        if not self.word(at) or not self._same_line(at + 1):
            return False
        sheet = self.sheet
        if self._tie(at) or sheet.has(at, "the", "honorific", "measure", "ordered"):
            return False
        if sheet.value(at, "number") or sheet.value(at, "times"):
            return False
        if sheet.tokens[at].latin and sheet.tokens[at + 1].latin:
            after = at + 2 if self._joins(at + 1) else at + 1
            if self.capital(after) != self.capital(at) and not self.given(at):
                return False
        if sheet.tokens[at].latin and self.capital(at):
            return not (self.opens(at) and self._command(at)) and not sheet.has(at, "and")
        if sheet.tokens[at].latin and self.given(at):
            return True
        if sheet.tokens[at].latin:
            return not self.plain(at)
        return not (self._command(at) or sheet.has(at, "common"))

    def _tie(self, at: int) -> bool:
        return self.sheet.has(
            at, "ka", "ko", "ne", "se", "wala", "mein", "par", "saath", "paas", "place_of"
        )

    def _same_line(self, at: int) -> bool:
        """Whether this token stands on the line of the one before it."""
        tokens = self.sheet.tokens
        return not 0 < at < len(tokens) or (
            "\n" not in self.sheet.text[tokens[at - 1].end : tokens[at].start]
        )

    def _command(self, at: int) -> bool:
        """Whether a word tells the bot something (an everyday word such as "City" does not)."""
        return any(not s.startswith(_QUIET) for s in self.sheet.senses(at))

    def _walk_on(self, j: int) -> int:
        """The place after what may follow a telling word: (Pvt) Ltd, & Sons, Group."""
        sheet = self.sheet
        while j < len(sheet.tokens) and self._same_line(j):
            if sheet.key(j) == "(" and sheet.has(j + 1, "org_end") and sheet.key(j + 2) == ")":
                j += 3
            elif sheet.has(j, "org_end") and j in sheet.marks and self._goes_on(j):
                j += sheet.size(j)
            else:
                break
        return j

    def _goes_on(self, j: int) -> bool:
        token = self.sheet.tokens[j]
        return not token.latin or token.capital or token.kind == "mark" or not self.plain(j)

    # People

    def people(self) -> list[Name]:
        found: list[Name] = []
        at = 0
        while at < len(self.sheet.tokens):
            name = self._person_at(at)
            if name:
                found.append(name)
                at = name.j
            else:
                at += 1
        return found

    def _person_at(self, at: int) -> Name | None:
        start = at
        ranked = self.rank(at) and self._nameable(at + self.sheet.size(at))
        j = at + self.sheet.size(at) if ranked else at
        strong = 3 if ranked else 0
        first = j
        while j - start < _LONGEST and self._nameable(j, inside=j > first):
            if j > first and not (self._same_line(j) and self._matches(first, j)):
                break
            strong += self._strength(j)
            j += self.sheet.size(j) if self.given(j) else 1
        if j == first:
            return None
        j = self._drop_tail(first, j)
        if self.sheet.has(j, "honorific"):
            strong += 4
        if j <= first:
            return None
        weight = strong + self._place(start, j, strong)
        return Name("person", start, j, weight) if weight >= 2 else None

    def _matches(self, first: int, at: int) -> bool:
        """Words of one name are all capital or all small."""
        one, other = self.sheet.tokens[first], self.sheet.tokens[at]
        if one.latin != other.latin:
            return False
        return not one.latin or one.capital == other.capital

    def _place(self, i: int, j: int, strong: int) -> int:
        """How much the words around a run say that it is a name."""
        sheet, last = self.sheet, self.sheet.tokens[j - 1]
        oblique = strong < 2 and last.key.endswith(_OBLIQUE) and not self.capital(j - 1)
        score = -2 if oblique else 0
        if sheet.has(j, *_AFTER) or sheet.key(j) == "'s":
            score += 3
        elif sheet.has(j, "ka"):
            score += 2
        elif sheet.has(j, "ordered", "wants", "complains", "have", "will") and self.capital(i):
            score += 2
        if sheet.has(i - 1, *_BEFORE):
            score += 2
        if strong < 5 and (sheet.has(i - 1, "the") or sheet.key(i - 1)[-1:].isdigit()):
            score -= 4
        return score

    def _drop_tail(self, first: int, j: int) -> int:
        """Names do not end in everyday words."""
        while j > first and self.plain(j - 1) and not self.given(j - 1) and not self.rank(j - 1):
            j -= 1
        return j

    def _strength(self, at: int) -> int:
        strong = 3 if self.given(at) else 0
        if self.sheet.tokens[at].latin and self.capital(at) and not self.opens(at):
            strong += 2
        elif self.sheet.tokens[at].latin and self.capital(at):
            strong += 1
        return strong

    def _nameable(self, at: int, inside: bool = False) -> bool:
        sheet = self.sheet
        if not self.word(at) or (sheet.has(at, "honorific", "org_end", "currency") and not self.given(at)):
            return False
        if self.rank(at) and (inside or self.given(at)):
            return inside or sheet.tokens[at].capital or self._marked(at + 1)
        if sheet.has(at, "city") and not self.given(at):
            return False
        token = sheet.tokens[at]
        if token.latin:
            return self._latin(at, inside)
        if self.given(at):
            return not self.plain(at) or inside or self._marked(at + 1)
        return not self.plain(at) and len(token.key) > 1

    def _latin(self, at: int, inside: bool) -> bool:
        token = self.sheet.tokens[at]
        plain = self.plain(at)
        if self.given(at):
            if not plain or inside:
                return not plain or token.capital
            return token.capital and (not self.opens(at) or self._marked(at + 1))
        if plain:
            return False
        return len(token.key) > 1

    def _marked(self, at: int) -> bool:
        """Whether the word before this place is used as a name."""
        sheet = self.sheet
        if sheet.has(at, "ko", "ne", "se", "ka", "wala", "saath", "paas", "honorific", "given"):
            return True
        if at >= len(sheet.tokens):
            return False
        token = sheet.tokens[at]
        return token.key in {"'s", ",", "'"} or (token.latin and token.capital)


_AFTER = ("ko", "ne", "se", "wala", "saath", "paas", "liye")
_BEFORE = (
    "to", "with", "from", "for", "call_past", "meeting_past", "email_past", "message_past", "call",
    "find", "show", "tell_about", "sent", "do", "win", "lose", "finish", "snooze", "log_word",
    "visit_past", "note", "customer", "deal", "order", "move", "field:name",
)  # fmt: skip
_OBLIQUE = ("وں", "یں", "یاں", "on", "ein", "iyan", "ing", "s")
# Senses that a word in a name may have: it tells the bot nothing by itself.
_QUIET = (
    "common", "given", "rank", "org_", "city", "title_", "field:city", "weekday", "month", "part",
    "measure", "number", "times", "metric:value", "value_word", "glued", "shy", "span", "source",
)  # fmt: skip
_NAMELIKE = ("given", "rank", "org_", "city", "title_part", "title_head", "common_")


def sheet_words(sheet: Sheet) -> frozenset[str]:
    """Everyday words of the tongues that the sheet may hold."""
    from language.lexicon import lexicon

    words = lexicon().words
    if sheet.tongue == "en":
        return frozenset(words["en"])
    return frozenset(words["en"] | words["roman"] | words["ur"])
