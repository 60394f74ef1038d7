"""Photos to read: codes drawn on a table top, near and far, turned and in the dark."""

from __future__ import annotations

import io
import struct
import zlib

import zxingcpp
from PIL import Image

CARD = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Malik;Sara;;;\nFN:Sara Malik\nORG:Nishat Mills\n"
    "TITLE:Head of Procurement\nTEL;TYPE=CELL:+92 300 5550101\nEMAIL:sara@nishat.example\n"
    "ADR:;;12-B Gulberg;Lahore;;54000;PK\nURL:https://nishat.example\nEND:VCARD"
)
MECARD = "MECARD:N:Farooq,Omar;TEL:03005550102;EMAIL:omar@halal.example;;"
TABLE = 190  # the grey of the table top


def code(text: str, scale: int = 6) -> Image.Image:
    """A QR code of that text; ``scale`` pixels to each of its squares."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    pixels = memoryview(drawn.to_image(scale=scale, add_quiet_zones=True))  # type: ignore[arg-type]  # it is a buffer, which its stubs do not tell
    height, width = pixels.shape or (0, 0)
    return Image.frombytes("L", (width, height), pixels.tobytes())


def table(*codes: Image.Image, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    """They lie beside each other on a table."""
    photo = Image.new("L", size, TABLE)
    for number, each in enumerate(codes):
        photo.paste(each, (150 + number * 450, 200 + number * 60))
    return photo


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def promised(width: int, height: int) -> bytes:
    """A small PNG whose header promises so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(3_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )
