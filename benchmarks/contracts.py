"""How well the hazard of contracts ranks who leaves: ``python -m benchmarks.contracts DIR``.

DIR holds dev.csv (columns tenure in months, Contract) and dev_truth.csv (Churn) of the subscribers
of a telephone company. Half of them teach, the other half is ranked by the chance of leaving in the
next month; then the other way round. The base rate ranks nobody (AUC 0.5).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from rules.contracts import Course, hazard

TERMS = {"Month-to-month": 1, "One year": 12, "Two year": 24}

Subscriber = tuple[int, int, bool]
"""The months of a term, the months that somebody has stayed, whether they left."""


def subscribers(folder: Path) -> list[Subscriber]:
    with (folder / "dev_truth.csv").open(encoding="utf-8") as file:
        left = {row["customerID"]: row["Churn"] == "Yes" for row in csv.DictReader(file)}
    with (folder / "dev.csv").open(encoding="utf-8") as file:
        return [
            (TERMS[row["Contract"]], int(row["tenure"]), left[row["customerID"]])
            for row in csv.DictReader(file)
        ]


def ranked(taught: Sequence[Subscriber], others: Sequence[Subscriber]) -> list[float]:
    """The chance that each of the others leaves in the month that was their last one known; a
    month counts as a renewal, as that is how often these can leave."""
    known = hazard([Course(term, 0, max(0, stayed - left), left) for term, stayed, left in taught])
    return [known.of(term).at(max(1, stayed)) for term, stayed, _ in others]


def auc(scores: Sequence[float], left: Sequence[bool]) -> float:
    """The chance that who left is ranked above who stayed, equals counting half."""
    order = sorted(range(len(scores)), key=lambda n: scores[n])
    ranks, at = [0.0] * len(scores), 0
    while at < len(order):
        end = at
        while end < len(order) and scores[order[end]] == scores[order[at]]:
            end += 1
        for n in order[at:end]:
            ranks[n] = (at + end + 1) / 2
        at = end
    gone = sum(left)
    total = sum(rank for rank, lost in zip(ranks, left, strict=True) if lost)
    return (total - gone * (gone + 1) / 2) / (gone * (len(left) - gone))


def measured(there: Sequence[Subscriber]) -> tuple[float, float, float]:
    """The AUC of the hazard, of the length of the term alone, and of the base rate."""
    halves = there[::2], there[1::2]
    scores: list[float] = []
    left: list[bool] = []
    terms: list[float] = []
    for taught, others in (halves, halves[::-1]):
        scores += ranked(taught, others)
        left += [lost for _, _, lost in others]
        terms += [-float(term) for term, _, _ in others]
    return auc(scores, left), auc(terms, left), auc([0.0] * len(left), left)


def main() -> None:
    there = subscribers(Path(sys.argv[1]))
    of_hazard, of_term, base = measured(there)
    print(f"{len(there)} subscribers, {sum(lost for *_, lost in there)} left")
    print(
        f"AUC of the hazard {of_hazard:.3f}, of the term alone {of_term:.3f}, base rate {base:.3f}"
    )


if __name__ == "__main__":
    main()
