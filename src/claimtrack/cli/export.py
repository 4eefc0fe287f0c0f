"""Casebooks as other programs read them: one command for each format."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from claimtrack.cli.filters import Scope
from claimtrack.cli.options import Db, command, new_app, tell
from claimtrack.cli.output import opened, opened_bytes, refuse_unwritable
from claimtrack.errors import NotEmpty, StorageFailure

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
    from claimtrack.beside import folder_beside
    from claimtrack.exchange import package
    from claimtrack.history import anchor as head_of
    from claimtrack.reports.filters import checked

    is_zip = target.suffix.lower() == ".zip"
    if target.exists() and not (is_zip and target.is_file()):
        raise NotEmpty(f"{target} is there already: name a new folder, or a file ending in .zip")
    refuse_unwritable(target)
    with db.reading() as session:
        known = checked(session, scope)
        try:
            with folder_beside(target.resolve()) as folder:
                made = Path(tempfile.mkdtemp(dir=folder))
                package.write_package(session, made, known, raw=raw, licence=licence)
                if is_zip:
                    with opened_bytes(target) as out:
                        package.zipped(made, out)
                else:
                    made.rename(target)
        except OSError as error:
            raise StorageFailure(f"{target} cannot be written: {error.strerror}") from error
        if anchor:
            with opened(target.with_name(f"{target.name}.anchor")) as stream:
                stream.write(f"{head_of(session)}\n")
    tell(f"wrote {target}")
