"""Prints alone: nobody asked what kind of row a record that came in became"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source_record", schema=None) as batch_op:
        batch_op.drop_column("table_name")


def downgrade() -> None:
    with op.batch_alter_table("source_record", schema=None) as batch_op:
        kind = sa.Column("table_name", sa.String(length=40), nullable=False, server_default="")
        batch_op.add_column(kind)
    with op.batch_alter_table("source_record", schema=None) as batch_op:
        batch_op.alter_column("table_name", server_default=None)
