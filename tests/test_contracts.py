"""Contracts: told in three languages, renewed, cancelled, told of in time, and who may leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func, select

from benchmarks.contracts import measured
from bot.incoming import Attachment
from language.renewing import read_renewing, read_term
from language.sheet import lay_out
from rules.contracts import Course, Curve, hazard, later, learned, notice_days, plain, terms_between
from rules.risk import Known, is_lost, signs
from storage.models import Contract, Nudge
from tests.conversation import AYESHA, Conversation, labels, words

TODAY = date(2026, 11, 23)


# --- as it is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Nishat has a yearly contract of 12 lakh, renews 1 March", (1200000, 12, "2027-03-01")),
        ("Nishat Mills' annual contract is worth 12 lakh, renewal on 1 March",
         (1200000, 12, "2027-03-01")),
        ("Bilal Traders subscription 50,000 per month, next renewal 1 Dec",
         (50000, 1, "2026-12-01")),
        ("Orient's AMC of 2.5 lakh renews every year on 15 April", (250000, 12, "2027-04-15")),
        ("Crescent has a quarterly contract worth $5,000 ending 31 March 2027",
         (5000, 3, "2027-03-31")),
        ("nishat ka contract 1 march ko khatam hoga, saalana 12 lakh", (1200000, 12, "2027-03-01")),
        ("Halal Dairy ka 6 mahine ka contract hai 3 lakh ka, 15 jan tak",
         (300000, 6, "2027-01-15")),
        ("bilal ki subscription mahana 50 hazar, 1 dec ko renew hogi", (50000, 1, "2026-12-01")),
        ("نشاط کا کنٹریکٹ یکم مارچ کو رینیو ہوگا", (None, None, "2027-03-01")),
        ("حلال ڈیری کا سالانہ معاہدہ ۱۲ لاکھ کا، یکم مارچ کو تجدید ہوگی",
         (1200000, 12, "2027-03-01")),
        ("حلال ڈیری کا چھ مہینے کا معاہدہ ہے تین لاکھ کا، 15 جنوری تک", (300000, 6, "2027-01-15")),
    ],
)  # fmt: skip
def test_a_contract_is_told_in_words(said: str, told: tuple[object, ...]) -> None:
    (action,) = read_renewing(lay_out(said), TODAY)
    assert action.intent == "contract.add"
    slots = action.slots
    assert (slots.get("amount"), slots.get("months"), slots.get("renews")) == told


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("Nishat renewed", "renew", {"contact": "Nishat"}),
        ("Nishat renewed for 14 lakh", "renew", {"contact": "Nishat", "amount": 1400000}),
        ("nishat ne renew kar diya 14 lakh pe", "renew", {"contact": "nishat", "amount": 1400000}),
        ("نشاط نے ۱۴ لاکھ پر رینیو کر دیا", "renew", {"contact": "نشاط", "amount": 1400000}),
        ("they renewed", "renew", {}),
        ("Nishat signed for another year", "renew", {"contact": "Nishat"}),
        ("nishat ne ek aur saal ke liye sign kar diya", "renew", {"contact": "nishat"}),
        ("نشاط نے ایک اور سال کے لیے سائن کر دیا", "renew", {"contact": "نشاط"}),
        ("Ravi Foods renewed for 2 years", "renew", {"contact": "Ravi Foods", "months": 24}),
        ("Nishat cancelled the contract", "cancel", {"contact": "Nishat"}),
        ("Nishat cancelled their contract, found a cheaper supplier", "cancel",
         {"contact": "Nishat", "reason": "found a cheaper supplier"}),
        ("Nishat did not renew because it was too expensive", "cancel",
         {"contact": "Nishat", "reason": "it was too expensive"}),
        ("qeemat ki wajah se nishat ne contract cancel kar diya", "cancel",
         {"contact": "nishat", "reason": "qeemat"}),
        ("نشاط نے کنٹریکٹ ختم کر دیا، مہنگا تھا",
         "cancel", {"contact": "نشاط", "reason": "مہنگا تھا"}),
        ("which contracts renew this quarter", "list",
         {"first": "2026-10-01", "last": "2026-12-31", "state": "renewing"}),
        ("kaun se contract is mahine renew honge", "list",
         {"first": "2026-11-01", "last": "2026-11-30", "state": "renewing"}),
        ("اس سہ ماہی کون سے کنٹریکٹ رینیو ہوں گے", "list",
         {"first": "2026-10-01", "last": "2026-12-31", "state": "renewing"}),
        ("cancelled contracts this year", "list",
         {"first": "2026-01-01", "last": "2026-12-31", "state": "cancelled"}),
        ("nishat ka contract kab renew hoga", "show", {"contact": "nishat"}),
        ("is Nishat's contract renewed?", "show", {"contact": "Nishat"}),
        ("renewal se 10 din pehle yaad dilao", "notice", {"days": 10}),
        ("تجدید کی یاد دہانی 45 دن پہلے", "notice", {"days": 45}),
        ("tell me 20 days before contracts renew", "notice", {"days": 20}),
    ],
)  # fmt: skip
def test_what_becomes_of_it_is_told_and_asked(
    said: str, intent: str, slots: dict[str, object]
) -> None:
    (action,) = read_renewing(lay_out(said), TODAY)
    assert (action.intent, dict(action.slots)) == (f"contract.{intent}", slots)


@pytest.mark.parametrize(
    "said",
    [
        "Sara sent the contract to Nishat",
        "send contract to Nishat tomorrow",
        "deal with Nishat: annual contract 12 lakh",
        "met Sara, she wants a yearly contract",
        "Nishat signed the contract",
        "نادر نے آج کنٹریکٹ سائن کر دیا 18 لاکھ کا",
        "nishat ko contract bhejna hai kal",
        "call Bilal about renewal",
        "Nishat wants to renew for 14 lakh",
        "what is Nishat worth?",
        "nishat renewal ke liye kal call karna hai",
    ],
)
def test_what_is_no_news_of_a_contract_is_read_as_ever(said: str) -> None:
    assert read_renewing(lay_out(said), TODAY) == []


@pytest.mark.parametrize(
    ("said", "months"), [("12", 12), ("yearly", 12), ("2 years", 24), ("ماہانہ", 1), ("soon", None)]
)
def test_a_term_in_a_table_is_read(said: str, months: int | None) -> None:
    assert read_term(said) == months


# --- in conversation ------------------------------------------------------------------------------


def test_a_contract_is_kept_changed_renewed_cancelled_and_undone(chat: Conversation) -> None:
    chat.says("Nishat Mills has a yearly contract of 12 lakh, renews 1 March")
    assert "Rs 12 lakh a year, renews Monday 1 Mar" in words(chat.says("show Nishat Mills"))
    assert "Contract changed" in words(chat.says("Nishat's contract ends on 1 April, 13 lakh"))
    assert "Rs 13 lakh a year" in words(chat.says("when does Nishat's contract renew?"))
    told = words(chat.says("Nishat renewed for 14 lakh"))
    assert "until Saturday 1 Apr 2028" in told
    assert "Rs 14 lakh a year" in told
    chat.taps("Undo")
    assert "Rs 13 lakh a year, renews Thursday 1 Apr" in words(chat.says("contracts"))
    told = words(chat.says("nishat ne contract cancel kar diya, mehnga tha"))
    assert "mehnga tha" in told
    assert "mehnga tha" in words(chat.says("why is Nishat at risk?"))
    assert "Nishat Mills" in words(chat.says("cancelled contracts this year"))
    assert "پہلے ہی کینسل" in words(chat.says("نشاط نے کنٹریکٹ کینسل کر دیا"))


def test_of_several_contracts_it_is_asked_which(chat: Conversation) -> None:
    chat.says("Bilal Traders has a monthly contract of 10000")
    chat.says("Bilal Traders has another yearly contract of 5 lakh")
    told = chat.says("Bilal Traders renewed")
    assert "Which contract?" in words(told)
    chat.taps(labels(told)[0])
    assert "Renewed: Bilal Traders" in words(chat.last().reply)


def test_a_renewal_is_told_in_time_once_and_its_buttons_work(chat: Conversation) -> None:
    chat.says("Nishat Mills has a yearly contract of 12 lakh, renews 1 January")
    chat.says("Bilal Traders has a monthly contract of 10,000, renews 20 December")
    assert not [each for each in chat.rings() if "Renews on" in words(each.reply)]
    chat.clock.set(datetime(2026, 12, 2, 6, tzinfo=UTC))
    heard = [each.reply for each in chat.rings() if "Renews on" in words(each.reply)]
    assert len(heard) == 1
    assert "Nishat Mills" in words(heard[0])
    assert labels(heard[0])[:3] == ["Renewed", "Log call", "Cancelled"]
    assert not [each for each in chat.rings() if "Renews on" in words(each.reply)]
    assert "until Saturday 1 Jan 2028" in words(chat.taps("Renewed"))
    chat.clock.set(datetime(2026, 12, 14, 6, tzinfo=UTC))
    assert any("Bilal Traders" in words(each.reply) for each in chat.rings())
    chat.clock.set(datetime(2026, 12, 30, 6, tzinfo=UTC))
    assert not any("Nishat Mills" in words(each.reply) for each in chat.rings())


def test_what_was_renewed_meanwhile_is_not_told(chat: Conversation) -> None:
    chat.says("Nishat Mills has a yearly contract of 12 lakh, renews 10 December")
    chat.clock.set(datetime(2026, 11, 23, 18, tzinfo=UTC))  # raised in the evening, told tomorrow
    chat.rings()
    chat.says("Nishat renewed")
    chat.clock.set(datetime(2026, 11, 25, 6, tzinfo=UTC))
    assert not any("Renews on" in words(each.reply) for each in chat.rings())


def test_whoever_wants_to_hear_of_it_sooner_says_so(chat: Conversation) -> None:
    chat.says("Nishat Mills has a yearly contract of 12 lakh, renews 1 February")
    chat.rings()
    assert "60 days before" in words(chat.says("set renewal reminders to 60 days"))
    chat.clock.set(datetime(2026, 12, 4, 6, tzinfo=UTC))
    assert any("Renews on" in words(each.reply) for each in chat.rings())


def test_a_cancelled_contract_is_a_lost_customer(chat: Conversation) -> None:
    chat.says("Nishat Mills has a yearly contract of 12 lakh, since 1 June 2024")
    chat.says("Bilal Traders has a yearly contract of 5 lakh, since 1 June 2024")
    chat.says("called Nishat Mills")
    assert "0.0%" in words(chat.says("churn this year"))
    chat.says("Nishat Mills cancelled the contract, too expensive")
    told = words(chat.says("churn this year"))
    assert "50.0%" in told
    assert "too expensive" in told


def test_contracts_come_in_by_file(chat: Conversation) -> None:
    rows = (
        "Customer,Company,Contract value,Billing period,Renewal date,Contract status\n"
        ",Nishat Mills,1200000,Yearly,2027-03-01,Active\n"
        ",Bilal Traders,50000,monthly,2026-12-15,Active\n"
        ",Gul Ahmed,300000,12,2026-06-01,Cancelled\n"
    )
    file = Attachment("contracts.csv", rows.encode())
    seen = chat.does(AYESHA, "", other="file", attachment=file, extra={"file": "1"})
    assert "3 contracts" in words(seen)
    chat.taps("Take it in")
    told = words(chat.says("contracts"))
    assert "2 contracts" in told
    assert "Rs 50,000 a month" in told
    with chat.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Contract)) == 3


def test_a_reps_private_contract_is_nobody_elses(chat: Conversation) -> None:
    chat.says("hello", by="Bilal")
    chat.says("met Zara Khan", by="Bilal")
    chat.says("make Zara Khan private", by="Bilal")
    chat.says("Zara Khan has a yearly contract of 12 lakh, renews 1 March", by="Bilal")
    assert "Zara" not in words(chat.says("contracts"))
    assert "Zara" in words(chat.says("contracts", by="Bilal"))


# --- how probably one is not renewed --------------------------------------------------------------


def published() -> list[Course]:
    """The "high end" customers of Fader and Hardie (2007), seven years of 1,000 customers."""
    staying = [1000, 869, 743, 653, 593, 551, 517, 491]
    gone = [Course(12, 0, year, True, staying[year] - staying[year + 1]) for year in range(7)]
    return [*gone, Course(12, 0, 7, False, staying[7])]


def test_the_published_parameters_come_out() -> None:
    curve = learned(published())
    assert curve is not None
    alpha, beta = curve.mean / curve.spread, (1 - curve.mean) / curve.spread
    assert alpha == pytest.approx(0.668, abs=0.01)
    assert beta == pytest.approx(3.806, abs=0.06)


def test_the_chance_ranks_who_leaves_better_than_the_base_rate() -> None:
    """Customers who each leave with a chance of their own; the one half teaches, the other is
    ranked. Everybody the same is 0.5."""
    dice = Random(7)
    there = []
    for _ in range(4000):
        own, stayed = dice.betavariate(0.7, 4.0), 0
        seen = dice.randrange(1, 8)
        while stayed < seen and dice.random() > own:
            stayed += 1
        there.append((12, stayed + (stayed < seen), stayed < seen))
    of_hazard, _, base = measured(there)
    assert base == 0.5
    assert of_hazard > 0.65


def test_little_history_goes_by_the_plain_rule() -> None:
    known = hazard([Course(12, 0, 1, False, 8), Course(12, 0, 0, True, 2)])
    curve = known.of(12)
    assert curve.plain
    assert curve.at(1) == pytest.approx((10 * 0.18 + 2) / 20)
    assert plain(1, 0, 0).at(1) == pytest.approx(1 - 0.82 ** (1 / 12))


def test_renewals_from_before_teach_nothing() -> None:
    seen = [Course(12, 5, 6, False, 30), Course(12, 5, 5, True, 10)]
    curve = learned(seen)
    assert curve is not None
    assert curve.at(6) == pytest.approx(0.25, abs=0.01)


@given(
    some.floats(0.02, 0.9), some.floats(0, 5), some.integers(1, 30), some.integers(1, 36),
    some.integers(0, 800),
)  # fmt: skip
def test_a_chance_is_one_and_falls_with_every_renewal(
    mean: float, spread: float, nth: int, months: int, days: int
) -> None:
    curve = Curve(mean, spread, 100, 20)
    assert 0 <= curve.at(nth + 1) <= curve.at(nth) <= 1
    renews = TODAY + timedelta(days=days)
    chance = curve.within(nth, renews, months, TODAY)
    assert 0 <= chance <= 1
    assert (chance > 0) == (days <= 90)


@given(some.integers(1, 36), some.integers(1, 365))
def test_nobody_hears_of_a_renewal_before_the_last_one(months: int, days: int) -> None:
    assert 3 <= max(3, notice_days(months, days)) <= max(3, months * 31 / 4 + 1)


@given(some.dates(date(2015, 1, 1), date(2026, 1, 1)), some.integers(1, 36), some.integers(1, 40))
def test_terms_are_counted_as_they_were_added(began: date, months: int, times: int) -> None:
    assert terms_between(began, later(began, months, times), months) == times - 1


# --- signs of a customer at risk ------------------------------------------------------------------


def known(**more: object) -> Known:
    usual: dict[str, object] = {
        "orders": 0, "last": TODAY - timedelta(days=100), "pause": 365.0, "strange": float("inf"),
    }  # fmt: skip
    return Known(**{**usual, **more})  # type: ignore[arg-type]  # of the fields' types


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ({}, []),
        ({"renews": TODAY + timedelta(20)}, ["renewal"]),
        ({"renews": TODAY + timedelta(20), "touched": TODAY - timedelta(5)}, []),
        ({"renews": TODAY + timedelta(60)}, []),
        ({"renews": TODAY + timedelta(60), "may_end": 0.4, "ends_from": TODAY - timedelta(3)},
         ["contract"]),
        ({"renews": TODAY + timedelta(60), "may_end": 0.2, "ends_from": TODAY}, []),
        ({"renews": TODAY + timedelta(5), "notice": None}, []),
        ({"late_since": TODAY - timedelta(2), "late": 2}, ["ticket"]),
        ({"satisfied": 2, "answered": TODAY - timedelta(9)}, ["unhappy"]),
        ({"satisfied": 4, "answered": TODAY - timedelta(9)}, []),
        ({"satisfied": 1, "answered": TODAY - timedelta(99)}, []),
        ({"champion": "Sara"}, ["champion"]),
        ({"champion": "Sara", "left": "Sara"}, ["left"]),
    ],
)  # fmt: skip
def test_a_sign_holds_when_it_should(more: dict[str, object], kinds: list[str]) -> None:
    assert [sign.kind for sign in signs(known(pause=20.0, **more), TODAY)] == kinds


def test_who_cancelled_is_lost_until_they_order_again() -> None:
    gone = TODAY - timedelta(days=30)
    assert is_lost(known(ended=gone), TODAY)
    assert not is_lost(known(ended=gone, last=TODAY - timedelta(days=3)), TODAY)
    assert not is_lost(known(ended=gone, renews=TODAY + timedelta(days=99)), TODAY)


def test_a_new_contract_is_at_risk_by_what_the_others_taught(chat: Conversation) -> None:
    """Half of the first renewals here do not come."""
    chat.says("Nishat Mills has a yearly contract of 12 lakh, renews 1 February")
    with chat.database.transaction() as session:
        row = session.scalars(select(Contract)).one()
        for n in range(30):
            gone = n % 2 == 0
            session.add(
                Contract(
                    workspace_id=row.workspace_id, company_id=row.company_id, months=12,
                    contact_id=row.contact_id, renews_on=date(2026, 6, 1), renewals=int(not gone),
                    status="cancelled", ended_on=date(2026, 6, 1), owner_id=row.owner_id,
                    created_at=row.created_at,
                )
            )  # fmt: skip
    assert "% of contracts like theirs are not renewed" in words(chat.says("who is at risk?"))
    chat.rings()
    with chat.database.transaction() as session:
        kinds = set(session.scalars(select(Nudge.kind)))
    assert "at_risk" in kinds
