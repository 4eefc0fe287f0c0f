"""The row classes of lists and of the sections of a record; their fields are the columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from claimtrack.lookup import layouts


@dataclass(frozen=True, slots=True)
class ActorRow:
    """One row per actor: whoever says, does, promises, judges, decides or publishes."""

    layout = layouts.ACTOR

    ref: str
    name: str
    kind: str
    parent: str | None
    access: str | None
    described_as: str | None
    count_min: int | None
    count_max: int | None
    aliases: tuple[str, ...]
    protected: bool


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One row per document: something published that shows what was said or done."""

    ref: str
    title: str | None
    publisher: str
    published_from: date | None
    published_to: date | None
    coverage: str
    url: str | None
    canonical: str | None


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One row per topic; `propositions` and `measures` count those directly under it."""

    ref: str
    name: str
    parent: str | None
    exclusive: bool
    propositions: int
    measures: int


@dataclass(frozen=True, slots=True)
class PropositionRow:
    """One row per proposition, with the numbers of entries that affirm and that deny it."""

    layout = layouts.PROPOSITION

    ref: str
    text: str
    topic: str
    truth: bool | None
    resolved_on: date | None
    affirmed_by: int
    denied_by: int


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """What figures are of, and how many entries give a figure for it."""

    ref: str
    text: str
    topic: str
    unit: str
    kind: str
    entries: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One row per entry: its stances, its figures, and the refs of what it cites.

    A stance reads as in `ceasefire-ready +2`, a figure as in `strikes 80..`.
    """

    layout = layouts.ENTRY

    ref: str
    kind: str
    actor: str
    on_behalf_of: str | None
    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    date_text: str | None
    summary: str
    propositions: tuple[str, ...]
    figures: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StanceRow:
    """One row per stance: how far an entry affirms a proposition, as one judge reads it."""

    layout = layouts.STANCE

    entry: str
    proposition: str
    value: int
    basis: str
    asserted_by: str
    hedge: str | None
    condition: str | None
    likelihood: str | None
    confidence: str | None
    rationale: str | None
    document: str | None


@dataclass(frozen=True, slots=True)
class GivenFigureRow:
    """The number that an entry gives for a measure, as one judge reads it."""

    layout = layouts.FIGURE

    entry: str
    measure: str
    unit: str
    low: float | None
    high: float | None
    basis: str
    asserted_by: str
    hedge: str | None
    condition: str | None
    rationale: str | None
    document: str | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One row per link: a judgement of how one entry bears on another."""

    from_: str
    relation: str
    to: str
    strength: int
    asserted_by: str
    rationale: str | None
    document: str | None


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One row per grade: an Admiralty grade that one rater gave an entry on one day."""

    entry: str
    graded_by: str
    graded_on: date
    reliability: str
    credibility: int
    rationale: str | None


class Part(NamedTuple):
    """A section of a record before its rows are fetched.

    Attributes:
        heading: Its heading.
        rows: All rows; `sql.Rows` are counted by the database without fetching all of them.
        command: The command that lists all rows; None for `show --all`.
    """

    heading: str
    rows: Iterable[Any]
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a record, such as the stances of an entry; it has at least one row.

    Attributes:
        heading: Its heading.
        rows: Its rows, or the first of them.
        total: The number of all rows.
        command: The command that lists all rows.
    """

    heading: str
    rows: tuple[Any, ...]
    total: int
    command: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One record with its sections; empty fields and sections are left out.

    Attributes:
        title: The record type and the ref.
        table: The name of its table.
        record: All columns of the record by name, empty ones included, and the `participants` of
            an entry.
        fields: The labels and texts of the fields that are not empty.
        sections: The sections that are not empty.
        headings: The headings of all sections that such a record may have, in order.
    """

    title: str
    table: str
    record: dict[str, Any]
    fields: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssertedRow:
    """A stance of the entry shown."""

    proposition: str
    text: str
    value: int
    basis: str
    hedge: str | None
    condition: str | None
    likelihood: str | None
    confidence: str | None
    asserted_by: str
    rationale: str | None


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A figure of the entry shown."""

    measure: str
    text: str
    unit: str
    low: float | None
    high: float | None
    basis: str
    hedge: str | None
    condition: str | None
    asserted_by: str
    rationale: str | None


@dataclass(frozen=True, slots=True)
class BearingRow:
    """An entry that speaks for the one shown, or against it.

    Attributes:
        by: `words` (statements, commitments and windows), `deeds`, `sources` (claims) or
            `assessments`.
        how: For: `same side` of a proposition, `corroborates`, or both. Against: the class of the
            contradiction.
        status: Against: what judges say of the pair; None of what speaks for the entry.
        timing: Against: whether a deed surely falls into the time, where the class depends on it.
        days: Against: those from the subject of the pair to its counter.
        strength: That of the best ground, 1 or 2.
        basis: Against: that of the best ground.
        conditions: Against: on what a side depends.
        asserted_by: Every judge of a stance or link by which it speaks so.
        links: What judges recorded of the two to that effect, in words, each with its strength.
    """

    by: str
    ref: str
    actor: str
    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    summary: str
    how: str
    status: str | None
    timing: str | None
    days: int | None
    strength: int
    basis: str | None
    propositions: tuple[str, ...]
    measures: tuple[str, ...]
    conditions: tuple[str, ...]
    asserted_by: tuple[str, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """An entry linked to the one shown; `how` reads from the one shown to this one.

    Links by which an entry is shown to speak for it or against it are listed there.
    """

    how: str
    ref: str
    kind: str
    actor: str
    summary: str
    strength: int
    asserted_by: str
    rationale: str | None


@dataclass(frozen=True, slots=True)
class PartRow:
    """An entry in which the actor shown takes part without being its agent."""

    role: str
    ref: str
    kind: str
    actor: str
    summary: str


@dataclass(frozen=True, slots=True)
class SideRow:
    """A stance on the proposition shown, and the entry that takes it."""

    value: int
    entry: str
    kind: str
    actor: str
    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    basis: str
    hedge: str | None
    condition: str | None
    likelihood: str | None
    asserted_by: str
    summary: str
