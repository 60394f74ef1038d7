"""Files as strangers send them, of every format, with what is wrong in many of them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache

from exchange.asked import FORMATS, Asked, Format
from exchange.child import told_of
from exchange.headers import KINDS
from exchange.reading import read
from exchange.refusing import CHAT, Refused
from exchange.spoken import line
from tests.exchange.files import workbook
from tests.faults.fuzz.examples import VCARD
from tests.faults.fuzz.grain import Grain, as_body

LIMITS = replace(CHAT, rows=500, line=5_000, columns=50)


def cards(data: bytes) -> None:
    _read(_bent(Grain(data), _CARDS, _IN_CARDS), "vcard")


def table(data: bytes) -> None:
    grain = Grain(data)
    kind = grain.pick((None, *KINDS))
    _read(_bent(grain, _TABLES, _IN_TABLES), "csv", kind)


def code(data: bytes) -> None:
    """What a QR code says."""
    _read(_bent(Grain(data), _CODES, _IN_CODES), "qr")


def json_lines(data: bytes) -> None:
    """Lines of an export: JSON of every shape under the names that are looked at."""
    grain = Grain(data)
    lines = []
    for _ in range(grain.number(4) + 1):
        whole = as_body(grain.bent(grain.pick(_LINES)))
        lines.append(whole if grain.number(4) else _bent(grain, [whole], _IN_LINES))
    _read(b"\n".join(lines), "jsonl")


def sheets(data: bytes) -> None:
    """A workbook with something wrong in a part, or in the archive itself."""
    grain = Grain(data)
    if grain.number(4) == 0:
        return _read(_bent(grain, [_workbook()], _IN_SHEETS), "xlsx")
    parts = _parts()
    name = grain.pick(sorted(parts))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content if each != name else _bent(grain, [content], _IN_SHEETS))
    return _read(file.getvalue(), "xlsx")


def any_file(data: bytes) -> None:
    """No format is named: it is told from the first bytes, or refused."""
    grain = Grain(data)
    _read(data, None)
    _read(_bent(grain, (*_CARDS, *_TABLES, *_CODES, _workbook()), _IN_ANY), None)
    _read(_bent(grain, _CARDS + _TABLES, _IN_ANY), grain.pick(_FORMATS))


def _read(data: bytes, form: Format | None, kind: str | None = None) -> None:
    """It is read or refused, and what is read can be handed on as the child process does."""
    asked = Asked("PK", form, kind, limits=LIMITS)
    with suppress(Refused):
        for each in read(io.BytesIO(data), "book", asked):
            handed = line(told_of(each))
            assert json.loads(handed)
            assert b"\\u0000" not in handed.replace(b"\\\\", b"")


def _bent(grain: Grain, examples: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    """An example that is cut, doubled or has something in it that belongs elsewhere."""
    data = bytearray(grain.pick(examples))
    for _ in range(grain.number(6) + 1):
        at = grain.number(len(data) + 1)
        match grain.number(5):
            case 0:
                del data[at : at + grain.number(30)]
            case 1:
                data[at:at] = data[at : at + grain.number(60)] * (grain.number(9) + 1)
            case 2:
                data[at : at + 1] = grain.bytes(1)
            case _:
                data[at:at] = grain.pick(pieces) * (1, 1, 1, 40)[grain.number(4)]
    return bytes(data) + grain.data


# --- examples -------------------------------------------------------------------------------------

_FORMATS: tuple[Format, ...] = ("vcard", "jcard", "csv", "xlsx", "jsonl", "qr")
assert {*_FORMATS, "photo"} >= set(FORMATS)  # pictures are no text to bend

_CARDS = (
    VCARD.encode(),
    'BEGIN:VCARD\nVERSION:4.0\nFN:سارہ ملک\nTEL;TYPE="cell,voice";VALUE=uri:tel:+92-300-5550101\n'
    "item1.EMAIL;PREF=1:sara@nishat.example\nitem1.X-ABLabel:Daftar\nBDAY:--0412\n"
    "ADR;LABEL=\"Mall Road\":;;Mall Road;Lahore;;;PK\nCATEGORIES:vip\\,gold,mill\nEND:VCARD\n"
    .encode(),
    b"BEGIN:VCARD\r\nN:Ali;Hamza\r\nNOTE;CHARSET=windows-1256;ENCODING=B:\r\n x8c=\r\nEND:VCARD",
    b'["vcard",[["version",{},"text","4.0"],["fn",{},"text","Sara"],["org",{},"text","Nishat"]]]',
    b'["vcard",[["fn",{},"text","Sara"],["tel",{"type":["work"]},"uri","tel:+9242;ext=1"]]]',
    b"BEGIN:VCARD\r\nN:Ali;Hamza\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:Sana\r\nEND:VCARD\r\nEND:VCARD\r\n",
)  # fmt: skip
_TABLES = (
    b'Name,Phone,Email,Company,Tags,Notes\nAyesha,0300-5550101,a@b.example,Nishat,"vip,gold",x\n',
    b'Name;Phone;Notes\nBilal;+92 300 5550102;"two\nlines"\n',
    "نام;فون;رقم\nسارہ;۰۳۰۰۵۵۵۰۱۰۳;۵ لاکھ\n".encode(),
    b"Deal,Amount,Currency,Stage,Close date,Contact\nLooms,1500,PKR,new,31/12/2026,Sara\n",
    b"\xff\xfe" + "Order\tQty\tTotal\tDate\nA-1\t12\t=1+1\t2026-02-30\n".encode("utf-16-le"),
)  # fmt: skip
_CODES = (
    b"MECARD:N:Malik,Sara;TEL:+923005550101;EMAIL:a@b.example;BDAY:19900412;NOTE:x\\;y;;",
    b"BIZCARD:N:Sara;X:Malik;T:Owner;C:Nishat;A:Mall Road;B:03005550101;E:a@b.example;;",
    b"MATMSG:TO:a@b.example;SUB:x;BODY:y;;", b"https://wa.me/923005550101", b"tel:+923005550101",
    b"mailto:a@b.example?to=c%40d.example", b"smsto:03005550101:hello",
    b"NAME1:Sara\r\nTEL1:03005550101\r\nMAIL1:a@b.example\r\nMEMORY:x\r\n", VCARD.encode(),
)  # fmt: skip
_LINES = (
    {"type": "contact", "name": "Sara", "phones": ["+923005550101"], "emails": ["a@b.example"],
     "tags": ["vip"], "fields": {"size": "XL"}, "source": "fair", "phones_as_written": ["0300"]},
    {"type": "company", "name": "Nishat", "phone": "042 111", "fields": {}},
    {"type": "deal", "title": "Looms", "amount": 150000, "stage": "lead", "tags": []},
    {"type": "task", "text": "call", "due": "2026-12-01T10:00:00+05:00"},
    {"type": "stage", "name": "visit", "place": 2}, {"type": "field", "name": "size"},
)  # fmt: skip

_IN_ANY = (
    b'"', b"\n", b"\r", b"\r\n", b"\0", b"\\", b"\xff", b"\xd9\x85", b" ", b"\t", b",", b";", b":",
    b"=", b"\xef\xbb\xbf", b"\xff\xfe", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", "۱۲".encode(),
    "²".encode(), b"99999999999999999999", b"1e999", b"NaN", b"-", b"+", b"(", b"%", b"@",
    "\u202e".encode(), "\u2028".encode(), b"BEGIN:VCARD\n", b"PK\x03\x04", b"sep=;\n",
)  # fmt: skip
_IN_CARDS = (
    *_IN_ANY, b"END:VCARD\n", b";ENCODING=QUOTED-PRINTABLE:", b";ENCODING=b:", b"=\r\n", b"\n ",
    b";CHARSET=unicode_escape:\\ud800", b";CHARSET=punycode:", b";CHARSET=utf-7:", b";TYPE=",
    b";CHARSET=utf-16:", b"AGENT:\n", b"TEL:", b"BDAY:", b"ADR:", b"item1.", b"X-ABLabel:",
    b"N:", b"NOTE:", b"^n", b"=D8", b"1604-02-30", b"CATEGORIES:",
)  # fmt: skip
_IN_TABLES = (
    *_IN_ANY, b"|", b"Phone", b"Birthday", b"Amount", b"Close date", b"First name", b"lakh",
    b"31/12/2026", b"12/31/99", b"0000-00-00", b"45000", b"1,50,000", b"(5)", b"Rs ", b"$",
    b"+92 300", b"a@b.example", b"=cmd()", b",,,,,,,,,,,,,,,,,,,,,,,,,,,,", "لاکھ".encode(),
)  # fmt: skip
_IN_CODES = (*_IN_ANY, b"MECARD:", b"TEL:", b"N:", b"\\;", b";;", b"tel:", b"mailto:", b"?to=",
             b"%00", b"%ff", b"//[", b"wa.me/", b"http://", b"MAIL1:", b"NAME1:")  # fmt: skip
_IN_LINES = (*_IN_ANY, b"\\ud800", b"\\u0000", b"[", b"]" * 9, b"{", b"}", b"Infinity",
             b'"type":"contact",', b"[" * 3000)  # fmt: skip
_IN_SHEETS = (
    *_IN_ANY, b"<", b">", b"/>", b"</row>", b'<c t="s"><v>', b'<c t="d"><v>', b'<c t="b"><v>1',
    b'<c t="e"><v>#N/A', b'r="XFD1048576"', b'r="A0"', b'<mergeCell ref="A1:XFD9"/>', b"&x;",
    b"&#x0;", b"&#xD800;", b"9" * 400, b"-1", b"worksheet", b'<!DOCTYPE x [<!ENTITY x "y">]>',
)  # fmt: skip


@cache
def _workbook() -> bytes:
    return workbook([["Name", "Phone", "Amount"], ["Sara", 923005550101, 1.5], ["Ali", "", ""]])


@cache
def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(_workbook())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
