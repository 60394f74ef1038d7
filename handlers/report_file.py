"""A report as a workbook: summary, deals won and lost, pipeline, team."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from exchange.writing.tables import Cell, Table
from exchange.writing.xlsx import write_xlsx
from handlers.exported import MEDIA
from handlers.pipeline import all_stages, stage_name
from handlers.reply import File
from handlers.report_figures import Report, Reporting, Side, buyer_of, money_of, worth
from handlers.turn import Turn
from language.voice import RLM
from rules.counting import Fact, count_up, grouped

MOST = 5_000
"""Deals of a sheet: while one is written, on SQLite nobody else is served."""


def workbook(turn: Turn, reporting: Reporting, report: Report) -> File:
    """The file, in its reader's language and direction."""
    book = _Workbook(turn, reporting, report)
    data = io.BytesIO()
    write_xlsx(data, book.tables(), rtl=turn.voice.rtl, made_at=turn.local)
    ending, media = MEDIA["xlsx"]
    first, last = report.now.days
    return File(
        f"report-{first}-{last}.{ending}", media, b64encode(data.getvalue()).decode("ascii")
    )


class _Workbook:
    def __init__(self, turn: Turn, reporting: Reporting, report: Report) -> None:
        self.turn, self.reporting, self.report = turn, reporting, report
        self.zone = ZoneInfo(reporting.facts.zone)

    def tables(self) -> Iterator[Table]:
        now = self.report.now
        yield Table(
            self._say("sheet_summary"), self._heads("what", "now", "before"), self._summary()
        )
        yield Table(
            self._say("sheet_closed"),
            self._heads(
                "customer", "goods", "contact", "owner", "status", "amount", "currency", "began",
                "ended", "days", "reason",
            ),
            self._closed([*now.won, *now.lost]),
        )  # fmt: skip
        yield Table(
            self._say("sheet_pipeline"),
            self._heads(
                "customer", "goods", "contact", "owner", "stage", "probability", "amount",
                "currency", "began", "close",
            ),
            self._pipeline(now.open),
        )  # fmt: skip
        yield Table(
            self._say("sheet_team"),
            self._heads(
                "owner", "won", "won_amount", "lost", "win_rate", "new", "open", "open_amount",
            ),
            self._team(now),
        )  # fmt: skip

    def _say(self, key: str) -> str:
        return self.turn.piece(key)

    def _heads(self, *names: str) -> tuple[str, ...]:
        return tuple(self._say(f"report_head_{name}") for name in names)

    def _summary(self) -> Iterator[tuple[Cell, ...]]:
        now, earlier = self.report.now, self.report.before
        for key, place in (("from", 0), ("to", 1)):
            yield self._say(f"report_head_{key}"), now.days[place], earlier.days[place]
        yield self._say("report_head_currency"), self.turn.currency, self.turn.currency
        for name in ("won", "lost", "new", "open"):
            some, was = getattr(now, name), getattr(earlier, name)
            yield self._say(f"report_head_{name}"), Decimal(len(some)), Decimal(len(was))
            yield (
                self._say(f"report_head_{name}_amount"),
                worth(self.turn, some).amount,
                worth(self.turn, was).amount,
            )
        yield self._say("report_head_win_rate"), _rate(now.win_rate), _rate(earlier.win_rate)

    def _closed(self, facts: Sequence[Fact]) -> Iterator[tuple[Cell, ...]]:
        days = {fact.id: fact for fact in facts}
        for row in islice(self.reporting.rows(facts), MOST):
            fact = days[row.id]
            yield (
                *self._whose(row), self._say(f"status_{row.status}"), *_sum(row), fact.began,
                fact.ended, Decimal(fact.days) if fact.days is not None else None, row.reason,
            )  # fmt: skip

    def _pipeline(self, facts: Sequence[Fact]) -> Iterator[tuple[Cell, ...]]:
        chances = {stage.key: Decimal(stage.probability) for stage in all_stages(self.turn)}
        for row in islice(self.reporting.rows(facts), MOST):
            stage = stage_name(self.turn, row.stage).lstrip(RLM)
            yield (
                *self._whose(row), stage, chances.get(row.stage), *_sum(row),
                self._day(row.created_at), row.close_day,
            )  # fmt: skip

    def _whose(self, row: Any) -> tuple[Cell, ...]:
        goods = " ".join(part for part in (row.quantity, row.title) if part)
        return buyer_of(row), goods or None, row.contact, row.owner

    def _team(self, now: Side) -> Iterator[tuple[Cell, ...]]:
        won, lost, new, standing = map(grouped, (now.won, now.lost, now.new, now.open))
        for name in sorted({*won, *lost, *new, *standing}):
            w, o = won.get(name, []), standing.get(name, [])
            closed = [*w, *lost.get(name, [])]
            yield (
                name, Decimal(len(w)), worth(self.turn, w).amount,
                Decimal(len(lost.get(name, []))), _rate(count_up(closed, "win_rate")),
                Decimal(len(new.get(name, []))), Decimal(len(o)), worth(self.turn, o).amount,
            )  # fmt: skip

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _sum(row: Any) -> tuple[Cell, Cell]:
    money = money_of(row)
    return (money.amount, money.currency) if money else (None, None)


def _rate(value: Fraction | None) -> Cell:
    """As a share of one, to four places."""
    return None if value is None else round(Decimal(value.numerator) / value.denominator, 4)
