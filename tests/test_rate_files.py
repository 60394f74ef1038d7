"""Files of rates: in the layouts in which offices keep them, by command and in chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.incoming import Attachment
from storage.database import Database
from tests.conversation import Conversation, words
from tests.exchange.files import records, workbook
from tests.test_capture import sends_file
from tests.test_cli import Rabta

LONG = "Date,Currency,Rate\n2026-10-01,USD,281.5\n2026-10-01,Euro,305.25\n"
LAYOUTS = {
    "a rate a line": LONG,
    "in our words": "تاریخ;کرنسی;ریٹ\n۱/۱۰/۲۰۲۶;ڈالر;۲۸۱.۵\n۱/۱۰/۲۰۲۶;یورو;۳۰۵.۲۵\n",
    "a column each": "Date\tUSD\tEUR\n1 Oct 2026\t281.5\t305.25\n",
    "a day each": "Currency,01/10/2026,02/10/2026\nUSD,281.5,\nEUR,305.25,-\n",
    "pairs": "Pair,Day,Mid\nUSD/PKR,01-Oct-2026,281.5\nEURPKR,01-Oct-2026,305.25\n",
    "bought and sold": "Sr,Currency,Buying,Selling,Date\n1,US Dollar,281,282,2026-10-01\n"
    "2,EUR,305,305.5,2026-10-01\n",
    "a title above": "Open market rates\n\nDate,Code,Name,Rate\n2026-10-01,USD,US Dollar,281.5\n"
    "2026-10-01,EUR,Euro,305.25\n",
    "no head": "2026-10-01,USD,281.5\n2026-10-01,EUR,305.25\n",
    "decimal commas": "Date;Currency;Rate\n01.10.2026;USD;281,5\n01.10.2026;EUR;305,25\n",
    "for a hundred": "Date,Currency,Unit,Rate\n2026-10-01,USD,100,28150\n2026-10-01,EUR,1,305.25\n",
    "another way": "From,To,Rate,Effective date\nUSD,PKR,281.5,2026-10-01\n"
    "EUR,PKR,305.25,2026-10-01\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_rates_are_read_in_the_usual_layouts(chat: Conversation, text: str) -> None:
    told = words(sends_file(chat, "rates.csv", text))
    assert "2 rates" in told
    chat.taps("Take it in")
    told = words(chat.says("rates"))
    assert "1 USD = 281.50 PKR | 1 Oct 2026" in told
    assert "1 EUR = 305.25 PKR | 1 Oct 2026" in told


def test_a_workbook_is_read_as_well() -> None:
    book = workbook([["Date", "Currency", "Rate"], ["2026-10-01", "USD", 281.5]])
    (rate,) = records(book, "rates.xlsx")
    assert (rate["type"], rate["currency"], rate["rate"]) == ("rate", "USD", "281.5")


@pytest.mark.parametrize(
    "text",
    [
        "Deal,Amount,Currency,Exchange rate,Close date\nLooms,5000,USD,281.5,2026-10-01\n",
        "Name,Currency\nSara Malik,USD\n",
        "Product,Code,Price\nLoom,USD,500\n",
        "Date,Customer,Rate\n2026-10-01,Bilal Traders,281.5\n",
        "Name,Company,Phone\nSara Malik,Nishat Mills,0300 5550101\n",
        "Date,Ali,Sara\n2026-10-01,5,6\n",
    ],
)
def test_no_other_table_is_taken_for_rates(text: str) -> None:
    assert [each["type"] for each in records(text) if each["type"] == "rate"] == []


def test_what_is_no_rate_is_handed_back(chat: Conversation) -> None:
    text = LONG + "2026-10-02,USD,2815\n2026-10-02,XXQ,1\n2026-13-45,USD,281\n2026-10-03,EUR,n/a\n"
    assert "4 left out" in words(sends_file(chat, "rates.csv", text))
    told = words(chat.taps("Take it in"))
    assert "Far off the rate before it: is a digit wrong?: 1" in told
    assert "It tells no rate of exchange: 3" in told
    assert "rates-left-out" in told
    assert "2,815" not in words(chat.says("dollar rate?"))


def test_a_rep_takes_in_no_rates(chat: Conversation) -> None:
    file = sends_file(chat, "rates.csv", LONG)
    assert "2 new" in words(file)
    chat.says("hello", by="Bilal")
    attached = Attachment("rates.csv", LONG.encode())
    told = chat.does("Bilal", "", other="file", attachment=attached, extra={"file": "1"})
    assert "2 left out" in words(told)


def test_the_same_file_twice_and_its_undo(chat: Conversation) -> None:
    chat.says("rate of the dollar on 1 October was 280")
    sends_file(chat, "rates.csv", LONG)
    assert "1 new, 1 filled in" in words(chat.taps("Take it in"))
    sends_file(chat, "rates.csv", LONG)
    assert "2 here already" in words(chat.taps("Take it in"))
    chat.says("undo")
    told = words(chat.says("rates"))
    assert "1 USD = 280.00 PKR" in told
    assert "EUR" not in told


def test_the_command(tmp_path: Path, database: Database) -> None:
    rabta = Rabta(tmp_path, database.url.render_as_string(hide_password=False))
    rates, people = tmp_path / "rates.csv", tmp_path / "people.csv"
    rates.write_text(LONG + "2026-10-02,USD,28.15\n")
    people.write_text("Name,Phone\nHina Shah,0300 5550109\n")
    assert '"currency":"EUR"' in rabta("rates", "--dry-run", str(rates)).stdout
    assert "more than rates" in rabta("rates", str(rates), str(people), code=1).stderr
    told = rabta("rates", str(rates))
    assert "rates: 2 new, 1 left out" in told.stdout
    assert "far off the rate before it" in told.stderr
    exported = rabta("export", "--type", "rate").stdout
    assert '"day": "2026-10-01", "currency": "USD", "base": "PKR", "rate": "281.5"' in exported
    assert "rates.csv" in rabta("import", "--undo").stdout
    assert rabta("export", "--type", "rate").stdout == ""
