"""Business cards: what is a name, a firm, a title; and, where the extra is installed, read from
the picture itself."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image, ImageFilter

from exchange.asked import Asked
from exchange.bounded import read_bytes
from exchange.photo.business_card import Written, person_on
from exchange.photo.lettering import is_there
from exchange.records import Place
from exchange.refusing import CARD, Refused
from tests.exchange.business_cards import CARDS
from tests.exchange.pictures import saved

needs_ocr = pytest.mark.skipif(not is_there(), reason="the extra ocr is not installed")
HERE = Place("card.jpg", 1)


def read(*texts: str) -> dict[str, Any]:
    """Lines of one size, one below the other."""
    lines = [Written(text, 60, 100 + 40 * at, 28) for at, text in enumerate(texts)]
    return person_on(lines, "PK", HERE)


def found(record: dict[str, Any], key: str) -> object:
    return record[key] if key in record else record["fields"].get(key)


@pytest.mark.parametrize("layout", CARDS)
def test_each_line_is_told_for_what_it_is(layout: str) -> None:
    lines = [Written(each.text, each.left, each.top, each.height) for each in CARDS[layout].lines]
    record = person_on(lines[::-1], "PK", HERE)
    assert {key: found(record, key) for key in CARDS[layout].says} == CARDS[layout].says


OTHERS = [
    (
        ("GREEN VALLEY FOODS", "Quality you can trust", "Zainab Tariq", "Regional Manager - South",
         "+92 (21) 3587 6543", "zainab.tariq@greenvalleyfoods.example",
         "Suite 402, Horizon Tower, Clifton, Karachi"),
        ("Zainab Tariq", "Regional Manager - South", "GREEN VALLEY FOODS", "Karachi"),
    ),
    (
        ("Rizwan & Sons", "Deals in all kinds of steel pipes", "Rizwan Akhtar", "Proprietor",
         "Ph: 055-3891234", "G.T. Road, Gujranwala"),
        ("Rizwan Akhtar", "Proprietor", "Rizwan & Sons", "Gujranwala"),
    ),
    (
        ("systems limited", "Kamran Haider", "VP Engineering", "M +92 321 4455667",
         "www.systemsltd.example", "Phase VIII, Multan"),
        ("Kamran Haider", "VP Engineering", "systems limited", "Multan"),
    ),
    (
        ("HABIB BANK LIMITED", "Nadia Hussain - Branch Manager", "Tel: 021-32418000 Ext 204",
         "Main Branch, I.I. Chundrigar Road, Karachi."),
        ("Nadia Hussain", "Branch Manager", "HABIB BANK LIMITED", "Karachi"),
    ),
    (
        ("Tariq Mehmood", "Mehmood Electronics", "0300-9876543", "Hall Road, Lahore"),
        ("Tariq Mehmood", None, "Mehmood Electronics", "Lahore"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "says"), OTHERS)
def test_words_alone_tell_where_all_is_of_one_size(
    texts: tuple[str, ...], says: tuple[str | None, ...]
) -> None:
    record = read(*texts)
    assert tuple(record[key] for key in ("name", "title", "company", "city")) == says
    assert len(record["phones"]) == 1


def test_the_next_line_of_an_office_is_no_part_of_its_number() -> None:
    record = read("Faisal Raza", "Descon Engineering", "T: +92 42 35923721-9", "F: +92 42 35923749")
    assert (record["phones"], record["fields"]) == (["+924235923721"], {"fax": "+92 42 35923749"})


def test_urdu_cards_are_read_by_the_same_rules() -> None:
    record = read(
        "نشاط ملز", "عمر فاروق", "جنرل منیجر", "موبائل: 0300-5550102", "omar@nishat.example"
    )
    assert (record["name"], record["title"]) == ("عمر فاروق", "جنرل منیجر")
    assert record["company"] == "نشاط ملز"
    assert record["phones"] == ["+923005550102"]


def test_numbers_of_other_kinds_are_no_phones() -> None:
    record = read("Sara Malik", "NTN: 1234567-8", "CNIC 35202-1234567-1", "Cell: 0300 5550101")
    assert record["phones"] == ["+923005550101"]
    assert record["fields"] == {}


def test_an_address_that_was_read_with_gaps_is_whole() -> None:
    record = read("Sara Malik", "Nishat Mills", "sara @ nishat . example", "WWW.NISHAT.COM")
    assert record["emails"] == ["sara@nishat.example"]
    assert record["fields"]["website"] == "www.nishat.com"


@pytest.mark.parametrize(
    "texts", [(), ("Sale today",), ("Total 5,400", "Cash"), ("0300 5550101",), ("Sara Malik",)]
)
def test_what_is_no_card_is_nobody(texts: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        read(*texts)
    assert refused.value.reason == "no_card"


def bare(said: object) -> str:
    """Of a photo the letters count: between words a space may be lost."""
    return str(said).replace(" ", "")


def told(picture: Image.Image) -> dict[str, Any]:
    asked = Asked("PK", "card", limits=CARD)
    (record,) = read_bytes(saved(picture, "JPEG", quality=88), "card.jpg", asked)
    return record


@needs_ocr
@pytest.mark.parametrize("layout", CARDS)
def test_a_card_is_read_from_its_picture(layout: str) -> None:
    record = told(CARDS[layout].drawn())
    assert {key: found(record, key) for key in CARDS[layout].says} == CARDS[layout].says


@needs_ocr
@pytest.mark.parametrize("layout", CARDS)
def test_a_card_is_read_from_a_photo_of_a_desk(layout: str) -> None:
    """Lying a little askew, not quite sharp."""
    desk = Image.new("RGB", (1600, 1200), "sienna")
    desk.paste(CARDS[layout].drawn(), (270, 300))
    photo = desk.rotate(4, Image.Resampling.BICUBIC, fillcolor="sienna")
    record = told(photo.filter(ImageFilter.GaussianBlur(0.8)))
    says = CARDS[layout].says
    assert (record["name"], record["phones"]) == (says["name"], says["phones"])
    assert record["emails"] == says["emails"]
    assert bare(record["company"]) == bare(says["company"])


@needs_ocr
def test_a_picture_of_nothing_is_no_card() -> None:
    with pytest.raises(Refused) as refused:
        told(Image.new("RGB", (800, 600), "sienna"))
    assert refused.value.reason == "no_card"
