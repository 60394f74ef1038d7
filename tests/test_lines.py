"""Sums of lines: exact, whatever the counts, prices and discounts are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lines import Sold, kept, number, total
from rules.money import CurrenciesDiffer, Money

COUNTS = st.decimals("0.001", "999999", places=3)
PERCENTS = st.decimals("0", "100", places=2)
PRICES = st.integers(0, 10**12)


@given(st.lists(st.tuples(COUNTS, PRICES, PERCENTS), min_size=1, max_size=8))
def test_a_sum_is_that_of_its_lines_each_to_the_nearest_coin(
    lines: list[tuple[Decimal, int, Decimal]],
) -> None:
    found = total(Sold(count, Money(price, "PKR"), less) for count, price, less in lines)
    exact = [Fraction(c) * p * (100 - Fraction(d)) / 100 for c, p, d in lines]
    assert found == Money(sum(floor(each + Fraction(1, 2)) for each in exact), "PKR")


def test_what_is_not_known_has_no_sum() -> None:
    assert total([]) is None
    assert total([Sold(Decimal(1), Money(5, "PKR")), None]) is None
    assert total([Sold(Decimal(10) ** 9, Money(2**61, "PKR"))]) is None


def test_two_currencies_have_none_either() -> None:
    lines = [Sold(Decimal(1), Money(5, currency)) for currency in ("PKR", "USD")]
    with pytest.raises(CurrenciesDiffer):
        total(lines)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=6))
def test_a_number_is_kept_as_it_is(value: Decimal) -> None:
    assert number(kept(value)) == value
    assert "E" not in kept(value)


@pytest.mark.parametrize("said", ["", None, "many", "NaN", "Infinity", "1e99"])
def test_what_is_no_number_is_none(said: str | None) -> None:
    assert number(said) is None
