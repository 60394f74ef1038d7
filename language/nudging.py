"""Messages about nudges: how many a day, which kinds, and who stands in for somebody.

``nudge me at most 3 times a day``, ``salgirah ki yaad dehaniyan band karo``, ``میرے کسٹمر پیر تک
سارہ کو``. One is such a message only where all of its words are, but for a number, days or a name,
so that whatever else is said stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from language.action import Action
from language.figures.phrases import phrases
from language.figures.spans import Spans
from language.lexicon import Senses
from language.phrasebook import Mark, Meanings, Phrasebook, words_in
from language.sheet import Sheet
from language.values import read_due

LONGEST = 18
"""Tokens of such a message at most."""

LONGEST_NAME = 3
"""Words of a name at most."""

NAMES_ITSELF = frozenset({"at_risk", "birthday", "check_in", "tidy"})
"""Kinds of nudges whose name means nothing else that could be stopped: "stop check-ins"."""

TOPICS = frozenset(
    {"nudges", "of", "customers", "back", "ends", "shows", "leave", "home", "silence", "instead"}
)
"""What such a message is about; one of them is in it."""

_CALENDAR = ("weekday", "month", "day_word", "swing", "span", "ordinal", "number", "part")


_ANY_DAY = date(2000, 1, 1)


def read_nudging(sheet: Sheet, today: date) -> Action | None:
    """What a message asks for; None where it says anything else as well."""
    if not 0 < len(sheet.tokens) <= LONGEST or not _PHRASES.may_be_in(sheet.forms):
        return None
    said = _Said.of(sheet)
    if said.has("shows"):
        return Action("handover.show") if not said.rest else None
    if said.has("home") and not said.rest and not said.has("to", "cover", "until", "from"):
        return Action("handover.end")
    if said.has("customers", "ends"):
        return _handover(said, today)
    if said.has("instead"):
        return _handover(said, today)
    if said.has("leave") and (found := _handover(said, today) or _leave(said, today)):
        return found
    alone = said.kind in NAMES_ITSELF and said.has("silence") and not said.has("which")
    named = said.has("nudges") or (said.kind and said.has("of"))
    return _nudges(said) if named or alone else None


# --- nudges ---------------------------------------------------------------------------------------


def _nudges(said: _Said) -> Action | None:
    count = said.count()
    names = [at for at in said.rest if at not in said.counted()]
    if names:
        return None
    kind = said.kind
    if count is not None and said.has("most", "daily") and kind is None:
        return Action("nudge.budget", {"most": count})
    if count is not None or said.has("daily", "most"):
        return None
    if kind is not None and said.has("off", "on"):
        return Action("nudge.stop", {"kind": kind, "wanted": not said.has("off")})
    if kind is None and said.has("off") and said.has("all"):
        return Action("nudge.budget", {"most": 0})
    asked = kind is None and said.has("which") and not said.has("off")
    return Action("nudge.settings") if asked else None


# --- who stands in --------------------------------------------------------------------------------


def _handover(said: _Said, today: date) -> Action | None:
    if said.has("back", "ends"):
        return Action("handover.end") if not said.rest and not said.has("until") else None
    if not said.has("to", "cover", "instead"):
        return None
    days = said.days()
    name = [at for at in said.rest if at not in days]
    if not name or len(name) > LONGEST_NAME or name[-1] - name[0] + 1 != len(name):
        return None
    if not said.stands_at_name(name):
        return None
    slots = _first_and_last(said, today)
    if "first" in slots and slots.get("last", slots["first"]) < slots["first"]:
        return None
    return Action("handover.give", {"owner": said.text(name[0], name[-1] + 1), **slots})


def _first_and_last(said: _Said, today: date) -> dict[str, Any]:
    """The days of which it is said, as slots; that it begins today need not be told."""
    first, last = said.stretch(today)
    slots = {"first": first} if first and first != today else {}
    slots |= {"last": last} if last else {}
    return {name: day.isoformat() for name, day in slots.items()}


def _leave(said: _Said, today: date) -> Action | None:
    """Whoever is away, and says nothing else but when: who takes over is asked."""
    if said.has("back", "which", "nudges"):
        return None
    if set(said.rest) - said.days():
        return None
    return Action("handover.give", _first_and_last(said, today))


@dataclass(frozen=True)
class _Said:
    """The phrases of a message, and the tokens that are none of them."""

    sheet: Sheet
    marks: tuple[Mark, ...]
    rest: tuple[int, ...]

    @classmethod
    def of(cls, sheet: Sheet) -> _Said:
        marks = tuple(_PHRASES.marks(sheet.forms))
        covered = {at for i, j, _ in marks for at in range(i, j)}
        rest = tuple(
            at
            for at, token in enumerate(sheet.tokens)
            if at not in covered and token.kind in {"word", "number"}
        )
        return cls(sheet, marks, rest)

    def has(self, *senses: str) -> bool:
        return any(not some.isdisjoint(senses) for _, _, some in self.marks)

    @property
    def kind(self) -> str | None:
        found = {
            sense.removeprefix("kind.")
            for _, _, some in self.marks
            for sense in some
            if sense.startswith("kind.")
        }
        return found.pop() if len(found) == 1 else None

    def counted(self) -> set[int]:
        return {at for at in self.rest if self._number(at) is not None}

    def count(self) -> int | None:
        """The one number of the message."""
        numbers = [n for at in self.rest if (n := self._number(at)) is not None]
        numbers += [1] * self.has("once") + [2] * self.has("twice")
        if not numbers:  # a number that is also another word: "do" is two, and give
            said = (self._number(i) for i, j, _ in self.marks if j == i + 1)
            numbers = [n for n in said if n is not None]
        return numbers[0] if len(numbers) == 1 else None

    def _number(self, at: int) -> int | None:
        key = self.sheet.key(at)
        if key.isdecimal() and len(key) <= LONGEST_NAME:
            return int(key)
        value = self.sheet.value(at, "number")
        return int(value) if value and value.isdecimal() else None

    def days(self) -> set[int]:
        """Tokens that tell days."""
        found = {at for at in self.rest if self._tells_a_day(at)}
        for each in Spans(self.sheet, phrases(self.sheet), _ANY_DAY).read():
            found |= set(range(each.i, each.j))
        return found

    def _tells_a_day(self, at: int) -> bool:
        if self.sheet.tokens[at].kind == "number":
            return True
        return any(self.sheet.value(at, kind) is not None for kind in _CALENDAR)

    def stands_at_name(self, name: list[int]) -> bool:
        """Whether the name stands where one is given something: after "to", before "ko", before
        "covers my customers"."""
        before, after = name[0], name[-1] + 1
        if any(senses and not _is_named(senses) for senses in map(self.sheet.senses, name)):
            return False  # it is a word that means something
        for i, j, senses in self.marks:
            if "to" in senses and (i == after or j == before):
                return True
            if i >= after and "instead" in senses and self._only_days(after, i):
                return True
            if "cover" in senses and i == after:
                return True
        return False

    def _only_days(self, i: int, j: int) -> bool:
        """Whether only days and small words stand there: "sara is hafte mera kaam dekhegi"."""
        return not ({*range(i, j)} & set(self.rest)) - self.days()

    def text(self, i: int, j: int) -> str:
        if i >= j:
            return ""
        return self.sheet.text[self.sheet.tokens[i].start : self.sheet.tokens[j - 1].end]

    def stretch(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day, as far as they were said."""
        length = len(self.sheet.tokens)
        for i, j, senses in self.marks:
            if "until" in senses:
                before, after = self._days_before(i), self._days_after(j, length)
                if after and not before:
                    begins = self._from(today)
                    return begins, _day(self.text(*after), begins or today)
                if before:
                    return self._first_of(before, today)
        for i, _, senses in self.marks:
            if "from" in senses and (span := self._from_to(i, length, today)):
                return span
        for each in Spans(self.sheet, phrases(self.sheet), today).read():
            if each.span.first and each.span.last and each.span.last >= today:
                return each.span.first, each.span.last
        found = self._for(today)
        if found:
            return None, found
        days = sorted(self.days())
        day = _day(self.text(days[0], days[-1] + 1), today) if days else None
        return day, day

    def _days_before(self, at: int) -> tuple[int, int] | None:
        """The tokens that tell days right before a place."""
        days, i = self.days(), at
        while i - 1 in days:
            i -= 1
        return (i, at) if i < at else None

    def _days_after(self, at: int, length: int) -> tuple[int, int] | None:
        days, j = self.days(), at
        while j < length and (j in days or (j + 1 in days and j not in self.rest)):
            j += 1
        return (at, j) if at < j else None

    def _from(self, today: date) -> date | None:
        for i, j, senses in self.marks:
            if "from" in senses:
                after = self._days_after(j, len(self.sheet.tokens))
                before = self._days_before(i)
                where = after or before
                return _day(self.text(*where), today) if where else None
        return None

    def _first_of(self, before: tuple[int, int], today: date) -> tuple[date | None, date | None]:
        """``jumerat se Monday tak``: what stands before the "se" is the first day."""
        for i, j, senses in self.marks:
            if "from" in senses and j == before[0] and (first := self._days_before(i)):
                begins = _day(self.text(*first), today)
                return begins, _day(self.text(*before), begins or today)
        return None, _day(self.text(*before), today)

    def _from_to(self, at: int, length: int, today: date) -> tuple[date, date] | None:
        """``from Thursday to Monday``."""
        for i, j, senses in self.marks:
            if i > at and "to" in senses:
                first, last = self._days_before(i), self._days_after(j, length)
                if first and last:
                    begins = _day(self.text(*first), today)
                    ends = _day(self.text(*last), begins or today)
                    return (begins, ends) if begins and ends else None
        return None

    def _for(self, today: date) -> date | None:
        """``for two weeks``: its last day."""
        lengths = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
        for at in self.rest:
            count, span = self._number(at), self.sheet.value(at + 1, "span")
            if count and span in lengths:
                return today + timedelta(days=count * lengths[span] - 1)
        return None


def _is_named(senses: Senses) -> bool:
    return any(sense.partition(":")[0] == "given" for sense in senses)


def _day(text: str, today: date) -> date | None:
    """The day to come that a text says."""
    found = read_due(text, datetime.combine(today, time(), UTC))
    return date.fromisoformat(found[:10]) if found else None


def _meanings() -> Meanings:
    for sense, said in words_in("nudging").items():
        if sense == "kind":
            for kind, words in said.items():
                yield f"kind.{kind}", words
        elif sense.endswith("_plainly"):
            yield sense.removesuffix("_plainly"), said
            yield "silence", said
        else:
            yield sense, said


_PHRASES = Phrasebook(_meanings, TOPICS)
