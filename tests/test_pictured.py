"""Charts of figures: wished for in three languages, or a tap away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.reply import Chart, Line, Reply, Table
from tests.conversation import Conversation, labels, words
from tests.scenes import scene

SOLD = ((3, "Nishat Mills", 5), (5, "Gul Ahmed", 2), (6, "Sapphire", 9), (11, "Bonanza", 4))


@scene
def sold(chat: Conversation) -> None:
    """Deals won in March, May, June and November; two that are open, one that was lost."""
    for month, firm, lakh in SOLD:
        chat.clock.set(datetime(2027, month, 10, 7, tzinfo=UTC))
        chat.says(f"deal {lakh} lakh with {firm}")
        chat.says(f"{firm} deal won")
    chat.clock.set(datetime(2027, 11, 23, 7, tzinfo=UTC))
    chat.says("deal 3 lakh with Alkaram")
    chat.says("deal 1 lakh with Khaadi")
    chat.says("move Khaadi to proposal")
    chat.says("deal 1 lakh with Limelight")
    chat.says("lost Limelight, price too high")


def chart_in(reply: Reply) -> Chart:
    (chart,) = (part for part in reply.parts if isinstance(part, Chart))
    assert not any(isinstance(part, Table) for part in reply.parts), "not twice the same"
    return chart


@scene
def seasoned(chat: Conversation) -> None:
    """Two deals won in each month from January to October; one that is open."""
    for month in range(1, 11):
        for day, firm in ((4, "Nishat Mills"), (18, "Gul Ahmed")):
            chat.clock.set(datetime(2027, month, day, 7, tzinfo=UTC))
            chat.says(f"deal {month} lakh with {firm}")
            chat.clock.set(datetime(2027, month, day + 5, 7, tzinfo=UTC))
            chat.says(f"{firm} deal won")
    chat.clock.set(datetime(2027, 11, 23, 7, tzinfo=UTC))
    chat.says("deal 3 lakh with Alkaram")


@pytest.mark.parametrize(
    ("said", "months"),
    [
        ("forecast for december", "Jun Jul Aug Sep Oct Nov Dec"),
        ("december ka forecast", "Jun Jul Aug Sep Oct Nov Dec"),
        ("دسمبر کی پیش گوئی", "جون جولائی اگست ستمبر اکتوبر نومبر دسمبر"),
        ("forecast this quarter", "Q1_2027 Q2_2027 Q3_2027 Q4_2027"),
    ],
)
def test_a_forecast_goes_on_from_what_was_sold(
    seasoned: Conversation, said: str, months: str
) -> None:
    chart = chart_in(seasoned.says(said))
    assert chart.kind == "forecast"
    assert [_bare(point.label) for point in chart.points] == [
        each.replace("_", " ") for each in months.split()
    ]
    *known, coming = chart.points
    assert all(point.low is None for point in known)
    assert coming.low is not None
    assert coming.low <= coming.value <= (coming.high or 0)
    if len(known) == 6:
        assert [point.value for point in known] == [12e5, 14e5, 16e5, 18e5, 20e5, 0]
    else:
        assert [point.value for point in known] == [12e5, 30e5, 48e5]
        assert coming.value > 20e5, "what is won already is part of it"


def test_a_forecast_of_no_month_and_no_quarter_has_no_course(seasoned: Conversation) -> None:
    assert chart_in(seasoned.says("forecast for the next 30 days")).kind == "leaders"


@pytest.mark.parametrize(
    "said",
    [
        "pipeline chart dikhao",
        "show me the pipeline as a chart",
        "graph of the pipeline",
        "show me the sales funnel",
        "pipeline ka graph bana do",
        "pipeline tasveer mein dikhao",
        "پائپ لائن کا گراف دکھاؤ",
        "پائپ لائن چارٹ میں دکھائیں",
        "گراف دکھاؤ",
        "chart?",
    ],
)
def test_the_pipeline_is_a_funnel(sold: Conversation, said: str) -> None:
    chart = chart_in(sold.says(said))
    assert chart.kind == "funnel"
    assert [point.value for point in chart.points] == [300_000, 0, 100_000, 0]
    assert "4" in chart.note, "what it comes to in all"


@pytest.mark.parametrize(
    "said",
    [
        "show me a chart of sales by month",
        "sales by month as a graph",
        "plot revenue by month",
        "sales trend this year",
        "is saal ki sale ka graph dikhao",
        "mahine ke hisab se sale ka graph banao",
        "اس سال کی سیل کا چارٹ دکھاؤ",
        "ہر مہینے کی سیل کا گراف بناؤ",
    ],
)
def test_sales_are_a_trend_in_which_no_month_is_missing(sold: Conversation, said: str) -> None:
    chart = chart_in(sold.says(said))
    assert chart.kind == "trend"
    assert [point.value for point in chart.points][-11:] == [
        0, 0, 500_000, 0, 200_000, 900_000, 0, 0, 0, 0, 400_000,
    ]  # fmt: skip
    assert chart.points[-1].said in {"Rs 4 lakh", "4 لاکھ روپے"}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("bar chart of revenue by customer please", ["Sapphire", "Nishat Mills", "Bonanza"]),
        ("graph of deals won by owner", ["Ayesha"]),
        ("kis gahak ne sab se zyada sale di, graph mein dikhao", ["Sapphire", "Nishat Mills"]),
        ("why did we lose this year? as a chart", ["Price"]),
    ],
)
def test_groups_are_bars_the_longest_first(sold: Conversation, said: str, names: list[str]) -> None:
    chart = chart_in(sold.says(said))
    assert chart.kind == "leaders"
    assert [point.label for point in chart.points][: len(names)] == names
    values = [point.value for point in chart.points]
    assert values == sorted(values, reverse=True)


def test_a_short_time_is_told_by_its_days(sold: Conversation) -> None:
    chart = chart_in(sold.says("plot deals won this month"))
    assert [point.label for point in chart.points][:2] == ["1 Nov", "2 Nov"]
    assert len(chart.points) == 23, "and no day that is still to come"
    assert [point.value for point in chart.points if point.value] == [1]


def test_a_table_has_its_picture_a_tap_away(sold: Conversation) -> None:
    assert "Picture" in labels(sold.says("pipeline"))
    assert chart_in(sold.taps("Picture")).kind == "funnel"
    said = sold.says("which customer brought the most revenue this year")
    assert labels(said)[0] == "Picture"
    assert chart_in(sold.taps("Picture")).points[0].label == "Sapphire"
    assert "تصویر" in " ".join(labels(sold.says("پائپ لائن دکھاؤ")))


def test_a_single_figure_has_none(sold: Conversation) -> None:
    for said in ("what is our win rate", "biggest deal won", "how many deals did we win this year"):
        reply = sold.says(said)
        assert "Picture" not in labels(reply), said
        assert not any(isinstance(part, Chart) for part in reply.parts), said


def test_a_chart_alone_is_of_what_was_asked_last(sold: Conversation) -> None:
    sold.says("which customer brought the most revenue this year")
    assert chart_in(sold.says("as a chart please")).kind == "leaders"
    assert chart_in(sold.says("اس کا گراف دکھاؤ")).kind == "leaders", "once more, in Urdu"
    sold.says("met Sara Malik")
    assert chart_in(sold.says("graph dikhao")).kind == "funnel"


def test_what_nothing_is_known_of_is_said(sold: Conversation) -> None:
    assert "no deal fits" in words(sold.says("chart of sales by month in 2019"))
    assert "no deal fits" in words(sold.says("graph of revenue by city"))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("why did we lose in Lahore this year", "Nothing to count"),
        ("Lahore mein is saal deals kyun haari", "Ginne ko kuch nahi"),
    ],
)
def test_a_table_of_nothing_is_said(sold: Conversation, said: str, answer: str) -> None:
    sold.says("new company: Ravi Looms, Lahore")
    reply = sold.says(said)
    assert answer in words(reply)
    assert not any(isinstance(part, Table) for part in reply.parts)


def test_worths_without_a_rate_are_not_compared(sold: Conversation) -> None:
    sold.says("deal $4000 with Gul Ahmed")
    reply = sold.says("pipeline chart")
    chart = chart_in(reply)
    assert [point.value for point in chart.points] == [2, 0, 1, 0], "so their numbers are"
    assert any("USD" in part.text for part in reply.parts if isinstance(part, Line))


def test_one_of_the_team_has_a_pipeline_of_their_own(sold: Conversation) -> None:
    sold.says("deal 7 lakh with Sana Safinaz", by="Bilal")
    chart = chart_in(sold.says("chart of Bilal's pipeline"))
    assert sum(point.value for point in chart.points) == 700_000
    assert "Bilal" in chart.title


@pytest.mark.parametrize(
    "said",
    [
        "send Nishat the price chart tomorrow",
        "note Nishat: they want a picture of the sample",
        "met Sara from Chart House, deal 5 lakh",
        "Bonanza ko dukan ki tasveer bhejni hai kal",
        "نشاط ملز کو کل تصویر بھیجنی ہے",
        "call Sara about the graph",
        "task: draw a diagram for Nishat",
    ],
)
def test_a_picture_of_something_else_is_no_chart(sold: Conversation, said: str) -> None:
    before = sold.says(said)
    assert not any(isinstance(part, Chart) for part in before.parts)
    assert any(label in {"Undo", "Wapas", "واپس"} for label in map(_bare, labels(before)))


def _bare(label: str) -> str:
    return label.strip("\u200f")


def test_what_is_called_a_chart_is_counted_as_such(sold: Conversation) -> None:
    """A customer's name is no wish."""
    sold.says("deal 6 lakh with Growth Chart")
    sold.says("Growth Chart deal won")
    reply = sold.says("how much did we sell to Growth Chart this year")
    assert not any(isinstance(part, Chart) for part in reply.parts)
    assert "6 lakh" in words(reply)
