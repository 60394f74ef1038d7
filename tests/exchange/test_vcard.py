"""vCards as phones and mail programs write them, not as the standard would have them."""

from __future__ import annotations

import quopri

import pytest

from exchange.writing.vcard import vcards_of
from tests.exchange.files import one, records, said


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def test_a_phone_of_today() -> None:
    found = one(
        card(
            "PRODID:-//Apple Inc.//iPhone OS 17.0//EN",
            "N:Malik;Sara;;Dr.;",
            "FN:Dr. Sara Malik",
            "ORG:Nishat Mills\\, Ltd.;Purchasing",
            "TITLE:Head of Sourcing",
            "item1.EMAIL;type=INTERNET;type=pref:Sara@Nishat.pk",
            "TEL;type=WORK;type=FAX:042 35761235",
            "TEL;type=CELL;type=VOICE;type=pref:0300 1234567",
            "item2.ADR;type=WORK;type=pref:;;12 Mall Road;Lahore;Punjab;54000;Pakistan",
            "item3.X-ABDATE:2011-03-01",
            "item3.X-ABLabel:_$!<Anniversary>!$_",
            "BDAY:1984-07-23",
            "CATEGORIES:VIP,Textile",
            "URL;type=WORK:https://nishat.pk",
            "NOTE:Met at the expo\\nlikes tea\\, no sugar",
        ),
        "Sara.vcf",
    )
    assert said(found) == {
        "type": "contact",
        "name": "Dr. Sara Malik",
        "first_name": "Sara",
        "last_name": "Malik",
        "company": "Nishat Mills, Ltd.",
        "title": "Head of Sourcing",
        "phones": ["+923001234567", "+924235761235"],
        "phones_as_written": ["0300 1234567", "042 35761235"],
        "emails": ["sara@nishat.pk"],
        "city": "Lahore",
        "tags": ["vip", "textile"],
        "fields": {
            "department": "Purchasing",
            "address": "12 Mall Road, Lahore, Punjab, 54000, Pakistan",
            "anniversary": "2011-03-01",
            "birthday": "1984-07-23",
            "website": "https://nishat.pk",
        },
        "note": "Met at the expo\nlikes tea, no sugar",
    }
    assert found["source"] == {"file": "Sara.vcf", "record": 1}


def test_an_old_phone_quotes_urdu_and_breaks_it_softly() -> None:
    name = quopri.encodestring("بلال;محمد".encode()).decode().replace("\n", "")
    soft = f"{name[:30]}=\r\n{name[30:]}"
    found = one(
        card(
            f"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{soft}",
            "TEL;CELL:+923001234567",
            "NOTE;ENCODING=QUOTED-PRINTABLE:first line=0D=0Asecond=20=\r\n line",
            version="2.1",
        )
    )
    assert (found["name"], found["note"]) == ("محمد بلال", "first line\nsecond line")


@pytest.mark.parametrize(
    ("written", "charset", "named"),
    [("José Nuñez", "iso-8859-1", True), ("Zoë Günther", "cp1252", False),
     ("علي خان", "windows-1256", True), ("محمد جميل الرحمن", "cp1256", False),
     ("علی خان", "utf-16", False)],
)  # fmt: skip
def test_any_character_set(written: str, charset: str, named: bool) -> None:
    parameter = f";CHARSET={charset}" if named else ""
    data = card(f"FN{parameter}:{written}", "TEL:03001234567").encode(charset)
    assert one(data)["name"] == written


def test_a_picture_is_left_out_however_it_is_laid() -> None:
    folded = ("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", " AAAA", "")
    bare = ("PHOTO;BASE64:", "/9j/4AAQSkZJRg==", "AAAA", "")
    one_line = (f"PHOTO;ENCODING=b:{'A' * 3_000_000}",)
    for picture in (folded, bare, one_line):
        found = one(card("FN:Ali Khan", *picture, "TEL:0300 1234567"))
        assert (found["name"], found["phones"]) == ("Ali Khan", ["+923001234567"])
        assert found["note"] is None


def test_several_cards_one_of_them_broken() -> None:
    data = (
        card("FN:Ali Khan")
        + "garbage between\r\n"
        + "BEGIN:VCARD\r\nFN:Sara Malik\r\nno colon here\r\n"
        + card("FN:Bilal", "AGENT:", "BEGIN:VCARD", "FN:His secretary", "END:VCARD", "TEL:10")
    )
    found = records(data)
    assert [each["name"] for each in found] == ["Ali Khan", "Sara Malik", "Bilal"]
    assert [each["source"]["record"] for each in found] == [1, 2, 3]
    assert found[2]["phones_as_written"] == ["10"]


def test_the_fourth_version_calls_by_link() -> None:
    found = one(
        card(
            "FN;PREF=2:Sara",
            "FN;PREF=1:Sara Malik",
            'TEL;VALUE=uri;TYPE="work,voice":tel:+92-42-3576-1234;ext=12',
            "EMAIL:mailto:sara@nishat.pk",
            "BDAY:--0723",
            version="4.0",
        )
    )
    assert found["phones"] == ["+924235761234"]
    assert found["phones_as_written"] == ["+92-42-3576-1234 ext. 12"]
    assert (found["emails"], found["fields"]) == (
        ["sara@nishat.pk"], {"birthday": "--07-23", "extension": "12"},
    )  # fmt: skip


def test_what_cannot_be_dialled_is_kept_as_written_and_told() -> None:
    found = one(card("FN:Ali", "TEL:ask my office", "EMAIL:not an address"))
    assert (found["phones"], found["phones_as_written"]) == ([], ["ask my office"])
    assert found["fields"] == {"email": "not an address", "phone": "ask my office"}
    assert found["problems"] == ["email", "phone"]


def test_a_number_is_read_in_the_country_of_its_address() -> None:
    found = one(card("FN:Jim", "TEL:(212) 555-7777", "ADR:;;1 Wall St;New York;NY;;U.S.A."))
    assert found["phones"] == ["+12125557777"]


def test_what_rabta_wrote_as_cards_is_read_again() -> None:
    sara = {
        "type": "contact", "id": 7, "name": "Sara Malik", "company": "Nishat; Mills",
        "title": "CEO", "phones": ["+923001234567"], "emails": ["sara@nishat.pk"],
        "city": "Lahore", "tags": ["vip", "eid, list"],
        "fields": {"NTN: \"new\"": "a\nb", "شناخت": "7"},
        "source": "expo", "owner": "Bilal", "created_at": "2026-11-23T05:00:00Z",
    }  # fmt: skip
    firm = {
        "type": "company", "id": 8, "name": "Nishat Mills", "phone": "+924235761234",
        "email": "office@nishat.pk", "city": "Lahore", "source": None, "fields": {"NTN": "1"},
    }  # fmt: skip
    person, company = records(b"".join(vcards_of([sara, firm])))
    for name in ("name", "company", "title", "phones", "emails", "city", "fields", "owner"):
        assert person[name] == sara[name], name
    assert (person["lead_source"], person["created_at"]) == ("expo", "2026-11-23T05:00:00Z")
    for name in ("type", "name", "phone", "email", "city", "fields"):
        assert company[name] == firm[name], name
    assert person["tags"] == sara["tags"]


def test_an_iphone_marks_a_company() -> None:
    firm = card("N:;;;;", "ORG:Metro Cash;", "TEL:021 35670001", "X-ABShowAs:COMPANY")
    assert said(one(firm)) == {
        "type": "company",
        "name": "Metro Cash",
        "phone": "+922135670001",
        "phones_as_written": ["021 35670001"],
    }
    person = card("N:Malik;Sara;;;", "ORG:Metro Cash;", "X-ABShowAs:COMPANY")
    assert one(person)["type"] == "contact"


@pytest.mark.parametrize("kind", ["KIND:group", "X-ADDRESSBOOKSERVER-KIND:group"])
def test_a_group_of_cards_is_nobody(kind: str) -> None:
    group = card(kind, "FN:VIP", "MEMBER:urn:uuid:1")
    assert [each["name"] for each in records(group + card("FN:Sara"))] == ["Sara"]
    assert one(card(kind, "FN:Sales", "EMAIL:sales@nishat.pk"))["name"] == "Sales"
