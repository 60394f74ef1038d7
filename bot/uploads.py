"""Files that people send: fetched by their door, read in a process of their own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import PurePath

from bot.incoming import Attachment, Incoming
from exchange.asked import Asked
from exchange.bounded import read_bytes
from exchange.refusing import CHAT, Refused
from handlers.upload import Upload

ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".vcf", ".json", ".jsonl", ".ndjson"}
KINDS = (
    "text/csv", "text/tab-separated-values", "text/vcard", "text/x-vcard", "text/directory",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/jsonl",
)  # fmt: skip

AT_ONCE = asyncio.Semaphore(2)
"""Files that are read side by side: each may take as much memory as it is allowed to."""


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    size: int


def is_read(incoming: Incoming) -> bool:
    """Whether it is a file whose records can be taken in, by its name or type."""
    if incoming.other != "file" or "file" not in incoming.extra:
        return False
    ending = PurePath(incoming.extra.get("name", "")).suffix.lower()
    return ending in ENDINGS or incoming.extra.get("media_type") in KINDS


def too_big(incoming: Incoming) -> bool:
    """Whether it need not even be fetched."""
    return int(incoming.extra.get("size") or 0) > CHAT.size


def with_file(incoming: Incoming, data: bytes | None, why_not: str = "") -> Incoming:
    """The message with what its door fetched, or why there is nothing."""
    name = incoming.extra.get("name") or "file"
    return replace(incoming, attachment=Attachment(name, data, why_not or ("" if data else "gone")))


async def opened(incoming: Incoming, region: str) -> Incoming:
    """The message with the records of its file; ``region`` is where national phones are of."""
    attachment = incoming.attachment
    if attachment is None:
        return incoming
    if attachment.data is None:
        upload = Upload(attachment.name, refused=attachment.why_not)
    else:
        async with AT_ONCE:
            upload = await asyncio.to_thread(_read, attachment.name, attachment.data, region)
    return replace(incoming, attachment=None, upload=upload)


def _read(name: str, data: bytes, region: str) -> Upload:
    records, bad = [], 0
    try:
        for told in read_bytes(data, name, Asked(region)):
            bad += "bad" in told
            if "type" in told:
                records.append(told)
    except Refused as refused:
        return Upload(name, refused=refused.reason)
    return Upload(name, records, bad=bad)
