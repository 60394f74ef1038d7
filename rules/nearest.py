"""Of many words or names those that are like one that was said, without a close look at each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from rules.likeness import also_called, names_alike, words_alike
from rules.sounds import is_urdu, latin

POOR, FAR = 0.5, 0.1
"""Words less alike than this are not looked for: in one script, and across scripts, where spelling
is free."""

COMPARED, HEARD = 40, 40
"""Words that are compared closely: of those of about the same letters, and of those of the other
script that are written about as one hears them."""

CLOSELY = 24
"""Names that are compared closely."""

_HARDLY_ALIKE = 0.35

_SLACK = 0.3
"""How much less alike than the best one another near word may be."""

Scored = dict[str, float]
"""Words by how likely each is meant, the likeliest first."""


def nearest(said: str, words: Iterable[str]) -> Scored:
    """Those of these words that may be meant by the one that was said."""
    likely = {word: words_alike(said, word) for word in _worth_a_look(said, set(words))}
    best = sorted(likely.items(), key=lambda each: (-each[1], each[0]))
    least = max(POOR, best[0][1] - _SLACK) if best else 0
    urdu = is_urdu(said)
    return {
        word: score
        for word, score in best
        if score >= least or (score >= FAR and is_urdu(word) != urdu)
    }


def _worth_a_look(said: str, words: set[str]) -> set[str]:
    """Words of about the same letters; and, however they are spelt, those of the other script,
    initials, and nicknames."""
    if len(said) == 1:
        return {word for word in words if word[0] == said}
    urdu = is_urdu(said)
    across = {word: latin(word) for word in words if is_urdu(word) != urdu}
    alike = process.extract(
        said, sorted(words.difference(across)), scorer=OSA.normalized_similarity,
        score_cutoff=_HARDLY_ALIKE, limit=COMPARED,
    )  # fmt: skip
    heard = process.extract(
        latin(said), dict(sorted(across.items())), scorer=Indel.normalized_similarity, limit=HEARD
    )
    found = {word for word, _, _ in alike} | {word for _, _, word in heard}
    found.update(each for each in (said[0], *also_called(said)) if each in words)
    return found


def likeliest(
    said: Sequence[str], near: Sequence[Mapping[str, float]], names: Iterable[Sequence[str]]
) -> dict[tuple[str, ...], float]:
    """How alike each name (a tuple of words) is to the words that were said, given the words that
    are near each of these; the best are compared closely."""
    known = dict(zip(said, near, strict=True))

    def about(ours: str, theirs: str) -> float:
        score = known[ours].get(theirs)
        if score is None:
            return words_alike(ours, theirs) if theirs.startswith(ours) else 0.0
        return score

    promising, beginnings = set().union(*near), tuple(said)
    scores = {
        name: names_alike(said, name, about)
        if not promising.isdisjoint(name) or any(word.startswith(beginnings) for word in name)
        else 0.0
        for name in dict.fromkeys(map(tuple, names))
    }
    for name in sorted(scores, key=lambda each: (-scores[each], each))[:CLOSELY]:
        scores[name] = names_alike(said, name)
    return scores
