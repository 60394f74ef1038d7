"""The triggers that keep ``deal_sum`` true, whatever changes a deal and in whatever way.

They are put there as row-level security is: at the end of every migration, and whenever one of
them is not as it stands here. When they come, all deals are counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from storage import triggers
from storage.sums import ADDED, ALIKE, HALF, added_up, shift_of

_LOW = (1 << HALF) - 1
_SHIFT = "(SELECT month_shift FROM workspace WHERE id = {row}.workspace_id)"
_MONTH = {
    # cut to seconds: SQLite would round the last half of a millisecond into the next month
    "sqlite": f"strftime('%Y-%m', substr({{row}}.closed_at, 1, 19), {_SHIFT} || ' minutes')",
    "postgresql": "to_char(({row}.closed_at AT TIME ZONE 'UTC')"
    f" + make_interval(mins => {_SHIFT}), 'YYYY-MM')",
}
"""The month in which a deal was closed, by the kind of the database."""

_MATTERS = (
    "workspace_id", "status", "closed_at", "stage", "owner_id", "currency", "amount_minor",
)  # fmt: skip
_ROW = ", ".join((*ALIKE, "part", *ADDED))


def _said(kind: str, row: str, sign: str = "") -> dict[str, str]:
    """In which sum a deal is, and what it adds to it or takes away."""
    month, amount = _MONTH[kind].format(row=row), f"coalesce({row}.amount_minor, 0)"
    return {
        "workspace_id": f"{row}.workspace_id",
        "status": f"{row}.status",
        "month": f"CASE WHEN {row}.status = 'open' OR {row}.closed_at IS NULL THEN ''"
        f" ELSE coalesce({month}, '9999-12') END",
        "stage": f"{row}.stage",
        "owner_id": f"{row}.owner_id",
        "currency": f"coalesce({row}.currency, '')",
        "deals": f"{sign}1",
        "priced": f"{sign}(CASE WHEN {row}.amount_minor IS NULL THEN 0 ELSE 1 END)",
        "high": f"{sign}({amount} >> {HALF})",
        "low": f"{sign}({amount} & {_LOW})",
    }


# --- SQLite: deal by deal, added at once, since there is one writer -------------------------------


def _sqlite() -> dict[str, str]:
    differs = " OR ".join(f"OLD.{each} IS NOT NEW.{each}" for each in _MATTERS)
    whens = {
        "deal_sum_new": ("INSERT ON deal", _one("NEW")),
        "deal_sum_gone": ("DELETE ON deal", _one("OLD", "-")),
        "deal_sum_changed": (
            f"UPDATE OF {', '.join(_MATTERS)} ON deal WHEN {differs}",
            _one("OLD", "-") + _one("NEW"),
        ),
    }
    return {
        name: f"CREATE TRIGGER {name} AFTER {when} BEGIN {body}END"
        for name, (when, body) in whens.items()
    }


def _one(row: str, sign: str = "") -> str:
    said = _said("sqlite", row, sign) | {"part": "0"}
    values = ", ".join(said[each] for each in (*ALIKE, "part", *ADDED))
    return f"INSERT INTO deal_sum ({_ROW}) VALUES ({values}) {added_up()}; "  # noqa: S608 - ours


# --- PostgreSQL: each change adds a part of its own to a sum, so that nobody waits ----------------

_PART = "1 + (random() * (1::bigint << 52))::bigint"
"""Any number but 0: many parts of one sum may come at once, and from one transaction."""

_TOLD = {
    "deal_sum_new": "INSERT ON deal REFERENCING NEW TABLE AS came FOR EACH STATEMENT",
    "deal_sum_gone": "DELETE ON deal REFERENCING OLD TABLE AS went FOR EACH STATEMENT",
    "deal_sum_changed": "UPDATE ON deal FOR EACH ROW WHEN ("
    + " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in _MATTERS)
    + ")",
}
"""When each trigger is called. Many deals come, and go, by one statement."""


def _postgresql() -> dict[str, str]:
    both = f"({_part('OLD', '-')}), ({_part('NEW')})"
    bodies = {
        "deal_sum_new": _together("came"),
        "deal_sum_gone": _together("went", "-"),
        "deal_sum_changed": f"INSERT INTO deal_sum ({_ROW}) VALUES {both}",  # noqa: S608 - ours
    }  # fmt: skip
    return {name: f"BEGIN {body}; RETURN NULL; END" for name, body in bodies.items()}


def _part(row: str, sign: str = "") -> str:
    said = _said("postgresql", row, sign) | {"part": _PART}
    return ", ".join(said[each] for each in (*ALIKE, "part", *ADDED))


def _together(rows: str, sign: str = "") -> str:
    key, summed = ", ".join(ALIKE), ", ".join(f"sum({each})" for each in ADDED)
    told = f"SELECT {_named(_said('postgresql', rows, sign))} FROM {rows}"  # noqa: S608 - ours
    return f"""INSERT INTO deal_sum ({_ROW})
        SELECT {key}, {_PART}, {summed} FROM ({told}) AS told GROUP BY {key}"""  # noqa: S608


def _named(said: Mapping[str, str]) -> str:
    return ", ".join(f"{value} AS {name}" for name, value in said.items())


# --- there or not ---------------------------------------------------------------------------------


def keep(connection: Connection) -> bool:
    """Put the triggers there and count all deals; False if they were there as they should be."""
    meant = _sqlite() if connection.dialect.name == "sqlite" else _postgresql()
    if triggers.there(connection, _TOLD.__contains__) == meant:
        return False
    leave(connection)
    triggers.put(connection, meant, _TOLD)
    for space, zone in connection.execute(text("SELECT id, timezone FROM workspace")).all():
        _set_shift(connection, space, zone)
    recount(connection)
    return True


def leave(connection: Connection) -> None:
    """Take them away, as before a migration, which may make the table of deals anew."""
    triggers.leave(connection, _TOLD.__contains__)


def _set_shift(connection: Connection, space: int, zone: str) -> None:
    said = {"space": space, "shift": shift_of(zone)}
    connection.execute(text("UPDATE workspace SET month_shift = :shift WHERE id = :space"), said)


# --- counted anew ---------------------------------------------------------------------------------


def recount(connection: Connection) -> None:
    """Count all deals anew, while nobody else changes one."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE deal IN SHARE ROW EXCLUSIVE MODE")
        connection.exec_driver_sql("LOCK TABLE deal_sum IN SHARE ROW EXCLUSIVE MODE")
    connection.exec_driver_sql("DELETE FROM deal_sum")
    connection.exec_driver_sql(f"INSERT INTO deal_sum ({_ROW}) {_counted(connection.dialect.name)}")


def _counted(kind: str) -> str:
    key = ", ".join(ALIKE)
    return f"""SELECT {key}, 0, {", ".join(f"sum({each})" for each in ADDED)}
        FROM (SELECT {_named(_said(kind, "deal"))} FROM deal) AS told GROUP BY {key}"""  # noqa: S608


def wrong(session: Session) -> list[str]:
    """What the sums say otherwise than the deals themselves: nothing, or something is broken."""
    key, kind = len(ALIKE), session.get_bind().dialect.name
    summed = ", ".join(f"sum({each})" for each in ADDED)
    kept = f"SELECT {', '.join(ALIKE)}, 0, {summed} FROM deal_sum GROUP BY {', '.join(ALIKE)}"  # noqa: S608 - our own names
    right, told = (
        {row[:key]: tuple(map(int, row[key:])) for row in session.connection().exec_driver_sql(of)}
        for of in (_counted(kind), kept)
    )
    told = {each: sums for each, sums in told.items() if any(sums)}
    return [
        f"{' '.join(map(str, each))}: {told.get(each)} instead of {right.get(each)}"
        for each in sorted(right.keys() | told.keys(), key=str)
        if right.get(each) != told.get(each)
    ]
