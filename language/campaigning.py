"""What is said of messages to customers: consent, templates, sending, the rules of it.

It is read only where the whole message says so plainly, by the templates of
`words/campaigning.toml`; anything else is read as ever. A text for customers stands behind the
first colon or line break, and is kept as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from language.action import Action
from language.dealing import is_who
from language.macros import phrases_at
from language.numbers import numbers_in, read_number
from language.pronouns import says_they
from language.sheet import Sheet, lay_out
from language.templates import LONGEST, Place, likely, tell
from language.values import clock_in, read_hours

CHANNELS = {
    "c_email": ("email",),
    "c_telegram": ("telegram",),
    "c_whatsapp": ("whatsapp",),
    "c_sms": ("sms",),
    "c_any": ("email", "telegram", "whatsapp", "sms"),
}
LANGUAGES = {"c_english": "en", "c_urdu": "ur", "c_roman": "roman"}

_HEAD = re.compile(r"\s*([^:：\n]{1,120})[:：\n]\s*(.+)", re.DOTALL)
_SUBJECT = re.compile(
    r"\s*(?:subject|mazmoon|موضوع|سبجیکٹ)\s*[:：]\s*([^\n]+)\n\s*(.+)", re.IGNORECASE | re.DOTALL
)
_MOST_NAME, _MOST_TO = 6, 10

Values = dict[str, Any]


def read_campaigning(text: str) -> Action | None:
    """Such a wish; None for a message that is about anything else."""
    head = _HEAD.match(text)
    if head and (found := _read_head(head[1].strip(), head[2].strip())):
        return found
    if "\n" in text.strip():
        return None
    sheet = lay_out(text)
    if not 0 < len(sheet.tokens) <= LONGEST:
        return None
    return _results_within(sheet) or _read(sheet, "campaigning")


def read_brought(text: str) -> Action | None:
    """What is asked of something by its name that may be a campaign: "how did the Eid offer do"."""
    sheet = lay_out(text)
    if "\n" in text.strip() or not 0 < len(sheet.tokens) <= LONGEST:
        return None
    return _read(sheet, "campaigning_about")


def _results_within(sheet: Sheet) -> Action | None:
    """What a campaign brought, with the days that are counted: "results within 30 days"."""
    found = _days_said(sheet)
    if found is None:
        return None
    (i, j), days = found
    size = len(sheet.tokens)
    rest = lay_out(f"{sheet.said(0, i) if i else ''} {sheet.said(j, size) if j < size else ''}")
    for heading in ("campaigning", "campaigning_within"):
        action = _read(rest, heading) if rest.tokens else None
        if action is not None and action.intent == "campaign.show":
            return Action(action.intent, {**action.slots, "within": days})
    return None


def _days_said(sheet: Sheet) -> tuple[Place, int] | None:
    """``within 30 days``, ``30 din mein``, two weeks: where it stands, and how many days."""
    units = {place: 7 if macro == "c_weeks" else 1
             for place, macro in phrases_at(sheet, ("c_days", "c_weeks"))}  # fmt: skip
    if not units:
        return None
    before = {place[1]: place[0] for place, _ in phrases_at(sheet, ("c_within",))}
    behind = {place[0]: place[1] for place, _ in phrases_at(sheet, ("c_inside",))}
    for (i, j), each in units.items():
        for at in range(max(0, i - 2), i):
            number = read_number(sheet, at)
            if number is None or number.j != i or number.value != int(number.value):
                continue
            if at in before or j in behind:
                return (before.get(at, at), behind.get(j, j)), int(number.value) * each
    return None


def read_audience(text: str) -> tuple[str, str] | None:
    """To whom something goes that goes to many: ``all``, or a city, tag or company by its name."""
    sheet = lay_out(text)
    if not 0 < len(sheet.tokens) <= LONGEST:
        return None
    for kind, slots in tell(sheet, "audience", {}):
        said = next((sheet.said(*place).strip("\"'“”‘’ ") for place in slots.values()), "")
        return kind.partition(".")[2], said
    return None


def speaks_of_many(text: str) -> bool:
    """Whether customers in general are spoken of, whatever else is said of them."""
    return any(True for _ in phrases_at(lay_out(text), ("c_people",)))


def own_words(text: str) -> str:
    """What of a message is said to the bot: without what is written for customers in it, which may
    be in another language."""
    head = _HEAD.match(text)
    return head[1] if head and _read_head(head[1].strip(), "") else text


def _read_head(head: str, text: str) -> Action | None:
    """A template, its subject, or an answer, with what stands behind it."""
    sheet = lay_out(head)
    found = _read(sheet, "campaigning_head") if 0 < len(sheet.tokens) <= LONGEST else None
    if found is None:
        return None
    if found.intent == "template.subject":
        return Action("template.set", {**found.slots, "subject": text})
    subject = _SUBJECT.match(text)
    if subject:
        return Action(
            found.intent, {**found.slots, "subject": subject[1].strip(), "text": subject[2].strip()}
        )
    return Action(found.intent, {**found.slots, "text": text})


def _read(sheet: Sheet, heading: str) -> Action | None:
    channels = dict(channels_at(sheet))
    if not likely(sheet, heading, {"channels": list(channels)}):
        return None
    known = {"channels": channels, **_known(sheet)}
    for intent, slots in tell(sheet, heading, {name: list(them) for name, them in known.items()}):
        if not all(_fits(sheet, slot, place) for slot, place in slots.items()):
            continue
        if intent == "consent.give" and sheet.key(len(sheet.tokens) - 1) == "?":
            continue
        if intent == "message.send" and slots.get("channels") in done_at(sheet):
            continue
        said: Values = {}
        for slot, place in slots.items():
            said |= _value(sheet, slot, place, known)
        if intent in _THOSE:
            return Action("segment.find", {"text": _those(intent, said.get("channels"))})
        return Action(intent, said)
    return None


_THOSE = {"consent.agreed": "consent", "consent.refused": "opted_out"}


def _those(intent: str, channels: list[str] | None) -> str:
    """Whoever agreed to these ways, or wants none of them, as a query of segments."""
    field = _THOSE[intent]
    if not channels or len(channels) == len(CHANNELS["c_any"]):
        return f"has {field}"
    return " and ".join(f'{field} = "{each}"' for each in channels)


def done_at(sheet: Sheet) -> set[Place]:
    """Where it is told what was done: "emailed Sara the Eid offer" asks for nothing."""
    return {place for place, _ in phrases_at(sheet, ("c_did",))}


def _value(sheet: Sheet, slot: str, place: Place, known: dict[str, dict[Place, Any]]) -> Values:
    if slot in known:
        return {"hours" if slot == "clock" else slot: known[slot][place]}
    if slot == "to":  # which may be a query, with quotes of its own
        said = sheet.said(*place).strip()
        return {slot: f'{said}"' if said.count('"') % 2 else said}
    text = sheet.said(*place).strip("\"'“”‘’() ")
    if slot == "who":
        return {"of_them": True} if says_they(text) else {"contact": text}
    return {slot: text}


def _known(sheet: Sheet) -> dict[str, dict[Place, Any]]:
    """Where languages, numbers and hours stand, and what they are."""
    numbers = dict(numbers_in(sheet))
    return {
        "lang": {place: LANGUAGES[macro] for place, macro in phrases_at(sheet, tuple(LANGUAGES))},
        "n": numbers,
        "hours": dict(_hours(sheet)) if numbers or _has_digits(sheet) else {},
        "clock": dict(_clocks(sheet)) if numbers or _has_digits(sheet) else {},
    }


_LONGEST_CLOCK = 4
_NOON = 12


def _clocks(sheet: Sheet) -> Iterator[tuple[Place, str]]:
    """A time of day from which on something holds, wherever it stands: ``21:00-``."""
    size = len(sheet.tokens)
    for i in range(size):
        for j in range(i + 1, min(size, i + _LONGEST_CLOCK) + 1):
            if not any(sign.isdigit() for token in sheet.tokens[i:j] for sign in token.text):
                continue
            said = lay_out(sheet.said(i, j))
            found = clock_in(said)
            led = found is not None and (not found.i or (found.i == 1 and said.value(0, "part")))
            if found is None or not led or found.j < j - i:
                continue
            clock = found.clock
            if found.bare and clock.hour < _NOON:  # "after 9": in the evening
                clock = clock.replace(hour=clock.hour + _NOON)
            yield (i, j), f"{clock:%H:%M}-"


def _has_digits(sheet: Sheet) -> bool:
    return any(sign.isdigit() for token in sheet.tokens for sign in token.text)


def _hours(sheet: Sheet) -> Iterator[tuple[Place, str]]:
    """From one time to another, wherever it stands."""
    size = len(sheet.tokens)
    for i in range(size):
        for j in range(size, i + 1, -1):
            if not any(sign.isdigit() for token in sheet.tokens[i:j] for sign in token.text):
                break
            hours = read_hours(sheet.said(i, j))
            if hours:
                yield (i, j), f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"


def channels_at(sheet: Sheet) -> Iterator[tuple[Place, list[str]]]:
    """Ways to write to somebody: one, or several with "and", "or" or a comma between them. The
    longest first."""
    single = {place: CHANNELS[macro] for place, macro in phrases_at(sheet, tuple(CHANNELS))}
    runs: dict[Place, tuple[str, ...]] = {}
    for (i, j), ways in sorted(single.items()):
        runs[i, j] = ways
        for (begin, end), before in list(runs.items()):
            between = {sheet.key(at) for at in range(end, i)}
            if end < i <= end + 2 and between <= _JOINTS:
                runs[begin, j] = (*before, *(way for way in ways if way not in before))
    for place, ways in sorted(runs.items(), key=lambda each: each[0][0] - each[0][1]):
        yield place, list(ways)


_NO_NAME = frozenset({"ka", "ki", "ke", "ko", "subject", "کا", "کی", "کے", "کو", "موضوع", "to"})
"""Words that no name of a template ends with."""

_JOINTS = frozenset({"and", "or", ",", "&", "aur", "ya", "اور", "یا", "+", "/", "،", "nor"})


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    i, j = place
    if slot == "who":
        if any(i <= at < j for (at, _), _ in phrases_at(sheet, ("c_people", "c_relative"))):
            return False  # "jo gahak whatsapp par raazi hain" is no one of them
        return says_they(sheet.said(i, j)) or is_who(sheet, i, j)
    if slot == "called":
        return j - i <= _MOST_NAME
    if slot == "name":
        is_word = any(place == (i, j) for place, _ in phrases_at(sheet, ("c_results",)))
        return j - i <= _MOST_NAME and sheet.key(j - 1) not in _NO_NAME and not is_word
    if slot == "to":
        return j - i <= _MOST_TO
    return True
