"""Errors of PostgreSQL, of a pooler in front of it and of servers behind it, one sentence each.

Each table of rules pairs a regular expression with a sentence; the first that matches "SQLSTATE
message" decides. `{words}` in a sentence is replaced by the server's own message.
"""

import re

from sqlalchemy.exc import DBAPIError, OperationalError

from claimtrack.db.privileges import list_missing_privileges, missing_privilege
from claimtrack.db.session_state import Database
from claimtrack.db.urls import repeats_secret
from claimtrack.errors import Contended, NoDatabase, SchemaMismatch, StorageFailure

_OURS = re.compile("21|22|23|25P02|42(?:601|702|803|804|P02|P08|P18|846)")
"""SQLSTATEs that only a statement of claimtrack can cause, and a bug in it.

Source: PostgreSQL 18, Appendix A, for these and all SQLSTATEs below.
"""

_Rules = tuple[tuple[str, str], ...]

_POOLER: _Rules = (
    (
        "unsupported startup parameter",
        "the pooler in front of the server takes no such option: leave 'options' out of the "
        "address, or let the pooler ignore it (ignore_startup_parameters)",
    ),
    ("no such database", "the pooler in front of the server knows no such database"),
    (
        'no such user|"trust" authentication failed',
        "the pooler in front of the server has no such user",
    ),
    (
        "query_wait_timeout|max_client_conn|no more connections allowed|max_(?:db|user)_connections"
        "|too many servers in the pool",
        "the pooler in front of the server has no connection to spare: try again in a moment",
    ),
    (
        "server login|server_login|server_connect_timeout|client_login_timeout|server conn crashed"
        r"|cannot connect to server|\(server down\)",
        "the pooler there does not get into the server behind it: {words}",
    ),
    (
        "^(?:26000|42P05)|prepared statement .*(?:already exists|does not exist)",
        "the pooler in front of the server mixes up whose statements are whose: let it use "
        "pool_mode = session",
    ),
)
"""Errors of a connection pooler. Source: the messages of PgBouncer 1.18."""

_BEHIND = (
    r"remote node|to (?:any |the )?(?:worker )?nodes?\b|marked as essential|connection error: "
    "|^08(?!P01)|^HV"
)
"""Errors of a server behind this one: a worker of Citus, or the server of a foreign table."""

_CONNECTING: _Rules = (
    (
        r"pg_hba\.conf .*(?:no encryption|SSL off)",
        "the server's rules (pg_hba.conf) do not let this user in from here without encryption: "
        "add sslmode=require to the address, or ask its administrator",
    ),
    (
        r"pg_hba\.conf",
        "the server's rules (pg_hba.conf) do not let this user into this database from here: "
        "ask its administrator",
    ),
    (
        "not support SSL|server refused SSL",
        "the address requires encryption (sslmode), but the server offers none",
    ),
    (
        "(?:SSL|TLS)(?: connection)?(?: is)? required|requires? (?:SSL|TLS|encrypt)",
        "the server requires an encrypted connection: add sslmode=require to the address",
    ),
    ("password authentication failed|^28P01", "the user or the password is wrong"),
    (
        "no password supplied",
        "the server asks for a password: put it in the URL or in PGPASSWORD",
    ),
    ('role ".*" does not exist', "the server has no such user"),
    ("not permitted to log in", "this role may not log in: ALTER ROLE ... LOGIN lets it"),
    ("permission denied for database", missing_privilege("CONNECT on the database")),
    ("authentic|channel binding|GSSAPI|^28", "the server does not let this user in: {words}"),
    (
        "certificate|private key|SSL error|[Tt]ls|TLS",
        "the encrypted connection cannot be made: {words}",
    ),
    (
        "too many (?:clients|connections)|connection slots",
        "the server has no connection to spare: try again in a moment",
    ),
    (
        "database system is (?:starting|shutting|not yet|in recovery)",
        "the server is starting or stopping: try again in a moment",
    ),
    ("service file|definition of service", "the service is not found: {words}"),
    ("could not translate host name|failed to resolve host", "the host name is unknown"),
    (
        "unrecognized configuration|invalid|missing|could not match",
        "an option of the address is wrong: {words}",
    ),
    (
        "[Cc]onnection refused|No such file|unreachable|No route to host|Host is down",
        "no PostgreSQL server answers there: is it running, and is the port right?",
    ),
    (
        "connection failed: .*(?:closed the connection|reset by peer|expected authentication)",
        "the other end closed the connection: is it a PostgreSQL server, and is the port right?",
    ),
)
"""Errors before a session exists; recognised by words, as the driver has no SQLSTATE for them."""

_AWAY = (
    "the connection to the server was lost: check whether the change was saved; if not, try again"
)
_BUSY = "it is in use by another command: try again when it has ended"
_IN_SESSION: _Rules = (
    ("^(?:40001|40P01)", "another program holds a lock: try again when it has ended"),
    ("^55P03|lock timeout", _BUSY),
    (
        "^57014 .*statement timeout",
        "the server ended the command, which took longer than its statement_timeout allows",
    ),
    ("^57014", "somebody cancelled the command on the server"),
    (
        "^25P0[34]|^57P05|idle.in.transaction|(?:query|transaction|idle)[ _]timeout",
        "the server, or a pooler in front of it, ended what took longer than it allows: {words}",
    ),
    ("^57P03", "the server is starting or stopping: try again in a moment"),
    (
        "^57P0|^-.*(?:server closed the connection|connection .*(?:lost|reset|closed))"
        "|terminating connection",
        _AWAY,
    ),
    ("^-.*time(?:d )?out", "the server did not answer in time"),
    (
        "^25006|read-only transaction|recovery is in progress|during recovery",
        "the server allows only reading: write to its primary",
    ),
    ("^53300", "the server has no connection to spare: try again in a moment"),
    ("^53100", "the disk of the server is full: {words}"),
    ("^5[34]", "the server has reached a limit: {words}"),
    (
        "^(?:58|XX|F0)",
        "the server has an internal error, which its administrators should know of: {words}",
    ),
    (
        "^3F000|no schema has been selected",
        "the search path names no schema that exists: create it, or name another",
    ),
    (
        "must be owner",
        "its tables can be altered or replaced only by their owner: let that role run this",
    ),
    ("^42501", "the server denies this user the permission: {words}"),
    ("^(?:0A|42883|42704)", "the server lacks what claimtrack uses: {words}"),
)


def translate_server_error(database: Database, error: DBAPIError) -> Exception | None:
    """Return the error that users see for an error of a server or its driver.

    None where a statement of claimtrack is at fault, so that the traceback of a bug is not hidden.
    """
    orig = error.orig
    message = " ".join(str(orig).split()) or type(orig).__name__
    state = getattr(orig, "sqlstate", None) or "-"
    is_own = state == "-" and error.statement and not isinstance(error, OperationalError)
    if is_own or _OURS.match(state):
        return None
    words = _get_message(database, orig, message)
    if state == "3D000" or re.search('database ".*" does not exist', message):
        return NoDatabase(f"there is no database {database.name} on the server: create it first")
    if state in ("42P01", "42703"):
        return SchemaMismatch(
            f"{database.name} is not whole: {words}: restore your last backup into another "
            "database, or ask its administrator"
        )
    advice = (state == "42501" and _find_missing_privilege(database, error, words)) or _find_advice(
        state, message
    )
    if advice is None:
        return StorageFailure(f"{database.name}: the server refused: {words}")
    kind = Contended if state in ("40001", "40P01") else StorageFailure
    return kind(f"cannot use {database.name}: {advice.replace('{words}', words)}")


def _find_advice(state: str, message: str) -> str | None:
    """Return the sentence of the first rule that matches; None where none does."""
    rules = (*_POOLER, (_BEHIND, "a server behind this one refuses, or does not answer: {words}"))
    if state == "-" or state[:2] in ("08", "28"):
        rules += _CONNECTING
    whole = f"{state} {message}"
    return next((advice for sign, advice in (*rules, *_IN_SESSION) if re.search(sign, whole)), None)


def _get_message(database: Database, orig: object, message: str) -> str:
    """Return the server's message in one line, unless it repeats a secret part of the address."""
    primary = getattr(getattr(orig, "diag", None), "message_primary", None)
    line = str(primary or str(orig).strip().partition("\n")[0] or message)
    line = re.sub(r"^connection (?:failed|is bad): (?:connection to .*? failed: )?", "", line)
    line = re.sub(r"^\w+:  ", "", line)  # the severity, in the language of the server
    if repeats_secret(database.engine.url, line):
        return "(its words are not shown, as they repeat a part of the address)"
    return " ".join(line.split())


def _find_missing_privilege(database: Database, error: DBAPIError, words: str) -> str | None:
    """Return the missing privilege, where the server's message names what was denied; else None."""
    found = re.search(r"permission denied for (\w+) (\S+)", words)
    if not found:
        return None
    what, name = found.groups()
    statement = (error.statement or "").lstrip()
    if what == "schema":
        if re.match("CREATE|ALTER", statement):
            return (
                f"this user lacks CREATE on schema {name}: let the owner of the tables run this "
                "command"
            )
        return missing_privilege(f"USAGE on schema {name}")
    if what == "sequence":
        return missing_privilege(f"USAGE on sequence {name}")
    if what not in ("table", "view"):
        return None
    try:
        with database.engine.connect() as connection:
            rights = list_missing_privileges(connection, name.strip('"'), statement)
    except DBAPIError:
        rights = []
    return missing_privilege(f"{', '.join(rights)} on table {name}") if rights else None
