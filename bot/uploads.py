"""Files that people send: fetched by their door, read in a process of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
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


def is_read(incoming: Incoming) -> bool:
    """Whether it is a file whose records can be taken in, by its name or type."""
    if incoming.other != "file" or "file" not in incoming.extra:
        return False
    ending = PurePath(incoming.extra.get("name", "")).suffix.lower()
    return ending in ENDINGS or incoming.extra.get("media_type") in KINDS


async def with_file(incoming: Incoming, fetch: Callable[[], Awaitable[bytes | None]]) -> Incoming:
    """The message with its file, as its door fetches it; without one where it is not read."""
    if not is_read(incoming):
        return incoming
    if int(incoming.extra.get("size") or 0) > CHAT.size:
        data, why_not = None, "too_big"
    else:
        data = await fetch()
        why_not = "" if data else "gone"
    name = incoming.extra.get("name") or "file"
    return replace(incoming, attachment=Attachment(name, data, why_not))


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
