"""Sequences: steps that customers are led through, who is in them, and what starts them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0043"
down_revision = "0040"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What marks the rows comes after the last migration (``storage.sequence_marks``)."""
    op.create_table(
        "sequence",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *_recorded("sequence"),
    )
    op.create_index("ix_sequence_workspace_id_name_key", "sequence", ["workspace_id", "name_key"])
    op.create_table(
        "sequence_run",
        sa.Column("sequence_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("done", JSON, nullable=False),
        sa.Column("next_check_at", MOMENT, nullable=True),
        *_recorded("sequence_run"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"], ["contact.workspace_id", "contact.id"],
            name=op.f("fk_sequence_run_workspace_id_contact_id"), ondelete="RESTRICT",
        ),
        _of_a_sequence("sequence_run"),
    )  # fmt: skip
    for columns in (("contact_id", "state"), ("sequence_id", "state", "reason")):
        name = "_".join(("ix_sequence_run_workspace_id", *columns))
        op.create_index(name, "sequence_run", ["workspace_id", *columns])
    _some("sequence_run", "next_check_at")
    op.create_table(
        "sequence_start",
        sa.Column("sequence_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *_recorded("sequence_start"),
        _of_a_sequence("sequence_start"),
        sa.UniqueConstraint(
            "workspace_id", "stage", "sequence_id",
            name=op.f("uq_sequence_start_workspace_id_stage_sequence_id"),
        ),
    )  # fmt: skip
    op.create_table(
        "sequence_call",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_sequence_call_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "sequence_id", "deal_id", name=op.f("pk_sequence_call")
        ),
    )  # fmt: skip
    _some("sequence_call", "due_at")


def _recorded(table: str) -> tuple[sa.Column[int] | sa.Constraint, ...]:
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


def _of_a_sequence(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "sequence_id"], ["sequence.workspace_id", "sequence.id"],
        name=op.f(f"fk_{table}_workspace_id_sequence_id"), ondelete="CASCADE",
    )  # fmt: skip


def _some(table: str, column: str) -> None:
    """An index of the rows alone that the clock looks at."""
    there = sa.text(f"{column} IS NOT NULL")
    op.create_index(f"ix_{table}_workspace_id_{column}", table, ["workspace_id", column],
                    sqlite_where=there, postgresql_where=there)  # fmt: skip


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    marking = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'sequence_of_%'"
        if on_sqlite
        else "SELECT proname FROM pg_proc WHERE proname LIKE 'sequence_of_%'"
        " AND pronamespace = current_schema()::regnamespace"
    )
    for name in op.get_bind().execute(sa.text(marking)).scalars().all():
        op.execute(f"DROP TRIGGER {name}" if on_sqlite else f"DROP FUNCTION {name} CASCADE")
    for table in ("sequence_call", "sequence_start", "sequence_run", "sequence"):
        op.drop_table(table)
