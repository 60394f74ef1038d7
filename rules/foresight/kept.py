"""What was learned of customers, as plain data to be kept, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from rules.foresight.rhythm import LEAVING_RATES, ORDER_RATES, Grid, Rhythm
from rules.foresight.several import Several
from rules.foresight.spend import Spend

HARDLY = 0.03
"""An idea that is believed less than this is not kept."""


def packed(several: Several, spend: Spend | None) -> dict[str, Any]:
    """The ideas that are believed at all, with their shares."""
    whether, how_often = several.whether, several.how_often
    believed = np.flatnonzero(np.maximum(whether, how_often) >= HARDLY)
    return {
        "rhythms": [_rhythm(several.rhythms[n]) for n in believed],
        "whether": [float(each) for each in whether[believed] / whether[believed].sum()],
        "how_often": [float(each) for each in how_often[believed] / how_often[believed].sum()],
        "spend": [spend.p, spend.q, spend.gamma] if spend else None,
    }


def unpacked(kept: dict[str, Any]) -> tuple[Several, Spend | None]:
    rhythms = tuple(
        Rhythm(
            each["shape"],
            _grid(each["orders"], each["leaves"], tuple(each["usual"])),
            np.array(each["parameters"]),
            each["height"],
        )
        for each in kept["rhythms"]
    )
    several = Several(rhythms, np.array(kept["whether"]), np.array(kept["how_often"]))
    return several, Spend(*kept["spend"]) if kept["spend"] else None


def _rhythm(rhythm: Rhythm) -> dict[str, Any]:
    grid = rhythm.grid
    return {
        "shape": rhythm.shape,
        "orders": [float(grid.order.min()), float(grid.order.max())],
        "leaves": [float(grid.leave.min()), float(grid.leave.max())],
        "usual": list(grid.usual),
        "parameters": [float(each) for each in rhythm.parameters],
        "height": rhythm.log_likelihood,
    }


def _grid(orders: list[float], leaves: list[float], usual: tuple[float, ...]) -> Grid:
    """Between the least and the largest rates, as ``Grid.over`` lays it."""
    slowest, fastest = orders
    loyal, fickle = leaves
    order, leave = np.meshgrid(
        np.geomspace(slowest, fastest, ORDER_RATES),
        np.geomspace(loyal, fickle, LEAVING_RATES),
        indexing="ij",
    )
    return Grid(order.ravel(), leave.ravel(), (usual[0], usual[1]))
