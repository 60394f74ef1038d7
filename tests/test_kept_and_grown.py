"""What reps and shopkeepers say of keeping customers and growing with them is read as meant."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.reading import read
from handlers.turn import Turn
from language.voice import Voice
from storage.models import Activity, Chat, Member, Referral, Workspace
from storage.models import Turn as TurnRow
from tests.conversation import AYESHA, Conversation, labels, words
from tests.test_handover import SPEAK
from tests.test_outlook import bought

SAID = [
    line.split(" ", 1)
    for line in Path(__file__).with_name("kept_and_grown.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture
def shop(chat: Conversation) -> Conversation:
    chat.says("hello")
    chat.says("hello", by="Sara")
    bought(chat, "Bilal Traders", 220, 199, 178, 157, 136, 115, 94, 80)
    bought(chat, "Gul Ahmed", 200)
    for said in (
        "Nishat Mills ordered 10 rolls for 2 lakh",
        "Halal Dairy ordered 3 crates for 30000",
    ):
        chat.says(said)
    return chat


def intents_of(chat: Conversation, said: str) -> list[str]:
    """What a message is read as; nothing is done."""
    with chat.database.transaction() as session:
        space = session.scalars(select(Workspace)).one()
        member = session.scalars(select(Member).where(Member.name == AYESHA)).one()
        now = chat.clock.now()
        turn = Turn(
            session=session, workspace=space, member=member,
            chat=Chat(workspace_id=space.id, private=True), now=now,
            voice=Voice(chat.book.words, member.tongue, member.zone, now), id=0,
            row=TurnRow(workspace_id=space.id, member_id=member.id), run=chat.book.run, said=said,
        )  # fmt: skip
        return [call.intent for call in read(chat.book, turn, said).calls]


def test_all_of_it_is_read_as_it_is_meant(shop: Conversation) -> None:
    read_as = {said: (intents_of(shop, said), [meant]) for meant, said in SAID}
    assert {said: found for said, (found, meant) in read_as.items() if found != meant} == {}


def activities(chat: Conversation) -> list[tuple[str, str | None]]:
    with chat.database.transaction() as session:
        rows = session.scalars(select(Activity).order_by(Activity.id))
        return [(row.kind, row.text) for row in rows]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Bilal said no messages after 8", "said no messages after 8"),
        ("bilal ki dukan band hai aaj", "dukan band hai aaj"),
        ("بلال کی دکان آج بند ہے", "دکان آج بند ہے"),
        ("bilal's shop is closed today", "shop is closed today"),
        ("Gul Ahmed said the cotton crop is in danger", "said the cotton crop is in danger"),
        ("گل احمد نے کہا کپاس کی فصل خطرے میں ہے", "کہا کپاس کی فصل خطرے میں ہے"),
        ("bilal ko 8 baje ke baad call mat karna", "8 baje ke baad call mat karna"),
    ],
)
def test_what_is_told_of_a_customer_is_a_note(shop: Conversation, said: str, kept: str) -> None:
    before = len(activities(shop))
    shop.says(said)
    assert activities(shop)[before:] == [("note", kept)]
    shop.says("undo")
    assert len(activities(shop)) == before


def referrals(chat: Conversation) -> int:
    with chat.database.transaction() as session:
        return len(session.scalars(select(Referral)).all())


@pytest.mark.parametrize(
    "said",
    [
        "gul ahmed nishat ke zariye aaya",
        "نشاط کے ذریعے گل احمد آیا",
        "gul ahmed came through nishat",
        "nishat ne gul ahmed ko hamare paas bheja",
        "nishat ne gul ahmed ko bheja",
        "gul ahmed ko nishat le kar aaya",
    ],
)
def test_who_sent_whom_is_told_by_whom_one_knows(shop: Conversation, said: str) -> None:
    told = words(shop.says(said))
    assert "Gul Ahmed" in told
    assert "Nishat Mills" in told
    assert referrals(shop) == 1


def test_an_errand_of_a_colleague_is_asked_about(shop: Conversation) -> None:
    asked = shop.says("bilal ne sara ko bheja")
    assert labels(asked) == ["Referral: sara, bilal ke zariye", "Note likh lein", "Rehne dein"]
    assert referrals(shop) == 0
    shop.taps("Note likh lein")
    assert activities(shop)[-1] == ("note", "bilal ne sara ko bheja")
    assert referrals(shop) == 0


ON_LEAVE = {
    "en": "I'm on leave until Monday", "roman": "main Monday tak chutti par hoon",
    "ur": "میں پیر تک چھٹی پر ہوں",
}  # fmt: skip


@pytest.mark.parametrize("tongue", ON_LEAVE)
@pytest.mark.parametrize("answer", ["tapped", "said", "said whole"])
def test_whoever_is_on_leave_is_asked_who_takes_over(
    shop: Conversation, tongue: str, answer: str
) -> None:
    shop.says(SPEAK[tongue])
    assert "Sara" in labels(shop.says(ON_LEAVE[tongue]))
    if answer == "tapped":
        told = words(shop.taps("Sara"))
    else:
        told = words(shop.says("sara" if answer == "said" else "my customers to Sara until Monday"))
    assert "Sara" in told
    assert "30" in told


def test_bare_leave_asks_until_when_too(shop: Conversation) -> None:
    shop.says("main chutti par hoon")
    assert "kab tak" in words(shop.taps("Sara"))
    assert "Peer 30 Nov" in words(shop.says("Monday"))


def test_a_question_who_takes_over_lets_other_messages_pass(shop: Conversation) -> None:
    shop.says("I am on leave")
    assert "Bilal Traders is at risk" in words(shop.says("why is bilal at risk?"))


def test_a_shut_shop_is_ours_or_that_of_whom_one_spoke_of(shop: Conversation) -> None:
    assert "Our day off" in labels(shop.says("shop is closed tomorrow"))
    shop.taps("Keep as a note")
    assert activities(shop)[-1] == ("note", "shop is closed tomorrow")
    shop.clock.set(shop.clock.now() + timedelta(hours=2))
    assert "24 Nov 2026: holiday" in words(shop.says("shop is closed tomorrow"))


def test_what_is_said_of_happiness_is_kept_with_the_score(shop: Conversation) -> None:
    asked = shop.says("nishat is unhappy with us")
    assert labels(asked)[:5] == ["1", "2", "3", "4", "5"]
    assert "2 of 5" in words(shop.taps("2"))
