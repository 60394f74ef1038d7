"""Goals, working days and segments as they come in with an export. What is here stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, prose, text
from language.folding import fold
from rules.calendar import WEEKDAYS
from rules.segments import parse, printed
from storage.bulk import Bulk
from storage.goals import MEASURES, RHYTHMS
from storage.models import Feedback, Goal, Segment, WorkWeek
from storage.progress import CONTACTS

Record = Mapping[str, Any]


class Agreed:
    """Takes in goals and weeks for whoever ``may`` set them: a manager, an owner, the operator."""

    def __init__(
        self, bulk: Bulk, report: Report, *, by_id: int, now: datetime, zone: ZoneInfo, may: bool
    ) -> None:
        self.bulk, self.report, self.by_id = bulk, report, by_id
        self.now, self.zone, self.may = now, zone, may

    def take_in_goals(self, records: Sequence[Record], owners: Owners) -> None:
        here = select(Goal).where(Goal.workspace_id == self.bulk.workspace_id)
        known = {_goal_key(vars(row)) for row in self.bulk.session.scalars(here)}
        self._take_in(records, lambda record: self._goal(record, owners), Goal, _goal_key, known)

    def take_in_weeks(self, records: Sequence[Record]) -> None:
        here = select(WorkWeek).where(WorkWeek.workspace_id == self.bulk.workspace_id)
        known = {_week_key(vars(row)) for row in self.bulk.session.scalars(here)}
        self._take_in(records, self._week, WorkWeek, _week_key, known)

    def take_in_segments(self, records: Sequence[Record], owners: Owners) -> None:
        here = select(Segment).where(Segment.workspace_id == self.bulk.workspace_id)
        known = {_segment_key(vars(row)) for row in self.bulk.session.scalars(here)}
        self._take_in(
            records, lambda record: self._segment(record, owners), Segment, _segment_key, known
        )

    def take_in_feedback(self, records: Sequence[Record], owners: Owners) -> None:
        here = select(Feedback).where(Feedback.workspace_id == self.bulk.workspace_id)
        known = {_feedback_key(vars(row)) for row in self.bulk.session.scalars(here)}
        self._take_in(
            records, lambda record: self._feedback(record, owners), Feedback, _feedback_key, known
        )

    def _take_in(
        self,
        records: Sequence[Record],
        read: Callable[[Record], dict[str, Any]],
        kind: Any,
        key: Callable[[Mapping[str, Any]], tuple[Any, ...]],
        known: set[tuple[Any, ...]],
    ) -> None:
        new = []
        for record in records:
            if not self.may:
                self.report.refuse(record, "not_yours")
                continue
            try:
                row = read(record)
            except (KeyError, ValueError, TypeError, InvalidOperation):
                self.report.refuse(record, str(record["type"]))
                continue
            if key(row) in known:
                self.report.counts[str(record["type"]), "same"] += 1
                continue
            known.add(key(row))
            new.append(row)
        self.bulk.write(kind, new)
        for name in {str(record["type"]) for record in records}:
            self.report.counts[name, "new"] += len(new)

    def _goal(self, record: Record, owners: Owners) -> dict[str, Any]:
        """The values of its row. Raises ValueError and the like for what is no goal."""
        kind, every = record.get("kind"), record.get("every")
        last = record.get("last_day")
        target = Decimal(str(record["target"]))
        fits = record["measure"] in MEASURES and (kind is None or kind in CONTACTS)
        if not (fits and target.is_finite() and target > 0 and (every in RHYTHMS or last)):
            raise ValueError(record["measure"])
        active = record.get("active") is not False
        return {
            "measure": record["measure"], "kind": kind, "target": f"{target:f}",
            "currency": text(record.get("currency"), 3),
            "member_id": owner_of(record["owner"], owners, self.by_id)
            if record.get("owner") else None,
            "every": every, "first_day": date.fromisoformat(record["first_day"]),
            "last_day": date.fromisoformat(last) if last else None,
            "by_id": owner_of(record.get("by"), owners, self.by_id), "active": active,
            "created_at": moment(record.get("created_at"), self.zone) or self.now,
            "check_at": self.now if active else None, "state": None, "state_of": None,
        }  # fmt: skip

    def _segment(self, record: Record, owners: Owners) -> dict[str, Any]:
        """The values of its row. Raises ValueError for a query that cannot be read."""
        name = text(record["name"], 80)
        if not name:
            raise ValueError(name)
        return {
            "name": name, "name_key": fold(name)[:80], "query": printed(parse(record["query"])),
            "owner_id": owner_of(record.get("owner"), owners, self.by_id),
            "shared": record.get("shared") is True, "check_at": None, "looked_on": None,
            "seen_change": 0,
            "created_at": moment(record.get("created_at"), self.zone) or self.now,
        }  # fmt: skip

    def _feedback(self, record: Record, owners: Owners) -> dict[str, Any]:
        """The values of its row. Raises KeyError, ValueError for what says nothing."""
        said = prose(record["text"], 2000)
        if not said:
            raise ValueError(record["text"])
        by = record.get("by")
        return {
            "text": said, "at": moment(record.get("at"), self.zone) or self.now,
            "by_id": owner_of(by, owners, self.by_id) if by else None,
        }  # fmt: skip

    def _week(self, record: Record) -> dict[str, Any]:
        worked = {WEEKDAYS.index(day) for day in str(record["worked"]).split()}
        first, last = record.get("first_day"), record.get("last_day")
        return {
            "days": "".join("01"[day in worked] for day in range(7)),
            "name": text(record.get("name"), 60),
            "first_day": date.fromisoformat(first) if first else None,
            "last_day": date.fromisoformat(last) if last else None,
            "created_at": moment(record.get("created_at"), self.zone) or self.now,
        }  # fmt: skip


def _goal_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    names = ("measure", "kind", "member_id", "every", "first_day", "last_day", "active")
    return tuple(row[name] for name in names)


def _segment_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["owner_id"], row["name_key"]


def _week_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["first_day"], row["last_day"]


def _feedback_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["text"], row["at"]
