"""A group of customers that is asked for by a word: shown where the word is known, and where it is
not, told so, never a wider answer."""

from __future__ import annotations

import pytest

from tests.conversation import Conversation, labels, words

NOT_KNOWN = ("don't understand", "samajh nahi aaya", "سمجھ نہیں آیا")


def is_refused(answer: str) -> bool:
    return any(each in answer for each in NOT_KNOWN)


@pytest.fixture(autouse=True)
def _known(chat: Conversation) -> None:
    for line in (
        "add Sana Malik from Gul Ahmed, Karachi", "add Kashif Butt from Bilal Traders, Lahore",
        "add Omar Shah, source: expo", "tag Sana Malik textile",
        "order from Kashif Butt: 2 looms, 50000",
    ):  # fmt: skip
        chat.says(line)


# --- known ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "textile walay log dikhao", "show textile people", "ٹیکسٹائل والے لوگ",
        "karachi ke textile walay log", "kitne log textile walay hain dikhao",
    ],
)  # fmt: skip
def test_who_has_the_tag_is_shown(chat: Conversation, said: str) -> None:
    answer = words(chat.says(said))
    assert not is_refused(answer)
    assert "Sana" in answer or ": 1" in answer
    assert "Kashif" not in answer


@pytest.mark.parametrize(
    "said",
    [
        "expo se kitne log aaye", "how many people came from expo this month",
        "is mahine expo se kitne log aaye", "expo se is saal kitne log aaye",
        "who came from expo this month", "expo se kaun kaun aaya", "expo walay log dikhao",
        "اس مہینے ایکسپو سے کتنے لوگ آئے", "ایکسپو سے کتنے لوگ آئے",
    ],
)  # fmt: skip
def test_how_many_came_from_a_source(chat: Conversation, said: str) -> None:
    answer = words(chat.says(said))
    assert ": 1" in answer.partition("\n")[0]
    assert "expo" in answer


@pytest.mark.parametrize(
    "said",
    [
        "who came from expo last month", "pichle mahine expo se kitne log aaye",
        "پچھلے مہینے ایکسپو سے کتنے لوگ آئے",
    ],
)  # fmt: skip
def test_of_another_time_nobody_did(chat: Conversation, said: str) -> None:
    assert ": 0" in words(chat.says(said)).partition("\n")[0]


@pytest.mark.parametrize(
    "said",
    [
        "who bought this month", "kis kis ne is mahine khareeda", "is mahine kis kis ne khareeda",
        "اس مہینے کس کس نے خریدا", "کس کس نے اس مہینے خریدا",
    ],
)  # fmt: skip
def test_who_bought_is_no_question_of_risk(chat: Conversation, said: str) -> None:
    answer = words(chat.says(said))
    assert "Kashif" in answer
    assert "Sana" not in answer


def test_a_plea_denies_nothing(chat: Conversation) -> None:
    answer = words(chat.says("yaar karachi walay log dikhao na"))
    assert "Sana" in answer
    assert "Kashif" not in answer


# --- not known ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("pharma walay gahak dikhao", "pharma"),
        ("pharma customers", "pharma"),
        ("customers in pharma", "pharma"),
        ("how many pharma customers do we have", "pharma"),
        ("kitne pharma gahak hain", "pharma"),
        ("lahore ke pharma walay gahak", "pharma"),
        ("pharma customers in lahore", "pharma"),
        ("retailers in lahore", "retailers"),
        ("lahore ki hardware wali parties dikhao", "hardware"),
        ("customers who like cricket", "like cricket"),
        ("gahak jo khush hain", "khush"),
        ("facebook se kitne log aaye", "facebook"),
        ("facebook se is mahine kitne log aaye", "facebook"),
        ("how many people came from facebook this year", "facebook"),
        ("leads from facebook", "facebook"),
        ("فارما والے گاہک دکھاؤ", "فارما"),
        ("فارما کے گاہک", "فارما"),
        ("کتنے فارما گاہک ہیں", "فارما"),
        ("لاہور کے فارما والے گاہک", "فارما"),
        ("وہ گاہک جو کرکٹ کھیلتے ہیں", "کرکٹ کھیلتے"),
        ("فیس بک سے کتنے لوگ آئے", "فیس بک"),
    ],
)
def test_what_is_not_known_is_said(chat: Conversation, said: str, word: str) -> None:
    answer = words(chat.says(said))
    assert is_refused(answer)
    assert f"“{word}”" in answer
    assert not {"Sana", "Kashif", "Omar"} & set(answer.split())


def test_what_was_understood_is_one_tap_away(chat: Conversation) -> None:
    reply = chat.says("lahore ki pharma wali parties dikhao")
    (label,) = labels(reply)
    assert "lahore" in label.lower()
    assert "Kashif" in words(chat.taps(label))


@pytest.mark.parametrize(
    ("said", "tagged"),
    [
        ("pharma customers", "tag Omar Shah pharma"),
        ("pharma walay gahak", "Omar Shah ko pharma tag karo"),
        ("pharma walay log", "عمر شاہ کو pharma ٹیگ کرو"),
    ],
)
def test_it_becomes_a_group_as_was_told(chat: Conversation, said: str, tagged: str) -> None:
    assert is_refused(words(chat.says(said)))
    chat.says(tagged)
    assert not is_refused(words(chat.says(said)))


@pytest.mark.parametrize(
    "said",
    [
        "lahore walay gahak dikhao", "contacts in karachi please", "people at Gul Ahmed",
        "Sana in karachi", "bhai zara karachi ke log dikha do please", "my customers",
        "who is at risk", "bare gahak", "top customers", "find sana malik karachi",
    ],
)  # fmt: skip
def test_what_is_read_as_ever(chat: Conversation, said: str) -> None:
    assert not is_refused(words(chat.says(said)))
