"""Roles on PostgreSQL that have just the rights which docs/security.md lists, and no others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError

from claimtrack import db
from claimtrack.db import sessions
from claimtrack.errors import StorageFailure
from commandline import CommandLine
from conftest import on_server

SECURITY = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
DOSSIER = """\
claimtrack: 1
actors:
- {ref: someone, name: Somebody, kind: person, protected: true}
topics:
- {ref: talks, name: Talks}
"""


def statements(of: str) -> list[str]:
    """Return the statements of a block of docs/security.md."""
    block = re.search(rf"<!-- grants: {of} -->\n\n```sql\n(.*?)```", SECURITY, re.DOTALL)
    assert block is not None
    return block[1].strip().splitlines()


@dataclass(frozen=True)
class Server:
    """A database and its roles, made as the page says; the names are its own."""

    url: str
    mark: str

    def own(self, statement: str) -> str:
        """Return a statement with the names of this database and of its roles."""
        names = r"\b(casebook_owner|analysts|readers)\b|\bDATABASE casebook\b"
        return re.sub(names, rf"\g<0>_{self.mark}", statement)

    def of(self, role: str) -> str:
        """Return the URL by which a role, or the superuser, connects."""
        url = make_url(self.url).set(database=f"casebook_{self.mark}")
        url = url.set(username=f"{role}_{self.mark}") if role != "superuser" else url
        return url.render_as_string(hide_password=False)

    def order(self, role: str, *orders: str) -> None:
        """Run statements in the database as a role."""
        for statement in orders:
            on_server(self.of(role), self.own(statement))

    def line(self, role: str) -> CommandLine:
        """Sit down at the casebook as a role."""
        return CommandLine(self.of(role))


@pytest.fixture(scope="module")
def granted(postgres_url: str) -> Iterator[Server]:
    """A database made as the page says, with a casebook in it."""
    made = Server(postgres_url, uuid4().hex[:8])
    for statement in statements("superuser"):
        on_server(postgres_url, made.own(statement))
    made.order("superuser", *statements("superuser in the database"))
    made.order("casebook_owner", *statements("owner"))
    for person, group in (("ann", "analysts"), ("rob", "readers")):
        order = f"CREATE ROLE {person}_{made.mark} LOGIN IN ROLE {made.own(group)}"
        on_server(postgres_url, order)
    made.line("casebook_owner").does("init")
    yield made
    on_server(postgres_url, made.own("DROP DATABASE casebook WITH (FORCE)"))
    for role in ("ann", "rob", "analysts", "readers", "casebook_owner"):
        on_server(postgres_url, f"DROP ROLE {role}_{made.mark}")


@pytest.fixture
def kept(granted: Server, tmp_path: Path) -> Server:
    """The casebook, with a protected source in it."""
    file = tmp_path / "in.yaml"
    file.write_text(DOSSIER)
    granted.line("ann").does("load", str(file))
    return granted


def test_an_analyst_needs_no_right_that_is_not_listed(kept: Server, tmp_path: Path) -> None:
    line = kept.line("ann")
    for args in (
        ("topic", "add", "More", "--ref", "more"),
        ("topic", "edit", "more", "--name", "Less"),
        ("topic", "remove", "more"),
        ("claim", "add", "Said", "--actor", "someone", "--ref", "C-1"),
        ("claim", "remove", "C-1"),
        ("report", "contradictions"),
        ("log", "verify"),
        ("dump",),
        ("backup", str(tmp_path / "kept.db")),
        ("snapshot", "--at", "2100-01-01", str(tmp_path / "then.db")),
        ("init",),
    ):
        line.does(*args)
    last = line.does("log", "--limit", "1", "--format", "csv").splitlines()[1].split(",")[3]
    line.does("revert", last)
    with pytest.raises(ProgrammingError, match="must be owner"):
        kept.order("ann", "DROP TRIGGER revision_no_change ON revision")


def test_a_reader_needs_no_right_that_is_not_listed(kept: Server, tmp_path: Path) -> None:
    line = kept.line("rob")
    for args in (
        ("status",),
        ("actor", "list"),
        ("show", "someone", "--include-protected"),
        ("search", "talks"),
        ("report", "contradictions"),
        ("check",),
        ("history", "talks"),
        ("log",),
        ("log", "verify"),
        ("dump",),
        ("export", "html", str(tmp_path / "page.html")),
        ("backup", str(tmp_path / "kept.db")),
    ):
        assert line.run(*args).code == 0, args
    assert "Somebody" not in line.does("actor", "list")


def test_the_owner_needs_no_right_that_is_not_listed(kept: Server, tmp_path: Path) -> None:
    line, file = kept.line("casebook_owner"), str(tmp_path / "kept.db")
    head = line.does("log", "anchor")
    for args in (("init",), ("backup", file), ("compact",), ("restore", file, "--replace")):
        line.does(*args)
    assert kept.line("ann").does("log", "anchor") == head
    assert kept.line("rob").does("log", "anchor") == head  # by default privileges


@pytest.mark.parametrize("role", ["ann", "rob"])
def test_what_needs_the_owner_of_the_tables_is_told_to_others(
    kept: Server, role: str, tmp_path: Path
) -> None:
    line, file = kept.line(role), str(tmp_path / "kept.db")
    line.does("backup", file)
    assert line.refuses("restore", file, "--replace") == (
        1,
        f"cannot use {db.connect(line.target).name}: its tables can be altered or replaced only "
        "by their owner: let that role run this",
    )
    code, said = line.refuses("compact")
    assert (code, "only by the owner of its tables" in said) == (1, True)
    code, said = line.refuses("copy", file, line.target)
    assert (code, "already holds a casebook" in said) == (4, True)


def test_an_upgrade_by_another_role_than_the_owner_is_one_sentence(kept: Server) -> None:
    kept.order("casebook_owner", "UPDATE alembic_version SET version_num = '0004'")
    answer = kept.line("ann").run("init")
    newest = f"UPDATE alembic_version SET version_num = '{db.SCHEMA_VERSION}'"
    kept.order("casebook_owner", newest)
    assert (answer.code, len(answer.stderr.splitlines()), "owner" in answer.stderr) == (1, 1, True)


LIST, ADD = ("topic", "list"), ("topic", "add", "More", "--ref", "later")
MISSING = {
    "CONNECT ON DATABASE casebook FROM analysts": ("ann", LIST, "CONNECT on the database"),
    "USAGE ON SCHEMA public FROM analysts": ("ann", LIST, "USAGE on schema public"),
    "USAGE ON SCHEMA public FROM readers": ("rob", ("init",), "USAGE on schema public"),
    "SELECT ON ALL TABLES IN SCHEMA public FROM readers": (
        "rob",
        LIST,
        "SELECT on table alembic_version",
    ),
    "SELECT ON topic FROM readers": ("rob", LIST, "SELECT on table topic"),
    "INSERT ON topic FROM analysts": ("ann", ADD, "INSERT on table topic"),
    "UPDATE ON topic FROM analysts": (
        "ann",
        ("topic", "edit", "talks", "--name", "More"),
        "UPDATE on table topic",
    ),
    "DELETE ON topic FROM analysts": ("ann", ("topic", "remove", "talks"), "DELETE on table topic"),
    "USAGE ON ALL SEQUENCES IN SCHEMA public FROM analysts": (
        "ann",
        ADD,
        "USAGE on sequence topic_id_seq",
    ),
}
"""What is revoked, and what then is said to whom."""


@pytest.mark.parametrize("right", MISSING)
def test_a_right_that_is_missing_is_named(kept: Server, right: str) -> None:
    role, line, named = MISSING[right]
    granter = "superuser" if "ON DATABASE" in right or "ON SCHEMA" in right else "casebook_owner"
    kept.order(granter, f"REVOKE {right}")
    answer = kept.line(role).run(*line)
    kept.order(granter, f"GRANT {right.replace(' FROM ', ' TO ')}")
    assert (answer.code, answer.stdout) == (1, "")
    assert f"this user lacks {named}: let the owner GRANT it" in answer.stderr
    assert not re.search("claimtrack (init|restore)", answer.stderr)


def test_without_default_privileges_a_new_table_is_closed(kept: Server, tmp_path: Path) -> None:
    owner, file = kept.line("casebook_owner"), str(tmp_path / "kept.db")
    owner.does("backup", file)
    closed = "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM readers"
    kept.order("casebook_owner", closed)
    owner.does("restore", file, "--replace")
    kept.order("casebook_owner", *statements("owner"))
    assert "this user lacks SELECT on table" in kept.line("rob").run(*LIST).stderr
    kept.order("casebook_owner", *statements("owner of a casebook"))
    kept.line("rob").does(*LIST)


def test_whoever_may_not_make_tables_is_told_so(granted: Server) -> None:
    granted.order("superuser", "CREATE SCHEMA closed", "GRANT USAGE ON SCHEMA closed TO analysts")
    url = make_url(granted.of("ann")).update_query_dict({"options": "-csearch_path=closed"})
    answer = CommandLine(url.render_as_string(hide_password=False)).run("init")
    assert (answer.code, "this user lacks CREATE on schema closed" in answer.stderr) == (1, True)


def test_words_are_given_where_nobody_can_tell_which_right_is_missing(kept: Server) -> None:
    kept.order("superuser", "CREATE SCHEMA odd", "GRANT USAGE ON SCHEMA odd TO readers")
    kept.order("superuser", "CREATE TABLE odd.secret ()")
    with (
        pytest.raises(
            StorageFailure, match="denies this user the permission: permission denied for"
        ),
        sessions.reading(db.connect(kept.of("rob"))) as session,
    ):
        session.connection().exec_driver_sql("SELECT * FROM odd.secret")
