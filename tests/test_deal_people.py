"""Who is in a deal and as what, its next step and where it came from."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation import Conversation, labels, words
from tests.scenes import scene
from tests.test_day import kept


@scene
def chat(chat: Conversation) -> None:
    chat.says("add Sara Malik, Nishat Mills, 0321 5550101")
    chat.says("add Bilal Ahmed, Nishat Mills, 0321 5550102")
    chat.runs("deal.add", contact="Sara Malik", amount=500000)


def people(chat: Conversation) -> list[tuple[str, str | None]]:
    return [(each["contact"], each["role"]) for each in kept(chat, "deal")[-1]["people"]]


SAID = {
    "en": ("add Bilal to the nishat deal as decision maker", "decision maker"),
    "is": ("Bilal is the decision maker in the nishat deal", "decision maker"),
    "roman": ("Bilal ko nishat deal mein decision maker ke taur par shamil karo", "decision maker"),
    "mixed": ("nishat deal mein Bilal Ahmed faisla karne wala hai", "decision maker"),
}


@pytest.mark.parametrize("tongue", SAID)
def test_somebody_has_a_part(chat: Conversation, tongue: str) -> None:
    said, role = SAID[tongue]
    answer = words(chat.says(said))
    assert people(chat) == [("Bilal Ahmed", "decision_maker")]
    assert f"Bilal Ahmed ({role})" in answer
    assert f"Nishat Mills, Rs 5 lakh, lead, {role}" in words(chat.says("show Bilal Ahmed"))


def test_in_urdu_too(chat: Conversation) -> None:
    chat.says("نشاط والی ڈیل میں بلال کو بھی شامل کرو")
    assert people(chat) == [("Bilal Ahmed", None)]
    assert "فیصلہ ساز" in words(chat.says("بلال نشاط والی ڈیل میں فیصلہ ساز ہے"))
    assert people(chat) == [("Bilal Ahmed", "decision_maker")]


def test_a_part_ends_and_comes_back_with_undo(chat: Conversation) -> None:
    chat.says("nishat deal mein Bilal ko bhi shamil karo")
    assert people(chat) == [("Bilal Ahmed", None)]
    assert "already" in words(chat.says("add Bilal to the nishat deal"))
    chat.says("remove Bilal from the nishat deal")
    assert people(chat) == []
    chat.says("undo")
    assert people(chat) == [("Bilal Ahmed", None)]


def test_somebody_new_is_made_at_the_company(chat: Conversation) -> None:
    chat.says("add Usman Tariq to the nishat deal as finance")
    assert people(chat) == [("Usman Tariq", "finance")]
    assert kept(chat, "contact")[-1]["company"] == "Nishat Mills"


def test_two_who_are_one_have_one_part(chat: Conversation) -> None:
    chat.says("add Bilal Ahmad, Nishat Mills, 0321 5550109")
    chat.says("add Bilal Ahmed to the nishat deal as finance")
    chat.says("add Bilal Ahmad to the nishat deal")
    assert len(people(chat)) == 2
    ids = {row["name"]: row["id"] for row in kept(chat, "contact")}
    kept_one, gone = ids["Bilal Ahmed"], ids["Bilal Ahmad"]
    chat.runs("contact.merge", contact=kept_one, other=gone)
    for label in ("Merge", "Yes"):
        if any(each.startswith(label) for each in labels(chat.last().reply)):
            chat.taps(next(each for each in labels(chat.last().reply) if each.startswith(label)))
    assert people(chat) == [("Bilal Ahmed", "finance")]
    chat.says("undo")
    assert len(people(chat)) == 2


def test_a_private_contact_is_in_no_colleagues_card(chat: Conversation) -> None:
    chat.runs("deal.join", deal=kept(chat, "deal")[0]["id"], person="Hidden Buyer")
    chat.says("make Hidden Buyer private")
    assert "Hidden Buyer" in words(chat.says("nishat deal details"))
    assert "Hidden Buyer" not in words(chat.says("nishat deal details", by="Bilal"))


STEPS = {
    "en": "next step for nishat: send samples by friday",
    "roman": "nishat ka agla qadam: jumme tak samples bhejna",
    "plain": "next step for nishat is to send samples by friday",
}


@pytest.mark.parametrize("tongue", STEPS)
def test_the_next_step_is_a_task_of_the_deal(chat: Conversation, tongue: str) -> None:
    chat.says(STEPS[tongue])
    (task,) = kept(chat, "task")
    assert task["deal_id"] == kept(chat, "deal")[0]["id"]
    assert task["due"] == "2026-11-27"
    assert task["text"] in ("send samples", "samples bhejna")
    card = words(chat.says("nishat deal details"))
    assert f"{task['text']}, " in card
    chat.says("what is the next step for nishat?")
    chat.taps("Done")
    assert "Next step:" not in words(chat.says("nishat deal details"))


def test_an_open_task_with_the_customer_is_the_next_step(chat: Conversation) -> None:
    chat.says("call Sara Malik friday 3pm")
    assert "Next step: " in words(chat.says("nishat deal details"))


def sources(chat: Conversation) -> tuple[Any, Any]:
    deal = kept(chat, "deal")[-1]
    return deal["deal_source"], deal["source_key"]


def test_where_it_came_from_is_learned(chat: Conversation) -> None:
    chat.says("nishat deal came from the Karachi expo")
    assert sources(chat) == ("Karachi expo", "karachi_expo")
    chat.runs("deal.add", company="Gul Ahmed")
    chat.says("Gul Ahmed wali deal karachi exbo se aayi hai")
    assert sources(chat)[1] == "karachi_expo"
    chat.says("source of Gul Ahmed deal: refferal")
    assert sources(chat)[1] == "referral"
    chat.says("source: فیس بک")
    assert sources(chat)[1] == "facebook"
    assert [row["key"] for row in kept(chat, "label")] == ["karachi_expo", "referral", "facebook"]
    assert "کراچی" not in words(chat.says("sources"))
    assert "Karachi expo: " in words(chat.says("show our sources"))


def test_a_next_step_alone_is_one_of_the_deal_spoken_of(chat: Conversation) -> None:
    chat.says("nishat deal details")
    chat.says("next step: send samples by friday")
    assert kept(chat, "task")[0]["deal_id"] == kept(chat, "deal")[0]["id"]


def test_a_next_step_of_nothing_is_a_task(chat: Conversation) -> None:
    chat.says("next step: send samples by friday", by="Bilal")
    assert [row["deal_id"] for row in kept(chat, "task")] == [None]
