"""search, show, check, history and status."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtrack.cli.completion import refs
from claimtrack.cli.options import Db, DbPlain, command, new_app, print_message
from claimtrack.cli.output_options import ToOutput, ToOutputWhole
from claimtrack.cli.show_output import Extent
from claimtrack.cli.show_output import show as show_record
from claimtrack.errors import AmbiguousRef, InvalidValue, UnknownRef

if TYPE_CHECKING:
    from claimtrack.db import Session

app = new_app()

AnyRef = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="The ref of any record, or the name of an actor.",
        autocompletion=refs(),
        show_default=False,
    ),
]


@command(app, "search")
def search(
    db: Db,
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="Words to search for.")],
    out: ToOutput,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="NOUN",
            help="Only records of this kind, such as claim or actor; can be repeated.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Search records for words, best matches first.

    Searches entries, propositions, measures, actors and documents. All words must match, in any
    English inflection: OR between two words matches either, -word excludes records with it, and
    words in quotation marks must be adjacent. If no record has all words, those with some of them
    are shown. Russian, Ukrainian and Belarusian names match every spelling of an actor's name or
    alias, Latin or Cyrillic.

    Examples:
      claimtrack search ceasefire
      claimtrack search '"back channel"' --kind claim
      claimtrack search 'truce OR ceasefire -naval'
      claimtrack search Peskov
    """
    from claimtrack import lookup

    with db.reading(out) as session:
        partial = False

        def noted() -> Iterator[Any]:
            nonlocal partial
            for row in lookup.search(
                session, " ".join(words), kinds=tuple(kind or ()), limit=out.most
            ):
                partial = row.matched == "some"
                yield row

        out.emit(noted(), lookup.SearchRow)
        if partial:
            print_message("no record has all of these words: each row has some of them")


@command(app, "show")
def show(
    db: Db,
    ref: AnyRef,
    out: ToOutputWhole,
    extent: Extent,
) -> None:
    """Show one record of any kind, with its related records, on one screen.

    Evidence for and against an entry comes strongest first. If a section has more rows than fit,
    its heading names the command that lists them all. CSV and JSON always have all rows.

    Examples:
      claimtrack show C9
      claimtrack show C9 --all
      claimtrack show Zelensky --history
    """
    with db.reading(out) as session:
        show_record(session, out, the_kind(session, ref, "show"), ref, extent)


def the_kind(session: "Session", ref: str, verb: str) -> str:
    """Return the noun of the one record that has a ref.

    Raises:
        UnknownRef: none has it.
        AmbiguousRef: records of several kinds have it; names the command for each.
    """
    from claimtrack import lookup
    from claimtrack.records import NAMED, nearest

    found = lookup.kinds_of(session, ref)
    if not found:
        close = [name for model in NAMED.values() for name in nearest(session, model, ref)]
        raise UnknownRef("record", ref, list(dict.fromkeys(close))[:3])
    if len(found) > 1:
        commands = " or ".join(f"'claimtrack {noun} {verb} {ref}'" for noun in found)
        raise AmbiguousRef(f"{' and '.join(found)} share the ref {ref!r}: use {commands}")
    return found[0]


@command(app, "check")
def check(db: Db, out: ToOutput) -> None:
    """Check the casebook for errors and inconsistencies.

    Lists errors first, which must be corrected; then warnings, which may be correct as they are;
    then hints, which may be worth a look. The exit code is 1 if there is an error.

    Examples:
      claimtrack check
      claimtrack check --format csv --output findings.csv
    """
    from claimtrack.reports.check import check as findings
    from claimtrack.reports.findings import Finding

    levels = set()
    with db.reading(out) as session:

        def noted() -> Iterator[Any]:
            for row in findings(session):
                levels.add(str(row.level))
                yield row

        out.emit(noted(), Finding)
    if "error" in levels:
        raise typer.Exit(1)


@command(app, "history")
def history_(
    db: Db,
    ref: AnyRef,
    out: ToOutputWhole,
    noun: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="NOUN",
            help="Kind of the record, if records of several kinds share the ref.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show all changes of one record, field by field.

    Oldest first, with the changes of its stances, citations and the like. Also works for a removed
    record.

    Examples:
      claimtrack history C9
      claimtrack history nato --kind topic
    """
    from claimtrack import history
    from claimtrack.lookup.layouts import LOG

    with db.reading(out) as session:
        table, key = find_logged(session, ref, noun)
        out.emit(history.stream_history(session, table, key), history.LogRow, layout=LOG)


def find_logged(session: "Session", ref: str, noun: str | None) -> tuple[str, str]:
    """Return the table and the key under which the log has a record, removed ones included."""
    from claimtrack import lookup
    from claimtrack.history import was_key_used
    from claimtrack.models import Actor
    from claimtrack.records import NAMED, get

    if noun is not None and noun not in (*lookup.NOUNS, "entry"):
        raise InvalidValue("kind", noun, f"one of {', '.join(lookup.NOUNS)}")
    filters = [noun if noun in NAMED else "entry"] if noun else list(NAMED)
    mask = session.state.mask
    tables = [
        table
        for table in filters
        if mask.key(table, ref) == ref and was_key_used(session, table, ref)
    ]
    if len(tables) > 1:
        commands = " or ".join(f"'claimtrack history {ref} --kind {table}'" for table in tables)
        raise AmbiguousRef(f"{' and '.join(tables)} share the ref {ref!r}: use {commands}")
    if tables:
        return tables[0], ref
    if "actor" in filters and lookup.kinds_of(session, ref) == ["actor"]:
        return "actor", get(session, Actor, ref).ref
    if noun is None:
        the_kind(session, ref, "show")  # names the nearest, or the commands where several share it
    raise UnknownRef(noun or "record", ref)


@command(app, "status")
def status(db: DbPlain, out: ToOutputWhole) -> None:
    """Show the database, its version and its number of records.

    Examples:
      claimtrack status
      claimtrack status --format json
    """
    from claimtrack import db as databases
    from claimtrack import lookup

    with db.reading(out) as session:
        row = lookup.status(session)
    name = databases.connect(db.name).name
    out.emit_one({"database": name, **{field: getattr(row, field) for field in row.__slots__}})
