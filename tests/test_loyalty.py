"""Loyalty tiers: by what was bought in twelve months, in own words, told when they change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from language.loyalty import read_loyalty
from language.sheet import lay_out
from rules.loyalty import ENOUGH, Tier, fall, in_year, tier_of, usual
from tests.conversation import Conversation, words
from tests.test_outlook import bought

TODAY = date(2026, 11, 23)
TIERS = [Tier("gold", 1000), Tier("silver", 300)]
LAKH = 100_000_00
SHOPS = [
    "Anwar",
    "Bashir",
    "Crescent",
    "Dawood",
    "Edhi",
    "Feroze",
    "Gulshan",
    "Habib",
    "Iqbal",
    "Jameel",
]


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("who are our gold customers", "list", {"tier": "gold"}),
        ("kaun se customers gold hain", "list", {"tier": "gold"}),
        ("گولڈ گاہک کون سے ہیں", "list", {"tier": "gold"}),
        ("show silver customers", "list", {"tier": "silver"}),
        ("Bilal kis tier me hai", "show", {"contact": "Bilal"}),
        ("what tier is Bilal in?", "show", {"contact": "Bilal"}),
        ("is Bilal Traders gold?", "show", {"contact": "Bilal Traders"}),
        ("بلال کس درجے میں ہے؟", "show", {"contact": "بلال"}),
        ("loyalty tiers", "settings", {}),
        ("درجے دکھاؤ", "settings", {}),
        ("gold tier 10 lakh se", "set", {"tiers": [{"name": "gold", "amount": 1000000}]}),
        ("درجے: گولڈ 10 لاکھ، سلور 3 لاکھ", "set",
         {"tiers": [{"name": "gold", "amount": 1000000}, {"name": "silver", "amount": 300000}]}),
        ("tiers: VIP 50 lakh, Khaas 10 lakh", "set",
         {"tiers": [{"name": "VIP", "amount": 5000000}, {"name": "Khaas", "amount": 1000000}]}),
        ("reset tiers", "set", {"tiers": []}),
    ],
)  # fmt: skip
def test_tiers_are_asked_for_and_set_in_words(
    said: str, intent: str, slots: dict[str, object]
) -> None:
    (action,) = read_loyalty(lay_out(said))
    assert (action.intent, dict(action.slots)) == (f"tier.{intent}", slots)


@pytest.mark.parametrize(
    "said",
    [
        "Nishat ordered 40 gold chains for 2 lakh",
        "Gold Star Traders deal 5 lakh",
        "met Ali from Silver Line",
        "gold price 10 lakh",
        "show Diamond Foods",
        "is Diamond Foods active?",
        "add product gold ring 50000",
    ],
)
def test_gold_that_is_sold_is_no_tier(said: str) -> None:
    assert read_loyalty(lay_out(said)) == []


def test_the_usual_tiers_come_of_the_customers_themselves(chat: Conversation) -> None:
    chat.says("hello")
    assert "no tiers yet" in words(chat.says("loyalty tiers"))
    for n, name in enumerate(SHOPS, 1):
        bought(chat, f"{name} Traders", 20, minor=n * LAKH)
    told = words(chat.says("loyalty tiers"))
    assert "Gold: from Rs 10 lakh: 1 customer" in told
    assert "Silver: from Rs 8 lakh: 2 customers" in told
    assert "Jameel Traders: Rs 10 lakh" in words(chat.says("who are our gold customers"))
    assert "Bronze customer: Rs 1 lakh in 12 months" in words(chat.says("show Anwar Traders"))
    assert "Rs 5 lakh more to Silver" in words(chat.says("what tier is Crescent Traders in?"))


def test_own_tiers_hold_and_undo_takes_them_back(chat: Conversation) -> None:
    chat.says("hello")
    bought(chat, "Bilal Traders", 20, minor=60 * LAKH)
    bought(chat, "Nishat Mills", 20, minor=20 * LAKH)
    assert "Tiers set" in words(chat.says("tiers: VIP 50 lakh, Khaas 10 lakh"))
    assert "Bilal Traders: Rs 60 lakh" in words(chat.says("VIP customers"))
    assert "Nishat Mills Khaas gahak hai" in words(chat.says("Nishat kis tier me hai"))
    chat.says("tiers: VIP 50 lakh, Khaas 10 lakh", by="Sara")
    assert "no tier" in words(chat.says("who are our gold customers"))
    chat.says("reset tiers")
    chat.taps("Undo")
    assert "Bilal Traders" in words(chat.says("VIP customers"))


def test_a_rise_and_a_fall_that_is_near_are_told(chat: Conversation) -> None:
    chat.says("tiers: gold 10 lakh, silver 3 lakh")
    bought(chat, "Nishat Mills", 340, minor=4 * LAKH)
    heard = " ".join(words(each.reply) for each in chat.rings())
    assert "Falls out of Silver on" in heard
    assert "Rs 3 lakh more keeps them" in heard
    chat.says("Nishat Mills ordered 40 rolls for 12 lakh")
    chat.clock.set(datetime(2026, 11, 24, 7, tzinfo=UTC))
    heard = " ".join(words(each.reply) for each in chat.rings())
    assert "Is a Gold customer now: Rs 16 lakh in 12 months" in heard
    chat.clock.set(datetime(2026, 11, 25, 7, tzinfo=UTC))
    assert "customer now" not in " ".join(words(each.reply) for each in chat.rings())


# --- the rule -------------------------------------------------------------------------------------


def test_too_few_customers_have_no_tiers() -> None:
    assert usual([100] * (ENOUGH - 1)) == []
    assert [tier.key for tier in usual([100 * n for n in range(1, 30)])] == [
        "gold", "silver", "bronze",
    ]  # fmt: skip


def test_a_fall_is_the_day_on_which_too_much_has_gone_by() -> None:
    year = [(TODAY - timedelta(days=360), 800), (TODAY - timedelta(days=10), 400)]
    down = fall(year, 0, TIERS, TODAY)
    assert down is not None
    assert (down.day, down.to, down.lacks) == (TODAY + timedelta(days=5), TIERS[1], 600)
    assert fall([], 0, TIERS, TODAY) is None
    assert fall(year, 1000, TIERS, TODAY) is None


@given(
    some.lists(some.tuples(some.integers(0, 400), some.integers(1, 900)), max_size=12),
    some.integers(0, 500),
)
def test_whoever_buys_nothing_stands_until_the_fall_that_was_told(
    bought_: list[tuple[int, int]], always: int
) -> None:
    year = [(TODAY - timedelta(days=ago), minor) for ago, minor in bought_]
    tier = tier_of(always + in_year(year, TODAY), TIERS)
    down = fall(year, always, TIERS, TODAY)
    if down is None:
        later_ = always + in_year(year, TODAY + timedelta(days=800))
        assert tier_of(later_, TIERS) == tier
        return
    before = always + in_year(year, down.day - timedelta(days=1))
    assert tier_of(before, TIERS) == tier
    assert tier_of(always + in_year(year, down.day), TIERS) == down.to != tier
