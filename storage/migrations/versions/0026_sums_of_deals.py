"""Sums of deals"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0027"
branch_labels = None
depends_on = None

PART = "ix_deal_sum_workspace_id_part"
INDEXED = (("activity", "on_day"), ("company", "city"), ("deal", "created_at"))
"""Of which a figure once looked at all rows."""

REASON = "ix_deal_workspace_id_reason"

TRIGGERS = ("deal_sum_new", "deal_sum_gone", "deal_sum_changed")


def upgrade() -> None:
    """What keeps the sums, and counts them, comes after the last migration
    (``storage.sums_kept``)."""
    op.add_column(
        "workspace", sa.Column("month_shift", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "deal_sum",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("deals", "priced", "high", "low")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_deal_sum_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "status", "month", "currency", "stage", "owner_id", "part",
            name=op.f("pk_deal_sum"),
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index(
        op.f(PART), "deal_sum", ["workspace_id", "part"],
        sqlite_where=sa.text("part <> 0"), postgresql_where=sa.text("part <> 0"),
    )  # fmt: skip
    for table, column in INDEXED:
        op.create_index(op.f(f"ix_{table}_workspace_id_{column}"), table, ["workspace_id", column])
    op.create_index(
        op.f(REASON), "deal", ["workspace_id", "reason"],
        sqlite_where=sa.text("reason_id IS NULL"),
        postgresql_where=sa.text("reason_id IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index(op.f(REASON), "deal")
    for table, column in INDEXED:
        op.drop_index(op.f(f"ix_{table}_workspace_id_{column}"), table)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in TRIGGERS:
        op.execute(
            f"DROP TRIGGER IF EXISTS {name}"
            if on_sqlite
            else f"DROP FUNCTION IF EXISTS {name} CASCADE"
        )
    op.drop_table("deal_sum")
    op.drop_column("workspace", "month_shift")
