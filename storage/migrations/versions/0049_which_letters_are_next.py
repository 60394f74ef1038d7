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
    op.drop_index("ix_task_workspace_id_remind_at", "task")
    op.create_index(
        "ix_task_workspace_id_remind_at",
        "task",
        ["workspace_id", "remind_at"],
        sqlite_where=REMINDS,
        postgresql_where=REMINDS,
    )


def downgrade() -> None:
    op.drop_index("ix_task_workspace_id_remind_at", "task")
    op.create_index("ix_task_workspace_id_remind_at", "task", ["workspace_id", "remind_at"])
    op.drop_index("ix_outbox_place", "outbox")
    op.create_index("ix_outbox_place", "outbox", ["state", "place"])
