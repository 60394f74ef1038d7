"""vCards of every version, line by line, as phones and mail programs really write them."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PROPERTY = re.compile(rb"^[ \t]*(?:[A-Za-z0-9_-]+\.)?[A-Za-z][A-Za-z0-9-]*[ \t]*(?:;[^:]*)?:")
_SPLIT = re.compile(r"(?<!\\)((?:\\\\)*);")
_SPLIT_LIST = re.compile(r"(?<!\\)((?:\\\\)*)[;,]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^([n^'])")
_PARAMETER = re.compile(r';((?:"[^"]*"|[^;"])*)')
PICTURES = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "X-MS-OL-DESIGN"})
_OF_LINES = frozenset({"NOTE", "LABEL", "ADR"})  # what some programs write on bare lines
_VALUE_MOST = 20_000  # of a property; a note is shorter, a picture is not wanted
_LINES_MOST = 5_000  # of a card


@dataclass(frozen=True, slots=True)
class Property:
    """One line: its name in capitals, the group before it ("item1"), its types in lower case."""

    name: str
    group: str
    types: frozenset[str]
    parts: tuple[str, ...]
    """The value at its semicolons, unescaped; of most there is one."""
    text: str
    """The whole value, unescaped."""
    label: str = ""
    """What X-NAME or X-LABEL calls it."""


Card = list[Property]


def cards(lines: Iterable[bytes], fallback: str) -> Iterator[Card]:
    """The cards of a file, from its lines without their ends. ``fallback`` is the character set
    of what is not UTF-8 and names none. One that is only begun has nothing in it."""
    card: Card | None = None
    inside = 0  # the card of an agent or secretary may stand within one
    for line in _logical(lines):
        said = line.strip().upper().replace(b" ", b"")
        if said == b"BEGIN:VCARD":
            if card and card[-1].name == "AGENT" and not card[-1].text:
                inside += 1
                continue
            if card is not None:
                yield card
            card, inside = [], 0
        elif said == b"END:VCARD":
            if inside:
                inside -= 1
                continue
            if card is not None:
                yield card
            card = None
        elif card is not None and not inside and len(card) < _LINES_MOST:
            found = _read(line, fallback)
            if found:
                card.append(found)
    if card:
        yield card


def _logical(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines as meant: folds and soft breaks undone, what was torn off put back."""
    held: list[bytes] = []
    soft = quoted = wanted = False
    size = 0
    for line in lines:
        ends = line.strip().upper() == b"END:VCARD"
        more = b""
        if soft and not ends:
            more = line
        elif held and line[:1] in b" \t" and line.strip() and not _opens(line):
            more = line[1:]
        elif held and not ends and not _PROPERTY.match(line):
            if not line.strip() or not wanted:
                continue
            more = (b"=0A" if quoted else b"\\n") + line
        else:
            if held:
                yield b"".join(held)
            held, size, more = [], 0, line
            head = line.partition(b":")[0].upper()
            quoted = b"QUOTED-PRINTABLE" in head
            wanted = _name(head) in _OF_LINES
        soft = quoted and more.rstrip(b" \t").endswith(b"=")
        more = more.rstrip(b" \t")[:-1] if soft else more
        size += len(more)
        if size <= _VALUE_MOST:
            held.append(more)
    if held:
        yield b"".join(held)


def _opens(line: bytes) -> bool:
    """A card that stands indented in a mail."""
    return line.strip().upper() in {b"BEGIN:VCARD", b"END:VCARD"}


def _name(head: bytes) -> str:
    return head.partition(b";")[0].rpartition(b".")[2].strip().decode("ascii", "replace")


def _read(line: bytes, fallback: str) -> Property | None:
    head, value = _apart(line)
    said = head.decode("utf-8", "replace")
    group, _, name = said.partition(";")[0].strip().rpartition(".")
    name = name.strip().upper()
    if not name or name in PICTURES:
        return None
    types: set[str] = set()
    charset = encoding = label = ""
    for each in _PARAMETER.findall(said):
        key, equals, what = each.strip().partition("=")
        key, what = (key.strip().upper(), what.strip().strip('"')) if equals else ("TYPE", key)
        if key == "ENCODING":
            encoding = what.upper()
        elif key == "CHARSET":
            charset = what
        elif key in {"X-NAME", "LABEL"}:
            label = _uncareted(what)
        elif key == "TYPE":
            types.update(one.strip().strip('"').lower() for one in what.split(","))
        elif key == "PREF":
            types.add("pref")
    bare = {"quoted-printable", "base64", "b"} & types
    encoding = encoding or (bare.pop().upper() if bare else "")
    pieces = [_text(each, encoding, charset, fallback) for each in _pieces(value, encoding)]
    mark = _SPLIT_LIST if name == "CATEGORIES" else _SPLIT
    cut = len(pieces) == 1 or name == "CATEGORIES"
    parts = [part for piece in pieces for part in _split(piece, mark)] if cut else pieces
    return Property(
        name,
        group.lower(),
        frozenset(types - {"quoted-printable", "base64", "b"}),
        tuple(_plain(part) for part in parts),
        _plain(";".join(pieces)),
        label,
    )


def _uncareted(text: str) -> str:
    """A parameter's value as it was (RFC 6868)."""
    return _CARET.sub(lambda found: {"n": "\n", "^": "^", "'": '"'}[found[1]], text)


def _apart(line: bytes) -> tuple[bytes, bytes]:
    """What stands before the first colon that is not quoted, and what after it."""
    head, _, value = line.partition(b":")
    if b'"' not in head:
        return head, value
    quoted = False
    for at, char in enumerate(line[:2000]):
        if char == ord('"'):
            quoted = not quoted
        elif char == ord(":") and not quoted:
            return line[:at], line[at + 1 :]
    return head, value


def _pieces(value: bytes, encoding: str) -> list[bytes]:
    """Of what is quoted-printable the semicolons count that were not quoted."""
    if encoding != "QUOTED-PRINTABLE":
        return [value]
    return re.split(rb"(?<!\\);", value)


def _text(value: bytes, encoding: str, charset: str, fallback: str) -> str:
    if encoding == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value)
    elif encoding in {"B", "BASE64"}:
        try:
            value = base64.b64decode(b"".join(value.split()), validate=True)
        except (binascii.Error, ValueError):
            return ""
    return decoded(value, charset, fallback)


def decoded(value: bytes, charset: str, fallback: str) -> str:
    """UTF-8 if it is that, else the character set that is named or usual here."""
    for one in (charset, "utf-8", fallback):
        try:
            if one and codecs.lookup(one).name != "utf-7":
                return value.decode(one)
        except (LookupError, ValueError):  # also of a name with a zero in it
            continue
    return value.decode("utf-8", "replace")


def _split(text: str, mark: re.Pattern[str]) -> list[str]:
    parts, start = [], 0
    for found in mark.finditer(text):
        parts.append(text[start : found.end() - 1])
        start = found.end()
    return [*parts, text[start:]]


def _plain(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[0]), text)


_ESCAPED = {"n": "\n", "N": "\n", **{char: char for char in '\\,;:"='}}
