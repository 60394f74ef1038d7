"""Undo takes back the whole of one's own last turn, and nothing of anybody else's."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.incoming import SharedContact
from handlers.reply import Form, Reply
from storage import history
from storage.models import Change, Contact, DealMove, Task, Turn
from tests.conversation import AYESHA, Conversation, part, words
from tests.scenes import scene
from tests.test_day import kept


@scene
def chat(chat: Conversation) -> None:
    """Ayesha and Bilal share a team; Sara Malik of Nishat Mills is known, with an open deal."""
    chat.runs(
        "contact.add", contact="Sara Malik", company="Nishat Mills", tags=["vip", "looms"],
        phones=["+923005550101", "+923005550102"], emails=["sara@nishat.example"],
    )  # fmt: skip
    chat.runs("deal.add", contact="Sara Malik", company="Nishat Mills", amount=500000)
    chat.runs("task.add", contact="Sara Malik", text="send rates", due="2026-11-27T15:00")


def the(chat: Conversation, kind: str, **fits: Any) -> dict[str, Any]:
    found = [
        record
        for record in kept(chat, kind)
        if all(record[name] == value for name, value in fits.items())
    ]
    assert len(found) == 1, found
    return found[0]


def is_refused(chat: Conversation, answer: Reply) -> bool:
    return words(answer) == str(chat.book.words["changed_since"]["en"])


# --- one's own ------------------------------------------------------------------------------------


def test_undo_twice_goes_further_back(chat: Conversation) -> None:
    states = [kept(chat)]
    for stage in ("qualified", "proposal", "negotiation"):
        chat.runs("deal.move", company="Nishat Mills", stage=stage)
        states.append(kept(chat))
    for before in reversed(states[:-1]):
        assert "Undone" in words(chat.says("undo"))
        assert kept(chat) == before


def test_undo_goes_back_to_the_very_beginning_and_then_says_so(chat: Conversation) -> None:
    for _ in range(3):
        assert "Undone" in words(chat.says("undo"))
    assert kept(chat) == []
    assert "Undone" not in words(chat.says("undo"))
    assert kept(chat) == []


def test_undo_is_of_ones_own_last_turn(chat: Conversation) -> None:
    before = kept(chat)
    chat.runs("activity.log", contact="Sara Malik", kind="call")
    only_hers = kept(chat)
    chat.runs("activity.log", "Bilal", contact="Sara Malik", kind="visit")
    assert "Undone" in words(chat.says("undo"))
    assert [row["kind"] for row in kept(chat, "activity")] == ["visit"]
    assert "Undone" in words(chat.says("undo", by="Bilal"))
    assert kept(chat) == before != only_hers


def test_a_question_asked_meanwhile_is_not_what_is_undone(chat: Conversation) -> None:
    before = kept(chat)
    chat.runs("deal.move", company="Nishat Mills", stage="proposal")
    chat.runs("stats.show", metric="pipeline")
    chat.says("pipeline")
    chat.says("undo")
    assert kept(chat) == before


def test_somebody_elses_undo_button_is_theirs(chat: Conversation) -> None:
    chat.runs("deal.move", AYESHA, "Sales", company="Nishat Mills", stage="proposal")
    after, card = kept(chat), chat.last(place="Sales")
    undo = button_of(card, "Undo")
    answer = chat.does("Bilal", "Sales", tap=undo, message=card.message)
    assert words(answer) == chat.book.words["not_your_button"]["en"].format(name="Ayesha")
    assert kept(chat) == after
    assert "Undone" in words(chat.does(AYESHA, "Sales", tap=undo, message=card.message))


def test_a_whole_message_is_one_turn(chat: Conversation) -> None:
    before = kept(chat)
    chat.says("met Omar Farooq from Zenith Labs, deal 3 lakh, call him tomorrow 4pm")
    assert len(kept(chat)) >= len(before) + 4
    chat.says("undo")
    assert kept(chat) == before


# --- somebody else's ------------------------------------------------------------------------------

LATER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("deal.move", {"company": "Nishat Mills", "stage": "negotiation"}),
    ("deal.win", {"company": "Nishat Mills"}),
    ("deal.update", {"company": "Nishat Mills", "amount": 1}),
)


def test_what_somebody_changed_since_is_not_undone(chat: Conversation) -> None:
    before = kept(chat)
    for intent, slots in LATER:
        chat.runs("deal.move", company="Nishat Mills", stage="proposal")
        chat.runs(intent, "Bilal", **slots)
        after = kept(chat)
        assert is_refused(chat, chat.taps("Undo"))
        assert kept(chat) == after
        chat.says("undo", by="Bilal")
        assert "Undone" in words(chat.says("undo")), "once Bilal took his back, hers can be"
        assert kept(chat) == before


def test_what_somebody_wrote_later_in_a_turn_begun_earlier_counts(chat: Conversation) -> None:
    """Bilal's message came in first and waited for Ayesha's: his change is the later one."""
    chat.runs("deal.update", "Bilal", company="Nishat Mills", amount=600000)
    chat.runs("deal.update", company="Nishat Mills", amount=700000)
    chat.runs("deal.update", "Bilal", company="Nishat Mills", amount=800000)
    with chat.database.transaction() as session:
        turns = session.scalars(select(Turn).order_by(Turn.id)).all()
        changed = [turn for turn in turns if history.changes_of(session, turn)]
        early, _, late = changed[-3:]
        for change in history.changes_of(session, late):
            change.turn_id = early.id
    after = kept(chat)
    assert is_refused(chat, chat.says("undo"))
    assert kept(chat) == after


BUILT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("activity.log", {"contact": "Hina Javed", "kind": "visit"}),
    ("deal.add", {"contact": "Hina Javed", "amount": 1000}),
    ("task.add", {"contact": "Hina Javed", "text": "call her"}),
    ("contact.update", {"contact": "Hina Javed", "tags": ["vip"]}),
    ("contact.add", {"contact": "Omar", "company": "Petal House"}),
)


def test_what_somebody_built_upon_stays(chat: Conversation) -> None:
    before = kept(chat)
    for intent, slots in BUILT:
        chat.runs("contact.add", contact="Hina Javed", company="Petal House")
        chat.runs(intent, "Bilal", **slots)
        after = kept(chat)
        assert is_refused(chat, chat.taps("Undo")), intent
        assert kept(chat) == after
        chat.says("undo", by="Bilal")
        assert "Undone" in words(chat.says("undo"))
        assert kept(chat) == before


def test_what_one_changed_oneself_since_is_undone_in_order(chat: Conversation) -> None:
    chat.runs("deal.move", company="Nishat Mills", stage="proposal")
    first = chat.last()
    chat.runs("deal.move", company="Nishat Mills", stage="negotiation")
    token = next(each.token for each in first.reply.buttons if each.label == "Undo")
    assert is_refused(chat, chat.does("Ayesha", "", tap=token, message=first.message))
    assert the(chat, "deal")["stage"] == "negotiation"


# --- every kind of change -------------------------------------------------------------------------


def edits(chat: Conversation) -> dict[str, tuple[str, str]]:
    deal, task, sara = the(chat, "deal"), the(chat, "task"), the(chat, "contact")
    return {
        "name": (f"contact:{sara['id']}:name", "Sarah Malik"),
        "company": (f"contact:{sara['id']}:company", "Zenith Labs"),
        "no company": (f"contact:{sara['id']}:company", ""),
        "phones": (f"contact:{sara['id']}:phone", "0300 5550102, 0300 5550199"),
        "no phones": (f"contact:{sara['id']}:phone", ""),
        "email": (f"contact:{sara['id']}:email", "sarah@nishat.example"),
        "title": (f"contact:{sara['id']}:title", "Director"),
        "amount": (f"deal:{deal['id']}:amount", "32000 USD"),
        "no amount": (f"deal:{deal['id']}:amount", ""),
        "stage": (f"deal:{deal['id']}:stage", "proposal"),
        "close": (f"deal:{deal['id']}:close", "2026-12-24"),
        "text": (f"task:{task['id']}:text", "send new rates"),
        "due": (f"task:{task['id']}:due", "2026-11-30 11:00"),
        "no due": (f"task:{task['id']}:due", ""),
    }


def test_undo_of_an_edit(chat: Conversation) -> None:
    before = kept(chat)
    for what, (field, value) in edits(chat).items():
        answer = chat.runs("edit.save", values={field: value})
        assert kept(chat) != before, (what, words(answer))
        chat.taps("Undo")
        assert kept(chat) == before, what


def test_undo_of_many_edits_in_one_form(chat: Conversation) -> None:
    before = kept(chat)
    everything = dict(edits(chat)[what] for what in ("name", "phones", "amount", "stage", "due"))
    chat.runs("edit.save", values=everything)
    assert the(chat, "contact")["name"] == "Sarah Malik"
    chat.taps("Undo")
    assert kept(chat) == before


def test_a_form_with_one_bad_value_changes_nothing(chat: Conversation) -> None:
    before = kept(chat)
    fields = edits(chat)
    answer = chat.runs(
        "edit.save",
        values={fields["name"][0]: "Sarah Malik", fields["due"][0]: "when pigs fly"},
    )
    assert "when pigs fly" in words(answer)
    assert kept(chat) == before


def test_an_edited_stage_is_a_move(chat: Conversation) -> None:
    chat.runs("edit.save", values=dict([edits(chat)["stage"]]))
    with chat.database.transaction() as session:
        moves = session.scalars(select(DealMove).order_by(DealMove.id)).all()
        assert [move.stage for move in moves] == ["lead", "proposal"]


CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "tags": ("contact.update", {"contact": "Sara Malik", "tags": ["karachi"]}),
    "one more number": ("contact.update", {"contact": "Sara Malik", "phone": "0300 5550155"}),
    "another address": ("contact.update", {"contact": "Sara Malik", "email": "s@nishat.example"}),
    "another firm": ("contact.update", {"contact": "Sara Malik", "company": "Zenith Labs"}),
    "a note": ("contact.update", {"contact": "Sara Malik", "text": "prefers WhatsApp"}),
    "all at once": (
        "contact.add",
        {"contact": "Sara Malik", "title": "Director", "tags": ["a", "b"], "phone": "03005550166"},
    ),
    "lost": ("deal.lose", {"company": "Nishat Mills", "reason": "price"}),
    "done": ("task.done", {"contact": "Sara Malik"}),
    "called": ("task.called", {"contact": "Sara Malik"}),
    "won anew": ("deal.add", {"contact": "Bilal Ahmed", "amount": 5, "won": True}),
    "recurring": ("task.add", {"text": "stock", "due": "2026-11-27", "every": "month"}),
}


def test_undo_of_a_change(chat: Conversation) -> None:
    before = kept(chat)
    for what, (intent, slots) in CHANGES.items():
        chat.runs(intent, **slots)
        assert kept(chat) != before, what
        assert "Undone" in words(chat.taps("Undo"))
        assert kept(chat) == before, what


# --- two that are one -----------------------------------------------------------------------------


@pytest.fixture
def twice(chat: Conversation) -> Conversation:
    """Sarah Malick was entered too, with all that a person can have."""
    chat.keeps(SharedContact("Sarah Malick", ("+923005550199", "+923005550198"), ("m@x.example",)))
    chat.runs("contact.update", contact="Sarah Malick", tags=["lahore", "vip"], title="Director")
    chat.runs("deal.add", contact="Sarah Malick", amount=80000)
    chat.runs("activity.log", contact="Sarah Malick", kind="visit", text="showed the catalogue")
    chat.runs("task.add", contact="Sarah Malick", text="call her", due="2026-11-30")
    return chat


def test_undo_of_same_as_parts_them_again(twice: Conversation) -> None:
    before = kept(twice)
    new, known = (
        the(twice, "contact", name="Sarah Malick"),
        the(twice, "contact", name="Sara Malik"),
    )
    twice.runs("contact.same", new=new["id"], known=known["id"])
    twice.taps("Merge")
    one = the(twice, "contact")
    assert set(one["phones"]) == {*new["phones"], *known["phones"]}
    assert set(one["tags"]) == {"vip", "looms", "lahore"}
    assert one["title"] == "Director"
    assert {deal["contact"] for deal in kept(twice, "deal")} == {"Sara Malik"}
    assert {task["contact"] for task in kept(twice, "task")} == {"Sara Malik"}
    assert "Undone" in words(twice.taps("Undo"))
    assert kept(twice) == before


def test_undo_of_same_as_for_companies(chat: Conversation) -> None:
    chat.runs("contact.add", contact="Omar Farooq", company="Nishaat Milz")
    chat.runs("deal.add", company="Nishaat Milz", amount=1000)
    chat.runs("contact.update", company="Nishaat Milz", city="Karachi", phone="042 35550101")
    before = kept(chat)
    new, known = (the(chat, "company", name=name) for name in ("Nishaat Milz", "Nishat Mills"))
    chat.runs("company.same", new=new["id"], known=known["id"])
    chat.taps("Merge")
    one = the(chat, "company")
    assert (one["name"], one["city"]) == ("Nishat Mills", "Karachi")
    assert {row["company"] for row in kept(chat, "contact")} == {"Nishat Mills"}
    chat.taps("Undo")
    assert kept(chat) == before


def test_undo_of_same_as_refuses_when_somebody_works_on_it(twice: Conversation) -> None:
    new, known = (
        the(twice, "contact", name="Sarah Malick"),
        the(twice, "contact", name="Sara Malik"),
    )
    twice.runs("contact.same", new=new["id"], known=known["id"])
    twice.taps("Merge")
    deal = next(each for each in kept(twice, "deal") if each["amount"] == "80000.00")
    twice.runs("deal.win", "Bilal", deal=deal["id"])
    after = kept(twice)
    assert "Stage: won (Bilal" in words(twice.taps("Undo"))
    assert kept(twice) == after


def test_a_merge_and_what_came_before_are_undone_one_after_the_other(
    twice: Conversation,
) -> None:
    states = [kept(twice)]
    twice.runs("contact.add", contact="Sarah Malik")
    states.append(kept(twice))
    new, known = the(twice, "contact", name="Sarah Malik"), the(twice, "contact", name="Sara Malik")
    twice.runs("contact.same", new=new["id"], known=known["id"])
    twice.taps("Merge")
    for before in reversed(states):
        twice.says("undo")
        assert kept(twice) == before


# --- buttons of what is undone --------------------------------------------------------------------


def test_an_undone_turns_buttons_answer_kindly(chat: Conversation) -> None:
    chat.runs("deal.add", contact="Bilal Ahmed", amount=1000)
    card = chat.last()
    chat.says("undo")
    before = kept(chat)
    for each in card.reply.buttons:
        if each.label in {"Undo", "Edit"}:
            answer = words(chat.does("Ayesha", "", tap=each.token, message=card.message))
            key = {"Undo": "undone_already", "Edit": "nothing_to_edit"}[each.label]
            assert answer == chat.book.words[key]["en"]
    assert kept(chat) == before


def test_a_form_opened_before_the_undo_answers_kindly(chat: Conversation) -> None:
    chat.runs("deal.add", contact="Bilal Ahmed", amount=1000)
    card = chat.last()
    form = part(chat.taps("Edit"), Form)
    chat.does("Ayesha", "", tap=button_of(card, "Undo"), message=card.message)
    before = kept(chat)
    field = next(each.name for each in form.fields if each.name.startswith("deal:"))
    answer = words(chat.runs("edit.save", values={field: "2000"}))
    assert answer == chat.book.words["gone"]["en"]
    assert kept(chat) == before


def button_of(card: Any, label: str) -> str:
    return str(next(each.token for each in card.reply.buttons if each.label == label))


def test_a_button_is_pressed_twice_and_acts_once(chat: Conversation) -> None:
    chat.runs("deal.move", company="Nishat Mills", stage="proposal")
    card = chat.last()
    token = button_of(card, "Undo")
    chat.does("Ayesha", "", tap=token, message=card.message)
    before = kept(chat)
    again = words(chat.does("Ayesha", "", tap=token, message=card.message))
    assert again == chat.book.words["button_used"]["en"]
    assert kept(chat) == before


# --- what is remembered ---------------------------------------------------------------------------


def test_what_the_clock_does_is_no_turn(chat: Conversation) -> None:
    def count() -> int:
        with chat.database.transaction() as session:
            return len(session.scalars(select(Change)).all())

    before = count()
    chat.clock.set(chat.clock.now().replace(day=27, hour=10))
    assert chat.rings()
    assert count() == before
    with chat.database.transaction() as session:
        assert session.scalars(select(Task)).one().reminded_at is not None


def test_a_refused_call_beside_one_that_stands_leaves_a_whole_history(chat: Conversation) -> None:
    """What a savepoint took back is not in the history, and what came after it is."""
    before = kept(chat)
    answer = chat.says("deal for Omar Farooq 9999999999 crore, called Sara Malik")
    assert chat.book.words["too_much"]["en"] in words(answer)
    assert [row["kind"] for row in kept(chat, "activity")] == ["call"]
    assert [row["name"] for row in kept(chat, "contact")] == ["Sara Malik"]
    with chat.database.transaction() as session:
        rows = {(change.table_name, change.row_id) for change in session.scalars(select(Change))}
        there = {row.id for row in session.scalars(select(Contact))}
        assert {number for table, number in rows if table == "contact"} <= there
    chat.says("undo")
    assert kept(chat) == before
