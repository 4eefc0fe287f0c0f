"""Each record as an object of STIX 2.1, from its row."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from claimtrack.addresses import to_web_uri
from claimtrack.exchange.exports.json_objects import (
    make_stable_id,
    without_empty,
)
from claimtrack.exchange.notes import Notes
from claimtrack.query.pair_judgements import Judgement
from claimtrack.reports.citations import CitationRow
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.reviews import ReviewRow
from claimtrack.reports.wording import (
    describe_status,
    describe_timing,
    has_reconciling_judge,
    spell_word,
)
from claimtrack.vocab import ActorKind, Relation, fields_of
from claimtrack.weigh.grades import find_latest_grade

EXTENSION = f"extension-definition--{make_stable_id('stix', 'extension')}"
MAKER = f"identity--{make_stable_id('stix', 'claimtrack')}"
_DEFINED = "2026-11-30T00:00:00.000Z"
"""The date of this version of the extension."""
_MEANING = (
    "Properties of casebook records, under the names of the tables of claimtrack: 'ref' is what "
    "people call a record; 'record' says which kind it is; a name that stands for another record "
    "is its ref."
)
_CLASSES = {
    ActorKind.PERSON: "individual",
    ActorKind.GROUP: "group",
    ActorKind.ORGANISATION: "organization",
    ActorKind.STATE: "organization",
    ActorKind.OUTLET: "organization",
    ActorKind.ANONYMOUS: "unknown",
}
_TYPES = {Relation.REPEATS: "derived-from"}
_OPINIONS = ("strongly-disagree", "disagree", "neutral", "agree", "strongly-agree")
"""By value, from -2 to 2."""
_CONFIDENCE = {1: 90, 2: 70, 3: 50, 4: 30, 5: 10}
"""By Admiralty credibility; 6 means unknown."""
_OF_PAIRS = ("subject_principal", "counter_principal")
"""Fields of a pair about its entries that their notes lack."""
Object = dict[str, Any]


def make_times(created: str, modified: str) -> Object:
    """Return when an object was created, and last modified: not before it was created."""
    return {"created": created, "modified": max(created, modified)}


def make_common(kind: str, identifier: str, maker: str, times: Mapping[str, str]) -> Object:
    """Return the properties that every object has."""
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": identifier,
        "created_by_ref": maker,
        **times,
    }


def make_extension(record: str, **values: Any) -> Object:
    """Return fields that STIX lacks, in the extension of claimtrack."""
    told_of = {"extension_type": "property-extension", "record": record, **without_empty(**values)}
    return {"extensions": {EXTENSION: told_of}}


def _id(kind: str, table: str, *key: str) -> str:
    return f"{kind}--{make_stable_id(table, *key)}"


def _note(ref: str) -> str:
    return _id("note", "entry", ref)


def _identity(ref: str) -> str:
    return _id("identity", "actor", ref)


def make_definitions() -> Iterator[Object]:
    """Yield the maker of all objects, and the definition of the extension."""
    times = make_times(_DEFINED, _DEFINED)
    yield {
        **make_common("identity", MAKER, MAKER, times),
        "name": "claimtrack",
        "identity_class": "system",
    }
    yield {
        **make_common("extension-definition", EXTENSION, MAKER, times),
        "name": "Casebook records",
        "description": _MEANING,
        "schema": _MEANING,
        "version": "1.1.0",
        "extension_types": ["property-extension"],
    }


def make_identity(row: Mapping[str, Any], times: Object) -> Object:
    """Return an actor as an identity."""
    fields = dict(row)
    parent = fields.pop("parent")
    return {
        **make_common("identity", _identity(row["ref"]), MAKER, times),
        **without_empty(name=row["name"], description=row["described_as"]),
        "identity_class": _CLASSES[row["kind"]],
        **make_extension("actor", **fields, parent=parent, parent_ref=parent and _identity(parent)),
    }


def make_note(
    row: Mapping[str, Any],
    cited: list[CitationRow],
    hanging: Mapping[str, list[Any]],
    times: Object,
    notes: Notes,
) -> Object:
    """Return an entry as a note; addresses that are no web links are counted in `notes`."""
    about = [row["actor"], row["on_behalf_of"], *(one.actor for one in hanging["participation"])]
    grades = hanging["grade"]
    latest = find_latest_grade(grades)
    lists = {
        f"{name}s": [_fields(one, without="entry") for one in rows]
        for name, rows in hanging.items()
    }
    lists["citations"] = [_citation(one) for one in cited]
    return {
        **make_common("note", _note(row["ref"]), MAKER, times),
        "content": row["summary"],
        "object_refs": [_identity(ref) for ref in dict.fromkeys(filter(None, about))],
        "labels": [row["kind"].value],
        **without_empty(
            confidence=latest and _CONFIDENCE.get(latest.credibility),
            external_references=list(_references(cited, notes)),
        ),
        **make_extension("entry", **row, **lists),
    }


def _fields(row: Any, *, without: str) -> Object:
    values = row._mapping if hasattr(row, "_mapping") else _slots(row)
    return without_empty(**{name: value for name, value in values.items() if name != without})


def _citation(row: CitationRow) -> Object:
    """Return the fields of a citation; an address that is not a web link is not a `url`."""
    fields = _fields(row, without="entry_ref")
    if "url" in fields and not to_web_uri(row.url):
        fields["address"] = fields.pop("url")
    return fields


def _slots(row: Any) -> Object:
    return {name: getattr(row, name) for name in fields_of(type(row))}


def _references(cited: list[CitationRow], notes: Notes) -> Iterator[Object]:
    for (document, publisher, url), _ in groupby(
        cited, attrgetter("document_ref", "publisher", "url")
    ):
        if url and not to_web_uri(url):
            notes.add("url", url, "is not a web address: it is exported as address, not as url")
        yield without_empty(source_name=publisher, external_id=document, url=to_web_uri(url))


def make_grouping(table: str, row: Mapping[str, Any], entries: list[str], times: Object) -> Object:
    """Return a proposition or measure as a grouping of the notes of the entries on it."""
    return {
        **make_common("grouping", _id("grouping", table, row["ref"]), MAKER, times),
        "name": row["text"],
        "context": "unspecified",
        "object_refs": [_note(ref) for ref in entries],
        **make_extension(table, **row),
    }


def make_relationship(row: Mapping[str, Any], times: Object) -> Object:
    """Return a link as a relationship."""
    key = (row["from"], row["relation"], row["to"], row["asserted_by"])
    fields = {name: value for name, value in row.items() if name not in ("from", "to")}
    return {
        **make_common(
            "relationship",
            _id("relationship", "link", *key),
            _identity(row["asserted_by"]),
            times,
        ),
        "relationship_type": _TYPES.get(row["relation"], row["relation"].replace("_", "-")),
        "source_ref": _note(row["from"]),
        "target_ref": _note(row["to"]),
        **without_empty(description=row["rationale"]),
        **make_extension("link", **fields, from_entry=row["from"], to_entry=row["to"]),
    }


def make_opposition(
    pair: ContradictionRow, judgements: Sequence[Judgement], times: Object
) -> Object:
    """Return a pair of the contradictions report as a relationship `opposes`."""
    ends = (pair.subject_ref, pair.counter_ref)
    fields = {
        name: value
        for name, value in _slots(pair).items()
        if name in _OF_PAIRS or not name.startswith(("subject_", "counter_"))
    }
    timing = describe_timing(pair.klass, pair.timing, pair.days)
    called = spell_word(pair.klass or "reconciled") + (f" ({timing})" if timing else "")
    judged = f"; {describe_status(pair, judgements)}" if has_reconciling_judge(pair) else ""
    return {
        **make_common("relationship", _id("relationship", "opposition", *ends), MAKER, times),
        "relationship_type": "opposes",
        "source_ref": _note(pair.subject_ref),
        "target_ref": _note(pair.counter_ref),
        "description": f"{called}{judged}",
        **make_extension(
            "opposition",
            subject=pair.subject_ref,
            counter=pair.counter_ref,
            **{"class": fields.pop("klass")},
            **fields,
        ),
    }


def make_opinion(review: ReviewRow, times: Object) -> Object:
    """Return a review of a claim as an opinion on its note."""
    key = (review.claim, review.assessment, review.proposition, review.asserted_by)
    value = review.value
    fields = {
        name: getattr(review, name)
        for name in ("claim", "assessment", "proposition", "asserted_by", "value", "basis", "hedge")
    }
    return {
        **make_common(
            "opinion",
            _id("opinion", "review", *key, str(value)),
            _identity(review.actor),
            times,
        ),
        "opinion": _OPINIONS[value + 2],
        "object_refs": [_note(review.claim)],
        "explanation": review.summary,
        **make_extension("review", **fields),
    }
