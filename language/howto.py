"""Whether it is asked how something is done here: "how do I delete a customer", "deal kaise
likhoon".

Told by the templates of `words/howto.toml`, only where the whole message asks so.
"""

from __future__ import annotations

from functools import lru_cache

from language.folding import fold
from language.sheet import Sheet
from language.templates import likely
from language.tokens import tokenise
from language.whole import told
from language.wordfiles import listed, under


def read_howto(sheet: Sheet, *, surely: bool) -> tuple[str, ...]:
    """The words that say what is to be done, folded; none where that is not asked. ``surely``:
    something is done with records here, and nothing else can be meant."""
    heading = "howto_sure" if surely else "howto"
    if not likely(sheet, heading) or not any(True for _ in told(sheet, heading)):
        return ()
    return telling(_without_asking(sheet.text.casefold()))


def _without_asking(said: str) -> str:
    """Without "how do I" and its like."""
    for phrase in _asking():
        said = f" {said} ".replace(phrase, " ")
    return said


@lru_cache(maxsize=1)
def _asking() -> tuple[str, ...]:
    phrases = {
        f" {each} "
        for macro in ("ht_how", "ht_ask")
        for words in under("macros")[macro].values()
        for each in listed(words)
    }
    return tuple(sorted(phrases, key=len, reverse=True))


def telling(text: str) -> tuple[str, ...]:
    """The words of a text that tell what it is about, each once, one and many alike."""
    keys = (token.key for token in tokenise(text) if token.kind == "word")
    return tuple(dict.fromkeys(_bare(key) for key in keys if key not in _small()))


def _bare(key: str) -> str:
    return key.removesuffix("s") if len(key) > 3 else key


@lru_cache(maxsize=1)
def _small() -> frozenset[str]:
    said = under("macros")["ht_small"].values()
    return frozenset(fold(word) for words in said for word in listed(words))
