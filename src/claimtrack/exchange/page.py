"""A dossier for an editor: each claim with what speaks for and against it, matrices, footnotes.

* Claims that something contradicts come first, then the others, each by ref, with what they assert;
  what speaks against them are the pairs of the contradictions report, and those that a judge has
  reconciled, which say so and make no claim contested.
* Of what speaks for a claim the first entries are told, and the others counted: nobody reads more.
* Then its pairs in which no claim stands, and the matrix (`reports.hypotheses`) of each exclusive
  topic, and of the propositions named.
* The notes cite the documents of every entry that is told. They wait in a file while the rest is
  written, so that memory does not grow with the casebook.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, TextIO

from sqlalchemy.orm import Session

from claimtrack import history
from claimtrack.cells import joined
from claimtrack.exchange.answers import matrix_topics
from claimtrack.exchange.chosen import asked, note_left_out, withholds
from claimtrack.exchange.gathered import Gathered, gathered_claims
from claimtrack.exchange.markup import Markup
from claimtrack.exchange.mentions import (
    Known,
    Mention,
    Notes,
    end_of,
    known_of,
    mention_of,
    quoted,
    told_days,
)
from claimtrack.exchange.notes import Notes as LeftOut
from claimtrack.lookup import StanceRow, names_of
from claimtrack.query.filters import Filters
from claimtrack.query.narrowing import PairFilters
from claimtrack.reports.affirmations import AffirmationRow
from claimtrack.reports.claims import ClaimRow
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.reports.hypotheses import (
    HypothesisRow,
    describe_sum,
    hypotheses,
    left_out,
    left_out_told,
    sums,
)
from claimtrack.sql import batches
from claimtrack.vocab import EntryKind

_STRENGTH = {1: "in part", 2: "outright"}
_MORE = "And {more:,} more: 'claimtrack show {ref}' has them all."
_NO_MATRIX = (
    "No matrix: there is no exclusive topic with several propositions. Name propositions to weigh "
    "against each other with --hypothesis."
)
_OTHERS = tuple(kind for kind in EntryKind if kind is not EntryKind.CLAIM)


@dataclass(frozen=True)
class Plan:
    """What a page is to be: its language and its title.

    `weighed` names propositions to weigh against each other, beside those of exclusive topics.
    """

    markup: Markup
    title: str
    weighed: tuple[str, ...] = ()


def write_page(
    session: Session,
    out: IO[bytes],
    wanted: Filters,
    plan: Plan,
    spare: Path,
    left_out: LeftOut,
) -> None:
    """Write the dossier of what the filters ask for; the same bytes for the same casebook.

    What is written later than it is found waits in files in the folder `spare`. Claims that are
    left out are counted in `left_out`.
    """
    markup = plan.markup
    note_left_out(session, wanted, left_out, EntryKind.CLAIM)
    with _waiting(spare / "notes") as noted, _waiting(spare / "rest") as rest:
        notes = Notes(markup, noted)
        page = chain(
            [markup.begin(plan.title)],
            (markup.paragraph(markup.text(line)) for line in _made_how(session, wanted)),
            _section(markup, "Contested claims", _contested(session, wanted, notes, rest)),
            _section(markup, "Claims that nothing contradicts", _waited(rest)),
            _section(markup, "Contradictions without a claim", _others(session, wanted, notes)),
            _matrices(session, wanted, notes, plan.weighed),
            _section(markup, "Notes", _waited(noted)),
            [markup.end()],
        )
        for part in page:
            out.write(part.encode())


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
    yield from iter(lambda: waiting.read(2**16), "")


def _made_how(session: Session, wanted: Filters) -> Iterator[str]:
    head = history.anchor(session)
    yield f"State of {head.at}. Casebook, length, head and time of its log: {head}"
    if narrowed := asked(wanted):
        told = (f"{name.replace('_', ' ')}: {joined(value)}" for name, value in narrowed.items())
        yield f"Narrowed to {'; '.join(told)}."
    if withholds(session):
        yield "Protected sources and documents are named by pseudonym."
    yield (
        "A contradiction is outright or in part, as strong as the weaker of the two readings that "
        "make it; each says whose readings these are."
    )


# --- claims ---------------------------------------------------------------------------------------


def _contested(session: Session, wanted: Filters, notes: Notes, rest: TextIO) -> Iterator[str]:
    """Yield the parts of each claim that something contradicts, by ref; the others wait."""
    for one, known in gathered_claims(session, wanted):
        notes.begin_part()
        for part in _claim(one, known, notes):
            if one.contested:
                yield part
            else:
                rest.write(part)


def _claim(one: Gathered, known: Known, notes: Notes) -> Iterator[str]:
    markup, claim = notes.markup, one.claim
    ref, summary = markup.text(claim.ref), markup.text(claim.summary)
    yield markup.heading(3, f"{ref}: {summary}", claim.ref)
    who = markup.text(f"{known.actor(claim.actor)}, {told_days(claim)}")
    standing = markup.text(_standing(claim, known))
    yield markup.paragraph(f"{who}{notes.marks(claim.ref, known)}. {standing}")
    if one.asserted:
        yield markup.paragraph(markup.strong("Asserts"))
        yield from markup.items(markup.text(_assertion(row, known)) for row in one.asserted)
    if one.affirmed:
        yield markup.paragraph(markup.strong("Speaks for it"))
        yield from markup.items(_for(row, known, notes) for row in one.affirmed)
        if more := claim.affirmed_by - len(one.affirmed):
            yield markup.paragraph(markup.text(_MORE.format(more=more, ref=claim.ref)))
    if one.pairs:
        yield markup.paragraph(markup.strong("Speaks against it"))
        yield from markup.items(_all_against(one, known, notes))


def _all_against(one: Gathered, known: Known, notes: Notes) -> Iterator[str]:
    for pairs, of_pairs in chain([(one.pairs, known)], one.more):
        yield from (_against(*pair, of_pairs, notes) for pair in pairs)


def _standing(claim: ClaimRow, known: Known) -> str:
    outlets = ", ".join(map(known.actor, claim.outlet))
    least, most = claim.independent_min, claim.independent_max
    origins = str(least) if least == most else f"at least {least}, at most {most}"
    grade = f"{claim.reliability}{claim.credibility}" if claim.reliability else "none"
    return (
        f"{f'Reported by {outlets}. ' if outlets else ''}Independent origins that bear it out, its "
        f"own left out: {origins}. Admiralty grade: {grade}."
    )


def _assertion(row: StanceRow, known: Known) -> str:
    text = _proposition(row.proposition, known)
    if row.value == 0:
        says = f"leaves open {text}"
    else:
        how = "affirms" if row.value > 0 else "denies"
        says = f"{how} {text} {_STRENGTH[abs(row.value)]}"
    told = [
        row.basis,
        f"hedged: {row.hedge}" if row.hedge else "",
        f"on the condition: {row.condition}" if row.condition else "",
        f"likelihood: {row.likelihood.replace('_', ' ')}" if row.likelihood else "",
        f"confidence: {row.confidence}" if row.confidence else "",
        f"in the reading of {known.actor(row.asserted_by)}",
    ]
    return f"{says} ({'; '.join(part for part in told if part)})"


def _for(row: AffirmationRow, known: Known, notes: Notes) -> str:
    grounds = [_STRENGTH[row.strength], _on(row.propositions, known)]
    grounds += ["linked as corroborating"] * row.corroborates
    return _bearing("same side", grounds, row.asserted_by, mention_of(row), known, notes)


def _against(pair: ContradictionRow, side: str, known: Known, notes: Notes) -> str:
    days = pair.days if pair.days is None or side == "counter" else -pair.days
    grounds = [*_grounds(pair, known), _apart(days)]
    return _bearing(
        pair.klass or "reconciled", grounds, pair.asserted_by, end_of(pair, side), known, notes
    )


def _bearing(
    how: str,
    grounds: Sequence[str],
    judges: Sequence[str],
    other: Mention,
    known: Known,
    notes: Notes,
) -> str:
    """Return an entry that bears on another: how, on which grounds, in whose reading."""
    markup = notes.markup
    reading = f"in the reading of {', '.join(map(known.actor, judges))}"
    told = "; ".join([part for part in grounds if part] + [reading])
    how = markup.strong(markup.text(how.replace("_", " ")))
    return f"{how}: {notes.told(other, known)} ({markup.text(told)})"


def _grounds(pair: ContradictionRow, known: Known) -> list[str]:
    return [
        f"{_STRENGTH[pair.strength]}{f', {pair.basis}' if pair.basis else ''}"
        if pair.strength
        else "",
        _on(pair.propositions, known),
        f"found by {joined(pair.via).replace('_', ' ')}, {pair.status}",
        f"on the condition: {joined(pair.conditions)}" if pair.conditions else "",
    ]


def _on(propositions: Sequence[str], known: Known) -> str:
    named = (_proposition(ref, known) for ref in propositions)
    return f"on {', '.join(named)}" if propositions else ""


def _proposition(ref: str, known: Known) -> str:
    return f"{quoted(known.propositions.get(ref, ref))} ({ref})"


def _apart(days: int | None) -> str:
    if not days:
        return ""
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"


# --- what else contradicts, and the matrices ------------------------------------------------------


def _others(session: Session, wanted: Filters, notes: Notes) -> Iterator[str]:
    without = PairFilters(subject_kinds=_OTHERS, counter_kinds=_OTHERS)
    for some in batches(contradictions(session, wanted, without)):
        yield from notes.markup.items(_pairs(session, wanted, notes, some))


def _pairs(
    session: Session, wanted: Filters, notes: Notes, some: Sequence[ContradictionRow]
) -> Iterator[str]:
    ends = [end_of(pair, side) for pair in some for side in ("subject", "counter")]
    actors = [end.actor for end in ends] + [one for pair in some for one in pair.asserted_by]
    propositions = [name for pair in some for name in pair.propositions]
    known = known_of(session, wanted, [end.ref for end in ends], actors, propositions)
    notes.begin_part()
    for pair in some:
        subject = notes.told(end_of(pair, "subject"), known)
        yield f"{subject}. Against it, {_against(pair, 'counter', known, notes)}"


def _matrices(
    session: Session, wanted: Filters, notes: Notes, weighed: Sequence[str]
) -> Iterator[str]:
    if weighed:
        yield from _matrix(session, wanted, notes, "Hypotheses", weighed)
    there = bool(weighed)
    for topic in matrix_topics(session, wanted):
        there = True
        yield from _matrix(session, wanted, notes, f"Hypotheses: {topic.name}", [topic.ref])
    if not there:
        markup = notes.markup
        yield markup.heading(2, markup.text("Hypotheses"))
        yield markup.paragraph(markup.text(_NO_MATRIX))


def _matrix(
    session: Session, wanted: Filters, notes: Notes, heading: str, names: Sequence[str]
) -> Iterator[str]:
    markup, matrix = notes.markup, hypotheses(session, names, wanted)
    texts = names_of(session, "proposition", matrix.hypotheses)
    yield markup.heading(2, markup.text(heading))
    yield from markup.items(
        f"{markup.strong(markup.text(ref))}: {markup.text(texts[ref])}" for ref in matrix.hypotheses
    )
    against = map("; ".join, map(describe_sum, sums(session, matrix.hypotheses, wanted)))
    yield markup.paragraph(
        "II speaks strongly against a hypothesis, I against it, N leaves it open, C and CC agree "
        "with it. The last row sums up what speaks against each, once for each origin, of as many "
        "entries as are rated; it is no probability."
    )
    if assessments := left_out(session, matrix.hypotheses, wanted):
        yield markup.paragraph(markup.text(f"{left_out_told(assessments)}."))
    head = ["Entry", *map(markup.text, matrix.hypotheses), "Diagnosticity"]
    closing = [markup.strong("Inconsistency"), *map(markup.text, against), ""]
    yield from markup.table(head, _evidence(session, wanted, notes, matrix.rows, closing))


def _evidence(
    session: Session,
    wanted: Filters,
    notes: Notes,
    rows: Iterator[HypothesisRow],
    closing: Sequence[str],
) -> Iterator[Sequence[str]]:
    markup = notes.markup
    for some in batches(rows):
        known = known_of(session, wanted, [row.entry_ref for row in some], ())
        notes.begin_part()
        for row in some:
            what = f"{row.entry_ref}, {row.kind}: {row.summary}"
            diagnosticity = "" if row.diagnosticity is None else str(row.diagnosticity)
            told = f"{markup.text(what)}{notes.marks(row.entry_ref, known)}"
            yield [told, *row.cells, diagnosticity]
    yield closing
