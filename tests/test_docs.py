"""The documents say what the program does: their commands are run, and what they show is compared.

A `bash` block is typed at a terminal, where a question takes the next line for its answer, all
blocks of a document in one shell and one folder; a `text` block after it shows what it prints,
where a line `...` stands for lines left out. A command that is to fail says so (`# exit code 4`).
Blocks of other languages are not run.
"""

import contextlib
import csv
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import claimtrack
from claimtrack import vocab
from claimtrack.reports.findings import LEVELS
from claimtrack.reports.lints import ERRORS, HINTS, WARNINGS
from claimtrack.reports.pair_lint_pass import ACCOUNTS
from claimtrack.reports.pair_lints import PAIR_LINTS
from conftest import Filled, NewTarget
from packaged_dataset import load

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "guide.md"
PROFILES = ROOT / "docs" / "profiles.md"
CONCEPTS = ROOT / "docs" / "concepts.md"
LIBRARY = ROOT / "docs" / "library.md"
GENERATED = [README, LIBRARY, ROOT / "docs" / "cli.md", ROOT / "docs" / "schema.md"]
DOCUMENTS = [
    README,
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "benchmarks" / "README.md",
    *sorted((ROOT / "data").glob("*/SOURCE.md")),
]

# --- running what a document says ---------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """Commands of a document, what it says they print, and the exit code it gives them."""

    line: int
    script: str
    output: str | None
    code: int


def shown_in(document: Path, *, under: str | None = None) -> list[Shown]:
    """Return the commands of a document, or of the section with that heading."""
    text = document.read_text(encoding="utf-8")
    blocks = re.finditer(r"^(#+ [^\n]+)$|^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    found: list[Shown] = []
    inside = under is None
    for block in blocks:
        heading, language, body = block.groups()
        if heading:
            inside = under is None or heading.lstrip("# ") == under
        elif inside and language == "bash":
            code = re.search(r"# exit code (\d)", body)
            line = text.count("\n", 0, block.start()) + 2
            found.append(Shown(line, body, None, int(code[1]) if code else 0))
        elif inside and language == "text" and found:
            last = found[-1]
            assert last.output is None, f"{document.name}:{last.line}: two outputs"
            found[-1] = Shown(last.line, last.script, body, last.code)
    assert found, f"{document.name} has no commands under {under}"
    return found


class Shell:
    """A shell in an empty folder, where `claimtrack` is this one."""

    def __init__(self, folder: Path, program: Path) -> None:
        self.folder = folder / "empty"
        self.folder.mkdir()
        self.environment = {
            **{name: os.environ[name] for name in os.environ if not name.startswith("CLAIMTRACK")},
            "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(Path(claimtrack.__file__).parents[1]),
            "COLUMNS": "100",
        }

    def run(self, *scripts: str) -> list[tuple[int, str]]:
        """Type scripts at one shell: the exit code of what failed in each, and what it printed."""
        mark = "end-of-block"
        parts = [f"failed=0\n{script}\nprintf '{mark} %d\\n' $failed\n" for script in scripts]
        printed = self._typed("trap 'failed=$?' ERR\n" + "".join(parts))
        ended = re.findall(rf"(.*?){mark} (\d+)\n", printed, re.DOTALL)
        return [(int(code), said) for said, code in ended]

    def _typed(self, lines: str) -> str:
        """Return what a shell prints whose stdin is a terminal at which those lines are typed."""
        keyboard, terminal = pty.openpty()
        settings = termios.tcgetattr(terminal)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(terminal, termios.TCSANOW, settings)
        printed = self.folder.with_name("printed")
        with printed.open("wb") as stream, os.fdopen(keyboard, "wb") as typing:
            process = subprocess.Popen(
                ["bash"],
                cwd=self.folder,
                env=self.environment,
                stdin=terminal,
                stdout=stream,
                stderr=stream,
            )
            typing.write(f"{lines}exit\n\x04\x04".encode())  # Ctrl-D, should something ask for more
            typing.flush()
            process.wait(timeout=3600)
        os.close(terminal)
        return printed.read_text(encoding="utf-8")

    def rows(self, command: str) -> list[dict[str, object]]:
        """Return what a command prints as JSON."""
        [(code, printed)] = self.run(f"{command} --format json 2>/dev/null")
        assert code == 0, printed
        rows: list[dict[str, object]] = json.loads(printed)
        return rows


def assert_works_as_shown(shell: Shell, document: Path, blocks: list[Shown]) -> None:
    """Run the commands; each ends and prints as the document says."""
    for block, (code, printed) in zip(
        blocks, shell.run(*(block.script for block in blocks)), strict=True
    ):
        where = f"{document.name}:{block.line}"
        assert code == block.code, f"{where}: exit code {code}\n{printed}"
        if block.output is not None and not _as_shown(block.output, printed):
            pytest.fail(f"{where}: it shows\n{block.output}\nand the program prints\n{printed}")


def _as_shown(shown: str, printed: str) -> bool:
    lines = _timeless(shown).splitlines()
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in lines
    )
    return re.fullmatch(pattern, _timeless(printed)) is not None


def _timeless(text: str) -> str:
    """Return a text without what differs each time: when a change was made, and its id."""
    text = re.sub(r"^(\d+ +)\d{4}-\d\d-\d\d ", r"\1TODAY      ", text, flags=re.MULTILINE)
    return re.sub(r"\b[0-9a-f]{12}\b", "CHANGE", re.sub(r"\b\d\d:\d\d:\d\d\b", "NOW", text))


@pytest.fixture
def shell(tmp_path: Path, program: Path) -> Shell:
    """A shell in an empty folder."""
    return Shell(tmp_path, program)


def test_the_readme_asks_the_second_dataset_questions(shell: Shell) -> None:
    assert_works_as_shown(shell, README, shown_in(README, under="Questions about a truce"))


def test_the_readme_and_the_concepts_show_what_the_demo_reports(shell: Shell) -> None:
    assert [code for code, _ in shell.run("claimtrack demo")] == [0]
    assert_works_as_shown(shell, README, shown_in(README, under="What a report looks like"))
    section = CONCEPTS.read_text(encoding="utf-8").split("## Class")[1].split("##")[0]
    names = re.findall(r"^\| (\w+) \| .+ \| .+ \|$", section, re.MULTILINE)
    assert names[1:] == [word.value for word in vocab.PairClass]
    rows = re.findall(r"^\| (\w+) \| .+ \| `(\w+)` and `(\w+)` \|$", section, re.MULTILINE)
    pairs = shell.rows("claimtrack report contradictions")
    assert set(rows) <= {(row["class"], row["subject_ref"], row["counter_ref"]) for row in pairs}
    assert {row["class"] for row in pairs} == {name for name, *_ in rows}


def test_five_commands_of_the_readme_log_a_claim_and_its_denial(shell: Shell) -> None:
    blocks = shown_in(README, under="Record a claim and its denial")
    assert len(re.findall(r"^claimtrack ", blocks[0].script, re.MULTILINE)) == 5
    assert_works_as_shown(shell, README, blocks)
    [row] = shell.rows("claimtrack report contradictions")
    pair = (row["subject_ref"], row["counter_ref"], row["class"], row["strength"])
    assert pair == ("C-1", "S-1", "denial", 2)


def test_the_readme_commands_for_postgresql_work(shell: Shell, new_target: NewTarget) -> None:
    section = README.read_text(encoding="utf-8").split("## PostgreSQL")[1]
    commands = re.findall(r"^claimtrack --db postgresql://.*$", section, re.MULTILINE)
    with new_target("postgresql") as url:
        named = [
            f"'{url}'".join(line.split("postgresql://me@localhost/casebook")) for line in commands
        ]
        assert [code for code, _ in shell.run(*named)] == [0, 0]


def test_the_guide_works_as_shown(shell: Shell) -> None:
    assert_works_as_shown(shell, GUIDE, shown_in(GUIDE))


def test_which_estimates_of_the_guide_conflict_is_what_a_calculation_says(shell: Shell) -> None:
    """A sum of losses never falls: an early number cannot be more than a later one."""
    blocks = shown_in(GUIDE, under="Import rows from a file")
    shell.run("claimtrack init", *(block.script for block in blocks[:2]))
    estimates = []
    for row in csv.DictReader((shell.folder / "estimates.csv").read_text("utf-8").splitlines()):
        low, high, exact = (
            float(row[key].replace(",", "")) if row[key] else None
            for key in ("estimate_low", "estimate_high", "estimate")
        )
        bounds = (exact, exact) if exact is not None else (low, high)
        day, month, year = map(int, row["date"].split("/"))
        estimates.append((f"{row['country']}-{row['type']}", date(year, month, day), *bounds))
    expected = {
        frozenset((one, other))
        for one in estimates
        for other in estimates
        if one[0] == other[0]
        and one[1] <= other[1]
        and one[2] is not None
        and other[3] is not None
        and one[2] > other[3]
    }
    rows = shell.rows("claimtrack report figures")
    named = {
        str(row["entry_ref"]): (
            *(row["measure"], date.fromisoformat(str(row["period_to"])), row["low"], row["high"]),
        )
        for row in rows
    }
    assert sorted(named.values(), key=str) == sorted(estimates, key=str)
    pairs = shell.rows("claimtrack report contradictions --measure russia-deaths")
    found = [
        frozenset((named[str(row["subject_ref"])], named[str(row["counter_ref"])])) for row in pairs
    ]
    assert set(found) == expected
    assert len(found) == len(expected) == 1


def test_the_profiles_page_works_as_shown(shell: Shell) -> None:
    under = "Example: counts of a spreadsheet"
    assert_works_as_shown(shell, PROFILES, shown_in(PROFILES, under=under))


def test_the_library_works_as_shown(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(filled("sqlite", load), tmp_path / "claimtrack.db")
    monkeypatch.chdir(tmp_path)
    text = LIBRARY.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    printed, blocks = "", 0
    for language, body in re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if language == "text":
            assert printed == body
            blocks += 1
            continue
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(body, names)  # noqa: S102 - our own document
        printed = out.getvalue()
    assert blocks > 5


# --- what the documents must name ---------------------------------------------------------------


def test_the_concepts_list_every_finding_in_its_order() -> None:
    text = CONCEPTS.read_text(encoding="utf-8")
    by_level = zip(LEVELS, (ERRORS, WARNINGS, HINTS), strict=True)
    lints = [(level, name) for level, named in by_level for name in named]
    lints += [(lint.level, lint.name) for lint in PAIR_LINTS]
    lints.append(("hint", ACCOUNTS))
    listed = re.findall(r"^\| (error|warning|hint) \| `(\w+)` \|", text, re.MULTILINE)
    assert listed == sorted(lints, key=lambda row: (LEVELS.index(row[0]), row[1]))


def test_the_concepts_explain_every_kind_and_relation() -> None:
    text = CONCEPTS.read_text(encoding="utf-8")
    kinds = re.findall(r"^\| (\w+) \| .+ \| `\w+`: .+ \|$", text, re.MULTILINE)
    assert sorted(kinds) == sorted(word.value for word in vocab.EntryKind)
    assert [word for word in vocab.Relation if f"`{word.value}`" not in text] == []


@pytest.mark.parametrize("document", GENERATED, ids=lambda path: path.name)
def test_what_is_written_from_the_code_is_up_to_date(document: Path, shell: Shell) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "--diff", "-I", "docs", str(document)],
        cwd=ROOT,
        env=shell.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, f"run make docs\n{made.stdout}{made.stderr}"


# --- links --------------------------------------------------------------------------------------


def _links(document: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    dead = []
    for link in _links(document):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            dead.append(link)
    assert dead == []


def test_the_readme_leads_to_every_document() -> None:
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in _links(README)}
    assert [path for path in DOCUMENTS if path != README and path not in linked] == []
