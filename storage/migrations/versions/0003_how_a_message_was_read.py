"""How a message was read, and what is learned from what was misread"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lesson",
        sa.Column("turn_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read", Json, nullable=False),
        sa.Column("meant", Json, nullable=False),
        sa.Column("reworded", sa.Text(), nullable=True),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_lesson_workspace_id_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_lesson_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("workspace_id", "turn_id", name=op.f("uq_lesson_workspace_id_turn_id")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn_id", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_outbox_sent_as", ["workspace_id", "sent_as"], unique=False)

    with op.batch_alter_table("pending", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn_id", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reading", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_column("reading")

    with op.batch_alter_table("pending", schema=None) as batch_op:
        batch_op.drop_column("turn_id")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_sent_as")
        batch_op.drop_column("turn_id")

    op.drop_table("lesson")
