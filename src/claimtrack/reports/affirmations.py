"""What speaks for an entry: who else takes its side, and whom a judge links as corroborating it.

One row per entry and other entry that agrees with it (`weigh.opposition.agreement`), by their refs.

* `strength` is that of the best pair of stances on one side, each as strong as the weaker of the
  two; a link decides only when it stands alone.
* `propositions` are those on which both take one side and nothing keeps them apart, `corroborates`
  is whether a judge links them; `asserted_by` lists every judge of such a stance or link.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
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
    summary: str
    strength: int
    corroborates: bool
    propositions: tuple[str, ...]
    asserted_by: tuple[str, ...]


def affirmations(
    session: Session, scope: Filters, *conditions: ColumnElement[bool], most: int | None = None
) -> Iterator[AffirmationRow]:
    """Stream what speaks for the entries of which conditions on `Entry` hold.

    Sends one statement that finds who may agree with them, and for each batch of pairs those that
    fetch facts, links and what is shown; memory does not grow with their number. With `most`, of
    each entry so many rows at most: where some of the first do not agree, one statement more for
    that entry.
    """
    report = _Report(session, scope)
    found = report.weighed(stream(session, select_agreement_candidates(scope, most, *conditions)))
    if most is not None:
        found = report.first(found, most)
    return report.rows(found)


class _Found(NamedTuple):
    """An entry, another that may agree with it, and by what it does; None where it does not."""

    entry: EntryFacts
    other: EntryFacts
    agreement: Agreement | None


class _Report:
    """Who agrees with whom, as far as it counts in a scope, and the rows that are made of that."""

    def __init__(self, session: Session, scope: Filters) -> None:
        self._session, self._scope = session, scope
        self._facts = FactsLoader(session, scope, evidence=False)
        self._shown = DisplayValues(session, scope, self._facts.actors)

    def weighed(self, candidates: Iterator[Any]) -> Iterator[_Found]:
        """Yield pairs of entries that are candidates, two keys each, in their order."""
        for batch in batches(candidates):
            keys = {key for pair in batch for key in pair}
            facts = self._facts.load(keys)
            for one, other in batch:
                entry, near = facts[one], facts[other]
                yield _Found(entry, near, find_agreement(entry, near, get_pair_links(entry, near)))

    def first(self, found: Iterator[_Found], most: int) -> Iterator[_Found]:
        """Yield of each entry the first that agree with it, of candidates that are its first."""
        for key, pairs in groupby(found, key=lambda pair: pair.entry.id):
            candidates = list(pairs)
            agreeing = [pair for pair in candidates if pair.agreement]
            if len(agreeing) < len(candidates) == most:
                every = stream(
                    self._session, select_agreement_candidates(self._scope, None, Entry.id == key)
                )
                agreeing = list(islice((one for one in self.weighed(every) if one.agreement), most))
            yield from agreeing

    def rows(self, found: Iterable[_Found]) -> Iterator[AffirmationRow]:
        """Yield the rows of the pairs that agree."""
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
                    summary=other.summary,
                    strength=by.strength,
                    corroborates=bool(by.links),
                    propositions=tuple(sorted(propositions[one] for one in by.propositions)),
                    asserted_by=tuple(sorted(self._shown.actors[one] for one in by.judges)),
                )
