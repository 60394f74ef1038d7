"""Rules of the score, and of whose new leads are, as they come in with an export. What is here
already stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, text
from handlers.scoring import new_rule
from language.folding import fold
from rules.assigning import KINDS as LEAD_KINDS
from rules.assigning import MOST as MOST_TURNS
from rules.reach_keys import city_key
from rules.scoring import KINDS, MOST
from storage import queries
from storage.bulk import Bulk
from storage.models import CustomField, LeadRule, ScoreRule
from storage.scores import BASE

Record = Mapping[str, Any]


class Selection:
    """Takes in what leads are chosen by, for whoever ``may`` say it: a manager, an owner, the
    operator."""

    def __init__(
        self, bulk: Bulk, report: Report, *, by_id: int, now: datetime, zone: ZoneInfo, may: bool
    ) -> None:
        self.bulk, self.report, self.by_id = bulk, report, by_id
        self.now, self.zone, self.may = now, zone, may

    def take_in_score_rules(self, records: Sequence[Record], owners: Owners) -> None:
        space = self.bulk.workspace_id
        here = select(ScoreRule).where(ScoreRule.workspace_id == space)
        known = {_score_key(vars(row)) for row in self.bulk.session.scalars(here)}
        made = select(CustomField).where(CustomField.workspace_id == space)
        fields = {field.key: field.id for field in self.bulk.session.scalars(made)}
        self._take_in(
            records, lambda record: self._score_rule(record, owners, fields), ScoreRule,
            _score_key, known,
        )  # fmt: skip

    def take_in_lead_rules(self, records: Sequence[Record], owners: Owners) -> None:
        space = self.bulk.workspace_id
        here = select(LeadRule).where(LeadRule.workspace_id == space)
        known = {_lead_key(vars(row)) for row in self.bulk.session.scalars(here)}
        team = {fold(each.name): each.id for each in queries.members(self.bulk.session, space)}
        self._take_in(
            records, lambda record: self._lead_rule(record, owners, team), LeadRule, _lead_key,
            known,
        )  # fmt: skip

    def _lead_rule(self, record: Record, owners: Owners, team: Mapping[str, int]) -> dict[str, Any]:
        """The values of its row, with whom of its members is here. Raises ValueError and the like
        for what is no rule, or names nobody."""
        kind, value = record["kind"], str(record.get("value") or "")
        said = [owners.get(str(name)) or team.get(fold(str(name))) for name in record["members"]]
        members = list(dict.fromkeys(number for number in said if number))[:MOST_TURNS]
        if kind not in LEAD_KINDS or not members or bool(value) == (kind == "all"):
            raise ValueError(kind)
        if kind == "amount" and not value.isdecimal():
            raise ValueError(value)
        key = city_key(value) or "" if kind == "city" else fold(value)
        return {
            "kind": kind, "value": text(value, 100) or "", "key": key[:100], "member_ids": members,
            "by_id": owner_of(record.get("by"), owners, self.by_id),
            "created_at": moment(record.get("created_at"), self.zone) or self.now,
        }  # fmt: skip

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
            name = str(record["type"])
            if not self.may:
                self.report.refuse(record, "not_yours")
                continue
            try:
                row = read(record)
            except (KeyError, ValueError, TypeError):
                self.report.refuse(record, name)
                continue
            is_known = key(row) in known
            self.report.counts[name, "same" if is_known else "new"] += 1
            if not is_known:
                known.add(key(row))
                new.append(row)
        self.bulk.write(kind, new)

    def _score_rule(
        self, record: Record, owners: Owners, fields: Mapping[str, int]
    ) -> dict[str, Any]:
        """The values of its row. Raises ValueError and the like for what is no rule."""
        kind, value, points = record["kind"], str(record.get("value") or ""), int(record["points"])
        if kind not in (*KINDS, BASE) or abs(points) > MOST or bool(value) == (kind == BASE):
            raise ValueError(kind)
        if kind in ("silent", "amount") and not value.isdecimal():
            raise ValueError(value)
        field = fields[record["field"]] if kind == "own" else 0
        key = new_rule(kind, value, points, field).name[2]
        return {
            "kind": kind, "field_id": field, "value": text(value, 100) or "", "key": key[:100],
            "points": points, "by_id": owner_of(record.get("by"), owners, self.by_id),
            "created_at": moment(record.get("created_at"), self.zone) or self.now,
        }  # fmt: skip


def _lead_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["kind"], row["key"]


def _score_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["kind"], row["field_id"], row["key"]
