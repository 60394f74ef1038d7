"""Lines become messages: as many whole lines as fit, styles as entities counted in UTF-16."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

LONGEST, LONGEST_CAPTION = 4096, 1024  # UTF-16 units
BLOCKS = ("pre", "expandable_blockquote")
"""Styles whose neighbouring lines are one block."""
PAGES = 4
"""What does not fit into so many messages is cut, and says so with an ellipsis."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style: bold, italic, one of ``BLOCKS``, or none."""

    text: str
    style: str = ""


Row = tuple[Span, ...]
Keyboard = dict[str, list[list[dict[str, str]]]]
Entity = dict[str, Any]
"""Both as Telegram's own JSON: what python-telegram-bot makes of them is taken apart again."""


@dataclass(frozen=True, slots=True)
class Page:
    """One message."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard | None = None


def utf16(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def row_of(*spans: Span) -> Row:
    return tuple(span for span in spans if span.text)


def pages_of(rows: Iterable[Row], longest: int = LONGEST) -> list[Page]:
    """Whole lines, as many as fit into each message."""
    pages: list[list[Row]] = [[]]
    size = 0
    for row in (piece for whole in rows for piece in _pieces(whole, longest - 2)):
        length = sum(utf16(span.text) for span in row) + 1  # and the end of the line
        if size + length > longest and pages[-1]:
            pages.append([])
            size = 0
        pages[-1].append(row)
        size += length
    if len(pages) > PAGES:
        del pages[PAGES:]
        pages[-1][-1] = (Span("…"),)
    return [page for page in map(_page, pages) if page.text]


def _pieces(row: Row, longest: int) -> Iterator[Row]:
    """A row that is too long for one message, broken at spaces where it has them."""
    left = row
    while sum(utf16(span.text) for span in left) > longest:
        span, *rest = left
        if utf16(span.text) <= longest // 2:  # a short beginning: what follows it is the long one
            yield (span,)
            left = tuple(rest)
            continue
        end = len(span.text.encode("utf-16-le")[: longest * 2].decode("utf-16-le", "ignore"))
        space = span.text.rfind(" ", end // 2, end)
        end = space if space > 0 else end
        yield (replace(span, text=span.text[:end]),)
        left = row_of(replace(span, text=span.text[end:].lstrip(" ")), *rest)
    yield left


def _page(rows: list[Row]) -> Page:
    while rows and not any(span.text.strip() for span in rows[0]):
        rows.pop(0)  # the server would trim it and so would shift the entities
    while rows and not any(span.text.strip() for span in rows[-1]):
        rows.pop()
    text, entities = "", list[Entity]()
    for number, row in enumerate(rows):
        text += "\n" if number else ""
        for span in row:
            start = utf16(text)
            text += span.text
            last = entities[-1] if entities else None
            block = last and last["type"] == span.style and span.style in BLOCKS
            if last and block and last["offset"] + last["length"] + 1 == start:
                start, entities = last["offset"], entities[:-1]
            if span.style and span.text.strip():
                length = utf16(text) - start
                entities.append({"length": length, "offset": start, "type": span.style})
    return Page(text, tuple(entities))
