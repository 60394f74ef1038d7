"""A question that names what nothing here is called: refused, with the nearest names to tap."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from storage.database import Database
from tests.conversation import Conversation, words

YEAR = (
    "add Sara Malik from Nishat Mills, Lahore",
    "add Omar Farooq from Gul Ahmed Textiles, Karachi",
    "deal 5 lakh with Sara Malik",
    "deal 2 lakh with Omar Farooq",
    "deal 3 lakh with Sara Malik",
)


@pytest.fixture
def sold(chat: Conversation) -> Conversation:
    for line in YEAR:
        chat.says(line)
    chat.says("Omar Farooq deal won", by="Bilal")
    return chat


@pytest.mark.parametrize(
    ("said", "name", "offered"),
    [
        ("how many deals in Japan", "Japan", "Lahore"),
        ("average deal size in Punjab this year", "Punjab", "Lahore"),
        ("won deals of Zubair", "Zubair", "Bilal"),
        ("how many deals did Zubair win", "Zubair", "Bilal"),
        ("what is the win rate of Rashid", "Rashid", "Bilal"),
        ("how much did we sell to Nishaat Linen this month", "Nishaat Linen", "Nishat Mills"),
        ("how many deals in stage Fooz", "Fooz", "proposal"),
        ("how many deals are from source billboard", "billboard", ""),
        ("how many deals for product XK-9", "XK-9", ""),
        ("how many deals did we win in the textile segment", "textile", ""),
        ("Zubair ne kitni deals jeetein", "Zubair", "Bilal"),
        ("Peshawar mein kitni sale hui", "Peshawar", "Lahore"),
        ("جاپان میں کتنی ڈیلز ہیں", "جاپان", "Lahore"),
        ("زبیر نے کتنی ڈیلز جیتیں", "زبیر", "Bilal"),
        ("اسٹیج فوز میں کتنی ڈیلز ہیں", "فوز", "پروپوزل"),
        ("how long do deals of Zubair stay in proposal", "Zubair", "Bilal"),
        ("list the deals of Zubair", "Zubair", "Bilal"),
        ("a chart of sales in Japan by month", "Japan", "Karachi"),
    ],
)
def test_it_is_refused(sold: Conversation, said: str, name: str, offered: str) -> None:
    reply = sold.says(said)
    assert name in words(reply)
    told = [button.label.strip("\u200f") for button in reply.buttons]
    assert (offered in told) if offered else told == []


def test_a_name_that_was_meant_is_one_tap_away(sold: Conversation) -> None:
    sold.says("how many deals in Japan")
    told = words(sold.taps("Lahore"))
    assert "Lahore" in told
    assert "\n2" in told


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("how much did we sell to Gul Ahmed", "Gul Ahmed Textiles\nRs 2 lakh"),
        ("Nishat ki kitni deals hain", "Nishat Mills\n2"),
        ("نشاط کی کتنی ڈیلز ہیں", "Nishat Mills\n2"),
    ],
)
def test_a_part_of_a_name_that_one_has_is_enough(sold: Conversation, said: str, whole: str) -> None:
    assert whole in words(sold.says(said))


@pytest.mark.parametrize(
    "said",
    [
        "which rep outperformed everyone last quarter",
        "how many stagnant deals do we have",
        "what's the dwindling revenue trend this year",
        "Which Customers Bought The Most This Year",
        "WHAT IS OUR WIN RATE",
        "what is our overall win percentage in hindsight",
        "how many hefty deals did we sign this year",
        "sab se tagra salesman kaun hai",
        "ausatan aik deal kitne ki banti hai yaar",
        "meri saari deals kitni hain",
        "سب سے تگڑا سیلز مین کون ہے",
        "اب تک کل کتنی بکری ہوئی",
    ],
)
def test_an_ordinary_word_is_no_name(sold: Conversation, said: str) -> None:
    told = words(sold.says(said))
    assert "I know no" not in told
    assert "darj nahi" not in told
    assert "درج نہیں" not in told


def test_deals_are_listed_by_what_is_named(sold: Conversation) -> None:
    told = words(sold.says("open deals in Lahore"))
    assert "2 open deals, Lahore" in told
    assert "No open deals of that kind" in words(sold.says("open deals in Karachi"))
    assert "2 khuli deals, Nishat Mills" in words(sold.says("Nishat Mills ki deals dikhao"))


def test_programs_are_told_that_there_is_no_value(sold: Conversation, database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    ran = CliRunner().invoke(
        main, ["ask", "--json", "how many deals in Japan"], env={"RABTA_DATABASE_URL": url}
    )
    answer = json.loads(ran.output)
    assert (answer["value"], answer["unit"], answer["rows"]) == (None, None, [])
    assert "Japan" in answer["text"]
    assert "Lahore" in answer["text"]


def test_questions_write_nothing(sold: Conversation) -> None:
    before = words(sold.says("pipeline"))
    for said in ("won deals of Zubair", "lost deals of Nishat Mills", "won deals by source"):
        sold.says(said)
    assert words(sold.says("pipeline")) == before
