"""The exercises of docs/developing.md, performed in a copy of the source."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from conftest import Filled
from packaged_dataset import load

ROOT = Path(__file__).parents[1]


@dataclass
class Checkout:
    """A copy of the source with what an exercise adds to it."""

    root: Path
    target: str
    changed: set[str] = field(default_factory=set)

    def add(self, section: str) -> None:
        """Write the code blocks of a section of the page where their first lines say."""
        text = (ROOT / "docs" / "developing.md").read_text(encoding="utf-8")
        _, _, rest = text.partition(f"\n## {section}\n")
        body = rest.partition("\n## ")[0]
        for block in re.findall(r"^```python\n(.*?)^```$", body, re.MULTILINE | re.DOTALL):
            first, _, code = block.partition("\n")
            new = re.fullmatch(r"# new file: (\S+)", first)
            if new:
                self._write(new[1], code)
                continue
            place = re.fullmatch(r"# in (\S+), (before|after): (.+)", first)
            assert place, first
            path, where, mark = place.groups()
            old = (self.root / path).read_text(encoding="utf-8")
            assert old.count(mark) == 1, f"{path}: {mark}"
            made = f"{code}{mark}" if where == "before" else f"{mark}\n{code.rstrip()}"
            self._write(path, old.replace(mark, made))

    def _write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text, encoding="utf-8")
        self.changed.add(path)

    def python(self, *words: str) -> str:
        """Run Python with this source, and return what it prints."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src"), "COLUMNS": "100"}
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def runs(self, *words: str) -> str:
        """Run the program on the dataset, and return what it prints."""
        return self.python("-m", "claimtrack", "--db", self.target, *words)


@pytest.fixture
def checkout(tmp_path: Path, filled: Filled) -> Checkout:
    for name in ("src", "migrations"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    return Checkout(tmp_path, filled("sqlite", load))


def test_a_report_is_three_files(checkout: Checkout, tmp_path: Path) -> None:
    checkout.add("Add a report")
    assert len(checkout.changed) == 3
    assert "--least N" in checkout.runs("report", "outlets", "--help")
    rows = json.loads(checkout.runs("report", "outlets", "--least", "2", "--format", "json"))
    assert rows
    assert all(row["claims"] >= 2 for row in rows)
    script = (
        "import json, sys, claimtrack\n"
        "with claimtrack.open_casebook(sys.argv[1]) as casebook:\n"
        "    print(json.dumps(casebook.outlets(least=2).to_dicts()))"
    )
    assert json.loads(checkout.python("-c", script, checkout.target)) == rows
    checkout.runs("export", "xlsx", str(tmp_path / "x.xlsx"))
    sheet = load_workbook(tmp_path / "x.xlsx")["outlets"]
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[0] == ("outlet", "claims")
    assert [cell for cell in cells[1:] if int(str(cell[1])) >= 2] == [
        (row["outlet"], row["claims"]) for row in rows
    ]
    checkout.runs("export", "datapackage", str(tmp_path / "x.zip"))
    with ZipFile(tmp_path / "x.zip") as package:
        table = package.read("report-outlets.csv").decode().splitlines()
    assert table[0] == "outlet,claims"
    assert len(table) == len(cells)


def test_an_export_format_is_two_files(checkout: Checkout, tmp_path: Path) -> None:
    checkout.add("Add an export format")
    assert len(checkout.changed) == 2
    assert "Write the entries as plain text" in checkout.runs("export", "--help")
    target = tmp_path / "entries.txt"
    checkout.runs("export", "text", str(target), "--topic", "ceasefire", "--kind", "claim")
    written = target.read_text(encoding="utf-8")
    assert len(written.splitlines()) == 5
    script = (
        "import sys, claimtrack\n"
        "with claimtrack.open_casebook(sys.argv[1]) as casebook:\n"
        "    casebook.export('text', sys.argv[2], topic='ceasefire', kind='claim')"
    )
    checkout.python("-c", script, checkout.target, str(tmp_path / "again.txt"))
    assert (tmp_path / "again.txt").read_text(encoding="utf-8") == written
