"""The parts of a Reply as elements of rich text, where no letter of a user's is ever markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.bidi import apart, label_of, lead
from bot.columns import padded, width
from handlers.reply import Chart, Fields, File, Form, Items, Line, Part, Table, Title
from language.voice import RLM, is_rtl

Block = dict[str, Any]

LONGEST_RUN = 2900
"""Letters in an element, and in a block; Slack's own limit for a section is 3,000."""
LONGEST_HEADER, LONGEST_CONTEXT = 150, 1900
COLUMNS = 60
"""Columns of fixed-width text that a window shows without breaking the line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One element of a rich text block (``kind`` rich), or a block of its own; and its size."""

    kind: str
    content: Block
    plain: str


def pieces_of(part: Part, *, rtl: bool) -> Iterator[Piece]:
    match part:
        case Title(text):
            yield from _title(text, rtl=rtl)
        case Line(text, quiet):
            yield from (_quiet if quiet else _line)(_led(text, rtl=rtl))
        case Fields(rows):
            yield from (_field(label, value, rtl=rtl) for label, value in rows)
        case Items(lines, numbered):
            yield from _items(lines, numbered=numbered, rtl=rtl)
        case Table():
            yield from _table(part, rtl=rtl)
        case Form(title=title, fields=fields):
            yield from _title(title, rtl=rtl)
            for field in fields:
                shown = dict(field.choices).get(field.value, field.value)
                yield _field(field.label, shown or "—", rtl=rtl)
        case File() | Chart():
            return  # both are sent behind; what stands beside a picture are other parts by now
        case _:
            assert_never(part)


def _title(text: str, *, rtl: bool) -> Iterator[Piece]:
    text = _led(" ".join(text.split()), rtl=rtl)
    if not text:
        return
    if len(text) <= LONGEST_HEADER:
        yield Piece("block", {"type": "header", "text": plain_text(text)}, text)
    else:
        yield from _line(text, bold=True)


def _line(text: str, *, bold: bool = False) -> Iterator[Piece]:
    for run in _runs(text, LONGEST_RUN):
        yield Piece("rich", section(words(run, bold=bold)), run)


def _quiet(text: str) -> Iterator[Piece]:
    for run in _runs(text, LONGEST_CONTEXT):
        yield Piece("block", {"type": "context", "elements": [plain_text(run)]}, run)


def _field(label: str, value: str, *, rtl: bool) -> Piece:
    label = f"{label_of(label, rtl=rtl)}:"
    value = cut(value.strip(), LONGEST_RUN // 2) or "—"
    shown = f" {apart(value, rtl=rtl)}"
    mark = lead(label + shown, rtl=rtl)
    return Piece(
        "rich",
        section(words(mark + cut(label, LONGEST_RUN // 2), bold=True), words(shown)),
        f"{mark}{label}{shown}",
    )


def _items(lines: Sequence[str], *, numbered: bool, rtl: bool) -> Iterator[Piece]:
    """A list a block at most; its numbers go on where it is broken."""
    begin = 0
    for chunk in _chunks([cut(_led(line, rtl=rtl), LONGEST_RUN) or "—" for line in lines]):
        content: Block = {"type": "rich_text_list", "style": "ordered" if numbered else "bullet"}
        content["elements"] = [section(words(line)) for line in chunk]
        if numbered and begin:
            content["offset"] = begin
        marks = [f"{n}." if numbered else "•" for n in range(begin + 1, begin + 1 + len(chunk))]
        plain = "\n".join(f"{mark} {line}" for mark, line in zip(marks, chunk, strict=True))
        yield Piece("rich", content, plain)
        begin += len(chunk)


def _chunks(lines: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for line in lines:
        if chunk and sum(map(len, chunk)) + len(line) > LONGEST_RUN:
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


# Tables


def _table(table: Table, *, rtl: bool) -> Iterator[Piece]:
    """Columns where there is room for them, else one line a row."""
    cells = [[" ".join(cell.split()) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    wide = sum(widths) + 2 * (len(widths) - 1) > COLUMNS
    if rtl or wide or any(is_rtl(cell) for row in cells for cell in row):
        rows = [_as_line(cells[0], row, rtl=rtl) for row in cells[1:]]
        yield from _items(rows, numbered=False, rtl=rtl)
        return
    lines = [_in_columns(row, widths, table.numeric) for row in cells]
    for chunk in _chunks(lines):
        text = "\n".join(chunk)
        yield Piece("rich", {"type": "rich_text_preformatted", "elements": [words(text)]}, text)


def _as_line(head: Sequence[str], row: Sequence[str], *, rtl: bool) -> str:
    rest = zip(head[1:], row[1:], strict=True)
    said = [
        f"{label_of(label, rtl=rtl)}: {apart(value, rtl=rtl)}" for label, value in rest if value
    ]
    return " · ".join([apart(row[0], rtl=rtl) or "—", *said])


def _in_columns(row: Sequence[str], rooms: Sequence[int], numeric: Sequence[int]) -> str:
    cells = zip(row, rooms, strict=True)
    filled = (padded(cell, room, flush=n in numeric) for n, (cell, room) in enumerate(cells))
    return "  ".join(filled).rstrip()


# Letters


def words(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": text} | ({"style": {"bold": True}} if bold else {})


def section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _led(text: str, *, rtl: bool) -> str:
    """Every line begins with the mark that says its direction, where it needs one."""
    lines = text.strip().splitlines()
    bare = [line.lstrip(RLM) if rtl else line for line in lines]
    return "\n".join(lead(line, rtl=rtl) + line for line in bare)


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _runs(text: str, longest: int) -> Iterator[str]:
    """A text in runs that fit, broken at line ends or spaces where it has them."""
    while len(text) > longest:
        end = max(text.rfind("\n", longest // 2, longest), 0)
        end = end or max(text.rfind(" ", longest // 2, longest), 0) or longest
        yield text[:end]
        text = text[end:].lstrip()
    if text:
        yield text
