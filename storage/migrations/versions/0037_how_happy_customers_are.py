"""How happy customers are, and who sent whom"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    whose = ("contact", "company", "ticket", "order", "deal")
    op.create_table(
        "rating",
        *(sa.Column(f"{name}_id", sa.BigInteger(), nullable=True) for name in whose),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("referral_asked", sa.Boolean(), nullable=False),
        *_kept("rating"),
        *(_belongs("rating", each) for each in whose),
    )  # fmt: skip
    for columns in (("contact_id", "at"), ("company_id", "at"), ("at",), ("ticket_id",),
                    ("order_id",), ("deal_id",)):  # fmt: skip
        _index("rating", *columns)
    whom = ("contact_id", "company_id", "by_contact_id", "by_company_id")
    op.create_table(
        "referral",
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in whom),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        *_kept("referral"),
        *(_belongs("referral", each) for each in ("contact", "company")),
    )
    for column in whom:
        _index("referral", column)


def _index(table: str, *columns: str) -> None:
    name = "_".join((f"ix_{table}_workspace_id", *columns))
    op.create_index(name, table, ["workspace_id", *columns])


def _kept(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """What every table that keeps a history has."""
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def _belongs(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", f"{other}_id"], [f"{other}.workspace_id", f"{other}.id"],
        name=op.f(f"fk_{table}_workspace_id_{other}_id"), ondelete="RESTRICT",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("referral")
    op.drop_table("rating")
