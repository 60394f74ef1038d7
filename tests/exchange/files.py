"""Files that the tests make, and their reading."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any, cast

from exchange.asked import Asked
from exchange.columns import Plan
from exchange.lines import Bad
from exchange.reading import read

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)


def records(data: bytes | str, name: str = "book.csv", **asked: Any) -> list[dict[str, Any]]:
    """What a file holds, read here and now, with the settings of a house in Karachi."""
    return [each for each in everything(data, name, **asked) if isinstance(each, dict)]


def everything(data: bytes | str, name: str = "book.csv", **asked: Any) -> list[Any]:
    written = data.encode() if isinstance(data, str) else data
    return list(read(io.BytesIO(written), name, Asked("PK", **asked)))


def plan(data: bytes | str, **asked: Any) -> Plan:
    return next(each for each in everything(data, **asked) if isinstance(each, Plan))


def bad(data: bytes | str) -> list[Bad]:
    return [each for each in everything(data, "lines.jsonl") if isinstance(each, Bad)]


def one(data: bytes | str, name: str = "book.csv", **asked: Any) -> dict[str, Any]:
    """The only record of a file."""
    (record,) = records(data, name, **asked)
    return record


def said(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what is empty in it."""
    return {key: value for key, value in record.items() if value and key != "source"}


def workbook(rows: Sequence[Sequence[object]], more: str = "") -> bytes:
    """An XLSX of one sheet: text as text, numbers as numbers; ``more`` goes behind its rows."""
    written = "".join(
        f'<row r="{number}">{"".join(_cell(value) for value in row)}</row>'
        for number, row in enumerate(rows, 1)
    )
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{written}{more}</sheetData></worksheet>'
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINK}"><sheets>'
        '<sheet name="Customers" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _relation("officeDocument", "xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", book)
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _relation("worksheet", "worksheets/sheet1.xml")
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return file.getvalue()


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="r1" Type="{_LINK}/{kind}" Target="{target}"/></Relationships>'
    )


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="str"><v>{cast("str", value)}</v></c>'
