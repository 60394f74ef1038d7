"""What a nudge is worth and what came of it, how many a day, who stands in for whom, birthdays"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

KEY = sa.String(254).with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("nudge", sa.Column("to_id", sa.BigInteger(), nullable=True))
    op.add_column("nudge", sa.Column("worth", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("nudge", sa.Column("answer", sa.String(10), nullable=True))
    op.add_column("nudge", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_nudge_workspace_id_to_id_day", "nudge", ["workspace_id", "to_id", "day"])
    op.execute("UPDATE nudge SET due_at = again_at, answer = 'later' WHERE state = 'later'")
    op.drop_column("nudge", "again_at")
    op.add_column("member", sa.Column("nudges_a_day", sa.Integer(), nullable=True))
    op.add_column(
        "nudge_choice", sa.Column("by_itself", sa.Boolean(), nullable=False, server_default="0")
    )
    op.add_column("custom_value", sa.Column("day_key", KEY, nullable=True))
    for shape, month, day in (("____-__-__", 6, 9), ("--__-__", 3, 6)):
        op.execute(
            f"UPDATE custom_value SET day_key = substr(value, {month}, 2) || substr(value, {day}, 2)"  # noqa: S608, E501 - our own words
            f" WHERE value LIKE '{shape}'"
        )
    op.create_index(
        "ix_custom_value_workspace_id_day_key", "custom_value", ["workspace_id", "day_key"]
    )
    _handover()


def _handover() -> None:
    op.create_table(
        "handover",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_handover_workspace_id"), ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", column], ["member.workspace_id", "member.id"],
                name=op.f(f"fk_handover_workspace_id_{column}"), ondelete="CASCADE",
            )
            for column in ("member_id", "to_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_handover")),
    )  # fmt: skip
    for column in ("member_id", "to_id"):
        op.create_index(
            f"ix_handover_workspace_id_{column}_ends_at", "handover",
            ["workspace_id", column, "ends_at"],
        )  # fmt: skip


def downgrade() -> None:
    op.drop_table("handover")
    op.drop_index("ix_custom_value_workspace_id_day_key", "custom_value")
    op.drop_column("custom_value", "day_key")
    op.drop_column("nudge_choice", "by_itself")
    op.drop_column("member", "nudges_a_day")
    op.add_column("nudge", sa.Column("again_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE nudge SET again_at = due_at, due_at = NULL WHERE state = 'later'")
    op.drop_index("ix_nudge_workspace_id_to_id_day", "nudge")
    for column in ("answered_at", "answer", "worth", "to_id"):
        op.drop_column("nudge", column)
