"""Names that many have, in either script: how many, and which spellings are of one name."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _listed() -> dict[str, tuple[int, float]]:
    """For each spelling the line that it stands in, and the share of people."""
    text = files("rules").joinpath("duplicates", "names.txt").read_text("utf-8")
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return {
        word: (number, int(many) / 1000)
        for number, (many, *spellings) in enumerate(lines)
        for word in spellings
    }


def share(word: str) -> float:
    """The share of all people who are called so (0 to 1), roughly; 0 where it is not known."""
    known = _listed().get(word)
    return known[1] if known else 0.0


def one_name(ours: str, theirs: str) -> bool | None:
    """Whether two spellings are of one name; None where the list does not have both."""
    known = _listed()
    one, other = known.get(ours), known.get(theirs)
    return one[0] == other[0] if one and other else None
