"""Rows of a workbook (XLSX), as text. A bomb is known before it is opened."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from exchange.refusing import Limits, Refused

_SMALL = 1_000_000  # bytes: a part that stays below may be squeezed as much as it likes
_MANY_PARTS = 2_000
_CHUNK = 1 << 20


def workbook(file: IO[bytes], limits: Limits) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The sheets that hold anything, with their names. Raises Refused."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    _guard(file, limits)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.width > limits.columns:
                raise Refused("too_many_columns")
            if sheet.height:
                yield about.name, ([_text(cell) for cell in row] for row in sheet.iter_rows())
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("broken", type(error).__name__) from None


def _guard(file: IO[bytes], limits: Limits) -> None:
    """Refuse what would grow beyond all measure; every part is unpacked once, into nothing, so
    that none can lie about its size."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > limits.unzipped:
                raise Refused("squeezed_too_much")
            if len(parts) > _MANY_PARTS:
                raise Refused("broken", "parts")
            if "[Content_Types].xml" not in archive.namelist():
                raise Refused("unknown_format")
            for part in parts:
                ratio = part.file_size / max(part.compress_size, 1)
                if part.file_size > _SMALL and ratio > limits.ratio:
                    raise Refused("squeezed_too_much")
                with archive.open(part) as opened:
                    while opened.read(_CHUNK):
                        pass
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise Refused("broken", "zip") from None
    except (OSError, ValueError):
        raise Refused("broken", "zip") from None


def _text(cell: Any) -> str:
    """A cell as somebody sees it: a whole number has no ".0", a day no midnight."""
    match cell:
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(timespec="seconds")
        case date() | time() | timedelta():
            return str(cell)
        case _:
            return str(cell)
