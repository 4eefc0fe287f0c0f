"""The briefing: every chosen entry, contested claims first, with footnotes.

* Contested claims, by ref: what each asserts, what supports and what opposes it. A claim is
  contested when it is in a pair of the contradictions report for the filters.
* The other contradictions: pairs without any of these claims, in a list or by subject; or all
  contradictions by proposition.
* Reconciled pairs: those that all their judges find compatible.
* The chronology: every other entry, by date, undated last.
* The matrix (`reports.hypotheses`) of each exclusive topic, and of the given propositions.
* The footnotes, one for each document. They are spooled to a file while the rest is written, so
  that memory grows with the cited documents, not with the entries.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any, TextIO

from claimtrack import history
from claimtrack.db import Session
from claimtrack.escaping import format_cell
from claimtrack.exchange.exports.briefing.chronology import chronology
from claimtrack.exchange.exports.briefing.contested import contested_claims
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lines import Line, written
from claimtrack.exchange.exports.briefing.markup import HTML, MARKDOWN, Markup
from claimtrack.exchange.exports.briefing.matrices import matrices
from claimtrack.exchange.exports.briefing.others import (
    by_proposition,
    other_contradictions,
    reconciled_pairs,
)
from claimtrack.exchange.exports.exporting import Export
from claimtrack.exchange.exports.selection import (
    Counts,
    get_active_filters,
    has_masked_records,
    note_left_out,
)
from claimtrack.exchange.notes import Notes
from claimtrack.query.cache import KeySet
from claimtrack.query.filters import Filters
from claimtrack.vocab import GroupBy


@dataclass(frozen=True)
class Plan:
    """The options of a briefing.

    Attributes:
        markup: Its markup language.
        title: Its title.
        weighed: Propositions for a matrix of their own.
        group_by: The grouping of contradictions without a contested claim.
    """

    markup: Markup
    title: str
    weighed: tuple[str, ...] = ()
    group_by: GroupBy | None = None


def export_markdown(work: Export, out: IO[bytes], **options: Any) -> None:
    """Write the briefing of an export in Markdown; `options` as in `Plan`."""
    plan = Plan(MARKDOWN, **options)
    write_page(work.session, out, work.filters, plan, work.scratch, work.notes)


def export_html(work: Export, out: IO[bytes], **options: Any) -> None:
    """Write the briefing of an export in HTML; `options` as in `Plan`."""
    write_page(work.session, out, work.filters, Plan(HTML, **options), work.scratch, work.notes)


def write_page(
    session: Session,
    out: IO[bytes],
    filters: Filters,
    plan: Plan,
    scratch: Path,
    left_out: Notes,
) -> None:
    """Write the briefing for some filters; the same bytes for the same casebook.

    What is found before its place is spooled to a file in the folder `scratch`. Entries that are
    left out are counted in `left_out`, and in the briefing.
    """
    markup = plan.markup
    counts = note_left_out(session, filters, left_out)
    with _waiting(scratch / "notes") as noted:
        notes = Footnotes(markup, noted)
        page = chain(
            [markup.begin(plan.title)],
            map(markup.paragraph, map(markup.text, _describe_contents(session, filters, counts))),
            _sections(session, filters, plan, notes),
            matrices(session, filters, notes, plan.weighed),
            _section(markup, "Notes", _waited(noted)),
            [markup.end()],
        )
        for part in page:
            out.write(part.encode())


def _sections(session: Session, filters: Filters, plan: Plan, notes: Footnotes) -> Iterator[str]:
    """Yield the parts of all sections that consist of lines."""
    contested = KeySet()
    sections: list[tuple[str, Iterable[Line]]] = [
        ("Contested claims", contested_claims(session, filters, contested)),
        _contradictions(session, filters, plan, contested),
        ("Reconciled", reconciled_pairs(session, filters)),
        ("Chronology of all other entries", chronology(session, filters, contested)),
    ]
    for heading, lines in sections:
        yield from _section(notes.markup, heading, written(session, filters, notes, lines))


def _contradictions(
    session: Session, filters: Filters, plan: Plan, contested: KeySet
) -> tuple[str, Iterable[Line]]:
    if plan.group_by is GroupBy.PROPOSITION:
        return "Contradictions by proposition", by_proposition(session, filters)
    found = other_contradictions(session, filters, contested, plan.group_by)
    return "Other contradictions", found


def _section(markup: Markup, heading: str, parts: Iterator[str]) -> Iterator[str]:
    yield markup.heading(2, markup.text(heading))
    yield next(parts, markup.paragraph("None."))
    yield from parts


@contextmanager
def _waiting(path: Path) -> Iterator[TextIO]:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(handle, "w+", encoding="utf-8", newline="") as file:
        yield file


def _waited(waiting: TextIO) -> Iterator[str]:
    """Yield the content of a spool file, read when the first part is taken."""
    waiting.seek(0)
    yield from iter(partial(waiting.read, 2**16), "")


def _describe_contents(session: Session, filters: Filters, counts: Counts) -> Iterator[str]:
    """Yield the sentences on the casebook's state and the part of it that the briefing shows."""
    head = history.get_anchor(session)
    yield f"State of {head.at}. Casebook, length, head and time of its log: {head}"
    if narrowed := get_active_filters(filters):
        parts = (
            f"{name.replace('_', ' ')}: {format_cell(value)}" for name, value in narrowed.items()
        )
        yield f"Narrowed to {'; '.join(parts)}."
    yield " ".join(
        f"{'1 entry is' if count == 1 else f'{count:,} entries are'} {what}."
        for count, what in (
            (counts.exported, "in this briefing"),
            (counts.outside, "outside the filters, left out"),
            (counts.superseded, "superseded, and left out without --include-superseded"),
        )
        if count or what == "in this briefing"
    )
    if has_masked_records(session):
        yield "Protected sources and documents are named by pseudonym."
    yield _HOW_TO_READ


_HOW_TO_READ = (
    "An entry affirms or denies outright, or weakly: it leans that way, or it is inferred. A "
    "contradiction is as strong as the weaker of the two readings that make it; each says whose "
    "judgements these are. The number of entries or of pairs is not the number of origins: several "
    "may go back to one."
)
