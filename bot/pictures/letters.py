"""The letters of a picture: which fonts draw them, how wide they run, what no font has.

Only the fonts that come with Rabta and with matplotlib are used, so that a picture looks the same
on every machine. Noto Naskh Arabic has every letter of Urdu, DejaVu Sans nearly all others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from bot.bidi import safe
from language.voice import is_rtl

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

LATIN, URDU = "DejaVu Sans", "Noto Naskh Arabic"
OWN = ("NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf")
UNSEEN = frozenset("\u2066\u2067\u2068\u2069\u200f\u200c\u200d")
"""Signs that turn or join what stands round them, and have no shape of their own."""
VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Signs that ask for another shape of a letter: there is but one."""
LONGEST = 200
"""Letters that are looked at; no line holds so many."""
MARKS = 2
"""Marks over one letter: more are a tower over other lines."""


@cache
def _fonts() -> frozenset[str]:
    """Makes matplotlib know our fonts, and no others; the letters that they have."""
    import matplotlib
    from matplotlib.font_manager import fontManager
    from matplotlib.ft2font import FT2Font

    matplotlib.rcdefaults()  # whatever settings lie on this machine
    bundled = matplotlib.get_data_path()
    fontManager.ttflist = [
        font for font in fontManager.ttflist
        if font.name == LATIN and font.fname.startswith(bundled)
    ]  # fmt: skip
    paths = [font.fname for font in fontManager.ttflist]
    for name in OWN:
        with as_file(files("bot.pictures") / "fonts" / name) as path:
            fontManager.addfont(str(path))
            paths.append(str(path))
    letters = {chr(code) for path in paths for code in FT2Font(path).get_charmap()}
    shown = {each for each in letters if unicodedata.category(each) != "Cc"}
    return frozenset(shown) - VARIANTS | UNSEEN


@cache
def _scale() -> Any:
    from matplotlib.backends.backend_agg import RendererAgg

    agg: Any = RendererAgg  # it comes without types
    return agg(1, 1, 72)


@cache
def font(size: int, *, bold: bool, urdu: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    _fonts()
    family = [URDU, LATIN] if urdu else [LATIN, URDU]
    return FontProperties(family=family, size=size, weight="bold" if bold else "normal")


def font_of(text: str, size: int, *, bold: bool = False) -> FontProperties:
    """One script's digits and blanks come from its own font."""
    return font(size, bold=bold, urdu=is_rtl(text))


def drawable(text: str) -> str:
    """The text on one line, without what no font has or what would tower over other lines."""
    known, marks = _fonts(), 0
    kept = []
    for letter in " ".join(safe(text[:LONGEST]).split()):
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if letter in known and marks <= MARKS:
            kept.append(letter)
    return safe(" ".join("".join(kept).split())) or "…"


def width(text: str, size: int, *, bold: bool = False) -> float:
    """Pixels that a line of drawable text takes."""
    wide, _, _ = _scale().get_text_width_height_descent(
        text, font_of(text, size, bold=bold), ismath=False
    )
    return float(wide)


def fitted(text: str, room: float, size: int, *, bold: bool = False) -> str:
    """The line, cut where it has no more room."""
    text = drawable(text)
    if width(text, size, bold=bold) <= room:
        return text
    fits, over = 0, len(text)
    while over - fits > 1:
        middle = (fits + over) // 2
        if width(_cut(text, middle), size, bold=bold) <= room:
            fits = middle
        else:
            over = middle
    return _cut(text, fits)


def _cut(text: str, letters: int) -> str:
    return safe(text[:letters].rstrip() + "…")


def lines(text: str, room: float, size: int, most: int, *, bold: bool = False) -> list[str]:
    """The text broken at blanks, in so many lines at most."""
    return list(_lines(drawable(text).split(" "), room, size, most, bold=bold)) if text else []


def _lines(
    words: list[str], room: float, size: int, most: int, *, bold: bool
) -> Iterator[str]:  # fmt: skip
    while words:
        many = len(words)
        while many > 1 and width(" ".join(words[:many]), size, bold=bold) > room:
            many -= 1
        last = most == 1
        line = " ".join(words if last else words[:many])
        yield fitted(line, room, size, bold=bold)
        words, most = ([] if last else words[many:]), most - 1
