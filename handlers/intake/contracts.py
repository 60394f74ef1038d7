"""Contracts as they come in: for how long, for how much, and when they renew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.intake.prints import fresh, keep_prints
from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, prose, text
from handlers.intake.sums import is_unread, minor, more
from handlers.intake.whom import Abouts
from language.folding import fold
from language.renewing import read_term
from rules.contracts import LONGEST, later, terms_between
from storage.bulk import Bulk
from storage.contracts import CANCELLED, RUNNING
from storage.models import Contract

Record = Mapping[str, Any]

YEARLY = 12
OVER = (
    "cancelled", "canceled", "ended", "expired", "lapsed", "terminated", "churned", "inactive",
    "closed", "lost",
)  # fmt: skip


class Contracts:
    """Takes in contracts. One with a renewal day that has gone by runs until somebody says
    otherwise."""

    def __init__(
        self, bulk: Bulk, abouts: Abouts, report: Report,
        *, owner_id: int, now: datetime, zone: ZoneInfo, local: ZoneInfo, currency: str,
    ) -> None:  # fmt: skip
        self.bulk, self.abouts, self.report = bulk, abouts, report
        self.owner_id, self.now, self.zone = owner_id, now, zone
        self.currency, self.today = currency, now.astimezone(local).date()

    def take_in(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "contract", records, self.report))
        told, taken = [], []
        for key, record in new:
            row = self._read(record, owners)
            if row is not None:
                told.append((record, row))
                taken.append(key)
        about = self.abouts.of([record for record, _ in told])
        rows = []
        for (record, row), whom in zip(told, about, strict=True):
            if whom["contact_id"] is None and whom["company_id"] is None:
                self.report.refuse(record, "about_nobody")
                continue
            rows.append({**whom, **row})
        keep_prints(self.bulk, taken)
        self.bulk.write(Contract, rows)
        self.report.counts["contract", "new"] += len(rows)

    def _read(self, record: Record, owners: Owners) -> dict[str, Any] | None:
        """The values of its row; None, and told why, for what is none."""
        if is_unread(record):
            self.report.refuse(record, "amount")
            return None
        try:
            amount = minor(
                record.get("amount"), record.get("currency"), self.currency, "amount_minor"
            )
        except ValueError:
            self.report.refuse(record, "amount")
            return None
        months = _months(record.get("months"))
        began, renews = _day(record.get("began")), _day(record.get("renews"))
        if months is None or (began is None and renews is None):
            self.report.refuse(record, "contract")
            return None
        ended = _day(record.get("ended"))
        gone = ended is not None or fold(str(record.get("status") or "")) in OVER
        renews = renews or self._next(began or self.today, months)
        so_far = terms_between(began, renews, months) if began else 0
        renewals = _count(record.get("renewals"), so_far)
        return {
            "title": text(record.get("title"), 300), **amount, "months": months,
            "began_on": began, "renews_on": renews, "renewals": renewals,
            "known_renewals": min(renewals, _count(record.get("known_renewals"), renewals)),
            "status": CANCELLED if gone else RUNNING,
            "ended_on": (ended or min(renews, self.today)) if gone else None,
            "reason": prose(record.get("reason")) if gone else None,
            "owner_id": owner_of(record.get("owner"), owners, self.owner_id),
            "created_at": moment(record.get("created_at"), self.zone) or self.now,
            "more": more(record, **({"note": record["note"]} if record.get("note") else {})),
        }  # fmt: skip

    def _next(self, began: date, months: int) -> date:
        terms = 1
        while later(began, months, terms) <= self.today:
            terms += 1
        return later(began, months, terms)


def _months(said: Any) -> int | None:
    """As a number, or in words; a year where nothing is told."""
    if said in (None, ""):
        return YEARLY
    months = said if isinstance(said, int) else read_term(str(said))
    return months if months is not None and 1 <= months <= LONGEST else None


def _count(said: Any, usual: int) -> int:
    try:
        return max(0, int(said))
    except (TypeError, ValueError):
        return usual


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        return None
