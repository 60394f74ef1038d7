"""Where somebody is reached: phone numbers, e-mail addresses, handles, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from language.folding import ascii_digits
from language.sheet import Sheet

# One run of signs that a phone number may be written with; each run is looked at once.
_RUN = re.compile(r"[+(]?\d[\d\s().\-–/]{5,28}\d(?!\d)")
_ZERO = re.compile(r"\(0\)")
_SHORTEST, _LONGEST = 10, 15  # digits of a number that is not written in the region's own way
_NORTH_AMERICAN = re.compile(r"1?[ .-]?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}")
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x)\s*\d{1,6}\b", re.IGNORECASE)
_NOT_PHONE = re.compile(
    r"\d+\.\d{5,}|\d{1,2}/\d{1,2}/\d{4}\b.*|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}[/.-]\d{1,2}|\d{4}-\d{4}"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A phone in E.164 (or other point) and where it stands in the text."""

    value: str
    start: int
    end: int


def e164(said: str, region: str) -> str | None:
    """A written phone number as E.164; None where it cannot be one."""
    said = _ZERO.sub("", ascii_digits(said)).strip()
    said = "+" + said[2:] if said.startswith("00") else said
    number = _parsed(said, region)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=1000)
def _parsed(said: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(said, region)
    except phonenumbers.NumberParseException:
        return None


def _probable(said: str, region: str, labelled: bool) -> bool:
    digits = re.sub(r"\D", "", said)
    if not 7 <= len(digits) <= 15 or _NOT_PHONE.fullmatch(said):
        return False
    if said.lstrip("(").startswith(("+", "0")) or labelled:
        return True
    if len(digits) < 10 or (said.isdigit() and digits.endswith("000")):
        return False
    number = _parsed(said, region)
    return number is not None and phonenumbers.is_valid_number(number)


def find_phones(sheet: Sheet, region: str) -> Iterator[Point]:
    """The phone numbers of a text."""
    text = ascii_digits(sheet.text)
    starts = {token.start: at for at, token in enumerate(sheet.tokens)}
    for run in _RUN.finditer(text):
        said = run.group().split("\n")[0].rstrip(" (.-/–")
        for skip in _beginnings(said):
            at = starts.get(run.start() + skip)
            point = _point(sheet, at, said[skip:], region) if at is not None else None
            if point:
                yield point
                break


def _beginnings(said: str) -> list[int]:
    """Where a number may begin in a run: at its start, or after a space ("ext 204 042-3571...")."""
    spaces = [at + 1 for at, char in enumerate(said) if char == " "]
    return [0, *spaces[:_SPACES]]


_SPACES = 3


def _point(sheet: Sheet, at: int, said: str, region: str) -> Point | None:
    if sheet.glued(at) and sheet.tokens[at - 1].kind == "word" and said[:1] != "+":
        return None
    labelled = _labelled(sheet, at)
    value = e164(said, region) if _probable(said, region, labelled) else None
    if value is None and (labelled or _NORTH_AMERICAN.fullmatch(said)) and _dialled(said):
        value = e164(f"+{said}", region) or e164(said, "US")
    start = sheet.tokens[at].start
    return Point(value, start, start + len(said)) if value else None


def _labelled(sheet: Sheet, at: int) -> bool:
    while at > 0 and (sheet.tokens[at - 1].kind == "mark" or sheet.has(at - 1, "is", "to")):
        at -= 1
    if at == 0:
        return sheet.tokens[-1].kind in {"mark", "number"} and not any(
            token.kind == "word" for token in sheet.tokens
        )
    return sheet.has(at - 1, "field:phone") and not sheet.has(at - 2, "no_phone")


def _dialled(said: str) -> bool:
    return _SHORTEST <= len(re.sub(r"\D", "", said)) <= _LONGEST and not _NOT_PHONE.match(said)


def clean_email(said: str) -> str:
    """An e-mail address as it is kept."""
    return said.strip().rstrip(".").lower()


def with_extension(text: str, end: int) -> int:
    """The place after an extension that follows a phone number ("ext. 12", "x12")."""
    found = _EXTENSION.match(text, end, end + 20)
    return found.end() if found else end
