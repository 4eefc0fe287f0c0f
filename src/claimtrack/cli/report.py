"""report: the questions of the casebook, one command for each."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtrack import dates
from claimtrack.cli.complete import entry_argument, refs
from claimtrack.cli.filter_options import declared, option_group
from claimtrack.cli.filters import CountingScope, Wanted
from claimtrack.cli.options import Db, command, new_app, tell, words_option
from claimtrack.cli.pair_filters import WantedPairs
from claimtrack.cli.render import ToOutput, ToOutputWhole, record
from claimtrack.errors import InvalidValue, Usage
from claimtrack.query.options import ANONYMOUS, CLAIMS
from claimtrack.vocab import GroupBy, OutputFormat

if TYPE_CHECKING:
    from datetime import date

    from claimtrack.db import Session
    from claimtrack.query.filters import Filters

app = new_app()


def group(_name: str) -> typer.Typer:
    """Return the reports."""
    return app


def _why(
    session: "Session", report: str, wanted: "Filters", *, narrowed: bool = False
) -> Callable[[], str]:
    """Return what says why a report has no rows, if it is asked."""

    def why() -> str:
        from claimtrack.reports.empty_reports import explain_empty_report

        return explain_empty_report(session, report, wanted, narrowed=narrowed)

    return why


GroupByOption = Annotated[
    GroupBy | None,
    words_option(
        "--group-by", of=GroupBy, about="Group the contradictions; in tables and Markdown alone"
    ),
]


@command(app, "contradictions")
def contradictions(
    db: Db, wanted: Wanted, pairs: WantedPairs, out: ToOutput, group_by: GroupByOption = None
) -> None:
    """Show who is contradicted by whom, on what, how strongly, and how it was found.

    One row per pair of entries, by subject_ref, counter_ref. One of the two satisfies all filters
    of entries together; --topic and --proposition match what they contradict each other on.

    With --group-by subject, each subject once with what opposes it; with --group-by proposition,
    each proposition with its two sides, one line for each voice with its first and its last day.
    --limit counts pairs all the same.

    Examples:
      claimtrack report contradictions
      claimtrack report contradictions --class denial --topic ceasefire
      claimtrack report contradictions --group-by proposition --topic ceasefire
      claimtrack report contradictions --entry C9
      claimtrack report contradictions --format csv --output pairs.csv
    """
    from claimtrack.cli.oppositions import Question, emit_contradictions
    from claimtrack.query.filters import resolve_refs
    from claimtrack.query.pair_filters import resolve_pair_refs

    with db.reading(out) as session:
        of_pairs = resolve_pair_refs(session, pairs)
        asked = Question(session, resolve_refs(session, wanted), of_pairs)
        emit_contradictions(out, asked, group_by)


@command(app, "pair")
def pair(
    db: Db,
    one: Annotated[str, entry_argument("A", "The ref of an entry.")],
    other: Annotated[str, entry_argument("B", "The ref of another.")],
    scope: CountingScope,
    out: ToOutputWhole,
) -> None:
    """Show why two entries oppose each other, or why they do not.

    The rule that gave the class and how the two meet it, each pair of stances on which they differ
    with its judges, what judges recorded of the two, and the times that were compared. Superseded
    entries and reconciled pairs are explained as well.

    Examples:
      claimtrack report pair C9 ST2
      claimtrack report pair K1 X1 --format json
      claimtrack report pair C9 ST2 --known-by 2024-01-26
    """
    from claimtrack.cli.pair import emit_explanation
    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports.explanation import explain

    with db.reading(out) as session:
        emit_explanation(out, explain(session, one, other, resolve_refs(session, scope)))


def _standing(fields: dict[str, Any]) -> Any:
    from claimtrack.reports.claims import ClaimFilters

    return ClaimFilters(**fields)


@command(app, "claims")
def claims(
    db: Db, wanted: Wanted, standing: Annotated[Any, option_group(CLAIMS, _standing)], out: ToOutput
) -> None:
    """Show how each claim stands: affirmed and denied by how many, its grade, its opposition.

    One row per claim, contested ones first. Beside how many entries agree with it stands from how
    many independent origins other than its own: "0 to 1" when they may be the same people again.
    Counts are over any of its propositions.

    Examples:
      claimtrack report claims
      claimtrack report claims --contested --principal russia
      claimtrack report claims --uncontradicted --anonymous
    """
    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports import claims as report

    with db.reading(out) as session:
        refs = out.names_refs
        rows = report.claims(session, resolve_refs(session, wanted), standing, refs=refs)
        why = _why(session, "claims", wanted, narrowed=standing != report.ClaimFilters())
        out.emit(rows, report.ClaimRefsRow if refs else report.ClaimRow, why=why)


@command(app, "citations")
def citations(db: Db, wanted: Wanted, out: ToOutput) -> None:
    """Show the footnotes: which entry stands on which document, via which note.

    Examples:
      claimtrack report citations --actor SRC-1
      claimtrack report citations --source S2 --format csv
    """
    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports import citations as report

    with db.reading(out) as session:
        found = report.citations(session, resolve_refs(session, wanted))
        out.emit(found, report.CitationRow, why=_why(session, "citations", wanted))


@command(app, "positions")
def positions(
    db: Db,
    wanted: Wanted,
    out: ToOutput,
    anonymous: Annotated[bool, declared(ANONYMOUS)] = False,
) -> None:
    """Show what an actor held on record, by date: its words, how they moved, and its deeds.

    One row per stance, by date, then entry, proposition and judge. The step of a word compares it
    with the last surely earlier one of a voice they share (reversed, hedged, hardened, softened,
    reaffirmed), else of another voice of the principal (differs, same line); "order not known"
    where dates do not tell which that was. The gap names the principal's own deeds against it,
    "(possible)" where a deed may lie outside the time. --actor, --principal, --kind and --source
    choose the words that are compared; dates, signs and strength only what is shown.

    Examples:
      claimtrack report positions --actor russia --topic ceasefire
      claimtrack report positions --principal russia --anonymous
    """
    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports import positions as report

    with db.reading(out) as session:
        found = report.positions(session, resolve_refs(session, wanted), anonymous=anonymous)
        out.emit(found, report.PositionRow, why=_why(session, "positions", wanted))


@command(app, "coverage")
def coverage(
    db: Db,
    wanted: Wanted,
    out: ToOutput,
    omissions: Annotated[
        bool,
        typer.Option(
            "--omissions", help="Only topics on record that no anonymous claim addresses."
        ),
    ] = False,
) -> None:
    """Show which topics each source of a principal addressed, on record and anonymously.

    One row per topic and source document; in table and markdown, which --limit and --offset cut by
    topics, one per topic with a column per source. Only a source that was coded in full is silent
    on a topic; else it is "not coded". With --omissions, one row per topic left unsaid, that has no
    topic below it. --principal is required.

    Examples:
      claimtrack report coverage --principal russia
      claimtrack report coverage --principal russia --topic war-aims --omissions
    """
    from dataclasses import replace

    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports import coverage as report

    if wanted.principal is None:
        raise Usage("--principal is missing: name the actor whose sources are compared")
    with db.reading(out) as session:
        known = resolve_refs(session, wanted)
        narrowed, principal = replace(known, principal=None), str(known.principal)
        if omissions:
            found = report.omissions(session, narrowed, principal=principal)
            out.emit(found, report.OmissionRow, why=_why(session, "omissions", wanted))
        elif out.format in (OutputFormat.TABLE, OutputFormat.MARKDOWN):
            whole = replace(narrowed, limit=None, offset=None)
            names, topics = report.matrix(report.coverage(session, whole, principal=principal))
            why = _why(session, "coverage", wanted)
            out.emit(topics[narrowed.offset or 0 :], names, most=out.most, why=why)
        else:
            rows = report.coverage(session, narrowed, principal=principal)
            out.emit(rows, report.CoverageRow, why=_why(session, "coverage", wanted))


@command(app, "windows")
def windows(
    db: Db,
    wanted: Wanted,
    out: ToOutput,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="FROM/TO",
            help="Test over this period whether dates gather in the windows.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show which claims and statements fall in which decision window, certainly or possibly.

    One row per entry and window, by window, then entry; certain when the entry lies inside the days
    known of the window. With --period, one row instead: the circular-shift test of whether they
    gather there.

    Examples:
      claimtrack report windows --topic ceasefire --affirming
      claimtrack report windows --topic ceasefire --period 2022-02-24/2024-05-24
    """
    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports import windows as report

    with db.reading(out) as session:
        if period is None:
            found = report.windows(session, resolve_refs(session, wanted))
            out.emit(found, report.WindowRow, why=_why(session, "windows", wanted))
        else:
            out.emit_one(
                record(report.clustering(session, resolve_refs(session, wanted), _period(period)))
            )


def _period(text: str) -> "tuple[date, date]":
    span = dates.parse_span(text, what="--period")
    if span.first is None or span.last is None:
        raise InvalidValue("--period", text, "a period with both ends, as in 2022-02-24/2024-05-24")
    return span.first, span.last


@command(app, "hypotheses")
def hypotheses(
    db: Db,
    wanted: Wanted,
    out: ToOutput,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PROPOSITION",
            help="The hypotheses, or one exclusive topic.",
            autocompletion=refs("proposition", "topic"),
            show_default=False,
        ),
    ] = None,
    *,
    sums: Annotated[
        bool,
        typer.Option("--sums", help="One row per hypothesis instead: what speaks against it."),
    ] = False,
) -> None:
    """Weigh the evidence against competing hypotheses.

    One row per entry, a column per hypothesis. II and I speak against a hypothesis, C and CC for
    it. The sums that close a table show what speaks against each, one number for each origin, with
    how many entries are rated and how much of the sum is inferred; they are no probability. Where
    fewer than two entries are rated there is no sum. Assessments judge the evidence and are none:
    they are counted and left out, unless --kind assessment asks for them. Where judges read an
    entry differently, the reading that speaks most against the hypothesis decides.

    Examples:
      claimtrack report hypotheses ceasefire-ready feigned
      claimtrack report hypotheses ceasefire-ready feigned --sums --format csv
      claimtrack report hypotheses ceasefire-ready feigned --kind assessment
      claimtrack report hypotheses war-aims --known-by 2024-01-26
    """
    from claimtrack.cli.layouts import matrix_of
    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports import hypotheses as report

    with db.reading(out) as session:
        known = resolve_refs(session, wanted)
        matrix = report.hypotheses(session, names or known.topics or known.propositions, known)
        if sums:
            out.emit(report.sums(session, matrix.hypotheses, known), report.SumRow)
        else:
            closing = partial(_closing, session, matrix.hypotheses, known)
            rows = (list(row.values()) for row in matrix.rows)
            columns = matrix_of(matrix.hypotheses)
            why = _why(session, "hypotheses", wanted)
            out.emit(rows, list(matrix.columns), closing=closing, layout=columns, why=why)
        left_out = report.count_left_out_assessments(session, matrix.hypotheses, known)
    if left_out:
        tell(f"{report.describe_left_out(left_out)}; '--kind assessment' asks for them")


def _closing(session: "Session", hypotheses: Sequence[str], wanted: "Filters") -> list[Any]:
    from claimtrack.reports.hypotheses import describe_sum, sums

    blank = [""] * 4
    against = map(describe_sum, sums(session, hypotheses, wanted))
    return ["inconsistency", *blank, *against, None]


@command(app, "corroboration")
def corroboration(db: Db, wanted: Wanted, out: ToOutput) -> None:
    """Show who affirms and who denies each proposition, from how many independent origins.

    Each side has its entries, its origins (at least, at most), its publishers, and its first and
    last known day, beyond which undated entries may lie; assessments judge and are counted apart.

    Examples:
      claimtrack report corroboration --topic ceasefire
    """
    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports import corroboration as report

    with db.reading(out) as session:
        rows = report.corroboration(session, resolve_refs(session, wanted), refs=out.names_refs)
        why = _why(session, "corroboration", wanted)
        out.emit(rows, report.JudgedRow if out.names_refs else report.CorroborationRow, why=why)


@command(app, "track-record")
def track_record(db: Db, wanted: Wanted, out: ToOutput) -> None:
    """Show how many resolved propositions each source got right and wrong.

    Its last word dated on or before the day of the resolution counts; who withdrew has no case.

    Examples:
      claimtrack report track-record
      claimtrack report track-record --known-by 2024-06-01
    """
    from claimtrack.query.filters import resolve_refs
    from claimtrack.reports import track_record as report

    with db.reading(out) as session:
        found = report.track_record(session, resolve_refs(session, wanted))
        out.emit(found, report.TrackRecordRow, why=_why(session, "track-record", wanted))
