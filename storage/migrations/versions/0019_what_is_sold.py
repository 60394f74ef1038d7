"""What is sold, who leads whom, and what columns of files mean"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MORE = ("deal", "task", "activity")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")  # what has no column of its own


def upgrade() -> None:
    _table(
        "product",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        *_money("price_minor"),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("category", sa.String(length=100), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("more", JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        indexed=(("name_key",), ("code",)),
    )
    _table(
        "order",
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        *_money("amount_minor"),
        sa.Column("status", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("more", JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        belongs=("contact", "company"),
        indexed=(("number",), ("contact_id", "at"), ("company_id", "at"), ("at",)),
    )
    _table(
        "line_item",
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("deal_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("quantity", sa.String(length=40), nullable=True),
        *_money("price_minor"),
        belongs=("order", "deal", "product"),
        indexed=(("order_id",), ("deal_id",), ("product_id",)),
    )
    _table(
        "known_head",
        sa.Column("head", sa.String(length=200), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.UniqueConstraint("workspace_id", "head", name=op.f("uq_known_head_workspace_id_head")),
    )
    for table in MORE:
        op.add_column(table, sa.Column("more", JSON, nullable=True))
    op.add_column("member", sa.Column("manager", sa.String(length=200), nullable=True))
    op.add_column("member", sa.Column("office", sa.String(length=100), nullable=True))
    op.add_column("waiting_file", sa.Column("data", sa.LargeBinary(), nullable=True))
    for column in ("doubts", "chosen"):
        op.add_column("waiting_file", sa.Column(column, JSON, nullable=True))


def _money(column: str) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column(column, sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
    )


def _table(
    name: str,
    *columns: Any,
    belongs: Sequence[str] = (),
    indexed: Sequence[Sequence[str]] = (),
) -> None:
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
    for some in indexed:
        op.create_index(
            op.f(f"ix_{name}_workspace_id_{'_'.join(some)}"), name, ["workspace_id", *some]
        )


def downgrade() -> None:
    for column in ("chosen", "doubts", "data"):
        op.drop_column("waiting_file", column)
    op.drop_column("member", "office")
    op.drop_column("member", "manager")
    for table in reversed(MORE):
        op.drop_column(table, "more")
    for table in ("known_head", "line_item", "order", "product"):
        op.drop_table(table)
