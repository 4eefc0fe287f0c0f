"""A casebook as an object: every report, list and search as a typed method."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, Unpack, cast

from claimtrack.api.access import Access, veiled
from claimtrack.api.change import Change
from claimtrack.api.copying import backup, restore
from claimtrack.api.keywords import (
    ClaimKeywords,
    CountingKeywords,
    EntryKeywords,
    OtherKeywords,
    PairKeywords,
)
from claimtrack.api.rows import Rows, Words
from claimtrack.beside import whole_file
from claimtrack.changes import warnings
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, MissingFile, NotEmpty, Usage
from claimtrack.exchange.dossier import LoadReport, LoadRow, dump, load
from claimtrack.history import Anchor
from claimtrack.lookup import (
    ActorRow,
    DocumentRow,
    EntryRow,
    GradeRow,
    LinkRow,
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
from claimtrack.query.filters import Filters, checked
from claimtrack.query.narrowing import PairFilters, checked_pairs
from claimtrack.query.options import (
    CLAIMS,
    COUNTING,
    LIMIT,
    PAGE,
    PAIRS,
    SCOPE,
    FilterOption,
    read_options,
)
from claimtrack.reports import (
    citations,
    claims,
    contradictions,
    corroboration,
    coverage,
    explanation,
    hypotheses,
    positions,
    track_record,
    windows,
)
from claimtrack.reports.check import check
from claimtrack.reports.citations import CitationRow
from claimtrack.reports.claims import ClaimFilters, ClaimRow
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.corroboration import CorroborationRow
from claimtrack.reports.coverage import CoverageRow, OmissionRow
from claimtrack.reports.explanation import Explanation
from claimtrack.reports.findings import Finding
from claimtrack.reports.hypotheses import SumRow
from claimtrack.reports.positions import PositionRow
from claimtrack.reports.track_record import TrackRecordRow
from claimtrack.reports.windows import WindowRow

P = ParamSpec("P")
RowT = TypeVar("RowT")

_ENTRIES = (*SCOPE, *PAGE)


def open_casebook(
    name: str | Path, *, author: str | None = None, include_protected: bool = False
) -> "Casebook":
    """Open a casebook, which must be there.

    Args:
        name: A path (SQLite), a URL (`postgresql://...`) or libpq's NAME=VALUE pairs.
        author: Whom the log names as the author of changes; needed to make any.
        include_protected: Whether protected sources and documents are named; else they appear
            under a pseudonym.

    Raises:
        NoDatabase: there is no casebook.
        SchemaMismatch: it is of an older or a newer version.
        StorageFailure: it cannot be reached.
    """
    casebook = Casebook(name, author=author, include_protected=include_protected)
    casebook.status()
    return casebook


class Casebook:
    """A casebook: its reports, lists and records, and changes of it.

    Each call is one transaction, which sees one consistent state. The filters are those of the
    commands, as keyword arguments with an underscore for each hyphen: `known_by="2024-01-26"`.
    Where a filter can be repeated, one value or several are taken.

    Every method raises `InvalidValue` for a value that means nothing, and `UnknownRef` for a ref
    that names nothing.
    """

    def __init__(
        self, name: str | Path, *, author: str | None = None, include_protected: bool = False
    ) -> None:
        self._author = author
        self._is_changing = False
        self._access: Access | None = Access(
            str(name), author=author or "unknown", include_protected=include_protected
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the casebook: nothing more can be asked of it. Rows remain."""
        self._access = None

    @property
    def access(self) -> Access:
        """How it is read and written.

        Raises:
            Usage: it is closed.
        """
        if self._access is None:
            raise Usage("the casebook is closed: open it again with open_casebook")
        return self._access

    def _rows(
        self, row_type: type | Sequence[str], find: Callable[[Session], Iterable[RowT]]
    ) -> Rows[RowT]:
        """Return all rows that `find` finds in one transaction."""
        with self.access.reading() as session:
            return Rows(row_type, find(session))

    def iterate(
        self, report: Callable[P, Rows[RowT]], *args: P.args, **filters: P.kwargs
    ) -> Iterator[RowT]:
        """Yield the rows of a report or list one by one, without holding all of them.

        The transaction ends with the last row, or when the iterator is closed.

            for row in casebook.iterate(casebook.contradictions, topic="nato"):
                ...

        Args:
            report: A method of this casebook that returns rows.
            *args: Its arguments.
            **filters: Its filters.
        """
        streaming = _Streaming(self.access)
        method: Any = report
        if getattr(method, "__self__", None) is not self or method.__name__ in _NO_ROWS:
            raise Usage("iterate takes a report or list of this casebook, as in casebook.claims")
        return cast(Iterator[RowT], method.__func__(streaming, *args, **filters))

    # --- reports ----------------------------------------------------------------------------------

    def contradictions(self, **filters: Unpack[PairKeywords]) -> Rows[ContradictionRow]:
        """Return who is contradicted by whom: one row per pair, by subject_ref, counter_ref."""

        def find(session: Session) -> Iterable[ContradictionRow]:
            pairs = PairFilters(**_read(PAIRS, filters, also=_ENTRIES))
            wanted = _filters(session, filters, also=PAIRS)
            return contradictions.contradictions(session, wanted, checked_pairs(session, pairs))

        return self._rows(ContradictionRow, find)

    def pair(self, one: str, other: str, **filters: Unpack[CountingKeywords]) -> Explanation:
        """Return why two entries oppose each other, or why they do not."""
        with self.access.reading() as session:
            wanted = _filters(session, filters, options=COUNTING)
            return explanation.explain(session, one, other, wanted)

    def claims(self, **filters: Unpack[ClaimKeywords]) -> Rows[ClaimRow]:
        """Return how each claim stands: one row per claim, contested ones first, then by ref."""

        def find(session: Session) -> Iterable[ClaimRow]:
            standing = ClaimFilters(**_read(CLAIMS, filters, also=_ENTRIES))
            return claims.claims(session, _filters(session, filters, also=CLAIMS), standing)

        return self._rows(ClaimRow, find)

    def citations(self, **filters: Unpack[EntryKeywords]) -> Rows[CitationRow]:
        """Return the footnotes: one row per citation, by entry."""
        return self._rows(
            CitationRow,
            lambda session: citations.citations(session, _filters(session, filters)),
        )

    def positions(
        self, *, anonymous: bool = False, **filters: Unpack[EntryKeywords]
    ) -> Rows[PositionRow]:
        """Return what actors held on record: one row per stance, by date, entry and proposition.

        Args:
            anonymous: Whether claims of anonymous sources are words like others.
            **filters: Which entries.
        """
        if not isinstance(anonymous, bool):
            raise InvalidValue("anonymous", str(anonymous), "True or False")
        return self._rows(
            PositionRow,
            lambda session: positions.positions(
                session, _filters(session, filters), anonymous=anonymous
            ),
        )

    def coverage(self, principal: str, **filters: Unpack[OtherKeywords]) -> Rows[CoverageRow]:
        """Return which topics a principal's sources addressed: one row per topic and source."""

        def find(session: Session) -> Iterable[CoverageRow]:
            wanted, ref = _of_principal(session, principal, filters)
            return coverage.coverage(session, wanted, principal=ref)

        return self._rows(CoverageRow, find)

    def omissions(self, principal: str, **filters: Unpack[OtherKeywords]) -> Rows[OmissionRow]:
        """Return the topics on which a principal's anonymous sources are silent, by topic."""

        def find(session: Session) -> Iterable[OmissionRow]:
            wanted, ref = _of_principal(session, principal, filters)
            return coverage.omissions(session, wanted, principal=ref)

        return self._rows(OmissionRow, find)

    def windows(self, **filters: Unpack[EntryKeywords]) -> Rows[WindowRow]:
        """Return which claims and statements fall in which decision window: one row for each."""
        return self._rows(
            WindowRow, lambda session: windows.windows(session, _filters(session, filters))
        )

    def hypotheses(self, *names: str, **filters: Unpack[EntryKeywords]) -> Rows[tuple[Any, ...]]:
        """Return the evidence on competing hypotheses: one row per entry, a column for each.

        Args:
            *names: The refs of propositions, or of one exclusive topic.
            **filters: Which entries.
        """
        columns: list[str] = []
        if not all(isinstance(name, str) for name in names):
            raise InvalidValue("hypothesis", str(names), "refs, one argument each")

        def find(session: Session) -> Iterable[tuple[Any, ...]]:
            matrix = hypotheses.hypotheses(session, names, _filters(session, filters))
            columns.extend(matrix.columns)
            return (tuple(row.values()) for row in matrix.rows)

        return self._rows(columns, find)

    def hypothesis_sums(self, *names: str, **filters: Unpack[EntryKeywords]) -> Rows[SumRow]:
        """Return what speaks against each hypothesis: one row for each, in the order of names."""

        def find(session: Session) -> Iterable[SumRow]:
            wanted = _filters(session, filters)
            matrix = hypotheses.hypotheses(session, names, wanted)
            return hypotheses.sums(session, matrix.hypotheses, wanted)

        return self._rows(SumRow, find)

    def corroboration(self, **filters: Unpack[EntryKeywords]) -> Rows[CorroborationRow]:
        """Return who affirms and who denies each proposition: one row for each."""
        return self._rows(
            CorroborationRow,
            lambda session: corroboration.corroboration(session, _filters(session, filters)),
        )

    def track_record(self, **filters: Unpack[EntryKeywords]) -> Rows[TrackRecordRow]:
        """Return how many resolved propositions each source got right: one row per source."""
        return self._rows(
            TrackRecordRow,
            lambda session: track_record.track_record(session, _filters(session, filters)),
        )

    def check(self) -> Rows[Finding]:
        """Return what looks wrong in the casebook: one row per finding, errors first."""
        return self._rows(Finding, check)

    # --- records ----------------------------------------------------------------------------------

    def _list(self, noun: str, filters: Mapping[str, Any]) -> Rows[Any]:
        return self._rows(
            row_type(noun),
            lambda session: list_records(session, noun, _filters(session, filters)),
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

    def list_links(self, **filters: Unpack[EntryKeywords]) -> Rows[LinkRow]:
        """Return the links, one row each, by their ends, relation and judge."""
        return self._list("link", filters)

    def list_grades(self, **filters: Unpack[EntryKeywords]) -> Rows[GradeRow]:
        """Return the grades, one row each, by entry, day and rater."""
        return self._list("grade", filters)

    def show(self, ref: str, *, noun: str | None = None) -> Shown:
        """Return one record with what belongs to it.

        Args:
            ref: Its ref.
            noun: Its record type, such as `claim`; needed where several share the ref.

        Raises:
            UnknownRef: there is none.
            Usage: several record types have the ref.
        """
        with self.access.reading() as session:
            found = [noun] if noun else kinds_of(session, ref)
            if len(found) > 1:
                raise Usage(f"{' and '.join(found)} share the ref {ref!r}: say which with noun=")
            return show(session, found[0] if found else "entry", ref)

    def search(self, words: str, *, kind: Words = (), limit: int | None = None) -> Rows[SearchRow]:
        """Return the records that have all the words, best first.

        Args:
            words: Words, phrases in quotation marks, refs.
            kind: The record types to search; all, if empty.
            limit: The most rows.
        """
        if not isinstance(words, str):
            raise InvalidValue("search words", str(words), "a text")
        kinds = [kind] if isinstance(kind, str) else list(kind)
        most = None if limit is None else LIMIT.read(limit)
        return self._rows(
            SearchRow, lambda session: search(session, words, kinds=kinds, limit=most)
        )

    def status(self) -> StatusRow:
        """Return the version of the casebook and what it holds."""
        with self.access.reading() as session:
            return status(session)

    # --- changes ----------------------------------------------------------------------------------

    @contextmanager
    def change(self, message: str | None = None, *, dry_run: bool = False) -> Iterator[Change]:
        """Open a change: one transaction and one entry of the log, or nothing at all on an error.

            with casebook.change("coding of 26 January") as change:
                change.add_claim("...", actor="SRC-1", date="2024-01-25")

        Args:
            message: Why, for the log.
            dry_run: Whether all is checked, and nothing is written.

        Raises:
            Usage: the casebook was opened without an author.
        """
        if self._is_changing:
            raise Usage("a change of this casebook is open already: end it first")
        with self._writing(message, dry_run=dry_run, explained=False) as session:
            change = Change(session, self.access)
            self._is_changing = True
            try:
                yield change
            finally:
                self._is_changing = False
            change.warnings = _warnings(session)

    @contextmanager
    def _writing(
        self, message: str | None, *, dry_run: bool, explained: bool = True
    ) -> Iterator[Session]:
        if not self._author:
            raise Usage("a change needs an author: open_casebook(..., author='your name')")
        opened = self.access.writing(message, dry_run=dry_run, explained=explained)
        with opened as session:
            yield session

    def load(
        self, *dossiers: str | Path, message: str | None = None, dry_run: bool = False
    ) -> LoadReport:
        """Read dossiers, all or nothing; safe to repeat. Return what was added and changed.

        Raises:
            InvalidRecords: something in them is wrong; names every place.
        """
        if not dossiers:
            raise Usage("there is nothing to load: name at least one dossier")
        protected = self.access.include_protected
        with self._writing(message, dry_run=dry_run) as session:
            report = load(session, [Path(one) for one in dossiers], include_protected=protected)
            return replace(
                report,
                rows=tuple(_shown(session, row) for row in report.rows),
                warnings=_warnings(session),
            )

    def dump(self, path: str | Path) -> None:
        """Write the whole casebook as one dossier into a new file, which only its owner can read.

        Raises:
            NotEmpty: there is a file already.
        """
        place = _new_file(path)
        with (
            self.access.reading() as session,
            whole_file(place) as file,
            TextIOWrapper(file, "utf-8", newline="") as text,
        ):
            dump(session, text)

    def backup(self, path: str | Path) -> Anchor:
        """Write a copy of the casebook, log included, into a new file, and return its anchor."""
        return backup(self.access, _new_file(path))

    def restore(self, path: str | Path, *, replace: bool = False) -> Anchor:
        """Write a backup into this database, and return its anchor."""
        return restore(Path(path), self.access.database, replace=replace)


_NO_ROWS = frozenset(
    {"backup", "change", "close", "dump", "iterate", "load", "pair", "restore", "show", "status"}
)
"""The methods that return no rows."""


class _Streaming(Casebook):
    """The same reports, whose rows stream."""

    def __init__(self, access: Access) -> None:
        self._author, self._is_changing, self._access = None, False, access

    def _rows(
        self, row_type: type | Sequence[str], find: Callable[[Session], Iterable[RowT]]
    ) -> Rows[RowT]:
        def streamed() -> Iterator[RowT]:
            with self.access.reading() as session:
                yield from find(session)

        return cast(Rows[RowT], streamed())


def _new_file(path: str | Path) -> Path:
    """Return the path of a file that is to be written.

    Raises:
        MissingFile: there is no such folder.
        NotEmpty: there is a file already.
    """
    place = Path(path)
    if place.exists():
        raise NotEmpty(f"{place} is there already: name a new file")
    if not place.parent.is_dir():
        raise MissingFile(f"there is no folder {place.parent}: make it first")
    return place


def _warnings(session: Session) -> tuple[str, ...]:
    return tuple(map(session.state.veil, warnings(session)))


def _shown(session: Session, row: LoadRow) -> LoadRow:
    """Return what became of a row, without what the session withholds."""
    veil = session.state.veil
    fields = (
        replace(one, old=veiled(veil, one.old), new=veiled(veil, one.new)) for one in row.fields
    )
    return replace(row, key=veil.key(row.table, row.key), fields=tuple(fields))


def _read(
    options: Iterable[FilterOption],
    filters: Mapping[str, Any],
    *,
    also: Iterable[FilterOption] = (),
) -> dict[str, Any]:
    """Return what filters set, by attribute; `also` names further filters that may be there.

    Raises:
        Usage: there is no such filter.
    """
    options = tuple(options)
    known = {option.keyword for option in (*options, *also)}
    for name in filters:
        if name not in known:
            raise Usage(f"there is no filter {name!r}: expected one of {', '.join(sorted(known))}")
    return read_options(options, filters)


def _filters(
    session: Session,
    filters: Mapping[str, Any],
    *,
    options: Iterable[FilterOption] = _ENTRIES,
    also: Iterable[FilterOption] = (),
) -> Filters:
    """Return filters whose names are all refs that exist."""
    return checked(session, Filters(**_read(options, filters, also=also)))


def _of_principal(
    session: Session, principal: str, filters: Mapping[str, Any]
) -> tuple[Filters, str]:
    """Return filters without their principal, and the ref of a principal."""
    if not isinstance(principal, str) or not principal:
        raise InvalidValue("principal", str(principal), "the ref of an actor")
    named = checked(session, Filters(principal=principal))
    return _filters(session, filters), str(named.principal)
