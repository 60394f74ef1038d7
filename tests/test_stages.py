"""Own stages: made, renamed and removed in the chat, in three languages, with the deals in them."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.reply import Table
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene
from tests.test_day import kept


@scene
def chat(chat: Conversation) -> None:
    """A team that visits its customers, with two open deals."""
    chat.runs("deal.add", company="Bilal Traders", amount=500000)
    chat.runs("deal.add", contact="Ali Khan", amount=200000)
    chat.says("add stage Site visit after qualified")


def deals(chat: Conversation) -> dict[str, str]:
    return {row["company"] or row["contact"]: row["stage"] for row in kept(chat, "deal")}


def way(chat: Conversation) -> list[str]:
    """The stages that deals go through, in their order."""
    return [row["name"] for row in kept(chat, "stage") if row["active"]]


def test_a_stage_has_its_place(chat: Conversation) -> None:
    shown = [row[0] for row in part(chat.says("stages"), Table).rows]
    assert shown == way(chat) == ["lead", "qualified", "Site visit", "proposal", "negotiation"]
    chat.says("new stage: Payment")
    chat.says("new stage Cold call before lead")
    assert way(chat) == [
        "Cold call", "lead", "qualified", "Site visit", "proposal", "negotiation", "Payment",
    ]  # fmt: skip


SAID = {
    "en": ("add stage Demo after Site visit", "rename stage Demo to Show", "remove stage Show"),
    "roman": (
        "site visit ke baad stage Demo add karo",
        "Demo stage ka naam Show rakho",
        "Show stage hata do",
    ),
    "ur": (
        "نیا مرحلہ نمائش، سائٹ وزٹ کے بعد",
        "نمائش کے مرحلے کا نام دکھاوا رکھو",
        "دکھاوا والا مرحلہ ہٹا دو",
    ),
}


@pytest.mark.parametrize("tongue", SAID)
def test_made_renamed_and_removed(chat: Conversation, tongue: str) -> None:
    add, rename, remove = SAID[tongue]
    before = way(chat)
    chat.says(add)
    added = way(chat)
    chat.says(rename)
    renamed = way(chat)
    assert len(added) == len(before) + 1
    assert added.index("Demo" if tongue != "ur" else "نمائش") == 3
    assert renamed[3] == ("Show" if tongue != "ur" else "دکھاوا")
    chat.says(remove)
    assert way(chat) == before


@pytest.mark.parametrize(
    "said",
    [
        "move Ali Khan to site visit",
        "Ali Khan ki deal site visit me dalo",
        "Ali Khan ki deal site vist mein daal do",
        "علی خان کی ڈیل سائٹ وزٹ میں ڈالو",
        "Ali Khan moved to Site visit",
        "ali khan wali deal site visit mein le jao",
        "shift Ali Khan's deal into the Site visit stage",
    ],
)
def test_a_deal_is_moved_by_the_name_of_the_stage(chat: Conversation, said: str) -> None:
    answer = words(chat.says(said))
    assert "Site visit" in answer
    assert deals(chat) == {"Bilal Traders": "lead", "Ali Khan": "site_visit"}


def test_next_goes_through_the_own_order(chat: Conversation) -> None:
    for stage in ("qualified", "site_visit", "proposal", "negotiation"):
        chat.says("move Ali Khan to next stage")
        assert deals(chat)["Ali Khan"] == stage
    answer = chat.says("move Ali Khan to next stage")
    assert labels(answer)[:2] == ["Won", "Lost"]


def test_a_deal_begins_in_an_own_stage_and_is_listed_and_counted_by_it(chat: Conversation) -> None:
    answer = words(chat.says("deal for Hilal Dairy 3 lakh, stage site visit"))
    assert "Stage: Site visit" in answer
    assert (
        words(chat.says("site visit deals")) == "One open deal\nHilal Dairy, Rs 3 lakh, Site visit"
    )
    assert "Site visit | 1 | Rs 3 lakh" in words(chat.says("pipeline"))
    assert "Site visit | 1 | Rs 3 lakh" in words(chat.says("stages"))


def test_a_stage_with_deals_in_it_goes_when_it_is_said_where_they_go(chat: Conversation) -> None:
    chat.says("move Ali Khan to site visit")
    chat.says("move Bilal Traders to site visit")
    before = kept(chat)
    answer = chat.says("remove stage Site visit")
    assert "2 open deals stand in Site visit" in words(answer)
    assert labels(answer) == ["lead", "qualified", "proposal", "negotiation", "Never mind"]
    assert kept(chat) == before
    answer = chat.taps("proposal")
    assert "Its 2 deals went to proposal." in words(answer)
    assert deals(chat) == {"Bilal Traders": "proposal", "Ali Khan": "proposal"}
    assert "Site visit" not in way(chat)
    chat.says("undo")
    assert kept(chat) == before


def test_where_they_go_may_be_said_in_words_or_waved_away(chat: Conversation) -> None:
    chat.says("move Ali Khan to site visit")
    chat.says("site visit stage hata do")
    chat.says("rehne do")
    assert "Site visit" in way(chat)
    chat.says("remove stage site visit")
    chat.says("negotiation")
    assert deals(chat)["Ali Khan"] == "negotiation"


def test_the_usual_stages_may_be_called_otherwise_and_keep_their_words(chat: Conversation) -> None:
    assert "negotiation is now called Mol tol" in words(
        chat.says("rename stage negotiation to Mol tol")
    )
    for said in ("move Ali Khan to mol tol", "move Bilal Traders to negotiation"):
        assert "Mol tol" in words(chat.says(said))
    assert set(deals(chat).values()) == {"negotiation"}


def test_a_stage_comes_back_with_its_past(chat: Conversation) -> None:
    chat.says("move Ali Khan to site visit")
    chat.says("won Ali Khan")
    chat.says("remove stage site visit")
    chat.says("new stage SITE VISIT")
    assert way(chat)[-1] == "SITE VISIT"
    keys = [row["key"] for row in kept(chat, "stage")]
    assert keys.count("site_visit") == 1
    assert "site_visit_2" not in keys


def test_undo_of_a_stage_is_refused_once_deals_stand_in_it(chat: Conversation) -> None:
    chat.runs("deal.move", "Bilal", contact="Ali Khan", stage="site_visit")
    assert words(chat.says("undo")) == chat.book.words["changed_since"]["en"]
    assert deals(chat)["Ali Khan"] == "site_visit"
    assert "Site visit" in way(chat)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("add stage site VISIT", "stage_is_there"),
        ("add stage Won", "stage_name_means_else"),
        ("add stage Lost", "stage_name_means_else"),
        ("add stage next", "stage_name_means_else"),
        ("remove stage Foo", "no_such_stage"),
        ("add stage Bar after Foo", "no_such_stage"),
        ("rename stage Foo to Bar", "no_such_stage"),
        ("rename stage site visit to proposal", "stage_is_there"),
    ],
)
def test_what_cannot_be_is_said(chat: Conversation, said: str, key: str) -> None:
    before = kept(chat)
    answer = words(chat.says(said))
    beginning = str(chat.book.words[key]["en"]).partition("{")[0]
    assert answer.startswith(beginning), answer
    assert kept(chat) == before


def test_one_stage_is_left(chat: Conversation) -> None:
    chat.says("won Ali Khan")
    chat.says("lost Bilal Traders")
    for stage in ("lead", "qualified", "proposal", "negotiation"):
        chat.says(f"remove stage {stage}")
    assert way(chat) == ["Site visit"]
    assert words(chat.says("remove stage site visit")) == chat.book.words["last_of_stages"]["en"]
    assert "Stage: Site visit" in words(chat.says("deal for Hilal Dairy 3 lakh"))


@pytest.mark.parametrize("said", ["add stage Demo", "remove stage lead", "rename lead to Inquiry"])
def test_only_an_owner_changes_stages(chat: Conversation, said: str) -> None:
    before = kept(chat)
    assert words(chat.says(said, by="Bilal")) == "Only a team owner can do that. Ask one of them."
    assert kept(chat) == before
    assert "Change them in words" not in words(chat.says("stages", by="Bilal"))
    assert "Change them in words" in words(chat.says("stages"))


def test_a_form_offers_the_own_stages(chat: Conversation) -> None:
    number = kept(chat, "deal")[0]["id"]
    chat.runs("edit", kind="deal", record=number)
    chat.fills({f"deal:{number}:stage": "site visit"})
    assert deals(chat)["Bilal Traders"] == "site_visit"
    chat.runs("edit", kind="deal", record=number)
    answer = words(chat.fills({f"deal:{number}:stage": "moon"}))
    assert answer.startswith("moon is no stage. The stages are: lead, qualified, Site visit,")


def test_the_export_has_the_stages(chat: Conversation) -> None:
    chat.says("rename stage negotiation to Mol tol")
    rows: list[dict[str, Any]] = kept(chat, "stage")
    assert [(row["key"], row["name"], row["position"]) for row in rows if row["active"]] == [
        ("lead", "lead", 1), ("qualified", "qualified", 2), ("site_visit", "Site visit", 3),
        ("proposal", "proposal", 4), ("negotiation", "Mol tol", 5),
    ]  # fmt: skip
    assert [row["probability"] for row in rows] == [10, 25, 37, 50, 75]
    chat.says("undo")
    chat.says("undo")
    assert kept(chat, "stage") == []
