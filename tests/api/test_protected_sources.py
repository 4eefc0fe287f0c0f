"""Protected sources: no result, error or export of the library gives them away."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.methods import METHODS
from claimtrack import open_casebook
from claimtrack.api import Casebook
from claimtrack.errors import (
    ClaimtrackError,
    InvalidRecords,
    StillReferenced,
    UnknownRef,
)


def test_nothing_gives_a_protected_source_away(secrets: str) -> None:
    with open_casebook(secrets) as casebook:
        answers = [method(casebook) for name, method in METHODS.items() if "russia" in name]
        answers += [casebook.contradictions(), casebook.claims(), casebook.list_actors()]
        answers += [casebook.list_documents(), casebook.list_links(), casebook.check()]
        found = [row for rows in answers for row in rows.to_dicts()]
        shown = casebook.show("C9")
    assert found
    assert "canary" not in str(found).lower()
    assert "canary" not in str(shown).lower()
    with open_casebook(secrets, include_protected=True) as casebook:
        assert "canary-ref" in [row.ref for row in casebook.list_actors()]


def test_no_error_gives_a_protected_source_away(secrets: str) -> None:
    with open_casebook(secrets, author="ann") as casebook:
        asked: list[Callable[[], object]] = [
            lambda: casebook.show("canary-ref"),
            lambda: casebook.claims(actor="canary-re"),
            lambda: casebook.show("Canary Nam", noun="actor"),
        ]
        for ask in asked:
            with pytest.raises(UnknownRef) as refused:
                ask()
            given = refused.value.ref
            assert "canary" not in str(refused.value).replace(given, "").lower()
        with casebook.change(dry_run=True) as change:
            with pytest.raises(StillReferenced) as taken:
                change.remove("actor", "Canary Alias")
            with pytest.raises(InvalidRecords) as wrong:
                change.edit("claim", "C9", date="2026-02/2026-01")
            change.add_citation("C9", "canary-doc", role="relay", exact="no such words")
        assert "has no text" in " ".join(change.warnings)
    for error in (taken.value, wrong.value):
        assert "canary" not in str((error, vars(error), error.__cause__)).lower()
        assert (error.__cause__, error.__context__) == (None, None)


def test_what_a_load_did_gives_no_protected_source_away(secrets: str, tmp_path: Path) -> None:
    dossier, circle = tmp_path / "d.yaml", tmp_path / "circle.yaml"
    head, answers, refusals = "claimtrack: 1\nwithheld: true\nactors:\n", [], 0
    with open_casebook(secrets, author="eve") as casebook:
        dossier.write_text(f"{head}- {{ref: below, parent: russia}}\n")
        answers.append(str(casebook.load(dossier, dry_run=True)))
        for row in casebook.list_actors():
            circle.write_text(f"{head}- {{ref: russia, parent: {row.ref}}}\n")
            try:
                answers.append(str(casebook.load(circle, dry_run=True)))
            except ClaimtrackError as error:
                answers.append(str((error, vars(error))))
                refusals += 1
    assert refusals
    assert "below" in answers[0]
    assert "canary" not in str(answers).lower()
    assert "secret" not in repr(Casebook("postgresql://me:secret@h/x").access)


def test_an_export_gives_no_protected_source_away(secrets: str, tmp_path: Path) -> None:
    with open_casebook(secrets) as casebook:
        made = casebook.export("html", tmp_path / "x.html")
    assert "canary" not in (made.path.read_text() + "".join(made.notes)).lower()
    with open_casebook(secrets, include_protected=True) as casebook:
        made = casebook.export("html", tmp_path / "x.html")
    assert "canary" in made.path.read_text().lower()
