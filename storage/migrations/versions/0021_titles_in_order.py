"""Titles in order"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None

COLUMNS = ["workspace_id", "title", "id"]
NAME = "ix_contact_workspace_id_title_id"


def upgrade() -> None:
    op.create_index(op.f(NAME), "contact", COLUMNS)


def downgrade() -> None:
    op.drop_index(op.f(NAME), "contact")
