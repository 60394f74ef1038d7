"""Audiences: who comes into an upload file, in which columns, written and hashed how."""

from __future__ import annotations

import csv
import io
from base64 import b64decode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reply import File, Reply
from rules.audiences import Person, harmless, parts_of, slug, upload
from tests.conversation import Conversation, labels, part, words
from tests.scenes import scene

FACEBOOK = ["email", "phone", "fn", "ln", "zip", "ct", "country"]
GOOGLE = ["Email", "Phone", "First Name", "Last Name", "Country", "Zip"]
LINKEDIN = [
    "email", "firstname", "lastname", "jobtitle", "employeecompany", "country", "googleaid",
]  # fmt: skip


def sha(text: str) -> str:
    return sha256(text.encode()).hexdigest() if text else ""


def table(reply: Reply) -> list[list[str]]:
    data = b64decode(part(reply, File).data)
    assert not data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


@scene
def shop(chat: Conversation) -> None:
    """Four customers and a lead; Hina agreed to nothing, Omar took it back."""
    chat.says("Sara Malik from Nishat Mills, Lahore, Sara.Malik@Gmail.com, 0300 1234567")
    chat.says("Bilal Khan, bilal@traders.pk, 0321 7654321, Karachi")
    chat.says("Kamran Ali, 0333 1112223, Lahore")
    chat.says("Hina Shah, Lahore, hina@x.pk")
    chat.says("Omar Butt, Lahore, omar@x.pk")
    chat.says("Sara Malik agreed to emails")
    chat.says("Bilal Khan agreed to whatsapp")
    chat.says("Kamran Ali agreed to emails")
    chat.says("Omar Butt agreed to emails")
    chat.says("Omar Butt unsubscribed")
    chat.says("Sara Malik ordered soap for 120000")
    chat.says("Bilal Khan ordered bags for 40000")
    chat.says("segment Lahore lot: contacts in Lahore")


def test_facebook_gets_all_that_tells_a_person_hashed(shop: Conversation) -> None:
    told = shop.says("facebook audience of customers")
    head, *rows = table(told)
    assert head == FACEBOOK
    assert rows == [
        [sha("sara.malik@gmail.com"), "", sha("sara"), sha("malik"), "", sha("lahore"), sha("pk")],
        ["", sha("923217654321"), sha("bilal"), sha("khan"), "", sha("karachi"), sha("pk")],
    ]
    assert "Facebook audience, customers: 2" in words(told)
    assert "depends on what they were told" in words(told)
    assert labels(told) == ["Google", "LinkedIn"]


def test_google_gets_country_and_zip_plain(shop: Conversation) -> None:
    shop.says("add a field zip code for contacts")
    shop.says("set Bilal Khan's zip code to 75500")
    head, *rows = table(shop.says("google audience of customers"))
    assert head == GOOGLE
    assert rows[0] == [sha("sara.malik@gmail.com"), "", sha("sara"), sha("malik"), "PK", ""]
    assert rows[1][:5] == ["", sha("+923217654321"), sha("bilal"), sha("khan"), "PK"]


def test_linkedin_gets_mails_hashed_and_the_rest_readable(shop: Conversation) -> None:
    told = shop.says("linkedin audience of Lahore lot")
    head, *rows = table(told)
    assert head == LINKEDIN
    assert rows == [[sha("sara.malik@gmail.com"), "Sara", "Malik", "", "Nishat Mills", "PK", ""]]
    assert "300" in words(told)


def test_it_says_who_is_left_out_and_why(shop: Conversation) -> None:
    told = words(shop.says("facebook audience of Lahore lot"))
    assert "facebook audience, lahore lot: 1" in told.lower()
    assert "1 not agreed" in told
    assert "1 opted out" in told
    assert "1 without an address they agreed to" in told


def test_whoever_agreed_to_mail_alone_is_not_known_by_their_number(shop: Conversation) -> None:
    _, *rows = table(shop.says("facebook audience of contacts in Lahore"))
    assert sha("923001234567") not in {cell for row in rows for cell in row}


def test_private_contacts_never_leave(shop: Conversation) -> None:
    shop.says("make Sara Malik private")
    told = shop.says("facebook audience of contacts in Lahore")
    assert sha("sara.malik@gmail.com") not in words(told) + str(told.parts)
    _, *rows = table(shop.says("lookalike seed"))
    assert [row[-1] for row in rows] == ["40000.00"]


@pytest.mark.parametrize(
    "said",
    [
        "facebook audience of customers in Lahore",
        "make me a facebook custom audience of customers in Lahore",
        "upload customers in Lahore to facebook",
        "export customers in Lahore for facebook ads",
        "I need an fb audience with customers in Lahore please",
        "customers in Lahore for a facebook audience",
        "export customers in Lahore as a meta custom audience",
        "lahore ke gahakon ki facebook audience banao",
        "lahore ke gahak facebook ads ki list mein do",
        "facebook audience banao lahore ke gahak",
        "لاہور کے گاہکوں کی فیس بک آڈینس بناؤ",
        "فیس بک آڈینس لاہور کے گاہک",
    ],
)
def test_it_is_asked_for_in_many_ways(shop: Conversation, said: str) -> None:
    told = shop.says(said)
    assert [row[0] for row in table(told)[1:]] == [sha("sara.malik@gmail.com")]
    assert part(told, File).name.startswith("facebook-")


@pytest.mark.parametrize(
    "said",
    [
        "exclude customers who bought this month",
        "exclude this month's buyers from ads",
        "don't show ads to customers who bought this month",
        "leave customers who bought this month out of our ads",
        "exclusion audience of customers who bought this month",
        "is mahine khareedne walon ko ads se nikalo",
        "jinhon ne is mahine khareeda unhein ads na dikhao",
        "جنہوں نے اس مہینے خریدا انہیں اشتہاروں سے نکال دو",
        "اس مہینے خریدنے والے گاہکوں کو اشتہار نہ دکھاؤ",
    ],
)
def test_whoever_bought_is_left_out_of_ads(shop: Conversation, said: str) -> None:
    asked = shop.says(said)
    assert len(labels(asked)) == 4
    told = shop.taps(labels(asked)[1])
    _, *rows = table(told)
    assert [row[0] or row[1] for row in rows] == [
        sha("sara.malik@gmail.com"), sha("+923217654321")
    ]  # fmt: skip
    assert part(told, File).name.startswith("google-exclude-")


@pytest.mark.parametrize(
    "said",
    [
        "lookalike seed",
        "facebook lookalike",
        "make a lookalike audience",
        "lookalike seed banao",
        "gahakon ki lookalike file do",
        "لک الائیک سیڈ بناؤ",
    ],
)
def test_a_seed_has_what_each_has_brought(shop: Conversation, said: str) -> None:
    head, *rows = table(shop.says(said))
    assert head == [*FACEBOOK, "value"]
    assert [row[-1] for row in rows] == ["120000.00", "40000.00"]


def test_the_best_are_the_best_fifth(shop: Conversation) -> None:
    ways = (
        "google audience for best customers", "google lookalike seed",
        "best customers for google ads",
        "best customers ki google audience", "بہترین گاہکوں کی گوگل آڈینس بناؤ",
    )  # fmt: skip
    for said in ways:
        head, *rows = table(shop.says(said))
        assert head == GOOGLE
        assert [row[0] for row in rows] == [sha("sara.malik@gmail.com")]


def test_a_companys_sum_is_shared_among_its_people(shop: Conversation) -> None:
    shop.says("Adil Raza from Nishat Mills, adil@nishat.pk")
    shop.says("Adil Raza agreed to emails")
    _, *rows = table(shop.says("lookalike seed"))
    assert [row[-1] for row in rows] == ["60000.00", "60000.00", "40000.00"]


def test_what_is_not_understood_makes_no_file(shop: Conversation) -> None:
    told = shop.says("facebook audience of purple people")
    assert "purple people" in words(told)
    assert not any(isinstance(each, File) for each in told.parts)


def test_nobody_who_may_be_in_it_makes_no_file(shop: Conversation) -> None:
    told = shop.says("google audience of contacts in Multan")
    assert not any(isinstance(each, File) for each in told.parts)


def test_reps_may_not_take_customers_to_advertisers(shop: Conversation) -> None:
    told = shop.says("facebook audience of customers", by="Bilal")
    assert not any(isinstance(each, File) for each in told.parts)
    assert "manager" in words(told)


def test_in_a_channel_the_file_comes_to_the_manager_alone(shop: Conversation) -> None:
    shop.says("facebook audience of customers", place="Sales")
    file = next(h for h in shop.heard if any(isinstance(p, File) for p in h.reply.parts))
    assert not file.place.chat.startswith("-")


@pytest.mark.parametrize(
    "said",
    [
        "Sara Malik came from facebook",
        "call Bilal Khan about the google ads tomorrow",
        "remind me to make a list for facebook ads tomorrow",
        "list of customers",
        "remove Bilal Khan",
        "note on Sara Malik: saw our ad on linkedin",
        "keep Sara Malik out of the loop",
        "customers from facebook ads",
        "how many customers came from google ads",
        "our target audience is women in Lahore",
    ],
)
def test_other_things_are_not_taken_for_it(shop: Conversation, said: str) -> None:
    told = shop.says(said)
    assert not any(isinstance(each, File) for each in told.parts)
    assert "custom audience" not in words(told).lower()


# --- how values are written -----------------------------------------------------------------------


def test_more_addresses_of_a_kind_have_columns_of_their_own() -> None:
    person = Person("Dr. Zoë Pérez Jr.", ("A@x.pk ", "b@x.pk"), ("+923001234567",), "St. Moritz!",
                    "CH", "WC2H-8LG")  # fmt: skip
    google = upload("google", [person])
    assert google.heads == (
        "Email", "Email", "Phone", "First Name", "Last Name", "Country", "Zip"
    )  # fmt: skip
    assert google.rows == (
        (sha("a@x.pk"), sha("b@x.pk"), sha("+923001234567"), sha("zoë"), sha("pérez"), "CH",
         "WC2H-8LG"),
    )  # fmt: skip
    facebook = upload("facebook", [person])
    assert facebook.heads == (
        "email", "email", "phone", "fn", "ln", "zip", "ct", "country"
    )  # fmt: skip
    assert facebook.rows == (
        (sha("a@x.pk"), sha("b@x.pk"), sha("923001234567"), sha("zoë"), sha("pérez"),
         sha("wc2h8lg"), sha("stmoritz"), sha("ch")),
    )  # fmt: skip
    linkedin = upload("linkedin", [person])
    assert [row[0] for row in linkedin.rows] == [sha("a@x.pk"), sha("b@x.pk")]


def test_the_dots_of_a_gmail_address_stay() -> None:
    row = upload("google", [Person("Sara", ("Sara.Malik@gmail.com",))]).rows[0]
    assert row[0] == sha("sara.malik@gmail.com")


def test_names_in_urdu_are_hashed_as_they_are_written() -> None:
    row = upload("facebook", [Person("سارہ ملک صاحبہ", ("s@x.pk",))]).rows[0]
    assert row[2:4] == (sha("سارہ"), sha("ملک"))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Sara", ("Sara", "")), ("Mr. Bilal Khan", ("Bilal", "Khan")),
        ("Muhammad Ali Jinnah", ("Muhammad", "Jinnah")), ("Bilal sahib", ("Bilal", "")),
        ("Dr", ("Dr", "")), ("", ("", "")),
    ],
)  # fmt: skip
def test_first_and_last_names(name: str, parts: tuple[str, str]) -> None:
    assert parts_of(name) == parts


@pytest.mark.parametrize("bad", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=x", "＝1", " =HYPERLINK(1)"])
def test_what_a_spreadsheet_would_calculate_is_left_out(bad: str) -> None:
    assert harmless(bad, 35) == ""
    person = Person(f"{bad} Khan", ("a@x.pk",), title=bad, company=bad, country=bad, zip=bad)
    for platform in ("google", "facebook", "linkedin"):
        cells = [cell for row in upload(platform, [person]).rows for cell in row]
        assert not any(cell[:1] in set("=+-@\t\r＝") for cell in cells if cell)


@given(st.text(max_size=80))
def test_no_value_breaks_its_line(text: str) -> None:
    found = harmless(text, 35)
    assert len(found) <= 35
    assert found == " ".join(found.split())
    assert found[:1] not in {"=", "+", "-", "@"} or not found


@given(st.text(max_size=80))
def test_the_name_of_a_file_is_letters_figures_and_hyphens(text: str) -> None:
    assert all(sign == "-" or (sign.isascii() and sign.isalnum()) for sign in slug(text))


@pytest.mark.parametrize(
    ("city", "told"),
    [("ملتان", "multan"), ("فیصل آباد", "faisalabad"), ("Lahore", "lahore"), ("جھنگ", "جھنگ")],
)
def test_a_city_in_urdu_letters_has_its_latin_name_where_that_is_known(
    city: str, told: str
) -> None:
    """Meta compares with "multan"; a name made up by sound might be that of another city."""
    person = Person("Sara Malik", ("sara@nishat.pk",), city=city)
    assert upload("facebook", [person]).rows[0][-2] == sha(told)
