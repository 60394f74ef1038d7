"""Two that are one: everything of both stays, what differs is chosen, and undo parts them again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import inspect, select

from bot.door import Raw
from bot.incoming import Incoming, SharedContact
from storage.merging import pointing_at
from storage.models import Base, Company, Contact, Inbox, Recorded
from tests.conversation import AYESHA, Conversation, button, labels, packed, user_id, words
from tests.scenes import scene
from tests.test_day import kept

BILAL = "Bilal"
KINDS = ("field", "company", "contact", "deal", "activity", "task")


@scene
def chat(chat: Conversation) -> None:
    """Sara Malik was entered twice, each time with all that a person can have."""
    chat.says("add field Size")
    chat.runs(
        "contact.add", contact="Sara Malik", company="Nishat Mills", tags=["vip", "looms"],
        phones=["+923005550101", "+923005550102"], emails=["sara@nishat.example"], city="Lahore",
    )  # fmt: skip
    chat.runs("field.set", contact="Sara Malik", field="size", value="big")
    chat.runs("deal.add", contact="Sara Malik", company="Nishat Mills", amount=500000)
    chat.runs("task.add", contact="Sara Malik", text="send rates", due="2026-11-27T15:00")
    chat.clock.skip(timedelta(minutes=1))
    chat.keeps(SharedContact("S. Malik", ("+923005550101", "+923005550199"), ("m@x.example",)))
    s_malik = {"contact": number(chat, "S. Malik")}
    chat.runs("contact.update", **s_malik, tags=["lahore", "vip"], title="Director", city="Karachi")
    chat.runs("field.set", **s_malik, field="size", value="small")
    chat.runs("deal.add", **s_malik, amount=80000)
    chat.runs("activity.log", **s_malik, kind="visit", text="showed the catalogue")
    chat.runs("task.add", **s_malik, text="call her", due="2026-11-30")


def number(chat: Conversation, name: str, kind: str = "contact") -> int:
    (record,) = (each for each in kept(chat, kind) if each["name"] == name)
    return int(record["id"])


def everything(chat: Conversation) -> bytes:
    """All that is exported, byte for byte."""
    return b"\n".join(
        json.dumps(record, ensure_ascii=False).encode()
        for kind in KINDS
        for record in kept(chat, kind)
    )


def rows(chat: Conversation) -> dict[str, list[dict[str, Any]]]:
    """Every row that keeps a history, whatever table it is in, but for how often it was changed."""
    found = {}
    with chat.database.transaction() as session:
        for mapper in Base.registry.mappers:
            kind: Any = mapper.class_
            if issubclass(kind, Recorded) and kind.__tablename__ != "member":
                names = [each.key for each in inspect(kind).column_attrs if each.key != "version"]
                query = select(kind).order_by(kind.id)
                found[kind.__tablename__] = [
                    {name: getattr(row, name) for name in names} for row in session.scalars(query)
                ]
    return found


# --- what comes along -----------------------------------------------------------------------------


def test_everything_of_both_is_kept_and_undo_parts_them_byte_for_byte(chat: Conversation) -> None:
    before, before_rows = everything(chat), rows(chat)
    asked = words(chat.says("merge Sara Malik with S. Malik"))
    assert asked.startswith("Make Sara Malik @ Nishat Mills and S. Malik one?")
    assert "Name: Sara Malik stays (fuller), not S. Malik" in asked
    assert "City: Karachi stays (newer), not Lahore" in asked
    assert "Size: small stays (newer), not big" in asked
    assert everything(chat) == before
    assert words(chat.taps("Merge")).startswith("Now one: Sara Malik\n")
    (one,) = kept(chat, "contact")
    assert one["company"] == "Nishat Mills"
    assert one["phones"] == ["+923005550101", "+923005550102", "+923005550199"]
    assert set(one["emails"]) == {"sara@nishat.example", "m@x.example"}
    assert set(one["tags"]) == {"vip", "looms", "lahore"}
    assert (one["title"], one["city"], one["fields"]) == ("Director", "Karachi", {"Size": "small"})
    assert [each["contact"] for each in kept(chat, "deal")] == ["Sara Malik"] * 2
    assert [each["contact"] for each in kept(chat, "task")] == ["Sara Malik"] * 2
    assert [each["text"] for each in kept(chat, "activity")] == ["showed the catalogue"]
    assert "Undone" in words(chat.taps("Undo"))
    assert everything(chat) == before
    assert rows(chat) == before_rows


def test_each_value_can_be_chosen_before(chat: Conversation) -> None:
    before = everything(chat)
    chat.says("merge Sara Malik with S. Malik")
    assert "Name: S. Malik stays (your choice), not Sara Malik" in words(chat.taps("Name"))
    assert "City: Lahore stays (your choice), not Karachi" in words(chat.taps("City: Lahore"))
    assert "City: Karachi stays (your choice)" in words(chat.taps("City: Karachi"))
    chat.taps("City: Lahore")
    chat.taps("Size: big")
    assert everything(chat) == before
    chat.says("yes")
    (one,) = kept(chat, "contact")
    assert (one["name"], one["city"], one["fields"]) == ("S. Malik", "Lahore", {"Size": "big"})
    assert one["id"] == number(chat, "S. Malik")
    chat.says("undo")
    assert everything(chat) == before


def test_never_mind_leaves_both_as_they_are(chat: Conversation) -> None:
    before = everything(chat)
    chat.says("merge Sara Malik with S. Malik")
    chat.taps("Never mind")
    assert everything(chat) == before


def test_whatever_refers_to_a_customer_comes_along() -> None:
    """A new table with a foreign key needs nothing, unless it keeps no history."""
    # the names of records go with these; who has been in a segment is told of by the clock alone
    alone = {"contact_word", "company_word", "segment_seen"}
    for model in (Contact, Company):
        table = str(model.__tablename__)
        referring = {
            each.name
            for each in Base.metadata.sorted_tables
            for key in each.foreign_keys
            if key.column.table.name == table
        }
        assert referring - {kind.__tablename__ for kind in pointing_at(table)} <= alone


def test_companies_keep_their_people_deals_and_both_numbers(chat: Conversation) -> None:
    chat.runs("contact.add", company="Nishat Mills", phone="042 35550101", city="Lahore")
    chat.runs("contact.add", contact="Omar Farooq", company="Nishaat Milz", title="Buyer")
    chat.runs("contact.update", company="Nishaat Milz", phone="042 35550102")
    chat.runs("deal.add", company="Nishaat Milz", amount=1000)
    before, before_rows = everything(chat), rows(chat)
    chat.says("Nishat Mills and Nishaat Milz are the same company")
    assert words(chat.taps("Merge")).startswith("Now one: Nishat Mills\n")
    (one,) = kept(chat, "company")
    told = " ".join(str(each["text"]) for each in kept(chat, "activity"))
    assert all(phone in f"{one['phone']} {told}" for phone in ("+924235550101", "+924235550102"))
    assert {each["company"] for each in kept(chat, "contact")} == {"Nishat Mills", None}
    chat.says("undo")
    assert everything(chat) == before
    assert rows(chat) == before_rows


def test_a_button_and_a_question_about_the_one_that_went_mean_the_one_it_is_now(
    chat: Conversation,
) -> None:
    chat.says("show S. Malik")
    log_call = button(chat.last().reply, "Log call")
    chat.runs("deal.move", contact=number(chat, "S. Malik"))
    chat.says("merge Sara Malik with S. Malik", by=BILAL)
    chat.taps("Merge", by=BILAL)
    assert labels(chat.says("proposal"))[0] == "Nishat Mills, Rs 80,000, lead"
    chat.says("1")
    chat.does(AYESHA, "", tap=log_call.token)
    assert [each["stage"] for each in kept(chat, "deal")] == ["lead", "proposal"]
    assert kept(chat, "activity")[-1]["kind"] == "call"
    assert kept(chat, "activity")[-1]["contact"] == "Sara Malik"


def test_who_was_merged_is_found_by_either_name(chat: Conversation) -> None:
    chat.says("add Bunty Rafiq, 0333 2214567")
    chat.says("merge Sara Malik with Bunty Rafiq")
    chat.taps("Merge")
    assert words(chat.says("show Bunty Rafiq")).startswith("Sara Malik @ Nishat Mills")
    assert "Also called: Bunty Rafiq" in words(chat.last().reply)
    chat.says("called Bunty Rafiq, she wants rates")
    assert kept(chat, "activity")[-1]["contact"] == "Sara Malik"


# --- who may, and what is private -----------------------------------------------------------------


def test_nobody_merges_whom_they_cannot_see(chat: Conversation) -> None:
    chat.says("keep S. Malik private")
    before = everything(chat)
    ids = {"known": number(chat, "Sara Malik"), "new": number(chat, "S. Malik")}
    for answer in (
        chat.says("merge Sara Malik with S. Malik", by=BILAL),
        chat.runs("contact.same", BILAL, **ids),
        chat.runs("contact.different", BILAL, **ids),
        chat.says("duplicates", by=BILAL),
    ):
        assert "Director" not in words(answer)
        assert "Karachi" not in words(answer)
        assert "Merge" not in labels(answer)
        assert "private" not in words(answer)
    alone = words(chat.says("merge Sara Malik with S. Malik", by=BILAL))
    assert alone.startswith("Both names lead to the same one: Sara Malik")  # the only "S. Malik"
    assert everything(chat) == before
    refused = words(chat.says("merge Sara Malik with S. Malik"))
    assert refused.startswith("S. Malik is private and Sara Malik is the team's")
    assert everything(chat) == before


def test_a_double_of_somebodys_private_contact_is_never_asked_about(chat: Conversation) -> None:
    chat.says("keep S. Malik private")
    answer = chat.says("add Sarah Malick, 0300 5550199", by=BILAL)
    assert "+923005550199" in words(answer)
    assert "S. Malik" not in words(answer)


# --- two at once ----------------------------------------------------------------------------------


def test_two_who_merge_the_same_two_make_one_merge(chat: Conversation) -> None:
    chat.says("merge Sara Malik with S. Malik")
    chat.says("merge S. Malik with Sara Malik", by=BILAL)
    chat.taps("Merge")
    after = everything(chat)
    assert words(chat.taps("Merge", by=BILAL)) == "They are one already: Sara Malik @ Nishat Mills"
    assert everything(chat) == after


def test_what_changes_while_it_is_asked_is_shown_before(chat: Conversation) -> None:
    chat.says("merge Sara Malik with S. Malik")
    chat.clock.skip(timedelta(minutes=5))
    chat.runs("contact.update", BILAL, contact="Sara Malik", city="Multan")
    before = everything(chat)
    answer = words(chat.taps("Merge"))
    assert answer.splitlines()[1] == "Something was changed meanwhile; look once more."
    assert "City: Multan stays (newer), not Karachi" in answer
    assert everything(chat) == before
    chat.taps("Merge")
    assert [each["city"] for each in kept(chat, "contact")] == ["Multan"]


def test_a_new_deal_with_the_one_that_goes_comes_along_too(chat: Conversation) -> None:
    chat.says("merge Sara Malik with S. Malik")
    chat.runs("deal.add", BILAL, contact="S. Malik", amount=7000)
    chat.taps("Merge")
    assert {each["contact"] for each in kept(chat, "deal")} == {"Sara Malik"}
    assert len(kept(chat, "deal")) == 3


def _at_once(chat: Conversation, taps: dict[str, str]) -> list[str]:
    """Buttons tapped in the same moment, each in a thread of its own; the answers."""
    events = [
        Incoming(
            f"race:{by}:{chat.clock.now()}", chat.person(by), chat.place(chat.person(by)),
            chat.clock.now(), tap=token,
        )
        for by, token in taps.items()
    ]  # fmt: skip
    chat.desk.keep("telegram", [Raw(each.event, each.place.chat, packed(each)) for each in events])
    with chat.database.transaction() as session:
        waiting = list(
            session.scalars(select(Inbox.id).where(Inbox.state == "new").order_by(Inbox.id))
        )
    together = Barrier(len(events))

    def handle(number: int, event: Incoming) -> None:
        together.wait()
        chat.desk.handle(number, event)

    with ThreadPoolExecutor(len(events)) as threads:
        list(threads.map(handle, waiting, events))
    return [words(each.reply) for each in chat.delivers()]


def test_two_merges_in_one_moment_are_one_and_undo_parts_them(chat: Conversation) -> None:
    before, before_rows = everything(chat), rows(chat)
    taps = {}
    for by in (AYESHA, BILAL):
        chat.says("merge Sara Malik with S. Malik", by=by)
        taps[by] = button(chat.last(by).reply, "Merge").token
    answers = _at_once(chat, taps)
    assert sum(each.startswith("Now one: Sara Malik") for each in answers) == 1
    assert "They are one already: Sara Malik @ Nishat Mills" in answers
    assert len(kept(chat, "contact")) == 1
    for by in (AYESHA, BILAL):
        if chat.last(by).reply.buttons:
            chat.taps("Undo", by=by)
    assert everything(chat) == before
    assert rows(chat) == before_rows


def test_a_merge_and_an_edit_in_one_moment_lose_nothing(chat: Conversation) -> None:
    chat.says("show S. Malik", by=BILAL)
    log_call = button(chat.last(BILAL).reply, "Log call").token
    chat.says("merge Sara Malik with S. Malik")
    answers = _at_once(chat, {AYESHA: button(chat.last().reply, "Merge").token, BILAL: log_call})
    assert len(answers) == 2
    assert len(kept(chat, "contact")) == 1
    (call,) = (each for each in kept(chat, "activity") if each["kind"] == "call")
    assert (call["contact"], call["by"]) == ("Sara Malik", BILAL)


# --- asked while one is being entered -------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("add Sarah Malick at Nishat Mills", "like name, same company"),
        ("add Omar Farooq, 0300 5550102", "same phone"),
        ("add Saira Malik, sara@nishat.example", "same email, like name"),
        ("add سائرہ ملک, نشاط ملز", "same name in the other script, same company"),
    ],
)
def test_one_who_is_very_like_a_known_one_is_asked_about(
    said: str, why: str, chat: Conversation
) -> None:
    chat.runs("settings.set", name="language", value="en")
    answer = chat.says(said)
    (asked,) = (line for line in words(answer).splitlines() if line.startswith("Same as "))
    assert asked.replace("\u2068", "").replace("\u2069", "") == (
        f"Same as Sara Malik @ Nishat Mills? ({why})"
    )
    assert labels(answer)[-2:] == ["Same", "Different"]


def test_what_is_said_to_be_different_is_never_asked_again(chat: Conversation) -> None:
    chat.says("add Omar Farooq, 0300 5550102")
    assert words(chat.taps("Different")).startswith(
        "Two different ones: Sara Malik @ Nishat Mills and Omar Farooq."
    )
    assert "Same as" not in words(chat.says("Omar Farooq's email is omar@x.example"))
    chat.says("merge Sara Malik with S. Malik")
    chat.taps("Merge")
    assert "Omar" not in words(chat.says("duplicates"))
    chat.says("undo")
    chat.says("undo")
    chat.says("undo")
    assert "Omar Farooq (same phone)" in words(chat.says("duplicates"))


def test_same_merges_at_once_where_nothing_has_to_be_chosen(chat: Conversation) -> None:
    chat.says("add Gulrez Afridi at Crescent Sugar, 0333 2214567")
    before = everything(chat)
    chat.runs("contact.add", contact="Gulrez Afridi", phone="+923332214567", is_new=True)
    assert words(chat.taps("Same")).startswith("Now one: Gulrez Afridi")
    chat.says("undo")
    chat.says("undo")
    assert everything(chat) == before


def test_a_number_that_somebody_has_already_is_asked_about(chat: Conversation) -> None:
    chat.says("add Omar Farooq, 0333 2214567")
    answer = words(chat.says("Omar Farooq's new number is 0300 5550102"))
    assert "Same as Sara Malik @ Nishat Mills? (same phone)" in answer


# --- said in words, in three languages ------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "merge Sara Malik with Sarah Khan",
        "Sara Malik and Sarah Khan are the same",
        "sara malik aur sarah khan aik hi hain",
        "سارہ ملک اور سارہ خان ایک ہی ہیں",
        "sara malik ko sarah khan ke sath mila do",
        "سارہ ملک اور سارہ خان کو ایک کر دو",
    ],
)
def test_two_are_merged_in_words(said: str, chat: Conversation) -> None:
    chat.says("add Sarah Khan at Bata, 0333 2214567")
    chat.says(said)
    chat.does(AYESHA, "", tap=chat.last().reply.buttons[0].token)
    assert {each["name"] for each in kept(chat, "contact")} == {"Sara Malik", "S. Malik"}


@pytest.mark.parametrize(
    "said", ["these two are one", "yeh dono aik hi hain", "یہ دونوں ایک ہی ہیں"]
)
def test_these_two_are_those_seen_last(said: str, chat: Conversation) -> None:
    chat.says("add Bunty Rafiq, 0333 2214567")
    for seen in ("show S. Malik", "show Sara Malik"):
        chat.clock.skip(timedelta(seconds=5))
        chat.says(seen)
    chat.says(said)
    chat.does(AYESHA, "", tap=chat.last().reply.buttons[0].token)
    assert {each["name"] for each in kept(chat, "contact")} == {"Sara Malik", "Bunty Rafiq"}


# --- who is in twice ------------------------------------------------------------------------------


def test_duplicates_are_listed_with_what_speaks_for_them(chat: Conversation) -> None:
    chat.runs("contact.add", company="Nishaat Milz")
    answer = chat.says("duplicates")
    assert words(answer).startswith("Perhaps in twice: 2\n")
    assert "Sara Malik @ Nishat Mills and S. Malik (same phone, like name)" in words(answer)
    assert "Nishat Mills and Nishaat Milz (like name)" in words(answer)
    assert labels(answer) == ["1: Same", "1: Different", "2: Same", "2: Different"]
    answer = chat.taps("2: Different")
    assert "Perhaps in twice: one" in words(answer)
    chat.taps("1: Same")
    chat.taps("Merge")
    reply = chat.says("tidy up")
    assert words(reply).startswith("I see nobody who is in twice.")
    assert labels(reply) == ["Data quality"]


def test_undo_after_somebody_changed_the_merged_one_says_what_and_parts_the_rest(
    chat: Conversation,
) -> None:
    chat.says("merge Sara Malik with S. Malik")
    chat.taps("Merge")
    merged = chat.last()
    won = next(each for each in kept(chat, "deal") if each["amount"] == "80000.00")
    chat.clock.skip(timedelta(minutes=5))
    chat.runs("deal.win", BILAL, deal=won["id"])
    chat.runs("contact.update", BILAL, contact="Sara Malik", city="Multan")
    card = {"kind": "contact", "record": number(chat, "Sara Malik")}
    chat.runs("edit", BILAL, **card)
    chat.runs(
        "edit.save", BILAL, values={f"contact:{card['record']}:phone": "0300 5550101, 0300 5550102"}
    )
    after = everything(chat)
    answer = chat.does(AYESHA, "", tap=button(merged.reply, "Undo").token)
    assert "City: Multan (Bilal" in words(answer)
    assert "Stage: won (Bilal" in words(answer)
    assert everything(chat) == after
    chat.taps("Part them")
    people = {each["name"]: each for each in kept(chat, "contact")}
    assert people["Sara Malik"]["city"] == "Multan"
    assert people["S. Malik"]["city"] == "Karachi"
    assert people["S. Malik"]["phones"] == ["+923005550101"]
    assert people["Sara Malik"]["phones"] == ["+923005550101", "+923005550102"]
    deals = {each["amount"]: (each["contact"], each["status"]) for each in kept(chat, "deal")}
    assert deals == {"500000.00": ("Sara Malik", "open"), "80000.00": ("S. Malik", "won")}


# --- the weekly tidy-up ---------------------------------------------------------------------------


def _tidy_ups(chat: Conversation) -> list[str]:
    return [text for each in chat.rings() if (text := words(each.reply)).startswith("Perhaps in")]


def test_a_tidy_up_comes_on_monday_once_a_week_to_who_leads_and_stops_when_told(
    chat: Conversation,
) -> None:
    chat.says("hello", by=BILAL)
    assert _tidy_ups(chat) == []
    chat.clock.skip(timedelta(days=7))
    (told,) = _tidy_ups(chat)
    assert "Sara Malik @ Nishat Mills and S. Malik (same phone, like name)" in told
    assert chat.last().to == user_id(AYESHA)
    for _ in range(6):
        chat.clock.skip(timedelta(days=1))
        assert _tidy_ups(chat) == []
    chat.clock.skip(timedelta(days=1))
    assert len(_tidy_ups(chat)) == 1
    assert "Weekly tidy-up: off" in words(chat.taps("Stop these"))
    chat.clock.skip(timedelta(days=7))
    assert _tidy_ups(chat) == []
    chat.says("turn on the weekly tidy-up")
    chat.clock.skip(timedelta(days=7))
    assert len(_tidy_ups(chat)) == 1


def test_no_tidy_up_where_nobody_is_in_twice_and_none_of_whom_a_member_may_not_see(
    chat: Conversation,
) -> None:
    chat.says("hello", by=BILAL)
    chat.says("merge Sara Malik with S. Malik", by=BILAL)
    chat.taps("Merge", by=BILAL)
    for name in ("Gulrez Afridi", "Gulrez Afridy"):
        chat.runs("contact.add", BILAL, contact=name, phone="+923332214567", is_new=True)
        chat.says(f"keep {name} private", by=BILAL)
    assert "Gulrez" in words(chat.says("duplicates", by=BILAL))
    chat.clock.skip(timedelta(days=7))
    assert _tidy_ups(chat) == []


@pytest.mark.parametrize("said", ["stop the weekly tidy-up", "ہفتے کی صفائی بند کر دو"])
def test_only_who_leads_sets_the_tidy_up(said: str, chat: Conversation) -> None:
    assert labels(chat.says(said))[0]
    assert "manager" in words(chat.runs("settings.set", BILAL, name="tidy", value="on"))


def test_what_was_merged_twice_is_parted_one_after_the_other(chat: Conversation) -> None:
    states = [everything(chat)]
    chat.says("merge Sara Malik with S. Malik")
    chat.taps("Merge")
    first = chat.last()
    chat.runs("contact.add", contact="Saira Malik", phone="+923332214567")
    states.append(everything(chat))
    chat.says("merge Sara Malik with Saira Malik")
    chat.taps("Merge")
    assert [each["also_called"] for each in kept(chat, "contact")] == [["S. Malik", "Saira Malik"]]
    chat.says("undo")
    assert everything(chat) == states.pop()
    chat.says("undo")
    chat.does(AYESHA, "", tap=button(first.reply, "Undo").token)
    assert everything(chat) == states.pop()
