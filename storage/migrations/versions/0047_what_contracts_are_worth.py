"""Customers are looked at again: what their contracts will bring is part of what they are worth"""

from __future__ import annotations

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    yes, at_once = ("1", "") if on_sqlite else ("true", "+00")
    op.execute(
        f"UPDATE outlook SET stale = {yes}, next_check_at = '1970-01-01 00:00:00.000000{at_once}'"  # noqa: S608 - our own words
    )


def downgrade() -> None:
    """What was looked at stays so."""
