"""That two are one, or two, is read where a whole message says so of names, in three languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from language.known import Known
from language.reader import read
from language.setting import Setting

NOW = datetime.fromisoformat("2026-11-25T13:00:00+05:00")
SETTING = Setting(known=Known(people=("Gulrez Khattak",), companies=("Nishat Mills",)))

TWO = [
    ("merge Sara Malik with S. Malik", "Sara Malik", "S. Malik"),
    ("merge sara malik and sarah malik please", "sara malik", "sarah malik"),
    ("Sara and Sarah Malik are the same", "Sara", "Sarah Malik"),
    ("Sarah Malik is the same as Sara Malik", "Sarah Malik", "Sara Malik"),
    ("Nishat Mills and Nishaat Milz are the same company", "Nishat Mills", "Nishaat Milz"),
    ("sara aur sarah malik aik hi hain", "sara", "sarah malik"),
    ("gulrez aur gulraiz ek hi hain", "gulrez", "gulraiz"),
    ("sara malik ko sarah malick mein mila do", "sara malik", "sarah malick"),
    ("Sara Malik aur S Malik ko merge kar do", "Sara Malik", "S Malik"),
    ("سارہ اور سارا ایک ہی ہیں", "سارہ", "سارا"),
    ("سارہ ملک کو سارا ملک کے ساتھ ملا دو", "سارہ ملک", "سارا ملک"),
]
THESE = [
    *("these two are one", "merge these two", "both of them are the same", "merge them"),
    *("they are the same person", "yeh dono aik hi hain", "in dono ko ek kar do"),
    *("یہ دونوں ایک ہی ہیں", "ان دونوں کو ملا دو"),
]
APART = [
    *("Sara and Sarah are different people", "Sara Malik and Sarah Malik are not the same"),
    *("ali aur ali khan alag alag log hain", "سارہ اور سارا الگ ہیں"),
]
DOUBLES = [
    *("duplicates", "show duplicates", "are there any duplicates?", "tidy up", "who is in twice?"),
    *("duplicates dikhao", "kaun do baar darj hai", "ڈپلیکیٹ دکھاؤ", "کون دو بار درج ہے؟"),
]
OTHERS = [
    *("price and quality are the same", "the two offers are the same", "both are the same price"),
    *("Lahore and Karachi are the same", "is Sara the same as Sarah?", "both are the same"),
    *("combine the orders of Sara and Bilal", "met Sara and Bilal, they are the same age"),
    *("sara ko bilal se mila do", "ye dono deals ek hi hain", "دونوں کی قیمت ایک ہی ہے"),
]


def actions(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [(each.intent, each.slots) for each in read(text, NOW, SETTING)]


@pytest.mark.parametrize(("text", "one", "other"), TWO)
def test_two_names_are_one(text: str, one: str, other: str) -> None:
    assert actions(text) == [("contact.merge", {"contact": one, "other": other})]


@pytest.mark.parametrize("text", THESE)
def test_these_two_are_one(text: str) -> None:
    assert actions(text) == [("contact.merge", {"these": True})]


@pytest.mark.parametrize("text", APART)
def test_two_are_two(text: str) -> None:
    assert [intent for intent, _ in actions(text)] == ["contact.apart"]


@pytest.mark.parametrize("text", DOUBLES)
def test_who_is_in_twice(text: str) -> None:
    assert actions(text) == [("duplicates.list", {})]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_of_no_names_is_something_else(text: str) -> None:
    assert {intent for intent, _ in actions(text)}.isdisjoint({"contact.merge", "contact.apart"})


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("stop the weekly tidy-up", "off"),
        ("turn on the tidy-up", "on"),
        ("safai ki yaad dihani band kar do", "off"),
        ("ہفتے کی صفائی بند کر دو", "off"),
    ],
)
def test_the_tidy_up_is_stopped_and_begun(text: str, wish: str) -> None:
    assert actions(text) == [("settings.set", {"name": "tidy", "value": wish})]
