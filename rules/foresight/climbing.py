"""The top of a smooth surface of a few parameters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rules.foresight.gamma import Floats

Surface = Callable[[Floats], tuple[float, Floats]]
"""Height and gradient at a point."""

STEPS = 100
HALVINGS = 30
CLOSE = 1e-4
"""It is the top when a step would make it no higher than this."""


def climbed(surface: Surface, start: Floats, curvature: Floats) -> tuple[Floats, float]:
    """The top near ``start`` and its height, by BFGS (Nocedal and Wright 2006, 6.1) from a first
    guess at the curvature (minus the Hessian matrix)."""
    point, inverse = start, np.linalg.inv(curvature)
    height, gradient = surface(point)
    for _ in range(STEPS):
        step = inverse @ gradient
        if step @ gradient < CLOSE:
            break
        for _ in range(HALVINGS):
            then, slope = surface(point + step)
            if np.isfinite(then) and then > height + 1e-4 * float(step @ gradient):
                break
            step = step / 2
        else:
            break
        change = gradient - slope
        point, height, gradient = point + step, then, slope
        along = float(step @ change)
        if along > 1e-12:
            left = np.eye(len(point)) - np.outer(step, change) / along
            inverse = left @ inverse @ left.T + np.outer(step, step) / along
    return point, height
