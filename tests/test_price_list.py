"""The price list, kept in the chat: what costs what, in three languages."""

from __future__ import annotations

import pytest

from handlers.reply import Table
from tests.conversation import Conversation, labels, part, words
from tests.test_day import kept


def prices(chat: Conversation) -> dict[str, str]:
    """What the price list says costs what."""
    tables = [each for each in chat.says("price list").parts if isinstance(each, Table)]
    return {row[0]: row[1] for table in tables for row in table.rows}


SAID = {
    "en": (
        "add product Denim Fabric 850 per metre",
        "set the price of denim to 900",
        "how much is denim?",
        "Rs 900 per metre",
    ),
    "roman": (
        "naya product Denim Fabric 850 fi metre",
        "denim ki qeemat 900 kar do",
        "denim ki qeemat kya hai",
        "Rs 900 fi metre",
    ),
    "ur": (
        "نئی پروڈکٹ ڈینم فیبرک ۸۵۰ فی میٹر",
        "ڈینم فیبرک کی قیمت ۹۰۰ کر دو",
        "ڈینم فیبرک کی قیمت",
        "900 روپے فی میٹر",
    ),
}


@pytest.mark.parametrize("tongue", SAID)
def test_a_product_is_added_priced_and_asked_for(chat: Conversation, tongue: str) -> None:
    add, change, ask, said = SAID[tongue]
    chat.says(add)
    (product,) = kept(chat, "product")
    assert (product["price"], product["currency"]) == ("850.00", "PKR")
    assert said in words(chat.says(change))
    assert said in words(chat.says(ask))
    assert len(kept(chat, "product")) == 1


def test_a_product_is_known_by_a_word_a_slip_and_the_other_script(chat: Conversation) -> None:
    chat.says("add product Denim Fabric 850 per metre")
    chat.says("add product Zipper at $4")
    for said in ("price of denim", "price of denim fabrik", "ڈینم کی قیمت", "Zipprs ki qeemat"):
        assert ("850" in words(chat.says(said))) == ("ipp" not in said), said
    assert "There is no satin" in words(chat.says("price of satin"))


def test_of_several_it_is_asked(chat: Conversation) -> None:
    for name in ("Blue Denim", "Black Denim"):
        chat.says(f"add product {name} 850 per metre")
    assert labels(chat.says("set the price of denim to 900"))[:2] == ["Black Denim", "Blue Denim"]
    chat.taps("Black Denim")
    assert prices(chat) == {"Blue Denim": "Rs 850 per metre", "Black Denim": "Rs 900 per metre"}


def test_renamed_retired_and_back(chat: Conversation) -> None:
    chat.says("add product Denim 850 per metre")
    chat.says("rename product Denim to Blue Denim")
    assert list(prices(chat)) == ["Blue Denim"]
    chat.says("retire blue denim")
    assert "empty" in words(chat.says("price list"))
    assert "no longer" in words(chat.says("price of blue denim"))
    chat.says("undo")
    assert list(prices(chat)) == ["Blue Denim"]
    chat.says("product Blue Denim hata do")
    chat.says("add product Blue Denim 870 per metre")
    assert prices(chat) == {"Blue Denim": "Rs 870 per metre"}
    assert len(kept(chat, "product")) == 1


def test_a_category_has_a_list_of_its_own(chat: Conversation) -> None:
    chat.says("add product Denim 850 per metre in category Fabrics")
    chat.says("add product Zipper at 40")
    table = part(chat.says("price list of fabrics"), Table)
    assert [row[0] for row in table.rows] == ["Denim"]
    assert "Fabrics" in words(chat.says("price list of shoes"))


def test_what_is_there_is_not_added_twice(chat: Conversation) -> None:
    chat.says("add product Denim 850")
    assert "already" in words(chat.says("add product denim"))
    assert "was Rs 850" in words(chat.says("add product DENIM 900"))
    assert [row["price"] for row in kept(chat, "product")] == ["900.00"]


def test_a_name_with_figures_and_a_price_with_coins(chat: Conversation) -> None:
    chat.says("add product Denim 14 oz Rs 850.75 per metre")
    (product,) = kept(chat, "product")
    assert (product["name"], product["price"], product["unit"]) == (
        "Denim 14 oz",
        "850.75",
        "metre",
    )


def test_a_form_edits_a_product(chat: Conversation) -> None:
    chat.says("add product Denim 850 per metre")
    form = chat.taps("Edit")
    assert "Price: 850.00 PKR" in words(form)
    (product,) = kept(chat, "product")
    chat.fills({f"product:{product['id']}:price": "lots"})
    assert [row["price"] for row in kept(chat, "product")] == ["850.00"]
    chat.says("price of denim")
    chat.runs("edit", kind="product", record=product["id"])
    chat.fills({f"product:{product['id']}:price": "910", f"product:{product['id']}:unit": "gaz"})
    (product,) = kept(chat, "product")
    assert (product["price"], product["unit"]) == ("910.00", "gaz")


@pytest.mark.parametrize(
    "said", ["naya maal bhej diya", "naya maal aa gaya", "نیا مال بھیج دیا", "naya maal mil gaya"]
)
def test_what_was_sent_or_came_is_no_product(chat: Conversation, said: str) -> None:
    chat.says(said)
    assert kept(chat, "product") == []
    chat.says("naya maal mitti ka diya 40")
    assert prices(chat) == {"mitti ka diya": "Rs 40"}
