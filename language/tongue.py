"""Which language a text is in."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from language.folding import fold
from language.lexicon import lexicon, namelike
from language.tokens import Token, tokenise
from language.tongues import Script, script_of, scripts, tongues
from language.variants import common_form
from language.wordfiles import listed, under


@lru_cache(maxsize=64)
def _telling(tongue: str) -> frozenset[str]:
    """Words that only this language has, not the usual one of its script: no word that it borrows
    ("posting ho gayi") tells it."""
    theirs = lexicon(scripts()[tongues()[tongue].script].usual)
    names = {phrase[0] for phrase in theirs.table.senses if len(phrase) == 1}
    return frozenset(
        form
        for word in lexicon(tongue).words | (_of_macros(tongue) - _of_macros(theirs.tongue))
        if word not in theirs.everyday
        for form in (word, common_form(word, tongue))
        if form.isalpha() and len(form) > 1 and form not in theirs.words and form not in names
        if form not in theirs.everyday
    )


@lru_cache(maxsize=16)
def _of_macros(tongue: str) -> frozenset[str]:
    """Words of the phrases that templates share: "rok do", "nikal do"."""
    said = (each.get(tongue, "") for each in under("macros").values())
    return frozenset(
        fold(word) for words in said for each in listed(words) for word in each.split()
    )


def tongue_of_tokens(tokens: tuple[Token, ...]) -> str | None:
    """The language of words: that of the rarer script if it has half as many words as the first
    one, then the one that most words tell of, else the usual one.

    A capital within the text is taken for a name, which is of no language, and so are what a
    company is called ("doodh dairy") and a name in another script ("call سارہ tomorrow"), unless
    nothing else is said.
    """
    words = [token for token in tokens if token.kind == "word"]
    shouted = all(token.text.isupper() for token in words)
    keys = [token.key for at, token in enumerate(words) if shouted or not (at and token.capital)]
    return _tongue(_without_companies(keys)) or _tongue(keys)


def _tongue(keys: list[str]) -> str | None:
    written: dict[str, list[str]] = {}
    for key in keys:
        if script := script_of(key[0]):
            written.setdefault(script, []).append(key)
    first, *others = scripts().values()
    plain = written.get(first.name, [])
    other = max(others, key=lambda script: len(written.get(script.name, [])), default=None)
    count = len(written.get(other.name, [])) if other else 0
    usual = lexicon(first.usual).words
    told = _told(first, plain)
    speaks = told or any(key in usual for key in plain)
    if other and count and speaks and all(_is_name(key, other) for key in written[other.name]):
        return told or first.usual
    if other and count and count >= len(plain) / 2:
        return _told(other, written[other.name]) or other.usual
    if told or (other and count):
        return told or (other.usual if other else None)
    return first.usual if speaks else None


def _is_name(key: str, script: Script) -> bool:
    """Whether a word of that script is a name, or one that its language does not know."""
    theirs = lexicon(script.usual)
    senses = _senses(key, script.usual)
    if any(map(namelike, senses)) or _ENDS in senses:
        return True
    form = common_form(key, script.usual)
    return not {key, form} & (theirs.words | theirs.everyday) and not senses


_ENDS = "org_end"
"""How companies end: traders, dairy, ٹریڈرز."""


def _senses(key: str, tongue: str) -> Collection[str]:
    return lexicon(tongue).table.senses.get((common_form(key, tongue),), ())


def _without_companies(keys: list[str]) -> list[str]:
    """Without the word that ends the name of a company, and the one before it."""
    usual = next(iter(scripts().values())).usual
    ends = {at for at, key in enumerate(keys) if at and _ENDS in _senses(key, usual)}
    return [key for at, key in enumerate(keys) if not {at, at + 1} & ends]


# So many times as many words of the usual language outweigh those of another one.
_OUTWEIGHS = 2


def _told(script: Script, keys: list[str]) -> str | None:
    """The language of this script that has words of its own here, the most of them, unless far
    more are words of the usual one alone."""
    if not keys:
        return None
    usual = lexicon(script.usual).words
    unusual = [key for key in keys if key not in usual]
    counts = {
        name: sum(not _telling(name).isdisjoint((key, common_form(key, name))) for key in unusual)
        for name, tongue in tongues().items()
        if tongue.script == script.name and name != script.usual
    }
    best = max(counts, key=lambda name: counts[name], default=None)
    if best is None or not counts[best]:
        return None
    theirs = sum(key in usual and key not in lexicon(best).words for key in keys)
    return best if theirs <= _OUTWEIGHS * counts[best] else None


def tongue_of(text: str) -> str | None:
    """The language of a text; None where it cannot be told (digits, emoji, names only)."""
    return tongue_of_tokens(tokenise(text))
