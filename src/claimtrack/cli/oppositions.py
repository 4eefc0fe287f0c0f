"""Contradictions as tables and Markdown show them: pair by pair, by subject, or by proposition."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from claimtrack import dates
from claimtrack.cli.options import tell
from claimtrack.cli.output import opened, refuse_unwritable
from claimtrack.cli.render import MOST_COUNTED, Out, describe_count, write_markdown
from claimtrack.cli.table import Cell, Column, RowGroup, draw_groups
from claimtrack.errors import Usage
from claimtrack.escaping import marked_down, signed, spelled
from claimtrack.query.options import TABLE_ROWS
from claimtrack.query.pair_judgements import Judgement, get_judgements
from claimtrack.reports.contradictions import (
    ContradictionRow,
    Contradictions,
    PairReport,
    contradictions,
)
from claimtrack.reports.wording import (
    describe_days,
    describe_status,
    describe_timing,
    has_reconciling_judge,
    join_words,
)
from claimtrack.sql import batches
from claimtrack.vocab import GroupBy, OutputFormat, PairStatus

if TYPE_CHECKING:
    from claimtrack.db import Session
    from claimtrack.query.filters import Filters
    from claimtrack.query.pair_filters import PairFilters
    from claimtrack.reports.grouping import Reading
    from claimtrack.weigh.classification import Pair


class Question(NamedTuple):
    """Which contradictions are wanted, and where they are read."""

    session: "Session"
    wanted: "Filters"
    pairs: "PairFilters"


def emit_contradictions(out: Out, question: Question, group_by: GroupBy | None = None) -> None:
    """Write the contradictions, one row for each pair, or grouped.

    Raises:
        Usage: they are to be grouped, in a format or an order that has no groups.
    """
    if group_by is not None:
        _refuse_what_has_no_groups(out, question.wanted)
        _emit_groups(out, question, group_by)
        return
    rows, why = contradictions(*question), partial(_why_empty, question)
    if out.format is OutputFormat.TABLE:
        out.emit(_JudgedRows(question, rows), ContradictionRow, layout=_PAIR, why=why)
    else:
        out.emit(rows, ContradictionRow, why=why)


def _why_empty(question: Question) -> str:
    # Imported where it is needed, which is seldom: start-up is part of the interface.
    from claimtrack.query.pair_filters import PairFilters
    from claimtrack.reports.empty_reports import explain_empty_report

    narrowed = replace(question.pairs, include_reconciled=False) != PairFilters()
    return explain_empty_report(
        question.session, "contradictions", question.wanted, narrowed=narrowed
    )


def _refuse_what_has_no_groups(out: Out, wanted: "Filters") -> None:
    if out.format not in (OutputFormat.TABLE, OutputFormat.MARKDOWN):
        raise Usage(
            f"--group-by is for --format table and markdown: {out.format} has one row for each pair"
        )
    if wanted.sort:
        raise Usage("--group-by has an order of its own: leave out --sort")


# --- pairs ----------------------------------------------------------------------------------------


class _Judged(NamedTuple):
    """A pair, and who contradicts and who reconciles it where judges reconcile it at all."""

    row: ContradictionRow
    judgements: Sequence[Judgement] = ()


class _JudgedRows(Iterator[_Judged]):
    """The pairs of the report with who judged them, of which a table asks for the first."""

    def __init__(self, question: Question, rows: Contradictions) -> None:
        self._question, self._rows = question, rows
        self._all = _judged(question, rows)

    def __next__(self) -> _Judged:
        return next(self._all)

    def first(self, count: int) -> list[_Judged]:
        """Return so many pairs at most."""
        return list(_judged(self._question, self._rows.first(count)))

    def count(self, most: int) -> int:
        """Return how many pairs there are, or `most` where there are more."""
        return self._rows.count(most)


def _judged(question: Question, rows: Iterable[ContradictionRow]) -> Iterator[_Judged]:
    """Yield rows with who judged them; at most one statement for each 500."""
    for some in batches(iter(rows)):
        refs = [(row.subject_ref, row.counter_ref) for row in some if has_reconciling_judge(row)]
        found = get_judgements(question.session, question.wanted, refs)
        for row in some:
            yield _Judged(row, found.get((row.subject_ref, row.counter_ref), ()))


def _entry(side: str) -> Callable[[Any], Cell]:
    """Return the cell of one entry of a pair: ref, kind, whose it is, its date, its summary."""

    def cell(judged: Any) -> Cell:
        def part(name: str) -> Any:
            return getattr(judged.row, f"{side}_{name}")

        of = [f"of {part('principal')}"] if part("principal") != part("actor") else []
        dated = filter(None, [dates.format_span(part("date_from"), part("date_to"))])
        head = (part("ref"), f"{spelled(part('kind'))}, {part('actor')}", *of, *dated)
        return Cell(head, part("summary"))

    return cell


def _how(judged: Any) -> Cell:
    """Return how two entries contradict each other, on what, who says so, and on what it hangs."""
    row = judged.row
    strength = f"strength {row.strength}" + (f", {spelled(row.basis)}" if row.basis else "")
    lines = [
        row.klass or "not opposed",
        describe_timing(row.klass, row.timing, row.days),
        strength if row.strength else "",
        describe_days(row),
        *row.propositions,
        *(f"by {judge}" for judge in row.asserted_by),
    ]
    texts = [f"if: {condition}" for condition in row.conditions]
    if row.status != PairStatus.DERIVED:
        texts.append(describe_status(row, judged.judgements))
    return Cell(tuple(filter(None, lines)), "\n".join(texts))


_HOW = Column("how, and on what", _how)
_PAIR = [Column("subject", _entry("subject")), Column("counter", _entry("counter")), _HOW]
_OPPONENTS = [Column("against it", _entry("counter")), _HOW]


# --- groups ---------------------------------------------------------------------------------------


class _Group(NamedTuple):
    """A group: its title, a line below it, its columns, and its parts as they come.

    A part has a line above its rows, which may be empty.
    """

    title: str
    summary: str
    columns: Sequence[Column]
    parts: Iterable[tuple[str, Iterable[Any]]]


def _emit_groups(out: Out, question: Question, group_by: GroupBy) -> None:
    """Write the pairs that are wanted in groups; a table counts those that it leaves out."""
    refuse_unwritable(out.output)
    report = PairReport(*question)
    groups = _by_subject if group_by is GroupBy.SUBJECT else _by_proposition
    found = report.found(page=out.format is OutputFormat.TABLE)
    if out.format is OutputFormat.MARKDOWN:
        first = list(islice(found, 1))  # what is wrong with the question shows before any output
        with opened(out.output) as stream:
            for group in groups(question, report, chain(first, found)):
                _write_group(stream, group)
        if not first and out.limit != 0:
            tell(f"0 pairs: {_why_empty(question)}")
        return
    most = TABLE_ROWS if out.limit is None else out.limit
    shown = list(islice(found, most))
    others = islice(found, max(most, MOST_COUNTED) + 1 - len(shown))
    there = len(shown) + sum(1 for _ in others)
    with opened(out.output) as stream:
        _draw(stream, groups(question, report, shown))
    count = describe_count(len(shown), there, "pair", "--format markdown")
    tell(count if there else f"{count}: {_why_empty(question)}")


def _by_subject(
    question: Question, report: PairReport, found: "Iterable[Pair]"
) -> Iterator[_Group]:
    from claimtrack.reports.grouping import by_subject

    for first, rows in by_subject(report.rows(found)):
        of = f", of {first.subject_principal}"
        of = of if first.subject_principal != first.subject_actor else ""
        dated = dates.format_span(first.subject_date_from, first.subject_date_to) or "undated"
        by = f"{first.subject_kind} by {first.subject_actor}{of}, {dated}"
        title = f"{first.subject_ref}: {first.subject_summary}"
        yield _Group(title, by, _OPPONENTS, [("", _judged(question, rows))])


def _by_proposition(
    question: Question, report: PairReport, found: "Iterable[Pair]"
) -> Iterator[_Group]:
    # Imported for groups alone, as most ask for none: start-up is part of the interface.
    from claimtrack.lookup import names_of
    from claimtrack.reports.contested_propositions import (
        ContestedProposition,
        contested_propositions,
        describe_pairs,
        describe_side,
    )

    for one in contested_propositions(report, found):
        if isinstance(one, ContestedProposition):
            text = names_of(question.session, "proposition", [one.ref])[one.ref]
            sides = ((f"{describe_side(side)}:", side.voices) for side in one.sides)
            yield _Group(f"{one.ref}: {text}", describe_pairs(one), _VOICES, sides)
        else:
            summary = "What judges linked or reconciled without a proposition."
            yield _Group("On no proposition", summary, _PAIR, [("", _judged(question, one.rows))])


def _who(voice: Any) -> Cell:
    of = [one for one in voice.principals if one != voice.actor]
    return Cell(text=voice.actor + (f", of {join_words(of)}" if of else ""))


def _stands(voice: Any) -> Cell:
    named = [
        f"{one.kind} {one.ref} {', '.join(map(_reading, one.readings))}"
        + (f", also of {join_words(one.others)}" if one.others else "")
        for one in voice.entries
    ]
    more = [f"and {voice.more:,} more"] if voice.more else []
    return Cell(text="; ".join([*named, *more]))


def _dated(voice: Any) -> Cell:
    from claimtrack.reports.contested_propositions import describe_voice

    return Cell((describe_voice(voice),))


def _reading(one: "Reading") -> str:
    return signed(one.value) + (f" ({', '.join(one.notes)})" if one.notes else "")


_VOICES = [
    Column("voice", _who),
    Column("first and last day", _dated),
    Column("entries", _stands),
]


def _draw(stream: TextIO, groups: Iterator[_Group]) -> None:
    """Write groups as tables, those with the same columns in columns of the same width."""
    drawn: list[tuple[Sequence[Column], list[RowGroup]]] = []
    for group in groups:
        if not drawn or drawn[-1][0] is not group.columns:
            drawn.append((group.columns, []))
        heading: tuple[str, ...] = (group.title, group.summary)
        for part, rows in group.parts:
            drawn[-1][1].append(RowGroup(heading, part, list(rows)))
            heading = ()
    for number, (columns, alike) in enumerate(drawn):
        stream.write("\n" if number else "")
        draw_groups(stream, columns, alike, spaced=columns is not _VOICES)


def _write_group(stream: TextIO, group: _Group) -> None:
    """Write a group as Markdown: a heading, and tables whose cells have lines below each other."""
    stream.write(f"### {marked_down(group.title)}\n\n{marked_down(group.summary)}\n\n")
    names = [column.heading for column in group.columns]
    for part, rows in group.parts:
        stream.write(f"**{marked_down(part)}**\n\n" if part else "")
        cells = ([_lines(column.cell(row)) for column in group.columns] for row in rows)
        write_markdown(stream, names, cells)
        stream.write("\n")


def _lines(cell: Cell) -> str:
    return "\n".join([*cell.whole, *([cell.text] if cell.text else [])])
