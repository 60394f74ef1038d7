"""Names that stand in no words file are found by their place; everyday words are nobody."""

from __future__ import annotations

from datetime import datetime

import pytest

from language.folding import fold
from language.known import Known
from language.lexicon import lexicon
from language.reader import read
from language.setting import Setting
from language.variants import common_form
from language.wordfiles import under

NOW = datetime.fromisoformat("2026-11-23T10:00:00+05:00")
UNLISTED = {"en": "zartunia", "roman": "zartunia", "ur": "زرتونیہ"}
PLACES = [
    ("en", "call {} tomorrow at 3"),
    ("en", "met {} today, wants a demo"),
    ("en", "won the deal with {} for 5 lakh"),
    ("en", "remind me to email {} on friday"),
    ("roman", "{} ko kal call karni hai"),
    ("roman", "{} ne 20 cartons ka order diya"),
    ("roman", "{} se mulaqat hui aaj"),
    ("roman", "{} ka number do"),
    ("ur", "{} کو کل کال کرنی ہے"),
    ("ur", "{} نے 20 کارٹن کا آرڈر دیا"),
    ("ur", "{} سے آج ملاقات ہوئی"),
]


def said_of(text: str) -> set[str]:
    return {action.slots["contact"] for action in read(text, NOW) if "contact" in action.slots}


@pytest.mark.parametrize(("tongue", "text"), PLACES)
def test_a_name_of_no_list_is_found_by_its_place(tongue: str, text: str) -> None:
    name = UNLISTED[tongue]
    assert not lexicon(tongue).table.match([common_form(name.lower(), tongue)], 0)[0]
    assert said_of(text.format(name)) == {name}


@pytest.mark.parametrize(
    "text",
    [
        "call nabeela tomorrow",
        "met sheeraz from Descon today",
        "emailed oyelaran the price list",
        "nabeela ko kal call karni hai",
    ],
)
def test_names_are_known_in_other_spellings_too(text: str) -> None:
    assert said_of(text) & {"nabeela", "sheeraz", "oyelaran"}


@pytest.mark.parametrize(
    "text",
    [
        "router delivery delayed for Nayatel",
        "deal with Interwood for 40 pumps closed at 12 lakh",
        "Nayatel ko router bhijwana hai kal",
        "interwood ka pump kharab hai, ticket kholo",
        "send the driver to Descon tomorrow",
        "نیاٹیل کو راؤٹر بھجوانا ہے کل",
    ],
)
def test_everyday_words_are_nobody(text: str) -> None:
    assert said_of(text) == set()


def test_a_family_name_that_is_a_word_needs_a_name_before_it() -> None:
    assert said_of("met Sarah King today") == {"Sarah King"}
    assert said_of("met sarah today about the king size beds") == {"sarah"}


def test_everyday_words_are_written_as_they_are_looked_up() -> None:
    words = {word for listing in under("everyday").values() for word in listing.split()}
    assert len(words) > 10_000
    assert [word for word in words if fold(word) != word] == []


def test_no_everyday_word_is_somebodys_name_too() -> None:
    book = lexicon("ur")
    names = {p[0] for p, s in book.table.senses.items() if len(p) == 1 and "given" in s}
    assert len(names) > 1_500
    assert names & book.everyday == set()


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("new lead Babar Zaidi from Zaidi 3 Fabrics, Karachi, 0300 5550351", "Zaidi 3 Fabrics"),
        ("new lead Rabia Lashari of Lashari 7 Mills, source expo", "Lashari 7 Mills"),
        ("Noor Lodhi at Shan 12 Foods, 0300 5550352", "Shan 12 Foods"),
        ("met Sara from 7 Star Traders", "7 Star Traders"),
        ("naya lead Omar Gul, Gul 9 Motors, Lahore", "Gul 9 Motors"),
    ],
)
def test_a_firm_may_have_a_number_in_its_name(text: str, firm: str) -> None:
    assert [each.slots.get("company") for each in read(text, NOW)] == [firm]
    assert "quantity" not in read(text, NOW)[0].slots


@pytest.mark.parametrize(
    "text",
    [
        "Sara Malik from Nishat ordered 3 Fabrics",
        "order for Nishat 300 Bags",
        "meeting with Nishat 3 pm",
        "Nishat 40 Textiles chahiye",
    ],
)
def test_a_number_behind_a_firm_counts_or_tells_the_time(text: str) -> None:
    firms = {each.slots.get("company") for each in read(text, NOW)}
    assert not any(char.isdigit() for firm in firms if firm for char in firm)


def test_a_firm_with_a_number_is_nobody_who_is_here() -> None:
    here = Known(people=("Owais Jatoi",), companies=("Jatoi Fabrics", "Lashari 7 Fabrics"))
    (lead,) = read("new lead Gulzar Jatoi from Jatoi 7 Fabrics, Karachi", NOW, Setting(known=here))
    assert (lead.intent, lead.slots["company"]) == ("contact.add", "Jatoi 7 Fabrics")
