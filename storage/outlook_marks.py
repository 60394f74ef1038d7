"""The triggers that mark a customer's outlook, whatever happens with them and in whatever way.

They are put there as row-level security is: at the end of every migration, and whenever one of
them is not as it stands here. When they come, whoever has bought is marked.
"""

# ruff: noqa: S608 - all names are our own

from __future__ import annotations

from sqlalchemy import Connection

from storage.triggers import Marks

_PREFIX = "outlook_of_"


def _customer(row: str) -> str:
    """Whose purchase a row is: its company, else that of its person, else the person."""
    whose = f"""coalesce({row}.company_id, (SELECT company_id FROM contact WHERE
        contact.workspace_id = {row}.workspace_id AND contact.id = {row}.contact_id), 0)"""
    return f"""(SELECT {row}.workspace_id AS space, {whose} AS company,
        coalesce({row}.contact_id, 0) AS person) AS buyer"""


def _bought(row: str, when: str = "") -> str:
    """Make or mark the customer of an order or a deal."""
    return _upsert(f"FROM {_customer(row)} WHERE (company <> 0 OR person <> 0){when}")


def _upsert(source: str) -> str:
    owner = """coalesce(
        (SELECT owner_id FROM company WHERE workspace_id = space AND id = company),
        (SELECT owner_id FROM contact WHERE workspace_id = space AND id = person))"""
    return f"""INSERT INTO outlook
        (workspace_id, company_id, contact_id, owner_id, log_gaps, next_check_at)
        SELECT space, company, CASE WHEN company = 0 THEN person ELSE 0 END, {owner}, 0,
        {{at_once}} {source}
        ON CONFLICT (workspace_id, company_id, contact_id) DO UPDATE SET
        marks = outlook.marks + 1, stale = {{yes}}, next_check_at = {{at_once}}"""


def _touched(row: str) -> str:
    """Mark whom something happened with, if they are a customer."""
    return f"""UPDATE outlook SET marks = marks + 1, stale = {{yes}}, next_check_at = {{at_once}}
        WHERE workspace_id = {row}.workspace_id AND (company_id, contact_id) IN (
        SELECT company, CASE WHEN company = 0 THEN person ELSE 0 END FROM {_customer(row)}
        WHERE company <> 0 OR person <> 0)"""


def _tagged(row: str) -> str:
    at = f"""coalesce((SELECT company_id FROM contact WHERE workspace_id = {row}.workspace_id
        AND id = {row}.contact_id), 0)"""
    return f"""UPDATE outlook SET marks = marks + 1, stale = {{yes}}, next_check_at = {{at_once}}
        WHERE workspace_id = {row}.workspace_id AND company_id = {at}
        AND contact_id = CASE WHEN {at} = 0 THEN {row}.contact_id ELSE 0 END"""


def _person(row: str) -> str:
    """Mark the customer that somebody buys for."""
    return _upsert(f"""FROM (SELECT {row}.workspace_id AS space,
        coalesce({row}.company_id, 0) AS company, {row}.id AS person) AS buyer WHERE 1 = 1""")


def _gone(column: str) -> str:
    return f"DELETE FROM outlook WHERE workspace_id = OLD.workspace_id AND {column} = OLD.id"


def _owned(column: str) -> str:
    return f"""UPDATE outlook SET owner_id = NEW.owner_id
        WHERE workspace_id = NEW.workspace_id AND {column} = NEW.id"""


_OF_ORDER = "company_id, contact_id, deal_id, on_day, amount_minor, currency, status"
_OF_DEAL = "company_id, contact_id, closed_at, amount_minor, currency, status"
_OF_TICKET = "company_id, contact_id, status, due_at"
_OF_CONTRACT = """company_id, contact_id, amount_minor, currency, months, renews_on, renewals,
    status, ended_on, began_on"""
_WON = "NEW.status = 'won'"

_TOLD: dict[str, tuple[str, tuple[str, ...]]] = {
    "order_new": ('INSERT ON "order"', (_bought("NEW"),)),
    "order_changed": (f'UPDATE OF {_OF_ORDER} ON "order"', (_bought("OLD"), _bought("NEW"))),
    "order_gone": ('DELETE ON "order"', (_bought("OLD"),)),
    "deal_new": (f"INSERT ON deal WHEN ({_WON})", (_bought("NEW"),)),
    "deal_changed": (
        f"UPDATE OF {_OF_DEAL} ON deal WHEN (OLD.status = 'won' OR {_WON})",
        (_bought("OLD", " AND OLD.status = 'won'"), _bought("NEW", f" AND {_WON}")),
    ),
    "deal_gone": ("DELETE ON deal WHEN (OLD.status = 'won')", (_bought("OLD"),)),
    "contract_new": ("INSERT ON contract", (_bought("NEW"),)),
    "contract_changed": (
        f"UPDATE OF {_OF_CONTRACT} ON contract", (_bought("OLD"), _bought("NEW")),
    ),
    "contract_gone": ("DELETE ON contract", (_bought("OLD"),)),
    "activity_new": ("INSERT ON activity", (_touched("NEW"),)),
    "activity_changed": ("UPDATE ON activity", (_touched("OLD"), _touched("NEW"))),
    "activity_gone": ("DELETE ON activity", (_touched("OLD"),)),
    "ticket_new": ("INSERT ON ticket", (_touched("NEW"),)),
    "ticket_changed": (f"UPDATE OF {_OF_TICKET} ON ticket", (_touched("OLD"), _touched("NEW"))),
    "ticket_gone": ("DELETE ON ticket", (_touched("OLD"),)),
    "rating_new": ("INSERT ON rating", (_touched("NEW"),)),
    "rating_changed": ("UPDATE ON rating", (_touched("OLD"), _touched("NEW"))),
    "rating_gone": ("DELETE ON rating", (_touched("OLD"),)),
    "tag_new": ("INSERT ON contact_tag", (_tagged("NEW"),)),
    "tag_gone": ("DELETE ON contact_tag", (_tagged("OLD"),)),
    "contact_moved": (
        "UPDATE OF company_id, private ON contact",
        (_person("OLD"), _person("NEW")),
    ),
    "contact_owned": ("UPDATE OF owner_id ON contact", (_owned("contact_id"),)),
    "contact_gone": ("DELETE ON contact", (_gone("contact_id"),)),
    "company_owned": ("UPDATE OF owner_id ON company", (_owned("company_id"),)),
    "company_gone": ("DELETE ON company", (_gone("company_id"),)),
}  # fmt: skip
"""When each is called, row by row, and what it does."""


def _first() -> tuple[str, ...]:
    """Who bought before there was anything that marks them."""
    at = "coalesce(bought.company_id, contact.company_id, 0)"
    found = []
    for table, which in (
        ('"order"', "1 = 1"),
        ("contract", "1 = 1"),
        ("deal", "bought.status = 'won'"),
    ):
        buyers = f"""SELECT DISTINCT bought.workspace_id AS space, {at} AS company,
            CASE WHEN {at} = 0 THEN coalesce(bought.contact_id, 0) ELSE 0 END AS person
            FROM {table} AS bought LEFT JOIN contact ON contact.workspace_id = bought.workspace_id
            AND contact.id = bought.contact_id WHERE {which}"""
        found.append(_upsert(f"FROM ({buyers}) AS buyer WHERE (company <> 0 OR person <> 0)"))
    return tuple(found)


_MARKS = Marks(_PREFIX, _TOLD, _first())


def keep(connection: Connection) -> bool:
    """Put the triggers there and mark who has bought; False if they were there as they should."""
    return _MARKS.keep(connection)


def leave(connection: Connection) -> None:
    """Take them away, as before a migration, which may make one of their tables anew."""
    _MARKS.leave(connection)
