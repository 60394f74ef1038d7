"""How well each lead fits, by which rules, and what was learned of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0032"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What marks the rows comes after the last migration (``storage.score_marks``)."""
    op.create_table(
        "lead_score",
        *_space(),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("reasons", JSON, nullable=True),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("model", sa.Integer(), nullable=True),
        sa.Column("scored_at", MOMENT, nullable=True),
        sa.Column("next_check_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "contact_id", name=op.f("pk_lead_score")),
    )
    for columns in (("score", "contact_id"), ("owner_id", "score")):
        name = "_".join(("ix_lead_score_workspace_id", *columns))
        op.create_index(name, "lead_score", ["workspace_id", *columns])
    _some("lead_score", "next_check_at")
    op.create_table(
        "lead_model",
        *_space(),
        sa.Column("sweep_from", sa.BigInteger(), nullable=True),
        sa.Column("fit_at", MOMENT, nullable=True),
        sa.Column("fitted_at", MOMENT, nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False, server_default="0")
          for name in ("won", "lost", "number")),
        sa.Column("used", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("changes", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("learned", JSON, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_lead_model")),
    )  # fmt: skip
    _some("lead_model", "sweep_from")
    _some("lead_model", "fit_at")
    op.create_table(
        "score_rule",
        *_space(),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("value", sa.String(100), nullable=False),
        sa.Column("points", sa.SmallInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_score_rule")),
        sa.UniqueConstraint(
            "workspace_id", "kind", "field_id", "key",
            name=op.f("uq_score_rule_workspace_id_kind_field_id_key"),
        ),
    )  # fmt: skip


def _space() -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], ondelete="CASCADE"),
    )


def _some(table: str, column: str) -> None:
    """An index of the rows alone that the clock looks at."""
    there = sa.text(f"{column} IS NOT NULL")
    op.create_index(f"ix_{table}_workspace_id_{column}", table, ["workspace_id", column],
                    sqlite_where=there, postgresql_where=there)  # fmt: skip


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    marking = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'score_of_%'"
        if on_sqlite
        else "SELECT proname FROM pg_proc WHERE proname LIKE 'score_of_%'"
        " AND pronamespace = current_schema()::regnamespace"
    )
    for name in op.get_bind().execute(sa.text(marking)).scalars().all():
        op.execute(f"DROP TRIGGER {name}" if on_sqlite else f"DROP FUNCTION {name} CASCADE")
    for table in ("score_rule", "lead_model", "lead_score"):
        op.drop_table(table)
