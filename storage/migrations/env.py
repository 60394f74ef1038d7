"""How Alembic reaches our tables; the connection is handed over by ``storage.migrate``."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from storage.models import Base
from storage.types import Moment


def render(_kind: str, item: Any, about: AutogenContext) -> str | Literal[False]:
    """Migrations are written in plain types, so that they stay true when ours change."""
    if isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, JSON):
        about.imports.add("from storage.types import Json")
        return "Json"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
