"""The entries that agree with an entry.

One row per entry and other entry that agrees with it (`weigh.opposition.find_agreement`), by their
refs.

* `strength` is that of the best pair of stances, which is as strong as the weaker of the two; that
  of a link only if there is no such pair.
* `propositions` are those on which both take the same side (and their times do not exclude each
  other). `corroborates` says whether a judge links the two so. `asserted_by` lists all judges of
  these stances and links.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from claimtrack.db import Session
from claimtrack.facts import EntryFacts, get_pair_links
from claimtrack.models import Entry
from claimtrack.query.agreement_candidates import select_agreement_candidates
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import Filters
from claimtrack.sql import batches, stream
from claimtrack.weigh.opposition import Agreement, find_agreement


@dataclass(frozen=True, slots=True)
class AffirmationRow:
    """An entry, and another that speaks for it."""

    entry: str
    ref: str
    kind: str
    actor: str
    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    summary: str
    strength: int
    corroborates: bool
    propositions: tuple[str, ...]
    asserted_by: tuple[str, ...]


def affirmations(
    session: Session, scope: Filters, *conditions: ColumnElement[bool], most: int | None = None
) -> Iterator[AffirmationRow]:
    """Yield the entries that agree with those that meet conditions on `Entry`, by the two refs.

    Sends one statement for the candidates, and for each batch of pairs those that fetch facts and
    values for display; memory does not grow with the number of pairs. With `most`, yields at most
    so many rows for each entry, and sends one more statement for an entry of whose first candidates
    some do not agree.
    """
    report = _Report(session, scope)
    found = report.weighed(stream(session, select_agreement_candidates(scope, most, *conditions)))
    if most is not None:
        found = report.first(found, most)
    return report.rows(found)


class _Candidate(NamedTuple):
    """An entry, a candidate, and by what the two agree; None if they do not."""

    entry: EntryFacts
    other: EntryFacts
    agreement: Agreement | None


class _Report:
    """Weighs candidate pairs in a scope and makes the rows of the report."""

    def __init__(self, session: Session, scope: Filters) -> None:
        self._session, self._scope = session, scope
        self._facts = FactsLoader(session, scope, evidence=False)
        self._shown = DisplayValues(session, scope, self._facts.actors)

    def weighed(self, candidates: Iterator[Any]) -> Iterator[_Candidate]:
        """Yield the candidates, which are rows of two keys, each with its agreement, in order."""
        for batch in batches(candidates):
            keys = {key for pair in batch for key in pair}
            facts = self._facts.load(keys)
            for one, other in batch:
                entry, near = facts[one], facts[other]
                yield _Candidate(
                    entry, near, find_agreement(entry, near, get_pair_links(entry, near))
                )

    def first(self, found: Iterator[_Candidate], most: int) -> Iterator[_Candidate]:
        """Yield the first entries that agree with each entry.

        If too few of its first candidates agree, all of them are selected.
        """
        for key, pairs in groupby(found, key=lambda pair: pair.entry.id):
            candidates = list(pairs)
            agreeing = [pair for pair in candidates if pair.agreement]
            if len(agreeing) < len(candidates) == most:
                every = stream(
                    self._session, select_agreement_candidates(self._scope, None, Entry.id == key)
                )
                agreeing = list(islice((one for one in self.weighed(every) if one.agreement), most))
            yield from agreeing

    def rows(self, found: Iterable[_Candidate]) -> Iterator[AffirmationRow]:
        """Yield a row for each pair that agrees."""
        agreeing = (
            (pair.entry.ref, pair.other.id, pair.agreement)
            for pair in found
            if pair.agreement is not None
        )
        for batch in batches(agreeing):
            shown = self._shown.entries.get_many(other for _, other, _ in batch)
            propositions = self._shown.propositions.get_many(
                key for *_, by in batch for key in by.propositions
            )
            for entry, key, by in batch:
                other = shown[key]
                yield AffirmationRow(
                    entry=entry,
                    ref=other.ref,
                    kind=other.kind,
                    actor=other.actor,
                    date_from=other.date_from,
                    date_to=other.date_to,
                    time_from=other.time_from,
                    time_to=other.time_to,
                    summary=other.summary,
                    strength=by.strength,
                    corroborates=bool(by.links),
                    propositions=tuple(sorted(propositions[one] for one in by.propositions)),
                    asserted_by=tuple(sorted(self._shown.actors[one] for one in by.judges)),
                )
