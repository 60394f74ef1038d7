"""What an answer is: plain data that every platform draws as it best can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Literal

Style = Literal["plain", "primary", "danger"]
ChartKind = Literal["funnel", "trend", "forecast", "leaders", "pace", "map"]


@dataclass(frozen=True, slots=True)
class Call:
    """A line that the Book can read: an intent and its slots.

    A slot holds what was said (``{"contact": "Sara"}``) or, as a whole number, the record that
    was meant (``{"deal": 7}``).
    """

    intent: str
    slots: dict[str, Any] = field(default_factory=dict)

    def with_slots(self, **more: Any) -> Call:
        return Call(self.intent, {**self.slots, **more})


@dataclass(frozen=True, slots=True)
class Button:
    """A label and what happens on a tap; ``token`` is put in by the desk when it is stored.

    ``opens_form`` tells a platform with dialogs (Slack) to open one at the tap.
    """

    label: str
    call: Call
    style: Style = "plain"
    opens_form: bool = False
    token: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The header of a card: one line, drawn bold."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or paragraph; it may hold line breaks. ``quiet``: drawn small or grey."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled values of a card, in order."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``numbered`` where buttons speak of the numbers."""

    lines: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; columns in ``numeric`` are set flush to the end."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a chart. ``said`` is the value as the reader writes it; ``low`` and ``high``
    are the range in which it will lie; ``mark`` is what it is held against: a target, or where it
    should stand by now.

    Raises ValueError for what no axis holds.
    """

    label: str
    value: float
    said: str
    low: float | None = None
    high: float | None = None
    mark: float | None = None

    def __post_init__(self) -> None:
        if not all(isfinite(each) for each in self.numbers):
            raise ValueError(self.label, "is not a number that can be drawn")

    @property
    def numbers(self) -> tuple[float, ...]:
        """All that must find room on the axis."""
        known = (self.value, self.low, self.high, self.mark)
        return tuple(each for each in known if each is not None)


@dataclass(frozen=True, slots=True)
class Chart:
    """Values to be seen beside each other, in order: a picture where the platform shows pictures.

    funnel: what stands in each stage. trend: a value over time. forecast: a trend whose last
    points, those with a range, are still to come. leaders: who has most, first. pace: how far
    goals are, each with its target as ``mark``. map: what each is worth against how probably it
    is lost, in percent, as ``mark``.
    """

    kind: ChartKind
    title: str
    points: tuple[Point, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to send; ``data`` is base64 in ASCII. ``picture``: show it, do not only attach it."""

    name: str
    media_type: str
    data: str
    picture: bool = False


@dataclass(frozen=True, slots=True)
class FormField:
    """One value to change. ``name`` is the slot; ``choices`` are (value, label)."""

    name: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = True
    long: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Values to change, and what to call with the answers.

    Slack opens a dialog whose submission comes back as ``Incoming.form`` under ``token``;
    elsewhere each field is drawn as a button (``buttons``) that asks for the new value.
    """

    title: str
    submit: str
    cancel: str
    fields: tuple[FormField, ...]
    call: Call
    buttons: tuple[Button, ...] = ()
    token: str = ""


Part = Title | Line | Fields | Items | Table | Chart | File | Form


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: parts from top to bottom, then buttons, likeliest first.

    ``private``: never shown to a whole channel (sent to the person alone).
    ``silent``: nothing to say.
    ``replaces``: drawn in place of the message whose button was tapped.
    ``rtl``: the member reads from right to left.
    """

    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    private: bool = False
    silent: bool = False
    replaces: bool = False
    rtl: bool = False

    @property
    def says_something(self) -> bool:
        return not self.silent and bool(self.parts or self.buttons)

    def and_then(self, other: Reply) -> Reply:
        """Two answers as one: parts in order, equal buttons once."""
        buttons = (*self.buttons, *(b for b in other.buttons if b not in self.buttons))
        return replace(
            self,
            parts=(*self.parts, *other.parts),
            buttons=buttons,
            private=self.private or other.private,
            replaces=self.replaces or other.replaces,
        )


def says(*lines: str, buttons: Iterable[Button] = ()) -> Reply:
    """A reply of plain lines."""
    return Reply(tuple(Line(line) for line in lines if line), tuple(buttons))
