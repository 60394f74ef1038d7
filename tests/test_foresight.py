"""Who will order again: the models against published figures and against customers made up."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli import main
from rules.foresight.customers import Orders, outlook
from rules.foresight.gamma import log_gamma, upper
from rules.foresight.histories import Histories, histories
from rules.foresight.rhythm import Grid, Rhythm, Silences
from rules.foresight.several import SHAPES, learned
from rules.foresight.spend import fitted

WEEKS = 39


def made_up(
    customers: int, *, shape: float = 1.0, days: int = 560, seed: int = 3
) -> tuple[np.ndarray, np.ndarray]:
    """Orders of customers who order in gamma intervals, and leave: whose, and on which day."""
    dice = np.random.default_rng(seed)
    whose: list[int] = []
    when: list[int] = []
    for who in range(customers):
        rate, leaving = dice.gamma(0.8, 1 / 60), dice.gamma(0.7, 1 / 150)
        day = float(dice.integers(0, 90))
        end = min(days, day + dice.exponential(1 / leaving))
        while day < end:
            whose.append(who)
            when.append(int(day))
            day += dice.gamma(shape, 1 / (shape * rate))
    return np.array(whose), np.array(when)


# --- the functions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "known"),
    [
        (0.5, lambda x: math.erfc(math.sqrt(x))),
        (1.0, lambda x: math.exp(-x)),
        (2.0, lambda x: (1 + x) * math.exp(-x)),
    ],
    ids=["half", "one", "two"],
)
def test_the_share_above_is_that_of_closed_forms(shape: float, known: object) -> None:
    x = np.array([0.0, 1e-8, 0.01, 0.5, 1.4, 1.6, 3.0, 10.0, 80.0, 600.0])
    told = upper(shape, x)
    assert told == pytest.approx([known(each) for each in x], rel=1e-9)  # type: ignore[operator]


def test_log_gamma_is_that_of_math() -> None:
    x = np.array([1e-3, 0.1, 0.5, 1.0, 2.0, 3.7, 9.0, 55.5, 1e4])
    assert log_gamma(x) == pytest.approx([math.lgamma(each) for each in x], rel=1e-10, abs=1e-10)


# --- published figures ----------------------------------------------------------------------------

CDNOW = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
"""The Pareto/NBD parameters of the CDNOW customers: Fader and Hardie 2005,
brucehardie.com/notes/009."""


def customer(repeats: float, last: float, age: float) -> Histories:
    one = np.ones(1)
    return Histories(one * repeats, one * last, one * age, one * 0, np.array([0]))


def published() -> Rhythm:
    orders, leaves = np.geomspace(1e-7, 12, 260), np.geomspace(1e-7, 6, 220)
    order, leave = (each.ravel() for each in np.meshgrid(orders, leaves, indexing="ij"))
    grid = Grid(order, leave, (1.0, 1.0))
    exponents = np.array([CDNOW["r"], -CDNOW["alpha"], CDNOW["s"], -CDNOW["beta"]])
    return Rhythm(1.0, grid, exponents, 0.0)


def test_a_published_customer_is_foreseen_as_published() -> None:
    """Customer 1516 of CDNOW, 26 repeats, the last 30.86 weeks after the first, 31 weeks known: in
    the next 52 weeks 25.46 orders; still active with .9979 (Dziurzynski, Wadsworth and McCarthy
    2014, BTYD)."""
    rhythm = published()
    one = customer(26.0, 30.86, 31.0)
    told = rhythm.foresee(one, rhythm.silences(1.0, 52))
    assert told.orders[0] == pytest.approx(25.46, abs=0.1)
    assert told.active[0] == pytest.approx(0.9979, abs=0.0005)


def test_a_new_customer_is_expected_to_order_as_published() -> None:
    """1.473 times in the first 52 weeks (BTYD)."""
    rhythm = published()
    new = customer(0.0, 0.0, 0.0)
    told = rhythm.foresee(new, rhythm.silences(1.0, 52))
    assert told.orders[0] == pytest.approx(1.473, abs=0.01)


# --- what was put in comes out --------------------------------------------------------------------


def test_the_rates_of_made_up_customers_are_found() -> None:
    whose, when = made_up(3000)
    rhythm = Rhythm.fitted(1.0, histories(whose, when, 365))
    weights, grid = rhythm.weights, rhythm.grid
    assert weights @ grid.order == pytest.approx(0.8 / 60 * 7, rel=0.1)
    assert 0.6 < rhythm.parameters[0] < 1.0


def test_the_true_idea_alone_foretells_without_bias() -> None:
    whose, when = made_up(3000)
    past = histories(whose, when, 274)
    rhythm = Rhythm.fitted(1.0, past)
    told = rhythm.foresee(past, rhythm.silences(60, WEEKS))
    ahead = (when > 274) & (when <= 274 + WEEKS * 7)
    came = np.bincount(whose[ahead], minlength=3000)[past.who]
    assert told.orders.sum() == pytest.approx(came.sum(), rel=0.06)
    assert told.buys.mean() == pytest.approx((came > 0).mean(), abs=0.02)


@pytest.mark.parametrize(
    ("shape", "believed"), [(0.5, SHAPES[:2]), (2.5, SHAPES[3:])], ids=["clusters", "clockwork"]
)
def test_how_regular_customers_are_is_found(shape: float, believed: tuple[float, ...]) -> None:
    whose, when = made_up(1500, shape=shape)
    several = learned(whose, when, 365, WEEKS)
    share = sum(several.whether[SHAPES.index(each)] for each in believed)
    assert share > 0.6


def test_what_is_foreseen_comes() -> None:
    whose, when = made_up(2000)
    orders = Orders(whose, when, np.full(len(when), 50.0))
    until = 365 - WEEKS * 7 // 3
    told = outlook(orders, until, WEEKS)
    ahead = (when > until) & (when <= until + WEEKS * 7)
    came = np.bincount(whose[ahead], minlength=2000)[told.who]
    assert told.orders.sum() == pytest.approx(came.sum(), rel=0.1)
    assert told.buys.mean() == pytest.approx((came > 0).mean(), abs=0.06)
    assert told.spend.sum() == pytest.approx(50 * told.orders.sum(), rel=0.02)
    flagged = told.at_risk
    right = ((came == 0) & flagged).sum() / (came == 0).sum()
    spared = ((came > 0) & ~flagged).sum() / (came > 0).sum()
    assert (right + spared) / 2 > 0.75


def test_gamma_gamma_finds_what_orders_are_worth() -> None:
    dice = np.random.default_rng(4)
    means = 15.0 * 6.25 / dice.gamma(3.74, 1, 3000)
    count = dice.integers(1, 12, 3000).astype(float)
    average = dice.gamma(6.25 * count, means / (6.25 * count))
    model = fitted(count, average)
    assert model is not None
    assert (model.p, model.q) == pytest.approx((6.25, 3.74), rel=0.12)
    few, many = model.mean(np.array([1.0, 50.0]), np.array([200.0, 200.0]))
    everybody = model.mean(np.zeros(1), np.zeros(1))[0]
    assert everybody < few < many < 200


# --- one, none, odd -------------------------------------------------------------------------------


def test_one_customer_alone_is_foreseen_as_among_the_others() -> None:
    whose, when = made_up(300)
    past = histories(whose, when, 365)
    several = learned(whose, when, 365, WEEKS)
    tables = several.tables(past, WEEKS)
    together = several.foresee(past, tables)
    alone = several.foresee(past.some(slice(17, 18)), tables)
    assert alone.buys[0] == pytest.approx(together.buys[17], rel=1e-9)
    assert alone.orders[0] == pytest.approx(together.orders[17], rel=1e-9)


def test_the_longer_the_silence_the_less_is_expected() -> None:
    whose, when = made_up(800)
    past = histories(whose, when, 365)
    several = learned(whose, when, 365, WEEKS)
    tables = several.tables(past, WEEKS)
    regular = past.some(slice(0, 1))
    said = []
    for silence in (0.0, 2.0, 6.0, 12.0, 25.0):
        one = replace(
            regular, repeats=np.array([9.0]), last=np.array([27.0]), age=np.array([27 + silence])
        )
        said.append(float(several.foresee(one, tables).buys[0]))
    assert said == sorted(said, reverse=True)
    assert said[0] > 0.9
    assert said[-1] < said[0] / 3


@pytest.mark.parametrize("days", [[], [5], [5, 5, 5], [400]], ids=["none", "one", "same", "later"])
def test_next_to_nothing_is_no_fault(days: list[int]) -> None:
    orders = Orders(
        np.zeros(len(days), np.int64), np.array(days, np.int64), np.zeros(len(days))
    )  # fmt: skip
    told = outlook(orders, 365, WEEKS)
    assert len(told.who) == (1 if days and days[0] < 365 else 0)
    assert np.isfinite(told.buys).all()
    assert np.isfinite(told.spend).all()


def test_a_table_for_the_weeks_ahead_holds_probabilities() -> None:
    grid = Grid.over(histories(*made_up(200), 365))
    for shape in SHAPES:
        table = Silences.of(shape, grid, 80.0, 52.0)
        for part in (table.buys, table.active):
            assert (part >= -1e-12).all()
            assert (part <= 1 + 1e-12).all()
        assert (table.orders >= table.buys - 1e-9).all()


# --- the command ----------------------------------------------------------------------------------


def said(path: Path, *more: str) -> list[dict[str, str]]:
    result = CliRunner().invoke(main, ["foresee", "--orders", str(path), *more])
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(StringIO(result.stdout)))


def test_the_command_tells_of_each_customer(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    regular = [f"Noor,2026-{month:02}-05,{100 + month}" for month in range(1, 10)]
    path.write_text(
        "note,ID,Date,Value\n" + "\n".join(f"x,{line}" for line in [
            *regular, "Once,2026-01-03,80.5", "Later,2026-11-01,9", "Twice,2026-02-01,7",
            "Twice,2026-02-08T10:00:00,7",
        ])
    )  # fmt: skip
    told = {row["id"]: row for row in said(path, "--until", "2026-09-30", "--weeks", "13")}
    assert set(told) == {"Noor", "Once", "Twice"}
    assert float(told["Noor"]["p_buy"]) > float(told["Once"]["p_buy"])
    assert (told["Noor"]["at_risk"], told["Once"]["at_risk"]) == ("0", "1")
    assert float(told["Noor"]["expected_spend"]) > 100


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,value\n1,2\n", "there is no column date"),
        ("id,date\n1,2026-13-01\n", "line 2"),
        ("id,date,value\n1,2026-01-01,nan\n", "line 2"),
    ],
    ids=["column", "date", "value"],
)
def test_the_command_says_what_it_cannot_read(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(text)
    asked = ["foresee", "--orders", str(path), "--until", "2026-09-30"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 1
    assert complaint in result.output
    assert "Traceback" not in result.output
