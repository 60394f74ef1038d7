"""Urdu names by their Roman spellings, from the product's own index and ranker.

    python benchmarks/names.py search NAMES.csv QUERIES.txt   the first five of each query
    python benchmarks/names.py pairs PAIRS.csv                how alike each pair is, 0.5: the same

NAMES.csv has a column ``urdu``, PAIRS.csv ``urdu`` and ``roman``; QUERIES.txt a query a line.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.crowd import people
from language.folding import fold
from rules.likeness import names_alike
from rules.name_keys import words_of
from storage.search import find

BEST = 5


def search(names: str, queries: str) -> None:
    with Path(names).open(encoding="utf-8", newline="") as file:
        written = list(dict.fromkeys(row["urdu"] for row in csv.DictReader(file)))
    asked = Path(queries).read_text("utf-8").splitlines()
    told = csv.writer(sys.stdout)
    told.writerow(["query", "rank", "urdu"])
    with (
        tempfile.TemporaryDirectory() as folder,
        people(Path(folder), enumerate(written)) as session,
    ):
        for query in filter(None, map(str.strip, asked)):
            hits = find(session, "contact", 1, fold(query), limit=BEST)
            told.writerows([query, rank, written[hit.id]] for rank, hit in enumerate(hits, 1))


def pairs(path: str) -> None:
    told = csv.writer(sys.stdout)
    told.writerow(["urdu", "roman", "score"])
    with Path(path).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said, known = (words_of(fold(row[name])) for name in ("roman", "urdu"))
            told.writerow([row["urdu"], row["roman"], f"{names_alike(said, known):.4f}"])


COMMANDS: dict[str, tuple[int, Callable[..., None]]] = {"search": (2, search), "pairs": (1, pairs)}


def main() -> None:
    if len(sys.argv) == 1:  # as `make bench` runs it: there is nothing to read
        print(__doc__)
        return
    count, command = COMMANDS.get(sys.argv[1], (0, None))
    if command is None or len(sys.argv) != 2 + count:
        sys.exit(__doc__)
    command(*sys.argv[2:])


if __name__ == "__main__":
    main()
