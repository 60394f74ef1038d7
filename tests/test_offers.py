"""What to offer next: things that go together, what runs out, the next size; each with its why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.extension.bought import Bought, History
from rules.extension.pairs import cross_sell, lower_bound
from rules.extension.refill import refills
from rules.extension.sizes import Sold, next_sizes
from tests.conversation import Conversation, labels, words

DAY = date(2026, 10, 1)


def history(*rows: tuple[str, str, int]) -> History:
    """Rows of (buyer, thing, days after the first of October)."""
    return History.of(Bought(who, what, DAY + timedelta(days=after)) for who, what, after in rows)


def test_a_pair_is_told_with_its_counts() -> None:
    """Nine others bought looms, seven of them yarn; of fifteen others in all eight have yarn."""
    others = [(f"c{n}", "loom", n) for n in range(9)]
    yarn = [(f"c{n}", "yarn", n) for n in range(7)]
    rest = [("c9", "yarn", 1), *((f"d{n}", "oil", 1) for n in range(5))]
    (pair,) = cross_sell(history(("nishat", "loom", 0), *others, *yarn, *rest), "nishat")
    assert (pair.thing, pair.because, pair.both, pair.of) == ("yarn", "loom", 7, 9)
    assert pair.support == pytest.approx(7 / 15)
    assert pair.confidence == pytest.approx(7 / 9)
    assert pair.lift == pytest.approx((7 / 9) / (8 / 15))


def test_what_everybody_buys_anyway_or_a_few_did_goes_with_nothing() -> None:
    buys = [(f"c{n}", thing, n) for n in range(9) for thing in ("loom", "tea")]
    also = [(f"d{n}", "tea", n) for n in range(9)]
    few = [("c0", "oil", 1), ("c1", "oil", 1)]
    assert cross_sell(history(("nishat", "loom", 0), *buys, *also, *few), "nishat") == []


def test_few_buyers_are_no_ground() -> None:
    few = [(f"c{n}", thing, n) for n in range(4) for thing in ("loom", "yarn")]
    noise = [(f"d{n}", "tea", n) for n in range(9)]
    assert cross_sell(history(("nishat", "loom", 0), *few, *noise), "nishat") == []


def test_the_lower_bound_is_wilsons() -> None:
    assert lower_bound(7, 9) == pytest.approx(0.5045, abs=1e-4)
    assert lower_bound(70, 90) > lower_bound(7, 9) > lower_bound(3, 9)


def test_what_was_bought_every_month_runs_out_in_a_month() -> None:
    (refill,) = refills(history(*(("nishat", "yarn", after) for after in (0, 30, 60))), "nishat")
    assert (refill.days, refill.due, refill.own) == (30, DAY + timedelta(days=90), 2)
    days = (83, 84, 90, 120, 121)
    due = [refill.is_due(DAY + timedelta(days=each)) for each in days]
    assert due == [False, True, True, True, False]


def test_one_order_runs_out_as_others_do_and_twice_as_much_lasts_longer() -> None:
    others = [(f"c{n}", "yarn", after) for n in range(5) for after in (0, 20)]
    (refill,) = refills(history(("nishat", "yarn", 0), *others), "nishat")
    assert (refill.days, refill.own) == (20, 0)
    sized = [
        Bought("b", "dye", DAY + timedelta(days=10 * n), size) for n, size in enumerate((4, 4, 8))
    ]
    (more,) = refills(History.of(sized), "b")
    assert more.days == 20


def test_one_order_of_what_nobody_buys_again_is_no_rhythm() -> None:
    assert refills(history(("nishat", "yarn", 0), ("bilal", "yarn", 5)), "nishat") == []


def test_the_next_size_is_the_nearest_dearer_of_its_kind() -> None:
    listed = [
        Sold("small", "loom", "", "PKR", 100), Sold("large", "loom", "", "PKR", 250),
        Sold("huge", "loom", "", "PKR", 900), Sold("tea", "drink", "", "PKR", 120),
    ]  # fmt: skip
    bought = history(
        ("nishat", "small", 0), ("nishat", "small", 9),
        ("c", "small", 0), ("c", "large", 5), ("d", "large", 0), ("d", "small", 9),
    )  # fmt: skip
    (size,) = next_sizes(bought, "nishat", listed)
    assert (size.thing, size.smaller, size.times, size.moved) == ("large", "small", 2, 1)
    assert next_sizes(bought, "d", listed) == []


# --- in chat --------------------------------------------------------------------------------------

TOLD = {
    "what should I offer Nishat?": (
        "To offer Nishat Mills", "yarn: 6 of 6 others who bought looms bought it too",
    ),
    "nishat ko aur kya bech sakte hain": (
        "Nishat Mills ko kya pesh karein", "yarn: looms lene wale 6 mein se 6 ne yeh bhi liya",
    ),
    "نشاط کو اور کیا بیچیں": (
        "Nishat Mills کو کیا پیش کریں", "yarn: looms لینے والے 6 میں سے 6 نے یہ بھی لیا",
    ),
}  # fmt: skip


def test_an_offer_has_its_reason_and_a_button(chat: Conversation) -> None:
    for number in range(6):
        for firm, things in (("Karachi Textile", ("looms", "yarn")), ("Lahore Foods", ("tea",))):
            items = [{"name": thing, "quantity": 2} for thing in things]
            chat.runs("order.add", company=f"{firm} {number}", is_new=True, items=items)
    chat.says("Nishat Mills ordered 2 looms")
    for said, (title, line) in TOLD.items():
        answer = words(chat.says(said)).splitlines()
        assert answer[:2] == [title, line]
    chat.says("what should I offer Nishat?")
    assert "New deal: Nishat Mills" in words(chat.taps("Deal: yarn"))


def test_what_runs_out_is_told_by_their_own_rhythm(chat: Conversation) -> None:
    for back in (60, 30):
        day = chat.clock.now().date() - timedelta(days=back)
        chat.runs("order.add", company="Nishat Mills", on=str(day),
                  items=[{"name": "yarn", "quantity": 40}])  # fmt: skip
    answer = chat.says("what should I offer Nishat?")
    assert "yarn: last bought Saturday 24 Oct, lasts them about 30 days" in words(answer)
    assert labels(answer)[0] == "Remind: yarn"
    assert "offer yarn again" in words(chat.taps("Remind: yarn"))


def test_too_little_history_is_said(chat: Conversation) -> None:
    chat.says("met Sara Malik from Nishat Mills")
    assert "has bought nothing yet" in words(chat.says("what should I offer Nishat?"))
    chat.says("Nishat Mills ordered 2 looms")
    assert "Nothing stands out yet" in words(chat.says("what should I offer Nishat?"))


LAWN = {
    "en": ("what sells with lawn", "what else do lawn buyers buy", "what goes well with lawn"),
    "roman": ("lawn ke saath kya bikta hai", "lawn lene wale aur kya lete hain"),
    "ur": ("لان کے ساتھ کیا بکتا ہے", "لان لینے والے اور کیا لیتے ہیں"),
}


def sold(chat: Conversation, who: str, *goods: str) -> None:
    for good in goods:
        chat.says(f"{who} ordered 10 rolls {good} for 50000")


@pytest.fixture
def cloth(chat: Conversation) -> Conversation:
    """Six bought lawn, four of them dupatta; three others bought cement alone."""
    for who in ("Nishat Mills", "Gul Ahmed", "Halal Dairy", "Bilal Traders"):
        sold(chat, who, "lawn", "dupatta")
    for who in ("Zaman Traders", "Ideal Textiles"):
        sold(chat, who, "lawn")
    for who in ("Madina Traders", "Kashif Garments", "Sapphire Mills"):
        sold(chat, who, "cement")
    return chat


@pytest.mark.parametrize("said", [each for some in LAWN.values() for each in some])
def test_what_sells_with_a_thing(cloth: Conversation, said: str) -> None:
    told = words(cloth.says(said))
    assert "dupatta" in told
    assert "67%" in told  # of those with lawn
    assert "1.5" in told  # times as often as all
    assert "44%" in told  # of all
    assert "cement" not in told


def test_of_few_buyers_nothing_is_claimed(cloth: Conversation) -> None:
    assert "Only 3 customers have bought cement" in words(cloth.says("what sells with cement"))
    told = words(cloth.says("what sells with silk"))
    assert "Nobody has bought silk yet. Bought most: lawn" in told


def test_where_nothing_was_sold_it_is_said_so(chat: Conversation) -> None:
    chat.says("hello")
    assert "Nobody has bought lawn yet" in words(chat.says("what sells with lawn"))
