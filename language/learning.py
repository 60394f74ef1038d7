"""From labelled messages to the weights of `guessing`: `make train`.

The same messages and words files always give the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path
from random import Random
from typing import Any

from language.clauses import Clause, joined, split
from language.features import features
from language.guessing import MORE, NONE, SCALE, SEVERAL, ZERO, Weights, packed
from language.recognising import recognise
from language.setting import Setting
from language.sheet import lay_out
from language.spotting import Scene, spot

LEAST_SEEN = 3  # times that a feature must have been seen to have a weight
ROUNDS = 12
_FIRST_ROUNDS = 4  # until messages of several clauses are looked at
_STEP, _SHRINK = 0.25, 0.02
_DROPPED = 0.4  # share of features that are left out of each look, as if the words were unknown
_SLIGHT = 0.004  # an error too small to learn from
_FAINT = 1e-6  # the least share of a class, where logarithms are taken

Example = tuple[list[str], str]
"""What is seen of a clause, and what it was."""


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message: its clauses, and the intents of its actions in the order said."""

    scene: Scene
    clauses: list[Clause]
    intents: list[str]


def messages(rows: Iterable[dict[str, Any]]) -> list[Message]:
    """The messages of labelled rows that have clauses at all."""
    found = [_message(row) for row in rows]
    return [one for one in found if one.clauses]


def _message(row: dict[str, Any]) -> Message:
    setting = Setting()
    scene = spot(recognise(lay_out(row["text"]), setting.known), setting)
    return Message(scene, split(scene), [action["intent"] for action in row["actions"]])


def _plain(one: Message) -> Iterator[Example]:
    """What is sure: messages as wholes, and clauses where it is plain which is which."""
    scene, clauses, intents = one.scene, one.clauses, one.intents
    if len(clauses) > 1:
        kind = intents[0] if len(intents) == 1 else SEVERAL
        yield features(scene, joined(clauses), "", whole=True), kind
    if intents == [NONE]:
        intents = intents * len(clauses)
    if len(clauses) == len(intents):
        before = ["", *(intent for intent in intents if intent != NONE)]
        for clause, intent, told in zip(clauses, intents, before, strict=False):
            yield features(scene, clause, told), intent


def _aligned(one: Message, weights: Weights) -> Iterator[Example]:
    """The clauses of a message that has fewer actions: each begins the next action or tells more
    of the last one, whichever is likeliest for all together so far as it is known by now."""
    clauses, intents = one.clauses, one.intents
    if len(clauses) <= len(intents) or intents == [NONE]:
        return
    paths: dict[int, tuple[float, list[Example]]] = {0: (0.0, [])}
    for clause in clauses:
        longer: dict[int, tuple[float, list[Example]]] = {}
        for told, (likely, path) in paths.items():
            seen = features(one.scene, clause, intents[told - 1] if told else "")
            shares = dict(zip(weights.classes, weights.shares(seen), strict=True))
            for kind, after in ((MORE, told), *((each, told + 1) for each in intents[told:][:1])):
                score = likely + log(max(shares.get(kind, _FAINT), _FAINT))
                if after not in longer or score > longer[after][0]:
                    longer[after] = score, [*path, (seen, kind)]
        paths = longer
    yield from paths[len(intents)][1]


def fit(examples: list[Example], rounds: int = ROUNDS) -> Weights:
    """Weights that make the examples likely: AdaGrad with shrinking, some features left out."""
    counts = Counter(name for seen, _ in examples for name in seen)
    names = sorted(name for name, count in counts.items() if count >= LEAST_SEEN)
    classes = sorted({kind for _, kind in examples})
    place = {name: at for at, name in enumerate(names)}
    rows = [
        ([place[name] for name in seen if name in place], classes.index(kind))
        for seen, kind in examples
    ]
    weights = [[0.0] * len(classes) for _ in names]
    moved = [[_FAINT] * len(classes) for _ in names]
    chance = Random(7)
    for _ in range(rounds):
        chance.shuffle(rows)
        for known, kind in rows:
            seen = [at for at in known if chance.random() >= _DROPPED]
            if seen:
                _learn([weights[at] for at in seen], [moved[at] for at in seen], kind)
    return Weights(
        tuple(classes), {name: _kept(row) for name, row in zip(names, weights, strict=True)}
    )


def _learn(weights: list[list[float]], moved: list[list[float]], kind: int) -> None:
    """Move the weights of what was seen a step towards the class that it was."""
    scores = [sum(column) for column in zip(*weights, strict=True)]
    most = max(scores)
    raised = [exp(score - most) for score in scores]
    whole = sum(raised)
    errors = [(at, one / whole - (at == kind)) for at, one in enumerate(raised)]
    errors = [(at, error) for at, error in errors if abs(error) > _SLIGHT]
    for row, sums in zip(weights, moved, strict=True):
        for at, error in errors:
            slope = error + _SHRINK * row[at]
            sums[at] += slope * slope
            row[at] -= _STEP * slope / sqrt(sums[at])


def _kept(row: list[float]) -> int:
    return packed(bytes(max(0, min(255, round(weight * SCALE) + ZERO)) for weight in row))


def learned(rows: Iterable[dict[str, Any]]) -> Weights:
    """The weights that labelled rows teach; what clauses are in a message of several is guessed
    with what was learned from the plain ones, twice."""
    told = messages(rows)
    plain = [example for one in told for example in _plain(one)]
    weights = fit(plain, _FIRST_ROUNDS)
    for rounds in (_FIRST_ROUNDS, ROUNDS):
        weights = fit(plain + [each for one in told for each in _aligned(one, weights)], rounds)
    return weights


def written(weights: Weights) -> str:
    """The weights as text: see `guessing.weights_of`."""
    size = 2 * len(weights.classes)
    lines = [
        f"{name}\t{row.to_bytes(size, 'little')[::2].hex()}" for name, row in weights.of.items()
    ]
    return "\n".join([" ".join(weights.classes), *lines])


def main(kept: str, *files: str) -> None:
    """Learn from files of labelled messages and keep the weights in another."""
    lines = [line for file in files for line in Path(file).read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines if line.strip()]
    Path(kept).write_text(written(learned(rows)), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
