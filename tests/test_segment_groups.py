"""People counted apart, by source, owner or city; and how many there are, which are no deals."""

from __future__ import annotations

import pytest

from handlers.reply import Table
from language.segments.grouping import grouped_in
from tests.conversation import Conversation, part, words
from tests.scenes import scene
from tests.test_messages import passes


@scene
def fair(chat: Conversation) -> None:
    """Four leads and a customer of two sources and two cities, three of them Umar's."""
    chat.says("hello", by="Umar")
    chat.says("new lead Sara Malik from Nishat Mills, Lahore, source expo")
    chat.says("new lead Bilal Khan from Khan Mills, Karachi, source website")
    chat.says("new lead Hina Shah, Lahore, source expo", by="Umar")
    chat.says("نئی لیڈ زبیر زرداری، لاہور، ذریعہ expo", by="Umar")
    chat.says("new lead Omar Butt from Butt Traders", by="Umar")
    chat.says("Omar Butt ordered goods worth 50000", by="Umar")
    passes(chat, minutes=1)  # leads are scored, which makes them leads


def told(chat: Conversation, said: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in part(chat.says(said), Table).rows]


@pytest.mark.parametrize(
    "said",
    [
        "leads by source", "how many leads per source", "where do our leads come from?",
        "leads this year by source", "how many leads came from each source",
    ],
)  # fmt: skip
def test_leads_by_source(fair: Conversation, said: str) -> None:
    assert told(fair, said) == [("expo", "3"), ("website", "1")]


@pytest.mark.parametrize(
    ("said", "head"),
    [
        ("leads source ke hisaab se", "Zariya"),
        ("kis source se kitne leads aaye", "Zariya"),
        ("leads kahan se aate hain", "Zariya"),
        ("لیڈز ذریعے کے حساب سے", "ذریعہ"),
        ("ہر ذریعے سے کتنی لیڈز آئیں", "ذریعہ"),
    ],
)
def test_in_our_tongues(fair: Conversation, said: str, head: str) -> None:
    table = part(fair.says(said), Table)
    assert table.head[0] == head
    assert [row[:2] for row in table.rows] == [("expo", "3"), ("website", "1")]


def test_others_are_told_too(fair: Conversation) -> None:
    """By owner; by city, in whichever letters it is written; of whom nothing is known."""
    assert told(fair, "contacts by owner") == [("Umar", "3"), ("Ayesha", "2")]
    assert [n for _, n in told(fair, "contacts by city")] == ["3", "1", "1"]
    assert told(fair, "contacts by source")[-1] == ("not known", "1")
    assert told(fair, "leads in Lahore by owner") == [("Umar", "2"), ("Ayesha", "1")]
    assert told(fair, "customers by owner") == [("Umar", "1")]


@pytest.mark.parametrize(
    ("said", "n"),
    [
        ("how many contacts with source expo", 3),
        ("how many contacts came from the expo", 3),
        ("how many leads from expo", 3),
        ("how many leads", 4),
        ("how many contacts does Umar have", 3),
        ("how many contacts owned by Umar", 3),
        ("Umar ke kitne contacts hain", 3),
    ],
)
def test_who_asks_of_contacts_is_told_of_no_deals(fair: Conversation, said: str, n: int) -> None:
    answer = words(fair.says(said))
    assert answer.split("\n")[0].endswith(f": {n}")
    assert "eal" not in answer


def test_private_contacts_count_for_their_owner_alone(fair: Conversation) -> None:
    fair.says("keep Hina Shah private", by="Umar")
    assert told(fair, "contacts by owner") == [("Ayesha", "2"), ("Umar", "2")]


@pytest.mark.parametrize(
    "said",
    [
        "revenue by source", "deals won by owner this year", "call Sara by monday",
        "met Omar by chance in the city", "note: source of the problem is the dye",
    ],
)  # fmt: skip
def test_what_is_of_nobody_is_none(fair: Conversation, said: str) -> None:
    assert "People" not in words(fair.says(said))


def test_what_it_goes_by() -> None:
    assert grouped_in("hello") is None
    assert grouped_in("leads by owner") == ("owner", ("leads", "new leads"))
