"""Questions that look over what there is: answered, and nothing is written down by asking."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.models import Activity, Contact, Deal, Order, Task
from tests.conversation import AYESHA, Conversation, words

BILAL = "Bilal"
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
WRITTEN = (Activity, Order, Task, Contact, Deal)


@pytest.fixture
def desk(chat: Conversation) -> Conversation:
    """Sara is Ayesha's, Omar is Bilal's; Sara has two notes and a meeting, and ordered."""
    chat.clock.set(MONDAY)
    chat.says("add contact Sara Malik from Nishat Mills", by=AYESHA)
    chat.says("add contact Omar Farooq", by=BILAL)
    chat.says("met Sara Malik, she liked the looms", by=AYESHA)
    chat.says("note Sara Malik: prefers tea", by=AYESHA)
    chat.says("note Sara Malik: pays in cash", by=AYESHA)
    chat.says("Omar Farooq ordered 5 looms for 100000", by=BILAL)
    return chat


def written(chat: Conversation) -> list[int]:
    return chat.counts(*WRITTEN)


KNOWN = ("People: 2", "Companies: 1", "Have bought: 1")
TOLD = {
    "how many customers do we have?": KNOWN,
    "how many contacts": KNOWN,
    "total customers": KNOWN,
    "hamare kitne gahak hain": ("Log: 2", "Companies: 1", "Khareed chuke: 1"),
    "kul kitne customers hain": ("Log: 2",),
    "ہمارے کتنے گاہک ہیں؟": ("لوگ: 2", "کمپنیاں: 1", "خرید چکے: 1"),
    "who looks after Sara?": ("Sara Malik is looked after by Ayesha.",),
    "who owns Omar Farooq": ("Omar Farooq is looked after by Bilal.",),
    "whose customer is Omar": ("Omar Farooq is looked after by Bilal.",),
    "sara kis ke paas hai": ("Sara Malik, Ayesha ke paas hain.",),
    "سارہ کس کے پاس ہے؟": ("Sara Malik، Ayesha کے پاس ہیں۔",),
    "notes on Sara": ("Sara Malik, notes", "pays in cash", "prefers tea"),
    "show me Sara's notes": ("Sara Malik, notes", "pays in cash", "prefers tea"),
    "sara ke notes dikhao": ("Sara Malik, notes", "pays in cash", "prefers tea"),
    "سارہ کے نوٹس دکھاؤ": ("Sara Malik، نوٹس", "prefers tea"),
    "meetings with Sara this month": ("Sara Malik, meetings", "she liked the looms"),
    "calls with Sara": ("Sara Malik, calls", "Nothing of the kind is written down."),
    "how's business?": ("Report, ", "Besides, one order that came from no deal: Rs 1 lakh."),
    "karobar kaisa chal raha hai": ("Report, ", "Is ke ilawa aik order"),
    "my performance this month": ("Report, 1 Nov 2026 to 23 Nov 2026: Ayesha",),
    "meri performance kaisi hai": ("Report, ",),
    "how do I import my contacts?": ("Send me the file here",),
    "کانٹیکٹس کیسے ڈالوں؟": ("فائل یہیں بھیج دیں",),
    "what should I do next": ("Nothing left to do today.",),
}


@pytest.mark.parametrize("asked", TOLD)
def test_it_is_told_and_nothing_is_written(desk: Conversation, asked: str) -> None:
    desk.rings()
    before = written(desk)
    told = words(desk.says(asked, by=AYESHA))
    assert [part for part in TOLD[asked] if part not in told] == []
    assert written(desk) == before


def test_notes_are_only_notes(desk: Conversation) -> None:
    told = words(desk.says("notes on Sara", by=AYESHA))
    assert "looms" not in told
    assert told.index("pays in cash") < told.index("prefers tea")


def test_a_colleagues_calls_are_those_they_made(desk: Conversation) -> None:
    desk.says("add contact Bilal Traders owner Bilal", by=AYESHA)
    assert "Nothing of the kind" not in words(desk.says("Bilal's calls", by=AYESHA))


def test_whom_others_may_not_see_is_not_counted_for_them(desk: Conversation) -> None:
    desk.says("keep Sara Malik private", by=AYESHA)
    assert "People: 2" in words(desk.says("how many customers do we have", by=AYESHA))
    for by, place in ((AYESHA, "Sales"), (BILAL, ""), (BILAL, "Sales")):
        assert "People: 1" in words(desk.says("how many customers do we have", by=by, place=place))
    assert "tea" not in words(desk.says("notes on Sara Malik", by=BILAL))
    assert "Ayesha" not in words(desk.says("who looks after Sara Malik", by=BILAL))


@pytest.mark.parametrize(
    ("said", "kind"),
    [("note on Sara: likes coffee", Activity), ("meeting with Sara tomorrow", Task)],
)
def test_what_is_to_be_written_is_written(desk: Conversation, said: str, kind: type) -> None:
    before = written(desk)[WRITTEN.index(kind)]
    desk.says(said, by=AYESHA)
    assert written(desk)[WRITTEN.index(kind)] == before + 1


SALES = {
    "sales this month": ("Rs 0 from 0 deals won", "Besides, one order that came from no deal"),
    "sales in november": (
        "Sales, Nov 2026",
        "Besides, one order that came from no deal: Rs 1 lakh",
    ),
    "sales since monday": ("Sales, since 23 Nov 2026", "Besides, one order"),
    "november ki sale": ("Sale, Nov 2026", "Is ke ilawa aik order"),
    "نومبر کی سیل": ("سیل، نومبر 2026", "اس کے علاوہ ایک آرڈر"),
}


@pytest.mark.parametrize("asked", SALES)
def test_sales_tell_the_orders_that_no_deal_led_to(desk: Conversation, asked: str) -> None:
    told = words(desk.says(asked, by=AYESHA))
    assert [part for part in SALES[asked] if part not in told] == []


def test_only_those_of_that_time_and_of_whom_was_asked(desk: Conversation) -> None:
    assert "Besides" not in words(desk.says("sales in october", by=AYESHA))
    assert "Besides" not in words(desk.says("my sales this month", by=AYESHA))
    assert "Besides, one order" in words(desk.says("my sales this month", by=BILAL))


def test_an_order_of_a_won_deal_is_counted_once(desk: Conversation) -> None:
    desk.says("deal with Omar Farooq for 100000", by=BILAL)
    with desk.database.transaction() as session:
        session.scalars(select(Order)).one().deal_id = session.scalars(select(Deal.id)).one()
    desk.says("won the deal with Omar Farooq", by=BILAL)
    told = words(desk.says("sales this month", by=BILAL))
    assert "Rs 1 lakh from 1 deal won" in told or "Rs 1 lakh from one deal won" in told
    assert "Besides" not in told


BEST = {
    "what sells best?": ("Most sold, this month", "How many"),
    "top products this month": ("Most sold, this month", "How many"),
    "kaun sa maal sab se zyada bikta hai": ("Sab se zyada bika, is mahine", "Kitna"),
    "سب سے زیادہ کیا بکتا ہے؟": ("سب سے زیادہ بکا، اس مہینے", "کتنا"),
}


@pytest.mark.parametrize("asked", BEST)
def test_what_sells_best_is_told_by_orders(desk: Conversation, asked: str) -> None:
    desk.says("Sara Malik ordered 3 looms for 60000 and 40 bobbins for 400", by=AYESHA)
    told = words(desk.says(asked, by=AYESHA))
    assert [part for part in BEST[asked] if part not in told] == []
    assert told.index("looms | 8") < told.index("bobbins | 40")


def test_an_order_that_was_called_off_sold_nothing(desk: Conversation) -> None:
    with desk.database.transaction() as session:
        session.scalars(select(Order)).one().status = "cancelled"
    assert "looms" not in words(desk.says("what sells best", by=AYESHA))


def test_where_deals_are_won_figures_tell_what_sells(desk: Conversation) -> None:
    desk.says("deal with Sara Malik for 5 lakh", by=AYESHA)
    desk.says("won the deal with Sara Malik", by=AYESHA)
    assert "Most sold" not in words(desk.says("what sells best", by=AYESHA))


def test_goods_of_whom_others_may_not_see_are_not_told(desk: Conversation) -> None:
    desk.says("Sara Malik ordered 40 bobbins for 400", by=AYESHA)
    desk.says("keep Sara Malik private", by=AYESHA)
    assert "bobbins" in words(desk.says("what sells best", by=AYESHA))
    for by, place in ((AYESHA, "Sales"), (BILAL, "")):
        told = words(desk.says("what sells best", by=by, place=place))
        assert "looms" in told
        assert "bobbins" not in told


MORE = {
    "kis kis ki shikayat hai": "loom",
    "who has open complaints": "loom",
    "کن لوگوں کی شکایت ہے": "loom",
    "Omar Farooq's total": "Rs 1 lakh",
    "omar ka total kitna hua": "Rs 1 lakh",
    "عمر کا ٹوٹل کتنا ہے": "1 لاکھ",
}


@pytest.mark.parametrize("asked", MORE)
def test_whose_trouble_and_whose_total(desk: Conversation, asked: str) -> None:
    desk.says("Omar Farooq complained that a loom is broken", by=BILAL)
    assert MORE[asked] in words(desk.says(asked, by=AYESHA))


def test_customers_who_bought_nothing_are_no_list_of_risks(desk: Conversation) -> None:
    told = words(desk.says("kin gahakon ne is mahine kuch nahi liya", by=AYESHA))
    assert "kuch nahi khareeda" in told


TO_SEE = (
    "who am I meeting tomorrow", "any meetings tomorrow", "kal kis kis se milna hai",
    "کل کس سے ملنا ہے",
)  # fmt: skip


@pytest.mark.parametrize("said", TO_SEE)
def test_whom_one_will_see_is_the_agenda_of_that_day(desk: Conversation, said: str) -> None:
    desk.says("visit Omar tomorrow", by=AYESHA)
    desk.says("call Sara on friday", by=AYESHA)
    before = written(desk)
    told = words(desk.says(said, by=AYESHA))
    assert "visit Omar" in told
    assert "call Sara" not in told
    assert written(desk) == before


NOT_CALLED = {
    "who haven't I called this week?": ("Omar Farooq", "Sara Malik"),
    "whom did I not call today": ("Omar Farooq", "Sara Malik"),
    "is hafte kis ko call nahi kiya": ("Omar Farooq", "Sara Malik"),
    "اس ہفتے کس کس کو فون نہیں کیا": ("Omar Farooq", "Sara Malik"),
    "who haven't we met this month": ("Omar Farooq",),
    "is mahine kis kis se nahi mile": ("Omar Farooq",),
    "who have I not contacted": ("Omar Farooq",),
}


@pytest.mark.parametrize("said", NOT_CALLED)
def test_whom_nobody_called_or_met_is_a_list(desk: Conversation, said: str) -> None:
    before = written(desk)
    told = words(desk.says(said, by=AYESHA))
    for name in ("Omar Farooq", "Sara Malik"):
        assert (name in told) == (name in NOT_CALLED[said])
    assert written(desk) == before


SOLD = {
    "how much sugar did we sell?": ("sugar, this month, 13 bags, Rs 50,000", "One order says no"),
    "how many bags of sugar did we sell this month": ("sugar, this month, 13 bags",),
    "sugar kitni biki": ("sugar, is mahine, 13 bags",),
    "is mahine kitni sugar biki": ("sugar, is mahine, 13 bags",),
    "sugar کتنی بکی": ("sugar، اس مہینے، 13 bags",),
    "how much ghee did we sell last month": ("ghee: nothing sold, Oct 2026",),
}


@pytest.mark.parametrize("said", SOLD)
def test_how_much_of_one_kind_was_sold(chat: Conversation, said: str) -> None:
    chat.clock.set(MONDAY)
    chat.says("Sara ordered 10 bags sugar for 50000", by=AYESHA)
    chat.says("Omar ordered 3 bags sugar and 2 cartons ghee for 30000", by=AYESHA)
    before = written(chat)
    told = words(chat.says(said, by=AYESHA))
    for part in SOLD[said]:
        assert part in told
    assert written(chat) == before
