"""From bytes to lines: character sets told apart, and no line longer than is allowed."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO, AnyStr

from exchange.refusing import Limits, Refused
from exchange.vcard import decoded

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MANY_ZEROS = 0.2  # every second byte of ASCII in UTF-16, a few of Urdu in it
_WESTERN = re.compile(rb"[A-Za-z][\x80-\xff]{1,2}[A-Za-z]")
_RUNS = 2.0  # high bytes that stand together where a whole script is written with them
_ARABIC = 0.9
HEAD = 65_536
"""Bytes by which a file is judged."""


def wide(head: bytes) -> str | None:
    """Its character set if that is of two or four bytes, by its mark or by where zeros stand."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name if name != "utf-8" else None
    even, odd = head[0:4000:2], head[1:4000:2]
    if not odd or head.count(b"\0") < len(head[:4000]) * _MANY_ZEROS:
        return None
    if odd.count(0) > 3 * even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 3 * odd.count(0) else None


def narrow(head: bytes) -> str:
    """The character set of what is not UTF-8: one for Urdu and Arabic, Russian, or the West."""
    runs = [run for run in _HIGH.findall(head) if not _is_utf8(run)]
    high = b"".join(runs)
    if not runs or len(high) / len(runs) < _RUNS:
        return "cp1252"
    arabic = sum("\u0600" <= char <= "\u06ff" for char in high.decode("cp1256", "replace"))
    return "cp1256" if arabic >= len(high) * _ARABIC else "cp1251"


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode()
    except UnicodeDecodeError:
        return False
    return True


def byte_lines(file: IO[bytes], limits: Limits) -> Iterator[bytes]:
    """The lines of a vCard file as bytes of UTF-8 or of a narrow set, without their ends. What is
    beyond the limit of a line is a picture and left out."""
    head = file.read(HEAD)
    file.seek(0)
    charset = wide(head)
    source = _narrowed(file, charset) if charset else file
    for line in _cut(source, limits):
        for part in line.rstrip(b"\r\n").split(b"\r"):  # some programs end a line with that alone
            yield part.removeprefix(codecs.BOM_UTF8)


def _narrowed(file: IO[bytes], charset: str) -> IO[bytes]:
    return io.BytesIO(file.read().decode(charset, "replace").encode())


def _cut(file: IO[bytes], limits: Limits) -> Iterator[bytes]:
    beyond = 0
    while line := file.readline(limits.line):
        yield line
        while not line.endswith(b"\n") and (line := file.readline(limits.line)):
            beyond += len(line)
            if beyond > 20 * limits.line:
                raise Refused("line_too_long")


def text_lines(file: IO[bytes], limits: Limits) -> Iterator[str]:
    """The lines of a text with their ends. Where a file was glued together from two character
    sets, every line is read in its own."""
    head = file.read(HEAD)
    file.seek(0)
    charset = wide(head)
    if charset:
        text = io.TextIOWrapper(file, charset, "replace", newline="")
        lines = iter(lambda: text.readline(limits.line), "")
    else:
        usual = narrow(head)
        lines = (
            _decoded(line.removeprefix(codecs.BOM_UTF8), usual)
            for line in _bytes(file, limits, old_mac=b"\r" in head and b"\n" not in head)
        )
    for line in lines:
        said = _whole(line, limits).replace("\0", "").removeprefix("\ufeff")
        yield from _LINE.findall(said) if "\r" in said[:-2] else (said,)


def _decoded(line: bytes, usual: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        # within a word of Latin letters stands no letter of Urdu or Russian
        return decoded(line, "", "cp1252" if _WESTERN.search(line) else usual)


def _bytes(file: IO[bytes], limits: Limits, *, old_mac: bool) -> Iterator[bytes]:
    if not old_mac:
        yield from iter(lambda: _whole(file.readline(limits.line), limits), b"")
        return
    text = io.TextIOWrapper(file, "latin-1", newline="\r")
    for line in iter(lambda: _whole(text.readline(limits.line), limits), ""):
        yield line.encode("latin-1")


def _whole(line: AnyStr, limits: Limits) -> AnyStr:
    if len(line) >= limits.line:
        raise Refused("line_too_long")
    return line
