"""One change of a casebook: records, stances, links and citations in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from claimtrack import changes
from claimtrack.api.access import Access, veiling
from claimtrack.db import Session
from claimtrack.errors import Duplicate
from claimtrack.lookup import draft_record
from claimtrack.models import Entry
from claimtrack.records import forget_found, get
from claimtrack.schemas import NewCitation, NewLink, NewStance
from claimtrack.validation import validate_record

Value = int | Mapping[str, Any]
"""The value of a stance, or its fields."""


class Change:
    """What is written in one transaction; see `Casebook.change`.

    Fields have the names that they have in a dossier. What adds a record returns its ref; `edit`
    and `set_stance` say what they did: "added", "changed" or "unchanged". A call that fails writes
    nothing; where its error is caught, the change goes on.

    Attributes:
        warnings: What the change should not pass over in silence; filled when it ends.
    """

    def __init__(self, session: Session, access: Access) -> None:
        self._session, self._access = session, access
        self.warnings: tuple[str, ...] = ()

    @contextmanager
    def _step(self) -> Iterator[Session]:
        """Write all of one call or, where it fails, nothing of it; the change may go on."""
        warned = len(self._session.state.warnings)
        with self._access.explained(), veiling(self._session):
            try:
                with self._session.begin_nested():
                    yield self._session
                    self._session.flush()
            except BaseException:
                forget_found(self._session)
                del self._session.state.warnings[warned:]
                raise

    # --- records ----------------------------------------------------------------------------------

    def add_actor(self, name: str, *, kind: str, ref: str | None = None, **fields: Any) -> str:
        """Add an actor, and return its ref."""
        return self._add("actor", {"name": name, "kind": kind, "ref": ref, **fields})

    def add_document(self, title: str, *, publisher: str, **fields: Any) -> str:
        """Add a document, and return its ref."""
        return self._add("document", {"title": title, "publisher": publisher, **fields})

    def add_topic(self, name: str, *, ref: str | None = None, **fields: Any) -> str:
        """Add a topic, and return its ref."""
        return self._add("topic", {"name": name, "ref": ref, **fields})

    def add_proposition(self, text: str, *, topic: str, **fields: Any) -> str:
        """Add a proposition, and return its ref."""
        return self._add("proposition", {"text": text, "topic": topic, **fields})

    def add_claim(self, summary: str, *, actor: str, **fields: Any) -> str:
        """Add a claim, and return its ref; see `add_entry`."""
        return self.add_entry("claim", summary, actor=actor, **fields)

    def add_statement(self, summary: str, *, actor: str, **fields: Any) -> str:
        """Add a statement, and return its ref; see `add_entry`."""
        return self.add_entry("statement", summary, actor=actor, **fields)

    def add_action(self, summary: str, *, actor: str, **fields: Any) -> str:
        """Add an action, and return its ref; see `add_entry`."""
        return self.add_entry("action", summary, actor=actor, **fields)

    def add_commitment(self, summary: str, *, actor: str, **fields: Any) -> str:
        """Add a commitment, and return its ref; see `add_entry`."""
        return self.add_entry("commitment", summary, actor=actor, **fields)

    def add_assessment(self, summary: str, *, actor: str, **fields: Any) -> str:
        """Add an assessment, and return its ref; see `add_entry`."""
        return self.add_entry("assessment", summary, actor=actor, **fields)

    def add_window(self, summary: str, *, actor: str, **fields: Any) -> str:
        """Add a decision window, and return its ref; see `add_entry`."""
        return self.add_entry("window", summary, actor=actor, **fields)

    def add_entry(
        self,
        kind: str,
        summary: str,
        *,
        actor: str,
        stances: Mapping[str, Value] | Sequence[Mapping[str, Any]] = (),
        responds_to: str | None = None,
        **fields: Any,
    ) -> str:
        """Add an entry with what is written with it, and return its ref.

        Args:
            kind: Its kind, such as `claim`.
            summary: What was said or done, in one sentence of your own words.
            actor: The ref, name or alias of whoever says or does it.
            stances: Its stances: a value, or the fields of the stance, by proposition; or rows.
            responds_to: The ref of the entry to which it replies.
            **fields: Its other fields, such as `date`, `citations` and `participants`.
        """
        values = {"summary": summary, "actor": actor, **fields}
        if stances:
            values["stances"] = _rows(stances)
        return self._add(kind, values, responds_to=responds_to)

    def _add(self, noun: str, values: Mapping[str, Any], *, responds_to: str | None = None) -> str:
        with self._step() as session:
            draft = draft_record(session, noun, values)
            session.state.warnings += draft.warnings
            return changes.add_record(session, draft.record, responds_to=responds_to)

    def edit(self, noun: str, ref: str, **fields: Any) -> str:
        """Change fields of a record, and say what that did; None clears a field."""
        with self._step() as session:
            known = changes.get_stored_ref(session, noun, ref)
            return changes.change_record(session, noun, {**fields, "ref": known}).value

    def remove(self, noun: str, ref: str) -> None:
        """Remove a record; of an entry its own stances, citations, links and grades go with it.

        Raises:
            StillReferenced: something else names it.
        """
        with self._step() as session:
            known = changes.get_stored_ref(session, noun, ref)
            changes.remove(session, changes.get_table(noun), known)

    # --- what bears on entries --------------------------------------------------------------------

    def set_stance(self, entry: str, proposition: str, value: int, **fields: Any) -> str:
        """Set how far an entry affirms (2, 1), leaves open (0) or denies (-1, -2) a proposition."""
        given = {"proposition": proposition, "value": value, **fields}
        with self._step() as session:
            owner = get(session, Entry, entry)
            values = changes.fill_defaults(NewStance, given)
            whole = changes.merge_with_stored(session, NewStance, values, entry=owner)
            return changes.put(session, validate_record(NewStance, whole), entry=owner).value

    def add_citation(
        self, entry: str, document: str, *, role: str = "primary", **fields: Any
    ) -> None:
        """Cite a document for an entry; a quotation (`exact`) is found in its text.

        Raises:
            Duplicate: the entry cites the document there already.
            Invalid: the words quoted are not in the text, or several times: give `start_pos`.
        """
        citation = {"document": document, "role": role, **fields}
        with self._step() as session:
            owner = get(session, Entry, entry)
            placed = validate_record(NewCitation, changes.locate_quotation(session, citation))
            if changes.put(session, placed, entry=owner) is not changes.Outcome.ADDED:
                raise Duplicate(f"{entry} cites {document} there already: remove that first")

    def add_link(self, entry: str, relation: str, other: str, **fields: Any) -> None:
        """Link two entries: `relation` says how the first bears on the other.

        Raises:
            Duplicate: the same judge has linked them so already.
        """
        link = {**fields, "from": entry, "relation": relation, "to": other}
        with self._step() as session:
            if changes.put(session, validate_record(NewLink, link)) is not changes.Outcome.ADDED:
                raise Duplicate(f"the link {entry} {relation} {other} is there already")


def _rows(
    stances: Mapping[str, Value] | Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    if not isinstance(stances, Mapping):
        return [dict(row) for row in stances]
    return [
        {"proposition": proposition, **(value if isinstance(value, Mapping) else {"value": value})}
        for proposition, value in stances.items()
    ]
