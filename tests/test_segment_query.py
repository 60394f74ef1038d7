"""The query language of segments: read, printed, and answered as plain rows have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from rules.segments import Misread, parse, printed
from storage.database import Database
from storage.segments import Unknown, members, size
from tests.segment_world import NOW, ZONE, Oracle, World, build

QUERIES = (
    'city = "Lahore"', 'city in ("Karachi", "Multan")', "has city", 'not city = "lahore"',
    'source = "Expo"', 'not source = "expo"', 'title ~ "manager"', 'title = "owner"',
    'not title ~ "manager"', "not has title", 'owner = "ayesha khan"', 'not owner = "Ayesha Khan"',
    'company = "Firm 1"', "not has company", 'company ~ "firm"', 'tag = "vip"',
    'tag = "vip" and tag = "retail"', 'not tag in ("vip", "retail")', "has phone", "not has email",
    'phone ~ "0000001"', 'country = "UAE"', 'country = "Pakistan"', 'not country in ("PK", "AE")',
    "added in last 60d", "added in ..60d ago", "added in 2026-09-25..2026-10-20",
    "birthday in next 30d", "birthday in this month", "not has birthday",
    "birthday in 2027-02-20..2027-02-28", "birthday in 2026-12-15..2027-03-01",
    'field "NTN" = "987"', 'field "ntn" ~ "23"', 'has field "NTN"', 'field "Staff" >= 50',
    'field "Staff" < 50', 'industry = "textile"', 'not industry = "textile"',
    "customer", "not customer", "orders >= 2", "orders = 1", "orders < 2", "orders > 2",
    "orders = 0",
    "orders[in last 30d] >= 1", "orders[in ..60d ago] >= 2", 'orders[product = "Denim"] >= 1',
    'orders[category = "Fabric", in last 90d] >= 2', 'orders[category = "Fabric"] = 0',
    "orders[amount > 50000] >= 1", "orders[amount >= 50000, in last 60d] = 0",
    "spent >= 100000", "spent < 100000", "spent = 0", "spent[in last 90d] > 50000 PKR",
    "last_order in last 30d", "last_order in ..60d ago", "first_order in last 90d",
    'last_order[product in ("Denim", "Lawn")] in 2026-01-01..', "has last_order",
    "first_order in previous month", "activities = 0", "activities >= 2",
    'activities[kind = "call"] >= 1', 'activities[kind in ("call", "meeting"), in last 30d] = 0',
    "last_activity in ..30d ago", "silent >= 60d", "silent > 60d", "silent < 60d", "silent <= 2mo",
    "deals >= 2", 'deals[status = "open"] >= 1', 'deals[status = "won"] = 0',
    'deals[status = "open", stage = "proposal", amount > 500000] >= 1',
    'deals[status = "lost", in last 90d] >= 1', 'deals[product = "Zipper"] >= 1',
    'deal_value[status = "open"] >= 900000', "deal_value < 300000",
    'deals[status = "open", step = "none"] >= 1', 'deals[step = "some", amount > 300000] >= 1',
    'deal_value[step = "none"] >= 900000', "next_step", "not next_step",
    "tickets >= 1", "tickets = 0", 'tickets[status = "open"] >= 1', 'tickets[status = "late"] >= 2',
    'tickets[status = "late", priority in ("high", "urgent")] >= 1',
    'tickets[status = "resolved", in last 30d] >= 1', 'tickets[in last 30d] < 2',
    'journey = "lapsed"', 'journey in ("lead", "customer")', 'not journey = "lead"', "has journey",
    "at_risk", "not at_risk", "lapsed", "loyal", "chance >= 50%", "not chance < 50",
    "value > 300000",
    "has score", "score > 70", "not score > 70", "score >= 70", "score < 70", "score = 20",
    'consent = "email"', 'consent in ("email", "whatsapp")', 'not consent = "sms"', "has consent",
    "not has consent", 'consent = "email" and not consent = "whatsapp"', 'opted_out = "email"',
    "has opted_out", "not has opted_out", 'language = "Urdu"',
    'language in ("english", "Roman Urdu")',
    "has language", 'not language = "Urdu"',
    'city = "Lahore" and consent = "email" and language = "Urdu"',
    'city = "Lahore" and orders >= 2 and silent >= 60d',
    'city = "Lahore" or orders >= 2 and not tag = "vip"',
    'not (city = "Lahore" or orders >= 2) and has phone',
    '(tag = "vip" or silent >= 60d or title = "Owner") and not (at_risk and customer)',
    'not (not (tag = "vip" and has email) or not has phone)',
)  # fmt: skip


@dataclass
class Firm:
    session: Session
    oracle: Oracle
    world: World

    def meant(self, query: str, seen_by: int | None = None) -> set[int]:
        chosen = members(self.session, self.world.space, query, NOW, ZONE, seen_by=seen_by)
        found = list(self.session.scalars(chosen))
        assert size(self.session, chosen) == len(found) == len(set(found)), query
        return set(found)


@pytest.fixture
def firm(database_url: str) -> Iterator[Firm]:
    with closing(Database(database_url)) as database, database.transaction() as session:
        world = build(session, 60)
        session.execute(text("ANALYZE"))
        yield Firm(session, Oracle(world), world)


def test_every_query_means_whom_plain_rows_say(firm: Firm) -> None:
    some, wrong = 0, {}
    for query in QUERIES:
        wanted, found = firm.oracle.members(parse(query)), firm.meant(query)
        if found != wanted:
            wrong[query] = (len(found), len(wanted), found ^ wanted)
        some += 0 < len(wanted) < 60
    assert not wrong
    assert some > len(QUERIES) * 0.85, "the data tells queries apart"


def test_what_is_printed_is_read_again() -> None:
    for query in QUERIES:
        node = parse(query)
        assert parse(printed(node)) == node


@given(st.recursive(
    st.sampled_from([parse(query) for query in QUERIES]),
    lambda inner: st.builds(lambda a, b, how: parse(how.format(a=printed(a), b=printed(b))),
                            inner, inner, st.sampled_from(["({a}) and ({b})", "({a}) or ({b})",
                                                           "not ({a}) and ({b})"])),
    max_leaves=6,
))  # fmt: skip
def test_any_tree_is_printed_and_read_again(node: Any) -> None:
    assert parse(printed(node)) == node


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(said: str) -> None:
    with suppress(Misread):
        assert parse(printed(parse(said))) == parse(said)


WRONG = (
    ('citty = "Lahore"', "field", "citty"), ("orders >= ", "number", ""),
    ('orders >= "2"', "number", '"2"'), ("silent >= 60", "length", "60"),
    ('city = "Lahore" tag = "vip"', "rest", "tag"), ('city > "Lahore"', "op", "city >"),
    ("customer and", "field", ""), ("(customer", "close", ""),
    ("added in 2026-02-30", "day", "2026-02-30"), ("silent >= 900000d", "far", "900000d"),
    ('orders[stage = "lead"] >= 1', "where", "stage"), ("not " * 30 + "customer", "deep", "not"),
    ('activities[kind = "fax"] >= 1', "kind", "fax"),
    ('tickets[status = "won"] = 0', "status", "won"),
    ('deals[status = "late"] = 0', "status", "late"), ('journey = "vip"', "journey", "vip"),
    ('journey ~ "lead"', "op", "journey ~"),
    ('city = ""', "value", "city"),
    ("added in 2026-03-01..2026-01-01", "period", "added"),
    (" or ".join(f"orders > {number}" for number in range(61)), "many", "61"),
)  # fmt: skip


@pytest.mark.parametrize(("query", "why", "said"), WRONG)
def test_what_is_wrong_is_told(query: str, why: str, said: str) -> None:
    with pytest.raises(Misread) as problem:
        parse(query)
    assert (problem.value.why, problem.value.said) == (why, said)


def test_what_is_not_known_here_is_told(firm: Firm) -> None:
    for query, kind, said in (
        ('owner = "Nobody"', "owner", "Nobody"), ('field "Shoe" = "9"', "field", "Shoe"),
        ('language = "Punjabi"', "field", "language"),
        ('consent = "fax"', "field", "consent"), ('opted_out = "fax"', "channel", "fax"),
        ('country = "Atlantis"', "country", "Atlantis"),
        ('deals[stage = "xyz"] >= 1', "stage", "xyz"), ("spent > 5 USD", "rate", "USD"),
        ("spent > 5 XQQ", "rate", "XQQ"), ("birthday in 2026-01-01..", "period", "birthday"),
    ):  # fmt: skip
        with pytest.raises(Unknown) as problem:
            firm.meant(query)
        assert (problem.value.kind, problem.value.said) == (kind, said)
