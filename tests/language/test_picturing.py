"""That a picture is wished for, and of what; what it shows where less is said."""

from __future__ import annotations

from datetime import date

import pytest

from language.figures import Figure, Span
from language.figures.picturing import charted, without_picture
from rules.courses import begins, unbroken

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("show me a chart of sales by month", "show me sales by month"),
        ("sales by month, as a graph", "sales by month,"),
        ("sale ka graph bana do", "sale"),
        ("اس سال کی سیل کا گراف دکھاؤ", "اس سال کی سیل دکھاؤ"),
        ("draw the sales funnel", "the pipeline"),
        ("chart", ""),
        ("Show me a chart, please!", ""),
        ("گراف دکھا دیں", ""),
        ("mujhe graph dikhao", ""),
        ("flow charter", None),
        ("bargraphy", None),
        ("won Nishat deal 5 lakh", None),
        ("", None),
    ],
)
def test_of_what_a_picture_is_wished(said: str, left: str | None) -> None:
    assert without_picture(said) == left


@pytest.mark.parametrize(
    ("span", "by", "first"),
    [
        (None, "month", date(2025, 12, 1)),
        (Span(None, date(2026, 6, 30)), "month", date(2025, 7, 1)),
        (Span(date(2026, 11, 1), date(2026, 11, 30)), "day", date(2026, 11, 1)),
        (Span(date(2026, 7, 1), date(2026, 9, 30)), "week", date(2026, 7, 1)),
        (Span(date(2026, 1, 1), date(2026, 12, 31)), "month", date(2026, 1, 1)),
        (Span(date(2019, 1, 1), date(2026, 12, 31)), "quarter", date(2019, 1, 1)),
        (Span(date(2001, 1, 1), None), "year", date(2001, 1, 1)),
    ],
)
def test_a_figure_becomes_a_course_of_fitting_steps(
    span: Span | None, by: str, first: date
) -> None:
    figure = charted(Figure(measure="amount", which="won", span=span), TODAY)
    assert (figure.by, figure.wanted) == (by, "table")
    assert figure.span
    assert figure.span.first == first


def test_what_is_grouped_or_compared_stays_so() -> None:
    by_owner = Figure(by="owner", wanted="name")
    assert charted(by_owner, TODAY) == by_owner
    against = Figure(span=Span(TODAY, TODAY), against=Span(TODAY, TODAY), wanted="difference")
    assert charted(against, TODAY) == against


@pytest.mark.parametrize(
    ("kind", "name", "day"),
    [
        ("day", "2024-02-29", date(2024, 2, 29)),
        ("week", "2026-W53", date(2026, 12, 28)),
        ("week", "2020-W01", date(2019, 12, 30)),
        ("month", "2026-11", date(2026, 11, 1)),
        ("quarter", "2026-Q4", date(2026, 10, 1)),
        ("year", "2026", date(2026, 1, 1)),
    ],
)
def test_when_a_stretch_begins(kind: str, name: str, day: date) -> None:
    assert begins(kind, name) == day


def test_no_stretch_is_missing_not_even_across_new_year() -> None:
    assert unbroken("month", ["2025-12", "2026-03"], None, None) == [
        "2025-12", "2026-01", "2026-02", "2026-03",
    ]  # fmt: skip
    week = unbroken("week", ["2026-W52", "2027-W02"], None, None)
    assert week == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert unbroken("day", ["2024-02-28"], None, date(2024, 3, 1)) == [
        "2024-02-28", "2024-02-29", "2024-03-01",
    ]  # fmt: skip
    assert unbroken("weekday", ["7", "1"], None, None) == ["1", "7"]
    assert unbroken("month", [], date(2026, 1, 1), TODAY) == []


def test_an_endless_time_is_not_filled() -> None:
    assert unbroken("day", ["1990-01-01", "2026-01-01"], None, None) == ["1990-01-01", "2026-01-01"]
    year = unbroken("month", ["2026-01", "2026-03"], date(1900, 1, 1), TODAY)
    assert year == ["2026-01", "2026-02", "2026-03"]
