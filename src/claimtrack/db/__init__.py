"""Connections, sessions and maintenance of databases; no other package opens a connection.

A database is named by a path (SQLite), a URL (`postgresql://...`, through psycopg 3) or libpq's
NAME=VALUE pairs. On PostgreSQL claimtrack never names a schema: the search path of the connection
decides.

* `connections`: `connect`, the engines and their settings, the check of the schema's version.
* `sessions`: `reading` and `writing`, the two kinds of transaction; for `api` alone.
* `maintenance`: create, upgrade, replace and check a database; `compacting`: rewrite it.
* `driver_errors`, `postgresql_errors`: the driver's errors as one sentence each.
* `privileges`: the catalogue queries that explain a missing privilege on PostgreSQL.
"""

from claimtrack.db.compacting import check_can_compact, compact
from claimtrack.db.connections import (
    SCHEMA_VERSION,
    connect,
    enlarge_page_cache,
    lock_writers,
    schema_version,
)
from claimtrack.db.driver_errors import RESTORE_HINT, damage_error, is_damage_message
from claimtrack.db.instants import UtcDateTime, format_instant
from claimtrack.db.maintenance import (
    FileFault,
    init,
    is_damaged,
    list_file_faults,
    migrations_folder,
    recreate_database,
    remove_journal_files,
)
from claimtrack.db.session_state import (
    NO_MASK,
    Change,
    Database,
    Mask,
    Session,
    is_masked,
    new_change,
)

__all__ = [
    "NO_MASK",
    "RESTORE_HINT",
    "SCHEMA_VERSION",
    "Change",
    "Database",
    "FileFault",
    "Mask",
    "Session",
    "UtcDateTime",
    "check_can_compact",
    "compact",
    "connect",
    "damage_error",
    "enlarge_page_cache",
    "format_instant",
    "init",
    "is_damage_message",
    "is_damaged",
    "is_masked",
    "list_file_faults",
    "lock_writers",
    "migrations_folder",
    "new_change",
    "recreate_database",
    "remove_journal_files",
    "schema_version",
]
