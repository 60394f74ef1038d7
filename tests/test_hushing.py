"""When nobody is to be disturbed, and what else is said of nudges, contracts and risk, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from language.hushing import read_hushing
from language.reader import read as read_words
from language.renewing import read_renewing
from language.sheet import lay_out
from tests.conversation import Conversation, words

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("no nudges after 8", "20:00-"),
        ("no nudges after 8pm", "20:00-"),
        ("don't message me after 9 in the evening", "21:00-"),
        ("leave me alone after 8:30 pm", "20:30-"),
        ("quiet after 7", "19:00-"),
        ("no nudges before 9", "-09:00"),
        ("no messages from 9pm to 7am", "21:00-07:00"),
        ("don't write to me at night", "21:00-08:00"),
        ("8 baje ke baad tang mat karo", "20:00-"),
        ("raat 10 ke baad koi yaad dehani nahi", "22:00-"),
        ("subah 9 se pehle message mat bhejo", "-09:00"),
        ("raat ko pareshan na karo", "21:00-08:00"),
        ("8 بجے کے بعد میسج نہ بھیجو", "20:00-"),
        ("رات 10 بجے کے بعد تنگ نہ کریں", "22:00-"),
        ("رات 9 سے صبح 8 تک خاموش رہو", "21:00-08:00"),
        ("رات کو پریشان نہ کرو", "21:00-08:00"),
    ],
)
def test_who_wants_peace_says_so(said: str, value: str) -> None:
    action = read_hushing(lay_out(said))
    assert action is not None
    assert (action.intent, action.slots) == ("settings.set", {"name": "quiet", "value": value})


@pytest.mark.parametrize(
    "said",
    [
        "message Bilal after 8", "remind me after 8", "don't message Bilal after 8",
        "quiet after the meeting with Bilal", "no orders after 8", "no reminders", "messages",
        "bilal ko 8 baje ke baad message karo", "raat ko bilal ko call karo",
        "8 بجے کے بعد بلال کو میسج کرو", "رات کو بلال کو فون کرو",
    ],
)  # fmt: skip
def test_what_is_said_of_others_is_no_wish_for_peace(said: str) -> None:
    assert read_hushing(lay_out(said)) is None


def test_what_is_not_told_of_it_stays(chat: Conversation) -> None:
    assert "8 pm to 9 am" in words(chat.says("no nudges after 8"))
    assert "8 pm to 7 am" in words(chat.says("no nudges before 7"))
    assert "raat 10 baje se subah 7 baje" in words(chat.says("raat 10 ke baad tang mat karo"))
    chat.taps("Wapas")
    assert "raat 8 baje se subah 7 baje" in words(chat.says("settings"))


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("Nishat renewed the contract until March", "renew", {"renews": "2027-03-31"}),
        ("Nishat extended until March 2028", "renew", {"renews": "2028-03-31"}),
        ("nishat ne march tak renew kar diya", "renew", {"renews": "2027-03-31"}),
        ("نشاط نے مارچ تک رینیو کر دیا", "renew", {"renews": "2027-03-31"}),
        ("nishat ne aik saal ke liye renew kar liya", "renew", {"months": 12}),
        ("نشاط نے ایک سال کے لیے رینیو کر لیا", "renew", {"months": 12}),
        ("Nishat said yes to the renewal", "renew", {}),
        ("stop Nishat's subscription", "cancel", {}),
        ("nishat ka contract khatam kar do", "cancel", {}),
        ("نشاط کا کنٹریکٹ منسوخ کر دو", "cancel", {}),
        ("Nishat pays 5 lakh a year", "add", {"amount": 500_000, "months": 12}),
        ("nishat har mahine 50 hazar deta hai", "add", {"amount": 50_000, "months": 1}),
        ("نشاط ہر مہینے 50 ہزار دیتا ہے", "add", {"amount": 50_000, "months": 1}),
    ],
)
def test_contracts_are_told_of_in_other_words(
    said: str, intent: str, slots: dict[str, object]
) -> None:
    (action,) = read_renewing(lay_out(said), NOW.date())
    assert action.intent == f"contract.{intent}"
    assert {name: action.slots.get(name) for name in slots} == slots


@pytest.mark.parametrize(
    "said",
    [
        "remind me to renew the car insurance on friday", "Nishat pays late every month",
        "Bilal pays tomorrow", "Nishat is staying in Lahore until March",
        "Bilal ki dukan band kar do",
    ],
)  # fmt: skip
def test_what_is_said_of_other_things_is_no_contract(said: str) -> None:
    assert read_renewing(lay_out(said), NOW.date()) == []


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("why did Bilal stop ordering", "risk.show"),
        ("are we losing Bilal?", "risk.show"),
        ("how likely is Bilal to leave", "risk.show"),
        ("bilal thanda kyun par gaya", "risk.show"),
        ("bilal order kyun nahi de raha", "risk.show"),
        ("بلال آرڈر کیوں نہیں دے رہا", "risk.show"),
        ("بلال ٹھنڈا کیوں پڑ گیا", "risk.show"),
        ("call list", "call.list"),
        ("aaj ki call list", "call.list"),
        ("kis ko call karun", "call.list"),
        ("کال لسٹ دکھاؤ", "call.list"),
        ("how many customers stayed", "keeping.show"),
        ("which nudges do I get", "nudge.settings"),
        ("mere nudges dikhao", "nudge.settings"),
        ("یاد دہانیوں کی ترتیب", "nudge.settings"),
        ("stop the birthday reminders", "nudge.stop"),
        ("I don't want birthday nudges", "nudge.stop"),
        ("stop telling me about stale deals", "nudge.stop"),
        ("سالگرہ والے پیغام بند کر دو", "nudge.stop"),
        ("سالگرہ کی یاد دہانی دوبارہ شروع کرو", "nudge.stop"),
    ],
)
def test_questions_and_wishes_are_read_as_they_are_meant(said: str, intent: str) -> None:
    assert [each.intent for each in read_words(said, NOW)] == [intent]


@pytest.mark.parametrize(
    "said", ["my at risk customers", "which of my customers are at risk",
             "mere kaun se customer risk par hain", "میرے کون سے گاہک خطرے میں ہیں"],
)  # fmt: skip
def test_ones_own_customers_at_risk_are_told_with_reasons(chat: Conversation, said: str) -> None:
    told = words(chat.says(said))
    assert any(each in told for each in ("Nobody", "Abhi tak", "ابھی تک", "koi gahak", "کوئی گاہک"))


def test_of_customers_whose_goods_are_unknown_it_is_said_so(chat: Conversation) -> None:
    chat.says("Nishat Mills ordered for 2 lakh")
    told = words(chat.says("what should I offer Nishat?"))
    assert "Nishat Mills has bought once, but what it was is not written down" in told
