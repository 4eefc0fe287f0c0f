"""A builder of small casebooks: each method logs one record through `changes`, as an edge would."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self

from claimtrack import changes
from claimtrack.db import Session
from claimtrack.models import Actor, Document, Entry, Measure, Proposition, Topic
from claimtrack.number_ranges import parse_range
from claimtrack.records import find
from claimtrack.schemas import (
    New,
    NewActor,
    NewCapture,
    NewCitation,
    NewDocument,
    NewEntry,
    NewFigure,
    NewGrade,
    NewLink,
    NewMeasure,
    NewProposition,
    NewStance,
    NewTopic,
)


class Casebook:
    """Log records in one line each; what they refer to is made when it is missing.

    Shorthands: `affirms="p"` (+2), `denies="p"` (-2), `stances={"p": -1}`, `responds_to`, `cites`
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    def put(self, model: type[New], **given: Any) -> Self:
        """Write one record."""
        record = model.model_validate(changes.merge_with_stored(self.session, model, given))
        changes.put(self.session, record)
        return self

    def actor(self, ref: str, **given: Any) -> Self:
        """Log an actor: a person unless said otherwise; an anonymous one with access and words."""
        if given.get("kind") == "anonymous":
            given = {"access": "unspecified", "described_as": "a source", **given}
        if isinstance(parent := given.get("parent"), str):
            self._ensure_actor(parent)
        return self.put(NewActor, ref=ref, **{"name": f"Actor {ref}", "kind": "person", **given})

    def document(self, ref: str, **given: Any) -> Self:
        """Log a document, of the outlet `press` unless said otherwise.

        Its addresses can be any text, as in casebooks from before they were checked.
        """
        changes.accept_any_address(self.session)
        self._ensure_actor(given.setdefault("publisher", "press"))
        return self.put(NewDocument, ref=ref, **given)

    def topic(self, ref: str, **given: Any) -> Self:
        """Log a topic."""
        return self.put(NewTopic, ref=ref, **{"name": f"Topic {ref}", **given})

    def proposition(self, ref: str, **given: Any) -> Self:
        """Log a proposition, under the topic `topic` unless said otherwise."""
        topic = given.setdefault("topic", "topic")
        if find(self.session, Topic, topic) is None:
            self.topic(topic)
        return self.put(NewProposition, ref=ref, **{"text": f"Proposition {ref}.", **given})

    def claim(self, ref: str, **given: Any) -> Self:
        """Log a claim, of an anonymous source of its own unless said otherwise."""
        if "actor" not in given:
            given["actor"] = f"source-{ref}"
            self.actor(given["actor"], kind="anonymous")
        return self.entry("claim", ref, **given)

    def statement(self, ref: str, **given: Any) -> Self:
        """Log a statement."""
        return self.entry("statement", ref, **given)

    def action(self, ref: str, **given: Any) -> Self:
        """Log an action."""
        return self.entry("action", ref, **given)

    def commitment(self, ref: str, **given: Any) -> Self:
        """Log a commitment."""
        return self.entry("commitment", ref, **given)

    def assessment(self, ref: str, **given: Any) -> Self:
        """Log an assessment."""
        return self.entry("assessment", ref, **given)

    def window(self, ref: str, **given: Any) -> Self:
        """Log a window."""
        return self.entry("window", ref, **given)

    def entry(
        self,
        kind: str,
        ref: str,
        *,
        affirms: str | None = None,
        denies: str | None = None,
        stances: Mapping[str, int] | None = None,
        responds_to: str | None = None,
        cites: str | None = None,
        judge: str = "coder",
        **given: Any,
    ) -> Self:
        """Log an entry of any kind, by the actor `speaker` unless said otherwise."""
        given = {"actor": "speaker", "summary": f"What {ref} says.", **given}
        for name in ("actor", "on_behalf_of"):
            if given.get(name):
                self._ensure_actor(given[name])
        self.put(NewEntry, ref=ref, kind=kind, **given)
        values = dict(stances or {})
        values |= {affirms: 2} if affirms else {}
        values |= {denies: -2} if denies else {}
        for proposition, value in values.items():
            self.stance(ref, proposition, value, judge=judge)
        if responds_to:
            self.link(ref, "responds_to", responds_to, judge=judge)
        if cites:
            self.cite(ref, cites)
        return self

    def stance(self, entry: str, proposition: str, value: int, **given: Any) -> Self:
        """Log a stance; the proposition is made when it is missing."""
        if find(self.session, Proposition, proposition) is None:
            self.proposition(proposition)
        judge = given.pop("judge", "coder")
        self._ensure_actor(judge)
        found = find(self.session, Entry, entry)
        record = {"proposition": proposition, "value": value, "asserted_by": judge, **given}
        changes.put(self.session, NewStance.model_validate(record), entry=found)
        return self

    def measure(self, ref: str, **given: Any) -> Self:
        """Log a measure, a count of strikes unless `given` says otherwise."""
        topic = given.setdefault("topic", "topic")
        if find(self.session, Topic, topic) is None:
            self.topic(topic)
        return self.put(
            NewMeasure, **{"ref": ref, "text": ref, "unit": "strikes", "kind": "count", **given}
        )

    def figure(self, entry: str, measure: str, number: str, **given: Any) -> Self:
        """Log a figure such as 120 or 80..; the measure is made when it is missing."""
        if find(self.session, Measure, measure) is None:
            self.measure(measure)
        judge = given.pop("judge", "coder")
        self._ensure_actor(judge)
        bounds = parse_range(number)
        record = {"measure": measure, "low": bounds.low, "high": bounds.high, **given}
        figure = NewFigure.model_validate({**record, "asserted_by": judge})
        changes.put(self.session, figure, entry=find(self.session, Entry, entry))
        return self

    def link(self, first: str, relation: str, second: str, **given: Any) -> Self:
        """Log a link between two entries."""
        judge = given.pop("judge", "coder")
        self._ensure_actor(judge)
        ends = {"from": first, "relation": relation, "to": second}
        return self.put(NewLink, **ends, asserted_by=judge, **given)

    def cite(self, entry: str, document: str, role: str = "primary", **given: Any) -> Self:
        """Log a citation; the document is made when it is missing."""
        if find(self.session, Document, document) is None:
            self.document(document)
        record = NewCitation.model_validate({"document": document, "role": role, **given})
        changes.put(self.session, record, entry=find(self.session, Entry, entry))
        return self

    def grade(self, entry: str, grade: str, **given: Any) -> Self:
        """Log an Admiralty grade such as B2."""
        judge = given.pop("judge", "coder")
        self._ensure_actor(judge)
        letters = {"reliability": grade[0], "credibility": int(grade[1])}
        day = {"graded_on": "2024-01-01", **given}
        return self.put(NewGrade, entry=entry, graded_by=judge, **letters, **day)

    def capture(self, document: str, content: bytes, **given: Any) -> Self:
        """Keep a capture of a document, an HTML page of 2024 unless said otherwise."""
        usual = {
            "media_type": "text/html",
            "retrieved_at": datetime(2024, 5, 24, 12, tzinfo=UTC),
            "retrieved_by": "Test Analyst",
        }
        record = NewCapture.model_validate({"document": document, **usual, **given})
        changes.capture(self.session, record, content)
        return self

    def _ensure_actor(self, ref: str) -> None:
        if find(self.session, Actor, ref) is None:
            self.actor(ref)
