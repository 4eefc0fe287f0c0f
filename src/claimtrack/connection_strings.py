"""What users call databases: which of it is a path, and what of the rest may be repeated.

Standard library only: the edges need it before any driver is loaded.
"""

import os
import re
from enum import StrEnum


class Kind(StrEnum):
    """What a user calls a database by."""

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
"""What libpq takes. Source: PostgreSQL 18, 32.1.2, Parameter Key Words."""
_KEY = re.compile(r"(?:^|[\s;,])(\w+)\s*=")
_CREDENTIAL = r"(?:\w*(?:password|passwd|passphrase|pwd|secret)|pass|scram_\w+_key)\s*="
_CREDENTIAL_ANYWHERE = re.compile(rf"(?:^|[\s;,?&#/]){_CREDENTIAL}", re.IGNORECASE)
_CREDENTIAL_IN_QUERY = re.compile(rf"[;?&#]\s*{_CREDENTIAL}", re.IGNORECASE)
_PLACED = re.compile(r"/(?!/)|\.{1,2}[/\\]|~|\\\\")
"""How a path begins that can be nothing else."""


def detect_kind(name: str) -> Kind:
    """Return what the name of a database is; UNCLEAR where it may hold a password out of place."""
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
    # As in USER:PASSWORD@HOST, unless a file is called so.
    return Kind.UNCLEAR if re.search("(?s):.*@", bare) and not os.path.exists(name) else Kind.PATH


def get_scheme(name: str) -> str:
    """Return the scheme of a URL in lower case; empty where it is none that databases have."""
    found = _SCHEME.match(name.strip())
    return found[1].lower() if found else ""


_CLEAN = (
    r"//(?:[\w.%+$-]*(?::(?:\*\*\*|PASSWORD))?@)?(?:\[[\w:.%]+\]|[\w.,~%-])*(?::(?:\d+|PORT))?"
    r"(?:/[\w.%+$-]*)?"
    r"(?:\?(?:(?:host|hostaddr|port|user|dbname|sslmode|service|target_session_attrs)"
    r"=[\w.,:/%+~-]*&?)*)?"
)
"""An address that can be shown: its password is three stars, or a word in its place."""
_ITS_END = r"[,;:)]?(?:['\"\s)]|$)"
_TO_THE_END = r".*?(?=: see 'claimtrack|$)"
_URL_IN_TEXT = re.compile(
    rf"(?<![\w/@])((?:{_SCHEMES})(?:\+\w+)?:)(?=/|\S*@)(?!{_CLEAN}{_ITS_END}){_TO_THE_END}",
    re.IGNORECASE | re.MULTILINE,
)
_OPTION_IN_TEXT = re.compile(rf"\b({_CREDENTIAL}){_TO_THE_END}", re.IGNORECASE | re.MULTILINE)


def redact_passwords(message: str) -> str:
    """Return a message without what may be the password of a database, and what follows it."""
    return _OPTION_IN_TEXT.sub(r"\1...", _URL_IN_TEXT.sub(r"\1//...", message))


def looks_like_address(file: str) -> bool:
    """Whether the name of a file is rather the address of a server, with a password it may be."""
    return detect_kind(file) in (Kind.URL, Kind.UNCLEAR) or redact_passwords(file) != file
