"""Rows as the database holds them: spelled as the log has them, or named with what is wrong."""

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from claimtrack import db, history
from claimtrack.db import sessions
from claimtrack.models import Base
from claimtrack.records import IN_ORDER, TABLES, image_of
from claimtrack.stored_values import stream_invalid_rows, stream_stored_rows
from conftest import BACKENDS, Logged
from exchange.dossier.dossiers import write_dossier
from generated import Records, casebooks
from tampering import unruled, with_capture


@pytest.mark.parametrize("backend", BACKENDS)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(records=casebooks())
def test_rows_are_spelled_as_the_log_has_them(
    backend: str, shared: dict[str, db.Database], records: Records
) -> None:
    with sessions.writing(shared[backend], author="a", dry_run=True) as session:
        write_dossier(session, records)
        session.expire_all()
        for table in IN_ORDER:
            rows: list[Base] = list(session.scalars(select(TABLES[table])))
            images = {
                image.key: history.canonical_json(image.columns) for image in map(image_of, rows)
            }
            stored = list(stream_stored_rows(session, table))
            assert [row.key for row in stored] == sorted(images)
            assert {row.key: row.state for row in stored} == images


OUTSIDE = {
    "sqlite": {
        "a 2 for a boolean": (
            "UPDATE actor SET protected = 2 WHERE ref = 'a'",
            "protected holds an integer, and should hold 0 or 1",
        ),
        "a word for a boolean": (
            "UPDATE actor SET protected = 'true' WHERE ref = 'a'",
            "protected holds text, and should hold 0 or 1",
        ),
        "a part of a boolean": (
            "UPDATE actor SET protected = 0.5 WHERE ref = 'a'",
            "protected holds a number, and should hold 0 or 1",
        ),
        "bytes for text": (
            "UPDATE actor SET name = x'41' WHERE ref = 'a'",
            "name holds bytes, and should hold text",
        ),
        "a word of no vocabulary": (
            "UPDATE actor SET kind = 'Person' WHERE ref = 'a'",
            "kind holds text, and should hold a word of its vocabulary",
        ),
        "no list": (
            "UPDATE actor SET aliases = '{\"a\": 1}' WHERE ref = 'a'",
            "aliases holds text, and should hold a list of texts",
        ),
        "a list of numbers": (
            "UPDATE actor SET aliases = '[1]' WHERE ref = 'a'",
            "aliases holds text, and should hold a list of texts",
        ),
        "a list spelled otherwise": (
            "UPDATE actor SET aliases = '[ ]' WHERE ref = 'a'",
            "aliases holds text, and should hold a list of texts",
        ),
        "no JSON": (
            "UPDATE actor SET aliases = '[' WHERE ref = 'a'",
            "aliases holds text, and should hold a list of texts",
        ),
        "text for a number of people": (
            "UPDATE actor SET count_min = 'few' WHERE ref = 'a'",
            "count_min holds text, and should hold an integer, or nothing",
        ),
        "a date in another format": (
            "UPDATE document SET published_from = '20240125' || 'T' WHERE ref = 'D'",
            "published_from holds text, and should hold a date, or nothing",
        ),
        "a date with a time": (
            "UPDATE document SET published_from = '2024-01-25 00:00' WHERE ref = 'D'",
            "published_from holds text, and should hold a date, or nothing",
        ),
        "a date as a number": (
            "UPDATE document SET published_from = 20240125 WHERE ref = 'D'",
            "published_from holds an integer, and should hold a date, or nothing",
        ),
        "a day of a week": (
            "UPDATE document SET published_from = '2024-W04-4' WHERE ref = 'D'",
            "published_from holds text, and should hold a date, or nothing",
        ),
        "text for a coordinate": (
            "UPDATE entry SET latitude = 'north' WHERE ref = 'A'",
            "latitude holds text, and should hold a number, or nothing",
        ),
        "a time without a day": (
            "UPDATE capture SET retrieved_at = '12:00'",
            "retrieved_at holds text, and should hold an instant",
        ),
        "a pointer at nothing that may be empty": (
            "UPDATE entry SET on_behalf_of_id = 999 WHERE ref = 'C'",
            "on_behalf_of refers to a missing record",
        ),
        "a pointer at nothing": (
            "UPDATE entry SET actor_id = 999 WHERE ref = 'C'",
            "actor holds nothing, and should hold the key of a record",
        ),
    },
    "postgresql": {
        "no list": (
            "UPDATE actor SET aliases = '{\"a\": 1}' WHERE ref = 'a'",
            "aliases holds text, and should hold a list of texts",
        ),
        "a list spelled otherwise": (
            "UPDATE actor SET aliases = '[ ]' WHERE ref = 'a'",
            "aliases holds text, and should hold a list of texts",
        ),
        "a word of no vocabulary": (
            "ALTER TABLE actor DROP CONSTRAINT ck_actor_kind; "
            "UPDATE actor SET kind = 'Person' WHERE ref = 'a'",
            "kind holds text, and should hold a word of its vocabulary",
        ),
        "nothing for text": (
            "ALTER TABLE actor ALTER name DROP NOT NULL; "
            "UPDATE actor SET name = NULL WHERE ref = 'a'",
            "name holds nothing, and should hold text",
        ),
        "a day without end": (
            "UPDATE document SET published_to = 'infinity' WHERE ref = 'D'",
            "published_to holds text, and should hold a date, or nothing",
        ),
        "a day before our era": (
            "UPDATE document SET published_from = '0044-03-15 BC' WHERE ref = 'D'",
            "published_from holds text, and should hold a date, or nothing",
        ),
        "a pointer at nothing that may be empty": (
            "SET LOCAL session_replication_role = replica; "
            "UPDATE entry SET on_behalf_of_id = 999 WHERE ref = 'C'; "
            "SET LOCAL session_replication_role = origin",
            "on_behalf_of refers to a missing record",
        ),
    },
}


@pytest.mark.parametrize(
    ("kind", "statement", "fault"),
    [
        pytest.param(kind, *told, id=f"{kind}, {name}")
        for kind, cases in OUTSIDE.items()
        for name, told in cases.items()
    ],
)
def test_what_is_outside_its_domain_is_named(
    kind: str, statement: str, fault: str, logged: Logged
) -> None:
    with logged(kind, with_capture) as case:
        unruled(case.session)
        for part in statement.split("; "):
            case.session.connection().exec_driver_sql(part)
        [(_, row)] = stream_invalid_rows(case.session)
        assert row.fault == fault
