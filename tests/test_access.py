"""Who may see and do what: members, strangers, outsiders, invitations, two workspaces."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.incoming import Incoming, Place, Sender
from bot.reception import House, audience_of
from storage.clock import SetClock
from storage.database import Database
from storage.invites import VALID, invite
from storage.models import Bond, Workspace
from tests.conversation import AYESHA, Conversation, labels, user_id, words

NOON = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture
def chat(database: Database) -> Conversation:
    """Ayesha owns the default workspace; nobody else is known."""
    house = House(owners=frozenset({("telegram", "", user_id(AYESHA))}))
    return Conversation(database, SetClock(NOON), house=house, greeted=False)


def workspace(chat: Conversation, name: str) -> str:
    """A second workspace, and an owner's code for it."""
    with chat.database.transaction() as session:
        space = Workspace(
            name=name, currency="PKR", region="PK", timezone="Asia/Karachi", language="en",
            created_at=NOON,
        )  # fmt: skip
        session.add(space)
        session.flush()
        return invite(session, space.id, "owner", NOON)


def code_in(text: str) -> str:
    found = re.search(r"/start (\S+)", text)
    assert found, text
    return found[1]


def test_row_38_a_stranger_gets_one_polite_sentence_and_no_data(chat: Conversation) -> None:
    chat.says("met Sara Malik from Nishat Mills, deal 5 lakh")
    for said in ("pipeline", "show sara", "hello", "undo"):
        answer = chat.says(said, by="Stranger")
        assert words(answer) == (
            "This is a private assistant for a sales team. "
            "Ask somebody on the team for an invitation."
        )
    answer = chat.says("پائپ لائن دکھاؤ", by="Stranger")
    assert words(answer).startswith("یہ ایک سیلز ٹیم")


def test_an_outsider_in_slack_is_refused(database: Database) -> None:
    chat = Conversation(database, SetClock(NOON), platform="slack", house=House())
    guest = Sender("slack", "T1", "U9", "Guest", outsider=True)
    answer = chat.says("pipeline", sender=guest)
    assert words(answer).startswith("I work only for full members of this team.")


def test_colleagues_of_a_slack_team_are_reps(database: Database) -> None:
    chat = Conversation(database, SetClock(NOON), platform="slack", house=House(), greeted=False)
    chat.says("met Sara Malik, deal 5 lakh", by="Ayesha", team="T1")
    assert "Sara Malik" in words(chat.says("show sara", by="Bilal", team="T1"))
    assert "nobody called" in words(chat.says("show sara", by="Ayesha", team="T2"))
    assert "manager" in words(chat.says("currency is USD", by="Bilal", team="T1"))


def test_row_38_an_invitation_works_once(chat: Conversation) -> None:
    code = code_in(words(chat.says("invite a manager")))
    assert "Rabta" in words(chat.commands(f"/start {code}", by="Bilal"))
    assert "Ayesha, owner" in words(chat.says("who is on the team", by="Bilal"))
    assert "used up" in words(chat.commands(f"/start {code}", by="Omar"))
    assert "private assistant" in words(chat.says("pipeline", by="Omar"))


def test_row_38_an_invitation_grows_old_and_a_made_up_one_is_nothing(chat: Conversation) -> None:
    code = code_in(words(chat.says("invite a rep")))
    chat.clock.skip(VALID * 1.01)
    assert "too old" in words(chat.commands(f"/start {code}", by="Bilal"))
    assert "too old" in words(chat.commands("/start letmein", by="Bilal"))


def test_row_38_nobody_invites_above_their_own_rights(chat: Conversation) -> None:
    code = code_in(words(chat.says("invite a rep")))
    chat.commands(f"/start {code}", by="Bilal")
    assert "Only a team owner" in words(chat.says("invite an owner", by="Bilal"))
    assert "/start" not in words(chat.says("invite an owner", by="Bilal"))
    assert "/start" in words(chat.says("invite a rep", by="Bilal"))


def test_row_36_forty_messages_from_five_people_in_three_chats_and_two_workspaces(
    chat: Conversation,
) -> None:
    other = workspace(chat, "Lahore team")
    chat.says("hello")
    for name in ("Bilal", "Hina"):
        chat.commands(f"/start {code_in(words(chat.says('invite a rep')))}", by=name)
    chat.commands(f"/start {other}", by="Omar")
    chat.commands(f"/start {code_in(words(chat.says('invite a rep', by='Omar')))}", by="Zara")

    ours = ("Sara Malik", "Adeel Shah", "Nadia Iqbal")
    theirs = ("Kamran Butt", "Rabia Noor")
    places = {"Ayesha": "", "Bilal": "Sales", "Hina": "Sales", "Omar": "", "Zara": "Lahore"}
    for turn in range(8):
        for by, place in places.items():
            mine = ours if by in {"Ayesha", "Bilal", "Hina"} else theirs
            name = mine[turn % len(mine)]
            said = f"called {name}" if turn % 2 else f"deal for {name}: parts, {turn + 1} lakh"
            answer = words(chat.says(said, by=by, place=place))
            assert not any(other in answer for other in (ours if mine is theirs else theirs))

    for by, place in places.items():
        seen = "".join(
            words(chat.says(said, by=by, place=place))
            for said in ("show my open deals", "show deals", "pipeline", "today")
        )
        strange = theirs if by in {"Ayesha", "Bilal", "Hina"} else ours
        assert not any(name in seen for name in strange)
        for name in strange:
            assert "nobody called" in words(chat.says(f"show {name}", by=by, place=place))
    heard_by_us = [heard for heard in chat.heard if heard.to in map(user_id, ("Bilal", "Hina"))]
    assert heard_by_us
    assert not any(
        name in words(heard.reply)
        for heard in heard_by_us[10:]
        for name in theirs
        if "nobody called" not in words(heard.reply)
    )


def test_a_group_answers_for_one_workspace_only(chat: Conversation) -> None:
    other = workspace(chat, "Lahore team")
    chat.says("met Sara Malik, deal 5 lakh", place="Sales")
    chat.commands(f"/start {other}", by="Omar")
    answer = words(chat.says("show sara", by="Omar", place="Sales"))
    assert "belongs to another team" in answer
    assert "Sara Malik" not in answer


def test_what_is_not_said_to_it_is_not_heard(chat: Conversation) -> None:
    chat.says("hello")
    before = len(chat.heard)
    chat.says("met Sara Malik from Nishat Mills", place="Sales", addressed=False)
    assert len(chat.heard) == before
    assert "nobody called" in words(chat.says("show sara"))


def test_row_39_somebody_elses_button_decides_nothing(chat: Conversation) -> None:
    code = code_in(words(chat.says("invite a rep")))
    chat.commands(f"/start {code}", by="Bilal")
    chat.says("deal for Nishat Mills: 40 looms, 5 lakh", place="Sales")
    assert words(chat.taps("Undo", by="Bilal", place="Sales")) == "This is Ayesha's to decide."
    assert "40 looms" in words(chat.says("show deals", place="Sales"))


def test_settings_and_invitations_are_for_the_person_alone(chat: Conversation) -> None:
    for said in ("settings", "invite a rep"):
        assert chat.says(said, place="Sales").private


def test_the_first_hello_teaches_by_doing_and_comes_once(chat: Conversation) -> None:
    first = chat.says("hi")
    assert "met Ayesha Khan from Bilal Traders" in words(first)
    assert "What can you do?" in labels(first)
    assert "met Ayesha Khan from Bilal Traders" not in words(chat.says("hi"))


def test_a_first_deed_is_done_and_greeted_in_one_line(chat: Conversation) -> None:
    answer = words(chat.says("met Sara Malik from Nishat Mills"))
    assert "Met Sara Malik, Nishat Mills" in answer
    assert "Welcome, Ayesha" in answer
    assert "Welcome" not in words(chat.says("called Sara Malik"))


SOMEBODY = Sender("slack", "T1", "U1", "Omar")
PLACES: dict[str, tuple[Place, Bond | None]] = {
    "private": (Place("slack", "T1", "D1"), None),
    "team": (Place("slack", "T1", "C1", private=False), None),
    "group": (Place("telegram", "", "-100", private=False), None),
    "external": (Place("slack", "T1", "C1", private=False, external=True), None),
}


@pytest.mark.parametrize("audience", PLACES)
def test_row_40_who_reads_along_is_told_by_the_place(audience: str) -> None:
    place, bond = PLACES[audience]
    assert audience_of(Incoming("e", SOMEBODY, place, NOON, "hello"), bond) == audience


def test_row_40_what_a_place_does_not_say_now_counts_as_it_was_before() -> None:
    place = Place("slack", "T1", "C1", private=False)
    shared = Bond(platform="slack", team="T1", key="C1", workspace_id=1, external=True)
    assert audience_of(Incoming("e", SOMEBODY, place, NOON, "hello"), shared) == "external"
    said = replace(place, external=False)
    assert audience_of(Incoming("e", SOMEBODY, said, NOON, "hello"), shared) == "team"
