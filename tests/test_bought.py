"""What a customer bought in all, and who bought most: orders, and won deals without one, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.reply import Chart, Reply
from language.reader import read
from language.setting import Setting
from storage.models import Deal, Order
from storage.scope import within
from tests.conversation import Conversation, words
from tests.test_kept_and_grown import intents_of

NOON = datetime.fromisoformat("2026-11-24T12:00:00+05:00")


@pytest.fixture
def shop(chat: Conversation) -> Conversation:
    """Gul Ahmed has orders alone, Halal Dairy a won deal alone, Nishat Mills both."""
    for said in (
        "Gul Ahmed ordered 40 rolls for 2 lakh",
        "Gul Ahmed ordered 10 rolls for 50000",
        "deal with Halal Dairy 3 lakh",
        "halal dairy deal won",
        "Nishat Mills ordered 3 rolls for 40000",
        "deal with Nishat Mills 1 lakh",
        "nishat mills deal won",
    ):
        chat.says(said)
    return chat


def leaders(reply: Reply) -> list[tuple[str, str]]:
    (chart,) = (part for part in reply.parts if isinstance(part, Chart))
    return [(point.label, point.said) for point in chart.points]


IN_ALL = {
    "en": "how much has gul ahmed bought in total",
    "roman": "gul ahmed ne ab tak kul kitna khareeda",
    "ur": "گل احمد نے اب تک کل کتنا خریدا",
}


@pytest.mark.parametrize("said", IN_ALL.values())
def test_orders_alone_are_what_was_bought(shop: Conversation, said: str) -> None:
    told = words(shop.says(said))
    assert "2.5" in told  # lakh
    assert "(2" in told


def test_a_won_deal_alone_is_bought_too(shop: Conversation) -> None:
    told = words(shop.says("how much has halal dairy bought in total"))
    assert "Halal Dairy has bought Rs 3 lakh in all" in told
    assert "Won deals without an order: Rs 3 lakh (one, on 23 Nov 2026)" in told
    assert "Orders" not in told.replace("All orders", "")


def test_orders_and_won_deals_are_told_apart_and_together(shop: Conversation) -> None:
    told = words(shop.says("how much has nishat mills bought in total"))
    assert "Rs 1.4 lakh in all" in told
    assert "Orders: Rs 40,000 (one, on 23 Nov 2026)" in told
    assert "Won deals without an order: Rs 1 lakh" in told


def test_a_won_deal_that_has_an_order_is_not_counted_twice(shop: Conversation) -> None:
    with shop.database.transaction() as session, within(session, 1):
        deal = session.scalars(
            select(Deal).where(Deal.workspace_id == 1, Deal.amount_minor == 10_000_000)
        ).one()
        order = session.scalars(
            select(Order).where(Order.workspace_id == 1, Order.amount_minor == 4_000_000)
        ).one()
        order.deal_id = deal.id
    told = words(shop.says("how much has nishat mills bought in total"))
    assert "Nishat Mills has bought Rs 40,000 in all" in told
    assert "Won deals" not in told
    assert ("Nishat Mills", "Rs 40,000") in leaders(shop.says("biggest buyers this year"))


def test_a_cancelled_order_was_not_bought(shop: Conversation) -> None:
    with shop.database.transaction() as session, within(session, 1):
        order = session.scalars(
            select(Order).where(Order.workspace_id == 1, Order.amount_minor == 5_000_000)
        ).one()
        order.status = "Cancelled"
    assert "Gul Ahmed has bought Rs 2 lakh" in words(shop.says("total business with gul ahmed"))
    assert ("Gul Ahmed", "Rs 2 lakh") in leaders(shop.says("biggest buyers this year"))


def test_of_a_time_only_what_was_bought_then(shop: Conversation) -> None:
    assert "Gul Ahmed, 2026: bought Rs 2.5 lakh" in words(
        shop.says("how much did gul ahmed buy this year")
    )
    none = shop.says("how much did gul ahmed buy in march")
    assert "Gul Ahmed bought nothing in that time: Mar 2026." in words(none)
    assert "Rs 2.5 lakh in all" in words(shop.taps("Bought in all"))
    shop.clock.set(shop.clock.now() + timedelta(days=60))
    shop.says("gul ahmed ordered 5 rolls for 70000")
    assert "Rs 70,000" in words(shop.says("how much did gul ahmed buy this year"))
    assert "Rs 2.5 lakh" in words(shop.says("how much did gul ahmed buy last year"))


def test_each_currency_is_told_for_itself(shop: Conversation) -> None:
    shop.says("gul ahmed ordered 3 looms for $500")
    told = words(shop.says("how much has gul ahmed bought in total"))
    assert "Gul Ahmed has bought Rs 2.5 lakh, $500 in all" in told
    assert "Together" not in told  # no rate is known
    shop.says("rate of USD on 1 October was 250 PKR")
    told = words(shop.says("how much has gul ahmed bought in total"))
    assert "Together Rs 3.75 lakh." in told
    assert leaders(shop.says("biggest buyers this year"))[0] == ("Gul Ahmed", "Rs 3.75 lakh")


def test_what_has_no_amount_is_told_as_such(shop: Conversation) -> None:
    shop.says("gul ahmed ordered 3 looms")
    assert "Of one purchase no amount is written down." in words(shop.says(IN_ALL["en"]))
    shop.says("Bilal Traders ordered 3 looms")
    told = words(shop.says("how much has bilal traders bought in total"))
    assert "Bilal Traders has bought once; what it cost is not written down" in told
    assert "One customer more bought" in words(shop.says("biggest buyers this year"))


def test_whoever_was_spoken_of_is_meant(shop: Conversation) -> None:
    shop.says("halal dairy ordered 2 crates for 20000")
    for said in ("how much have they bought in total", "unhone ab tak kitna khareeda"):
        assert "Halal Dairy" in words(shop.says(said))


MOST = {
    "en": (
        "biggest buyers this year",
        "who bought the most this year",
        "my top 5 customers in 2026",
    ),
    "roman": ("is saal ke sab se bare gahak", "is saal sab se zyada kis ne khareeda"),
    "ur": ("اس سال کے سب سے بڑے گاہک", "اس سال سب سے زیادہ کس نے خریدا"),
}


@pytest.mark.parametrize("said", [each for some in MOST.values() for each in some])
def test_the_biggest_buyers_of_a_time_by_orders_and_deals(shop: Conversation, said: str) -> None:
    found = leaders(shop.says(said))
    assert [name for name, _ in found] == ["Halal Dairy", "Gul Ahmed", "Nishat Mills"]


def test_of_the_biggest_as_many_as_were_asked_for(shop: Conversation) -> None:
    assert [name for name, _ in leaders(shop.says("top 2 customers this year"))] == [
        "Halal Dairy", "Gul Ahmed",
    ]  # fmt: skip
    assert "Nobody bought" in words(shop.says("biggest buyers in march"))


def test_without_a_time_customers_are_ranked_by_value_as_ever(shop: Conversation) -> None:
    assert intents_of(shop, "top customers by value") == ["stats.show"]


def test_whose_name_is_no_customers_is_looked_for_elsewhere(shop: Conversation) -> None:
    shop.says("hello", by="Sara")
    assert "Sales, Sara" in words(shop.says("how much did Sara buy this year"))


def test_others_private_customers_are_left_out(shop: Conversation) -> None:
    shop.says("hello", by="Sara")
    shop.says("Danish Butt ordered 4 rolls for 9 lakh")
    shop.says("make danish butt private")
    assert "Danish Butt" in dict(leaders(shop.says("biggest buyers this year")))
    assert "Danish Butt" not in dict(leaders(shop.says("biggest buyers this year", by="Sara")))
    assert "9 lakh" not in words(shop.says("how much has danish butt bought in total", by="Sara"))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("how much has sara malik bought in total", "sara malik"),
        ("sara malik ne ab tak kitna khareeda", "sara malik"),
        ("سارا ملک نے اب تک کتنا خریدا", "سارا ملک"),
    ],
)
def test_sara_is_somebody_and_does_not_mean_all_of_it(said: str, name: str) -> None:
    (asked,) = read(said, NOON, Setting())
    assert (asked.intent, asked.slots["contact"]) == ("order.total", name)
    (order,) = read("Sara ordered goods worth 50000", NOON, Setting())
    assert (order.intent, order.slots["contact"]) == ("order.add", "Sara")


def test_so_many_of_the_best_are_said_in_words_too() -> None:
    for said in ("biggest five buyers this year", "is saal ke paanch sab se bare gahak"):
        (asked,) = read(said, NOON, Setting())
        assert (asked.intent, asked.slots["top"]) == ("order.buyers", 5)
