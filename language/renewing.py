"""Messages about contracts: what was agreed, renewed, cancelled, and which come up for renewal.

``Nishat has a yearly contract of 12 lakh, renews 1 March``, ``nishat ne renew kar diya``, ``نشاط نے
کنٹریکٹ کینسل کر دیا، مہنگا تھا``. One is such a message only where all of its words are, but for a
name, sums, days and a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta

from language.action import Action
from language.amounts import Amount, plain, read_sum
from language.dates import read_moment
from language.days import read_length
from language.dealing import is_who
from language.figures.phrases import phrases
from language.figures.spans import Spans
from language.moments import Look, Moment
from language.numbers import read_number
from language.phrasebook import Mark, Phrasebook, words_in
from language.settling import settle
from language.sheet import Sheet, lay_out
from language.values import slot_of_name

LONGEST = 40
"""Tokens of such a message at most."""

TOPICS = ("contract", "contracts", "renewals", "renews", "renewed", "not_renewed", "gone", "notice",
          "pays")  # fmt: skip
"""What such a message is about; one of them is in it."""

MONTHS = {"month": 1, "quarter": 3, "year": 12}
LONGEST_TERM = 120
"""Months of a contract at most."""

SOONEST, LATEST = 1, 365
"""Days before a renewal for which a reminder can be set."""

_BOOK = Phrasebook(lambda: words_in("renewing").items(), TOPICS)
_YEAR = re.compile(r"(19|20)\d\d")
_SIGNS = frozenset(",:;\"'“”‘’()-=.!?؟،۔/–—")
_PAUSES = frozenset(",;،-–—:.")


def read_renewing(sheet: Sheet, today: date) -> list[Action]:
    """Such a wish; nothing for a message that is about anything else."""
    if not 0 < len(sheet.tokens) <= LONGEST or not _BOOK.may_be_in(sheet.forms):
        return []
    for said in _readings(sheet, today):
        found = _action(said)
        if found:
            return [found]
    return []


def _action(said: _Said) -> Action | None:
    if said.count is not None and said.is_notice and said.name is None:
        days = said.count
        return Action("contract.notice", {"days": days}) if SOONEST <= days <= LATEST else None
    if said.count is not None:
        return None
    whom = {"contact": said.name} if said.name else {}
    if said.has("not_renewed") or (said.has("cancelled") and not said.asks):
        return _cancelled(said, whom)
    if said.asks or said.has("contracts", "renewals", "gone"):
        return _asked(said, whom)
    if said.has("renewed"):
        told = said.terms("renews")
        return Action("contract.renew", {**whom, **told}) if whom or said.has("them") else None
    told = said.terms("renews")
    if not whom or not told:
        if whom and said.has("contract", "renews") and not (told or said.has("has")):
            return Action("contract.show", whom)
        return None
    if not (said.months or said.has("renews", "ends", "begins", "begun")):
        return None  # a contract that was signed for a sum may be a deal that was won
    pays = said.has("pays") and bool(said.amounts) and bool(said.months)
    if not (said.has("contract") or pays) and "renews" not in told:
        return None
    if said.has("remind"):
        return None  # "remind me to renew the insurance on friday" is a task
    if said.has("another"):
        told["another"] = True
    return Action("contract.add", {**_party(said), **told})


def _party(said: _Said) -> dict[str, Any]:
    """Who may be new: a company where the name says that it is one."""
    return {slot_of_name(said.name or "") or "contact": said.name}


def _cancelled(said: _Said, whom: dict[str, Any]) -> Action | None:
    if not said.has("contract", "renews", "renewals", "not_renewed"):
        return None
    if not (whom or said.has("them")) or said.amounts or (said.asks and not said.reason):
        return None
    told: dict[str, Any] = dict(whom)
    if said.day:
        told["on"] = said.day
    if said.reason:
        told["reason"] = said.reason
    return Action("contract.cancel", told)


def _asked(said: _Said, whom: dict[str, Any]) -> Action | None:
    if said.amounts:
        return None
    if whom:
        return Action("contract.show", whom) if not said.span else None
    slots: dict[str, Any] = {}
    if said.span:
        slots |= {"first": said.span[0], "last": said.span[1]}
    if said.has("gone", "cancelled"):
        slots["state"] = "cancelled"
    elif said.has("renewals", "renews", "ends"):
        slots["state"] = "renewing"
    if said.has("mine"):
        slots["mine"] = True
    return Action("contract.list", slots)


@dataclass
class _Said:
    """What the words of a message are: senses, a name, days, sums, a length, a reason."""

    sheet: Sheet
    today: date
    marks: list[Mark]
    end: int
    reason: str = ""
    days: list[tuple[int, int, str]] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    lengths: list[tuple[int, int, int]] = field(default_factory=list)
    span: tuple[str, str] | None = None
    count: int | None = None
    name: str | None = None

    @property
    def senses(self) -> frozenset[str]:
        return frozenset(sense for i, _, some in self.marks if i < self.end for sense in some)

    def has(self, *senses: str) -> bool:
        return not self.senses.isdisjoint(senses)

    @property
    def asks(self) -> bool:
        """By a word of asking, or as it begins: "is Nishat's contract renewed"."""
        begins = any(i == 0 and "opens" in some for i, _, some in self.marks)
        return self.has("question") or begins

    @property
    def is_notice(self) -> bool:
        """Whether it is said when somebody is to be told of a renewal."""
        return self.has("notice") or (self.has("remind") and self.has("renews", "renewals"))

    @property
    def day(self) -> str | None:
        """The day that is not the one on which it began."""
        return next((day for i, j, day in self.days if not self.begins(i, j)), None)

    @property
    def began(self) -> str | None:
        return next((day for i, j, day in self.days if self.begins(i, j)), None)

    def begins(self, i: int, j: int) -> bool:
        """Whether it is said, before a day or behind it, that something begins on it."""
        ahead = {sense for _, b, some in self.marks if b == i for sense in some}
        behind = {sense for a, _, some in self.marks if a == j for sense in some}
        near = ahead if self.sheet.verb_first else ahead | behind
        return not near.isdisjoint({"begins", "begun"}) and near.isdisjoint({"ends", "renews"})

    @property
    def months(self) -> int | None:
        said = {
            int(sense.partition(":")[2])
            for i, _, some in self.marks if i < self.end
            for sense in some if sense.startswith("months:")
        }  # fmt: skip
        long = [months for _, _, months in self.lengths]
        return long[0] if long else max(said, default=None)

    def terms(self, day: str) -> dict[str, Any]:
        """What is told of the contract itself."""
        told: dict[str, Any] = {}
        if self.amounts:
            told["amount"] = plain(self.amounts[0].value)
            if self.amounts[0].currency:
                told["currency"] = self.amounts[0].currency
        if self.months:
            told["months"] = self.months
        if self.day:
            told[day] = self.day
        if self.began:
            told["began"] = self.began
        return told


def read_term(text: str) -> int | None:
    """The months that a text says: "12", "yearly", "2 years", "سالانہ"; None for none."""
    if text.strip().isdecimal():
        return int(text)
    sheet = lay_out(text[:60])
    marks = _BOOK.marks(sheet.forms)
    said = _Said(sheet, date.min, marks, len(sheet.tokens))
    for at in range(len(sheet.tokens)):
        length = read_length(sheet, at)
        if length and length[0][1] in MONTHS:
            return round(length[0][0] * MONTHS[length[0][1]])
    return said.months


def _readings(sheet: Sheet, today: date) -> Iterator[_Said]:
    """The message with its reason cut off, in the ways in which one may be told; then whole."""
    marks = _BOOK.marks(sheet.forms)
    for begin, end, reason in _reasons(sheet, marks):
        said = _taken_apart(sheet, today, marks, begin, end)
        if said and said.has(*TOPICS):
            said.reason = reason
            yield said


def _reasons(sheet: Sheet, marks: list[Mark]) -> Iterator[tuple[int, int, str]]:
    """Where a reason may stand: after "because", before "ki wajah se", after a pause."""
    size = len(sheet.tokens)
    gone = [j for _, j, some in marks if not some.isdisjoint({"cancelled", "not_renewed"})]
    yield 0, size, ""
    if not gone:
        return
    for i, j, some in marks:
        if "because" in some and i and j < size:
            yield 0, i, _text(sheet, j, size)
        if "because_behind" in some and i:
            yield j, size, _text(sheet, 0, i)
    for at in range(min(gone), size - 1):
        if sheet.key(at) in _PAUSES:
            yield 0, at, _text(sheet, at + 1, size)


def _text(sheet: Sheet, i: int, j: int) -> str:
    return sheet.said(i, j).strip(" .:,،۔-–—\"'“”‘’()")


def _taken_apart(
    sheet: Sheet, today: date, marks: list[Mark], begin: int, end: int
) -> _Said | None:
    """None where words are left that can be no name."""
    inside = [mark for mark in marks if begin <= mark[0] and mark[1] <= end]
    said = _Said(sheet, today, inside, end)
    taken: set[int] = set()
    if said.asks or said.has("contracts", "renewals", "gone"):
        taken |= _take_span(said, begin, end)
    if said.span is None:
        taken |= _take_values(said, begin, end)
    glue = {at for i, j, _ in inside for at in range(i, j)}
    left = [
        at for at in range(begin, end)
        if at not in taken and at not in glue and sheet.key(at) not in (*_SIGNS, "'s")
    ]  # fmt: skip
    if not left:
        return said
    if left[-1] - left[0] + 1 != len(left) or not is_who(sheet, left[0], left[-1] + 1):
        return None
    said.name = sheet.said(left[0], left[-1] + 1).strip("\"'“”‘’()")
    return said


def _take_span(said: _Said, begin: int, end: int) -> set[int]:
    """The time that a question is about."""
    ahead = not said.has("gone", "cancelled")
    found = Spans(said.sheet, phrases(said.sheet), said.today, ahead=ahead).read()
    inside = [each for each in found if begin <= each.i and each.j <= end]
    if len(inside) != 1:
        return set()
    span = inside[0].span
    first, last = span.first or span.last, span.last or span.first
    if first is None or last is None:
        return set()
    said.span = (first.isoformat(), last.isoformat())
    return set(range(inside[0].i, inside[0].j))


def _take_values(said: _Said, begin: int, end: int) -> set[int]:
    """Days, lengths of time, sums and a count of days, in this order at each place."""
    sheet = said.sheet
    taken: set[int] = set()
    look: Look = "back" if said.has("cancelled", "not_renewed") else "ahead"
    at = begin
    while at < end:
        j = at + 1
        counted = read_number(sheet, at) if said.is_notice else None
        if counted and _days_follow(said, counted.j):
            said.count = int(counted.value)
            taken |= set(range(at, counted.j))
            j = counted.j
        elif any(i == at and _is_whole(some) for i, _, some in said.marks):
            j = max(j for i, j, some in said.marks if i == at)
        elif month := _month(said, at, look):
            said.days.append((at, month[0], month[1]))
            taken |= set(range(at, month[0]))
            j = month[0]
        elif (found := read_moment(sheet, at)) and found.moment and found.moment.has_day:
            day = _day(said, at, found.j, found.moment, look)
            if day:
                said.days.append((at, found.j, day))
                taken |= set(range(at, found.j))
                j = found.j
        elif (length := read_length(sheet, at)) and length[0][1] in MONTHS:
            months = round(length[0][0] * MONTHS[length[0][1]])
            if 1 <= months <= LONGEST_TERM:
                said.lengths.append((at, length[1], months))
                taken |= set(range(at, length[1]))
                j = length[1]
        elif (amount := read_sum(sheet, at)) and amount.value > 0 and amount.j <= end:
            said.amounts.append(amount)
            taken |= set(range(at, amount.j))
            j = amount.j
        at = max(j, at + 1)
    return taken


def _month(said: _Said, at: int, look: Look) -> tuple[int, str] | None:
    """A month up to which something goes, and where the next word begins: "until March", "march
    2027 tak" is its last day."""
    month = said.sheet.value(at, "month")
    if month is None or not month.isdecimal():
        return None
    j = at + said.sheet.size(at)
    year = int(said.sheet.key(j)) if _YEAR.fullmatch(said.sheet.key(j)) else None
    j += year is not None
    ends = [(i, k) for i, k, some in said.marks if "ends" in some]
    if not any(at == k or j == i for i, k in ends):
        return None
    day = _day(said, at, j, Moment(day=1, month=int(month), year=year), look)
    if day is None:
        return None
    return j, (date.fromisoformat(day) + relativedelta(months=1, days=-1)).isoformat()


def _is_whole(some: frozenset[str]) -> bool:
    """Whether no number in such a phrase is a sum: "monthly", "ek aur saal ke liye sign kiya"."""
    return "renewed" in some or any(sense.startswith("months:") for sense in some)


def _days_follow(said: _Said, at: int) -> bool:
    return any(i == at and "days" in some for i, _, some in said.marks)


def _day(said: _Said, i: int, j: int, moment: Moment, look: Look) -> str | None:
    """A day that names no year: of a beginning the nearest one, unless it is said that it was."""
    now = datetime.combine(said.today, time(12), UTC)
    begun = said.has("begun")
    if not said.begins(i, j):
        found = settle(moment, now, look)
        return found[:10] if found else None
    looks: tuple[Look, ...] = ("back",) if begun else ("back", "ahead")
    both = [settle(moment, now, each) for each in looks]
    days = [date.fromisoformat(each[:10]) for each in both if each]
    nearest = min(days, key=lambda day: abs((day - said.today).days), default=None)
    return nearest.isoformat() if nearest else None
