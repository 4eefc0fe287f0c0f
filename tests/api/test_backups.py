"""Dossiers and backups, written and read through the library."""

from typing import Any

import pytest

from claimtrack import open_casebook
from claimtrack.api import Casebook
from claimtrack.errors import NotEmpty
from conftest import NewTarget


def test_a_casebook_is_dumped_loaded_backed_up_and_restored(
    casebook: Casebook, new_target: NewTarget, tmp_path: Any
) -> None:
    dossier, copy = tmp_path / "all.yaml", tmp_path / "copy.db"
    casebook.dump(dossier)
    assert dossier.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotEmpty):
        casebook.dump(dossier)
    with new_target("sqlite") as target, open_casebook(target, author="ada") as other:
        other.load(dossier, message="the dossier")
        assert list(other.list_entries()) == list(casebook.list_entries())
        head = casebook.backup(copy)
        assert other.restore(copy, replace=True) == head
        assert other.status().casebook == casebook.status().casebook
