"""The rows of a file that a profile of two columns reads, or why it is refused."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from claimtrack.errors import Invalid
from claimtrack.exchange.imports.profiles import Profile
from claimtrack.exchange.imports.row_files import open_rows
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.rows import Row

NO_HEADER = (
    "; or, if this line is not a header, name the columns in the profile (columns: [id, ...])"
)


def profile_of(form: str, **said: object) -> Profile:
    """Return a profile that wants the columns id and what."""
    given = {
        "claimtrack_profile": 1,
        "name": "mine",
        "about": "rows",
        "format": form,
        "actors": {"who": {"name": "{what}", "kind": "group", "ref": "x-{id}"}},
        "records": [{"make": "actor", "use": "who"}],
        **said,
    }
    return Profile.model_validate(given)


def rows_of(path: Path, profile: Profile) -> list[Row]:
    """Return the rows of a file."""
    with open_rows(path, profile, Notes()) as feed:
        return list(feed.rows)


def read(path: Path, profile: Profile) -> list[tuple[int, str, str]]:
    """Return the line, the id and the text of each row."""
    return [
        (row.line, str(row.cells["id"]), str(row.cells["what"])) for row in rows_of(path, profile)
    ]


def refusal(path: Path, profile: Profile) -> str:
    """Return why a file or some rows of it cannot be read."""
    try:
        told = "; ".join(row.fault for row in rows_of(path, profile) if row.fault)
    except Invalid as error:
        told = str(error)
    return told.replace(f"{path.parent}/", "")


SHEET = "xl/worksheets/sheet1.xml"


def changed(path: Path, part: str, how: Callable[[bytes], bytes]) -> None:
    """Change a part of a workbook."""
    with ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, how(content) if name == part else content)
