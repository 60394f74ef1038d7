"""Feedback, what was not understood, when managers look at it, and how far a tour is"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0044"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_kept("feedback"),
    )
    op.create_table(
        "miss",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("pattern", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        *_kept("miss"),
        sa.UniqueConstraint(
            "workspace_id", "month", "pattern", name=op.f("uq_miss_workspace_id_month_pattern")
        ),
    )
    op.add_column("member", sa.Column("look_at", MOMENT, nullable=True))
    op.add_column("member", sa.Column("tour", sa.String(length=20), nullable=True))
    op.create_index("ix_member_workspace_id_look_at", "member", ["workspace_id", "look_at"])
    op.execute("UPDATE member SET look_at = report_at")


def _kept(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_member_workspace_id_look_at", "member")
    op.drop_column("member", "tour")
    op.drop_column("member", "look_at")
    op.drop_table("miss")
    op.drop_table("feedback")
