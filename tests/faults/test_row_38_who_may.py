"""Row 38: names that grant nothing, invitations that work once, and every right for every role."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import product
from threading import Barrier
from typing import get_args

import pytest
from sqlalchemy import select

from bot.incoming import Incoming
from bot.reception import House
from bot.telegram_read import Me, noted, read_update
from handlers.book import Command
from handlers.library import the_book
from rules.access import ROLES, Action, Actor, Audience, Thing, authorize
from storage.clock import SetClock
from storage.database import Database
from storage.invites import invite, redeem
from storage.models import Member, Workspace
from tests.conversation import AYESHA, Conversation, user_id, words

NOON = datetime(2026, 11, 25, 8, tzinfo=UTC)
BOOK = the_book()
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


def things() -> dict[str, Thing | None]:
    """What is acted on, as seen by member 7 of workspace 1."""
    return {
        "nothing": None,
        "shared": Thing(1),
        "a colleague's": Thing(1, owner=8),
        "my private one": Thing(1, owner=7, private=True),
        "another's private one": Thing(1, owner=8, private=True),
        "nobody's private one": Thing(1, private=True),
        "of another workspace": Thing(2, owner=7),
        "private, of another workspace": Thing(2, owner=7, private=True),
    }


@pytest.mark.parametrize("command", BOOK.by_intent.values(), ids=lambda each: each.intent)
def test_row_38_every_command_for_every_role_before_every_audience(command: Command) -> None:
    for role, audience in product([*ROLES, "guest", ""], AUDIENCES):
        check(command, role, audience)


def check(command: Command, role: str, audience: Audience) -> None:
    actor, action = Actor(1, 7, role), Action(command.intent, command.role)
    has_rights = role in ROLES[ROLES.index(command.role) :]
    for what, thing in things().items():
        is_mine = thing is None or (
            thing.workspace == 1 and (not thing.private or thing.owner == 7)
        )
        openly = audience == "private" or (
            audience != "external" and not (thing is not None and thing.private)
        )
        allowed = "allowed" if openly else "privately"
        wanted = allowed if has_rights and is_mine else "denied"
        assert authorize(actor, action, thing, audience) == wanted, what
        assert authorize(None, action, thing, audience) == "denied"
        assert authorize(Actor(1, 7, role, active=False), action, thing, audience) == "denied"


@pytest.fixture
def team(database: Database) -> Conversation:
    """Ayesha owns, Hina manages, Bilal is a rep."""
    house = House(owners=frozenset({("telegram", "", user_id(AYESHA))}))
    chat = Conversation(database, SetClock(NOON), house=house)
    for name, role in (("Hina", "manager"), ("Bilal", "rep")):
        chat.commands(f"/start {code_in(words(chat.says(f'invite a {role}')))}", by=name)
    return chat


def code_in(text: str) -> str:
    found = re.search(r"/start (\S+)", text)
    assert found, text
    return found[1]


@pytest.mark.parametrize("intent", [c.intent for c in BOOK.by_intent.values() if c.role != "rep"])
def test_row_38_the_desk_asks_for_rights(team: Conversation, intent: str) -> None:
    command = BOOK.by_intent[intent]
    for name, role in (("Bilal", "rep"), ("Hina", "manager"), (AYESHA, "owner")):
        answer = words(team.runs(intent, name))
        denied = "Only a team" in answer
        assert denied == (ROLES.index(role) < ROLES.index(command.role)), (name, answer)


def test_row_38_rights_are_asked_for_again_at_the_tap(team: Conversation) -> None:
    team.says("learn from my corrections", by="Hina")
    team.commands("/learn", by="Hina")
    with team.database.transaction() as session:
        session.scalars(select(Member).where(Member.name == "Hina")).one().role = "rep"
    assert "Only a team manager" in words(team.taps("Turn it off", by="Hina"))


def test_row_38_whoever_left_is_nobody(team: Conversation) -> None:
    team.says("deal for Nishat: 5 lakh", by="Bilal")
    token = team.last("Bilal").reply.buttons[0].token
    with team.database.transaction() as session:
        session.scalars(select(Member).where(Member.name == "Bilal")).one().active = False
    assert "private assistant" in words(team.does("Bilal", "", tap=token))
    assert "private assistant" in words(team.says("show deals", by="Bilal"))


@pytest.mark.parametrize(
    "sender",
    [
        {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
        {"id": 1087968824, "is_bot": False, "first_name": "Ayesha", "username": "ayesha"},
        {"id": 136817688, "is_bot": True, "first_name": "Channel"},
        {"id": 777000, "is_bot": False, "first_name": "Telegram"},
        {"id": 5, "is_bot": True, "first_name": "Another", "username": "ayesha"},
        None,
    ],
)
@pytest.mark.parametrize("sender_chat", [False, True])
def test_row_38_who_is_no_person_is_nobody(
    sender: dict[str, object] | None, sender_chat: bool
) -> None:
    message = {"message_id": 1, "date": 1, "text": "/deals", "chat": {"id": -5, "type": "group"}}
    message |= {"entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
    message |= {"from": sender} if sender else {}
    message |= {"sender_chat": {"id": -5, "type": "group"}} if sender_chat else {}
    assert read_update(noted({"update_id": 1, "message": message}, Me(9, "rabta_bot"), 1)) is None
    tap = {"id": "1", "from": sender, "data": "token", "message": message}
    assert (
        read_update(noted({"update_id": 2, "callback_query": tap}, Me(9, "rabta_bot"), 1)) is None
    )


def test_row_38_a_name_or_username_grants_nothing(team: Conversation) -> None:
    """Somebody who calls themselves Ayesha is a stranger: only the number counts."""
    stranger = team.person("Mallory")
    for name in ("Ayesha", "@ayesha", user_id(AYESHA)):
        fake = type(stranger)("telegram", "", stranger.id, name)
        assert "private assistant" in words(team.says("show deals", sender=fake))
    elsewhere = type(stranger)("telegram", "T9", user_id(AYESHA), "Ayesha")
    assert "private assistant" in words(team.says("show deals", sender=elsewhere))


def test_row_38_an_invitation_is_no_better_than_who_gave_it(team: Conversation) -> None:
    """Hina invites a manager, and is a rep when the invitation is used."""
    code = code_in(words(team.says("invite a manager", by="Hina")))
    with team.database.transaction() as session:
        session.scalars(select(Member).where(Member.name == "Hina")).one().role = "rep"
    assert "too old" in words(team.commands(f"/start {code}", by="Omar"))
    assert "private assistant" in words(team.says("show deals", by="Omar"))


def test_row_38_of_four_who_use_an_invitation_at_once_one_comes_in(database: Database) -> None:
    with database.transaction() as session:
        space = Workspace(
            name="default", currency="PKR", region="PK", timezone="Asia/Karachi", language="en",
            created_at=NOON,
        )  # fmt: skip
        session.add(space)
        session.flush()
        number = space.id
    for _ in range(5):
        with database.transaction() as session:
            code = invite(session, number, "rep", NOON)
        together = Barrier(4)

        def use(said: str = code, start: Barrier = together) -> bool:
            start.wait()
            return database.run(lambda session: redeem(session, said, NOON) is not None)

        with ThreadPoolExecutor(4) as threads:
            came = list(threads.map(lambda _: use(), range(4)))
        assert came.count(True) == 1


def test_row_38_the_same_by_the_desk(database: Database) -> None:
    """Four strangers with one code, each through the whole house."""
    house = House(owners=frozenset({("telegram", "", user_id(AYESHA))}))
    chat = Conversation(database, SetClock(NOON), house=house, greeted=False)
    code = code_in(words(chat.says("invite a rep")))
    people = [chat.person(name) for name in ("Mallory", "Trent", "Oscar", "Peggy")]
    events = [
        Incoming(f"join:{who.id}", who, chat.place(who), NOON, command="start", text=code)
        for who in people
    ]
    chat.receives(*events)
    answers = [words(each.reply) for each in chat.heard[-4:]]
    assert sum("used up" in answer or "too old" in answer for answer in answers) == 3
    with database.transaction() as session:
        assert len(session.scalars(select(Member)).all()) == 2
