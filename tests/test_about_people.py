"""What is said of people in whole messages: sources, tags that go, what they make, sequences."""

from __future__ import annotations

from datetime import datetime

import pytest

from language.reader import read
from storage.models import Contact
from storage.scope import within
from tests.conversation import Conversation, labels, words
from tests.scenes import scene
from tests.test_kept_and_grown import intents_of

NOON = datetime.fromisoformat("2026-11-23T12:00:00+05:00")


@scene
def known(chat: Conversation) -> None:
    """Kashif of Gul Ahmed, Sara and Hina of Nishat Mills."""
    chat.says("met Kashif Rana from Gul Ahmed")
    chat.says("met Sara Malik from Nishat Mills, Lahore")
    chat.says("met Hina Shah from Nishat Mills")


@scene
def from_expo(chat: Conversation) -> None:
    """The same, and Kashif came from the expo."""
    chat.says("met Kashif Rana from Gul Ahmed")
    chat.says("met Sara Malik from Nishat Mills, Lahore")
    chat.says("Kashif came from the expo")


CAME = (
    "Kashif came from the expo", "kashif came through expo", "Kashif found us through the expo",
    "we got Kashif from the expo", "Kashif's source is expo", "Kashif is an expo lead",
    "kashif expo se aya tha", "kashif expo se aaya hai", "hamein kashif expo se mila",
    "Kashif expo ke zariye aaya", "kashif ka source expo hai", "kashif numaish se aya tha",
    "کاشف ایکسپو سے آیا تھا", "کاشف نمائش سے آیا ہے", "ہمیں کاشف ایکسپو سے ملا",
    "کاشف کا ذریعہ ایکسپو ہے",
)  # fmt: skip


@pytest.mark.parametrize("said", CAME)
def test_where_somebody_came_from_is_kept(known: Conversation, said: str) -> None:
    known.says(said)
    assert any(each in (_source(known) or "") for each in ("expo", "numaish", "ایکسپو", "نمائش"))
    known.taps(("Undo", "Wapas", "واپس")[_tongue(said)])
    assert _source(known) is None


def _tongue(said: str) -> int:
    roman = ("se ", "ke ", "ka ", "hamein")
    return 2 if not said.isascii() else 1 if any(each in said for each in roman) else 0


def _source(chat: Conversation) -> str | None:
    with chat.database.transaction() as session, within(session, 1):
        found: str | None = (
            session.query(Contact).filter_by(workspace_id=1, name="Kashif Rana").one().source
        )
        return found


NOT_A_SOURCE = (
    "sara came from Karachi today", "kashif office se aya tha", "kashif dukan se aaya tha",
    "kashif ka order website se aya", "met Kashif at the expo",
    "kashif lahore se aya tha", "کاشف دفتر سے آیا تھا", "کاشف لاہور سے آیا",
)  # fmt: skip


@pytest.mark.parametrize("said", NOT_A_SOURCE)
def test_a_town_or_a_room_is_no_source(known: Conversation, said: str) -> None:
    known.says(said)
    assert _source(known) is None


WHO = (
    "who came from expo", "who came from the expo?", "which leads came from the expo",
    "show me the customers who found us through the expo", "leads we got from expo",
    "leads from expo",
    "expo se kaun aaye", "expo se kaun kaun aaya hai", "kaun se gahak expo se aaye",
    "expo se aane wale gahak", "expo wale leads", "numaish se kaun kaun aya",
    "ایکسپو سے کون آئے", "ایکسپو سے کون کون آیا ہے", "نمائش سے آنے والے گاہک",
    "کون سے گاہک ایکسپو سے آئے",
    "who came from expo this month", "is mahine expo se kaun aaye", "اس مہینے ایکسپو سے کون آئے",
)  # fmt: skip


@pytest.mark.parametrize("said", WHO)
def test_who_came_from_a_source(from_expo: Conversation, said: str) -> None:
    told = words(from_expo.says(said))
    assert "Kashif Rana" in told
    assert "Sara" not in told


@pytest.mark.parametrize("said", ["who came from facebook", "facebook se kaun aaye"])
def test_where_nobody_came_from_a_source_that_is_told(from_expo: Conversation, said: str) -> None:
    told = words(from_expo.says(said))
    assert "facebook" in told
    assert "Kashif" not in told


def test_somebody_new_comes_with_a_source(known: Conversation) -> None:
    known.says("Hamza came from the website")
    assert "Hamza" in words(known.says("who came from the website"))


# --- tags that go -------------------------------------------------------------------------------

UNTAG = (
    "remove the vip tag from Nishat Mills", "untag Nishat Mills vip", "untag nishat mills from VIP",
    "take the vip label off Nishat Mills", "remove vip from nishat mills",
    "remove all tags from Nishat Mills", "Nishat Mills is no longer VIP",
    "nishat mills se vip tag hatao", "nishat mills ka vip tag hata do",
    "vip tag nishat mills se hata do",
    "nishat mills ke saare tag hata do", "nishat mills ab vip nahi",
    "نشاط ملز سے وی آئی پی ٹیگ ہٹا دو", "نشاط ملز کا وی آئی پی ٹیگ ہٹاؤ",
    "نشاط ملز کے سارے ٹیگ ہٹا دو",
)  # fmt: skip


@pytest.mark.parametrize("said", UNTAG)
def test_untagging_a_company_takes_its_people(known: Conversation, said: str) -> None:
    known.says("tag Nishat Mills vip")
    known.says("tag Kashif vip")
    assert _tagged(known) == {"Kashif Rana", "Sara Malik", "Hina Shah"}
    known.says(said)
    assert _tagged(known) == {"Kashif Rana"}
    known.taps(labels(known.last().reply)[0])
    assert _tagged(known) == {"Kashif Rana", "Sara Malik", "Hina Shah"}


def test_untagging_a_person_leaves_the_others(known: Conversation) -> None:
    known.says("tag Nishat Mills vip")
    known.says("untag Sara from vip")
    assert _tagged(known) == {"Hina Shah"}
    assert "no tag “gold”" in words(known.says("remove the gold tag from Hina"))


@pytest.mark.parametrize(
    "said",
    ["remove Sara from Nishat Mills", "sara is not interested any more", "sara ab customer nahi"],
)
def test_what_is_no_tag_goes_nowhere(known: Conversation, said: str) -> None:
    known.says("tag Nishat Mills vip")
    known.says(said)
    assert _tagged(known) == {"Sara Malik", "Hina Shah"}


def _tagged(chat: Conversation) -> set[str]:
    with chat.database.transaction() as session, within(session, 1):
        return {
            each.name
            for each in session.query(Contact).filter_by(workspace_id=1)
            if "vip" in each.tags
        }


# --- what they make -----------------------------------------------------------------------------

MAKE = (
    "customers who make denim", "which of our customers make denim?", "who makes denim",
    "companies that manufacture denim", "denim banane wale gahak", "jo gahak denim banate hain",
    "kaun denim banata hai", "kaun se gahak denim banate hain", "ڈینم بنانے والے گاہک",
    "کون سے گاہک ڈینم بناتے ہیں", "جو لوگ ڈینم بناتے ہیں ان کی لسٹ",
)  # fmt: skip


@pytest.mark.parametrize("said", MAKE)
def test_what_customers_make_is_no_figure_of_sales(known: Conversation, said: str) -> None:
    known.says("deal with Gul Ahmed 3 lakh")
    known.says("gul ahmed deal won")
    told = words(known.says(said))
    assert any(
        each in told for each in ("I cannot tell who makes", "Yeh pata nahi ke", "یہ پتا نہیں")
    )
    assert "3 lakh" not in told


@pytest.mark.parametrize("said", MAKE)
def test_it_is_told_by_tags(known: Conversation, said: str) -> None:
    known.says("tag Gul Ahmed as denim" if said.isascii() else "گل احمد پر ڈینم ٹیگ لگاؤ")
    told = words(known.says(said))
    assert "Kashif Rana" in told
    assert "Sara" not in told


# --- sequences of one ---------------------------------------------------------------------------

OF_ONE = (
    "is Sara still getting messages?", "is Sara in a sequence?", "which sequences is Sara in",
    "does Sara still get our emails", "are we still messaging Sara", "show Sara's sequences",
    "where is Sara in the sequence", "will Sara get any more messages?",
    "kya sara ko abhi message ja rahe hain", "sara ko abhi bhi message ja rahe hain?",
    "sara kis sequence mein hai", "kya sara kisi silsile mein hai",
    "sara ko message mil rahe hain ya nahi",
    "کیا سارہ کو ابھی میسج جا رہے ہیں", "سارہ کس سلسلے میں ہے", "کیا سارہ کو میسج مل رہے ہیں",
)  # fmt: skip


@pytest.mark.parametrize("said", OF_ONE)
def test_the_sequences_of_one(known: Conversation, said: str) -> None:
    known.says("template Salam: Salam {name}, kaise hain?")
    known.says("sequence Welcome: Salam, then after 3 days task call them")
    assert "Welcome" not in words(known.says(said))
    known.says("start the Welcome sequence for Sara")
    told = words(known.says(said))
    assert "Sara Malik" in told
    assert "Welcome" in told


def test_consent_and_cap_of_one_in_a_sequence(known: Conversation) -> None:
    known.says("sara's email is sara@nishat.example")
    known.says("template Salam: Salam {name}, kaise hain?")
    known.says("sequence Welcome: Salam by email, then after 3 days Salam")
    known.says("start the Welcome sequence for Sara")
    before = words(known.says("is Sara still getting messages?"))
    assert "step 1 of 2" in before
    assert "agreed to it" not in before
    known.says("Sara agreed to emails")
    after = words(known.says("is Sara still getting messages?"))
    assert "Messages reach Sara Malik by e-mail: they agreed to it." in after
    assert "Of at most 2 messages a week" in after


# --- at risk, and the best ----------------------------------------------------------------------

RISK = (
    "kis party ka khatra hai", "kin gahakon ke jaane ka dar hai", "kis gahak ke jane ka khatra hai",
    "kaun si party haath se ja rahi hai", "kon se gahak haath se nikal rahe hain",
    "hamein kis party ka khatra hai", "کس پارٹی کا خطرہ ہے", "کون سی پارٹی ہاتھ سے جا رہی ہے",
    "کن گاہکوں کے جانے کا ڈر ہے",
)  # fmt: skip


@pytest.mark.parametrize("said", RISK)
def test_who_is_at_risk(known: Conversation, said: str) -> None:
    assert intents_of(known, said) == ["risk.list"]


BEST = {
    "top ten customers this year": 10, "best five customers by sales this quarter": 5,
    "our three biggest customers last month by revenue": 3, "top 4 customers by sales": 4,
    "is saal ke sab se bare 10 gahak": 10, "sales ke hisaab se top 5 gahak is mahine": 5,
    "is mahine ki sab se bari 5 parties": 5, "اس سہ ماہی کے ٹاپ پانچ گاہک": 5,
    "اس سال خریداری کے لحاظ سے دس بڑے گاہک": 10,
}  # fmt: skip


@pytest.mark.parametrize(("said", "top"), BEST.items())
def test_the_best_customers_of_a_time_are_buyers(said: str, top: int) -> None:
    (action,) = read(said, NOON)
    assert (action.intent, action.slots["top"]) == ("order.buyers", top)
