"""Rule 14: every row that members change carries a version; the others, and why they need none."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from storage.models import Base, Deal, Recorded
from tests.conversation import Conversation

WITHOUT = {
    "change": "written once",
    "miss": "counted by turns that hold the workspace; a count that is lost loses one of many",
    "nudge": "raised once; what became of it, its member's turns and the clock write under a lock",
    "outlook": "marked by triggers; the clock alone writes it, by compare and set of the marks",
    "outlook_fit": "learned by the clock, by whoever holds the lease",
    "lead_score": "made and marked by triggers; whoever scores it holds the row",
    "lead_turn": "taken under a lock of its own row",
    "lead_model": "marked by triggers; the clock alone writes it, by whoever holds the lease",
    "habit": "learned anew by the clock, whoever comes first: what was learned is the same",
    "bond": "written once; a chat that moved takes it along",
    "contact_word": "follows from the names, in the transaction that changes them",
    "company_word": "follows from the names, in the transaction that changes them",
    "name_word": "follows from the names, in the transaction that changes them",
    "name_near": "follows from the names, in the transaction that changes them",
    "pace": "claimed under a lock of its own row",
    "workspace": "set up once; it is what a turn holds until it ends",
    "turn": "its own turn writes it; undo marks it while the workspace is held",
    "chat": "focus and what was shown are its own messages', which are handled one at a time",
    "button": "used up while the workspace is held",
    "pending": "one for each member and chat, changed by that member's own turns",
    "lesson": "changed by turns that hold the workspace; nobody edits one",
    "identity": "when and where a person was last seen: the latest is right",
    "invite": "used up under a lock of its own row",
    "inbox": "claimed under a lock of its own row",
    "outbox": "claimed under a lock of its own row",
    "lease": "taken by compare and set",
    "unreachable": "there or not",
    "brought": "written once",
    "deal_sum": "follows from the deals, in the transaction that changes them",
    "segment_seen": "written once",
    "source_record": "written once",
    "bad_address": "written once",
    "sequence_call": "written by a trigger; the clock alone takes it, holding the row",
    "journey": "made and marked by triggers; whoever tells it anew holds the row",
    "journey_stay": "written anew by whoever holds the row of the journey",
    "waiting_file": "taken in, or let go, under a lock of its own row",
}
"""Tables whose rows nobody changes, or that are changed under a lock or by one alone."""


def test_row_33_every_row_that_members_change_has_a_version() -> None:
    mappers = {mapper.local_table.name: mapper for mapper in Base.registry.mappers}  # type: ignore[attr-defined]  # all are mapped to plain tables
    versioned = {name for name, mapper in mappers.items() if mapper.version_id_col is not None}
    assert versioned == {name for name, m in mappers.items() if issubclass(m.class_, Recorded)}
    assert versioned.isdisjoint(WITHOUT)
    assert versioned | WITHOUT.keys() == set(Base.metadata.tables)


def test_row_33_a_row_that_was_changed_meanwhile_cannot_be_written(chat: Conversation) -> None:
    """What a lock did not hold, the version does: the second one finds another and begins anew."""
    chat.runs("deal.add", contact="Sara Malik", amount=400000)
    sessions = sessionmaker(chat.database.engine, expire_on_commit=False)
    with sessions() as late:
        deal = late.scalars(select(Deal)).one()
        late.commit()  # it was read, and nothing holds it
        with sessions.begin() as early:
            early.scalars(select(Deal)).one().amount_minor = 1
        deal.amount_minor = 2
        with pytest.raises(StaleDataError):
            late.flush()
        late.rollback()
