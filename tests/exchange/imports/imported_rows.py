"""Rows of fact checks for imports in this process, and an importer of them."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from claimtrack import db
from claimtrack.db import Session
from claimtrack.errors import InvalidRecords
from claimtrack.exchange.imports.import_files import ImportReport, import_files
from claimtrack.exchange.imports.profiles import Profile
from claimtrack.exchange.imports.row_files import ALL_ROWS, ImportOptions
from claimtrack.exchange.imports.updates import make_message
from claimtrack.models import Document, Revision
from conftest import AUTHOR

PAGE = {
    "ref": {"from": "p-", "digest": ["{url}"]},
    "publisher": "who",
    "url": "{url}",
    "published": "{date}",
    "title": "{title}",
}
CLAIM = {
    "make": "claim",
    "ref": "r-{id}",
    "actor": "who",
    "summary": "{what}",
    "date": "{date}",
    "citations": [{"document": "page", "role": "primary"}],
}
ROW = {"id": "1", "who": "Ann", "what": "One", "date": "2024-01-01", "url": "https://a.example/1"}


class Importer:
    """Imports rows in one transaction, each time as an import of its own."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.report = ImportReport()

    def reads(
        self, *files: Sequence[Mapping[str, Any]], wanted: ImportOptions = ALL_ROWS, **said: Any
    ) -> list[str]:
        """Import files of rows, and return the notes."""
        profile = Profile.model_validate(
            {
                "claimtrack_profile": 1,
                "name": said.pop("name", "mine"),
                "about": "rows",
                "format": "csv",
                "optional": ["title"],
                "actors": {"who": {"name": "{who}", "kind": "outlet"}},
                "documents": {"page": PAGE},
                "records": [CLAIM],
                **said,
            }
        )
        paths = [self._written(rows, at, profile) for at, rows in enumerate(files)]
        return self.reads_files(profile, paths, wanted)

    def reads_files(
        self, profile: Profile, paths: Sequence[Path], wanted: ImportOptions = ALL_ROWS
    ) -> list[str]:
        """Import files by a profile, and return the notes."""
        self.session.state.change = db.new_change(AUTHOR, make_message(profile.name, None))
        try:
            self.report = import_files(self.session, profile, paths, wanted)
        finally:
            self.session.state.change = db.new_change(AUTHOR)
        return [note.replace(f"{self.folder}/", "") for note in self.report.notes.lines(99)]

    def refuses(self, *files: Sequence[Mapping[str, Any]], **said: Any) -> str:
        """Return why an import is refused, which leaves nothing behind."""
        with pytest.raises(InvalidRecords) as found, self.session.begin_nested():
            self.reads(*files, **said)
        self.session.expunge_all()
        return str(found.value).replace(f"{self.folder}/", "")

    def _written(self, rows: Sequence[Mapping[str, Any]], at: int, profile: Profile) -> Path:
        path = self.folder / f"{'ab'[at]}.{profile.format}"
        if profile.format == "json":
            path.write_text(json.dumps(rows), "utf-8")
            return path
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def revisions(self) -> int:
        return self.session.scalar(select(func.count()).select_from(Revision)) or 0

    def pages(self) -> list[tuple[Any, ...]]:
        """Return what rows say of the documents, by title."""
        query = select(Document).order_by(Document.title)
        return [
            (row.publisher.name, row.title, str(row.published_from), str(row.published_to))
            for row in self.session.scalars(query)
        ]


def row(**said: Any) -> dict[str, Any]:
    """Return a row whose document has a title, with other values changed."""
    return {**ROW, "title": "T", **said}


def quoting(**said: Any) -> dict[str, Any]:
    """Return what a profile needs to make a document and a quotation of each piece of evidence."""
    page = {**PAGE, "each": {"from": "evidence"}, "url": None, "ref": "p-{part.page}"}
    cited = {"document": "page", "role": "support", "exact": "{part.quote}", **said}
    records = [{**CLAIM, "citations": [cited]}]
    return {"format": "json", "documents": {"page": page}, "records": records}
