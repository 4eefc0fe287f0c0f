"""Exports: the library writes the file that the command writes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from claimtrack.api import Casebook, Exported
from claimtrack.errors import (
    InvalidValue,
    NotEmpty,
)
from claimtrack.exchange.exports import FORMATS
from commandline import CommandLine

EXPORTS: dict[str, Callable[[Casebook, Path], Exported]] = {
    "datapackage x.zip --licence CC0-1.0 --raw --topic ceasefire": lambda book, path: book.export(
        "datapackage", path / "x.zip", licence="CC0-1.0", raw=True, topic="ceasefire"
    ),
    "xlsx x.xlsx --principal russia": lambda book, path: book.export(
        "xlsx", path / "x.xlsx", principal="russia"
    ),
    "graph x.gexf --known-by 2024-05-31": lambda book, path: book.export(
        "graph", path / "x.gexf", known_by="2024-05-31"
    ),
    "stix x.json": lambda book, path: book.export("stix", path / "x.json"),
    "claimreview x.jsonld": lambda book, path: book.export("claimreview", path / "x.jsonld"),
    "markdown x.md --hypothesis ceasefire-ready --hypothesis feigned": lambda book, path: (
        book.export("markdown", path / "x.md", hypothesis=["ceasefire-ready", "feigned"])
    ),
    "html x.html --title Talks --group-by subject": lambda book, path: book.export(
        "html", str(path / "x.html"), title="Talks", group_by="subject"
    ),
}


def test_every_format_is_exported_by_a_test() -> None:
    assert [line.split()[0] for line in EXPORTS] == [format.name for format in FORMATS]


@pytest.mark.parametrize("command", EXPORTS)
def test_an_export_is_the_file_that_its_command_writes(
    casebook: Casebook, dataset: str, tmp_path: Path, command: str
) -> None:
    name, file, *words = command.split()
    (tmp_path / "command").mkdir()
    target = tmp_path / "command" / file
    answer = CommandLine(dataset).run("export", name, str(target), *words, "--all-notes")
    made = EXPORTS[command](casebook, tmp_path)
    assert made.path.read_bytes() == target.read_bytes()
    assert made.path.stat().st_mode & 0o777 == 0o600
    notes = [line[9:] for line in answer.stderr.splitlines() if line.startswith("warning: ")]
    assert list(made.notes) == notes
    assert str(made.anchor) == CommandLine(dataset).does("log", "anchor").strip()


def test_an_export_replaces_a_file_and_neither_a_folder_nor_a_database(
    casebook: Casebook, dataset: str, tmp_path: Path
) -> None:
    file, folder = tmp_path / "x.html", tmp_path / "package"
    file.write_text("older")
    casebook.export("html", file)
    assert file.read_bytes().startswith(b"<!DOCTYPE html>")
    casebook.export("datapackage", folder)
    with pytest.raises(NotEmpty, match="already exists"):
        casebook.export("datapackage", folder)
    before = Path(dataset).read_bytes()
    with pytest.raises(InvalidValue, match="this is a database"):
        casebook.export("xlsx", dataset)
    assert Path(dataset).read_bytes() == before
