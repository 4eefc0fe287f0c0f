"""Copies of whole casebooks, in a file or in the other kind of database."""

from pathlib import Path

import pytest
from sqlalchemy import select

from claimtrack import db, history, replay
from claimtrack.db import sessions
from claimtrack.lookup import search
from claimtrack.models import Casebook as CasebookRow
from commandline import CommandLine
from conftest import NewTarget
from exchange.changed_casebooks import WAYS, log_of
from exchange.dossier.dossiers import everything


@pytest.mark.parametrize(("backend", "to"), WAYS)
def test_a_copy_is_the_same_casebook(kept: str, to: str, new_target: NewTarget) -> None:
    with new_target(to) as other:
        said = CommandLine(kept).run("copy", kept, other)
        assert (said.code, said.stdout) == (0, "")
        with sessions.reading(db.connect(kept)) as one, sessions.reading(db.connect(other)) as two:
            assert everything(one) == everything(two)
            assert log_of(one) == log_of(two)
            assert history.get_anchor(one) == history.get_anchor(two)
            secret = select(CasebookRow.pseudonym_secret)
            assert one.scalars(secret).one() == two.scalars(secret).one()
            assert list(replay.verify(two)) == []
            found = [row.ref for row in search(two, "Зеленський")]
            assert found == ["a"]
        line = CommandLine(other)
        line.does("topic", "add", "Later")
        code, told = line.refuses("copy", kept, other)
        assert (code, told) == (
            4,
            f"{db.connect(other).name} already holds a casebook: choose another database "
            "(only restore --replace replaces one)",
        )


def test_a_copy_makes_the_file_it_is_to_fill(kept: str, tmp_path: Path) -> None:
    other = tmp_path / "new.db"
    CommandLine(kept).does("copy", kept, str(other))
    assert other.stat().st_mode & 0o777 == 0o600
    assert CommandLine(str(other)).does("topic", "list", "--format", "csv").count("\r\n") == 4
