"""Two actors that are one: what a merge moves, and what it refuses."""

import json

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack import changes, schemas
from claimtrack.db import Session
from claimtrack.errors import (
    Conflict,
    Invalid,
    RefTaken,
)
from claimtrack.models import Actor, Stance
from claimtrack.records import TABLES, find, get, record_of


def test_merging_moves_everything_and_keeps_the_name(case: Casebook, session: Session) -> None:
    case.actor("zelenskyy", name="Zelenskyy", aliases=["Зеленський"]).actor("aide")
    case.actor("zelensky", name="Zelensky").put(schemas.NewActor, ref="aide", parent="zelenskyy")
    case.document("D", publisher="zelenskyy")
    case.claim("C", actor="zelenskyy", on_behalf_of="zelenskyy", judge="zelenskyy", affirms="p")
    case.statement("S", responds_to="C", judge="zelenskyy").grade("C", "B2", judge="zelenskyy")
    case.put(schemas.NewEntry, ref="S", participants=[{"actor": "zelenskyy", "role": "subject"}])
    changes.merge_actors(session, "zelenskyy", "zelensky")
    assert find(session, Actor, "zelenskyy") is None
    kept = get(session, Actor, "zelensky")
    assert kept.aliases == ["Zelenskyy", "zelenskyy", "Зеленський"]
    assert get(session, Actor, "zelenskyy") is kept
    left = [
        (table, json.dumps(record_of(row), default=str))
        for table, model in TABLES.items()
        if table not in ("revision", "casebook", "actor")
        for row in session.scalars(select(model))
        if "zelenskyy" in json.dumps(record_of(row), default=str)
    ]
    assert left == []


def test_merging_into_somebody_below_closes_no_circle(case: Casebook, session: Session) -> None:
    case.actor("top").actor("old", parent="top").actor("mid", parent="old")
    case.actor("kept", parent="mid")
    changes.merge_actors(session, "old", "kept")
    parents = {
        actor.ref: actor.parent and actor.parent.ref for actor in session.scalars(select(Actor))
    }
    assert parents == {"top": None, "kept": "top", "mid": "kept"}


def test_merging_two_judges_who_differ_is_a_conflict(case: Casebook, session: Session) -> None:
    case.claim("C", actor="a").stance("C", "p", 2, judge="x").stance("C", "p", 1, judge="y")
    with pytest.raises(Conflict, match="make them agree, or remove one"):
        changes.merge_actors(session, "x", "y")
    case.stance("C", "p", 1, judge="x")
    changes.merge_actors(session, "x", "y")
    assert [stance.asserted_by.ref for stance in session.scalars(select(Stance))] == ["y"]


def test_an_actor_is_not_merged_into_itself(case: Casebook, session: Session) -> None:
    case.actor("a")
    with pytest.raises(Invalid, match="the same actor"):
        changes.merge_actors(session, "a", "a")


def test_a_merge_keeps_a_source_protected(case: Casebook, session: Session) -> None:
    case.actor("x", protected=True).actor("y")
    changes.merge_actors(session, "x", "y")
    assert get(session, Actor, "y").protected


def test_the_ref_of_a_merged_actor_says_who_it_is_now(case: Casebook, session: Session) -> None:
    case.actor("x").actor("y")
    changes.merge_actors(session, "x", "y")
    with pytest.raises(RefTaken) as caught:
        case.actor("x")
    assert str(caught.value) == ("actor 'x' was merged into 'y': use that ref")


def test_a_merged_judge_stays_merged(case: Casebook, session: Session) -> None:
    case.actor("test-analyst", name="T. Analyst").actor("kept")
    changes.merge_actors(session, "test-analyst", "kept")
    assert changes.get_or_create_judge(session, None).ref == "kept"
