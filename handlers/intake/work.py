"""Deals and activities that come in: each once, however often its file comes again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select

from handlers.intake.companies import Companies
from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, text
from handlers.intake.stages import Stages
from language.sounds import name_keys
from rules.money import Money
from storage.asking import answered, listed, made_once, one_of
from storage.base import Base
from storage.brought import SourceRecord
from storage.bulk import Bulk
from storage.models import Activity, Contact, Deal, DealMove

ACTIVITIES = ("call", "meeting", "email", "message", "visit", "note")
BESIDE = ("source", "phones_as_written")
"""What tells where a record stands in its file, and nothing of what it says."""

Record = Mapping[str, Any]


class Work:
    """Takes in deals and activities; whom they are about is found by name, or made."""

    def __init__(
        self, bulk: Bulk, companies: Companies, stages: Stages, report: Report,
        *, owner_id: int, now: datetime, zone: ZoneInfo, currency: str, local: ZoneInfo,
    ) -> None:  # fmt: skip
        self.bulk, self.companies, self.stages, self.report = bulk, companies, stages, report
        self.owner_id, self.now, self.currency = owner_id, now, currency
        self.zone, self.local = zone, local

    def take_in_deals(self, records: Sequence[Record], owners: Owners) -> None:
        fresh = list(self._fresh("deal", records))
        rows, moves = [], []
        about = self._about([record for _, record in fresh])
        numbers = self.bulk.ids(len(fresh))
        taken = []
        for number, (key, record), whom in zip(numbers, fresh, about, strict=True):
            row = self._deal(record, owners)
            if isinstance(row, str):
                self.report.refuse(record, row)
                continue
            taken.append(key)
            rows.append({"id": number, **row, **whom})
            moves += [{"deal_id": number, **move} for move in self._moves(row)]
        self._keep(taken)
        self.bulk.write(Deal, rows)
        self.bulk.write(DealMove, moves)
        self.report.counts["deal", "new"] += len(rows)

    def take_in_activities(self, records: Sequence[Record], owners: Owners) -> None:
        fresh = list(self._fresh("activity", records))
        about = self._about([record for _, record in fresh])
        rows, taken = [], []
        for (key, record), whom in zip(fresh, about, strict=True):
            if whom["contact_id"] is None and whom["company_id"] is None:
                self.report.refuse(record, "about_nobody")
                continue
            kind = str(record.get("kind") or "note").lower()
            at = moment(record.get("at"), self.zone) or self.now
            taken.append(key)
            rows.append({
                "kind": kind if kind in ACTIVITIES else "note", **whom,
                "text": (str(record.get("text") or "").replace("\0", "").strip() or None),
                "at": at, "on_day": at.astimezone(self.local).date(),
                "by_id": owner_of(record.get("by"), owners, self.owner_id),
            })  # fmt: skip
        self._keep(taken)
        self.bulk.write(Activity, rows)
        self.report.counts["activity", "new"] += len(rows)

    # --- each once --------------------------------------------------------------------------------

    def _fresh(self, kind: str, records: Sequence[Record]) -> Iterator[tuple[str, Record]]:
        """Those that never came before, with their prints; equal ones in these are as many."""
        seen: dict[str, int] = {}
        prints = [_print(kind, record, seen) for record in records]
        session = self.bulk.session
        said = {"space": self.bulk.workspace_id, "keys": listed(prints)}
        there = set(
            answered(session, _known(session.get_bind().dialect.name), said).scalars().all()
        )
        for key, record in zip(prints, records, strict=True):
            if key in there:
                self.report.counts[kind, "same"] += 1
            else:
                yield key, record

    def _keep(self, keys: Sequence[str]) -> None:
        turn = self.bulk.turn_id
        self.bulk.write(SourceRecord, [{"key": key, "turn_id": turn} for key in keys])

    # --- whom they are about ----------------------------------------------------------------------

    def _about(self, records: Sequence[Record]) -> list[dict[str, int | None]]:
        companies = self.companies.ids([text(each.get("company"), 200) for each in records])
        people = [text(each.get("contact"), 200) for each in records]
        keys = [name_keys(each) if each else None for each in people]
        there = self._people({each["name_key"] for each in keys if each})
        whom: list[dict[str, int | None]] = []
        new: dict[tuple[str, int | None], dict[str, Any]] = {}
        for each, company in zip(keys, companies, strict=True):
            number = None
            if each and each["name_key"]:
                name = each["name_key"]
                number = there.get((name, company)) or there.get((name, None))
                if number is None:
                    row = new.setdefault((name, company), {**each, "company_id": company})
                    number = row.setdefault("id", self.bulk.ids(1)[0])
            whom.append({"contact_id": number, "company_id": company})
        usual = {"title": None, "city": None, "source": None, "city_key": None}
        made = {"owner_id": self.owner_id, "created_at": self.now}
        self.bulk.write(Contact, [{**usual, **made, **row} for row in new.values()])
        self.report.counts["contact", "new"] += len(new)
        return whom

    def _people(self, names: set[str]) -> dict[tuple[str, int | None], int]:
        """The oldest of each name at each company; under None the oldest of the name at all."""
        session = self.bulk.session
        said = {"space": self.bulk.workspace_id, "me": self.owner_id, "names": listed(names)}
        found: dict[tuple[str, int | None], int] = {}
        for name, company, number in answered(
            session, _called(session.get_bind().dialect.name), said
        ):
            found[name, company] = number
            found[name, None] = min(number, found.get((name, None), number))
        return found

    # --- deals ------------------------------------------------------------------------------------

    def _deal(self, record: Record, owners: Owners) -> dict[str, Any] | str:
        """The values of its row, or why it is refused."""
        try:
            amount = self._amount(record)
        except ValueError:
            return "amount"
        if not any(record.get(key) for key in ("title", "company", "contact")):
            return "about_nobody"
        status = str(record.get("status") or "").lower()
        stage, ended = self.stages.of(text(record.get("stage"), 60))
        status = ended or (status if status in ("won", "lost") else "open")
        made = moment(record.get("created_at"), self.zone) or self.now
        closed = moment(record.get("closed_at"), self.zone) if status != "open" else None
        return {
            "title": text(record.get("title"), 300),
            "quantity": text(record.get("quantity"), 40),
            "amount_minor": amount.minor if amount else None,
            "currency": amount.currency if amount else None,
            "stage": stage, "status": status,
            "reason": text(record.get("reason"), 2000),
            "close_day": _day(record.get("close")),
            "owner_id": owner_of(record.get("owner"), owners, self.owner_id),
            "created_at": made,
            "closed_at": (closed or made) if status != "open" else None,
        }  # fmt: skip

    def _amount(self, record: Record) -> Money | None:
        """Raises ValueError for what is no amount."""
        said = record.get("amount")
        if said in (None, ""):
            return None
        amount = Money.of(str(said), str(record.get("currency") or self.currency))
        if abs(amount.minor) >= 2**62:
            raise ValueError(said)
        return amount

    def _moves(self, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        move = {"stage": row["stage"], "by_id": row["owner_id"]}
        yield {**move, "status": "open", "at": row["created_at"]}
        if row["closed_at"]:
            yield {**move, "status": row["status"], "at": row["closed_at"]}


def _print(kind: str, record: Record, seen: dict[str, int]) -> str:
    """What a record says, and the how manieth of those that say just this it is."""
    said = {key: each for key, each in record.items() if key not in BESIDE and each is not None}
    whole = json.dumps([kind, said], sort_keys=True, default=str)
    number = seen[whole] = seen.get(whole, 0) + 1
    return sha256(f"{number} {whole}".encode()).hexdigest()[:40]


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        return None


@made_once
def _known(dialect: str) -> Select[Any]:
    table = Base.metadata.tables["source_record"]
    rows = select(table.c.key).where(table.c.workspace_id == bindparam("space"))
    return rows.where(one_of(table.c.key, "keys", dialect))


@made_once
def _called(dialect: str) -> Select[Any]:
    table = Base.metadata.tables["contact"]
    rows = select(table.c.name_key, table.c.company_id, func.min(table.c.id))
    here = rows.where(
        table.c.workspace_id == bindparam("space"), one_of(table.c.name_key, "names", dialect)
    )
    mine = (~table.c.private) | (table.c.owner_id == bindparam("me"))
    return here.where(mine).group_by(table.c.name_key, table.c.company_id)
