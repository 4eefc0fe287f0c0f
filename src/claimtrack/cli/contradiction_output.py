"""Writes contradictions, pair by pair or in groups, and why two entries oppose each other."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from claimtrack.cli.options import print_message
from claimtrack.cli.output_streams import opened, refuse_unwritable
from claimtrack.cli.row_output import Out
from claimtrack.errors import Usage
from claimtrack.query.options import TABLE_ROWS
from claimtrack.vocab import GroupBy, OutputFormat

if TYPE_CHECKING:
    from claimtrack.db import Session
    from claimtrack.present.groups import Group
    from claimtrack.query.filters import Filters
    from claimtrack.query.pair_filters import PairFilters
    from claimtrack.reports.contradictions import PairReport
    from claimtrack.reports.pair_explanation import Explanation
    from claimtrack.weigh.classification import Pair


class Question(NamedTuple):
    """A session and the filters of the contradictions report."""

    session: "Session"
    filters: "Filters"
    pairs: "PairFilters"


def emit_contradictions(out: Out, question: Question, group_by: GroupBy | None = None) -> None:
    """Write the contradictions, one row for each pair, or grouped.

    Raises:
        Usage: `group_by` is set, but the format or the order does not allow groups.
    """
    from claimtrack.reports.contradictions import ContradictionRow, contradictions

    if group_by is not None:
        _refuse_what_has_no_groups(out, question.filters)
        _emit_groups(out, question, group_by)
        return
    rows, why = contradictions(*question), partial(_why_empty, question)
    if out.format is OutputFormat.TABLE:
        from claimtrack.reports.pair_table import JudgedPair, JudgedPairs

        out.emit(JudgedPairs(question.session, question.filters, rows), JudgedPair, why=why)
    else:
        out.emit(rows, ContradictionRow, why=why)


def emit_explanation(out: Out, explained: "Explanation") -> None:
    """Write why two entries oppose each other, or why they do not."""
    from claimtrack.reports.pair_explanation_page import sheet_of, write_page

    out.emit_sheet(sheet_of(explained), lambda stream, width: write_page(stream, explained, width))


def _why_empty(question: Question) -> str:
    # Imported where it is needed, which is seldom: start-up is part of the interface.
    from claimtrack.query.pair_filters import PairFilters
    from claimtrack.reports.empty_reports import explain_empty_report

    narrowed = replace(question.pairs, include_reconciled=False) != PairFilters()
    return explain_empty_report(
        question.session, "contradictions", question.filters, narrowed=narrowed
    )


def _refuse_what_has_no_groups(out: Out, filters: "Filters") -> None:
    if out.format not in (OutputFormat.TABLE, OutputFormat.MARKDOWN):
        raise Usage(
            f"--group-by is for --format table and markdown: {out.format} has one row for each pair"
        )
    if filters.sort:
        raise Usage("--group-by has an order of its own: leave out --sort")


def _emit_groups(out: Out, question: Question, group_by: GroupBy) -> None:
    """Write the pairs in groups; below a table is the number of pairs that are not shown."""
    from claimtrack.reports.contradictions import PairReport

    refuse_unwritable(out.output)
    report = PairReport(*question)
    found = report.found(page=out.format is OutputFormat.TABLE)
    if out.format is OutputFormat.MARKDOWN:
        _write_markdown(out, question, group_by, report, found)
    else:
        _draw(out, question, group_by, report, found)


def _write_markdown(
    out: Out, question: Question, group_by: GroupBy, report: "PairReport", found: "Iterator[Pair]"
) -> None:
    from claimtrack.present.groups import write_markdown_groups

    first = list(islice(found, 1))  # what is wrong with the question shows before any output
    with opened(out.output) as stream:
        write_markdown_groups(stream, _groups(question, group_by, report, chain(first, found)))
    if not first and out.limit != 0:
        print_message(f"0 pairs: {_why_empty(question)}")


def _draw(
    out: Out, question: Question, group_by: GroupBy, report: "PairReport", found: "Iterator[Pair]"
) -> None:
    from claimtrack.cli.terminal import terminal_width
    from claimtrack.present.groups import draw_in_groups
    from claimtrack.present.row_counts import describe_count, first_rows

    shown, total = first_rows(found, TABLE_ROWS if out.limit is None else out.limit)
    with opened(out.output) as stream:
        groups = _groups(question, group_by, report, shown)
        draw_in_groups(stream, groups, terminal_width())
    count = describe_count(len(shown), total, "pair", "--format markdown")
    print_message(count if total else f"{count}: {_why_empty(question)}")


def _groups(
    question: Question, group_by: GroupBy, report: "PairReport", found: "Iterable[Pair]"
) -> "Iterator[Group]":
    from claimtrack.lookup import names_of
    from claimtrack.reports.contradiction_groups import groups_by_proposition, groups_by_subject

    session, filters = question.session, question.filters
    if group_by is GroupBy.SUBJECT:
        return groups_by_subject(session, filters, report.rows(found))

    def text_of(ref: str) -> str:
        return names_of(session, "proposition", [ref])[ref]

    return groups_by_proposition(session, filters, report, found, text_of)
