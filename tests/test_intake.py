"""Many records at once: who is here is filled in, the rest is new, and all of it is one turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import select

from handlers.intake import Intake, Report
from handlers.intake.report import OUTCOMES
from storage import history
from storage.models import Member, Turn, Workspace
from storage.scope import enter
from storage.search import find
from tests.conversation import AYESHA, Conversation, words
from tests.test_day import kept

SARA: dict[str, Any] = {
    "type": "contact", "name": "Sara Malik", "company": "Nishat Mills", "city": "Lahore",
    "phones": ["+923005550101"], "emails": ["sara@nishat.example"],
}  # fmt: skip
OMAR: dict[str, Any] = {"type": "contact", "name": "Omar Farooq", "phones": ["+923005550102"]}
NADIA: dict[str, Any] = {"type": "contact", "name": "نادیہ خان", "company": "Halal Dairy"}
BARE: dict[str, Any] = {"type": "contact", "name": "Bilal"}


def comes(chat: Conversation, records: Iterable[dict[str, Any]], who: str = AYESHA) -> Report:
    """The records come in, as a turn of this member's."""
    chat.runs("settings", who)  # so that they are a member
    with chat.database.transaction() as session:
        member = session.scalars(select(Member).where(Member.name == who)).one()
        space, now = session.get_one(Workspace, member.workspace_id), chat.clock.now()
        enter(session, space.id)
        turn = Turn(
            workspace_id=space.id, member_id=member.id, chat_id=0, at=now, said="google.csv"
        )
        session.add(turn)
        session.flush()
        try:
            return Intake(session, space, member, turn.id, now).take_in(records)
        finally:
            session.info.pop("turn", None)


def figures(report: Report) -> dict[str, int]:
    return {how: report.of(how) for how in OUTCOMES if report.of(how)}


def test_new_people_come_with_all_that_is_said_of_them(chat: Conversation) -> None:
    said = {**SARA, "title": "Buyer", "tags": ["VIP"], "fields": {"Birthday": "1990-02-01"}}
    report = comes(chat, [said, OMAR, NADIA])
    assert figures(report) == {"new": 3}
    sara = kept(chat, "contact")[0]
    assert (sara["name"], sara["company"], sara["city"]) == ("Sara Malik", "Nishat Mills", "Lahore")
    assert (sara["phones"], sara["emails"]) == (["+923005550101"], ["sara@nishat.example"])
    assert (sara["tags"], sara["fields"]) == (["vip"], {"Birthday": "1990-02-01"})
    assert "Nishat Mills" in words(chat.says("who is Sarah Malik"))
    assert "نادیہ خان" in words(chat.says("who is Nadia Khan"))


def test_the_same_file_a_second_time_changes_nothing(chat: Conversation) -> None:
    deal = {"type": "deal", "company": "Nishat Mills", "amount": "480000", "stage": "proposal"}
    call = {"type": "activity", "kind": "call", "contact": "Sara Malik", "text": "wants rates"}
    file = [SARA, OMAR, NADIA, BARE, deal, deal, call]
    assert figures(comes(chat, file)) == {"new": 7}
    before = kept(chat)
    assert figures(comes(chat, file)) == {"same": 7}
    assert kept(chat) == before


def test_who_is_here_is_filled_in_and_keeps_what_they_have(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Sara Malik", city="Multan", phones=["+923005550101"])
    report = comes(chat, [{**SARA, "name": "Sarah Malik", "phones": ["+923005550101", "+92429"]}])
    assert figures(report) == {"updated": 1}
    (sara,) = kept(chat, "contact")
    assert (sara["name"], sara["city"], sara["company"]) == ("Sara Malik", "Multan", "Nishat Mills")
    assert sara["phones"] == ["+923005550101", "+92429"]
    assert sara["emails"] == ["sara@nishat.example"]


@pytest.mark.parametrize(
    ("other", "new"),
    [
        ({"name": "Omar Farooq", "phones": ["+923005550101"]}, 1),  # an office phone
        ({"name": "Sara Malik", "company": "Sapphire"}, 1),  # a name alone is nobody
        ({"name": "Malik Sara", "phones": ["0092"], "emails": ["SARA@nishat.example"]}, 0),
        ({"name": "سارہ ملک", "phones": ["+923005550101"]}, 0),
        ({"name": "Sara", "emails": ["sara@nishat.example"]}, 0),
        ({"name": "Sara Malik", "company": "NISHAT  mills", "city": "Karachi"}, 0),
        ({"name": "Sara Malik"}, 1),
    ],
)
def test_one_person_is_told_from_two(chat: Conversation, other: dict[str, Any], new: int) -> None:
    comes(chat, [SARA])
    comes(chat, [{"type": "contact", **other}])
    assert len(kept(chat, "contact")) == 1 + new
    comes(chat, [{"type": "contact", **other}])
    assert len(kept(chat, "contact")) == 1 + new


def test_who_comes_twice_in_a_file_is_made_once(chat: Conversation) -> None:
    again = {**SARA, "city": None, "phones": ["+923005550103"], "title": "Buyer"}
    report = comes(chat, [SARA, OMAR, again, OMAR])
    assert figures(report) == {"new": 2, "merged": 2}
    sara = kept(chat, "contact")[0]
    assert sara["phones"] == ["+923005550101", "+923005550103"]
    assert sara["title"] == "Buyer"


def test_undo_brings_back_what_was(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Omar Farooq", phones=["+923005550102"])
    before = kept(chat)
    deal = {"type": "deal", "company": "Nishat Mills", "stage": "Site visit", "amount": "1"}
    fuller = {**OMAR, "city": "Multan", "emails": ["omar@x.example"], "fields": {"Size": "12"}}
    comes(chat, [SARA, fuller, NADIA, deal, {"type": "activity", "company": "Nishat Mills"}])
    assert kept(chat) != before
    assert "google.csv" in words(chat.says("undo"))
    assert kept(chat) == before
    assert found(chat, "sara malik") == []
    assert figures(comes(chat, [SARA, deal])) == {"new": 2}, "it can come again"


def test_undo_leaves_what_was_built_upon_since(chat: Conversation) -> None:
    comes(chat, [SARA, OMAR, NADIA])
    chat.runs("activity.log", "Sara", contact="Sara Malik", kind="call", text="wants rates")
    chat.runs("contact.update", "Sara", contact="Omar Farooq", city="Multan")
    answer = words(chat.says("undo"))
    assert "3 of them stay" in answer  # the company of the one who stays, too
    assert [each["name"] for each in kept(chat, "contact")] == ["Sara Malik", "Omar Farooq"]
    assert [each["name"] for each in kept(chat, "company")] == ["Nishat Mills"]


def test_owners_are_members_or_kept_by_name(chat: Conversation) -> None:
    chat.runs("settings", "Bilal")
    report = comes(chat, [{**SARA, "owner": "bilal"}, {**OMAR, "owner": "Moses Frase"}])
    assert [each["owner"] for each in kept(chat, "contact")] == ["Bilal", "Moses Frase"]
    assert report.unknown_owners == ["Moses Frase"]


def test_what_cannot_be_taken_in_is_refused_with_a_reason(chat: Conversation) -> None:
    odd = [
        {"type": "contact", "name": "  ", "city": "Lahore"},
        {"type": "order", "product": "rolls"},
        {"type": "deal", "company": "Nishat Mills", "amount": "a lot"},
        {"type": "deal", "amount": "12"},
        {"type": "activity", "text": "hello"},
    ]
    report = comes(chat, [*odd, SARA])
    assert [each.why for each in report.refused] == [
        "no_name", "about_nobody", "amount", "about_nobody", "about_nobody",
    ]  # fmt: skip
    assert figures(report) == {"new": 1, "refused": 5}


def test_a_closed_deal_keeps_its_days(chat: Conversation) -> None:
    days = {"created_at": "2025-10-20T00:00:00Z", "closed_at": "2025-12-09T00:00:00Z"}
    comes(chat, [{"type": "deal", "company": "Nishat", "amount": 1054.5, "stage": "Won", **days}])
    (deal,) = kept(chat, "deal")
    assert (deal["status"], deal["amount"]) == ("won", "1054.50")
    assert {key: deal[key] for key in days} == days


def test_somebody_elses_private_contact_is_not_met(chat: Conversation) -> None:
    chat.runs("contact.add", "Sara", contact="Sara Malik", phones=["+923005550101"])
    chat.runs("contact.private", "Sara", contact="Sara Malik")
    assert figures(comes(chat, [SARA])) == {"new": 1}


def test_an_import_that_fails_in_the_middle_leaves_nothing(chat: Conversation) -> None:
    before = kept(chat)

    def broken() -> Iterable[dict[str, Any]]:
        yield from (dict(SARA, name=f"Sara {n}", phones=[f"+9230055{n:05}"]) for n in range(2500))
        raise OSError("the disk")

    with pytest.raises(OSError, match="disk"):
        comes(chat, broken())
    assert kept(chat) == before


def found(chat: Conversation, name: str) -> list[int]:
    with chat.database.transaction() as session:
        return [hit.id for hit in find(session, "contact", 1, name)]


def test_what_a_turn_changed_can_be_told_apart_from_what_it_brought(chat: Conversation) -> None:
    comes(chat, [SARA])
    with chat.database.transaction() as session:
        turn = session.scalars(select(Turn).where(Turn.said == "google.csv")).one()
        assert history.changes_of(session, turn) == []


def test_own_stages_and_fields_come_with_an_export(chat: Conversation) -> None:
    stage = {"type": "stage", "key": "site_visit", "name": "Site visit", "position": 3, "days": 7}
    field = {"type": "field", "name": "Looms", "kind": "number", "for": "company", "active": True}
    company = {"type": "company", "name": "Nishat Mills", "fields": {"Looms": "40"}}
    deal = {"type": "deal", "company": "Nishat Mills", "stage": "site_visit"}
    assert figures(comes(chat, [stage, field, company, deal])) == {"new": 4}
    assert [each["kind"] for each in kept(chat, "field")] == ["number"]
    assert kept(chat, "company")[0]["fields"] == {"Looms": "40"}
    assert kept(chat, "deal")[0]["stage"] == "site_visit"
    assert figures(comes(chat, [stage, field, company, deal])) == {"same": 4}
