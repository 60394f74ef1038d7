"""A customer's sequences pause for a while and go on by themselves, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.models import SequenceRun, Task
from storage.scope import within
from tests.conversation import Conversation, words
from tests.scenes import scene

HOLD = (
    "pause Sara's sequence for a week", "hold sara's messages for one week",
    "pause the sequence for Sara for 7 days", "pause Sara for a week",
    "sara ka sequence ek hafte ke liye rok do", "ek hafte ke liye sara ka sequence rok do",
    "sara ke message 7 din ke liye rok dein",
    "سارہ کا سلسلہ ایک ہفتے کے لیے روک دو", "ایک ہفتے کے لیے سارہ کا سلسلہ روک دیں",
)  # fmt: skip


@scene
def led(chat: Conversation) -> None:
    """Sara and Hina are in a sequence of two tasks, the next one in two days."""
    chat.says("met Sara Malik from Nishat Mills")
    chat.says("met Hina Shah from Halal Dairy")
    chat.says("sequence Welcome: after 2 days task call them, then after 3 days task visit them")
    chat.says("start the Welcome sequence for Sara")
    chat.says("start the Welcome sequence for Hina")


@pytest.mark.parametrize("said", HOLD)
def test_it_pauses_and_goes_on_by_itself_once(led: Conversation, said: str) -> None:
    start = led.clock.now()
    led.says(said)
    for day in range(1, 9):
        led.clock.set(start + timedelta(days=day))
        led.rings()
        assert _tasks(led, "Sara Malik") == 0
    assert _tasks(led, "Hina Shah") == 2  # hers went on
    for day in range(9, 20):
        led.clock.set(start + timedelta(days=day, hours=1))
        led.rings()
    assert _tasks(led, "Sara Malik") == 2


def test_a_change_of_its_steps_does_not_break_the_pause(led: Conversation) -> None:
    start = led.clock.now()
    led.says("pause Sara's sequence for a week")
    led.says("Welcome sequence: step 1 after 1 hour")
    for day in range(1, 7):
        led.clock.set(start + timedelta(days=day))
        led.rings()
        assert _tasks(led, "Sara Malik") == 0


def test_it_is_told_undone_and_ended_early(led: Conversation) -> None:
    assert "30 Nov" in words(led.says("pause Sara's sequence for a week"))
    assert "paused until" in words(led.says("is Sara still getting messages?"))
    led.says("resume Sara's sequence")
    assert "paused" not in words(led.says("is Sara still getting messages?"))
    led.says("pause Sara's sequence for a week")
    led.taps("Undo")
    with led.database.transaction() as session, within(session, 1):
        now = led.clock.now()
        runs = session.query(SequenceRun).filter_by(workspace_id=1)
        assert all(run.since <= now for run in runs)


def _tasks(chat: Conversation, name: str) -> int:
    with chat.database.transaction() as session, within(session, 1):
        tasks = session.query(Task).filter_by(workspace_id=1).all()
        return sum(each.contact is not None and each.contact.name == name for each in tasks)
