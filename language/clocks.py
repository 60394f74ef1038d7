"""Times of day: 4pm, 16:30, half past 2, shaam 6 baje, sarhe teen baje."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from language.numbers import NUMBERS, read_number
from language.sheet import Sheet, once

_MILITARY = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")  # "at 1030"
_SIGN = re.compile(r"(\d{1,2})[.](\d{2})")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time in tokens `i` up to `j`. `part` is the part of day said with it; `bare` that it
    was only an hour, which is a time only after a word such as "at"."""

    clock: time
    i: int
    j: int
    bare: bool = False
    today: bool = False


def _hour(value: int, half: str | None, part: str | None) -> int | None:
    """The hour of 24 that was meant; None where there is none."""
    if not 0 <= value <= 24:
        return None
    if half or value > 12 or value == 0:
        return value % 24 if not half else value % 12 + (12 if half == "pm" else 0)
    if part is None:
        return value + 12 if value < 8 else value
    start = int(part[:2])
    if start == 0 or start == 9:
        return value % 12 if start == 0 else value
    if start == 20:
        return value % 12 if value in {12, 1, 2, 3} else value + 12
    return value if value == 12 or (start == 12 and value in {10, 11}) else value % 12 + 12


def _half(sheet: Sheet, at: int) -> tuple[str | None, int]:
    for half in ("am", "pm"):
        if sheet.has(at, half):
            j = at + sheet.size(at)
            return half, j + (sheet.key(at) == half[0] and sheet.key(j) == "m")
    if sheet.key(at) in {"a", "p"} and sheet.key(at + 1) == "." and sheet.key(at + 2) == "m":
        return sheet.key(at) + "m", at + 3 + (sheet.key(at + 3) == ".")
    return None, at


def _figures(sheet: Sheet, at: int) -> tuple[int, int, int, bool] | None:
    """Hour, minute, place after and whether only an hour stands there."""
    if sheet.key(at + 1) == ":" and sheet.glued(at + 1) and sheet.glued(at + 2):
        hours, minutes = sheet.key(at), sheet.key(at + 2)
        if hours.isdigit() and minutes.isdigit() and len(hours) < 3 and len(minutes) == 2:
            j = at + 3
            if sheet.key(j) == ":" and sheet.key(j + 1).isdigit() and sheet.glued(j + 1):
                j += 2
            return int(hours), int(minutes), j, False
    if sheet.has(at - 1, "at") and _MILITARY.fullmatch(sheet.key(at)):
        return int(sheet.key(at)[:2]), int(sheet.key(at)[2:]), at + 1, False
    if sheet.key(at + 1) == "h" and sheet.glued(at + 1) and sheet.key(at).isdigit():  # 15h30
        minutes = sheet.key(at + 2) if sheet.glued(at + 2) else ""
        if len(minutes) == 2 and minutes.isdigit() and len(sheet.key(at)) < 3:
            return int(sheet.key(at)), int(minutes), at + 3, False
    dotted = _SIGN.fullmatch(sheet.key(at))
    if dotted and (sheet.has(at + 1, "am", "pm", "oclock")):
        return int(dotted[1]), int(dotted[2]), at + 1, False
    number = read_number(sheet, at)
    if number is None or number.unit != 1 or number.value > 24 or number.value * 4 % 1:
        return None
    if sheet.has(at, "number_few"):
        return None
    hour = int(number.value)
    minute = int((number.value - hour) * 60)
    more = read_number(sheet, number.j) if 0 < hour <= 12 and not minute else None
    if more and 10 <= more.value < 60 and more.value == int(more.value) and more.unit == 1:
        led = sheet.has(at - 1, "at") and more.j == len(sheet.tokens)
        if led or _half(sheet, more.j)[0]:  # nine fifty p.m., at 12 15
            return hour, int(more.value), more.j, False
    return hour, minute, number.j, True


def _spoken(sheet: Sheet, at: int) -> tuple[int, int, int] | None:
    """Half past 2, quarter to 5, 20 past 3."""
    shift = next((m for s, m in _SPOKEN if sheet.has(at, s)), None)
    if shift is None:
        before = read_number(sheet, at)
        if before is None or before.value != int(before.value) or not 0 < before.value < 60:
            return None
        at = before.j
        sign = 1 if sheet.has(at, "past_hour") else -1 if sheet.has(at, "to_hour") else 0
        if not sign or (sheet.has(at, "to") and before.value % 5):  # "two to four people"
            return None
        shift = sign * int(before.value)
    noon = _NOON.get(sheet.value(at + sheet.size(at), "part") or "")
    if noon is not None:
        minutes, j = noon * 60 + shift, at + sheet.size(at)
        return minutes // 60 % 24, minutes % 60, j + sheet.size(j)
    after = read_number(sheet, at + sheet.size(at))
    if after is None or after.unit != 1 or after.value > 24 or after.value != int(after.value):
        return None
    minutes = int(after.value) * 60 + shift
    return minutes // 60, minutes % 60, after.j


_NOON = {"12:00": 12, "00:00": 24}
_SPOKEN = (("half_past", 30), ("quarter_past", 15), ("quarter_to", -15))
CLOCKS = NUMBERS.union(sense for sense, _ in _SPOKEN)


def _valid(hour: int | None, minute: int) -> time | None:
    return time(hour, minute) if hour is not None and 0 <= minute < 60 else None


def read_clock(sheet: Sheet, at: int, part: str | None = None) -> Clock | None:
    """The time of day that begins at this token; `part` is a part of day said before it."""
    return _clock_in(sheet, at, part) if part else _clock_at(sheet, at)


@once
def _clock_at(sheet: Sheet, at: int) -> Clock | None:
    return _clock_in(sheet, at, None)


def _clock_in(sheet: Sheet, at: int, part: str | None) -> Clock | None:
    if CLOCKS.isdisjoint(sheet.kinds(at)):
        return None
    bare = False
    spoken = _spoken(sheet, at)
    if spoken:
        hour, minute, j = spoken
    else:
        got = _figures(sheet, at)
        if got is None:
            return None
        hour, minute, j, bare = got
    half, j = _half(sheet, j)
    if bare and sheet.has(j - 1, "one") and not sheet.has(at - 1, "at"):
        return None  # "4a" is a flat or a part
    if sheet.has(j, "oclock"):
        j, bare = j + sheet.size(j), False
        if half is None:
            half, j = _half(sheet, j)
    said, j, today = _part_after(sheet, j)
    part = said or part
    if sheet.key(at)[:1] == "0" and half is None and not bare:
        clock = _valid(hour, minute) if hour < 24 else None  # "07:00" is written on 24 hours
    else:
        clock = _valid(_hour(hour, half, part), minute)
    if clock is None:
        return None
    return Clock(clock, at, j, bare and not half and part is None, today)


def _part_after(sheet: Sheet, at: int) -> tuple[str | None, int, bool]:
    part = sheet.value(at, "part")
    if part is None:
        return None, at, False
    return part, at + sheet.size(at), sheet.has(at, "today_part")
