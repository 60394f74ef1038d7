"""What is asked for when somebody is looked for: made-up names, misspelt in every usual way."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.crowd import SPELLINGS


def slipped(word: str, dice: Random) -> str:
    """A letter left out, put in, changed, or swapped with the next."""
    at, other = dice.randrange(len(word)), dice.choice("abcdefghijklmnopqrstuvwxyz")
    return dice.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at:],
            word[:at] + other + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        ]
    )


SPELT = {word: group for group in SPELLINGS for word in group}
HEARD = [
    ("ph", "f"), ("ee", "i"), ("oo", "u"), ("kh", "k"), ("sh", "s"), ("th", "t"), ("z", "s"),
    ("v", "w"), ("aa", "a"), ("ai", "ay"), ("q", "k"), ("ck", "k"), ("i", "ee"), ("u", "oo"),
]  # fmt: skip
"""How the same sound is written otherwise."""

Words = list[str]
Change = Callable[[Words, Random], Words | None]
"""A name as somebody asks for it; None where it cannot be asked for so."""


def _as_it_is(words: Words, _dice: Random) -> Words:
    return words


def _swapped(words: Words, _dice: Random) -> Words:
    return words[::-1]


def _given(words: Words, _dice: Random) -> Words:
    return words[:1]


def _with_slips(count: int) -> Callable[[Words, Random], Words]:
    def change(words: Words, dice: Random) -> Words:
        for _ in range(count):
            at = dice.randrange(len(words))
            words[at] = slipped(words[at], dice) or words[at]
        return words

    return change


def _letters_swapped(words: Words, dice: Random) -> Words:
    at = max(range(len(words)), key=lambda i: len(words[i]))
    i = dice.randrange(len(words[at]) - 1)
    word = words[at]
    words[at] = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return words


def _swapped_and_slipped(words: Words, dice: Random) -> Words:
    return _with_slips(1)(words, dice)[::-1]


def _as_heard(words: Words, dice: Random) -> Words | None:
    ways = [(i, ways) for i, word in enumerate(words) for ways in HEARD if ways[0] in word]
    if not ways:
        return None
    at, (old, new) = dice.choice(ways)
    words[at] = words[at].replace(old, new, 1)
    return words


def _otherwise_spelt(urdu: bool) -> Change:
    def change(words: Words, dice: Random) -> Words | None:
        known = [i for i, word in enumerate(words) if word in SPELT]
        group = SPELT[words[known[0]]] if known else []
        others = [word for word in group if word not in words]
        others = [word for word in others if word.isascii() != urdu]
        if not others:
            return None
        words[known[0]] = dice.choice(others)
        return words

    return change


def _given_slipped(words: Words, dice: Random) -> Words:
    return [slipped(words[0], dice) or words[0]]


KINDS: dict[str, Change] = {
    "exact": _as_it_is,
    "one slip": _with_slips(1),
    "two slips": _with_slips(2),
    "letters swapped": _letters_swapped,
    "words swapped": _swapped,
    "swapped, one slip": _swapped_and_slipped,
    "as one hears it": _as_heard,
    "other spelling": _otherwise_spelt(urdu=False),
    "other script": _otherwise_spelt(urdu=True),
    "no surname": _given,
    "no surname, a slip": _given_slipped,
    "surname begun": lambda words, _: [words[0], words[-1][:4]],
    "initial, surname": lambda words, _: [words[0][0], words[-1]],
}
"""Ways in which a name is asked for."""

Query = tuple[str, str, Callable[[str], bool]]


def asked(names: list[str], count: int, dice: Random) -> list[Query]:
    """So many queries, of all kinds in turn, each with its kind and which names would be right."""
    made: list[Query] = []
    kinds = list(KINDS)
    while len(made) < count:
        kind, name = kinds[len(made) % len(kinds)], dice.choice(names)
        words = KINDS[kind](name.split(), dice)
        if words and " ".join(words).strip():
            given = name.split()[0]
            made.append((" ".join(words), kind, _right(kind, name, given)))
    return made


def _right(kind: str, name: str, given: str) -> Callable[[str], bool]:
    if kind.startswith("no surname"):
        return lambda found: given in found.split()
    return lambda found: found == name
