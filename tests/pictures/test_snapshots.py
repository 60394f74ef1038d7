"""Every kind of picture as it was looked at and found good, in three languages.

Whoever changes a drawing on purpose lets them be drawn anew, and looks at them:
``RABTA_DRAW_ANEW=1 pytest tests/pictures/test_snapshots.py``.
"""

from __future__ import annotations

import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.pictures.drawing import KINDS, png
from handlers.reply import Chart
from tests.pictures.cast import WORDS, charts

SNAPSHOTS = Path(__file__).with_name("snapshots")
COLOURS = 256
NEAR, BLOCK = 14.0, 8
"""How far a block of so many pixels may be off in the mean, of 255: rounding on another processor
moves edges by less, a figure that is another one by more."""


def small(data: bytes) -> Image.Image:
    """As a phone shows it."""
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB").resize((450, image.height // 2), Image.Resampling.LANCZOS)


def farthest(one: Image.Image, other: Image.Image) -> float:
    """The largest mean difference of a block."""
    if one.size != other.size:
        return 255.0
    off = ImageChops.difference(one, other).convert("L")
    width, height = (max(1, side // BLOCK) for side in off.size)
    blocks = off.resize((width, height), Image.Resampling.BOX)
    return float(ImageStat.Stat(blocks).extrema[0][1])


def drawn(chart: Chart, tongue: str) -> Image.Image:
    return small(png(chart, rtl=tongue == "ur"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tongue", WORDS)
def test_it_looks_as_it_did(tongue: str, kind: str) -> None:
    path = SNAPSHOTS / f"{kind}-{tongue}.png"
    picture = drawn(charts(tongue)[kind], tongue)
    if os.environ.get("RABTA_DRAW_ANEW"):
        path.parent.mkdir(exist_ok=True)
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    with Image.open(path) as before:
        assert farthest(picture, before.convert("RGB")) < NEAR


def test_another_figure_name_or_direction_is_another_picture() -> None:
    chart = charts("en")["leaders"]
    first, *rest = chart.points
    picture = drawn(chart, "en")
    for changed in (replace(first, said="Rs 53 lakh"), replace(first, label="Ayesha Khar")):
        other = replace(chart, points=(changed, *rest))
        assert farthest(picture, drawn(other, "en")) > NEAR
    turned = replace(chart, points=(rest[0], first, *rest[1:]))
    assert farthest(picture, drawn(turned, "en")) > NEAR
    assert farthest(picture, drawn(chart, "ur")) > NEAR
