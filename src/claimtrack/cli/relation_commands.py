"""stance, figure, citation and grade: the commands for relations, which have no ref."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from claimtrack.cli.fields import Values, argument, help_of, options, ref_option, text_option
from claimtrack.cli.filters import EntryFilters
from claimtrack.cli.nested_options import (
    PLACE,
    READING,
    VALUE,
    Judge,
    parse_bounds,
    stance_value,
    without_none,
)
from claimtrack.cli.nouns import Need, needs_of_table
from claimtrack.cli.options import (
    Db,
    LastMayBeNegative,
    Message,
    Target,
    command,
    new_app,
    print_message,
)
from claimtrack.cli.output_options import ToOutput
from claimtrack.cli.prompt import Asking, fill_in_missing
from claimtrack.cli.quotation_prompt import located
from claimtrack.errors import AmbiguousRef, Duplicate, InvalidValue, UnknownRef
from claimtrack.kinds import CITATION, FIGURE, GRADE, STANCE
from claimtrack.vocab import CitationRole

if TYPE_CHECKING:
    from claimtrack.db import Session
    from claimtrack.models import Entry
    from claimtrack.schemas import New

APPS = {name: new_app() for name in ("stance", "figure", "citation", "grade")}
"""The commands of each relation."""


def group(name: str) -> typer.Typer:
    """Return the commands of a relation."""
    return APPS[name]


_GRADE = typer.Argument(
    metavar="GRADE",
    help="Grade: reliability A to F and credibility 1 to 6, such as B2.",
    show_default=False,
)


def _grade(text: str) -> Values:
    found = re.fullmatch(r"([A-Fa-f])([1-6])", text)
    if found is None:
        raise InvalidValue(
            "grade", text, "a reliability A to F and a credibility 1 to 6, such as B2"
        )
    return {"reliability": found[1].upper(), "credibility": int(found[2])}


_NEEDS = {
    "stance": tuple(VALUE if one.key == "value" else one for one in needs_of_table("stance")),
    "figure": (
        *needs_of_table("figure"),
        Need(
            "number",
            "Number, such as 120, 30..50, 80.. or ..10",
            read=parse_bounds,
            example="0",
        ),
    ),
    "citation": needs_of_table("citation"),
    "grade": (
        *needs_of_table("grade"),
        Need("grade", "Reliability and credibility, such as B2", read=_grade),
    ),
}
"""The required fields of each relation."""


def _fill_in(db: Target, model: "type[New]", values: Values) -> Values:
    return fill_in_missing(db, model.table, model, lambda _: _NEEDS[model.table], values)


def _entry(session: "Session", ref: str) -> "Entry":
    from claimtrack.models import Entry
    from claimtrack.records import get

    return get(session, Entry, ref)


def take_back(db: Target, table: str, key: Values, message: str | None) -> None:
    """Remove a row of a relation by its key, and print a message."""
    from claimtrack import changes

    with db.writing(message) as session:
        key["asserted_by"] = changes.get_or_create_judge(session, key["asserted_by"]).ref
        changes.remove_row(session, table, key)
    print_message(f"removed {table} {'/'.join(str(part) for part in key.values() if part)}")


class SetStance(LastMayBeNegative, Asking):
    """The command `stance set`."""


@command(APPS["stance"], "set", cls=SetStance)
def set_stance(
    db: Db,
    entry: Annotated[str | None, argument(STANCE, "entry")],
    proposition: Annotated[str | None, argument(STANCE, "proposition")],
    value: Annotated[str | None, argument(STANCE, "value")],
    reading: Annotated[Values, READING],
    message: Message = None,
) -> None:
    """Set how far an entry affirms or denies a proposition.

    Replaces an earlier stance by the same judge; stances by other judges are kept.

    Examples:
      claimtrack stance set C-12 ceasefire-ready 2
      claimtrack stance set A-7 ceasefire-ready -1 --basis inferred
    """
    from claimtrack import changes
    from claimtrack.schemas import NewStance
    from claimtrack.validation import validate_record

    named = {"entry": entry, "proposition": proposition, "value": value}
    given = {**reading, **_fill_in(db, NewStance, {**reading, **named})}
    entry, value = given.pop("entry"), given["value"]
    given["value"] = stance_value(value)
    with db.writing(message) as session:
        owner = _entry(session, entry)
        values = changes.fill_defaults(NewStance, given)
        whole = changes.merge_with_stored(session, NewStance, values, entry=owner)
        outcome = changes.put(session, validate_record(NewStance, whole), entry=owner)
    print_message(f"{outcome} stance of {entry} on {given['proposition']}: {value}")


@command(APPS["stance"], "remove")
def remove_stance(
    db: Db,
    entry: Annotated[str, argument(STANCE, "entry")],
    proposition: Annotated[str, argument(STANCE, "proposition")],
    asserted_by: Judge = None,
    message: Message = None,
) -> None:
    """Remove the stance of an entry on a proposition.

    Examples:
      claimtrack stance remove C-12 ceasefire-ready
    """
    key = {"entry": entry, "proposition": proposition, "asserted_by": asserted_by}
    take_back(db, "stance", key, message)


_NUMBER = typer.Argument(
    metavar="NUMBER",
    help="The number: 120, 30..50, 80.. (at least) or ..10 (at most).",
    show_default=False,
)
_FIGURE_READING = options(
    FIGURE, "basis", "hedge", "condition", "rationale", "asserted_by", "document"
)


class SetFigure(LastMayBeNegative, Asking):
    """The command `figure set`."""


@command(APPS["figure"], "set", cls=SetFigure)
def set_figure(
    db: Db,
    entry: Annotated[str | None, argument(FIGURE, "entry")],
    measure: Annotated[str | None, argument(FIGURE, "measure")],
    number: Annotated[str | None, _NUMBER],
    reading: Annotated[Values, _FIGURE_READING],
    message: Message = None,
) -> None:
    """Record the number that an entry gives for a measure.

    A figure of the same judge is replaced; one of another judge is kept beside it.

    Examples:
      claimtrack figure set S-12 ua-strikes 120
      claimtrack figure set S-12 ua-strikes 80.. --hedge "more than"
      claimtrack figure set C-3 troops 30000..50000 --basis inferred
    """
    from claimtrack import changes
    from claimtrack.schemas import NewFigure
    from claimtrack.validation import validate_record

    named = {"entry": entry, "measure": measure, "number": number}
    given = {**reading, **_fill_in(db, NewFigure, {**reading, **named})}
    entry, number = given.pop("entry"), given.pop("number")
    given |= parse_bounds(number)
    with db.writing(message) as session:
        owner = _entry(session, entry)
        values = changes.fill_defaults(NewFigure, given)
        whole = changes.merge_with_stored(session, NewFigure, values, entry=owner)
        outcome = changes.put(session, validate_record(NewFigure, whole), entry=owner)
    print_message(f"{outcome} figure of {entry} for {given['measure']}: {number}")


@command(APPS["figure"], "remove")
def remove_figure(
    db: Db,
    entry: Annotated[str, argument(FIGURE, "entry")],
    measure: Annotated[str, argument(FIGURE, "measure")],
    asserted_by: Judge = None,
    message: Message = None,
) -> None:
    """Take back the figure of an entry for a measure.

    Examples:
      claimtrack figure remove S-12 ua-strikes
    """
    key = {"entry": entry, "measure": measure, "asserted_by": asserted_by}
    take_back(db, "figure", key, message)


_SURROUNDINGS = options(CITATION, "prefix", "suffix", "start_pos", "end_pos", clears=False)


@command(APPS["citation"], "add", cls=Asking)
def add_citation(
    *,
    db: Db,
    entry: Annotated[str | None, argument(CITATION, "entry")],
    document: Annotated[str | None, argument(CITATION, "document")],
    place: Annotated[Values, PLACE],
    words: Annotated[Values, _SURROUNDINGS],
    message: Message = None,
) -> None:
    """Cite a document for an entry.

    The words of --quote must be in the text of the document; they are stored with the words around
    them. If they occur several times, choose one with --start, or at the prompt on a terminal.

    Examples:
      claimtrack citation add C-12 RTR-0524
      claimtrack citation add C-12 RTR-0524 --quote "ready for a ceasefire"
      claimtrack citation add C-12 RTR-0524 --role relay --via S2 --label '[1]'
    """
    from claimtrack import changes
    from claimtrack.schemas import NewCitation
    from claimtrack.validation import validate_record

    fields = {"role": CitationRole.PRIMARY, **without_none(place), **words}
    only_quotation = fields.get("exact") is not None and fields.get("end_pos") is None
    start = fields.pop("start_pos", None) if only_quotation else None
    values = _fill_in(db, NewCitation, {"entry": entry, "document": document, **fields})
    values = located(db, values, start)
    entry, document = values.pop("entry"), values["document"]
    with db.writing(message) as session:
        owner = _entry(session, entry)
        outcome = changes.put(session, validate_record(NewCitation, values), entry=owner)
        if outcome is not changes.Outcome.ADDED:
            raise Duplicate(
                f"{entry} already cites {document}: remove that citation first, or distinguish "
                "them with --via, --label or --start"
            )
    print_message(f"added citation of {document} for {entry}")


@command(APPS["citation"], "remove")
def remove_citation(
    *,
    db: Db,
    entry: Annotated[str, argument(CITATION, "entry")],
    document: Annotated[str, argument(CITATION, "document")],
    via: Annotated[
        str | None,
        ref_option("--via", noun="document", about="Select the citation found in this document."),
    ] = None,
    label: Annotated[
        str | None, text_option("--label", about="Select the citation with this label.")
    ] = None,
    start: Annotated[
        int | None,
        typer.Option(
            "--start",
            help="Select the citation whose quotation starts at this position.",
            show_default=False,
        ),
    ] = None,
    message: Message = None,
) -> None:
    """Remove a citation; if there are several of the document, choose one with options.

    Examples:
      claimtrack citation remove C-12 RTR-0524
      claimtrack citation remove C-12 RTR-0524 --via S2 --label '[1]'
    """
    from claimtrack import changes

    filters = {"via": via, "label": label, "start_pos": start}
    with db.writing(message) as session:
        changes.remove_row(session, "citation", _the_citation(session, entry, document, filters))
    print_message(f"removed citation of {document} for {entry}")


def _the_citation(session: "Session", entry: str, document: str, place: Values) -> Values:
    """Return the key of the one citation that matches the options."""
    from sqlalchemy import select

    from claimtrack.models import Citation, Document
    from claimtrack.records import get, is_withheld, record_of

    cited = get(session, Document, document)
    query = select(Citation).where(
        Citation.entry == _entry(session, entry), Citation.document == cited
    )
    found = [record_of(row) for row in session.scalars(query)]
    fitting = [
        row
        for row in found
        if all(value is None or row[name] == value for name, value in place.items())
    ]
    withheld = is_withheld(session, cited)
    if not fitting:
        near = [] if withheld else [_spelled(row) for row in found[:3]]
        raise UnknownRef("citation", f"{entry}/{document}", near)
    if len(fitting) > 1:
        several = " or ".join(_spelled(row) for row in fitting[:5])
        shown = "by --via, --label or --start" if withheld else several
        raise AmbiguousRef(f"{entry} cites {document} {len(fitting)} times: choose {shown}")
    return {name: fitting[0][name] for name in ("entry", "document", "via", "label", "start_pos")}


def _spelled(row: Values) -> str:
    parts = {"--via": row["via"], "--label": row["label"], "--start": row["start_pos"]}
    options_set = [f"{flag} {value}" for flag, value in parts.items() if value not in (None, "")]
    return " ".join(options_set) or "the one without --via and --label"


@command(APPS["grade"], "add", cls=Asking)
def add_grade(
    *,
    db: Db,
    entry: Annotated[str | None, argument(GRADE, "entry")],
    grade: Annotated[str | None, _GRADE],
    graded_on: Annotated[
        str | None,
        text_option("--graded-on", metavar="DATE", about=help_of(GRADE.by_name["graded_on"])),
    ] = None,
    graded_by: Annotated[
        str | None,
        ref_option("--graded-by", noun="actor", about=help_of(GRADE.by_name["graded_by"])),
    ] = None,
    rationale: Annotated[
        str | None, text_option("--rationale", about=help_of(GRADE.by_name["rationale"]))
    ] = None,
    message: Message = None,
) -> None:
    """Grade an entry on the Admiralty scale; earlier grades are kept.

    A second grade by the same judge on the same day replaces the first.

    Examples:
      claimtrack grade add C-12 B2
      claimtrack grade add C-12 F6 --graded-by isw --graded-on 2024-05-24
    """
    from claimtrack import changes
    from claimtrack.schemas import NewGrade
    from claimtrack.validation import validate_record

    day = graded_on or datetime.now(UTC).date().isoformat()  # as the log
    fields = {"graded_on": day, "graded_by": graded_by, "rationale": rationale or None}
    values = _fill_in(db, NewGrade, {"entry": entry, "grade": grade, **fields})
    grade = values.pop("grade")
    with db.writing(message) as session:
        outcome = changes.put(session, validate_record(NewGrade, {**values, **_grade(grade)}))
    print_message(f"{outcome} grade {grade.upper()} of {values['entry']}")


def _declare_list(name: str) -> None:
    about = (
        f"List {name}s.\n\nExamples:\n  claimtrack {name} list\n"
        f"  claimtrack {name} list --actor russia --format csv"
    )

    @command(APPS[name], "list", about=about)
    def list_(db: Db, filters: EntryFilters, out: ToOutput) -> None:
        from claimtrack.lookup import list_records, row_type
        from claimtrack.query.filters import resolve_refs

        with db.reading(out) as session:
            out.emit(list_records(session, name, resolve_refs(session, filters)), row_type(name))


for _name in APPS:
    _declare_list(_name)
