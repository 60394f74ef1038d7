"""Names that a workspace knows are preferred readings, and never stand in the way of a command."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import pytest

from language.known import Known
from language.reader import read
from language.setting import Setting
from tests.language.test_totality import calls

NOW = datetime.fromisoformat("2026-12-02T11:00:00+05:00")  # a Wednesday
TEAM = Known(
    people=("Kashmala Rehman", "Muhammad Kashif", "Sara Malik", "Ali Khan", "زرتاشہ خان"),
    companies=(
        "Hilal Dairy", "Soap Stop", "Fine Star", "Call", "Target", "7 Star Traders",
        "Monday Motors", "Zorlu Pumps", "Will Price", "Al-Karam (Pvt) Ltd",
    ),
    products=("Surf Max", "Sara Cola"),
    tags=("wholesale", "follow up", "deal"),
)  # fmt: skip


def meant(text: str, known: Known = TEAM) -> list[tuple[str, Any, Any]]:
    """Intent, contact and company of each action."""
    actions = read(text, NOW, Setting(known=known))
    return [(a.intent, a.slots.get("contact"), a.slots.get("company")) for a in actions]


@pytest.mark.parametrize(
    ("text", "intent", "contact", "company"),
    [
        ("send flight tickets to kashmala tomorrow", "task.add", "kashmala", None),
        ("kashmala rehman ko kal call karni hai", "task.add", "kashmala rehman", None),
        ("met mohamad today", "activity.log", "mohamad", None),
        ("met zartasha today", "activity.log", "zartasha", None),
        ("zorlu deal won 5 lakh", "deal.win", None, "zorlu"),
        ("zorlu ki deal jeet gaye", "deal.win", None, "zorlu"),
        ("زورلو کی ڈیل جیت گئے", "deal.win", None, "زورلو"),
        ("حلال ڈیری کو کل کال کرنی ہے", "task.add", None, "حلال ڈیری"),
        ("called Soap Stop about rates", "activity.log", None, "Soap Stop"),
        ("call fine star tomorrow", "task.add", None, "fine star"),
        ("deal with soap stop 5 lakh", "deal.add", None, "soap stop"),
        ("call 7 star traders tomorrow", "task.add", None, "7 star traders"),
        ("met Monday Motors on friday", "activity.log", None, "Monday Motors"),
        ("call will price tomorrow", "task.add", None, "will price"),
        ("call Call tomorrow", "task.add", None, "Call"),
        ("called target yesterday", "activity.log", None, "target"),
        ("met al-karam pvt ltd today", "activity.log", None, "al-karam pvt ltd"),
    ],
)
def test_a_known_name_is_found(
    text: str, intent: str, contact: str | None, company: str | None
) -> None:
    assert meant(text) == [(intent, contact, company)]


@pytest.mark.parametrize(
    "text",
    [
        "call Ali tomorrow",
        "set target 5 lakh this month",
        "our target is 50 lakh",
        "us ko kal call karni hai",
        "what is the target",
        "my deals this week",
        "sold 20 soap to ali",
        "will the price go up?",
        "met Nadia on Monday, she wants fine cloth",
        "add deal Ali Raza 5 lakh",
        "follow up with Ali on monday",
    ],
)
def test_a_name_that_is_an_everyday_word_breaks_no_command(text: str) -> None:
    assert meant(text) == meant(text, Known())


@pytest.mark.parametrize(
    ("text", "contact", "company"),
    [
        ("called Ali Khan Afridi today", "Ali Khan Afridi", None),
        ("called Ali Khan Traders today", None, "Ali Khan Traders"),
        ("called ali khan traders today", None, "ali khan traders"),
        ("called Sara Ahmed from Hilal Dairy", "Sara Ahmed", "Hilal Dairy"),
        ("called Zorlu Cement Works today", None, "Zorlu Cement Works"),
    ],
)
def test_a_longer_name_than_the_known_one_is_another(
    text: str, contact: str | None, company: str | None
) -> None:
    assert meant(text) == [("activity.log", contact, company)]


def test_of_a_person_and_a_company_the_fuller_name_is_meant() -> None:
    both = Known(people=("Hilal Qadri",), companies=("Hilal Dairy", "Qadri"))
    assert meant("call hilal dairy", both) == [("task.add", None, "hilal dairy")]
    assert meant("call hilal qadri", both) == [("task.add", "hilal qadri", None)]
    assert meant("call hilal", both) == [("task.add", "hilal", None)]
    assert meant("call qadri", both) == [("task.add", None, "qadri")]


def test_another_name_that_sounds_a_little_alike_is_another_name() -> None:
    one = Known(people=("Zarqoon Vardak",))
    assert meant("zarkoon deal won 5 lakh", one) == [("deal.win", "zarkoon", None)]
    assert meant("we won zareen 5 lakh", one) == meant("we won zareen 5 lakh", Known())


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Ali ordered surf max 5 cartons", "surf max"),
        ("Ali ordered 5 cartons of sara cola", "sara cola"),
        ("Ali ne sara cola ke 5 carton order kiye", "sara cola"),
    ],
)
def test_a_known_product_is_what_is_ordered(text: str, product: str) -> None:
    (order,) = read(text, NOW, Setting(known=TEAM))
    assert (order.intent, order.slots["product"]) == ("order.add", product)
    assert (order.slots["contact"], order.slots["quantity"]) == ("Ali", 5)


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("find wholesale customers in Karachi", "contact.find", {"city": "Karachi"}),
        ("find wholesale", "contact.find", {}),
        ("wholesale wale dikhao", "contact.find", {}),
        ("tag kashmala wholesale", "contact.update", {"contact": "kashmala"}),
        ("kashmala ko wholesale tag karo", "contact.update", {"contact": "kashmala"}),
    ],
)
def test_a_known_tag_is_one(text: str, intent: str, slots: dict[str, Any]) -> None:
    (found,) = read(text, NOW, Setting(known=TEAM))
    assert (found.intent, found.slots) == (intent, {"tags": ["wholesale"], **slots})


def test_a_known_tag_is_no_tag_in_a_name() -> None:
    assert meant("met Rashid Wholesale today") == [("activity.log", None, "Rashid Wholesale")]


def test_ten_thousand_names_cost_no_more_than_one() -> None:
    """What is done for a message follows its length, not how many names are known."""
    names = [
        "".join(letters) for letters in itertools.product("bdgkmpt", "aou", "lrn", "aiu", "fsv")
    ]
    many = Known(people=tuple(f"{one} {other}" for one in names for other in names[:20]))
    assert len(many.people) > 10_000
    text, few = "batif ko kal call karni hai", Known(people=("batif lones",))
    for known in (many, few):
        meant(text, known)  # makes the index
    assert calls(lambda: meant(text, many)) <= 2 * calls(lambda: meant(text, few))
