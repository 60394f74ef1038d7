"""What customers agreed to, their language, texts for them, and a key for the links they get"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0038"
down_revision = "0049"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("contact", sa.Column("language", sa.String(length=8), nullable=True))
    op.add_column("workspace", sa.Column("sign_key", sa.String(length=64), nullable=True))
    op.create_table(
        "consent",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=True),
        *_kept("consent"),
        _of_contact("consent"),
    )
    op.create_index(
        "ix_consent_workspace_id_contact_id_channel", "consent",
        ["workspace_id", "contact_id", "channel"],
    )  # fmt: skip
    op.create_table(
        "message_template",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("versions", JSON, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *_kept("message_template"),
    )
    op.create_index(
        "ix_message_template_workspace_id_name_key", "message_template",
        ["workspace_id", "name_key"],
    )  # fmt: skip


def _kept(table: str) -> tuple[sa.schema.SchemaItem, ...]:
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


def _of_contact(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "contact_id"], ["contact.workspace_id", "contact.id"],
        name=op.f(f"fk_{table}_workspace_id_contact_id"), ondelete="RESTRICT",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("message_template")
    op.drop_table("consent")
    op.drop_column("workspace", "sign_key")
    op.drop_column("contact", "language")
