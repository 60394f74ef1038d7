"""What it costs to read an Urdu word as a Roman one: حسنین, ``hasnain``, ``hussnen``.

Each letter is written in one of some ways, and a short vowel may stand after it, which Urdu
leaves out. Costs are negative logarithms of how often people write it so (in tenths), fitted to
the human romanisations in Google's Dakshina dataset (CC BY-SA 4.0); they stand in ``across.toml``.
"""

from __future__ import annotations

import math
import tomllib
from functools import lru_cache
from importlib.resources import files

Costs = dict[str, float]

LONGEST = 24
"""Letters of a word that are looked at; the work grows with their square."""

_RARE = {"": 4.5}
_STRANGE = 7.0
"""A letter in a way that nobody was seen to write it."""

_HOPELESS = 2.6
"""A letter, on the whole: what costs more is not the same name, and is not worked out."""

_VOWELS = frozenset("اویےع")


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, Costs], dict[str, Costs]]:
    table = tomllib.loads(files("rules").joinpath("across.toml").read_text("utf-8"))
    letters, vowels = (
        {each: _costs(line) for each, line in table[name].items()} for name in ("letters", "vowels")
    )
    return letters, vowels


def _costs(line: str) -> Costs:
    said = line.split()
    ways = zip(said[::2], said[1::2], strict=True)
    return {way.strip("-"): int(cost) / 10 for way, cost in ways}


@lru_cache(maxsize=20_000)
def _steps(urdu: str) -> tuple[tuple[Costs, Costs], ...]:
    """For each letter the ways to write it, and the vowels that may follow."""
    letters, vowels = _tables()
    last = len(urdu) - 1
    steps = []
    for at, letter in enumerate(urdu):
        place = "^" if at == 0 else "$" if at == last else ""
        ways = letters.get(letter + place) or letters.get(letter) or _RARE
        after = "end" if at == last else _between(letter, urdu[at + 1])
        steps.append((ways, vowels[after]))
    return tuple(steps)


def _between(letter: str, following: str) -> str:
    return ("v" if letter in _VOWELS else "c") + ("v" if following in _VOWELS else "c")


@lru_cache(maxsize=20_000)
def cost(urdu: str, roman: str) -> float:
    """The cost of the likeliest way, a letter of the Roman word; infinite where it is hopeless."""
    urdu, roman = urdu[:LONGEST], roman[:LONGEST]
    if not urdu or not roman:
        return math.inf
    best, dear = {0: 0.0}, _HOPELESS * len(roman)
    for ways, vowels in _steps(urdu):
        best = _on(_on(best, roman, ways, 3, dear), roman, vowels, 2, dear)
        if not best:
            return math.inf
    return best.get(len(roman), math.inf) / len(roman)


def _on(
    best: dict[int, float], roman: str, ways: Costs, most: int, dear: float
) -> dict[int, float]:
    """From the cheapest way to each place in the Roman word to those one step further on; without
    what is as ``dear`` as nobody writes."""
    reached: dict[int, float] = {}
    for at, spent in best.items():
        for end in range(at, min(at + most, len(roman)) + 1):
            step = ways.get(roman[at:end])
            if step is None:
                if end - at != 1:
                    continue
                step = _STRANGE
            if spent + step < reached.get(end, dear):
                reached[end] = spent + step
    return reached
