"""Custom fields: made in the chat, filled and asked for by name, on card, form and export."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.reply import Form
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene
from tests.test_day import kept


@scene
def chat(chat: Conversation) -> None:
    """Sara Malik of Nishat Mills is known; companies have an NTN."""
    chat.runs("contact.add", contact="Sara Malik", company="Nishat Mills")
    chat.says("add field NTN for companies")


def own(chat: Conversation, name: str) -> dict[str, str]:
    """What a customer has in custom fields."""
    rows = [row for row in kept(chat) if row.get("name") == name and "fields" in row]
    values: dict[str, str] = rows[0]["fields"]
    return values


def defined(chat: Conversation) -> list[tuple[Any, ...]]:
    return [
        (row["name"], row["for"], row["kind"], row["choices"])
        for row in kept(chat, "field")
        if row["active"]
    ]


NTN = ("NTN", "company", "text", None)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("nayi field Drug licence", ("Drug licence", None, "text", None)),
        ("نئی فیلڈ: شناختی کارڈ", ("شناختی کارڈ", None, "text", None)),
        ("add date field Licence expiry", ("Licence expiry", None, "date", None)),
        ("add field Beds for contacts (number)", ("Beds", "contact", "number", None)),
        ("add field Beds for customers", ("Beds", None, "text", None)),
        (
            "add field Size for companies: small, medium, large",
            ("Size", "company", "choice", ["small", "medium", "large"]),
        ),
    ],
)
def test_a_field_is_made(chat: Conversation, said: str, field: tuple[Any, ...]) -> None:
    answer = chat.says(said)
    assert field[0] in words(answer)
    assert defined(chat) == [NTN, field]
    chat.says("undo")
    assert defined(chat) == [NTN]


SAID = {
    "en": ("Nishat Mills's NTN is 1234567-8", "what is Nishat's NTN?"),
    "short": ("Nishat NTN 1234567-8", "Nishat's NTN?"),
    "roman": ("nishat ka NTN 1234567-8", "nishat ka NTN kya hai"),
    "ur": ("نشاط کا این ٹی این ۱۲۳۴۵۶۷-۸ ہے", "نشاط کا این ٹی این کیا ہے؟"),
}


@pytest.mark.parametrize("tongue", SAID)
def test_a_value_is_said_and_asked_for(chat: Conversation, tongue: str) -> None:
    tell, ask = SAID[tongue]
    assert "NTN: 1234567-8" in words(chat.says(tell))
    assert own(chat, "Nishat Mills") == {"NTN": "1234567-8"}
    assert words(chat.says(ask)).splitlines()[:2] == ["Nishat Mills", "NTN: 1234567-8"]
    assert "NTN: 1234567-8" in words(chat.runs("contact.show", company="Nishat Mills"))


def test_a_value_is_said_among_other_things(chat: Conversation) -> None:
    before = kept(chat)
    chat.says("add Bilal Traders, Karachi, NTN 1234567-8")
    assert own(chat, "Bilal Traders") == {"NTN": "1234567-8"}
    chat.says("met Ali Khan from Bilal Traders, NTN 555-11")
    assert own(chat, "Bilal Traders") == {"NTN": "555-11"}
    chat.says("undo")
    assert own(chat, "Bilal Traders") == {"NTN": "1234567-8"}
    chat.says("undo")
    assert kept(chat) == before


def test_the_one_spoken_of_last_is_meant(chat: Conversation) -> None:
    chat.says("show Nishat Mills")
    chat.says("its NTN is 1234567-8")
    assert own(chat, "Nishat Mills") == {"NTN": "1234567-8"}
    assert "NTN: 1234567-8" in words(chat.says("us ka NTN kya hai"))


def test_another_value_says_what_was_there_and_undo_brings_it_back(chat: Conversation) -> None:
    chat.says("Nishat's NTN is 1")
    assert "NTN: 2 (was 1)" in words(chat.says("Nishat's NTN is 2"))
    assert "with all of that" in words(chat.says("Nishat's NTN is 2"))
    chat.says("undo")
    assert own(chat, "Nishat Mills") == {"NTN": "1"}
    chat.says("undo")
    assert own(chat, "Nishat Mills") == {}


def test_a_field_of_companies_is_that_of_a_persons_company(chat: Conversation) -> None:
    assert "Updated: Nishat Mills" in words(chat.says("Sara's NTN is 77"))
    chat.runs("contact.add", contact="Ali Khan")
    assert words(chat.says("Ali's NTN is 78")).startswith(
        "NTN is for companies, and Ali Khan is none"
    )


def test_where_several_fit_it_is_asked(chat: Conversation) -> None:
    chat.runs("contact.add", company="Nishat Chunian")
    answer = chat.says("Nishat's NTN is 5")
    assert labels(answer) == ["Nishat Chunian", "Nishat Mills", "Never mind"]
    chat.taps("Nishat Chunian")
    assert own(chat, "Nishat Chunian") == {"NTN": "5"}


def test_who_has_it(chat: Conversation) -> None:
    chat.runs("contact.add", company="Bilal Traders")
    chat.says("Nishat's NTN is 1234567-8")
    chat.says("Bilal Traders's NTN is 12345-0")
    for said in ("find NTN 1234567-8", "who has NTN 12345678?", "NTN 1234567-8 kis ka hai"):
        assert words(chat.says(said)).startswith("Nishat Mills\n"), said
    assert labels(chat.says("find NTN 12345"))[:2] == ["1: Nishat Mills", "2: Bilal Traders"]
    assert words(chat.says("find NTN 999")) == "Nobody has NTN 999."
    assert "Nishat Mills" in words(chat.runs("contact.find", query="1234567-8"))


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Sara's beds are 1,200", "1200"),
        ("Sara's beds is 2.50", "2.5"),
        ("Sara ke beds dhai lakh hain", "250000"),
        ("Sara's licence expiry is 15 Dec 2027", "2027-12-15"),
        ("Sara's licence expiry is 2027-12-15", "2027-12-15"),
        ("Sara's kind is WHOLESALE", "wholesale"),
        ("Sara's kind is wholesael", "wholesale"),
    ],
)
def test_a_value_is_read_by_the_kind_of_its_field(
    chat: Conversation, said: str, value: str
) -> None:
    chat.says("add number field Beds")
    chat.says("add date field Licence expiry")
    chat.says("add field Kind: retail, wholesale")
    chat.says(said)
    assert list(own(chat, "Sara Malik").values()) == [value]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Sara's beds is many", "many is no number. Beds takes a number, for example 120."),
        ("Sara's licence expiry is never", "never is no date I can read. Licence expiry takes a"),
        ("Sara's kind is huge", "Kind is one of these: retail and wholesale. huge is none"),
    ],
)
def test_what_is_none_of_its_kind_is_said(chat: Conversation, said: str, answer: str) -> None:
    chat.says("add number field Beds")
    chat.says("add date field Licence expiry")
    chat.says("add field Kind: retail, wholesale")
    before = kept(chat)
    assert words(chat.says(said)).startswith(answer)
    assert kept(chat) == before


def test_a_field_is_renamed_and_removed_and_brought_back(chat: Conversation) -> None:
    chat.says("Nishat's NTN is 1234567-8")
    assert words(chat.says("rename field NTN to Tax number")).startswith(
        "NTN is now called Tax number"
    )
    assert own(chat, "Nishat Mills") == {"Tax number": "1234567-8"}
    before = kept(chat)
    assert "What one customer had in it" in words(chat.says("remove field Tax number"))
    assert own(chat, "Nishat Mills") == {}
    assert "1234567-8" not in words(chat.runs("contact.show", company="Nishat Mills"))
    chat.says("undo")
    assert kept(chat) == before
    chat.says("Tax number field hata do")
    chat.says("nayi field Tax number")
    assert own(chat, "Nishat Mills") == {"Tax number": "1234567-8"}


def test_a_field_that_is_filled_is_not_undone_under_anybody(chat: Conversation) -> None:
    chat.runs("field.set", "Bilal", company="Nishat Mills", field="ntn", value="5")
    assert words(chat.says("undo")) == chat.book.words["changed_since"]["en"]
    assert own(chat, "Nishat Mills") == {"NTN": "5"}


def test_a_form_has_the_own_fields(chat: Conversation) -> None:
    chat.says("add number field Beds")
    chat.says("Nishat's NTN is 5")
    chat.taps("Edit")
    form = part(chat.last().reply, Form)
    names = {field.label: field.name for field in form.fields}
    assert list(names) == ["Name", "City", "NTN", "Beds"]
    assert words(chat.fills({names["NTN"]: "6", names["Beds"]: "40"})).startswith("Changed\nNTN: 6")
    assert own(chat, "Nishat Mills") == {"NTN": "6", "Beds": "40"}
    number = kept(chat, "company")[0]["id"]
    chat.runs("edit", kind="company", record=number)
    assert words(chat.fills({names["Beds"]: "many"})).startswith("many is no number")
    chat.runs("edit", kind="company", record=number)
    chat.fills({names["NTN"]: ""})
    assert own(chat, "Nishat Mills") == {"Beds": "40"}


def test_two_records_that_are_one_keep_their_values(chat: Conversation) -> None:
    chat.says("add field Size")
    chat.runs("contact.add", company="Star Looms")
    chat.says("Nishat Mills's NTN is 5")
    chat.runs("field.set", company="Star Looms", field="ntn", value="6")
    chat.runs("field.set", company="Star Looms", field="size", value="big")
    ids = {row["name"]: row["id"] for row in kept(chat, "company")}
    before = kept(chat)
    asked = chat.runs("company.same", new=ids["Star Looms"], known=ids["Nishat Mills"])
    assert "NTN: 6 stays (newer), not 5" in words(asked)
    chat.taps("NTN: 5")
    chat.taps("Merge")
    assert own(chat, "Nishat Mills") == {"NTN": "5", "Size": "big"}
    chat.says("undo")
    assert kept(chat) == before


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("add field ntn", "field_is_there"),
        ("add field Phone", "field_is_usual"),
        ("نئی فیلڈ: شہر", "field_is_usual"),
        ("remove field Foo", "no_such_field"),
        ("rename field Foo to Bar", "no_such_field"),
    ],
)
def test_what_cannot_be_is_said(chat: Conversation, said: str, key: str) -> None:
    before = kept(chat)
    answer = words(chat.says(said))
    tongue = "ur" if "ف" in said else "en"
    ending = str(chat.book.words[key][tongue]).rpartition("}")[2]
    assert ending.strip(" .") in answer or key == "no_such_field"
    assert kept(chat) == before


@pytest.mark.parametrize("said", ["add field Foo", "remove field NTN", "rename field NTN to Foo"])
def test_only_an_owner_changes_fields(chat: Conversation, said: str) -> None:
    before = kept(chat)
    assert words(chat.says(said, by="Bilal")) == "Only a team owner can do that. Ask one of them."
    assert kept(chat) == before
    chat.says("Nishat's NTN is 5", by="Bilal")
    assert own(chat, "Nishat Mills") == {"NTN": "5"}


def test_the_list_tells_what_each_field_holds(chat: Conversation) -> None:
    chat.says("Nishat's NTN is 5")
    chat.says("add field Size: small, large")
    assert words(chat.says("fields")).splitlines()[:3] == [
        "Your own fields",
        "NTN: text, for companies (one has it)",
        "Size: small and large, for contacts and companies",
    ]


def test_no_workspace_sees_the_fields_of_another(chat: Conversation) -> None:
    chat.says("Nishat's NTN is 5")
    elsewhere = Conversation(chat.database, chat.clock, platform="slack")
    for team in ("T1", "T2"):
        told = words(elsewhere.says("fields", team=team))
        assert told.startswith("There are no fields of your own yet.")
