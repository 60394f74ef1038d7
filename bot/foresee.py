"""``rabta foresee``: who of a list of customers will order again, and how much."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rules.foresight.customers import Orders


@click.command()
@click.option(
    "--orders",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with the columns id (of the customer) and date, and value where it is known.",
)
@click.option(
    "--until",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day that is known; later orders are not looked at.",
)
@click.option("--weeks", default=39, show_default=True, type=click.IntRange(1, 520))
def foresee(path: Path, until: datetime, weeks: int) -> None:
    """Print what each customer will probably do in the weeks after a day.

    One line of CSV each: id, the probability of an order (p_buy), the number of orders expected,
    1 where the customer is at risk (at_risk), and what they are expected to spend, in the unit of
    the file. How it is foreseen stands in docs/numbers.md.
    """
    from rules.foresight.customers import outlook

    names, orders = read_orders(path)
    told = outlook(orders, until.date().toordinal(), weeks)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("id", "p_buy", "expected", "at_risk", "expected_spend"))
    for who, buys, expected, at_risk, spend in zip(*told, strict=True):
        out.writerow((names[who], f"{buys:.6f}", f"{expected:.6f}", int(at_risk), f"{spend:.4f}"))


def read_orders(path: Path) -> tuple[list[str], Orders]:
    """The customers' ids, and their orders by number."""
    import numpy as np

    from rules.foresight.customers import Orders

    numbers: dict[str, int] = {}
    customers, days, values = [], [], []
    for who, day, value in _lines(path):
        customers.append(numbers.setdefault(who, len(numbers)))
        days.append(day.toordinal())
        values.append(value)
    return list(numbers), Orders(
        np.array(customers, np.int64), np.array(days, np.int64), np.array(values, np.float64)
    )


def _lines(path: Path) -> Iterator[tuple[str, date, float]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        heads = {(head or "").strip().lower(): head for head in reader.fieldnames or ()}
        for needed in ("id", "date"):
            if needed not in heads:
                raise click.ClickException(f"{path.name}: there is no column {needed}.")
        for row in reader:
            who = (row[heads["id"]] or "").strip()
            said = (row[heads["date"]] or "").strip()
            worth = (row[heads["value"]] or "").strip() if "value" in heads else ""
            try:
                day, value = date.fromisoformat(said[:10]), _number(worth or "0")
            except ValueError:
                raise click.ClickException(
                    f"{path.name}, line {reader.line_num}: a date looks like 2026-11-26 and a "
                    f"value like 1250.50, not {said!r} and {worth!r}."
                ) from None
            yield who, day, value


def _number(said: str) -> float:
    """A number; not "nan" or "inf", which float takes, too."""
    if not math.isfinite(number := float(said)):
        raise ValueError(said)
    return number
