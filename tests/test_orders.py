"""Orders: taken down in three languages, put right, listed, tied to a deal, brought in by files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from language.ordered import order_slots
from storage.database import Database
from tests.conversation import Conversation, labels, words
from tests.test_cli import Rabta
from tests.test_day import kept
from tests.test_importing import kept as exported
from tests.test_importing import put


def the_order(chat: Conversation) -> dict[str, Any]:
    return kept(chat, "order")[-1]


def lines(order: dict[str, Any]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(e["product"], e["quantity"], e["unit"], e["price"]) for e in order["lines"]]


SAID = [
    ("nishat mills ordered 40 rolls for 2 lakh", "200000.00", [("rolls", "40", None, "5000.00")]),
    ("nishat mills ordered 40 rolls @ 5000", "200000.00", [("rolls", "40", None, "5000.00")]),
    (
        "Nishat Mills ordered 200 m denim at 850 and 50 zippers at 40", "172000.00",
        [("denim", "200", "m", "850.00"), ("zippers", "50", None, "40.00")],
    ),
    (
        "new order from Nishat Mills: 40 rolls yarn, 20 kg dye, 2 lakh", "200000.00",
        [("yarn", "40", "rolls", None), ("dye", "20", "kg", None)],
    ),
    ("bilal ne 200 kursiyan mangwai 5 lakh ki", "500000.00",
     [("kursiyan", "200", None, "2500.00")]),
    (
        "nishat mills ne 200 metre denim 850 ke hisab se aur 50 zip 40 wali mangwai", "172000.00",
        [("denim", "200", "metre", "850.00"), ("zip", "50", None, "40.00")],
    ),
    ("آج حلال ڈیری نے ۱۲ کریٹ منگوائے", None, [("کریٹ", "12", None, None)]),
    ("نشاط ملز نے ۴۰ رول منگوائے، ۵۰۰۰ فی رول", "200000.00",
     [("رول", "40", None, "5000.00")]),
    ("نشاط ملز نے ۲۰۰ میٹر ڈینم اور ۵۰ زپ کا آرڈر دیا", None,
     [("ڈینم", "200", "میٹر", None), ("زپ", "50", None, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount", "goods"), SAID)
def test_an_order_is_taken_down(
    chat: Conversation, text: str, amount: str | None, goods: list[Any]
) -> None:
    chat.says(text)
    order = the_order(chat)
    assert (order["amount"], lines(order)) == (amount, goods)
    chat.says("undo")
    assert kept(chat, "order") == []


def test_a_sum_in_another_currency_and_a_day_that_was(chat: Conversation) -> None:
    chat.says("bilal ordered 10 chairs yesterday for $500")
    order = the_order(chat)
    assert (order["amount"], order["currency"], order["day"]) == ("500.00", "USD", "2026-11-22")


def test_the_price_list_prices_what_is_on_it(chat: Conversation) -> None:
    chat.says("add product Denim Fabric 850 per metre")
    chat.says("nishat mills ordered 200 m denim and 50 zippers at 40")
    assert lines(the_order(chat))[0] == ("Denim Fabric", "200", "m", "850.00")
    assert the_order(chat)["amount"] == "172000.00"


def test_a_line_that_is_edited_moves_a_sum_that_nobody_said(chat: Conversation) -> None:
    chat.says("nishat mills ordered 200 m denim at 850 and 50 zippers at 40")
    number = the_order(chat)["id"]
    chat.runs("edit", kind="order", record=number)
    chat.taps("denim: Quantity")
    chat.says("100")
    assert the_order(chat)["amount"] == "87000.00"
    chat.says("undo")
    assert the_order(chat)["amount"] == "172000.00"
    chat.runs("edit", kind="order", record=number)
    chat.taps("When")
    chat.says("20 nov")
    assert the_order(chat)["day"] == "2026-11-20"


def test_an_order_goes_with_its_lines_and_comes_back(chat: Conversation) -> None:
    chat.says("nishat mills ordered 200 m denim at 850 and 50 zippers at 40")
    before = the_order(chat)
    chat.says("orders of nishat")
    chat.taps("today")
    chat.taps("Delete")
    assert kept(chat, "order") == []
    chat.says("undo")
    assert the_order(chat) == before


ASKED = [
    ("orders of Nishat", "Nishat Mills, 2 orders, Rs 5 lakh"),
    ("nishat ke orders dikhao", "Nishat Mills, 2 orders, Rs 5 lakh"),
    ("نشاط کے آرڈرز", "Nishat Mills، 2 آرڈر، 5 لاکھ روپے"),
    ("how many orders this month", "3 orders, Rs 6 lakh"),
    ("is mahine kitne order aaye", "3 orders, Rs 6 lakh"),
    ("اس مہینے کتنے آرڈر آئے", "3 آرڈر، 6 لاکھ روپے"),
    ("what did Nishat buy last", "Nishat Mills bought last: today, Monday 23 Nov"),
    ("nishat ne aakhri dafa kya khareeda", "Nishat Mills ki aakhri khareedari: aaj, Peer 23 Nov"),
    ("نشاط نے آخری بار کیا خریدا", "Nishat Mills کی آخری خریداری: آج، پیر 23 نومبر"),
]


@pytest.mark.parametrize(("text", "begins"), ASKED)
def test_orders_are_asked_for(chat: Conversation, text: str, begins: str) -> None:
    chat.says("yesterday Nishat Mills ordered 10 looms for 3 lakh")
    chat.says("Nishat Mills ordered 40 rolls for 2 lakh")
    chat.says("bilal ordered 5 chairs for 1 lakh")
    assert words(chat.says(text)).splitlines()[0] == begins


def test_a_deal_and_its_order_are_one_purchase(chat: Conversation) -> None:
    chat.says("deal with Nishat Mills 2 lakh")
    chat.says("nishat ordered 40 rolls for 2 lakh")
    chat.taps("Deal won")
    assert kept(chat, "deal")[0]["status"] == "won"
    assert "without an order" not in words(chat.says("orders"))
    chat.says("undo")
    assert kept(chat, "deal")[0]["status"] == "open"
    chat.says("nishat deal won")
    assert "And 1 deal won without an order: Rs 2 lakh." in words(chat.says("orders"))


def test_who_bought_nothing_yet_is_told_so(chat: Conversation) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    answer = chat.says("orders of Sara")
    assert "has not ordered anything yet" in words(answer)
    assert labels(answer) == ["Show"]
    assert "No orders in that time" in words(chat.says("how many orders this month"))


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("order from Metro: 120 cartons of mango juice, Rs 96,000", {"quantity": 120}),
        ("Shifa Hospital ka order 30 bed", {"quantity": 30, "product": "bed"}),
        ("nothing of the kind", {}),
    ],
)
def test_a_sum_is_none_of_the_goods(text: str, slots: dict[str, Any]) -> None:
    assert len(order_slots(text, slots).get("items", ())) == min(1, len(slots))


# --- files ----------------------------------------------------------------------------------------

FILE = """Order No,Date,Customer,Product,Qty,Unit Price
1001,2026-10-01,Nishat Mills,Yarn,40,5000
1001,2026-10-01,,Dye,20,300
1002,2026-10-05,Sara Malik,Chairs,200,2500
1003,2026-11-02,Nishat Mills,Yarn,30,5100
"""
"""Two rows of one order, the second without its buyer again; a company and a person."""


@pytest.fixture
def rabta(tmp_path: Path, database: Database) -> Rabta:
    return Rabta(tmp_path, database.url.render_as_string(hide_password=False))


def test_rows_of_a_file_become_orders_with_lines(rabta: Rabta) -> None:
    told = rabta("import", put(rabta, "orders.csv", FILE)).stdout
    assert "orders: 3 new" in told
    first, second, third = exported(rabta, "order")
    assert (first["company"], first["amount"]) == ("Nishat Mills", "206000.00")
    assert lines(first) == [("Yarn", "40", None, "5000.00"), ("Dye", "20", None, "300.00")]
    assert (second["contact"], second["amount"], third["amount"]) == (
        "Sara Malik", "500000.00", "153000.00",
    )  # fmt: skip
    assert [each["name"] for each in exported(rabta, "product")] == ["Yarn", "Dye", "Chairs"]


def test_the_same_file_again_changes_nothing_and_a_longer_one_adds(rabta: Rabta) -> None:
    rabta("import", put(rabta, "orders.csv", FILE))
    before = exported(rabta)
    rabta("import", put(rabta, "orders.csv", FILE))
    assert exported(rabta) == before
    more = FILE + "1003,2026-11-02,Nishat Mills,Dye,10,300\n"
    rabta("import", put(rabta, "more.csv", more))
    assert [each["amount"] for each in exported(rabta, "order")][-1] == "156000.00"
    rabta("import", "--undo")
    assert exported(rabta) == before


@pytest.mark.parametrize(
    ("head", "rows", "amounts"),
    [
        ("Order Total", ["Yarn,2,100,500", "Dye,1,300,500"], ["500.00"]),
        ("Amount", ["Yarn,2,100,200", "Dye,1,300,300"], ["500.00"]),
        ("Order Total", ["Yarn,2,100,450", "Dye,1,300,"], ["450.00"]),
    ],
)
def test_a_sum_on_each_row_is_that_of_the_order_or_of_the_row(
    rabta: Rabta, head: str, rows: list[str], amounts: list[str]
) -> None:
    text = f"Order No,Customer,Product,Qty,Rate,{head}\n"
    rabta("import", put(rabta, "o.csv", text + "".join(f"7,Nishat Mills,{row}\n" for row in rows)))
    assert [each["amount"] for each in exported(rabta, "order")] == amounts


def test_orders_of_another_house_come_whole(rabta: Rabta, tmp_path: Path) -> None:
    """An export, taken in elsewhere and exported again, says the same of its orders."""
    rabta("import", put(rabta, "orders.csv", FILE))
    whole = rabta("export").stdout
    other = Rabta(tmp_path, f"sqlite:///{tmp_path / 'other.db'}")
    other("import", put(other, "all.jsonl", whole))
    own = ("id", "contact_id", "company_id", "created_at", "owner")
    bare = [
        [{k: v for k, v in each.items() if k not in own} for each in exported(house, "order")]
        for house in (rabta, other)
    ]
    assert bare[0] == bare[1]
