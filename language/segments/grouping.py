"""People counted apart: "leads by source", "contacts by owner", "where do our leads come from"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from tomllib import loads
from typing import Any, NamedTuple

LONGEST = 120


class Grouped(NamedTuple):
    """``by``: source, owner or city; ``rests``: the description that is left, as it was said and
    in ways that say the same plainly, to be read in this order."""

    by: str
    rests: tuple[str, ...]


def grouped_in(text: str) -> Grouped | None:
    """By what a message counts people apart; None for any other message."""
    if len(text) > LONGEST:
        return None
    for pattern, by in _patterns():
        if found := pattern.search(text):
            named = found.groupdict().get("what")
            rest = text[: found.start()] + " " + text[found.end() :]
            rest = found["rest"] + text[found.end() :] if named is None else rest
            return Grouped(by or _what(named or ""), tuple(_plainly(rest)))
    return None


def _plainly(rest: str) -> Iterator[str]:
    """ "Leads this year" are those who came in it."""
    rest = " ".join(_words()["beside"].sub(" ", rest.strip(" ?!.۔؟:")).split())
    yield rest
    yield f"new {rest}"


def _what(said: str) -> str:
    return next(what for what, pattern in _kinds().items() if pattern.fullmatch(said))


@cache
def _told() -> dict[str, Any]:
    file = resources.files("language.segments") / "grouping.toml"
    return loads(file.read_text(encoding="utf-8"))


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    return {
        what: re.compile("|".join(words.values()), re.IGNORECASE)
        for what, words in _told()["what"].items()
    }


@cache
def _words() -> dict[str, re.Pattern[str]]:
    return {"beside": re.compile(_told()["said"]["beside"])}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each with what it counts by, where that is not said in it."""
    some = sorted(
        (word for words in _told()["what"].values() for each in words.values()
         for word in each.split("|")), key=len, reverse=True,
    )  # fmt: skip
    what = "|".join(some)
    said = _told()["said"]
    return (
        *((re.compile(each.replace("{what}", what), re.IGNORECASE), "") for each in said["by"]),
        *((re.compile(each, re.IGNORECASE), "source") for each in said["from_where"]),
    )
