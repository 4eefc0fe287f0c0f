"""Addresses of databases: a path is a path, and no part of a password is ever repeated."""

import os
import re
from contextlib import chdir
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from claimtrack import db
from claimtrack.connection_strings import Kind, detect_kind, redact_passwords
from claimtrack.db import sessions
from claimtrack.db.urls import display_name, parse_server_url, repeats_secret
from claimtrack.errors import ClaimtrackError, InvalidValue
from commandline import CommandLine

HERE = "127.0.0.1:1"  # where no server answers

SHAPES = (
    f"postgresql://u:{{}}@{HERE}/x",
    f"postgresql://:{{}}@{HERE}/x",
    f"POSTGRESQL://u:{{}}@{HERE}/x",
    f"postgres://u:{{}}@{HERE}/x",
    f"postgresql+psycopg://u:{{}}@{HERE}/x",
    f"postgresql+asyncpg://u:{{}}@{HERE}/x",
    f"postgresql://u:pa:{{}}@{HERE}/x",
    f"postgresql://u:{{}}x@{HERE}/x?sslmode=prefer",
    "postgresql://u:{}@/x?host=/nowhere",
    f"postgresql:/u:{{}}@{HERE}/x",
    f"postgresql:u:{{}}@{HERE}/x",
    f"postgresql//u:{{}}@{HERE}/x",
    f"postgresql;//u:{{}}@{HERE}/x",
    f"//u:{{}}@{HERE}/x",
    f"u:{{}}@{HERE}/x",
    f'"postgresql://u:{{}}@{HERE}/x"',
    f" postgresql://u:{{}}@{HERE}/x ",
    f"postgresql://u:a@{HERE}:{{}}x/x",
    f"postgresql://{HERE}/x?password={{}}",
    f"postgresql://{HERE}/x?user=u&password={{}}&sslmode=prefer",
    f"postgresql://{HERE}/x?password=a&password={{}}",
    f"postgresql://{HERE}/x?PASSWORD={{}}",
    f"postgresql://{HERE}/x?sslpassword={{}}",
    f"postgresql://{HERE}/x?oauth_client_secret={{}}",
    f"postgresql://{HERE}/x?scram_client_key={{}}",
    f"postgresql://{HERE}/x?passfile={{}}",
    f"postgresql://{HERE}/x?options=-c%20password%3D{{}}",
    f"postgresql://{HERE}/x?sslmode=prefer;password={{}}",
    f"postgresql://{HERE}/x?sslmode=prefer?password={{}}",
    f"postgresql://{HERE}/x&password={{}}",
    f"postgresql://{HERE}/x;password={{}}",
    f"postgresql://{HERE}/x%20password%3D{{}}",
    f"postgresql://{HERE}/x#password={{}}",
    f"postgresql://{HERE}/x?{{}}",
    f"postgresql://u%3A{{}}@{HERE}/x",
    "mysql://u:{}@h/x",
    "mysql+pymysql://u:{}@h/x",
    "nonsense://u:{}@h/x",
    f"jdbc:postgresql://{HERE}/x?user=u&password={{}}",
    "host=127.0.0.1 port=1 user=u password={}",
    "host=127.0.0.1 port=1 user=u password='{}'",
    "host = 127.0.0.1 port = 1 password = {}",
    "PASSWORD={} HOST=127.0.0.1",
    "host=127.0.0.1 port={}",
    f"dbname=postgresql://u:{{}}@{HERE}/x host=127.0.0.1 port=1",
    "hots=h pasword={}",
    "password={}",
    "Server=h;Uid=u;Pwd={};",
    "claimtrack.db?password={}",
    "/nowhere/claimtrack.db?password={}",
)

ALPHABET = "QXZJ"
"""No two of these letters stand side by side in any sentence."""
SECRETS = st.text(ALPHABET + "@:/?#%&=+;,'\" ._-~!$\\", min_size=4, max_size=12).filter(
    lambda text: re.search(f"[{ALPHABET}]{{2}}", text) and "{" not in text
)


def _repeated(secret: str, said: str) -> list[str]:
    return [part for part in re.findall(f"[{ALPHABET}]{{2,}}", secret) if part in said]


def _said(name: str) -> str:
    """Return the name by which a database is called, or what is said when it cannot be used."""
    try:
        database = db.connect(name)
        with sessions.reading(database):
            return database.name
    except ClaimtrackError as error:
        return str(error)


@settings(deadline=None)
@given(st.sampled_from(SHAPES), SECRETS, st.booleans())
@example(SHAPES[0], "se@QXZJ", False)
def test_no_part_of_a_password_is_repeated(shape: str, secret: str, escaped: bool) -> None:
    said = _said(shape.format(quote(secret, safe="") if escaped else secret))
    assert _repeated(secret, said) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_no_command_prints_a_password_or_calls_a_file_by_it(shape: str, tmp_path: Path) -> None:
    name = shape.format("QX@ZJ")
    with chdir(tmp_path):
        for line in (("status",), ("init",), ("copy", "none.db", name), ("backup", name)):
            answer = CommandLine(name).run(*line)
            assert (answer.code in (1, 2, 3), answer.stdout) == (True, "")
            assert len(answer.stderr.splitlines()) == 1
            assert _repeated("QX@ZJ", answer.stderr) == []
        assert os.listdir() == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(("postgresql://u:QXZJ@h/x", "status"), id="in place of the command"),
        pytest.param(("status", "postgresql://u:QXZJ@h/x"), id="one argument too many"),
        pytest.param(("restore", "postgresql://u:QXZJ@h/x"), id="in place of a file"),
        pytest.param(("status", "host=h password=QXZJ"), id="pairs"),
        pytest.param(("schema", "dossier", "--output", "password=QXZJ"), id="an output"),
    ],
)
def test_an_address_out_of_place_is_not_repeated(line: tuple[str, ...], tmp_path: Path) -> None:
    with chdir(tmp_path):
        answer = CommandLine("x.db").run(*line)
        assert os.listdir() == []
    assert (answer.code in (2, 3), _repeated("QXZJ", answer.stderr)) == (True, [])


@pytest.mark.parametrize(
    "said",
    [
        "cannot use postgresql://u:***@127.0.0.1:1/x?host=%2Ftmp&sslmode=require: no server",
        "copied postgresql://me@localhost/x: the head of both is 1:ab",
        "expected postgresql://USER:PASSWORD@HOST:PORT/NAME, in which: see 'claimtrack --help'",
        "no postgresql:// URL, and PostgreSQL: 18",
        "https://example.org/@user: not found",
    ],
)
def test_a_message_without_a_password_is_left_as_it_is(said: str) -> None:
    assert redact_passwords(said) == said


@pytest.mark.parametrize(
    ("name", "called"),
    [
        pytest.param("host=h dbname=d user=u", "postgresql://u@h/d", id="pairs"),
        pytest.param(
            "host='/run/my sockets' port=5433 dbname=d",
            "postgresql:///d?port=5433",
            id="pairs with quotes",
        ),
        pytest.param("service=mine", "postgresql://?service=mine", id="a service"),
        pytest.param("postgresql://u:p%40ss@h:5433/d", "postgresql://u:***@h:5433/d", id="URL"),
        pytest.param("postgres:///d?host=/tmp", "postgresql:///d?host=%2Ftmp", id="socket"),
        pytest.param("postgresql://%2Ftmp/d", "postgresql:///d?host=%2Ftmp", id="socket as host"),
        pytest.param("postgresql://[::1]:5433/d", "postgresql://[::1]:5433/d", id="IPv6"),
        pytest.param(
            "postgresql://a:1,b:2/d",
            "postgresql:///d?host=a%2Cb&port=1%2C2",
            id="several hosts",
        ),
        pytest.param(
            "postgresql://u%40server@h/d", "postgresql://u%40server@h/d", id="a user with @"
        ),
    ],
)
def test_an_address_is_understood(name: str, called: str) -> None:
    assert db.connect(name).name == called


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("host=h port=1 password='p w' options='-c a=b'", ("h", 1, "p w", "-c a=b")),
        ("postgresql://:p%20w@h:1?options=-c%20a%3Db", ("h", 1, "p w", "-c a=b")),
    ],
)
def test_the_driver_is_given_all_of_an_address(name: str, options: tuple[object, ...]) -> None:
    engine = create_engine(parse_server_url(name))
    _, given_over = engine.dialect.create_connect_args(engine.url)
    assert tuple(given_over[key] for key in ("host", "port", "password", "options")) == options


@pytest.mark.parametrize(
    "name",
    [
        "claimtrack.db",
        "./host=h password=x",
        "/data/2024-01-01T12:00@home/x.db",
        "~/a=1 b=2.db",
        r"C:\cases\x.db",
        "C:/cases/x.db",
        r"\\server\share\x.db",
        "me@work/x.db",
        "notes = 2.db",
        "postgresql/x.db",
        "12:30.db",
    ],
)
def test_an_odd_path_is_a_path(name: str) -> None:
    assert detect_kind(name) is Kind.PATH
    assert db.connect(name).name == name


def test_a_file_that_is_there_is_a_path_whatever_it_is_called(tmp_path: Path) -> None:
    with chdir(tmp_path):
        Path("12:30@home.db").touch()
        assert detect_kind("12:30@home.db") is Kind.PATH
        assert detect_kind("12:31@home.db") is Kind.UNCLEAR


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("postgresql://h/d?colour=red", id="unknown option"),
        pytest.param("postgresql://h/d?autocommit=true", id="option of the driver"),
        pytest.param("postgresql://h/d?sslmode=a&sslmode=b", id="option twice"),
        pytest.param("postgresql://h:99999/d", id="no port"),
        pytest.param("postgresql://a..b/d", id="no host name"),
        pytest.param("postgresql://h/d?connect_timeout=soon", id="no number"),
        pytest.param("postgresql://h/d?client_encoding=latin1", id="another encoding"),
        pytest.param("postgresql://h/d?replication=true", id="no connection for statements"),
        pytest.param("host=a,b port=1,2,3", id="more ports than hosts"),
        pytest.param("host=h port", id="half a pair"),
        pytest.param("postgresql://u:p@ss@h/d", id="a sign that is not escaped"),
        pytest.param("postgresql://u:password/d", id="no host"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_at_once(name: str) -> None:
    with pytest.raises(InvalidValue, match=r"^database '[^']*\.\.\.' is not valid: expected"):
        db.connect(name)


def test_what_a_server_repeats_of_an_address_is_found() -> None:
    url = parse_server_url("postgresql://u:QXZJ@h/d?options=-c%20a.b%3DZJQX")
    assert [repeats_secret(url, said) for said in ("u at h", "no QXZJ", 'value "ZJQX"')] == [
        False,
        True,
        True,
    ]
    url = parse_server_url("postgresql://h/d?options=-csearch_path%3Dcases")
    assert not repeats_secret(url, "no schema cases")
    assert (
        display_name(parse_server_url("postgresql://u:QXZJ@h/d?sslkey=a"))
        == "postgresql://u:***@h/d"
    )
