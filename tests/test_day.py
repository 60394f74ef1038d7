"""A rep's day: the main job, told in three languages, on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.reply import Table
from storage.clock import SetClock
from storage.database import Database
from storage.export import KINDS, records, workspaces
from tests.conversation import Conversation, labels, part, words

WEDNESDAY = datetime(2026, 11, 25, 8, tzinfo=UTC)  # 13:00 in Karachi


@pytest.fixture
def chat(database: Database) -> Conversation:
    return Conversation(database, SetClock(WEDNESDAY))


def kept(chat: Conversation, kind: str | None = None) -> list[dict[str, Any]]:
    """What an export has, as a list."""
    with chat.database.transaction() as session:
        found = list(records(session, workspaces(session), list(KINDS)))
    return [record for record in json.loads(json.dumps(found)) if kind in (None, record["type"])]


DAYS = {
    "en": (
        "met Sara Malik from Nishat Mills, she wants 40 looms, deal 5 lakh, call her friday 3pm",
        "nishat moved to proposal",
        "won nishat 4.8 lakh",
        "pipeline?",
        "undo",
    ),
    "roman": (
        "Nishat Mills ki Sara Malik se mulaqat hui, deal 5 lakh, jumme ko 3 baje call karni hai",
        "nishat ki deal proposal me daal do",
        "nishat wali deal jeet gaye 4.8 lakh me",
        "pipeline dikhao",
        "undo kro",
    ),
    "ur": (
        "نشاط ملز کی سارہ ملک سے ملاقات ہوئی، ۵ لاکھ کی ڈیل، جمعے کو ۳ بجے کال کرنی ہے",
        "نشاط ملز کی ڈیل پروپوزل میں ڈال دو",
        "نشاط ملز والی ڈیل 4.8 لاکھ میں جیت گئے",
        "پائپ لائن دکھاؤ",
        "غلطی ہو گئی، واپس کر دو",
    ),
}


@pytest.mark.parametrize("tongue", DAYS)
def test_the_main_job(chat: Conversation, tongue: str) -> None:
    met, moved, won, pipeline, undo = DAYS[tongue]

    chat.says(met)
    (contact,) = kept(chat, "contact")
    (deal,) = kept(chat, "deal")
    (activity,) = kept(chat, "activity")
    (task,) = kept(chat, "task")
    name, company = ("سارہ ملک", "نشاط ملز") if tongue == "ur" else ("Sara Malik", "Nishat Mills")
    assert (contact["name"], contact["company"]) == (name, company)
    assert (deal["amount"], deal["currency"], deal["stage"]) == ("500000.00", "PKR", "lead")
    assert (activity["kind"], activity["contact"]) == ("meeting", name)
    assert (task["contact"], task["due"]) == (name, "2026-11-27T10:00:00Z")

    chat.says(moved)
    assert kept(chat, "deal")[0]["stage"] == "proposal"

    before = kept(chat)
    chat.says(won)
    (deal,) = kept(chat, "deal")
    assert (deal["status"], deal["amount"]) == ("won", "480000.00")
    chat.says(undo)
    assert kept(chat) == before

    table = part(chat.says(pipeline), Table)
    assert [row[1] for row in table.rows] == ["1", "1"]
    assert any("5" in cell for cell in table.rows[0][2:])


def test_the_reminder_comes_at_its_time_once_and_done_closes_it(chat: Conversation) -> None:
    chat.says("met Sara Malik from Nishat Mills, call her friday 3pm")
    chat.clock.set(datetime(2026, 11, 27, 9, 59, tzinfo=UTC))
    assert ["Good morning" in words(heard.reply) for heard in chat.rings()] == [True]
    chat.clock.skip(timedelta(minutes=1))
    (heard,) = chat.rings()
    assert "call her" in words(heard.reply)
    assert labels(heard.reply)[:2] == ["Done", "Log call"]
    assert chat.rings() == []
    answer = chat.taps("Done")
    assert "Done" in words(answer)
    assert kept(chat, "task")[0]["status"] == "done"


def test_two_deals_are_asked_about_with_buttons(chat: Conversation) -> None:
    chat.says("deal for Nishat Mills: 40 looms, 5 lakh")
    chat.says("deal for Nishat Mills: spare parts, 80k")
    asked = chat.says("nishat moved to proposal")
    assert "Which deal?" in words(asked)
    assert len(labels(asked)) == 3
    assert [deal["stage"] for deal in kept(chat, "deal")] == ["lead", "lead"]
    chat.taps(next(label for label in labels(asked) if "looms" in label))
    assert sorted(deal["stage"] for deal in kept(chat, "deal")) == ["lead", "proposal"]


def test_a_question_swallows_nothing_and_survives(chat: Conversation) -> None:
    chat.says("deal for Nishat Mills: 40 looms, 5 lakh")
    chat.says("deal for Nishat Mills: spare parts, 80k")
    chat.says("won nishat")
    chat.says("call Bilal Ahmed tomorrow 4pm")
    assert kept(chat, "task")[0]["contact"] == "Bilal Ahmed"
    chat.says("spare parts")
    won = [deal for deal in kept(chat, "deal") if deal["status"] == "won"]
    assert [deal["amount"] for deal in won] == ["80000.00"]


WRITES = [
    "add Hina Javed, owner of Petal House, 0321 5550101, Lahore #vip",
    "new customer: Ravi Textiles, Lahore, 042 35550101",
    "Sara Malik's new mobile is 0300 5550199",
    "called Sara Malik, she wants a discount",
    "met Omar Farooq from Zenith Labs, deal 3 lakh, call him tomorrow 4pm",
    "deal for Nishat Mills: spare parts, 80k",
    "nishat moved to negotiation",
    "won nishat 4.8 lakh",
    "lost nishat, price too high",
    "raise the Nishat Mills deal to 6 lakh",
    "call Sara Malik on monday 11am",
    "every friday check stock with Nishat Mills",
    "done with Sara Malik's call",
    "snooze Sara Malik to monday",
    "speak urdu",
    "quiet hours 10pm to 7am",
    "currency is USD",
]


@pytest.mark.parametrize("said", WRITES)
def test_undo_restores_the_export_exactly(chat: Conversation, said: str) -> None:
    chat.says(
        "met Sara Malik from Nishat Mills, she wants 40 looms, deal 5 lakh, call her friday 3pm"
    )
    before = kept(chat)
    language, currency = chat.says("settings"), None
    chat.says(said)
    changed = kept(chat) != before or words(chat.says("settings")) != words(language)
    assert changed, currency
    chat.says("undo")
    assert kept(chat) == before
    assert words(chat.says("settings")) == words(language)


@pytest.mark.parametrize("aside", ["salam", "show Zenith Labs", "what a day it was", "pipeline"])
def test_a_question_about_a_deal_is_answered_only_by_its_choices(
    chat: Conversation, aside: str
) -> None:
    chat.says("deal for Nishat Mills: 40 looms, 5 lakh")
    chat.says("deal for Nishat Mills: spare parts, 80k")
    chat.says("won nishat")
    assert "Which deal?" not in words(chat.says(aside))
    chat.says("2")
    assert [deal["status"] for deal in kept(chat, "deal")].count("won") == 1


@pytest.mark.parametrize("label", ["undo", "Undo", "wapas", "واپس"])
def test_the_undo_buttons_label_may_be_typed(chat: Conversation, label: str) -> None:
    chat.says("deal for Nishat Mills: 40 looms, 5 lakh")
    chat.says(label)
    assert kept(chat) == []
