"""Each kind of nudge in three languages: its card, and what each of its buttons does, once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot import slack_draw, telegram_draw
from handlers.reply import Button, Form, Reply
from rules.nudging import KINDS
from storage.models import Nudge, NudgeChoice, Pending
from tests.conversation import Conversation, buttons, labels, words
from tests.doors.taps import kept
from tests.every_nudge import STORIES, comes
from tests.scenes import Scenes

SPEAK = {"en": "speak english", "ur": "اردو میں بات کرو", "roman": "roman urdu mein bolo"}

DOES = {
    "nudge.useful": "Good to know. Such nudges come first", "nudge.later": "I come back to it on",
    "nudge.stop": "I stopped these nudges", "activity.log": "Call with", "risk.task": "Follow up",
    "contract.renew": "until Monday 20 Dec 2027", "contract.cancel": "Contract cancelled",
    "rating.give": " of 5", "deal.win": "Won: Bilal Traders", "deal.lose": "Lost: Bilal Traders",
    "ticket.close": "Ticket #1 resolved", "ticket.reopen": "is open again",
    "ticket.snooze": "come back at",
}  # fmt: skip
"""What is said when a tap has done something at once; all else asks first, or shows something."""


def test_every_kind_has_a_story() -> None:
    assert set(STORIES) == set(KINDS)


@pytest.fixture(params=STORIES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def told(kind: str, chat: Conversation, scenes: Scenes) -> Conversation:
    """After what happens before such a nudge; the team works every day."""
    story, _ = STORIES[kind]
    chat = scenes.after(story, chat)
    chat.runs("workdays.set", days=[*range(7)])
    return chat


def is_urdu(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)


@pytest.mark.parametrize("tongue", SPEAK)
def test_its_card_is_in_the_members_tongue_and_drawn_on_each_door(
    kind: str, told: Conversation, tongue: str
) -> None:
    told.says(SPEAK[tongue])
    reply = comes(told, kind).reply
    named = [label for label in labels(reply) if not label.isdigit()]
    assert named
    assert [is_urdu(label) for label in named] == [tongue == "ur"] * len(named), named
    assert is_urdu(words(reply)) == (tongue == "ur")
    many = len(buttons(reply))
    assert many == len({each.token for each in buttons(reply)})
    rows = [
        row
        for page in telegram_draw.draw(reply).pages if page.keyboard
        for row in page.keyboard["inline_keyboard"]
    ]  # fmt: skip
    assert sum(map(len, rows)) == many
    on_slack = [block for page in slack_draw.draw(reply).pages for block in page.blocks]
    taps = [each for block in on_slack for each in block.get("elements", ()) if "value" in each]
    assert len(taps) == many


def state_of(chat: Conversation) -> Any:
    """All that is kept, and what was made of nudges."""
    with chat.database.transaction() as session:
        nudges = [(row.id, row.state, row.answer) for row in session.scalars(select(Nudge))]
        choices = [(row.kind, row.wanted) for row in session.scalars(select(NudgeChoice))]
    return kept(chat.database), sorted(nudges), sorted(choices)


def tap(chat: Conversation, each: Button, message: str) -> Reply:
    return chat.does("Ayesha", "", tap=each.token, message=message)


def test_each_of_its_buttons_does_what_it_says_once(kind: str, told: Conversation) -> None:
    heard = comes(told, kind)
    for each in buttons(heard.reply):
        before = state_of(told)
        answer = tap(told, each, heard.message)
        then = state_of(told)
        said = words(answer)
        assert said, each.label
        assert (before != then) == (each.call.intent in DOES), (each.label, said)
        assert DOES.get(each.call.intent, "") in said or said.startswith("Weekly tidy-up: off")
        assert each.call.intent in DOES or len(said) > len(each.label)
        tap(told, each, heard.message)
        assert state_of(told) == then, f"{each.label} is done twice"
        if each.call.intent not in DOES and asks(told, answer):
            told.says("never mind")
        elif then != before:
            told.says("undo")


def asks(chat: Conversation, answer: Reply) -> bool:
    with chat.database.transaction() as session:
        pending = session.scalars(select(Pending)).first() is not None
    return pending or any(isinstance(part, Form) for part in answer.parts)
