"""What a stretch of a message looks like to one who counts: its senses, its words, its place."""

from __future__ import annotations

from itertools import combinations, pairwise

from language.clauses import Clause
from language.spotting import Scene
from language.variants import common_form

_MOST_SENSES, _MOST_WORDS = 14, 20  # of a long clause only so many are looked at
_SIZES = (1, 2, 4, 7, 11, 16)  # words
_START = 4  # letters of a word that may tell of its other forms
_LATER = {"context"}  # what a clause shows only because of what stands before it


def features(scene: Scene, clause: Clause, before: str, whole: bool = False) -> list[str]:
    """Names of what is seen of a clause, each once, fewer than 250 of them.

    `before` is the intent of the action told before it, empty where there is none; `whole`
    says that the clause is a whole message of several.
    """
    senses = sorted(clause.shows - _LATER)[:_MOST_SENSES]
    words = _words(scene, clause)
    size = sum(len(words) > size for size in _SIZES)
    seen = ["any", f"size {size}", f"after {before}", f"hard {clause.hard}", f"whole {whole}"]
    seen += [f"in {scene.sheet.tongue}", f"begins {words[0]}", f"ends {words[-1]}"]
    seen += [f"shows {sense}" for sense in senses]
    seen += [f"opens {sense}" for sense in sorted(clause.opens)[:_MOST_SENSES]]
    seen += [f"both {one} {other}" for one, other in combinations(senses, 2)]
    if before:
        seen += [f"after {before} {sense}" for sense in senses]
    seen += [f"word {word}" for word in words]
    seen += [f"words {one} {other}" for one, other in pairwise(words)]
    seen += [f"starts {word[:_START]}" for word in words if word[0] != "<"]
    return list(dict.fromkeys(seen))


def _words(scene: Scene, clause: Clause) -> list[str]:
    """The words of a clause in their common forms; of a value only its kind."""
    sheet = scene.sheet
    found: list[str] = []
    at = clause.i
    while at < clause.j and len(found) < _MOST_WORDS:
        item, token = scene.inside(at), sheet.tokens[at]
        if item is not None:
            found.append(f"<{item.kind}>")
        elif token.kind == "word":
            found.append(common_form(token.key, sheet.tongue or ""))
        at = at + 1 if item is None else max(at + 1, item.j)
    return found or ["<nothing>"]
