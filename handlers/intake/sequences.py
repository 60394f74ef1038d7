"""Sequences, and who is in them, as they come in with an export. What is here already stays as it
is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers.intake.links import Links
from handlers.intake.prints import fresh, keep_prints
from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, text
from handlers.intake.whom import Abouts
from language.folding import fold
from rules.segments import Misread
from rules.sequences import ENDS, MOST_STEPS, as_steps, kept
from storage import models, segment_watch
from storage.bulk import Bulk
from storage.models import MessageTemplate, Segment, SequenceRun, SequenceStart, Workspace
from storage.segments import Unknown, members
from storage.sequences_kept import STATES, of_segment
from storage.types import AT_ONCE

Record = Mapping[str, Any]

_HOWS = ("hand", "many", "stage", "segment")
_DONE = ("sent", "task", "left_out")


class SequencesIn:
    """Takes them in for whoever ``may`` set them: a manager, an owner, the operator."""

    def __init__(
        self, bulk: Bulk, abouts: Abouts, links: Links, report: Report,
        *, by_id: int, now: datetime, zone: ZoneInfo, may: bool,
    ) -> None:  # fmt: skip
        self.bulk, self.abouts, self.links, self.report = bulk, abouts, links, report
        self.by_id, self.now, self.zone, self.may = by_id, now, zone, may

    def take_in(self, kind: str, records: Sequence[Record], owners: Owners) -> None:
        if not self.may:
            for record in records:
                self.report.refuse(record, "not_yours")
        elif kind == "sequence":
            self._sequences(records, owners)
        else:
            self._runs(records, owners)

    def _at(self, record: Record, name: str) -> datetime | None:
        return moment(record.get(name), self.zone)

    def _there(self, kind: Any) -> list[Any]:
        here = select(kind).where(kind.workspace_id == self.bulk.workspace_id)
        return list(self.bulk.session.scalars(here))

    # --- sequences --------------------------------------------------------------------------------

    def _sequences(self, records: Sequence[Record], owners: Owners) -> None:
        texts = {row.name_key: row.id for row in self._there(MessageTemplate)}
        texts |= {row.name_key: row.id for row in self._there(MessageTemplate) if row.active}
        here = self._there(models.Sequence)
        own: dict[Any, int] = {row.id: row.id for row in here}
        known = {row.name_key: row.id for row in here if row.active}
        gone = {_gone_key(row.name_key, row.created_at): row.id for row in here if not row.active}
        rows, starts = [], []
        for number, record in zip(self.bulk.ids(len(records)), records, strict=True):
            name = text(record.get("name"), 100)
            try:
                steps = _steps(record["steps"], texts)
            except (KeyError, TypeError, ValueError):
                steps = []
            if not name or not steps:
                self.report.refuse(record, "sequence")
                continue
            active, key = record.get("active") is not False, fold(name)[:100]
            made = self._at(record, "created_at") or self.now
            there = own.get(record.get("id")) or (
                known.get(key) if active else gone.get(_gone_key(key, made))
            )
            self.links.keep("sequence", record.get("id"), there or number)
            self.report.counts["sequence", "same" if there else "new"] += 1
            if there:
                continue
            known |= {key: number} if active else {}
            by = owner_of(record.get("by"), owners, self.by_id)
            state = record.get("state") if record.get("state") in STATES else "paused"
            rows.append({
                "id": number, "name": name, "name_key": key, "steps": steps, "state": state,
                "active": active, "by_id": by, "created_at": made,
            })  # fmt: skip
            stages = record.get("stages") if isinstance(record.get("stages"), list) else []
            starts += [
                {"sequence_id": number, "stage": stage, "by_id": by, "created_at": made}
                for each in dict.fromkeys(map(str, stages or []))
                if (stage := self._starts(each))
            ]
        self.bulk.write(models.Sequence, rows)
        self.bulk.write(SequenceStart, starts)

    def _starts(self, said: str) -> str | None:
        """A stage by its key, or a segment by its name: who is in it by now starts nothing."""
        kind, _, name = said.partition(":")
        if kind != "segment":
            return said[:40]
        key = fold(name)[:80]
        row = next((each for each in self._there(Segment) if each.name_key == key), None)
        if row is None:
            return None
        session, space = self.bulk.session, self.bulk.workspace_id
        zone = session.get_one(Workspace, space).timezone
        try:
            chosen = members(session, space, row.query, self.now, zone)
            segment_watch.remember(session, row, chosen)
        except (Misread, Unknown):
            return None
        segment_watch.look_at(session, row, self.now)
        return of_segment(row.id)

    # --- who is in them ---------------------------------------------------------------------------

    def _runs(self, records: Sequence[Record], owners: Owners) -> None:
        new = list(fresh(self.bulk, "sequence_run", records, self.report))
        named = {row.name_key: row.id for row in self._there(models.Sequence)}
        about = self.abouts.of([record for _, record in new])
        rows, taken = [], []
        for (key, record), whom in zip(new, about, strict=True):
            linked = self.links.of("sequence", record.get("sequence_id"))
            sequence = linked or named.get(fold(str(record.get("sequence") or ""))[:100])
            state, reason = record.get("state"), record.get("reason")
            started = self._at(record, "started_at")
            fits = state in ("running", "finished") or (state == "stopped" and reason in ENDS)
            if sequence is None or whom["contact_id"] is None or started is None or not fits:
                self.report.refuse(record, "sequence_run")
                continue
            taken.append(key)
            deal = self.links.of("deal", record.get("deal_id"))
            last, round_ = record.get("last_step"), record.get("round")
            rows.append({
                "sequence_id": sequence, "contact_id": whom["contact_id"], "state": state,
                "reason": reason if state == "stopped" else None,
                "how": record.get("how") if record.get("how") in _HOWS else "hand",
                "by_id": owner_of(record.get("by"), owners, self.by_id), "deal_id": deal,
                "stage": text(record.get("stage"), 40) if deal else None,
                "round": round_ if isinstance(round_, int) else 1, "started_at": started,
                "ended_at": self._at(record, "ended_at"),
                "last_step": last if isinstance(last, int) else None,
                "since": self._at(record, "since") or started, "message_id": None,
                "done": self._done(record.get("done")),
                "next_check_at": AT_ONCE if state == "running" else None,
            })  # fmt: skip
        keep_prints(self.bulk, taken)
        self.bulk.write(SequenceRun, rows)
        self.report.counts["sequence_run", "new"] += len(rows)

    def _done(self, told: Any) -> list[dict[str, Any]]:
        """The steps that are behind somebody; what cannot be read of them is left out."""
        found = []
        for each in told if isinstance(told, list) else ():
            if not isinstance(each, dict) or each.get("what") not in _DONE:
                continue
            at = moment(each.get("at"), self.zone)
            if at is None or not isinstance(each.get("step"), int):
                continue
            why = {"why": str(each["why"])[:40]} if each.get("why") else {}
            found.append({"step": each["step"], "what": each["what"], "at": str(each["at"]), **why})
        return found


def _gone_key(name_key: str, made: datetime) -> tuple[str, int]:
    """What tells those apart that were removed, which may have a name in common."""
    return name_key, int(made.timestamp())


def _steps(told: Any, texts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Steps with their texts by number here. Raises KeyError and the like for what is none."""
    if not isinstance(told, list) or len(told) > 10 * MOST_STEPS:
        raise ValueError(told)
    named = [
        {**each, "template": texts.get(fold(str(each.get("template") or ""))[:100])}
        for each in told
    ]
    return kept(as_steps(named))
