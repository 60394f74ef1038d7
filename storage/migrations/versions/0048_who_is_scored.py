"""Indexes of scores and stages hold those alone that have one: who just came has neither yet"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_OF = (
    ("lead_score", ("score", "contact_id"), "score"),
    ("lead_score", ("owner_id", "score"), "score"),
    ("journey", ("stage", "since"), "stage"),
)


def upgrade() -> None:
    _anew(of_all=False)


def downgrade() -> None:
    _anew(of_all=True)


def _anew(*, of_all: bool) -> None:
    for table, columns, told in _OF:
        name = "_".join(("ix", table, "workspace_id", *columns))
        there = None if of_all else sa.text(f"{told} IS NOT NULL")
        op.drop_index(name, table)
        op.create_index(
            name, table, ["workspace_id", *columns], sqlite_where=there, postgresql_where=there
        )
