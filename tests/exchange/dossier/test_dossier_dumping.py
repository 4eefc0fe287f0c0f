"""Dumping dossiers: how a dump reads, and that it loads as the same casebook."""

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook import Casebook
from claimtrack import db
from claimtrack.changes import Outcome
from claimtrack.db import Session, sessions
from claimtrack.exchange.dossier import dumping, loading
from claimtrack.exchange.dossier.yaml_reader import parse
from claimtrack.exchange.dossier.yaml_writer import field_lines
from conftest import BACKENDS, count_queries
from exchange.dossier.dossiers import (
    WHOLE,
    assert_schema_accepts,
    everything,
    load_texts,
    write_dossier,
)
from generated import ANY_TEXT, WORDS, Records, casebooks


def dump_text(session: Session) -> str:
    stream = io.StringIO()
    dumping.dump(session, stream)
    return stream.getvalue()


# --- dumping ------------------------------------------------------------------------------------


def test_a_dump_reads_like_a_dossier(session: Session, tmp_path: Path) -> None:
    load_texts(session, tmp_path, WHOLE)
    assert dump_text(session) == (
        """\
claimtrack: 1
actors:
  - ref: SRC-1
    name: A source
    kind: anonymous
    parent: kremlin
    access: close
    described_as: close to the Kremlin
    count_min: 2
  - {ref: coder, name: The coder, kind: person}
  - {ref: isw, name: Institute, kind: organisation, aliases: [ISW]}
  - {ref: kremlin, name: Kremlin, kind: organisation}
  - {ref: peskov, name: Dmitri Peskov, kind: person, parent: kremlin, aliases: [Песков, "no"]}
documents:
  - {ref: D, url: "https://example.org/1", publisher: isw, published: 2024-01, coverage: complete}
  - {ref: R, url: "https://short.example/1", canonical: D, publisher: isw}
topics:
  - {ref: aims, name: Aims}
  - {ref: nato, name: NATO, parent: aims}
propositions:
  - {ref: nato-dropped, text: He may drop it, topic: nato}
measures:
  - {ref: calls, text: Calls on the matter, topic: nato, unit: calls, kind: count}
entries:
  - ref: C-1
    kind: claim
    actor: SRC-1
    summary: He may drop it
    date_from: 2023-12-01
    date_to: 2024-02-29
    precision: season
    date_text: 2023-24
    about: 2023-12/2024-02
    participants:
      - {actor: peskov, role: subject}
    citations:
      - {document: D, role: primary}
      - {document: R, role: relay, via: D, label: "[1]"}
    stances:
      - {proposition: nato-dropped, value: 1, basis: inferred, hedge: may, asserted_by: coder}
  - ref: S-1
    kind: statement
    actor: peskov
    summary: Nothing of the kind has been said
    date: 2024-01-26
    stances:
      - {proposition: nato-dropped, value: -2, asserted_by: isw}
    figures:
      - {measure: calls, high: 0.5, asserted_by: coder}
      - {measure: calls, low: 3.0, high: 3.0, asserted_by: isw}
links:
  - {from: C-1, relation: contradicts, to: S-1, strength: 1, asserted_by: coder}
  - {from: S-1, relation: responds_to, to: C-1, asserted_by: isw, rationale: the report is quoted}
grades:
  - {entry: C-1, graded_by: isw, graded_on: 2024-05-24, reliability: F, credibility: 6}
"""
    )


def test_an_empty_casebook_dumps_as_an_empty_dossier(session: Session, tmp_path: Path) -> None:
    assert dump_text(session) == "claimtrack: 1\n"
    assert load_texts(session, tmp_path, dump_text(session)).rows == ()


def test_a_dump_sends_one_statement_for_each_table(case: Casebook) -> None:
    for ref in ("C1", "C2", "C3"):
        case.claim(ref, affirms="p", cites="D").grade(ref, "B2")
    case.session.expunge_all()
    with count_queries(case.session) as sent:
        dump_text(case.session)
    assert len(sent) == 12


def test_prose_is_folded_and_lines_of_text_are_kept() -> None:
    prose = "A long summary, with a colon: and commas, that does not fit on one line of a file. "
    lines = [
        *field_lines("summary", prose * 2 + "End", 4),
        *field_lines("body", "First line\n\n  second: line\n", 4),
        *field_lines("body", " starts with a space\nand goes on", 4),
    ]
    assert lines == [
        "    summary: >-",
        "      A long summary, with a colon: and commas, that does not fit on one line of a file. "
        "A long",
        "      summary, with a colon: and commas, that does not fit on one line of a file. End",
        "    body: |",
        "      First line",
        "",
        "        second: line",
        '    body: " starts with a space\\nand goes on"',
    ]


# --- a dump loads as the same casebook ----------------------------------------------------------


@pytest.mark.parametrize("backend", BACKENDS)
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(records=casebooks())
def test_a_dump_loads_as_the_same_casebook(
    backend: str,
    shared: dict[str, db.Database],
    tmp_path_factory: pytest.TempPathFactory,
    records: Records,
) -> None:
    path = tmp_path_factory.getbasetemp() / f"dump-{backend}.yaml"
    with sessions.writing(shared[backend], author="Writer", dry_run=True) as session:
        write_dossier(session, records)
        path.write_text(dump_text(session), encoding="utf-8", newline="")
        written = everything(session)
        again = loading.load(session, [path])
        assert {row.outcome for row in again.rows} == {Outcome.UNCHANGED}
    with sessions.writing(shared[backend], author="Reader", dry_run=True) as session:
        loading.load(session, [path])
        assert everything(session) == written
        assert dump_text(session) == path.read_text(encoding="utf-8")
    assert_schema_accepts(path.read_text(encoding="utf-8"))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=casebooks())
def test_both_databases_dump_the_same_bytes(
    shared: dict[str, db.Database], records: Records
) -> None:
    dumps = []
    for backend in BACKENDS:
        with sessions.writing(shared[backend], author="Writer", dry_run=True) as session:
            write_dossier(session, records)
            dumps.append(dump_text(session))
    assert dumps[0] == dumps[1]


@settings(max_examples=300, deadline=None)
@given(WORDS, st.lists(ANY_TEXT, max_size=4), st.integers(0, 6))
def test_every_text_reads_back_letter_for_letter(
    text: str, several: list[str], indent: int
) -> None:
    record: dict[str, object] = {"text": text, "several": several}
    record["rows"] = [{"text": text, "none": None, "yes": True}, {"several": several, "n": -1.5}]
    lines = [line for key, value in record.items() for line in field_lines(key, value, indent)]
    node, faults = parse("\n".join(lines) + "\n")
    assert (node and node.plain(), faults) == (record, [])
