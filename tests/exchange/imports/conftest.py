"""Command lines, a profile and an importer, for the tests of imports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimtrack import db
from claimtrack.db import sessions
from commandline import CommandLine
from conftest import AUTHOR, NewTarget
from exchange.imports.imported_rows import Importer
from exchange.imports.row_imports import PROFILE


@pytest.fixture
def line(target: str) -> CommandLine:
    return CommandLine(target)


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


@pytest.fixture
def sqlite(new_target: Any) -> Any:
    """A command line at an empty SQLite casebook, for what no database can change."""
    with new_target("sqlite") as made:
        yield CommandLine(made)


@pytest.fixture
def importer(new_target: NewTarget, tmp_path: Path) -> Iterator[Importer]:
    with (
        new_target("sqlite") as made,
        sessions.writing(db.connect(made), author=AUTHOR, dry_run=True) as session,
    ):
        yield Importer(session, tmp_path)
