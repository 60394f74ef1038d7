"""Messages to customers, addresses at which nothing arrives, chats of customers with the bot"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=True),
        sa.Column("ways", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("template_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("went_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_kept("message"),
        _of_contact("message", "RESTRICT"),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_message_workspace_id_key")),
    )
    for columns in (("contact_id", "went_at"), ("source", "state")):
        name = "_".join(("ix_message_workspace_id", *columns))
        op.create_index(name, "message", ["workspace_id", *columns])
    there = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_message_workspace_id_due_at", "message", ["workspace_id", "due_at"],
        sqlite_where=there, postgresql_where=there,
    )  # fmt: skip
    op.create_table(
        "bad_address",
        sa.Column("value_key", sa.String(length=254), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        *_kept("bad_address"),
        sa.UniqueConstraint(
            "workspace_id", "value_key", name=op.f("uq_bad_address_workspace_id_value_key")
        ),
    )
    op.create_table(
        "customer_chat",
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_kept("customer_chat"),
        _of_contact("customer_chat", "CASCADE"),
    )
    op.create_index(
        "ix_customer_chat_platform", "customer_chat", ["platform", "team", "user"], unique=True
    )
    op.create_index(
        "ix_customer_chat_workspace_id_contact_id", "customer_chat", ["workspace_id", "contact_id"]
    )


def _kept(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def _of_contact(table: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "contact_id"], ["contact.workspace_id", "contact.id"],
        name=op.f(f"fk_{table}_workspace_id_contact_id"), ondelete=ondelete,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("customer_chat")
    op.drop_table("bad_address")
    op.drop_table("message")
