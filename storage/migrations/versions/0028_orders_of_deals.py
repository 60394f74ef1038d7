"""Which deal an order stands for, and when the clock looks at an order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

INDEXED = ("deal_id", "next_check_at")


def upgrade() -> None:
    op.add_column("order", sa.Column("deal_id", sa.BigInteger(), nullable=True))
    op.add_column("order", sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("order", sa.Column("counted", sa.Boolean(), nullable=False,
                                     server_default=sa.false()))  # fmt: skip
    for column in INDEXED:
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_order_workspace_id_{column}", "order", ["workspace_id", column],
                        sqlite_where=there, postgresql_where=there)  # fmt: skip


def downgrade() -> None:
    for column in INDEXED:
        op.drop_index(f"ix_order_workspace_id_{column}", "order")
    for column in ("counted", *INDEXED):
        op.drop_column("order", column)
