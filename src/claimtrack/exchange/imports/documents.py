"""Finds or creates the documents that rows cite or describe, and notes differences."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import select

from claimtrack.changes import Outcome
from claimtrack.errors import InvalidRecords
from claimtrack.exchange.imports import updates
from claimtrack.exchange.imports.document_updates import (
    Bounds,
    is_document_shared,
    update_document,
    write_bounds,
)
from claimtrack.exchange.imports.named_records import (
    KEPT,
    NamedActor,
    NamedMaker,
    make_distinct_ref,
)
from claimtrack.exchange.imports.profiles import Choice, DocumentPart, Profile, Rule
from claimtrack.exchange.imports.row_errors import add_columns
from claimtrack.exchange.imports.rules import (
    Cells,
    begins_like,
    digest,
    evaluate_rule,
    list_choices,
    ref_made,
    split_parts,
)
from claimtrack.exchange.imports.updates import Source
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.cell_text import holds_anything
from claimtrack.models import Document
from claimtrack.records import find
from claimtrack.schemas import NewDocument

_TAKEN = "is the address of another document, and is left out"
_NOT_PUBLISHER = "is not imported: a document has one publisher, and another comes before it"
_NOT_TITLE = "is not imported: a document has one title, and another comes before it"
_APART = "is not that of {kept}: a document of its own is cited, without the address"


@dataclass(frozen=True, slots=True)
class _Described:
    """A document as a row describes it."""

    part: DocumentPart
    ref: str
    values: Mapping[str, Any]
    publisher: NamedActor | None
    cells: Cells

    @property
    def key(self) -> tuple[str, ...]:
        """The key that rows with the same description share."""
        publisher = self.publisher.key if self.publisher else ()
        return "document", self.ref, digest(*map(str, self.values.values())), *publisher


class DocumentMaker(NamedMaker):
    """Finds or creates the documents that rows name."""

    def __init__(self, source: Source, profile: Profile, notes: Notes) -> None:
        super().__init__(source, profile, notes)
        self._bounds: dict[str, Bounds] = {}
        self._bounds_of_row: dict[str, Bounds] = {}

    def begin(self, where: str) -> None:
        """Begin a row at a place in a file."""
        super().begin(where)
        self._bounds_of_row = {}

    def end_row(self) -> None:
        """Keep the pending bounds of this row, as it has been written."""
        self._bounds |= self._bounds_of_row
        if len(self._bounds) >= KEPT:
            self.write_bounds()

    def write_bounds(self) -> None:
        """Write the pending bounds of publication, once for each document."""
        for ref, bounds in self._bounds.items():
            write_bounds(self.source, ref, bounds)
        self._bounds.clear()

    def document(self, choice: Choice | None, cells: Cells) -> str | None:
        """Return the ref of the first document of a choice that the row names.

        Creates it if missing.
        """
        return next((ref for _, ref in self.documents(choice, cells)), None)

    def documents(
        self, choice: Choice | None, cells: Cells, *, is_cited: bool = True
    ) -> list[tuple[Cells, str]]:
        """Return the refs of the documents that the first matching choice names, with their cells.

        If `is_cited` is false, the row describes the document itself and may change all its values.
        """
        for name in list_choices(choice, cells):
            part = self.profile.documents[name]
            found = [
                (inner, ref)
                for inner in split_parts(part.each, cells)
                if (ref := self._document(part, inner, is_cited=is_cited)) is not None
            ]
            if found:
                return found
        return []

    def _document(self, part: DocumentPart, cells: Cells, *, is_cited: bool) -> str | None:
        """Return the ref of a document; None when the row names none, or one that was removed."""
        if not evaluate_rule(part.ref, cells, "ref"):
            return None
        publisher = self.named(part.publisher, cells)
        if publisher is not None and not is_cited:
            self._note_other_publishers(part, publisher, cells)
        fields = self.fields(part, cells)
        if not is_cited:
            self._note_other_titles(part, cells)
        one = _Described(part, ref_made(part.ref, cells), fields, publisher, cells)
        if (ref_found := self.remembered(one.key)) is not None:
            return ref_found
        noted = len(self.differences.of_row)
        try:
            ref = self._cited(one) if is_cited else self._described(one)
        except InvalidRecords as error:
            raise add_columns(error, part, self.profile) from error
        return None if ref is None else self.remember(one.key, ref, noted)

    def _note_other_publishers(
        self, part: DocumentPart, publisher: NamedActor, cells: Cells
    ) -> None:
        """Note further possible publishers that a row names, such as its authors."""
        used = {name for rule in (part.url, publisher.part.name) for name in self._columns(rule)}
        for use in list_choices(part.publisher, cells):
            other = self.profile.actors[use]
            names = [name for name in self._columns(other.name) if holds_anything(cells.raw(name))]
            if (
                names
                and used.isdisjoint(names)
                and evaluate_rule(other.name, cells.unnoted(), "name")
            ):
                cells.notes.add(", ".join(names), "", _NOT_PUBLISHER)

    def _note_other_titles(self, part: DocumentPart, cells: Cells) -> None:
        """Note further titles that a row has, such as a short one."""
        title = ""
        for rule in self.profile.alternatives(part.title):
            text = evaluate_rule(rule, cells.unnoted(), "title")
            if title and text not in ("", title):
                cells.notes.add(", ".join(self._columns(rule)), text, _NOT_TITLE)
            title = title or text

    def _columns(self, rule: Rule | None) -> list[str]:
        return self.profile.columns_of(rule) if rule else []

    def _described(self, one: _Described) -> str | None:
        """Write a document that a row is about; it may exist at its address under another ref."""
        stored, at_address = find(self.session, Document, one.ref), self._at_address(one)
        if stored is None and at_address is not None:
            return at_address.ref
        return self._put_document(one)

    def _put_document(self, one: _Described) -> str | None:
        if self.is_gone(find(self.session, Document, one.ref), Document, one.ref):
            self.removed += 1
            return None
        self.is_marked("document", one.ref)
        publisher = self.needed_actor("publisher", one.part.publisher, one.cells)
        values = {**one.values, "ref": one.ref, "publisher": publisher}
        self.put(NewDocument, values, "document", one.part)
        return one.ref

    def _at_address(self, one: _Described) -> Document | None:
        query = select(Document).where(Document.url == one.values.get("url"))
        return self.session.scalar(query) if one.values.get("url") is not None else None

    def _cited(self, one: _Described) -> str | None:
        """Return the ref of a document that a row cites, created or updated."""
        stored = find(self.session, Document, one.ref)
        has_address = stored is not None and stored.url == one.values.get("url")
        at_address = stored if has_address else self._at_address(one)
        if stored is None and at_address is None:
            return self._put_document(one)
        if stored is not None and at_address not in (None, stored):
            url = None if at_address is None or at_address.protected else at_address.url
            self.differences.add(stored, "url", url, stored.url, _TAKEN)
            one = replace(one, values={**one.values, "url": None})
        stored = stored or at_address
        if stored is not None and self._is_another(one, stored):
            return self._cited_apart(one, stored)
        return None if stored is None else self._taken_over(one, stored)

    def _taken_over(self, one: _Described, stored: Document) -> str:
        is_first = not self.is_marked("document", stored.ref)
        result = update_document(
            self.source,
            stored,
            one.values,
            so_far=self._bounds_of_row.get(stored.ref) or self._bounds.get(stored.ref),
            is_first=is_first,
            is_shared=partial(self._is_shared, stored, one.cells),
        )
        if result.bounds is not None:
            self._bounds_of_row[stored.ref] = result.bounds
        if is_first:
            outcome = Outcome.CHANGED if result.changed else Outcome.UNCHANGED
            self.counted.append(("document", outcome))
        return stored.ref

    def _is_shared(self, document: Document, cells: Cells) -> bool:
        """Return whether others refer to the document than the entries of the row."""
        rules = (part.ref for part in self.profile.records if cells.fits(part.when))
        refs = [
            ref_made(rule, cells) for rule in rules if rule and evaluate_rule(rule, cells, "ref")
        ]
        return is_document_shared(self.session, document, refs)

    def _is_another(self, one: _Described, stored: Document) -> bool:
        """Return whether the row's publisher makes it another document than the stored one.

        Only for documents that imports made from rows like this one: if people or other profiles
        name a publisher differently, that is noted.
        """
        if one.publisher is None or one.publisher.is_called(stored.publisher):
            return False
        publisher = self.find_actor(one.publisher)
        before = updates.get_imported_values(self.source, "document", stored.ref)
        if (
            publisher
            and before.has("publisher", publisher.ref)
            and not before.wrote_current["publisher"]
        ):
            return False  # somebody has corrected it since
        has_ref = stored.ref == one.ref and (before.is_made or before.by_imports)
        if has_ref or (before.is_made and begins_like(stored.ref, one.part.ref)):
            return True
        self.differences.add(stored, "publisher", one.publisher.name, stored.publisher.name)
        return False

    def _cited_apart(self, one: _Described, stored: Document) -> str | None:
        """Return the ref of a document like a stored one, but of another publisher."""
        name = one.publisher.name if one.publisher else ""
        self.differences.add(stored, "publisher", name, stored.publisher.name, _APART)
        ref = one.ref if one.ref != stored.ref else make_distinct_ref(one.ref, *one.key[3:])
        own = find(self.session, Document, ref)
        address = self._at_address(one)
        url = one.values.get("url") if address is None or address is own else None
        one = replace(one, ref=ref, values={**one.values, "url": url})
        return self._taken_over(one, own) if own else self._put_document(one)
