"""`report pair` as a page, as JSON and as CSV."""

import csv
import io
import json

from casebook import Casebook
from commandline import CommandLine
from conftest import Typed


def log_pair(case: Casebook) -> None:
    case.actor("aland", kind="state").actor("press-office", parent="aland")
    case.actor("mole", parent="press-office", protected=True, name="Mole of the press office")
    case.statement("S", actor="mole", affirms="p", date="2025-03-01", summary="It holds.")
    case.statement("T", actor="press-office", denies="p", date="2025-03-05", summary="It does not.")
    case.claim("C", affirms="q", summary="Something else.")


def test_a_pair_as_a_page(typed: Typed) -> None:
    page = typed(log_pair).does("report", "pair", "S", "T", "--include-protected")
    assert page.splitlines()[:10] == [
        "S and T: reversal",
        "═════════════════",
        "subject   S, statement of mole (aland), 2025-03-01",
        "          It holds.",
        "counter   T, statement of press-office (aland), 2025-03-05",
        "          It does not.",
        "class     reversal: two statements that share a voice, one surely before the other, "
        "on more than",
        "          figures",
        "because   S and T share the voice of press-office",
        "          S (2025-03-01) is surely before T (2025-03-05)",
    ]
    assert "\nGrounds\n\nground       S (subject)" in page


def test_what_a_protected_source_belongs_to_is_not_told(typed: Typed) -> None:
    line = typed(log_pair)
    said = line.does("report", "pair", "S", "T")
    assert "S and T share a voice" in said
    assert "mole" not in said.lower()


def test_a_pair_that_does_not_oppose_each_other_as_a_page(typed: Typed) -> None:
    page = typed(log_pair).does("report", "pair", "C", "T")
    assert page.startswith("C and T do not oppose each other\n════")
    assert "because  they share no proposition and no measure\n" in page
    assert "Grounds" not in page


def test_json_has_the_columns_of_the_report_and_the_reasons(typed: Typed) -> None:
    line = typed(log_pair)
    [found] = json.loads(line.does("report", "pair", "T", "S", "--format", "json"))
    [row] = json.loads(line.does("report", "contradictions", "--format", "json"))
    assert row.items() <= found.items()
    assert (found["opposed"], found["class"], len(found["because"])) == (True, "reversal", 2)
    assert found["grounds"][0]["counter_value"] == -2
    [other] = json.loads(line.does("report", "pair", "C", "S", "--format", "jsonl").join("[]"))
    assert (other["subject_ref"], other["class"], other["grounds"]) == ("C", None, [])
    assert other["subject_summary"] == "Something else."


def test_csv_has_a_line_for_each_value(typed: Typed) -> None:
    said = typed(log_pair).does("report", "pair", "S", "T", "--format", "csv")
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(said))]
    assert ("", "", "class", "reversal") in rows
    assert ("grounds", "1", "subject_proposition", "p") in rows


def test_a_pair_is_refused_where_a_ref_is_unknown(typed: Typed) -> None:
    line: CommandLine = typed(log_pair)
    assert line.refuses("report", "pair", "S", "SS") == (3, "no entry 'SS'; did you mean S?")


def test_contradictions_are_those_of_one_entry(typed: Typed) -> None:
    line = typed(log_pair)
    for ref, count in (("S", 1), ("T", 1), ("C", 0)):
        said = line.does("report", "contradictions", "--entry", ref, "--format", "json")
        assert len(json.loads(said)) == count
    assert line.refuses("report", "contradictions", "--entry", "SS") == (
        3,
        "no entry 'SS'; did you mean S?",
    )
    code, _ = line.refuses("report", "contradictions", "--within-principal", "alend")
    assert code == 3
