"""What was shown in a chat lately: which records, in which version, to whom, and when.

Kept as {"deal:7": {"version": 3, "to": member id, "at": moment, "fields": [...]}}; without
``fields`` all of a record was to be seen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

Kept = dict[str, Any] | None

MOST = 60
"""Records of a chat; those seen longest ago are forgotten."""

NUMBERED = 1000
"""Fractions of a second (in microseconds) below this are numbers of messages."""


def put(
    kept: Kept, record: str, version: int, to: int, at: datetime, fields: tuple[str, ...]
) -> dict[str, Any]:
    """With this record as the one seen last."""
    others = {name: each for name, each in (kept or {}).items() if name != record}
    entry: dict[str, Any] = {"version": version, "to": to, "at": at.isoformat()}
    before = (kept or {}).get(record, {})
    if fields:
        same = {**before, "fields": None} == {**entry, "fields": None}
        more = before.get("fields") if same else []
        if more is not None:
            entry["fields"] = sorted({*fields, *more})
    for name in list(others)[: len(others) - MOST + 1]:
        del others[name]
    return {**others, record: entry}


def was(kept: Kept, record: str, field: str, version: int, to: int, before: datetime) -> bool:
    """Whether a member had seen a field in this version, or a later one, before a moment."""
    entry = (kept or {}).get(record)
    if entry is None or not 0 < version <= entry["version"]:
        return False
    if field not in entry.get("fields", (field,)):
        return False
    at = datetime.fromisoformat(entry["at"])
    if entry["to"] != to:
        return at < before
    return at <= end_of(before)


def end_of(sent_at: datetime) -> datetime:
    """The last moment at which a message can have been sent.

    A platform that counts in whole seconds (Telegram; at times Slack, which numbers the messages
    of one in place of the fraction) does not tell an answer from what it answers: what a member
    did or was shown in that same second came before.
    """
    whole = sent_at.microsecond < NUMBERED
    return sent_at.replace(microsecond=999_999) if whole else sent_at
