"""Indexes of some rows alone, declared where the schema is compared with the models.

Apart from the models, since SQLAlchemy imports the dialect of PostgreSQL for them, with asyncio: a
sixth of the time that a command on SQLite takes. The migrations create them.
"""

from sqlalchemy import Index, func, literal_column, text

from claimtrack.models.base import Base
from claimtrack.models.log import EVER_PROTECTED


def _declare() -> None:
    tables = Base.metadata.tables
    for name in ("actor", "document"):
        # Every reader asks whether anything is protected.
        column, protected = tables[name].c.protected, text("protected")
        Index(None, column, sqlite_where=protected, postgresql_where=protected)
    entry, revision = tables["entry"], tables["revision"]
    Index(
        "ix_entry_lasting",  # the last days of those that take more than one, or are open
        func.coalesce(entry.c.date_to, literal_column("'9999-12-31'")),
        sqlite_where=text("date_from IS NOT date_to"),
        postgresql_where=text("date_from IS DISTINCT FROM date_to"),
    )
    Index(
        "ix_revision_protected",
        revision.c.table_name,
        revision.c.row_key,
        sqlite_where=literal_column(EVER_PROTECTED),
        postgresql_where=literal_column(EVER_PROTECTED),
    )


_declare()
metadata = Base.metadata
"""All tables, with these indexes too."""
