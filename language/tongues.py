"""The languages that the words files declare: their scripts, and how their sentences are built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from language.wordfiles import listed, under


@dataclass(frozen=True, slots=True)
class Script:
    """Letters; the language that a text in them is taken for, and the one its words are read in
    where they stand in a text of another script."""

    name: str
    letters: str
    usual: str
    guest: str
    right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language. `looks` are those whose words it is read with, its own first; `verb_first` is
    the order of a command; the endings are those of several things, of something
    to do and of words that are no name."""

    name: str
    script: str
    looks: tuple[str, ...]
    verb_first: bool
    plural: tuple[str, ...]
    infinitive: tuple[str, ...]
    oblique: tuple[str, ...]
    comma: str
    answers: str

    @property
    def right_to_left(self) -> bool:
        return scripts()[self.script].right_to_left

    @property
    def telling(self) -> bool:
        """Whether its letters alone tell it: a word or two in it are no mere name."""
        return self.script != next(iter(scripts()))


@lru_cache(maxsize=1)
def scripts() -> dict[str, Script]:
    """By name, the first being the one that signs and unknown letters count to."""
    return {name: Script(name=name, **about) for name, about in under("scripts").items()}


@lru_cache(maxsize=1)
def tongues() -> dict[str, Tongue]:
    return {
        name: Tongue(
            name=name,
            script=about["script"],
            looks=tuple(about["looks"]),
            verb_first=about.get("verb", "first") == "first",
            plural=tuple(listed(about.get("plural", ""))),
            infinitive=tuple(listed(about.get("infinitive", ""))),
            oblique=tuple(listed(about.get("oblique", ""))),
            comma=about.get("comma", ", "),
            answers=about.get("answers", name),
        )
        for name, about in under("tongues").items()
    }


def answered_in(tongue: str | None) -> str | None:
    """The language of the answer to one: itself, or the nearest that the replies are written in."""
    return tongues()[tongue].answers if tongue in tongues() else None


def telling_language(code: str) -> str | None:
    """The answer to a platform's language code ("ur-PK") of a language that its letters tell.

    A phone in English says little: many who write Urdu have one.
    """
    tongue = tongues().get(code.partition("-")[0])
    return tongue.answers if tongue and tongue.telling else None


@lru_cache(maxsize=1)
def of_first_script() -> tuple[str, ...]:
    """The languages written in the first script, which share what `any` of them says."""
    first = next(iter(scripts()))
    return tuple(name for name, tongue in tongues().items() if tongue.script == first)


@lru_cache(maxsize=1)
def _letters() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(f"[{script.letters}]"), script.name) for script in scripts().values()]


@lru_cache(maxsize=4096)
def script_of(char: str) -> str | None:
    """The script of a letter; None for signs, digits and letters of no script that is known."""
    if not char.isalpha():
        return None
    return next((name for letters, name in _letters() if letters.match(char)), None)


@lru_cache(maxsize=64)
def reading_of(tongue: str | None, script: str | None) -> Tongue:
    """The language whose words a token of this script is looked up in, within such a text."""
    spoken = tongues().get(tongue or "")
    first = next(iter(scripts().values()))
    written = scripts().get(script or "", first)
    if spoken and spoken.script == written.name:
        return spoken
    return tongues()[written.guest]


@lru_cache(maxsize=64)
def usual_first(tongue: Tongue) -> tuple[str, ...]:
    """The languages to look in where the usual one of the script goes first: "5k", "3 pm"."""
    script = scripts()[tongue.script]
    looks = (script.usual, *tongues()[script.guest].looks, *tongue.looks)
    return tuple(dict.fromkeys(looks))
