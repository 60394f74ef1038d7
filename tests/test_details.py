"""What is no longer so of a customer: another name, what comes off the card, a company left."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.models import Company, Contact
from tests.conversation import Conversation, words

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.clock.set(MONDAY)
    chat.says(
        "add contact Hina Shah from Gul Foods, manager, 0300 1234567, hina@gul.example, Lahore"
    )
    return chat


def card(chat: Conversation) -> dict[str, object]:
    with chat.database.transaction() as session:
        row = session.scalars(select(Contact)).one()
        return {
            "name": row.name, "phone": row.phones, "email": row.emails, "title": row.title,
            "city": row.city, "company": row.company.name if row.company else None,
        }  # fmt: skip


CLEARED = {
    "remove Hina's phone number": "phone",
    "please delete the number of Hina Shah": "phone",
    "hina ka number hata do": "phone",
    "ہنا کا فون نمبر مٹا دو": "phone",
    "delete Hina's email": "email",
    "hina ki email hata do": "email",
    "clear Hina's title": "title",
    "remove Hina's company": "company",
    "Hina left Gul Foods": "company",
    "Hina no longer works at Gul Foods": "company",
    "hina ne Gul Foods chor di": "company",
    "hina ab Gul Foods mein nahi hai": "company",
    "ہنا نے گل فوڈز چھوڑ دی": "company",
}


@pytest.mark.parametrize("said", CLEARED)
def test_it_comes_off_the_card_until_undone(desk: Conversation, said: str) -> None:
    before = card(desk)
    told = words(desk.says(said))
    after = card(desk)
    assert not after[CLEARED[said]]
    assert {k: v for k, v in after.items() if k != CLEARED[said]} == {
        k: v for k, v in before.items() if k != CLEARED[said]
    }
    assert "Hina Shah" in told
    desk.says("undo")
    assert card(desk) == before


def test_what_is_not_there_and_whom_they_never_worked_for(desk: Conversation) -> None:
    desk.says("remove Hina's email")
    assert "none to take off" in words(desk.says("remove Hina's email"))
    before = card(desk)
    desk.says("add company Nishat Mills")
    desk.says("Hina left Nishat Mills")
    assert card(desk) == before


def test_a_companys_number_goes_as_well(desk: Conversation) -> None:
    desk.says("Gul Foods phone 042 35761234")
    desk.says("remove the phone number of Gul Foods")
    with desk.database.transaction() as session:
        assert session.scalars(select(Company)).one().phone is None


RENAMED = {
    "rename Hina Shah to Hina Ahmed": "Hina Ahmed",
    "change Hina's name to Hina Ahmed Shah": "Hina Ahmed Shah",
    "Hina's correct name is Henna Shah": "Henna Shah",
    "hina ka naam Hina Ahmed kar do": "Hina Ahmed",
    "Hina Shah ka sahi naam Hina Shahid hai": "Hina Shahid",
    "ہنا کا نام حنا شاہ کر دو": "حنا شاہ",
}


@pytest.mark.parametrize("said", RENAMED)
def test_somebody_gets_another_name_and_is_found_by_it(desk: Conversation, said: str) -> None:
    assert RENAMED[said] in words(desk.says(said))
    assert card(desk)["name"] == RENAMED[said]
    assert RENAMED[said] in words(desk.says(f"show {RENAMED[said]}"))
    desk.says("undo")
    assert card(desk)["name"] == "Hina Shah"


ASKED = ("hina ka naam kya hai", "ہنا کا نام کیا ہے")


@pytest.mark.parametrize("said", ASKED)
def test_a_name_is_not_what_is_asked_for(desk: Conversation, said: str) -> None:
    desk.says(said)
    assert card(desk)["name"] == "Hina Shah"
