"""Misreadings that were corrected are kept where a workspace wants it, and nowhere else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.settings import Settings
from bot.understanding import answer
from handlers.reply import Form
from storage.lessons import Lesson
from storage.models import Workspace
from tests.conversation import Conversation, labels, part, words


def learned(chat: Conversation) -> list[Lesson]:
    with chat.database.transaction() as session:
        return list(session.scalars(select(Lesson).order_by(Lesson.id)))


def corrects(chat: Conversation, field: str, value: str) -> dict[str, str]:
    """Edit on the last answer, with another value for the field whose name ends so.

    The values of the form as they were, by name.
    """
    form = part(chat.taps("Edit"), Form)
    values = {each.name: each.value for each in form.fields}
    (name,) = [each for each in values if each.endswith(field)]
    chat.fills(values | {name: value})
    return values


def test_nothing_is_kept_before_it_is_wanted(chat: Conversation) -> None:
    chat.says("deal for Bilal Traders, 6 lakh")
    corrects(chat, ":amount", "7 lakh")
    chat.says("met Sara Malik")
    chat.says("undo")
    chat.says("visited Sara Malik")
    assert learned(chat) == []
    assert "off" in words(chat.says("/learn".removeprefix("/"))).splitlines()[0]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("learn from my corrections", "Learning from corrections: on"),
        ("ghaltiyon se seekho", "Ghaltiyon se seekhna: on"),
        ("غلطیوں سے سیکھو", "غلطیوں سے سیکھنا: آن"),
    ],
)
def test_it_is_wanted_in_words_and_told_plainly(chat: Conversation, said: str, title: str) -> None:
    reply = words(chat.says(said))
    assert reply.startswith(title)
    assert "forget" in reply or "بھول جاؤ" in reply
    chat.taps(labels(chat.last().reply)[0])
    assert title not in words(chat.commands("/learn"))


def test_a_value_put_right_in_the_form_is_kept_with_its_message(chat: Conversation) -> None:
    chat.commands("/learn on")
    said = "deal for Bilal Traders, 6 lakh, call Ali Khan friday"
    chat.says(said)
    form = corrects(chat, ":amount", "60 lakh")
    (lesson,) = learned(chat)
    assert (lesson.text, lesson.language) == (said, "en")
    read, meant = lesson.read, lesson.meant
    assert [each["intent"] for each in read] == ["deal.add", "task.add"]
    assert (read[0]["amount"], meant[0]["amount"]) == (600000, 6000000)
    assert read[1] == meant[1]
    (due,) = [name for name in form if name.endswith(":due")]
    chat.runs("edit.save", values={due: "2026-12-01 16:00"})
    (lesson,) = learned(chat)
    assert (lesson.meant[0]["amount"], lesson.meant[1]["due"]) == (6000000, "2026-12-01T16:00")


def test_a_field_by_itself_is_kept_too(chat: Conversation) -> None:
    chat.commands("/learn on")
    chat.says("met Aly Raza")
    chat.taps("Edit")
    chat.taps("Contact: Name")
    chat.says("Ali Raza")
    (lesson,) = learned(chat)
    assert lesson.meant == [{"intent": "activity.log", "kind": "meeting", "contact": "Ali Raza"}]


def test_what_was_undone_and_said_anew_is_kept(chat: Conversation) -> None:
    chat.commands("/learn on")
    chat.says("met Sara Malik kal")
    chat.taps("Wapas" if "Wapas" in labels(chat.last().reply) else "Undo")
    chat.says("call Sara Malik kal")
    (lesson,) = learned(chat)
    assert (lesson.text, lesson.reworded) == ("met Sara Malik kal", "call Sara Malik kal")
    assert [each["intent"] for each in lesson.meant] == ["task.add"]


def test_something_else_after_an_undo_is_not(chat: Conversation) -> None:
    chat.commands("/learn on")
    chat.says("met Sara Malik yesterday")
    chat.says("undo")
    chat.says("deal for Bilal Traders, 6 lakh")
    chat.says("pipeline")
    assert learned(chat) == []


def test_what_changes_later_was_not_misread(chat: Conversation) -> None:
    chat.commands("/learn on")
    chat.says("deal for Bilal Traders, 6 lakh")
    chat.clock.set(chat.clock.now() + timedelta(minutes=20))
    corrects(chat, ":amount", "7 lakh")
    assert learned(chat) == []


def test_another_choice_than_the_likeliest_is_kept(chat: Conversation) -> None:
    chat.commands("/learn on")
    chat.says("met zorbix")
    chat.taps("A company")
    (lesson,) = learned(chat)
    assert lesson.read == [{"intent": "activity.log", "kind": "meeting", "contact": "zorbix"}]
    assert lesson.meant == [{"intent": "activity.log", "kind": "meeting", "company": "zorbix"}]
    chat.says("met quxtol")
    chat.taps("A person")
    assert len(learned(chat)) == 1


def test_it_can_be_forgotten_after_a_question(chat: Conversation) -> None:
    chat.commands("/learn on")
    chat.says("met zorbix")
    chat.taps("A company")
    assert "one message" in words(chat.commands("/learn forget"))
    assert len(learned(chat)) == 1
    chat.taps("Forget it all")
    assert learned(chat) == []


def test_only_a_manager_decides(chat: Conversation) -> None:
    reply = chat.commands("/learn on", by="Bilal")
    assert "Only a team manager" in words(reply)


def test_another_team_has_its_own(chat: Conversation) -> None:
    chat.commands("/learn on")
    other = Conversation(chat.database, chat.clock, platform="slack")
    with chat.database.transaction() as session:
        one = session.scalars(select(Workspace.id)).one()
    other.says("met zorbix", team="T2")
    other.does("Ayesha", "", text="2", team="T2")
    assert learned(chat) == []
    chat.says("met zorbix")
    chat.taps("A company")
    assert [lesson.workspace_id for lesson in learned(chat)] == [one]


def test_with_its_workspace_it_goes(chat: Conversation) -> None:
    chat.commands("/learn on")
    chat.says("met zorbix")
    chat.taps("A company")
    (lesson,) = learned(chat)
    with chat.database.transaction() as session:
        for table in reversed(Lesson.metadata.sorted_tables):
            if "workspace_id" in table.columns and table.name not in {"lesson", "workspace"}:
                session.execute(delete(table).where(table.c.workspace_id == lesson.workspace_id))
        session.execute(delete(Workspace).where(Workspace.id == lesson.workspace_id))
    assert learned(chat) == []


def test_the_operator_lists_it_as_labelled_messages(
    chat: Conversation, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.operate import learned as listed

    chat.commands("/learn on")
    chat.says("met zorbix")
    chat.taps("A company")
    monkeypatch.setenv("RABTA_DATABASE_URL", database_url)
    told: list[dict[str, Any]] = list(listed(Settings(database_url=database_url)))
    assert told == [
        {
            "id": "learned-001",
            "lang": "en",
            "text": "met zorbix",
            "now": "2026-11-23T10:00:00+05:00",
            "actions": [{"intent": "activity.log", "kind": "meeting", "company": "zorbix"}],
            "read": [{"intent": "activity.log", "kind": "meeting", "contact": "zorbix"}],
        }
    ]
    assert answer(json.dumps(told[0]).encode())["actions"] == told[0]["read"]
