"""The gamma functions that numpy has not got.

Press, Teukolsky, Vetterling and Flannery 2007, Numerical Recipes, 6.1 and 6.2.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TOLERANCE = 1e-12
_TINY = 1e-300
_MOST = 500


def upper(shape: float, x: Floats) -> Floats:
    """Q(shape, x): the share of a gamma distribution of this shape and scale 1 above each ``x``."""
    result = np.ones_like(x)
    low = (x > 0) & (x < shape + 1)
    high = x >= shape + 1
    result[low] = 1 - _series(shape, x[low])
    result[high] = _fraction(shape, x[high])
    return result


def _front(shape: float, x: Floats) -> Floats:
    front: Floats = np.exp(shape * np.log(x) - x - math.lgamma(shape))
    return front


def _series(shape: float, x: Floats) -> Floats:
    """The share below, where most of it is above."""
    term = np.full_like(x, 1 / shape)
    total = term.copy()
    for n in range(1, _MOST):
        term *= x / (shape + n)
        total += term
        if not term.size or term.max() < _TOLERANCE:
            break
    return _front(shape, x) * total


def _fraction(shape: float, x: Floats) -> Floats:
    """The share above, by Lentz's continued fraction."""
    b = x + 1 - shape
    c = np.full_like(x, 1 / _TINY)
    d = 1 / b
    total = d.copy()
    for n in range(1, _MOST):
        by = -n * (n - shape)
        b += 2
        d = 1 / (by * d + b)
        c = b + by / c
        change = c * d
        total *= change
        if not change.size or np.abs(change - 1).max() < _TOLERANCE:
            break
    return _front(shape, x) * total


def log_gamma(x: Floats) -> Floats:
    """ln of the gamma function of each x > 0: Stirling's series, from 8 on."""
    shifted, below = x.copy(), np.zeros_like(x)
    for _ in range(8):
        small = shifted < 8
        below = np.where(small, below + np.log(shifted), below)
        shifted = np.where(small, shifted + 1, shifted)
    inverse = 1 / shifted
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    result: Floats = (
        (shifted - 0.5) * np.log(shifted) - shifted + 0.5 * math.log(2 * math.pi) + series - below
    )
    return result
