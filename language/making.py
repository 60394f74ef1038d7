"""Wishes about what a team makes its own: pipelines, stages, custom fields and their values.

They are read only where the whole message says so plainly, by the templates of `words/own.toml`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from language.action import Action
from language.naming import Words
from language.numbers import NUMBERS, read_number
from language.own import own_stages, values_said
from language.own_names import find_names
from language.setting import Setting
from language.sheet import Sheet
from language.templates import Place, likely, tell
from language.tokens import tokenise
from language.wordfiles import listed, under

Values = dict[Place, Any]
"""What stands at places of the text, by the place."""

_TIES = (
    "to", "from", "with", "for", "of", "in", "at", "on", "by", "and", "but", "ko", "ne", "se", "ka",
    "mein", "par", "liye", "wala", "question", "is",
)  # fmt: skip
_SLOT = {
    "short": "name", "short_old": "stage", "old": "stage", "code": "value", "who": "contact",
    "after_stage": "after", "before_stage": "before", "bare": "days",
}  # fmt: skip
_NAMES_ONE = ("old", "short_old", "after", "before")  # what is there may be meant by name
_LONGEST_NAME = 6  # words
_LONGEST_WHO = 5
_SAID_OUT = (
    "stage.list",
    "pipeline.list",
    "stats.show",
    "field.list",
    "field.show",
    "field.find",
)  # what a question may be


_HEADINGS = ("pipeline", "stage", "measure", "field", "value")


def read_making(sheet: Sheet, setting: Setting) -> list[Action]:
    """A wish about stages or custom fields; nothing for a message that is about anything else."""
    found = _read(sheet, setting)
    if found is None or found.intent != "field.set":
        return [found] if found else []
    several = list(values_said(sheet, setting.fields))
    if len(several) < 2:
        return [found]
    return [
        replace(found, slots={**found.slots, "field": span.key, "value": value})
        for span, value in several
    ]


def _read(sheet: Sheet, setting: Setting) -> Action | None:
    headings = _HEADINGS if setting.fields else _HEADINGS[:-1]
    if not any(likely(sheet, heading) for heading in headings):
        return None
    keys = {token.key for token in sheet.tokens}
    found = _about_pipelines(sheet, setting, keys)
    if found:
        return found
    fields = find_names(sheet, setting.fields) if setting.fields else []
    known = {"field": {(span.i, span.j): span.key for span in fields}}
    if not keys.isdisjoint(_cues("field", "fields", "rename")):
        about = {"subject": _said(sheet, "subjects"), "kind": _said(sheet, "kinds")}
        found = _first(sheet, "field", known | about)
        if found:
            return found
    return _first(sheet, "value", known) if fields else None


def _about_pipelines(sheet: Sheet, setting: Setting, keys: set[str]) -> Action | None:
    """A wish about pipelines or their stages."""
    stages = _stages(sheet, setting)
    known = dict.fromkeys(("stage", "after_stage", "before_stage"), stages)
    ways = find_names(sheet, setting.pipelines)
    known["pipeline"] = {(span.i, span.j): span.key for span in ways}
    if not keys.isdisjoint(_cues("pipeline", "pipelines")):
        found = _first(sheet, "pipeline", known)
        if found:
            return found
    if not keys.isdisjoint(_cues("stage", "stages", "rename")):
        found = _first(sheet, "stage", known)
        if found:
            return found
    if not stages or not any(token.kind == "number" or sheet.kinds(at) & NUMBERS
                             for at, token in enumerate(sheet.tokens)):  # fmt: skip
        return None
    return _first(sheet, "measure", known | _measures(sheet))


def _measures(sheet: Sheet) -> dict[str, Values]:
    """Percentages, lengths of time in days, and numbers without either."""
    units = {at: (j, int(days)) for (at, j), days in _said(sheet, "lengths").items()}
    percents = dict(_said(sheet, "percents").keys())
    found: dict[str, Values] = {"percent": {}, "days": {}, "bare": {}}
    for at in range(len(sheet.tokens)):
        number = read_number(sheet, at)
        if number is None or number.value != int(number.value):
            continue
        value = int(number.value)
        found["bare"][at, number.j] = value
        found["percent"][at, percents.get(number.j, number.j)] = value
        if number.j in units:
            j, days = units[number.j]
            found["days"][at, j] = value * days
    return found


@lru_cache(maxsize=8)
def _cues(*macros: str) -> frozenset[str]:
    """Words one of which a message must have, so that it can be about this at all."""
    said = (phrases for macro in macros for phrases in under("macros")[macro].values())
    return frozenset(tokenise(phrase)[-1].key for phrases in said for phrase in listed(phrases))


def _stages(sheet: Sheet, setting: Setting) -> Values:
    """The stages that are named, by their own names and by those that the words files know."""
    said = {(mark.i, mark.j): sheet.value(at, "stage") for at, mark in sheet.marks.items()}
    usual = {place: stage for place, stage in said.items() if stage and stage in setting.stages}
    own = find_names(sheet, own_stages(setting.stages))
    return {**usual, **{(span.i, span.j): span.key for span in own}}


@lru_cache(maxsize=4)
def _phrases(heading: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple(
        (tuple(token.key for token in tokenise(phrase)), value)
        for value, tongues in under(heading).items()
        for phrases in tongues.values()
        for phrase in listed(phrases)
    )


def _said(sheet: Sheet, heading: str) -> Values:
    """Where phrases of a heading stand, and what they mean."""
    keys = tuple(token.key for token in sheet.tokens)
    return {
        (at, at + len(words)): value
        for words, value in _phrases(heading)
        for at in range(len(keys) - len(words) + 1)
        if keys[at : at + len(words)] == words
    }


def _first(sheet: Sheet, heading: str, known: dict[str, Values]) -> Action | None:
    """The first template that fits, with slots that can be what they stand for."""
    asked = sheet.key(len(sheet.tokens) - 1) == "?"
    places = {slot: list(values) for slot, values in known.items()}
    for intent, slots in tell(sheet, heading, places):
        if asked and intent not in _SAID_OUT:
            continue
        new = slots.get("name") or slots.get("short")
        if intent == "pipeline.add" and new and _is_talk(sheet, *new):
            continue
        if all(_fits(sheet, slot, place) for slot, place in slots.items() if slot not in known):
            return _action(sheet, intent, slots, known)
    return None


def _action(sheet: Sheet, intent: str, slots: dict[str, Place], known: dict[str, Values]) -> Action:
    heading = {"pipeline": "pipeline", "field": "field"}.get(intent.partition(".")[0], "stage")
    said: dict[str, Any] = {}
    spans: dict[str, tuple[Place, ...]] = {}
    for slot, (i, j) in slots.items():
        name = _named(intent, slot)
        meant = known.get(slot) or (known.get(heading, {}) if slot in _NAMES_ONE else {})
        said[name] = meant.get((i, j), _unquoted(sheet.said(i, j)))
        spans[name] = ((sheet.tokens[i].start, sheet.tokens[j - 1].end),)
    if intent == "stats.show":
        said["metric"] = "pipeline"
    return Action(intent, said, spans=spans)


def _named(intent: str, slot: str) -> str:
    """What a slot of a template is called in the action."""
    name = _SLOT.get(slot, slot)
    whose = intent.partition(".")[0]
    return whose if name == "stage" and whose in {"field", "pipeline"} else name


def _unquoted(text: str) -> str:
    return text.strip("\"'“”‘’() ")


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    return _FITS[slot](sheet, *place)


def _is_name(sheet: Sheet, i: int, j: int) -> bool:
    """A few words, none of which ties it to what stands before or behind."""
    return j - i <= _LONGEST_NAME and not sheet.has(i, *_TIES) and not sheet.has(j - 1, *_TIES)


def _is_short(sheet: Sheet, i: int, j: int) -> bool:
    """A name that stands where a whole sentence could: it has no ties within either."""
    ties = any(sheet.has(at, *_TIES, "when_q", "them") for at in range(i, j))
    return j - i <= _LONGEST_NAME and not ties and not _signs(sheet, i, j)


def _is_talk(sheet: Sheet, i: int, j: int) -> bool:
    """Whether it is spoken of the pipeline ("make a pipeline report"), and no name is given."""
    words = _cues("spoken_of")
    return any(sheet.key(at) in words or sheet.tokens[at].kind == "number" for at in range(i, j))


def _is_who(sheet: Sheet, i: int, j: int) -> bool:
    """Words that tell the bot nothing, or are written as names are."""
    words = Words(sheet, set())
    if j - i > _LONGEST_WHO or _signs(sheet, i, j):
        return False
    return all(
        not words.command(at) or (words.capital(at) and not words.opens(at)) for at in range(i, j)
    )


def _signs(sheet: Sheet, i: int, j: int) -> bool:
    return any(sheet.key(at) in {",", ":", ";", "?", "!"} for at in range(i, j))


def _is_value(sheet: Sheet, i: int, j: int) -> bool:
    return i < j and not sheet.has(i, "question")


def _is_code(sheet: Sheet, i: int, j: int) -> bool:
    return any(char.isdecimal() for char in sheet.said(i, j))


def _is_list(sheet: Sheet, i: int, j: int) -> bool:
    return any(sheet.key(at) in {",", "/"} for at in range(i, j))


_FITS = {
    "name": _is_name,
    "short": _is_short,
    "short_old": _is_short,
    "old": _is_name,
    "after": _is_name,
    "before": _is_name,
    "who": _is_who,
    "value": _is_value,
    "code": _is_code,
    "choices": _is_list,
}
