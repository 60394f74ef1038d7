"""In which stage of the journey everybody stands, and stood"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0045"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What marks the rows comes after the last migration (``storage.journey_marks``)."""
    op.create_table(
        "journey",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("next_check_at", MOMENT, nullable=True),
        _of_workspace("journey"),
        sa.PrimaryKeyConstraint("workspace_id", "contact_id", name=op.f("pk_journey")),
    )
    op.create_index(
        "ix_journey_workspace_id_stage_since", "journey", ["workspace_id", "stage", "since"]
    )
    there = sa.text("next_check_at IS NOT NULL")
    op.create_index(
        "ix_journey_workspace_id_next_check_at", "journey", ["workspace_id", "next_check_at"],
        sqlite_where=there, postgresql_where=there,
    )  # fmt: skip
    op.create_table(
        "journey_stay",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("came_from", sa.String(length=12), nullable=True),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("went_to", sa.String(length=12), nullable=True),
        _of_workspace("journey_stay"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_journey_stay")),
    )
    for columns in (("contact_id", "at"), ("at",), ("left_at",)):
        name = "_".join(("ix_journey_stay_workspace_id", *columns))
        op.create_index(name, "journey_stay", ["workspace_id", *columns])


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id"),
        ondelete="CASCADE",
    )  # fmt: skip


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    marking = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journey_of_%'"
        if on_sqlite
        else "SELECT proname FROM pg_proc WHERE proname LIKE 'journey_of_%'"
        " AND pronamespace = current_schema()::regnamespace"
    )
    for name in op.get_bind().execute(sa.text(marking)).scalars().all():
        op.execute(f"DROP TRIGGER {name}" if on_sqlite else f"DROP FUNCTION {name} CASCADE")
    for table in ("journey_stay", "journey"):
        op.drop_table(table)
