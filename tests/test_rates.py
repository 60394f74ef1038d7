"""Amounts in several currencies: sums at dated rates, told with the rate, never made up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.rates import Quote, Quotes, plain, rate_of, worth
from tests.conversation import Conversation, labels, words

TELLING = {
    "en": "1 USD = 278.5 PKR",
    "roman": "dollar ka rate 278.5 hai",
    "ur": "ڈالر کا ریٹ ۲۷۸.۵ روپے",
}
USED = {
    "en": "USD at 278.50 of 23 Nov 2026",
    "roman": "USD ka rate 278.50, 23 Nov 2026 ka",
    "ur": "USD کا ریٹ 278.50، 23 نومبر 2026 کا",
}


@pytest.mark.parametrize("tongue", TELLING)
def test_a_rate_is_told_and_sums_take_it(chat: Conversation, tongue: str) -> None:
    chat.says("deal 1 lakh with Nishat Mills")
    chat.says("deal $9000 with Limelight")
    assert "1 USD = 278.50 PKR" in words(chat.says(TELLING[tongue]))
    told = words(
        chat.says({"en": "pipeline", "roman": "pipeline dikhao", "ur": "پائپ لائن"}[tongue])
    )
    assert "2,606,500" in told  # 100,000 + 9,000 x 278.5
    assert USED[tongue] in told


@pytest.mark.parametrize(
    ("said", "rate", "day"),
    [
        ("rate of the dollar on 1 October was 281", "281.00", "1 Oct 2026"),
        ("1 اکتوبر کو ڈالر کا ریٹ ۲۸۱ تھا", "281.00", "1 Oct 2026"),
        ("1 october ko dollar ka rate 281 tha", "281.00", "1 Oct 2026"),
        ("on 3 Oct one dollar was worth 280.25 rupees", "280.25", "3 Oct 2026"),
        ("US dollar rate for 15/10/2026: 282.10", "282.10", "15 Oct 2026"),
        ("kal dollar ka rate 279 tha", "279.00", "22 Nov 2026"),
        ("dollar aaj 280 ka ho gaya", "280.00", "23 Nov 2026"),
        ("ek dollar 278 rupay ka hai", "278.00", "23 Nov 2026"),
        ("usd/pkr 278.9", "278.90", "23 Nov 2026"),
        ("$1 = Rs 278.95", "278.95", "23 Nov 2026"),
        ("exchange rate: 1 USD=278.505PKR", "278.505", "23 Nov 2026"),
    ],
)
def test_rates_in_many_words(chat: Conversation, said: str, rate: str, day: str) -> None:
    chat.says("hello")
    chat.says(said)
    chat.says("speak english")
    told = words(chat.says("rates"))
    assert f"1 USD = {rate} PKR | {day}" in told


def test_several_at_once(chat: Conversation) -> None:
    chat.says("rates on 1 October: USD 278.5, EUR 301.2, 1 AED = 75.9")
    told = words(chat.says("exchange rates"))
    for line in ("1 USD = 278.50 PKR", "1 EUR = 301.20 PKR", "1 AED = 75.90 PKR"):
        assert f"{line} | 1 Oct 2026" in told


@pytest.mark.parametrize(
    "said",
    [
        "deal with Sara 5000 USD", "Ali said the dollar rate is 278", "rate 500 per kg for Bilal",
        "send the rate list to Ali", "won Limelight 9000 dollars",
        "the rate for Bilal is 50 dollars",
        "call Sara about the dollar rate tomorrow", "note Limelight: 1 USD = 278 is their rate",
    ],
)  # fmt: skip
def test_what_is_about_customers_is_no_rate(chat: Conversation, said: str) -> None:
    chat.says("deal $9000 with Limelight")
    chat.says(said)
    assert "No rates yet" in words(chat.says("rates"))


def test_a_won_deal_counts_at_the_rate_up_to_its_day(chat: Conversation) -> None:
    chat.says("rate of the dollar on 1 October was 281")
    chat.says("rate of the dollar on 20 November was 278.5")
    chat.says("deal $1000 with Limelight")
    told = words(chat.says("won Limelight"))
    assert "Rs 278,500" in told
    assert "USD at 278.50 of 20 Nov 2026" in told
    chat.says("rate of the dollar on 24 November 2026 is 300")
    told = words(chat.says("sales this month"))
    assert "Rs 278,500" in told
    assert "300" not in told
    chat.says("rate of the dollar on 20 November was 280")  # corrected
    assert "Rs 2.8 lakh" in words(chat.says("sales this month"))


def test_without_a_rate_a_deal_is_left_out_and_counted_as_left_out(chat: Conversation) -> None:
    chat.says("deal 1 lakh with Nishat Mills")
    chat.says("won Nishat Mills")
    chat.says("deal $9000 with Limelight")
    told = words(chat.says("won Limelight"))
    assert "I know no rate of 23 Nov 2026 or before" in told
    for asked in ("sales this month", "average deal size", "how much did we sell this month"):
        told = words(chat.says(asked))
        assert "Rs 1 lakh" in told
        assert "Left out: one deal in USD" in told
    chat.taps("Tell the USD rate")
    assert "1 USD = 278.00 PKR" in words(chat.says("278"))
    assert "Rs 26.02 lakh" in words(chat.says("sales this month"))


def test_nothing_but_what_is_left_out_is_not_nothing(chat: Conversation) -> None:
    chat.says("deal $9000 with Limelight")
    told = words(chat.says("pipeline"))
    assert "lead | 1 | —" in told.lower()
    assert "Left out: one deal in USD" in told
    assert "Rs 0" not in told


def test_a_rate_that_leaps_is_asked_about(chat: Conversation) -> None:
    chat.says("1 USD = 278.5 PKR")
    for slip in ("1 USD = 2785 PKR", "1 USD = 27.85 PKR", "1 PKR = 278.5 USD"):
        assert "was" in words(chat.says(slip))
        assert "1 USD = 278.50 PKR" in words(chat.says("rates"))
    chat.says("1 USD = 2785 PKR")
    chat.taps("Yes, 2,785.00")
    assert "1 USD = 2,785.00 PKR" in words(chat.says("rates"))


def test_rates_are_taken_back_and_undone(chat: Conversation) -> None:
    chat.says("1 USD = 278.5 PKR")
    assert "Before: USD at 278.50" in words(chat.says("1 USD = 280 PKR"))
    chat.taps("Undo")
    assert "1 USD = 278.50 PKR" in words(chat.says("rates"))
    assert "Rate removed" in words(chat.says("remove the dollar rate"))
    assert "No rates yet" in words(chat.says("rates"))
    assert "no such rate" in words(chat.says("remove the euro rate of 1 October"))


def test_only_managers_and_owners_tell_rates(chat: Conversation) -> None:
    assert "manager" in words(chat.says("1 USD = 278.5 PKR", by="Bilal"))
    assert "No rates yet" in words(chat.says("rates", by="Bilal"))
    chat.says("deal $9000 with Limelight", by="Bilal")
    told = chat.says("pipeline", by="Bilal")
    assert "Left out" in words(told)
    assert not [label for label in labels(told) if "USD" in label]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("1 PKR = 278 PKR", "your own currency"),
        ("1 USD = 0 PKR", "no rate"),
        ("usd rate 0", "no rate"),
    ],
)
def test_what_is_no_rate_is_refused(chat: Conversation, said: str, answer: str) -> None:
    chat.says("hello")
    assert answer in words(chat.says(said))
    assert "No rates yet" in words(chat.says("rates"))


def test_the_other_way_round_and_over_a_third(chat: Conversation) -> None:
    chat.says("1 EUR = 1.08 USD")
    chat.says("deal 1000 EUR with Limelight")
    assert "Left out" in words(chat.says("pipeline"))
    chat.says("1 USD = 250 PKR")
    told = words(chat.says("pipeline"))
    assert "Rs 2.7 lakh" in told
    assert "EUR at 1.08 USD" in told
    assert "USD at 250.00" in told
    chat.says("currency is USD")
    assert "$1,080" in words(chat.says("pipeline"))


# --- the rules ----------------------------------------------------------------------------------

OCTOBER = date(2026, 10, 1)


def quote(day: int, currency: str, base: str, rate: str) -> Quote:
    return Quote(OCTOBER + timedelta(days=day), currency, base, Decimal(rate))


def test_the_latest_that_is_not_after_the_day() -> None:
    quotes = Quotes([quote(0, "USD", "PKR", "281"), quote(9, "PKR", "USD", "0.0036")])
    assert quotes.pair("USD", "PKR", OCTOBER - timedelta(days=1)) is None
    assert quotes.way("USD", "PKR", OCTOBER + timedelta(days=8)) == (quote(0, "USD", "PKR", "281"),)
    way = quotes.way("USD", "PKR", OCTOBER + timedelta(days=9))
    assert worth(100, "USD", "PKR", way) == 100 / Fraction("0.0036")


def test_one_of_both_goes_before_two_over_a_third() -> None:
    known = [
        quote(0, "EUR", "PKR", "300"),
        quote(5, "EUR", "USD", "1"),
        quote(5, "USD", "PKR", "280"),
    ]
    assert worth(1, "EUR", "PKR", Quotes(known).way("EUR", "PKR", OCTOBER.replace(day=20))) == 300


def test_of_two_ways_the_fresher() -> None:
    known = [
        quote(0, "EUR", "USD", "1"), quote(9, "USD", "PKR", "280"),
        quote(5, "EUR", "AED", "4"), quote(6, "AED", "PKR", "76"),
    ]  # fmt: skip
    way = Quotes(known).way("EUR", "PKR", OCTOBER.replace(day=20))
    assert [each.currency for each in way] == ["EUR", "AED"]


def test_minor_units_differ() -> None:
    assert worth(1000, "JPY", "PKR", [quote(0, "JPY", "PKR", "1.8")]) == 180000
    assert worth(1500, "KWD", "PKR", [quote(0, "KWD", "PKR", "900")]) == 135000


@given(
    some.integers(-(10**15), 10**15),
    some.decimals("0.0000000001", "999999999", places=10, allow_nan=False),
    some.sampled_from(["USD", "JPY", "KWD"]),
)
def test_there_and_back_is_what_it_was(minor: int, rate: Decimal, currency: str) -> None:
    way = [Quote(OCTOBER, currency, "PKR", rate)]
    there = worth(minor, currency, "PKR", way)
    factor = way[0].factor("PKR")
    assert there * factor * 10 ** {"USD": 2, "JPY": 0, "KWD": 3}[currency] / 100 == minor


@pytest.mark.parametrize(
    ("value", "units", "rate"),
    [
        ("278.5", "1", "278.50"), ("180", "100", "1.80"), ("0.0036", "1", "0.0036"),
        ("836", "3", "278.6666666667"), ("1E+3", "1", "1,000.00"),
    ],
)  # fmt: skip
def test_a_rate_is_kept_as_it_was_told(value: str, units: str, rate: str) -> None:
    exact = rate_of(Decimal(value), Decimal(units))
    assert exact is not None
    assert plain(exact) == rate


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity", "1e30", "1e-30"])
def test_what_is_no_rate(value: str) -> None:
    assert rate_of(Decimal(value)) is None


def test_a_sum_without_a_currency_is_in_that_of_the_deal(chat: Conversation) -> None:
    chat.says("deal with Halal Foods USD 15000 for denim")
    assert "$12,000" in words(chat.says("Halal Foods deal is now 12000"))
    assert "$11,000" in words(chat.says("won halal 11000"))
    chat.says("undo")
    assert "Rs 11,000" in words(chat.says("won halal Rs 11000"))
    chat.says("undo")
    assert "$11,500" in words(chat.says("halal ki deal jeet gaye 11500 mein"))
