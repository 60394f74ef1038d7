"""Bytes as a supply of choices: one target serves atheris, Hypothesis and a stored crash."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")

DEEPEST = 40


class Grain:
    """Used up from the front; what is asked for after the end is zero and nothing."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def bytes(self, most: int) -> bytes:
        taken, self.data = self.data[:most], self.data[most:]
        return taken

    def number(self, below: int) -> int:
        size = max(1, (below - 1).bit_length() + 7 >> 3)
        return int.from_bytes(self.bytes(size), "big") % below

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.number(len(choices))]

    def text(self, pieces: Sequence[str] = ()) -> str:
        """The rest as text, halves of surrogate pairs and all; some of it from known pieces."""
        said = []
        while self.data:
            if pieces and self.number(3):
                said.append(self.pick(pieces))
            else:
                said.append(self.bytes(self.number(12) + 1).decode("utf-8", "surrogateescape"))
        return "".join(said)

    def json(self, depth: int = 0) -> Any:
        """Any JSON value."""
        kind = self.number(10) if depth < DEEPEST else self.number(7)
        match kind:
            case 0:
                return None
            case 1:
                return bool(self.number(2))
            case 2:
                return self.number(1 << 16) - (1 << 15)
            case 3:
                return self.pick(
                    (1 << 62, -1, 0, 1e308, -1.5, float("inf"), float("nan"), 1 << 100)
                )
            case 4 | 5 | 6:
                return self.bytes(self.number(20)).decode("utf-8", "surrogateescape")
            case 7:
                return [self.json(depth + 1) for _ in range(self.number(4))]
        return {self._key(): self.json(depth + 1) for _ in range(self.number(4))}

    def _key(self) -> str:
        return self.pick(("id", "type", "text", "offset", "length", "user", "value", "ts", "x"))

    def bent(self, example: Any) -> Any:
        """An example in which some things are others, doubled, or gone."""
        whole = [copy.deepcopy(example)]
        for _ in range(self.number(4) + 1):
            here, key = self._place_in(whole)
            what = self.number(4)
            if what == 0 and here is not whole:
                del here[key]
            elif what == 1 and isinstance(here, list) and here is not whole:
                here.append(here[key])
            elif what == 2 and isinstance(here[key], str):
                here[key] = here[key] + self.bytes(8).decode("utf-8", "surrogateescape")
            else:
                here[key] = self.json()
        return whole[0]

    def _place_in(self, whole: Any) -> tuple[Any, Any]:
        here, key = whole, 0
        while (
            isinstance(here[key], dict | list) and here[key] and (here is whole or self.number(4))
        ):
            here = here[key]
            key = self.pick(list(here)) if isinstance(here, dict) else self.number(len(here))
        return here, key


def as_body(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")
