"""How likely a deal is won, learned from deals that were won and lost. Pure.

A logistic regression over things that hold of a deal or do not, with a ridge penalty whose strength
is chosen by cross-validation, by Newton's method (iteratively reweighted least squares; Hastie,
Tibshirani and Friedman 2009, The Elements of Statistical Learning, 4.4.1). What it says is
calibrated on deals it had not seen (Platt 1999, "Probabilistic outputs for support vector
machines"), and held against the plain base rate on others again: where it is not clearly better
there, it is not used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EACH = 30
"""Deals won, and deals lost, before anything is learned."""

LEAST = 5
"""Deals of which something must hold, and of which it must not, to be looked at."""

FEATURES = 60
"""Things that are looked at, at most: those that hold of most."""

FOLDS = 5
STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0)
"""Of the penalty, half of which times the squares of all weights is taken from the likelihood."""

CLEARLY = 2.0
"""So many standard errors the gain over the base rate must be above nothing."""

STEPS = 30
CLOSE = 1e-6
NUDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Case:
    """A deal that was decided: what held of it before, and whose it was."""

    facts: frozenset[str]
    won: bool
    whose: int


@dataclass(frozen=True, slots=True)
class Trial:
    """How the chances did beside the base rate on deals that neither had seen: the mean of
    -ln(probability of what came) and of the squared error (Brier 1950). ``gain`` is by how much the
    former was better for a deal, ``error`` its standard error."""

    deals: int
    won: int
    log_loss: float
    base_log_loss: float
    brier: float
    base_brier: float
    gain: float
    error: float

    @property
    def better(self) -> bool:
        """Whether it is more than chance that they did better."""
        return self.gain > CLEARLY * self.error and self.brier < self.base_brier


@dataclass(frozen=True, slots=True)
class Chances:
    """``weights`` of things that may hold, in log-odds; ``usual``: of which share of the deals each
    held. ``slope`` and ``shift`` calibrate; ``rate`` is the share that was won."""

    weights: Mapping[str, float]
    usual: Mapping[str, float]
    intercept: float
    slope: float
    shift: float
    rate: float

    def probability(self, facts: frozenset[str]) -> float:
        held = sum(weight for name, weight in self.weights.items() if name in facts)
        return _sigmoid(self.slope * (self.intercept + held) + self.shift)

    def contributions(self, facts: frozenset[str]) -> dict[str, float]:
        """By how much, in calibrated log-odds, each thing that holds lifts the chance over that of
        a deal of which it is not known whether it does."""
        return {
            name: self.slope * weight * (1 - self.usual[name])
            for name, weight in self.weights.items()
            if name in facts
        }


def enough(cases: Sequence[Case]) -> bool:
    won = sum(case.won for case in cases)
    return won >= EACH and len(cases) - won >= EACH


def learned(cases: Sequence[Case]) -> tuple[Chances, Trial] | None:
    """What the deals teach, and how well it does; None where they are too few."""
    if not enough(cases):
        return None
    names = _names(cases)
    table = np.array([[name in case.facts for name in names] for case in cases], float)
    table = table.reshape(len(cases), len(names))
    won = np.array([case.won for case in cases], float)
    folds = _folds([case.whose for case in cases])
    trial = _tried(table, won, folds)
    weights, slope, shift = _fitted(table, won, folds)
    chances = Chances(
        weights=dict(zip(names, weights[1:].tolist(), strict=True)),
        usual=dict(zip(names, table.mean(axis=0).tolist(), strict=True)),
        intercept=float(weights[0]),
        slope=slope,
        shift=shift,
        rate=float(won.mean()),
    )
    return chances, trial


def _names(cases: Sequence[Case]) -> list[str]:
    """What is looked at, in an order that is always the same."""
    held = Counter(name for case in cases for name in case.facts)
    fit = [(-n, name) for name, n in held.items() if LEAST <= n <= len(cases) - LEAST]
    return sorted(name for _, name in sorted(fit)[:FEATURES])


def _folds(whose: Sequence[int]) -> NDArray[np.int64]:
    """Which part each deal is in: those of one customer are all in one, drawn by their number."""
    ordered = sorted(set(whose), key=lambda each: (crc32(str(each).encode()), each))
    places = {each: at % FOLDS for at, each in enumerate(ordered)}
    return np.array([places[each] for each in whose], np.int64)


def _tried(table: Floats, won: Floats, folds: NDArray[np.int64]) -> Trial:
    """All over again for each part without it, and then told of it."""
    chance, base = np.full(len(won), np.nan), np.full(len(won), np.nan)
    for part in np.unique(folds):
        seen, unseen = folds != part, folds == part
        weights, slope, shift = _fitted(table[seen], won[seen], folds[seen])
        chance[unseen] = _sigmoids(slope * _scores(table[unseen], weights) + shift)
        base[unseen] = (won[seen].sum() + 1) / (seen.sum() + 2)
    loss, base_loss = _losses(chance, won), _losses(base, won)
    gains = base_loss - loss
    return Trial(
        deals=len(won),
        won=int(won.sum()),
        log_loss=float(loss.mean()),
        base_log_loss=float(base_loss.mean()),
        brier=float(((chance - won) ** 2).mean()),
        base_brier=float(((base - won) ** 2).mean()),
        gain=float(gains.mean()),
        error=float(gains.std(ddof=1) / math.sqrt(len(won))),
    )


def _fitted(
    table: Floats, won: Floats, folds: NDArray[np.int64]
) -> tuple[Floats, float, float]:  # fmt: skip
    """Weights (the intercept first), by the strength that does best on parts that it was not fitted
    to; and what calibrates them, from what they said of those parts."""
    best: tuple[float, float, Floats] | None = None
    for strength in STRENGTHS:
        told = np.zeros(len(won))
        for part in np.unique(folds):
            seen = folds != part
            weights = _newton(table[seen], won[seen], strength)
            told[~seen] = _scores(table[~seen], weights)
        loss = float(_losses(_sigmoids(told), won).mean())
        if best is None or loss <= best[0]:
            best = loss, strength, told
    if best is None:
        raise AssertionError("there are strengths")
    slope, shift = _platt(best[2], won)
    return _newton(table, won, best[1]), slope, shift


def _platt(told: Floats, won: Floats) -> tuple[float, float]:
    """Slope and shift by which told log-odds come true. Targets are a little inside of 0 and 1;
    a slope that would turn them round tells that they say nothing."""
    many, few = won.sum(), len(won) - won.sum()
    target = np.where(won > 0, (many + 1) / (many + 2), 1 / (few + 2))
    shift, slope = _newton(told[:, None], target, NUDGE)
    if slope > 0:
        return float(slope), float(shift)
    rate = float(target.mean())
    return 0.0, math.log(rate / (1 - rate))


def _newton(table: Floats, target: Floats, strength: float) -> Floats:
    """The weights of the largest penalised likelihood; the intercept, first, is not penalised."""
    rows = np.column_stack((np.ones(len(table)), table))
    ridge = np.full(rows.shape[1], strength)
    ridge[0] = NUDGE
    weights = np.zeros(rows.shape[1])
    value = _penalised(rows, target, weights, ridge)
    for _ in range(STEPS):
        chance = _sigmoids(rows @ weights)
        slope = rows.T @ (target - chance) - ridge * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(ridge + NUDGE)
        step = np.linalg.solve(curve, slope)
        for share in _halves():
            there = _penalised(rows, target, weights + share * step, ridge)
            if there >= value:
                break
        else:
            return weights
        weights = weights + share * step
        if there - value < CLOSE:
            return weights
        value = there
    return weights


def _halves() -> Iterator[float]:
    """A step, and shorter ones where it goes too far."""
    yield from (0.5**n for n in range(12))


def _penalised(rows: Floats, target: Floats, weights: Floats, ridge: Floats) -> float:
    told = rows @ weights
    likely = target * told - np.logaddexp(0.0, told)
    return float(likely.sum() - (ridge * weights**2).sum() / 2)


def _scores(table: Floats, weights: Floats) -> Floats:
    told: Floats = weights[0] + table @ weights[1:]
    return told


def _losses(chance: Floats, won: Floats) -> Floats:
    chance = np.clip(chance, 1e-6, 1 - 1e-6)
    losses: Floats = -(won * np.log(chance) + (1 - won) * np.log(1 - chance))
    return losses


def _sigmoids(told: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(told, -35, 35)))
    return found


def _sigmoid(told: float) -> float:
    return 1 / (1 + math.exp(-max(-35.0, min(35.0, told))))
