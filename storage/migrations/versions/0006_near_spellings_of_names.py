"""Near spellings of names"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from rules.name_keys import words_of
from storage.names import keep_all

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BATCH = 2000
KEY = sa.String(length=210).with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    for table, others in (
        ("name_word", [sa.Column("contacts", sa.Integer(), nullable=False),
                       sa.Column("companies", sa.Integer(), nullable=False)]),
        ("name_near", []),
    ):  # fmt: skip
        keys = ["word"] if others else ["key", "word"]
        op.create_table(
            table,
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            *(sa.Column(key, KEY, nullable=False) for key in keys),
            *others,
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspace.id"],
                name=op.f(f"fk_{table}_workspace_id"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("workspace_id", *keys, name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
    for kind in ("contact", "company"):
        op.drop_table(f"{kind}_word")
        _words(kind, KEY, "key", sqlite_with_rowid=False)
        _keep_names(kind)


def _words(kind: str, key: sa.types.TypeEngine[str], *indexed: str, **options: bool) -> None:
    op.create_table(
        f"{kind}_word",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", key, nullable=False),
        sa.Column(f"{kind}_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", f"{kind}_id"],
            [f"{kind}.workspace_id", f"{kind}.id"],
            name=op.f(f"fk_{kind}_word_workspace_id_{kind}_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", f"{kind}_id", name=op.f(f"pk_{kind}_word")),
        **options,
    )
    columns = ["workspace_id", f"{kind}_id", *indexed]
    op.create_index(op.f(f"ix_{kind}_word_{'_'.join(columns)}"), f"{kind}_word", columns)


def _keep_names(kind: str) -> None:
    for rows in _named(kind):
        keep_all(op.get_bind(), kind, [row._asdict() for row in rows])


def _named(kind: str) -> Iterator[Sequence[sa.Row[Any]]]:
    """All names that are there, some at a time."""
    columns = ("workspace_id", "id", "name_key", "sound_key")
    named = sa.table(kind, *map(sa.column, columns))
    last = (0, 0)
    while rows := (
        op.get_bind()
        .execute(
            sa.select(named)
            .where(sa.tuple_(named.c.workspace_id, named.c.id) > last)
            .order_by(named.c.workspace_id, named.c.id)
            .limit(BATCH)
        )
        .all()
    ):
        yield rows
        last = (rows[-1].workspace_id, rows[-1].id)


def downgrade() -> None:
    """To words alone, and how they sound."""
    op.drop_table("name_near")
    op.drop_table("name_word")
    for kind in ("contact", "company"):
        op.drop_table(f"{kind}_word")
        _words(kind, sa.String(length=210))
        words = sa.table(f"{kind}_word", *map(sa.column, ("workspace_id", f"{kind}_id", "key")))
        for rows in _named(kind):
            kept = [
                {"workspace_id": row.workspace_id, f"{kind}_id": row.id, "key": key}
                for row in rows
                for key in {
                    *words_of(row.name_key),
                    *(f"~{each}" for each in row.sound_key.split()),
                }
            ]
            op.bulk_insert(words, kept)
