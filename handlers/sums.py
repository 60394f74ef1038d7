"""Sums of amounts in several currencies: in the workspace's, at dated rates, and told how.

What no rate is known for is left out and counted as left out; it is never taken for nothing, nor
for as many rupees as it has dollars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from handlers.reply import Button, Line
from handlers.turn import Turn
from rules.money import Money
from rules.rates import Quote, plain
from storage.models import Deal
from storage.rates import Rates


@dataclass(frozen=True, slots=True)
class Amount:
    """What ``n`` deals are worth together, at the rate of a day. ``key`` tells them from others."""

    money: Money
    day: date
    key: Hashable
    n: int = 1


class Sums:
    """Sums for one answer."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.rates = Rates(turn.session, turn.workspace.id)
        self.left_out: dict[str, dict[Hashable, int]] = defaultdict(dict)

    def total(self, amounts: Iterable[Amount]) -> Money | None:
        """Rounded once, at the end; None where there is nothing but what was left out."""
        total, counted, left = Fraction(0), False, False
        for amount in amounts:
            money = amount.money
            value = self.rates.worth(money.minor, money.currency, self.turn.currency, amount.day)
            if value is None:
                self.left_out[money.currency][amount.key] = amount.n
                left = True
            else:
                total, counted = total + value, True
        return Money(round(total), self.turn.currency) if counted or not left else None

    def said(self, amounts: Iterable[Amount]) -> str:
        total = self.total(amounts)
        return self.turn.voice.sum(total) if total else "—"

    def deals(self, deals: Iterable[Deal]) -> str:
        return self.said(self.of(deals))

    def of(self, deals: Iterable[Deal]) -> Iterator[Amount]:
        """What deals count for: a closed one on its day, an open one today."""
        for deal in deals:
            if deal.amount:
                day = self.turn.local_day(deal.closed_at) if deal.closed_at else self.turn.today
                yield Amount(deal.amount, day, deal.id)

    @property
    def notes(self) -> tuple[Line, ...]:
        """Which rates were used, and what was left out for want of one."""
        left_out = {code: sum(many.values()) for code, many in self.left_out.items()}
        return rate_notes(self.turn, self.rates, left_out)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return rate_buttons(self.turn, self.rates)


def rate_notes(turn: Turn, rates: Rates, left_out: Mapping[str, int]) -> tuple[Line, ...]:
    """How amounts in other currencies were counted, and how many were not."""
    lines = []
    if rates.used:
        lines.append(turn.say("rates_used", rates=turn.voice.beside(*_used(turn, rates.used))))
    for code, n in sorted(left_out.items()):
        if n:
            day = turn.voice.full_day(rates.missing.get(code, turn.today))
            line = turn.say("left_out", n=n, currency=code, day=day)
            lines.append(f"{line} {turn.say('left_out_next', currency=code, base=turn.currency)}")
    return tuple(Line(line, quiet=True) for line in lines)


def rate_buttons(turn: Turn, rates: Rates) -> tuple[Button, ...]:
    """For whoever may tell a rate: a button that asks for each that is missing."""
    if not turn.member.may("manager"):
        return ()
    return tuple(
        turn.button(
            "rate_missing_button",
            "rate.set",
            label_values={"currency": code},
            currency=code,
            day=day.isoformat(),
        )
        for code, day in sorted(rates.missing.items())[:3]
    )


def _used(turn: Turn, used: Iterable[Quote]) -> Iterator[str]:
    """ "USD at 278.50 of 1 Nov"; of many days the lowest and highest."""
    by_pair: dict[tuple[str, str], list[Quote]] = defaultdict(list)
    for quote in sorted(used):
        by_pair[quote.currency, quote.base].append(quote)
    for (code, base), quotes in sorted(by_pair.items()):
        if len(quotes) == 1:
            yield rate_told(turn, quotes[0])
            continue
        low, high = (plain(pick(quote.rate for quote in quotes)) for pick in (min, max))
        yield turn.say(
            "rates_between",
            currency=code,
            low=low,
            high=high if base == turn.currency else f"{high} {base}",
            n=len(quotes),
            first=turn.voice.full_day(quotes[0].day),
            last=turn.voice.full_day(quotes[-1].day),
        )


def rate_told(turn: Turn, quote: Quote) -> str:
    rate = plain(quote.rate)
    shown = rate if quote.base == turn.currency else f"{rate} {quote.base}"
    day = turn.voice.full_day(quote.day)
    return turn.voice.told(turn.say("rate_used", currency=quote.currency, rate=shown, day=day))


def worth_here(turn: Turn, deal: Deal) -> tuple[Line, ...]:
    """What a deal in another currency counts for, and at which rate."""
    sums = Sums(turn)
    total = sums.total(sums.of((deal,)))
    counts = (Line(turn.say("counts_as", amount=total), quiet=True),) if total else ()
    return (*counts, *sums.notes)
