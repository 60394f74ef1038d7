"""The slots of time: when it was, when it is due, how it repeats, which stretch is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from language.dates import When
from language.days import read_length, read_lengths
from language.filling import Filling
from language.moments import Look, Moment
from language.repeating import first_time, from_day
from language.settling import settle
from language.spotting import Item

_WIDE = {"week", "month", "quarter", "year"}  # a stretch, not a day


def read_moments(filling: Filling) -> list[Item]:
    """The dates of a group; a day and a time said apart are one."""
    found = [item for item in filling.items("when") if item.value.moment or item.value.every]
    found = [item for item in found if not _taken_back(filling, item)]
    days = [item for item in found if item.value.moment and item.value.moment.has_day]
    times = [item for item in found if item.value.moment and not item.value.moment.has_day
             and item.value.moment.clock and not item.value.every]  # fmt: skip
    told_later = filling.group.intent == "activity.log" and _of_what_is_told(filling, days)
    if len(days) == len(times) == 1 and days[0].value.moment.clock is None and not told_later:
        when, clock = days[0].value, times[0].value.moment.clock
        joined = replace(days[0], value=replace(when, moment=when.moment.at(clock)))
        filling.used["clock"] = times[0]
        return [joined]
    return found


def _taken_back(filling: Filling, item: Item) -> bool:
    """Whether a date is said only to be denied: "kal nahi parson"."""
    sheet, scene = filling.scene.sheet, filling.scene
    other = scene.inside(item.j + 1) if sheet.has(item.j, "not") else None
    return other is not None and other.kind == "when"


def _of_what_is_told(filling: Filling, days: list[Item]) -> bool:
    """Whether the day belongs to what was said there: "coffee at 11, budget opens in March"."""
    last = max(clause.j for clause in filling.group.main)
    return any(item.i >= last and not _surely_back(item.value) for item in days)


def _dated(filling: Filling, slot: str, look: Look) -> dict[str, Any]:
    last = max(clause.j for clause in filling.group.main)
    for item in read_moments(filling):
        if look == "back" and item.i >= last and not _surely_back(item.value):
            continue
        when: When = item.value
        if when.moment is None or (look == "back" and _only_ahead(when)):
            continue
        if when.moment.period and not when.moment.has_day:
            continue
        value = settle(when.moment, filling.now, look)
        if value and (when.moment.period in {None, "today", "yesterday"} or slot == "due"):
            filling.used[slot] = item
            return {slot: value}
    return {}


def _surely_back(when: When) -> bool:
    """Whether a date can only be of something done ("today", "yesterday", "3 days ago")."""
    moment = when.moment
    if moment is None or moment.clock:
        return False
    return moment.look == "back" or (moment.days is not None and moment.days <= 0)


def _only_ahead(when: When) -> bool:
    moment = when.moment
    if moment is None:
        return True
    later = moment.look == "ahead" or (moment.days or 0) > 0 or moment.ends
    return bool(later or (moment.starts and moment.starts[0] > 0))


def read_on(filling: Filling) -> dict[str, Any]:
    """The day of something done; what a note tells may have dates of its own."""
    if filling.is_note:
        if filling.is_told:
            return {}
        first = filling.group.main[0].i
        if not any(item.i == first for item in read_moments(filling)):
            return {}
    return _dated(filling, "on", "back")


def read_close(filling: Filling) -> dict[str, Any]:
    for item in read_moments(filling):
        when: When = item.value
        if when.moment and not _looks_back(when):
            value = settle(when.moment, filling.now, "ahead")
            if value and value[:10] >= filling.now.date().isoformat():
                if when.moment.period in _WIDE:
                    continue
                filling.used["close"] = item
                return {"close": value}
    return {}


def _looks_back(when: When) -> bool:
    moment = when.moment
    return bool(moment and (moment.look == "back" or (moment.days or 0) < 0))


def read_due_every(filling: Filling) -> dict[str, Any]:
    got: dict[str, Any] = {}
    moments = read_moments(filling)
    last = max((item.i for item in moments), default=0)
    for item in moments:
        if filling.group.intent == "task.snooze" and _put_from(filling, item, last):
            continue
        when: When = item.value
        if when.every and ("every" not in got or ":" in when.every):
            got["every"] = when.every
            filling.used["every"] = item
            if when.moment:
                got["due"] = from_day(got.get("due"), when, filling.now)
        elif ("due" not in got or _put_to(filling, item)) and _can_be_due(when) and when.moment:
            got["due"] = settle(when.moment, filling.now, "ahead")
            filling.used["due"] = item
    if filling.group.intent == "task.snooze" and "due" not in got:
        got["due"] = _put_off(filling)
    if got.get("every", "").startswith("weekday:") and "due" in got and "every" in filling.used:
        got["due"] = _on_its_day(filling, got)
    return _weekly(filling, got)


def _on_its_day(filling: Filling, got: dict[str, Any]) -> str:
    """The first time of what repeats on a weekday, where the time of day was said apart."""
    item = filling.used.get("due")
    moment = item.value.moment if item else None
    if moment is None or moment.has_day or moment.clock is None:
        return str(got["due"])
    when: When = filling.used["every"].value
    return first_time(replace(when, moment=Moment(clock=moment.clock)), filling.now) or got["due"]


def _put_from(filling: Filling, item: Item, last: int) -> bool:
    """Whether this is the day that a task was for: "kal wali call parson kar do". ``last``: where
    the last moment begins."""
    sheet = filling.scene.sheet
    return last > item.i and not sheet.verb_first and sheet.has(item.j, "wala", "ka")


def _put_to(filling: Filling, item: Item) -> bool:
    """Whether this is the day that a task is put off to: "not today, shift it to friday"."""
    return filling.group.intent == "task.snooze" and (
        filling.scene.sheet.has(item.i - 1, "to") or filling.scene.sheet.has(item.j, "par")
    )


def _put_off(filling: Filling) -> str | None:
    """How long something is put off ("snooze it 3 days"), from now on."""
    for clause in filling.group.clauses:
        for at in range(clause.i, clause.j):
            found = read_lengths(filling.scene.sheet, at)
            if found:
                moment = replace(found[0], look="ahead")
                filling.used["due"] = Item("when", When(moment, at, found[1]), at, found[1])
                return settle(moment, filling.now, "ahead")
    return None


def _weekly(filling: Filling, got: dict[str, Any]) -> dict[str, Any]:
    """ "Weekly on Wednesdays" repeats on that day."""
    days = [item.value.moment.weekday for item in read_moments(filling) if item.value.moment]
    day = next((day for day in days if day), None)
    if got.get("every") == "week" and day:
        got["every"] = f"weekday:{day}"
        if "T" not in (got.get("due") or ""):
            got.pop("due", None)
    return got


def _can_be_due(when: When) -> bool:
    moment = when.moment
    return bool(moment and not _looks_back(when) and moment.period not in _WIDE - {"week"})


def read_close_within(filling: Filling) -> dict[str, Any]:
    for item in read_moments(filling):
        moment = item.value.moment
        if moment and moment.period in {"week", "month", "quarter"}:
            filling.used["close_within"] = item
            return {"close_within": moment.period}
    return {}


def read_period(filling: Filling) -> dict[str, Any]:
    for item in read_moments(filling):
        if period := _period_of(item.value):
            filling.used["period"] = item
            return {"period": period}
    for span in filling.senses("span"):
        if span in _WIDE and not _counted(filling):
            return {"period": span}
    return {}


def _counted(filling: Filling) -> bool:
    """Whether a length of time is told ("who is quiet for 3 months"), no stretch to look at."""
    sheet = filling.scene.sheet
    places = (at for clause in filling.group.clauses for at in range(clause.i, clause.j))
    return any(read_length(sheet, at) for at in places)


def _period_of(when: When) -> str | None:
    """The stretch of time that a date names for a question."""
    if when.moment and when.moment.period:
        return when.moment.period
    if when.moment and when.moment.swing == 1:
        return "yesterday"
    return {"day": "today", "week": "week", "month": "month"}.get(when.every or "")


def read_agenda(filling: Filling) -> dict[str, Any]:
    today = any(
        item.value.moment and item.value.moment.period == "today" for item in read_moments(filling)
    )
    if "overdue" in filling.group.shows and not today:
        return {"period": "overdue"}
    for item in read_moments(filling):
        moment = item.value.moment
        if moment is None:
            continue
        filling.used["on"] = filling.used["period"] = item
        if moment.period in {"today", "week"}:
            return {"period": moment.period}
        value = settle(moment, filling.now, "ahead")
        return {"on": value[:10] if value else None}
    return {}
