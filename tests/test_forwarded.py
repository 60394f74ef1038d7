"""What somebody else wrote and was passed on: told, and never taken for the member's own words."""

from __future__ import annotations

from typing import Any

from bot.incoming import Attachment, Forwarded, SharedContact
from handlers.reply import Fields, Reply
from tests.conversation import Conversation, labels, part, words
from tests.exchange.pictures import CARD, code, saved
from tests.test_stories import kept, only

RATES = "Please send rates for 20 looms, deal 5 lakh"
ALI = Forwarded("Ali Raza", RATES, "@aliraza")


def passes_on(chat: Conversation, forwarded: Forwarded, **more: Any) -> Reply:
    return chat.does("Ayesha", "", forwarded=forwarded, **more)


def test_it_is_told_whose_it_is_and_nothing_is_written(chat: Conversation) -> None:
    seen = passes_on(chat, ALI)
    assert "Forwarded from Ali Raza, @aliraza" in words(seen)
    assert RATES in words(seen)
    assert labels(seen) == ["Log on somebody else", "Add Ali Raza", "Open a ticket", "Never mind"]
    assert kept(chat, "contact") == kept(chat, "deal") == kept(chat, "activity") == []


def test_its_writer_is_added_with_what_they_wrote(chat: Conversation) -> None:
    passes_on(chat, ALI)
    seen = chat.taps("Add Ali Raza")
    assert dict(part(seen, Fields).rows) == {
        "Name": "Ali Raza", "Telegram": "@aliraza", "Note": RATES,
    }  # fmt: skip
    assert kept(chat, "contact") == []
    chat.taps("Save")
    assert only(chat, "contact")["fields"] == {"telegram": "@aliraza"}
    assert only(chat, "activity")["text"] == RATES


def test_it_is_logged_on_a_customer_of_that_name(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Ali Raza", company="Bilal Traders")
    passes_on(chat, ALI)
    chat.taps("Log on Ali Raza")
    activity = only(chat, "activity")
    assert (activity["kind"], activity["text"]) == ("message", RATES)
    assert activity["contact"] == "Ali Raza"


def test_a_tap_twice_logs_it_once(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Ali Raza")
    seen = passes_on(chat, ALI)
    token = next(each.token for each in seen.buttons if each.label == "Log on Ali Raza")
    for _ in range(2):
        chat.does("Ayesha", "", tap=token)
    assert len(kept(chat, "activity")) == 1


def test_who_was_added_by_handle_is_known_under_another_name(chat: Conversation) -> None:
    passes_on(chat, ALI)
    chat.taps("Add Ali Raza")
    chat.taps("Save")
    seen = passes_on(chat, Forwarded("A. R. (office)", "when?", "@aliraza"))
    assert "Log on Ali Raza" in labels(seen)
    assert "Log on Ali Raza" not in labels(passes_on(chat, Forwarded("Kashif", "when?", "@alir")))


def test_it_is_logged_on_somebody_who_is_named(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Hina Javed")
    chat.runs("contact.add", contact="Omar Farooq")
    passes_on(chat, ALI)
    assert "Who is it about" in words(chat.taps("Log on somebody else"))
    chat.says("Hina Javed")
    assert only(chat, "activity")["contact"] == "Hina Javed"


def test_a_channel_is_nobody_to_add(chat: Conversation) -> None:
    seen = passes_on(chat, Forwarded("Cotton rates", RATES, "@cotton", is_person=False))
    assert labels(seen) == ["Log on somebody else", "Never mind"]


def test_what_has_no_words_is_answered_too(chat: Conversation) -> None:
    seen = passes_on(chat, Forwarded("Ali Raza"), other="voice")
    assert "no words" in words(seen)
    assert labels(seen) == ["Add Ali Raza", "Never mind"]
    assert "somebody" in words(passes_on(chat, Forwarded("", "hello ji")))


def test_a_contact_that_was_passed_on_is_that_contact(chat: Conversation) -> None:
    card = SharedContact("Hina Javed", ("0321 5550101",))
    seen = passes_on(chat, Forwarded("Ali Raza"), card=card)
    assert dict(part(seen, Fields).rows)["Name"] == "Hina Javed"


def test_a_photo_that_was_passed_on_is_read(chat: Conversation) -> None:
    photo = Attachment("photo", saved(code(CARD)), is_photo=True)
    seen = passes_on(chat, Forwarded("Ali Raza", "his card"), other="photo", attachment=photo)
    assert dict(part(seen, Fields).rows)["Name"] == "Sara Malik"
    assert "Forwarded from Ali Raza" in words(seen)


def test_ones_own_words_beside_it_are_heard(chat: Conversation) -> None:
    seen = passes_on(chat, ALI, text="met Hina Javed")
    assert only(chat, "contact")["name"] == "Hina Javed"
    assert "Forwarded from Ali Raza" in words(seen)


def test_long_and_odd_ones_are_told_whole_and_safe(chat: Conversation) -> None:
    seen = words(passes_on(chat, Forwarded("\u202eilA" * 40, "x" * 4096)))
    assert "\u202e" not in seen
    chat.taps("Log on somebody else")
    chat.says("Hina Javed")
    assert len(only(chat, "activity")["text"]) >= 4000
