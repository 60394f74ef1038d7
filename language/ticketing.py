"""What is said of tickets: which there are, what becomes of one, what a team promises, how happy
customers are and who sent whom.

Read only where the whole message says so plainly, by the templates of `words/ticketing.toml`;
anything else is read as ever, also "Bilal complained that ...", which opens one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any

from language.action import Action
from language.agreed.message import Message
from language.agreed.workdays import days_said
from language.figures.spans import days_at
from language.folding import fold
from language.phrasebook import Meanings, Phrasebook
from language.sheet import Sheet, lay_out
from language.templates import Place, likely, tell
from language.ticket_due import read_ticket_due
from language.ticket_named import LITTLE, NUMBERED, is_name, text_at, tickets_named, words_of
from language.values import read_hours
from language.wordfiles import listed, under

Values = dict[str, Any]
Places = Mapping[str, Mapping[Place, Values]]

_NAMES = {"who": "contact", "by": "by", "owner": "owner", "pair": "pair"}
"""Slots that are a name, and what is said in them is called; ``pair`` are two, one behind the
other."""

_LONGEST_HEAD = 9
"""Tokens that tell to which ticket the words behind them are written."""


def read_ticketing(sheet: Sheet, today: date) -> list[Action]:
    """Such a wish; nothing for a message that is about anything else."""
    if not sheet.tokens or not _may_be(sheet):
        return []
    named = tickets_named(sheet)
    if due := read_ticket_due(sheet):
        return [due]
    for action in _whole(sheet, today, named):
        return [action, *_days_with(sheet, action, today)]
    return list(_noted(sheet)) if named else []


def _days_with(sheet: Sheet, action: Action, today: date) -> list[Action]:
    """The days on which it works, where a team tells them with its hours: "we work Monday to
    Saturday 10 to 7"."""
    if action.intent != "workdays.hours":
        return []
    days = sorted(days_said(Message(sheet, today)))
    return [Action("workdays.set", {"days": days})] if len(days) > 1 else []


def said_alone(text: str) -> str | None:
    """What becomes of the ticket that is spoken of, where these words are all that is said of it:
    close, reopen, wait, go_on or mine."""
    return _alone().get(_bare(text))


def says_it_all(text: str) -> bool:
    """Whether the words settle a ticket, and no task, wherever they are said."""
    return said_alone(text) == "close" and _bare(text) not in _vague()


@lru_cache(maxsize=1)
def _vague() -> frozenset[str]:
    said = under("ticketing")["vague"]["close"].values()
    return frozenset(_bare(each) for words in said for each in listed(words))


def _bare(text: str) -> str:
    return fold(text).strip(" .,!?۔،✅👍🙏").replace("’", "'")


@lru_cache(maxsize=1)
def _alone() -> dict[str, str]:
    return {
        _bare(each): sense
        for sense, said in under("ticketing")["alone"].items()
        for words in said.values()
        for each in listed(words)
    }


# --- whole messages -------------------------------------------------------------------------------


def _whole(sheet: Sheet, today: date, named: dict[Place, Values]) -> Iterator[Action]:
    if not likely(sheet, "ticketing", {"ref": list(named)}):
        return
    known = _known(sheet, named)
    if any("period" in each.slots for each in likely(sheet, "ticketing", _places(known))):
        known["period"] = days_at(sheet, today)
    places = {"period": [], **_places(known)}
    for intent, slots in tell(sheet, "ticketing", places):
        if not all(_fits(sheet, slot, place) for slot, place in slots.items()):
            continue
        said = _said(sheet, slots, known)
        if intent == "ticket.priority" and "contact" in said and not _has(sheet, "t_make"):
            continue  # "Junaid's complaint, high priority" is a new one
        yield Action(*_meant(intent, said, sheet.text.strip()))


def _has(sheet: Sheet, macro: str) -> bool:
    """Whether a word of these phrases is there."""
    words = words_of(macro)
    return any(token.key in words for token in sheet.tokens)


def _said(sheet: Sheet, slots: Mapping[str, Place], known: Places) -> Values:
    said: Values = {}
    for slot, place in slots.items():
        if slot in known:
            said |= known[slot][place]
        else:
            said[_NAMES.get(slot, slot)] = text_at(sheet, place)
    return said


def _meant(intent: str, said: Values, whole: str) -> tuple[str, Values]:
    """The intent, and its values as the handlers know them."""
    if intent == "ticket.promise_answer":
        return "ticket.promise", {**said, "what": "answer"}
    if intent in _MOST:
        return "ticket.figures", {**said, "group": _MOST[intent]}
    if intent == "rating.give" and "score" not in said:
        return intent, {**said, "words": whole}  # how happy is asked, and what was said is kept
    if intent == "export.send":
        return intent, {"what": "ticket", **({"format": said["form"]} if "form" in said else {})}
    if intent == "workdays.hours":
        return intent, {"hours": _hours(str(said["hours"]))}
    if str(said.get("owner", "")).lower() in _me():
        said["owner"] = "me"
    return intent, said


_MOST = {"ticket.figures_most": "owner", "ticket.figures_customers": "customer"}
"""Who has the most: told beside the others."""


@lru_cache(maxsize=1)
def _me() -> frozenset[str]:
    return frozenset({"me", "myself", "mujhe", "mujh", "مجھے", "مجھ"})


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    if slot in _NAMES:
        return text_at(sheet, place).lower() in _me() or is_name(sheet, *place)
    return slot != "hours" or _hours(text_at(sheet, place)) is not None


def _hours(said: str) -> str | None:
    """``09:00-18:00``; bare figures are those of a day: "9 to 6"."""
    found = read_hours(said)
    if found is None:
        return None
    opens, closes = found
    sheet = lay_out(said)
    told = (sheet.has(at, "am", "pm") or sheet.value(at, "part") for at in range(len(sheet.tokens)))
    bare = not any(told)
    if bare and ":" not in said and opens.hour >= 12:
        opens, closes = opens.replace(hour=opens.hour - 12), _later(closes)
    return f"{opens:%H:%M}-{closes:%H:%M}"


def _later(closes: time) -> time:
    return closes.replace(hour=closes.hour + 12) if closes.hour < 12 else closes


# --- words that are written to a ticket -----------------------------------------------------------

_ON = frozenset({"on", "to", "par", "pe", "mein", "me", "پر", "میں", "under", "in"})
_WITH_WORDS = ("ticket.close", "ticket.wait", "ticket.reopen", "ticket.go_on")


def _noted(sheet: Sheet) -> Iterator[Action]:
    """A head that names a ticket, and behind it the words that are kept with it: "note on #12:
    sent a replacement", "#12 resolved, they got new ones"."""
    tokens = sheet.tokens
    most = min(len(tokens) - 1, _LONGEST_HEAD)
    for size in range(most, 0, -1):
        head = lay_out(sheet.text[: tokens[size - 1].end])
        text = sheet.text[tokens[size - 1].end :].lstrip(" :،,-–—.;۔").strip()
        if not text or len(head.tokens) != size:
            continue
        parted = tokens[size].text in ":،,-–—.;۔" or tokens[size - 1].text in ":،,-–—"
        known = _known(head, tickets_named(head))
        places = {"period": [], **_places(known)}
        if parted:
            for intent, slots in tell(head, "ticketing", places):
                fits = all(_fits(head, slot, place) for slot, place in slots.items())
                if intent not in _WITH_WORDS or not fits:
                    continue
                said = _said(head, slots, known)
                if "contact" not in said or ":" in (tokens[size].text, tokens[size - 1].text):
                    yield Action(intent, {**said, "text": text})
                    return
        for intent, slots in tell(head, "ticket_note", places):
            said = _said(head, slots, known)
            bare = slots["ref"][0] == 0 and size - slots["ref"][1] <= int(parted)
            on = any(head.key(at) in _ON for at in range(len(head.tokens)))
            if "number" not in said and (bare or not on):
                continue  # "Bilal's complaint: torn rolls" is one, and no note
            yield Action(intent, {**said, "text": text})
            return


# --- known words ----------------------------------------------------------------------------------


def _meanings() -> Meanings:
    for kind, senses in under("ticketing").items():
        if kind not in ("alone", "vague"):
            for sense, said in senses.items():
                yield f"{kind}.{sense}", said


_PHRASES = Phrasebook(_meanings)
_CALLED = {"mine": "owner_me", "take": "owner_i", "measure": "measure", "group": "group",
           "state": "state", "priority": "priority", "up": "up", "form": "form"}  # fmt: skip


def _known(sheet: Sheet, named: dict[Place, Values]) -> dict[str, dict[Place, Values]]:
    """Where known words stand, by their slot, and what they mean; ``named`` are tickets."""
    found: defaultdict[str, dict[Place, Values]] = defaultdict(dict)
    for name in ("span", "score", "state", "priority", "measure", "group",
                 "owner_me", "owner_i", "up", "form"):  # fmt: skip
        found[name] = {}
    units: dict[int, tuple[int, str]] = {}
    for i, j, senses in _PHRASES.marks(sheet.forms):
        for each in senses:
            kind, _, sense = each.partition(".")
            if kind == "unit":
                units[i] = j, sense
            elif kind == "point":
                continue  # see `tickets_named`
            elif kind in ("mine", "take"):
                found[_CALLED[kind]][i, j] = {"owner": "me"}
            else:
                found[_CALLED[kind]][i, j] = {kind: sense}
    found["ref"] = named
    _spans(sheet, units, found["span"])
    _scores(sheet, found["score"])
    return found


def _places(known: Places) -> dict[str, list[Place]]:
    return {name: list(them) for name, them in known.items()}


def _spans(sheet: Sheet, units: Mapping[int, tuple[int, str]], found: dict[Place, Values]) -> None:
    """``4 hours``, ``ek din``: how much work."""
    for at in range(len(sheet.tokens)):
        count = _count(sheet, at)
        unit = units.get(at + 1)
        if count and unit:
            found[at, unit[0]] = {"within": f"{count}{unit[1]}"}


def _count(sheet: Sheet, at: int) -> int | None:
    key = sheet.key(at)
    if key in ("a", "an", "one", "aik", "ek", "ایک"):
        return 1
    if key.isdecimal() and len(key) < 6:
        return int(key)
    said = sheet.value(at, "number")
    return int(said) if said and said.isdecimal() else None


def _scores(sheet: Sheet, found: dict[Place, Values]) -> None:
    for at in range(len(sheet.tokens)):
        count = _count(sheet, at)
        if count and 1 <= count <= 5:
            found[at, at + 1] = {"score": count}


# --- whether it may be one at all -----------------------------------------------------------------


def _may_be(sheet: Sheet) -> bool:
    cues = _cues()
    return any(
        token.key in cues or (token.kind == "tag" and NUMBERED.fullmatch(token.key))
        for token in sheet.tokens
    )


_OF_MORE = ("t_ticket", "t_hours", "t_targets", "t_referred", "t_through", "t_referrals",
            "t_rated", "t_came", "t_sent", "t_brought", "t_mood")  # fmt: skip
_CUES = frozenset({
    "hours", "auqaat", "اوقات", "office", "daftar", "dukan", "shop", "store", "دفتر", "دکان",
    "آفس", "work", "kaam", "کام", "sla", "refer", "sent", "happy", "satisfied", "priority",
    "within", "andar", "اندر", "answer", "resolve", "solve", "jawab", "جواب", "support",
    "customers", "ریفر", "khush", "hisab", "star", "stars", "سٹار", "ستارے",
    "diye", "diya", "diay", "دیے", "دیا", "دئیے", "zariye",
})  # fmt: skip
"""Words that such messages have where none names a ticket."""


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    said = [words for macro in _OF_MORE for words in under("macros")[macro].values()]
    said += [words for each in under("ticketing")["measure"].values() for words in each.values()]
    words = {fold(word) for some in said for each in listed(some) for word in each.split()}
    return frozenset(words - LITTLE) | _CUES


def priority_of(text: str) -> str | None:
    """The priority, where these words tell that and nothing else: "urgent", "high priority"."""
    return _priorities().get(_bare(text))


_PRIORITY_WORDS = ("priority", "hai", "ہے", "it is", "please", "very", "its", "it's", "bohat")


@lru_cache(maxsize=1)
def _priorities() -> dict[str, str]:
    found = {}
    for level, said in under("ticketing")["priority"].items():
        for words in said.values():
            for each in map(_bare, listed(words)):
                found[each] = level
                for word in _PRIORITY_WORDS:
                    found.setdefault(f"{each} {word}", level)
                    found.setdefault(f"{word} {each}", level)
                    found.setdefault(f"{word} {each} hai", level)
    return found
