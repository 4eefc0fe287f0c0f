"""Databases, the only package that opens a connection.

A database is named by a path (SQLite), a URL (`postgresql://...`, through psycopg 3) or libpq's
NAME=VALUE pairs, which `urls` reads. On PostgreSQL no schema is ever named: the connection's search
path decides. `opening` has connections and `sessions` transactions, which `api` alone opens;
`keeping` makes, upgrades and rewrites databases, `refusals` and `server_refusals` have the
sentences, `rights` asks the catalogue of a server why a casebook is not seen.
"""

from claimtrack.db.handles import (
    OPEN,
    Change,
    Database,
    Session,
    UtcDateTime,
    Veil,
    instant,
    new_change,
    withholds,
)
from claimtrack.db.keeping import (
    FileFault,
    close_for_good,
    compact,
    file_faults,
    init,
    is_damaged,
    made_anew,
    migrations_folder,
    refuse_to_compact,
)
from claimtrack.db.opening import (
    SCHEMA_VERSION,
    connect,
    lock_writers,
    make_room,
    schema_version,
)
from claimtrack.db.refusals import BRING_BACK, damage, is_of_damage

__all__ = [
    "BRING_BACK",
    "OPEN",
    "SCHEMA_VERSION",
    "Change",
    "Database",
    "FileFault",
    "Session",
    "UtcDateTime",
    "Veil",
    "close_for_good",
    "compact",
    "connect",
    "damage",
    "file_faults",
    "init",
    "instant",
    "is_damaged",
    "is_of_damage",
    "lock_writers",
    "made_anew",
    "make_room",
    "migrations_folder",
    "new_change",
    "refuse_to_compact",
    "schema_version",
    "withholds",
]
