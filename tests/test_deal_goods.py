"""What a deal is about: goods with counts and prices, and an amount that follows them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation import Conversation, labels, words
from tests.scenes import scene
from tests.test_day import kept


@scene
def chat(chat: Conversation) -> None:
    """A team that sells cloth, with a deal whose amount nobody has said."""
    chat.says("add product Denim Fabric 850 per metre")
    chat.says("add product Zipper at Rs 40")
    chat.runs("deal.add", company="Nishat Mills")


def deal(chat: Conversation) -> dict[str, Any]:
    return kept(chat, "deal")[-1]


def lines(chat: Conversation) -> list[tuple[str, str, str | None]]:
    return [(each["product"], each["quantity"], each["price"]) for each in deal(chat)["lines"]]


SAID = {
    "en": "nishat deal: 200 m denim at 850 and 50 zippers",
    "adds": "add 200 metres of denim and 50 zippers to the nishat deal",
    "roman": "nishat deal mein 200 metre denim aur 50 zip add karo",
    "mixed": "Nishat wali deal mein denim 200 metre, zipper 50 adad daal do",
    "ur": "نشاط والی ڈیل میں ۲۰۰ میٹر ڈینم فیبرک اور ۵۰ zipper شامل کرو",
}


@pytest.mark.parametrize("tongue", SAID)
def test_goods_are_added_and_the_amount_follows(chat: Conversation, tongue: str) -> None:
    answer = words(chat.says(SAID[tongue]))
    assert lines(chat) == [("Denim Fabric", "200", "850.00"), ("Zipper", "50", "40.00")]
    assert (deal(chat)["amount"], deal(chat)["counted"]) == ("172000.00", True)
    assert "1.7" in answer


def test_more_of_the_same_is_one_line(chat: Conversation) -> None:
    chat.says("nishat deal: 200 m denim and 50 zippers")
    chat.says("nishat deal mein 2.5 metre denim add karo")
    assert lines(chat)[0] == ("Denim Fabric", "202.5", "850.00")
    assert deal(chat)["amount"] == "174125.00"
    chat.says("make it 100 m denim in the nishat deal")
    assert lines(chat)[0] == ("Denim Fabric", "100", "850.00")
    chat.says("undo")
    chat.says("undo")
    assert deal(chat)["amount"] == "172000.00"


def test_a_sum_is_exact_to_the_coin(chat: Conversation) -> None:
    chat.says("nishat deal: 3.333 kg dye at 99.99 and 50 zippers")
    assert deal(chat)["amount"] == "2333.27"  # 333.26667 and 2,000
    chat.says("33.3% discount on dye in the nishat deal")
    assert deal(chat)["amount"] == "2222.29"  # 222.28887 and 2,000


DISCOUNTS = {
    "en": "10% discount on denim in the nishat deal",
    "give": "give nishat 10% off on denim",
    "roman": "nishat wali deal mein denim par 10% discount do",
}


@pytest.mark.parametrize("tongue", DISCOUNTS)
def test_a_discount_or_a_price_is_for_this_deal_alone(chat: Conversation, tongue: str) -> None:
    chat.says("nishat deal: 100 m denim and 50 zippers")
    chat.says(DISCOUNTS[tongue])
    assert deal(chat)["amount"] == "78500.00"
    chat.says("nishat deal: denim at 800")
    assert deal(chat)["amount"] == "74000.00"
    assert kept(chat, "product")[0]["price"] == "850.00"
    chat.says("nishat deal 5% discount")
    assert {each["discount"] for each in deal(chat)["lines"]} == {"5"}
    assert "between 0 and 100" in words(chat.says("nishat deal 120% discount"))


def test_goods_go_again(chat: Conversation) -> None:
    chat.says("nishat deal: 100 m denim and 50 zippers")
    chat.says("remove zippers from the nishat deal")
    assert deal(chat)["amount"] == "85000.00"
    assert "zippers nahi hai" in words(chat.says("nishat wali deal se zippers hata do"))
    chat.says("nishat deal se denim nikal do")
    assert (lines(chat), deal(chat)["amount"]) == ([], None)


def test_an_amount_that_was_said_is_not_overwritten(chat: Conversation) -> None:
    chat.says("nishat deal is now 2 lakh")
    answer = chat.says("nishat deal: 100 m denim and 50 zippers")
    assert (deal(chat)["amount"], deal(chat)["counted"]) == ("200000.00", False)
    assert "The items come to Rs 87,000" in words(answer)
    chat.taps("Take Rs 87,000")
    assert (deal(chat)["amount"], deal(chat)["counted"]) == ("87000.00", True)
    chat.says("undo")
    assert (deal(chat)["amount"], deal(chat)["counted"]) == ("200000.00", False)


def test_an_amount_said_later_no_longer_follows(chat: Conversation) -> None:
    chat.says("nishat deal: 100 m denim and 50 zippers")
    chat.says("nishat deal is now 80 hazar")
    chat.says("add 10 zippers to the nishat deal")
    assert deal(chat)["amount"] == "80000.00"


def test_what_has_no_price_is_told_and_left_out(chat: Conversation) -> None:
    answer = words(chat.says("nishat deal: 50 zippers and 10 buttons"))
    assert "not in the sum: buttons" in answer
    assert deal(chat)["amount"] == "2000.00"
    chat.says("nishat deal: buttons at 12.50")
    assert deal(chat)["amount"] == "2125.00"


def test_another_currency_is_refused(chat: Conversation) -> None:
    chat.says("nishat deal is now $5000")
    assert "in USD, but Zipper would cost Rs 40" in words(
        chat.says("add 5 zippers to the nishat deal")
    )
    assert lines(chat) == []
    chat.says("nishat deal: 5 zippers at $2")
    assert lines(chat) == [("Zipper", "5", "2.00")]
    chat.says("nishat deal: zippers at Rs 40")
    assert lines(chat) == [("Zipper", "5", "2.00")]


def test_without_a_deal_one_begins_at_a_tap(chat: Conversation) -> None:
    chat.says("add Gul Ahmed, Lahore")
    chat.says("Gul Ahmed deal: 100 m denim and 50 zippers")
    chat.taps("Start a deal")
    assert lines(chat) == [("Denim Fabric", "100", "850.00"), ("Zipper", "50", "40.00")]
    assert deal(chat)["amount"] == "87000.00"


def test_goods_told_with_a_new_deal(chat: Conversation) -> None:
    """Of what is on the price list there is a line; anything else stays as it was told."""
    chat.says("met Sara from Bilal Traders, deal 5 lakh for 200 m denim")
    assert deal(chat)["amount"] == "500000.00"
    assert lines(chat) == [("Denim Fabric", "200", "850.00")]
    chat.says("deal for Bata: 20 looms, 5 lakh")
    assert (lines(chat), deal(chat)["quantity"]) == ([], "20")
    chat.says("deal for Orient: 100 zippers")
    assert (deal(chat)["amount"], deal(chat)["counted"]) == ("4000.00", True)


def test_the_card_offers_what_is_likely(chat: Conversation) -> None:
    chat.says("nishat deal: 100 m denim and 50 zippers")
    card = chat.says("nishat deal details")
    assert labels(card) == ["Next step", "Next stage", "Won", "Edit"]
    assert "100 m Denim Fabric × Rs 850 = Rs 85,000" in words(card)
    assert words(chat.says("show the nishat deal")) == words(card)


def test_a_form_edits_the_goods(chat: Conversation) -> None:
    chat.says("nishat deal: 100 m denim and 50 zippers")
    chat.says("nishat deal details")
    form = chat.taps("Edit")
    assert "Zipper: Quantity: 50" in words(form)
    name = next(line for line in labels(form) if line.startswith("Zipper: Quantity"))
    chat.taps(name)
    chat.says("60")
    assert deal(chat)["amount"] == "87400.00"


def test_goods_are_found_by_the_deal_spoken_of(chat: Conversation) -> None:
    chat.says("nishat deal: 100 m denim and 50 zippers")
    chat.says("add 10 zippers to this deal")
    assert lines(chat)[1] == ("Zipper", "60", "40.00")


def test_two_who_add_at_once_are_asked_nothing(chat: Conversation) -> None:
    """The amount that both of them change follows the goods; neither of them has chosen it."""
    chat.says("nishat deal: 100 m denim and 50 zippers")
    chat.says("add 10 kg dye at 100 to the nishat deal", by="Bilal")
    answer = words(chat.says("add 5 kg wax at 20 to the nishat deal"))
    assert deal(chat)["amount"] == "88100.00"
    assert "88,100" in answer


def test_a_price_for_a_metre_is_none_for_a_yard(chat: Conversation) -> None:
    chat.says("nishat deal: 100 m denim and 50 zippers")
    answer = words(chat.says("add 20 yards of denim to the nishat deal"))
    assert "not in the sum: Denim Fabric" in answer
    assert lines(chat)[-1] == ("Denim Fabric", "20", None)
    assert deal(chat)["amount"] == "87000.00"


MORE = [
    "change denim to 300 m in the nishat deal",
    "nishat wali deal mein 300 metre denim kar do",
    "نشاط والی ڈیل میں ۳۰۰ میٹر ڈینم فیبرک کر دو",
]


@pytest.mark.parametrize("said", MORE)
def test_how_many_is_changed(chat: Conversation, said: str) -> None:
    chat.says("nishat deal: 100 m denim and 50 zippers")
    chat.says(said)
    assert lines(chat)[0] == ("Denim Fabric", "300", "850.00")


def test_the_same_at_the_same_price_is_one_line(chat: Conversation) -> None:
    chat.says("nishat deal mein 5 kg dye add karo 1200 per kg")
    chat.says("nishat deal add 3 kg dye at 1200")
    assert lines(chat) == [("dye", "8", "1200.00")]
