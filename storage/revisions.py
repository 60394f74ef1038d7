"""Which shape a database has, and which is the newest: told without Alembic, which takes longer to
start than most commands take to run."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, inspect, text

from storage.database import Database

_REVISION = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


class TooNew(Exception):
    """The database was made by a later Rabta."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is of a newer Rabta (its shape is {revision}): run that one, or put the "
            "backup from before the upgrade in its place (docs/operations.md)."
        )


def is_current(database: Database) -> bool:
    with database.engine.begin() as connection:
        return revision_of(connection) == newest()


def revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@cache
def known() -> dict[str, str | None]:
    """Every shape that there ever was, with the one before it."""
    folder = files("storage") / "migrations" / "versions"
    scripts = (each for each in folder.iterdir() if each.name.endswith(".py"))
    said = [dict(_REVISION.findall(each.read_text("utf-8"))) for each in scripts]
    return {each["revision"]: each.get("down_revision") for each in said if each}


@cache
def newest() -> str:
    """The revision that no other one follows."""
    (last,) = known().keys() - known().values()
    return last
