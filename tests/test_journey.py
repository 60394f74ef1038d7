"""The journey of customers: told from what happened, equal to a count by other means."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.reply import Chart, Table
from language.journeying import read_journeying
from language.sounds import name_keys
from rules.journey import STAGES, Past, Rules, path, stage_at
from rules.next_touch import Facts, ranked
from storage.database import Database
from storage.journey_figures import moved, standing
from storage.models import (
    Activity,
    Company,
    Contact,
    Deal,
    Journey,
    JourneyStay,
    Member,
    Order,
)
from storage.scope import within
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene
from tests.test_messages import NOON, passes

BEGAN = datetime(2026, 1, 5, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@scene
def town(chat: Conversation) -> None:
    """Bilal, who was talked to, and Sara, who has bought."""
    chat.clock.set(NOON)
    chat.says("new contact Bilal Khan, 0333 5550102, bilal@khan.pk, Karachi")
    chat.says("new contact Sara Malik, Nishat Mills, 0321 5550101, sara@nishat.pk, Lahore")
    chat.says("called Bilal")
    chat.says("deal 5 lakh with Sara Malik")
    chat.clock.skip(2 * DAY)
    chat.says("won sara deal")
    passes(chat, minutes=1)


def stands(chat: Conversation) -> dict[str, str | None]:
    with chat.database.transaction() as session, within(session, 1):
        query = select(Contact.name, Journey.stage).join(
            Journey,
            (Journey.contact_id == Contact.id) & (Journey.workspace_id == Contact.workspace_id),
        )
        found = session.execute(query.where(Contact.workspace_id == 1, Journey.workspace_id == 1))
        return {name: stage for name, stage in found}  # noqa: C416 - rows are no pairs to mypy


def test_it_is_told_from_what_happened(town: Conversation) -> None:
    assert stands(town) == {"Bilal Khan": "lead", "Sara Malik": "customer"}
    town.says("deal 2 lakh with Bilal Khan")
    passes(town, minutes=1)
    assert stands(town)["Bilal Khan"] == "opportunity"
    town.says("undo")
    passes(town, minutes=1)
    assert stands(town)["Bilal Khan"] == "lead"
    passes(town, days=181)
    assert stands(town)["Sara Malik"] == "lapsed"
    assert "Sara Malik: since" in words(town.says("who is lapsed?"))


def test_the_past_is_told_anew(town: Conversation) -> None:
    """What comes in late counts when it was."""
    town.clock.skip(10 * DAY)
    before = words(town.says("where is Bilal in the journey"))
    assert "Bilal Khan: lead" in before
    town.says("met Bilal on 20 november")
    passes(town, minutes=1)
    assert "lead: since 20 Nov 2026" in words(town.says("where is Bilal in the journey"))


def test_how_many_moved_and_who_stands_where(town: Conversation) -> None:
    told = town.says("journey")
    assert "Journey: 2 people" in words(told)
    chart = part(told, Chart)
    assert (chart.kind, [point.value for point in chart.points]) == ("funnel", [0, 1, 0, 1, 0, 0])
    assert [row[1] for row in part(told, Table).rows] == ["0", "1", "0", "1", "0", "0"]
    moves_told = words(town.says("how many moved this month"))
    assert "1 Nov 2026 to 30 Nov 2026" in moves_told
    assert "opportunity to customer: 1" in moves_told
    assert "0 moved" in words(town.says("how many moved in October"))
    assert "opportunity to customer: 1" in words(town.says("how many became customers this month"))


def test_the_rules_are_read_and_changed(town: Conversation) -> None:
    assert "180 days without a purchase" in words(town.says("journey rules"))
    assert "20 days without a purchase" in words(town.says("lapsed after 20 days"))
    passes(town, minutes=1)
    assert stands(town)["Sara Malik"] == "customer"
    passes(town, days=21)
    assert stands(town)["Sara Malik"] == "lapsed"
    town.says("undo")
    passes(town, minutes=1)
    assert stands(town)["Sara Malik"] == "customer"
    town.says("loyal after 2 purchases")
    town.says("Sara ordered goods worth 50000")
    passes(town, minutes=1)
    assert stands(town)["Sara Malik"] == "loyal"
    town.says("in the journey call loyal VIP")
    assert "VIP: 1" in words(town.says("who is VIP?"))
    assert "only" not in words(town.says("lapsed after 20 days", by="Umar"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("customer journey", "Journey: 2 people"),
        ("gahakon ka safar dikhao", "Safar: 2 log"),
        ("سفر", "سفر: 2 لوگ"),
        ("گاہکوں کا سفر دکھاؤ", "سفر: 2 لوگ"),
        ("safar ke usool kya hain", "aakhri khareedari ko 180 din"),
        ("سفر کے اصول دکھاؤ", "آخری خریداری کو 180 دن"),
        ("Bilal ka safar dikhao", "Bilal Khan: lead"),
        ("بلال کا سفر", "Bilal Khan: لیڈ"),
        ("who are our lapsed customers?", "Nobody is lapsed now"),
        ("چھوٹ گئے کون ہیں", "ابھی کوئی چھوٹ گئے نہیں"),
        ("what should I do next with Bilal", "Next for Bilal Khan"),
        ("how do i win Bilal back", "Next for Bilal Khan"),
        ("how can we keep Bilal Khan", "Next for Bilal Khan"),
        ("bilal ko wapas kaise laaun", "Bilal Khan ke liye agla qadam"),
        ("bilal ko kya doon ke ruk jaye", "Bilal Khan ke liye agla qadam"),
        ("بلال کو واپس کیسے لائیں", "Bilal Khan کے لیے اگلا قدم"),
        ("Bilal ke liye agla rabta kya hai", "Bilal Khan ke liye agla qadam"),
        ("بلال کے لیے اگلا رابطہ کیا ہے", "Bilal Khan کے لیے اگلا قدم"),
    ],
)
def test_it_is_said_in_three_tongues(town: Conversation, said: str, expected: str) -> None:
    assert expected in words(town.says(said))


@pytest.mark.parametrize(
    "said",
    [
        "journey to Lahore tomorrow", "Sara is loyal to us", "who are our customers?",
        "safar par hoon", "show leads", "next meeting with Bilal", "lead Sara Malik from Nishat",
        "customer wants 40 looms", "how many deals did we win in October", "who moved to Karachi",
    ],
)  # fmt: skip
def test_other_sentences_are_not_swallowed(said: str) -> None:
    assert read_journeying(said, NOON.date()) is None


# --- the next touch -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Bilal complained that 3 rolls were torn, urgent", "Settle #1"),
        ("called Bilal", "talked to today"),
        ("remind me to send Bilal the samples today", "Do what was planned"),
        ("deal 2 lakh with Bilal Khan", "Ask about the deal"),
    ],
)
def test_the_next_touch_says_why(town: Conversation, said: str, expected: str) -> None:
    town.clock.skip(9 * DAY)
    town.says(said)
    told = town.says("next touch for Bilal")
    assert expected in words(told)
    assert "Call +923335550102: they have agreed to no messages" in words(told)
    assert labels(told)[0] == "New task"


def test_whoever_is_in_a_sequence_is_left_to_it(town: Conversation) -> None:
    town.says("Bilal agreed to e-mails")
    town.says("template Hello: Dear {first_name|friend}, welcome.")
    town.says("new sequence welcome: after 2 days Hello by mail")
    town.clock.skip(9 * DAY)
    town.says("start welcome for Bilal")
    told = words(town.says("next touch for Bilal"))
    assert "Leave it to welcome" in told
    assert "They may be written to by e-mail" in told


@given(
    st.builds(
        Facts,
        **{name: st.booleans() for name in ("late_ticket", "open_ticket", "unhappy", "task_due",
                                            "in_sequence", "deal", "deal_has_step", "at_risk",
                                            "lapsed", "bought", "offer")},
        score=st.none() | st.integers(0, 100), silent=st.none() | st.integers(0, 900),
    )
)  # fmt: skip
def test_what_went_wrong_comes_first(facts: Facts) -> None:
    found = ranked(facts)
    assert found[-1] == "keep"
    assert len(found) == len(set(found))
    if facts.late_ticket:
        assert found[0] == "late_ticket"
    elif facts.unhappy:
        assert found[0] == "unhappy"
    if facts.in_sequence and "offer" in found:
        assert found.index("sequence") < found.index("offer")


# --- equal to a count by other means --------------------------------------------------------------

MOMENTS = st.integers(0, 800).map(lambda days: BEGAN + days * DAY)


@given(
    known=MOMENTS, talked=st.none() | MOMENTS, bought=st.lists(MOMENTS, max_size=6),
    deals=st.lists(st.tuples(MOMENTS, st.none() | st.integers(0, 200)), max_size=4),
    often=st.integers(2, 4), silent=st.integers(1, 300), now=MOMENTS,
)  # fmt: skip
def test_a_path_is_what_each_day_says(
    known: datetime, talked: datetime | None, bought: list[datetime],
    deals: list[tuple[datetime, int | None]], often: int, silent: int, now: datetime,
) -> None:  # fmt: skip
    """Day by day, slowly, against the path that is told at once."""
    past = Past(
        known, talked,
        tuple((at, None if size is None else at + size * DAY) for at, size in deals),
        tuple(bought),
    )  # fmt: skip
    rules = Rules(often, timedelta(days=365), silent * DAY)
    stays, again = path(past, rules, now)
    first = min([known, *bought, *(at for at, _ in deals), *([talked] if talked else [])])
    slow: list[tuple[str, datetime]] = []
    for day in range((now - first).days + 1):
        moment = first + day * DAY
        stage = by_the_book(past, rules, moment)
        assert stage == stage_at(past, rules, moment)
        if not slow or slow[-1][0] != stage:
            slow.append((stage, moment))
    assert [(stay.stage, stay.at) for stay in stays] == slow
    assert [stay.left for stay in stays] == [*(at for _, at in slow[1:]), *([None] if slow else [])]
    if again is not None:
        assert again > now


def by_the_book(past: Past, rules: Rules, moment: datetime) -> str:
    """The rules, word by word."""
    done = [at for at in past.bought if at <= moment]
    if done and max(done) <= moment - rules.silent:
        return "lapsed"
    if len([at for at in done if at > moment - rules.within]) >= rules.often:
        return "loyal"
    if done:
        return "customer"
    for at, end in past.deals:
        if at <= moment and (end is None or end > moment):
            return "opportunity"
    return "lead" if past.talked and past.talked <= moment else "aware"


def a_town_of_many(chat: Conversation, seed: int) -> None:
    """Thirty people, some with a company, and a year and a half of what happened, by lot."""
    lot = random.Random(seed)
    with chat.database.transaction() as session, within(session, 1):
        by = session.scalars(select(Member.id).where(Member.workspace_id == 1)).first() or 0
        firms = []
        for name in ("Nishat Mills", "Gul Ahmed"):
            firm = Company(workspace_id=1, created_at=BEGAN, **name_keys(name))
            session.add(firm)
            session.flush()
            firms.append(firm.id)
        people = []
        for number in range(30):
            row = Contact(
                workspace_id=1, created_at=BEGAN + lot.randrange(200) * DAY, owner_id=by,
                company_id=lot.choice([None, None, *firms]), **name_keys(f"Person {number}"),
            )  # fmt: skip
            session.add(row)
            session.flush()
            people.append(row)

        def when() -> datetime:
            return BEGAN + timedelta(hours=lot.randrange(24 * 320))

        for _ in range(25):
            one, at = lot.choice(people), when()
            session.add(Activity(
                workspace_id=1, kind=lot.choice(["call", "note", "visit"]), contact_id=one.id,
                at=at, on_day=at.date(), by_id=by,
            ))  # fmt: skip
        for _ in range(30):
            one, at = lot.choice(people), when()
            status = lot.choice(["open", "won", "lost"])
            session.add(Deal(
                workspace_id=1, contact_id=lot.choice([one.id, None]) if one.company_id else one.id,
                company_id=one.company_id, stage="lead", status=status, owner_id=by, created_at=at,
                closed_at=None if status == "open" else at + lot.randrange(40) * DAY,
            ))  # fmt: skip
        for _ in range(30):
            one, at = lot.choice(people), when()
            session.add(Order(
                workspace_id=1, contact_id=one.id, status=lot.choice([None, "paid", "cancelled"]),
                company_id=lot.choice([None, one.company_id]), at=at, on_day=at.date(),
                owner_id=by, created_at=at, amount_minor=100, currency="PKR",
            ))  # fmt: skip


def slowly(database: Database) -> dict[int, Past]:
    """What is known of everybody, put together from whole tables."""
    with database.transaction() as session, within(session, 1):

        def all_of(kind: Any) -> list[Any]:
            return list(session.scalars(select(kind).where(kind.workspace_id == 1)))

        people, found = {row.id: row for row in all_of(Contact)}, {}
        deals, orders, acts = all_of(Deal), all_of(Order), all_of(Activity)

        def buyer(row: Any) -> tuple[str, int | None]:
            firm = row.company_id or people[row.contact_id].company_id
            return ("firm", firm) if firm else ("person", row.contact_id)

        for one in people.values():
            me = ("firm", one.company_id) if one.company_id else ("person", one.id)
            talks = [a.at for a in acts if a.contact_id == one.id and a.kind != "note"]
            bought = [o.at for o in orders if buyer(o) == me and o.status != "cancelled"]
            mine = [d for d in deals if buyer(d) == me]
            found[one.id] = Past(
                one.created_at, min(talks, default=None),
                tuple((d.created_at, d.closed_at) for d in mine),
                tuple(bought + [d.closed_at for d in mine if d.status == "won"]),
            )  # fmt: skip
        return found


@pytest.mark.parametrize("seed", range(3))
def test_it_equals_a_count_by_other_means(chat: Conversation, seed: int) -> None:
    chat.clock.set(NOON)
    chat.says("hello")
    a_town_of_many(chat, seed)
    passes(chat, minutes=1)
    lot = random.Random(seed)
    for _ in range(3):
        now = chat.clock.now()
        pasts = slowly(chat.database)
        begin = BEGAN + lot.randrange(200) * DAY
        end = begin + 60 * DAY
        expected: dict[tuple[str | None, str], int] = {}
        where = dict.fromkeys(STAGES, 0)
        for past in pasts.values():
            where[by_the_book(past, Rules(), now)] += 1
            for before, stage, at in moves(past, now):
                if begin <= at < end:
                    expected[before, stage] = expected.get((before, stage), 0) + 1
        with chat.database.transaction() as session, within(session, 1):
            assert standing(session, 1) == where
            assert moved(session, 1, begin, end) == expected
            stays = session.scalars(select(JourneyStay).where(JourneyStay.workspace_id == 1)).all()
            assert {row.contact_id for row in stays} == set(pasts)
        passes(chat, days=70)
        for _ in range(3):
            passes(chat, seconds=5)


def moves(past: Past, now: datetime) -> list[tuple[str | None, str, datetime]]:
    """Each change of stage, found by asking every moment at which anything was or ran out."""
    rules, ends = Rules(), [end for _, end in past.deals if end]
    marks = {past.known_at, *past.bought, *(at for at, _ in past.deals), *ends}
    marks |= {past.talked} if past.talked else set()
    marks |= {at + rules.silent for at in past.bought} | {at + rules.within for at in past.bought}
    first = min([past.known_at, *past.bought, *(at for at, _ in past.deals),
                 *([past.talked] if past.talked else [])])  # fmt: skip
    found: list[tuple[str | None, str, datetime]] = []
    for at in sorted(mark for mark in marks if first <= mark <= now):
        stage = by_the_book(past, rules, at)
        if not found or found[-1][1] != stage:
            found.append((found[-1][1] if found else None, stage, at))
    return found
