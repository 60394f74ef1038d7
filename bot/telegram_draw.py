"""A Reply as Telegram shows it: text, entities (never markup), and a keyboard fit for a thumb.

A chart is a photo. Telegram has no other words for who cannot see it than those below it, so its
values stand there too, folded away.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.bidi import apart, label_of, lead, tidy
from bot.columns import padded, width
from bot.pictures.words import bars, in_words, titled_once
from bot.telegram_keyboard import keyboard
from bot.telegram_pages import (
    LONGEST_CAPTION,
    Keyboard,
    Page,
    Row,
    Span,
    pages_of,
    row_of,
    utf16,
)
from handlers.reply import Button, Chart, Fields, File, Form, Items, Line, Part, Reply, Table, Title
from language.voice import RLM, is_rtl

PHONE = 34
"""Columns of fixed-width text that a phone shows without breaking the line."""
FOLDED = "expandable_blockquote"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to be shown, and the message that says it where it cannot be."""

    chart: Chart
    words: Page


@dataclass(frozen=True, slots=True)
class Drawn:
    """Messages in order, then pictures and files. The last page carries the keyboard.

    ``words``: all of a short reply in one message, for where its picture cannot be shown.
    """

    pages: tuple[Page, ...]
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()
    keyboard: Keyboard | None = None
    words: Page | None = None


def draw(reply: Reply) -> Drawn:
    """The messages that say the reply."""
    reply = titled_once(tidy(reply))
    charts = [part for part in reply.parts if isinstance(part, Chart) and part.points]
    pages = pages_of(_drawn(reply))
    if charts and not fit_a_caption(pages):
        pages = pages_of(_drawn(_without_values(reply)))
    files = tuple(part for part in reply.parts if isinstance(part, File))
    markup = keyboard([*_form_buttons(reply), *reply.buttons])
    if not pages and not files and not charts and markup:
        pages = [Page("⋯")]  # buttons cannot stand alone
    if pages:
        pages[-1] = replace(pages[-1], keyboard=markup)
    pictures = tuple(Picture(chart, _in_words(Reply((chart,), rtl=reply.rtl))) for chart in charts)
    words = replace(_in_words(reply), keyboard=markup) if charts else None
    return Drawn(tuple(pages), pictures, files, markup, words)


def fit_a_caption(pages: Sequence[Page]) -> bool:
    return len(pages) <= 1 and all(utf16(page.text) <= LONGEST_CAPTION for page in pages)


def _without_values(reply: Reply) -> Reply:
    bare = (replace(part, points=()) if isinstance(part, Chart) else part for part in reply.parts)
    return replace(reply, parts=tuple(bare))


def _in_words(reply: Reply) -> Page:
    return next(iter(pages_of(_drawn(in_words(reply)))), Page("⋯"))


def data_of(file: File) -> bytes:
    return b64decode(file.data)


# Rows of text


def _drawn(reply: Reply) -> Iterator[Row]:
    """All lines, with a blank one between parts that are more than a line."""
    before: Part | None = None
    for part in reply.parts:
        rows = list(_part(part, rtl=reply.rtl))
        if rows and before is not None and _apart(before, part):
            yield ()
        yield from rows
        before = part if rows else before


def _apart(before: Part, part: Part) -> bool:
    blocks = (Items, Table, Form)
    return isinstance(before, blocks) or isinstance(part, (*blocks, Title))


def _part(part: Part, *, rtl: bool) -> Iterator[Row]:
    match part:
        case Title(text):
            yield from _lines(text, "bold", rtl=rtl)
        case Line(text, quiet):
            yield from _lines(text, "italic" if quiet and not rtl else "", rtl=rtl)
        case Fields(rows):
            yield from (_field(label, value, rtl=rtl) for label, value in rows)
        case Items(lines, numbered):
            for number, line in enumerate(lines, 1):
                bullet = f"{number}. " if numbered else "• "
                yield from _lines(line, "", rtl=rtl, bullet=bullet)
        case Table():
            yield from _table(part, rtl=rtl)
        case Form(title=title, fields=fields):
            yield from _lines(title, "bold", rtl=rtl)
            for field in fields:
                shown = dict(field.choices).get(field.value, field.value)
                yield _field(field.label, shown or "—", rtl=rtl)
        case Chart():
            yield from _chart(part, rtl=rtl)
        case File():
            return
        case _:
            assert_never(part)


def _lines(text: str, style: str, *, rtl: bool, bullet: str = "") -> Iterator[Row]:
    for number, line in enumerate(text.splitlines() or [""]):
        mark = bullet if number == 0 else ""
        bare = line.lstrip(RLM) if rtl else line
        yield row_of(Span(lead(bare, rtl=rtl) + mark), Span(bare, style))


def _field(label: str, value: str, *, rtl: bool) -> Row:
    label = f"{label_of(label, rtl=rtl)}:"
    shown = f" {apart(value, rtl=rtl)}"
    return row_of(Span(lead(label + shown, rtl=rtl)), Span(label, "bold"), Span(shown))


def _chart(chart: Chart, *, rtl: bool) -> Iterator[Row]:
    """What stands beside its picture."""
    if chart.title:
        yield from _lines(chart.title, "bold", rtl=rtl)
    for bar in bars(chart):
        value = f"{label_of(bar.label, rtl=rtl)}: {apart(bar.said, rtl=rtl)}"
        yield (Span(lead(value, rtl=rtl) + value, FOLDED),)
    if chart.note:
        yield from _part(Line(chart.note, quiet=True), rtl=rtl)


# Tables


def _table(table: Table, *, rtl: bool) -> Iterator[Row]:
    """Columns where a phone has room for them, else a few lines a row."""
    cells = [table.head, *table.rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    wide = sum(widths) + 2 * (len(widths) - 1) > PHONE
    if rtl or wide or any(is_rtl(cell) for row in cells for cell in row):
        for row in table.rows:
            yield from _card(table.head, row, rtl=rtl)
        return
    for row in cells:
        filled = (
            padded(cell, room, flush=index in table.numeric)
            for index, (cell, room) in enumerate(zip(row, widths, strict=True))
        )
        yield (Span("  ".join(filled).rstrip(), "pre"),)


def _card(head: Sequence[str], row: Sequence[str], *, rtl: bool) -> Iterator[Row]:
    first, *rest = row
    name = apart(first, rtl=rtl)
    yield row_of(Span(lead(name, rtl=rtl)), Span(name, "bold"))
    labelled = (
        f"{label_of(label, rtl=rtl)}: {apart(value, rtl=rtl)}"
        for label, value in zip(head[1:], rest, strict=True)
        if value
    )
    if line := " · ".join(labelled):
        yield row_of(Span(f"{lead(line, rtl=rtl)}  {line}"))


# Buttons


def _form_buttons(reply: Reply) -> Iterator[Button]:
    for part in reply.parts:
        if isinstance(part, Form):
            yield from part.buttons
