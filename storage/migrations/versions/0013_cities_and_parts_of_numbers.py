"""Cities by their sound, numbers by their last digits, addresses by their domain"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from rules.reach_keys import city_key, reach_key

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BATCH = 2000
KEY = sa.String(length=254).with_variant(sa.TEXT(collation="C"), "postgresql")
Make = Callable[[str | None], str | None]
KEYS: tuple[tuple[str, str, str, Make, tuple[str, ...]], ...] = (
    ("contact", "city", "city_key", city_key, ("city_key", "id")),
    ("company", "city", "city_key", city_key, ("city_key", "id")),
    ("company", "phone", "phone_key", reach_key, ("phone_key",)),
    ("company", "email", "email_key", reach_key, ("email_key",)),
    ("contact_point", "value", "value_key", reach_key, ("value_key",)),
)


def upgrade() -> None:
    for table, column, key, make, indexed in KEYS:
        op.add_column(table, sa.Column(key, KEY, nullable=True))
        _fill(table, column, key, make)
        columns = ["workspace_id", *indexed]
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    _tags("tag", "contact_id", instead_of=("tag",))


def downgrade() -> None:
    _tags("tag", instead_of=("tag", "contact_id"))
    for table, _, key, _, indexed in reversed(KEYS):
        op.drop_index(op.f(f"ix_{table}_workspace_id_{'_'.join(indexed)}"), table)
        op.drop_column(table, key)


def _tags(*columns: str, instead_of: tuple[str, ...]) -> None:
    op.drop_index(op.f(f"ix_contact_tag_workspace_id_{'_'.join(instead_of)}"), "contact_tag")
    name = op.f(f"ix_contact_tag_workspace_id_{'_'.join(columns)}")
    op.create_index(name, "contact_tag", ["workspace_id", *columns])


def _fill(table: str, column: str, key: str, make: Make) -> None:
    """The keys of what is there already."""
    rows = sa.table(table, *map(sa.column, ("workspace_id", "id", column, key)))
    change = (
        sa.update(rows)
        .where(rows.c.workspace_id == sa.bindparam("space"), rows.c.id == sa.bindparam("row"))
        .values({key: sa.bindparam("made")})
    )
    for some in _valued(rows, column):
        made = [{"space": row[0], "row": row[1], "made": make(row[2])} for row in some]
        op.get_bind().execute(change, made)


def _valued(rows: sa.TableClause, column: str) -> Iterator[Any]:
    """All rows that have a value, some at a time."""
    place = sa.tuple_(rows.c.workspace_id, rows.c.id)
    valued = sa.select(rows.c.workspace_id, rows.c.id, rows.c[column])
    valued = valued.where(rows.c[column].is_not(None)).order_by(rows.c.workspace_id, rows.c.id)
    last = (0, 0)
    while some := op.get_bind().execute(valued.where(place > last).limit(BATCH)).all():
        yield some
        last = (some[-1][0], some[-1][1])
