"""Directions, the same on every platform: what somebody typed turns nothing that stands round it.

Signs that override a direction are taken out of all that is drawn, and every isolate is closed on
its own line. Signs that words need, such as the zero-width non-joiner of Urdu, stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from handlers.reply import (
    Button,
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
from language.voice import FSI, PDI, RLM, is_rtl, plain

LRM = "\u200e"

_TURNS = re.compile("[\u202a-\u202e\u200e\u061c\u206a-\u206f]")
"""Embeddings and overrides, marks that only their typist saw, and signs that are out of use."""
_ISOLATES = re.compile("[\u2066-\u2069]")
_STRONG = re.compile(r"[^\W\d_]")
_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def tidy(reply: Reply) -> Reply:
    """The reply with no sign in it that could turn more than its own value."""
    return replace(
        reply,
        parts=tuple(_part(part) for part in reply.parts),
        buttons=tuple(map(_button, reply.buttons)),
    )


def tidy_form(form: Form) -> Form:
    return replace(
        form,
        title=safe(form.title),
        submit=safe(form.submit),
        cancel=safe(form.cancel),
        fields=tuple(map(_field, form.fields)),
        buttons=tuple(map(_button, form.buttons)),
    )


def safe(text: str) -> str:
    """Without overrides, and with every isolate closed where its line ends."""
    text = _TURNS.sub("", _BREAKS.sub("\n", text))
    if not _ISOLATES.search(text):
        return text
    opened: list[str] = []
    return "\n".join(_closed(line, opened) for line in text.split("\n"))


def _closed(line: str, opened: list[str]) -> str:
    """What an earlier line opened goes on in this one."""
    lead = "".join(opened)

    def sign(match: re.Match[str]) -> str:
        if match[0] != PDI:
            opened.append(match[0])
        elif opened:
            opened.pop()
        else:
            return ""
        return match[0]

    marks = len(line) - len(line.lstrip(RLM))
    body = _ISOLATES.sub(sign, line[marks:])
    return f"{line[:marks]}{lead}{body}{PDI * len(opened)}"


def lead(text: str, *, rtl: bool) -> str:
    """The mark that a line begins with, for its direction to be the reader's.

    A browser takes the first letter that runs one way for the line's direction, even one set apart
    (HTML, "auto directionality"), so a line of Latin words that begins with an Urdu name needs one
    as well. What is nothing but such a name, or was written in Urdu, keeps its own.
    """
    bare = text.lstrip(RLM)
    if rtl or not bare:
        return RLM if bare else ""
    first = next((at for at, char in enumerate(bare) if _STRONG.match(char)), None)
    if first is None or not is_rtl(bare[first]) or FSI not in bare[:first]:
        return ""
    end = bare.find(PDI, first)
    return LRM if bare[end + 1 :].strip() and end >= 0 else ""


def apart(value: str, *, rtl: bool) -> str:
    """A value set apart from its label, so that it keeps its own direction, on one line."""
    value = safe(value).replace("\n", " ")
    bare = value.lstrip(RLM)
    if not bare or bare.startswith(FSI) or not (rtl or is_rtl(bare)):
        return value
    return f"{FSI}{bare}{PDI}"


def label_of(name: str, *, rtl: bool) -> str:
    """A label, which may be a field that a team named in Urdu: digits after it stay in place."""
    bare = safe(name).replace("\n", " ").lstrip(RLM).rstrip(" :")
    return f"{FSI}{bare}{PDI}" if not rtl and is_rtl(bare) and FSI not in bare else bare


def _part(part: Part) -> Part:
    match part:
        case Title(text):
            return Title(safe(text))
        case Line(text, quiet):
            return Line(safe(text), quiet)
        case Fields(rows):
            return Fields(tuple((safe(label), safe(value)) for label, value in rows))
        case Items(lines, numbered):
            return Items(_each(safe, lines), numbered)
        case Table(head, rows, numeric):
            return Table(_each(safe, head), tuple(_each(safe, row) for row in rows), numeric)
        case Chart(title=title, points=points, note=note):
            drawn = tuple(map(_point, points))
            return replace(part, title=safe(title), points=drawn, note=safe(note))
        case File():
            return replace(part, name=plain(part.name))
        case Form():
            return tidy_form(part)
        case _:
            assert_never(part)


def _each(change: Callable[[str], str], texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(change, texts))


def _point(point: Point) -> Point:
    return replace(point, label=safe(point.label), said=safe(point.said))


def _button(button: Button) -> Button:
    return replace(button, label=safe(button.label))


def _field(field: FormField) -> FormField:
    """A value comes back as it is shown, so nothing is added to it."""
    choices = tuple((value, safe(label)) for value, label in field.choices)
    return replace(field, label=safe(field.label), value=plain(field.value), choices=choices)
