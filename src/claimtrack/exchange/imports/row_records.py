"""The records that a row describes, and the actors, propositions and so on that it names."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from claimtrack.changes import Outcome
from claimtrack.errors import Conflict, Invalid
from claimtrack.exchange.imports.claimreview import split_claims
from claimtrack.exchange.imports.document_updates import (
    note_differences,
    refuse_different_meaning,
)
from claimtrack.exchange.imports.documents import DocumentMaker
from claimtrack.exchange.imports.named_records import KEPT
from claimtrack.exchange.imports.nested_rows import merge_duplicates
from claimtrack.exchange.imports.profiles import (
    Choice,
    CitationPart,
    FigurePart,
    Part,
    ParticipantPart,
    Profile,
    RecordPart,
    StancePart,
    Use,
)
from claimtrack.exchange.imports.row_errors import missing_document_error
from claimtrack.exchange.imports.row_numbers import read_bounds, refuse_negative_count
from claimtrack.exchange.imports.rules import (
    Cells,
    address_made,
    evaluate_rule,
    list_choices,
    ref_made,
    split_parts,
)
from claimtrack.exchange.imports.updates import Source
from claimtrack.exchange.notes import Notes
from claimtrack.models import Entry, Measure, Proposition, Topic
from claimtrack.records import find
from claimtrack.schemas import (
    New,
    NewCitation,
    NewEntry,
    NewFigure,
    NewMeasure,
    NewParticipation,
    NewProposition,
    NewStance,
    NewTopic,
)
from claimtrack.vocab import MeasureKind

_SPLIT: Mapping[str, Callable[[Mapping[str, Any], Notes], Iterator[Mapping[str, Any]]]] = {
    "ClaimReview": split_claims
}
"""Functions that normalise a node, or split it into several rows, by its @type."""


class Maker(DocumentMaker):
    """Writes the records of rows; actors, documents and propositions are created once."""

    def __init__(self, source: Source, profile: Profile, notes: Notes) -> None:
        super().__init__(source, profile, notes)
        self.made: Counter[tuple[str, Outcome]] = Counter()
        """The number of records, by type and outcome."""
        self.same: dict[str, str] = {}
        """Documents that rows matched by address alone: their refs, by address."""
        self._earlier_fault = ""

    def row(self, row: Mapping[str, Any], earlier_fault: str = "", where: str = "") -> None:
        """Write the records of a row.

        Args:
            row: The row.
            earlier_fault: Why it was rejected before, if it was.
            where: Its place in a file, for notes.

        Raises:
            Invalid, NotFound, Conflict: a record is wrong, or cannot be written.
        """
        self.begin(where)
        self._earlier_fault = earlier_fault
        notes, split = Notes(), _SPLIT.get(self.profile.rows or "")
        for one in split(row, notes) if split else [row]:
            self._records(Cells(self.profile, one, notes))
        self.made.update(self.counted)
        self.notes.add_row(notes)
        self.differences.end()
        self.end_row()

    def _records(self, cells: Cells) -> None:
        """Write the records that a profile makes of some cells."""
        parts = [part for part in self.profile.records if cells.fits(part.when)]
        for part in parts:
            if part.make == "document":
                self._described_document(part, cells)
            elif part.make == "actor":
                self.needed_actor("actor", [Use(use=str(part.use))], cells)
            else:
                self._entry(part, cells)
        if not parts:
            cells.notes.add("row", "", "makes nothing, as no 'when' of the profile fits it")

    def _described_document(self, part: RecordPart, cells: Cells) -> None:
        """Write the documents that a row itself describes."""
        before, described = self.removed, self.profile.documents[str(part.use)]
        documents = self.documents([Use(use=str(part.use))], cells, is_cited=False)
        if not documents and self.removed == before:
            raise missing_document_error("document", [str(part.use)], cells)
        for inner, ref in documents:
            url = address_made(described.url, inner.unnoted(), "url")
            self._refuse_repeated(ref, url)
            if ref != ref_made(described.ref, inner):
                self.counted.append(("document", Outcome.UNCHANGED))
                if len(self.same) < KEPT:
                    self.same[url] = ref

    # --- entries ------------------------------------------------------------------------------

    def _entry(self, part: RecordPart, cells: Cells) -> None:
        if part.ref is None:
            raise Invalid("ref is missing")
        ref = ref_made(part.ref, cells)
        self._refuse_repeated(ref)
        if self.is_gone(find(self.session, Entry, ref), Entry, ref):
            self.removed += 1
            return
        removed = self.removed
        values = {
            **{"ref": ref, "kind": part.make, **self.fields(part, cells)},
            "actor": self.needed_actor("actor", part.actor, cells),
            "participants": self._nested(NewParticipation, ref, part.participants, cells),
            "citations": self._nested(NewCitation, ref, part.citations, cells),
            "stances": self._nested(NewStance, ref, part.stances, cells),
            "figures": self._nested(NewFigure, ref, part.figures, cells),
        }
        if part.on_behalf_of:
            values["on_behalf_of"] = self.actor(part.on_behalf_of, cells)
        if not values["citations"] and self.removed > removed:
            raise Invalid("each document that it came from has been removed from this casebook")
        if not values["citations"]:
            names = [use.use for one in part.citations for use in one.document]
            raise missing_document_error("document that it came from", names, cells)
        self.put(NewEntry, values, part.make, part)

    def _refuse_repeated(self, ref: str, url: str = "") -> None:
        # What was put aside for that would replace the one that was written.
        message = f"its address {url} is that of an earlier row, {ref!r}"
        address = f"{message}: keep one of them, or correct the address"
        if url and (self.is_marked("address", url) or address in self._earlier_fault):
            raise Conflict(address)
        problem = f"ref {ref!r} is that of an earlier row: keep one of them"
        if self.is_marked("row", ref) or problem in self._earlier_fault:
            raise Conflict(problem)

    def _nested(
        self, model: type[New], ref: str, parts: Sequence[Part], cells: Cells
    ) -> list[dict[str, Any]]:
        """Return the nested rows of an entry, each key once."""
        fitting = [part for part in parts if cells.fits(getattr(part, "when", None))]
        rows = ((part, row) for part in fitting for row in self._rows(part, cells))
        return merge_duplicates(model, ref, rows, cells.notes)

    def _rows(self, part: Part, cells: Cells) -> Iterator[dict[str, Any]]:
        match part:
            case ParticipantPart():
                for inner in split_parts(part.each, cells):
                    actor = self.actor(part.actor, inner)
                    if actor is not None:
                        yield {**self.fields(part, inner), "actor": actor}
            case CitationPart():
                via = self.document(part.via, cells)
                for inner, document in self.documents(part.document, cells):
                    values = {**self.fields(part, inner), "document": document, "via": via}
                    yield {**values, "label": values.get("label") or ""}
            case StancePart():
                values = self.fields(part, cells)
                if values["value"] is not None:
                    values["proposition"] = self._proposition(part.proposition, cells)
                    judge = self.needed_actor("judge of the stance", part.asserted_by, cells)
                    values["asserted_by"] = judge
                    values["document"] = self.document(part.document, cells)
                    yield {key: value for key, value in values.items() if value is not None}

            case FigurePart():
                yield from self._figure(part, cells)

    def _figure(self, part: FigurePart, cells: Cells) -> Iterator[dict[str, Any]]:
        """Yield the figure that a part makes of a row, if the row gives a number."""
        values = self.fields(part, cells)
        number, low, high = (values.pop(key, None) for key in ("number", "low", "high"))
        if (bounds := read_bounds(part, number, low, high, cells)) is None:
            return
        values["measure"], kind = self._measure(part.measure, cells)
        if kind == MeasureKind.COUNT:
            refuse_negative_count(part, bounds, values["measure"], cells)
        values["asserted_by"] = self.needed_actor("judge of the figure", part.asserted_by, cells)
        values["document"] = self.document(part.document, cells)
        given = {key: value for key, value in values.items() if value is not None}
        yield {**given, "low": bounds.low, "high": bounds.high}

    # --- propositions, measures, topics ----------------------------------------------------------

    def _proposition(self, choice: Choice, cells: Cells) -> str:
        """Return the ref of the first proposition of a choice that a row names, created if missing.

        Raises:
            Conflict: a proposition with that ref has another text.
        """
        for name in list_choices(choice, cells):
            part = self.profile.propositions[name]
            ref, text = ref_made(part.ref, cells), evaluate_rule(part.text, cells, "text")
            topic = self._topic(part.topic, cells)
            key = ("proposition", ref, text, topic)
            if (ref_found := self.remembered(key)) is not None:
                return ref_found
            noted = len(self.differences.of_row)
            stored = find(self.session, Proposition, ref)
            if stored is None:
                values = {"ref": ref, "text": text, "topic": topic}
                self.put(NewProposition, values, "proposition", part)
            else:
                refuse_different_meaning(self.source, stored, {"text": text})
                note_differences(self.source, stored, {"topic": topic})
            return self.remember(key, ref, noted)
        raise Invalid("there is no proposition for the stance: the profile names none for this row")

    def _measure(self, choice: Choice, cells: Cells) -> tuple[str, str]:
        """Return ref and kind of the first measure of a choice that a row names.

        It is created if missing.

        Raises:
            Conflict: a measure with that ref has another text, unit or kind.
        """
        for name in list_choices(choice, cells):
            part = self.profile.measures[name]
            ref = ref_made(part.ref, cells)
            meaning = {
                key: evaluate_rule(rule, cells, key)
                for key, rule in (("text", part.text), ("unit", part.unit), ("kind", part.kind))
            }
            topic = self._topic(part.topic, cells, "measure")
            key = ("measure", ref, *meaning.values(), topic)
            if self.remembered(key) is not None:
                return ref, meaning["kind"]
            noted = len(self.differences.of_row)
            stored = find(self.session, Measure, ref)
            if stored is None:
                values = {"ref": ref, **meaning, "topic": topic}
                self.put(NewMeasure, values, "measure", part)
            else:
                refuse_different_meaning(self.source, stored, meaning)
                note_differences(self.source, stored, {"topic": topic})
            return self.remember(key, ref, noted), meaning["kind"]
        raise Invalid("there is no measure for the figure: the profile names none for this row")

    def _topic(self, choice: Choice, cells: Cells, of: str = "proposition") -> str:
        for name in list_choices(choice, cells):
            part = self.profile.topics[name]
            ref, topic_name = ref_made(part.ref, cells), evaluate_rule(part.name, cells, "name")
            key = ("topic", ref, topic_name)
            if (ref_found := self.remembered(key)) is not None:
                return ref_found
            noted = len(self.differences.of_row)
            stored = find(self.session, Topic, ref)
            if stored is None:
                self.put(NewTopic, {"ref": ref, "name": topic_name}, "topic", part)
            else:
                note_differences(self.source, stored, {"name": topic_name})
            return self.remember(key, ref, noted)
        raise Invalid(f"there is no topic for the {of}: the profile names none for this row")
