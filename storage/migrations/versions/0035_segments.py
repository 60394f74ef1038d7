"""Segments by name, who watches them and who has been in them; the words for how orders stand"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0031"
branch_labels = None
depends_on = None

WAITS = sa.text("check_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_key", sa.String(80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_change", sa.BigInteger(), nullable=False, server_default="0"),
        *_keys("segment"),
    )
    for column in ("name_key", "owner_id"):
        op.create_index(f"ix_segment_workspace_id_{column}", "segment", ["workspace_id", column])
    op.create_index(
        "ix_segment_workspace_id_check_at", "segment", ["workspace_id", "check_at"],
        sqlite_where=WAITS, postgresql_where=WAITS,
    )  # fmt: skip
    op.create_table(
        "segment_watch",
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        _of("segment_watch", "segment"),
        _of("segment_watch", "member"),
        *_keys("segment_watch"),
    )
    for column in ("segment_id", "member_id"):
        op.create_index(
            f"ix_segment_watch_workspace_id_{column}", "segment_watch", ["workspace_id", column]
        )
    op.create_table(
        "segment_seen",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _of("segment_seen", "segment"),
        _of("segment_seen", "contact"),
        sa.PrimaryKeyConstraint(
            "workspace_id", "segment_id", "contact_id", name=op.f("pk_segment_seen")
        ),
    )
    op.create_index(
        "ix_segment_seen_workspace_id_contact_id", "segment_seen", ["workspace_id", "contact_id"]
    )
    op.create_index("ix_order_workspace_id_status", "order", ["workspace_id", "status"])


def _of(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", f"{other}_id"], [f"{other}.workspace_id", f"{other}.id"],
        name=op.f(f"fk_{table}_workspace_id_{other}_id"), ondelete="CASCADE",
    )  # fmt: skip


def _keys(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_order_workspace_id_status", "order")
    for table in ("segment_seen", "segment_watch", "segment"):
        op.drop_table(table)
