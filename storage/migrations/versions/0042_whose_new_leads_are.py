"""By which rules new leads go to whom, and whose turn it was"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "lead_rule",
        *_space(),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("value", sa.String(100), nullable=False),
        sa.Column("member_ids", JSON, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_lead_rule")),
        sa.UniqueConstraint(
            "workspace_id", "kind", "key", name=op.f("uq_lead_rule_workspace_id_kind_key")
        ),
    )
    op.create_table(
        "lead_turn",
        *_space(),
        sa.Column("rule_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "rule_id", name=op.f("pk_lead_turn")),
    )


def _space() -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    for table in ("lead_turn", "lead_rule"):
        op.drop_table(table)
