"""The codes in a picture: found in a few passes, each a little more patient than the one before."""

from __future__ import annotations

import time
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

ENOUGH = 0.9
"""Seconds of the processor's after which no further pass is begun."""

MOST = 50
"""Codes of one picture that are read."""

SIDE, SMALL = 1600, 900
"""Pixels of the longer side that are looked at first; those from which on down it is enlarged."""

_QR = zxingcpp.barcode_formats_from_str("QRCode,MicroQRCode")
_KINDS = zxingcpp.barcode_formats_from_str("QRCode,MicroQRCode,Aztec,DataMatrix")
"""All that cards are printed with; the others take eight times as long to look for as QR codes."""


def codes(image: Image.Image) -> list[str]:
    """What each code says, from top to bottom as they stand in the picture.

    The whole picture is looked at as well as a smaller copy, for of several codes each may be
    found in only one of them; what follows is for dark, faint and small ones.
    """
    begun = time.process_time()
    found: dict[str, tuple[int, int]] = {}
    for number, seen in enumerate(_views(image)):
        if number > 1 and found:
            break
        for text, place in _read(*seen):
            found.setdefault(text, place)
        if time.process_time() - begun > ENOUGH:
            break
    return sorted(found, key=lambda text: found[text])[:MOST]


def _views(image: Image.Image) -> Iterator[tuple[Image.Image, float, zxingcpp.Binarizer]]:
    """The picture in several ways, with what its places are to be multiplied by."""
    local, global_ = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    longer = max(image.size)
    small = image.copy()
    small.thumbnail((SIDE, SIDE))
    back = longer / max(small.size)
    yield small, back, local
    if longer > SIDE:
        yield image, 1, local
    else:
        yield small, back, global_
    clear = ImageOps.autocontrast(small, cutoff=2)
    yield clear, back, local
    yield clear.filter(ImageFilter.GaussianBlur(1.5)), back, local
    if longer <= SMALL:
        size = image.width * 3, image.height * 3
        yield image.resize(size, Image.Resampling.BICUBIC), 1 / 3, local
    yield ImageOps.equalize(small), back, global_
    yield clear.filter(ImageFilter.UnsharpMask(3, 200, 0)), back, local


def _read(
    image: Image.Image, back: float, binarizer: zxingcpp.Binarizer
) -> Iterator[tuple[str, tuple[int, int]]]:
    formats = _QR if max(image.size) > SIDE else _KINDS
    for code in zxingcpp.read_barcodes(image, formats=formats, binarizer=binarizer):
        corner = code.position.top_left
        text = _said(code)
        if text.strip():
            yield text, (int(corner.y * back), int(corner.x * back))


def _said(code: zxingcpp.Barcode) -> str:
    """Most programs write UTF-8 and do not say so, which a guess by the letters may miss."""
    try:
        return code.bytes.decode("utf-8")
    except UnicodeDecodeError:
        return code.text
