"""Texts for customers, campaigns and messages as they come in with an export.

What comes from a file sends nothing: a campaign that ran is paused until somebody lets it go on,
and a letter that was under way elsewhere may have arrived.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers.intake.links import Links
from handlers.intake.prints import fresh, keep_prints
from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, prose, text
from handlers.intake.whom import Abouts
from language.folding import fold
from rules.blanks import LONGEST, LONGEST_SUBJECT, Malformed, one_line, parse
from rules.segments import Misread, printed
from rules.segments import parse as parse_query
from rules.touches import CHANNELS
from storage.bulk import Bulk
from storage.campaigns_kept import HELD, STATES, WITHIN
from storage.messages import LAPSES
from storage.messages import STATES as OF_MESSAGES
from storage.models import Campaign, Message, MessageTemplate
from storage.templates import INSTEAD

AT_ONCE = 500

Record = Mapping[str, Any]


class Campaigns:
    """Takes them in, for whoever ``may`` send to many: a manager, an owner, the operator."""

    def __init__(
        self, bulk: Bulk, abouts: Abouts, links: Links, report: Report,
        *, by_id: int, now: datetime, zone: ZoneInfo, may: bool,
    ) -> None:  # fmt: skip
        self.bulk, self.abouts, self.links, self.report = bulk, abouts, links, report
        self.by_id, self.now, self.zone, self.may = by_id, now, zone, may

    # --- texts ------------------------------------------------------------------------------------

    def take_in_templates(self, records: Sequence[Record], owners: Owners) -> None:
        """A text that is here under its name stays as it is."""
        here = select(MessageTemplate).where(MessageTemplate.workspace_id == self.bulk.workspace_id)
        known = {_template_key(vars(row)): row.id for row in self.bulk.session.scalars(here)}
        new = []
        for record in self._allowed(records):
            try:
                row = self._template(record, owners)
            except (KeyError, ValueError, TypeError, AttributeError, Malformed):
                self.report.refuse(record, "template")
                continue
            key = _template_key(row)
            if key in known:
                self.report.counts["template", "same"] += 1
            else:
                known[key] = row["id"] = self.bulk.ids(1)[0]
                new.append(row)
            self.links.keep("template", record.get("id"), known[key])
        self.bulk.write(MessageTemplate, new)
        self.report.counts["template", "new"] += len(new)

    def _template(self, record: Record, owners: Owners) -> dict[str, Any]:
        name = text(record["name"], 100)
        versions = {
            language: _version(said)
            for language, said in record["versions"].items()
            if language in INSTEAD
        }
        if not name or not fold(name) or not versions:
            raise ValueError(name)
        return {
            "name": name, "name_key": fold(name)[:100], "versions": versions,
            "by_id": owner_of(record.get("by"), owners, self.by_id),
            "active": record.get("active") is not False,
            "created_at": self._at(record, "created_at") or self.now,
        }  # fmt: skip

    # --- campaigns --------------------------------------------------------------------------------

    def take_in_campaigns(self, records: Sequence[Record], owners: Owners) -> None:
        here = select(Campaign).where(Campaign.workspace_id == self.bulk.workspace_id)
        known = {_campaign_key(vars(row)): row.id for row in self.bulk.session.scalars(here)}
        new = []
        for record in self._allowed(records):
            try:
                row = self._campaign(record, owners)
            except (KeyError, ValueError, TypeError, Misread):
                self.report.refuse(record, "campaign")
                continue
            key = _campaign_key(row)
            if key in known:
                self.report.counts["campaign", "same"] += 1
            else:
                known[key] = row["id"] = self.bulk.ids(1)[0]
                new.append(row)
            self.links.keep("campaign", record.get("id"), known[key])
        self.bulk.write(Campaign, new)
        self.report.counts["campaign", "new"] += len(new)

    def _campaign(self, record: Record, owners: Owners) -> dict[str, Any]:
        name, state = text(record["name"], 100), str(record["status"])
        template = self.links.of("template", record.get("template_id"))
        ways, began = _ways(record), self._at(record, "started_at")
        if not name or state not in STATES or state == "draft" or not (template and ways and began):
            raise ValueError(name)
        query = printed(parse_query(str(record["audience"])))
        return {
            "name": name, "name_key": fold(name)[:100], "template_id": template,
            "audience": query, "told": text(record.get("told"), 300) or query[:300],
            "ways": ",".join(ways), "held": _number(record.get("held"), HELD, 50),
            "within": _number(record.get("within"), WITHIN, 366),
            "state": "paused" if state == "running" else state,
            "by_id": owner_of(record.get("by"), owners, self.by_id),
            "created_at": self._at(record, "created_at") or began, "started_at": began,
            "ended_at": self._at(record, "ended_at"), "left_out": _counts(record.get("left_out")),
        }  # fmt: skip

    # --- messages ---------------------------------------------------------------------------------

    def take_in_messages(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "message", list(self._allowed(records)), self.report))
        about = self.abouts.of([record for _, record in new])
        rows, taken = [], []
        for (key, record), whom in zip(new, about, strict=True):
            if record.get("of") == "sequence" and record.get("status") in ("planned", "ready"):
                continue  # its sequence plans it anew
            row = self._message(record, owners, whom["contact_id"])
            if row is None:
                self.report.refuse(record, "message")
                continue
            taken.append(key)
            rows.append(row)
        keep_prints(self.bulk, taken)
        self.bulk.write(Message, list(self._under_keys_of_their_own(rows)))
        self.report.counts["message", "new"] += len(rows)

    def _message(
        self, record: Record, owners: Owners, contact: int | None
    ) -> dict[str, Any] | None:
        """The values of its row; None where it tells no message."""
        of, state = str(record.get("of")), str(record.get("status"))
        campaign = self.links.of("campaign", record.get("campaign_id"))
        source = f"campaign:{campaign}" if of == "campaign" and campaign else of
        step = self._step(record) if of == "sequence" else None
        source = step or source
        planned, ways = self._at(record, "planned_at"), _ways(record)
        fits = source == "hand" or (of == "campaign" and campaign) or step
        if not (fits and contact and ways and planned) or state not in OF_MESSAGES:
            return None
        reason = text(record.get("why"), 120)
        if state == "posted":
            state, reason = "unknown", "may_have_arrived"
        elif state == "planned":
            state, reason = ("planned", "paused") if campaign else ("dropped", "stopped")
        channel = record.get("channel")
        language = record.get("language")
        return {
            "contact_id": contact, "source": source,
            "key": f"{source}/{contact}/{text(record.get('occasion'), 24) or ''}",
            "state": state, "reason": reason, "ways": ",".join(ways),
            "channel": channel if channel in CHANNELS else None,
            "address": text(record.get("address"), 254),
            "template_id": self.links.of("template", record.get("template_id")),
            "language": language if language in INSTEAD else None,
            "subject": text(record.get("subject"), 300), "text": prose(record.get("text")),
            "by_id": owner_of(record.get("by"), owners, self.by_id), "planned_at": planned,
            "due_at": None, "went_at": self._at(record, "went_at"),
            "lapses_at": self._at(record, "lapses_at") or planned + LAPSES,
        }  # fmt: skip

    def _step(self, record: Record) -> str | None:
        """The step of a sequence that planned it, as its source is kept."""
        sequence = self.links.of("sequence", record.get("sequence_id"))
        numbers = [record.get(name) for name in ("step", "round")]
        if not sequence or not all(isinstance(number, int) for number in numbers):
            return None
        return ":".join(map(str, ("sequence", sequence, *numbers)))

    def _under_keys_of_their_own(self, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Of two contacts that are one here both messages are kept."""
        taken: set[str] = set()
        for begin in range(0, len(rows), AT_ONCE):
            keys = [row["key"] for row in rows[begin : begin + AT_ONCE]]
            here = select(Message.key).where(
                Message.workspace_id == self.bulk.workspace_id, Message.key.in_(keys)
            )
            taken.update(self.bulk.session.scalars(here))
        for row in rows:
            key, number = row["key"], 1
            while key in taken:
                number += 1
                key = f"{row['key']}+{number}"
            taken.add(key)
            yield {**row, "key": key}

    def _allowed(self, records: Sequence[Record]) -> Iterator[Record]:
        for record in records:
            if self.may:
                yield record
            else:
                self.report.refuse(record, "not_yours")

    def _at(self, record: Record, name: str) -> datetime | None:
        return moment(record.get(name), self.zone)


def _version(said: Mapping[str, Any]) -> dict[str, str]:
    """A text and its subject, as they are kept. Raises Malformed, ValueError."""
    words = prose(said["text"], LONGEST)
    if not words:
        raise ValueError(said)
    parse(words)
    subject = one_line(str(said.get("subject") or ""))[:LONGEST_SUBJECT]
    parse(subject)
    return {"text": words, **({"subject": subject} if subject else {})}


def _ways(record: Record) -> list[str]:
    said = record.get("ways")
    return [each for each in said if each in CHANNELS] if isinstance(said, list) else []


def _number(said: Any, usual: int, most: int) -> int:
    return said if isinstance(said, int) and 0 <= said <= most else usual


def _counts(said: Any) -> dict[str, int] | None:
    if not isinstance(said, dict):
        return None
    return {str(name)[:40]: each for name, each in said.items() if isinstance(each, int)}


def _template_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["name_key"], None if row["active"] else row["created_at"])


def _campaign_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["name_key"], row["started_at"]
