"""Tasks that come in: those that are due, those that come back, those that are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.intake.links import Links
from handlers.intake.prints import fresh, keep_prints
from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, prose
from handlers.intake.sums import more
from handlers.intake.whom import Abouts
from rules.calendar import RHYTHMS, Due
from storage.bulk import Bulk
from storage.models import Task

LONGEST = 4000
DONE = ("done", "completed", "closed")

Record = Mapping[str, Any]


class Tasks:
    """Takes in tasks. One that was due already is on the agenda, but nobody is called to each."""

    def __init__(
        self, bulk: Bulk, abouts: Abouts, links: Links, report: Report,
        *, owner_id: int, now: datetime, zone: ZoneInfo, local: ZoneInfo,
    ) -> None:  # fmt: skip
        self.bulk, self.abouts, self.links, self.report = bulk, abouts, links, report
        self.owner_id, self.now, self.zone, self.local = owner_id, now, zone, local

    def take_in(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "task", records, self.report))
        rows, taken = [], []
        about = self.abouts.of([record for _, record in new])
        for (key, record), whom in zip(new, about, strict=True):
            text = prose(record.get("text"), LONGEST)
            if not text:
                self.report.refuse(record, "no_text")
                continue
            taken.append(key)
            deal = self.links.of("deal", record.get("deal_id"))
            rows.append({"text": text, "deal_id": deal, **whom, **self._task(record, owners)})
        keep_prints(self.bulk, taken)
        self.bulk.write(Task, rows)
        self.report.counts["task", "new"] += len(rows)

    def _task(self, record: Record, owners: Owners) -> dict[str, Any]:
        zone = _zone(record.get("zone")) or str(self.local)
        due = self._due(record.get("due"), zone)
        every = record.get("every") if record.get("every") in RHYTHMS and due else None
        is_done = str(record.get("status") or "").lower() in DONE
        at = due.instant(zone) if due else None
        done = moment(record.get("done_at"), self.zone) or at or self.now
        reminds = at is not None and not is_done and (at > self.now or every is not None)
        return {
            "due_day": due.day if due else None,
            "due_time": due.at if due else None,
            "zone": zone,
            "due_at": at,
            "remind_at": at if reminds else None,
            "reminded_at": None,
            "carried_day": None,
            "every": every,
            "first_day": (_day(record.get("first_day")) or (due and due.day)) if every else None,
            "status": "done" if is_done else "open",
            "owner_id": owner_of(record.get("owner"), owners, self.owner_id),
            "created_at": moment(record.get("created_at"), self.zone) or self.now,
            "done_at": done if is_done else None,
            "more": more(record),
        }

    def _due(self, said: Any, zone: str) -> Due | None:
        """A day, or a moment as the clocks of the task's zone show it."""
        try:
            if "T" not in str(said or ""):
                return Due.parse(str(said))
            at = moment(said, self.zone)
            return Due.parse(str(Due.of(at, zone))) if at else None
        except (ValueError, OverflowError):
            return None


def _zone(said: Any) -> str | None:
    try:
        return str(ZoneInfo(str(said))) if said else None
    except (ValueError, OSError):
        return None


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        return None
