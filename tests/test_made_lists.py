"""A list of customers is made by a name, however it is said; nobody is called like it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from storage.models import Contact, Order, Segment
from tests.conversation import Conversation, words


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    chat.says("add contact Bilal Khan, Lahore")
    chat.says("add contact Sara Malik, Karachi")
    chat.says("order from Bilal Khan 20000")
    return chat


MADE = (
    "put everyone from Lahore into a list called Lahoris",
    "put all Lahore customers in a group called Lahoris",
    "make a list of everyone from Lahore called Lahoris",
    "create a list of customers in Lahore, call it Lahoris",
    "make a list called Lahoris of customers from Lahore",
    "Lahore walon ki list banao Lahoris naam se",
    "Lahore ke sab gahakon ko Lahoris naam ki list mein dalo",
    "لاہور والوں کی فہرست بناؤ Lahoris کے نام سے",
)


@pytest.mark.parametrize("said", MADE)
def test_a_list_is_a_segment_and_no_contact(desk: Conversation, said: str) -> None:
    told = words(desk.says(said))
    assert "Lahoris" in told
    with desk.database.transaction() as session:
        assert session.scalars(select(Segment.name)).all() == ["Lahoris"]
        assert sorted(session.scalars(select(Contact.name))) == ["Bilal Khan", "Sara Malik"]
    assert "Bilal Khan" in words(desk.says("show Lahoris"))


@pytest.mark.parametrize("said", ["average order above 10000", "ausat order 10000 se zyada"])
def test_an_average_is_no_order(desk: Conversation, said: str) -> None:
    desk.says(said)
    with desk.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 1
