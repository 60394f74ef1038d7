"""Row 33: of two who change the same thing at once, the second is shown both values and chooses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from handlers.reply import Form
from storage.database import Database
from storage.models import Change, Turn
from storage.setters import _question
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene
from tests.test_day import kept
from tests.test_history import the

BILAL = "Bilal"
SOON, LATER = timedelta(seconds=20), timedelta(minutes=30)


@scene
def chat(chat: Conversation) -> None:
    """A deal with Nishat Mills that both have known for a while."""
    chat.runs("contact.add", contact="Sara Malik", company="Nishat Mills", phone="03005550101")
    chat.runs("deal.add", contact="Sara Malik", company="Nishat Mills", amount=400000)
    chat.clock.skip(LATER)


def amount(chat: Conversation) -> str:
    return str(the(chat, "deal")["amount"])


def changes(chat: Conversation) -> int:
    with chat.database.transaction() as session:
        return len(session.scalars(select(Change)).all())


# --- what is asked --------------------------------------------------------------------------------


def test_row_33_the_second_is_shown_both_values_and_nothing_is_written(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.clock.skip(SOON)
    before = changes(chat)
    answer = chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL)
    told = words(answer)
    assert "Ayesha" in told
    assert "Rs 5 lakh (500,000)" in told
    assert "Rs 7 lakh (700,000)" in told
    assert "10:30 am" in told
    assert labels(answer)[:2] == ["Keep Rs 5 lakh (500,000)", "Set Rs 7 lakh (700,000)"]
    assert amount(chat) == "500000.00"
    assert changes(chat) == before


def test_row_33_what_is_chosen_is_done(chat: Conversation) -> None:
    for choice, stands in (("Keep", "500000.00"), ("Set", "700000.00")):
        chat.says("raise the Nishat Mills deal to 5 lakh")
        chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL)
        answer = chat.taps(choice, by=BILAL)
        assert amount(chat) == stands
        assert f"Rs {stands[0]} lakh" in words(answer)
        chat.clock.skip(LATER)
        chat.says("raise the Nishat Mills deal to 3 lakh")
        chat.clock.skip(LATER)


def test_row_33_a_choice_in_words(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL)
    chat.says("set", by=BILAL)
    assert amount(chat) == "700000.00"


def test_row_33_what_changes_while_it_is_asked_is_asked_again(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL)
    chat.runs("deal.update", "Omar", company="Nishat Mills", amount=600000)
    answer = chat.taps("Set", by=BILAL)
    assert "Omar" in words(answer)
    assert amount(chat) == "600000.00"
    chat.taps("Set", by=BILAL)
    assert amount(chat) == "700000.00"


@pytest.mark.parametrize(
    ("tongue", "theirs"), [("ur", "Ayesha نے"), ("roman", "Ayesha ne"), ("en", "Ayesha set")]
)
def test_row_33_it_is_asked_in_the_members_language(
    chat: Conversation, tongue: str, theirs: str
) -> None:
    chat.runs("settings.set", BILAL, name="language", value=tongue)
    chat.says("raise the Nishat Mills deal to 5 lakh")
    assert theirs in words(chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL))


# --- what is not ----------------------------------------------------------------------------------


def test_row_33_the_same_value_is_no_question(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    answer = words(chat.says("raise the Nishat Mills deal to 5 lakh", by=BILAL))
    assert "Keep" not in answer
    assert amount(chat) == "500000.00"


def test_row_33_different_fields_both_stand(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.runs("deal.update", BILAL, company="Nishat Mills", close="2026-12-15")
    chat.says("move Nishat Mills to proposal", by="Omar")
    deal = the(chat, "deal")
    assert (deal["amount"], deal["stage"], deal["close"]) == (
        "500000.00",
        "proposal",
        "2026-12-15",
    )


def test_row_33_who_has_seen_it_is_not_asked_but_told(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.clock.skip(SOON)
    assert "5 lakh" in words(chat.says("show Nishat Mills", by=BILAL))
    answer = words(chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL))
    assert amount(chat) == "700000.00"
    assert "Amount was Rs 5 lakh (500,000) (Ayesha, 10:30 am)." in answer


def test_row_33_what_was_set_a_while_ago_is_overwritten_and_told(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.clock.skip(LATER)
    answer = words(chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL))
    assert amount(chat) == "700000.00"
    assert "was Rs 5 lakh (500,000) (Ayesha, 10:30 am)" in answer


def test_row_33_what_a_new_deal_began_with_is_overwritten_and_told(chat: Conversation) -> None:
    sent = chat.clock.now()
    chat.clock.skip(SOON)
    chat.runs("deal.add", company="Zenith Labs", amount=100000)
    asked = chat.says("raise the Zenith Labs deal to 2 lakh", by=BILAL, sent_at=sent)
    assert "Ayesha set Rs 1 lakh" in words(asked), "it was sent before there was any such deal"
    chat.taps("Keep", by=BILAL)
    answer = chat.says("raise the Zenith Labs deal to 2 lakh", by=BILAL)
    assert "was Rs 1 lakh (100,000) (Ayesha" in words(answer)


def test_row_33_ones_own_value_is_ones_own(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    answer = words(chat.says("raise the Nishat Mills deal to 7 lakh"))
    assert amount(chat) == "700000.00"
    assert "was" not in answer


def test_row_33_in_one_group_the_answer_above_was_seen(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh", place="Sales")
    chat.clock.skip(SOON)
    chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL, place="Sales")
    assert amount(chat) == "700000.00"


def test_row_33_in_one_group_what_was_sent_before_the_answer_is_asked(chat: Conversation) -> None:
    sent = chat.clock.now()
    chat.clock.skip(SOON)
    chat.says("raise the Nishat Mills deal to 5 lakh", place="Sales")
    answer = chat.says(
        "raise the Nishat Mills deal to 7 lakh", by=BILAL, place="Sales", sent_at=sent
    )
    assert "Ayesha" in words(answer)
    assert amount(chat) == "500000.00"


def test_row_33_what_changes_no_record_asks_no_more_of_the_database(chat: Conversation) -> None:
    asked: list[str] = []

    def count(_c: Any, _u: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(chat.database.engine, "before_cursor_execute", count)
    chat.says("show Nishat Mills", by=BILAL)
    chat.says("called Sara Malik, she wants new rates", by=BILAL)
    assert not [each for each in asked if "FROM change" in each or "JOIN turn" in each]
    chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL)
    event.remove(chat.database.engine, "before_cursor_execute", count)
    assert len([each for each in asked if "JOIN turn" in each]) == 1


def test_row_33_who_set_it_last_is_found_by_an_index(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL plans by what is in the table")
    asked = _question((("deal", "amount_minor"), ("deal", "stage")))
    plans = str(asked.compile(database.engine, compile_kwargs={"render_postcompile": True}))
    with database.engine.connect() as connection:
        said = (1, *[1, 1, "deal", 1, 1, *[""] * 30])[: plans.count("?")]
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {plans}", said)]
    assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step], steps


# --- buttons and forms drawn earlier --------------------------------------------------------------


def drawn_form(chat: Conversation) -> dict[str, str]:
    """Bilal opens the form of the deal; its fields as they stand there."""
    chat.runs("edit", BILAL, kind="deal", record=the(chat, "deal")["id"])
    form = part(chat.last(BILAL).reply, Form)
    return {field.name.rpartition(":")[2]: field.name for field in form.fields} | {
        f"{field.name}": field.value for field in form.fields
    }


def test_row_33_a_form_drawn_earlier_asks_about_what_has_changed_in_it(chat: Conversation) -> None:
    form = drawn_form(chat)
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.clock.skip(LATER)
    answer = chat.fills({form["amount"]: "7 lakh"}, by=BILAL)
    assert "Ayesha" in words(answer)
    assert amount(chat) == "500000.00"
    chat.taps("Set", by=BILAL)
    assert amount(chat) == "700000.00"


def test_row_33_what_a_form_leaves_as_it_was_drawn_does_not_come_back(chat: Conversation) -> None:
    form = drawn_form(chat)
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.runs("deal.update", company="Nishat Mills", close="2026-12-15")
    whole = {name: value for name, value in form.items() if name.startswith("deal:")}
    chat.fills(whole | {form["title"]: "40 looms"}, by=BILAL)
    deal = the(chat, "deal")
    assert (deal["amount"], deal["title"]) == ("500000.00", "40 looms")
    assert deal["close"] == "2026-12-15"


def test_row_33_of_a_form_only_the_doubtful_field_waits(chat: Conversation) -> None:
    form = drawn_form(chat)
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.says("move Nishat Mills to proposal")
    answer = chat.fills(
        {form["amount"]: "7 lakh", form["stage"]: "negotiation", form["title"]: "40 looms"},
        by=BILAL,
    )
    assert "Ayesha" in words(answer)
    deal = the(chat, "deal")
    assert (deal["title"], deal["amount"], deal["stage"]) == ("40 looms", "500000.00", "proposal")
    chat.taps("Set", by=BILAL)  # and now the other one is asked about
    assert (amount(chat) == "700000.00") != (the(chat, "deal")["stage"] == "negotiation")
    chat.taps("Set", by=BILAL)
    deal = the(chat, "deal")
    assert (deal["amount"], deal["stage"]) == ("700000.00", "negotiation")


def test_row_33_a_phone_number_and_a_name_are_no_different(chat: Conversation) -> None:
    sara = the(chat, "contact")
    chat.runs("edit", BILAL, kind="contact", record=sara["id"])
    number, name = f"contact:{sara['id']}:phone", f"contact:{sara['id']}:name"
    chat.runs("edit.save", values={number: "0300 5550177", name: "Sarah Malik"})
    answer = chat.fills({number: "0300 5550188", name: "Sara Malick"}, by=BILAL)
    assert "Ayesha" in words(answer)
    assert the(chat, "contact")["phones"] == ["+923005550177"]
    assert the(chat, "contact")["name"] == "Sarah Malik"
    for _ in range(2):
        chat.taps("Set", by=BILAL)
    assert the(chat, "contact")["phones"] == ["+923005550188"]
    assert the(chat, "contact")["name"] == "Sara Malick"


def test_row_33_a_field_of_ones_own_is_no_different(chat: Conversation) -> None:
    chat.says("add field NTN for companies")
    chat.says("Nishat Mills ka NTN 111")
    answer = chat.says("Nishat Mills NTN is 222", by=BILAL)
    assert "NTN: Ayesha set 111" in words(answer)
    assert the(chat, "company")["fields"] == {"NTN": "111"}
    chat.taps("Set", by=BILAL)
    assert the(chat, "company")["fields"] == {"NTN": "222"}


def test_row_33_a_task_is_no_different(chat: Conversation) -> None:
    chat.runs("task.add", contact="Sara Malik", text="send rates", due="2026-11-27T15:00")
    chat.clock.skip(LATER)
    task = the(chat, "task")["id"]
    chat.runs("edit", BILAL, kind="task", record=task)
    chat.runs("task.snooze", task=task, due="2026-11-30")
    answer = chat.fills({f"task:{task}:due": "2026-12-01 11:00"}, by=BILAL)
    assert "Monday 30 Nov" in words(answer)
    assert "Tuesday 1 Dec" in words(answer)
    assert the(chat, "task")["due"].startswith("2026-11-30")
    chat.taps("Set", by=BILAL)
    assert the(chat, "task")["due"].startswith("2026-12-01")


def test_row_33_a_tap_on_a_button_drawn_before_a_change(chat: Conversation) -> None:
    asked = chat.runs("deal.move", BILAL, company="Nishat Mills")
    assert "proposal" in words(asked).lower()
    chat.says("move Nishat Mills to negotiation")
    chat.clock.skip(LATER)
    answer = chat.taps("proposal", by=BILAL)
    assert "Ayesha" in words(answer)
    assert the(chat, "deal")["stage"] == "negotiation"
    chat.taps("Set", by=BILAL)
    assert the(chat, "deal")["stage"] == "proposal"


def test_row_33_the_question_of_a_field_counts_from_when_it_was_asked(chat: Conversation) -> None:
    deal = the(chat, "deal")["id"]
    chat.runs("edit.field", BILAL, field=f"deal:{deal}:amount")
    chat.clock.skip(SOON)
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.clock.skip(timedelta(minutes=10))
    answer = chat.says("7 lakh", by=BILAL)
    assert "Ayesha" in words(answer)
    assert amount(chat) == "500000.00"


def test_row_33_the_question_of_a_field_shows_what_was_there(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.clock.skip(SOON)
    chat.runs("edit.field", BILAL, field=f"deal:{the(chat, 'deal')['id']}:amount")
    chat.says("7 lakh", by=BILAL)
    assert amount(chat) == "700000.00"


# --- won and lost, gone and merged ----------------------------------------------------------------


def test_row_33_won_by_one_and_lost_by_another(chat: Conversation) -> None:
    chat.says("won Nishat Mills")
    chat.clock.skip(SOON)
    answer = chat.says("lost Nishat Mills, price", by=BILAL)
    assert labels(answer)[:2] == ["Keep won", "Set lost"]
    assert the(chat, "deal")["status"] == "won"
    chat.taps("Set", by=BILAL)
    deal = the(chat, "deal")
    assert (deal["status"], deal["reason"]) == ("lost", "price")


def test_row_33_won_by_both_is_won_once(chat: Conversation) -> None:
    chat.says("won Nishat Mills 5 lakh")
    answer = words(chat.says("won Nishat Mills 5 lakh", by=BILAL))
    assert "won" in answer
    assert "Keep" not in answer
    assert amount(chat) == "500000.00"


def test_row_33_won_by_both_for_different_sums(chat: Conversation) -> None:
    chat.says("won Nishat Mills 5 lakh")
    answer = chat.says("won Nishat Mills 7 lakh", by=BILAL)
    assert labels(answer)[:2] == ["Keep Rs 5 lakh (500,000)", "Set Rs 7 lakh (700,000)"]
    chat.taps("Set", by=BILAL)
    deal = the(chat, "deal")
    assert (deal["status"], deal["amount"]) == ("won", "700000.00")


def test_row_33_moved_by_one_after_it_was_won_by_another(chat: Conversation) -> None:
    chat.says("won Nishat Mills")
    answer = chat.says("move Nishat Mills to proposal", by=BILAL)
    assert labels(answer)[:2] == ["Keep won", "Set proposal"]
    chat.taps("Set", by=BILAL)
    deal = the(chat, "deal")
    assert (deal["status"], deal["stage"]) == ("open", "proposal")


def test_row_33_who_was_asked_of_one_field_has_not_heard_of_another(chat: Conversation) -> None:
    """Bilal hears that it is won, not that Omar had moved it before."""
    chat.says("move Nishat Mills to negotiation", by="Omar")
    chat.says("won Nishat Mills")
    assert "Ayesha" in words(chat.says("move Nishat Mills to proposal", by=BILAL))
    asked = chat.taps("Set", by=BILAL)
    assert "Omar set negotiation" in words(asked)
    assert the(chat, "deal")["status"] == "won"
    chat.taps("Set", by=BILAL)
    deal = the(chat, "deal")
    assert (deal["status"], deal["stage"]) == ("open", "proposal")


def test_row_33_a_card_of_a_closed_deal_does_not_show_its_stage(chat: Conversation) -> None:
    chat.says("move Nishat Mills to negotiation")
    chat.says("won Nishat Mills", by=BILAL)
    chat.says("undo", by=BILAL)
    assert "Ayesha set negotiation" in words(chat.says("move Nishat Mills to proposal", by=BILAL))


def test_row_33_a_sum_for_a_deal_that_was_won_meanwhile_stands(chat: Conversation) -> None:
    chat.says("won Nishat Mills")
    chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL)
    deal = the(chat, "deal")
    assert (deal["status"], deal["amount"]) == ("won", "700000.00")


def test_row_33_a_merge_does_not_swallow_what_was_just_written(chat: Conversation) -> None:
    chat.runs("contact.add", BILAL, contact="Sarah Malick")
    new, known = (the(chat, "contact", name=name)["id"] for name in ("Sarah Malick", "Sara Malik"))
    chat.clock.skip(LATER)
    asked = chat.last(BILAL)
    chat.runs("contact.update", contact="Sarah Malick", title="Director")
    same = [b.token for b in asked.reply.buttons if b.call.intent == "contact.same"]
    chat.clock.skip(SOON)
    assert "Name: Sara Malik stays" in words(chat.does(BILAL, "", tap=same[0]))
    assert {new, known} == {row["id"] for row in kept(chat, "contact")}
    chat.taps("Merge", by=BILAL)
    assert [(row["id"], row["title"]) for row in kept(chat, "contact")] == [(known, "Director")]


def test_row_33_what_there_is_to_choose_from_in_a_merge_is_asked_again_when_it_changes(
    chat: Conversation,
) -> None:
    chat.runs("contact.add", BILAL, contact="Sarah Malick", title="Buyer")
    new, known = (the(chat, "contact", name=name)["id"] for name in ("Sarah Malick", "Sara Malik"))
    chat.runs("contact.same", BILAL, new=new, known=known)
    chat.clock.skip(SOON)
    chat.runs("contact.update", contact="Sara Malik", title="Director")
    answer = words(chat.taps("Merge", by=BILAL))
    assert "changed meanwhile" in answer
    assert "Title: Director stays (newer), not Buyer" in answer
    assert {new, known} == {row["id"] for row in kept(chat, "contact")}
    chat.taps("Merge", by=BILAL)
    assert [(row["id"], row["title"]) for row in kept(chat, "contact")] == [(known, "Director")]


def test_row_33_an_undo_is_a_change_like_any_other(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    form = drawn_form(chat)
    chat.says("undo")
    answer = chat.fills({form["amount"]: "7 lakh"}, by=BILAL)
    assert "Ayesha" in words(answer)
    assert "Rs 4 lakh (400,000)" in words(answer)
    assert amount(chat) == "400000.00"


def test_row_33_what_was_undone_is_in_the_history_and_is_not_undone_again(
    chat: Conversation,
) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.says("raise the Nishat Mills deal to 6 lakh")
    chat.says("undo")
    chat.says("undo")
    assert amount(chat) == "400000.00"
    with chat.database.transaction() as session:
        taken_back = select(Change).where(Change.undoes.is_not(None)).order_by(Change.id)
        undone = session.scalars(taken_back).all()
        assert [each.after["amount_minor"] for each in undone if each.after] == [
            50000000,
            40000000,
        ]
        turns = {turn.id: turn.undone_by for turn in session.scalars(select(Turn))}
        assert all(turns[each.undoes] == each.turn_id for each in undone if each.undoes)


# --- row 13: out of order -------------------------------------------------------------------------


def test_row_13_an_earlier_message_that_comes_later_does_not_win(chat: Conversation) -> None:
    first = chat.clock.now()
    chat.clock.skip(timedelta(seconds=5))
    chat.says("raise the Nishat Mills deal to 6 lakh")
    answer = chat.says("raise the Nishat Mills deal to 5 lakh", sent_at=first)
    assert "6 lakh" in words(answer)
    assert amount(chat) == "600000.00"
    chat.taps("Set")
    assert amount(chat) == "500000.00"


def test_row_13_in_one_second_nothing_is_out_of_order(chat: Conversation) -> None:
    """Telegram dates a message by whole seconds, a tap by when it came."""
    second = chat.clock.now()
    tapped = second + timedelta(milliseconds=400)
    chat.says("raise the Nishat Mills deal to 6 lakh", sent_at=tapped)
    chat.says("raise the Nishat Mills deal to 5 lakh", sent_at=second)
    assert amount(chat) == "500000.00"


def test_row_13_what_waited_for_hours_was_sent_before_what_came_meanwhile(
    chat: Conversation,
) -> None:
    sent = chat.clock.now()
    chat.clock.skip(timedelta(hours=3))
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.clock.skip(LATER)
    answer = chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL, sent_at=sent)
    assert "Ayesha" in words(answer)
    assert amount(chat) == "500000.00"


def test_row_13_an_answer_that_came_late_was_not_seen_before(chat: Conversation) -> None:
    """Both of Bilal's messages waited: when he wrote the second, the first had no answer yet."""
    first, second = chat.clock.now(), chat.clock.now() + timedelta(minutes=5)
    chat.clock.skip(timedelta(hours=2))
    chat.says("raise the Nishat Mills deal to 5 lakh")
    chat.clock.skip(timedelta(hours=1))
    assert "5 lakh" in words(chat.says("show Nishat Mills", by=BILAL, sent_at=first))
    answer = chat.says("raise the Nishat Mills deal to 7 lakh", by=BILAL, sent_at=second)
    assert "Ayesha" in words(answer)
    assert amount(chat) == "500000.00"


def test_row_11_an_edited_message_changes_nothing(chat: Conversation) -> None:
    chat.says("raise the Nishat Mills deal to 5 lakh", message="42")
    before = changes(chat)
    chat.says("raise the Nishat Mills deal to 9 lakh", message="42", edited=True)
    assert amount(chat) == "500000.00"
    assert changes(chat) == before
