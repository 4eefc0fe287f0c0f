"""Casebooks as other programs read them: one command for each format."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from claimtrack.cli.filters import Scope
from claimtrack.cli.options import Db, command, new_app, tell
from claimtrack.cli.output import opened_bytes, refuse_unwritable
from claimtrack.cli.render import Out
from claimtrack.errors import InvalidValue, NotEmpty, StorageFailure
from claimtrack.vocab import OutputFormat

app = new_app()

TargetArgument = Annotated[
    Path, typer.Argument(metavar="TARGET", help="Where to write it.", show_default=False)
]
RawOption = Annotated[
    bool,
    typer.Option("--raw", help="CSV with every text as it is, even one that is a formula."),
]
AnchorOption = Annotated[
    bool, typer.Option("--anchor", help="Write the head of the log beside it, as TARGET.anchor.")
]


def group(_name: str) -> typer.Typer:
    """Return the formats."""
    return app


@command(app, "datapackage")
def datapackage(
    db: Db,
    target: TargetArgument,
    scope: Scope,
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
    anchor: AnchorOption = False,
) -> None:
    """Write a data package: every table and every report as CSV, described for programs.

    TARGET is a new folder, or a file that ends in .zip. 'claimtrack import tables' reads it back.
    With filters, the entries that lists give for them, with all that these refer to; coverage and
    omissions are there with --principal.

    Examples:
      claimtrack export datapackage casebook --licence CC-BY-4.0
      claimtrack export datapackage ceasefire.zip --topic ceasefire --since 2024
    """
    from claimtrack.exchange import package
    from claimtrack.reports.filters import checked

    is_zip = target.suffix.lower() == ".zip"
    if target.exists() and not (is_zip and target.is_file()):
        raise NotEmpty(f"{target} is there already: name a new folder, or a file ending in .zip")
    out = _out(target, anchor=anchor)
    with db.reading(out) as session, _beside(target) as folder:
        made = Path(tempfile.mkdtemp(dir=folder))
        known = checked(session, scope)
        package.write_package(session, made, known, raw=raw, licence=licence)
        if is_zip:
            with opened_bytes(target) as file:
                package.zipped(made, file)
        else:
            made.rename(target)
    tell(f"wrote {target}")


@command(app, "xlsx")
def xlsx(db: Db, target: TargetArgument, scope: Scope, anchor: AnchorOption = False) -> None:
    """Write a workbook: a cover, and a sheet for each report.

    No cell is a formula. A report of more than 1,048,575 rows goes on in a further sheet; a cell of
    more than 32,767 characters is cut, and says so. Coverage and omissions are there with
    --principal.

    Examples:
      claimtrack export xlsx casebook.xlsx
      claimtrack export xlsx russia.xlsx --principal russia --since 2024
    """
    from claimtrack.exchange.spreadsheet import write_workbook
    from claimtrack.reports.filters import checked

    out = _out(target, anchor=anchor)
    with db.reading(out) as session, _beside(target) as folder, opened_bytes(target) as file:
        write_workbook(session, file, checked(session, scope), folder)
    tell(f"wrote {target}")


@command(app, "graph")
def graph(db: Db, target: TargetArgument, scope: Scope, anchor: AnchorOption = False) -> None:
    """Write entries and their oppositions as a graph: TARGET ends in .graphml or .gexf.

    A node for each entry, an edge for each pair of the contradictions report, with its class, its
    grounds and its strength as weight. With filters, the entries that lists give for them, and the
    pairs of two of those. Gephi reads both formats.

    Examples:
      claimtrack export graph casebook.gexf
      claimtrack export graph ceasefire.graphml --topic ceasefire
    """
    from claimtrack.exchange.graph import FORMATS
    from claimtrack.reports.filters import checked

    write = FORMATS.get(target.suffix.lower())
    if write is None:
        raise InvalidValue("target", str(target), f"a file that ends in {' or '.join(FORMATS)}")
    out = _out(target, anchor=anchor)
    with db.reading(out) as session, opened_bytes(target) as file:
        write(session, file, checked(session, scope))
    tell(f"wrote {target}")


@command(app, "stix")
def stix(db: Db, target: TargetArgument, scope: Scope, anchor: AnchorOption = False) -> None:
    """Write a STIX 2.1 bundle, for platforms of threat intelligence.

    Actors are identities, entries notes with their documents as references, propositions groupings
    of notes, links relationships, pairs of the contradictions report relationships called opposes,
    and what assessments make of claims opinions. All their fields stand in an extension. Ids stay
    the same from one export to the next. With filters, the entries that lists give for them, with
    all that these refer to, and the pairs of two of those.

    Examples:
      claimtrack export stix casebook.json
      claimtrack export stix ceasefire.json --topic ceasefire --known-by 2024-01-26
    """
    from claimtrack.exchange.stix import write_stix
    from claimtrack.reports.filters import checked

    out = _out(target, anchor=anchor)
    with db.reading(out) as session, _beside(target) as folder, opened_bytes(target) as file:
        write_stix(session, file, checked(session, scope), folder)
    tell(f"wrote {target}")


@command(app, "claimreview")
def claimreview(db: Db, target: TargetArgument, scope: Scope, anchor: AnchorOption = False) -> None:
    """Write the claims as schema.org JSON-LD, with what assessments make of them as ClaimReviews.

    A review is there where an assessment in a document with an address takes a stance on a
    proposition of the claim: rated from 1, the claim is contradicted outright, to 5, it is borne
    out. Its words are the assessment's hedge, else its summary. With filters, the claims that lists
    give for them. 'claimtrack import claimreview' reads the reviews.

    Examples:
      claimtrack export claimreview claims.jsonld
      claimtrack export claimreview russia.jsonld --principal russia
    """
    from claimtrack.exchange.claimreview import write_claimreview
    from claimtrack.reports.filters import checked

    out = _out(target, anchor=anchor)
    with db.reading(out) as session, opened_bytes(target) as file:
        write_claimreview(session, file, checked(session, scope))
    tell(f"wrote {target}")


def _out(target: Path, *, anchor: bool) -> Out:
    """Return where the anchor goes; refuse a target that cannot be written, before any work."""
    refuse_unwritable(target)
    return Out(OutputFormat.TABLE, target, anchor=anchor)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Make a folder beside the target for what is written on the way."""
    from claimtrack.beside import folder_beside

    try:
        with folder_beside(target.resolve()) as folder:
            yield folder
    except OSError as error:
        raise StorageFailure(f"{target} cannot be written: {error.strerror}") from error
