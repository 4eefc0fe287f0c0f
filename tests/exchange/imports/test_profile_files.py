"""Profiles: what they may say, and what is told of their mistakes."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from claimtrack.errors import InvalidRecords, InvalidValue, MissingFile
from claimtrack.exchange.dossier.yaml_reader import parse
from claimtrack.exchange.imports.profile_files import (
    SCHEMA_FILE,
    get_profile_path,
    list_shipped,
    read_profile,
    read_text,
    schema_text,
)
from commandline import CommandLine

PROFILE = """\
claimtrack_profile: 1
name: mine
about: Estimates of a spreadsheet
format: csv
actors:
  who: {name: "{source}", kind: organisation}
documents:
  page: {ref: {from: page-, digest: ["{url}"]}, publisher: who, url: "{url}"}
records:
  - make: claim
    ref: "mine-{id}"
    actor: who
    summary: "{what}"
    date: "{day}"
    citations: [{document: page, role: primary}]
"""


def mistakes(folder: Path, old: str, new: str) -> list[str]:
    """Return what is told of a profile in which something stands otherwise."""
    assert old in PROFILE
    path = folder / "p.yaml"
    path.write_text(PROFILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidRecords) as caught:
        read_profile(path)
    return [line.removeprefix(str(folder) + "/") for line in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "summary:",
            "sumary:",
            "p.yaml:13:5: unknown key sumary: did you mean summary?",
            id="key",
        ),
        pytest.param(
            "format: csv",
            "format: cvs",
            "p.yaml:4:9: format 'cvs' is not one of 'csv', 'tsv', 'json', 'jsonl', 'xlsx', "
            "'bibtex', 'csl-json', 'ris'",
            id="format",
        ),
        pytest.param(
            "kind: organisation",
            "kind: organization",
            "p.yaml:6:33: kind 'organization' is not one of person, group, organisation, state, "
            "outlet, anonymous",
            id="word",
        ),
        pytest.param(
            "kind: organisation",
            "kind: {from: '{k}', map: {p: person, s: anonymous}}, access: close",
            "p.yaml:6:8: described_as is missing: an anonymous actor needs it",
            id="anonymous",
        ),
        pytest.param(
            "format: csv",
            "format: csv\nencoding: utf-9",
            "p.yaml:5:11: encoding: 'utf-9' is unknown: write one such as utf-8",
            id="encoding",
        ),
        pytest.param(
            "format: csv",
            "format: csv\nencoding: base64",
            "p.yaml:5:11: encoding: 'base64' is unknown: write one such as utf-8",
            id="encoding of no text",
        ),
        pytest.param(
            "format: csv",
            "format: csv\ndelimiter: ';;'",
            "p.yaml:5:12: delimiter: ';;' is not a delimiter: write one character such "
            "as ;",
            id="long delimiter",
        ),
        pytest.param(
            "format: csv",
            "format: csv\ndelimiter: '\"'",
            "p.yaml:5:12: delimiter: '\"' is not a delimiter: write one character such "
            "as ;",
            id="quote for a delimiter",
        ),
        pytest.param(
            "actor: who",
            "actor: whom",
            "p.yaml:12:12: 'whom' is none of the actors of this profile: did you mean who?",
            id="name",
        ),
        pytest.param(
            '"mine-{id}"',
            "mine",
            "p.yaml:10:5: ref is the same in every row: make it of the source's own id, as in "
            "'x-{id}'",
            id="constant ref",
        ),
        pytest.param(
            "    citations: [{document: page, role: primary}]\n",
            "",
            "p.yaml:10:5: citations is missing: an entry needs it: say which document it came from",
            id="no document",
        ),
        pytest.param(
            '"{what}"',
            '"{what"',
            "p.yaml:13:14: from: '{what' has a brace without its other: write {column}, or {{",
            id="brace",
        ),
        pytest.param(
            '"{what}"',
            '{from: "{what}", pattern: "("}',
            "p.yaml:13:40: pattern: '(' is not a regular expression: missing ), unterminated "
            "subpattern at position 0",
            id="pattern",
        ),
        pytest.param(
            '"{day}"',
            '{from: "{day}", formats: ["%Q"]}',
            "p.yaml:14:11: '%Q' reads no date with a year: write one such as %d/%m/%Y",
            id="date format",
        ),
        pytest.param(
            '"{day}"',
            '["{day}", 31/02/2024]',
            "p.yaml:14:21: date '31/02/2024' is not valid: expected a day that exists: the "
            "calendar has no 2024-02-31",
            id="constant that is no date",
        ),
        pytest.param(
            '"{day}"',
            '"{day}"\n    date_to: "{day}"',
            "p.yaml:10:5: date has both ends: leave it out, or date_from and date_to",
            id="date and an end",
        ),
        pytest.param(
            '"{day}"',
            '{from: "{day}", formats: ["%d/%m"]}',
            "p.yaml:14:11: '%d/%m' reads no date with a year: write one such as %d/%m/%Y",
            id="date format without a year",
        ),
        pytest.param(
            '"{what}"',
            '{map: {a: b}}',
            "p.yaml:13:14: the value has no source: set from, first, join or scale",
            id="no source",
        ),
        pytest.param(
            "actors:",
            'let: {a: "{b}", b: "{c}"}\nactors:',
            "p.yaml:5:10: a uses b, which is not described above it: move it up",
            id="order of let",
        ),
        pytest.param(
            "    date:",
            '    action_code: "{code}"\n    date:',
            "p.yaml:10:5: action_code is for actions, and a claim is made: leave it out",
            id="of actions",
        ),
        pytest.param(
            "name: mine", "name: mine\nname: yours", "p.yaml:3:1: the key name is already in "
            "line 2: keep one of them", id="yaml",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_column(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert mistakes(tmp_path, old, new) == [told]


def test_every_mistake_is_told_in_one_run(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, "publisher: who", "publisher: x, coverage: much")) == 2


@pytest.mark.parametrize("name", list_shipped())
def test_a_profile_that_ships_is_right_and_its_schema_accepts_it(name: str) -> None:
    profile = read_profile(get_profile_path(name))
    assert profile.name == name
    node, _ = parse(read_text(get_profile_path(name)))
    assert node is not None
    Draft202012Validator(json.loads(schema_text())).validate(node.plain())


def test_the_schema_that_ships_is_that_of_the_code() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()
    Draft202012Validator.check_schema(json.loads(schema_text()))


def test_the_schema_refuses_an_unknown_key() -> None:
    node, _ = parse(PROFILE.replace("summary:", "sumary:"))
    assert node is not None
    assert list(Draft202012Validator(json.loads(schema_text())).iter_errors(node.plain()))


def test_an_unknown_profile_is_answered_with_the_nearest() -> None:
    with pytest.raises(MissingFile, match=r"there is no profile ucdp: did you mean ucdp-ged\?"):
        get_profile_path("ucdp")


def test_what_is_no_text_is_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidValue, match="a small YAML file in UTF-8"):
        read_profile(path)


def test_profiles_are_listed_shown_and_checked(tmp_path: Path) -> None:
    line = CommandLine("unused.db")
    listed = line.does("profile", "list", "--format", "csv").splitlines()
    assert [row.split(",")[0] for row in listed[1:]] == sorted([*list_shipped(), "tables"])
    assert "tables needs no profile" in line.run("profile", "show", "tables").stderr
    assert "did you mean tables?" in line.run("import", "tabels", str(tmp_path)).stderr
    assert line.does("profile", "show", "acled") == read_text(get_profile_path("acled"))
    assert line.run("profile", "check", "acled", "ris").stderr == "acled is valid\nris is valid\n"
    path = tmp_path / "p.yaml"
    path.write_text(PROFILE.replace("make: claim", "make: clam"), encoding="utf-8")
    answer = line.run("profile", "check", str(path))
    assert (answer.code, answer.stderr.count("p.yaml:10:11: make 'clam' is not one of")) == (2, 1)
    assert line.does("schema", "profile") == schema_text()
