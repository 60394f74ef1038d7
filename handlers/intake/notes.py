"""What was noted of those who come in: an activity of theirs, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from handlers.intake.prints import keep_prints, known_prints
from handlers.intake.said import prose
from storage.bulk import Bulk
from storage.models import Activity


class Notes:
    """Gathers notes, and writes those that were never written with ``settle``."""

    def __init__(self, bulk: Bulk, *, by_id: int, now: datetime, local: ZoneInfo) -> None:
        self.bulk, self.by_id, self.now, self.local = bulk, by_id, now, local
        self._waiting: dict[str, dict[str, object]] = {}

    def add(
        self, said: object, contact: int | None, company: int | None, at: datetime | None = None
    ) -> bool:
        """Note something about a contact or company; False where there is nobody it is about."""
        text = prose(said)
        if not text or (contact is None and company is None):
            return not text
        when = at or self.now
        whom = f"{contact} {company if contact is None else ''}"
        self._waiting.setdefault(sha256(f"note {whom} {text}".encode()).hexdigest()[:40], {
            "kind": "note", "contact_id": contact, "company_id": company, "text": text, "at": when,
            "on_day": when.astimezone(self.local).date(), "by_id": self.by_id,
        })  # fmt: skip
        return True

    def settle(self) -> None:
        keys: Sequence[str] = list(self._waiting)
        there = known_prints(self.bulk, keys) if keys else set()
        fresh = [key for key in keys if key not in there]
        self.bulk.write(Activity, [self._waiting[key] for key in fresh])
        keep_prints(self.bulk, fresh)
        self._waiting.clear()
