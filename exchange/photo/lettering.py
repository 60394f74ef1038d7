"""What is printed in a picture, read by RapidOCR where the extra ``ocr`` is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from exchange.photo.business_card import Written

if TYPE_CHECKING:
    from PIL import Image

SIDE = 2000
"""Pixels of the longer side that are read; a card fills most of its photo."""

SURE = 0.6
"""What is read with less certainty is no word."""


def is_there() -> bool:
    """Whether business cards can be read here."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime"))


def lines(picture: Image.Image) -> list[Written]:
    """The lines of a picture, in any order."""
    import numpy
    from rapidocr import RapidOCR

    quietly: dict[str, Any] = {"Global.log_level": "critical"}
    for threads in ("intra", "inter"):
        quietly[f"EngineConfig.onnxruntime.{threads}_op_num_threads"] = 1
    reader: Any = RapidOCR(params=quietly)
    found = reader(numpy.asarray(picture.convert("RGB")))
    if found.boxes is None:
        return []
    read = zip(found.boxes, found.txts, found.scores, strict=True)
    return [_written(box, text) for box, text, sure in read if sure >= SURE]


def _written(box: Any, text: str) -> Written:
    """A box has four corners, from the top left on as a clock goes."""
    across, down = [float(x) for x, _ in box], [float(y) for _, y in box]
    return Written(text, min(across), min(down), max(down) - min(down))
