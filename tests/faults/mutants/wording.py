"""Which tests speak of what a line speaks of: they are asked about it before others."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from functools import cached_property
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]{3,}")


class Wording:
    """The words of each test, by its id without parameters. A word that few have tells more."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def likeness(self, lines: str, test: str) -> float:
        """How much a test speaks of the same things as these lines."""
        shared = words_of(lines) & self._words.get(test.partition("[")[0], frozenset())
        return sum(math.log(len(self._words) / self._having[word]) for word in shared)

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        found = {}
        for path in sorted((self.root / "tests").rglob("test_*.py")):
            source = path.read_text("utf-8")
            for node in ast.parse(source).body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    name = f"{path.relative_to(self.root).as_posix()}::{node.name}"
                    said = "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])
                    found[name] = words_of(f"{name}\n{said}")
        return found

    @cached_property
    def _having(self) -> Counter[str]:
        return Counter(word for words in self._words.values() for word in words)


def words_of(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))
