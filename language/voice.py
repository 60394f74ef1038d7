"""From values to words: what Rabta says, in the reader's language, with money and dates as spoken.

Every value put into a sentence is isolated (U+2068 ... U+2069) where its direction could differ,
so that a Latin name does not tear an Urdu sentence apart.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_currency, format_decimal

from language.tongues import tongues
from rules.calendar import Due
from rules.money import Money, digits

TONGUES = tuple(name for name, tongue in tongues().items() if tongue.answers == name)
"""The languages that replies are written in."""

FSI, LRI, RLI, PDI, RLM = "\u2068", "\u2066", "\u2067", "\u2069", "\u200f"
_BIDI = dict.fromkeys(
    map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
)
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), " ")

Words = Mapping[str, Mapping[str, Any]]
"""Key -> language -> sentence, or -> {"one": ..., "other": ...} where a count ``n`` decides."""


def plain(text: str) -> str:
    """What a person typed, without signs that turn the direction of what stands behind them."""
    return text.translate(_BIDI).translate(_CONTROL)


def one_line(text: str, longest: int | None = None) -> str:
    """A name or value as typed, on one line, of at most so many letters."""
    return " ".join(plain(text).split())[:longest]


def is_rtl(text: str) -> bool:
    """Whether any of it runs from right to left."""
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)


class Told(str):
    """Words of Rabta's own in the reader's language; what people wrote in them stands apart."""

    __slots__ = ()


def _turned(tongue: str) -> bool:
    """Whether a language runs from right to left."""
    return tongues()[tongue].right_to_left


def isolated(text: str, tongue: str) -> str:
    """``text`` set apart where it runs the other way than the language round it."""
    if isinstance(text, Told):
        return f"{RLI}{text.lstrip(RLM)}{PDI}" if _turned(tongue) else text
    text = plain(text)
    return f"{FSI}{text}{PDI}" if text and (_turned(tongue) or is_rtl(text)) else text


@cache
def speech() -> Mapping[str, Any]:
    """Names of days and months, parts of the day, money words."""
    return tomllib.loads(files("language").joinpath("speech.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Voice:
    """A member's language and the local moment in which they are spoken to."""

    words: Words
    tongue: str
    zone: str
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def rtl(self) -> bool:
        return _turned(self.tongue)

    def say(self, key: str, **values: Any) -> str:
        """The sentence ``key`` with its values. Raises KeyError for one that nobody wrote."""
        sentence = self.words[key][self.tongue]
        if not isinstance(sentence, str):
            sentence = sentence["one" if values.get("n") == 1 else "other"]
        shown = {name: isolated(self.show(value), self.tongue) for name, value in values.items()}
        line = str(sentence.format_map(shown))
        if sentence.startswith("{day}") and isinstance(values.get("day"), date):
            line = line[:1].upper() + line[1:]
        return (RLM if self.rtl else "") + line

    def show(self, value: Any) -> str:
        """A value as it is read aloud."""
        match value:
            case None:
                return "—"
            case str():
                return value
            case Money():
                return self.money(value)
            case Due():
                return self.due(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case time():
                return self.clock(value)
            case bool():
                return self.say("yes" if value else "no")
            case int() | float() | Decimal():
                return format_decimal(value, locale="en")
            case list() | tuple():
                return self.listed([self.show(item) for item in value])
            case _:
                return str(value)

    def apart(self, text: str) -> str:
        """What somebody wrote, fit to be put into a line by hand; ``say`` does so by itself."""
        return isolated(text, self.tongue)

    def told(self, line: str) -> Told:
        """A line put together by hand, that runs in the reader's direction, as do its pieces."""
        return Told((RLM if self.rtl else "") + line.replace(RLM, ""))

    def beside(self, *parts: str | None) -> Told:
        """``a, b, c``, without what is empty."""
        comma = speech()["list"][self.tongue][0]
        line = comma.join(self.apart(part) for part in parts if part)
        return self.told(line) if line else Told()

    def listed(self, items: Sequence[str]) -> str:
        """``a, b and c``."""
        if len(items) < 2:
            return "".join(items)
        *first, last = map(self.apart, items)
        comma, before_last = speech()["list"][self.tongue]
        return Told(comma.join(first) + before_last + last)

    def money(self, money: Money) -> str:
        """``Rs 4.8 lakh``, ``$32,000``: rupees in lakh and crore, as they are spoken of."""
        if money.currency not in speech()["lakh_currencies"]:
            whole = money.minor % 10 ** digits(money.currency) == 0
            return str(
                format_currency(
                    money.amount,
                    money.currency,
                    locale="en",
                    format="¤#,##0" if whole else None,
                    currency_digits=not whole,
                )
            )
        forms = speech()["money"][money.currency][self.tongue]
        amount = abs(money.amount)
        count, unit = grouped(amount), ""
        for name, size, finest in (("crore", 10**7, 10**4), ("lakh", 10**5, 100)):
            if amount >= size and amount * finest % size == 0:  # 4.85 lakh, 1.944 crore
                count = f"{(amount / size).normalize():f}"
                unit = f" {speech()['units'][name][self.tongue]}"
                break
        if money.minor >= 0:
            return str(forms.format(f"{count}{unit}"))
        if self.rtl:  # else the sign would stand behind its number
            return Told(forms.format(f"{LRI}-{count}{PDI}{unit}"))
        return "-" + str(forms.format(f"{count}{unit}"))

    def sum(self, money: Money, *, rough: bool = False) -> str:
        """As a sum is spoken of: from a crore on with two digits behind the point, 1.94 crore;
        ``rough``: from a lakh on."""
        size = 10 ** (7 + digits(money.currency))
        if rough and abs(money.minor) < size:
            size //= 100
        if money.currency in speech()["lakh_currencies"] and abs(money.minor) >= size:
            step = size // 100
            steps = (2 * abs(money.minor) + step) // (2 * step)
            money = Money(steps * step * (1 if money.minor > 0 else -1), money.currency)
        return self.money(money)

    def whole_sum(self, money: Money) -> str:
        """With what that leaves out behind it: ``Rs 1.94 crore (19,440,321)``."""
        spoken = self.sum(money)
        exact = spoken == self.money(money)
        return spoken if exact else self.told(f"{spoken} ({grouped(money.amount)})").strip(RLM)

    def exact_money(self, money: Money) -> str:
        """As in a card, so that a misreading is seen at once: ``Rs 4.8 lakh (480,000)``."""
        spoken = self.money(money)
        digits_too = grouped(money.amount)
        return spoken if digits_too in spoken else f"{spoken} ({digits_too})"

    def clock(self, at: time) -> str:
        """``3 pm``, ``3:30 pm``; in Urdu with the part of the day."""
        hour = at.hour % 12 or 12
        shown = f"{hour}:{at.minute:02}" if at.minute else f"{hour}"
        if at.second:
            shown = f"{hour}:{at.minute:02}:{at.second:02}"
        for until, form in speech()["clock"][self.tongue]:
            if at.hour < until:
                return str(form.format(shown))
        raise AssertionError(at)  # pragma: no cover - the table ends at 24

    def day(self, day: date) -> str:
        """``Friday 27 Nov``, with the year where it is far off, and today, tomorrow, yesterday."""
        words = speech()
        near = words["near"][self.tongue].get(str((day - self.today).days))
        weekday = words["weekdays"][self.tongue][day.weekday()]
        month = words["months"][self.tongue][day.month - 1]
        shown = words["day"][self.tongue].format(weekday=weekday, day=day.day, month=month)
        if abs((day - self.today).days) > 180:
            shown += f" {day.year}"
        return words["list"][self.tongue][0].join([near, shown]) if near else str(shown)

    def full_day(self, day: date) -> str:
        """``27 Nov 2026``, wherever it is."""
        words = speech()
        return f"{day.day} {words['months'][self.tongue][day.month - 1]} {day.year}"

    def month(self, number: int) -> str:
        return str(speech()["months"][self.tongue][number - 1])

    def weekday(self, number: int) -> str:
        """From Monday, which is 0."""
        return str(speech()["weekdays"][self.tongue][number])

    def due(self, due: Due) -> str:
        if due.at is None:
            return self.day(due.day)
        comma = speech()["list"][self.tongue][0]
        return f"{self.day(due.day)}{comma}{self.clock(due.at)}"

    def moment(self, moment: datetime) -> str:
        local = moment.astimezone(ZoneInfo(self.zone))
        return self.due(Due(local.date(), local.time().replace(second=0, microsecond=0)))


def grouped(amount: Decimal) -> str:
    """``480,000`` or ``480,000.50``."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def load_words(package: str, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The replies of some words files as one table. Raises ValueError where two claim one key."""
    words: dict[str, dict[str, Any]] = {}
    for name in names:
        content = tomllib.loads(files(package).joinpath(f"{name}.toml").read_text("utf-8"))
        for key, sentence in content.get("replies", {}).items():
            if key in words:
                raise ValueError(name, key, "is said elsewhere too")
            words[key] = sentence
    return words
