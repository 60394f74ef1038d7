"""What came in together"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None


def _of_a_workspace() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "brought",
        *_of_a_workspace(),
        sa.Column("turn_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_brought_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_brought")),
    )  # fmt: skip
    op.create_index(op.f("ix_brought_workspace_id_turn_id"), "brought", ["workspace_id", "turn_id"])
    op.create_table(
        "source_record",
        *_of_a_workspace(),
        sa.Column("turn_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_source_record_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_source_record")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_source_record_workspace_id_key"),
        "source_record",
        ["workspace_id", "key"],
        unique=True,
    )
    op.create_index(
        op.f("ix_source_record_workspace_id_turn_id"), "source_record", ["workspace_id", "turn_id"]
    )


def downgrade() -> None:
    op.drop_table("source_record")
    op.drop_table("brought")
