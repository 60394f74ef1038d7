"""Tickets that come in with what was said of them, how happy customers are, and who sent whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers.intake.links import Links
from handlers.intake.prints import fresh, keep_prints
from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, prose
from handlers.intake.sums import more
from handlers.intake.whom import Abouts
from language.ticketing import priority_of
from rules.tickets import PRIORITIES
from storage.bulk import Bulk
from storage.models import Rating, Referral, Ticket, TicketComment
from storage.privacy import everything
from storage.ratings import BEST
from storage.tickets import Service, service_of

LONGEST = 4000
MOST_COMMENTS = 500

STATES = {
    "open": "open", "new": "open", "pending": "waiting", "waiting": "waiting", "hold": "waiting",
    "on-hold": "waiting", "on hold": "waiting", "waiting on contact": "waiting",
    "waiting on customer": "waiting", "waiting on us": "open", "in progress": "open",
    "solved": "resolved", "resolved": "resolved", "closed": "resolved", "done": "resolved",
    "reopened": "reopened",
}  # fmt: skip
"""What programs call the states of tickets."""

Record = Mapping[str, Any]


class Tickets:
    """Takes in tickets. One that is late already is listed so, but nobody is called to each."""

    def __init__(
        self, bulk: Bulk, abouts: Abouts, links: Links, report: Report,
        *, owner_id: int, now: datetime, zone: ZoneInfo,
    ) -> None:  # fmt: skip
        self.bulk, self.abouts, self.links, self.report = bulk, abouts, links, report
        self.owner_id, self.now, self.zone = owner_id, now, zone

    def take_in(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "ticket", records, self.report))
        rows, comments, taken = [], list[Any](), []
        about = self.abouts.of([record for _, record in new])
        numbers = self.bulk.ids(len(new))
        service = service_of(self.bulk.session, self.bulk.workspace_id)
        given = self._numbers()
        for number, (key, record), whom in zip(numbers, new, about, strict=True):
            text = prose(record.get("text"), LONGEST)
            if not text:
                self.report.refuse(record, "no_text")
                continue
            if not any(whom.values()):
                self.report.refuse(record, "about_nobody")
                continue
            taken.append(key)
            row = self._ticket(record, owners, service)
            row["number"] = self._number(record, given)
            rows.append({"id": number, "text": text, **whom, **row})
            comments += [{"ticket_id": number, **each} for each in self._comments(record, owners)]
            self.links.keep("ticket", record.get("id"), number)
        keep_prints(self.bulk, taken)
        self.bulk.write(Ticket, rows)
        self.bulk.write(TicketComment, comments)
        self.report.counts["ticket", "new"] += len(rows)

    def _numbers(self) -> set[int]:
        here = select(Ticket.number).where(Ticket.workspace_id == self.bulk.workspace_id)
        with everything(self.bulk.session):
            return set(self.bulk.session.scalars(here))

    def _number(self, record: Record, given: set[int]) -> int:
        """Its own, where nobody has it yet; else the next."""
        said = record.get("number")
        number = said if isinstance(said, int) and 0 < said < 10**9 else 0
        if isinstance(said, str) and said.strip("# ").isdecimal() and len(said) < 10:
            number = int(said.strip("# "))
        if not number or number in given:
            number = max(given, default=0) + 1
        given.add(number)
        return number

    def _ticket(self, record: Record, owners: Owners, service: Service) -> dict[str, Any]:
        made = self._at(record, "created_at") or self.now
        status = STATES.get(str(record.get("status") or "").strip().lower(), "open")
        priority = str(record.get("priority") or "").strip().lower()
        level = priority if priority in PRIORITIES else priority_of(priority) or "normal"
        owner = owner_of(record.get("owner"), owners, self.owner_id)
        resolved = None
        if status == "resolved":
            resolved = self._at(record, "resolved_at") or self._at(record, "closed_at") or made
        began = self._at(record, "began_at") or made
        waited = _count(record.get("waited"))
        answered = self._at(record, "answered_at")
        row = Ticket(
            workspace_id=self.bulk.workspace_id, priority=level, began_at=began, waited=waited,
            created_at=made, due_told_at=None,
        )  # fmt: skip
        row.plan(service)
        due = {
            name: self._at(record, name) or getattr(row, name)
            for name in ("answer_due_at", "warn_at", "due_at")
        }
        end = resolved or made
        worked = record.get("worked")
        took = service.work.between(began, end) - timedelta(seconds=waited)
        first = record.get("answer_worked")
        answer = service.work.between(made, answered) if answered else timedelta()
        return {
            "priority": level, "status": status, "owner_id": owner,
            "opened_by": owner_of(record.get("by"), owners, owner),
            "created_at": made, "began_at": began, "answered_at": answered,
            "answer_worked": (
                (_count(first) if first is not None else round(answer.total_seconds()))
                if answered else None
            ),
            **due, "due_told_at": self._at(record, "due_told_at"),
            "waiting_since": (
                (self._at(record, "waiting_since") or self.now) if status == "waiting" else None
            ),
            "waited": waited, "resolved_at": resolved,
            "resolved_by": (
                owner_of(record.get("resolved_by"), owners, owner) if resolved else None
            ),
            "worked": (
                _count(worked) if worked is not None
                else round(took.total_seconds()) if resolved else 0
            ),
            "reopened": _count(record.get("reopened")),
            "was_late": record.get("was_late") is True,
            "chat_id": None, "message": None, "asked_at": resolved,
            "next_check_at": None if due["due_at"] <= self.now else self.now,
            "more": more(record),
        }  # fmt: skip

    def _at(self, record: Record, name: str) -> datetime | None:
        return moment(record.get(name), self.zone)

    def _comments(self, record: Record, owners: Owners) -> Iterator[dict[str, Any]]:
        told = record.get("comments")
        for each in told[:MOST_COMMENTS] if isinstance(told, list) else ():
            if isinstance(each, dict) and (text := prose(each.get("text"), LONGEST)):
                yield {
                    "text": text,
                    "at": moment(each.get("at"), self.zone) or self.now,
                    "by_id": owner_of(each.get("by"), owners, self.owner_id),
                }

    # --- how happy they are, and who sent whom ----------------------------------------------------

    def take_in_ratings(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "rating", records, self.report))
        rows, taken = [], []
        about = self.abouts.of([record for _, record in new])
        for (key, record), whom in zip(new, about, strict=True):
            score = _count(record.get("score"))
            if not 1 <= score <= BEST:
                self.report.refuse(record, "score")
                continue
            if not any(whom.values()):
                self.report.refuse(record, "about_nobody")
                continue
            taken.append(key)
            of_what = {
                f"{name}_id": self.links.of(name, record.get(f"{name}_id"))
                for name in ("ticket", "order", "deal")
            }
            by = owner_of(record.get("by"), owners, self.owner_id) if record.get("by") else None
            rows.append({
                **whom, **of_what, "score": score, "words": prose(record.get("words"), 2000),
                "at": moment(record.get("at"), self.zone) or self.now, "by_id": by,
                "referral_asked": record.get("referral_asked") is True,
            })  # fmt: skip
        keep_prints(self.bulk, taken)
        self.bulk.write(Rating, rows)
        self.report.counts["rating", "new"] += len(rows)

    def take_in_referrals(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "referral", records, self.report))
        rows, taken = [], []
        about = self.abouts.of([record for _, record in new])
        sources = self.abouts.of([_source(record) for _, record in new])
        for (key, record), whom, source in zip(new, about, sources, strict=True):
            if not any(whom.values()) or not any(source.values()):
                self.report.refuse(record, "about_nobody")
                continue
            taken.append(key)
            rows.append({
                "contact_id": whom["contact_id"],
                "company_id": None if whom["contact_id"] else whom["company_id"],
                "by_contact_id": source["contact_id"],
                "by_company_id": None if source["contact_id"] else source["company_id"],
                "at": moment(record.get("at"), self.zone) or self.now,
                "by_id": owner_of(record.get("by"), owners, self.owner_id),
            })  # fmt: skip
        keep_prints(self.bulk, taken)
        self.bulk.write(Referral, rows)
        self.report.counts["referral", "new"] += len(rows)


def _source(record: Record) -> Record:
    """By whom, as a record tells with whom it is."""
    names = ("contact", "contact_id", "company", "company_id")
    return {name: record.get(f"by_{name}") for name in names}


def _count(said: Any) -> int:
    try:
        return max(0, min(int(float(str(said))), 10**9))
    except (ValueError, OverflowError):
        return 0
