"""An export of a sales team's CRM as four files, made up: opportunities, accounts, products, team.

Some fields are empty, and one product is misspelt in the opportunities, as in real ones.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

AGENTS = (
    "Ayesha Siddiqui", "Bilal Ahmed", "Sara Malik", "Omar Farooq", "Hina Raza", "Farhan Qureshi",
    "Nadia Shah", "Usman Tariq", "Zainab Haider", "Imran Butt", "Rabia Anwar", "Kamran Lodhi",
)  # fmt: skip
OFFICES = {"Tariq Mehmood": "North", "Saima Iqbal": "Coast", "Daniel Marx": "Overseas"}
PRODUCTS = (
    ("Loom Basic", "Loom", 550), ("Loom Pro", "Loom", 4821), ("Warp Special", "Warp", 55),
    ("Warp Advanced", "Warp", 3393), ("Loom Plus Pro", "Loom", 5482), ("Dyer 500", "Dyer", 26768),
)  # fmt: skip
MISSPELT = {"Loom Pro": "LoomPro"}
SECTORS = ("retail", "export", "wholesale", "hospitality", "medical")
PLACES = ("Lahore", "Karachi", "Multan", "Sialkot")
ACCOUNTS = tuple(
    "".join(parts) for parts in product(("Can", "Iso", "Hot", "Kan", "Zen"), ("city", "dom", "fan"))
)
FIRST, LAST = date(2025, 1, 6), date(2026, 6, 30)


def write(folder: Path, opportunities: int, seed: int = 7) -> list[Path]:
    """The four files; the same seed gives the same."""
    dice = Random(seed)
    head = "account sector year_established revenue employees office_location subsidiary_of"
    _csv(folder / "accounts.csv", head, (
        (name, dice.choice(SECTORS), dice.randint(1980, 2026), dice.randint(4, 9000),
         dice.randint(9, 34000), dice.choice(PLACES), dice.choice(("", "", *ACCOUNTS[:2])))
        for name in ACCOUNTS
    ))  # fmt: skip
    _csv(folder / "products.csv", "product series sales_price", PRODUCTS)
    _csv(folder / "sales_teams.csv", "sales_agent manager regional_office", (
        (agent, manager, OFFICES[manager])
        for number, agent in enumerate(AGENTS) for manager in [list(OFFICES)[number % 3]]
    ))  # fmt: skip
    head = (
        "opportunity_id sales_agent product account deal_stage engage_date close_date close_value"
    )
    _csv(folder / "sales_pipeline.csv", head, (_deal(dice) for _ in range(opportunities)))
    return sorted(folder.glob("*.csv"))


def _deal(dice: Random) -> Sequence[object]:
    stage = dice.choices(("Won", "Lost", "Engaging", "Prospecting"), (48, 28, 18, 6))[0]
    name, _, price = dice.choice(PRODUCTS)
    began = FIRST + timedelta(days=dice.randrange(500))
    ended = min(began + timedelta(days=dice.randrange(1, 138)), LAST)
    is_closed = stage in {"Won", "Lost"}
    worth = {"Won": round(price * dice.uniform(0.7, 1.3)), "Lost": 0}.get(stage, "")
    return (
        f"{dice.getrandbits(32):08X}",
        dice.choice(AGENTS[:-1]),  # one has sold nothing yet
        MISSPELT.get(name, name) if dice.random() < 0.9 else name,
        dice.choice(ACCOUNTS) if is_closed or dice.random() < 0.3 else "",
        stage,
        "" if stage == "Prospecting" else began,
        ended if is_closed else "",
        worth,
    )


def _csv(path: Path, head: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head.split())
        writer.writerows(rows)
