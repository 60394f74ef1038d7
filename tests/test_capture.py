"""Somebody read from a card or code: shown, put right by tap, and kept once, when it is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot import uploads
from bot.incoming import Attachment, SharedContact
from exchange.photo.lettering import is_there
from handlers.reply import Fields, Reply
from storage.database import Database
from storage.models import WaitingFile
from tests.conversation import Conversation, button, part, words
from tests.exchange.business_cards import CARDS
from tests.exchange.pictures import CARD, MECARD, code, saved, table
from tests.test_stories import kept

needs_ocr = pytest.mark.skipif(not is_there(), reason="the extra ocr is not installed")
HINA = SharedContact("Hina Javed", ("0321 5550101",), ("Hina@Petal.example",), "Petal House")


def everything(chat: Conversation) -> list[dict[str, Any]]:
    return [row for kind in ("contact", "company", "activity") for row in kept(chat, kind)]


def sends_photo(chat: Conversation, data: bytes, caption: str = "", **more: Any) -> Reply:
    extra = {"file": "1", "caption": caption}
    photo = Attachment("photo", data, is_photo=True)
    return chat.does("Ayesha", "", other="photo", attachment=photo, extra=extra, **more)


def sends_file(chat: Conversation, name: str, text: str) -> Reply:
    file = Attachment(name, text.encode())
    return chat.does("Ayesha", "", other="file", attachment=file, extra={"file": "1"})


def card(reply: Reply) -> dict[str, str]:
    return dict(part(reply, Fields).rows)


def test_a_photo_of_a_code_is_a_card_to_save(chat: Conversation) -> None:
    seen = sends_photo(chat, saved(table(code(CARD)), "JPEG"))
    assert card(seen) == {
        "Name": "Sara Malik", "Title": "Head of Procurement", "Company": "Nishat Mills",
        "Phone": "+923005550101", "Email": "sara@nishat.example", "City": "Lahore",
        "Address": "12-B Gulberg, Lahore, 54000, PK", "Website": "https://nishat.example",
    }  # fmt: skip
    assert kept(chat, "contact") == []
    saved_one = words(chat.taps("Save"))
    assert "New contact: Sara Malik" in saved_one
    (sara,) = kept(chat, "contact")
    assert (sara["company"], sara["title"], sara["city"]) == (
        "Nishat Mills", "Head of Procurement", "Lahore",
    )  # fmt: skip
    assert sara["fields"]["website"] == "https://nishat.example"


def test_each_field_is_put_right_by_tap_or_taken_out(chat: Conversation) -> None:
    chat.shares(HINA)
    chat.taps("Fix Name")
    assert card(chat.says("Hina Javaid"))["Name"] == "Hina Javaid"
    chat.taps("Fix Phone")
    assert card(chat.says("+92 321 555 0109"))["Phone"] == "+923215550109"
    chat.taps("Fix Email")
    seen = chat.taps("Remove")
    assert "Email" not in card(seen)
    chat.taps("Fix Company")
    assert card(chat.says("Petal & Sons"))["Company"] == "Petal & Sons"
    assert kept(chat, "contact") == []
    chat.taps("Save")
    (hina,) = kept(chat, "contact")
    assert (hina["name"], hina["company"]) == ("Hina Javaid", "Petal & Sons")
    assert (hina["phones"], hina["emails"]) == (["+923215550109"], [])


def test_what_is_lacking_can_be_filled_in(chat: Conversation) -> None:
    seen = sends_photo(chat, saved(code("tel:03215550101")))
    assert card(seen) == {"Phone": "+923215550101"}
    chat.taps("Add Name")
    chat.says("Hina Javed")
    chat.taps("Save")
    (hina,) = kept(chat, "contact")
    assert (hina["name"], hina["phones"]) == ("Hina Javed", ["+923215550101"])


def test_a_card_without_a_name_is_asked_for_it(chat: Conversation) -> None:
    sends_photo(chat, saved(code("tel:03215550101")))
    chat.taps("Save")
    assert kept(chat, "contact") == []
    chat.says("Hina Javed")
    assert kept(chat, "contact")[0]["phones"] == ["+923215550101"]


def test_a_number_that_cannot_be_rung_is_not_taken(chat: Conversation) -> None:
    chat.shares(HINA)
    chat.taps("Fix Phone")
    assert "no phone number" in words(chat.says("12345"))
    chat.says("pipeline")
    assert kept(chat, "contact") == []


def test_a_note_is_what_is_typed_though_it_sounds_like_an_order(chat: Conversation) -> None:
    chat.runs("capture.look", record={"type": "contact", "name": "Hina Javed", "note": "expo"})
    chat.taps("Fix Note")
    assert card(chat.says("call her on friday"))["Note"] == "call her on friday"
    assert kept(chat, "task") == []


def test_a_message_about_something_else_is_no_value(chat: Conversation) -> None:
    chat.shares(HINA)
    chat.taps("Fix Phone")
    chat.says("deal for Ali Raza: parts, 80k")
    assert [each["name"] for each in kept(chat, "contact")] == ["Ali Raza"]
    assert len(kept(chat, "deal")) == 1


def test_saving_twice_is_saving_once(chat: Conversation) -> None:
    seen = chat.shares(HINA)
    token = button(seen, "Save").token
    chat.taps("Save")
    before = everything(chat)
    chat.does("Ayesha", "", tap=token)
    assert everything(chat) == before


def test_an_older_drawing_of_a_saved_card_is_done_with(chat: Conversation) -> None:
    """Each change draws the card anew; all of its buttons speak of the one card."""
    old = button(chat.shares(HINA), "Save").token
    chat.taps("Fix Name")
    chat.says("Hina Javaid")
    chat.taps("Save")
    before = everything(chat)
    assert "done with" in words(chat.does("Ayesha", "", tap=old))
    assert everything(chat) == before


def test_another_member_cannot_save_it(chat: Conversation) -> None:
    token = button(chat.shares(HINA, place="Sales"), "Save").token
    chat.does("Bilal", "Sales", tap=token)
    assert kept(chat, "contact") == []


def test_a_number_that_nobody_can_dial_is_shown_beside_the_others(chat: Conversation) -> None:
    seen = chat.shares(SharedContact("Hina Javed", ("0321 5550101", "ext 4")))
    assert card(seen) == {"Name": "Hina Javed", "Phone 1": "+923215550101", "Phone 2": "ext 4"}
    chat.taps("Fix Phone 2")
    chat.taps("Remove")
    chat.taps("Save")
    assert kept(chat, "contact")[0]["phones"] == ["+923215550101"]


def test_a_card_that_is_let_go_leaves_nothing(chat: Conversation) -> None:
    old = button(chat.shares(HINA), "Save").token
    assert "Not kept" in words(chat.taps("Cancel"))
    chat.does("Ayesha", "", tap=old)
    assert kept(chat, "contact") == []
    with chat.database.transaction() as session:
        assert [row.records for row in session.query(WaitingFile)] == [b""]


def test_a_restart_loses_neither_card_nor_question(chat: Conversation, database: Database) -> None:
    chat.shares(HINA)
    chat.taps("Fix Name")
    chat.clock.skip(timedelta(minutes=5))
    later = Conversation(database, chat.clock, house=chat.house)
    later.heard.extend(chat.heard)
    assert card(later.says("Hina Javaid"))["Name"] == "Hina Javaid"
    later.taps("Save")
    assert [each["name"] for each in kept(later, "contact")] == ["Hina Javaid"]


def test_undo_takes_a_saved_card_back(chat: Conversation) -> None:
    before = everything(chat)
    sends_photo(chat, saved(code(CARD)))
    chat.taps("Save")
    chat.taps("Undo")
    assert everything(chat) == before


def test_a_likely_double_is_asked_about(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Hina Javaid", phones=["+923215550101"])
    chat.shares(HINA)
    assert "Same as Hina Javaid" in words(chat.taps("Save"))
    chat.taps("Same")
    chat.taps("Merge")
    (hina,) = kept(chat, "contact")
    assert hina["emails"] == ["hina@petal.example"]


def test_a_new_number_of_somebody_known_is_one_more(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Hina Javed", phones=["+923005550777"])
    chat.keeps(SharedContact("Hina Javed", ("0321 5550101",)))
    (hina,) = kept(chat, "contact")
    assert set(hina["phones"]) == {"+923005550777", "+923215550101"}


def test_a_vcard_file_of_one_person_is_such_a_card(chat: Conversation) -> None:
    assert card(sends_file(chat, "sara.vcf", CARD))["Title"] == "Head of Procurement"


def test_several_codes_in_one_photo_are_taken_in_together(chat: Conversation) -> None:
    seen = words(sends_photo(chat, saved(table(code(CARD, 4), code(MECARD, 4)))))
    assert "2 contacts" in seen
    assert "Omar Farooq" in seen
    chat.taps("Take it in")
    assert {each["name"] for each in kept(chat, "contact")} == {"Sara Malik", "Omar Farooq"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://nishat.example", "a link: https://nishat.example"),
        ("WIFI:T:WPA;S:Dhaba;P:secret;;", "Wi-Fi network: Dhaba"),
        ("rate list 12", "The code says: rate list 12"),
    ],
)
def test_a_code_without_a_person_says_what_it_holds(
    chat: Conversation, text: str, said: str
) -> None:
    seen = words(sends_photo(chat, saved(code(text))))
    assert said in seen
    assert "type their name and number" in seen
    assert "secret" not in seen


@pytest.mark.parametrize(
    ("tongue", "said"),
    [
        ("en", "Type the name and number"),
        ("ur", "نام اور نمبر لکھ دیں"),
        ("roman", "aur number likh dein"),
    ],
)
def test_where_print_is_not_read_it_says_so_in_the_members_tongue(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch, tongue: str, said: str
) -> None:
    monkeypatch.setattr(uploads, "is_there", lambda: False)
    chat.runs("settings.set", name="language", value=tongue)
    assert said in words(sends_photo(chat, saved(table())))


@needs_ocr
def test_a_photo_of_a_business_card_is_a_card_to_save(chat: Conversation) -> None:
    seen = sends_photo(chat, saved(CARDS["two columns"].drawn(), "JPEG"))
    assert card(seen)["Name"] == "Ayesha Khan"
    assert kept(chat, "contact") == []
    chat.taps("Save")
    (ayesha,) = kept(chat, "contact")
    assert (ayesha["company"], ayesha["title"]) == ("Bilal Traders", "CEO")
    assert "neither a QR code nor a business card" in words(sends_photo(chat, saved(table())))


def test_the_words_with_a_photo_of_something_else_are_heard(chat: Conversation) -> None:
    seen = words(sends_photo(chat, saved(table()), "met Sara Malik from Nishat Mills"))
    assert "Sara Malik" in seen
    assert len(kept(chat, "activity")) == 1


def test_a_torn_photo_is_refused_with_a_sentence(chat: Conversation) -> None:
    assert "damaged" in words(sends_photo(chat, saved(table())[:900]))


BEHIND = """BEGIN:VCARD
VERSION:3.0
N:Javed;Hina;;;
FN:Hina J.
ORG:Petal House\\, Karachi;Sales
TITLE:Head of buying
item1.TEL;TYPE=CELL:0321 5550101
TEL;TYPE=WORK:021-345
 6789
EMAIL;TYPE=INTERNET:hina@petal.example
ADR;TYPE=WORK:;;12 Mall Road;Lahore;;54000;Pakistan
BDAY:1990-03-04
NOTE:met at the expo
END:VCARD
"""


def test_a_shared_contact_keeps_all_that_its_vcard_knows(chat: Conversation) -> None:
    seen = words(chat.keeps(SharedContact("Hina Javed", ("+923215550101",), vcard=BEHIND)))
    for known in ("Hina Javed", "Head of buying", "Petal House", "hina@petal.example", "Lahore"):
        assert known in seen
    assert seen.count("5550101") == 1, "one number, however it is written"
    assert "345 6789" in seen.replace("3456789", "345 6789")
    assert "J." not in seen, "the name is that of the bubble"


def test_a_vcard_that_says_nothing_leaves_what_the_bubble_shows(chat: Conversation) -> None:
    for odd in ("BEGIN:VCARD\nEND:VCARD", "no card at all", "BEGIN:VCARD\nTEL:x\nEND:VCARD"):
        seen = words(chat.shares(SharedContact("Hina Javed", ("+923215550101",), vcard=odd)))
        assert "Hina Javed" in seen


def test_a_city_in_the_other_letters_is_the_one_that_is_known(chat: Conversation) -> None:
    chat.says("new contact Nadia Naqvi, Lahore, source website")
    told = words(chat.says("new contact نادیہ نقوی، لاہور، 0300 5550199"))
    assert "Lahore" not in told, "it was no other before"
    assert "Lahore" in words(chat.says("show Nadia Naqvi"))


def test_somebody_of_one_name_with_another_town_and_address_is_another(chat: Conversation) -> None:
    chat.says("new lead Waqas Warraich, Multan, waqas@one.pk, source website")
    told = words(chat.says("نئی لیڈ وقاص وڑائچ، وڑائچ ٹریڈرز، لاہور، w@two.pk، ذریعہ referral"))
    assert "نیا رابطہ" in told
    assert "Contacts: 2" in words(chat.says("contacts by city"))
    told = words(chat.says("new lead Waqas Warraich, Multan, 0300 5550198"))
    assert "0300 5550198" in told or "+923005550198" in told
    assert "Contacts: 2" in words(chat.says("contacts by city")), "in one town they are one"
