"""Several pipelines, former names of stages, and moves of which only the stage is known"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json, new_id

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

MAIN = "sales"


def upgrade() -> None:
    op.create_table(
        "pipeline",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_pipeline_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_pipeline")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_pipeline_workspace_id_key")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_pipeline_workspace_id_position"), "pipeline", ["workspace_id", "position"]
    )
    op.add_column(
        "stage",
        sa.Column("pipeline", sa.String(length=40), nullable=False, server_default=MAIN),
    )
    op.add_column("stage", sa.Column("formerly", Json, nullable=True))
    op.add_column(
        "deal_move", sa.Column("assumed", sa.Boolean(), nullable=False, server_default="0")
    )
    _give_everybody_one()
    _mark_what_was_assumed()


def _give_everybody_one() -> None:
    """Every workspace that is there goes on with its stages as those of the one pipeline."""
    connection = op.get_bind()
    names = ("workspace_id", "id", "key", "position", "active", "version")
    pipeline = sa.table("pipeline", *(sa.column(name) for name in names))
    workspace = sa.table("workspace", sa.column("id", sa.Integer))
    rows = [
        {
            "workspace_id": space, "id": new_id(), "key": MAIN, "position": 0, "active": True,
            "version": 1,
        }
        for space in connection.scalars(sa.select(workspace.c.id)).all()
    ]  # fmt: skip
    if rows:
        op.bulk_insert(pipeline, rows)


def _mark_what_was_assumed() -> None:
    """Deals that came in with a file and no moves were put where they stood, as if from their
    first day on. What came in has a print; a move that was told came with others or later."""
    op.get_bind().execute(
        sa.text("""
            UPDATE deal_move SET assumed = :yes WHERE status = 'open' AND EXISTS (
                SELECT 1 FROM deal WHERE deal.workspace_id = deal_move.workspace_id
                AND deal.id = deal_move.deal_id AND deal.created_at = deal_move.at
                AND deal.stage = deal_move.stage
            ) AND NOT EXISTS (
                SELECT 1 FROM change WHERE change.workspace_id = deal_move.workspace_id
                AND change.table_name = 'deal_move' AND change.row_id = deal_move.id
            )
        """),
        {"yes": True},
    )


def downgrade() -> None:
    op.drop_column("deal_move", "assumed")
    op.drop_column("stage", "formerly")
    op.drop_column("stage", "pipeline")
    op.drop_index(op.f("ix_pipeline_workspace_id_position"), "pipeline")
    op.drop_table("pipeline")
