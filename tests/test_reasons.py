"""Why deals are won and lost: one reason for all its words, and a list that learns."""

from __future__ import annotations

import pytest

from tests.conversation import Conversation, labels, words
from tests.test_day import kept


def lose(chat: Conversation, name: str, why: str = "") -> None:
    chat.runs("deal.add", company=name, amount=100000)
    chat.runs("deal.lose", company=name, **({"reason": why} if why else {}))


def reasons(chat: Conversation) -> list[tuple[str | None, str | None]]:
    return [(row["reason"], row["reason_key"]) for row in kept(chat, "deal")]


SAME = ["price", "Price!", "mehnga tha", "قیمت زیادہ تھی", "rate zyada tha", "pirce",
        "too expensve", "مہنگا بول رہے تھے", "they found it cheaper"]  # fmt: skip


@pytest.mark.parametrize("said", SAME)
def test_one_reason_has_many_words(chat: Conversation, said: str) -> None:
    lose(chat, "Nishat Mills", said)
    assert reasons(chat) == [(said, "price")]
    assert [(row["kind"], row["key"], row["name"]) for row in kept(chat, "label")] == [
        ("lost", "price", None)
    ]


def test_a_new_reason_is_learned_with_its_slips(chat: Conversation) -> None:
    lose(chat, "Nishat Mills", "Load shedding")
    lose(chat, "Gul Ahmed", "load sheding")
    lose(chat, "Bata", "لوڈ شیڈنگ")
    assert [key for _, key in reasons(chat)][:2] == ["load_shedding"] * 2
    story = "they told us that the new director will decide only after the budget of next year"
    lose(chat, "Orient", "the brother in law of the owner has a mill and he will make it for them")
    assert reasons(chat)[-1][1] is None
    assert story not in words(chat.says("reasons"))


def test_a_loss_without_a_reason_asks_with_the_most_used(chat: Conversation) -> None:
    for name in ("A Mills", "B Mills"):
        lose(chat, name, "load shedding")
    lose(chat, "C Mills", "udhaar nahi diya")
    chat.runs("deal.add", company="Nishat Mills", amount=100000)
    answer = chat.says("lost Nishat Mills")
    assert labels(answer)[:3] == ["load shedding", "Terms", "Price"]
    chat.taps("Terms")
    assert reasons(chat)[-1] == ("Terms", "terms")
    chat.says("undo")
    assert reasons(chat)[-1] == (None, None)


def test_another_reason_is_asked_for_in_words(chat: Conversation) -> None:
    lose(chat, "Nishat Mills")
    chat.taps("Another reason")
    chat.says("maal ki delivery late thi")
    assert reasons(chat) == [("maal ki delivery late thi", "delivery")]


def test_a_win_has_its_own_reasons(chat: Conversation) -> None:
    chat.runs("deal.add", company="Nishat Mills", amount=100000)
    answer = chat.says("won Nishat Mills")
    assert labels(answer)[:3] == ["Undo", "Edit", "Price"]
    chat.taps("Quality")
    assert reasons(chat) == [("Quality", "quality")]
    assert [row["kind"] for row in kept(chat, "label")] == ["won"]


def test_every_reader_sees_it_in_their_language(chat: Conversation) -> None:
    lose(chat, "Nishat Mills", "price")
    assert "Price: one deal" in words(chat.says("lost reasons"))
    assert "قیمت: ایک ڈیل" in words(chat.says("ہارنے کی وجوہات"))
    assert "Qeemat: aik deal" in words(chat.says("harne ki wajhein dikhao"))


def test_owners_rename_and_merge(chat: Conversation) -> None:
    lose(chat, "Nishat Mills", "price")
    lose(chat, "Gul Ahmed", "load shedding")
    lose(chat, "Bata", "bijli")
    chat.says("rename reason load shedding to Power cuts")
    chat.says("wajah bijli ko Power cuts mein mila do")
    told = words(chat.says("reasons"))
    assert "Power cuts: 2 deals" in told
    assert "bijli" not in told
    lose(chat, "Orient", "bijli")
    assert "Power cuts: 3 deals" in words(chat.says("reasons"))
    assert "Only a team" in words(chat.says("merge reason price into Power cuts", by="Bilal"))
    chat.says("rename reason Power cuts to price")
    chat.taps("Make them one")
    assert "Price: 4 deals" in words(chat.says("reasons"))
    chat.says("undo")
    assert "Power cuts: 3 deals" in words(chat.says("reasons"))


def test_figures_count_by_it(chat: Conversation) -> None:
    for name, why in (("A Mills", "mehnga"), ("B Mills", "price"), ("C Mills", "load shedding")):
        lose(chat, name, why)
    told = words(chat.says("why did we lose"))
    assert "Price | 2" in told
    assert "load shedding | 1" in told
    assert "2" in words(chat.says("how many deals did we lose because of price")).splitlines()
    chat.says("merge reason load shedding into price")
    assert "Price | 3" in words(chat.says("why did we lose"))


def test_figures_count_by_source(chat: Conversation) -> None:
    for name, source in (("A Mills", "expo"), ("B Mills", "نمائش"), ("C Mills", "referral")):
        chat.runs("deal.add", company=name, amount=100000)
        chat.runs("deal.source", company=name, label=source)
        chat.runs("deal.win", company=name, reason="price")
    told = words(chat.says("how many deals did we win by source this year"))
    assert "Expo | 2" in told
    assert "Referral | 1" in told


def test_why_it_ended_is_said_later(chat: Conversation) -> None:
    lose(chat, "Nishat Mills")
    chat.says("reason for nishat deal: price")
    assert reasons(chat) == [("price", "price")]
    chat.runs("deal.add", company="Gul Ahmed")
    assert "is open yet" in words(chat.says("reason for Gul Ahmed deal: price"))


def test_each_list_stands_alone(chat: Conversation) -> None:
    lose(chat, "Nishat Mills", "price")
    chat.runs("deal.add", company="Gul Ahmed", amount=100000)
    chat.runs("deal.source", company="Gul Ahmed", label="expo")
    assert "Expo" not in words(chat.says("lost reasons"))
    assert "Price" not in words(chat.says("show our sources"))
    both = words(chat.says("reasons"))
    assert "Price: one deal" in both
    assert "Expo: one deal" in both


@pytest.mark.parametrize("said", ["price", "mehnga tha", "قیمت زیادہ تھی", "load shedding"])
def test_a_reason_typed_after_a_loss_is_its_reason(chat: Conversation, said: str) -> None:
    lose(chat, "Gul Ahmed", "load shedding")
    chat.runs("deal.add", company="Nishat Mills", amount=100000)
    chat.says("lost Nishat Mills")
    chat.says(said)
    assert reasons(chat)[-1] == (said, "load_shedding" if said == "load shedding" else "price")
