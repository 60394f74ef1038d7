"""Words of names"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    for kind in ("contact", "company"):
        op.create_table(
            f"{kind}_word",
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("key", sa.String(length=210), nullable=False),
            sa.Column(f"{kind}_id", sa.BigInteger(), nullable=False),
            sa.ForeignKeyConstraint(
                ["workspace_id", f"{kind}_id"],
                [f"{kind}.workspace_id", f"{kind}.id"],
                name=op.f(f"fk_{kind}_word_workspace_id_{kind}_id"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint(
                "workspace_id", "key", f"{kind}_id", name=op.f(f"pk_{kind}_word")
            ),
        )
        op.create_index(
            op.f(f"ix_{kind}_word_workspace_id_{kind}_id"),
            f"{kind}_word",
            ["workspace_id", f"{kind}_id"],
        )
        _keep_words(kind)


def _keep_words(kind: str) -> None:
    """Those of all names that are there."""
    connection = op.get_bind()
    named = sa.table(kind, *map(sa.column, ("workspace_id", "id", "name_key", "sound_key")))
    words = sa.table(f"{kind}_word", *map(sa.column, ("workspace_id", f"{kind}_id", "key")))
    for some in connection.execute(sa.select(named)).partitions(BATCH):
        rows = [
            {"workspace_id": row.workspace_id, f"{kind}_id": row.id, "key": key}
            for row in some
            for key in sorted(keys_of(row.name_key, row.sound_key))
        ]
        if rows:
            op.bulk_insert(words, rows)


def keys_of(name_key: str, sound_key: str) -> set[str]:
    """The words of a folded name as they are written, without hyphens, and as they sound."""
    words = re.findall(r"\d+|[^\W\d_]+(?:['-][^\W\d_]+)*", name_key)
    return {word.replace("-", "") for word in words} | {f"~{each}" for each in sound_key.split()}


def downgrade() -> None:
    op.drop_table("company_word")
    op.drop_table("contact_word")
