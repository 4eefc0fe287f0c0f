"""One change of a casebook: records, stances, links and citations in one transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from claimtrack import changes
from claimtrack.api.transactions import Access, masking_errors
from claimtrack.db import Session
from claimtrack.errors import Duplicate, Usage
from claimtrack.lookup import draft_record
from claimtrack.models import Entry
from claimtrack.number_ranges import parse_range
from claimtrack.records import forget_found, get
from claimtrack.schemas import NewCitation, NewFigure, NewLink, NewStance
from claimtrack.validation import validate_record

Value = int | Mapping[str, Any]
"""The value of a stance, -2 to 2, or the fields of the stance."""
Number = float | str | Mapping[str, Any]
"""A number, a range as users write it, or the fields of the figure."""


class Change:
    """The methods that write to a casebook in one transaction; made by `Casebook.change`.

    Fields have the names that they have in a dossier. A method that adds a record returns its ref;
    `edit`, `set_stance` and `set_figure` return "added", "changed" or "unchanged". A call that
    fails writes nothing; if the caller catches its error, the change can continue.

    Every method raises `Invalid` for invalid fields, and `UnknownRef` for a ref that no record has.

    Attributes:
        warnings: A sentence on each thing to check, such as a possible duplicate; filled at the end
            of the change.
    """

    def __init__(self, session: Session, access: Access) -> None:
        self._session, self._access = session, access
        self._has_ended = False
        self.warnings: tuple[str, ...] = ()

    def end(self, warnings: tuple[str, ...] = ()) -> None:
        """Refuse all further calls, and keep the warnings; `Casebook.change` calls it."""
        self._has_ended, self.warnings = True, warnings

    @contextmanager
    def _step(self) -> Iterator[Session]:
        """Write all of one call or, where it fails, nothing of it; the change may go on.

        Raises:
            Usage: The change has ended.
        """
        if self._has_ended:
            raise Usage("this change has ended: open another with casebook.change()")
        warned = len(self._session.state.warnings)
        with self._access.diagnosing(), masking_errors(self._session):
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

    def add_measure(self, text: str, *, topic: str, unit: str, kind: str, **fields: Any) -> str:
        """Add a measure, and return its ref; `kind` is `count` or `level`."""
        given = {"text": text, "topic": topic, "unit": unit, "kind": kind, **fields}
        return self._add("measure", given)

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
        figures: Mapping[str, Number] | Sequence[Mapping[str, Any]] = (),
        responds_to: str | None = None,
        **fields: Any,
    ) -> str:
        """Add an entry with its stances, figures, citations and participants, and return its ref.

        Args:
            kind: Its kind, such as `claim`.
            summary: What was said or done, in one sentence of your own words.
            actor: The ref, name or alias of whoever says or does it.
            stances: Its stances: a mapping from the ref of a proposition to the value (-2 to 2) or
                to the fields of the stance; or a sequence of such fields, `proposition` included.
            figures: The numbers that it gives: a mapping from the ref of a measure to the number,
                as in 120 or "80..", or to the fields of the figure; or a sequence of such fields,
                `measure` included.
            responds_to: The ref of the entry to which it replies.
            **fields: Its other fields, such as `date`, `citations` and `participants`.
        """
        values = {"summary": summary, "actor": actor, **fields}
        if stances:
            values["stances"] = _rows("proposition", stances, lambda value: {"value": value})
        if figures:
            values["figures"] = _rows("measure", figures, _bounds)
        return self._add(kind, values, responds_to=responds_to)

    def _add(self, noun: str, values: Mapping[str, Any], *, responds_to: str | None = None) -> str:
        with self._step() as session:
            draft = draft_record(session, noun, values)
            session.state.warnings += draft.warnings
            return changes.add_record(session, draft.record, responds_to=responds_to)

    def edit(self, noun: str, ref: str, **fields: Any) -> str:
        """Change fields of a record; None clears a field. Return "changed" or "unchanged"."""
        with self._step() as session:
            stored_ref = changes.get_stored_ref(session, noun, ref)
            return changes.change_record(session, noun, {**fields, "ref": stored_ref}).value

    def remove(self, noun: str, ref: str) -> None:
        """Remove a record, and with an entry its stances, figures, citations, links and grades.

        Raises:
            StillReferenced: Another record refers to it.
        """
        with self._step() as session:
            stored_ref = changes.get_stored_ref(session, noun, ref)
            changes.remove(session, changes.get_table(noun), stored_ref)

    # --- what bears on entries --------------------------------------------------------------------

    def set_stance(self, entry: str, proposition: str, value: int, **fields: Any) -> str:
        """Set how far an entry affirms (2, 1), leaves open (0) or denies (-1, -2) a proposition.

        Returns "added", "changed" or "unchanged". Fields that are not passed keep their values.
        """
        fields_of_stance = {"proposition": proposition, "value": value, **fields}
        with self._step() as session:
            owner = get(session, Entry, entry)
            values = changes.fill_defaults(NewStance, fields_of_stance)
            whole = changes.merge_with_stored(session, NewStance, values, entry=owner)
            return changes.put(session, validate_record(NewStance, whole), entry=owner).value

    def set_figure(self, entry: str, measure: str, number: "Number", **fields: Any) -> str:
        """Set the number that an entry gives for a measure: 120, "30..50", "80.." or "..10".

        Returns "added", "changed" or "unchanged". Fields that are not passed keep their values.
        """
        given = {"measure": measure, **_bounds(number), **fields}
        with self._step() as session:
            owner = get(session, Entry, entry)
            values = changes.fill_defaults(NewFigure, given)
            whole = changes.merge_with_stored(session, NewFigure, values, entry=owner)
            return changes.put(session, validate_record(NewFigure, whole), entry=owner).value

    def add_citation(
        self, entry: str, document: str, *, role: str = "primary", **fields: Any
    ) -> None:
        """Cite a document for an entry. A quotation (`exact`) is located in the document's text.

        Raises:
            Duplicate: The entry already cites this place of the document.
            Invalid: The text does not contain the quotation, or contains it several times; in that
                case pass its position as `start_pos`.
        """
        citation = {"document": document, "role": role, **fields}
        with self._step() as session:
            owner = get(session, Entry, entry)
            placed = validate_record(NewCitation, changes.locate_quotation(session, citation))
            if changes.put(session, placed, entry=owner) is not changes.Outcome.ADDED:
                raise Duplicate(f"{entry} already cites {document}: remove that citation first")

    def add_link(self, entry: str, relation: str, other: str, **fields: Any) -> None:
        """Link an entry to another by a relation, such as `contradicts` or `repeats`.

        Raises:
            Duplicate: The same judge has already recorded this link.
        """
        link = {**fields, "from": entry, "relation": relation, "to": other}
        with self._step() as session:
            if changes.put(session, validate_record(NewLink, link)) is not changes.Outcome.ADDED:
                raise Duplicate(f"the link {entry} {relation} {other} already exists")


def _rows(
    subject: str,
    rows: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    fields_of: Callable[[Any], dict[str, Any]],
) -> list[dict[str, Any]]:
    """Return stances or figures as rows of fields, from either form that `add_entry` takes.

    Args:
        subject: The key of what each is on.
        rows: The rows, or a mapping from the ref of what each is on to its value or fields.
        fields_of: Returns the fields that a value stands for.
    """
    if not isinstance(rows, Mapping):
        return [dict(row) for row in rows]
    return [
        {subject: ref, **(value if isinstance(value, Mapping) else fields_of(value))}
        for ref, value in rows.items()
    ]


def _bounds(number: Any) -> dict[str, Any]:
    if not isinstance(number, str):
        return {"low": number, "high": number}
    found = parse_range(number)
    return {"low": found.low, "high": found.high}
