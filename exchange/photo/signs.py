"""Pictures told by their first bytes."""

from __future__ import annotations

_SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
_OTHER_SIGNS = (b"II*\0", b"MM\0*", b"\0\0\1\0", b"8BPS", b"<svg")
_PHONES_OWN = (b"ftypheic", b"ftypheix", b"ftypheim", b"ftyphevc", b"ftypmif1", b"ftypmsf1",
               b"ftypavif", b"ftypavis")  # fmt: skip
_SVG = (b"<?xml", b"<!--", b"<!DOCTYPE svg")
_BMP_AT_LEAST = 26


def is_picture(head: bytes) -> bool:
    """Whether it begins as one of those that are read, or could be."""
    if head.startswith(b"BM"):  # two letters also begin many a text
        return len(head) >= _BMP_AT_LEAST and head[6:10] == b"\0\0\0\0"
    return head.startswith(_SIGNS) or is_webp(head) or is_other_picture(head)


def is_other_picture(head: bytes) -> bool:
    """A picture of a kind that is not read: HEIC, AVIF, TIFF, SVG and their like."""
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if bare.startswith(_SVG):
        return b"<svg" in bare
    return head.startswith(_OTHER_SIGNS) or bare.startswith(b"<svg") or head[4:12] in _PHONES_OWN


def is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
