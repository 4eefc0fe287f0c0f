"""Dossiers for tests: an example with every section, how to load and dump, and whole tables."""

import hashlib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from claimtrack import changes, history
from claimtrack.db import Session
from claimtrack.errors import InvalidRecords
from claimtrack.exchange.dossier import loading, sections
from claimtrack.exchange.dossier.yaml_reader import parse
from claimtrack.models import Content, Entry, Revision
from claimtrack.records import TABLES, get, record_of
from generated import Records

DATASET = sorted((Path(__file__).parents[3] / "data").glob("*/*.yaml"))

WHOLE = """\
claimtrack: 1
asserted_by: ISW
links:
  - {from: S-1, relation: responds_to, to: C-1, rationale: the report is quoted}
  - {from: S-1, relation: contradicts, to: C-1, strength: 1, asserted_by: coder}
grades:
  - {entry: C-1, graded_by: isw, graded_on: 2024-05-24, reliability: F, credibility: 6}
entries:
  - ref: S-1
    kind: statement
    actor: Песков
    summary: Nothing of the kind has been said
    date: 2024-01-26
    stances: [{proposition: nato-dropped, value: -2}]
    figures: [{measure: calls, low: 3, high: 3}, {measure: calls, high: 0.5, asserted_by: coder}]
  - ref: C-1
    kind: claim
    actor: SRC-1
    summary: He may drop it
    date: 2023-24
    about: 2023-12/2024-02
    participants: [{actor: peskov, role: subject}]
    citations: [{document: R, role: relay, via: D, label: "[1]"}, {document: D, role: primary}]
    stances:
      - {proposition: nato-dropped, value: 1, basis: inferred, hedge: may, asserted_by: coder}
propositions:
  - {ref: nato-dropped, text: He may drop it, topic: nato}
measures:
  - {ref: calls, text: Calls on the matter, topic: nato, unit: calls, kind: count}
topics:
  - {ref: nato, name: NATO, parent: aims}
  - {ref: aims, name: Aims}
documents:
  - {ref: R, publisher: isw, canonical: D, url: "https://short.example/1"}
  - {ref: D, publisher: isw, url: "https://example.org/1", published: 2024-01, coverage: complete}
actors:
  - {ref: SRC-1, name: A source, kind: anonymous, parent: kremlin, access: close,
     described_as: close to the Kremlin, count_min: 2}
  - {ref: peskov, name: Dmitri Peskov, kind: person, parent: kremlin, aliases: [Песков, no]}
  - {ref: kremlin, name: Kremlin, kind: organisation}
  - {ref: isw, name: Institute, kind: organisation, aliases: [ISW]}
  - {ref: coder, name: The coder, kind: person}
"""


def load_texts(session: Session, folder: Path, *texts: str) -> loading.LoadReport:
    """Load texts as files a.yaml, b.yaml, ..."""
    paths = [folder / f"{letter}.yaml" for letter, _ in zip("abcdef", texts, strict=False)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return loading.load(session, paths)


def refuse_texts(session: Session, folder: Path, *texts: str) -> list[str]:
    """Return the lines with which a load of texts is refused, the folder left out."""
    before = count_revisions(session)
    with pytest.raises(InvalidRecords) as caught:
        load_texts(session, folder, *texts)
    assert count_revisions(session) == before
    return [line.removeprefix(f"{folder}/") for line in caught.value.problems]


def count_revisions(session: Session) -> int:
    """Return the number of revisions in the log."""
    return session.scalar(select(func.count()).select_from(Revision)) or 0


def everything(session: Session) -> dict[str, list[str]]:
    """Return every row of every table but the log and the casebook's own, as the log has it.

    Of the bytes of captures, what they hash to.
    """
    session.flush()
    session.expire_all()
    rows = {
        table: sorted(
            history.canonical_json(record_of(row)) for row in session.scalars(select(model))
        )
        for table, model in TABLES.items()
        if table not in ("revision", "casebook", "content")
    }
    contents = session.scalars(select(Content.bytes))
    return {**rows, "content": sorted(hashlib.sha256(part).hexdigest() for part in contents)}


HEAD = "claimtrack: 1\nactors:\n  - {ref: isw, name: ISW, kind: organisation}\n"
TOPIC = "topics: [{ref: t, name: T}]\npropositions: [{ref: p, text: P, topic: t}]\n"


def entry_text(rest: str, ref: str = "C") -> str:
    """Return a dossier with a single claim, which has further keys."""
    return (
        f"{HEAD}{TOPIC}entries:\n  - {{ref: {ref}, kind: claim, actor: isw, summary: x, {rest}}}\n"
    )


def write_dossier(session: Session, records: Records) -> None:
    """Write records of a drawn casebook, each below the entry that owns it."""
    for model, record, owner in records:
        entry = None if owner is None else get(session, Entry, owner)
        changes.accept_any_address(session)
        changes.put(session, model.model_validate(record), entry=entry)


def assert_schema_accepts(text: str) -> None:
    """Check a dossier against the JSON Schema that sections make."""
    node, faults = parse(text)
    assert node is not None
    assert faults == []
    Draft202012Validator(sections.json_schema()).validate(node.plain())
