"""When a turn was sent and acted on, and what was shown in a chat lately"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undoes", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("chat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shown", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("chat", schema=None) as batch_op:
        batch_op.drop_column("shown")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_column("undoes")
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_column("acted_at")
        batch_op.drop_column("sent_at")
