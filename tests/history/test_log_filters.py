"""Which revisions of the log are listed, by when, by whom and of what."""

from datetime import UTC, datetime, timedelta

from casebook import Casebook
from claimtrack import history
from claimtrack.db import Session
from claimtrack.history import LogFilters


def listed(session: Session, filters: LogFilters) -> list[str]:
    return [row.record for row in history.stream_log(session, filters)]


def test_revisions_are_listed_by_table(case: Casebook, session: Session) -> None:
    case.topic("t").claim("C", affirms="p").topic("u")
    assert listed(session, LogFilters(table="topic")) == ["topic u", "topic topic", "topic t"]


def test_revisions_of_a_record_come_with_those_of_the_rows_that_belong_to_it(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").figure("C", "m", "3").claim("C1", affirms="p")
    found = listed(session, LogFilters(record=("entry", "C")))
    assert found == ["figure C/m/coder", "stance C/p/coder", "entry C"]
    assert listed(session, LogFilters(record=("entry", "C"), table="entry")) == ["entry C"]


def test_an_instant_is_the_first_that_is_listed_and_the_first_that_is_not(
    case: Casebook, session: Session
) -> None:
    case.topic("t")
    newest = next(history.stream_log(session))
    at = datetime.fromisoformat(newest.at)
    moment = timedelta(microseconds=1)
    everything = listed(session, LogFilters())
    assert listed(session, LogFilters(since=at))[0] == "topic t"
    assert listed(session, LogFilters(since=at + moment)) == []
    assert listed(session, LogFilters(before=at + moment)) == everything
    assert "topic t" not in listed(session, LogFilters(before=at))
    assert listed(session, LogFilters(since=datetime(2000, 1, 1, tzinfo=UTC))) == everything


def test_revisions_are_listed_by_author(case: Casebook, session: Session) -> None:
    case.topic("t")
    assert "topic t" in listed(session, LogFilters(author="Test Analyst"))
    assert listed(session, LogFilters(author="Test")) == []
