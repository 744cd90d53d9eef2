"""Runs the migrations on the connection that db.migrate hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from db.tables import Base
from db.types import UtcInstant
from db.words import is_declared


def render_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own column types by their names, so that a migration reads like a table."""
    if kind == "type" and isinstance(item, UtcInstant):
        return "db.types.UtcInstant()"
    if kind == "type" and isinstance(item, JSON):
        return "db.types.Json"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite cannot alter a table: batch mode copies it instead.
    render_as_batch=True,
    render_item=render_type,
    compare_type=True,
    include_name=is_declared,
)
with context.begin_transaction():
    context.run_migrations()
