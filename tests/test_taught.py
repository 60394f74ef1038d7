"""What a team's own deals teach of its leads, and that it is used only where it helps."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from language.sounds import name_keys
from rules.chances import EACH, Case, enough, learned
from storage.models import Activity, Contact, ContactTag, Deal, LeadModel, LeadScore, Member
from storage.scope import EVERYWHERE, enter
from tests.conversation import Conversation, words

Chance = Callable[[str, str], float]


def signal(city: str, source: str) -> float:
    return 0.1 + 0.6 * (source == "referral") + 0.2 * (city == "Lahore")


def noise(_city: str, _source: str) -> float:
    return 0.45


def cases(many: int, seed: int, chance: Chance) -> list[Case]:
    dice, found = Random(seed), []
    for number in range(many):
        city, source = dice.choice(("Lahore", "Karachi")), dice.choice(("referral", "expo", "web"))
        facts = {f"city|{city}", f"source|{source}"}
        facts |= {f"own|{n}" for n in range(6) if dice.random() < 0.4}
        found.append(Case(frozenset(facts), dice.random() < chance(city, source), number))
    return found


# --- the rule by itself ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_a_signal_beats_the_base_rate_on_deals_that_were_not_seen(seed: int) -> None:
    found = learned(cases(300, seed, signal))
    assert found is not None
    chances, trial = found
    assert trial.better
    assert trial.log_loss < trial.base_log_loss
    assert trial.brier < trial.base_brier
    assert max(chances.weights, key=lambda name: chances.weights[name]) == "source|referral"


def test_where_there_is_no_signal_it_says_so() -> None:
    found = [learned(cases(200, seed, noise)) for seed in range(20)]
    assert sum(each is not None and each[1].better for each in found) <= 1


def test_nothing_is_learned_from_few_deals() -> None:
    few = [Case(frozenset({"a"}), n < EACH - 1, n) for n in range(200)]
    assert not enough(few)
    assert learned(few) is None


def test_probabilities_come_true() -> None:
    """Of new deals that are told to be won by so many in a hundred, about so many are."""
    found = learned(cases(1500, 1, signal))
    assert found is not None
    fresh = cases(3000, 2, signal)
    told = [(found[0].probability(case.facts), case.won) for case in fresh]
    for low in (0.0, 0.25, 0.5, 0.75):
        some = [(p, won) for p, won in told if low <= p < low + 0.25]
        if len(some) > 100:
            mean = sum(p for p, _ in some) / len(some)
            share = sum(won for _, won in some) / len(some)
            assert abs(mean - share) < 0.08
    assert abs(sum(p for p, _ in told) - sum(won for _, won in told)) < 0.04 * len(told)


def test_the_trial_is_what_an_independent_sum_gives() -> None:
    found = learned(cases(200, 3, noise))
    assert found is not None
    rate = found[1].won / found[1].deals
    entropy = -(rate * math.log(rate) + (1 - rate) * math.log(1 - rate))
    assert abs(found[1].base_log_loss - entropy) < 0.01
    assert abs(found[1].base_brier - rate * (1 - rate)) < 0.01


def test_contributions_are_log_odds_beside_the_usual_deal() -> None:
    found = learned(cases(300, 4, signal))
    assert found is not None
    chances = found[0]
    facts = frozenset({"source|referral", "city|Lahore", "never|seen"})
    told = chances.contributions(facts)
    assert set(told) == {"source|referral", "city|Lahore"}

    def odds(facts: frozenset[str]) -> float:
        p = chances.probability(facts)
        return math.log(p / (1 - p))

    rise = odds(facts) - odds(facts - {"source|referral"})
    assert abs(told["source|referral"] - rise * (1 - chances.usual["source|referral"])) < 1e-6


# --- in the bot -----------------------------------------------------------------------------------


def sold(chat: Conversation, many: int, chance: Chance, seed: int = 3) -> None:
    """A past of won and lost deals; each buyer got a tag and a meeting only when all was over."""
    dice = Random(seed)
    chat.says("hello")
    with chat.database.transaction() as session:
        enter(session, EVERYWHERE)
        member = session.scalars(select(Member)).one()
        enter(session, member.workspace_id)
        now, space = chat.clock.now(), member.workspace_id
        for number in range(many):
            city, source = (
                dice.choice(("Lahore", "Karachi")), dice.choice(("referral", "expo", "web"))
            )  # fmt: skip
            won = dice.random() < chance(city, source)
            buyer = Contact(
                workspace_id=space, **name_keys(f"Buyer {number}"), city=city, source=source,
                owner_id=member.id, created_at=now - timedelta(days=200),
            )  # fmt: skip
            session.add(buyer)
            session.flush()
            ended = now + timedelta(minutes=5)
            session.add(Deal(
                workspace_id=space, contact_id=buyer.id, stage="lead", owner_id=member.id,
                status="won" if won else "lost", created_at=now - timedelta(days=90),
                closed_at=ended,
            ))  # fmt: skip
            if won:
                session.add(ContactTag(workspace_id=space, contact_id=buyer.id, tag="paid"))
                session.add(Activity(
                    workspace_id=space, kind="meeting", contact_id=buyer.id, text="signed",
                    at=ended, on_day=ended.date(), by_id=member.id,
                ))  # fmt: skip
    chat.rings()
    chat.rings()


def model(chat: Conversation) -> LeadModel:
    with chat.database.transaction() as session:
        enter(session, EVERYWHERE)
        return session.scalars(select(LeadModel)).one()


def test_what_helps_counts_and_is_told_beside_the_base_rate(chat: Conversation) -> None:
    sold(chat, 160, signal)
    chat.says("add Ali Khan from Lahore, source referral")
    told = words(chat.says("score of Ali Khan")).splitlines()
    points = [int(line.rpartition(" ")[2]) for line in told[1:4]]
    assert told[2].startswith("source referral (your deals) +")
    assert told[0] == f"Ali Khan: {sum(points)} of 100"
    kept = model(chat)
    assert kept.used
    rate = f"{kept.won / (kept.won + kept.lost):.0%}"
    assert f"of all your decided deals {rate} were" in "\n".join(told)
    meaning = words(chat.says("what does the score mean"))
    assert f"I learned from {kept.won} deals won and {kept.lost} lost" in meaning
    assert "came nearer to what happened than the base rate" in meaning
    with chat.database.transaction() as session:
        enter(session, EVERYWHERE)
        row = session.scalars(select(LeadScore).where(LeadScore.probability.is_not(None))).one()
        assert row.model == kept.number
        assert row.probability is not None
        assert row.probability > kept.won / (kept.won + kept.lost)


def test_what_came_after_the_deal_began_is_not_learned_from(chat: Conversation) -> None:
    """Who won is tagged and was met afterwards: of that the model must know nothing."""
    sold(chat, 160, noise)
    kept = model(chat)
    assert kept.learned is not None
    names = kept.learned["chances"]["weights"]
    assert not any("paid" in name or "met" in name for name in names)
    assert not kept.used
    assert kept.learned["trial"]["log_loss"] > 0.6


def test_what_is_no_better_than_the_base_rate_is_switched_off(chat: Conversation) -> None:
    sold(chat, 160, noise)
    chat.says("add Ali Khan from Lahore, source referral")
    assert "your deals" not in words(chat.says("score of Ali Khan"))
    told = words(chat.says("what does the score mean"))
    assert "is no better than the base rate of" in told
    assert "I keep to your rules" in told


def test_few_deals_teach_nothing_yet(chat: Conversation) -> None:
    sold(chat, 40, signal)
    kept = model(chat)
    assert kept.learned is None
    assert (kept.won + kept.lost, kept.used) == (40, False)
    told = words(chat.says("score ka matlab"))
    assert f"pichli bar: {kept.won} jeeti, {kept.lost} haari" in told


def test_a_city_that_was_told_later_is_not_taken_for_known(chat: Conversation) -> None:
    """The history says what stood there when the deal began."""
    sold(chat, 4, noise)
    chat.says("add Sara Malik")
    chat.says("deal 5 lakh with Sara Malik")
    chat.clock.skip(timedelta(days=20))
    chat.says("Sara Malik's city is Lahore")
    chat.says("won Sara Malik")
    from storage.deal_pasts import decided, pasts

    with chat.database.transaction() as session:
        enter(session, EVERYWHERE)
        space = session.scalars(select(Member)).first().workspace_id  # type: ignore[union-attr]
        enter(session, space)
        deals = [deal for deal in decided(session, space) if deal.won][-1:]
        assert session.get_one(Contact, (space, deals[0].contact_id)).city == "Lahore"
        ((_, then),) = pasts(session, space, deals, chat.clock.now())
        assert (then.city, then.created_at <= deals[0].created_at) == (None, True)
