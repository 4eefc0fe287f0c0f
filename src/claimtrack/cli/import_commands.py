"""import and profile: other people's files, and what their columns mean."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtrack.cli.dossier_commands import differences
from claimtrack.cli.options import Db, Message, command, masked, new_app, print_message
from claimtrack.cli.output_options import (
    MOST_NOTES,
    AllNotesOption,
    BomOption,
    FormatOption,
    OutputOption,
    has_bom,
    wants_bom,
)
from claimtrack.cli.output_streams import opened
from claimtrack.cli.progress import progress
from claimtrack.cli.row_output import Out
from claimtrack.errors import InvalidRecords
from claimtrack.escaping import BYTE_ORDER_MARK, escape_formula, format_count
from claimtrack.vocab import OutputFormat

if TYPE_CHECKING:
    from claimtrack.exchange.dossier.loading import LoadRow
    from claimtrack.exchange.imports.import_files import ImportReport
    from claimtrack.exchange.imports.row_files import Feed
    from claimtrack.exchange.readers.rows import Row

app, profiles = new_app(), new_app()

ProfileArgument = Annotated[
    str, typer.Argument(metavar="PROFILE", help="Name of a built-in profile, or path of your own.")
]

DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Only print what would be added, changed and removed.")
]
RowsOption = Annotated[
    int | None,
    typer.Option(
        "--limit",
        min=1,
        metavar="N",
        help="Maximum number of rows to read, from all files together.",
    ),
]
SkipInvalidOption = Annotated[
    bool,
    typer.Option("--skip-invalid", help="Skip invalid rows, and write them to FILE.rejected.csv."),
]
RawTablesOption = Annotated[
    bool,
    typer.Option(
        "--raw",
        help="Read cells of tables unchanged: keep apostrophes before formulas.",
    ),
]


def group(_name: str) -> typer.Typer:
    """Return the commands of profiles."""
    return profiles


@command(app, "import")
def import_(
    db: Db,
    profile: ProfileArgument,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files in the format of the profile.")
    ],
    *,
    dry_run: DryRunOption = False,
    limit: RowsOption = None,
    skip_invalid: SkipInvalidOption = False,
    raw: RawTablesOption = False,
    bom: BomOption = None,
    all_notes: AllNotesOption = False,
    message: Message = None,
) -> None:
    """Import files of other programs by a profile: all or nothing, safe to repeat.

    Importing a corrected file updates what was corrected, and keeps your own changes. With
    --skip-invalid, correct the rows in FILE.rejected.csv and import that file with the same
    profile. The profile 'tables' reads what 'export datapackage' writes: a folder, a ZIP, or single
    tables. The rejected rows of a table are in TABLE.csv.rejected.csv, those of a ZIP in
    FILE.zip.TABLE.csv.rejected.csv.

    Examples:
      claimtrack import ucdp-ged GEDEvent.csv
      claimtrack import --dry-run --limit 20 my-profile.yaml estimates.xlsx
      claimtrack import --skip-invalid bibtex library.bib
      claimtrack import tables casebook.zip
      claimtrack import tables casebook/*.rejected.csv
    """
    from claimtrack.api.importing import ImportSettings, import_into
    from claimtrack.exchange.imports.row_files import ImportOptions

    rejects = _Rejects(dry_run=dry_run, bom=bom)
    options = ImportOptions(limit, rejects.take if skip_invalid else None, db.include_protected)
    on_changes = _print_changes if dry_run else None
    settings = ImportSettings(options, raw, partial(progress, "rows"), on_changes)
    with rejects.saved():
        writing = partial(db.writing, dry_run=dry_run)
        report = import_into(writing, profile, files, settings, message).report
        _print_report(
            report, profile, files, dry_run=dry_run, most=None if all_notes else MOST_NOTES
        )
    rejects.print_message()


def _print_changes(rows: "Iterator[LoadRow]") -> None:
    with opened(None) as stream:
        stream.writelines(f"{line}\n" for line in differences(rows))


@dataclass
class _Rejects:
    """Files of rejected rows, each made when its first row comes."""

    dry_run: bool
    bom: bool | None
    files: dict[Path, int] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _writers: dict[Path, Any] = field(default_factory=dict)

    @contextmanager
    def saved(self) -> Iterator[None]:
        """Rename the files to their final names at the end of the block; on an error, drop them."""
        with self._stack:
            yield

    def take(self, feed: "Feed", row: "Row", why: str) -> None:
        """Write a rejected row unchanged, with its line and the reason."""
        import csv

        from claimtrack.exchange.imports.row_files import describe_rejection

        place = feed.path.with_name(f"{feed.path.name}.rejected.csv")
        self.files[place] = self.files.get(place, 0) + 1
        if self.dry_run:
            print_message(f"{feed.path}:{row.line}: {why}")
            return
        if place not in self._writers:
            stream = self._stack.enter_context(opened(place))
            if has_bom(place) if self.bom is None else self.bom:
                stream.write(BYTE_ORDER_MARK)
            self._writers[place] = csv.writer(stream)
            self._writers[place].writerow(feed.header())
        width = len(feed.columns) or 1
        cells = [escape_formula(_encodable(cell)) for cell in row.written]
        cells += [""] * (width - len(cells))
        reason = escape_formula(masked(describe_rejection(feed, row, why)))
        self._writers[place].writerow([*cells[:width], row.line, reason, *cells[width:]])

    def print_message(self) -> None:
        """Print the number of rejected rows and the names of their files on stderr."""
        for place, count in self.files.items():
            sentence = f"{'is' if count == 1 else 'are'} in {place}: correct and import it"
            sentence_for_user = "would be left out" if self.dry_run else sentence
            print_message(f"{format_count(count, 'row')} {sentence_for_user}")


def _encodable(text: str) -> str:
    """Return a text that can be written as UTF-8: bytes that could not be read are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def _print_report(
    report: "ImportReport", profile: str, files: list[Path], *, dry_run: bool, most: int | None
) -> None:
    """Say what an import did, the first `most` notes one by one."""
    from claimtrack.changes import Outcome
    from claimtrack.exchange.imports.profile_files import TABLES

    if profile == TABLES:
        counts = ", ".join(f"{report.made['row', word]:,} {word}" for word in Outcome)
        names = ", ".join(map(str, files))
        print_message(f"{names}: {counts}{': nothing was written' if dry_run else ''}")
        return
    for path, encoding in report.encodings:
        print_message(
            f"{path} is read as {encoding}: if that is wrong, set the encoding in the profile"
        )
    for note in report.notes.lines(most):
        print_message(f"warning: {note}")
    for url, ref in islice(report.same.items(), most):
        print_message(
            f"warning: the document at {url} already exists as {ref!r} and is not changed"
        )
    if most is not None and len(report.same) > most:
        more = f"and {len(report.same) - most:,} more documents that already exist"
        print_message(f"warning: {more}: --all-notes prints them")
    for noun in sorted({noun for noun, _ in report.made}):
        numbers = ((word, report.made.get((noun, word), 0)) for word in Outcome)
        print_message(f"{noun}: {', '.join(f'{count:,} {word}' for word, count in numbers)}")
    if report.removed:
        print_message(
            f"{format_count(report.removed, 'record')} left out: removed from this casebook earlier"
        )
    print_message(
        f"{format_count(report.rows, 'row')} read{': nothing was written' if dry_run else ''}"
    )


# --- profiles -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProfileRow:
    """One profile that ships."""

    name: str
    format: str
    makes: tuple[str, ...]
    about: str


@command(profiles, "list")
def list_(
    format: FormatOption = OutputFormat.TABLE,
    output: OutputOption = None,
    bom: BomOption = None,
) -> None:
    """List the built-in import profiles.

    Examples:
      claimtrack profile list
    """
    from claimtrack.exchange.imports.profile_files import (
        TABLES,
        get_profile_path,
        list_shipped,
        read_profile,
    )
    from claimtrack.records import IN_ORDER

    read = map(read_profile, map(get_profile_path, list_shipped()))
    found = [
        ProfileRow(one.name, one.format, tuple(part.make for part in one.records), one.about)
        for one in read
    ]
    about = "The tables of a casebook, as export datapackage writes them"
    found.append(ProfileRow(TABLES, "csv", tuple(IN_ORDER), about))
    rows = sorted(found, key=lambda row: row.name)
    Out(format, output, bom=wants_bom(format, output, bom)).emit(rows, ProfileRow)


@command(profiles, "show")
def show(profile: ProfileArgument) -> None:
    """Print an import profile, to start your own from a copy.

    Examples:
      claimtrack profile show acled > mine.yaml
    """
    from claimtrack.exchange.imports.profile_files import get_profile_path, read_text

    with opened(None) as stream:
        stream.write(read_text(get_profile_path(profile)))


@command(profiles, "check")
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PROFILE", help="Paths of your profiles.")],
) -> None:
    """Validate import profiles; reports every error with its line and column.

    Examples:
      claimtrack profile check mine.yaml
    """
    from claimtrack.exchange.imports.profile_files import get_profile_path, read_profile

    faults: list[str] = []
    for path in paths:
        try:
            read_profile(get_profile_path(path))
        except InvalidRecords as error:
            faults += error.problems
        else:
            print_message(f"{path} is valid")
    if faults:
        raise InvalidRecords(faults)
