"""What a screen shows of each kind of row that hangs on a record: a name and a line or two."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from claimtrack import dates
from claimtrack.escaping import format_stance, format_value
from claimtrack.reports.wording import describe_timing
from claimtrack.vocab import PairStatus


@dataclass(frozen=True)
class Item:
    """A row on a screen.

    Attributes:
        name: What names it.
        texts: What is said of it, a line each.
        most: How many of these a screen shows at most.
        summarises: The ref of the entry whose summary is among the texts.
        repeats: The ref of the entry whose summary is the first text, which is left out where it
            is shown above.
    """

    name: str
    texts: tuple[str, ...]
    most: int = 1
    summarises: str | None = None
    repeats: str | None = None

    @property
    def height(self) -> int:
        """How many lines of a screen it takes."""
        return max(1, min(self.most, len(self.texts)))

    def without(self, above: Collection[str]) -> "Item":
        """Return it without the summary of an entry that is shown above."""
        return replace(self, texts=self.texts[1:]) if self.repeats in above else self


def items_of(rows: Sequence[Any], table: str, heading: str) -> tuple[str, list[Item]]:
    """Return what a screen shows of a section of a record of a table: its heading, and its rows.

    One judge of all stances is named in the heading.
    """
    name = type(rows[0]).__name__
    if name == "CitationRow":
        return heading, [
            _footnote(row) if table == "entry" else _cited(row, heading) for row in rows
        ]
    if name != "AssertedRow":
        return heading, list(map(_ITEMS[name], rows))
    judges = {row.asserted_by for row in rows}
    if len(judges) > 1:
        return heading, [_asserted(row, f" (by {row.asserted_by})") for row in rows]
    return f"{heading}, as {judges.pop()} reads it", [_asserted(row, "") for row in rows]


def graded(row: Any) -> str:
    """Return a grade, its rater, the day and the reason."""
    grade = f"{format_value(row.reliability)}{format_value(row.credibility)}"
    why = f": {row.rationale}" if row.rationale else ""
    return f"{grade} by {row.graded_by}, {row.graded_on}{why}"


def _line(parts: Iterable[str | None]) -> str:
    return "; ".join(part for part in parts if part)


def _several(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _who(row: Any) -> str:
    return ", ".join(_several((row.actor, dates.format_span(row.date_from, row.date_to))))


def _words(row: Any) -> str:
    """Return how a stance was said and judged, but for who reads it so."""
    notes = {
        "hedge": row.hedge and f'"{row.hedge}"',
        "if": row.condition,
        "likelihood": format_value(row.likelihood),
        "confidence": format_value(getattr(row, "confidence", None)),
        "why": getattr(row, "rationale", None),
    }
    return _line(f"{name}: {note}" for name, note in notes.items() if note)


def _asserted(row: Any, judge: str) -> Item:
    said = f"{row.proposition}{judge}: {row.text}"
    texts = _several((said, _words(row)))
    return Item(f"{format_stance(row.value)} {format_value(row.basis)}", texts, most=2)


def _bearing(row: Any) -> Item:
    unsettled = row.status if row.status != PairStatus.DERIVED else None
    strength = ", ".join(_several((f"strength {row.strength}", row.basis)))
    doubt = describe_timing(row.how, row.timing, row.days)
    conditions = [f"if: {condition}" for condition in row.conditions]
    how = ", ".join(_several((row.how, unsettled)))
    judged = _line([how, strength, doubt, *conditions, _who(row), ", ".join(row.propositions)])
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
        kept = _line((format_value(row.role), format_value(row.wording), row.label))
        return Item(row.entry_ref, (kept, *footnote.texts[1:]), most=2)
    found = f"{format_value(row.role)} of {row.entry_ref}"
    return Item(row.document_ref, (_line((row.label, found, row.publisher, row.url)),))


def _proposition(row: Any) -> Item:
    sides = f"{row.affirmed_by} for, {row.denied_by} against"
    resolved = None if row.truth is None else f"{format_value(row.truth)} on {row.resolved_on}"
    return Item(row.ref, (f"{_line((resolved, sides))}: {row.text}",))


def _actor(row: Any) -> Item:
    return Item(row.ref, (f"{row.name} ({format_value(row.kind)})",))


def _entry(row: Any) -> Item:
    dated = dates.format_span(row.date_from, row.date_to) or "undated"
    said = f"{format_value(row.kind)}, {dated}: {row.summary}"
    return Item(row.ref, _several((said, ", ".join(row.propositions))))


def _document(row: Any) -> Item:
    published = dates.format_published(row.published_from, row.published_to)
    return Item(row.ref, (_line((published, row.title, row.url)),))


def _topic(row: Any) -> Item:
    return Item(row.ref, (row.name,))


def _part(row: Any) -> Item:
    name = f"{format_value(row.role).replace('_', '-')} of {row.ref}"
    return Item(name, (f"{format_value(row.kind)} of {row.actor}: {row.summary}",))


def _side(row: Any) -> Item:
    who = f"{format_value(row.kind)} of {_who(row)}"
    judged = _line((who, f"{format_value(row.basis)}, by {row.asserted_by}", _words(row)))
    return Item(f"{format_stance(row.value)} {row.entry}", (judged, row.summary), most=2)


def _stance(row: Any) -> Item:
    value, basis = format_stance(row.value), format_value(row.basis)
    said = f"{value} {basis} on {row.proposition}, by {row.asserted_by}"
    return Item(row.entry, (_line((said, _words(row))),))


def _link(row: Any) -> Item:
    judged = f"strength {row.strength}, by {row.asserted_by}"
    return Item(f"{row.from_} {row.relation} {row.to}", (_line((judged, row.rationale)),))


def _capture(row: Any) -> Item:
    kept = f"{row.media_type}, {row.size:,} bytes"
    return Item(row.sha256[:12], (f"{kept}; retrieved {row.retrieved_at} by {row.retrieved_by}",))


_ITEMS: Mapping[str, Callable[[Any], Item]] = {
    "ActorRow": _actor,
    "BearingRow": _bearing,
    "CaptureRow": _capture,
    "DocumentRow": _document,
    "EntryRow": _entry,
    "LinkRow": _link,
    "LinkedRow": _linked,
    "PartRow": _part,
    "PropositionRow": _proposition,
    "SideRow": _side,
    "StanceRow": _stance,
    "TopicRow": _topic,
}
"""By the name of the class of a row; of citations and of what an entry asserts see `items_of`."""
