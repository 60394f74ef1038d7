"""What is to be expected of each customer, and how a team's customers order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What marks the rows comes after the last migration (``storage.outlook_marks``)."""
    op.create_table(
        "outlook",
        *_space(),
        *(sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)
          for name in ("company_id", "contact_id")),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("marks", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("stale", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("next_check_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(4), nullable=False, server_default=""),
        sa.Column("plain", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("orders", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("log_gaps", sa.Float(), nullable=False, server_default="0"),
        sa.Column("spent_minor", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("priced", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("p_buy", sa.Float(), nullable=True),
        sa.Column("expected", sa.Float(), nullable=True),
        sa.Column("spend_minor", sa.BigInteger(), nullable=True),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("pause_days", sa.Float(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True)
          for name in ("value_low", "value_minor", "value_high")),
        sa.Column("stake_minor", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("risk_since", sa.Date(), nullable=True),
        sa.Column("evidence", JSON, nullable=True),
        sa.Column("facts", JSON, nullable=True),
        sa.PrimaryKeyConstraint(
            "workspace_id", "company_id", "contact_id", name=op.f("pk_outlook")
        ),
    )  # fmt: skip
    for columns in (("state", "stake_minor"), ("owner_id", "state", "stake_minor"),
                    ("value_minor",), ("owner_id", "next_day")):  # fmt: skip
        name = "_".join(("ix_outlook_workspace_id", *columns))
        op.create_index(name, "outlook", ["workspace_id", *columns])
    _some("outlook", "next_check_at", "next_check_at IS NOT NULL")
    _some("outlook", "contact_id", "contact_id <> 0")
    op.create_table(
        "outlook_fit",
        *_space(),
        sa.Column("fit_at", MOMENT, nullable=True),
        sa.Column("fitted_at", MOMENT, nullable=True),
        sa.Column("customers", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("orders", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changes", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("usual_days", sa.Float(), nullable=True),
        sa.Column("learned", JSON, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_outlook_fit")),
    )
    _some("outlook_fit", "fit_at", "fit_at IS NOT NULL")


def _space() -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], ondelete="CASCADE"),
    )


def _some(table: str, column: str, which: str) -> None:
    """An index of some rows alone."""
    op.create_index(f"ix_{table}_workspace_id_{column}", table, ["workspace_id", column],
                    sqlite_where=sa.text(which), postgresql_where=sa.text(which))  # fmt: skip


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    marking = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'outlook_of_%'"
        if on_sqlite
        else "SELECT proname FROM pg_proc WHERE proname LIKE 'outlook_of_%'"
        " AND pronamespace = current_schema()::regnamespace"
    )
    for name in op.get_bind().execute(sa.text(marking)).scalars().all():
        op.execute(f"DROP TRIGGER {name}" if on_sqlite else f"DROP FUNCTION {name} CASCADE")
    op.drop_table("outlook_fit")
    op.drop_table("outlook")
