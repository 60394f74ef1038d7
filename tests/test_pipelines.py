"""Several pipelines, their stages and the deals in them: made and changed in the chat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.reply import Table
from storage.models import Member
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene
from tests.test_day import kept
from tests.test_stages import deals


@scene
def chat(chat: Conversation) -> None:
    """A team that sells at home and abroad, with two open deals."""
    chat.runs("deal.add", company="Bilal Traders", amount=500000)
    chat.runs("deal.add", contact="Ali Khan", amount=200000)
    chat.says("add pipeline Export")


def stages(chat: Conversation, pipeline: str) -> list[str]:
    rows = kept(chat, "stage")
    return [row["name"] for row in rows if row["active"] and row["pipeline"] == pipeline]


def named(chat: Conversation) -> list[str]:
    return [row["name"] for row in kept(chat, "pipeline") if row["active"]]


SAID = {
    "en": (
        "add pipeline Tenders", "add stage Shipping to the Tenders pipeline",
        "move Ali Khan to the Tenders pipeline", "show the Tenders pipeline",
        "rename the Tenders pipeline to Bids", "remove the Bids pipeline",
    ),
    "roman": (
        "nayi pipeline Tenders banao", "Tenders pipeline mein stage Shipping add karo",
        "Ali Khan ko tenders pipeline mein daal do", "tenders pipeline dikhao",
        "tenders pipeline ka naam Bids rakho", "bids pipeline hata do",
    ),
    "ur": (
        "نئی پائپ لائن ٹینڈر بناؤ", "ٹینڈر پائپ لائن میں مرحلہ شپنگ شامل کرو",
        "علی خان کو ٹینڈر پائپ لائن میں ڈال دو", "ٹینڈر پائپ لائن دکھاؤ",
        "ٹینڈر پائپ لائن کا نام نیلامی رکھو", "نیلامی پائپ لائن ہٹا دو",
    ),
}  # fmt: skip


@pytest.mark.parametrize("tongue", SAID)
def test_made_filled_shown_renamed_and_removed(chat: Conversation, tongue: str) -> None:
    add, stage, move, show, rename, remove = SAID[tongue]
    chat.says(add)
    name = named(chat)[-1]
    key = kept(chat, "pipeline")[-1]["key"]
    assert stages(chat, key)[:4] == ["lead", "qualified", "proposal", "negotiation"]
    chat.says(stage)
    assert len(stages(chat, key)) == 5
    moved = words(chat.says(move))
    assert name in moved
    assert deals(chat)["Ali Khan"] in [
        r["key"] for r in kept(chat, "stage") if r["pipeline"] == key
    ]
    shown = words(chat.says(show))
    assert name in shown.splitlines()[0]
    assert "500,000" not in shown
    assert "2 lakh" in shown or "2 لاکھ" in shown
    chat.says(rename)
    assert named(chat)[-1] != name
    before = kept(chat)
    asked = chat.says(remove)
    assert len(labels(asked)) == 3, "the two others, and never mind"
    assert kept(chat) == before
    chat.taps("Export")
    assert len(named(chat)) == 2
    chat.says("undo")
    assert kept(chat) == before


def test_two_stages_of_one_name_are_told_apart(chat: Conversation) -> None:
    chat.says("move Ali Khan to the Export pipeline")
    assert deals(chat) == {"Bilal Traders": "lead", "Ali Khan": "lead_2"}
    assert "Ali Khan: lead → proposal" in words(chat.says("move Ali Khan to proposal"))
    assert deals(chat)["Ali Khan"] == "proposal_2", "it stays in its own pipeline"
    chat.says("move Bilal Traders to proposal")
    assert deals(chat)["Bilal Traders"] == "proposal"
    asked = chat.says("remove stage proposal")
    assert "proposal of which pipeline?" in words(asked)
    assert labels(asked) == ["Sales: proposal", "Export: proposal", "Never mind"]
    chat.taps("Export: proposal")
    chat.taps("negotiation")
    assert deals(chat) == {"Bilal Traders": "proposal", "Ali Khan": "negotiation_2"}
    assert "proposal" in stages(chat, "sales")
    assert "proposal" not in stages(chat, "export")


def test_the_first_of_two_may_be_tapped_too(chat: Conversation) -> None:
    chat.says("rename stage proposal to Offer")
    chat.taps("Sales: proposal")
    assert stages(chat, "sales")[2] == "Offer"
    assert stages(chat, "export")[2] == "proposal"


def test_a_deal_that_goes_to_another_pipeline_says_from_where_to_where(chat: Conversation) -> None:
    chat.says("move Ali Khan to proposal")
    answer = words(chat.says("move Ali Khan to the export pipeline"))
    assert answer.splitlines()[0] == "Ali Khan: Sales, proposal → Export, proposal"
    answer = words(chat.says("move Ali Khan to qualified in the sales pipeline"))
    assert answer.splitlines()[0] == "Ali Khan: Export, proposal → Sales, qualified"
    assert "Pipeline: Sales" in answer
    moves = next(r for r in kept(chat, "deal") if r["contact"] == "Ali Khan")["moves"]
    assert [m["stage"] for m in moves] == ["lead", "proposal", "proposal_2", "qualified"]


def test_next_stays_in_its_own_pipeline(chat: Conversation) -> None:
    chat.says("new pipeline Tenders with stages Bid, Shortlist")
    chat.says("move Ali Khan to the Tenders pipeline")
    assert deals(chat)["Ali Khan"] == "bid"
    chat.says("move Ali Khan to next stage")
    assert deals(chat)["Ali Khan"] == "shortlist"
    assert labels(chat.says("move Ali Khan to next stage"))[:2] == ["Won", "Lost"]


def test_the_pipeline_tells_of_the_others(chat: Conversation) -> None:
    chat.says("move Ali Khan to the export pipeline")
    answer = chat.says("pipeline")
    assert words(answer).splitlines()[0] == "Pipeline: Sales"
    assert "Total | 1 | Rs 5 lakh" in words(answer)
    assert "One open deal more in Export." in words(answer)
    shown = chat.taps("Export")
    assert words(shown).splitlines()[0] == "Pipeline: Export"
    assert "Total | 1 | Rs 2 lakh" in words(shown)
    rows = part(chat.says("pipelines"), Table).rows
    assert rows == (("Sales", "1", "Rs 5 lakh"), ("Export", "1", "Rs 2 lakh"))


def test_a_button_for_a_stage_that_was_renamed_or_removed_meanwhile(chat: Conversation) -> None:
    chat.runs("deal.move", contact="Ali Khan")
    chat.says(
        "rename stage negotiation in the sales pipeline to Mol tol", by="Ayesha", place="Team"
    )
    chat.taps("negotiation")
    assert deals(chat)["Ali Khan"] == "negotiation"
    assert "Mol tol" in words(chat.heard[-1].reply)
    chat.runs("deal.move", contact="Ali Khan")
    chat.says("remove stage qualified in the sales pipeline", place="Team")
    before = deals(chat)
    assert "There is no stage qualified" in words(chat.taps("qualified"))
    assert deals(chat) == before


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("add pipeline export", "pipeline_is_there"),
        ("add pipeline Sales", "pipeline_is_there"),
        ("rename the export pipeline to SALES", "pipeline_is_there"),
        ("remove pipeline Foo", "no_such_pipeline"),
        ("add stage Proposal to the export pipeline", "stage_is_there"),
        ("add stage closed won to the export pipeline", "stage_name_means_else"),
        ("add stage deal won", "stage_name_means_else"),
        ("proposal probability 130%", "bad_percent"),
        ("proposal usually takes 0 days", "bad_days"),
    ],
)
def test_what_cannot_be_is_said(chat: Conversation, said: str, key: str) -> None:
    if key in ("bad_percent", "bad_days"):
        chat.says("remove the export pipeline")
    before = kept(chat)
    answer = words(chat.says(said))
    beginning = str(chat.book.words[key]["en"]).partition("{")[0]
    assert answer.startswith(beginning), answer
    assert kept(chat) == before


def test_one_pipeline_is_left(chat: Conversation) -> None:
    chat.says("remove the sales pipeline")
    chat.taps("Export")
    assert named(chat) == ["Export"]
    assert deals(chat) == {"Bilal Traders": "lead_2", "Ali Khan": "lead_2"}
    assert words(chat.says("remove the export pipeline")).startswith("This is the only pipeline")
    chat.runs("deal.add", contact="Sara Malik")
    assert deals(chat)["Sara Malik"] == "lead_2"


def test_undo_of_a_pipeline_is_refused_once_deals_stand_in_it(chat: Conversation) -> None:
    chat.says("move Ali Khan to the export pipeline", by="Bilal")
    assert words(chat.says("undo")) == chat.book.words["changed_since"]["en"]
    assert "Export" in named(chat)


@pytest.mark.parametrize(
    ("said", "percent", "days"),
    [
        ("set probability of proposal to 60%", 60, 14),
        ("proposal ki probability 60% karo", 60, 14),
        ("پروپوزل کا امکان ۶۰ فیصد کر دو", 60, 14),
        ("proposal usually takes 3 weeks", 50, 21),
        ("proposal mein aam taur par 21 din lagte hain", 50, 21),
        ("پروپوزل میں عموماً 21 دن لگتے ہیں", 50, 21),
    ],
)
def test_how_likely_and_how_long(chat: Conversation, said: str, percent: int, days: int) -> None:
    chat.says("remove the export pipeline")
    chat.says(said)
    row = next(row for row in kept(chat, "stage") if row["key"] == "proposal")
    assert (row["probability"], row["days"]) == (percent, days)


@pytest.mark.parametrize(
    "said", ["add pipeline Tenders", "rename the export pipeline to Abroad",
             "remove the export pipeline", "proposal usually takes 9 days"],
)  # fmt: skip
def test_only_an_owner_changes_pipelines(chat: Conversation, said: str) -> None:
    before = kept(chat)
    assert words(chat.says(said, by="Bilal")) == "Only a team owner can do that. Ask one of them."
    assert kept(chat) == before


def test_what_nobody_but_its_owner_sees_goes_along(chat: Conversation) -> None:
    """A private deal of a colleague may not be left in a stage that is no more."""
    chat.says("add Hina Raza, 0300 7654321", by="Bilal")
    chat.says("deal 90 lakh with Hina Raza", by="Bilal")
    chat.says("make Hina Raza private", by="Bilal")
    chat.says("remove the sales pipeline")
    answer = words(chat.taps("Export"))
    assert "Hina" not in answer
    assert "97 lakh" in words(chat.says("pipeline", by="Bilal"))
    assert "Rs 7 lakh" in words(chat.says("pipeline"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("how many deals did we win in the export pipeline", "\n1\n"),
        ("export pipeline mein kitni deals jeetin", "\n1\n"),
        ("ایکسپورٹ پائپ لائن میں کتنی ڈیلز جیتیں", "\n1\n"),
        ("revenue of the export pipeline this month", "Rs 2 lakh"),
        ("how many deals are in proposal", "One deal"),
        ("how many customers are in each stage of the export pipeline", "Export"),
    ],
)
def test_numbers_of_one_pipeline(chat: Conversation, said: str, told: str) -> None:
    chat.says("move Ali Khan to the export pipeline")
    chat.says("won Ali Khan")
    chat.says("move Bilal Traders to the export pipeline")
    chat.says("move Bilal Traders to proposal")
    chat.says("won 9 lakh Sara Malik")
    assert told in words(chat.says(said)) + "\n"


def test_two_who_say_at_once_how_likely_a_stage_is(chat: Conversation) -> None:
    """The second is asked, as of any other value."""
    chat.says("remove the export pipeline")
    chat.says("hello", by="Bilal")
    with chat.database.transaction() as session:
        session.scalars(select(Member).where(Member.name == "Bilal")).one().role = "owner"
    chat.clock.skip(timedelta(minutes=30))
    chat.says("proposal probability 60%")
    chat.clock.skip(timedelta(seconds=20))
    answer = chat.says("proposal probability 30%", by="Bilal")
    row = next(row for row in kept(chat, "stage") if row["key"] == "proposal")
    assert row["probability"] == 60, words(answer)
    assert "60" in words(answer)


@pytest.mark.parametrize("choice", ["Set Shortlist", "Keep Bid"])
def test_a_deal_that_came_into_a_stage_just_before_it_goes(chat: Conversation, choice: str) -> None:
    """It is told who put it there; whatever is chosen, no deal stands where no stage is."""
    chat.says("new pipeline Tenders with stages Bid, Shortlist")
    chat.says("move Ali Khan to the tenders pipeline")
    asked = chat.says("remove the Bid stage from the tenders pipeline")
    assert "One open deal" in words(asked)
    chat.says("move Bilal Traders to the tenders pipeline", by="Bilal")
    assert "Bilal set Bid" in words(chat.taps("Shortlist"))
    chat.taps(choice)
    there = {row["key"] for row in kept(chat, "stage") if row["active"]}
    assert set(deals(chat).values()) <= there
    gone = choice == "Set Shortlist"
    assert ("bid" in there) == (not gone)
    if gone:
        assert deals(chat) == {"Bilal Traders": "shortlist", "Ali Khan": "shortlist"}
