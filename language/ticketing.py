"""What is said of tickets: which there are, what becomes of one, what a team promises, how happy
customers are and who sent whom.

Read only where the whole message says so plainly, by the templates of `words/ticketing.toml`;
anything else is read as ever, also "Bilal complained that ...", which opens one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any

from language.action import Action
from language.dealing import is_who
from language.figures.phrases import phrases
from language.figures.spans import Spans
from language.folding import fold
from language.numbers import read_number
from language.phrasebook import Meanings, Phrasebook
from language.sheet import Sheet, lay_out
from language.templates import Place, likely, tell
from language.values import read_hours
from language.wordfiles import listed, under

Values = dict[str, Any]
Places = Mapping[str, Mapping[Place, Values]]

_NAMES = {"who": "contact", "by": "by", "owner": "owner", "pair": "pair"}
"""Slots that are a name, and what is said in them is called; ``pair`` are two, one behind the
other."""

_NUMBERED = re.compile(r"#\d{1,9}")
_MOST = 10**9
_LONGEST_NAME = 5
_LONGEST_HEAD = 9
"""Tokens that tell to which ticket the words behind them are written."""

_BARE = re.compile(r"[\d:.\s\-–]+|to|se|سے|تک|tak|from")
_NUMBER_WORDS = frozenset({"no", "no.", "number", "nr", "num", "nambar", "نمبر", "#", "id", "."})
_TIES = {"before": frozenset({"'s", "ka", "ki", "ke", "k", "کا", "کی", "کے"}),
         "behind": frozenset({"of", "from", "by", "for"})}  # fmt: skip


def read_ticketing(sheet: Sheet, today: date) -> list[Action]:
    """Such a wish; nothing for a message that is about anything else."""
    if not sheet.tokens or not _may_be(sheet):
        return []
    refs = _refs(sheet)
    for action in _whole(sheet, today, refs):
        return [action]
    return list(_noted(sheet)) if refs else []


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


def _whole(sheet: Sheet, today: date, refs: dict[Place, Values]) -> Iterator[Action]:
    if not likely(sheet, "ticketing", {"ref": list(refs)}):
        return
    known = _known(sheet, refs)
    if any("period" in each.slots for each in likely(sheet, "ticketing", _places(known))):
        known["period"] = _days(sheet, today)
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
    words = _words_of(macro)
    return any(token.key in words for token in sheet.tokens)


@lru_cache(maxsize=8)
def _words_of(macro: str) -> frozenset[str]:
    said = under("macros")[macro].values()
    return frozenset(
        word for words in said for each in listed(words) for word in fold(each).split()
    )


def _said(sheet: Sheet, slots: Mapping[str, Place], known: Places) -> Values:
    said: Values = {}
    for slot, place in slots.items():
        if slot in known:
            said |= known[slot][place]
        else:
            said[_NAMES.get(slot, slot)] = _text(sheet, place)
    return said


def _meant(intent: str, said: Values, whole: str) -> tuple[str, Values]:
    """The intent, and its values as the handlers know them."""
    if intent == "ticket.promise_answer":
        return "ticket.promise", {**said, "what": "answer"}
    if intent == "rating.give" and "score" not in said:
        return intent, {**said, "words": whole}  # how happy is asked, and what was said is kept
    if intent == "export.send":
        return intent, {"what": "ticket", **({"format": said["form"]} if "form" in said else {})}
    if intent == "workdays.hours":
        return intent, {"hours": _hours(str(said["hours"]))}
    if str(said.get("owner", "")).lower() in _me():
        said["owner"] = "me"
    return intent, said


@lru_cache(maxsize=1)
def _me() -> frozenset[str]:
    return frozenset({"me", "myself", "mujhe", "mujh", "مجھے", "مجھ"})


def _text(sheet: Sheet, place: Place) -> str:
    return sheet.said(*place).strip("\"'“”‘’() ")


def _fits(sheet: Sheet, slot: str, place: Place) -> bool:
    if slot in _NAMES:
        return _text(sheet, place).lower() in _me() or _is_name(sheet, *place)
    return slot != "hours" or _hours(_text(sheet, place)) is not None


def _is_name(sheet: Sheet, i: int, j: int) -> bool:
    """A name, and no word by which something is done with a ticket."""
    if j - i > _LONGEST_NAME or any(read_number(sheet, at) for at in range(i, j)):
        return False
    keys = [sheet.key(at) for at in range(i, j)]
    if not _ticket_words().isdisjoint(keys) or not _acts().isdisjoint(keys):
        return False
    return is_who(sheet, i, j) or all(sheet.has(at, "given") for at in range(i, j))


@lru_cache(maxsize=1)
def _acts() -> frozenset[str]:
    return frozenset().union(*map(_words_of, ("t_reopen", "t_close", "t_note", "t_wait"))) - _LITTLE


def _hours(said: str) -> str | None:
    """``09:00-18:00``; bare figures are those of a day: "9 to 6"."""
    found = read_hours(said)
    if found is None:
        return None
    opens, closes = found
    if not _BARE.sub("", fold(said)).strip() and ":" not in said and opens.hour >= 12:
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
        known = _known(head, _refs(head))
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


def _known(sheet: Sheet, refs: dict[Place, Values]) -> dict[str, dict[Place, Values]]:
    """Where known words stand, by their slot, and what they mean; ``refs`` name a ticket."""
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
                continue  # see `_refs`
            elif kind in ("mine", "take"):
                found[_CALLED[kind]][i, j] = {"owner": "me"}
            else:
                found[_CALLED[kind]][i, j] = {kind: sense}
    found["ref"] = refs
    _spans(sheet, units, found["span"])
    _scores(sheet, found["score"])
    return found


def _places(known: Places) -> dict[str, list[Place]]:
    return {name: list(them) for name, them in known.items()}


def _refs(sheet: Sheet) -> dict[Place, Values]:
    """Where a ticket is named, and which: the one spoken of, one of a number or of a customer."""
    found: dict[Place, Values] = {
        (i, j): {"this": True}
        for i, j, senses in _PHRASES.marks(sheet.forms)
        if any(sense.startswith("point.") for sense in senses)
    }
    _numbers(sheet, found)
    _by_customer(sheet, found)
    return found


@lru_cache(maxsize=1)
def _ticket_words() -> frozenset[str]:
    said = under("macros")["t_ticket"].values()
    return frozenset(fold(each) for words in said for each in listed(words))


def _numbers(sheet: Sheet, found: dict[Place, Values]) -> None:
    """``#12``, ``ticket 12``, ``ticket no. 12``."""
    for at, token in enumerate(sheet.tokens):
        number = 0
        if token.kind == "tag" and _NUMBERED.fullmatch(token.key):
            number = int(token.key[1:])
        elif token.kind == "number" and token.key.isdecimal() and len(token.key) < 10:
            number = int(token.key)
        if not 0 < number < _MOST:
            continue
        i = at
        while i and at - i < 3 and sheet.key(i - 1) in _NUMBER_WORDS:
            i -= 1
        if token.kind == "tag":
            found[at, at + 1] = {"number": number}
        if i and sheet.key(i - 1) in _ticket_words():
            found[i - 1, at + 1] = {"number": number}
            if i > 1 and sheet.key(i - 2) in ("the", "support"):
                found[i - 2, at + 1] = {"number": number}
        after = at + 1
        if after < len(sheet.tokens) and sheet.key(after) in _NUMBER_WORDS:
            after += 1
        named = after < len(sheet.tokens) and sheet.key(after) in _ticket_words()
        if named and (after > at + 1 or token.kind == "tag"):
            found[at, after + 1] = {"number": number}


def _by_customer(sheet: Sheet, found: dict[Place, Values]) -> None:
    """``Bilal's ticket``, ``Bilal ka masla``, ``the ticket of Nishat Mills``; but "ticket for
    Bilal" and "complaint from Bilal" are new ones."""
    length = len(sheet.tokens)
    for at in range(length):
        if sheet.key(at) not in _ticket_words():
            continue
        end = _named_until(sheet, at)
        for i in range(max(0, end - _LONGEST_NAME), end):
            if _is_name(sheet, i, end):
                found[i, at + 1] = {"contact": _text(sheet, (i, end))}
        behind = sheet.key(at + 1) if at + 1 < length else ""
        if behind not in _TIES["behind"] or (at == 0 and behind != "of"):
            continue
        begin = at - 1 if at and sheet.key(at - 1) == "the" else at
        for j in range(at + 3, min(at + 3 + _LONGEST_NAME, length + 1)):
            if _is_name(sheet, at + 2, j):
                found[begin, j] = {"contact": _text(sheet, (at + 2, j))}


_WALA = frozenset({"wala", "wali", "والا", "والی"})


def _named_until(sheet: Sheet, at: int) -> int:
    """Where the name before a ticket ends: before "'s", "ka" or "wala"; 0 where there is none."""
    tie = at - 1
    if tie > 0 and sheet.key(tie) in (*_WALA, "open") and sheet.key(tie - 1) in _TIES["before"]:
        tie -= 1
    return tie if tie > 0 and sheet.key(tie) in _TIES["before"] | _WALA else 0


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


def _days(sheet: Sheet, today: date) -> dict[Place, Values]:
    """Where stretches of days stand, and what they are."""
    return {
        (each.i, each.j): {
            name: str(day)
            for name, day in (("first", each.span.first), ("last", each.span.last))
            if day
        }
        for each in Spans(sheet, phrases(sheet), today).read()
    }


# --- whether it may be one at all -----------------------------------------------------------------


def _may_be(sheet: Sheet) -> bool:
    cues = _cues()
    return any(
        token.key in cues or (token.kind == "tag" and _NUMBERED.fullmatch(token.key))
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
    return frozenset(words - _LITTLE) | _CUES


_LITTLE = frozenset({
    "to", "us", "the", "a", "is", "was", "of", "in", "ka", "ki", "ke", "se", "ko", "ne", "hai",
    "tha", "time", "first", "کا", "کی", "کے", "سے", "ہے", "نے", "by", "from", "we", "our", "came",
    "aaya", "diya", "dia", "kar", "دیا", "کر", "are", "who", "hain", "ہیں", "گئے", "k", "par", "پر",
    "میں", "mein",
})  # fmt: skip


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
