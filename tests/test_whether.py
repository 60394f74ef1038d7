"""Who asks whether something happened is told, and nothing is written down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.models import Activity, Company, Contact, Order, Task, Ticket
from tests.conversation import AYESHA, Conversation, words

BILAL = "Bilal"
FRIDAY, MONDAY = datetime(2026, 11, 20, 6, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)
WRITTEN = (Activity, Order, Ticket, Task, Contact, Company)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    """Bilal called Sara on Friday, Ayesha met her today; she bought, and complained, today."""
    chat.says("hello", by=AYESHA)
    chat.clock.set(FRIDAY)
    chat.says("called Sara Malik, she wants new rates", by=BILAL)
    chat.clock.set(MONDAY)
    for said in ("met Sara Malik", "Sara Malik ordered 5 looms for 100000",
                 "Sara Malik complained that a loom is broken"):  # fmt: skip
        chat.says(said, by=AYESHA)
    return chat


def written(chat: Conversation) -> list[int]:
    return chat.counts(*WRITTEN)


YES = {
    "has anyone called Sara Malik": ("Yes, once:", "she wants new rates", "Bilal"),
    "has anybody called sara since friday?": ("Yes, once:", "Friday 20 Nov"),
    "have we met Sara Malik this week": ("Yes, once:", "today"),
    "did we speak to Sara this month": ("Yes, 2 times; the last one:", "meeting"),
    "who called Sara Malik last week": ("Yes, once:", "Bilal"),
    "was Sara called": ("Yes, once:",),
    "did I meet Sara today": ("Yes, once:",),
    "when did we last call Sara": ("Friday 20 Nov",),
    "has bilal called sara": ("Yes, once:", "Friday 20 Nov"),
    "kya Sara ko call hui": ("Ji haan, aik bar:", "Jumma 20 Nov"),
    "sara se is hafte mulaqat hui kya": ("Ji haan, aik bar:",),
    "kisi ne sara ko call kiya?": ("Ji haan, aik bar:", "Bilal"),
    "sara se baat hui?": ("Ji haan, 2 bar",),
    "sara ko kisne call kiya": ("Ji haan, aik bar:", "Bilal"),
    "کیا سارہ ملک کو کال ہوئی": ("جی ہاں، ایک بار:",),
    "سارہ ملک سے اس ہفتے ملاقات ہوئی؟": ("جی ہاں، ایک بار:",),
    "کسی نے سارہ ملک سے بات کی": ("جی ہاں، 2 بار",),
    "has Sara Malik ordered this week": ("1 order, Rs 1 lakh",),
    "did sara buy anything": ("1 order, Rs 1 lakh",),
    "kya sara ne order diya": ("1 order, Rs 1 lakh",),
    "sara ne is hafte order diya?": ("1 order, Rs 1 lakh",),
    "کیا سارہ ملک نے آرڈر دیا": ("1 آرڈر",),
    "has Sara complained": ("loom is broken",),
    "are there any complaints from Sara": ("loom is broken",),
    "kya sara ki koi shikayat aayi": ("loom is broken",),
    "whom did we meet this week": ("Sara Malik",),
    "is hafte kis kis se mulaqat hui": ("Sara Malik",),
    "is Sara Malik a customer": ("Sara Malik",),
    "is there any order from Sara this month": ("1 order, Rs 1 lakh",),
    "how often does Sara order": ("1 order, Rs 1 lakh",),
    "is Sara's order late": ("1 order, Rs 1 lakh",),
    "were the looms delivered to Sara": (),
    "did we give Sara Malik a discount of 5000": (),
    "has Sara's deal for 5 lakh moved": (),
    "kya Sara ki deal 5 lakh ki thi": (),
    "کیا سارہ ملک کی ڈیل 5 لاکھ کی ہے": (),
}
NO = {
    "has anyone called Sara Malik today": ("No, not in that time.", "The last one:", "20 Nov"),
    "did I call Sara": ("No, not that I know",),
    "have we emailed sara": ("No, not that I know",),
    "kya aaj sara ko call hui": ("Nahi, is muddat mein nahi.", "20 Nov"),
    "کیا آج سارہ ملک کو کال ہوئی": ("نہیں، اس مدت میں نہیں۔",),
    "did Sara order last week": ("No orders in that time",),
    "has Zainab Qureshi been called": ("I know nobody called Zainab Qureshi yet.",),
}


@pytest.mark.parametrize("said", [*YES, *NO])
def test_who_asks_whether_is_told_and_nothing_is_written(desk: Conversation, said: str) -> None:
    before = written(desk)
    told = words(desk.says(said, by=AYESHA))
    assert all(each in told for each in (YES | NO)[said]), told
    assert written(desk) == before


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("did a demo for Sara Malik", "meeting"),
        ("called Sara Malik", "call"),
        ("was at Sara Malik's office", "visit"),
        ("Sara Malik ko call ki", "call"),
        ("سارہ ملک سے ملاقات ہوئی", "meeting"),
        ("have called Sara Malik", "call"),
    ],
)
def test_what_is_told_is_written(desk: Conversation, said: str, kind: str) -> None:
    desk.says(said, by=AYESHA)
    with desk.database.transaction() as session:
        last = session.scalars(select(Activity).order_by(Activity.id.desc())).first()
        assert last is not None
        assert last.kind == kind
        assert last.at >= MONDAY


def test_whose_contact_is_private_is_not_told_of(desk: Conversation) -> None:
    desk.says("keep Sara Malik private", by=BILAL)
    assert "Yes" in words(desk.says("has anyone called Sara Malik", by=BILAL))
    assert "rates" not in words(desk.says("has anyone called Sara Malik", by=AYESHA))
