"""A description cut into items: values that are known here, numbers, times, and words that mean
something of contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from language.amounts import read_sum
from language.figures.phrases import is_everyday
from language.figures.phrases import phrases as of_figures
from language.figures.spans import Spans
from language.numbers import read_number
from language.own_names import find_names
from language.phrasebook import Mark, Meanings, Phrasebook
from language.segments.wording import sayings
from language.sheet import Sheet
from language.sounds import is_urdu
from language.tokens import Token
from language.variants import forms_of
from rules.countries import called
from rules.segments import Ago, Around, Period

Names = Mapping[str, Mapping[str, Sequence[str]]]
"""What is known here: for each kind (city, tag, product, ...) every value with all it is called."""

_APART = "\x1f"
_SIGNS = frozenset(".?!؟۔:;\"'“”()،,/·•-–—")
_COMMAS = frozenset({",", "،", ";", "؛"})
_AROUND = (
    *(Around(step, unit) for unit in ("day", "week", "month", "quarter", "year")
      for step in (0, -1, 1)),
)  # fmt: skip
_COUNTED = frozenset(
    {"times", "percent", "orders", "deals", "over_it", "under_it", "or_more", "or_less"}
)
"""What stands behind a number that counts."""
_BOUNDS = frozenset({"at_least", "at_most", "over", "under", "exactly"})
"""What stands before one."""
_OTHER_DAYS = tuple(timedelta(days=days) for days in (37, 97, 160, -411))


@dataclass(frozen=True, slots=True)
class Item:
    """Tokens `i` up to `j`. ``kind``: value, number, length, period, word, comma or unknown.

    ``senses`` are those of a word; of a value its kind and what it is.
    """

    kind: str
    i: int
    j: int
    senses: frozenset[str] = frozenset()
    value: Any = None

    def has(self, *senses: str) -> bool:
        return not self.senses.isdisjoint(senses)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number; ``currency`` where one was said, ``large`` where lakh or the like was."""

    number: Decimal
    currency: str | None = None
    large: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A value that is known here."""

    kind: str
    value: str


def _meanings() -> Meanings:
    return sayings().items()


_TOPICS = ("customers", "contacts", "prospects", "leads", "saved", "segment", "lapsed")
_BOOK = Phrasebook(_meanings, _TOPICS)


@lru_cache(maxsize=8)  # one message is looked at several times
def marked(tokens: tuple[Token, ...]) -> tuple[Mark, ...]:
    """The words of a text that mean something of contacts, each with its senses."""
    return tuple(_BOOK.marks(forms_of(tokens)))


def may_concern(tokens: tuple[Token, ...]) -> bool:
    """Whether contacts or segments may be spoken of: most messages speak of neither."""
    return _BOOK.may_be_in(forms_of(tokens))


def _spoken(phrase: Item) -> str:
    """The language that a word is the name of."""
    found = next((each for each in phrase.senses if each.startswith("spoken:")), "")
    return found.removeprefix("spoken:")


class Items:
    """The items of one text, left to right."""

    def __init__(self, sheet: Sheet, today: date, names: Names) -> None:
        self.sheet, self.today, self.names = sheet, today, names

    def read(self) -> list[Item]:
        found: list[Item] = []
        at = 0
        while at < len(self.sheet.tokens):
            item = self._at(at)
            found.append(item)
            at = item.j
        return found

    def _at(self, at: int) -> Item:
        key = self.sheet.key(at)
        phrase = self._phrases.get(at)
        name = self._values.get(at)
        if name and self._is_name(name, phrase):
            return name
        size = phrase.j - phrase.i if phrase else 0
        period = self._periods.get(at)
        if period and size <= period.j - period.i:
            return period
        within = range(at + 1, phrase.j) if phrase else ()
        begun = next((later for later in within if later in self._periods), None)
        if begun and phrase and not phrase.has("agreed"):  # "may" of "we may email"
            return Item("sign", at, begun)  # "in the" of "in the last month"
        if size < 2 and (figure := self._figure(at)):
            return figure
        if phrase and (spoken := _spoken(phrase)):
            return Item("value", at, phrase.j, value=Named("language", spoken))
        if phrase:
            return phrase
        if name:
            return name
        if key in _COMMAS:
            return Item("comma", at, at + 1)
        if key in _SIGNS:
            return Item("sign", at, at + 1)
        if at + 1 == len(self.sheet.tokens) and self.sheet.has(at, "polite_end", "please", "do"):
            return Item("sign", at, at + 1)  # "... ki list do"
        return Item("unknown", at, at + 1, value=self.sheet.said(at, at + 1))

    def _is_name(self, name: Item, phrase: Item | None) -> bool:
        """Whether a value is meant, and not the words of ours that stand there."""
        if phrase is None:
            return True
        if all(sense.startswith("way:") for sense in phrase.senses):  # came via WhatsApp
            return not self._agreed
        size, other = name.j - name.i, phrase.j - phrase.i
        if size != other:
            return size > other
        beside = self._beside(name.i - 1) | self._beside(name.j)
        of_kind = f"kind:{name.value.kind}" in beside or self._is_in_a_list(name)
        return of_kind and not phrase.has("and", "or", "who", "glue")

    def _is_in_a_list(self, name: Item) -> bool:
        """Whether another value of its kind stands beside it: "managers or owners"."""
        kind = name.value.kind
        before = (each for each in self._values.values() if each.j == name.i - 1)
        after = (each for each in self._values.values() if each.i == name.j + 1)
        return any(each.value.kind == kind for each in before if self._joins(name.i - 1)) or any(
            each.value.kind == kind for each in after if self._joins(name.j)
        )

    def _joins(self, at: int) -> bool:
        return "joint" in self._beside(at)

    def _beside(self, at: int) -> frozenset[str]:
        for phrase in self._phrases.values():
            if phrase.i <= at < phrase.j:
                return phrase.senses
        return frozenset()

    # --- words ------------------------------------------------------------------------------------

    @cached_property
    def _agreed(self) -> bool:
        """Whether consent is spoken of, so that ways of writing are that."""
        return any(each.has("agreed", "refused") for each in self._phrases.values())

    @cached_property
    def _phrases(self) -> dict[int, Item]:
        marks = marked(self.sheet.tokens)
        return {
            i: Item("word", i, j, senses, self.sheet.said(i, j).casefold())
            for i, j, senses in marks
        }

    # --- values that are known here ---------------------------------------------------------------

    @cached_property
    def _values(self) -> dict[int, Item]:
        known = {
            _APART.join((kind, value, str(number))): said
            for kind, values in self.names.items()
            for value, forms in values.items()
            for number, said in enumerate(forms)
        }
        found: dict[int, Item] = {}
        for place in find_names(self.sheet, known):
            kind, value, _ = place.key.split(_APART)
            across = is_urdu(self.sheet.said(place.i, place.j)) != is_urdu(known[place.key])
            if place.slips and self._is_plain(place.i, place.j, across=across):
                continue
            kind = self._kind_here(kind, value, place.i, place.j)
            found[place.i] = Item("value", place.i, place.j, value=Named(kind, value))
        for at, item in self._cities_and_countries():
            if all(at not in range(each.i, each.j) for each in found.values()):
                found[at] = item
        return found

    def _is_plain(self, i: int, j: int, *, across: bool) -> bool:
        """Everyday words, or words of ours: a slip does not make a name of them. ``across``: it is
        the name in the other script, of which everyday words are made as well (لان is Lawn)."""
        meant = {at for phrase in self._phrases.values() for at in range(phrase.i, phrase.j)}
        return any(
            at in meant or (not across and is_everyday(self.sheet, at)) for at in range(i, j)
        )

    def _kind_here(self, kind: str, value: str, i: int, j: int) -> str:
        """Of a word that is a value of several kinds, the one that is spoken of beside it."""
        beside = self._beside(i - 1) | self._beside(j) | self._beside(i - 2)
        folded = value.casefold()
        for other, values in self.names.items():
            same = any(folded == each.casefold() for each in values)
            if same and other != kind and f"kind:{other}" in beside:
                return other
        return kind

    def _cities_and_countries(self) -> Iterator[tuple[int, Item]]:
        """Those of the words files, also where nobody is there."""
        sheet = self.sheet
        for at, mark in sheet.marks.items():
            if "city" in mark.senses:
                said = sheet.said(mark.i, mark.j)
                yield at, Item("value", mark.i, mark.j, value=Named("city", said))
        countries = called()
        for at in range(len(sheet.tokens)):
            for size in (3, 2, 1):
                if at + size > len(sheet.tokens):
                    continue
                code = countries.get(sheet.said(at, at + size).casefold())
                short = size == 1 and len(sheet.key(at)) < 3
                if code and not (short and not sheet.tokens[at].text.isupper()):
                    yield at, Item("value", at, at + size, value=Named("country", code))
                    break

    # --- numbers and times ------------------------------------------------------------------------

    def _figure(self, at: int) -> Item | None:
        """A number, a sum or a length of time that begins here."""
        sheet = self.sheet
        if "one" in self._beside(at) and self._unit(at + 1):
            unit = self._unit(at + 1)
            return Item("length", at, at + 2, value=Ago(1, str(unit)))
        amount = read_sum(sheet, at)
        number = read_number(sheet, at)
        if amount and amount.currency:
            figure = Figure(amount.value, amount.currency)
            return Item("number", at, amount.j, value=figure)
        if number is None:
            return self._said_in_words(at)
        if (unit := self._unit(number.j)) and number.value == int(number.value):
            return Item("length", at, number.j + 1, value=Ago(int(number.value), unit))
        return Item("number", at, number.j, value=Figure(number.value, None, number.unit >= 1000))

    def _said_in_words(self, at: int) -> Item | None:
        """A small number in words that are others, too ("do" is two, and give), where so many times
        or days are counted by it."""
        said = next((p for p in of_figures(self.sheet) if p.i == at), None)
        number = next((s for s in said.senses if s.startswith("num:")), None) if said else None
        if said is None or number is None:
            return None
        count = int(number.removeprefix("num:"))
        if unit := self._unit(said.j):
            return Item("length", at, said.j + 1, value=Ago(count, unit))
        bound = not _BOUNDS.isdisjoint(self._beside(at - 1))
        if not bound and _COUNTED.isdisjoint(self._beside(said.j)):
            return None
        return Item("number", at, said.j, value=Figure(Decimal(count)))

    def _unit(self, at: int) -> str | None:
        senses = self._beside(at)
        return next((s.removeprefix("unit:") for s in senses if s.startswith("unit:")), None)

    @cached_property
    def _periods(self) -> dict[int, Item]:
        """Stretches of days; those that move with today are kept so."""
        found: dict[int, Item] = {}
        spans = self._read_spans(self.today)
        others = [(shift, self._read_spans(self.today + shift)) for shift in _OTHER_DAYS]
        for (i, j), days in spans.items():
            if self._is_bare(i, j):
                continue
            period: Period | Around = Period(days[0], days[1])
            moved = [(self.today + shift, read.get((i, j))) for shift, read in others]
            if any(then != days for _, then in moved):
                period = self._moving(days, moved) or period
            found[i] = Item("period", i, j, value=period)
        return found

    def _read_spans(self, today: date) -> dict[tuple[int, int], tuple[date | None, date | None]]:
        read = Spans(self.sheet, of_figures(self.sheet), today).read()
        return {(each.i, each.j): (each.span.first, each.span.last) for each in read}

    def _is_bare(self, i: int, j: int) -> bool:
        """A figure alone that could be a year is one only in our time."""
        key = self.sheet.key(i)
        return j - i == 1 and key.isdecimal() and not 2000 <= int(key) <= self.today.year + 1

    def _moving(self, days: Any, moved: Sequence[tuple[date, Any]]) -> Period | Around | None:
        """The period that gives these days today, and those on the other days."""
        first, last = days
        if first == self.today and last and last > first:  # the next 30 days
            many = (last - first).days + 1
            rolls = all(then and then[0] == day and then[1] for day, then in moved)
            return Period(Ago(0), Ago(-many)) if rolls else None
        candidates: list[Period | Around] = [*_AROUND]
        if first is not None:
            gone = (self.today - first).days
            months = (self.today.year - first.year) * 12 + self.today.month - first.month
            units = (("y", months // 12), ("mo", months), ("d", gone))
            for unit, count in units:
                if count:
                    candidates += [Period(Ago(count, unit), Ago(0)), Period(Ago(count, unit))]
        for each in candidates:
            if each.days(self.today) == days and all(each.days(day) == then for day, then in moved):
                return each
        for around in _AROUND:  # since last month, before this year
            begin, end = around.days(self.today)
            if begin is None or end is None:
                continue
            if days == (begin, None) and around.step <= 0:
                return Period(begin)
        return None
