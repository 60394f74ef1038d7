"""What each platform draws of replies of every kind and size, as it was drawn before.

Whoever changes a drawing on purpose lets it be written anew, and looks at what is different:
``RABTA_DRAW_ANEW=1 pytest tests/doors/test_drawn.py``.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot import slack_draw, slack_form, telegram_draw, terminal_draw
from handlers.reply import (
    Button,
    Call,
    Chart,
    Fields,
    File,
    Form,
    FormField,
    Items,
    Line,
    Part,
    Point,
    Reply,
    Table,
    Title,
)

DRAWN = Path(__file__).with_name("drawn")
WORDS = {"en": "Nishat Mills <b> & sons", "ur": "نشاط ملز اور Sons", "odd": "a\u202eb \u2067c *d*"}
SIZES = (74, 75, 76, 149, 150, 151, 1999, 2000, 2001, 2900, 3001, 4095, 4096, 4097, 9100, 30_000)
MOST = 400
"""Letters of a drawing that are written out."""

TAP = Call("deal.win", {"deal": 7})


def button(label: str, number: int = 0, **more: Any) -> Button:
    return Button(label, TAP, token=f"t{number}", **more)


def form(said: str, count: int = 3) -> Form:
    fields = [FormField(f"f{n}", f"{said} {n}", "5 lakh" * n) for n in range(count)]
    choices = tuple((f"v{n}", f"{said} {n}") for n in range(count))
    fields.append(FormField("stage", said, "v1", choices=choices, optional=False))
    fields.append(FormField("note", said, "a\nb", long=True))
    return Form(said, "Save", "Cancel", tuple(fields), TAP, (button(said), button("x", 1)), "f1")


def parts(said: str) -> dict[str, Part]:
    rows = ((said, "5", "x"), ("short", "1,20,000", said))
    return {
        "title": Title(said),
        "line": Line(said),
        "quiet": Line(said, quiet=True),
        "fields": Fields(((said, said), ("Stage:", "won"), ("Empty", ""))),
        "items": Items((said, f"{said}\n{said}")),
        "numbered": Items((said, "two", said), numbered=True),
        "table": Table((said[:20], "Sum", "Who"), rows, numeric=(1,)),
        "chart": Chart("pace", said, (Point(said, 5, "5 lakh", mark=8), Point("x", 0, "—")), said),
        "file": File(f"{said[:20]}.csv", "text/csv", b64encode(b"a,b\n").decode()),
        "picture": File("chart.png", "image/png", b64encode(b"png").decode(), picture=True),
        "form": form(said),
    }


def replies() -> Iterator[tuple[str, Reply]]:
    """Each kind of part alone and all in one, in every language; then in every size."""
    for (tongue, said), rtl in product(WORDS.items(), (False, True)):
        name = f"{tongue}{' rtl' if rtl else ''}"
        for kind, part in parts(said).items():
            yield f"{name} {kind}", Reply((part,), rtl=rtl)
        two = (button("Undo"), button(said, 1, style="danger", opens_form=True))
        yield f"{name} card", Reply(tuple(parts(said).values()), two, rtl=rtl)
    for size in SIZES:
        said = ("Bilal Traders, Karachi. " * 2000)[:size]
        for kind in ("title", "line", "quiet", "fields", "items"):
            yield f"{kind} of {size}", Reply((parts(said)[kind],), (button("Undo"),))
        yield f"word of {size}", Reply((Line("x" * size),), (button("y" * size),))
    for count in (0, 1, 2, 3, 4, 5, 8, 9, 24, 25, 26, 60, 101):
        many = tuple(button(f"B{n}", n) for n in range(count))
        lines = tuple(f"line {n} of many" for n in range(count))
        yield f"{count} buttons", Reply((Line("Which?"),), many)
        yield f"{count} lines", Reply((Items(lines, numbered=True),))
        yield f"{count} parts", Reply(tuple(map(Line, lines)))
        wide = tuple(f"Column {n}" for n in range(min(count, 12)))
        yield f"{count} columns and rows", Reply((Table(wide, (wide,) * count, (1, 2)),))


def line(name: str, drawn: Any) -> str:
    """One line of the file; what is long by its beginning, its length and its print."""
    told = json.dumps(drawn, ensure_ascii=False)
    if len(told) > MOST:
        told = f"{told[:MOST]} ... {len(told)} {sha256(told.encode()).hexdigest()[:12]}"
    return f"{name}: {told}"


def on_slack(reply: Reply) -> Any:
    drawn = slack_draw.draw(reply)
    forms = [slack_form.dialog(part, "note") for part in reply.parts if isinstance(part, Form)]
    pages = [{"text": page.text, "blocks": page.blocks} for page in drawn.pages]
    pictures = [[each.alike, each.words.text] for each in drawn.pictures]
    files = [file.name for file in drawn.files]
    return {"pages": pages, "files": files, "dialogs": forms, "pictures": pictures}


def on_telegram(reply: Reply) -> Any:
    drawn = telegram_draw.draw(reply)
    pages = [
        {
            "text": page.text,
            "entities": list(page.entities),
            "keyboard": page.keyboard,
        }
        for page in drawn.pages
    ]
    pictures = [each.words.text for each in drawn.pictures]
    files = [file.name for file in drawn.files]
    return {"pages": pages, "files": files, "pictures": pictures}


def in_terminal(reply: Reply) -> Any:
    console = Console(width=80, color_system="standard", force_terminal=True, legacy_windows=False)
    with console.capture() as colours:
        for part in terminal_draw.rich(reply):
            console.print(part)
    return {"plain": terminal_draw.plain(reply), "rich": colours.get()}


@pytest.mark.parametrize(
    "draw", [on_slack, on_telegram, in_terminal], ids=lambda each: each.__name__
)
def test_it_is_drawn_as_it_was(
    draw: Callable[[Reply], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal_draw, "saved", lambda file: f"/somewhere/{file.name}")
    path = DRAWN / f"{draw.__name__}.txt"
    drawn = [line(name, draw(reply)) for name, reply in replies()]
    if os.environ.get("RABTA_DRAW_ANEW"):
        path.write_text("\n".join(drawn) + "\n", "utf-8")
    assert drawn == path.read_text("utf-8").split("\n")[:-1]
