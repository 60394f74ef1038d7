"""Which language a text is in."""

from __future__ import annotations

from functools import lru_cache

from language.lexicon import lexicon
from language.tokens import Token, tokenise
from language.tongues import Script, script_of, scripts, tongues
from language.variants import common_form


@lru_cache(maxsize=64)
def _telling(tongue: str) -> frozenset[str]:
    """Words that only this language has, not the usual one of its script: no word that it borrows
    ("posting ho gayi") tells it."""
    theirs = lexicon(scripts()[tongues()[tongue].script].usual)
    names = {phrase[0] for phrase in theirs.table.senses if len(phrase) == 1}
    return frozenset(
        form
        for word in lexicon(tongue).words
        if word not in theirs.everyday
        for form in (word, common_form(word, tongue))
        if form.isalpha() and len(form) > 1 and form not in theirs.words and form not in names
        if form not in theirs.everyday
    )


def tongue_of_tokens(tokens: tuple[Token, ...]) -> str | None:
    """The language of words: that of the rarer script if it has half as many words as the first
    one, then the one that most words tell of, else the usual one.

    A capital within the text is taken for a name, which is of no language.
    """
    words = [token for token in tokens if token.kind == "word"]
    shouted = all(token.text.isupper() for token in words)
    keys = [token.key for at, token in enumerate(words) if shouted or not (at and token.capital)]
    written: dict[str, list[str]] = {}
    for key in keys:
        if script := script_of(key[0]):
            written.setdefault(script, []).append(key)
    first, *others = scripts().values()
    plain = written.get(first.name, [])
    other = max(others, key=lambda script: len(written.get(script.name, [])), default=None)
    count = len(written.get(other.name, [])) if other else 0
    if other and count and count >= len(plain) / 2:
        return _told(other, written[other.name]) or other.usual
    told = _told(first, plain)
    if told or (other and count):
        return told or (other.usual if other else None)
    usual = lexicon(first.usual).words
    return first.usual if any(key in usual for key in plain) else None


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
