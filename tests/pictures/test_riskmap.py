"""The risk map: every customer a dot, and no name over another one."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.pictures.riskmap import DOT, LIKELY, MOST, UNLIKELY, Box, _colour, placed
from bot.pictures.sheet import AMBER, BLUE, RED
from handlers.reply import Point

FIELD = Box(140, 120, 856, 800)
NAMES = (
    "Nishat Mills",
    "بلال ٹریڈرز",
    "Karim & Sons Textile Industries (Pvt) Ltd",
    "Gul",
    "حلال ڈیری",
)


@settings(max_examples=60, deadline=None)
@given(
    some.lists(
        some.tuples(some.floats(0, 1e9), some.floats(0, 100), some.sampled_from(NAMES)),
        min_size=1, max_size=MOST,
    )
)  # fmt: skip
def test_names_stand_apart_from_each_other_and_from_dots(
    rows: list[tuple[float, float, str]],
) -> None:
    points = [Point(name, worth, "Rs 12 lakh · 78%", mark=percent) for worth, percent, name in rows]
    found = placed(points, FIELD)
    assert len(found) == len(points)
    boxes = [each.box for each in found if each.box]
    assert len(boxes) >= min(len(points), MOST // 2), "in one heap some go bare"
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    dots = [Box(e.along - DOT, e.at - DOT, e.along + DOT, e.at + DOT) for e in found]
    assert not any(box.meets(dot) for box in boxes for dot in dots)
    assert all(box.within(FIELD) for box in boxes)


def test_worth_goes_along_and_risk_up() -> None:
    poor, rich = placed(
        [Point("Gul", 100, "", mark=20.0), Point("Nishat", 900, "", mark=80.0)], FIELD
    )
    assert poor.along < rich.along
    assert poor.at > rich.at


def test_the_colour_tells_how_likely_it_is() -> None:
    assert [_colour(percent) for percent in (100, LIKELY)] == [RED] * 2
    assert [_colour(percent) for percent in (LIKELY - 1, UNLIKELY)] == [AMBER] * 2
    assert _colour(UNLIKELY - 1) == BLUE
