"""Own stages and fields"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json, new_id

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

USUAL = (
    ("lead", 10, 7), ("qualified", 25, 14), ("proposal", 50, 14), ("negotiation", 75, 14),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "custom_field",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("choices", Json, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_custom_field_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_custom_field_workspace_id_key")),
    )
    op.create_table(
        "stage",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_stage_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_stage")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_stage_workspace_id_key")),
    )
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stage_workspace_id_position"), ["workspace_id", "position"], unique=False
        )

    op.create_table(
        "custom_value",
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("value_key", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "company_id"],
            ["company.workspace_id", "company.id"],
            name=op.f("fk_custom_value_workspace_id_company_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["contact.workspace_id", "contact.id"],
            name=op.f("fk_custom_value_workspace_id_contact_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "field_id"],
            ["custom_field.workspace_id", "custom_field.id"],
            name=op.f("fk_custom_value_workspace_id_field_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_custom_value_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_custom_value")),
    )
    with op.batch_alter_table("custom_value", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_custom_value_workspace_id_company_id"),
            ["workspace_id", "company_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_custom_value_workspace_id_contact_id"),
            ["workspace_id", "contact_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_custom_value_workspace_id_field_id_value_key"),
            ["workspace_id", "field_id", "value_key"],
            unique=False,
        )

    _give_the_usual_stages()


def _give_the_usual_stages() -> None:
    """Every workspace that is there goes on with the stages that it had."""
    connection = op.get_bind()
    stage = sa.table(
        "stage",
        *(sa.column(name) for name in ("workspace_id", "id", "key", "position", "probability")),
        *(sa.column(name) for name in ("days", "active", "version")),
    )
    workspace = sa.table("workspace", sa.column("id", sa.Integer))
    spaces = connection.scalars(sa.select(workspace.c.id)).all()
    rows = [
        {
            "workspace_id": space,
            "id": new_id(),
            "key": key,
            "position": position,
            "probability": probability,
            "days": days,
            "active": True,
            "version": 1,
        }
        for space in spaces
        for position, (key, probability, days) in enumerate(USUAL)
    ]
    if rows:
        op.bulk_insert(stage, rows)


def downgrade() -> None:
    with op.batch_alter_table("custom_value", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_custom_value_workspace_id_field_id_value_key"))
        batch_op.drop_index(batch_op.f("ix_custom_value_workspace_id_contact_id"))
        batch_op.drop_index(batch_op.f("ix_custom_value_workspace_id_company_id"))

    op.drop_table("custom_value")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_workspace_id_position"))

    op.drop_table("stage")
    op.drop_table("custom_field")
