"""Questions about an imported CRM export, beside pandas on its files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pytest
from click.testing import CliRunner

from bot.ask import asked
from bot.cli import main
from bot.settings import Settings
from tests import sales_export

Frame: TypeAlias = Any
"""Of pandas, which comes without types."""

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
SIZE = 1500


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return sales_export.write(tmp_path_factory.mktemp("export"), SIZE)


@pytest.fixture(scope="module")
def database(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    settings = {"RABTA_DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('db') / 'rabta.db'}"}
    ran = CliRunner().invoke(main, ["import", *map(str, files)], env=settings)
    assert ran.exit_code == 0, ran.output
    return settings


@pytest.fixture(scope="module")
def deals(files: list[Path]) -> Frame:
    """All opportunities with what their files say of product, account and agent."""
    accounts, products, pipeline, teams = (pd.read_csv(file) for file in files)
    pipeline["product"] = pipeline["product"].replace({"LoomPro": "Loom Pro"})
    found = (
        pipeline.merge(products, on="product", how="left")
        .merge(accounts, on="account", how="left")
        .merge(teams, on="sales_agent", how="left")
    )
    for column in ("engage_date", "close_date"):
        found[column] = pd.to_datetime(found[column])
    found["days"] = (found.close_date - found.engage_date).dt.days
    found["month"] = found.close_date.dt.strftime("%Y-%m")
    found["quarter"] = found.close_date.dt.to_period("Q").astype(str).str.replace("Q", "-Q")
    return found


def won(deals: Frame) -> Frame:
    return deals[deals.deal_stage == "Won"]


def lost(deals: Frame) -> Frame:
    return deals[deals.deal_stage == "Lost"]


def closed(deals: Frame) -> Frame:
    return deals[deals.deal_stage.isin(["Won", "Lost"])]


def within(deals: Frame, first: str, last: str, column: str = "close_date") -> Frame:
    return deals[(deals[column] >= first) & (deals[column] <= last)]


def of(deals: Frame, **values: str) -> Frame:
    for column, value in values.items():
        deals = deals[deals[column] == value]
    return deals


def rate(deals: Frame) -> float:
    return float((closed(deals).deal_stage == "Won").mean())


def best(groups: Any, *, least: bool = False, place: int = 1) -> str:
    """The name of the highest figure; of equal ones the first by name."""
    frame = groups.rename("figure").reset_index()
    frame.columns = ["name", "figure"]
    ordered = frame.sort_values(["figure", "name"], ascending=[least, True])
    return str(ordered.iloc[place - 1]["name"])


Q1, Q2 = ("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30")
Y25 = ("2025-01-01", "2025-12-31")
S, B = "Sara Malik", "Bilal Ahmed"

QUESTIONS: list[tuple[str, Callable[[Frame], Any]]] = [
    (
        "how many deals did Sara Malik win in Q2",
        lambda d: len(within(of(won(d), sales_agent=S), *Q2)),
    ),
    (
        "how many deals did Bilal lose last year",
        lambda d: len(within(of(lost(d), sales_agent=B), *Y25)),
    ),
    ("total number of opportunities", len),
    ("how many deals are open", lambda d: len(d) - len(closed(d))),
    (
        "how many opportunities are in the engaging stage",
        lambda d: len(of(d, deal_stage="Engaging")),
    ),
    (
        "how many deals did we win last month",
        lambda d: len(within(won(d), "2026-06-01", "2026-06-30")),
    ),
    (
        "how many deals were closed in March 2026",
        lambda d: len(within(closed(d), "2026-03-01", "2026-03-31")),
    ),
    ("what was the total revenue in 2025", lambda d: within(won(d), *Y25).close_value.sum()),
    ("revenue last quarter", lambda d: within(won(d), *Q2).close_value.sum()),
    (
        "how much did Sara Malik bring in in the first quarter of 2026",
        lambda d: within(of(won(d), sales_agent=S), *Q1).close_value.sum(),
    ),
    (
        "sales of the Coast office in 2025",
        lambda d: within(of(won(d), regional_office="Coast"), *Y25).close_value.sum(),
    ),
    (
        "Tariq Mehmood's team revenue in Q1",
        lambda d: within(of(won(d), manager="Tariq Mehmood"), *Q1).close_value.sum(),
    ),
    ("revenue from Loom Pro", lambda d: of(won(d), product="Loom Pro").close_value.sum()),
    (
        "Loom series revenue in Q2",
        lambda d: within(of(won(d), series="Loom"), *Q2).close_value.sum(),
    ),
    (
        "retail revenue this year",
        lambda d: within(of(won(d), sector="retail"), "2026-01-01", "2026-12-31").close_value.sum(),
    ),
    ("how much did Zenfan spend with us", lambda d: of(won(d), account="Zenfan").close_value.sum()),
    (
        "revenue between 1 february and 15 march 2026",
        lambda d: within(won(d), "2026-02-01", "2026-03-15").close_value.sum(),
    ),
    ("deals won since april, how many", lambda d: len(within(won(d), "2026-04-01", "2026-12-31"))),
    (
        "how many deals were won before july 2025",
        lambda d: len(within(won(d), "2025-01-01", "2025-06-30")),
    ),
    (
        "number of deals lost in the second half of 2025",
        lambda d: len(within(lost(d), "2025-07-01", "2025-12-31")),
    ),
    (
        "how many deals were started in october 2025",
        lambda d: len(within(d, "2025-10-01", "2025-10-31", "engage_date")),
    ),
    ("what is the average deal size", lambda d: won(d).close_value.mean()),
    (
        "average deal size of Warp Advanced in 2025",
        lambda d: within(of(won(d), product="Warp Advanced"), *Y25).close_value.mean(),
    ),
    ("median deal size", lambda d: won(d).close_value.median()),
    ("what was the biggest deal won in Q1", lambda d: within(won(d), *Q1).close_value.max()),
    ("smallest deal Sara Malik won", lambda d: of(won(d), sales_agent=S).close_value.min()),
    (
        "who closed the biggest deal in 2026",
        lambda d: best(
            within(won(d), "2026-01-01", "2026-12-31").groupby("sales_agent").close_value.max()
        ),
    ),
    ("what is our win rate", rate),
    ("win rate of Loom Pro", lambda d: rate(of(d, product="Loom Pro"))),
    (
        "win rate in the North region in Q2",
        lambda d: rate(within(of(closed(d), regional_office="North"), *Q2)),
    ),
    ("loss rate of Bilal Ahmed", lambda d: 1 - rate(of(d, sales_agent=B))),
    ("average days to close", lambda d: won(d).days.mean()),
    ("average sales cycle of Dyer 500", lambda d: of(won(d), product="Dyer 500").days.mean()),
    ("longest it took us to win a deal", lambda d: won(d).days.max()),
    ("how many deals took more than 100 days to win", lambda d: int((won(d).days > 100).sum())),
    ("who won the most deals", lambda d: best(won(d).groupby("sales_agent").size())),
    (
        "who has the highest revenue in 2025",
        lambda d: best(within(won(d), *Y25).groupby("sales_agent").close_value.sum()),
    ),
    (
        "second best agent by revenue",
        lambda d: best(won(d).groupby("sales_agent").close_value.sum(), place=2),
    ),
    ("top 3 agents by revenue", lambda d: best(won(d).groupby("sales_agent").close_value.sum())),
    ("which agent lost the most deals", lambda d: best(lost(d).groupby("sales_agent").size())),
    (
        "who has the lowest win rate",
        lambda d: best(
            closed(d).groupby("sales_agent").apply(rate, include_groups=False), least=True
        ),
    ),
    (
        "which rep has the highest average deal size",
        lambda d: best(won(d).groupby("sales_agent").close_value.mean()),
    ),
    ("which product sold the most", lambda d: best(won(d).groupby("product").size())),
    (
        "which product brings the most revenue",
        lambda d: best(won(d).groupby("product").close_value.sum()),
    ),
    (
        "which product has the lowest win rate",
        lambda d: best(closed(d).groupby("product").apply(rate, include_groups=False), least=True),
    ),
    (
        "which series sells best by revenue",
        lambda d: best(won(d).groupby("series").close_value.sum()),
    ),
    (
        "which sector brings the most revenue",
        lambda d: best(won(d).groupby("sector").close_value.sum()),
    ),
    ("industry with the longest sales cycle", lambda d: best(won(d).groupby("sector").days.mean())),
    ("which account spent the most", lambda d: best(won(d).groupby("account").close_value.sum())),
    (
        "which manager's team won the most deals in Q2",
        lambda d: best(within(won(d), *Q2).groupby("manager").size()),
    ),
    (
        "which office has the fewest lost deals",
        lambda d: best(lost(d).groupby("regional_office").size(), least=True),
    ),
    ("in which month did we win the most deals", lambda d: best(won(d).groupby("month").size())),
    ("best quarter by revenue", lambda d: best(won(d).groupby("quarter").close_value.sum())),
    (
        "best selling product in the medical sector",
        lambda d: best(of(won(d), sector="medical").groupby("product").size()),
    ),
    (
        "who sold the most Loom Basic",
        lambda d: best(of(won(d), product="Loom Basic").groupby("sales_agent").size()),
    ),
    (
        "who is the top performer in Saima Iqbal's team",
        lambda d: best(of(won(d), manager="Saima Iqbal").groupby("sales_agent").close_value.sum()),
    ),
    (
        "how many accounts are in the retail sector",
        lambda d: len(pd.read_csv(d.attrs["accounts"]).query("sector == 'retail'")),
    ),
    ("how many agents does Tariq Mehmood manage", lambda _: 4),
    ("how many sales agents do we have", lambda _: 12),
    ("how many products do we sell", lambda _: 6),
    (
        "how many customers bought Loom Pro",
        lambda d: of(won(d), product="Loom Pro").account.nunique(),
    ),
    (
        "how many agents won more than 60 deals",
        lambda d: int((won(d).groupby("sales_agent").size() > 60).sum()),
    ),
    (
        "how many won deals were worth more than 5000",
        lambda d: int((won(d).close_value > 5000).sum()),
    ),
    ("average number of deals won per agent", lambda d: len(won(d)) / 11),
    ("average monthly revenue in 2025", lambda d: within(won(d), *Y25).close_value.sum() / 12),
    (
        "what share of revenue came from Loom Pro",
        lambda d: of(won(d), product="Loom Pro").close_value.sum() / won(d).close_value.sum(),
    ),
    ("what percentage of deals closed in Q2 did we win", lambda d: rate(within(closed(d), *Q2))),
    (
        "growth of revenue from Q1 to Q2",
        lambda d: (
            (within(won(d), *Q2).close_value.sum() - within(won(d), *Q1).close_value.sum())
            / within(won(d), *Q1).close_value.sum()
        ),
    ),
    (
        "difference in revenue between Q1 and Q2",
        lambda d: within(won(d), *Q1).close_value.sum() - within(won(d), *Q2).close_value.sum(),
    ),
    (
        "did Sara or Bilal win more deals",
        lambda d: best(won(d)[won(d).sales_agent.isin([S, B])].groupby("sales_agent").size()),
    ),
    (
        "how many more deals did Sara win than Bilal",
        lambda d: len(of(won(d), sales_agent=S)) - len(of(won(d), sales_agent=B)),
    ),
    ("when was the last deal won", lambda d: f"{won(d).close_date.max():%Y-%m-%d}"),
    (
        "first deal Sara Malik won, when",
        lambda d: f"{of(won(d), sales_agent=S).close_date.min():%Y-%m-%d}",
    ),
    ("list price of Dyer 500", lambda _: 26768),
    ("who manages Sara Malik", lambda d: of(d, sales_agent=S).manager.iloc[0]),
    (
        "which office does Omar Farooq work in",
        lambda d: of(d, sales_agent="Omar Farooq").regional_office.iloc[0],
    ),
    (
        "how many open deals did we have at the end of december 2025",
        lambda d: int(
            (
                (d.engage_date <= "2025-12-31")
                & (d.close_date.isna() | (d.close_date > "2025-12-31"))
            ).sum()
        ),
    ),
    ("pichle quarter kitni deals jeetin", lambda d: len(within(won(d), *Q2))),
    (
        "Sara Malik ne 2025 mein kitni sale ki",
        lambda d: within(of(won(d), sales_agent=S), *Y25).close_value.sum(),
    ),
    ("sab se zyada deals kis ne jeetin", lambda d: best(won(d).groupby("sales_agent").size())),
    (
        "kis product ka win rate sab se kam hai",
        lambda d: best(closed(d).groupby("product").apply(rate, include_groups=False), least=True),
    ),
    ("ausat deal kitne ki hai", lambda d: won(d).close_value.mean()),
    ("پچھلے مہینے کتنی ڈیلز جیتیں", lambda d: len(within(won(d), "2026-06-01", "2026-06-30"))),
    (
        "2025 کی تیسری سہ ماہی کی سیل کتنی تھی",
        lambda d: within(won(d), "2025-07-01", "2025-09-30").close_value.sum(),
    ),
    ("سب سے زیادہ ڈیلز کس نے ہاریں", lambda d: best(lost(d).groupby("sales_agent").size())),
    ("جیت کی شرح کیا ہے", rate),
]


def accounts(d: Frame) -> Frame:
    return pd.read_csv(d.attrs["accounts"])


def listed(d: Frame) -> Frame:
    """Won deals with how far they are from the price list."""
    found = won(d).copy()
    found["over"] = found.close_value - found.sales_price
    found["discount"] = -found["over"] / found.sales_price
    return found


def rank(groups: Any, name: str) -> int:
    ordered = groups.sort_index().sort_values(ascending=False, kind="stable")
    return list(ordered.index).index(name) + 1


def in_a_row(flags: Any) -> int:
    longest = run = 0
    for holds in flags:
        run = run + 1 if holds else 0
        longest = max(longest, run)
    return longest


RECORDS: list[tuple[str, Callable[[Frame], Any]]] = [
    (said, truth)
    for truth, *many in (
        (
            lambda d: best(accounts(d).set_index("account").employees),
            "which account has the most employees",
            "largest company by headcount",
            "sab se zyada mulazim kis account ke hain",
            "کس کمپنی کے سب سے زیادہ ملازم ہیں",
        ),
        (
            lambda d: accounts(d).employees.mean(),
            "average number of employees of our accounts",
            "اکاؤنٹس میں اوسطاً کتنے ملازم ہیں",
        ),
        (
            lambda d: accounts(d).query("sector == 'retail'").employees.sum(),
            "total number of employees of accounts in retail",
        ),
        (
            lambda d: accounts(d).query("sector == 'retail'").revenue.sum(),
            "total revenue of accounts in retail",
        ),
        (
            lambda d: len(accounts(d).query("employees > 9000")),
            "how many accounts have more than 9,000 employees",
            "kitne accounts ke 9000 se zyada mulazim hain",
        ),
        (
            lambda d: won(d).query("employees > 9000").close_value.sum(),
            "revenue from accounts with more than 9000 employees",
        ),
        (
            lambda d: len(accounts(d).query("year_established < 2000")),
            "how many accounts were founded before 2000",
            "کتنے اکاؤنٹس 2000 سے پہلے قائم ہوئے",
            "kitne accounts 2000 se pehle qaim hue",
        ),
        (
            lambda d: within(won(d).query("year_established < 2000"), *Y25).close_value.sum(),
            "how much did accounts founded before 2000 bring in 2025",
        ),
        (
            lambda d: accounts(d).set_index("account").year_established["Zenfan"],
            "when was Zenfan established",
            "Zenfan کب قائم ہوئی",
        ),
        (
            lambda d: accounts(d).set_index("account").office_location["Zenfan"],
            "where is Zenfan located",
            "Zenfan kahan hai",
            "office location of Zenfan",
        ),
        (
            lambda d: len(accounts(d).query("subsidiary_of == 'Cancity'")),
            "how many subsidiaries does Cancity have",
            "Cancity ki kitni zaili companiyan hain",
        ),
        (
            lambda d: len(accounts(d).query("subsidiary_of.isna()")),
            "how many accounts have no parent company",
        ),
        (
            lambda d: best(won(d).groupby("subsidiary_of").close_value.sum()),
            "which parent company brought the most revenue",
        ),
        (
            lambda d: best(accounts(d).groupby("sector").size()),
            "which sector has the most accounts",
            "کس شعبے میں سب سے زیادہ اکاؤنٹس ہیں",
        ),
        (lambda _: "Dyer 500", "which product is the most expensive", "sab se mehnga product"),
        (lambda _: (550 + 4821 + 5482) / 3, "average list price in the Loom series"),
        (
            lambda d: int((listed(d)["over"] < 0).sum()),
            "how many deals were won below list price",
            "list price se kam par kitni deals jeetin",
            "لسٹ پرائس سے کم پر کتنی ڈیلز جیتیں",
        ),
        (
            lambda d: listed(d).discount.mean(),
            "average discount against list price",
            "ausat discount kitna hai",
            "اوسط رعایت کتنی ہے",
        ),
        (
            lambda d: of(listed(d), product="Loom Pro")["over"].sum(),
            "how much more than list did we get for Loom Pro",
        ),
        (
            lambda d: int(d.account.isna().sum()),
            "how many deals have no account",
            "baghair account ke kitni deals hain",
            "کتنی ڈیلز کا اکاؤنٹ نہیں ہے",
        ),
        (
            lambda _: "Kamran Lodhi",
            "which agents have never won a deal",
            "kis agent ne koi deal nahi jeeti",
        ),
        (
            lambda d: rank(won(d).groupby("sales_agent").close_value.sum(), S),
            "what rank is Sara Malik by revenue",
            "Sara Malik سیل میں کس نمبر پر ہے",
        ),
        (
            lambda d: (
                of(won(d), sales_agent=S).close_value.sum()
                - won(d).groupby("sales_agent").close_value.sum().mean()
            ),
            "how much more revenue did Sara Malik bring in than the average agent",
        ),
        (
            lambda d: in_a_row(within(won(d), *Y25).groupby("month").close_value.sum().diff() > 0),
            "for how many months in a row did revenue grow in 2025",
        ),
        (
            lambda d: within(won(d), "2025-01-01", "2025-09-30").close_value.sum(),
            "cumulative revenue up to the end of September 2025",
        ),
        (
            lambda d: len(of(d, deal_stage="Engaging")) / len(d),
            "what percentage of opportunities are in the engaging stage",
        ),
        (
            lambda d: best(won(d).groupby("sales_agent").account.nunique()),
            "which agent sold to the most different accounts",
        ),
    )
    for said in many
]


ALL = QUESTIONS + RECORDS


@pytest.mark.parametrize(("question", "truth"), ALL, ids=[said for said, _ in ALL])
def test_the_answer_is_that_of_pandas(
    question: str,
    truth: Callable[[Frame], Any],
    database: dict[str, str],
    deals: Frame,
    files: list[Path],
) -> None:
    deals.attrs["accounts"] = str(files[0])
    expected = truth(deals)
    settings = Settings(database_url=database["RABTA_DATABASE_URL"])
    value = asked(settings, question, now=NOW)["value"]
    if isinstance(expected, str):
        assert value == expected
    else:
        assert value == pytest.approx(float(expected), rel=1e-12)


def test_the_command_answers_people_and_programs(database: dict[str, str], deals: Frame) -> None:
    said = ["ask", "--now", "2026-07-01", "how many deals did Sara Malik win in Q2"]
    ran = CliRunner().invoke(main, [*said, "--json"], env=database)
    told = json.loads(ran.output)
    right = len(within(of(won(deals), sales_agent=S), *Q2))
    assert (told["value"], told["unit"]) == (right, "deals")
    assert str(right) in told["text"]
    plain = CliRunner().invoke(main, said, env=database)
    assert plain.output.splitlines() == told["text"].splitlines()


def test_what_is_no_question_of_numbers_is_told(database: dict[str, str]) -> None:
    ran = CliRunner().invoke(main, ["ask", "call Sara tomorrow", "--json"], env=database)
    assert ran.exit_code == 1
    assert json.loads(ran.output)["value"] is None
