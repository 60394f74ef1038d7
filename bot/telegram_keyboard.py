"""Buttons under a message: rows in which a thumb finds them and no label is cut.

Buttons of one row are equally wide on every phone, so the longest of its labels decides how many
stand side by side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.telegram_pages import Keyboard
from handlers.reply import Button
from language.voice import is_rtl, plain

IN_ROW, DIGITS_IN_ROW = 3, 5
LETTERS = 40
"""Latin letters that a row of 335 px shows, less the edges of its buttons."""
URDU = 0.8
"""The width of an Urdu letter in Latin ones."""

_STYLED = ("primary", "danger")
_NUMBERED = re.compile(r"(\d+):")

Rows = tuple[int, ...]


def keyboard(buttons: Sequence[Button]) -> Keyboard | None:
    """As few rows as may be, none of them with one left over; those of one line of a list
    (``1: Same``) have a row of their own. What has no token cannot be tapped."""
    shown = [button for button in buttons if button.token]
    rows: list[list[dict[str, str]]] = []
    at = 0
    for many in _rows([plain(button.label) for button in shown]):
        rows.append([_drawn(button) for button in shown[at : at + many]])
        at += many
    return {"inline_keyboard": rows} if rows else None


def _drawn(button: Button) -> dict[str, str]:
    style = {"style": button.style} if button.style in _STYLED else {}
    return {"callback_data": button.token, **style, "text": button.label}


def _rows(labels: Sequence[str]) -> Rows:
    """How many stand in each row. Of as many rows the most even ones; the fuller come last, for
    there what every card has (Useful, Not now, Stop these) stands together."""
    numbers = [_number_of(label) for label in labels]
    counted = [number for number in numbers if number]
    by_number = len(set(counted)) < len(counted)
    widths = [_width(label) for label in labels]
    best: list[Rows] = [()]
    for end in range(1, len(labels) + 1):
        best.append(
            min(
                (
                    (*best[begin], end - begin)
                    for begin in range(max(0, end - DIGITS_IN_ROW), end)
                    if _fit(labels[begin:end], widths[begin:end])
                    and not (by_number and len(set(numbers[begin:end])) > 1)
                ),
                key=lambda rows: (len(rows), sum(many * many for many in rows), rows),
            )
        )
    return best[-1]


def _number_of(label: str) -> str:
    """That of the line of a list which a button belongs to."""
    found = _NUMBERED.match(label)
    return found[1] if found else ""


def _fit(labels: Sequence[str], widths: Sequence[float]) -> bool:
    """Whether they may stand side by side. Bare numbers, as of a scale, keep to themselves."""
    if len(labels) == 1 or all(label.isdigit() for label in labels):
        return True
    bare = any(label.isdigit() for label in labels)
    return not bare and len(labels) <= IN_ROW and max(widths) <= LETTERS // len(labels)


def _width(label: str) -> float:
    return len(label) * (URDU if is_rtl(label) else 1)
