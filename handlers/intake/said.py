"""What a record says, made fit to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from language.voice import one_line


def text(said: Any, longest: int) -> str | None:
    """One line of at most so many characters; None for nothing."""
    if said is None:
        return None
    line = str(said)
    if len(line) <= longest and line.isalnum() and line.isascii():
        return line
    if not (line.isascii() and line.isprintable() and "  " not in line):
        line = one_line(line.replace("\0", ""))
    line = line.strip()
    return (line if len(line) <= longest else line[:longest].strip()) or None


def prose(said: Any, longest: int = 20_000) -> str | None:
    """The same with its lines kept."""
    return str("" if said is None else said).replace("\0", "").strip()[:longest].strip() or None


def moment(said: Any, zone: ZoneInfo) -> datetime | None:
    """An ISO 8601 moment; of that zone where it names none, and None where it is no moment."""
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


Owners = Mapping[str, int]
"""The members whom names mean."""


def owner_of(said: Any, owners: Owners, usual: int) -> int:
    """The member of that name; the usual one where none is named."""
    return owners.get(text(said, 200) or "", usual)


def keeper_of(record: Mapping[str, Any], owners: Owners, usual: int) -> int | None:
    """The same of a contact or company: in a workspace's own export some may be nobody's."""
    if isinstance(record.get("id"), int) and not record.get("owner"):
        return None
    return owner_of(record.get("owner"), owners, usual)


def lead_source(record: Mapping[str, Any]) -> str | None:
    """Where a customer came from. Of what was read from a file, ``source`` tells where it stands
    there; of what ``rabta export`` wrote, it is the customer's own."""
    own = record.get("source")
    return text(record.get("lead_source") or (own if isinstance(own, str) else None), 100)
