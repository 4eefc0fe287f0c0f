"""init, load, dump and schema: databases and files."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimtrack.cli import retry
from claimtrack.cli.options import Db, DbPlain, Message, command, new_app, print_message
from claimtrack.cli.output_options import (
    AnchorOption,
    OutputOption,
    anchored,
)
from claimtrack.cli.output_streams import opened
from claimtrack.cli.progress import progress
from claimtrack.escaping import escape_controls, format_value

if TYPE_CHECKING:
    from claimtrack.exchange.dossier.loading import LoadRow

app, schemas = new_app(), new_app()


def group(_name: str) -> typer.Typer:
    """Return the commands that print schemas."""
    return schemas


@command(schemas, "dossier")
def dossier(output: OutputOption = None) -> None:
    """Print the JSON Schema of a dossier, for completion and validation in editors.

    Examples:
      claimtrack schema dossier --output dossier.schema.json
    """
    from claimtrack.exchange.dossier.sections import schema_text

    with opened(output) as stream:
        stream.write(schema_text())


@command(schemas, "profile")
def profile(output: OutputOption = None) -> None:
    """Print the JSON Schema of an import profile, for completion and validation in editors.

    Examples:
      claimtrack schema profile --output profile.schema.json
    """
    from claimtrack.exchange.imports.profile_files import schema_text

    with opened(output) as stream:
        stream.write(schema_text())


@command(app, "init")
def init(db: DbPlain) -> None:
    """Create the database, or upgrade it to this version.

    Safe to repeat. A new SQLite file is readable only by its owner.

    Examples:
      claimtrack init
      claimtrack --db postgresql://me@localhost/casebook init
    """
    from claimtrack import db as databases

    database = databases.connect(db.name)
    done = databases.init(database, author=db.author)
    if done:
        print_message(f"{database.name} is ready")
    else:
        print_message(f"{database.name} is up to date: nothing was changed")


@command(app, "load")
def load(
    db: Db,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Dossiers to load, in any order.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would be added and changed.")
    ] = False,
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            metavar="SEQ|ANCHOR",
            help="Revision that the files are based on: refuse records changed since.",
            show_default=False,
        ),
    ] = None,
    message: Message = None,
) -> None:
    """Load dossiers (YAML): all or nothing, safe to repeat.

    Keys that are not in a file keep their values; null clears a value. No record is removed.

    Examples:
      claimtrack load casebook.yaml
      claimtrack load --dry-run *.yaml
      claimtrack load --base 120 edited.yaml
    """
    from claimtrack.api.dossiers import load_into
    from claimtrack.changes import Outcome

    for file in files:
        retry.mark_stream_consumed(file)
    report = load_into(
        db.writing(message, dry_run=dry_run),
        files,
        include_protected=db.include_protected,
        base=base,
        progress=partial(progress, "records"),
    )
    if dry_run:
        with opened(None) as stream:
            stream.writelines(f"{line}\n" for line in differences(report.rows))
    counts = ", ".join(f"{report.count(word)} {word}" for word in Outcome)
    print_message(f"{counts}{': nothing was written' if dry_run else ''}")


def differences(rows: "Iterable[LoadRow]") -> Iterator[str]:
    """Yield what would become of rows, field by field, as lines that can be printed."""
    return map(escape_controls, _differences(rows))


def _differences(rows: "Iterable[LoadRow]") -> Iterator[str]:
    for row in rows:
        if row.outcome != "unchanged":
            yield f"{row.outcome} {row.table} {row.key}"
        for field in row.fields if row.outcome == "changed" else ():
            yield f"  {field.name}: {_format(field.old)} -> {_format(field.new)}"
        for field in row.fields if row.outcome in ("added", "removed") else ():
            value = field.new if row.outcome == "added" else field.old
            if value not in (None, [], False):
                yield f"  {field.name}: {_format(value)}"


def _format(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "empty" if value is None else format_value(value)


@command(app, "dump")
def dump(db: Db, output: OutputOption = None, anchor: AnchorOption = False) -> None:
    """Write the whole casebook as one dossier (YAML).

    Sorted, and without empty values and defaults, so that you can compare two dumps.

    Examples:
      claimtrack dump --output casebook.yaml
    """
    from claimtrack.api.dossiers import dump_into

    out = anchored(output, anchor=anchor)
    out.place_anchor(dump_into(db.access, output, opened))
