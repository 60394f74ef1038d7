"""Whatever is sent gets a fitting answer: no crash, no markup, nothing half-written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.incoming import SharedContact
from storage.clock import SetClock
from storage.database import Database
from tests.conversation import Conversation, words
from tests.test_day import kept

NOON = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture
def chat(database: Database) -> Conversation:
    return Conversation(database, SetClock(NOON))


TEXTS = {
    "long": "a" * 4096,
    "long name": "met " + "x" * 4092,
    "many": "met Sara Malik " * 270,
    "emoji": "note Sara Malik: " + "🎉" * 2000,
    "family": "met 👩‍👩‍👧‍👦 Khan from 🏭 Mills",
    "empty": "",
    "blank": " \t\n ",
    "override": "\u202egnp.exe\u202c met Ali Raza",
    "isolate": "met \u2067Ali\u2069 Raza",
    "html": "met <b>Bold</b> Khan & <script>alert(1)</script>",
    "slack": "note Ali Raza: <!channel> &lt;!here&gt; <@U123> <https://evil.example|bank>",
    "markdown": "note Ali Raza: *bold* _it_ `code` ~no~ [x](http://y)",
    "nul": "met \x00Bob Marley\x07",
    "surrogate": "met Bob \ud83d Marley",
    "huge sum": "deal for Ali Raza 99999999999999999999 lakh",
    "no such day": "call Ali Raza on 31 february",
    "far day": "remind me in 999999999999 days to call Ali Raza",
    "digits": "0" * 300,
    "quotes": "note Ali Raza: '; DROP TABLE contact; --",
    "percent": "show %_%",
    "format": "met {name} {0} %s from {company}",
    "newlines": "Ali Raza\n\n\nAcme\n\n0321",
    "zalgo": "met A\u0301\u0302\u0303\u0304li Ra\u0335\u0336za",
    "urdu": "نوٹ: علی رضا: " + "ے" * 3000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_gets_a_fitting_answer(chat: Conversation, text: str) -> None:
    answer = words(chat.says(text))
    assert answer.strip()
    assert "went wrong" not in answer
    assert "گڑبڑ" not in answer
    assert "\u202e" not in answer
    chat.says("undo")
    assert kept(chat) == []


def test_what_was_typed_is_kept_as_it_was_typed(chat: Conversation) -> None:
    chat.says("note Ali Raza: <!channel> & *bold*")
    (note,) = kept(chat, "activity")
    assert note["text"] == "<!channel> & *bold*"


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "video", "location", "poll"])
def test_what_is_no_text_says_what_would_be(chat: Conversation, kind: str) -> None:
    assert "I read words, contact cards, lists" in words(chat.does("Ayesha", "", other=kind))


def test_the_words_with_a_picture_are_heard(chat: Conversation) -> None:
    caption = "deal for Ravi Textiles: spare parts, 80k"
    answer = words(chat.does("Ayesha", "", other="photo", extra={"caption": caption}))
    assert "New deal: Ravi Textiles" in answer
    assert "the file itself I cannot keep yet" in answer
    assert [deal["amount"] for deal in kept(chat, "deal")] == ["80000.00"]


def test_an_unknown_command_is_named(chat: Conversation) -> None:
    assert "/frobnicate" in words(chat.commands("/frobnicate now"))


def test_row_11_an_edit_runs_nothing_again(chat: Conversation) -> None:
    chat.says("deal for Ali Raza: parts, 80k")
    before = kept(chat)
    assert "stays as it was" in words(chat.says("deal for Ali Raza: parts, 90k", edited=True))
    assert kept(chat) == before


def test_a_shared_contact_becomes_a_contact(chat: Conversation) -> None:
    card = SharedContact("Hina Javed", ("0321 5550101",), ("Hina@Petal.example",), "Petal House")
    assert "Hina Javed" in words(chat.shares(card))
    assert kept(chat, "contact") == []
    assert "New contact: Hina Javed" in words(chat.taps("Save"))
    (contact,) = kept(chat, "contact")
    assert contact["phones"] == ["+923215550101"]
    assert contact["emails"] == ["hina@petal.example"]
    assert contact["company"] == "Petal House"
    assert "already" in words(chat.keeps(card))
    assert len(kept(chat, "contact")) == 1


@pytest.mark.parametrize(
    "card",
    [SharedContact(""), SharedContact("", ("junk",)), SharedContact("\u202eevil", ("+" * 50,))],
)
def test_an_odd_card_asks_or_is_kept(chat: Conversation, card: SharedContact) -> None:
    assert "went wrong" not in words(chat.shares(card))
    assert "went wrong" not in words(chat.taps("Save"))
