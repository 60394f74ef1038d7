"""Who is at risk, and why: the rules, the tone of notes, the questions, what is learned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from language.reader import read
from language.tone import complains, has_left, reached_nobody
from rules.cohorts import cohorts, curve
from rules.foresight.histories import histories
from rules.foresight.kept import packed, unpacked
from rules.foresight.prospects import Glass
from rules.foresight.several import learned
from rules.lifetime import WEEKS as LIFETIME
from rules.risk import Known, is_lost, is_overdue, is_told, next_look, signs

TODAY = date(2026, 11, 23)


def days(ago: int) -> date:
    return TODAY - timedelta(days=ago)


def kinds(known: Known, today: date = TODAY) -> list[str]:
    return [sign.kind for sign in signs(known, today)]


# --- the rules ------------------------------------------------------------------------------------


def test_a_silence_counts_from_the_day_on_which_it_is_strange() -> None:
    known = Known(orders=8, last=days(40), pause=21, strange=41)
    assert kinds(known) == []
    assert next_look(known, TODAY) == days(-1)
    assert kinds(known, days(-1)) == ["silent"]


@pytest.mark.parametrize(("stays", "told"), [(0.29, True), (0.31, False), (None, True)])
def test_a_silence_interrupts_only_where_it_probably_lasts(stays: float | None, told: bool) -> None:
    known = Known(orders=8, last=days(60), pause=21, strange=41, stays=stays)
    found = signs(known, TODAY)
    assert [sign.kind for sign in found] == ["silent"]
    assert is_told(found, known) is told
    complaint = replace(known, complained=days(2))
    assert is_told(signs(complaint, TODAY), complaint)
    assert not is_told([], replace(known, stays=0.1))


def test_an_order_is_overdue_after_three_of_four_pauses_while_they_probably_stay() -> None:
    known = Known(orders=8, last=days(27), pause=21, strange=41, overdue=28, stays=0.8)
    assert not is_overdue(known, TODAY)
    assert next_look(known, TODAY) == days(-1)
    assert is_overdue(known, days(-1))
    assert not is_overdue(replace(known, stays=0.6), days(-1))
    assert not is_overdue(replace(known, orders=3), days(-1))
    assert not is_overdue(replace(known, overdue=None), days(-1))
    assert not is_overdue(replace(known, touched=TODAY), days(-1))
    assert is_overdue(replace(known, touched=TODAY), days(-11))


@pytest.mark.parametrize(
    ("heard", "peace"), [(True, 10), (False, 3)], ids=["spoken with", "no answer"]
)
def test_a_touch_leaves_in_peace_for_half_a_pause(heard: bool, peace: int) -> None:
    known = Known(orders=8, last=days(80), pause=20.4, strange=41, touched=TODAY, heard=heard)
    assert kinds(known) == []
    assert next_look(known, TODAY) == TODAY + timedelta(days=peace)
    assert kinds(known, TODAY + timedelta(days=peace)) == ["silent"]


def test_a_complaint_tells_at_once_and_until_an_order_or_a_talk() -> None:
    known = Known(orders=5, last=days(9), pause=30, strange=70, complained=days(2))
    assert kinds(known) == ["complaint"]
    assert kinds(Known(5, days(1), 30, 70, complained=days(2))) == []
    assert kinds(Known(5, days(9), 30, 70, complained=days(2), touched=days(1))) == []
    assert kinds(Known(5, days(99), 30, 700, complained=days(70))) == []


def test_smaller_orders_tell_once_the_next_one_is_overdue() -> None:
    known = Known(orders=9, last=days(20), pause=21, strange=60, recent=500, before=1000)
    assert kinds(known) == []
    assert kinds(known, days(-1)) == ["falling"]
    assert kinds(Known(9, days(30), 21, 60, recent=700, before=1000)) == []


def test_the_only_contact_leaving_and_a_renewal_tell() -> None:
    assert kinds(Known(5, days(3), 30, 70, left="Sara Malik")) == ["left"]
    assert kinds(Known(1, days(340), 60, float("inf"), renews=days(-20))) == ["renewal"]
    touched = Known(1, days(340), 60, float("inf"), renews=days(-20), touched=days(1))
    assert kinds(touched) == []


def test_whoever_is_lost_is_not_at_risk_any_more() -> None:
    assert is_lost(Known(8, days(400), 21, 41, p_buy=0.01), TODAY)
    assert kinds(Known(8, days(400), 21, 41, p_buy=0.01)) == []
    assert not is_lost(Known(8, days(20), 21, 41, p_buy=0.01), TODAY)
    assert is_lost(Known(8, days(400), 21, 41), TODAY)
    assert not is_lost(Known(8, days(100), 21, 41), TODAY)


# --- the tone of notes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "he complained about late delivery", "very unhappy with the last lot",
        "maal kharab nikla, gussa thay", "shikayat thi ke late mila", "wo naraz hain",
        "شکایت کی کہ مال خراب نکلا", "بہت ناراض تھے",
    ],
)  # fmt: skip
def test_a_complaint_is_heard(said: str) -> None:
    assert complains(said)


@pytest.mark.parametrize(
    "said",
    [
        "no complaints, all good", "wo naraz nahi hain", "کوئی شکایت نہیں", "asked for prices", "",
        "wants the brochure",
    ],
)  # fmt: skip
def test_none_is_heard_where_there_is_none(said: str) -> None:
    assert not complains(said)


@pytest.mark.parametrize(
    "said", ["no answer", "Called, didn't pick up", "phone nahi uthaya", "فون نہیں اٹھایا"]
)
def test_a_call_that_reached_nobody(said: str) -> None:
    assert reached_nobody(said)
    assert not reached_nobody("talked for ten minutes")


def test_a_tag_says_that_somebody_has_left() -> None:
    assert has_left(["vip", "left"])
    assert has_left(["chhor-gaya"])
    assert not has_left(["vip", "leftover stock"])


# --- the questions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "intent", "slots"),
    [
        ("why is Bilal at risk?", "risk.show", {"contact": "Bilal"}),
        ("why has Nishat gone quiet", "risk.show", {"contact": "Nishat"}),
        ("kya Bilal haath se nikal raha hai?", "risk.show", {"contact": "Bilal"}),
        ("Bilal kyun thanda par gaya", "risk.show", {"contact": "Bilal"}),
        ("بلال خطرے میں کیوں ہے؟", "risk.show", {"contact": "بلال"}),
        ("when will Nishat order again?", "order.next", {"contact": "Nishat"}),
        ("when is the next order from Nishat Mills", "order.next", {"contact": "Nishat Mills"}),
        ("Nishat ka agla order kab aayega", "order.next", {"contact": "Nishat"}),
        ("نشاط کا اگلا آرڈر کب آئے گا؟", "order.next", {"contact": "نشاط"}),
        ("who should I call today?", "call.list", {}),
        ("whom should I call first", "call.list", {}),
        ("aaj kis ko call karun", "call.list", {}),
        ("آج کس کو کال کروں؟", "call.list", {}),
        ("lifetime value of Nishat Mills", "value.show", {"contact": "Nishat Mills"}),
        ("Nishat kitna qeemti gahak hai", "value.show", {"contact": "Nishat"}),
        ("churn by month", "keeping.show", {"by": "month"}),
        ("ہر مہینے کا چرن", "keeping.show", {"by": "month"}),
        ("show retention by quarter", "keeping.show", {"by": "quarter", "kept": True}),
        ("retention by cohort", "keeping.show", {"by": "cohort"}),
        ("who is at risk?", "risk.list", {}),
        ("churn this year", "stats.show", {"metric": "churn", "period": "year"}),
        (
            "churn in Q2 2026",
            "keeping.show",
            {"first": "2026-04-01", "last": "2026-06-30"},
        ),
        ("churn in 2025", "keeping.show", {"first": "2025-01-01", "last": "2025-12-31"}),
        ("who may churn", "risk.list", None),
        ("which customers are worth most", "stats.show", {"metric": "value"}),
        ("churn last quarter", "stats.show", {"metric": "churn", "period": "last_quarter"}),
        ("churn this month", "stats.show", {"metric": "churn", "period": "month"}),
        # what is no such question stays what it is
        ("call Bilal today", "task.add", None),
        ("who did I call today", "task.list", None),
        ("when did Nishat last order", "contact.show", None),
        ("nishat ordered 40 rolls for 2 lakh", "order.add", None),
        ("remind me to call Bilal when he is back", "task.add", None),
        ("retention target 85 percent this year", None, None),
    ],
)
def test_what_is_asked(asked: str, intent: str | None, slots: dict[str, object] | None) -> None:
    found = read(asked, datetime(2026, 11, 23, 10))  # noqa: DTZ001 - local to the member
    if intent is None:
        assert found[0].intent not in {"keeping.show", "risk.show", "order.next", "value.show"}
        return
    assert found[0].intent == intent
    if slots is not None:
        assert found[0].slots == slots


# --- what is learned ------------------------------------------------------------------------------


def team(
    customers: int, past: int, ahead: int, seed: int = 5
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Orders of made-up customers up to a day; whether and how often each orders after it."""
    dice = np.random.default_rng(seed)
    whose: list[int] = []
    when: list[int] = []
    first = np.full(customers, np.inf)
    count = np.zeros(customers)
    for who in range(customers):
        rate, leaving = dice.gamma(0.8, 1 / 6), dice.gamma(0.6, 1 / 60)
        day = dice.uniform(0, past * 0.8)
        end = min(past + ahead, day + dice.exponential(7 / max(leaving, 1e-9)))
        while day < end:
            if day < past:
                whose.append(who)
                when.append(int(day))
            else:
                count[who] += 1
                first[who] = min(first[who], day - past)
            day += dice.gamma(1.5, 7 / rate / 1.5) + 0.01
    return np.array(whose), np.array(when), first, count


def test_what_is_foreseen_comes_true() -> None:
    """Of customers made up by the same rules: how probable an order is, when the next one comes,
    what is strange, and the range of what comes in three years."""
    whose, when, first, count = team(900, 730, int(LIFETIME * 7))
    several, _ = unpacked(packed(learned(whose, when, 730, 12.0), None))
    past = histories(whose, when, 730)
    told = Glass.of(several, 260.0, 12.0).look(past)
    first, count = first[past.who], count[past.who]
    soon = first < 12 * 7
    assert told.buys.mean() == pytest.approx(soon.mean(), abs=0.04)
    comes = ~np.isnan(told.next) & (first < 52 * 7)
    assert (first[comes] <= told.next[comes] * 7).mean() == pytest.approx(0.5, abs=0.08)
    strange = past.silence > told.rare
    assert (~soon[strange]).mean() > 0.75 > 0.6 > (~soon[~strange]).mean()
    discounted = count * told.middle.mean() / max(count.mean(), 1e-9)  # all that is told is worth
    within = (discounted >= told.low - 0.5) & (discounted <= told.high + 0.5)
    assert 0.65 < within.mean() < 0.95


def test_one_customer_is_judged_as_among_all() -> None:
    whose, when, _, _ = team(200, 730, 1)
    past = histories(whose, when, 730)
    glass = Glass.of(learned(whose, when, 730, 12.0), 260.0, 12.0)
    all_of_them, alone = glass.look(past), glass.look(past.some(slice(7, 8)))
    for name in ("buys", "orders", "pause", "rare", "middle", "high"):
        assert getattr(alone, name)[0] == pytest.approx(getattr(all_of_them, name)[7], rel=1e-4)


def test_cohorts_are_counted_by_quarters_that_are_over() -> None:
    histories_ = [
        [date(2026, 1, 10), date(2026, 4, 2), date(2026, 7, 1)],
        [date(2026, 2, 1), date(2026, 2, 9)],
        [date(2026, 5, 5), date(2026, 8, 1), date(2026, 11, 1)],
    ]
    found = cohorts(histories_, TODAY)
    assert [(each.first, each.size, each.bought) for each in found] == [
        (date(2026, 1, 1), 2, (1, 1)),
        (date(2026, 4, 1), 1, (1,)),
    ]
    assert curve(found) == pytest.approx([2 / 3, 1 / 2])
