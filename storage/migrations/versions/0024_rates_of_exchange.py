"""Rates of exchange, by day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_rate_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_rate")),
        sa.UniqueConstraint(
            "workspace_id", "currency", "base", "on_day",
            name=op.f("uq_rate_workspace_id_currency_base_on_day"),
        ),
    )  # fmt: skip
    op.create_index(
        op.f("ix_rate_workspace_id_base_currency_on_day"),
        "rate",
        ["workspace_id", "base", "currency", "on_day"],
    )


def downgrade() -> None:
    op.drop_table("rate")
