"""What a page tells of the entries that it mentions, beside their own rows: names, texts, notes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TextIO

from sqlalchemy.orm import Session

from claimtrack import dates
from claimtrack.exchange.markup import Markup
from claimtrack.lookup import names_of
from claimtrack.query.filters import Filters
from claimtrack.reports.citations import CitationRow, citations_of
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.vocab import CitationRole


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry that is told of."""

    ref: str
    kind: str
    actor: str
    date_from: date | None
    date_to: date | None
    summary: str


def mention_of(row: Any) -> Mention:
    """Return the entry that a row has under the names of its columns."""
    return Mention(*(getattr(row, name) for name in Mention.__dataclass_fields__))


def end_of(pair: ContradictionRow, side: str) -> Mention:
    """Return the `subject` or the `counter` of a pair."""
    return Mention(*(getattr(pair, f"{side}_{name}") for name in Mention.__dataclass_fields__))


def quoted(words: str) -> str:
    """Return words in quotation marks, unless they begin and end with some of their own."""
    own = len(words) > 1 and words[0] in _MARKS and words[-1] in _MARKS
    return words if own else f"“{words}”"


_MARKS = '"“”„‟«»「」『』'


def told_days(entry: Any) -> str:
    """Return when an entry was, from its bounds."""
    return dates.format_span(entry.date_from, entry.date_to) or "undated"


@dataclass(frozen=True)
class Known:
    """What some entries, actors and propositions are called, and what the entries stand on."""

    actors: Mapping[str, str]
    propositions: Mapping[str, str]
    titles: Mapping[str, str]
    cited: Mapping[str, list[CitationRow]]

    def actor(self, ref: str) -> str:
        """Return an actor's name, with its ref where that is another."""
        name = self.actors.get(ref, ref)
        return name if name == ref else f"{name} ({ref})"


def known_of(
    session: Session,
    scope: Filters,
    entries: Iterable[str],
    actors: Iterable[str],
    propositions: Iterable[str] = (),
) -> Known:
    """Look up what is told of all of these; four statements for some hundred of each."""
    cited = citations_of(session, entries, scope)
    found = [row for rows in cited.values() for row in rows]
    publishers = {row.publisher for row in found}
    return Known(
        names_of(session, "actor", publishers.union(actors)),
        names_of(session, "proposition", propositions),
        names_of(session, "document", (row.document_ref for row in found)),
        cited,
    )


@dataclass
class Notes:
    """The notes of a page, each written when it is first marked in its part of the page."""

    markup: Markup
    out: TextIO
    count: int = 0
    _marked: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def begin_part(self) -> None:
        """Let the notes of the parts before be; what is cited again is told again."""
        self._marked.clear()

    def told(self, mention: Mention, known: Known) -> str:
        """Return who said or did what and when, with the marks of what it stands on."""
        text = self.markup.text
        by = f"{mention.kind} by {known.actor(mention.actor)}"
        who = f"{by}, {told_days(mention)}: {mention.summary}"
        ref, marks = self.markup.strong(text(mention.ref)), self.marks(mention.ref, known)
        return f"{ref}, {text(who)}{marks}"

    def marks(self, ref: str, known: Known) -> str:
        """Return the marks of the documents that an entry cites, apart: 3 and 4 are not 34."""
        before = self.count
        numbers = dict.fromkeys(self._number(row, known) for row in known.cited.get(ref, ()))
        return " ".join(self.markup.mark(number, first=number > before) for number in numbers)

    def _number(self, row: CitationRow, known: Known) -> int:
        key = (row.document_ref, row.role, row.via, row.label, row.exact)
        if key not in self._marked:
            self.count += 1
            self._marked[key] = self.count
            self.out.write(self.markup.note(self.count, self._note(row, known)))
        return self._marked[key]

    def _note(self, row: CitationRow, known: Known) -> str:
        text = self.markup.text
        ref = row.document_ref
        title = f"{known.titles[ref]} ({ref})" if ref in known.titles else ref
        told = f"{text(known.actor(row.publisher))}, {self.markup.link(row.url, text(title))}"
        if published := dates.format_published(row.published_from, row.published_to):
            told += f", {published}"
        if row.exact:
            told += text(f": {quoted(row.exact)}")
        if row.via or row.label:
            told += text(f"; found in {row.via or ref} {row.label}".rstrip())
        if row.role != CitationRole.PRIMARY:
            told += {CitationRole.RELAY: "; passes it on", CitationRole.SUPPORT: "; for context"}[
                CitationRole(row.role)
            ]
        return f"{told}."
