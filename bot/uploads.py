"""Files that people send: fetched by their door, read in a process of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from io import BytesIO
from pathlib import PurePath

from bot.incoming import Attachment, Incoming
from exchange.asked import Asked
from exchange.photo.lettering import is_there
from exchange.reading import format_of
from exchange.refusing import CARD, CHAT, PHOTO
from handlers.upload import Upload, read_upload

ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".vcf", ".json", ".jsonl", ".ndjson"}
KINDS = (
    "text/csv", "text/tab-separated-values", "text/vcard", "text/x-vcard", "text/directory",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/jsonl",
)  # fmt: skip

PICTURES = {
    ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".heic", ".heif", ".avif", ".tif", ".tiff",
    ".svg",
}  # fmt: skip

CARDS = {"vcard", "qr", "photo"}
"""Formats in which somebody is handed over."""

AT_ONCE = asyncio.Semaphore(2)
"""Files that are read side by side: each may take as much memory as it is allowed to."""


def is_read(incoming: Incoming) -> bool:
    """Whether it is a file whose records can be taken in, or a photo that may show a code, by its
    name or type."""
    if incoming.other not in {"file", "photo"} or "file" not in incoming.extra:
        return False
    ending = PurePath(incoming.extra.get("name", "")).suffix.lower()
    kind = incoming.extra.get("media_type")
    return ending in ENDINGS or kind in KINDS or _is_photo(incoming)


def _is_photo(incoming: Incoming) -> bool:
    ending = PurePath(incoming.extra.get("name", "")).suffix.lower()
    kind = incoming.extra.get("media_type", "")
    return incoming.other == "photo" or ending in PICTURES or kind.startswith("image/")


async def with_file(incoming: Incoming, fetch: Callable[[], Awaitable[bytes | None]]) -> Incoming:
    """The message with its file, as its door fetches it; without one where it is not read."""
    if not is_read(incoming):
        return incoming
    if int(incoming.extra.get("size") or 0) > CHAT.size:
        data, why_not = None, "too_big"
    else:
        data = await fetch()
        why_not = "" if data else "gone"
    is_photo = _is_photo(incoming)
    name = incoming.extra.get("name") or ("photo" if is_photo else "file")
    return replace(incoming, attachment=Attachment(name, data, why_not, is_photo))


async def opened(incoming: Incoming, asked: Asked) -> Incoming:
    """The message with the records of its file; ``asked`` is how its workspace reads them."""
    attachment = incoming.attachment
    if attachment is None:
        return incoming
    if attachment.data is None:
        upload = Upload(attachment.name, refused=attachment.why_not, is_photo=attachment.is_photo)
    else:
        async with AT_ONCE:
            upload = await asyncio.to_thread(_read, attachment, attachment.data, asked)
    return replace(incoming, attachment=None, upload=upload)


def _read(attachment: Attachment, data: bytes, asked: Asked) -> Upload:
    """What is in a file; a photo without a code may be of a business card."""
    limits = PHOTO if attachment.is_photo else CHAT
    upload = _opened(attachment, data, replace(asked, limits=limits))
    if upload.refused == "no_code" and attachment.is_photo and is_there():
        return _opened(attachment, data, replace(asked, format="card", limits=CARD))
    return upload


def _opened(attachment: Attachment, data: bytes, asked: Asked) -> Upload:
    upload = replace(read_upload(attachment.name, data, asked), is_photo=attachment.is_photo)
    if upload.refused:
        return upload
    return replace(upload, is_card=format_of(BytesIO(data)) in CARDS)
