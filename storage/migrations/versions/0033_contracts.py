"""Contracts that renew"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0037"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("renews_on", sa.Date(), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("known_renewals", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_check_at", MOMENT, nullable=True),
        sa.Column("more", JSON, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_contract_workspace_id"), ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", f"{table}_id"], [f"{table}.workspace_id", f"{table}.id"],
                name=op.f(f"fk_contract_workspace_id_{table}_id"),
                ondelete="RESTRICT",
            )
            for table in ("contact", "company")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_contract")),
    )  # fmt: skip
    for columns in (
        ["contact_id"], ["company_id"], ["status", "renews_on"], ["ended_on"],
        ["months", "known_renewals", "renewals", "status"],
    ):  # fmt: skip
        name = "_".join(["ix_contract_workspace_id", *columns])
        op.create_index(op.f(name), "contract", ["workspace_id", *columns])
    there = sa.text("next_check_at IS NOT NULL")
    op.create_index(
        op.f("ix_contract_workspace_id_next_check_at"), "contract",
        ["workspace_id", "next_check_at"], sqlite_where=there, postgresql_where=there,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("contract")
