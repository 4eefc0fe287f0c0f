"""Why two entries oppose each other, or why they do not.

* The class of the pair comes with its rule (`weigh.classification.RULES`) and with the facts that
  met the rule, and so does the status.
* `figures` are the pairs of figures that cannot both be right; otherwise as `grounds`.
* `grounds` are the pairs of opposing stances, as each judge reads them, best first; `falls_away` is
  true for all of them if the times of the two entries exclude each other.
* `links` are the links between the two, in either direction: `contradicts` links are a ground,
  `reconciles` links decide the status.
* If the two entries do not oppose each other, `because` says why not.

The filters `known_by` and `asserted_by` apply as in the contradictions report. Superseded entries
and reconciled pairs are explained as well; `notes` says that the report leaves them out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.facts import EntryFacts, PairLinks, get_pair_links
from claimtrack.models import Actor, Document, Entry, Link, Topic
from claimtrack.query.display_values import EntrySummary
from claimtrack.query.figure_grounds import list_conflicts
from claimtrack.query.figure_readings import FigureReading, FigureReadings
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.query.stance_readings import Reading, Readings
from claimtrack.query.visibility import (
    any_link_in_scope,
    entry_was_public,
    superseding_link_in_scope,
)
from claimtrack.records import get
from claimtrack.reports.contradictions import ContradictionRow, PairReport
from claimtrack.reports.criteria_sentences import CriteriaSentences, describe_figure_period
from claimtrack.vocab import PairStatus
from claimtrack.weigh.chronology import comes_first
from claimtrack.weigh.classification import RULES, STATUSES, Pair, weigh_pair
from claimtrack.weigh.criteria import get_exclusive_topic
from claimtrack.weigh.opposition import (
    find_time_exclusion,
    list_stance_grounds,
)


@dataclass(frozen=True, slots=True)
class GroundRow:
    """Two stances that set two entries against each other, as two judges read them."""

    via: str
    topic: str | None
    """The exclusive topic, of whose propositions only one can be true."""
    strength: int
    basis: str
    falls_away: bool
    """Whether time keeps the two entries apart, so that it is no ground."""
    subject_proposition: str
    subject_text: str
    subject_value: int
    subject_basis: str
    subject_hedge: str | None
    subject_condition: str | None
    subject_likelihood: str | None
    subject_confidence: str | None
    subject_asserted_by: str
    subject_rationale: str | None
    subject_document: str | None
    counter_proposition: str
    counter_text: str
    counter_value: int
    counter_basis: str
    counter_hedge: str | None
    counter_condition: str | None
    counter_likelihood: str | None
    counter_confidence: str | None
    counter_asserted_by: str
    counter_rationale: str | None
    counter_document: str | None


@dataclass(frozen=True, slots=True)
class FigureGroundRow:
    """Two figures for one measure that cannot both be right, as their judges read them.

    `..._number` is the number as people write it, and `..._period` the period that it is of.
    """

    measure: str
    text: str
    unit: str
    strength: int
    basis: str
    falls_away: bool
    subject_number: str
    subject_period: str
    subject_basis: str
    subject_hedge: str | None
    subject_condition: str | None
    subject_asserted_by: str
    subject_rationale: str | None
    subject_document: str | None
    counter_number: str
    counter_period: str
    counter_basis: str
    counter_hedge: str | None
    counter_condition: str | None
    counter_asserted_by: str
    counter_rationale: str | None
    counter_document: str | None


@dataclass(frozen=True, slots=True)
class PairLinkRow:
    """What a judge recorded of two entries."""

    from_: str
    relation: str
    to: str
    strength: int
    asserted_by: str
    rationale: str | None
    document: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of a pair of entries.

    Attributes:
        subject: The subject of the pair, as in the contradictions report.
        counter: The counter.
        row: The row of that report; None if the two neither oppose each other nor are reconciled.
        opposed: Whether they oppose each other.
        rule: The rule of the class; None if they do not oppose each other.
        because: How the two meet the rule, or why they do not oppose each other.
        status_rule: The rule of the status; None if they do not oppose each other.
        timing_doubts: Why the timing is possible and not certain.
        times: How the times of the two relate.
        notes: Why reports leave the pair out, and what else to bear in mind.
    """

    subject: EntrySummary
    counter: EntrySummary
    row: ContradictionRow | None
    opposed: bool
    rule: str | None
    because: tuple[str, ...]
    status_rule: str | None
    timing_doubts: tuple[str, ...]
    times: str
    notes: tuple[str, ...]
    grounds: tuple[GroundRow, ...]
    figures: tuple[FigureGroundRow, ...]
    links: tuple[PairLinkRow, ...]


def explain(session: Session, one: str, other: str, filters: Filters | None = None) -> Explanation:
    """Return why two entries oppose each other, or why they do not; some twenty statements.

    Of the filters, only `known_by` and `asserted_by` apply.

    Raises:
        UnknownRef: There is no such entry; suggests refs that are spelled alike.
        InvalidValue: It is the same entry twice.
    """
    filters = filters or Filters()
    keys = [get(session, Entry, ref).id for ref in (one, other)]
    if keys[0] == keys[1]:
        raise InvalidValue("entry", other, f"another entry than {one!r}")
    report = PairReport(session, filters, PairFilters())
    facts = report.facts.load(keys)
    subject, counter = (facts[key] for key in keys)
    links = get_pair_links(subject, counter)
    if not comes_first(subject, counter):
        subject, counter = counter, subject
    return _Explaining(session, filters, report, links).explain(subject, counter)


class _Explaining:
    """Explains one pair of entries in a scope."""

    def __init__(
        self, session: Session, filters: Filters, report: PairReport, links: PairLinks
    ) -> None:
        self._session, self._filters, self._links = session, filters, links
        self._report, self._shown = report, report.shown
        self._words = CriteriaSentences(session, self._shown)

    def explain(self, subject: EntryFacts, counter: EntryFacts) -> Explanation:
        """Return the explanation of two entries, of which the first is the subject."""
        unknown = self._unknown(subject, counter)
        pair = None if unknown else weigh_pair(subject, counter, self._links)
        opposed = pair is not None and pair.opposition is not None
        shown = self._shown.entries.get_many([subject.id, counter.id])
        return Explanation(
            subject=shown[subject.id],
            counter=shown[counter.id],
            row=next(self._report.rows([pair])) if pair else None,
            opposed=opposed,
            rule=RULES[pair.klass] if pair and pair.klass else None,
            because=tuple(self._because(subject, counter, pair, unknown)),
            status_rule=STATUSES[pair.status] if pair and opposed else None,
            timing_doubts=tuple(self._words.of_doubts(pair)) if pair else (),
            times=self._words.of_times(subject, counter),
            notes=tuple(self._notes(subject, counter, pair)),
            grounds=tuple(self._grounds(subject, counter)),
            figures=tuple(self._figures(subject, counter)),
            links=tuple(self._recorded(subject, counter)),
        )

    def _because(
        self, subject: EntryFacts, counter: EntryFacts, pair: Pair | None, unknown: Sequence[str]
    ) -> Iterable[str]:
        """Return the sentences on why two entries oppose each other, or why they do not."""
        if unknown:
            return [f"{ref} was not known by {self._filters.known_by}" for ref in unknown]
        if pair is not None and pair.opposition is not None:
            return self._words.of_class(pair)
        return self._words.of_no_opposition(subject, counter)

    def _unknown(self, *entries: EntryFacts) -> list[str]:
        """Return the refs of the entries that were not public by `known_by`."""
        keys = [entry.id for entry in entries]
        public = select(Entry.id).where(Entry.id.in_(keys), *entry_was_public(Entry, self._filters))
        public_ids = set(self._session.scalars(public))
        return [entry.ref for entry in entries if entry.id not in public_ids]

    def _notes(self, subject: EntryFacts, counter: EntryFacts, pair: Pair | None) -> Iterator[str]:
        """Yield the sentences on what else decides whether reports show the pair."""
        if pair is not None and pair.opposition is None:
            names = self._words.actors(pair.reconciled_by)
            yield f"a judge has found the two compatible all the same: {names}"
        elif pair is not None and pair.status is PairStatus.RECONCILED:
            yield "reconciled: reports leave the pair out, but for --include-reconciled"
        if pair is not None and pair.opposition is not None and not pair.opposition.grounds:
            yield from self._words.of_falling_away(subject, counter)
        for entry in (subject, counter):
            newer = ", ".join(self._superseding(entry))
            if newer:
                left_out = "reports leave it out, but for --include-superseded"
                yield f"{entry.ref} is superseded by {newer}: {left_out}"
        if self._filters.asserted_by:
            judges = ", ".join(self._filters.asserted_by)
            yield f"only the stances, figures and links of {judges} count"

    def _superseding(self, entry: EntryFacts) -> list[str]:
        """Return the refs of the entries that supersede an entry."""
        link, newer = aliased(Link), aliased(Entry)
        query = (
            select(newer.ref)
            .join(link, link.from_id == newer.id)
            .where(*superseding_link_in_scope(link, entry.id, self._filters))
            .order_by(newer.ref)
        )
        return list(dict.fromkeys(self._session.scalars(query)))

    def _grounds(self, subject: EntryFacts, counter: EntryFacts) -> Iterator[GroundRow]:
        """Yield one row per ground of the opposition, the strongest first."""
        found = sorted(
            list_stance_grounds(subject, counter),
            key=lambda ground: (-ground.strength, not ground.explicit),
        )
        falls_away = find_time_exclusion(subject, counter) is not None
        readings = self._readings(subject, counter)
        topics = self._topics(
            {key for ground in found if (key := get_exclusive_topic(ground)) is not None}
        )
        for ground in found:
            mine, theirs = (
                readings[entry.id, stance.proposition, stance.judge]
                for entry, stance in ((subject, ground.one), (counter, ground.other))
            )
            yield GroundRow(
                ground.via.value,
                topics.get(get_exclusive_topic(ground)),
                ground.strength,
                "explicit" if ground.explicit else "inferred",
                falls_away,
                *_columns_of(mine),
                *_columns_of(theirs),
            )

    def _figures(self, subject: EntryFacts, counter: EntryFacts) -> Iterator[FigureGroundRow]:
        falls_away = find_time_exclusion(subject, counter) is not None
        readings = FigureReadings(self._session, self._filters)
        for ground, mine, theirs in list_conflicts(readings, subject, counter):
            yield FigureGroundRow(
                mine.measure,
                mine.text,
                mine.unit,
                ground.strength,
                "explicit" if ground.explicit else "inferred",
                falls_away,
                *_figure_columns(mine, describe_figure_period(subject, ground.one)),
                *_figure_columns(theirs, describe_figure_period(counter, ground.other)),
            )

    def _readings(self, *entries: EntryFacts) -> dict[tuple[int, int, int], Reading]:
        found = Readings(self._session, self._filters).entries.get_many(one.id for one in entries)
        return {(entry, *one.key): one for entry, readings in found.items() for one in readings}

    def _topics(self, keys: set[int]) -> dict[int | None, str]:
        if not keys:
            return {}
        query = select(Topic.id, Topic.ref).where(Topic.id.in_(keys))
        return {row.id: row.ref for row in self._session.execute(query)}

    def _recorded(self, *entries: EntryFacts) -> Iterator[PairLinkRow]:
        """Yield the links between two entries that are in scope, in the order of `link list`."""
        first, second, judge, document = (aliased(one) for one in (Entry, Entry, Actor, Document))
        keys = [entry.id for entry in entries]
        query = (
            select(first.ref, Link.relation, second.ref, Link.strength, judge.ref)
            .add_columns(Link.rationale, document.ref)
            .join(first, first.id == Link.from_id)
            .join(second, second.id == Link.to_id)
            .join(judge, judge.id == Link.asserted_by_id)
            .outerjoin(document, document.id == Link.document_id)
            .where(Link.from_id.in_(keys), Link.to_id.in_(keys))
            .where(any_link_in_scope(Link, self._filters))
            .order_by(first.ref, second.ref, Link.relation, judge.ref)
        )
        for row in self._session.execute(query):
            yield PairLinkRow(*row)


def _figure_columns(reading: FigureReading, period: str) -> tuple[Any, ...]:
    return (
        reading.number,
        period,
        reading.basis,
        reading.hedge,
        reading.condition,
        reading.asserted_by,
        reading.rationale,
        reading.document,
    )


def _columns_of(reading: Reading) -> tuple[Any, ...]:
    """Return the columns of `GroundRow` for one side."""
    return (
        reading.proposition,
        reading.text,
        reading.value,
        reading.basis,
        reading.hedge,
        reading.condition,
        reading.likelihood,
        reading.confidence,
        reading.asserted_by,
        reading.rationale,
        reading.document,
    )
