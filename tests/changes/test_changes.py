"""Writes: validated, whole, and all in the log."""

import json

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack import changes, db, schemas, validation
from claimtrack.db import Session
from claimtrack.errors import (
    AmbiguousRef,
    InvalidRecords,
    RefTaken,
    StillReferenced,
    UnknownRef,
)
from claimtrack.models import Actor, Base, Citation, Entry, Link, Participation, Revision, Stance
from claimtrack.records import TABLES, find, get


def log(session: Session) -> list[tuple[str, str | None, str]]:
    query = select(Revision).where(Revision.table_name != "casebook")
    found = session.scalars(query.order_by(Revision.seq))
    return [(row.table_name, row.row_key, row.op.value) for row in found]


def test_every_write_leaves_one_revision(case: Casebook, session: Session) -> None:
    case.actor("a").claim("C", actor="a", affirms="p", cites="D").grade("C", "F6")
    assert log(session) == [
        ("actor", "a", "insert"),
        ("entry", "C", "insert"),
        ("topic", "topic", "insert"),
        ("proposition", "p", "insert"),
        ("actor", "coder", "insert"),
        ("stance", "C/p/coder", "insert"),
        ("actor", "press", "insert"),
        ("document", "D", "insert"),
        ("citation", "C/D///", "insert"),
        ("grade", "C/coder/2024-01-01", "insert"),
    ]


def test_what_does_not_change_leaves_no_revision(case: Casebook) -> None:
    logs = []
    for _ in range(2):
        case.claim("C", actor="a", affirms="p", date="2024-01").grade("C", "F6")
        logs.append(log(case.cite("C", "D", label="[1]", via="D").session))
    assert logs[0] == logs[1]
    assert {op for _, _, op in logs[0]} == {"insert"}


def test_a_revision_holds_the_row_before_and_after(case: Casebook, session: Session) -> None:
    case.topic("t").topic("t", name="New name")
    revision = session.scalars(select(Revision).order_by(Revision.seq.desc())).first()
    assert revision is not None
    before = {"exclusive": False, "name": "Topic t", "parent": None, "ref": "t"}
    assert json.loads(revision.before or "") == before
    assert json.loads(revision.after or "") == {**before, "name": "New name"}


def test_a_key_left_out_keeps_its_value_and_null_clears_it(
    case: Casebook, session: Session
) -> None:
    case.claim("C", actor="a", place="Kharkiv", capacity="source")
    case.put(schemas.NewEntry, ref="C", place=None)
    entry = get(session, Entry, "C")
    assert (entry.place, entry.capacity, entry.summary) == (None, "source", "What C says.")


def test_words_that_only_spelled_the_old_date_go_with_it(case: Casebook, session: Session) -> None:
    case.claim("C", actor="a", date="2023-24").claim("D", actor="a", date="2024-01")
    case.put(schemas.NewEntry, ref="D", date_text="late in January")
    assert get(session, Entry, "C").date_text == "2023-24"
    case.put(schemas.NewEntry, ref="C", date="2024-01-05")
    case.put(schemas.NewEntry, ref="D", date="2024-01-31")
    assert get(session, Entry, "C").date_text is None
    assert get(session, Entry, "D").date_text == "late in January"


def test_symmetric_links_are_stored_lower_ref_first(case: Casebook, session: Session) -> None:
    case.claim("C5", actor="a").claim("C4", actor="a")
    case.link("C5", "contradicts", "C4", strength=1).link("C4", "contradicts", "C5", strength=1)
    found = session.scalars(select(Link)).one()
    assert (found.from_.ref, found.to.ref) == ("C4", "C5")
    assert len([row for row in log(session) if row[0] == "link"]) == 1


def test_directed_links_keep_their_direction(case: Casebook, session: Session) -> None:
    case.claim("B", actor="a").claim("A", actor="a").link("B", "repeats", "A")
    assert session.scalars(select(Link)).one().from_.ref == "B"


def test_a_removed_ref_is_never_used_again(case: Casebook, session: Session) -> None:
    case.claim("C", actor="a")
    with pytest.raises(RefTaken, match="claim 'C' exists already"):
        changes.add(session, validation.validate_record(schemas.NewEntry, claim("C")))
    changes.remove(session, "entry", "C")
    with pytest.raises(RefTaken, match="never used again"):
        changes.add(session, validation.validate_record(schemas.NewEntry, claim("C")))
    assert find(session, Entry, "C") is None


def claim(ref: str) -> dict[str, str]:
    return {"ref": ref, "kind": "claim", "actor": "a", "summary": "S."}


def test_refs_are_generated_past_every_one_ever_used(case: Casebook, session: Session) -> None:
    case.claim("C-2", actor="a").claim("C-10", actor="a").claim("C-x", actor="a").claim("C1")
    changes.remove(session, "entry", "C-10")
    assert changes.next_ref(session, "claim") == "C-11"
    assert changes.next_ref(session, "window") == "W-1"
    assert changes.next_ref(session, "document") == "D-1"


def test_remove_names_what_still_points_at_the_record(case: Casebook, session: Session) -> None:
    case.actor("boss").actor("a", parent="boss").claim("C", actor="a", affirms="p", cites="D")
    case.proposition("q", truth=True, resolved_on="2024-01-01", resolved_by="C")
    cases = {
        ("actor", "boss"): ["actor a"],
        ("actor", "a"): ["entry C"],
        ("actor", "coder"): ["stance C/p/coder"],
        ("document", "D"): ["citation C/D///"],
        ("topic", "topic"): ["proposition p", "proposition q"],
        ("proposition", "p"): ["stance C/p/coder"],
        ("entry", "C"): ["proposition q"],
    }
    for (table, ref), referrers in cases.items():
        with pytest.raises(StillReferenced) as caught:
            changes.remove(session, table, ref)
        assert caught.value.referrers == referrers


def test_removing_an_entry_takes_its_own_rows_with_it(case: Casebook, session: Session) -> None:
    case.actor("b").claim("C", actor="a", affirms="p", cites="D").grade("C", "F6")
    case.statement("S", responds_to="C").put(
        schemas.NewEntry, ref="C", participants=[{"actor": "b", "role": "subject"}]
    )
    changes.remove(session, "entry", "C")
    for table in (Participation, Citation, Stance, Link):
        assert session.scalars(select(table)).all() == []
    assert sorted(row for row in log(session) if row[2] == "delete") == [
        ("citation", "C/D///", "delete"),
        ("entry", "C", "delete"),
        ("grade", "C/coder/2024-01-01", "delete"),
        ("link", "S/responds_to/C/coder", "delete"),
        ("participation", "C/b/subject", "delete"),
        ("stance", "C/p/coder", "delete"),
    ]


def test_the_author_is_the_judge_and_is_made_when_missing(case: Casebook, session: Session) -> None:
    case.claim("C", actor="a").proposition("p")
    stance = schemas.NewStance.model_validate({"proposition": "p", "value": 1})
    changes.put(session, stance, entry=get(session, Entry, "C"))
    judge = session.scalars(select(Stance)).one().asserted_by
    assert (judge.ref, judge.name, judge.kind.value) == ("test-analyst", "Test Analyst", "person")


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        pytest.param("Jan  Novák", "jan-novak", id="marks"),
        pytest.param("o'brien@desk", "o-brien-desk", id="punctuation"),
        pytest.param("Łukasz Straße", "lukasz-strasse", id="letters that only look marked"),
        pytest.param("Зеленський", "", id="no Latin letters"),
    ],
)
def test_a_ref_is_made_of_a_name(name: str, ref: str) -> None:
    assert changes.make_slug(name) == ref


def test_a_ref_to_nothing_is_refused_with_the_nearest(case: Casebook, session: Session) -> None:
    case.claim("C9", actor="a").claim("C8", actor="a")
    with pytest.raises(UnknownRef) as caught:
        case.link("C99", "repeats", "C8")
    assert str(caught.value) == "no entry 'C99'; did you mean C9?"


def test_everything_wrong_with_a_record_is_told_at_once(session: Session) -> None:
    given = {"ref": "no spaces", "kind": "rumour", "sumary": "x", "date": "2024-13"}
    with pytest.raises(InvalidRecords) as caught:
        validation.validate_record(
            schemas.NewEntry, changes.merge_with_stored(session, schemas.NewEntry, given)
        )
    assert len(caught.value.problems) >= 1


def test_models_are_all_written_through_the_log() -> None:
    assert set(TABLES) == {mapper.class_.__tablename__ for mapper in Base.registry.mappers}


def test_authors_without_latin_letters_are_judges_of_their_own(
    case: Casebook, session: Session
) -> None:
    case.claim("C", actor="a").proposition("p")
    for author in ("Анна", "Пётр", "Анна"):
        session.state.change = db.new_change(author)
        stance = schemas.NewStance.model_validate({"proposition": "p", "value": 1})
        changes.put(session, stance, entry=get(session, Entry, "C"))
    judges = session.scalars(select(Stance)).all()
    assert sorted((row.asserted_by.ref, row.asserted_by.name) for row in judges) == [
        ("N-1", "Анна"),
        ("N-2", "Пётр"),
    ]


def test_an_author_whom_several_actors_could_be_is_asked_which(
    case: Casebook, session: Session
) -> None:
    case.claim("C", actor="a").proposition("p").actor("one", name="Анна").actor("two", name="Анна")
    session.state.change = db.new_change("Анна")
    stance = schemas.NewStance.model_validate({"proposition": "p", "value": 1})
    with pytest.raises(AmbiguousRef, match="several actors are called 'Анна', one and two among"):
        changes.put(session, stance, entry=get(session, Entry, "C"))


def test_no_zero_is_negative(case: Casebook, session: Session) -> None:
    case.action("A", latitude=-0.0, longitude=-0.0).action("A", latitude=-0.0)
    session.expire_all()
    assert [op for op, *_ in log(session)].count("update") == 0
    assert str(get(session, Entry, "A").longitude) == "0.0"


def test_aliases_are_other_names_each_once(case: Casebook, session: Session) -> None:
    case.actor("a", name="Ann", aliases=["Annie", "Ann", "a", "Annie", "Nan"])
    assert get(session, Actor, "a").aliases == ["Annie", "Nan"]
    case.actor("b", aliases=["a", "Ben"])
    assert session.state.warnings == [
        "the alias 'a' of b is the ref of another actor, and refers to that one: if they are the "
        "same, run 'claimtrack actor merge a b'"
    ]


def test_a_ref_that_was_removed_is_no_new_judges(case: Casebook, session: Session) -> None:
    case.actor("test-analyst", name="Somebody else")
    changes.remove(session, "actor", "test-analyst")
    assert changes.get_or_create_judge(session, None).ref == "N-1"


def test_the_sources_own_words_stay_when_a_date_is_put_otherwise(
    case: Casebook, session: Session
) -> None:
    case.claim("C", actor="a", date="2024-05", date_text="in May, he said")
    case.put(schemas.NewEntry, ref="C", date="2023-24")
    assert get(session, Entry, "C").date_text == "in May, he said"
    case.put(schemas.NewEntry, ref="C", date="2023-24", date_text=None)
    assert get(session, Entry, "C").date_text is None
