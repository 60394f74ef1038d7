"""Row-level security on PostgreSQL: a policy for every table, and a role that owns nothing.

Whatever user the URL names (also a superuser, whom no policy holds), a transaction of Rabta's
begins with ``SET LOCAL ROLE``, in the round trip that begins it anyway. Nothing is set for longer
than a transaction, so no pooled connection carries anything over.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.exc import ProgrammingError

from storage.base import Base
from storage.scope import EVERYWHERE, NOBODY, Scope

DIRECTORY = {"workspace", "identity", "bond", "invite", "outbox", "customer_chat"}
"""Who is who and what is to be delivered: seen as long as nobody is served, and then only what is
of the workspace that is."""

POLICY = "of_the_workspace"

_NOW = "coalesce(current_setting('rabta.workspace', true), '')"

_ROLE = "'rabta_app_' || (SELECT oid FROM pg_database WHERE datname = current_database())"
_MAY = "CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END"


def guarded(table: Table) -> str | None:
    """The column that says whose a row is; None for a table that is nobody's."""
    if table.name == "workspace":
        return "id"
    return "workspace_id" if "workspace_id" in table.c else None


def tables() -> list[Table]:
    """All that hold rows of a workspace."""
    return [table for table in Base.metadata.sorted_tables if guarded(table)]


def role(connection: Connection) -> str | None:
    """The role that serves, if it is there and may be taken on."""
    found = connection.exec_driver_sql(
        f"SELECT rolname FROM pg_roles WHERE rolname = {_ROLE}"  # noqa: S608 - our own words
        f" AND pg_has_role(current_user, oid, {_MAY})"
    ).scalar()
    return str(found) if found else None


def begin(scope: Scope | None, role: str | None, mode: str = "") -> str:
    """How a transaction begins, in one round trip. Without a scope it is the tables' owner's."""
    words = [f"BEGIN {mode}"]
    if scope is not None and role:
        words.append(f'SET LOCAL ROLE "{role}"')
    if scope != NOBODY:
        words.append(f"SET LOCAL rabta.workspace = '{EVERYWHERE if scope is None else scope}'")
    return "; ".join(words)


def unprotected(connection: Connection) -> list[Table]:
    """Tables without forced row-level security or without our policy."""
    there = connection.exec_driver_sql(
        f"""SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid
            WHERE polname = '{POLICY}' AND relrowsecurity AND relforcerowsecurity
            AND relnamespace = current_schema()::regnamespace"""  # noqa: S608 - our own words
    )
    protected = set(there.scalars())
    return [table for table in tables() if table.name not in protected]


def protect(connection: Connection) -> bool:
    """Give every table its policy, and the role its rights; False if all was there.

    A user who may make no roles goes on as the owner of the tables, whom the policies hold too.
    """
    missing = unprotected(connection)
    for table in missing:
        connection.exec_driver_sql(_policy(table))
    before = role(connection)
    if before is None and _may_make_roles(connection):
        _make_role(connection)
    name = role(connection)
    if name is not None and (missing or before is None or _lacks_rights(connection, name)):
        _let_it_serve(connection, name)
        return True
    return bool(missing)


def _policy(table: Table) -> str:
    column = str(guarded(table))
    nobody = ", ''" if table.name in DIRECTORY else ""
    mine = f"{_NOW} IN ({column}::text, '{EVERYWHERE}'{nobody})"
    if table.c[column].nullable:  # a letter to a stranger is nobody's
        mine = f"{mine} OR {column} IS NULL"
    return f"""
        ALTER TABLE "{table.name}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS {POLICY} ON "{table.name}";
        CREATE POLICY {POLICY} ON "{table.name}" USING ({mine})
    """


def _may_make_roles(connection: Connection) -> bool:
    asked = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    return bool(connection.exec_driver_sql(asked).scalar())


def _make_role(connection: Connection) -> None:
    """Of this database alone, so that two in one cluster never make it at once."""
    name = connection.exec_driver_sql(f"SELECT {_ROLE}").scalar()
    there = f"SELECT 1 FROM pg_roles WHERE rolname = {_ROLE}"  # noqa: S608 - our own words
    try:
        with connection.begin_nested():
            if not connection.exec_driver_sql(there).scalar():
                connection.exec_driver_sql(f'CREATE ROLE "{name}" NOLOGIN')
            connection.exec_driver_sql(f'GRANT "{name}" TO CURRENT_USER')
    except ProgrammingError:  # somebody else's role, which we may not hand to ourselves
        return


def _let_it_serve(connection: Connection, name: str) -> None:
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    ours = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    connection.exec_driver_sql(f"""
        GRANT USAGE ON SCHEMA {schema} TO "{name}";
        GRANT SELECT, INSERT, UPDATE, DELETE ON {ours} TO "{name}";
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO "{name}"
    """)


def _lacks_rights(connection: Connection, name: str) -> bool:
    ours = ", ".join(f"('{table.name}')" for table in Base.metadata.sorted_tables)
    return bool(
        connection.exec_driver_sql(
            f"SELECT count(*) FROM (VALUES {ours}) AS ours(name) WHERE NOT"  # noqa: S608
            f" has_table_privilege('{name}', quote_ident(name), 'DELETE')"
        ).scalar()
    )
