"""What is sent to whom, in whatever order that is said: around the name of a text, the verb and the
way, all that is left says whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from language.campaigning import channels_at
from language.folding import fold
from language.macros import phrases_at
from language.own_names import find_names
from language.sheet import Sheet, lay_out
from language.templates import Place
from language.wordfiles import listed, under

LONGEST = 60
"""Tokens of such a message."""

_VERBS = ("c_asked", "c_send")


@dataclass(frozen=True, slots=True)
class Sending:
    """``key`` of the text that goes, by which ways (None: any), and whom it is said to go to."""

    key: str
    channels: list[str] | None
    to: str


def may_send(text: str) -> bool:
    """Whether it is said that something is to be sent: most messages say nothing of it."""
    sheet = lay_out(text)
    if not 2 < len(sheet.tokens) <= LONGEST or "\n" in text.strip():
        return False
    return _verb(sheet) is not None


def read_sending(text: str, names: Mapping[str, str]) -> Sending | None:
    """``names``: what the texts are called, by their keys. None where none of them is sent."""
    if not names or not may_send(text):
        return None
    sheet = lay_out(text)
    verb = _verb(sheet) or (0, 0)
    spans = [
        (span.i, span.j, span.key)
        for span in find_names(sheet, names)
        if span.slips < 2 and not _meet((span.i, span.j), verb)
    ]
    if not spans:
        return None
    i, j, key = max(spans, key=lambda span: span[1] - span[0])
    read = _Read(sheet, {*range(i, j), *range(*verb)})
    read.drops_beside((i, j))
    channels = read.way(verb, (i, j))
    read.drops_beside((i, j))
    return Sending(key, channels, read.left())


class _Read:
    """A message of which ``gone`` tokens are read."""

    def __init__(self, sheet: Sheet, gone: set[int]) -> None:
        self.sheet, self.gone, self.size = sheet, gone, len(sheet.tokens)

    def drops_beside(self, place: Place) -> None:
        """Small words beside it are read with it: "the", "ko"."""
        small = _tokens_of(self.sheet, "c_beside") | self.gone
        for steps in (range(place[0] - 1, -1, -1), range(place[1], self.size)):
            for at in steps:
                if at not in small:
                    break
                self.gone.add(at)

    def way(self, verb: Place, name: Place) -> list[str] | None:
        """The ways that are said, where one is: as the verb itself, or beside what was read and at
        the end ("by email", "email se"); "who agreed to email" says of people what they are."""
        before, behind = _tokens_of(self.sheet, "c_by"), _ends(self.sheet, "c_by_it")
        for (i, j), channels in channels_at(self.sheet):
            if (i, j) == verb:
                return channels
            if _meet((i, j), name):
                continue
            if i - 1 in before and self._is_at_an_edge(i - 1, j):
                self.gone |= {*range(i - 1, j)}
                return channels
            if j in behind and self._is_at_an_edge(i, behind[j]):
                self.gone |= {*range(i, behind[j])}
                return channels
        return None

    def _is_at_an_edge(self, i: int, j: int) -> bool:
        return i == 0 or j == self.size or i - 1 in self.gone or j in self.gone

    def left(self) -> str:
        """What was not read, as it was typed."""
        runs: list[list[int]] = []
        for at in (at for at in range(self.size) if at not in self.gone):
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        said = " ".join(self.sheet.said(run[0], run[-1] + 1).strip() for run in runs)
        return said.strip(" .!?۔؟,،\"'“”‘’")


def _verb(sheet: Sheet) -> Place | None:
    """Where it is said that something is sent: anywhere in Urdu, in English as the first word."""
    polite = _tokens_of(sheet, "c_beside")
    fits = [
        (i, j)
        for (i, j), _ in phrases_at(sheet, _VERBS)
        if fold(sheet.said(i, j)) in _urdu_verbs() or set(range(i)) <= polite
    ]
    return max(fits, key=lambda place: (place[1] - place[0], place[0]), default=None)


@cache
def _urdu_verbs() -> frozenset[str]:
    forms = [under("macros")[macro] for macro in _VERBS]
    return frozenset(
        fold(phrase) for each in forms for way in ("roman", "ur") for phrase in listed(each[way])
    )


def _tokens_of(sheet: Sheet, macro: str) -> set[int]:
    return {at for place, _ in phrases_at(sheet, (macro,)) for at in range(*place)}


def _ends(sheet: Sheet, macro: str) -> dict[int, int]:
    """Where the phrases of a macro begin, and where the longest that begins there ends."""
    found: dict[int, int] = {}
    for (i, j), _ in phrases_at(sheet, (macro,)):
        found[i] = max(j, found.get(i, 0))
    return found


def _meet(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]
