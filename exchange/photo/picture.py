"""A stranger's picture in shades of grey: looked at from its header before anything is unpacked."""

from __future__ import annotations

import struct
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from exchange.photo.signs import is_other_picture, is_webp
from exchange.refusing import Limits, Refused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

Image.MAX_IMAGE_PIXELS = None  # how many there may be is asked below, in words of ours


def picture(file: IO[bytes], limits: Limits, side: int = 0) -> Image.Image:
    """The picture, upright and dark on white; where ``side`` is given, hardly larger than that.

    Raises Refused: it is of another kind, moves, has too many pixels, or is damaged.
    """
    head = file.read(64)
    file.seek(0)
    if is_other_picture(head):
        raise Refused("picture_kind")
    if is_webp(head):
        _webp(head, limits)
    try:
        with Image.open(file, formats=FORMATS) as opened:
            _fits(*opened.size, limits)
            if opened.format in {"PNG", "GIF", "WEBP"} and getattr(opened, "is_animated", False):
                raise Refused("moving_picture")
            if side:
                opened.draft("L", (side, side))
            grey = _grey(opened)
            turned = ImageOps.exif_transpose(grey)
            if side:
                turned.thumbnail((side, side))
            return turned
    except UnidentifiedImageError:
        raise Refused("broken") from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError):
        raise Refused("broken") from None  # Pillow's decoders say it in as many ways


def _fits(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.pixels:
        raise Refused("too_many_pixels")


def _webp(head: bytes, limits: Limits) -> None:
    """What is said at its very beginning: opening one takes room for all its pixels."""
    kind, body = head[12:16], head[20:]
    if len(body) < 10:
        raise Refused("broken")
    if kind == b"VP8X":
        if body[0] & 2:
            raise Refused("moving_picture")
        wide, high = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
    elif kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        wide, high = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        wide, high = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    _fits(wide, high, limits)


def _grey(image: Image.Image) -> Image.Image:
    """In 256 shades, on white where nothing is drawn."""
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel
        most = 255 if image.mode == "F" else 65535
        return image.convert("I").point(lambda shade: shade * (255 / most)).convert("L")
    if "transparency" in image.info and image.mode in {"P", "L", "RGB", "1"}:
        image = image.convert("RGBA")
    if "A" in image.getbands():
        white = Image.new("L", image.size, 255)
        white.paste(image.convert("L"), mask=image.getchannel("A"))
        return white
    return image.convert("L")
