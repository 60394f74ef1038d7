"""Companies that come in: those that are named by a contact or deal, and records of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select

from handlers.intake.fields import Fields
from handlers.intake.report import Report
from handlers.intake.said import Owners, keeper_of, lead_source, moment, text
from language.sounds import name_keys
from rules.reach_keys import city_key, reach_key
from storage.asking import answered, listed, made_once, one_of
from storage.base import Base
from storage.bulk import Bulk
from storage.fill import Fill
from storage.models import Company, CustomValue

REMEMBERED = 50_000
"""Companies whose numbers are kept at hand."""

COLUMNS = {"city": 100, "phone": 32, "email": 254, "source": 100}


class Companies:
    """Finds companies by their folded names, and makes those that are not there."""

    def __init__(
        self,
        bulk: Bulk,
        fill: Fill,
        fields: Fields,
        report: Report,
        *,
        owner_id: int,
        now: datetime,
        zone: ZoneInfo,
    ) -> None:
        self.bulk, self.fill, self.fields, self.report = bulk, fill, fields, report
        self.owner_id, self.now, self.zone = owner_id, now, zone
        self.placed: list[tuple[Mapping[str, Any], int]] = []
        self._ids: dict[str, int] = {}
        self._keys: dict[str, dict[str, str]] = {}

    def ids(self, names: Sequence[str | None]) -> list[int | None]:
        """The number of each company that is named."""
        keys = [self._keys_of(name) if name else None for name in names]
        wanted = {each["name_key"]: each for each in keys if each and each["name_key"]}
        self._find(wanted)
        new = [each for key, each in wanted.items() if key not in self._ids]
        self._make([{**each, **dict.fromkeys(COLUMNS)} for each in new])
        return [self._ids.get(each["name_key"]) if each else None for each in keys]

    def take_in(self, records: Sequence[Mapping[str, Any]], owners: Owners) -> None:
        read = []
        for record in records:
            name = text(record.get("name"), 200)
            keys = self._keys_of(name) if name else {"name_key": ""}
            if keys["name_key"]:
                read.append((keys, record))
            else:
                self.report.refuse(record, "no_name")
        self._find({keys["name_key"]: keys for keys, _ in read})
        fresh: dict[Any, dict[str, Any]] = {}
        own: dict[Any, dict[str, Any]] = {}
        self.placed.clear()
        whose: list[tuple[Mapping[str, Any], Any]] = []
        for keys, record in read:
            key = keys["name_key"]
            mark = (key, record["id"]) if isinstance(record.get("id"), int) else key
            said = {name: text(record.get(name), most) for name, most in COLUMNS.items()}
            said["source"] = lead_source(record)
            given = {name: each for name, each in (record.get("fields") or {}).items() if each}
            if key in self._ids:
                self._fill_in(self._ids[key], said, given)
                self.placed.append((record, self._ids[key]))
                continue
            whose.append((record, mark))
            if mark in fresh:
                self.report.counts["company", "merged"] += 1
            else:
                owner = keeper_of(record, owners, self.owner_id)
                made = moment(record.get("created_at"), self.zone) or self.now
                fresh[mark] = {**keys, **said, "owner_id": owner, "created_at": made}
                own[mark] = given
        self._make(list(fresh.values()))
        self.placed += [(record, fresh[mark]["id"]) for record, mark in whose]
        self.report.counts["company", "new"] += len(fresh)
        self.bulk.write(CustomValue, [
            {"company_id": fresh[mark]["id"], "contact_id": None, "field_id": each, **value}
            for mark, given in own.items()
            for each, value in self.fields.of(given)
        ])  # fmt: skip

    def _fill_in(self, number: int, said: Mapping[str, Any], given: Mapping[str, str]) -> None:
        row = self.fill.row("company", number)
        lacking = {key: each for key, each in said.items() if each and not row.get(key)}
        keys = {key: each for key, each in _keys(lacking).items() if each}
        changed = self.fill.columns("company", number, lacking | keys)
        there = self.fill.fields_of("company", number) if given else set()
        for field_id, value in self.fields.of(given):
            if field_id not in there:
                self.fill.part(CustomValue, company_id=number, field_id=field_id, **value)
                changed = True
        self.report.counts["company", "updated" if changed else "same"] += 1

    def _keys_of(self, name: str) -> dict[str, str]:
        """The keys of a company's name, worked out once for all its people."""
        if name not in self._keys:
            if len(self._keys) > REMEMBERED:
                self._keys.clear()
            self._keys[name] = name_keys(name)
        return self._keys[name]

    def _find(self, wanted: Mapping[str, Any]) -> None:
        if len(self._ids) > REMEMBERED:
            self._ids.clear()
        unknown = [key for key in wanted if key not in self._ids]
        if unknown:
            session = self.bulk.session
            said = {"space": self.bulk.workspace_id, "names": listed(unknown)}
            rows = answered(session, _named(session.get_bind().dialect.name), said)
            self._ids |= {row[0]: row[1] for row in rows}

    def _make(self, rows: list[dict[str, Any]]) -> None:
        for number, row in zip(self.bulk.ids(len(rows)), rows, strict=True):
            row["id"] = number
            row.setdefault("owner_id", self.owner_id)
            row.setdefault("created_at", self.now)
            row.update(_keys(row))
            self._ids[row["name_key"]] = number
        self.bulk.write(Company, rows)


def _keys(row: Mapping[str, Any]) -> dict[str, str | None]:
    """By which its city, phone and e-mail are looked up."""
    return {
        "city_key": city_key(row.get("city")),
        "phone_key": reach_key(row.get("phone")),
        "email_key": reach_key(row.get("email")),
    }


@made_once
def _named(dialect: str) -> Select[Any]:
    table = Base.metadata.tables["company"]
    oldest = func.min(table.c.id)
    rows = select(table.c.name_key, oldest).where(table.c.workspace_id == bindparam("space"))
    return rows.where(one_of(table.c.name_key, "names", dialect)).group_by(table.c.name_key)
