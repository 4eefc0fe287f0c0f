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
from claimtrack.cli.filters import Wanted, filters_of
from claimtrack.cli.options import Db, Target, command, new_app, tell
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
class _Asked:
    """A report with the values of its options.

    Attributes:
        session: The session.
        report: The report.
        wanted: The filters that it shares with other reports.
        own: The values of its own filters, by field.
        chosen: The values of all other arguments and options of the report, by field.
        out: The output.
    """

    session: "Session"
    report: Report
    wanted: "Filters"
    own: Mapping[str, Any]
    chosen: Mapping[str, Any]
    out: Out

    def resolve_refs(self) -> "Filters":
        """Return the shared filters, with every name in them resolved to a ref."""
        from claimtrack.query.filters import resolve_refs

        return resolve_refs(self.session, self.wanted)

    def why(self) -> str:
        """Return the sentence that explains why there are no rows."""
        from claimtrack.reports.empty_reports import explain_empty_report
        from claimtrack.reports.running import narrows

        narrowed = narrows(self.report, self.own)
        return explain_empty_report(self.session, self.report.name, self.wanted, narrowed=narrowed)


def declare(report: Report) -> None:
    """Add the command of a report."""

    def run(db: Target, wanted: "Filters", own: dict[str, Any], out: Out, **chosen: Any) -> None:
        options = [*report.arguments, *_added(report)]
        values = read_options(options, chosen)
        variants = (one for one in report.variants if one.option and values.get(one.option.field))
        with db.reading(out) as session:
            asked = _Asked(session, next(variants, report), wanted, own, values, out)
            _PRESENTERS.get(asked.report.name, _emit_rows)(asked)

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
        "wanted": Wanted if is_paged else Annotated[Any, option_group(report.shared, filters_of)],
        "own": Annotated[Any, option_group(report.filters, dict)],
        "out": ToOutput if is_paged else ToOutputWhole,
    }
    for name, annotation in groups.items():
        yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
    yield from map(argument, report.arguments)
    yield from option_group(_added(report), dict).parameters().values()


def _emit_rows(asked: _Asked) -> None:
    """Write the rows one by one."""
    from claimtrack.reports.running import ask, row_type

    refs = asked.out.names_refs
    rows = ask(asked.session, asked.report, asked.wanted, asked.own, refs=refs)
    asked.out.emit(rows, row_type(asked.report, refs=refs), why=asked.why)


def _emit_contradictions(asked: _Asked) -> None:
    from claimtrack.cli.contradiction_output import Question, emit_contradictions
    from claimtrack.query.filters import checked_values
    from claimtrack.query.pair_filters import PairFilters

    pairs = PairFilters(**checked_values(asked.session, asked.report.filters, asked.own))
    question = Question(asked.session, asked.resolve_refs(), pairs)
    emit_contradictions(asked.out, question, asked.chosen.get("group_by"))


def _emit_pair(asked: _Asked) -> None:
    from claimtrack.cli.contradiction_output import emit_explanation
    from claimtrack.reports.pair_explanation import explain

    one, other = (asked.chosen[option.field] for option in asked.report.arguments)
    emit_explanation(asked.out, explain(asked.session, one, other, asked.resolve_refs()))


def _emit_coverage(asked: _Asked) -> None:
    """Write the coverage; tables and Markdown have a row for each topic, a column for each source.

    The limit counts topics there.
    """
    from claimtrack.reports.coverage import matrix
    from claimtrack.reports.running import ask

    out = asked.out
    if out.format not in (OutputFormat.TABLE, OutputFormat.MARKDOWN):
        _emit_rows(asked)
        return
    whole = replace(asked.wanted, limit=None, offset=None)
    names, topics = matrix(ask(asked.session, asked.report, whole, asked.own))
    out.emit(topics[asked.wanted.offset or 0 :], names, most=out.most, why=asked.why)


def _emit_clustering(asked: _Asked) -> None:
    from claimtrack.reports.windows import clustering

    asked.out.emit_one(
        row_object(clustering(asked.session, asked.resolve_refs(), asked.chosen["period"]))
    )


def _emit_hypotheses(asked: _Asked) -> None:
    """Write the matrix, in tables and Markdown with the sums as its last row; or the sums alone."""
    from claimtrack.reports import hypotheses as report

    session, out, known = asked.session, asked.out, asked.resolve_refs()
    names = asked.chosen.get("names") or known.topics or known.propositions
    matrix = report.hypotheses(session, names, known)
    if asked.chosen.get("sums"):
        out.emit(report.sums(session, matrix.hypotheses, known), report.SumRow)
    else:
        closing = partial(_closing, session, matrix.hypotheses, known)
        rows = (list(row.values()) for row in matrix.rows)
        out.emit(rows, list(matrix.columns), closing=closing, layout=matrix.layout, why=asked.why)
    left_out = report.count_left_out_assessments(session, matrix.hypotheses, known)
    if left_out:
        tell(f"{report.describe_left_out(left_out)}; '--kind assessment' asks for them")


def _closing(session: "Session", hypotheses: tuple[str, ...], wanted: "Filters") -> list[Any]:
    from claimtrack.reports.hypotheses import describe_sum, sums

    blank = [""] * 4
    against = map(describe_sum, sums(session, hypotheses, wanted))
    return ["inconsistency", *blank, *against, None]


_PRESENTERS: dict[str, Callable[[_Asked], None]] = {
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
