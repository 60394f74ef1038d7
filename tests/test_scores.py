"""Leads scored: from words to points, kept as things happen, and told rule by rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from storage.models import Contact, LeadModel, LeadScore
from storage.scope import EVERYWHERE, enter
from storage.score_facts import InHand
from tests.conversation import Conversation, labels, words
from tests.scenes import scene


@scene
def leads(chat: Conversation) -> None:
    """Three who may buy: Sara asked for a price, Ali has no money, of Omar hardly more is known."""
    chat.says("hello", by="Bilal")
    chat.says("add Ali Khan from Gul Textiles, Lahore, 0300 1234567")
    chat.says("add Sara Malik from Nishat Mills, Karachi, sara@nishat.pk")
    chat.says("met Sara Malik, she asked for a price")
    chat.says("deal 5 lakh with Ali Khan")
    chat.says("note Ali Khan: no budget")
    chat.says("add Omar Sheikh from Faisalabad, source website")


def kept(chat: Conversation) -> dict[str, int | None]:
    """The scores as they stand in the table, after the clock has looked at who is due."""
    chat.rings()
    with chat.database.transaction() as session:
        enter(session, EVERYWHERE)
        rows = select(Contact.name, LeadScore.score).join(
            LeadScore,
            (LeadScore.workspace_id == Contact.workspace_id) & (LeadScore.contact_id == Contact.id),
        )
        return {row.name: row.score for row in session.execute(rows)}


def due(chat: Conversation) -> int:
    with chat.database.transaction() as session:
        enter(session, EVERYWHERE)
        now = chat.clock.now()
        rows = select(LeadScore.contact_id).where(LeadScore.next_check_at <= now)
        return len(session.scalars(rows).all())


# --- from what is known to points ---------------------------------------------------------------


def test_the_usual_rules_give_points_to_what_happened(leads: Conversation) -> None:
    # 20 + company 10 + phone 10 + deal 15 - no budget 20; 20 + 10 + e-mail 5 + met 15 + price 15
    assert kept(leads) == {"Ali Khan": 35, "Sara Malik": 65, "Omar Sheikh": 20}


def test_best_leads_are_told_with_their_reasons(leads: Conversation) -> None:
    reply = leads.says("best leads")
    told = words(reply).splitlines()
    assert told[0] == "The 3 best leads"
    reasons = "asked for a price +15, met +15, company known +10"
    assert told[1] == f"Sara Malik @ Nishat Mills: 65 ({reasons})"
    assert told[2].startswith("Ali Khan @ Gul Textiles: 35 (no budget -20, open deal +15")
    assert told[3] == "Omar Sheikh: 20"
    assert labels(reply)[:2] == ["Called Sara Malik", "Open Sara Malik"]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("top 2 leads", "The 2 best leads"),
        ("show me the hottest leads", "The 3 best leads"),
        ("my best leads", "Your 3 best leads"),
        ("best leads in Lahore", "The best lead in Lahore"),
        ("sab se achhe leads", "3 sab se achi leads"),
        ("meri sab se achi leads dikhao", "Aap ki 3 sab se achi leads"),
        ("karachi ki sab se achi leads", "karachi ki sab se achi lead"),
        ("بہترین لیڈز", "3 سب سے اچھی لیڈز"),
        ("سب سے اچھی لیڈز دکھائیں", "3 سب سے اچھی لیڈز"),
        ("فیصل آباد کی بہترین لیڈز", "فیصل آباد کی سب سے اچھی لیڈ"),
    ],
)
def test_the_best_are_asked_for_in_words(leads: Conversation, asked: str, title: str) -> None:
    assert words(leads.says(asked)).splitlines()[0] == title


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("why is Sara 80?", "Sara Malik @ Nishat Mills: 65 of 100"),
        ("score of Sara", "Sara Malik @ Nishat Mills: 65 of 100"),
        ("what is Sara Malik's score?", "Sara Malik @ Nishat Mills: 65 of 100"),
        ("Sara ke 80 kyun hain", "Sara Malik @ Nishat Mills: 100 mein se 65"),
        ("sara ka score", "Sara Malik @ Nishat Mills: 100 mein se 65"),
        ("سارہ کے 80 کیوں ہیں", "Sara Malik @ Nishat Mills: 100 میں سے 65"),
        ("سارہ ملک کا اسکور کیا ہے", "Sara Malik @ Nishat Mills: 100 میں سے 65"),
    ],
)
def test_why_is_told_rule_by_rule(leads: Conversation, asked: str, told: str) -> None:
    lines = words(leads.says(asked)).splitlines()
    assert lines[0] == told
    points = [int(line.rpartition(" ")[2]) for line in lines[1:6]]
    assert points == [20, 15, 15, 10, 5]
    assert sum(points) == 65


def test_a_wrong_number_is_put_right(leads: Conversation) -> None:
    assert "It is 65, not 80." in words(leads.says("why is Sara 80?"))
    assert "not" not in words(leads.says("why is Sara 65?"))


def test_the_score_stands_on_the_card(leads: Conversation) -> None:
    told = words(leads.says("Sara Malik"))
    assert "Score: 65 (asked for a price +15, met +15, company known +10)" in told


def test_a_company_is_asked_for_by_its_people(leads: Conversation) -> None:
    told = words(leads.says("score of Nishat Mills"))
    assert "The lead at Nishat Mills" in told
    assert "Sara Malik @ Nishat Mills: 65" in told


# --- kept as things happen ------------------------------------------------------------------------


def test_whatever_happens_marks_those_alone_whom_it_concerns(leads: Conversation) -> None:
    kept(leads)
    assert due(leads) == 0
    leads.says("note Omar Sheikh: asked for a quotation")
    assert due(leads) == 1
    assert kept(leads)["Omar Sheikh"] == 35
    leads.says("undo")
    assert kept(leads)["Omar Sheikh"] == 20


def test_who_buys_is_no_lead_and_nor_are_their_colleagues(leads: Conversation) -> None:
    leads.says("add Hina Raza from Gul Textiles")
    assert kept(leads)["Hina Raza"] == 30
    leads.says("won Ali Khan")
    scores = kept(leads)
    assert scores["Ali Khan"] is None
    assert scores["Hina Raza"] is None
    assert "they, or their company, have bought" in words(leads.says("score of Hina"))
    leads.says("undo")
    assert kept(leads)["Hina Raza"] == 30


def test_who_ordered_is_no_lead(leads: Conversation) -> None:
    leads.says("Sara Malik ordered 20 rolls for 50,000")
    assert kept(leads)["Sara Malik"] is None


def test_a_lead_whose_deals_are_lost_comes_back_with_a_new_one(leads: Conversation) -> None:
    leads.says("lost Ali Khan, price")
    assert kept(leads)["Ali Khan"] is None
    assert "all their deals are closed" in words(leads.says("score of Ali Khan"))
    leads.says("deal 2 lakh with Ali Khan")
    assert kept(leads)["Ali Khan"] == 35


def test_silence_takes_points_day_by_day_and_a_call_gives_them_back(leads: Conversation) -> None:
    assert kept(leads)["Sara Malik"] == 65
    leads.clock.skip(timedelta(days=29))
    assert kept(leads)["Sara Malik"] == 65
    leads.clock.skip(timedelta(days=2))
    assert kept(leads)["Sara Malik"] == 55
    leads.clock.skip(timedelta(days=60))
    assert kept(leads)["Sara Malik"] == 35
    leads.says("called Sara Malik, she will think about it")
    assert kept(leads)["Sara Malik"] == 70


def test_a_private_contact_is_in_nobodys_list_but_its_owners(leads: Conversation) -> None:
    leads.says("add Zoya Noor from Sapphire, Lahore, zoya@sapphire.pk")
    leads.says("make Zoya Noor private")
    kept(leads)
    assert "Zoya" in words(leads.says("best leads"))
    assert "Zoya" not in words(leads.says("best leads", by="Bilal"))
    assert "Zoya" not in words(leads.says("score of Sapphire", by="Bilal"))


def test_what_a_private_contact_buys_tells_nothing_of_colleagues(leads: Conversation) -> None:
    leads.says("add Hina Raza from Nishat Mills")
    leads.says("make Hina Raza private")
    leads.says("deal 2 lakh with Hina Raza")
    leads.says("won Hina Raza")
    scores = kept(leads)
    assert scores["Hina Raza"] is None
    assert scores["Sara Malik"] == 65


# --- the rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "told", "ali"),
    [
        ("score: textile +20", "textile +20", 55),
        ("Lahore is worth 10", "Lahore +10", 45),
        ("no budget costs 30", "no budget -30", 25),
        ("lahore ke 10 number", "lahore +10", 45),
        ("budget na ho to 30 number kam karo", "budget nahi -30", 25),
        ("ٹیکسٹائل کے 20 نمبر", "ٹیکسٹائل +20", 55),
        ("لاہور کے 10 نمبر", "لاہور +10", 45),
        ("deal over 4 lakh counts 12 points", "open deal of Rs 4 lakh or more +12", 47),
        ("score: company gul +7", "company gul +7", 42),
    ],
)
def test_a_rule_is_made_in_words_and_counts(
    leads: Conversation, said: str, told: str, ali: int
) -> None:
    assert kept(leads)["Ali Khan"] == 35
    assert told in words(leads.says(said))
    scores = kept(leads)
    assert (scores["Ali Khan"], scores["Omar Sheikh"]) == (ali, 20)
    leads.says("undo")
    assert kept(leads)["Ali Khan"] == 35


def test_a_rule_is_changed_and_forgotten(leads: Conversation) -> None:
    leads.says("Lahore is worth 10")
    assert "It was +10." in words(leads.says("Lahore is worth 15"))
    assert kept(leads)["Ali Khan"] == 50
    assert "Lahore +15" in words(leads.says("score rules"))
    assert "Does not count any more: Lahore +15" in words(leads.says("forget the rule for Lahore"))
    assert kept(leads)["Ali Khan"] == 35
    assert "No rule of the score is about Lahore" in words(leads.says("forget the rule for Lahore"))


def test_a_usual_rule_is_switched_off_and_on_again(leads: Conversation) -> None:
    leads.says("forget the rule for no budget")
    assert kept(leads)["Ali Khan"] == 55
    assert "no budget" not in words(leads.says("score rules"))
    leads.says("reset the score rules")
    assert kept(leads)["Ali Khan"] == 35


def test_everybody_begins_with_what_was_said(leads: Conversation) -> None:
    leads.says("base score 40")
    assert kept(leads) == {"Ali Khan": 55, "Sara Malik": 85, "Omar Sheikh": 40}
    leads.says("asked for a price counts 50")
    told = words(leads.says("score of Sara"))
    assert "100 of 100" in told
    assert "Together 120: a score stays between 0 and 100." in told


def test_a_person_is_given_no_points(leads: Conversation) -> None:
    assert "100 mein se 35" in words(leads.says("Ali Khan ke 20 number"))


def test_a_rep_reads_the_rules_and_changes_none(leads: Conversation) -> None:
    assert "asked for a price +15" in words(leads.says("score rules", by="Bilal"))
    assert "Counts from now on" not in words(leads.says("score: textile +20", by="Bilal"))
    assert kept(leads)["Ali Khan"] == 35


def test_all_are_scored_anew_in_batches(leads: Conversation, monkeypatch: Any) -> None:
    monkeypatch.setattr("storage.scores.SWEPT", 2)
    monkeypatch.setattr("scheduler.scores.BATCH", 1)
    kept(leads)
    leads.says("base score 30")
    for _ in range(8):
        leads.rings()
    assert kept(leads) == {"Ali Khan": 45, "Sara Malik": 75, "Omar Sheikh": 30}
    with leads.database.transaction() as session:
        enter(session, EVERYWHERE)
        assert session.scalars(select(LeadModel.sweep_from)).one() is None


def test_a_merged_person_leaves_one_score(leads: Conversation) -> None:
    leads.says("add Sarah Malik from Nishat Mills")
    kept(leads)
    leads.says("Sarah Malik and Sara Malik are the same")
    leads.taps("Merge")
    with leads.database.transaction() as session:
        session.connection()
        enter(session, EVERYWHERE)
        counted = "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM lead_score)"
        people, scores = session.execute(text(counted)).one()
    assert people == scores


def test_a_word_that_the_team_looks_for_is_kept_of_somebody_new(leads: Conversation) -> None:
    leads.says("score: textile +20")
    told = words(leads.says("new contact Rafi Butt, textile, Multan"))
    assert "Tags: textile" in told
    assert kept(leads)["Rafi Butt"] == 40
    assert "Tags" not in words(leads.says("add Uzma Noor from Crescent Textile, Multan"))
    assert kept(leads)["Uzma Noor"] == 50


def test_a_deal_is_seen_as_it_stood_at_a_moment() -> None:
    noon = datetime(2026, 11, 20, 7, tzinfo=UTC)
    won = InHand(1, "won", 100, "PKR", None, created_at=noon, closed_at=noon + timedelta(days=2))
    assert won.as_of(noon + timedelta(days=3)) is won
    before = won.as_of(noon + timedelta(days=1))
    assert (before.status, before.closed_at) == ("open", None)
