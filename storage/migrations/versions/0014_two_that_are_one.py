"""Whom a record was before it was merged, who is somebody else, and when to look for doubles"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former",
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("former_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_row("former"),
        *(_belongs("former", table) for table in ("contact", "company")),
    )
    for column in ("former_id", "name_key", "contact_id", "company_id"):
        op.create_index(f"ix_former_workspace_id_{column}", "former", ["workspace_id", column])
    op.create_table(
        "apart",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("one_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_row("apart"),
        sa.UniqueConstraint(
            "workspace_id", "kind", "one_id", "other_id",
            name=op.f("uq_apart_workspace_id_kind_one_id_other_id"),
        ),
    )  # fmt: skip
    op.create_index(
        "ix_apart_workspace_id_kind_other_id", "apart", ["workspace_id", "kind", "other_id"]
    )
    for column in ("phone", "email"):
        op.create_index(f"ix_company_workspace_id_{column}", "company", ["workspace_id", column])
    op.add_column("member", sa.Column("tidy_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_member_workspace_id_tidy_at", "member", ["workspace_id", "tidy_at"])
    op.execute("UPDATE member SET tidy_at = agenda_at")


def _row(table: str) -> tuple[Any, ...]:
    """What every row of a workspace has."""
    return (
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def _belongs(table: str, to: str) -> Any:
    return sa.ForeignKeyConstraint(
        ["workspace_id", f"{to}_id"],
        [f"{to}.workspace_id", f"{to}.id"],
        name=op.f(f"fk_{table}_workspace_id_{to}_id"),
        ondelete="RESTRICT",
    )


def downgrade() -> None:
    op.drop_index("ix_member_workspace_id_tidy_at", "member")
    op.drop_column("member", "tidy_at")
    for column in ("phone", "email"):
        op.drop_index(f"ix_company_workspace_id_{column}", "company")
    op.drop_table("apart")
    op.drop_table("former")
