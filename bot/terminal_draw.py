"""How a terminal shows a reply: plain lines for a pipe, a little colour for a person.

Nothing is reordered: the direction signs that a sentence carries are the terminal's to obey.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from bot.bidi import apart, label_of, tidy
from bot.pictures.words import bars, titled_once
from handlers.reply import Button, Chart, Fields, File, Form, Items, Line, Part, Reply, Table, Title
from language.voice import RLM

if TYPE_CHECKING:
    from rich.console import RenderableType

_CONTROLS = dict.fromkeys((*range(9), 11, 12, 13, *range(14, 32), *range(127, 160)), " ")


def clean(text: str) -> str:
    """Without what a terminal would take for a command."""
    return text.translate(_CONTROLS)


def buttons_of(reply: Reply) -> list[Button]:
    """What can be pressed, in the order of its numbers."""
    of_forms = [b for part in reply.parts if isinstance(part, Form) for b in part.buttons]
    return [*of_forms, *reply.buttons]


def plain(reply: Reply) -> str:
    """A reply as lines without any colour; buttons as ``[1 Undo] [2 Edit]``."""
    reply = titled_once(tidy(reply))
    lines = [line for part in reply.parts for line in _plain_part(part, rtl=reply.rtl)]
    buttons = [f"[{n} {button.label}]" for n, button in enumerate(buttons_of(reply), 1)]
    return clean("\n".join([*lines, *([" ".join(buttons)] if buttons else [])]))


def _plain_part(part: Part, *, rtl: bool) -> Iterator[str]:
    match part:
        case Title() | Line():
            yield part.text
        case Fields():
            yield from (_field(name, value, rtl=rtl) for name, value in part.rows)
        case Items():
            yield from (f"{_mark(part, n)} {line}" for n, line in enumerate(part.lines, 1))
        case Table():
            yield from _columns((part.head, *part.rows), part.numeric)
        case Chart():
            yield from filter(None, (part.title,))
            yield from _columns(_bars(part))
            yield from filter(None, (part.note,))
        case File():
            yield f"{part.name}: {saved(part)}"
        case Form():
            yield part.title
            yield from (_field(field.label, field.value, rtl=rtl) for field in part.fields)
        case _:
            assert_never(part)


def _field(label: str, value: str, *, rtl: bool) -> str:
    lead = RLM if rtl else ""
    return f"{lead}{label_of(label, rtl=rtl)}: {apart(value, rtl=rtl)}"


def _mark(items: Items, number: int) -> str:
    return f"{number}." if items.numbered else "-"


def _bars(chart: Chart) -> list[tuple[str, ...]]:
    return [(bar.label, bar.bar, bar.said) for bar in bars(chart)]


def _columns(rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> Iterator[str]:
    """Rows in line with one another, also where letters are wide or have no width."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - cell_len(cell))
            cells.append(space + cell if place in numeric else cell + space)
        yield "  ".join(cells).rstrip()


def saved(file: File) -> Path:
    """Where the file was put for the person to open."""
    folder = Path(tempfile.mkdtemp(prefix="rabta-"))
    path = folder / (Path(file.name).name or "file")
    path.write_bytes(base64.b64decode(file.data))
    return path


def rich(reply: Reply) -> Iterator[RenderableType]:
    """A reply for ``rich`` to print, part by part."""
    from rich.text import Text

    reply = titled_once(tidy(reply))
    for part in reply.parts:
        yield from _rich_part(part)
    labels = [f" {n} {clean(b.label)} " for n, b in enumerate(buttons_of(reply), 1)]
    if labels:
        yield Text("  ").join(Text(label, style="black on bright_cyan") for label in labels)


def _rich_part(part: Part) -> Iterator[RenderableType]:
    from rich.text import Text

    match part:
        case Title():
            yield Text(clean(part.text), style="bold")
        case Line():
            yield Text(clean(part.text), style="bright_black" if part.quiet else "")
        case Fields():
            yield _grid(
                [(Text(clean(name), style="cyan"), clean(value)) for name, value in part.rows]
            )
        case Items():
            yield _grid([(_mark(part, n), clean(line)) for n, line in enumerate(part.lines, 1)])
        case Table():
            yield _table(part)
        case Chart():
            yield from _chart(part)
        case File():
            yield Text(clean(f"{part.name}: {saved(part)}"), style="cyan")
        case Form():
            yield Text(clean(part.title), style="bold")
            yield _grid([(Text(clean(f.label), style="cyan"), clean(f.value)) for f in part.fields])
        case _:
            assert_never(part)


def _grid(rows: list[tuple[RenderableType, str]]) -> RenderableType:
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid.grid(padding=(0, 1))
    for name, value in rows:
        grid.add_row(name, Text(value))
    return grid


def _table(table: Table) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(box=SIMPLE_HEAD, header_style="cyan", pad_edge=False)
    for place, name in enumerate(table.head):
        drawn.add_column(Text(clean(name)), justify="right" if place in table.numeric else "left")
    for row in table.rows:
        drawn.add_row(*(Text(clean(cell)) for cell in row))
    return drawn


def _chart(chart: Chart) -> Iterator[RenderableType]:
    from rich.table import Table as Grid
    from rich.text import Text

    if chart.title:
        yield Text(clean(chart.title), style="bold")
    grid = Grid.grid(padding=(0, 1))
    for label, bar, said in _bars(chart):
        grid.add_row(Text(clean(label), style="cyan"), Text(bar, style="blue"), Text(clean(said)))
    yield grid
    if chart.note:
        yield Text(clean(chart.note), style="bright_black")
