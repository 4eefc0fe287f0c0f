"""Casebooks as other programs read them: one command for each format."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from claimtrack.cli.complete import refs
from claimtrack.cli.filters import Scope
from claimtrack.cli.options import Db, Group, Target, command, new_app, tell, words_option
from claimtrack.cli.output import file_of, opened_bytes
from claimtrack.cli.render import (
    MOST_NOTES,
    AllNotesOption,
    AnchorOption,
    BomOption,
    RawOption,
    anchored,
)
from claimtrack.errors import InvalidValue, NotEmpty, StorageFailure
from claimtrack.escaping import CsvStyle
from claimtrack.vocab import GroupBy

if TYPE_CHECKING:
    from claimtrack.db import Session
    from claimtrack.exchange.notes import Notes
    from claimtrack.query.filters import Filters

app = new_app()

TargetArgument = Annotated[
    Path, typer.Argument(metavar="TARGET", help="Where to write it.", show_default=False)
]


def group(_name: str) -> typer.Typer:
    """Return the formats."""
    return app


@command(app, "datapackage")
def datapackage(
    db: Db,
    target: TargetArgument,
    scope: Scope,
    *,
    licence: Annotated[
        str | None,
        typer.Option(
            "--licence",
            metavar="ID",
            help="Under which others may use it, such as CC-BY-4.0; usually: not specified.",
            show_default=False,
        ),
    ] = None,
    raw: RawOption = False,
    bom: BomOption = None,
    anchor: AnchorOption = False,
    all_notes: AllNotesOption = False,
) -> None:
    """Write a data package: every table and every report as CSV, described for programs.

    TARGET is a new folder, or a file that ends in .zip. 'claimtrack import tables' reads it back.
    With filters, the entries that lists give for them, with all that these refer to; coverage and
    omissions are there with --principal. Hypotheses are the matrices of all exclusive topics, a row
    for each cell.

    Examples:
      claimtrack export datapackage casebook --licence CC-BY-4.0
      claimtrack export datapackage ceasefire.zip --topic ceasefire --since 2024
    """
    from claimtrack.exchange.exports import data_package
    from claimtrack.exchange.notes import Notes
    from claimtrack.query.filters import resolve_refs

    is_zip = target.suffix.lower() == ".zip"
    if file_of(target) is None:
        raise InvalidValue("target", "-", "a new folder, or a file that ends in .zip")
    if target.exists() and not (is_zip and target.is_file()):
        raise NotEmpty(f"{target} is there already: name a new folder, or a file ending in .zip")
    out = anchored(target, anchor=anchor)
    with db.reading(out) as session, _beside(target) as folder:
        made = Path(tempfile.mkdtemp(dir=folder))
        known = resolve_refs(session, scope)
        notes = Notes()
        style = CsvStyle(raw=raw, bom=bool(bom))
        data_package.write_package(session, made, known, notes, style=style, licence=licence)
        if is_zip:
            with opened_bytes(target) as file:
                data_package.zipped(made, file)
        else:
            made.rename(target)
    _tell(notes, all_notes=all_notes)
    tell(f"wrote {target}")


@dataclass(frozen=True)
class _Place:
    """An export under way: its file, with room beside it, and what it is made of.

    What it leaves out is counted in `notes`.
    """

    session: "Session"
    file: IO[bytes]
    wanted: "Filters"
    spare: Path
    notes: "Notes"


@dataclass(frozen=True)
class _To:
    """Where an export into one file goes, and of what."""

    db: Target
    target: Path
    scope: "Filters"
    anchor: bool
    all_notes: bool

    @contextmanager
    def opened(self) -> Iterator[_Place]:
        """Open what it is written with; the file is there once it is whole, then notes are told."""
        from claimtrack.exchange.notes import Notes
        from claimtrack.query.filters import resolve_refs

        out, notes = anchored(self.target, anchor=self.anchor), Notes()
        with (
            self.db.reading(out) as session,
            _beside(self.target) as spare,
            opened_bytes(self.target) as file,
        ):
            yield _Place(session, file, resolve_refs(session, self.scope), spare, notes)
        _tell(notes, all_notes=self.all_notes)
        if file_of(self.target):
            tell(f"wrote {self.target}")


def _tell(notes: "Notes", *, all_notes: bool) -> None:
    """Say what is not in the file, on stderr."""
    for note in notes.lines(None if all_notes else MOST_NOTES):
        tell(f"warning: {note}")


def _to(
    *,
    db: Db,
    target: TargetArgument,
    scope: Scope,
    anchor: AnchorOption = False,
    all_notes: AllNotesOption = False,
) -> _To:
    return _To(db, target, scope, anchor, all_notes)


To = Annotated[_To, Group(_to)]


@command(app, "xlsx")
def xlsx(to: To) -> None:
    """Write a workbook: a cover, and a sheet for each report.

    No cell is a formula. A report of more than 1,048,575 rows goes on in a further sheet; a cell of
    more than 32,767 characters is cut, and says so. Coverage and omissions are there with
    --principal. Hypotheses are the matrices of all exclusive topics, a row for each cell.

    Examples:
      claimtrack export xlsx casebook.xlsx
      claimtrack export xlsx russia.xlsx --principal russia --since 2024
    """
    from claimtrack.exchange.exports.spreadsheet import write_workbook

    with to.opened() as place:
        write_workbook(place.session, place.file, place.wanted, place.spare, place.notes)


@command(app, "graph")
def graph(to: To) -> None:
    """Write entries and their oppositions as a graph: TARGET ends in .graphml or .gexf.

    A node for each entry, an edge for each pair of the contradictions report, with its class, its
    grounds and its strength as weight. With filters, the entries that lists give for them, and the
    pairs of two of those. Gephi reads both formats.

    Examples:
      claimtrack export graph casebook.gexf
      claimtrack export graph ceasefire.graphml --topic ceasefire
    """
    from claimtrack.exchange.exports.graph import FORMATS

    write = FORMATS.get(to.target.suffix.lower())
    if write is None:
        raise InvalidValue("target", str(to.target), f"a file that ends in {' or '.join(FORMATS)}")
    with to.opened() as place:
        write(place.session, place.file, place.wanted, place.notes)


@command(app, "stix")
def stix(to: To) -> None:
    """Write a STIX 2.1 bundle, for platforms of threat intelligence.

    Actors are identities, entries notes with their documents as references, propositions groupings
    of notes, links relationships (but not unrelated), pairs of the contradictions report
    relationships called opposes, and what assessments make of claims opinions. All their fields
    stand in an extension. Ids stay the same from one export to the next. With filters, the entries
    that lists give for them, with all that these refer to, and the pairs of two of those.

    Examples:
      claimtrack export stix casebook.json
      claimtrack export stix ceasefire.json --topic ceasefire --known-by 2024-01-26
    """
    from claimtrack.exchange.exports.stix import write_stix

    with to.opened() as place:
        write_stix(place.session, place.file, place.wanted, place.spare, place.notes)


@command(app, "claimreview")
def claimreview(to: To) -> None:
    """Write the claims as schema.org JSON-LD, with what assessments make of them as ClaimReviews.

    Where a claim appeared are its primary documents; those that pass it on are subjectOf. A review
    is there where an assessment in a document with a web address takes a stance on a proposition of
    the claim: rated from 1, the claim is contradicted outright, to 5, it is borne out. Its words
    are the assessment's hedge, else its summary; where they say another than the number, it is left
    out. With filters, the claims that lists give for them. 'claimtrack import claimreview' reads
    the reviews.

    Examples:
      claimtrack export claimreview claims.jsonld
      claimtrack export claimreview russia.jsonld --principal russia
    """
    from claimtrack.exchange.exports.claimreview import write_claimreview

    with to.opened() as place:
        write_claimreview(place.session, place.file, place.wanted, place.notes)


def _briefing(
    *,
    to: To,
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="What the briefing is called.")
    ] = "Casebook of sourced claims",
    hypothesis: Annotated[
        list[str] | None,
        typer.Option(
            "--hypothesis",
            metavar="REF",
            help="A proposition to weigh against the others so named, in a matrix; repeatable.",
            show_default=False,
            autocompletion=refs("proposition"),
        ),
    ] = None,
    group_by: Annotated[
        GroupBy | None,
        words_option(
            "--group-by",
            of=GroupBy,
            about="Group the contradictions: those of no contested claim by subject, or all by "
            "proposition",
        ),
    ] = None,
) -> Callable[[str], None]:
    def write(language: str) -> None:
        from claimtrack.exchange.exports.briefing import markup
        from claimtrack.exchange.exports.briefing.page import Plan, write_page

        plan = Plan(getattr(markup, language), title, tuple(hypothesis or ()), group_by)
        with to.opened() as place:
            write_page(place.session, place.file, place.wanted, plan, place.spare, place.notes)

    return write


Briefing = Annotated[Callable[[str], None], Group(_briefing)]
"""What writes a briefing in a language of `exchange.briefing.markup`."""


@command(app, "markdown")
def markdown(briefing: Briefing) -> None:
    """Write a briefing to hand to an editor, as Markdown with footnotes.

    Every entry that lists give for the filters: contested claims first, with what speaks for and
    against each; then all others by date, undated last; then the matrix of each exclusive topic,
    and of the propositions given as --hypothesis; and one footnote for each document. Between them
    the contradictions in which no contested claim stands, and the pairs that are reconciled. What
    the filters leave out is counted on the page.

    Examples:
      claimtrack export markdown briefing.md
      claimtrack export markdown nato.md --topic nato --title 'NATO, January to May 2024'
      claimtrack export markdown talks.md --hypothesis ceasefire-ready --hypothesis feigned
      claimtrack export markdown sides.md --group-by proposition
    """
    briefing("MARKDOWN")


@command(app, "html")
def html(briefing: Briefing) -> None:
    """Write a briefing to hand to an editor, as one HTML file that prints well.

    It holds what 'export markdown' writes, and needs nothing from elsewhere: no scripts, no fonts.

    Examples:
      claimtrack export html briefing.html
      claimtrack export html russia.html --principal russia --known-by 2024-01-26
    """
    briefing("HTML")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Make a folder beside the target for what is written on the way."""
    from claimtrack.atomic_files import folder_beside

    try:
        with folder_beside(target.resolve()) as folder:
            yield folder
    except BrokenPipeError:
        raise  # the reader has gone: the edge ends quietly
    except OSError as error:
        raise StorageFailure(f"{target} cannot be written: {error.strerror}") from error
