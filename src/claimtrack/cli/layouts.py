"""What a table shows of each kind of row: fewer, taller columns than the other formats have.

Rows without a layout here show every column that is not empty in all of them. Columns of prose are
wrapped; in all others, refs and dates among them, a value stays in one piece.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from claimtrack import dates
from claimtrack.cli.table import Cell, Column
from claimtrack.escaping import format_count, format_stance, format_value
from claimtrack.reports.wording import describe_origins
from claimtrack.vocab import fields_of

PROSE = frozenset(
    {
        "affirmers",
        "aliases",
        "caution",
        "condition",
        "conditions",
        "counter_urls",
        "deniers",
        "described_as",
        "exact",
        "fields",
        "finding",
        "hedge",
        "message",
        "name",
        "rationale",
        "subject_urls",
        "summary",
        "text",
        "title",
        "url",
        "urls",
        "window_summary",
    }
)
"""Columns that may be wrapped."""

LINES = frozenset({"fields", "affirmers", "deniers"})
"""Columns of prose whose parts, joined by `; ` elsewhere, begin a line each in tables."""


def layout_of(row_type: Any, names: Sequence[str], rows: Sequence[Any]) -> list[Column]:
    """Return the columns of a table for rows of a type."""
    known = LAYOUTS.get(getattr(row_type, "__name__", ""))
    if known is not None:
        return known
    columns = [
        _dates(row_type, at, name) if _begins_dates(names, at) else _column(row_type, at, name)
        for at, name in enumerate(names)
        if not (at and _begins_dates(names, at - 1))
    ]
    if not rows or not isinstance(row_type, type):
        return columns
    return [one for one in columns if any(one.cell(row) != Cell() for row in rows)] or columns


def _begins_dates(names: Sequence[str], at: int) -> bool:
    """Whether two columns are the bounds of one date, which a table shows as one."""
    name = names[at]
    return name.endswith("_from") and names[at + 1 : at + 2] == [name.removesuffix("_from") + "_to"]


def _dates(row_type: Any, at: int, name: str) -> Column:
    def cell(row: Any) -> Cell:
        first, last = _value(row_type, at, row), _value(row_type, at + 1, row)
        return Cell(_line(dates.format_span(first, last)))

    return Column(name.removesuffix("_from").replace("_", " "), cell)


def _value(row_type: Any, at: int, row: Any) -> Any:
    if isinstance(row_type, type):
        return getattr(row, fields_of(row_type)[at])
    return row[at]


def _column(row_type: Any, at: int, name: str) -> Column:
    def cell(row: Any) -> Cell:
        value = _value(row_type, at, row)
        if isinstance(value, float):
            return Cell((f"{value:.3g}",))
        parts = [format_value(part) for part in value] if isinstance(value, tuple | list) else None
        if name not in PROSE:
            return Cell(whole=tuple(parts) if parts is not None else _line(format_value(value)))
        return Cell(
            text="\n".join(parts) if parts is not None else _text(name, format_value(value))
        )

    return Column(name.replace("_", " "), cell)


def _line(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _text(name: str, text: str) -> str:
    return text.replace("; ", "\n") if name in LINES else text


def _dated(row: Any) -> Cell:
    return Cell(_line(dates.format_span(row.date_from, row.date_to)))


def _claim(row: Any) -> Cell:
    return Cell((row.ref, row.actor, *_line(dates.format_span(row.date_from, row.date_to))))


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _against(row: Any) -> Cell:
    """Return how many entries oppose a claim, how many of these deny it, and how strongly."""
    denied = (
        [f"{row.denied_by} {'denies' if row.denied_by == 1 else 'deny'}"] if row.denied_by else []
    )
    possible = row.contradicted_by_actions_possible
    doubtful = [f"{format_count(possible, 'deed')} only possible"] if possible else []
    worst = [f"worst {row.worst_strength}"] if row.worst_strength else []
    return Cell((str(row.opposed_by), *denied, *doubtful, *worst))


def _grade(row: Any) -> Cell:
    return Cell(_line(f"{format_value(row.reliability)}{format_value(row.credibility)}"))


def _whole(*names: str) -> Callable[[Any], Cell]:
    def cell(row: Any) -> Cell:
        values = (getattr(row, name) for name in names)
        return Cell(
            tuple(format_value(value) for value in values if value is not None and value != "")
        )

    return cell


def _prose(name: str) -> Callable[[Any], Cell]:
    return lambda row: Cell(text=format_value(getattr(row, name)))


def _stances_of(row: Any) -> Cell:
    return Cell(tuple(row.propositions))


def _step(row: Any) -> Cell:
    step = " ".join(part for part in (format_stance(row.value), format_value(row.step)) if part)
    return Cell((row.proposition, step, f"by {row.asserted_by}"))


def _said(row: Any) -> Cell:
    notes = [f'"{row.hedge}"'] if row.hedge else []
    notes += [f"if: {row.condition}"] if row.condition else []
    notes += [f"but did {gap}" for gap in _several(row.gap)]
    return Cell(text="\n".join([row.summary, *notes]))


def _several(value: Any) -> list[str]:
    return [format_value(part) for part in value] if isinstance(value, tuple | list) else []


def _change(row: Any) -> Cell:
    why = [row.message] if row.message else []
    return Cell((row.author,), "\n".join([*why, _text("fields", row.fields)]))


def _reading(row: Any) -> Cell:
    """Return how a stance was said and judged."""
    notes = {
        "hedge": row.hedge and f'"{row.hedge}"',
        "on condition": row.condition,
        "likelihood": format_value(row.likelihood),
        "confidence": format_value(row.confidence),
        "why": row.rationale,
    }
    told = [f"{name}: {note}" for name, note in notes.items() if note]
    return Cell(text="\n".join(told))


def _cited(row: Any) -> Cell:
    note = " ".join(part for part in (row.via and f"via {row.via}", row.label) if part)
    return Cell((row.document_ref, format_value(row.role), *_line(note)))


def _source(row: Any) -> Cell:
    quoted = [f'"{row.exact}"'] if row.exact else []
    published = dates.format_published(row.published_from, row.published_to)
    who = ", ".join(filter(None, (row.publisher, published)))
    parts = [who, *([row.url] if row.url else []), *quoted]
    return Cell(text="\n".join(parts))


def _in_window(row: Any) -> Cell:
    dated = _line(dates.format_span(row.entry_date_from, row.entry_date_to))
    return Cell((f"{row.entry_ref} ({format_value(row.entry_kind)})", *dated))


def _who(row: Any) -> Cell:
    of = [f"of {row.parent}"] if row.parent else []
    return Cell((row.ref, format_value(row.kind), *of))


def _names(row: Any) -> Cell:
    described = row.described_as and f'"{row.described_as}" ({format_value(row.access)})'
    also = "; ".join(row.aliases)
    parts = (row.name, also and f"also {also}", described, row.protected and "protected")
    return Cell(text="\n".join(part for part in parts if part))


def _stance(row: Any) -> Cell:
    read = f"{format_stance(row.value)} {format_value(row.basis)}"
    return Cell((row.proposition, read, f"by {row.asserted_by}"))


def _one_side(side: str, refs: str) -> Callable[[Any], Cell]:
    """Return the cell of one side of a proposition: who takes it, and from how many origins."""

    def cell(row: Any) -> Cell:
        count, least, most, publishers, judged = (
            getattr(row, f"{side}_{name}")
            for name in ("by", "independent_min", "independent_max", "publishers", "judged_by")
        )
        lines = (
            [describe_origins(least, most), format_count(publishers, "publisher")] if count else []
        )
        first, last = getattr(row, f"{side}_from"), getattr(row, f"{side}_to")
        days = [dates.format_span(first, last)] if first else []
        judges = [format_count(judged, "assessment")] if judged else []
        return Cell((*lines, *days, *judges), " ".join(getattr(row, refs)))

    return cell


def _other_origins(row: Any) -> Cell:
    return Cell((_range(row.independent_min, row.independent_max),))


def _sides(row: Any) -> Cell:
    turned_out = "" if row.truth is None else f"{format_value(row.truth)} on {row.resolved_on}"
    return Cell((f"{row.affirmed_by} for", f"{row.denied_by} against", *_line(turned_out)))


def _record(row: Any) -> Cell:
    if not row.resolved:
        return Cell(("no record",))
    return Cell((f"{row.mean:.2f} ({row.low:.2f} to {row.high:.2f})",))


def matrix_of(hypotheses: Sequence[str]) -> list[Column]:
    """Return the columns of the matrix of hypotheses, whose rows are lists."""
    cells = [
        Column(name, partial(_spelled_at, at))
        for at, name in enumerate([*hypotheses, "diagnosticity"], start=5)
    ]
    entry = Column(
        "entry", lambda row: Cell((row[0], *_line(format_value(row[1])), *_line(row[2])))
    )
    return [entry, Column("summary", lambda row: Cell(text=row[4])), *cells]


def _spelled_at(at: int, row: Any) -> Cell:
    value = row[at]
    return Cell(value) if isinstance(value, tuple) else Cell(_line(format_value(value)))


def _digests_cut(text: str) -> str:
    """Return a text with its SHA-256 digests as short as people compare them."""
    return re.sub(r"\b([0-9a-f]{12})[0-9a-f]{52}\b", r"\1...", text)


def _halves(digest: str) -> tuple[str, str]:
    return digest[:32], digest[32:]


LAYOUTS: dict[str, list[Column]] = {
    "ClaimRow": [
        Column("claim", _claim),
        Column("summary", _prose("summary")),
        Column("for", _whole("affirmed_by")),
        Column("other origins", _other_origins),
        Column("against", _against),
        Column("grade", _grade),
    ],
    "EntryRow": [
        Column("entry", _claim),
        Column("summary", _prose("summary")),
        Column("stances", _stances_of),
    ],
    "PositionRow": [
        Column("date", _dated),
        Column("entry", _whole("entry_ref", "kind", "actor")),
        Column("summary", _said),
        Column("position", _step),
    ],
    "CitationRow": [
        Column("entry", _whole("entry_ref")),
        Column("document", _cited),
        Column("source", _source),
    ],
    "WindowRow": [
        Column("window", lambda row: Cell((row.window_ref,), row.window_summary)),
        Column("entry", _in_window),
        Column("certainty", _whole("certainty")),
        Column("propositions", lambda row: Cell(tuple(row.propositions))),
    ],
    "ActorRow": [Column("actor", _who), Column("names", _names)],
    "CorroborationRow": [
        Column("proposition", _whole("proposition")),
        Column("affirmed by", _one_side("affirmed", "affirmers")),
        Column("denied by", _one_side("denied", "deniers")),
    ],
    "TrackRecordRow": [
        Column("source", _whole("source")),
        Column("resolved", _whole("resolved")),
        Column("right", _whole("right")),
        Column("wrong", _whole("wrong")),
        Column("topics", _whole("topics")),
        Column("changed", _whole("changed")),
        Column("share right (95 %)", _record),
    ],
    "PropositionRow": [
        Column("proposition", _whole("ref", "topic")),
        Column("text", _prose("text")),
        Column("entries", _sides),
    ],
    "StanceRow": [
        Column("entry", _whole("entry")),
        Column("stance", _stance),
        Column("reading", _reading),
    ],
    "CaptureRow": [
        Column("sha256", lambda row: Cell(_halves(row.sha256))),
        Column("what", lambda row: Cell((row.media_type, f"{row.size:,} bytes"))),
        Column("retrieved", lambda row: Cell((row.retrieved_at, f"by {row.retrieved_by}"))),
    ],
    "CaptureFinding": [
        Column("document", _whole("document")),
        Column("sha256", lambda row: Cell(_halves(row.sha256))),
        Column("retrieved", _whole("retrieved_at")),
        Column("finding", _prose("finding")),
    ],
    "LogRow": [
        Column("seq", _whole("seq")),
        Column("when, change", lambda row: Cell((row.at[:10], row.at[11:19], row.change))),
        Column("record", lambda row: Cell((row.op, *_digests_cut(row.record).split(" ", 1)))),
        Column("by whom, what", _change),
    ],
}
"""The layouts, by the name of the class of their rows."""
