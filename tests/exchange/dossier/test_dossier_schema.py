"""The JSON Schema of the dossier: it accepts what loads and refuses what cannot load."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from claimtrack.exchange.dossier import sections
from exchange.dossier.dossiers import DATASET, WHOLE, assert_schema_accepts


def test_the_schema_that_ships_is_the_one_that_the_models_make() -> None:
    assert sections.SCHEMA_FILE.read_text(encoding="utf-8") == sections.schema_text()
    Draft202012Validator.check_schema(sections.json_schema())


def test_the_schema_says_what_every_key_means() -> None:
    bare = [
        f"{name}.{key}"
        for name, definition in sections.json_schema()["$defs"].items()
        for key, value in definition.get("properties", {}).items()
        if not value.get("description")
    ]
    assert bare == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WHOLE, id="records of every kind"),
        pytest.param(
            "claimtrack: 1\nactors: [{ref: isw, aliases: null, protected: null}]\nlinks:\n"
            "documents: [{ref: D, published: 2024, coverage: }]\n"
            "entries: [{ref: C-1, date: , about: 2024, stances: , "
            "citations: [{document: D, label: ~}]}]\n"
            "grades: [{entry: C-1, graded_on: ' 2024-05-24 '}]\n",
            id="records that are known already, keys cleared",
        ),
        *(pytest.param(path.read_text(encoding="utf-8"), id=path.name) for path in DATASET),
    ],
)
def test_the_schema_accepts_what_loads(text: str) -> None:
    assert_schema_accepts(text)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"actors": []}, id="no version"),
        pytest.param({"claimtrack": 2}, id="another version"),
        pytest.param({"claimtrack": 1, "actor": []}, id="an unknown section"),
        pytest.param({"claimtrack": 1, "actors": [{"name": "A"}]}, id="no ref"),
        pytest.param({"claimtrack": 1, "actors": [{"ref": "a", "kind": "x"}]}, id="a bad word"),
        pytest.param({"claimtrack": 1, "topics": [{"ref": "a", "nam": "x"}]}, id="an unknown key"),
        pytest.param(
            {
                "claimtrack": 1,
                "entries": [{"ref": "a", "stances": [{"proposition": "p", "value": 3}]}],
            },
            id="a value out of range",
        ),
    ],
)
def test_the_schema_refuses_what_cannot_load(wrong: dict[str, Any]) -> None:
    assert not Draft202012Validator(sections.json_schema()).is_valid(wrong)
