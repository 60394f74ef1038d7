"""Tickets, what was said about them, and when the clock looks at each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0036"
down_revision = "0042"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("contact_id", "company_id")),
        sa.Column("priority", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("owner_id", "opened_by")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("created_at", "began_at")),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answer_worked", sa.Integer(), nullable=True),
        *(sa.Column(name, MOMENT, nullable=False)
          for name in ("answer_due_at", "warn_at", "due_at")),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolved_by", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("worked", "reopened")),
        sa.Column("was_late", sa.Boolean(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.String(80), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("next_check_at", MOMENT, nullable=True),
        sa.Column("more", JSON, nullable=True),
        *_kept("ticket"),
        *(_belongs("ticket", name, f"{name}_id") for name in ("contact", "company")),
        sa.UniqueConstraint(
            "workspace_id", "number", name=op.f("uq_ticket_workspace_id_number")
        ),
    )  # fmt: skip
    for columns in (("status", "due_at"), ("owner_id", "status"), ("contact_id",), ("company_id",),
                    ("created_at",), ("resolved_at",), ("chat_id",)):  # fmt: skip
        name = "_".join(("ix_ticket_workspace_id", *columns))
        op.create_index(name, "ticket", ["workspace_id", *columns])
    there = sa.text("next_check_at IS NOT NULL")
    op.create_index(
        "ix_ticket_workspace_id_next_check_at", "ticket", ["workspace_id", "next_check_at"],
        sqlite_where=there, postgresql_where=there,
    )  # fmt: skip
    op.create_table(
        "ticket_comment",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        *_kept("ticket_comment"),
        _belongs("ticket_comment", "ticket", "ticket_id"),
    )
    op.create_index(
        "ix_ticket_comment_workspace_id_ticket_id_at",
        "ticket_comment",
        ["workspace_id", "ticket_id", "at"],
    )


def _kept(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """What every table that keeps a history has."""
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def _belongs(table: str, other: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column], [f"{other}.workspace_id", f"{other}.id"],
        name=op.f(f"fk_{table}_workspace_id_{column}"), ondelete="RESTRICT",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("ticket_comment")
    op.drop_table("ticket")
