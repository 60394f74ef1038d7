"""Of all that waits the order alone tells what is next; a chat is looked up by its place"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0035"
branch_labels = None
depends_on = None

REMINDS = sa.text("status = 'open' AND remind_at IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_outbox_place", "outbox")
    op.create_index("ix_outbox_place", "outbox", ["place", "state"])
    if op.get_bind().dialect.name == "postgresql":
        _looks_for(REMINDS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _looks_for(None)
    op.drop_index("ix_outbox_place", "outbox")
    op.create_index("ix_outbox_place", "outbox", ["state", "place"])


def _looks_for(only: sa.TextClause | None) -> None:
    name = "ix_task_workspace_id_remind_at"
    op.drop_index(name, "task")
    op.create_index(name, "task", ["workspace_id", "remind_at"], postgresql_where=only)
