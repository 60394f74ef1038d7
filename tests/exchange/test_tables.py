"""Exports of address books and other CRMs, and lists that people keep by hand."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from exchange.refusing import COMMAND
from tests.exchange.files import bad, one, plan, records, said, workbook

OUTLOOK = {
    "Title": "Ms", "First Name": "Sara", "Last Name": "Malik", "E-mail Address": "sara@nishat.pk",
    "E-mail 2 Address": "sara@home.pk", "Home Phone": "042 35761234", "Home Fax": "042 1",
    "Business Phone": "0300 1234567", "Job Title": "CEO", "Company": "Nishat, Mills",
    "Home City": "Kasur", "Business Street": "12 Mall Road", "Business City": "Lahore",
    "Business Country/Region": "Pakistan", "Birthday": "7/23/1984", "Notes": "likes tea\nno sugar",
}  # fmt: skip


def table(*rows: dict[str, str], delimiter: str = ",", charset: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(charset)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_outlook(delimiter: str, charset: str) -> None:
    assert said(one(table(OUTLOOK, delimiter=delimiter, charset=charset))) == {
        "type": "contact",
        "name": "Sara Malik",
        "first_name": "Sara",
        "last_name": "Malik",
        "company": "Nishat, Mills",
        "title": "CEO",
        "phones": ["+923001234567", "+924235761234"],
        "phones_as_written": ["0300 1234567", "042 35761234"],
        "emails": ["sara@nishat.pk", "sara@home.pk"],
        "city": "Lahore",
        "fields": {"address": "12 Mall Road, Lahore, Pakistan", "city": "Kasur",
                   "birthday": "1984-07-23", "Title": "Ms", "Home Fax": "042 1"},
        "note": "likes tea\nno sugar",
    }  # fmt: skip


def test_a_ledger_has_parties_and_the_person_to_call() -> None:
    row = {"S.No": "1", "Party Name": "Al-Karam Mills", "Contact Person": "Faisal Iqbal",
           "Mob #": "0300-2345678 / 0333 9876543", "Ph. Off": "021-34567890",
           "City": "KHI"}  # fmt: skip
    found = said(one(table(row)))
    assert (found["name"], found["company"]) == ("Faisal Iqbal", "Al-Karam Mills")
    assert found["phones"] == ["+923002345678", "+923339876543", "+922134567890"]
    assert found["city"] == "Karachi"
    shop = said(one(table(row | {"Contact Person": ""})))
    assert (shop["name"], shop.get("company")) == ("Al-Karam Mills", None)
    alone = said(one(table({"Party Name": "Haji Ashraf", "Mob #": "0300-2345678"})))
    assert alone["name"] == "Haji Ashraf"


def test_google_puts_several_values_into_one_cell() -> None:
    found = one(
        table({
            "First Name": "Ali", "Last Name": "Khan", "Labels": "* myContacts ::: Dealers",
            "E-mail 1 - Label": "* Work", "E-mail 1 - Value": "ali@x.pk ::: ali@y.pk",
            "Phone 1 - Label": "Work", "Phone 1 - Value": "0300 1234567 ::: 0321 7654321",
            "Organization Name": "Bilal Traders", "Organization Title": "Buyer",
            "Address 1 - Street": "Shop 4", "Address 1 - City": "Karachi",
        })
    )  # fmt: skip
    assert said(found)["phones"] == ["+923001234567", "+923217654321"]
    assert (found["emails"], found["tags"]) == (["ali@x.pk", "ali@y.pk"], ["dealers"])
    assert (found["company"], found["title"], found["city"]) == (
        "Bilal Traders",
        "Buyer",
        "Karachi",
    )


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"Full Name": "Mr. Ali Khan", "First Name": "Ali", "Last Name": "Khan"}, "Ali Khan"),
        ({"First Name": "Ali", "Middle Name": "Raza", "Last Name": "Khan"}, "Ali Raza Khan"),
        ({"Name": "Khan, Ali"}, "Ali Khan"),
        ({"Name": "Khan, PhD"}, "Khan, PhD"),
        ({"Name": "Ali", "Surname": "Khan"}, "Ali Khan"),
        ({"Display Name": "Ali Khan", "First Name": "Ali"}, "Ali Khan"),
    ],
)
def test_a_name_in_parts_and_whole(columns: dict[str, str], name: str) -> None:
    assert one(table({**columns, "Email": "ali@x.pk"}))["name"] == name


def test_an_old_mac_ends_lines_its_own_way() -> None:
    rows = "Name\rAli Khan\r" + "".join(f"Ali {number}\r" for number in range(20_000))
    found = records(rows, limits=replace(COMMAND, line=len(rows) // 10))
    assert (found[0]["name"], len(found)) == ("Ali Khan", 20_001)


def test_linkedin_talks_before_its_table() -> None:
    preamble = 'Notes:\n"When exporting, you may notice that some, are missing."\n\n'
    rows = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    found = one(preamble + rows + "Ali,Khan,https://l.in/ali,,Nishat,Buyer,12 Mar 2024\n")
    assert (found["name"], found["title"], found["created_at"]) == (
        "Ali Khan",
        "Buyer",
        "2024-03-12",
    )
    assert found["fields"] == {"website": "https://l.in/ali"}


def test_a_row_may_hold_a_deal_and_a_task_as_well() -> None:
    row = {
        "Person - Name*": "Ali Khan", "Person - Phone": "03001234567",
        "Organization - Name*": "Nishat", "Deal - Title": "Yarn", "Deal - Value": "480,000",
        "Activity - Subject*": "Call him", "Activity - Due date": "2024-05-01",
        "Note - Content*": "Met at expo",
    }  # fmt: skip
    contact, deal, task = records(table(row))
    assert (contact["name"], contact["company"], contact["note"]) == (
        "Ali Khan",
        "Nishat",
        "Met at expo",
    )
    assert (deal["type"], deal["title"], deal["amount"], deal["contact"]) == (
        "deal",
        "Yarn",
        "480000",
        "Ali Khan",
    )
    assert (task["type"], task["text"], task["due"]) == ("task", "Call him", "2024-05-01")
    assert len(records(table({**row, "Deal - Title": "", "Activity - Subject*": ""}))) == 1


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Record ID,First Name,Last Name,Email,Phone Number,Associated Deal", "contact"),
        ("Record ID,Company name,Company owner,Phone Number,City,Industry", "company"),
        ("Account Name,Phone,Billing City,Account Owner", "company"),
        ("Record ID,Deal Name,Deal Stage,Close Date,Amount,Associated Contact", "deal"),
        ("Opportunity Name,Account Name,Stage,Amount,Close Date", "deal"),
        ("Subject,Due Date,Status,Contact Name,Related To", "activity"),
        ("Order No,Date,Customer,Item,Qty,Rate,Total", "order"),
        ("Product Name,Product Code,Unit Price,Usage Unit", "product"),
        ("Id,Subject,Status,Priority,Requester,Assignee,Created at,Solved at", "ticket"),
        ("Ticket ID,Ticket name,Ticket status,Create date,Priority,Ticket owner", "ticket"),
        ("نام,فون,شہر,دکان", "contact"),
        ("Dukaan,Mobile,Sheher", "company"),
    ],
)
def test_what_kind_of_records_a_table_holds(headers: str, kind: str) -> None:
    assert plan(f"{headers}\n").kind == kind


@pytest.mark.parametrize("name", ["companies.csv", "hubspot-all-companies.csv", "کمپنیاں"])
def test_where_headers_leave_it_open_the_name_of_the_file_tells(name: str) -> None:
    rows = "Name,City,Phone,Owner\nNishat,Lahore,042 35761234,Sara\n"
    assert one(rows)["type"] == "contact"
    assert one(rows, name)["type"] == "company"
    assert one("First Name,Last Name,Company\nAli,Khan,Nishat\n", name)["type"] == "contact"


def test_a_shopkeeper_keeps_it_in_urdu() -> None:
    found = one("نام\tفون\tشہر\tدکان\nعلی خان\t۰۳۰۰۱۲۳۴۵۶۷\tلاہور\tبلال ٹریڈرز\n")
    assert (found["name"], found["city"], found["company"]) == ("علی خان", "لاہور", "بلال ٹریڈرز")
    assert found["phones"] == ["+923001234567"]


def test_headers_that_nobody_knows_are_guessed_and_asked_about() -> None:
    rows = (
        "Banda,Kidhar,Raabta no,Dak,Jagah\n"
        "Ali Khan,Bilal Traders,0300-1234567,ali@x.pk,Lahore\n"
        "Sara Malik,Nishat Mills,0321-7654321,sara@x.pk,Karachi\n"
    )
    first, _ = records(rows)
    assert (first["name"], first["company"], first["city"]) == (
        "Ali Khan",
        "Bilal Traders",
        "Lahore",
    )
    assert (first["phones"], first["emails"]) == (["+923001234567"], ["ali@x.pk"])
    doubtful = {column.header for column in plan(rows).doubtful}
    assert doubtful == {"Banda", "Kidhar", "Raabta no", "Jagah"}
    answered = records(rows, chosen={"Jagah": "", "Banda": "name", "Kidhar": "company"})[0]
    assert (answered["city"], answered["fields"]) == (None, {"Jagah": "Lahore"})


def test_a_number_that_is_no_phone_stays_a_field() -> None:
    rows = "Name,Phone,Licence\nAli,0300 1234567,0123456-7\nSara,0321 7654321,0765432-1\n"
    first, _ = records(rows)
    assert (first["phones"], first["fields"]) == (["+923001234567"], {"Licence": "0123456-7"})
    alone = plan("Name,Wala\nAli,0300 1234567\nSara,0321 7654321\n")
    assert [(each.header, each.slot.name) for each in alone.doubtful if each.slot] == [
        ("Wala", "phone")
    ]


def test_a_table_without_a_header() -> None:
    first, second = records("Ali Khan,0300-1234567,Lahore\nSara Malik,0321-7654321,Karachi\n")
    assert (first["name"], first["phones"], first["city"]) == (
        "Ali Khan",
        ["+923001234567"],
        "Lahore",
    )
    assert second["source"]["record"] == 2


@pytest.mark.parametrize(
    ("cell", "written", "phones"),
    [
        ('"=""03001234567"""', "03001234567", ["+923001234567"]),
        ("'+92 300 1234567", "+92 300 1234567", ["+923001234567"]),
        ("3001234567.0", "3001234567", ["+923001234567"]),
        ("923001234567", "923001234567", ["+923001234567"]),
        ("\u202a+92 300 1234567\u202c", "+92 300 1234567", ["+923001234567"]),
        ("0300 1234567/0321 7654321", "0300 1234567", ["+923001234567", "+923217654321"]),
        ("042-35761234/5", "042-35761234/5", ["+924235761234"]),
        ("042-35761234 ext 12", "042-35761234 ext 12", ["+924235761234"]),
        ("12125557777", "12125557777", ["+12125557777"]),
        ("3.217654321E+09", "3217654321", ["+923217654321"]),
        ("3.21765432E+9", "3217654320", ["+923217654320"]),
        ("9.23E+11", "9.23E+11", []),
        ("1122", "1122", []),
    ],
)
def test_phones_as_spreadsheets_mangle_them(cell: str, written: str, phones: list[str]) -> None:
    found = one(f"Name,Phone\nAli,{cell}\n")
    assert (found["phones_as_written"][0], found["phones"]) == (written, phones)
    assert found["problems"] == ([] if phones else ["phone"])


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("480000", "480000", None), ("Rs. 1,50,000.50", "150000.50", "PKR"),
        ("$5,000.00", "5000.00", "USD"), ("1.234,56 €", "1234.56", "EUR"),
        ("PKR 480,000", "480000", "PKR"), ("5 lakh", "500000", None), ("(200)", "-200", None),
        ("۱۵۰۰", "1500", None), ("later", None, None),
    ],
)  # fmt: skip
def test_sums(written: str, amount: str | None, currency: str | None) -> None:
    found = one(table({"Deal Name": "Yarn", "Deal Stage": "Proposal", "Amount": written}))
    assert (found["amount"], found["currency"]) == (amount, currency)
    assert ("amount" in found["problems"]) == (amount is None)


def test_a_column_of_days_is_read_one_way() -> None:
    rows = "Deal Name;Stage;Close Date\nA;Won;3/5/2024\nB;Lost;3/31/2024\n"
    assert [each["close"] for each in records(rows)] == ["2024-03-05", "2024-03-31"]
    assert [each["status"] for each in records(rows)] == ["won", "lost"]
    assert one("Deal Name;Stage;Close Date\nA;New;3/5/2024\n")["close"] == "2024-05-03"


def test_a_workbook_has_numbers_where_phones_should_be() -> None:
    found = one(workbook([["Name", "Mobile", "City"], ["Ali Khan", 3001234568.0, "Lahore"]]))
    assert (found["phones"], found["city"]) == (["+923001234568"], "Lahore")
    assert found["source"] == {"file": "book.csv", "record": 1, "sheet": "Customers"}


def test_a_quote_mark_that_nobody_closes_swallows_nothing() -> None:
    rows = "".join(f"Ali {number},0300{number:07}\n" for number in range(500))
    found = records(f'Name,Phone\nBilal,03001234567\n"Sara,03217654321\n{rows}')
    assert [each["name"] for each in found[:3]] == ["Bilal", "Sara", "Ali 0"]
    assert len(found) == 502
    long_note = "\n".join(["she said, he said"] * 30)
    assert one(f'Name,Phone,Note\nSara,03001234567,"{long_note}"\n')["note"] == long_note


def test_what_rabta_wrote_is_read_again() -> None:
    line = (
        '{"type": "contact", "id": 7, "name": "Sara Malik", "company": "Nishat Mills", '
        '"phones": ["+923001234567"], "emails": ["s@x.pk"], "source": "expo", '
        '"fields": {"NTN": "1"}}'
    )
    found = one(f'{line}\n{{"type": "stage", "key": "lead"}}\n'.splitlines()[0])
    assert (found["name"], found["lead_source"], found["fields"]) == (
        "Sara Malik",
        "expo",
        {"NTN": "1"},
    )
    assert found["phones"] == found["phones_as_written"] == ["+923001234567"]
    assert [each.reason for each in bad(f'{line}\n{{"x"\n{{"type": "cow"}}\n')] == [
        "no_json",
        "unknown_type",
    ]


def test_tags_of_which_each_stands_in_quotes() -> None:
    found = one('Email,First Name,TAGS\na@nishat.pk,Ayesha,"""vip"", ""lahore"""\n')
    assert found["tags"] == ["vip", "lahore"]


def test_freshsales_calls_a_company_an_account() -> None:
    found = one(
        "First name,Last name,Emails,Sales account,Sales owner\nSara,Malik,s@n.pk,Nishat,Ali\n"
    )
    assert (found["company"], found["owner"]) == ("Nishat", "Ali")


@pytest.mark.parametrize("nothing", ["-", "n/a", "N/A", "null", "0", "--", "nil"])
def test_what_stands_where_there_is_no_number_or_address(nothing: str) -> None:
    found = one(f"Name,Phone,Email\nAli,{nothing},{nothing}\n")
    assert (found["phones"], found["emails"], found["fields"]) == ([], [], {})


def test_a_number_that_nobody_can_dial_is_told_apart() -> None:
    found = one("Name,Phone,Mobile\nAli,1122,0300 1234567\n")
    assert (found["phones"], found["phones_odd"]) == (["+923001234567"], ["1122"])
    again = one('{"type": "contact", "name": "Ali", "phones": ["1122", "+923001234567"]}')
    assert (again["phones"], again["phones_odd"]) == (["+923001234567"], ["1122"])


def test_a_companys_other_numbers_are_fields() -> None:
    found = one(
        "Company name,Industry,Phone,Main phone,Email\nNishat,Textile,0300 1234567,042 35761234,"
        "a@n.pk; b@n.pk\n"
    )
    assert (found["type"], found["phone"], found["email"]) == ("company", "+923001234567", "a@n.pk")
    assert (found["fields"]["phone"], found["fields"]["email"]) == ("+924235761234", "b@n.pk")
