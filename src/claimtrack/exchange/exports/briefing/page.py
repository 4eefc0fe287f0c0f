"""The page: every entry that the filters choose, contested claims first, and its footnotes.

* Contested claims, by ref: what each asserts, what speaks for it and against it. A claim is
  contested when a pair of the contradictions report is on it, as the filters have them.
* The other contradictions: those in which none of these claims stands, in a list or by subject; or
  all contradictions by the propositions that they are on.
* What is reconciled: pairs that all their judges find compatible.
* The chronology: every other entry, by date, undated last.
* The matrix (`reports.hypotheses`) of each exclusive topic, and of the propositions named.
* The notes, one for each document. They wait in a file while the rest is written, so that memory
  grows with the documents that are cited, and not with the entries.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, TextIO

from claimtrack import history
from claimtrack.db import Session
from claimtrack.escaping import joined
from claimtrack.exchange.exports.briefing.chronology import chronology
from claimtrack.exchange.exports.briefing.contested import contested_claims
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lines import Line, written
from claimtrack.exchange.exports.briefing.markup import Markup
from claimtrack.exchange.exports.briefing.matrices import matrices
from claimtrack.exchange.exports.briefing.others import (
    by_proposition,
    other_contradictions,
    reconciled_pairs,
)
from claimtrack.exchange.exports.selection import Counts, asked, note_left_out, withholds
from claimtrack.exchange.notes import Notes
from claimtrack.query.cache import KeySet
from claimtrack.query.filters import Filters
from claimtrack.vocab import GroupBy


@dataclass(frozen=True)
class Plan:
    """What a page is to be.

    Attributes:
        markup: Its language.
        title: Its title.
        weighed: Propositions to weigh against each other, beside those of exclusive topics.
        group_by: By what contradictions are grouped that are not those of a contested claim.
    """

    markup: Markup
    title: str
    weighed: tuple[str, ...] = ()
    group_by: GroupBy | None = None


def write_page(
    session: Session,
    out: IO[bytes],
    wanted: Filters,
    plan: Plan,
    spare: Path,
    left_out: Notes,
) -> None:
    """Write the briefing of what the filters ask for; the same bytes for the same casebook.

    What is written later than it is found waits in a file in the folder `spare`. Entries that are
    left out are counted in `left_out`, and on the page.
    """
    markup = plan.markup
    counts = note_left_out(session, wanted, left_out)
    with _waiting(spare / "notes") as noted:
        notes = Footnotes(markup, noted)
        page = chain(
            [markup.begin(plan.title)],
            map(markup.paragraph, map(markup.text, _made_how(session, wanted, counts))),
            _sections(session, wanted, plan, notes),
            matrices(session, wanted, notes, plan.weighed),
            _section(markup, "Notes", _waited(noted)),
            [markup.end()],
        )
        for part in page:
            out.write(part.encode())


def _sections(session: Session, wanted: Filters, plan: Plan, notes: Footnotes) -> Iterator[str]:
    """Yield the parts of all sections that are made of lines."""
    contested = KeySet()
    sections: list[tuple[str, Iterable[Line]]] = [
        ("Contested claims", contested_claims(session, wanted, contested)),
        _contradictions(session, wanted, plan, contested),
        ("Reconciled", reconciled_pairs(session, wanted)),
        ("Chronology of all other entries", chronology(session, wanted, contested)),
    ]
    for heading, lines in sections:
        yield from _section(notes.markup, heading, written(session, wanted, notes, lines))


def _contradictions(
    session: Session, wanted: Filters, plan: Plan, contested: KeySet
) -> tuple[str, Iterable[Line]]:
    if plan.group_by is GroupBy.PROPOSITION:
        return "Contradictions by proposition", by_proposition(session, wanted)
    found = other_contradictions(session, wanted, contested, plan.group_by)
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
    """Yield what has been written to a file, once it is asked for."""
    waiting.seek(0)
    yield from iter(partial(waiting.read, 2**16), "")


def _made_how(session: Session, wanted: Filters, counts: Counts) -> Iterator[str]:
    """Yield what says of what state, and of what part, of the casebook the page is."""
    head = history.anchor(session)
    yield f"State of {head.at}. Casebook, length, head and time of its log: {head}"
    if narrowed := asked(wanted):
        filters = (f"{name.replace('_', ' ')}: {joined(value)}" for name, value in narrowed.items())
        yield f"Narrowed to {'; '.join(filters)}."
    yield " ".join(
        f"{'1 entry is' if count == 1 else f'{count:,} entries are'} {what}."
        for count, what in (
            (counts.given, "here"),
            (counts.outside, "outside the filters, left out"),
            (counts.superseded, "superseded, left out but with --include-superseded"),
        )
        if count or what == "here"
    )
    if withholds(session):
        yield "Protected sources and documents are named by pseudonym."
    yield _HOW_TO_READ


_HOW_TO_READ = (
    "An entry affirms or denies outright, or weakly: it leans that way, or it is inferred. A "
    "contradiction is as strong as the weaker of the two readings that make it; each says whose "
    "judgements these are. A number of entries or of pairs is no number of origins: several may go "
    "back to one."
)
