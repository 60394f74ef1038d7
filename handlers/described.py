"""Who is looked for by a description: a part of a number, an address, a name with its place, a tag.

A message that asks for nothing else is held against what is known: "find 4567", "whose is
nishat.pk", "Sara in Lahore", "لاہور والی سارہ", "mohamad from nishat". Nobody fits: it was
something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import select

from handlers.among import among, is_in, one_of_these
from handlers.reply import Call
from handlers.search import is_tag, reached
from handlers.turn import Turn
from handlers.who import companies_numbered
from language.folding import ascii_digits, fold
from rules.reach_keys import city_key
from storage.models import Company, Contact
from storage.reach import SHORTEST, is_city

LONGEST = 120
"""Characters of a message that is a description and nothing else."""

WORDS = 8
"""Words of a name with its place."""

TAG_WORDS = 3

_BESIDE = ("seek_words", "edge_words", "beside_words")

SPLITS = 6
"""Ways to part them that are tried."""

_NUMBER = re.compile(r"\+?\d[\d\s().\-]*\d(?!\w)")
_ADDRESS = re.compile(r"(?<!\S)(?:[\w.+%-]{1,64}@|@)?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?!\w)")
_HINTS = "0123456789.@"
_SIGNS = " .,!?:;\"'()،؟۔"


def described(turn: Turn) -> Call | None:
    """What shows whoever the message describes; None where it describes nobody who is known."""
    said = ascii_digits(turn.said).strip()
    if not 0 < len(said) <= LONGEST:
        return None
    if rows := at_the_place_said(turn, said):
        return shown(rows, said)
    tag = _tag_said(turn, said)
    return Call("contact.find", {"tags": [tag]}) if tag else None


def _tag_said(turn: Turn, said: str) -> str | None:
    """A tag that somebody has, where nothing else is said: "who are our vips"."""
    words = turn.voice.words
    beside = {word for kind in _BESIDE for word in words[kind]["all"]}
    tokens = [word for word in _words(said) if word not in beside]
    if not 1 <= len(tokens) <= TAG_WORDS:
        return None
    name = " ".join(tokens)
    return next((each for each in _singulars(name) if is_tag(turn, each)), None)


def _singulars(name: str) -> Iterator[str]:
    yield name
    yield from (name.removesuffix(end) for end in ("es", "s") if name.endswith(end))


def whose_is(turn: Turn, text: str) -> Call | None:
    """Whose a number or address is, or a part of one, where the message asks nothing else."""
    said = ascii_digits(text).strip()
    if not 0 < len(said) <= LONGEST or not any(char in said for char in _HINTS):
        return None
    part = _part_said(turn, said)
    if part is None:
        return None
    rows = reached(turn, part)
    return shown(rows, part) if rows or part != said else None


def at_the_place_said(turn: Turn, said: str, *, slips: bool = False) -> list[Contact]:
    """Whoever is meant by a name with its place; with ``slips`` the place may be misspelt though no
    word tells that it is one."""
    splits: dict[tuple[str, str], bool] = {}
    for name, place, told in islice(_splits(turn, said), SPLITS):
        splits.setdefault((name, place), told)
    for (name, place), told in splits.items():
        if rows := at_place(turn, name, place, slips=told or slips):
            return rows
    return []


def _part_said(turn: Turn, said: str) -> str | None:
    address = _ADDRESS.search(said)
    found = address if address and not _is_number(address[0]) else _NUMBER.search(said)
    if found is None:
        return None
    words, digits = turn.voice.words, sum(map(str.isdecimal, found[0]))
    beside = _words(f"{said[: found.start()]} {said[found.end() :]}")
    seeks = [word for word in beside if word in words["seek_words"]["all"]]
    rest = [word for word in beside if word not in seeks]
    asked = all(word in words["beside_words"]["all"] for word in rest)
    if found is address:
        return found[0] if asked and (seeks or found[0] == said) else None
    return found[0] if asked and seeks and digits >= SHORTEST else None


def _is_number(said: str) -> bool:
    return not any(map(str.isalpha, said))


def _words(said: str) -> list[str]:
    words = (word.strip(_SIGNS) for word in fold(said).split())
    return [word for word in words if word and any(map(str.isalnum, word))]


def _splits(turn: Turn, said: str) -> Iterator[tuple[str, str, bool]]:
    """Ways to read it as a name and a place, and whether a word tells that it is one."""
    words = turn.voice.words
    seeks, small = words["seek_words"]["all"], words["edge_words"]["all"]
    tokens = [word for word in _words(said) if word not in seeks]
    if not 2 <= len(tokens) <= WORDS:
        return
    for at in range(1, len(tokens)):
        before, after = tokens[:at], tokens[at + 1 :]
        if tokens[at] in words["then_place_words"]["all"]:
            yield from _read(before, after, small, told=True)
        if tokens[at] in words["then_who_words"]["all"]:
            yield from _read(after, before, small, told=True)
            yield from _at_the_end(before, small)  # "Sara Lahore wali"
    yield from _at_the_end(tokens, small)  # "Sara Lahore"


def _at_the_end(tokens: Sequence[str], small: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    for size in (1, 2):
        yield from _read(tokens[:-size], tokens[-size:], small, told=False)


def _read(
    who: Sequence[str], place: Sequence[str], small: Sequence[str], *, told: bool
) -> Iterator[tuple[str, str, bool]]:
    who, place = _without(who, small), _without(place, small)
    if who and place:
        yield " ".join(who), " ".join(place), told


def _without(tokens: Sequence[str], small: Sequence[str]) -> list[str]:
    """Without small words at the edges."""
    kept = list(tokens)
    while kept and kept[0] in small:
        kept.pop(0)
    while kept and kept[-1] in small:
        kept.pop()
    return kept


def at_place(turn: Turn, name: str, place: str, *, slips: bool = True) -> list[Contact]:
    """Whoever is called so, or nearly, at a company or in a city that is called so, or with
    ``slips`` nearly so."""
    people = select(Contact).where(Contact.workspace_id == turn.workspace.id)
    found: list[Contact] = []
    there = companies_numbered(turn, place, slips=slips)
    if there:
        found = among(turn, people.where(one_of_these(turn, Contact.company_id, there)), name)
    key = city_key(place)
    if not found and key and is_city(turn.session, turn.workspace.id, key):
        rows = among(turn, people.where(Contact.city_key == key), name)
        found = [row for row in rows if is_in(row, place)]
    return found


def shown(rows: Sequence[Contact | Company], said: str) -> Call:
    """One on their card, several as a list."""
    if len(rows) == 1:
        kind = "contact" if isinstance(rows[0], Contact) else "company"
        return Call("contact.show", {kind: rows[0].id})
    people = [row.id for row in rows if isinstance(row, Contact)]
    companies = [row.id for row in rows if isinstance(row, Company)]
    return Call("contact.find", {"query": said, "people": people, "companies": companies})
