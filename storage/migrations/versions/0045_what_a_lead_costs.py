"""What a lead of a source costs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("label", sa.Column("cost_minor", sa.BigInteger(), nullable=True))
    op.add_column("label", sa.Column("cost_currency", sa.String(length=3), nullable=True))


def downgrade() -> None:
    op.drop_column("label", "cost_currency")
    op.drop_column("label", "cost_minor")
