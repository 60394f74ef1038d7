"""What customers will bring by the contracts they have, with orders and without."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from handlers.reply import Chart
from rules.contracts import Course, Curve, hazard, plain
from rules.lifetime import DISCOUNT, WEEKS, of_contract, together
from storage.contract_facts import contract_of
from storage.models import Outlook
from tests.conversation import Conversation, words
from tests.test_contracts import published
from tests.test_outlook import bought, learned_team, row_of

TODAY = date(2026, 11, 23)
LAKH = 100_000.0


# --- reckoned -------------------------------------------------------------------------------------


@pytest.mark.parametrize("months", [1, 3, 12, 24])
@pytest.mark.parametrize("days", [-20, 0, 40, 300])
def test_it_is_what_comes_on_average(months: int, days: int) -> None:
    """Against many customers who stay or leave by lot, day by day, each day discounted."""
    curve, dice = Curve(0.3, 0.4, 100, 30), Random(3)
    renews = TODAY + timedelta(days=days)
    told = of_contract(curve, 2, renews, months, LAKH, TODAY)
    horizon = round(7 * WEEKS)
    ends = [0.0]
    for day in range(horizon):
        ends.append(ends[-1] + LAKH / 365.25 * (1 + DISCOUNT) ** (-(day + 0.5) / 365.25))
    came = []
    for _ in range(20_000):
        nth, at = 2, 0.0
        until = max(0, days)
        while until < horizon and dice.random() >= curve.at(nth):
            nth, at = nth + 1, at + months * 30.4375
            until = max(0, round(days + at))
        came.append(ends[min(until, horizon)])
    came.sort()
    assert told.middle == pytest.approx(sum(came) / len(came), rel=0.02)
    assert told.low == pytest.approx(came[len(came) // 10], rel=0.05, abs=LAKH / 50)
    assert told.high == pytest.approx(came[9 * len(came) // 10], rel=0.05)


def test_who_has_stayed_for_long_is_worth_more() -> None:
    """What the published customers teach: the chance to leave falls with every renewal, which one
    chance for all of them would overlook."""
    known = hazard(published())
    renews = TODAY + timedelta(days=30)
    values = [of_contract(known.of(12), nth, renews, 12, LAKH, TODAY).middle for nth in (1, 2, 5)]
    assert values == sorted(values)
    assert values[-1] > 1.1 * values[0]


@given(
    some.floats(0.02, 0.9), some.floats(0, 5), some.integers(1, 20), some.integers(-400, 800),
    some.integers(1, 60),
)  # fmt: skip
def test_the_range_holds_the_value(
    mean: float, spread: float, nth: int, days: int, months: int
) -> None:
    curve = Curve(mean, spread, 100, 20)
    told = of_contract(curve, nth, TODAY + timedelta(days=days), months, LAKH, TODAY)
    whole = of_contract(Curve(0.0, 0.0, 0, 0), nth, TODAY, 1, LAKH, TODAY).middle
    assert 0 <= told.low <= told.high
    assert 0 <= told.middle <= whole * (1 + 1e-9)
    assert told.high <= whole * (1 + 1e-9)
    worse = Curve(min(1.0, mean * 1.5), spread, 100, 20)
    less = of_contract(worse, nth, TODAY + timedelta(days=days), months, LAKH, TODAY)
    assert less.middle <= told.middle


def test_several_contracts_add_up() -> None:
    one = of_contract(plain(12, 0, 0), 1, TODAY + timedelta(days=9), 12, LAKH, TODAY)
    both = together([one, one])
    assert (both.low, both.middle, both.high) == (2 * one.low, 2 * one.middle, 2 * one.high)
    assert both.renewals == 2 * one.renewals


def test_a_renewal_long_overdue_is_the_last_one() -> None:
    known = hazard([Course(12, 0, 1, False, 8)])
    late = of_contract(known.of(12), 1, date(2023, 11, 20), 12, LAKH, TODAY)
    assert late == of_contract(known.of(12), 1, date(2026, 11, 20), 12, LAKH, TODAY)


# --- asked ----------------------------------------------------------------------------------------


@pytest.fixture
def firm(chat: Conversation) -> Conversation:
    """A firm that lives by contracts alone."""
    chat.says("Nishat Mills has a yearly contract of 12 lakh, renews 1 March")
    chat.says("Sapphire has a monthly contract of 50 thousand, renews 1 December")
    chat.says("Gul Ahmed has a contract, renews 5 January")
    return chat


@pytest.mark.parametrize(
    ("asked", "about", "why"),
    [
        ("what is Nishat worth?", "will probably bring Rs 21.6 lakh in the next 3 years",
         "3 renewals are due in 3 years; by rule of thumb the next one comes"),
        ("نشاط کتنا قیمتی گاہک ہے؟", "اگلے 3 سال میں غالباً 21.6 لاکھ روپے",
         "عام اندازے سے اگلی کا امکان 82%"),
        ("Nishat kitna qeemti gahak hai?", "agle 3 saal mein ghaliban Rs 21.6 lakh",
         "aam andaze se agli ka imkan 82%"),
    ],
)  # fmt: skip
def test_what_somebody_is_worth_by_contract(
    firm: Conversation, asked: str, about: str, why: str
) -> None:
    if not asked.isascii():
        firm.says("نشاط ملز گاہک ہے")
    told = words(firm.says(asked))
    assert about in told
    assert why in told


def test_without_a_sum_nothing_is_claimed(firm: Conversation) -> None:
    assert "I do not know what Gul Ahmed pays" in words(firm.says("what is Gul Ahmed worth?"))
    firm.says("Gul Ahmed has a yearly contract of 5 lakh")
    assert "will probably bring" in words(firm.says("what is Gul Ahmed worth?"))


def test_who_cancelled_brings_nothing_more_until_it_is_undone(firm: Conversation) -> None:
    firm.says("Nishat cancelled the contract, too expensive")
    told = words(firm.says("what is Nishat worth?"))
    assert "Nothing more is to be expected from Nishat Mills" in told
    assert "too expensive" in told
    firm.says("undo")
    assert "Rs 21.6 lakh" in words(firm.says("what is Nishat worth?"))


def test_who_pays_by_contract_stands_among_the_most_valuable(firm: Conversation) -> None:
    [chart] = [
        part for part in firm.says("top customers by value").parts if isinstance(part, Chart)
    ]
    assert [point.label for point in chart.points] == ["Nishat Mills", "Sapphire"]
    bought(firm, "Bilal Traders", 220, 199, 178, 157, 136, 115, 94, 80, minor=20_000_00)
    [chart] = [
        part for part in firm.says("top customers by value").parts if isinstance(part, Chart)
    ]
    assert chart.title == "Customers by what they bring in a year"
    assert [(point.label, point.value) for point in chart.points] == [
        ("Nishat Mills", 1_200_000), ("Sapphire", 600_000), ("Bilal Traders", 160_000),
    ]  # fmt: skip


def test_orders_and_a_contract_make_one_value(firm: Conversation) -> None:
    """Once there is something to learn from."""
    learned_team(firm, late=3)
    firm.rings()
    told = words(firm.says("what is Nishat worth?"))
    row, alone = row_of(firm, "Nishat Mills"), row_of(firm, "Sapphire")
    assert row is not None
    assert alone is not None
    by_contract = contract_of(row)["worth"][1]
    assert alone.value_minor == contract_of(alone)["worth"][1]
    assert row.value_minor is not None
    assert row.value_minor > by_contract > 15 * LAKH
    assert "of that by contract, the rest by orders" in told
    firm.says("Sapphire has another yearly contract of 90 lakh, renews 5 December")
    firm.says("what is Sapphire worth?")
    [chart] = [
        part for part in firm.says("top customers by value").parts if isinstance(part, Chart)
    ]
    values = [point.value for point in chart.points]
    assert values == sorted(values, reverse=True)
    assert chart.points[0].label == "Sapphire"
    assert "Nishat Mills" in {point.label for point in chart.points}


def test_of_several_contracts_the_one_that_may_end_is_told_of(firm: Conversation) -> None:
    """A monthly one that goes on by itself hides no yearly one that is to be spoken of."""
    firm.says("Sapphire has another yearly contract of 24 lakh, renews 5 December")
    told = words(firm.says("why is Sapphire at risk?"))
    assert "It renews on Saturday 5 Dec, and nobody has been in touch lately." in told
    with firm.database.transaction() as session:
        rows = session.scalars(select(Outlook)).all()
        stakes = {round(row.stake_minor / 100) for row in rows}
    assert any(stake > 0.18 * 2_400_000 for stake in stakes)
