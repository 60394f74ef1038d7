"""How fast letters go, which go first, and what is remembered of each"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
OPEN = "state IN ('waiting', 'sending')"


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("name", sa.String(length=220), nullable=False),
        sa.Column("taken", JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pace")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(length=220), nullable=True))
        batch_op.add_column(sa.Column("done", JSON, nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE outbox SET place = '', rank = CASE WHEN kind = 'reply' THEN 0 ELSE 1 END")
    _place_what_waits()
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("rank", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("place", existing_type=sa.String(length=220), nullable=False)
        batch_op.drop_index("ix_outbox_state")
        batch_op.create_index("ix_outbox_state", ["state", "rank", "id"], unique=False)
        batch_op.create_index("ix_outbox_place", ["state", "place"], unique=False)


def _place_what_waits() -> None:
    """What is still to be sent keeps the order of its chat; for all the rest it means nothing."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, address FROM outbox WHERE {OPEN}")).all()  # noqa: S608 - our own words
    for row in rows:
        told: dict[str, Any] = (
            json.loads(row.address) if isinstance(row.address, str) else row.address
        )
        place = ":".join((told["platform"], told["team"], told["chat"] or told["user"]))
        connection.execute(
            sa.text("UPDATE outbox SET place = :place WHERE id = :id"),
            {"place": place, "id": row.id},
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_place")
        batch_op.drop_index("ix_outbox_state")
        batch_op.create_index("ix_outbox_state", ["state", "not_before", "id"], unique=False)
        for name in ("told_at", "language", "done", "place", "rank"):
            batch_op.drop_column(name)
    op.drop_table("pace")
