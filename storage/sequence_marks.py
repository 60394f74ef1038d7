"""The triggers that let the clock look at whoever is in a sequence, whatever happens with them.

They are put there as those of ``storage.outlook_marks`` are. When they come, all are marked.
"""

# ruff: noqa: S608 - all names are our own

from __future__ import annotations

from sqlalchemy import Connection

from storage.triggers import Marks

_PREFIX = "sequence_of_"

_MARK = "UPDATE sequence_run SET next_check_at = {at_once}"

_WAITING = """UPDATE message SET due_at = {at_once} WHERE workspace_id = NEW.workspace_id
    AND source >= 'sequence:' || NEW.id || ':' AND source < 'sequence:' || NEW.id || ';'
    AND state = 'planned'"""


def _person(row: str) -> str:
    return f"""{_MARK} WHERE workspace_id = {row}.workspace_id
        AND contact_id = {row}.contact_id AND state = 'running'"""


def _people(row: str) -> str:
    """All of a company: what one buys, all of them have."""
    return f"""{_MARK} WHERE workspace_id = {row}.workspace_id AND state = 'running'
        AND contact_id IN (SELECT id FROM contact WHERE contact.workspace_id = {row}.workspace_id
        AND contact.company_id = coalesce({row}.company_id, (SELECT company_id FROM contact AS one
        WHERE one.workspace_id = {row}.workspace_id AND one.id = {row}.contact_id)))"""


def _back(row: str) -> str:
    """What somebody was stopped for may have been taken back."""
    return f"""{_MARK} WHERE workspace_id = {row}.workspace_id AND state = 'stopped'
        AND reason IN ('opted_out', 'bought', 'answered', 'taken_over', 'moved_on')
        AND contact_id = {row}.contact_id"""


_BUYING = (_person("NEW"), _people("NEW"))

_TOLD: dict[str, tuple[str, tuple[str, ...]]] = {
    "activity_new": ("INSERT ON activity", (_person("NEW"),)),
    "activity_changed": ("UPDATE ON activity", (_person("NEW"),)),
    "activity_gone": ("DELETE ON activity", (_back("OLD"),)),
    "consent_new": ("INSERT ON consent", (_person("NEW"),)),
    "consent_gone": ("DELETE ON consent", (_back("OLD"),)),
    "order_new": ('INSERT ON "order"', _BUYING),
    "order_changed": ('UPDATE OF status, contact_id, company_id ON "order"', _BUYING),
    "order_gone": ('DELETE ON "order"', (_back("OLD"),)),
    "deal_new": ("INSERT ON deal WHEN (NEW.status = 'won')", _BUYING),
    "deal_changed": (
        "UPDATE OF status, stage, contact_id, company_id ON deal",
        (*_BUYING, _back("NEW")),
    ),
    "deal_gone": ("DELETE ON deal", (_person("OLD"), _back("OLD"))),
    "run_back": (
        "UPDATE OF state ON sequence_run WHEN (OLD.state <> 'running' AND NEW.state = 'running')",
        (_person("NEW"),),
    ),
    "run_merged": (
        "UPDATE OF contact_id ON sequence_run",
        (_person("NEW"),),
    ),
    "message_changed": (
        "UPDATE OF state ON message WHEN (substr(NEW.source, 1, 9) = 'sequence:')",
        (_person("NEW"),),
    ),
    "sequence_changed": (
        "UPDATE OF state, steps, active ON sequence",
        (
            f"""{_MARK} WHERE workspace_id = NEW.workspace_id AND sequence_id = NEW.id
            AND state = 'running'""",
            _WAITING,
        ),
    ),
    "deal_moved": (
        "INSERT ON deal_move WHEN (NEW.status = 'open' AND NOT NEW.assumed)",
        ("""INSERT INTO sequence_call
            (workspace_id, sequence_id, deal_id, stage, moved_at, due_at)
            SELECT workspace_id, sequence_id, NEW.deal_id, stage, NEW.at, {at_once}
            FROM sequence_start WHERE workspace_id = NEW.workspace_id AND stage = NEW.stage
            ON CONFLICT (workspace_id, sequence_id, deal_id) DO UPDATE SET
            stage = excluded.stage, moved_at = excluded.moved_at, due_at = {at_once}""",),
    ),
}  # fmt: skip
"""When each is called, row by row, and what it does."""

_FIRST = (f"{_MARK} WHERE state = 'running'",)

_MARKS = Marks(_PREFIX, _TOLD, _FIRST)


def keep(connection: Connection) -> bool:
    """Put the triggers there and mark everybody; False if they were there as they should."""
    return _MARKS.keep(connection)


def leave(connection: Connection) -> None:
    """Take them away, as before a migration, which may make one of their tables anew."""
    _MARKS.leave(connection)
