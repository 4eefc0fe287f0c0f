"""What users install: the wheel, alone in an environment of its own, outside the checkout."""

import csv
import stat
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, folder: Path) -> str:
    """Run a command with nothing of this environment around it, and return its stdout."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", "--quiet", str(wheel)], check=True)
    return folder


def test_the_wheel_brings_migrations_data_and_schema_and_no_tests(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    brought = {
        f"claimtrack/{path.relative_to(ROOT)}"
        for folder in ("migrations", "data")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert brought | {"claimtrack/exchange/dossier.schema.json"} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"claimtrack"}
    assert [name for name in names if "/test" in name or name.endswith(".pyc")] == []


def test_the_installed_program_is_not_the_checkout(environment: Path, tmp_path: Path) -> None:
    where = run(
        environment / "bin" / "python",
        "-c",
        "import claimtrack; print(claimtrack.__file__)",
        folder=tmp_path,
    )
    assert Path(where.strip()).is_relative_to(environment)


def test_the_installed_program_says_the_version_of_the_project(
    environment: Path, tmp_path: Path
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = run(environment / "bin" / "claimtrack", "--version", folder=tmp_path)
    assert said == f"claimtrack {project['version']}\n"


def test_the_demo_works_outside_the_checkout_and_can_be_repeated(
    environment: Path, tmp_path: Path
) -> None:
    first = run(environment / "bin" / "claimtrack", "demo", folder=tmp_path)
    again = run(environment / "bin" / "claimtrack", "demo", folder=tmp_path)
    assert first == again != ""
    written = tmp_path / "contradictions.csv"
    with written.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert (header[0], len(rows)) == ("subject_ref", 79)
    private = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert private == {"contradictions.csv": 0o600, "claimtrack.db": 0o600}
