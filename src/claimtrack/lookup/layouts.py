"""The layouts of lists whose tables have fewer columns than their rows have fields."""

import re
from typing import Any

from claimtrack.escaping import format_stance, format_value
from claimtrack.number_ranges import format_range
from claimtrack.present.columns import (
    Cell,
    Column,
    Layout,
    entry_cell,
    line_of,
    prose_cell,
    whole_cell,
)
from claimtrack.present.layouts import text_of


def _actor(row: Any) -> Cell:
    of = [f"of {row.parent}"] if row.parent else []
    return Cell((row.ref, format_value(row.kind), *of))


def _names(row: Any) -> Cell:
    described = row.described_as and f'"{row.described_as}" ({format_value(row.access)})'
    also = "; ".join(row.aliases)
    parts = (row.name, also and f"also {also}", described, row.protected and "protected")
    return Cell(text="\n".join(part for part in parts if part))


ACTOR: Layout = (Column("actor", _actor), Column("names", _names))

ENTRY: Layout = (
    Column("entry", entry_cell),
    Column("summary", prose_cell("summary")),
    Column("stances and figures", lambda row: Cell((*row.propositions, *row.figures))),
)


def _sides(row: Any) -> Cell:
    turned_out = "" if row.truth is None else f"{format_value(row.truth)} on {row.resolved_on}"
    return Cell((f"{row.affirmed_by} for", f"{row.denied_by} against", *line_of(turned_out)))


PROPOSITION: Layout = (
    Column("proposition", whole_cell("ref", "topic")),
    Column("text", prose_cell("text")),
    Column("entries", _sides),
)


def _stance(row: Any) -> Cell:
    read = f"{format_stance(row.value)} {format_value(row.basis)}"
    return Cell((row.proposition, read, f"by {row.asserted_by}"))


def _reading(row: Any) -> Cell:
    """Return how a stance was worded and judged."""
    notes = {
        "hedge": row.hedge and f'"{row.hedge}"',
        "on condition": row.condition,
        "likelihood": format_value(row.likelihood),
        "confidence": format_value(row.confidence),
        "why": row.rationale,
    }
    return Cell(text="\n".join(f"{name}: {note}" for name, note in notes.items() if note))


STANCE: Layout = (
    Column("entry", whole_cell("entry")),
    Column("stance", _stance),
    Column("reading", _reading),
)


def _figure(row: Any) -> Cell:
    number = f"{format_range(row.low, row.high)} {row.unit}"
    return Cell((row.measure, number, format_value(row.basis), f"by {row.asserted_by}"))


def _figure_reading(row: Any) -> Cell:
    """Return how a figure was worded and judged."""
    notes = {
        "hedge": row.hedge and f'"{row.hedge}"',
        "on condition": row.condition,
        "why": row.rationale,
    }
    return Cell(text="\n".join(f"{name}: {note}" for name, note in notes.items() if note))


FIGURE: Layout = (
    Column("entry", whole_cell("entry")),
    Column("figure", _figure),
    Column("reading", _figure_reading),
)


def _digest(row: Any) -> Cell:
    return Cell((row.sha256[:32], row.sha256[32:]))


CAPTURE: Layout = (
    Column("sha256", _digest),
    Column("what", lambda row: Cell((row.media_type, f"{row.size:,} bytes"))),
    Column("retrieved", lambda row: Cell((row.retrieved_at, f"by {row.retrieved_by}"))),
)

CAPTURE_FINDING: Layout = (
    Column("document", whole_cell("document")),
    Column("sha256", _digest),
    Column("retrieved", whole_cell("retrieved_at")),
    Column("finding", prose_cell("finding")),
)


def _record(row: Any) -> Cell:
    """Return the operation and the record, SHA-256 digests as short as people compare them."""
    record = re.sub(r"\b([0-9a-f]{12})[0-9a-f]{52}\b", r"\1...", row.record)
    return Cell((row.op, *record.split(" ", 1)))


def _change(row: Any) -> Cell:
    why = [row.message] if row.message else []
    return Cell((row.author,), "\n".join([*why, text_of("fields", row.fields)]))


LOG: Layout = (
    Column("seq", whole_cell("seq")),
    Column("when, change", lambda row: Cell((row.at[:10], row.at[11:19], row.change))),
    Column("record", _record),
    Column("by whom, what", _change),
)
"""The layout of `history.LogRow`, declared here since `history` may not import `present`."""
