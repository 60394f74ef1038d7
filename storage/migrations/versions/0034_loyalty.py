"""What a customer bought in the last twelve months"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outlook", sa.Column("year_minor", sa.BigInteger(), nullable=True))
    op.create_index(
        op.f("ix_outlook_workspace_id_year_minor"), "outlook", ["workspace_id", "year_minor"]
    )
    _look_again()


def _look_again() -> None:
    """Whoever is a customer already is looked at anew."""
    if op.get_bind().dialect.name == "postgresql":
        yes, at_once = "true", "1970-01-01 00:00:00+00"
    else:
        yes, at_once = "1", "1970-01-01 00:00:00.000000"
    op.execute(
        f"UPDATE outlook SET stale = {yes}, next_check_at = '{at_once}'"  # noqa: S608 - our own words
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_outlook_workspace_id_year_minor"), "outlook")
    op.drop_column("outlook", "year_minor")
