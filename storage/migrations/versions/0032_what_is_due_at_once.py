"""What is due of a member, and where they are reached, is found by an index"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

REMINDS = sa.text("remind_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_identity_workspace_id_member_id", "identity", ["workspace_id", "member_id"])
    op.create_index(
        "ix_task_workspace_id_owner_id_remind_at",
        "task",
        ["workspace_id", "owner_id", "remind_at"],
        sqlite_where=REMINDS,
        postgresql_where=REMINDS,
    )


def downgrade() -> None:
    op.drop_index("ix_task_workspace_id_owner_id_remind_at", "task")
    op.drop_index("ix_identity_workspace_id_member_id", "identity")
