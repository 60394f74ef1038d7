"""New customers: as a goal, and by month. They are those whose first purchase falls in a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.reply import Chart
from storage.models import Goal
from storage.newcomers import newcomers
from storage.scope import within
from tests.conversation import Conversation, part, words
from tests.scenes import scene
from tests.test_kept_and_grown import intents_of


@scene
def grown(chat: Conversation) -> None:
    """Gul Ahmed bought in October and in November, Nishat Mills and Halal Dairy first in November:
    the one twice, the other by a deal."""
    start = chat.clock.now()
    chat.clock.set(start - timedelta(days=40))
    chat.says("Gul Ahmed ordered 40 rolls for 2 lakh")
    chat.clock.set(start)
    for said in (
        "Gul Ahmed ordered 10 rolls for 50000",
        "Nishat Mills ordered 3 rolls for 40000",
        "Nishat Mills ordered 2 rolls for 30000",
        "deal with Halal Dairy 3 lakh",
        "halal dairy deal won",
    ):
        chat.says(said)


GOALS = (
    "goal: 20 new customers this month", "target 20 new clients this month",
    "my goal is 20 new customers this month", "set a goal of 20 first-time buyers this month",
    "is mahine 20 naye gahak ka target", "mera target is mahine 20 naye gahak",
    "is mahine mera hadaf 20 naye customers hai", "is mahine 20 nayi parties ka target rakho",
    "اس مہینے ۲۰ نئے گاہک کا ہدف", "میرا ہدف اس مہینے 20 نئے گاہک",
    "اس مہینے ۲۰ نئے کسٹمرز کا ہدف رکھو",
)  # fmt: skip


@pytest.mark.parametrize("said", GOALS)
def test_a_goal_of_new_customers(grown: Conversation, said: str) -> None:
    told = words(grown.says(said))
    assert "10%" in told  # two of twenty: Gul Ahmed is none
    with grown.database.transaction() as session, within(session, 1):
        goal = session.query(Goal).filter_by(workspace_id=1).one()
        assert (goal.measure, goal.target) == ("newcomers", "20")
        assert goal.member_id == goal.by_id


@pytest.mark.parametrize(
    "said",
    [
        "team goal: 20 new customers this month",
        "team ka target is mahine 20 naye gahak",
        "ٹیم کا ہدف اس مہینے ۲۰ نئے گاہک",
    ],
)
def test_of_the_team(grown: Conversation, said: str) -> None:
    grown.says(said)
    with grown.database.transaction() as session, within(session, 1):
        assert session.query(Goal).filter_by(workspace_id=1).one().member_id is None


def test_it_is_met_by_a_deal_that_is_won(grown: Conversation) -> None:
    assert "1 to go" not in words(grown.says("goal: 3 new customers this month"))
    grown.says("deal with Al Karam 1 lakh")
    assert "3 new customers" in words(grown.says("al karam deal won"))
    assert "Met" in words(grown.says("goals"))


def test_a_first_purchase_is_of_whoever_sold_it(grown: Conversation) -> None:
    grown.says("hello", by="Bilal")
    grown.says("Sapphire ordered 5 rolls for 9000", by="Bilal")
    today = grown.clock.now().date()
    with grown.database.transaction() as session, within(session, 1):
        every = newcomers(session, 1, today.replace(day=1), today)
        assert len(every) == 3
        by_owner = {owner: newcomers(session, 1, today.replace(day=1), today, owner)
                    for owner in {each.owner_id for each in every}}  # fmt: skip
        assert sorted(map(len, by_owner.values())) == [1, 2]


def test_a_cancelled_order_makes_no_customer(grown: Conversation) -> None:
    today = grown.clock.now().date()
    grown.says("Sapphire ordered 5 rolls for 9000")
    grown.taps("Undo")
    with grown.database.transaction() as session, within(session, 1):
        assert len(newcomers(session, 1, today.replace(day=1), today)) == 2


BY_MONTH = (
    "new customers by month", "monthly new customers", "how many customers did we get each month",
    "show me new clients per month", "which month brought the most new customers",
    "kis mahine kitne gahak bane", "har mahine kitne naye gahak bane",
    "naye gahak mahine ke hisaab se dikhao", "mahana naye gahak",
    "کس مہینے کتنے گاہک بنے", "ہر مہینے کتنے نئے گاہک آئے", "ماہانہ نئے گاہک",
)  # fmt: skip


@pytest.mark.parametrize("said", BY_MONTH)
def test_new_customers_by_month(grown: Conversation, said: str) -> None:
    chart = part(grown.says(said), Chart)
    assert [point.value for point in chart.points] == [1, 2]


@pytest.mark.parametrize(
    "said",
    ["how many new customers this month", "sales by month", "is mahine kitne gahak aaye",
     "goal: 20 deals this month", "new customer: Ali Khan 03001234567"],
)  # fmt: skip
def test_other_questions_stay_what_they_are(grown: Conversation, said: str) -> None:
    assert "newcomers.show" not in intents_of(grown, said)
