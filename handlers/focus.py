"""What was last spoken of in a chat or thread, by each member there.

Two who write in one group do not take the word out of each other's mouth: what a member spoke of
comes first, then what anybody did. It is kept as {member id: {contact, company, deal, task, at}},
the ids of what was spoken of; ``tasks`` are those listed last.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

LASTS = timedelta(hours=1)
"""Older than this, it is asked about."""

MOST = 20
"""Members of a group whose last subject is kept."""

SUBJECTS = ("contact", "company", "deal", "task")

Kept = Mapping[str, Any] | None
Entry = dict[str, Any]


def own(kept: Kept, member_id: int) -> Entry:
    """What is kept of this member."""
    entry: Entry = _entries(kept).get(str(member_id), {})
    return entry


def put(kept: Kept, member_id: int, entry: Entry) -> dict[str, Any]:
    """With this for the member's last; an empty one is forgotten."""
    others = {name: each for name, each in _entries(kept).items() if name != str(member_id)}
    newest = sorted(others, key=lambda name: str(others[name].get("at")), reverse=True)
    mine = {str(member_id): entry} if entry else {}
    return {**mine, **{name: others[name] for name in newest[: MOST - 1]}}


def lately(kept: Kept, member_id: int, now: datetime) -> Entry:
    """The member's own last subject, else anybody's, if it is not long ago."""
    return next((each for each in _spoken(kept, member_id) if _age(each, now) == "new"), {})


def before(kept: Kept, member_id: int, now: datetime) -> Entry:
    """The same, if it is too long ago to be sure that it is meant."""
    return next((each for each in _spoken(kept, member_id) if _age(each, now) == "old"), {})


def _entries(kept: Kept) -> dict[str, Entry]:
    return {name: each for name, each in (kept or {}).items() if isinstance(each, dict)}


def _spoken(kept: Kept, member_id: int) -> list[Entry]:
    """The subjects of a chat: the member's own, then the newest of the others."""
    entries = _entries(kept)
    mine = [entries.pop(str(member_id), {})]
    others = sorted(entries.values(), key=lambda each: str(each.get("at")), reverse=True)
    return [each for each in (*mine, *others) if any(each.get(name) for name in SUBJECTS)]


def _age(entry: Entry, now: datetime) -> str:
    """New, old, or later than now: a message that comes late does not know what came after it."""
    age = now - datetime.fromisoformat(entry["at"])
    return "later" if age < timedelta(0) else "new" if age < LASTS else "old"
