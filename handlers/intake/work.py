"""Deals and activities that come in: each once, however often its file comes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.intake.goods import Goods, sum_of
from handlers.intake.labels import Labels
from handlers.intake.links import Links
from handlers.intake.notes import Notes
from handlers.intake.prints import fresh, keep_prints
from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, prose, text
from handlers.intake.stages import Stages
from handlers.intake.sums import is_unread, lines_in, minor, more
from handlers.intake.whom import Abouts, Whom
from storage.bulk import Bulk
from storage.labels import Kind
from storage.models import Activity, Deal, DealContact, DealMove, LineItem

ACTIVITIES = ("call", "meeting", "email", "message", "visit", "note")
MOST_MOVES = 500
MOST_PEOPLE = 30

Record = Mapping[str, Any]


class Work:
    """Takes in deals and activities; whom they are about is found by id or name, or made."""

    def __init__(
        self, bulk: Bulk, abouts: Abouts, stages: Stages, goods: Goods, labels: Labels,
        links: Links, notes: Notes, report: Report, *, owner_id: int, now: datetime,
        zone: ZoneInfo, local: ZoneInfo, currency: str,
    ) -> None:  # fmt: skip
        self.bulk, self.abouts, self.stages, self.goods = bulk, abouts, stages, goods
        self.labels, self.links = labels, links
        self.notes, self.report, self.owner_id, self.now = notes, report, owner_id, now
        self.zone, self.local, self.currency = zone, local, currency

    def take_in_deals(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "deal", records, self.report))
        rows, moves, lines, taken = [], list[Any](), list[Any](), []
        people: list[dict[str, Any]] = []
        about = self.abouts.of([record for _, record in new])
        numbers = self.bulk.ids(len(new))
        for number, (key, record), whom in zip(numbers, new, about, strict=True):
            if not (record.get("title") or lines_in(record) or any(whom.values())):
                self.report.refuse(record, "about_nobody")
                continue
            if is_unread(record):
                self.report.refuse(record, "amount")
                continue
            try:
                its = list(self.goods.lines(record, deal_id=number))
                row = self._deal(record, its, whom, owners)
            except ValueError:
                self.report.refuse(record, "amount")
                continue
            taken.append(key)
            rows.append({"id": number, **row, **whom})
            moves += [{"deal_id": number, **move} for move in self._moves(record, row, owners)]
            lines += its
            people += self._people(record, number)
            self.links.keep("deal", record.get("id"), number)
        keep_prints(self.bulk, taken)
        self.bulk.write(Deal, rows)
        self.bulk.write(DealMove, moves)
        self.bulk.write(LineItem, lines)
        self.bulk.write(DealContact, people)
        self.report.counts["deal", "new"] += len(rows)

    def take_in_activities(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "activity", records, self.report))
        about = self.abouts.of([record for _, record in new])
        rows, taken = [], []
        for (key, record), whom in zip(new, about, strict=True):
            if whom["contact_id"] is None and whom["company_id"] is None:
                self.report.refuse(record, "about_nobody")
                continue
            kind = str(record.get("kind") or "note").lower()
            at = moment(record.get("at"), self.zone) or self.now
            taken.append(key)
            rows.append({
                "kind": kind if kind in ACTIVITIES else "note", **whom,
                "text": prose(record.get("text")),
                "at": at, "on_day": _day(record.get("day")) or at.astimezone(self.local).date(),
                "by_id": owner_of(record.get("by"), owners, self.owner_id), "more": more(record),
            })  # fmt: skip
        keep_prints(self.bulk, taken)
        self.bulk.write(Activity, rows)
        self.report.counts["activity", "new"] += len(rows)

    # --- deals ------------------------------------------------------------------------------------

    def _deal(
        self, record: Record, its: Sequence[Mapping[str, Any]], whom: Whom, owners: Owners
    ) -> dict[str, Any]:
        """The values of its row. Raises ValueError where its amount is none."""
        amount = minor(record.get("amount"), record.get("currency"), self.currency, "amount_minor")
        counted = record.get("counted") is True and amount["amount_minor"] is not None
        if its and amount["amount_minor"] is None and "counted" not in record:
            amount = sum_of(its)
            counted = amount["amount_minor"] is not None
        status = str(record.get("status") or "").lower()
        said, way = text(record.get("stage"), 60), text(record.get("pipeline"), 60)
        stage, ended = self.stages.of(said, closed=status, pipeline=way)
        status = ended or (status if status in ("won", "lost") else "open")
        made = moment(record.get("created_at"), self.zone) or self.now
        closed = moment(record.get("closed_at"), self.zone) if status != "open" else None
        lines = lines_in(record)
        sold = text(lines[0].get("product"), 300) if lines else None
        kept = self.notes.add(record.get("note"), whom["contact_id"], whom["company_id"], made)
        return {
            "title": text(record.get("title"), 300) or (sold if "lines" not in record else None),
            "quantity": text(record.get("quantity"), 40), **amount,
            "stage": stage, "status": status,
            "counted": counted, **self._why(record, status),
            "close_day": _day(record.get("close")),
            "owner_id": owner_of(record.get("owner"), owners, self.owner_id),
            "created_at": made,
            "closed_at": (closed or made) if status != "open" else None,
            "more": more(record, **({} if kept else {"note": record.get("note")})),
        }  # fmt: skip

    def _why(self, record: Record, status: str) -> dict[str, Any]:
        """Why it ended and where it came from, with what these count under."""
        reason, source = prose(record.get("reason"), 2000), text(record.get("deal_source"), 200)
        kind: Kind = "won" if status == "won" else "lost"
        return {
            "reason": reason, "source": source,
            "reason_id": self.labels.of(kind, reason, record.get("reason_key")),
            "source_id": self.labels.of("source", source, record.get("source_key")),
        }  # fmt: skip

    def _people(self, record: Record, number: int) -> Iterator[dict[str, Any]]:
        """Who else has a part in it, of those that came along."""
        told = record.get("people")
        there = set()
        for each in told[:MOST_PEOPLE] if isinstance(told, list) else ():
            person = (
                self.links.of("contact", each.get("contact_id")) if isinstance(each, dict) else None
            )
            if person and person not in there:
                there.add(person)
                yield {"deal_id": number, "contact_id": person, "role": text(each.get("role"), 60)}

    def _moves(
        self, record: Record, row: Mapping[str, Any], owners: Owners
    ) -> Iterator[dict[str, Any]]:
        """How it came where it is: as the record tells, else by its first day and its last."""
        moves = record.get("moves")
        told = [each for each in moves if isinstance(each, dict)] if isinstance(moves, list) else []
        for each in told[:MOST_MOVES]:
            status = each.get("status") if each.get("status") in ("won", "lost") else "open"
            yield {
                "stage": self.stages.key_of(text(each.get("stage"), 40)) or row["stage"],
                "status": status,
                "at": moment(each.get("at"), self.zone) or row["created_at"],
                "by_id": owner_of(each.get("by"), owners, row["owner_id"]),
                "assumed": each.get("assumed") is True,
            }
        if told:
            return
        move = {"stage": row["stage"], "by_id": row["owner_id"]}
        yield {**move, "status": "open", "at": row["created_at"], "assumed": True}
        if row["closed_at"]:
            yield {**move, "status": row["status"], "at": row["closed_at"], "assumed": False}


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        return None
