"""What a row makes: its records, and the actors, documents and propositions made on the way."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from claimtrack import changes, history
from claimtrack.changes import Outcome
from claimtrack.errors import AmbiguousRef, Conflict, Invalid
from claimtrack.exchange import sourced
from claimtrack.exchange.claimreview_rows import claims_of
from claimtrack.exchange.mapping import Cells, chosen, date_made, digest, made, parts_of, ref_made
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.profile import (
    DATES,
    ActorPart,
    CitationPart,
    DocumentPart,
    Part,
    ParticipantPart,
    Profile,
    RecordPart,
    Rule,
    StancePart,
    Use,
)
from claimtrack.exchange.sourced import Source
from claimtrack.models import Actor, Document, Entry, Named, Proposition, Topic
from claimtrack.records import KEYS, actors_called, find, key_of
from claimtrack.schemas import (
    New,
    NewActor,
    NewCitation,
    NewDocument,
    NewEntry,
    NewParticipation,
    NewProposition,
    NewStance,
    NewTopic,
)

_KEPT = 50_000
"""Names whose refs are remembered; beyond that they are looked up again."""
Choice = Sequence[Use] | None
_SPLIT: Mapping[str, Callable[[Mapping[str, Any], Notes], Iterator[Mapping[str, Any]]]] = {
    "ClaimReview": claims_of
}
"""What makes several rows of one, or brings it into one shape, by the @type of its nodes."""


class Maker:
    """Makes records of rows; those made on the way are made once."""

    def __init__(self, source: Source, profile: Profile, notes: Notes) -> None:
        self.source, self.session, self.profile = source, source.session, profile
        self.notes = notes
        self.made: Counter[tuple[str, Outcome]] = Counter()
        """How many records came out how, by what they are."""
        self.gone = 0
        """How often something was left out that has been removed from the casebook."""
        self.same: dict[str, str] = {}
        """The documents that rows were by their address alone: their refs, by address."""
        self._met: set[int] = set()
        self._known: dict[tuple[str, ...], str] = {}
        self._new: list[tuple[str, ...]] = []
        self._marks: list[int] = []
        self._counted: list[tuple[str, Outcome]] = []
        self._because = ""

    def row(self, row: Mapping[str, Any], because: str = "") -> None:
        """Write what a row makes, which was put aside before because of something.

        Raises:
            Invalid, NotFound, Conflict: it cannot be made or written.
        """
        self._new, self._marks, self._counted = [], [], []
        self._because = because
        split = _SPLIT.get(self.profile.rows or "")
        for one in split(row, self.notes) if split else [row]:
            self._records(Cells(self.profile, one, self.notes))
        self.made.update(self._counted)

    def _records(self, cells: Cells) -> None:
        """Write the records that a profile makes of some cells."""
        for part in self.profile.records:
            if not cells.fits(part.when):
                continue
            if part.make == "document":
                self._described(part, cells)
            elif part.make == "actor":
                self._refuse_nothing(self.actor([Use(use=str(part.use))], cells) is not None, part)
            else:
                self._entry(part, cells)

    def _described(self, part: RecordPart, cells: Cells) -> None:
        """Write the documents that a row itself describes."""
        before, described = self.gone, self.profile.documents[str(part.use)]
        documents = self._documents([Use(use=str(part.use))], cells, aside=False)
        self._refuse_nothing(bool(documents) or self.gone > before, part)
        for inner, ref in documents:
            url = made(described.url, inner, "url")
            self._refuse_repeated(ref, url)
            if ref != ref_made(described.ref, inner):
                self._counted.append(("document", Outcome.UNCHANGED))
                if len(self.same) < _KEPT:
                    self.same[url] = ref

    def forget(self) -> None:
        """Forget what the last row made: it has been taken back."""
        for key in self._new:
            self._known.pop(key, None)
        self._met.difference_update(self._marks)

    def _remember(self, key: tuple[str, ...], ref: str) -> str:
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[key] = ref
        self._new.append(key)
        return ref

    def _put(
        self, model: type[New], given: Mapping[str, Any], noun: str, *, aside: bool = True
    ) -> None:
        outcome = sourced.put(self.source, model, given, aside=aside)
        self._counted.append((noun, outcome))

    # --- entries ------------------------------------------------------------------------------

    def _entry(self, part: RecordPart, cells: Cells) -> None:
        if part.ref is None:
            raise Invalid("ref is missing")
        ref = ref_made(part.ref, cells)
        self._refuse_repeated(ref)
        if self._is_gone(find(self.session, Entry, ref), Entry, ref):
            self.gone += 1
            return
        actor = self.actor(part.actor, cells)
        if actor is None:
            raise Invalid("there is no actor: the cells that would name it are empty")
        given = {
            **self._fields(part, cells),
            **{"ref": ref, "kind": part.make, "actor": actor},
            "participants": self._nested(NewParticipation, ref, part.participants, cells),
            "citations": self._nested(NewCitation, ref, part.citations, cells),
            "stances": self._nested(NewStance, ref, part.stances, cells),
        }
        if part.on_behalf_of:
            given["on_behalf_of"] = self.actor(part.on_behalf_of, cells)
        if not given["citations"]:
            raise Invalid("there is no document that it came from: the cells for it are empty")
        self._put(NewEntry, given, part.make, aside=False)

    def _refuse_nothing(self, there: bool, part: RecordPart) -> None:
        if not there:
            raise Invalid(f"there is no {part.make}: the cells that would name it are empty")

    def _refuse_repeated(self, ref: str, url: str = "") -> None:
        # What was put aside for that would replace the one that was written.
        begun = f"its address {url} is that of an earlier row, {ref!r}"
        address = f"{begun}: keep one of them, or correct the address"
        if url and (self._is_marked("address", url) or address in self._because):
            raise Conflict(address)
        told = f"ref {ref!r} is that of an earlier row: keep one of them"
        if self._is_marked("row", ref) or told in self._because:
            raise Conflict(told)

    def _is_marked(self, what: str, ref: str) -> bool:
        """Whether a ref has been met in this run; from now on it has been."""
        mark = int(digest(what, ref), 16)
        if mark in self._met:
            return True
        self._met.add(mark)
        self._marks.append(mark)
        return False

    def _fields(self, part: Part, cells: Cells) -> dict[str, Any]:
        """Return the plain values that the rules of a part make, by key; null where they are empty.

        Dates are bounds with their precision.
        """
        given: dict[str, Any] = {}
        for key, rule in part:
            if key == "ref" or not isinstance(rule, Rule):
                continue
            if key not in DATES:
                given[key] = made(rule, cells, key) or None
                continue
            span = date_made(rule, cells, key)
            if key.endswith("_from"):
                given[key] = span and span.first
            elif key.endswith("_to"):
                given[key] = span and span.last
            else:
                given[f"{key}_from"], given[f"{key}_to"] = span and span.first, span and span.last
                if key == "date":
                    given.setdefault("precision", span and span.precision)
        return given

    def _nested(
        self, model: type[New], ref: str, parts: Sequence[Part], cells: Cells
    ) -> list[dict[str, Any]]:
        """Return the rows that hang on an entry, each key once."""
        found: dict[str, dict[str, Any]] = {}
        for part in parts:
            if cells.fits(getattr(part, "when", None)):
                for row in self._rows(part, cells):
                    blank = dict.fromkeys(KEYS[model.table])
                    key = key_of(model.table, {**blank, "label": "", **row, "entry": ref})
                    found.setdefault(key, row)
        return list(found.values())

    def _rows(self, part: Part, cells: Cells) -> Iterator[dict[str, Any]]:
        match part:
            case ParticipantPart():
                for inner in parts_of(part.each, cells):
                    actor = self.actor(part.actor, inner)
                    if actor is not None:
                        yield {**self._fields(part, inner), "actor": actor}
            case CitationPart():
                via = self.document(part.via, cells)
                for inner, document in self._documents(part.document, cells):
                    given = {**self._fields(part, inner), "document": document, "via": via}
                    yield {**given, "label": given.get("label") or ""}
            case StancePart():
                given = self._fields(part, cells)
                if given["value"] is not None:
                    given["proposition"] = self._proposition(part.proposition, cells)
                    given["asserted_by"] = self.actor(part.asserted_by, cells)
                    given["document"] = self.document(part.document, cells)
                    yield {key: value for key, value in given.items() if value is not None}

    # --- actors -------------------------------------------------------------------------------

    def actor(self, choice: Choice, cells: Cells) -> str | None:
        """Return the ref of the first actor of a choice that a row names, made when missing."""
        for name in chosen(choice, cells):
            ref = self._actor(self.profile.actors[name], cells)
            if ref is not None:
                return ref
        return None

    def _actor(self, part: ActorPart, cells: Cells) -> str | None:
        """Return the ref of an actor: by its ref where the source has one, else by its exact name.

        Two spellings are two actors, whatever the refs that would be made of them.
        """
        name = made(part.name, cells, "name")
        if not name:
            return None
        own = ref_made(part.ref, cells) if part.ref else ""
        key = ("actor", own, name)
        if key in self._known:
            return self._known[key]
        called = own or name
        there = find(self.session, Actor, own) if own else None
        several = [] if there else self.session.scalars(actors_called(called).limit(2)).all()
        if len(several) > 1:
            raise AmbiguousRef(
                f"several actors are called {called!r}, {several[0].ref} and {several[1].ref} "
                "among them: map it to the name of one in the profile"
            )
        there = there or (several[0] if several else None)
        return self._remember(key, there.ref if there else self._new_actor(part, cells, own))

    def _new_actor(self, part: ActorPart, cells: Cells, own: str) -> str:
        given = {key: value for key, value in self._fields(part, cells).items() if value}
        ref = own or self._free_ref(str(given["name"]))
        given |= {"ref": ref, "aliases": list(part.aliases)}
        parent = self.actor(part.parent, cells)
        self._put(NewActor, {**given, "parent": parent} if parent else given, "actor")
        return ref

    def _free_ref(self, name: str) -> str:
        """Return a ref made of a name; where another has or had that, with a digest behind it."""
        ref = changes.slug(name)
        if ref and not history.ever_used(self.session, "actor", ref):
            return ref
        return f"{ref[:47]}-{digest(name)}".lstrip("-")

    # --- documents, propositions, topics ----------------------------------------------------------

    def document(self, choice: Choice, cells: Cells) -> str | None:
        """Return the ref of the first document of a choice, made when missing."""
        return next((ref for _, ref in self._documents(choice, cells)), None)

    def _documents(
        self, choice: Choice, cells: Cells, *, aside: bool = True
    ) -> list[tuple[Cells, str]]:
        """Return the documents of the first of a choice that a row names, with their cells."""
        for name in chosen(choice, cells):
            part = self.profile.documents[name]
            found = [
                (inner, ref)
                for inner in parts_of(part.each, cells)
                if (ref := self._document(part, inner, aside=aside)) is not None
            ]
            if found:
                return found
        return []

    def _document(self, part: DocumentPart, cells: Cells, *, aside: bool) -> str | None:
        """Return the ref of a document; of several rows that describe it, the first counts."""
        if not made(part.ref, cells, "ref"):
            return None
        ref = ref_made(part.ref, cells)
        if ("document", ref) in self._known:
            return self._known["document", ref]
        given = self._fields(part, cells)
        there = find(self.session, Document, ref)
        if there is None and given.get("url") is not None:
            same = select(Document.ref).where(Document.url == given["url"])
            if (found := self.session.scalar(same)) is not None:
                return self._remember(("document", ref), found)
        if self._is_gone(there, Document, ref):
            self.gone += 1
            return None
        if not self._is_marked("document", ref):
            publisher = self.actor(part.publisher, cells)
            if publisher is None:
                raise Invalid("there is no publisher: the cells that would name it are empty")
            given |= {"ref": ref, "publisher": publisher}
            self._put(NewDocument, given, "document", aside=aside)
        return self._remember(("document", ref), ref)

    def _proposition(self, choice: Choice, cells: Cells) -> str:
        for name in chosen(choice, cells):
            part = self.profile.propositions[name]
            ref = ref_made(part.ref, cells)
            if ("proposition", ref) not in self._known:
                if find(self.session, Proposition, ref) is None:
                    topic = self._topic(part.topic, cells)
                    text = made(part.text, cells, "text")
                    given = {"ref": ref, "text": text, "topic": topic}
                    self._put(NewProposition, given, "proposition")
                self._remember(("proposition", ref), ref)
            return ref
        raise Invalid("there is no proposition for the stance")

    def _topic(self, choice: Choice, cells: Cells) -> str:
        for name in chosen(choice, cells):
            part = self.profile.topics[name]
            ref = ref_made(part.ref, cells)
            if find(self.session, Topic, ref) is None:
                given = {"ref": ref, "name": made(part.name, cells, "name")}
                self._put(NewTopic, given, "topic")
            return ref
        raise Invalid("there is no topic for the proposition")

    def _is_gone(self, there: Named | None, model: type[Named], ref: str) -> bool:
        """Whether a record that is not there has been removed: its ref is never used again."""
        return there is None and history.ever_used(self.session, model.__tablename__, ref)
