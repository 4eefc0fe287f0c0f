"""Addresses of PostgreSQL servers: parsed strictly, and shown without secrets."""

import re
from collections.abc import Iterable, Mapping
from types import ModuleType
from urllib.parse import parse_qsl, unquote

from sqlalchemy.engine import URL

from claimtrack.connection_strings import Kind, detect_kind, get_scheme
from claimtrack.errors import InvalidValue, MissingDriver

_POSTGRES = re.compile(r"postgres(ql)?(\+\w+)?")
_URL = re.compile(
    r"""
    [\w+]+://
    (?: (?P<user>[^:/?\#@\s]*) (?: :(?P<password>[^/?\#@\s]*) )? @ )?
    (?P<host>[^/?\#@\s]*)
    (?: /(?P<dbname>[^/?\#@:=&;\s]*) )?
    (?: \?(?P<query>[^\#@\s]*) )?
    """,
    re.VERBOSE,
)
"""Stricter than SQLAlchemy, which reads what follows an unescaped @ in a password as the host."""
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+(?:%\w+)?\]|[\w.%~-]*)(?::(\d{1,5})?)?")
_IPV6 = re.compile(r"[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%\w+)?")

_SHOWN = {
    "user": re.compile(r"[\w.@+$-]+"),
    "dbname": re.compile(r"[\w.+$-]+"),
    "host": re.compile(r"[/\w.,:%~+-]+"),
    "hostaddr": re.compile(r"[\w.,:%]+"),
    "port": re.compile(r"[\d,]+"),
    "service": re.compile(r"[\w.-]+"),
    "sslmode": re.compile(r"[a-z-]+"),
    "target_session_attrs": re.compile(r"[a-z-]+"),
}
"""The parts of an address that may be shown, and the pattern of a value that hides nothing else."""
_PLAIN = re.compile(r"[\w.,:/+-]*")
"""The pattern of an option's value that needs no hiding."""
_SECRET_OPTION = re.compile("pass|secret|key|options")
_SETTING = re.compile(
    r"(?:-c\s*|--)(?:(?:search_path|role|timezone|datestyle)=\S*"
    r"|(?:jit|work_mem|\w+_timeout|default_transaction_\w+)=(?:\d+\w{0,3}|on|off|[a-z ]+)(?!\S))",
    re.IGNORECASE,
)
"""Settings within `options` that are no secret."""


def parse_server_url(name: str) -> URL:
    """Return the SQLAlchemy URL for a PostgreSQL address, a URL or libpq's NAME=VALUE pairs.

    Raises:
        InvalidValue: it cannot be parsed, or is of another kind of database. The message repeats
            nothing of it: any part could be the password.
        MissingDriver: psycopg is not installed.
    """
    kind = detect_kind(name)
    if kind is Kind.URL:
        return _parse_url(name.strip())
    if kind is Kind.KEYWORDS:
        return _parse_keywords(name)
    raise InvalidValue(
        "database",
        "...",
        "a path (with ./ before it if it contains : and @, or =), or "
        "postgresql://USER@HOST:PORT/NAME",
    )


def display_name(url: URL) -> str:
    """Return an address for messages, without its password and whatever else may be secret."""
    parts = _parts(url)
    shown = {
        key: parts[key] for key, value in _SHOWN.items() if value.fullmatch(parts.get(key, ""))
    }
    host = shown.pop("host", "")
    in_query = not host or host.startswith("/") or "," in host
    return URL.create(
        "postgresql",
        username=shown.pop("user", None),
        password="***" if url.password is not None else None,
        host=None if in_query else host,
        port=None if in_query or "port" not in shown else int(shown.pop("port")),
        database=shown.pop("dbname", None),
        query={"host": host, **shown} if in_query and host else shown,
    ).render_as_string(hide_password=True)


def repeats_secret(url: URL, message: str) -> bool:
    """Return whether a message of a driver or server repeats a secret part of the address."""
    hidden = [
        _SETTING.sub(" ", value).strip()
        for key, value in _parts(url).items()
        if not (_SHOWN.get(key) or _PLAIN).fullmatch(value) or _SECRET_OPTION.search(key)
    ]
    words = {word for value in hidden for word in (value, *re.split(r"[\s=,;&]+", value))}
    return any(word in message for word in words if word)


def _parse_url(text: str) -> URL:
    scheme = get_scheme(text)
    if not _POSTGRES.fullmatch(scheme):
        expected = "a path (SQLite), or a URL that begins with postgresql://"
        raise InvalidValue("database", f"{scheme or '...'}://...", expected)
    found = _URL.fullmatch(text)
    if not found:
        raise _wrong_url()
    query = parse_qsl(found["query"] or "", keep_blank_values=True)
    hosts = [value for key, value in query if key == "host"]
    options = [(key, value) for key, value in query if key != "host"]
    if len(dict(options)) < len(options):
        raise InvalidValue("database", "postgresql://...", "each option in the URL once")
    named = {key: unquote(found[key]) for key in ("user", "password", "dbname") if found[key]}
    if found["password"] == "":
        named["password"] = ""
    return _to_url({**named, **_join_hosts([found["host"]]), **_join_hosts(hosts), **dict(options)})


def _wrong_url() -> InvalidValue:
    return InvalidValue(
        "database",
        "postgresql://...",
        "postgresql://USER:PASSWORD@HOST:PORT/NAME, where signs such as @ / ? # in a user or a "
        "password are written %40 %2F %3F %23",
    )


def _join_hosts(hosts: Iterable[str]) -> dict[str, str]:
    """Return `host` and `port` as libpq takes several of them: each joined by commas."""
    names, ports = [], []
    for one in (one for several in hosts for one in several.split(",")):
        if one[:1] in ("/", "@") or _IPV6.fullmatch(one):
            names.append(one)
            ports.append("")
        elif found := _HOST.fullmatch(one):
            names.append(unquote(found[1]).strip("[]"))
            ports.append(found[2] or "")
        else:
            raise _wrong_url()
    return {
        key: ",".join(values) for key, values in (("host", names), ("port", ports)) if any(values)
    }


def _parse_keywords(text: str) -> URL:
    psycopg = _driver()
    try:
        parts = psycopg.conninfo.conninfo_to_dict(text)
    except psycopg.ProgrammingError:  # its message may quote a part of the password
        raise InvalidValue(
            "database",
            "NAME=VALUE ...",
            "what libpq takes, as in 'host=HOST dbname=NAME user=USER', with quotes around "
            "values with spaces; put ./ before a path with = in it",
        ) from None
    return _to_url({key: str(value) for key, value in parts.items()})


def _to_url(parts: dict[str, str]) -> URL:
    """Return the parameters of libpq as a URL for SQLAlchemy."""
    if parts.get("client_encoding", "").lower().replace("-", "") in ("utf8", "unicode", "auto"):
        del parts["client_encoding"]  # the default in `connections` already
    _refuse_options(parts)
    hosts, ports = (parts.get(key, "").split(",") for key in ("host", "port"))
    in_order = len(ports) in (1, len(hosts)) and all(map(_is_port, ports))
    if not in_order or not all(map(_is_host, hosts)):
        raise _wrong_url()
    single = len(hosts) == 1 and hosts[0][:1] not in ("", "/", "@")
    in_place = {"user", "password", "dbname"} | ({"host", "port"} if single else set())
    return URL.create(
        "postgresql+psycopg",
        username=parts.get("user"),
        password=parts.get("password"),
        host=hosts[0] if single else None,
        port=int(ports[0]) if single and ports[0] else None,
        database=parts.get("dbname"),
        query={key: value for key, value in parts.items() if key not in in_place},
    )


def _is_host(text: str) -> bool:
    if text[:1] in ("/", "@"):
        return True
    try:
        text.encode("idna")
    except UnicodeError:  # empty labels, or too long ones
        return False
    return re.fullmatch(r"[\w.:%~-]*", text) is not None


def _is_port(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and 0 < int(text) < 65536)


def _refuse_options(parts: Mapping[str, str]) -> None:
    """Refuse options that libpq lacks, and those that change the meaning of our statements."""
    options = _driver().pq.Conninfo.get_defaults()
    usable = {option.keyword.decode() for option in options} - {"client_encoding", "replication"}
    if not parts.get("connect_timeout", "0").isdecimal():
        raise InvalidValue("database", "postgresql://...", "whole seconds as connect_timeout")
    if not usable.issuperset(parts):
        raise InvalidValue(
            "database",
            "postgresql://...",
            "options that PostgreSQL has, such as host, port, sslmode or options",
        )


def _driver() -> ModuleType:
    try:
        import psycopg
    except ImportError:
        raise MissingDriver(
            "PostgreSQL needs the psycopg driver: run pip install 'claimtrack[postgres]'"
        ) from None
    return psycopg


def _parts(url: URL) -> dict[str, str]:
    """Return the parameters that libpq gets from a URL, by libpq's names."""
    named = {
        "user": url.username,
        "password": url.password,
        "host": url.host,
        "port": None if url.port is None else str(url.port),
        "dbname": url.database,
    }
    # SQLAlchemy has a tuple for an option that occurs several times.
    query = {
        key: ",".join([value] if isinstance(value, str) else value)
        for key, value in url.query.items()
    }
    return {key: value for key, value in {**named, **query}.items() if value is not None}
