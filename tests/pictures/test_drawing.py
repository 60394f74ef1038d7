"""What pictures show: words and bars, where they stand, in which direction; and how little can
break them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import combinations
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures import letters, rows, sheet
from bot.pictures.course import MOST, thinned
from bot.pictures.drawing import png, sheet_of
from bot.pictures.sheet import EDGE, WIDTH, Sheet
from handlers.reply import Chart, ChartKind, Point
from tests.pictures.cast import WORDS, charts

KIND: tuple[ChartKind, ...] = get_args(ChartKind)
TONGUES = tuple(WORDS)
EVERY = [(tongue, kind) for tongue in TONGUES for kind in KIND]


def texts(drawn: Sheet) -> dict[str, Any]:
    return {text.get_text(): text for text in drawn.axes.texts}


def boxes(drawn: Sheet) -> Iterator[tuple[str, Any]]:
    renderer = drawn.canvas.get_renderer()
    for text in drawn.axes.texts:
        yield text.get_text(), text.get_window_extent(renderer)


def bars(drawn: Sheet) -> list[tuple[float, float]]:
    """Where each bar begins and ends, left to right."""
    return [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in drawn.axes.patches
        if hasattr(patch, "get_boxstyle") and patch.get_zorder() == 2
    ]


def points(*values: float, **more: Any) -> tuple[Point, ...]:
    return tuple(Point(f"p{n}", value, f"s{n}", **more) for n, value in enumerate(values))


# --- what is said -------------------------------------------------------------------------------


@pytest.mark.parametrize(("tongue", "kind"), EVERY)
def test_names_and_figures_are_drawn_as_the_reader_writes_them(tongue: str, kind: str) -> None:
    chart = charts(tongue)[kind]
    said = texts(sheet_of(chart, rtl=tongue == "ur"))
    assert " ".join(said).startswith(chart.title), "on one line or two"
    if kind in {"trend", "forecast"}:
        assert {chart.points[0].label, chart.points[-1].label} <= set(said)
        assert chart.points[-1].said in said
        assert max(chart.points, key=lambda point: point.value).said in said
    else:
        assert {word for point in chart.points for word in (point.label, point.said)} <= set(said)
    assert not chart.note or chart.note in said


@pytest.mark.parametrize(("tongue", "kind"), EVERY)
def test_every_letter_has_a_shape_and_no_text_covers_another(tongue: str, kind: str) -> None:
    drawn = sheet_of(charts(tongue)[kind], rtl=tongue == "ur")
    all_of_them = list(boxes(drawn))
    for said, box in all_of_them:
        assert set(said) <= letters._fonts(), said
        assert box.x0 >= 0, said
        assert box.x1 <= WIDTH, said
        assert box.y0 >= 0, said
        assert box.y1 <= drawn.height, said
    for (said, box), (other, there) in combinations(all_of_them, 2):
        apart = box.x1 <= there.x0 or there.x1 <= box.x0 or not _on_one_line(box, there)
        assert apart, (said, other)


def _on_one_line(box: Any, other: Any) -> bool:
    """Whether more than the room above letters is shared."""
    shared = min(box.y1, other.y1) - max(box.y0, other.y0)
    return bool(shared > 0.4 * min(box.height, other.height))


# --- in which direction -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KIND)
def test_for_a_reader_of_urdu_all_is_turned_round(kind: str) -> None:
    chart = charts("en")[kind]
    straight, turned = sheet_of(chart, rtl=False), sheet_of(chart, rtl=True)
    sides = {"left": "right", "right": "left", "center": "center"}
    for one, other in zip(straight.axes.texts, turned.axes.texts, strict=True):
        assert one.get_text() == other.get_text()
        assert one.get_position()[0] == pytest.approx(WIDTH - other.get_position()[0])
        assert sides[one.get_ha()] == other.get_ha()
    mirrored = [(WIDTH - end, WIDTH - start) for start, end in bars(turned)]
    assert [each for bar in bars(straight) for each in bar] == pytest.approx(
        [each for bar in mirrored for each in bar]
    )


def test_bars_grow_from_where_one_begins_to_read() -> None:
    chart = Chart("funnel", "", points(100, 50, 25))
    room = WIDTH - 2 * EDGE
    assert bars(sheet_of(chart, rtl=False)) == [
        (EDGE, EDGE + room), (EDGE, EDGE + room / 2), (EDGE, EDGE + room / 4),
    ]  # fmt: skip
    assert {end for _, end in bars(sheet_of(chart, rtl=True))} == {WIDTH - EDGE}


def test_time_runs_with_the_reader() -> None:
    english = texts(sheet_of(charts("en")["trend"], rtl=False))
    assert english["Jan"].get_position()[0] < english["Nov"].get_position()[0]
    urdu = texts(sheet_of(charts("ur")["trend"], rtl=True))
    assert urdu["جنوری"].get_position()[0] > urdu["نومبر"].get_position()[0]


def test_names_stand_where_one_begins_and_figures_where_one_ends() -> None:
    said = texts(sheet_of(charts("ur")["leaders"], rtl=True))
    assert said["عائشہ خان"].get_ha() == "right"
    assert said["52 لاکھ روپے"].get_ha() == "left"
    assert said["52 لاکھ روپے"].get_position()[0] == EDGE


# --- how it is told apart -----------------------------------------------------------------------


def test_a_goal_that_is_met_is_green_and_one_that_is_not_is_amber() -> None:
    def colour(value: float, mark: float) -> Any:
        drawn = sheet_of(Chart("pace", "", (Point("a", value, "a", mark=mark),)), rtl=False)
        return drawn.axes.patches[-1].get_facecolor()

    assert colour(100, 100) == colour(120, 100)
    assert colour(99, 100) != colour(100, 100)


def test_a_loss_goes_the_other_way() -> None:
    gain, loss = bars(sheet_of(Chart("leaders", "", points(100, -50)), rtl=False))
    assert loss[1] == pytest.approx(gain[0])
    assert loss[1] - loss[0] == pytest.approx((gain[1] - gain[0]) / 2)


def test_a_forecast_shows_its_range() -> None:
    chart = charts("en")["forecast"]
    narrow = Chart(chart.kind, chart.title, (*chart.points[:-1], Point("Dec", 47, "47")))
    with_range, without = sheet_of(chart, rtl=False), sheet_of(narrow, rtl=False)
    assert len(with_range.axes.patches) > len(without.axes.patches)
    alone = sheet_of(Chart("forecast", "", chart.points[-1:]), rtl=False)
    assert alone.axes.patches, "also where it is all there is"


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2 reckons it: from 7 on small letters are easily read, from 3 on shapes are seen."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_letters_and_bars_stand_out_from_the_ground() -> None:
    for ink in (sheet.INK, sheet.QUIET, sheet.AMBER):
        assert contrast(ink, sheet.GROUND) >= 7
    for shape in (sheet.BLUE, sheet.AMBER, sheet.GREEN, sheet.RED):
        assert contrast(shape, sheet.GROUND) >= 4.5
        assert contrast(shape, sheet.TRACK) >= 3


# --- too much, too little, too odd --------------------------------------------------------------


def test_of_many_points_some_are_drawn_the_first_and_the_last_among_them() -> None:
    many = points(*range(5000))
    kept = thinned(many)
    assert len(kept) == MOST
    assert (kept[0], kept[-1]) == (many[0], many[-1])
    assert thinned(many[:MOST]) == many[:MOST]


def test_of_a_long_list_it_is_told_how_much_is_not_drawn() -> None:
    assert "+88" in texts(sheet_of(Chart("leaders", "", points(*range(100))), rtl=False))


@pytest.mark.parametrize("kind", KIND)
def test_a_picture_is_bounded_in_size_and_time(kind: ChartKind) -> None:
    name = "Al-Karam Textile Mills (Private) Limited, Landhi " * 200
    many = tuple(Point(f"{n} {name}", n, name, low=0, high=n, mark=n) for n in range(3000))
    png(Chart(kind, name, many, name), rtl=False)  # and what draws is loaded
    before = time.process_time()
    data = png(Chart(kind, name, many, name), rtl=True)
    assert time.process_time() - before < 5
    assert len(data) < 400_000
    with Image.open(BytesIO(data)) as image:
        assert image.width == WIDTH
        assert image.height < 2 * WIDTH


def test_a_long_name_makes_room_for_its_figure() -> None:
    name = "Al-Karam Textile Mills (Private) Limited, Landhi, Karachi"
    drawn = sheet_of(Chart("leaders", name * 3, (Point(name, 5, "Rs 4.8 lakh"),)), rtl=False)
    said = list(texts(drawn))
    assert "Rs 4.8 lakh" in said
    assert any(each.startswith("Al-Karam Textile") and each.endswith("…") for each in said[1:])


@pytest.mark.parametrize(
    ("hostile", "drawn"),
    [
        ("$\\frac{1}{0}$", "$\\frac{1}{0}$"),
        ("a\nb\r\n\tc", "a b c"),
        ("\u202eevil\u202c", "evil"),
        ("\u2067open", "\u2067open\u2069"),
        ("Zulfiqar \U0001f600\ufe0f 漢字", "Zulfiqar \U0001f600"),
        ("漢字", "…"),
        ("", "…"),
        ("e" + "\u0301" * 50, "e\u0301\u0301"),
        ("\x00\x1b[2J", "[2J"),
    ],
)
def test_hostile_letters_are_harmless(hostile: str, drawn: str) -> None:
    assert letters.drawable(hostile) == drawn
    for kind in KIND:
        chart = Chart(kind, hostile, (Point(hostile, 1, hostile), Point("b", 2, hostile)), hostile)
        assert png(chart, rtl=False).startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", KIND)
@pytest.mark.parametrize(
    "values",
    [(), (0,), (5,), (-5,), (0, 0, 0), (1e308, -1e308), (5e-324, 0), (1, 1e300), (-1, -2, -3)],
)
def test_any_values_can_be_drawn(kind: ChartKind, values: tuple[float, ...]) -> None:
    for more in ({}, {"mark": 3.0}, {"low": -1.0, "high": 9.0}):
        assert png(Chart(kind, "Sales", points(*values, **more)), rtl=False)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SAID = st.text(max_size=60)
POINTS = st.builds(Point, SAID, NUMBERS, SAID, *(st.none() | NUMBERS for _ in range(3)))
CHARTS = st.builds(
    Chart, st.sampled_from(KIND), SAID, st.lists(POINTS, max_size=20).map(tuple), SAID
)


@settings(max_examples=40, deadline=None)
@given(CHARTS, st.booleans())
def test_anything_can_be_drawn_within_the_sheet(chart: Chart, rtl: bool) -> None:
    drawn = sheet_of(chart, rtl=rtl)
    assert drawn.png().startswith(b"\x89PNG")
    for said, box in boxes(drawn):
        assert box.x0 > -2, said
        assert box.x1 < WIDTH + 2, said


def test_the_same_chart_is_the_same_picture() -> None:
    chart = charts("ur")["trend"]
    assert png(chart, rtl=True) == png(chart, rtl=True)


def test_what_draws_is_loaded_by_the_first_picture_and_not_before() -> None:
    told = "import sys, bot.program; sys.exit(bool({'matplotlib', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0  # noqa: S603 - our own


def test_rows_that_are_left_out_have_a_line_of_their_own() -> None:
    points = tuple(Point(f"Customer {n}", n, str(n)) for n in range(rows.MOST + 1))
    whole = rows.body(points[: rows.MOST])
    assert whole == rows.MOST * rows.body(points[:1])
    assert whole < rows.body(points) < whole + rows.body(points[:1])
