"""When a deal is looked at next, what became of a nudge, and what a team wants told where"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0030"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("deal", sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE deal SET next_check_at = '1970-01-01 00:00:00.000000' WHERE status = 'open'")
    _due_index("deal", "next_check_at")
    op.add_column("nudge", sa.Column("state", sa.String(10), nullable=False, server_default="sent"))
    for name in ("due_at", "again_at"):
        op.add_column("nudge", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("nudge", sa.Column("about", JSON, nullable=True))
    op.create_index("ix_nudge_workspace_id_member_id_day", "nudge",
                    ["workspace_id", "member_id", "day"])  # fmt: skip
    _due_index("nudge", "due_at")
    op.add_column("member", sa.Column("report_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_member_workspace_id_report_at", "member", ["workspace_id", "report_at"])
    op.execute("UPDATE member SET report_at = '1970-01-02 00:00:00.000000'")  # plans it anew
    _tables()


def _due_index(table: str, column: str) -> None:
    """Of the rows that wait for the clock alone: most never do again."""
    waits = sa.text(f"{column} IS NOT NULL")
    op.create_index(f"ix_{table}_workspace_id_{column}", table, ["workspace_id", column],
                    sqlite_where=waits, postgresql_where=waits)  # fmt: skip


def _tables() -> None:
    op.create_table(
        "nudge_choice",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_key(),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_nudge_choice_workspace_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"], ["member.workspace_id", "member.id"],
            name=op.f("fk_nudge_choice_workspace_id_member_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_nudge_choice")),
        sa.UniqueConstraint(
            "workspace_id", "member_id", "kind",
            name=op.f("uq_nudge_choice_workspace_id_member_id_kind"),
        ),
    )  # fmt: skip
    op.create_table(
        "news",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("tongue", sa.String(length=8), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_key(),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_news_workspace_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "by_id"], ["member.workspace_id", "member.id"],
            name=op.f("fk_news_workspace_id_by_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_news")),
        sa.UniqueConstraint("workspace_id", "kind", name=op.f("uq_news_workspace_id_kind")),
    )  # fmt: skip
    op.create_index("ix_news_workspace_id_due_at", "news", ["workspace_id", "due_at"])
    op.create_table(
        "habit",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("learned", JSON, nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        *_key(),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"],
            name=op.f("fk_habit_workspace_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_habit")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_habit_workspace_id_name")),
    )  # fmt: skip


def _key() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
    )


def downgrade() -> None:
    for table in ("habit", "news", "nudge_choice"):
        op.drop_table(table)
    op.drop_index("ix_member_workspace_id_report_at", "member")
    op.drop_column("member", "report_at")
    op.drop_index("ix_nudge_workspace_id_due_at", "nudge")
    op.drop_index("ix_nudge_workspace_id_member_id_day", "nudge")
    for column in ("about", "again_at", "due_at", "state"):
        op.drop_column("nudge", column)
    op.drop_index("ix_deal_workspace_id_next_check_at", "deal")
    op.drop_column("deal", "next_check_at")
