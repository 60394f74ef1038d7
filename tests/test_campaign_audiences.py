"""Whom a campaign goes to, described as a segment is, in whatever order it is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from language.sending import read_sending
from storage.campaigns_kept import Campaign
from storage.models import Message
from tests.conversation import Conversation, words
from tests.scenes import scene
from tests.segment_sentences import CASES, Case
from tests.test_messages import NOON, rows

TEXT = "Dear {first_name|friend}, our offer ends on Friday."
LOYAL = "customer and city = Lahore and orders >= 2 and silent >= 60d"


@scene
def shop(chat: Conversation) -> None:
    """Sara of Lahore bought twice and then was silent, Omar of Lahore bought yesterday, Hina of
    Karachi never did; all of them agreed to mails."""
    chat.clock.set(NOON - timedelta(days=120))
    for name, city in (("Sara Malik", "Lahore"), ("Hina Baig", "Karachi")):
        chat.says(f"new contact {name}, {name.split()[0].lower()}@x.pk, {city}")
        chat.says(f"{name} agreed to e-mails")
    for day in (115, 100):
        chat.clock.set(NOON - timedelta(days=day))
        chat.says("Sara Malik ordered 10 shirts for 50,000")
    chat.clock.set(NOON - timedelta(days=1))
    chat.says("new contact Omar Khan, omar@x.pk, Lahore")
    chat.says("Omar agreed to e-mails")
    chat.says("Omar Khan ordered 10 shirts for 20,000")
    chat.clock.set(NOON)
    chat.says(f"template Eid offer: {TEXT}")
    chat.says("template New rates: Our new rates are out.")
    chat.says("segment Quiet ones: customers who were silent for 60 days")


def drawn(chat: Conversation) -> tuple[str, list[str]]:
    """What the campaign that is looked at goes to: its query, and who gets it."""
    with chat.database.transaction() as session:
        row = session.scalars(select(Campaign).order_by(Campaign.id.desc())).first()
        assert row is not None
        query = row.audience.replace('"', "")
    chat.says("speak english")
    chat.says("hold out nobody")
    told = words(chat.heard[-1].reply)
    people = ("Sara Malik", "Omar Khan", "Hina Baig")
    return query, [name for name in people if f"As {name} gets it" in told]


@pytest.mark.parametrize(
    "said",
    [
        "send the Eid offer to customers in Lahore who bought twice and were silent for 60 days",
        "send eid offer to customers in Lahore who bought twice and were silent for 60 days",
        ("please send our Eid offer to the customers in Lahore who bought twice and are silent "
        "for 60 days by email"),
        ("email the eid offer to customers in Lahore who bought at least 2 times and were silent "
        "for 60 days"),
        ("run a campaign with the Eid offer to customers in Lahore who bought twice and were "
        "silent for 60 days"),
        ("lahore ke un gahakon ko eid offer bhejo jinhon ne do dafa khareeda aur 60 din se khamosh "
        "hain"),
        ("eid offer un gahakon ko bhej do jo lahore mein hain, do dafa khareeda aur 60 din se "
        "khamosh hain"),
        ("lahore ke gahakon ko jinhon ne do dafa khareeda aur 60 din se khamosh hain eid offer "
        "email se bhejein"),
        "لاہور کے ان گاہکوں کو عید آفر بھیجو جنہوں نے دو دفعہ خریدا اور 60 دن سے خاموش ہیں",
        "عید آفر لاہور کے ان گاہکوں کو بھیج دیں جنہوں نے دو بار خریدا اور 60 دن سے خاموش ہیں",
        ("لاہور کے ان گاہکوں کو جنہوں نے دو دفعہ خریدا اور 60 دن سے خاموش ہیں عید آفر ای میل سے "
        "بھیجیں"),
    ],
)  # fmt: skip
def test_it_is_described_in_any_order_and_tongue(shop: Conversation, said: str) -> None:
    shop.says(said)
    query, people = drawn(shop)
    assert query.casefold().replace("لاہور", "lahore") == LOYAL.casefold()
    assert people == ["Sara Malik"]


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("send the Eid offer to contacts who never bought", ["Hina Baig"]),
        ("send the Eid offer to customers who bought in the last 30 days", ["Omar Khan"]),
        ("send the new rates to everyone in Lahore", ["Sara Malik", "Omar Khan"]),
        ("send the Eid offer to Quiet ones", ["Sara Malik"]),
        ("send the Eid offer to the Quiet ones segment by email", ["Sara Malik"]),
        ("send the Eid offer to customers in Quiet ones who bought twice", ["Sara Malik"]),
        ("quiet ones walon ko eid offer bhejo", ["Sara Malik"]),
        ("jin gahakon ne kuch nahi khareeda un ko eid offer bhejo", ["Hina Baig"]),
        ("karachi ke logon ko new rates bhej do", ["Hina Baig"]),
        ("کراچی کے لوگوں کو عید آفر بھیج دو", ["Hina Baig"]),
        ("Quiet ones والوں کو عید آفر بھیجیں", ["Sara Malik"]),
    ],
)
def test_segments_and_simpler_words(shop: Conversation, said: str, people: list[str]) -> None:
    shop.says(said)
    assert drawn(shop)[1] == people


@pytest.mark.parametrize(
    ("said", "missed"),
    [
        ("send Eid offer to customers who are nice and bought twice", "“nice”"),
        ("send the Eid offer to customers who bought purple elephants", "“purple elephants”"),
        ("acche gahakon ko jinhon ne do dafa khareeda eid offer bhejo", "acche"),
        ("send the Eid offer to customers in Quite ones who bought twice", "“Quite”"),
    ],
)
def test_what_is_not_wholly_understood_reaches_nobody(
    shop: Conversation, said: str, missed: str
) -> None:
    assert missed in words(shop.says(said))
    assert rows(shop, Campaign) == rows(shop, Message) == []


@pytest.mark.parametrize(
    "said",
    [
        "send the quote to Sara", "send samples to customers in Lahore",
        "call customers in Lahore about the eid offer", "note: Sara liked the Eid offer",
        "Sara ne eid offer manga", "emailed Sara the Eid offer",
        "customers in Lahore who bought twice", "remind me to send the Eid offer to Sara on friday",
        "Sara wants the Eid offer in Lahore", "kal eid offer ki baat karni hai sab gahakon se",
    ],
)  # fmt: skip
def test_what_sends_nothing_is_no_campaign(shop: Conversation, said: str) -> None:
    told = words(shop.says(said))
    assert "Send to" not in told
    assert rows(shop, Campaign) == rows(shop, Message) == []


def test_nobody_like_this_is_told_as_it_was_understood(shop: Conversation) -> None:
    told = words(shop.says("send the Eid offer to customers in Multan who bought twice"))
    assert "nobody like this now: Customers · in Multan · bought at least 2 times" in told
    assert rows(shop, Campaign) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.en)[:40])
def test_around_any_description_what_is_left_is_the_description(case: Case) -> None:
    names = {"7": "Eid offer"}
    for tongue, said in (
        ("en", "send the Eid offer to {}"), ("en", "email the Eid offer to {}"),
        ("roman", "{} ko eid offer bhejo"), ("ur", "{} کو عید آفر بھیج دیں"),
    ):  # fmt: skip
        text = str(getattr(case, tongue)).strip(" .?!۔؟")
        found = read_sending(said.format(text), names)
        assert found is not None, text
        assert found.key == "7"
        assert found.to == text
