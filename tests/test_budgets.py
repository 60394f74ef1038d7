"""A budget between sources: by what a rupee brings, with its arithmetic."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reply import Reply, Table
from rules.budgets import Source, divide
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene
from tests.test_day import kept


def gets(reply: Reply) -> dict[str, str]:
    return dict(row for row in part(reply, Table).rows)  # type: ignore[misc]  # rows of two


def costs(chat: Conversation) -> dict[str, str]:
    return {row["key"]: f"{row['cost']} {row['currency']}" for row in kept(chat, "label")}


@scene
def leads(chat: Conversation) -> None:
    """Two leads of Facebook, of whom one bought; one of a referral, who did."""
    chat.says("Sara Malik from Lahore, 0300 1234567, came from facebook")
    chat.says("Kamran Ali, 0333 1112223, Lahore, came from facebook")
    chat.says("Bilal Khan, 0321 7654321, Karachi, came from referral")
    chat.says("Sara Malik ordered soap for 120000")
    chat.says("Bilal Khan ordered bags for 40000")


ALL = Source("", 100, 20, 2_000_000)  # one in five buys, for 100,000 each


def test_it_is_split_in_proportion_to_what_a_lead_brings() -> None:
    found = divide(1000, [Source("a", 10, 6, 600_000), Source("b", 30, 2, 200_000)], ALL)
    # a: (6 + 10 x 0.2) / 20 = 0.4, b: (2 + 2) / 40 = 0.1, each buyer worth 100,000
    assert [(float(p.share), float(p.worth)) for p in found.parts] == [(0.4, 1e5), (0.1, 1e5)]
    assert [p.gets for p in found.parts] == [800, 200]
    assert not found.costed
    assert found.few == ()


def test_what_a_lead_costs_divides_what_it_brings() -> None:
    found = divide(900, [Source("a", 0, 0, 0, 100), Source("b", 0, 0, 0, 200)], ALL)
    assert [p.gets for p in found.parts] == [600, 300]
    assert [float(p.per_rupee or 0) for p in found.parts] == [200.0, 100.0]
    assert found.few == ("a", "b")


def test_an_unknown_cost_is_the_mean_of_the_known_ones() -> None:
    sources = [Source("a", 0, 0, 0, 100), Source("b", 0, 0, 0, 300), Source("c", 0, 0, 0)]
    found = divide(1000, sources, ALL)
    assert [p.cost for p in found.parts] == [100, 300, 200]
    assert found.guessed


def test_with_nothing_known_the_parts_are_equal() -> None:
    found = divide(100, [Source(name, 3, 0, 0) for name in "abc"], Source("", 9, 0, 0))
    assert found.even
    assert [p.gets for p in found.parts] == [34, 33, 33]


SOURCES = st.builds(
    lambda leads, share, worth, cost: Source(
        "x", leads, leads * share // 100, worth * (leads * share // 100), cost
    ),
    st.integers(0, 10**6), st.integers(0, 100), st.integers(0, 10**9),
    st.none() | st.integers(1, 10**9),
)  # fmt: skip


@given(st.integers(1, 10**12), st.lists(SOURCES, min_size=1, max_size=12), SOURCES)
def test_the_parts_add_up(units: int, sources: list[Source], everybody: Source) -> None:
    found = divide(units, sources, everybody)
    assert sum(p.gets for p in found.parts) == units
    assert all(p.gets >= 0 for p in found.parts)


def test_the_sums_are_shown(leads: Conversation) -> None:
    told = leads.says("split 50000 between referral, facebook and walk-in")
    # all: 2 of 3 bought, for 80,000 each. Facebook: (1 + 10 x 2/3) / 12 = 63.9 %,
    # (120,000 + 3 x 80,000) / 4 = 90,000, so 57,500 a lead
    assert "Facebook: 1 of 2 leads bought; counted as 63.9% x Rs 90,000 = Rs 57,500" in words(told)
    # referral: (1 + 20/3) / 11 = 69.7 % x (40,000 + 240,000) / 4 = 70,000: 48,788 a lead
    assert "Referral: 1 of 1 leads bought; counted as 69.7% x Rs 70,000 = Rs 48,788" in words(told)
    # walk-in: 66.7 % x 80,000 = 53,333. In all 159,621.
    assert gets(told) == {"Referral": "Rs 15,283", "Facebook": "Rs 18,011", "Walk-in": "Rs 16,706"}
    assert "same everywhere" in words(told)
    assert "fewer than 10 leads" in words(told)


def test_what_a_lead_costs_is_kept_and_counts(leads: Conversation) -> None:
    assert "Rs 300" in words(leads.says("a facebook lead costs 300"))
    leads.says("cost per lead of referral is 50")
    told = leads.says("split 50000 between referral and facebook")
    # 48,788 / 50 = 975.76, 57,500 / 300 = 191.67: 83.6 % and 16.4 %
    assert "975.76 for Rs 1" in words(told)
    assert "191.67 for Rs 1" in words(told)
    assert gets(told) == {"Referral": "Rs 41,791", "Facebook": "Rs 8,209"}
    leads.says("undo")
    assert costs(leads)["facebook"] == "300.00 PKR"


def test_undo_takes_a_cost_back(leads: Conversation) -> None:
    leads.says("a facebook lead costs 300")
    leads.says("facebook ki aik lead 400 ki parti hai")
    leads.says("undo")
    assert costs(leads)["facebook"] == "300.00 PKR"


@pytest.mark.parametrize(
    "said",
    [
        "split 50000 between referral and facebook",
        "divide a budget of 50k between referral and facebook",
        "how should I split 50,000 rupees between referral and facebook?",
        "where should we spend 50000: referral or facebook",
        "allocate Rs 50,000 across referral, facebook",
        "50 hazar referral aur facebook mein baanto",
        "50000 ka budget referral aur facebook mein taqseem karo",
        "referral aur facebook mein 50000 kaise baantun",
        "50000 روپے ریفرل اور فیس بک میں بانٹ دو",
        "50 ہزار کا بجٹ ریفرل اور فیس بک میں تقسیم کرو",
    ],
)
def test_it_is_asked_for_in_many_ways(leads: Conversation, said: str) -> None:
    found = [re.sub("[^0-9]", "", each) for each in gets(leads.says(said)).values()]
    assert found == ["22951", "27049"]


@pytest.mark.parametrize(
    "said",
    [
        "a facebook lead costs 300",
        "facebook leads cost 300 each",
        "cost per lead for facebook: 300",
        "we pay 300 per lead on facebook",
        "facebook ki aik lead 300 ki parti hai",
        "facebook se har lead 300 mein milti hai",
        "فیس بک کی ایک لیڈ 300 کی پڑتی ہے",
        "فیس بک لیڈ کا خرچہ 300 ہے",
    ],
)
def test_a_cost_is_told_in_many_ways(leads: Conversation, said: str) -> None:
    leads.says(said)
    assert costs(leads) == {"facebook": "300.00 PKR"}


def test_costs_may_stand_beside_the_names(leads: Conversation) -> None:
    told = leads.says("split 50000 between facebook at 300 a lead and referral at 50 a lead")
    assert gets(told) == {"Facebook": "Rs 8,209", "Referral": "Rs 41,791"}


def test_segments_stand_beside_sources(leads: Conversation) -> None:
    leads.says("segment Lahore lot: contacts in Lahore")
    told = leads.says("split 50000 between facebook and Lahore lot")
    assert gets(told) == {"Facebook": "Rs 25,000", "Lahore lot": "Rs 25,000"}


def test_what_is_no_source_is_told(leads: Conversation) -> None:
    told = leads.says("split a budget of 50000 between facebook and purple unicorns")
    assert "purple unicorns" in words(told)
    assert "Facebook" in words(told)


def test_a_budget_without_a_sum_is_asked_for(leads: Conversation) -> None:
    leads.says("split the budget between facebook and referral")
    assert gets(leads.says("50000")) == {"Facebook": "Rs 27,049", "Referral": "Rs 22,951"}


def test_reps_see_no_budget(leads: Conversation) -> None:
    told = leads.says("split 50000 between referral and facebook", by="Bilal")
    assert "manager" in words(told)


@pytest.mark.parametrize(
    "said", ["split 500 between Sara and Bilal", "split the deal with Bilal Khan"]
)
def test_other_splits_are_not_taken_for_it(leads: Conversation, said: str) -> None:
    told = leads.says(said)
    assert not any(isinstance(each, Table) for each in told.parts)
    assert labels(told)
