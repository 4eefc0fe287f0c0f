"""What every export keeps to: the same bytes, private, anchored, discreet, whole or not there."""

import gc
import io
import re
import resource
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.db import sessions
from commandline import Answer, CommandLine
from conftest import Filled
from protection.canaries import assert_silent, log_secrets

EXPORTS = [
    pytest.param("datapackage", "x", id="datapackage, a folder"),
    pytest.param("datapackage", "x.zip", id="datapackage, a ZIP"),
    pytest.param("xlsx", "x.xlsx", id="xlsx"),
    pytest.param("graph", "x.graphml", id="GraphML"),
    pytest.param("graph", "x.gexf", id="GEXF"),
    pytest.param("stix", "x.json", id="stix"),
    pytest.param("claimreview", "x.jsonld", id="claimreview"),
    pytest.param("markdown", "x.md", id="markdown"),
    pytest.param("html", "x.html", id="html"),
]


@pytest.fixture
def line(backend: str, filled: Filled) -> CommandLine:
    """At a casebook that keeps secrets, which every test leaves as it is."""
    return CommandLine(filled(backend, log_secrets))


def files_of(target: Path) -> dict[str, bytes]:
    """What has been written, by the name that it has within the target."""
    if target.is_file():
        return {"": target.read_bytes()}
    found = (path for path in sorted(target.rglob("*")) if path.is_file())
    return {str(path.relative_to(target)): path.read_bytes() for path in found}


def told_by(target: Path) -> Iterator[str]:
    """Every text that has been written, what is packed in a ZIP among it."""
    for content in files_of(target).values():
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                for name in packed.namelist():
                    yield packed.read(name).decode()
        else:
            yield content.decode()


@pytest.mark.parametrize(("name", "file"), EXPORTS)
def test_an_export_is_the_same_bytes_each_time_private_and_anchored(
    line: CommandLine, tmp_path: Path, name: str, file: str
) -> None:
    seen = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        line.does("export", name, str(folder / file), "--anchor")
        assert sorted(path.name for path in folder.iterdir()) == [file, f"{file}.anchor"]
        written = [path for path in folder.rglob("*") if path.is_file()]
        assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
        assert (folder / f"{file}.anchor").read_text() == line.does("log", "anchor")
        seen.append(files_of(folder / file))
    assert seen[0] == seen[1] != {}


@pytest.mark.parametrize("name", ["xlsx", "stix", "claimreview", "markdown", "html"])
def test_an_export_to_stdout_is_the_file_and_only_what_it_leaves_out_is_told(
    line: CommandLine, tmp_path: Path, name: str
) -> None:
    line.does("export", name, str(tmp_path / "x"))
    written = (tmp_path / "x").read_bytes()
    if name == "xlsx":
        assert line.run_bytes("export", name, "-") == written
    else:
        answer = line.run("export", name, "-")
        noted = [one for one in answer.stderr.splitlines() if not one.startswith("warning: ")]
        assert (answer.stdout, noted, answer.code) == (written.decode(), [], 0)


@pytest.mark.parametrize(("name", "file"), EXPORTS)
def test_no_export_gives_a_protected_source_away(
    line: CommandLine, tmp_path: Path, name: str, file: str
) -> None:
    for number, wanted in enumerate(((), ("--topic", "talks", "--principal", "russia"))):
        target = tmp_path / str(number) / file
        target.parent.mkdir()
        answer = line.run("export", name, str(target), *wanted)
        assert answer.code == 0, answer
        said = re.sub(r'"enum": \[[^]]*\]', "", "\n".join(told_by(target)))  # the words there are
        assert_silent(answer.stderr + said)
        assert "protected-" in said
    line.does("export", name, str(tmp_path / file), "--include-protected")
    assert "canary" in "\n".join(told_by(tmp_path / file)).lower()


@pytest.mark.parametrize(("name", "file"), EXPORTS)
def test_what_cannot_be_written_is_told_and_leaves_nothing(
    line: CommandLine, tmp_path: Path, name: str, file: str
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / file).mkdir()
    for where, words, expected in (
        ("none", (), 3),
        ("there", (), 4 if name == "datapackage" else 2),
        (".", ("--topic", "nothing"), 3),
    ):
        code, said = line.refuses("export", name, str(tmp_path / where / file), *words)
        assert (code, said.count("\n")) == (expected, 0), said
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert list((tmp_path / "there").iterdir()) == [tmp_path / "there" / file]


def log_long_texts(target: str) -> None:
    """Log claims and what denies them, in more words than the limit lets any export write."""
    with sessions.writing(db.connect(target), author="ann") as session:
        case = Casebook(session)
        for number in range(60):
            words = "".join(sha256(f"{number} {part}".encode()).hexdigest() for part in range(30))
            case.claim(f"C{number}", affirms=f"p{number}", summary=words)
            case.statement(f"S{number}", denies=f"p{number}", summary=words)


@contextmanager
def limited(size: int) -> Iterator[None]:
    """Let this process write no file longer than that."""
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))


@pytest.mark.parametrize(("name", "file"), EXPORTS)
def test_what_the_disk_refuses_half_way_is_told_in_one_line_and_the_old_file_stays(
    filled: Filled, tmp_path: Path, name: str, file: str
) -> None:
    target = tmp_path / file
    if file != "x":
        target.write_text("as it was")
    line = CommandLine(filled("sqlite", log_long_texts))
    with limited(40_000), warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # XlsxWriter leaves its parts open
        answer = line.run("export", name, str(target))
        if name == "xlsx":
            gc.collect()
    assert answer == Answer("", f"{target} cannot be written: File too large\n", 1)
    assert files_of(tmp_path) == ({} if file == "x" else {file: b"as it was"})
