"""The lists, records and searches of a casebook as methods."""

from collections.abc import Mapping
from typing import Any, Unpack

from claimtrack.api.base import Reading, entry_filters
from claimtrack.api.keywords import EntryKeywords
from claimtrack.api.rows import Rows, Words
from claimtrack.errors import InvalidValue, Usage
from claimtrack.lookup import (
    ActorRow,
    DocumentRow,
    EntryRow,
    GivenFigureRow,
    GradeRow,
    LinkRow,
    MeasureRow,
    PropositionRow,
    SearchRow,
    Shown,
    StanceRow,
    StatusRow,
    TopicRow,
    kinds_of,
    list_records,
    row_type,
    search,
    show,
    status,
)
from claimtrack.query.filters import resolve_refs
from claimtrack.query.options import LIMIT


class Records(Reading):
    """The methods that list, show and search the records of a casebook."""

    def _list(self, noun: str, filters: Mapping[str, Any]) -> Rows[Any]:
        entries = entry_filters(filters)
        return self._rows(
            row_type(noun),
            lambda session: list_records(session, noun, resolve_refs(session, entries)),
        )

    def list_actors(self, **filters: Unpack[EntryKeywords]) -> Rows[ActorRow]:
        """Return the actors, one row each, by ref."""
        return self._list("actor", filters)

    def list_documents(self, **filters: Unpack[EntryKeywords]) -> Rows[DocumentRow]:
        """Return the documents, one row each, by ref."""
        return self._list("document", filters)

    def list_topics(self, **filters: Unpack[EntryKeywords]) -> Rows[TopicRow]:
        """Return the topics, one row each, by ref."""
        return self._list("topic", filters)

    def list_propositions(self, **filters: Unpack[EntryKeywords]) -> Rows[PropositionRow]:
        """Return the propositions, one row each, by ref."""
        return self._list("proposition", filters)

    def list_entries(self, **filters: Unpack[EntryKeywords]) -> Rows[EntryRow]:
        """Return the entries, one row each, by ref; `kind="claim"` lists the claims alone."""
        return self._list("entry", filters)

    def list_stances(self, **filters: Unpack[EntryKeywords]) -> Rows[StanceRow]:
        """Return the stances, one row each, by entry, proposition and judge."""
        return self._list("stance", filters)

    def list_measures(self, **filters: Unpack[EntryKeywords]) -> Rows[MeasureRow]:
        """Return the measures, one row each, by ref."""
        return self._list("measure", filters)

    def list_figures(self, **filters: Unpack[EntryKeywords]) -> Rows[GivenFigureRow]:
        """Return the figures, one row each, by entry, measure and judge."""
        return self._list("figure", filters)

    def list_links(self, **filters: Unpack[EntryKeywords]) -> Rows[LinkRow]:
        """Return the links, one row each, by the refs of both entries, relation and judge."""
        return self._list("link", filters)

    def list_grades(self, **filters: Unpack[EntryKeywords]) -> Rows[GradeRow]:
        """Return the grades, one row each, by entry, day and rater."""
        return self._list("grade", filters)

    def show(self, ref: str, *, noun: str | None = None) -> Shown:
        """Return one record with its sections, such as the stances and citations of an entry.

        Args:
            ref: Its ref.
            noun: Its record type, such as `claim`; needed only if records of several types have
                the ref.

        Raises:
            UnknownRef: No record has the ref.
            Usage: Records of several types have the ref.
        """
        with self.access.reading() as session:
            found = [noun] if noun else kinds_of(session, ref)
            if len(found) > 1:
                raise Usage(f"{' and '.join(found)} share the ref {ref!r}: choose one with noun=")
            return show(session, found[0] if found else "entry", ref)

    def search(self, words: str, *, kind: Words = (), limit: int | None = None) -> Rows[SearchRow]:
        """Return the records that contain all the words, the best match first.

        If no record does, those that contain some of them; the column `matched` says which.

        Args:
            words: Words, phrases in quotation marks, or refs; `OR` between alternatives, a hyphen
                before what to leave out.
            kind: The record types to search; all if empty.
            limit: The greatest number of rows; None for all.
        """
        if not isinstance(words, str):
            raise InvalidValue("search words", str(words), "a text")
        kinds = [kind] if isinstance(kind, str) else list(kind)
        most = None if limit is None else LIMIT.read(limit)
        return self._rows(
            SearchRow, lambda session: search(session, words, kinds=kinds, limit=most)
        )

    def status(self) -> StatusRow:
        """Return the version of the casebook, the number of records, and the head of the log."""
        with self.access.reading() as session:
            return status(session)
