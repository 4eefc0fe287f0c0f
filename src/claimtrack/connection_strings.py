"""Names of databases as users give them: path, URL or NAME=VALUE pairs; and passwords in messages.

Standard library only: commands need it before any driver is loaded.
"""

import os
import re
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of name; UNCLEAR may be a path, or an address with a misplaced password."""

    PATH = "path"
    URL = "URL"
    KEYWORDS = "NAME=VALUE"
    UNCLEAR = "unclear"


_SCHEMES = (
    "postgres(?:ql)?|mysql|mariadb|mssql|sqlserver|oracle|mongodb|redis|redshift|cockroachdb|sqlite"
)
_SCHEME = re.compile(rf"((?:jdbc:)?(?:{_SCHEMES})(?:\+\w+)?):", re.IGNORECASE)
_KEYWORDS = re.compile(
    "service|servicefile|user|pass(?:word|file)|dbname|host(?:addr)?|port|options|replication|"
    "client_encoding|channel_binding|connect_timeout|(?:fallback_)?application_name|requirepeer|"
    "require_auth|krbsrvname|load_balance_hosts|target_session_attrs|tcp_user_timeout|"
    r"m(?:in|ax)_protocol_version|(?:keepalives|ssl|gss|scram|oauth)\w*"
)
"""The keywords of libpq. Source: PostgreSQL 18, 32.1.2, Parameter Key Words."""
_KEY = re.compile(r"(?:^|[\s;,])(\w+)\s*=")
_CREDENTIAL = r"(?:\w*(?:password|passwd|passphrase|pwd|secret)|pass|scram_\w+_key)\s*="
_CREDENTIAL_ANYWHERE = re.compile(rf"(?:^|[\s;,?&#/]){_CREDENTIAL}", re.IGNORECASE)
_CREDENTIAL_IN_QUERY = re.compile(rf"[;?&#]\s*{_CREDENTIAL}", re.IGNORECASE)
_PLACED = re.compile(r"/(?!/)|\.{1,2}[/\\]|~|\\\\")
"""Beginnings that only a path has."""


def detect_kind(name: str) -> Kind:
    """Return the kind of a database's name; UNCLEAR where it may hold a misplaced password."""
    bare = name.strip()
    if _PLACED.match(bare) or (os.name == "nt" and re.match(r"[A-Za-z]:[/\\]", bare)):
        return Kind.UNCLEAR if _CREDENTIAL_IN_QUERY.search(bare) else Kind.PATH
    if "://" in bare or _SCHEME.match(bare):
        return Kind.URL
    keys = [key.lower() for key in _KEY.findall(bare)]
    if len(keys) > 1 or any(map(_KEYWORDS.fullmatch, keys)):
        return Kind.KEYWORDS
    if _CREDENTIAL_ANYWHERE.search(bare):
        return Kind.UNCLEAR
    # It may be USER:PASSWORD@HOST, unless there is a file of that name.
    return Kind.UNCLEAR if re.search("(?s):.*@", bare) and not os.path.exists(name) else Kind.PATH


def get_scheme(name: str) -> str:
    """Return the scheme of a URL in lower case; empty for one that no database has."""
    found = _SCHEME.match(name.strip())
    return found[1].lower() if found else ""


_CLEAN = (
    r"//(?:[\w.%+$-]*(?::(?:\*\*\*|PASSWORD))?@)?(?:\[[\w:.%]+\]|[\w.,~%-])*(?::(?:\d+|PORT))?"
    r"(?:/[\w.%+$-]*)?"
    r"(?:\?(?:(?:host|hostaddr|port|user|dbname|sslmode|service|target_session_attrs)"
    r"=[\w.,:/%+~-]*&?)*)?"
)
"""An address that may be shown: its password is three asterisks, or the word PASSWORD."""
_ITS_END = r"[,;:)]?(?:['\"\s)]|$)"
_TO_THE_END = r".*?(?=: see 'claimtrack|$)"
_URL_IN_TEXT = re.compile(
    rf"(?<![\w/@])((?:{_SCHEMES})(?:\+\w+)?:)(?=/|\S*@)(?!{_CLEAN}{_ITS_END}){_TO_THE_END}",
    re.IGNORECASE | re.MULTILINE,
)
_OPTION_IN_TEXT = re.compile(rf"\b({_CREDENTIAL}){_TO_THE_END}", re.IGNORECASE | re.MULTILINE)


def redact_passwords(message: str) -> str:
    """Return a message without anything that may be a database password, and what follows it."""
    return _OPTION_IN_TEXT.sub(r"\1...", _URL_IN_TEXT.sub(r"\1//...", message))


def looks_like_address(file: str) -> bool:
    """Return whether a file's name looks like a server's address, which may hold a password."""
    return detect_kind(file) in (Kind.URL, Kind.UNCLEAR) or redact_passwords(file) != file
