"""The STIX bundle: a validator passes it, and what it says is what the casebook holds."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stix2validator import ValidationOptions, validate_string

from casebook import Casebook
from claimtrack import history
from claimtrack.db import Session
from claimtrack.exchange.exports import stix, stix_objects
from claimtrack.exchange.exports.json_objects import without_empty
from claimtrack.exchange.exports.selection import build_conditions, stream_pairs
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.tables.csv_tables import rows_of
from claimtrack.query.filters import Filters
from claimtrack.reports.reviews import reviews
from commandline import CommandLine
from conftest import Typed
from exchange.exports.exported_casebooks import FILTERS, fill

Objects = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    fill(made)
    session.flush()
    return made


@pytest.fixture
def bundled(case: Casebook, session: Session, tmp_path: Path) -> Objects:
    """Return the objects of a bundle by id, once the validator has passed it."""

    def made(wanted: Filters = Filters()) -> dict[str, dict[str, Any]]:  # noqa: B008
        out = io.BytesIO()
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        stix.write_stix(session, out, wanted, folder, Notes())
        found = validate_string(out.getvalue().decode(), ValidationOptions(version="2.1"))
        assert found.is_valid, found.errors
        objects = json.loads(out.getvalue())["objects"]
        by_id = {one["id"]: one for one in objects}
        assert len(by_id) == len(objects)
        return by_id

    return made


def of(objects: dict[str, dict[str, Any]], record: str) -> list[dict[str, Any]]:
    """The fields of the records of a kind, as the extension has them."""
    inner = (one.get("extensions", {}).get(stix_objects.EXTENSION, {}) for one in objects.values())
    names = ("extension_type", "record", "parent_ref")
    return [
        {name: value for name, value in one.items() if name not in names}
        for one in inner
        if one.get("record") == record
    ]


def spelled(records: Any) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in records)


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_what_it_says_is_what_the_casebook_holds(
    bundled: Objects, session: Session, wanted: Filters
) -> None:
    objects, kept = bundled(wanted), build_conditions(wanted)

    def rows(table: str) -> list[dict[str, Any]]:
        conditions = [kept[table]] if table in kept else []
        return [without_empty(**row._mapping) for row in rows_of(session, table, *conditions)]

    entries = of(objects, "entry")
    hanging = ("participations", "stances", "figures", "grades", "citations")
    plain = [{k: v for k, v in one.items() if k not in hanging} for one in entries]
    assert spelled(plain) == spelled(rows("entry")) != []
    for name in hanging:
        said = [{"entry": one["ref"], **part} for one in entries for part in one.get(name, ())]
        known = rows(name.removesuffix("s"))
        if name == "citations":
            said = [{"entry": one["entry"], "document": one["document_ref"]} for one in said]
            known = [{name: one[name] for name in ("entry", "document")} for one in known]
        assert spelled(said) == spelled(known)
    assert spelled(of(objects, "actor")) == spelled(rows("actor"))
    stated = {stance["proposition"] for stance in rows("stance")}
    known = [one for one in rows("proposition") if one["ref"] in stated]
    assert spelled(of(objects, "proposition")) == spelled(known)
    links = [
        {"from_entry": one.pop("from"), "to_entry": one.pop("to")} | one for one in rows("link")
    ]
    assert spelled(of(objects, "link")) == spelled(links)
    pairs = [(one["subject"], one["counter"], one["class"]) for one in of(objects, "opposition")]
    expected = stream_pairs(session, wanted, Notes())
    assert pairs == [(one.subject_ref, one.counter_ref, one.klass) for one in expected]


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_every_object_that_is_named_is_there_and_the_report_lists_all(
    bundled: Objects, wanted: Filters
) -> None:
    objects = bundled(wanted)
    (report,) = (one for one in objects.values() if one["type"] == "report")
    assert [*report["object_refs"], report["id"]] == list(objects)

    def refs(value: Any, name: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for key, part in value.items():
                yield from refs(part, key)
        elif isinstance(value, list):
            for part in value:
                yield from refs(part, name)
        elif name.endswith(("_ref", "_refs")) and name != "document_ref":
            yield value

    assert {ref for one in objects.values() for ref in refs(one)} <= set(objects)


def test_an_entry_is_a_note_with_its_documents_its_actors_and_its_grade(bundled: Objects) -> None:
    notes = {
        one["extensions"][stix_objects.EXTENSION]["ref"]: one
        for one in bundled().values()
        if one["type"] == "note"
    }
    assert notes["C"]["confidence"] == 70
    assert "confidence" not in notes["S"]
    assert notes["J"]["external_references"] == [
        {"source_name": "press", "external_id": "R", "url": "https://example.org/%C3%A9?a=1%20b#c"}
    ]
    assert len(notes["A"]["object_refs"]) == 2
    assert notes["A"]["labels"] == ["action"]


def test_links_are_relationships_of_their_kind(bundled: Objects) -> None:
    found = [one for one in bundled().values() if one["type"] == "relationship"]
    kinds = sorted(one["relationship_type"] for one in found)
    assert kinds == ["contradicts", "derived-from", "opposes", "opposes", "opposes", "responds-to"]
    (repeats,) = (one for one in found if one["relationship_type"] == "derived-from")
    assert repeats["description"] == "the words"


def test_an_opposition_has_its_timing_its_status_and_both_principals(
    case: Casebook, bundled: Objects, session: Session
) -> None:
    case.commitment("K", actor="boss", affirms="kept", judge="bea")
    case.action("X", actor="a", denies="kept", judge="bea")
    case.link("K", "reconciles", "X", judge="cam", rationale="before it")
    session.flush()
    objects = bundled()
    (told,) = (one for one in of(objects, "opposition") if one["subject"] == "K")
    assert (told["subject_principal"], told["counter_principal"]) == ("boss", "boss")
    assert (told["class"], told["timing"]) == ("breach", "possible")
    assert (told["status"], told["reconciled_by"]) == ("disputed", ["cam"])
    described = [
        one.get("description") for one in objects.values() if one["type"] == "relationship"
    ]
    assert (
        "breach (order not known); disputed: bea contradicts, cam reconciles (before it)"
        in described
    )


def test_what_an_assessment_makes_of_a_claim_is_an_opinion_of_its_actor(
    case: Casebook, bundled: Objects, session: Session
) -> None:
    case.claim("N", denies="p").claim("O", stances={"p": 0}).statement("T", affirms="p")
    session.flush()
    objects = bundled()
    opinions = [one for one in objects.values() if one["type"] == "opinion"]
    said = [
        (objects[one["object_refs"][0]]["content"], one["opinion"], one["explanation"])
        for one in opinions
    ]
    assert sorted(said) == [
        ("What C says.", "disagree", "What J says."),
        ("What N says.", "agree", "What J says."),
    ]
    assert {objects[one["created_by_ref"]]["name"] for one in opinions} == {"Actor speaker"}
    expected = [without_empty(**asdict(one)) for one in reviews(session)]
    for one in of(objects, "review"):
        assert any(one.items() <= known.items() for known in expected)


def test_ids_last_and_times_are_those_of_the_log(
    case: Casebook, bundled: Objects, session: Session
) -> None:
    before = bundled()
    assert bundled() == before
    case.claim("New")
    session.flush()
    after, head = bundled(), history.get_anchor(session)
    kept = {identifier for identifier in before if not identifier.startswith("report--")}
    assert kept < set(after)
    for identifier in kept:
        assert after[identifier]["created"] == before[identifier]["created"]
    assert {one["modified"] for one in after.values()} == {str(head.at), stix_objects._DEFINED}


def test_what_came_later_is_left_out_of_what_was_known_by_a_day(
    case: Casebook, bundled: Objects, session: Session
) -> None:
    case.document("D", published="2024-01-25").document("Late", published="2024-05-24")
    case.stance("C", "late", 2, document="Late").cite("C", "Late", role="support")
    session.flush()
    (entry,) = of(bundled(Filters(known_by=date(2024, 1, 26))), "entry")
    assert [one["proposition"] for one in entry["stances"]] == ["p"]
    assert {one["document_ref"] for one in entry["citations"]} == {"D"}
    assert [one["graded_on"] for one in entry["grades"]] == ["2024-01-01"]


def test_other_judges_than_those_asked_for_say_nothing(bundled: Objects) -> None:
    objects = bundled(Filters(asserted_by=("reader",)))
    stances = [part for one in of(objects, "entry") for part in one.get("stances", ())]
    assert [one["asserted_by"] for one in stances] == ["reader"]
    assert of(objects, "link") == of(objects, "opposition") == []


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(fill)


def test_a_bundle_that_withholds_something_has_an_id_of_its_own(
    line: CommandLine, tmp_path: Path
) -> None:
    line.does("actor", "edit", "a", "--protected")
    file, ids = tmp_path / "bundle.json", set()
    for words in ((), ("--include-protected",)):
        line.does("export", "stix", str(file), *words)
        ids.add(json.loads(file.read_bytes())["id"])
    assert len(ids) == 2
