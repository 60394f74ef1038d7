"""Who leaves the team gets in no more; who is asked back does; and what somebody is can change."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bot.reception import House
from storage.clock import SetClock
from storage.database import Database
from storage.models import Contact, Deal, Member, Task
from tests.conversation import AYESHA, Conversation, user_id, words

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
OMAR, SANA = "Omar", "Sana"


@pytest.fixture
def team(database: Database) -> Conversation:
    """Ayesha owns the team; Omar and Sana were invited. Omar has a customer, a deal and a task."""
    house = House(owners=frozenset({("telegram", "", user_id(AYESHA))}))
    chat = Conversation(database, SetClock(MONDAY), house=house, greeted=False)
    for name in (OMAR, SANA):
        chat.commands(f"/start {invited(chat)}", by=name)
    chat.says("add contact Hina Shah, 0300 1234567", by=OMAR)
    chat.says("deal Hina Shah 5 lakh", by=OMAR)
    chat.says("call Hina Shah tomorrow at 11am", by=OMAR)
    return chat


def invited(chat: Conversation, role: str = "rep") -> str:
    found = re.search(r"/start (\S+)", words(chat.says(f"invite a {role}", by=AYESHA)))
    assert found
    return found[1]


def roles(chat: Conversation) -> dict[str, str]:
    """Of everybody who is on the team."""
    with chat.database.transaction() as session:
        return {row.name: row.role for row in session.scalars(select(Member).where(Member.active))}


def theirs(chat: Conversation, name: str) -> list[int]:
    """How many customers, deals and tasks are somebody's."""
    with chat.database.transaction() as session:
        number = session.scalar(select(Member.id).where(Member.name == name))
        columns = (Contact.owner_id, Deal.owner_id, Task.owner_id)
        return [
            session.scalar(select(func.count()).where(column == number)) or 0 for column in columns
        ]


OUT = (
    "remove Omar from the team", "take Omar off the team", "Omar has left the company",
    "omar ko team se nikal do", "Omar ne kaam chor diya", "عمر کو ٹیم سے نکال دو",
)  # fmt: skip


@pytest.mark.parametrize("said", OUT)
def test_row_38_who_is_taken_off_the_team_gets_in_no_more(team: Conversation, said: str) -> None:
    assert OMAR in words(team.says(said, by=AYESHA))
    assert OMAR in roles(team), "it is asked first"
    team.says("yes", by=AYESHA)
    assert OMAR not in roles(team)
    for tried in ("show Hina Shah", "my tasks", "hello", "call Hina friday"):
        told = words(team.says(tried, by=OMAR))
        assert "Ask somebody on the team for an invitation" in told
        assert "Hina" not in told
    team.clock.set(MONDAY.replace(day=24, hour=6, minute=30))
    assert [letter for letter in team.rings() if letter.to == user_id(OMAR)] == []
    team.says("undo", by=AYESHA)
    assert OMAR in roles(team)
    assert "Hina" in words(team.says("show Hina Shah", by=OMAR))


def test_row_38_no_button_of_theirs_does_anything_any_more(team: Conversation) -> None:
    team.says("show Hina Shah", by=OMAR)
    team.says("remove Omar from the team", by=AYESHA)
    team.says("yes", by=AYESHA)
    assert "Ask somebody on the team" in words(team.taps("Log call", by=OMAR))


def test_row_38_only_an_owner_says_who_is_on_the_team(team: Conversation) -> None:
    before = roles(team)
    for said in ("remove Sana from the team", "make Omar an owner", "add Bilal to the team"):
        assert "Only a team owner" in words(team.says(said, by=OMAR))
    assert roles(team) == before


def test_what_was_theirs_goes_to_a_colleague(team: Conversation) -> None:
    team.says("remove Omar from the team", by=AYESHA)
    told = words(team.says("yes", by=AYESHA))
    assert "customers 1, open deals 1, tasks 1" in told
    team.taps("Give them to", by=AYESHA)
    assert "Sana takes over from Omar" in words(team.says("Sana", by=AYESHA))
    assert theirs(team, SANA) == [1, 1, 1]
    team.says("undo", by=AYESHA)
    assert theirs(team, OMAR) == [1, 1, 1]


BACK = ("add Omar to the team", "Omar is back on the team", "omar ko wapas team mein le lo",
        "عمر کو واپس ٹیم میں لے لو")  # fmt: skip


@pytest.mark.parametrize("said", BACK)
def test_who_left_comes_back_as_they_were(team: Conversation, said: str) -> None:
    team.says("make Omar a manager", by=AYESHA)
    team.says("remove Omar from the team", by=AYESHA)
    team.says("yes", by=AYESHA)
    assert OMAR in words(team.says(said, by=AYESHA))
    assert roles(team)[OMAR] == "manager"
    assert "Hina" in words(team.says("show Hina Shah", by=OMAR))


def test_row_38_an_invitation_lets_who_left_in_again_once(team: Conversation) -> None:
    team.says("remove Omar from the team", by=AYESHA)
    team.says("yes", by=AYESHA)
    used = invited(team)
    team.commands(f"/start {used}", by="Bilal")
    assert "Ask somebody" in words(team.commands(f"/start {used}", by=OMAR))
    assert OMAR not in roles(team)
    team.commands(f"/start {invited(team, 'manager')}", by=OMAR)
    assert roles(team)[OMAR] == "manager"


def test_who_was_never_there_is_invited(team: Conversation) -> None:
    assert "/start" in words(team.says("add Bilal to the team", by=AYESHA))
    assert "already" in words(team.says("add Sana to the team", by=AYESHA))


ROLES = {
    "make Omar a manager": "manager",
    "Omar is a manager now": "manager",
    "omar ko manager bana do": "manager",
    "عمر کو مینیجر بنا دو": "manager",
    "make Omar an owner": "owner",
    "omar ko malik bana do": "owner",
}


@pytest.mark.parametrize("said", ROLES)
def test_what_somebody_is_can_change(team: Conversation, said: str) -> None:
    team.says(said, by=AYESHA)
    assert roles(team)[OMAR] == ROLES[said]
    team.says("undo", by=AYESHA)
    assert roles(team)[OMAR] == "rep"


def test_one_owner_stays(team: Conversation) -> None:
    assert "only owner" in words(team.says("make Ayesha a rep", by=AYESHA))
    assert "cannot take yourself" in words(team.says("remove Ayesha from the team", by=AYESHA))
    team.says("make Omar an owner", by=AYESHA)
    team.says("make Ayesha a rep", by=AYESHA)
    assert roles(team) == {AYESHA: "rep", OMAR: "owner", SANA: "rep"}


def test_a_customer_is_no_colleague(team: Conversation) -> None:
    before = roles(team)
    team.says("make Hina the owner", by=AYESHA)
    assert "Zubair" in words(team.says("remove Zubair from the team", by=AYESHA))
    assert roles(team) == before


def test_row_38_who_gave_their_rights_away_takes_none_of_it_back(team: Conversation) -> None:
    team.says("make Omar an owner", by=AYESHA)
    team.says("make Ayesha a rep", by=AYESHA)
    assert "Only a team owner" in words(team.says("undo", by=AYESHA))
    assert roles(team)[AYESHA] == "rep"
    team.says("make Ayesha an owner", by=OMAR)
    team.says("undo", by=OMAR)
    assert roles(team)[AYESHA] == "rep"
