"""Dates in a sentence: days and times put together, and what repeats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from language.clocks import CLOCKS, Clock, read_clock
from language.days import DAYS, read_day, read_lengths
from language.moments import Look, Moment
from language.sheet import Sheet, once

_REACH = 3  # how many pieces one date may have: day, part of day, time


@dataclass(frozen=True, slots=True)
class When:
    """A date in tokens `i` up to `j`, and how it repeats."""

    moment: Moment | None
    i: int
    j: int
    every: str | None = None


def _glue(sheet: Sheet, at: int) -> int:
    """The place after small words between two pieces of a date."""
    while at < len(sheet.tokens) and (sheet.key(at) == "," or _is_glue(sheet, at)):
        at += sheet.size(at)
    return at


def _is_glue(sheet: Sheet, at: int) -> bool:
    return at in sheet.marks and sheet.has(at, "date_glue") and not sheet.value(at, "span")


def _part(sheet: Sheet, at: int) -> tuple[str, int] | None:
    part = sheet.value(at, "part")
    return (part, at + sheet.size(at)) if part and at in sheet.marks else None


def _clock(sheet: Sheet, at: int, led: bool) -> Clock | None:
    """A time at this place; a bare hour only where a word such as "at" led to it."""
    part = _part(sheet, at)
    if part:
        place = _glue(sheet, part[1])
        clock = read_clock(sheet, place, part[0]) if not read_day(sheet, place) else None
        if clock and (not clock.bare or _free(sheet, clock.j)):
            return replace(clock, today=sheet.has(at, "today_part"))
        hour, minute = part[0].split(":")
        said = time(int(hour), int(minute))
        return Clock(said, at, part[1], today=sheet.has(at, "today_part"))
    clock = read_clock(sheet, at)
    if clock and clock.bare and not (led and _free(sheet, clock.j)):
        return None
    return clock


def _free(sheet: Sheet, at: int) -> bool:
    """Whether a bare number before this place can be an hour: nothing is counted by it."""
    if at >= len(sheet.tokens) or sheet.tokens[at].kind == "mark":
        return sheet.key(at) not in {"%", "/", "$"}
    kinds = ("times:", "span:", "currency:", "month:", "number:", "metric:", "customer", "goods",
             "deals")  # fmt: skip
    senses = sheet.senses(at)
    if "common:goods" in senses:
        return False
    senses = frozenset(sense for sense in senses if not sense.startswith("org_"))
    counted = "measure" in senses or senses == {"elsewhere"}
    thing = any(s.startswith(kinds) for s in senses) and "do" not in senses
    return bool(senses) and not thing and not counted


def _leads(sheet: Sheet, at: int) -> bool:
    return sheet.has(at, "at", "leads_hour")


_BEGINNINGS = DAYS | CLOCKS | {"at", "leads_hour", "part", "every", "every_word"}


def read_moment(sheet: Sheet, at: int) -> When | None:
    """The date that begins at this token, with its time before or after the day."""
    return _based(sheet, at) or _unbased(sheet, at)


def _based(sheet: Sheet, at: int) -> When | None:
    """Two days before the 5th, five hours after noon, an hour before now."""
    if at >= len(sheet.tokens):
        return None
    counted = sheet.tokens[at].kind == "number" or sheet.has(at, "one")
    if not counted and sheet.value(at, "number") is None:
        return None
    length = read_lengths(sheet, at)
    if length is None:
        return None
    moment, j = length
    look: Look = "back" if sheet.has(j, "before_it") else "ahead"
    if look == "ahead" and not sheet.has(j, "after_it"):
        return None
    j += sheet.size(j)
    if sheet.has(j, "now"):
        return When(replace(moment, look=look), at, j + sheet.size(j))
    base = _unbased(sheet, j + 1 if sheet.has(j, "next") and sheet.value(j + 1, "part") else j)
    if base is None or base.moment is None:
        return None
    return When(replace(moment, look=look, base=base.moment), at, base.j)


def _unbased(sheet: Sheet, at: int) -> When | None:
    day: Moment | None = None
    clock: Clock | None = None
    j, place = at, at
    if _leads(sheet, at) and read_clock(sheet, at + 1) and not read_day(sheet, at):
        place = at + 1
    for _ in range(_REACH):
        found = read_day(sheet, place) if day is None and not _parted(sheet, clock, place) else None
        if found and not _doubtful(sheet, place, found[1], at):
            day, j = _fuller(sheet, *found)
        elif clock is None and (
            got := _clock(
                sheet, place, place > at and (day is not None or _leads(sheet, place - 1))
            )
        ):
            clock, j = got, got.j
        else:
            break
        place = _glue(sheet, j)
    if day is None and clock is None:
        return None
    return When(_join(day, clock), at, j)


def _parted(sheet: Sheet, clock: Clock | None, place: int) -> bool:
    """Whether a comma after an hour begins something new: where the verb stands last, the day
    goes before its hour ("11 بجے، جمعرات کو ...")."""
    return clock is not None and not sheet.verb_first and sheet.key(place - 1) == ","


def _fuller(sheet: Sheet, day: Moment, j: int) -> tuple[Moment, int]:
    """A weekday with its date after it ("Friday 5 Dec", "Sat the 14th") is that date."""
    if day.weekday is None or day.starts:
        return day, j
    place = j + 1 if sheet.key(j) == "," or sheet.has(j, "on") else j
    more = read_day(sheet, place)
    if more and more[0].day and more[0].weekday is None and not more[0].starts:
        return replace(more[0], weekday=day.weekday), more[1]
    bare = sheet.key(place)
    is_day = place == j and bare.isdigit() and 12 < int(bare[:4]) <= 31
    if is_day and _ends_here(sheet, place + 1) and sheet.key(place + 1) != ":":  # "Friday 17:00"
        return replace(day, day=int(bare)), place + 1
    return day, j


def _join(day: Moment | None, clock: Clock | None) -> Moment:
    moment = day or Moment()
    return moment.at(clock.clock) if clock else moment


def _doubtful(sheet: Sheet, at: int, j: int, start: int) -> bool:
    """Whether a word that means other things too stands here without another date word."""
    if at != start or j != at + sheet.size(at) or not sheet.has(at, "shy_date"):
        return False
    token = sheet.tokens[at]
    if token.latin and token.capital and at:
        return False
    near = sheet.has(at - 1, "date_glue", "next", "last", "this", "to", "every")
    after = sheet.has(j, "ko", "mein", "date_glue", "part", "oclock", "tak")
    after = after or bool(sheet.value(j, "part"))
    return not (near or after or _ends_here(sheet, j) or read_clock(sheet, j))


def _ends_here(sheet: Sheet, at: int) -> bool:
    return at >= len(sheet.tokens) or sheet.tokens[at].kind == "mark"


def read_recurrence(sheet: Sheet, at: int) -> When | None:
    """Every day, har jumme, rozana 10 baje: what repeats, and the first time if one is said."""
    every, j = sheet.value(at, "every_word"), at + sheet.size(at)
    weekday = None
    if every is None and sheet.has(at, "every"):
        at_span = at + sheet.size(at)
        weekday, span = sheet.value(at_span, "weekday"), sheet.value(at_span, "span")
        every = f"weekday:{weekday}" if weekday else span
        if every is None and sheet.value(at_span, "part"):  # "har subah 9 baje"
            return _from_then(sheet, at, at_span, "day")
        dated = read_day(sheet, at_span) if every is None else None
        if dated and dated[0].day and dated[0].month is None:  # "every 1st of the month"
            return When(dated[0], at, _of_the_month(sheet, dated[1]), "month")
        j = at_span + sheet.size(at_span)
    if every is None and (day := sheet.value(at, "weekday")) and sheet.key(at).endswith("days"):
        weekday, every = day, f"weekday:{day}"  # "on Mondays"
    if every not in {"day", "week", "month"} and weekday is None:
        return None
    return _from_then(sheet, at, j, every)


def _from_then(sheet: Sheet, at: int, j: int, every: str | None) -> When:
    """What repeats, with the first time that may be said at `j`."""
    after = _glue(sheet, j)
    more = read_moment(sheet, after)
    if more is None and (clock := _clock(sheet, after, after > j)):
        more = When(Moment(clock=clock.clock), after, clock.j)
    if more is None or more.moment is None:
        return When(None, at, j, every)
    return When(more.moment, at, more.j, every)


def _of_the_month(sheet: Sheet, at: int) -> int:
    """The place after "of the month", which says no more than the day did."""
    j = at
    while sheet.has(j, "of", "the", "every", "each"):
        j += sheet.size(j)
    return j + sheet.size(j) if j > at and sheet.value(j, "span") == "month" else at


@once
def read_when(sheet: Sheet, at: int) -> When | None:
    """What repeats or else the date that begins at this token."""
    if at not in sheet.marks and sheet.tokens[at].kind != "number":
        return None
    if _BEGINNINGS.isdisjoint(sheet.kinds(at)):
        return None
    return read_recurrence(sheet, at) or read_moment(sheet, at)
