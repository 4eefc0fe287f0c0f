"""Taking back one command: all of it or nothing, as a new change."""

import pytest
from sqlalchemy import select

from casebook import Casebook
from changes.commands import begin
from claimtrack import changes, db, replay
from claimtrack.db import Session, sessions
from claimtrack.errors import Conflict, StillReferenced, UnknownRef
from claimtrack.models import Revision
from claimtrack.schemas import NewEntry
from commandline import CommandLine
from exchange.dossier.dossiers import everything


def populate(case: Casebook) -> None:
    case.topic("war").topic("t", parent="war").actor("boss").actor(
        "a", parent="boss", aliases=["é"]
    )
    case.claim("C", actor="a", affirms="p", date_from="2024-01-25", cites="D", judge="a")
    case.statement("S", denies="p", responds_to="C", judge="a").grade("C", "F6", judge="a")
    case.action(
        "A", latitude=48.5, longitude=37.25, participants=[{"actor": "a", "role": "target"}]
    )
    case.proposition("q", topic="t", truth=True, resolved_on="2024-05-24", resolved_by="A")


def test_what_was_added_is_taken_out(case: Casebook, session: Session) -> None:
    case.actor("before")
    stood = everything(session)
    change = begin(session)
    populate(case)
    begin(session)
    assert changes.revert(session, change) == touched(session, change)
    assert everything(session) == stood
    assert list(replay.verify(session)) == []


def touched(session: Session, change: str) -> int:
    query = select(Revision.table_name, Revision.row_key).where(Revision.change == change)
    return len(session.execute(query.distinct()).all())


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(lambda s: changes.remove(s, "entry", "C"), id="an entry removed"),
        pytest.param(lambda s: changes.merge_actors(s, "a", "boss"), id="two actors made one"),
        pytest.param(lambda s: Casebook(s).put(NewEntry, ref="A", latitude=1.5), id="a number"),
        pytest.param(
            lambda s: Casebook(s).put(NewEntry, ref="C", kind="statement", date="2023-24"),
            id="several fields",
        ),
        pytest.param(
            lambda s: Casebook(s).topic("war", name="Peace").topic("war", name="Truce"),
            id="one row twice",
        ),
        pytest.param(
            lambda s: changes.remove_row(
                s, "grade", {"entry": "C", "graded_by": "a", "graded_on": "2024-01-01"}
            ),
            id="a grade removed",
        ),
        pytest.param(
            lambda s: Casebook(s).proposition("q", truth=None, resolved_on=None, resolved_by=None),
            id="a resolution cleared",
        ),
    ],
)
def test_what_was_changed_and_removed_is_put_back(
    case: Casebook, session: Session, command: object
) -> None:
    populate(case)
    stood = everything(session)
    change = begin(session)
    assert callable(command)
    command(session)
    assert everything(session) != stood
    undone = begin(session)
    changes.revert(session, change)
    assert everything(session) == stood
    assert list(replay.verify(session)) == []
    begin(session)
    changes.revert(session, undone)
    assert everything(session) != stood
    assert list(replay.verify(session)) == []


def test_a_row_touched_again_is_named_and_nothing_is_undone(
    case: Casebook, session: Session
) -> None:
    first = begin(session)
    case.topic("war").topic("t")
    later = begin(session)
    case.topic("war", name="Peace")
    stood = everything(session)
    with pytest.raises(Conflict) as caught:
        changes.revert(session, first)
    assert f"later changes touched the same rows: topic war (by {later})" in str(caught.value)
    assert everything(session) == stood


def test_a_record_that_others_name_by_now_stays(case: Casebook, session: Session) -> None:
    first = begin(session)
    case.topic("war")
    begin(session)
    case.topic("t", parent="war")
    with pytest.raises(StillReferenced, match="topic 'war' is still used by topic t"):
        changes.revert(session, first)


def test_what_needs_a_record_that_is_gone_cannot_be_put_back(
    case: Casebook, session: Session
) -> None:
    case.topic("war").topic("t", parent="war")
    change = begin(session)
    case.topic("t", parent=None)
    begin(session)
    changes.remove(session, "topic", "war")
    with pytest.raises(Conflict, match=r"refers to records removed since \(no topic 'war'"):
        changes.revert(session, change)


def test_what_is_there_again_is_not_put_back_twice(case: Casebook, session: Session) -> None:
    case.claim("A", actor="a").claim("B", actor="a").link("A", "contradicts", "B", judge="a")
    key = {"from": "A", "relation": "contradicts", "to": "B", "asserted_by": "a"}
    change = begin(session)
    changes.remove_row(session, "link", key)
    begin(session)
    case.link("B", "contradicts", "A", judge="a", strength=1)
    with pytest.raises(
        Conflict, match="later changes touched the same rows: link A/contradicts/B/a"
    ):
        changes.revert(session, change)


def test_a_circle_is_not_closed_by_going_back(case: Casebook, session: Session) -> None:
    case.topic("x").topic("a", parent="x")
    change = begin(session)
    case.topic("a", parent=None)
    begin(session)
    case.topic("x", parent="a")
    with pytest.raises(Exception, match="would create a cycle"):
        changes.revert(session, change)


def test_a_change_that_never_was_is_told(session: Session) -> None:
    with pytest.raises(UnknownRef, match="no change 'nothing'"):
        changes.revert(session, "nothing")


def test_a_change_is_shown_and_taken_back_on_the_command_line(target: str) -> None:
    line = CommandLine(target)
    line.does("actor", "add", "Ann", "--kind", "person", "--message", "a witness")
    line.does("actor", "edit", "ann", "--name", "Anna")
    change = newest(target)
    shown = line.does("log", "show", change, "--format", "csv")
    assert "update,actor ann,name: Ann -> Anna" in shown
    answer = line.run("revert", change)
    assert (answer.stdout, answer.stderr) == ("", f"undid change {change}: 1 row\n")
    shown = line.does("log", "show", newest(target), "--format", "csv")
    assert f"revert {change},update,actor ann,name: Anna -> Ann" in shown
    assert line.refuses("revert", change)[0] == 4
    assert line.refuses("revert", "nothing") == (3, "no change 'nothing'")
    assert line.refuses("log", "show", "nothing") == (3, "no change 'nothing'")
    line.does("revert", newest(target), "--message", "after all")
    assert "after all,update,actor ann,name: Ann -> Anna" in line.does("log", "--format", "csv")


def newest(target: str) -> str:
    with sessions.reading(db.connect(target)) as session:
        query = select(Revision.change).order_by(Revision.seq.desc()).limit(1)
        return session.scalars(query).one()
