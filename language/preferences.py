"""How a member wants the bot: tongue, time zone, currency, hours; and who is on the team."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from language.action import Action
from language.folding import fold
from language.sheet import Sheet
from language.values import read_hours, read_time
from language.wordfiles import listed, under

_SHORT = 6
_NOON = 12
_LONGEST = 14  # tokens; a longer message is about something else


def read_preference(sheet: Sheet) -> Action | None:
    """A wish about the bot itself; None for anything that is about customers."""
    if not 0 < len(sheet.tokens) <= _LONGEST:
        return None
    shows = {sense for mark in sheet.marks.values() for sense in mark.senses}
    for reader in (_members, _learning, _quiet, _zone, _morning, _currency, _tongue, _show):
        found = reader(sheet, shows)
        if found:
            return found
    return None


def _set(name: str, value: str) -> Action:
    return Action("settings.set", {"name": name, "value": value})


def _value(shows: set[str], kind: str) -> str | None:
    return next((s.partition(":")[2] for s in sorted(shows) if s.startswith(f"{kind}:")), None)


def _members(_sheet: Sheet, shows: set[str]) -> Action | None:
    if "team_list" in shows:
        return Action("member.list")
    if "invite" not in shows or "given" in shows:
        return None
    role = _value(shows, "role")
    return Action("member.invite", {"role": role} if role else {})


def _learning(sheet: Sheet, shows: set[str]) -> Action | None:
    wishes = {"unlearn": "forget", "learn_stop": "off", "learn_word": "on"}
    wish = next((value for sense, value in wishes.items() if sense in shows), None)
    return Action("learn.set", {"value": wish}) if wish and len(sheet.tokens) < _SHORT else None


def _quiet(sheet: Sheet, shows: set[str]) -> Action | None:
    if "quiet" not in shows:
        return None
    hours = read_hours(sheet.text)
    if hours:
        return _set("quiet", f"{hours[0]:%H:%M}-{hours[1]:%H:%M}")
    return _set("quiet", "off") if shows & {"off_word", "not"} else None


def _morning(sheet: Sheet, shows: set[str]) -> Action | None:
    at = next((i for i, mark in sheet.marks.items() if "morning_list" in mark.senses), None)
    if at is None:
        return None
    mark = sheet.marks[at]
    start, end = sheet.tokens[mark.i].start, sheet.tokens[mark.j - 1].end
    rest = sheet.text[:start] + " " + sheet.text[end:]
    clock = read_time(rest) if any(char.isdecimal() for char in rest) else None
    if clock and clock.hour > _NOON and not _says_late(sheet, clock.hour):
        clock = clock.replace(hour=clock.hour - _NOON)  # "at 7": a morning's
    if clock:
        return _set("morning", f"{clock:%H:%M}")
    return _set("morning", "off") if "off_word" in shows else None


def _says_late(sheet: Sheet, hour: int) -> bool:
    """Whether an hour after noon was really said: with pm, a part of the day, or on 24 hours."""
    marks = [(sheet.has(at, "pm"), sheet.value(at, "part")) for at in range(len(sheet.tokens))]
    late = any(pm or (part or "") >= f"{_NOON}:00" for pm, part in marks)
    return late or any(token.key == str(hour) for token in sheet.tokens)


def _currency(sheet: Sheet, shows: set[str]) -> Action | None:
    code = _value(shows, "currency")
    small = all(token.kind != "number" for token in sheet.tokens)
    return _set("currency", code) if "currency_word" in shows and code and small else None


def _tongue(sheet: Sheet, shows: set[str]) -> Action | None:
    tongue = "roman" if "tongue:roman" in shows else _value(shows, "tongue")
    if tongue is None or shows & {"given", "note", "them", "they"}:
        return None
    if "speak" in shows or len(sheet.tokens) == 1:
        return _set("language", tongue)
    return None


def _show(sheet: Sheet, shows: set[str]) -> Action | None:
    if len(sheet.tokens) >= _SHORT:
        return None
    if "elsewhere" in shows:
        return None
    return Action("settings.show") if "settings_word" in shows else None


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Time zones by their city ("karachi") and by their whole name."""
    found: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")):
            found.setdefault(fold(zone.rpartition("/")[2].replace("_", " ")), zone)
        found[fold(zone)] = zone
    return found


@lru_cache(maxsize=1)
def _near() -> dict[str, str]:
    """Time zones by the places that the words files add."""
    return {fold(place): zone for zone, said in under("zones").items() for place in listed(said)}


def zone_of(text: str) -> str | None:
    """The IANA time zone that a text names, by itself or by a city or country."""
    words = fold(text).replace(",", " ").replace("?", " ").split()[:20]
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            said = " ".join(words[at : at + size])
            found = _near().get(said) or _zones().get(said)
            if found:
                return found
    return None


def _zone(sheet: Sheet, shows: set[str]) -> Action | None:
    at = next((m for m in sheet.marks.values() if "zone_word" in m.senses), None)
    if at is None or shows & {"deal", "question"}:
        return None
    start, end = sheet.tokens[at.i].start, sheet.tokens[at.j - 1].end
    zone = zone_of(sheet.text[:start] + " " + sheet.text[end:])
    return _set("timezone", zone) if zone else None
