"""Dossiers whose content is wrong: each fault is reported with its place."""

from pathlib import Path

import pytest

from claimtrack.db import Session
from claimtrack.errors import InvalidRecords
from claimtrack.exchange.dossier import loading
from exchange.dossier.dossiers import HEAD, count_revisions, entry_text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "claimtrack: 1\nactors:\n\t- {ref: a}\n",
            ["a.yaml:3:1: a tab is where YAML expects spaces: indent with spaces"],
            id="a tab in the indentation",
        ),
        pytest.param(
            f"{HEAD}    kind: person\n",
            [
                "a.yaml:4:5: the line does not line up with those above: correct the indentation",
            ],
            id="lines that do not line up",
        ),
        pytest.param(
            'claimtrack: 1\nactors:\n  - {ref: "a, name: A}\n',
            ["a.yaml:3:11: the quotation mark here is never closed: close it"],
            id="an open quotation mark",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, ref: b, name: A, kind: person}\n",
            ["a.yaml:3:14: the key ref is already in line 3: keep one of them"],
            id="a duplicate key",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, nam: A, kind: person}\n",
            [
                "a.yaml:3:5: name is missing: an actor needs it",
                "a.yaml:3:14: unknown key nam: did you mean name?",
            ],
            id="an unknown key",
        ),
        pytest.param(
            "claimtrack: 1\nactor: []\n",
            ["a.yaml:2:1: unknown key actor: did you mean actors?"],
            id="an unknown section",
        ),
        pytest.param(
            "claimtrack: 2\nactors: [{ref: a}]\nsources: []\n",
            ["a.yaml:1:13: the version 2 of the format is unknown: this claimtrack reads 1"],
            id="an unknown version",
        ),
        pytest.param(
            'claimtrack: "1"\n',
            ["a.yaml:1:13: claimtrack '1' is not a version: write 'claimtrack: 1'"],
            id="a version in quotes",
        ),
        pytest.param(
            "actors: []\n",
            ["a.yaml:1:1: claimtrack is missing: begin the file with 'claimtrack: 1'"],
            id="no version",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: [A], kind: person, protected: no}\n",
            [
                "a.yaml:3:20: name ['A'] is not valid: it should be a valid string",
                "a.yaml:3:50: protected 'no' is not valid: it should be a valid boolean",
            ],
            id="a wrong type",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n"
            "  - {ref: 2024, name: 1e3, kind: person, aliases: [no, true]}\n",
            [
                'a.yaml:3:11: 2024 is a number where text is expected: put it in quotes, "2024"',
                'a.yaml:3:23: 1e3 is a number where text is expected: put it in quotes, "1e3"',
                "a.yaml:3:56: true is a truth value where text is expected: "
                'put it in quotes, "true"',
            ],
            id="numbers where text is wanted",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: A, kind: person, count_min: 3000000000}\n",
            [
                "a.yaml:3:48: count_min 3000000000 is not valid: it should be less than or equal "
                "to 2147483647"
            ],
            id="a number that no database holds",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: A, kind: perso}\n",
            [
                "a.yaml:3:29: kind 'perso' is not one of 'person', 'group', 'organisation', "
                "'state', 'outlet' or 'anonymous'"
            ],
            id="a word that is not in the vocabulary",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {name: A}\n  - {ref: b, kind: }\n",
            [
                "a.yaml:3:5: kind is missing: an actor needs it",
                "a.yaml:3:5: ref is missing: an actor needs it",
                "a.yaml:4:14: kind is empty: this actor needs it",
            ],
            id="a required key missing or empty",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a b, name: A, kind: person}\n",
            [
                "a.yaml:3:11: ref 'a b' is not a ref: expected 1 to 64 letters, digits, '.', '_' "
                "or '-', beginning with a letter or digit"
            ],
            id="a malformed ref",
        ),
        pytest.param(
            entry_text("date: 2024-13"),
            [
                "a.yaml:7:57: date '2024-13' is not valid: expected a date such as 2024-05-24, "
                "2024-05, 2024, 2023-24 (winter) or 2023-12/2024-02, where one end may be open, "
                "as in 2024-05-24/.."
            ],
            id="a malformed date",
        ),
        pytest.param(
            entry_text("date_from: 2024-05"),
            [
                "a.yaml:7:62: date_from: day '2024-05' is not valid: expected one day such as "
                "2024-05-24"
            ],
            id="a month where a day is wanted",
        ),
        pytest.param(
            entry_text("date: 2024, date_to: 2024-05-24, about: 2024-02-31, place: 7"),
            [
                "a.yaml:7:57: give date, or date_from and date_to, not both",
                "a.yaml:7:91: about '2024-02-31' is not valid: expected a day that exists: the "
                "calendar has no 2024-02-31",
                'a.yaml:7:110: 7 is a number where text is expected: put it in quotes, "7"',
            ],
            id="every fault of one record",
        ),
        pytest.param(
            entry_text("date_to: 2024-05-01, date_from: 2024-05-24"),
            [
                "a.yaml:7:83: date_from 2024-05-24 is after date_to 2024-05-01: it would end "
                "before it begins"
            ],
            id="an end before its beginning",
        ),
        pytest.param(
            entry_text("stances: [{proposition: p, value: 3}]"),
            ["a.yaml:7:85: value 3 is not valid: it should be less than or equal to 2"],
            id="a value outside -2 to 2",
        ),
        pytest.param(
            f'{HEAD}entries:\n  - {{ref: C, kind: claim, actor: isw, summary: "  "}}\n',
            ["a.yaml:5:48: summary is empty: write something"],
            id="an empty summary",
        ),
        pytest.param(
            entry_text("latitude: 50.5"),
            ["a.yaml:7:61: latitude is for actions, and this is a claim"],
            id="coordinates of a claim",
        ),
        pytest.param(
            entry_text("participants: [{actor: isw, role: target}]"),
            ["a.yaml:7:85: the role target is for an action, and this is a claim"],
            id="a target of a claim",
        ),
        pytest.param(
            entry_text("place: x") + "links: [{from: C, relation: contradicts, to: C}]\n",
            ["a.yaml:8:46: an entry cannot be linked to itself ('C')"],
            id="a link to itself",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: A, kind: anonymous, described_as: x}\n",
            ["a.yaml:3:29: an anonymous actor needs access"],
            id="an anonymous actor without access",
        ),
        pytest.param(
            entry_text("stances: [{proposition: q1, value: 1}]").replace("ref: p,", "ref: q10,"),
            ["a.yaml:7:75: no proposition 'q1'; did you mean q10?"],
            id="a reference to nothing",
        ),
        pytest.param(
            entry_text("place: x").replace("actor: isw", "actor: isv"),
            ["a.yaml:7:34: no actor 'isv'; did you mean isw?"],
            id="an actor that nobody knows",
        ),
        pytest.param(
            HEAD.replace("actors", "asserted_by: isv\nactors"),
            ["a.yaml:2:14: no actor 'isv'; did you mean isw?"],
            id="a judge that nobody knows",
        ),
        pytest.param(
            f"{HEAD}  - {{ref: usa, name: U, kind: state, aliases: [us]}}\n"
            "  - {ref: pr, name: us, kind: group}\ndocuments: [{ref: D, publisher: us}]\n",
            ["a.yaml:6:33: 'us' is the name of pr and usa: write the ref of one"],
            id="a name that several actors have",
        ),
        pytest.param(
            f"{HEAD}  - {{ref: isw, name: Again, kind: person}}\n",
            ["a.yaml:4:11: actor isw is already in this load, at a.yaml:3: keep one of them"],
            id="the same ref twice",
        ),
        pytest.param(
            entry_text(
                "stances: [{proposition: p, value: 1},\n      {proposition: p, value: 2, "
                "asserted_by: test-analyst}]"
            ).replace("ref: isw, name: ISW", "ref: test-analyst, name: isw"),
            [
                "a.yaml:8:7: stance C/p/test-analyst is already in this load, at a.yaml:7: keep "
                "one of them"
            ],
            id="the same stance twice",
        ),
        pytest.param(
            entry_text("place: x") + "  - {ref: B, kind: claim, actor: isw, summary: x}\nlinks:\n"
            "  - {from: B, relation: contradicts, to: C, asserted_by: isw}\n"
            "  - {from: C, relation: contradicts, to: B, asserted_by: ISW}\n",
            [
                "a.yaml:11:5: link B/contradicts/C/isw is already in this load, at a.yaml:10: "
                "keep one of them"
            ],
            id="the same link twice, mirrored",
        ),
        pytest.param(
            entry_text(
                "citations: [{document: D, role: primary},\n      {document: D, role: relay, "
                "label: }]"
            )
            + "documents: [{ref: D, publisher: isw}]\n",
            ["a.yaml:8:7: citation C/D/// is already in this load, at a.yaml:7: keep one of them"],
            id="the same citation twice",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: b, name: B, kind: person, parent: c}\n"
            "  - {ref: c, name: C, kind: person, parent: a}\n"
            "  - {ref: a, name: A, kind: person, parent: b}\n",
            [
                "a.yaml:5:45: parent creates a cycle (a in b in c in a): choose one that is not "
                "below it"
            ],
            id="a circle of parents",
        ),
        pytest.param(
            "- claimtrack: 1\n",
            ["a.yaml:1:1: this is not a dossier: begin it with 'claimtrack: 1'"],
            id="a list at the top",
        ),
        pytest.param(
            "claimtrack: 1\nactors: {ref: a}\ntopics: [t]\n",
            [
                "a.yaml:2:9: actors is not a list: begin each of its records with '- '",
                "a.yaml:3:10: topics lists records, but this is not one: write '- key: value'",
            ],
            id="a section that is no list of records",
        ),
        pytest.param(
            "# nothing here\n",
            ["a.yaml:1:1: the file is empty: begin it with 'claimtrack: 1'"],
            id="an empty file",
        ),
        pytest.param(
            "claimtrack: 1\n---\nclaimtrack: 1\n",
            ["a.yaml:2:1: a second document begins here: write one dossier per file"],
            id="two documents in one file",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: !person A, kind: person}\n",
            ["a.yaml:3:20: the tag !person has no meaning here: leave it out"],
            id="a tag",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: *b, kind: person}\n",
            ["a.yaml:3:20: *b repeats nothing: there is no &b before it"],
            id="an alias of nothing",
        ),
        pytest.param(
            "claimtrack: 1\nactors: " + "[" * 30 + "\n",
            ["a.yaml:2:28: values nest deeper than 20: flatten them"],
            id="values that nest too deep",
        ),
        pytest.param(
            'claimtrack: 1\nactors:\n  - {ref: a, name: "a\\0b\\ud800", kind: person}\n',
            [
                "a.yaml:3:20: it holds a NUL character: remove it",
                "a.yaml:3:20: it holds half a character (a lone surrogate): remove it",
            ],
            id="characters that are none",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: \x07, kind: person}\n",
            ["a.yaml:3:20: the character U+0007 is not allowed in text: remove it"],
            id="a control character",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    told: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(text, encoding="utf-8")
    before = count_revisions(session)
    with pytest.raises(InvalidRecords) as caught:
        loading.load(session, [Path("a.yaml")])
    assert caught.value.problems == told
    assert count_revisions(session) == before
