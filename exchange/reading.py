"""A file as records: its format by its first bytes, then the reader for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import IO

from exchange import delimited, lines, tables
from exchange.asked import Asked, Format
from exchange.columns import Plan
from exchange.decoding import HEAD, byte_lines, narrow, text_lines, wide
from exchange.hollow import not_hollow
from exchange.jcard import jcards
from exchange.people import person_of
from exchange.photo.holding import Holds, holding
from exchange.photo.signs import is_picture
from exchange.qr import payload
from exchange.records import Place, Record
from exchange.refusing import Refused
from exchange.sheets import workbook
from exchange.vcard import Card, cards, decoded
from exchange.vcard_contact import contact, is_group

Read = Plan | Record | lines.Bad | Holds

_ZIP, _OLD_OFFICE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_OTHERS = (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90")
_CARD = re.compile(r"\s*BEGIN[ \t]*:[ \t]*VCARD\b", re.IGNORECASE)
_CARD_LATER = re.compile(r"^[ \t]*BEGIN:VCARD[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_JCARD = re.compile(r'\s*\[\s*(?:\[\s*)?"vcard"', re.IGNORECASE)
_MARKED_UP = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<table|\{\\rtf)", re.IGNORECASE)
_JSON_BEGUN = re.compile(r'\s*(?:\[\s*[\[{]|\{\s*\n\s*")')
_EMPTY_MOST = 10_000
_CODE = re.compile(r"\s*(?:MECARD|BIZCARD|MATMSG|tel|mailto|smsto):", re.IGNORECASE)


def read(file: IO[bytes], name: str, asked: Asked) -> Iterator[Read]:
    """What the file holds, in its order. Raises Refused."""
    for each in _read(file, name, asked):
        if not asked.people or not isinstance(each, dict) or each["type"] == "person":
            yield each
        elif each["type"] in ("contact", "company"):
            yield {**person_of(each, asked.region), "source": each["source"]}


def _read(file: IO[bytes], name: str, asked: Asked) -> Iterator[Read]:
    match asked.format or format_of(file):
        case "vcard":
            not_hollow(file, asked.limits, endless=20)
            yield from _cards(file, name, asked)
        case "jcard":
            yield from _people(jcards(file.read()), name, asked)
        case "csv":
            not_hollow(file, asked.limits)
            rows = delimited.rows(text_lines(file, asked.limits), asked.limits)
            yield from tables.records(rows, name, asked)
        case "xlsx":
            yield from _sheets(file, name, asked)
        case "jsonl":
            not_hollow(file, asked.limits)
            for number, each in enumerate(
                lines.records(text_lines(file, asked.limits), name, asked.region), 1
            ):
                _count(number, asked)
                yield each
        case "qr":
            head = file.read(HEAD)
            text = head.decode(wide(head) or "utf-8", "replace")
            yield payload(text, asked.region, Place(name, 1))
        case "photo":
            yield from _codes(file, name, asked)
        case "card":
            yield _card(file, name, asked)


def format_of(file: IO[bytes]) -> Format:
    """By what stands first. Whatever is text and nothing else is a table."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip(b"\0 \t\r\n"):
        raise Refused("empty")
    if head.startswith(_ZIP):
        return "xlsx"
    if is_picture(head):
        return "photo"
    if head.startswith((_OLD_OFFICE, _PDF, *_OTHERS)):
        raise Refused("unknown_format")
    charset = wide(head)
    text = head.decode(charset, "replace") if charset else decoded(head, "", "cp1252")
    text = text.lstrip("\ufeff\0")
    if _CARD.match(text) or _CARD_LATER.search(text):
        return "vcard"
    if _CODE.match(text):
        return "qr"
    if _JCARD.match(text):
        return "jcard"
    if _MARKED_UP.match(text) or _JSON_BEGUN.match(text):
        raise Refused("unknown_format")
    first = text.lstrip().split("\n", 1)[0]
    return "jsonl" if first.startswith("{") and _is_json(first) else "csv"


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return len(line) > HEAD // 2


def _cards(file: IO[bytes], name: str, asked: Asked) -> Iterator[Record]:
    fallback = narrow(file.read(HEAD))
    file.seek(0)
    yield from _people(cards(byte_lines(file, asked.limits), fallback), name, asked)


def _people(cards: Iterable[Card], name: str, asked: Asked) -> Iterator[Record]:
    """Of each card its record; groups of other cards, and what has nothing in it, are left out."""
    number = empty = told = 0
    for card in cards:
        if not card:
            empty += 1
            if empty > _EMPTY_MOST:
                raise Refused("hollow")
            continue
        number += 1
        _count(number, asked)
        if not is_group(card):
            told += 1
            yield contact(card, asked.region, Place(name, number))
    if not told:
        raise Refused("nobody")


def _codes(file: IO[bytes], name: str, asked: Asked) -> Iterator[Record | Holds]:
    from exchange.photo.codes import codes  # what it takes to look at pictures is heavy
    from exchange.photo.picture import picture

    found = codes(picture(file, asked.limits))
    if not found:
        raise Refused("no_code")
    for number, text in enumerate(found, 1):
        yield holding(text, asked.region, Place(name, number))


def _card(file: IO[bytes], name: str, asked: Asked) -> Record:
    from exchange.photo.business_card import person_on
    from exchange.photo.lettering import SIDE, lines
    from exchange.photo.picture import picture

    written = lines(picture(file, asked.limits, SIDE))
    return person_on(written, asked.region, Place(name, 1))


def _sheets(file: IO[bytes], name: str, asked: Asked) -> Iterator[Plan | Record]:
    there = 0
    for sheet, rows in workbook(file, asked.limits):
        there += 1
        yield from tables.records(rows, name, asked, sheet)
    if not there:
        raise Refused("empty")


def _count(number: int, asked: Asked) -> None:
    if number > asked.limits.rows:
        raise Refused("too_many_rows")
