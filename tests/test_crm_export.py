"""An export of a CRM that nobody told Rabta of: four files in any order, nothing of it lost."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests.test_cli import Rabta
from tests.test_importing import kept, put

STAGES = ("Won", "Lost", "Engaging", "Prospecting")
GOODS = (("Loom Basic", "Loom", "550"), ("Loom Pro", "Loom", "4821"), ("Yarn 500", "Yarn", "55"))


@pytest.fixture
def rabta(tmp_path: Path, database: Database) -> Rabta:
    return Rabta(tmp_path, database.url.render_as_string(hide_password=False))


def table(head: str, rows: Sequence[Sequence[object]]) -> str:
    lines = io.StringIO()
    csv.writer(lines).writerows([head.split(","), *rows])
    return lines.getvalue()


def an_export() -> dict[str, str]:
    lot = random.Random(11)
    agents = [f"Agent {letter}" for letter in "ABCDE"]
    firms = ["Nishat Mills", "Gul Ahmed", "حلال ڈیری", "Chen One"]
    deals = []
    for number in range(600):
        stage = lot.choice(STAGES)
        over = stage in ("Won", "Lost")
        deals.append((
            f"OPP{number:05}", lot.choice(agents), lot.choice(GOODS)[0].replace("Loom P", "LoomP"),
            lot.choice([*firms, ""]), stage, "" if stage == "Prospecting" else "2026-01-05",
            f"2026-03-{lot.randrange(1, 29):02}" if over else "",
            {"Won": lot.randrange(100, 90000), "Lost": 0}.get(stage, ""),
        ))  # fmt: skip
    return {
        "sales_pipeline.csv": table(
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,"
            "close_value", deals,
        ),
        "accounts.csv": table(
            "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
            [(firm, "technolgy", 1990, 11.5, 40, "Pakistan", "") for firm in firms],
        ),
        "products.csv": table("product,series,sales_price", GOODS),
        "sales_teams.csv": table(
            "sales_agent,manager,regional_office",
            [(agent, "Dustin", "Central" if agent < "Agent C" else "West") for agent in agents],
        ),
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_all_four_files_go_in_whole_and_in_any_order(rabta: Rabta, seed: int) -> None:
    files = an_export()
    order = random.Random(seed).sample(list(files), len(files))
    told = rabta("import", *(put(rabta, name, files[name]) for name in order))
    assert "left out" not in told.stdout
    rows = list(csv.DictReader(io.StringIO(files["sales_pipeline.csv"])))
    deals = kept(rabta, "deal")
    assert len(deals) == len(rows)
    assert _what(deals) == Counter(
        (row["opportunity_id"], row["sales_agent"], row["product"], row["account"] or None,
         {"Won": "won", "Lost": "lost"}.get(row["deal_stage"], "open"), row["close_date"] or None,
         Decimal(row["close_value"]) if row["close_value"] else None)
        for row in rows
    )  # fmt: skip
    stages = {deal["stage"] for deal in deals if deal["status"] == "open"}
    assert stages == {"engaging", "prospecting"}
    firms = {each["name"]: each["fields"] for each in kept(rabta, "company")}
    assert firms["حلال ڈیری"]["sector"] == "technolgy"
    assert {each["name"]: (each["category"], each["price"]) for each in kept(rabta, "product")} == {
        name: (series, f"{price}.00") for name, series, price in GOODS
    }
    team = {each["name"]: (each["manager"], each["office"]) for each in kept(rabta, "member")}
    assert team["Agent B"] == ("Dustin", "Central")
    assert team["Agent D"] == ("Dustin", "West")
    before = kept(rabta)
    rabta("import", *(put(rabta, name, files[name]) for name in reversed(order)))
    assert kept(rabta) == before
    rabta("import", "--undo")
    assert [each["type"] for each in kept(rabta)] == []


def _what(deals: Sequence[dict[str, Any]]) -> Counter[Any]:
    return Counter(
        (deal["fields"]["opportunity_id"], deal["owner"], deal["lines"][0]["product"],
         deal["company"], deal["status"], deal["close"],
         Decimal(deal["amount"]) if deal["amount"] else None)
        for deal in deals
    )  # fmt: skip


def test_files_of_one_export_find_each_other_by_their_ids(rabta: Rabta) -> None:
    """As Salesforce exports them: two of one name stay two, and only ids tell whose a deal is."""
    rabta(
        "import",
        put(rabta, "Opportunity.csv", "Id,AccountId,OwnerId,Name,StageName,Amount,CloseDate\n"
            "006a,001b,005x,Looms,Closed Won,400,2026-03-01\n"
            "006b,001a,005y,Yarn,Prospecting,50,2026-03-01\n"),
        put(rabta, "Contact.csv", "Id,AccountId,FirstName,LastName,Email,OwnerId\n"
            "003a,001a,Sara,Malik,sara@nishat.example,005x\n"),
        put(rabta, "Account.csv", "Id,Name,BillingCity,OwnerId\n"
            "001a,Nishat Mills,Lahore,005y\n001b,Gul Ahmed,Karachi,005x\n"),
        put(rabta, "User.csv", "Id,Name,Manager\n005x,Ayesha Khan,Bilal\n005y,Omar Shah,Bilal\n"),
    )  # fmt: skip
    deals = {each["title"]: (each["company"], each["owner"]) for each in kept(rabta, "deal")}
    assert deals == {"Looms": ("Gul Ahmed", "Ayesha Khan"), "Yarn": ("Nishat Mills", "Omar Shah")}
    (sara,) = kept(rabta, "contact")
    assert (sara["company"], sara["owner"]) == ("Nishat Mills", "Ayesha Khan")
