"""What a deal holds: who is in it, its next step, where it came from, why it ended"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

NEW: tuple[tuple[str, str, Any], ...] = (
    ("deal", "reason_id", sa.BigInteger()),
    ("deal", "source", sa.String(length=200)),
    ("deal", "source_id", sa.BigInteger()),
    ("line_item", "unit", sa.String(length=40)),
    ("line_item", "discount", sa.String(length=20)),
    ("task", "deal_id", sa.BigInteger()),
)
INDEX = "ix_task_workspace_id_deal_id"


def upgrade() -> None:
    """Columns are added in place: in a batch SQLite would make the tables anew, and drop what
    hangs on them."""
    for table, column, kind in NEW:
        op.add_column(table, sa.Column(column, kind, nullable=True))
    op.add_column(
        "deal", sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(INDEX, "task", ["workspace_id", "deal_id"])
    _table(
        "label",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("also", JSON, nullable=True),
        sa.Column("into_id", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.UniqueConstraint(
            "workspace_id", "kind", "key", name=op.f("uq_label_workspace_id_kind_key")
        ),
    )
    op.create_index("ix_label_workspace_id_kind_id", "label", ["workspace_id", "kind", "id"])
    _table(
        "deal_contact",
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.UniqueConstraint(
            "workspace_id", "deal_id", "contact_id",
            name=op.f("uq_deal_contact_workspace_id_deal_id_contact_id"),
        ),
        belongs=("deal", "contact"),
    )  # fmt: skip
    op.create_index(
        "ix_deal_contact_workspace_id_contact_id", "deal_contact", ["workspace_id", "contact_id"]
    )


def _table(name: str, *columns: Any, belongs: Sequence[str] = ()) -> None:
    """A table whose rows are a workspace's and keep a history."""
    op.create_table(
        name,
        *columns,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f(f"fk_{name}_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{name}")),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", f"{to}_id"], [f"{to}.workspace_id", f"{to}.id"],
                name=op.f(f"fk_{name}_workspace_id_{to}_id"), ondelete="RESTRICT",
            )
            for to in belongs
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("deal_contact")
    op.drop_table("label")
    op.drop_index(INDEX, "task")
    op.drop_column("deal", "counted")
    for table, column, _ in reversed(NEW):
        op.drop_column(table, column)
