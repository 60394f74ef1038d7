"""Private contacts, and channels that others read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NEW = (("contact", "private"), ("workspace", "keeps_private"), ("bond", "external"))


def upgrade() -> None:
    """Not in batches: SQLite would make the tables anew, and dropping a workspace drops its all."""
    for table, column in NEW:
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default="0"))


def downgrade() -> None:
    for table, column in reversed(NEW):
        op.drop_column(table, column)
