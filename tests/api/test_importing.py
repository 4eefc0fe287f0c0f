"""Imports through the library."""

from pathlib import Path

import pytest

from claimtrack import open_casebook
from claimtrack.api import Casebook
from claimtrack.changes import Outcome
from claimtrack.errors import Usage
from conftest import NewTarget


def test_files_are_imported_as_a_profile_says_and_safely_again(
    new_target: NewTarget, tmp_path: Path
) -> None:
    library = tmp_path / "library.bib"
    library.write_text("@misc{x, title={Talks}, url={https://example.org/1}, year=2024, isbn={7}}")
    with new_target("sqlite") as target, open_casebook(target, author="ada") as casebook:
        tried = casebook.import_files("bibtex", library, dry_run=True)
        assert (tried.count(Outcome.ADDED), len(casebook.list_documents())) == (2, 0)
        made = casebook.import_files("bibtex", library, message="the library")
        assert (made.count(Outcome.ADDED), len(casebook.list_documents())) == (2, 1)
        assert any("isbn" in note for note in made.notes)
        assert casebook.import_files("bibtex", library).count(Outcome.ADDED) == 0
        with pytest.raises(Usage, match="name at least one file"):
            casebook.import_files("bibtex")


def test_a_data_package_is_imported_into_an_empty_casebook(
    casebook: Casebook, new_target: NewTarget, tmp_path: Path
) -> None:
    casebook.export("datapackage", tmp_path / "x.zip")
    with new_target("sqlite") as target, open_casebook(target, author="ada") as other:
        made = other.import_files("tables", tmp_path / "x.zip")
        assert made.count(Outcome.ADDED) > 100
        assert list(other.list_entries()) == list(casebook.list_entries())
