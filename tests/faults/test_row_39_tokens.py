"""Row 39: a button pressed by another, elsewhere, too late, twice, or made up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from bot.buttons import BUTTONS_LIVE
from bot.door import Raw
from bot.incoming import FormAnswers, Incoming
from bot.reception import workspace
from handlers.reply import Form
from storage.invites import invite
from storage.models import Activity, ButtonRow, Deal, Inbox, Invite
from tests.conversation import AYESHA, Conversation, packed, part, words


def standing(chat: Conversation) -> list[tuple[str, str]]:
    with chat.database.transaction() as session:
        return [(deal.status, deal.stage) for deal in session.scalars(select(Deal))]


@pytest.fixture
def token(chat: Conversation) -> str:
    """Ayesha's Undo of a deal, in the Sales group."""
    chat.says("hello", by="Bilal", place="Sales")
    reply = chat.says("deal for Nishat Mills: 40 looms, 5 lakh", place="Sales")
    return next(each.token for each in reply.buttons if each.label == "Undo")


def mutated(token: str) -> list[str]:
    return [token[:-1], token + "A", token.swapcase(), "", "1", token[::-1], "%", "' OR 1=1 --"]


def test_row_39_tokens_are_random_and_say_nothing(chat: Conversation, token: str) -> None:
    with chat.database.transaction() as session:
        tokens = session.scalars(select(ButtonRow.token)).all()
    assert len(set(tokens)) == len(tokens)
    assert all(len(each) >= 22 and not each.isdecimal() for each in tokens), "128 bits and more"


def test_row_39_every_field_of_a_tap_counts(chat: Conversation, token: str) -> None:
    for made_up in filter(None, mutated(token)):
        assert "too old" in words(chat.does(AYESHA, "Sales", tap=made_up)), made_up
    assert "Ayesha's to decide" in words(chat.does("Bilal", "Sales", tap=token))
    assert "too old" in words(chat.does(AYESHA, "", tap=token)), "in another chat"
    assert "too old" in words(chat.does(AYESHA, "Lahore", tap=token)), "in another group"
    assert "too old" in words(chat.does(AYESHA, "Sales/7", tap=token)), "in a thread"
    assert standing(chat) == [("open", "lead")]
    chat.clock.skip(BUTTONS_LIVE + timedelta(seconds=1))
    assert "too old" in words(chat.does(AYESHA, "Sales", tap=token)), "later than it lives"
    chat.clock.set(chat.clock.now() - timedelta(days=1))
    assert standing(chat) == [("open", "lead")]
    chat.does(AYESHA, "Sales", tap=token)
    assert standing(chat) == []


def test_row_39_a_button_of_another_workspace_is_none(chat: Conversation, token: str) -> None:
    """Omar's team has its own; Ayesha's token is nothing there, in whatever chat."""
    with chat.database.transaction() as session:
        space = workspace(session, chat.house, "Lahore team", chat.clock.now())
        code = invite(session, space.id, "owner", chat.clock.now())
    chat.commands(f"/start {code}", by="Omar")
    for place in ("", "Lahore"):
        assert "too old" in words(chat.does("Omar", place, tap=token))
    assert standing(chat) == [("open", "lead")]


def test_row_39_two_taps_in_a_millisecond_have_one_effect(chat: Conversation) -> None:
    chat.says("met Sara Malik")
    card = chat.says("show Sara Malik")
    token = next(each.token for each in card.buttons if each.label == "Log call")
    me = chat.person(AYESHA)
    taps = [Incoming(f"tap:{n}", me, chat.place(me), chat.clock.now(), tap=token) for n in range(4)]
    chat.desk.keep("telegram", [Raw(tap.event, tap.place.chat, packed(tap)) for tap in taps])
    with chat.database.transaction() as session:
        new = select(Inbox.id).where(Inbox.state == "new").order_by(Inbox.id)
        numbers = list(session.scalars(new))
    together = Barrier(len(taps))

    def handle(number: int, tap: Incoming) -> None:
        together.wait()
        chat.desk.handle(number, tap)

    with ThreadPoolExecutor(len(taps)) as threads:
        list(threads.map(handle, numbers, taps))
    with chat.database.transaction() as session:
        calls = select(Activity).where(Activity.kind == "call")
        assert len(session.scalars(calls).all()) == 1
        assert set(session.scalars(select(Inbox.state))) == {"done"}
    answers = [words(each.reply) for each in chat.delivers()]
    assert answers.count("That was done already.") == len(taps) - 1


def test_row_39_an_invitation_s_button_makes_one(chat: Conversation) -> None:
    reply = chat.says("who is on the team")
    token = reply.buttons[0].token
    chat.does(AYESHA, "", tap=token)
    assert "done already" in words(chat.does(AYESHA, "", tap=token))
    with chat.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Invite)) == 1


def test_row_39_a_form_is_its_members_and_sent_once(chat: Conversation) -> None:
    chat.says("hello", by="Bilal", place="Sales")
    chat.says("deal for Nishat Mills: 40 looms, 5 lakh", place="Sales")
    form = part(chat.taps("Edit", place="Sales"), Form)
    field = next(each.name for each in form.fields if "amount" in each.name)
    answers = FormAnswers(form.token, {field: "7 lakh"})
    assert "Ayesha's to decide" in words(chat.does("Bilal", "Sales", form=answers))
    chat.does(AYESHA, "Sales", form=answers)
    again = FormAnswers(form.token, {field: "9 lakh"})
    assert "done already" in words(chat.does(AYESHA, "Sales", form=again))
    with chat.database.transaction() as session:
        assert session.scalars(select(Deal)).one().amount_minor == 700_000_00
