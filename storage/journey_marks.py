"""The triggers that mark in the journey whoever something of theirs has changed of.

They are put there as those of ``storage.outlook_marks`` are. When they come, everybody is marked.
"""

# ruff: noqa: S608 - all names are our own

from __future__ import annotations

from sqlalchemy import Connection

from storage.triggers import Marks

_PREFIX = "journey_of_"

_MARK = "UPDATE journey SET next_check_at = {at_once}"


def _person(row: str, column: str = "contact_id") -> str:
    return f"{_MARK} WHERE workspace_id = {row}.workspace_id AND contact_id = {row}.{column}"


def _people(row: str) -> str:
    """All of a company."""
    return f"""{_MARK} WHERE workspace_id = {row}.workspace_id AND contact_id IN (
        SELECT id FROM contact WHERE contact.workspace_id = {row}.workspace_id
        AND contact.company_id = {row}.company_id)"""


def _colleagues(row: str) -> str:
    """All of the company that somebody is with: what one buys, all of them have."""
    return f"""{_MARK} WHERE workspace_id = {row}.workspace_id AND contact_id IN (
        SELECT other.id FROM contact JOIN contact AS other
        ON other.workspace_id = contact.workspace_id AND other.company_id = contact.company_id
        WHERE contact.workspace_id = {row}.workspace_id AND contact.id = {row}.contact_id)"""


def _dealing(row: str) -> tuple[str, ...]:
    return _person(row), _people(row), _colleagues(row)


def _both(table: str, columns: str = "") -> dict[str, tuple[str, tuple[str, ...]]]:
    name = table.strip('"')
    return {
        f"{name}_new": (f"INSERT ON {table}", _dealing("NEW")),
        f"{name}_changed": (
            f"UPDATE OF {columns} ON {table}", (*_dealing("OLD"), *_dealing("NEW")),
        ),
        f"{name}_gone": (f"DELETE ON {table}", _dealing("OLD")),
    }  # fmt: skip


def _rules(row: str) -> str:
    return f"{_MARK} WHERE workspace_id = {row}.workspace_id"


_TOLD: dict[str, tuple[str, tuple[str, ...]]] = {
    "contact_new": (
        "INSERT ON contact",
        ("""INSERT INTO journey (workspace_id, contact_id, next_check_at)
            VALUES (NEW.workspace_id, NEW.id, {at_once})
            ON CONFLICT (workspace_id, contact_id) DO UPDATE SET next_check_at = {at_once}""",),
    ),
    "contact_moved": (
        "UPDATE OF company_id, private ON contact",
        (_person("NEW", "id"), _people("OLD"), _people("NEW")),
    ),
    "contact_gone": (
        "DELETE ON contact",
        (
            "DELETE FROM journey WHERE workspace_id = OLD.workspace_id AND contact_id = OLD.id",
            """DELETE FROM journey_stay WHERE workspace_id = OLD.workspace_id
            AND contact_id = OLD.id""",
        ),
    ),
    "activity_new": ("INSERT ON activity WHEN (NEW.kind <> 'note')", (_person("NEW"),)),
    "activity_changed": (
        "UPDATE OF kind, contact_id, at, more ON activity", (_person("OLD"), _person("NEW")),
    ),
    "activity_gone": ("DELETE ON activity", (_person("OLD"),)),
    **_both("deal", "contact_id, company_id, status, created_at, closed_at"),
    **_both('"order"', "contact_id, company_id, status, at, deal_id, amount_minor"),
    "rules_new": ("INSERT ON setting WHEN (NEW.name = 'journey_rules')", (_rules("NEW"),)),
    "rules_changed": (
        "UPDATE OF value ON setting WHEN (NEW.name = 'journey_rules')", (_rules("NEW"),),
    ),
    "rules_gone": ("DELETE ON setting WHEN (OLD.name = 'journey_rules')", (_rules("OLD"),)),
}  # fmt: skip
"""When each is called, row by row, and what it does."""

_FIRST = (
    """INSERT INTO journey (workspace_id, contact_id, next_check_at)
    SELECT workspace_id, id, {at_once} FROM contact WHERE 1 = 1
    ON CONFLICT (workspace_id, contact_id) DO UPDATE SET next_check_at = {at_once}""",
)

_MARKS = Marks(_PREFIX, _TOLD, _FIRST)


def keep(connection: Connection) -> bool:
    """Put the triggers there and mark everybody; False if they were there as they should."""
    return _MARKS.keep(connection)


def leave(connection: Connection) -> None:
    """Take them away, as before a migration, which may make one of their tables anew."""
    _MARKS.leave(connection)
