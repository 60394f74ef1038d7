"""Questions about numbers, read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from language.figures import Figure, Span, read_figure
from language.figures.figure import Bound

TODAY = date(2026, 11, 26)
VALUES: dict[str, Any] = {
    "owner": {"Sara Malik": ("Sara Malik", "Sara"), "Omar Farooq": ("Omar Farooq", "Omar")},
    "manager": {"Tariq Mehmood": ("Tariq Mehmood",)},
    "office": {"Karachi": ("Karachi",), "Lahore": ("Lahore",)},
    "city": {"Multan": ("Multan",), "Lahore": ("Lahore",)},
    "product": {"Khaddar": ("Khaddar",), "Bed Sheet": ("Bed Sheet",)},
    "company": {"Nishat Mills": ("Nishat Mills",)},
    "reason": {"price": ("price",), "late delivery": ("late delivery",)},
    "field:7": {"retail": ("retail",), "export": ("export",)},
}
OWN = {"field:7": "Sector"}


def read(text: str) -> Figure:
    figure = read_figure(text, TODAY, VALUES, OWN)
    assert figure is not None, text
    return figure


@pytest.mark.parametrize(
    ("text", "measure", "over", "which"),
    [
        ("how many deals did we win", "count", "sum", "won"),
        ("kitni deals haari", "count", "sum", "lost"),
        ("کتنی ڈیلز بند ہوئیں", "count", "sum", "closed"),
        ("how many deals are open", "count", "sum", "open"),
        ("new opportunities in october, how many", "count", "sum", "created"),
        ("total number of deals", "count", "sum", "all"),
        ("total revnue", "amount", "sum", "won"),
        ("kitni bikri hui", "amount", "sum", "won"),
        ("average deal size", "amount", "mean", "won"),
        ("ausat deal kitne ki hai", "amount", "mean", "won"),
        ("median deal", "amount", "median", "won"),
        ("biggest deal we won", "amount", "max", "won"),
        ("سب سے چھوٹی جیتی ہوئی ڈیل کتنے کی تھی", "amount", "min", "won"),
        ("win rate", "win_rate", "sum", "closed"),
        ("jeet ki sharah kya hai", "win_rate", "sum", "closed"),
        ("loss rate", "loss_rate", "sum", "closed"),
        ("how long does it take to win a deal", "cycle", "mean", "won"),
        ("longest it took us to win a deal", "cycle", "max", "won"),
        ("oldest open deal", "age", "max", "open"),
        ("sales velocity", "velocity", "sum", "won"),
    ],
)
def test_what_is_counted(text: str, measure: str, over: str, which: str) -> None:
    figure = read(text)
    assert (figure.measure, figure.over, figure.which) == (measure, over, which)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in Q3", "2026-07-01", "2026-09-30"),
        ("in Q3 2025", "2026-07-01".replace("2026", "2025"), "2025-09-30"),
        ("in the second quarter of 2025", "2025-04-01", "2025-06-30"),
        ("2025 کی دوسری سہ ماہی میں", "2025-04-01", "2025-06-30"),
        ("2025 ki doosri sehmahi mein", "2025-04-01", "2025-06-30"),
        ("in the first half of 2026", "2026-01-01", "2026-06-30"),
        ("2nd half of 2025", "2025-07-01", "2025-12-31"),
        ("in december", "2025-12-01", "2025-12-31"),
        ("in march 2024", "2024-03-01", "2024-03-31"),
        ("february 2024", "2024-02-01", "2024-02-29"),
        ("in 2025", "2025-01-01", "2025-12-31"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("pichle hafte", "2026-11-16", "2026-11-22"),
        ("اس سال", "2026-01-01", "2026-12-31"),
        ("the quarter before last", "2026-04-01", "2026-06-30"),
        ("last 3 months", "2026-08-26", "2026-11-26"),
        ("in the past six months", "2026-05-26", "2026-11-26"),
        ("yesterday", "2026-11-25", "2026-11-25"),
        ("parson", "2026-11-24", "2026-11-24"),
        ("from 1 july to 15 august 2026", "2026-07-01", "2026-08-15"),
        ("between march and june", "2026-03-01", "2026-06-30"),
        ("1 july se 15 august tak", "2026-07-01", "2026-08-15"),
        ("on 5/3/2026", "2026-03-05", "2026-03-05"),
        ("on 2026-03-05", "2026-03-05", "2026-03-05"),
        ("week 53 of 2026", "2026-12-28", "2027-01-03"),
        ("since august", "2026-08-01", None),
        ("since the beginning of May", "2026-05-01", None),
        ("before june 2026", None, "2026-05-31"),
        ("1 april 2026 se pehle", None, "2026-03-31"),
        ("15 august 2026 ke baad", "2026-08-16", None),
        ("یکم جون 2026 سے اب تک", "2026-06-01", None),
        ("since monday", "2026-11-23", None),
        ("on thursday", "2026-11-26", "2026-11-26"),
        ("last thursday", "2026-11-19", "2026-11-19"),
        ("this monday", "2026-11-23", "2026-11-23"),
        ("on friday", "2026-11-20", "2026-11-20"),
        ("from monday to wednesday", "2026-11-23", "2026-11-25"),
        ("from saturday to tuesday", "2026-11-21", "2026-11-24"),
        ("before wednesday", None, "2026-11-24"),
        ("peer se", "2026-11-23", None),
        ("peer se budh tak", "2026-11-23", "2026-11-25"),
        ("pichle jumay ko", "2026-11-20", "2026-11-20"),
        ("hafte ko", "2026-11-21", "2026-11-21"),
        ("منگل کو", "2026-11-24", "2026-11-24"),
        ("پیر سے اب تک", "2026-11-23", None),
    ],
)
def test_when(text: str, first: str | None, last: str | None) -> None:
    said = {"ur": "کتنی ڈیلز جیتیں", "roman": "kitni deals jeetin"}
    question = said["ur"] if not text.isascii() else "deals won"
    expected = Span(
        date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None
    )
    assert read(f"{question} {text}").span == expected


@pytest.mark.parametrize("text", ["every monday", "mondays", "har peer"])
def test_what_every_week_brings_is_no_time(text: str) -> None:
    assert read(f"deals won {text}").span is None


@pytest.mark.parametrize(
    ("text", "by", "wanted", "least"),
    [
        ("who won the most deals", "owner", "name", False),
        ("which product sold the least", "product", "name", True),
        ("revenue by office", "office", "table", False),
        ("kis sheher mein sab se zyada sale hui", "city", "name", False),
        ("سب سے زیادہ ڈیلز کس نے جیتیں", "owner", "name", False),
        ("industry with the lowest win rate", "field:7", "name", True),
        ("how many reps do we have in the Karachi office", "owner", "things", False),
        ("average number of deals won per rep", "owner", "mean_of_groups", False),
        ("average monthly revenue in 2025", "month", "mean_of_groups", False),
        ("in which month did we win the most", "month", "name", False),
        ("why did we lose this year", "reason", "table", False),
        ("haarne ki sab se bari wajah kya thi", "reason", "name", False),
        ("Sara ka manager kaun hai", "manager", "name", False),
        ("top rep last month", "owner", "name", False),
    ],
)
def test_by_what(text: str, by: str, wanted: str, least: bool) -> None:
    figure = read(text)
    assert (figure.by, figure.wanted, figure.least) == (by, wanted, least)


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("deals won by Sara", {"owner": ("Sara Malik",)}),
        ("Tariq Mehmood's team revenue", {"manager": ("Tariq Mehmood",)}),
        ("revenue of the Lahore office", {"office": ("Lahore",)}),
        ("revenue from customers in Lahore", {"city": ("Lahore",)}),
        ("retail revenue of Khaddar", {"field:7": ("retail",), "product": ("Khaddar",)}),
        ("how many deals were lost on price", {"reason": ("price",)}),
        ("qeemat ki wajah se kitni deals haari", {"reason": ("price",)}),
        ("my win rate", {"owner": ("me",)}),
        ("نشاط ملز سے کتنی سیل ہوئی", {"company": ("Nishat Mills",)}),
        ("سارہ ملک نے کتنی ڈیلز جیتیں", {"owner": ("Sara Malik",)}),
        ("could you tell me how many deals we won", {}),
    ],
)
def test_of_whom(text: str, only: dict[str, Any]) -> None:
    assert read(text).only == only


def test_what_does_not_count() -> None:
    assert read("deals won outside the Karachi office").but == {"office": ("Karachi",)}
    assert read("Khaddar ke ilawa kitni sale hui").but == {"product": ("Khaddar",)}


def test_two_are_held_against_each_other() -> None:
    assert read("did Sara or Omar win more deals").rivals == (
        "owner", ("Sara Malik", "Omar Farooq"),
    )  # fmt: skip
    more = read("how many more deals did Omar win than Sara")
    assert (more.wanted, more.rivals) == ("difference", ("owner", ("Omar Farooq", "Sara Malik")))
    grown = read("growth of revenue from Q2 to Q3")
    assert grown.wanted == "growth"
    assert grown.span == Span(date(2026, 7, 1), date(2026, 9, 30))
    assert grown.against == Span(date(2026, 4, 1), date(2026, 6, 30))
    now = read("how did we do against last month")
    assert now.span == Span(date(2026, 11, 1), TODAY)
    assert now.against == Span(date(2026, 10, 1), date(2026, 10, 31))
    behind = read("Q2 ke muqable Q3 mein kitni deals jeeti")
    assert behind.span == grown.span
    outcomes = read("how many more deals did we win than lose in 2025")
    assert (outcomes.wanted, outcomes.which) == ("outcomes", "won")


def test_what_it_must_come_to() -> None:
    assert read("how many deals worth more than 5 lakh did we win").worth == Bound(Decimal(500000))
    several = read("which reps won more than 20 deals")
    assert several.having == Bound(Decimal(20))
    assert several.measure == "count"
    assert read("how many deals took longer than 100 days").days == Bound(Decimal(100))
    assert read("120 din se zyada mein kitni deals jeeti").days == Bound(Decimal(120))
    assert read("how many reps have a win rate above 60%").having == Bound(Decimal("0.6"))


def test_a_share_is_of_the_whole() -> None:
    assert read("what share of revenue came from Khaddar").of_whole == "product"
    told = read("what percentage of deals in Q2 did we win")
    assert (told.wanted, told.of_whole, told.which) == ("share", None, "won")


@pytest.mark.parametrize(
    "text",
    [
        "call Sara tomorrow",
        "سارہ کو کل فون کرنا",
        "Sara se mulaqat hui",
        "thanks!",
    ],
)
def test_what_asks_for_no_figure_of_deals(text: str) -> None:
    assert read_figure(text, TODAY, VALUES, OWN) is None
