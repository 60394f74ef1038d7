"""Texts that nobody types, to see that each is read, and soon: as many as are asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from random import Random

from language.lexicon import lexicon
from language.tongues import tongues

LONGEST = 4096
HERE = Path(__file__).parent

# Said again and again, alone or in any order.
PIECES = (
    "1 ", "1 1 1 ", "5 ", "50 ", "500 ", "1-", "1/", "1:", "1.", "1,", "12:30 ", "15h30 ", "kal ",
    "lakh ", "5 lakh ", "hazar ", "dedh ", "sawa ", "sarhe ", "paune ", "half past ",
    "quarter to ", "first monday of ", "monday ", "next friday ", "every day ", "har ", "1 day ",
    "an hour before ", "2 days before ", "30 feb ", "31 ", "the ", "a ", "of ", "in ", "at ",
    "at 5 ", "to ", "from ", "five ", "twenty ", "head of ", "sales ", "manager ", "tag ",
    "#vip ", "#", "won ", "lost ", "call ", "call Ali ", "met ", "deal ", "ko ", "ne ", "aur ",
    "and ", "do ", "Ali ", "Ali Raza ", "ALI ", "Mills ", "Ali & ", "Nishat Mills, ", "Bank of ",
    "علی کو ", "کل ", "اور ", "پانچ لاکھ ", "۵", "۵ لاکھ ", "ا", "a", "A", "zz", "0300-1234567 ",
    "+92", "+923001234567,", "a@b.co ", "@", "@ali ", "a.b.c.d@", "https://x.y/z ", "www.", "\n",
    "\n\n- ", "\r\n", "\t", " ", "\u00a0", "(", "[{(", "<b>x</b>", '{"a": 1, ',
    "SELECT * FROM t; ", "def f(x): return x\n", "${jndi:}", ",", ", ", "? ", "! ", "...", "…",
    "-", "--", "'", "'s ", "x'", "a-", "%", "$", "Rs ", "rs. ", "\u0301", "e\u0301\u0302\u0303",
    "\u200d", "\u200c", "\u200f", "\u202e", "\u2066", "\ufeff", "👨\u200d👩\u200d👧\u200d👦",
    "👍🏽", "🇵🇰", "\ud800", "\udfff\ud800", "\x00", "ﷺ", "ﬁ", "①", "½", "ß", "İ", "stage ",
    "add stage ", "field ", "rename ", "snooze ", "remind me to ", "hi ", "thanks ",
)  # fmt: skip
_SCRIPTS = ((0x20, 0x7F), (0x600, 0x6FF), (0x900, 0x97F), (0x300, 0x36F), (0x2000, 0x206F),
            (0x4E00, 0x9FFF), (0x1F300, 0x1FAFF), (0xD800, 0xDFFF), (0, 0x10FFFF))  # fmt: skip


@lru_cache(maxsize=1)
def _cues() -> dict[str, list[str]]:
    """All phrases of the words files by their language."""
    return {name: [" ".join(p) for p in lexicon(name).table.senses] for name in tongues()}


@lru_cache(maxsize=1)
def real() -> list[str]:
    """Messages as people type them."""
    rows = (HERE / name for name in ("sentences.jsonl", "blind.jsonl"))
    return [
        json.loads(line)["text"] for row in rows for line in row.read_text("utf-8").splitlines()
    ]


def _one_piece(rng: Random) -> Iterator[str]:
    piece = rng.choice(PIECES)
    while True:
        yield piece


def _pieces(rng: Random) -> Iterator[str]:
    few = rng.sample(PIECES, rng.choice((2, 3, 5, 20, len(PIECES))))
    while True:
        yield rng.choice(few)


def _words_files(rng: Random) -> Iterator[str]:
    tongues = rng.choice([[name] for name in _cues()] + [list(_cues())])
    joint = rng.choice((" ", " ", ", ", "\n", ""))
    while True:
        yield rng.choice(_cues()[rng.choice(tongues)]) + joint


def _letters(rng: Random) -> Iterator[str]:
    first, last = rng.choice(_SCRIPTS)
    space = rng.choice((0, 0, 5, 50))
    while True:
        yield " " if rng.randrange(100) < space else chr(rng.randint(first, last))


def _digits(rng: Random) -> Iterator[str]:
    among = rng.choice(("0123456789", "0123456789 ", "0123456789 -/.:,+()", "۰۱۲۳۴۵۶۷۸۹ "))
    while True:
        yield rng.choice(among)


def _real(rng: Random) -> Iterator[str]:
    said = real() if rng.random() < 0.5 else [rng.choice(real())]
    joint = rng.choice((" ", ". ", ", ", "\n", " aur "))
    while True:
        yield rng.choice(said) + joint


def _real_words(rng: Random) -> Iterator[str]:
    words = " ".join(real()).split()
    while True:
        yield rng.choice(words) + " "


FAMILIES: tuple[Callable[[Random], Iterator[str]], ...] = (
    _one_piece, _pieces, _words_files, _letters, _digits, _real, _real_words,
)  # fmt: skip


def hostile(count: int, seed: int = 1) -> Iterator[str]:
    """So many texts, the same for a seed: every piece said over and over, then random ones."""
    rng = Random(seed)
    for number in range(count):
        if number < len(PIECES):
            yield (PIECES[number] * LONGEST)[:LONGEST]
            continue
        long = rng.choice((8, 24, 200, LONGEST, LONGEST))
        text = ""
        for piece in rng.choice(FAMILIES)(rng):
            text += piece
            if len(text) >= long:
                break
        yield text[:long]
