"""Deals that come in with a pipeline: their stages are made in the right one."""

from __future__ import annotations

from tests.conversation import Conversation, words
from tests.test_day import kept
from tests.test_intake import comes


def deal(company: str, **more: str) -> dict[str, str]:
    return {"type": "deal", "company": company, "amount": "100000", **more}


def test_stages_come_into_the_pipeline_that_the_file_names(chat: Conversation) -> None:
    chat.says("add pipeline Export")
    told = [
        deal("Nishat Mills", pipeline="Export", stage="Shipping"),
        deal("Gul Ahmed", pipeline="export", stage="Proposal"),
        deal("Sapphire", pipeline="Tenders", stage="Bid"),
        deal("Bonanza", pipeline="Sales Pipeline", stage="Proposal"),
        deal("Limelight", pipeline="Tenders", stage="Closed Won", status="won"),
    ]
    comes(chat, told)
    comes(chat, told)
    stages = {row["key"]: (row["pipeline"], row["name"]) for row in kept(chat, "stage")}
    found = {row["company"]: stages[row["stage"]] for row in kept(chat, "deal")}
    assert found == {
        "Nishat Mills": ("export", "Shipping"), "Gul Ahmed": ("export", "proposal"),
        "Sapphire": ("tenders", "Bid"), "Bonanza": ("sales", "proposal"),
        "Limelight": ("tenders", "Bid"),
    }  # fmt: skip
    assert [row["name"] for row in kept(chat, "pipeline")] == ["sales", "Export", "Tenders"]
    assert "Bid | 1" in words(chat.says("show the tenders pipeline"))
