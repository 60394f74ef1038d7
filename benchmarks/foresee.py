"""What foreseeing costs, and how right it is.

    python benchmarks/foresee.py [CUSTOMERS]
    python benchmarks/foresee.py ORDERS.csv TRUTH.csv UNTIL WEEKS

The first makes customers up, and prints the processor time of fitting and foreseeing them all, the
most memory, and the time of one customer after an order. The second scores `rabta foresee` on
orders (id,date,value) against what came (id,bought[,spent]), beside the plain rule that who has
been silent for 90 days is lost.
"""

from __future__ import annotations

import csv
import resource
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.foresee import read_orders  # noqa: E402
from rules.foresight.customers import outlook  # noqa: E402
from rules.foresight.histories import histories  # noqa: E402
from rules.foresight.several import learned  # noqa: E402

CUSTOMERS = 100_000
WEEKS = 39
YEAR = 365


def made_up(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Orders of a year: whose, and on which day."""
    dice = np.random.default_rng(7)
    rates, ends = dice.gamma(0.8, 1 / 60, count), dice.exponential(200, count)
    day = dice.integers(0, 120, count).astype(float)
    ends = np.minimum(day + ends, YEAR)
    whose, when = [], []
    active = np.arange(count)
    while len(active):
        whose.append(active)
        when.append(day[active].astype(np.int64))
        day[active] += dice.exponential(1 / np.maximum(rates[active], 1e-6))
        active = active[day[active] < ends[active]]
    return np.concatenate(whose), np.concatenate(when)


def cost(count: int) -> None:
    whose, when = made_up(count)
    begun = time.process_time()
    several = learned(whose, when, YEAR, WEEKS)
    learnt = time.process_time()
    past = histories(whose, when, YEAR)
    tables = several.tables(past, WEEKS)
    several.foresee(past, tables)
    done = time.process_time()
    one, tries = past.some(slice(3, 4)), 300
    for _ in range(tries):
        several.foresee(one, tables)
    each = (time.process_time() - done) / tries
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} customers, {len(when):,} orders: learned in {learnt - begun:.1f} s and "
          f"foreseen in {done - learnt:.1f} s of processor time, {most:.0f} MB")  # fmt: skip
    print(f"  one customer after an order: {each * 1e3:.2f} ms")


def auc(came: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """How often who came is scored above who did not; ties count half."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    right = int(came.sum())
    return float((ranks[came].sum() - right * (right + 1) / 2) / (right * (len(came) - right)))


def quality(orders: Path, truth: Path, until: date, weeks: int) -> None:
    names, known = read_orders(orders)
    told = outlook(known, until.toordinal(), weeks)
    with truth.open(encoding="utf-8") as file:
        came = {row["id"]: row for row in csv.DictReader(file)}
    bought = np.array([float(came[names[who]]["bought"]) for who in told.who])
    again = bought > 0
    past = histories(known.customers, known.days, until.toordinal())
    plain = past.silence > 90 / 7
    print(
        f"AUC {auc(again, told.buys):.4f}, that of 90 days {auc(again, -plain.astype(float)):.4f}"
    )
    print(f"orders: RMSE {np.sqrt(((told.orders - bought) ** 2).mean()):.3f}, "
          f"bias {told.orders.sum() / bought.sum() - 1:+.3f}")  # fmt: skip
    for name, flag in (("at risk", told.at_risk), ("90 days", plain)):
        both = (flag[~again].mean() + (~flag)[again].mean()) / 2
        print(f"{name}: balanced accuracy {both:.3f}, {flag.mean():.0%} flagged")
    if "spent" in next(iter(came.values())):
        spent = sum(float(came[names[who]]["spent"]) for who in told.who)
        print(f"spend: bias {told.spend.sum() / spent - 1:+.3f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [orders, truth, until, weeks]:
            quality(Path(orders), Path(truth), date.fromisoformat(until), int(weeks))
        case counts:
            cost(int(counts[0]) if counts else CUSTOMERS)
