"""Protection changes what is shown and nothing that is computed: every row keeps its numbers."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from casebook import Casebook
from claimtrack import protection
from claimtrack.db import Session
from claimtrack.models import Actor, Document
from claimtrack.protection.pseudonyms import list_protected
from claimtrack.query.filters import Filters
from claimtrack.reports.affirmations import affirmations
from claimtrack.reports.answers import answers
from claimtrack.reports.citations import citations
from claimtrack.reports.claims import claims
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.corroboration import corroboration
from claimtrack.reports.coverage import CoverageRow, coverage, omissions
from claimtrack.reports.hypotheses import cells
from claimtrack.reports.positions import positions
from claimtrack.reports.promises import promises
from claimtrack.reports.reviews import reviews
from claimtrack.reports.timeline import timeline
from claimtrack.reports.track_record import track_record
from claimtrack.reports.windows import clustering, windows
from claimtrack.vocab import fields_of

NOT_SHOWN = {
    *("urls", "subject_urls", "counter_urls"),
    *("url", "label", "exact", "start_pos", "end_pos"),
}
"""Columns that a protected document empties."""
FILTERS = (
    Filters(),
    Filters(known_by=date(2024, 1, 6)),
)


def _fields(row: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(row, name)) for name in fields_of(type(row))]


def draw(seed: int, case: Casebook) -> None:
    """Log a casebook in which much depends on who is above whom, and on what shows it."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    case.topic("t", exclusive=True).topic("u").proposition("p0", topic="t")
    case.proposition("p1", topic="t").proposition("p2", topic="u")
    actors = ["root-a", "root-b"]
    case.actor("root-a", kind="state").actor("root-b", kind="state").actor("press", kind="outlet")
    for number in range(8):
        kind = chance.choice(["anonymous", "anonymous", "person"])
        parent = chance.choice([None, *actors])
        case.actor(f"a{number}", kind=kind, parent=parent, protected=chance.random() < 0.4)
        actors.append(f"a{number}")
    for number in range(5):
        canonical = f"d{number - 1}" if number in (1, 3) and chance.random() < 0.8 else None
        out = f"2024-01-0{chance.randint(1, 9)}"
        secret = chance.random() < 0.4
        case.document(f"d{number}", canonical=canonical, published=out, protected=secret)
        if chance.random() < 0.5:
            case.document(f"d{number}", coverage="complete")
    entries: list[str] = []
    for number in range(24):
        kind = chance.choice(["claim"] * 4 + ["statement", "statement", "action", "commitment"])
        ref = f"e{number}"
        day = date(2024, 1, chance.randint(1, 9))
        taken = [name for name in ("p0", "p1", "p2") if chance.random() < 0.5]
        stances = {name: chance.choice([-2, -1, 1, 2]) for name in taken}
        behalf = chance.choice([None, None, None, *actors])
        case.entry(
            kind,
            ref,
            actor=chance.choice(actors[2:]),
            on_behalf_of=behalf,
            stances=stances,
            judge=chance.choice(["coder", "a0"]),
            date_from=day,
            date_to=day,
        )
        for document in chance.sample(range(5), chance.randint(0, 2)):
            case.cite(ref, f"d{document}", chance.choice(["primary", "relay"]), label=f"[{number}]")
        if entries and chance.random() < 0.5:
            relation = chance.choice(["repeats", "contradicts", "responds_to", "corroborates"])
            case.link(ref, relation, chance.choice(entries), strength=chance.choice([1, 2]))
        entries.append(ref)
    case.window("w", date_from="2024-01-02", date_to="2024-01-05")
    if chance.random() < 0.7:
        case.proposition("p2", topic="u", truth=True, resolved_on="2024-02-01")


def reports(session: Session) -> Iterator[tuple[str, list[Any]]]:
    """Yield the rows of every report, under several filters."""
    for number, wanted in enumerate(FILTERS):
        for report in (contradictions, claims, positions, windows, corroboration, track_record):
            yield f"{report.__name__} {number}", list(report(session, wanted))
        yield f"answers {number}", list(answers(session, wanted))
        yield f"promises {number}", list(promises(session, wanted))
        yield f"timeline {number}", list(timeline(session, wanted))
        yield f"affirmations {number}", list(affirmations(session, wanted))
        yield f"reviews {number}", list(reviews(session, wanted))
        yield f"citations {number}", list(citations(session, wanted))
        yield f"hypotheses {number}", list(cells(session, "t", wanted))
        for root in ("root-a", "root-b"):
            covered = list(coverage(session, wanted, principal=root))
            yield f"coverage {root} {number}", by_topic(covered)
            yield f"omissions {root} {number}", list(omissions(session, wanted, principal=root))
    period = date(2024, 1, 1), date(2024, 1, 31)
    yield "clustering", [clustering(session, Filters(), period)]


def comparable(rows: list[Any], renamed: dict[str, str]) -> list[str]:
    """Return rows as text in no order, with pseudonyms for refs, without what is not shown."""

    if rows and isinstance(rows[0], tuple) and not hasattr(rows[0], "_fields"):
        return list(map(repr, rows))

    def spelled(value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return sorted(map(str, map(spelled, value)))
        if not isinstance(value, str):
            return value
        reading, by, judge = value.rpartition(" by ")
        return f"{reading}{by}{renamed.get(judge, judge)}"

    return sorted(
        repr({name: spelled(value) for name, value in _fields(row) if name not in NOT_SHOWN})
        for row in rows
    )


@pytest.mark.parametrize(
    ("backend", "seed"), [("sqlite", 0), ("sqlite", 1), ("sqlite", 2), ("postgresql", 3)]
)
def test_every_row_of_every_report_keeps_its_numbers(
    case: Casebook, session: Session, seed: int
) -> None:
    draw(seed, case)
    session.flush()
    connection = session.connection()
    renamed = {one.ref: one.pseudonym for one in list_protected(connection)}
    plain = {name: comparable(rows, renamed) for name, rows in reports(session)}
    session.expunge_all()
    usual = connection.dialect
    try:
        assert protection.protect(connection).pseudonyms == frozenset(renamed.values())
        shown = {name: comparable(rows, {}) for name, rows in reports(session)}
    finally:
        connection.dialect = usual
    assert renamed
    assert any(plain.values())
    for name, rows in plain.items():
        assert shown[name] == rows, name


def by_topic(rows: list[CoverageRow]) -> list[tuple[str, str]]:
    """The claims by which coverage has a topic addressed, in whichever rows.

    Rows are of documents as shown: an address of a protected one is a row of its own.
    """
    return sorted({(row.topic, claim) for row in rows for claim in row.claims})


def test_what_a_filter_asks_for_goes_by_what_is_shown(case: Casebook, session: Session) -> None:
    case.actor("top").actor("between", parent="top").topic("t").proposition("p", topic="t")
    case.actor("hidden", kind="anonymous", parent="between", protected=True)
    case.claim("C", actor="hidden", affirms="p")
    session.flush()
    session.expunge_all()
    connection = session.connection()
    usual = connection.dialect
    try:
        protection.protect(connection)
        found = {
            actor: [row.ref for row in claims(session, Filters(actors=(actor,)))]
            for actor in ("top", "between")
        }
    finally:
        connection.dialect = usual
    assert found == {"top": ["C"], "between": []}


def test_columns_that_are_read_as_they_are_name_nobody() -> None:
    assert [column.name for column in protection.UNMASKED_ACTOR.columns] == [
        "id",
        "parent_id",
        "kind",
    ]
    assert [column.name for column in protection.UNMASKED_DOCUMENT.columns] == [
        "id",
        "canonical_id",
    ]


STATEMENTS = (
    "SELECT name FROM actor",
    "SELECT a.name FROM entry AS e, actor AS a",
    'SELECT "name" FROM "actor"',
    "SELECT name FROM main.actor",
    "select title from document",
    "SELECT 1 FROM entry e join citation c on c.entry_id = e.id",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_that_is_not_rewritten_is_refused(
    case: Casebook, session: Session, statement: str
) -> None:
    case.actor("hidden", protected=True)
    session.flush()
    connection = session.connection()
    usual = connection.dialect
    try:
        protection.protect(connection)
        with pytest.raises(protection.UnprotectedRead):
            connection.exec_driver_sql(statement)
    finally:
        connection.dialect = usual


def test_a_statement_of_another_compiler_is_refused(case: Casebook, session: Session) -> None:
    case.actor("hidden", protected=True)
    session.flush()
    connection = session.connection()
    usual = connection.dialect
    protection.protect(connection)
    connection.dialect = usual  # as if somebody had put the usual one back
    for query in (select(Actor.name), select(Document.title)):
        with pytest.raises(protection.UnprotectedRead):
            connection.execute(query)
    with pytest.raises(protection.UnprotectedRead):
        connection.execute(update(Actor).values(name="x").where(Actor.id.in_(select(Actor.id))))
