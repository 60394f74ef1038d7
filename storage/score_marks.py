"""The triggers that mark the score of whoever something of what is scored has changed of.

They are put there as those of ``storage.outlook_marks`` are. When they come, everybody is marked.
"""

# ruff: noqa: S608 - all names are our own

from __future__ import annotations

from sqlalchemy import Connection

from storage.triggers import Marks

_PREFIX = "score_of_"

_MARK = "UPDATE lead_score SET next_check_at = {at_once}"


def _person(row: str, column: str = "contact_id") -> str:
    return (
        f"{_MARK} WHERE workspace_id = {row}.workspace_id AND contact_id = {row}.{column}"
        "{not_yet}"
    )


def _people(row: str, column: str = "company_id", which: str = "") -> str:
    """All of a company."""
    return f"""{_MARK} WHERE workspace_id = {row}.workspace_id AND contact_id IN (
        SELECT id FROM contact WHERE contact.workspace_id = {row}.workspace_id
        AND contact.company_id = {row}.{column}){which}"""


def _colleagues(row: str) -> str:
    """All of the company that somebody is with: what one buys, all of them have."""
    return f"""{_MARK} WHERE workspace_id = {row}.workspace_id AND contact_id IN (
        SELECT other.id FROM contact JOIN contact AS other
        ON other.workspace_id = contact.workspace_id AND other.company_id = contact.company_id
        WHERE contact.workspace_id = {row}.workspace_id AND contact.id = {row}.contact_id)"""


def _alike(table: str, does: dict[str, tuple[str, ...]], of: str = "") -> dict[
    str, tuple[str, tuple[str, ...]]
]:  # fmt: skip
    """What a new row, a changed one and one that goes do."""
    name = table.strip('"')
    return {
        f"{name}_new": (f"INSERT ON {table}", does["NEW"]),
        f"{name}_changed": (f"UPDATE{of} ON {table}", (*does["OLD"], *does["NEW"])),
        f"{name}_gone": (f"DELETE ON {table}", does["OLD"]),
    }


def _sides(*makes: str) -> dict[str, tuple[str, ...]]:
    return {row: tuple(each.replace("ROW.", f"{row}.") for each in makes) for row in ("OLD", "NEW")}


_SWEEP = """INSERT INTO lead_model (workspace_id, sweep_from, fit_at)
    VALUES ({row}.workspace_id, 0, {{at_once}})
    ON CONFLICT (workspace_id) DO UPDATE SET sweep_from = 0"""

_LEARN = """INSERT INTO lead_model (workspace_id, fit_at, changes)
    VALUES ({row}.workspace_id, {{at_once}}, 1)
    ON CONFLICT (workspace_id) DO UPDATE SET changes = lead_model.changes + 1"""

_DEALING = (_person("ROW"), _people("ROW"), _colleagues("ROW"))

_TOLD: dict[str, tuple[str, tuple[str, ...]]] = {
    "contact_new": (
        "INSERT ON contact",
        ("""INSERT INTO lead_score (workspace_id, contact_id, owner_id, next_check_at)
            VALUES (NEW.workspace_id, NEW.id, NEW.owner_id, {at_once})
            ON CONFLICT (workspace_id, contact_id) DO UPDATE SET next_check_at = {at_once}""",),
    ),
    "contact_changed": (
        "UPDATE OF title, city, source ON contact",
        (_person("NEW", "id"),),
    ),
    "contact_moved": (
        "UPDATE OF company_id, private ON contact",
        (_person("NEW", "id"), _people("OLD"), _people("NEW")),
    ),
    "contact_owned": (
        "UPDATE OF owner_id ON contact",
        ("""UPDATE lead_score SET owner_id = NEW.owner_id
            WHERE workspace_id = NEW.workspace_id AND contact_id = NEW.id""",),
    ),
    "contact_gone": (
        "DELETE ON contact",
        ("DELETE FROM lead_score WHERE workspace_id = OLD.workspace_id AND contact_id = OLD.id",),
    ),
    "company_changed": ("UPDATE OF name, city, source ON company", (_people("NEW", "id"),)),
    **_alike("contact_point", _sides(_person("ROW"))),
    **_alike("contact_tag", _sides(_person("ROW"))),
    **_alike("custom_value", _sides(_person("ROW"), _people("ROW"))),
    **_alike(
        "activity",
        _sides(_person("ROW"), _people("ROW", which=" AND ROW.contact_id IS NULL")),
    ),
    **_alike(
        "deal",
        _sides(*_DEALING),
        " OF contact_id, company_id, amount_minor, currency, status, source",
    ),
    "deal_decided": (
        "UPDATE OF status ON deal WHEN (OLD.status <> NEW.status)",
        (_LEARN.format(row="NEW"),),
    ),
    "deal_came": ("INSERT ON deal WHEN (NEW.status <> 'open')", (_LEARN.format(row="NEW"),)),
    "deal_went": ("DELETE ON deal WHEN (OLD.status <> 'open')", (_LEARN.format(row="OLD"),)),
    **_alike('"order"', _sides(*_DEALING), " OF contact_id, company_id, status"),
    **_alike("score_rule", _sides(_SWEEP.format(row="ROW"))),
}  # fmt: skip
"""When each is called, row by row, and what it does."""

_FIRST = (
    """INSERT INTO lead_score (workspace_id, contact_id, owner_id, next_check_at)
    SELECT workspace_id, id, owner_id, {at_once} FROM contact WHERE 1 = 1
    ON CONFLICT (workspace_id, contact_id) DO UPDATE SET next_check_at = {at_once}""",
    """INSERT INTO lead_model (workspace_id, fit_at, changes)
    SELECT DISTINCT workspace_id, {at_once}, 1 FROM deal WHERE status <> 'open'
    ON CONFLICT (workspace_id) DO UPDATE SET changes = lead_model.changes + 1""",
)

_MARKS = Marks(_PREFIX, _TOLD, _FIRST)


def keep(connection: Connection) -> bool:
    """Put the triggers there and mark everybody; False if they were there as they should."""
    return _MARKS.keep(connection)


def leave(connection: Connection) -> None:
    """Take them away, as before a migration, which may make one of their tables anew."""
    _MARKS.leave(connection)
