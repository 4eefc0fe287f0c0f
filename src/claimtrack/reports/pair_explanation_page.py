"""The explanation of a pair (`explanation`), as a page of text and as a sheet for other formats."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from claimtrack import times
from claimtrack.escaping import format_cell, format_stance, format_value
from claimtrack.present.columns import Cell, Column, Layout, field_columns
from claimtrack.present.pages import Table, write_tables, write_title
from claimtrack.present.record_formats import Sheet
from claimtrack.present.row_values import column_names, row_object
from claimtrack.present.tables import draw_stacked
from claimtrack.reports.wording import describe_days

if TYPE_CHECKING:
    from claimtrack.query.display_values import EntrySummary
    from claimtrack.reports.pair_explanation import Explanation


def sheet_of(explained: "Explanation") -> Sheet:
    """Return an explanation as a sheet, with the grounds and links as sections."""
    return Sheet(
        title=_title(explained),
        columns=_columns(explained),
        fields=[(name, text) for name, text in _fields(explained) if text],
        sections={
            "Grounds": explained.grounds,
            "Figures": explained.figures,
            "Links": explained.links,
        },
    )


def write_page(stream: TextIO, explained: "Explanation", width: int) -> None:
    """Write an explanation as a page of `width` columns."""
    sheet = sheet_of(explained)
    write_title(stream, sheet.title, width)
    fields = dict(sheet.fields)
    draw_stacked(stream, field_columns(fields), [fields], width)
    tables = (
        Table(heading, columns, sheet.sections[heading])
        for heading, columns in _layouts(explained).items()
    )
    write_tables(stream, [table for table in tables if table.rows], width)


def _title(explained: "Explanation") -> str:
    pair = f"{explained.subject.ref} and {explained.counter.ref}"
    if explained.row is None or not explained.opposed:
        return f"{pair} do not oppose each other"
    return f"{pair}: {explained.row.klass}"


def _columns(explained: "Explanation") -> dict[str, Any]:
    """Return the columns of the contradictions report, and those of the explanation."""
    from claimtrack.reports.contradictions import ContradictionRow

    columns: dict[str, Any] = dict.fromkeys(column_names(ContradictionRow))
    for side, entry in (("subject", explained.subject), ("counter", explained.counter)):
        columns |= {f"{side}_{name}": value for name, value in entry._asdict().items()}
    if explained.row is not None:
        columns |= row_object(explained.row)
    reasons = ("opposed", "rule", "because", "status_rule", "timing_doubts", "times", "notes")
    return columns | {name: getattr(explained, name) for name in reasons}


def _fields(explained: "Explanation") -> Iterator[tuple[str, str]]:
    """Yield the labels and texts of the head of the page; empty texts are not shown."""
    row = explained.row
    yield "subject", _entry(explained.subject)
    yield "counter", _entry(explained.counter)
    if row is not None and explained.opposed:
        yield "class", f"{row.klass}: {explained.rule}"
        yield "because", "\n".join(explained.because)
        yield "timing", ": ".join(filter(None, (row.timing, ", ".join(explained.timing_doubts))))
        yield "status", f"{row.status}: {explained.status_rule}"
        yield "reconciled by", format_cell(row.reconciled_by)
        yield "strength", ", ".join(filter(None, (str(row.strength), row.basis)))
        yield "days", describe_days(row) or "not known"
    else:
        yield "because", "\n".join(explained.because)
    above = "\n".join([*explained.because, *explained.notes])
    yield "times", "" if explained.times in above else explained.times
    yield "note", "\n".join(explained.notes)


def _entry(entry: "EntrySummary") -> str:
    of = entry.actor if entry.actor == entry.principal else f"{entry.actor} ({entry.principal})"
    dated = times.format_row(entry) or "undated"
    return f"{entry.ref}, {entry.kind} of {of}, {dated}\n{entry.summary}"


def _layouts(explained: "Explanation") -> dict[str, Layout]:
    """Return the layouts of the tables below the head, by heading."""
    subject, counter = explained.subject.ref, explained.counter.ref
    return {
        "Grounds": (
            Column("ground", _ground),
            Column(f"{subject} (subject)", _stance("subject")),
            Column(f"{counter} (counter)", _stance("counter")),
        ),
        "Figures": (
            Column("measure", _measure),
            Column(f"{subject} (subject)", _figure("subject")),
            Column(f"{counter} (counter)", _figure("counter")),
        ),
        "Links": (
            Column("link", lambda row: Cell(text=f"{row.from_} {row.relation} {row.to}")),
            Column("judge", lambda row: Cell((row.asserted_by, f"strength {row.strength}"))),
            Column("why", lambda row: Cell(text=_published(row.rationale, row.document))),
        ),
    }


def _ground(row: Any) -> Cell:
    topic = [f"of {row.topic}"] if row.topic else []
    away = ["falls away"] if row.falls_away else []
    return Cell((row.via, *topic, f"strength {row.strength}", row.basis, *away))


def _stance(side: str) -> Callable[[Any], Cell]:
    """Return the cell of one of the two stances of a ground, as its judge reads it."""

    def cell(row: Any) -> Cell:
        def part(name: str) -> Any:
            return getattr(row, f"{side}_{name}")

        notes = {
            "hedge": part("hedge") and f'"{part("hedge")}"',
            "on condition": part("condition"),
            "likelihood": format_value(part("likelihood")),
            "confidence": format_value(part("confidence")),
            "why": part("rationale"),
            "read in": part("document"),
        }
        lines = [f"{part('proposition')}: {part('text')}"]
        lines += [f"{name}: {note}" for name, note in notes.items() if note]
        head = f"{format_stance(part('value'))} {format_value(part('basis'))}"
        return Cell((head, f"by {part('asserted_by')}"), "\n".join(lines))

    return cell


def _measure(row: Any) -> Cell:
    away = ["falls away"] if row.falls_away else []
    return Cell((row.measure, f"strength {row.strength}", row.basis, *away), row.text)


def _figure(side: str) -> Callable[[Any], Cell]:
    """Return the cell of one of the two figures of a ground, as its judge reads it."""

    def cell(row: Any) -> Cell:
        def part(name: str) -> Any:
            return getattr(row, f"{side}_{name}")

        notes = {
            "hedge": part("hedge") and f'"{part("hedge")}"',
            "on condition": part("condition"),
            "why": part("rationale"),
            "read in": part("document"),
        }
        lines = [f"{name}: {note}" for name, note in notes.items() if note]
        head = f"{part('number')} {row.unit} {format_value(part('basis'))}"
        return Cell((head, part("period"), f"by {part('asserted_by')}"), "\n".join(lines))

    return cell


def _published(rationale: str | None, document: str | None) -> str:
    return "\n".join(filter(None, (rationale, document and f"read in {document}")))
