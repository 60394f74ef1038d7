"""Questions about numbers in chat, from what was written there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conversation import Conversation, words
from tests.scenes import scene

YEAR = (
    "deal 5 lakh with Nishat Mills",
    "deal 2 lakh with Gul Ahmed",
    "deal 3 lakh with Sapphire",
    "deal 1 lakh with Bonanza",
)


@scene
def sold(chat: Conversation) -> None:
    for line in YEAR:
        chat.says(line)
    chat.says("Nishat Mills deal won")
    chat.says("Gul Ahmed deal won", by="Bilal")
    chat.says("lost Sapphire, price too high")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("what is our win rate", "67%"),
        ("jeet ki sharah kya hai", "66.7%"),
        ("ہماری جیت کی شرح کیا ہے؟", "67%"),
        ("average deal size", "Rs 3.5 lakh"),
        ("ausat deal kitne ki hai", "Rs 3.5 lakh"),
        ("سب سے بڑی جیتی ہوئی ڈیل کتنے کی تھی", "5 لاکھ روپے"),
        ("which customer brought the most revenue this year", "Nishat Mills: Rs 5 lakh"),
        ("did we sell more to Gul Ahmed or Nishat Mills", "Nishat Mills"),
        ("how many deals worth more than 3 lakh did we win", "\n1"),
        ("why did we lose this month", "Price | 1"),
        ("کیوں ہاریں یہ ڈیلز", "قیمت | 1"),
        ("what share of revenue came from Nishat Mills", "71.4%"),
        ("leaderboard", "Ayesha: Rs 7 lakh"),
    ],
)
def test_it_is_counted_and_told(sold: Conversation, said: str, answer: str) -> None:
    assert answer in words(sold.says(said))


def test_how_it_is_counted_is_told_at_a_tap(sold: Conversation) -> None:
    sold.says("what is our win rate")
    assert "Open ones do not count" in words(sold.taps("How is this counted?"))
    sold.says("جیت کی شرح کیا ہے؟")
    assert "کھلی ڈیلز شامل نہیں" in words(sold.taps("یہ کیسے گنا گیا؟"))


def test_nothing_to_count_is_told(chat: Conversation) -> None:
    assert "no deal fits" in words(chat.says("what was our win rate in 2019"))


def test_a_question_writes_nothing(sold: Conversation) -> None:
    before = words(sold.says("pipeline"))
    for said in ("median deal size this year", "avg deal size 2026", "rank our reps by win rate"):
        sold.says(said)
    assert words(sold.says("pipeline")) == before


def test_amounts_in_another_currency_are_not_mixed_in(sold: Conversation) -> None:
    sold.says("deal $9000 with Limelight")
    sold.says("Limelight deal won")
    told = words(sold.says("average deal size"))
    assert "Rs 3.5 lakh" in told
    assert "Left out: one deal in USD" in told


def test_a_private_customer_is_in_no_other_figure(sold: Conversation) -> None:
    sold.says("add Hina Raza, 0300 7654321", by="Bilal")
    sold.says("deal 90 lakh with Hina Raza", by="Bilal")
    sold.says("make Hina Raza private", by="Bilal")
    sold.says("Hina Raza deal won", by="Bilal")
    assert "90" in words(sold.says("what was our biggest deal won", by="Bilal"))
    assert "90" not in words(sold.says("what was our biggest deal won"))
    assert "Hina" not in words(sold.says("which customer brought the most revenue"))


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("why did we lose this month", "Price | 1 | Rs 3 lakh"),
        ("is mahine deals kyun haari", "Qeemat | 1 | Rs 3 lakh"),
        ("اس مہینے ڈیلز کیوں ہاریں", "قیمت | 1 | 3 لاکھ روپے"),
        ("leaderboard", "Ayesha | Rs 7 lakh | 2"),
        ("لیڈر بورڈ دکھاؤ", "Ayesha | 7 لاکھ روپے | 2"),
    ],
)
def test_amounts_and_counts_stand_beside_each_other(
    sold: Conversation, said: str, row: str
) -> None:
    assert row in words(sold.says(said))


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("how did we do against last month", "Deals won | 1 | 2"),
        ("how are we doing compared to last month", "Sales | Rs 1 lakh | Rs 7 lakh"),
        ("compare this month with last month", "Deals won | 1 | 2"),
        ("pichle mahine ke muqable hum kaise rahe", "Haari hui deals | 0 | 1"),
        ("is mahine ka pichle mahine se muqabla karo", "Haari hui deals | 0 | 1"),
        ("پچھلے مہینے کے مقابلے میں ہم کیسے رہے", "سیل | 1 لاکھ روپے | 7 لاکھ روپے"),
        ("اس مہینے کا پچھلے مہینے سے موازنہ کرو", "سیل | 1 لاکھ روپے | 7 لاکھ روپے"),
        ("pichle mahine ke muqable mein kaisa raha", "Haari hui deals | 0 | 1"),
        ("پچھلے مہینے کے مقابلے میں کیسا رہا", "سیل | 1 لاکھ روپے | 7 لاکھ روپے"),
    ],
)
def test_two_times_stand_beside_each_other(sold: Conversation, said: str, row: str) -> None:
    sold.clock.set(sold.clock.now() + timedelta(days=33))
    sold.says("deal 1 lakh with Limelight")
    sold.says("Limelight deal won")
    told = words(sold.says(said))
    assert row in told
    assert "66.7%" in told
