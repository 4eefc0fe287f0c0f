"""The footnotes of a briefing: one for each document, marked wherever it is cited."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from claimtrack import dates
from claimtrack.exchange.exports.briefing.lookups import Lookups, Source, quoted
from claimtrack.exchange.exports.briefing.markup import Markup
from claimtrack.reports.citations import CitationRow
from claimtrack.vocab import CitationRole, Wording

_ROLES = {
    CitationRole.PRIMARY: "",
    CitationRole.RELAY: "passed on by",
    CitationRole.SUPPORT: "for context",
}


@dataclass
class Footnotes:
    """Writes a note for each document when it is first marked, to a file of their own.

    Memory grows with the number of cited documents, by their refs and numbers alone.
    """

    markup: Markup
    out: TextIO
    _numbers: dict[str, int] = field(default_factory=dict)

    def marks(self, entry: str, lookups: Lookups) -> str:
        """Return the marks for what an entry cites; those of primary documents first.

        In brackets, separated: 3 and 4 must not read as 34.
        """
        shows, *others = (
            " ".join(filter(None, [words, self._marks(rows, lookups)])) if rows else ""
            for words, rows in self._by_role(entry, lookups)
        )
        more = "; ".join(filter(None, others))
        return f"{shows} ({more})" if more else shows

    def sources(self, entry: str, lookups: Lookups) -> str:
        """Return the marks for what an entry cites, with the role of each document.

        Primary documents first, then relays, then support; each with its quoted passages and the
        note through which it was found.
        """
        several: dict[tuple[str, str], list[CitationRow]] = {}
        for words, of_role in self._by_role(entry, lookups):
            for row in of_role:
                several.setdefault((words, _found_in(row)), []).append(row)
        parts = (
            [words, self._marks(rows, lookups, quoting=True), self.markup.text(found_in)]
            for (words, found_in), rows in several.items()
        )
        return "; ".join(" ".join(filter(None, part)) for part in parts)

    def _by_role(self, entry: str, lookups: Lookups) -> Iterator[tuple[str, list[CitationRow]]]:
        """Yield the citations of an entry in each role, with the name of the role."""
        for role, words in _ROLES.items():
            yield words, [row for row in lookups.cited.get(entry, ()) if row.role == role]

    def _marks(
        self, rows: Iterable[CitationRow], lookups: Lookups, *, quoting: bool = False
    ) -> str:
        sources: dict[Source, list[str]] = {}
        for row in rows:
            quotations = sources.setdefault(lookups.sources[row.document_ref], [])
            if quoting and row.exact:
                quotations.append(_quotation(row))
        return " ".join(
            " ".join(
                [self._mark(source, lookups), *map(self.markup.text, dict.fromkeys(quotations))]
            )
            for source, quotations in sources.items()
        )

    def _mark(self, source: Source, lookups: Lookups) -> str:
        first = source.ref not in self._numbers
        number = self._numbers.setdefault(source.ref, len(self._numbers) + 1)
        if first:
            self.out.write(self.markup.note(number, self._note(source, lookups)))
        return self.markup.mark(number, first=first)

    def _note(self, source: Source, lookups: Lookups) -> str:
        text = self.markup.text
        title = f"{source.title} ({source.ref})" if source.title else source.ref
        parts = [text(lookups.actor(source.publisher)), self.markup.link(source.url, text(title))]
        if published := dates.format_published(source.published_from, source.published_to):
            parts.append(published)
        others = "".join(f"; also at {self.markup.link(url, text(url))}" for url in source.others)
        return f"{', '.join(parts)}{others}."


def _found_in(row: CitationRow) -> str:
    """Return the document and note through which a document was found; empty if none."""
    if not (row.via or row.label):
        return ""
    return f"(found in {row.via or row.document_ref} {row.label}".rstrip() + ")"


def _quotation(row: CitationRow) -> str:
    """Return the quoted passage; a translation is marked as such."""
    words = quoted(row.exact or "")
    return f"{words} (translated)" if row.wording == Wording.TRANSLATION else words
