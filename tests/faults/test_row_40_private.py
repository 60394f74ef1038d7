"""Row 40: a private contact shown in a group, in Slack Connect, or to a colleague."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from bot.incoming import Incoming, Sender
from bot.reception import House
from handlers.library import the_book
from handlers.reply import says
from storage.clock import SetClock
from storage.database import Database
from storage.models import Contact, Deal, Member
from storage.privacy import seeing
from tests.conversation import AYESHA, Conversation, labels, user_id, words
from tests.scenes import scene

NOON = datetime(2026, 11, 25, 8, tzinfo=UTC)

CANARIES = ("Zarmina", "Durrani", "+923007654321", "zarmina@looms.example", "brocade")
"""What is known of a private contact; in the tests nobody else's words hold any of it but names."""

KEPT = {
    "en": "keep Zarmina Durrani private",
    "ur": "Zarmina Durrani کو صرف مجھ تک رکھو",
    "roman": "Zarmina Durrani ko private rakho",
}
SHARED = {
    "en": "share Zarmina with the team",
    "ur": "Zarmina کو ٹیم کو دکھاؤ",
    "roman": "Zarmina ko team ko dikhao",
}


def tell_of_her(chat: Conversation, by: str = AYESHA) -> None:
    chat.says("met Zarmina Durrani, 0300 7654321, Multan", by=by)
    chat.says("zarmina's email is zarmina@looms.example", by=by)
    chat.says("deal for Zarmina Durrani: brocade, 5 lakh", by=by)
    chat.says("call Zarmina Durrani tomorrow at 4 pm about brocade", by=by)
    chat.says("note for Zarmina Durrani: only brocade before Eid", by=by)


@scene
def kept(chat: Conversation) -> None:
    """Ayesha keeps Zarmina private; Sara is everybody's."""
    tell_of_her(chat)
    chat.says("met Sara Malik from Nishat Mills, deal 2 lakh")
    chat.says(KEPT["en"])
    chat.heard.clear()


LOOKS = (
    "show deals", "show my open deals", "pipeline", "today", "tasks", "find customers in Multan",
    "who do we know", "deals closing this month", "won this month", "revenue this month",
    "activity this month", "why?", "hello", "done", "call her", "show it",
    "who am I meeting tomorrow", "orders above 100", "top 2 deals", "biggest order",
    "who haven't I called this week", "what did we do today", "mark all tasks done", "never mind",
)  # fmt: skip
"""What names nobody."""

NAMING = (
    "show zarmina", "zarmina ki details", "زرمینہ کی تفصیل دکھاؤ", "call zarmina tomorrow",
    "won the zarmina deal", "lost zarmina", "zarmina wali deal jeet gaye", "tasks with zarmina",
    "note for zarmina: hi", "find zarmina", "deal for zarmina", "met zarmina",
    "zarmina's birthday is 3 December", "when is zarmina's birthday", "zarmina paid 5000",
    "has zarmina paid?", "notes on zarmina", "who looks after zarmina", "reached zarmina's shop",
    "zarmina likes tea", "zarmina ordered 5 shawls for 9000", "zarmina's order is delivered",
    "repeat zarmina's last order", "cancel zarmina's last order", "cancel the call with zarmina",
    "increase zarmina's deal by 50k", "close the deal with zarmina", "delete zarmina's deal",
    "remove zarmina's phone number", "delete zarmina", "assign zarmina to Zubair",
    "rename zarmina durrani to zarmina khan",
)  # fmt: skip


def _plain(text: str) -> str:
    return words(says(text))


def shared_words(chat: Conversation) -> str:
    return "\n".join(words(each.reply) for each in chat.heard if not each.place.private)


def words_to(chat: Conversation, name: str) -> str:
    return "\n".join(words(each.reply) for each in chat.heard if each.to == user_id(name))


@pytest.mark.parametrize("tongue", sorted(KEPT))
def test_row_40_kept_private_and_shared_again_in_words(chat: Conversation, tongue: str) -> None:
    tell_of_her(chat)
    assert "brocade" in words(chat.says("show Zarmina", by="Bilal"))
    chat.says(KEPT[tongue])
    with chat.database.transaction() as session:
        assert session.scalars(select(Contact.private)).all() == [True]
    assert "nobody called" in words(chat.says("show Zarmina Durrani", by="Bilal"))
    assert "only you see" in words(chat.says("show Zarmina Durrani")).casefold() or tongue != "en"
    chat.says(SHARED[tongue])
    assert "brocade" in words(chat.says("show Zarmina", by="Bilal"))


def test_row_40_by_slash_and_taken_back(chat: Conversation) -> None:
    tell_of_her(chat)
    assert "private" in words(chat.commands("/private zarmina"))
    assert "nobody called" in words(chat.says("show Zarmina", by="Bilal"))
    chat.taps("Undo")
    assert "brocade" in words(chat.says("show Zarmina", by="Bilal"))
    chat.commands("/private zarmina")
    assert "sees Zarmina" in words(chat.commands("/share zarmina"))
    assert "brocade" in words(chat.says("show Zarmina", by="Bilal"))


def test_row_40_no_text_of_hers_in_a_shared_message(kept: Conversation) -> None:
    for said in (*LOOKS, *NAMING):
        kept.says(said, place="Sales")
        kept.says(said, place="Sales/7")
    shown = shared_words(kept)
    assert len(shown.splitlines()) > len(LOOKS)
    for canary in CANARIES:
        assert canary not in shown, shown
    assert "in our own chat" in shown
    own = "\n".join(words(each.reply) for each in kept.heard if each.place.private)
    assert "+92 300 7654321" in own or "7654321" in own
    assert "brocade" in own


def test_row_40_no_text_of_hers_to_a_colleague(kept: Conversation) -> None:
    for said in (*LOOKS, *NAMING):
        for place in ("", "Sales"):
            kept.says(said, by="Bilal", place=place)
    seen = words_to(kept, "Bilal")
    assert "Sara Malik" in seen, "what is everybody's is still there"
    for canary in ("Durrani", "7654321", "looms.example", "brocade"):
        assert canary not in seen, seen


def test_row_40_her_owner_says_all_of_it_as_of_anybody_else(kept: Conversation) -> None:
    for said in NAMING:
        told = words(kept.says(said))
        assert "went wrong" not in told, said
        assert "nobody called" not in told, said
    with kept.database.transaction() as session:
        assert "zarmina khan" in session.scalars(select(Contact.name)).all()


def test_row_40_nor_to_the_owner_of_the_workspace(chat: Conversation) -> None:
    """Only me is only me: what stays for the company is in its own export."""
    chat.says("hello")
    tell_of_her(chat, by="Bilal")
    chat.says(KEPT["roman"], by="Bilal")
    chat.heard.clear()
    for said in (*LOOKS, *NAMING):
        chat.says(said)
    for canary in ("Durrani", "7654321", "looms.example", "brocade"):
        assert canary not in words_to(chat, AYESHA)


def test_row_40_what_the_talk_was_of_is_not_another_s_to_ask(kept: Conversation) -> None:
    kept.says("show zarmina", place="Sales")
    answer = words(kept.says("call her tomorrow", by="Bilal", place="Sales"))
    assert "Zarmina" not in answer
    assert "Durrani" not in words(kept.says("why?", by="Bilal", place="Sales"))


def test_row_40_a_question_about_her_is_answered_where_it_was_asked(kept: Conversation) -> None:
    kept.says("met Zarmina Khan from Bata")
    kept.heard.clear()
    kept.says("call Zarmina on Friday", place="Sales")
    question = kept.last()
    assert any("Durrani" in label for label in labels(question.reply))
    assert "Durrani" not in shared_words(kept)
    kept.taps("Zarmina Durrani")
    assert "Zarmina Durrani" in words(kept.says("tasks with Zarmina Durrani"))


def test_row_40_her_buttons_work_in_the_own_chat_only(kept: Conversation) -> None:
    kept.says("show zarmina", place="Sales")
    mine = kept.last()
    token = mine.reply.buttons[0].token
    assert words(kept.does(AYESHA, "Sales", tap=token)).startswith("This button is too old")
    assert "brocade" not in shared_words(kept)
    kept.does(AYESHA, "", tap=token)


def test_row_40_undo_in_a_group_does_not_quote_the_own_chat(kept: Conversation) -> None:
    kept.says("note for Zarmina Durrani: wants brocade by Friday")
    answer = words(kept.says("undo", place="Sales"))
    assert "brocade" not in answer
    assert "Zarmina" not in answer


def test_row_40_nudges_of_hers_come_to_her_owner_alone(kept: Conversation) -> None:
    kept.says("call Sara Malik tomorrow at 5 pm", by="Bilal")
    kept.says("hello", by="Bilal")
    kept.heard.clear()
    kept.clock.skip(timedelta(days=1))
    for _ in range(24):
        kept.rings()
        kept.clock.skip(timedelta(hours=1))
    assert "Zarmina" in words_to(kept, AYESHA)
    assert "Sara Malik" in words_to(kept, "Bilal")
    assert "Zarmina" not in words_to(kept, "Bilal")


def test_row_40_a_colleague_s_contact_is_not_mine_to_hide(chat: Conversation) -> None:
    tell_of_her(chat)
    answer = words(chat.says("keep zarmina private", by="Bilal"))
    assert "colleague" in answer
    assert "brocade" in words(chat.says("show zarmina"))


@pytest.fixture
def slack(database: Database) -> Conversation:
    """Ayesha and Bilal work in one Slack team; #pak-china is shared with another organisation."""
    chat = Conversation(database, SetClock(NOON), platform="slack", house=House())
    tell_of_her(chat)
    chat.heard.clear()
    return chat


@pytest.mark.parametrize("said", LOOKS[:8] + NAMING[:4])
def test_row_40_a_channel_with_outsiders_is_answered_by_direct_message(
    slack: Conversation, said: str
) -> None:
    person = slack.person(AYESHA)
    place = replace(slack.place(person, "pak-china"), external=True)
    slack.receives(Incoming("x1", person, place, NOON, text=said))
    shown = shared_words(slack)
    notes = the_book().words["answered_privately_external"]
    assert shown in {_plain(note) for note in notes.values()}
    assert any(each.place.chat == person.id for each in slack.heard), "and the answer came there"


def test_row_40_that_a_channel_has_outsiders_is_remembered(slack: Conversation) -> None:
    """A command or a tap does not say so, only a message does."""
    person = slack.person(AYESHA)
    place = slack.place(person, "pak-china")
    slack.receives(Incoming("x1", person, replace(place, external=True), NOON, text="hello"))
    slack.receives(Incoming("x2", person, place, NOON, command="deals"))
    assert "brocade" not in shared_words(slack)
    slack.receives(Incoming("x3", person, replace(place, external=False), NOON, text="hello"))
    slack.receives(Incoming("x4", person, place, NOON, command="deals"))
    assert "brocade" in shared_words(slack)


def test_row_40_a_guest_is_told_alone_and_nothing_of_the_team(slack: Conversation) -> None:
    guest = Sender("slack", "", "U9", "Guest", outsider=True)
    reply = slack.says("show deals", sender=guest, place="Sales")
    assert reply.private
    assert words(reply).startswith("I work only for full members of this team.")


def test_row_40_no_question_of_a_colleague_s_finds_her_by_whatever_name(
    kept: Conversation,
) -> None:
    """Not one that calls the table otherwise, counts, or asks for what hangs on her."""
    kept.says("hello", by="Bilal")
    with kept.database.transaction() as session:
        bilal = session.scalars(select(Member).where(Member.name == "Bilal")).one()
        other, theirs = aliased(Contact), aliased(Deal)
        named = func.count().filter(Contact.name.contains("Zarmina"))
        with seeing(session, bilal, alone=True):
            people = {*session.scalars(select(Contact.name)), *session.scalars(select(other.name))}
            assert people == {"Sara Malik"}
            assert session.scalar(select(named).select_from(Contact)) == 0
            found = [*session.scalars(select(Deal)), *session.scalars(select(theirs))]
            assert {deal.amount_minor for deal in found} == {20_000_000}
