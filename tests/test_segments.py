"""Segments in chat: described, told back, saved, counted, watched, shared; no secret leaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.models import Activity, Contact, Deal, Member, Segment, SegmentWatch, Task
from storage.segments import members
from tests.conversation import Conversation, labels, words
from tests.scenes import scene


@scene
def trade(chat: Conversation) -> None:
    """Hina and Sara are in Lahore, Bilal Traders' Usman in Karachi; Usman bought twice."""
    chat.says("add contact Sara Malik in Lahore, phone 0300 1234567")
    chat.says("add contact Hina Khan in Lahore")
    chat.says("add contact Usman Ghani in Karachi, tag vip")
    chat.says("Usman Ghani ordered 3 chairs for 50000")
    chat.says("Usman Ghani ordered 5 chairs for 90000")


@pytest.mark.parametrize(
    ("said", "told", "names"),
    [
        ("customers in Karachi who bought twice",
         "Customers · in Karachi · bought at least 2 times: 1", ["Usman Ghani"]),
        ("karachi ke woh customers jinhon ne 2 dafa kharida aur tag vip hai",
         "Gahak · Karachi mein · kam az kam 2 dafa khareeda · tag vip: 1", ["Usman Ghani"]),
        ("لاہور کے وہ لوگ جن کا فون نمبر نہیں ہے", "رابطے · Lahore میں · فون نمبر نہیں: 1",
         ["Hina Khan"]),
        ("contacts in Lahore or Karachi without phone",
         "Contacts · in Karachi or Lahore · without a phone: 2", ["Usman Ghani", "Hina Khan"]),
        ("contacts who never bought anything", "Contacts · bought nothing: 2",
         ["Hina Khan", "Sara Malik"]),
        ("how many customers spent more than 1 lakh and have a vip tag",
         "Customers · spent more than Rs 1 lakh · tagged vip: 1", []),
    ],
)  # fmt: skip
def test_a_description_is_told_back_with_who_fits(
    trade: Conversation, said: str, told: str, names: list[str]
) -> None:
    answer = words(trade.says(said)).replace("\u200f", "")
    title, *lines = answer.splitlines()
    swapped = title.replace("Lahore or Karachi", "Karachi or Lahore")
    assert swapped == told, answer
    assert [line.split(",")[0].split("،")[0] for line in lines if not line.startswith("[")] == names


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("customers in Lahore who like cricket and bought twice", "“like cricket”"),
        ("lahore ke gahak jo cricket khelte hain aur 2 dafa kharida", "“cricket khelte”"),
        ("لاہور کے گاہک جو کرکٹ کھیلتے ہیں اور دو بار خریدا", "“کرکٹ کھیلتے”"),
        ("contacts tagged gold who bought twice", "“gold”"),
    ],
)
def test_a_word_that_is_not_understood_is_told_and_nobody_shown(
    trade: Conversation, said: str, word: str
) -> None:
    answer = words(trade.says(said))
    assert word in answer
    assert "Khan" not in answer
    assert "Usman" not in answer


def test_the_query_language_is_taken_as_it_is(trade: Conversation) -> None:
    assert "without a phone: 1" in words(
        trade.commands('/segment city = "Lahore" and not has phone')
    )
    assert "“citty”" in words(trade.commands('/segment citty = "Lahore"'))
    assert "Sana" in words(trade.commands('/segment owner = "Sana"'))


def test_saved_counted_renamed_changed_removed_and_undone(trade: Conversation) -> None:
    trade.says("contacts in Lahore without phone")
    assert "Segment saved: Sleeping Lahore" in words(trade.says("call it Sleeping Lahore"))
    assert "Sleeping Lahore: 1" in words(trade.says("how many are in Sleeping Lahore"))
    assert "Hina Khan" in words(trade.says("show Sleeping Lahore"))
    assert "Sleeping Lahore" in words(trade.says("my segments"))
    assert "is now called Quiet" in words(trade.says("rename Sleeping Lahore to Quiet"))
    changed = words(trade.says("change Quiet to contacts in Lahore with a phone"))
    assert "In it now: 1" in changed
    assert "Sara Malik" in words(trade.says("quiet mein kaun hai"))
    assert "deleted" in words(trade.says("delete segment Quiet"))
    assert "No segments yet" in words(trade.says("segments"))
    trade.says("undo")
    assert "Quiet" in words(trade.says("segments"))


@pytest.mark.parametrize(
    "said",
    [
        "segment Whales: customers who spent more than 1 lakh",
        "customers who spent more than 1 lakh, call it Whales",
        "save customers who spent more than 1 lakh as Whales",
        "woh gahak jinhon ne 1 lakh se zyada kharch kiya, is ka naam Whales rakho",
        "وہ گاہک جنہوں نے 1 لاکھ سے زیادہ خرچ کیا، اس کا نام Whales رکھو",
    ],
)
def test_described_and_named_at_once(trade: Conversation, said: str) -> None:
    trade.says(said)
    assert _segments(trade) == [("Whales", "customer and spent > 100000")]


def test_a_segment_stands_in_another(trade: Conversation) -> None:
    trade.says("segment Local: contacts in Lahore or Karachi")
    assert "2" in words(trade.says("contacts in Local who never bought anything")).splitlines()[0]


def test_who_enters_is_told_once(trade: Conversation) -> None:
    trade.says("segment Vips: contacts tagged vip who have a phone")
    assert "I'll tell you" in words(trade.says("tell me when someone enters Vips"))
    assert _news(trade, minutes=11) == []
    trade.says("Usman Ghani phone 0301 7654321")
    assert _news(trade, minutes=11) == ["New in Vips: 1"]
    assert _news(trade, minutes=11) == []
    trade.says("stop watching Vips")
    trade.says("Sara Malik tag vip")
    assert _news(trade, minutes=11) == []


def test_time_alone_brings_somebody_in_on_the_morning(trade: Conversation) -> None:
    trade.says("segment Quiet: contacts silent for 3 days")
    trade.says("mujhe batao jab koi Quiet mein aaye")
    told = [line for _ in range(5) for line in _news(trade, hours=24)]
    assert told == ["Quiet mein naye: 3"] or told == ["New in Quiet: 3"], told


def test_others_private_contacts_are_in_no_count_and_no_list(trade: Conversation) -> None:
    trade.says("hello", by="Bilal")
    trade.says("add contact Zarmina Durrani in Lahore", by="Bilal")
    trade.says("keep Zarmina Durrani private", by="Bilal")
    trade.says("segment Phoneless: contacts in Lahore without phone")
    trade.says("share Phoneless with the team")
    assert "Phoneless: 1" in words(trade.says("show Phoneless"))
    assert "Zarmina" not in words(trade.says("show Phoneless"))
    theirs = words(trade.says("show Phoneless", by="Bilal"))
    assert "Phoneless: 2" in theirs
    assert "Zarmina Durrani" in theirs
    with trade.database.transaction() as session:
        segment = session.scalars(select(Segment)).one()
        chosen = members(session, segment.workspace_id, segment.query, trade.clock.now(), "UTC")
        names = session.scalars(select(Contact.name).where(Contact.id.in_(chosen))).all()
    assert names == ["Hina Khan"]


def test_a_segment_is_its_owners_until_it_is_shared(trade: Conversation) -> None:
    trade.says("hello", by="Bilal")
    trade.says("segment Quiet: contacts in Lahore without phone")
    assert "No segments yet" in words(trade.says("segments", by="Bilal"))
    trade.says("share Quiet with the team")
    assert "Quiet" in words(trade.says("segments", by="Bilal"))
    assert "somebody else's" in words(trade.says("delete segment Quiet", by="Bilal"))
    trade.says("stop sharing Quiet")
    assert "No segments yet" in words(trade.says("segments", by="Bilal"))


def test_as_a_file(trade: Conversation) -> None:
    trade.says("segment Lahoris: contacts in Lahore without email")
    answer = trade.says("export Lahoris")
    assert "contacts-" in words(answer)
    assert {"CSV", "vCard"} <= set(labels(answer))


@pytest.mark.parametrize(
    "said",
    [
        "jin ka phone number nahi hai dikhao",
        "جن کا کوئی فون نمبر نہیں دکھاؤ",
        "segment jinka koi agla qadam nahi",
        "سیگمنٹ جن کی شکایت کھلی ہے",
        "pichle hafte jinse meeting hui dikhao",
        "segment people with an open ticket",
    ],
)
def test_a_description_is_no_news(trade: Conversation, said: str) -> None:
    """Whoever asks for those who did something tells of nobody that they did it."""
    with trade.database.transaction() as session:
        before = [session.query(kind).count() for kind in (Activity, Deal, Task, Contact)]
    told = words(trade.says(said)).splitlines()[0]
    assert told.rpartition(": ")[2].strip("\u200f").isdecimal(), told
    with trade.database.transaction() as session:
        after = [session.query(kind).count() for kind in (Activity, Deal, Task, Contact)]
    assert after == before


def test_what_is_not_understood_behind_the_word_is_told(trade: Conversation) -> None:
    told = words(trade.says("segment jo gahak aam khate hain"))
    assert "“aam khate” samajh nahi aaya" in told
    told = words(trade.says("segment customers whose tickets are all resolved"))
    assert "I don't understand “all resolved”" in told


def test_watching_is_undone(trade: Conversation) -> None:
    trade.says("segment Vips: contacts tagged vip who have a phone")
    trade.says("watch Vips")
    trade.says("undo")
    with trade.database.transaction() as session:
        assert session.scalars(select(SegmentWatch)).all() == []


def _segments(chat: Conversation) -> list[tuple[str, str]]:
    with chat.database.transaction() as session:
        return [(row.name, row.query) for row in session.scalars(select(Segment))]


def _news(chat: Conversation, **later: Any) -> list[str]:
    """Titles of what the clock told Ayesha of segments."""
    chat.clock.set(chat.clock.now() + timedelta(**later))
    lines = (words(each.reply).splitlines()[0] for each in chat.rings() if each.reply.parts)
    return [
        line.replace("\u200f", "") for line in lines if line.startswith("New in") or "naye:" in line
    ]


def test_who_bought_is_found_also_where_something_is_private(trade: Conversation) -> None:
    trade.says("keep Hina Khan private")
    assert "not understood" not in words(trade.says("contacts who bought this month"))
    assert "Segment saved: Buyers" in words(trade.says("segment Buyers: contacts who bought"))


def test_what_hangs_on_private_contacts_counts_for_their_owner_alone(trade: Conversation) -> None:
    """A company's orders are everybody's there, but for those that somebody private made."""
    trade.says("hello", by="Bilal")
    trade.says("add contact Zarmina Durrani from Gul Foods", by="Bilal")
    trade.says("add contact Rana Javed from Gul Foods", by="Bilal")
    trade.says("keep Zarmina Durrani private", by="Bilal")
    trade.says("called Zarmina Durrani, wants flour", by="Bilal")

    def called(seen_by: int | None) -> list[str]:
        with trade.database.transaction() as session:
            team = {row.name: row for row in session.scalars(select(Member))}
            space = team["Bilal"].workspace_id
            query = 'activities[kind = "call"] >= 1 and company = "Gul Foods"'
            chosen = members(session, space, query, trade.clock.now(), "UTC", seen_by=seen_by)
            here = select(Contact.name).where(Contact.workspace_id == space)
            return sorted(session.scalars(here.where(Contact.id.in_(chosen))))

    with trade.database.transaction() as session:
        numbers = {row.name: row.id for row in session.scalars(select(Member))}
    assert called(numbers["Bilal"]) == ["Rana Javed", "Zarmina Durrani"]
    assert called(numbers["Ayesha"]) == []
    assert called(None) == []
