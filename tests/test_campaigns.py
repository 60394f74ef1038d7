"""Campaigns: looked at, confirmed once, held in, and measured against those held out."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.reply import Table
from language.sounds import name_keys
from rules.lift import FEWEST, Share, lift, wilson
from rules.touches import free_at, is_held
from scheduler.letters import Wait
from storage.campaigns import customer_key
from storage.campaigns_kept import Campaign
from storage.consent import Consent
from storage.models import Contact, ContactPoint, Member, Message, Order, Segment
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene
from tests.test_messages import NOON, Post, passes, rows

NAMES = [
    f"{first} {last}"
    for first in ("Adil", "Bushra", "Danish", "Erum", "Faisal", "Hina", "Imran", "Kiran")
    for last in ("Akhtar", "Baloch", "Chishti", "Durrani", "Farooqi")
]


@scene
def town(chat: Conversation) -> None:
    """Forty customers in Lahore; every fourth did not agree, every tenth has no address."""
    chat.clock.set(NOON)
    chat.says("template Eid offer: Dear {first_name|friend}, our Eid offer ends on Friday.")
    with chat.database.transaction() as session:
        by = session.scalars(select(Member.id)).first() or 0
        for number, name in enumerate(NAMES):
            contact = Contact(
                workspace_id=1, city="Lahore", created_at=NOON, owner_id=by, name=name,
                name_key=name_keys(name)["name_key"], sound_key=name_keys(name)["sound_key"],
            )  # fmt: skip
            session.add(contact)
            session.flush()
            if number % 10:
                at = f"{name.replace(' ', '.').lower()}@x.pk"
                session.add(
                    ContactPoint(workspace_id=1, contact_id=contact.id, kind="email", value=at)
                )
            if number % 4:
                session.add(
                    Consent(
                        workspace_id=1, contact_id=contact.id, channel="email", granted=True,
                        at=NOON, how="said", by_id=by,
                    )
                )  # fmt: skip


def able() -> set[int]:
    return {number for number in range(40) if number % 4 and number % 10}


def started(chat: Conversation, said: str = "send the Eid offer to customers in Lahore") -> Post:
    post = Post(chat)
    chat.says(said)
    chat.taps("Send to")
    return post


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("send the Eid offer to customers in Lahore", "Eid offer to customers in Lahore"),
        ("email the Eid offer to our customers in Lahore", "Eid offer to our customers in Lahore"),
        ("campaign Eid offer to everyone", "Eid offer to everyone"),
        ("run a campaign with the Eid offer to all contacts", "Eid offer to all contacts"),
        ('send the Eid offer to city = "Lahore"', 'Eid offer to city = "Lahore"'),
        ("lahore ke gahakon ko eid offer bhejo", "Eid offer baraye lahore ke gahakon"),
        ("sab gahakon ko eid offer email se bhej do", "Eid offer baraye sab gahakon"),
        ("لاہور کے گاہکوں کو Eid offer بھیجو", "Eid offer برائے لاہور کے گاہکوں"),
    ],
)
def test_it_is_looked_at_before_it_goes(town: Conversation, said: str, title: str) -> None:
    post = Post(town)
    told = town.says(said)
    assert title in words(told)
    passes(town, minutes=5)
    assert post.letters == []
    with town.database.transaction() as session:
        row = session.scalars(select(Campaign)).one()
        there = {row.id: number for number, row in enumerate(session.scalars(
            select(Contact).order_by(Contact.id)))}  # fmt: skip
        held = {
            there[each.id]
            for each in session.scalars(select(Contact))
            if is_held(row.id, customer_key(each), 10)
        }
    going = able() - held
    assert f" {len(going)} " in f" {words(told)} "
    out = [n for n in range(40) if not n % 4]
    none = [n for n in range(40) if n % 4 and not n % 10]
    assert str(len(out)) in words(told)
    assert str(len(none)) in words(told)
    assert words(told).count("Dear ") == 3


def test_one_confirmation_sends_it_and_a_second_does_nothing(town: Conversation) -> None:
    post = started(town)
    for _ in range(3):
        passes(town, minutes=2)
    assert 0 < len(post.letters) <= len(able())
    assert len({each.address.user for each in post.letters}) == len(post.letters)
    before = len(post.letters)
    town.runs("campaign.start", campaign=rows(town, Campaign)[0].id)
    passes(town, minutes=2)
    assert len(post.letters) == before
    states = [row.state for row in rows(town, Message)]
    assert states.count("sent") == before
    assert states.count("sent") + states.count("held") == len(able())


def test_only_managers_send_to_many(town: Conversation) -> None:
    town.says("speak english", by="Bilal")
    assert "Send to" not in words(
        town.says("send the Eid offer to customers in Lahore", by="Bilal")
    )
    assert rows(town, Campaign) == []


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("send Eid offer to contacts in Lahore and hold out 50%", "50%"),
        ("Eid offer Lahore ke logon ko bhejo, 30% alag rakho", "30%"),
        ("Eid offer لاہور کے لوگوں کو بھیجو، ۲۰ فیصد کو الگ رکھو", "20%"),
        ("send Eid offer to contacts in Lahore by e-mail with 40% control group", "40%"),
    ],
)
def test_a_share_is_held_out_in_the_same_breath(town: Conversation, said: str, held: str) -> None:
    told = words(town.says(said))
    assert f"({held})" in told


def test_of_one_customer_nobody_is_held_out(town: Conversation) -> None:
    town.says("tag Danish Baloch as vip")
    told = words(town.says("send Eid offer to contacts tagged vip, hold out 50%"))
    assert "It goes to one customer." in told
    assert "It is one customer, so nobody is held out." in told
    assert "کسی کو الگ نہیں رکھا" in words(town.says("۳۰ فیصد کو الگ رکھو"))
    assert "held out" not in words(town.says("hold out nobody"))


def test_nobody_held_out_and_more_held_out(town: Conversation) -> None:
    town.says("send the Eid offer to customers in Lahore")
    assert f"It goes to {len(able())} customers" in words(town.taps("Hold out nobody"))
    told = words(town.says("hold out 50%"))
    assert "(50%)" in told
    assert f"It goes to {len(able())} customers" not in told
    assert "0 to 50 of a hundred" in words(town.says("hold out 90%"))


def test_where_the_lot_leaves_nobody_it_can_go_to_those_held_out(
    town: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.campaigns.is_held", lambda _campaign, _who, share: share > 0)
    for name in ("Sara Malik", "Omar Malik"):
        town.says(f"new contact {name}, {name[:4].lower()}@nishat.pk, Multan")
        town.says(f"{name} agreed to emails")
    told = town.says("send the Eid offer to customers in Multan")
    assert labels(told) == ["Hold out nobody", "Do not send"]
    assert "It goes to 2 customers" in words(town.taps("Hold out nobody"))
    town.taps("Send to 2")
    assert [row.state for row in rows(town, Message)] == ["planned", "planned"]


def test_it_is_told_before_it_goes_that_mail_is_not_set_up(town: Conversation) -> None:
    town.desk.channels = frozenset({"telegram"})
    waits = f"I cannot send by e-mail here yet: {len(able())} of these wait until that is set up."
    town.says("send the Eid offer to customers in Lahore")
    assert waits in words(town.taps("Hold out nobody"))
    assert waits in words(town.taps("Send to"))
    town.desk.channels = frozenset({"telegram", "email"})
    assert "set up" not in words(town.says("send the Eid offer to everyone"))


def test_whom_it_goes_to_must_be_known(town: Conversation) -> None:
    told = words(town.says("send the Eid offer to customers who are nice"))
    assert "I don't understand “nice” here" in told
    told = words(town.says("send the Eid offer to the nice people"))
    assert "I do not know whom you mean by nice people" in told
    assert rows(town, Campaign) == []


def test_it_goes_to_a_segment_by_its_name(town: Conversation) -> None:
    with town.database.transaction() as session:
        by = session.scalars(select(Member.id)).first() or 0
        session.add(
            Segment(
                workspace_id=1, name="Sleeping Lahore", name_key="sleeping lahore", shared=True,
                query='city = "Lahore"', owner_id=by, created_at=NOON,
            )
        )  # fmt: skip
    told = town.says("send the Eid offer to Sleeping Lahore")
    assert "Eid offer to Sleeping Lahore" in words(told)
    assert any(label.startswith("Send to") for label in labels(told))


def test_paused_it_waits_and_stopped_it_goes_no_more(town: Conversation) -> None:
    post = started(town)
    assert "Paused: Eid offer" in words(town.says("pause the Eid offer campaign"))
    passes(town, minutes=5)
    assert post.letters == []
    assert "still to go" in words(town.says("how did the Eid offer campaign go"))
    town.says("resume the Eid offer campaign")
    passes(town, minutes=1)
    passes(town, minutes=1)
    all_of_them = len(post.letters)
    assert all_of_them
    again = started(town)
    assert "Stopped: Eid offer 2" in words(town.says("stop the Eid offer 2 campaign"))
    passes(town, minutes=5)
    assert again.letters == []
    assert "stopped" in words(town.says("eid offer 2 campaign"))
    assert {row.reason for row in rows(town, Message) if row.state == "dropped"} == {"stopped"}


def test_stopped_while_letters_wait_for_a_relay(town: Conversation) -> None:
    post = Post(town, *[Wait(300, "450")] * 40)
    town.says("send the Eid offer to customers in Lahore")
    town.taps("Send to")
    passes(town, minutes=1)
    tried = len(post.letters)
    town.says("stop the Eid offer campaign")
    passes(town, minutes=10)
    passes(town, hours=2)
    assert len(post.letters) == tried
    assert "sent" not in {row.state for row in rows(town, Message)}


def test_what_is_sent_by_hand_waits_for_its_member(town: Conversation) -> None:
    town.says("new contact Sara Malik, 0321 5550101, Multan")
    town.says("we can whatsapp Sara")
    town.says("send the Eid offer to customers in Multan")
    town.taps("Hold out nobody")
    town.taps("Send to one")
    town.clock.skip(timedelta(minutes=1))
    heard = [words(each.reply) for each in town.rings()]
    assert heard == ["Messages wait to be sent by your hand.\n[Send by hand]"]
    assert "https://wa.me/923215550101" in words(town.taps("Send by hand"))
    town.taps("Sent")
    town.says("campaigns")
    assert "1 sent" in words(town.taps("Eid offer"))


@pytest.mark.parametrize(
    "said",
    [
        "how did the Eid ofer campaign go",
        "عید آفر کی مہم کا نتیجہ دکھاؤ",
        "eid afar campaign ka nateeja",
    ],
)
def test_it_is_found_with_a_slip_and_in_the_other_script(town: Conversation, said: str) -> None:
    town.says("template New rates: Our new rates are out.")
    started(town)
    started(town, "send the New rates to customers in Lahore")
    assert "Eid offer:" in words(town.says(said))
    town.says("speak english")
    for other in ("how did the summer gala campaign go", "how did the Karachi campaign go"):
        assert "There is no campaign" in words(town.says(other))


# --- results --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "days", "bought"),
    [
        ("Eid offer campaign results within 30 days", 30, 2),
        ("results in 3 weeks", 21, 2),
        ("campaign results within 5 days", 5, 1),
        ("how did the Eid offer campaign go", 14, 1),
        ("30 din mein eid offer campaign ka nateeja", 30, 2),
        ("eid offer campaign ka nateeja 30 din ka", 30, 2),
        ("عید آفر کی مہم کا نتیجہ 30 دن میں", 30, 2),
    ],
)
def test_how_long_purchases_count_can_be_said(
    town: Conversation, said: str, days: int, bought: int
) -> None:
    town.says("send the Eid offer to customers in Lahore")
    town.taps("Hold out nobody")
    town.taps("Send to")
    sent = [row.contact_id for row in rows(town, Message)]
    with town.database.transaction() as session:
        for contact, day in ((sent[0], 3), (sent[1], 20)):
            at = NOON + timedelta(days=day)
            session.add(Order(workspace_id=1, contact_id=contact, at=at, on_day=at.date(),
                              owner_id=1, created_at=at))  # fmt: skip
    town.clock.skip(timedelta(days=40))
    told = town.says(said)
    assert part(told, Table).rows[0][1:3] == (str(len(sent)), str(bought))
    assert str(days) in words(told)


def test_no_more_days_than_a_year_can_be_counted(town: Conversation) -> None:
    started(town)
    assert "1 to 366 days can be counted" in words(town.says("results within 900 days"))


def test_every_number_is_that_of_an_independent_count(
    town: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, int] = {}

    def is_held(_campaign: int, customer: str, _share: int) -> bool:  # every fifth, not by lot
        return seen.setdefault(customer, len(seen)) % 5 == 0

    monkeypatch.setattr("storage.campaigns.is_held", is_held)
    started(town)
    passes(town, minutes=1)
    passes(town, minutes=1)
    lot = random.Random(7)
    town.clock.skip(timedelta(days=2))
    began = rows(town, Campaign)[0].started_at
    bought: dict[int, int] = {}
    with town.database.transaction() as session:
        people = list(session.scalars(select(Contact).order_by(Contact.id)))
        for contact in people:
            if lot.random() < 0.4:
                days = lot.choice([0, 1, 5, 14, 15, 30])
                at = began + timedelta(days=days)
                session.add(
                    Order(
                        workspace_id=1, contact_id=contact.id, at=at, on_day=at.date(),
                        owner_id=contact.owner_id, created_at=at, amount_minor=100, currency="PKR",
                    )
                )  # fmt: skip
                bought[contact.id] = days
        replying = [people[1].name, people[2].name]
    for name in replying:
        town.says(f"{name} replied: yes")
    town.says(f"note {people[3].name}: tall")
    town.clock.set(began + timedelta(days=40))
    told = town.says("how did the Eid offer campaign go")
    messages = rows(town, Message)
    sent = {row.contact_id for row in messages if row.state == "sent"}
    held = {row.contact_id for row in messages if row.state == "held"}
    counts = {number for number, days in bought.items() if 1 <= days <= 14}
    table = part(told, Table)
    assert [row[1:3] for row in table.rows] == [
        (str(len(sent)), str(len(sent & counts))), (str(len(held)), str(len(held & counts)))
    ]  # fmt: skip
    answered = len({people[1].id, people[2].id} & sent)
    assert f"{answered} answered" in words(told)
    for each in (people[1], people[2]):
        assert (each.name in words(told)) == (each.id in sent)
    assert f"{len(sent)} sent" in words(told)
    assert "Too few to tell" in words(told)


def test_results_in_three_tongues(town: Conversation) -> None:
    started(town)
    passes(town, minutes=1)
    told = words(town.says("results of the Eid offer campaign"))
    assert "Bought so far; it counts for 14 days" in told
    assert "Ab tak khareeda; 14 din" in words(town.says("eid offer campaign ka nateeja batao"))
    assert "اب تک خریدا؛ 14 دن" in words(town.says("Eid offer کی مہم کا نتیجہ دکھاؤ"))


# --- rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reached", "held", "low", "high"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_is_newcombes(
    reached: tuple[int, int], held: tuple[int, int], low: float, high: float
) -> None:
    found = lift(Share(*reached), Share(*held))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_what_is_said_of_an_effect() -> None:
    assert lift(Share(30, 100), Share(10, 100)).verdict == "more"
    assert lift(Share(10, 100), Share(30, 100)).verdict == "less"
    assert lift(Share(12, 100), Share(10, 100)).verdict == "nothing"
    assert lift(Share(3, 12), Share(1, FEWEST - 1)).verdict == "few"
    assert lift(Share(3, 12), Share(0, 0)).verdict == "alone"
    assert wilson(Share(0, 0)) == (0.0, 1.0)


@given(st.integers(1, 10**15), st.integers(0, 50))
def test_the_same_ones_are_held_out_whenever_it_is_asked(campaign: int, share: int) -> None:
    drawn = [is_held(campaign, f"contact:{n}", share) for n in range(300)]
    assert drawn == [is_held(campaign, f"contact:{n}", share) for n in range(300)]
    assert abs(sum(drawn) - 3 * share) <= 60
    assert not any(is_held(campaign, f"contact:{n}", 0) for n in range(300))


@given(st.lists(st.integers(0, 20 * 24), max_size=8), st.integers(0, 4), st.integers(1, 5))
def test_a_week_never_holds_more_than_it_may(hours: list[int], waiting: int, most: int) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    went = [now - timedelta(hours=each) for each in hours]
    free = free_at(went, waiting, most, now)
    if free is None:
        assert waiting >= most
        return
    week = timedelta(days=7)
    assert sum(free - week < each <= free for each in went) + waiting < most
    assert free >= now
