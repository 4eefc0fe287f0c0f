"""Converts a record to a page (`present.pages`), with an item for each row of its sections."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from claimtrack import dates, times
from claimtrack.escaping import format_count, format_stance, format_value
from claimtrack.lookup.captures import CaptureRow
from claimtrack.lookup.layouts import LOG
from claimtrack.lookup.rows import (
    ActorRow,
    AssertedRow,
    BearingRow,
    DocumentRow,
    EntryRow,
    GivenFigureRow,
    LinkedRow,
    LinkRow,
    MeasureRow,
    NumberRow,
    PartRow,
    PropositionRow,
    Section,
    Shown,
    SideRow,
    StanceRow,
    TopicRow,
)
from claimtrack.number_ranges import format_range
from claimtrack.present.pages import Item, Listing, Page, Table
from claimtrack.present.record_formats import Sheet
from claimtrack.reports.citations import CitationRow
from claimtrack.reports.wording import describe_timing
from claimtrack.vocab import PairStatus

_FEWEST = {"Asserts": 4}
"""The least number of rows that a page shows of a section, where it is not the default."""


def page_of(shown: Shown) -> Page:
    """Return a record as a page: grades are fields of it, and its history is a table."""
    parts = {section.heading: section for section in shown.sections}
    grades, history = parts.pop("Grades", None), parts.pop("History", None)
    return Page(
        title=shown.title,
        fields=[
            *shown.fields,
            *(("graded", _graded(row)) for row in (grades.rows if grades else ())),
        ],
        listings=[_listing(section, shown.table) for section in parts.values()],
        tables=[Table(history.heading, LOG, history.rows)] if history else [],
    )


def sheet_of(shown: Shown) -> Sheet:
    """Return a record with all of its sections as a sheet, for JSON, CSV and Markdown."""
    found = {section.heading: section.rows for section in shown.sections}
    return Sheet(
        title=shown.title,
        columns={"table": shown.table, **shown.record},
        fields=shown.fields,
        sections={heading: found.get(heading, ()) for heading in shown.headings},
    )


def _listing(section: Section, table: str) -> Listing:
    heading, items = _items_of(section.rows, table, section.heading)
    fewest = _FEWEST.get(section.heading, Listing.fewest)
    return Listing(heading, items, section.total, section.command, fewest)


def _items_of(rows: Sequence[Any], table: str, heading: str) -> tuple[str, list[Item]]:
    """Return the heading of a section and its items.

    If all stances have one judge, the heading names the judge.
    """
    row_type = type(rows[0])
    if row_type is CitationRow:
        return heading, [
            _footnote(row) if table == "entry" else _cited(row, heading) for row in rows
        ]
    if row_type is not AssertedRow:
        return heading, list(map(_ITEMS[row_type], rows))
    judges = {row.asserted_by for row in rows}
    if len(judges) > 1:
        return heading, [_asserted(row, f" (by {row.asserted_by})") for row in rows]
    return f"{heading}, as {judges.pop()} reads it", [_asserted(row, "") for row in rows]


def _graded(row: Any) -> str:
    """Return a grade, its rater, the day and the reason."""
    grade = f"{format_value(row.reliability)}{format_value(row.credibility)}"
    why = f": {row.rationale}" if row.rationale else ""
    return f"{grade} by {row.graded_by}, {row.graded_on}{why}"


def _line(parts: Iterable[str | None]) -> str:
    return "; ".join(part for part in parts if part)


def _several(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _describe_author(row: Any) -> str:
    return ", ".join(_several((row.actor, times.format_row(row))))


def _words(row: Any) -> str:
    """Return how a stance was worded and judged, but not by whom."""
    notes = {
        "hedge": row.hedge and f'"{row.hedge}"',
        "if": row.condition,
        "likelihood": format_value(row.likelihood),
        "confidence": format_value(getattr(row, "confidence", None)),
        "why": getattr(row, "rationale", None),
    }
    return _line(f"{name}: {note}" for name, note in notes.items() if note)


def _asserted(row: Any, judge: str) -> Item:
    stance = f"{row.proposition}{judge}: {row.text}"
    texts = _several((stance, _words(row)))
    return Item(f"{format_stance(row.value)} {format_value(row.basis)}", texts, most=2)


def _number(row: Any) -> Item:
    notes = {"hedge": row.hedge and f'"{row.hedge}"', "if": row.condition, "why": row.rationale}
    words = _line(f"{name}: {note}" for name, note in notes.items() if note)
    figure = f"{row.measure} (by {row.asserted_by}): {row.text}"
    number = f"{format_range(row.low, row.high)} {row.unit}"
    return Item(f"{number} {format_value(row.basis)}", _several((figure, words)), most=2)


def _figure(row: Any) -> Item:
    notes = {"hedge": row.hedge and f'"{row.hedge}"', "if": row.condition, "why": row.rationale}
    words = _line(f"{name}: {note}" for name, note in notes.items() if note)
    number = f"{format_range(row.low, row.high)} {row.unit} {format_value(row.basis)}"
    return Item(row.entry, (_line((f"{number} ({row.measure}), by {row.asserted_by}", words)),))


def _measure(row: Any) -> Item:
    count = format_count(row.entries, "figure")
    kind = f"{format_value(row.kind)} of {row.unit}, {count}"
    return Item(row.ref, (f"{kind}: {row.text}",))


def _bearing(row: Any) -> Item:
    unsettled = row.status if row.status != PairStatus.DERIVED else None
    strength = ", ".join(_several((f"strength {row.strength}", row.basis)))
    doubt = describe_timing(row.how, row.timing, row.days)
    conditions = [f"if: {condition}" for condition in row.conditions]
    relation = ", ".join(_several((row.how, unsettled)))
    on = ", ".join((*row.propositions, *row.measures))
    judged = _line([relation, strength, doubt, *conditions, _describe_author(row), on])
    by = f"by {', '.join(row.asserted_by)}"
    return Item(row.ref, (judged, row.summary, by, *row.links), most=2, summarises=row.ref)


def _linked(row: Any) -> Item:
    why = f"why: {row.rationale}" if row.rationale else ""
    name = f"{row.how} {row.ref} ({row.strength}, {row.asserted_by})"
    return Item(name, _several((row.summary, why)), repeats=row.ref)


def _footnote(row: Any) -> Item:
    note = " ".join(_several((row.via and f"via {row.via}", row.label)))
    published = dates.format_published(row.published_from, row.published_to)
    source = ", ".join(_several((row.publisher, published)))
    role = " ".join(_several((format_value(row.role), format_value(row.wording))))
    quoted = f"“{row.exact.strip('“”')}”" if row.exact else ""
    texts = _several((_line((role, source, note, row.url)), quoted))
    return Item(row.document_ref, texts, most=2)


def _cited(row: Any, heading: str) -> Item:
    footnote = _footnote(row)
    if heading == "Cited for":
        details = _line((format_value(row.role), format_value(row.wording), row.label))
        return Item(row.entry_ref, (details, *footnote.texts[1:]), most=2)
    found = f"{format_value(row.role)} of {row.entry_ref}"
    return Item(row.document_ref, (_line((row.label, found, row.publisher, row.url)),))


def _proposition(row: Any) -> Item:
    sides = f"{row.affirmed_by} for, {row.denied_by} against"
    resolved = None if row.truth is None else f"{format_value(row.truth)} on {row.resolved_on}"
    return Item(row.ref, (f"{_line((resolved, sides))}: {row.text}",))


def _actor(row: Any) -> Item:
    return Item(row.ref, (f"{row.name} ({format_value(row.kind)})",))


def _entry(row: Any) -> Item:
    dated = times.format_row(row) or "undated"
    entry = f"{format_value(row.kind)}, {dated}: {row.summary}"
    return Item(row.ref, _several((entry, ", ".join((*row.propositions, *row.figures)))))


def _document(row: Any) -> Item:
    published = dates.format_published(row.published_from, row.published_to)
    return Item(row.ref, (_line((published, row.title, row.url)),))


def _topic(row: Any) -> Item:
    return Item(row.ref, (row.name,))


def _part(row: Any) -> Item:
    name = f"{format_value(row.role).replace('_', '-')} of {row.ref}"
    return Item(name, (f"{format_value(row.kind)} of {row.actor}: {row.summary}",))


def _side(row: Any) -> Item:
    author = f"{format_value(row.kind)} of {_describe_author(row)}"
    judged = _line((author, f"{format_value(row.basis)}, by {row.asserted_by}", _words(row)))
    return Item(f"{format_stance(row.value)} {row.entry}", (judged, row.summary), most=2)


def _stance(row: Any) -> Item:
    reading = f"{format_stance(row.value)} {format_value(row.basis)}"
    stance = f"{reading} on {row.proposition}, by {row.asserted_by}"
    return Item(row.entry, (_line((stance, _words(row))),))


def _link(row: Any) -> Item:
    judged = f"strength {row.strength}, by {row.asserted_by}"
    return Item(f"{row.from_} {row.relation} {row.to}", (_line((judged, row.rationale)),))


def _capture(row: Any) -> Item:
    size = f"{row.media_type}, {row.size:,} bytes"
    return Item(row.sha256[:12], (f"{size}; retrieved {row.retrieved_at} by {row.retrieved_by}",))


_ITEMS: Mapping[type, Callable[[Any], Item]] = {
    ActorRow: _actor,
    BearingRow: _bearing,
    CaptureRow: _capture,
    DocumentRow: _document,
    EntryRow: _entry,
    GivenFigureRow: _figure,
    LinkRow: _link,
    LinkedRow: _linked,
    MeasureRow: _measure,
    NumberRow: _number,
    PartRow: _part,
    PropositionRow: _proposition,
    SideRow: _side,
    StanceRow: _stance,
    TopicRow: _topic,
}
"""Makes an item of a row, by row class; `_items_of` makes those of citations and stances."""
