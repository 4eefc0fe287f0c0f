"""report: one command for each line of `reports.REPORTS`.

The rows of a report are written one by one unless `_PRESENTERS` has another function for it.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtrack.cli.filter_options import argument, option_group
from claimtrack.cli.filters import EntryFilters, filters_of
from claimtrack.cli.options import Db, Target, command, new_app, print_message
from claimtrack.cli.output_options import ToOutput, ToOutputWhole
from claimtrack.cli.row_output import Out
from claimtrack.present.row_values import row_object
from claimtrack.query.options import LIMIT, read_options
from claimtrack.reports import REPORTS, Report
from claimtrack.vocab import OutputFormat

if TYPE_CHECKING:
    from claimtrack.db import Session
    from claimtrack.query.filters import Filters

app = new_app()


def group(_name: str) -> typer.Typer:
    """Return the reports."""
    return app


@dataclass(frozen=True)
class _Request:
    """A report with the values of its options.

    Attributes:
        session: The session.
        report: The report.
        filters: The filters that it shares with other reports.
        own: The values of its own filters, by field.
        arguments: The values of all other arguments and options of the report, by field.
        out: The output.
    """

    session: "Session"
    report: Report
    filters: "Filters"
    own: Mapping[str, Any]
    arguments: Mapping[str, Any]
    out: Out

    def resolve_refs(self) -> "Filters":
        """Return the shared filters, with every name in them resolved to a ref."""
        from claimtrack.query.filters import resolve_refs

        return resolve_refs(self.session, self.filters)

    def why(self) -> str:
        """Return the sentence that explains why there are no rows."""
        from claimtrack.reports.empty_reports import explain_empty_report
        from claimtrack.reports.running import narrows

        narrowed = narrows(self.report, self.own)
        return explain_empty_report(self.session, self.report.name, self.filters, narrowed=narrowed)


def declare(report: Report) -> None:
    """Add the command of a report."""

    def run(
        db: Target, filters: "Filters", own: dict[str, Any], out: Out, **arguments: Any
    ) -> None:
        options = [*report.arguments, *_added(report)]
        values = read_options(options, arguments)
        variants = (one for one in report.variants if one.option and values.get(one.option.field))
        with db.reading(out) as session:
            request = _Request(session, next(variants, report), filters, own, values, out)
            _PRESENTERS.get(request.report.name, _emit_rows)(request)

    vars(run)["__signature__"] = inspect.Signature(list(_parameters(report)))
    command(app, report.name, about=report.help)(run)


def _added(report: Report) -> list[Any]:
    """Return the options that come after those of the output."""
    return [*report.shown_by, *(one.option for one in report.variants)]


def _parameters(report: Report) -> Iterator[inspect.Parameter]:
    """Yield the parameters of a report's command, in the order of its help."""
    is_paged = LIMIT in report.shared
    groups = {
        "db": Db,
        "filters": EntryFilters
        if is_paged
        else Annotated[Any, option_group(report.shared, filters_of)],
        "own": Annotated[Any, option_group(report.filters, dict)],
        "out": ToOutput if is_paged else ToOutputWhole,
    }
    for name, annotation in groups.items():
        yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
    yield from map(argument, report.arguments)
    yield from option_group(_added(report), dict).parameters().values()


def _emit_rows(request: _Request) -> None:
    """Write the rows one by one."""
    from claimtrack.reports.running import row_type, run_report

    refs = request.out.names_refs
    rows = run_report(request.session, request.report, request.filters, request.own, refs=refs)
    request.out.emit(rows, row_type(request.report, refs=refs), why=request.why)


def _emit_contradictions(request: _Request) -> None:
    from claimtrack.cli.contradiction_output import Question, emit_contradictions
    from claimtrack.query.filters import checked_values
    from claimtrack.query.pair_filters import PairFilters

    pairs = PairFilters(**checked_values(request.session, request.report.filters, request.own))
    question = Question(request.session, request.resolve_refs(), pairs)
    emit_contradictions(request.out, question, request.arguments.get("group_by"))


def _emit_pair(request: _Request) -> None:
    from claimtrack.cli.contradiction_output import emit_explanation
    from claimtrack.reports.pair_explanation import explain

    one, other = (request.arguments[option.field] for option in request.report.arguments)
    emit_explanation(request.out, explain(request.session, one, other, request.resolve_refs()))


def _emit_coverage(request: _Request) -> None:
    """Write the coverage; tables and Markdown have a row for each topic, a column for each source.

    The limit counts topics there.
    """
    from claimtrack.reports.coverage import matrix
    from claimtrack.reports.running import run_report

    out = request.out
    if out.format not in (OutputFormat.TABLE, OutputFormat.MARKDOWN):
        _emit_rows(request)
        return
    whole = replace(request.filters, limit=None, offset=None)
    names, topics = matrix(run_report(request.session, request.report, whole, request.own))
    out.emit(topics[request.filters.offset or 0 :], names, most=out.most, why=request.why)


def _emit_clustering(request: _Request) -> None:
    from claimtrack.reports.windows import clustering

    request.out.emit_one(
        row_object(clustering(request.session, request.resolve_refs(), request.arguments["period"]))
    )


def _emit_hypotheses(request: _Request) -> None:
    """Write the matrix, in tables and Markdown with the sums as its last row; or the sums alone."""
    from claimtrack.reports import hypotheses as report

    session, out, filters = request.session, request.out, request.resolve_refs()
    names = request.arguments.get("names") or filters.topics or filters.propositions
    matrix = report.hypotheses(session, names, filters)
    if request.arguments.get("sums"):
        out.emit(report.sums(session, matrix.hypotheses, filters), report.SumRow)
    else:
        closing = partial(_closing, session, matrix.hypotheses, filters)
        rows = (list(row.values()) for row in matrix.rows)
        out.emit(rows, list(matrix.columns), closing=closing, layout=matrix.layout, why=request.why)
    left_out = report.count_left_out_assessments(session, matrix.hypotheses, filters)
    if left_out:
        print_message(f"{report.describe_left_out(left_out)}; '--kind assessment' asks for them")


def _closing(session: "Session", hypotheses: tuple[str, ...], filters: "Filters") -> list[Any]:
    from claimtrack.reports.hypotheses import describe_sum, sums

    blank = [""] * 4
    against = map(describe_sum, sums(session, hypotheses, filters))
    return ["inconsistency", *blank, *against, None]


_PRESENTERS: dict[str, Callable[[_Request], None]] = {
    "contradictions": _emit_contradictions,
    "pair": _emit_pair,
    "coverage": _emit_coverage,
    "clustering": _emit_clustering,
    "hypotheses": _emit_hypotheses,
    "hypothesis-sums": _emit_hypotheses,
}
"""The functions that write reports in another way than row by row, by name."""

for _report in REPORTS:
    if not _report.option_of:
        declare(_report)
