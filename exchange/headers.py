"""What the columns of a table are called, in every program and in our three languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from language.folding import fold
from language.wordfiles import listed

KINDS = (
    "contact", "company", "deal", "activity", "order", "contract", "product", "member", "ticket",
)  # fmt: skip
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\b\d+\b")
_FRONT = re.compile(
    r"^(person|contact|organi[sz]ation|company|deal|lead|activity|note|product|ticket)\s*[-:]\s*(.+)$",
    re.IGNORECASE,
)
_FRONTS = {
    "person": "contact", "lead": "deal", "organization": "company", "organisation": "company",
    "note": "activity",
}  # fmt: skip
_CALLED = 2  # what the name of the file or sheet counts
_TELLING = 3  # what such a header counts beside one that any kind may have


@dataclass(frozen=True, slots=True)
class Slot:
    """What a header is taken for. ``rank``: of columns that say one thing, the lowest counts."""

    kind: str
    name: str
    rank: int


def key(header: str) -> str:
    """A header as ``headers.toml`` writes it, its numbers kept."""
    header = _HUMP.sub(" ", header) if header.isascii() else header
    return _NO_WORD.sub(" ", fold(header).replace("'", "")).strip()


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = (resources.files("exchange") / "headers.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _slots(kind: str) -> dict[str, Slot]:
    found: dict[str, Slot] = {}
    for slot, names in _tables()[kind].items():
        if slot == "telling":
            continue
        for rank, name in enumerate(listed(names)):
            found.setdefault(_as_listed(name), Slot(kind, slot, rank))
    return found


def slots_of(kind: str) -> frozenset[str]:
    """All that a column of such a table can fill."""
    return frozenset(_tables()[kind]) - {"telling"}


@cache
def telling(kind: str) -> frozenset[str]:
    """Headers that only this kind has."""
    return frozenset(_as_listed(name) for name in listed(_tables()[kind]["telling"]))


@cache
def _called(kind: str) -> tuple[str, ...]:
    return tuple(_as_listed(word) for word in listed(_tables()["called"][kind]))


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {
        slot: tuple(_as_listed(word) for word in listed(words))
        for slot, words in _tables()["words"].items()
    }


def _as_listed(name: str) -> str:
    return " ".join("#" if part == "#" else key(part) for part in name.split())


def slot_of(header: str, kind: str) -> Slot | None:
    """What a header means in a table of this kind, if a list has it."""
    slots, said = _slots(kind), key(header)
    found = slots.get(said) or slots.get(_NUMBER.sub("#", said))
    if found:
        return found
    front = _FRONT.match(header)
    if front is None:
        return None
    about, rest = front[1].lower(), key(front[2])
    other = _FRONTS.get(about, about)
    return _slots(other).get(rest) or _slots(other).get(_NUMBER.sub("#", rest))


@cache
def _parties() -> frozenset[str]:
    return frozenset(_as_listed(name) for name in listed(_tables()["party"]["beside_a_person"]))


def is_party(header: str) -> bool:
    """Whether it is a firm's name where another column names a person."""
    return key(header) in _parties()


@cache
def _cities() -> dict[str, str]:
    return {short: city for city, told in _tables()["cities"].items() for short in listed(told)}


@lru_cache(maxsize=5000)
def city_of(said: str) -> str:
    """The city that is meant: "KHI" is Karachi."""
    return _cities().get(key(said), said)


def slot_by_words(header: str) -> str | None:
    """What a header of a contact probably means, by a word in it."""
    said = f" {key(header)} "
    return next(
        (slot for slot, words in _words().items() if any(f" {word} " in said for word in words)),
        None,
    )


def recognised(headers: Sequence[str]) -> int:
    """How many of these any list has."""
    return sum(any(slot_of(each, kind) for kind in KINDS) for each in headers if each.strip())


def kind_of(headers: Sequence[str], name: str = "") -> str:
    """The kind of records that a table of these headers and this name holds."""
    first = next((_FRONT.match(each) for each in headers if each.strip()), None)
    if first:
        about = first[1].lower()
        return _FRONTS.get(about, about)
    said = f" {key(name)} "
    scores = {
        kind: _score(headers, kind) + _CALLED * any(f" {word} " in said for word in _called(kind))
        for kind in KINDS
    }
    is_team = any(f" {word} " in said for word in _called("member"))
    if not is_team and not _told_apart(headers, "member"):
        scores["member"] = 0  # an address book has managers and offices, too
    best = max(KINDS, key=lambda kind: scores[kind])
    return best if scores[best] else "contact"


def _score(headers: Sequence[str], kind: str) -> int:
    known = len({found.name for each in headers if (found := slot_of(each, kind))})
    return known + _TELLING * _told_apart(headers, kind)


def _told_apart(headers: Sequence[str], kind: str) -> int:
    """How many of these only this kind has."""
    keys = {_NUMBER.sub("#", key(each)) for each in headers} | {key(each) for each in headers}
    return len(keys & telling(kind))
