"""Refs: which records they name, how they are completed; and the status of a casebook."""

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.lookup import (
    kinds_of,
    refs_starting,
    status,
)
from conftest import count_queries


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        pytest.param("C-1", ["claim"], id="an entry, by its kind"),
        pytest.param("ready", ["proposition"], id="a proposition"),
        pytest.param("war", ["actor", "topic"], id="two kinds share a ref"),
        pytest.param("D-1", ["document"], id="a document"),
        pytest.param("Путин", ["actor"], id="an actor by alias"),
        pytest.param("Russia", ["actor"], id="an actor by name"),
        pytest.param("The war", [], id="a topic by name"),
        pytest.param("nothing", [], id="nothing"),
    ],
)
def test_a_ref_tells_which_kinds_of_record_it_names(
    world: Casebook, ref: str, expected: list[str]
) -> None:
    world.actor("war", name="D-1")  # a ref goes before a name
    assert kinds_of(world.session, ref) == expected


@pytest.mark.parametrize(
    ("prefix", "nouns", "expected"),
    [
        pytest.param("C", (), [("C-0", "He was ready."), ("C-1", "He is ready.")], id="entries"),
        pytest.param("c", (), [("ceasefire", "Ceasefire"), ("coder", "Actor coder")], id="case"),
        pytest.param("D-1", (), [("D-1", "One"), ("D-1b", "https://press.example/1b")], id="D"),
        pytest.param("D-2", ("document",), [("D-2", "")], id="a document without words"),
        pytest.param("", ("topic",), [("ceasefire", "Ceasefire"), ("war", "The war")], id="all"),
        pytest.param("", ("statement",), [("S-1", "No.")], id="one kind of entry"),
        pytest.param("A", ("entry",), [("A-1", "An offensive.")], id="any kind of entry"),
        pytest.param("A-1", ("claim", "actor"), [], id="not that kind"),
        pytest.param("Пу", ("actor",), [("putin", "Vladimir Putin")], id="an alias"),
        pytest.param("vlad", ("actor",), [("putin", "Vladimir Putin")], id="a name in any case"),
        pytest.param("rus", ("actor",), [("russia", "Russia")], id="ref, name and alias: once"),
        pytest.param("%", (), [], id="no wildcard"),
        pytest.param("_", (), [], id="no wildcard for one character"),
        pytest.param("\x00", (), [], id="what no ref can hold"),
    ],
)
def test_refs_are_completed(
    world: Casebook, prefix: str, nouns: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert refs_starting(world.session, prefix, nouns) == expected


def test_completion_is_cut_and_asks_once(world: Casebook) -> None:
    with count_queries(world.session) as sent:
        assert len(refs_starting(world.session, "", limit=3)) == 3
    assert len(sent) == 1


def test_refs_of_an_unknown_kind_are_refused(session: Session) -> None:
    with pytest.raises(InvalidValue, match="noun 'stance' is not valid"):
        refs_starting(session, "", ("stance",))


def test_the_status_counts_every_kind_and_names_the_head_of_the_log(world: Casebook) -> None:
    told = status(world.session)
    counts = {
        name: getattr(told, name)
        for name in told.__slots__
        if isinstance(getattr(told, name), int) and name != "revisions"
    }
    assert counts == {
        "actors": 6,
        "documents": 3,
        "topics": 2,
        "propositions": 2,
        "measures": 0,
        "commitments": 0,
        "claims": 2,
        "statements": 1,
        "assessments": 0,
        "actions": 1,
        "windows": 0,
        "figures": 0,
        "stances": 4,
        "links": 2,
        "citations": 2,
        "grades": 2,
    }
    assert told.revisions == sum(counts.values()) + 1  # that of the casebook
    assert len(told.head or "") == 64
    assert told.schema_version == db.SCHEMA_VERSION


def test_the_log_of_an_empty_casebook_has_one_revision(session: Session) -> None:
    told = status(session)
    assert (told.revisions, told.claims, len(told.head or "")) == (1, 0, 64)
