"""`show`: a record on one screen, the whole of it, and the other formats."""

import csv
import io
import json
import re
import shlex

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.db import sessions
from claimtrack.lookup import list_records, show
from claimtrack.lookup.record_page import page_of
from claimtrack.present.pages import LINES, write_page
from commandline import CommandLine
from conftest import Filled, Typed
from packaged_dataset import load

KINDS = ("entry", "actor", "document", "topic", "proposition")


@pytest.fixture
def dataset(filled: Filled) -> str:
    """The dataset, loaded once."""
    return filled("sqlite", load)


def screen(target: str, noun: str, ref: str, width: int) -> list[str]:
    out = io.StringIO()
    with sessions.reading(db.connect(target)) as session:
        shown = show(session, noun, ref, most=LINES)
        write_page(out, page_of(shown), width, whole=False)
    return out.getvalue().splitlines()


def test_every_record_of_the_dataset_fits_a_screen(dataset: str) -> None:
    with sessions.reading(db.connect(dataset)) as session:
        records = [(noun, row.ref) for noun in KINDS for row in list_records(session, noun)]
        for noun, ref in records:
            page = page_of(show(session, noun, ref, most=LINES))
            for columns in (80, 100, 160):
                write_page(out := io.StringIO(), page, columns, whole=False)
                lines = out.getvalue().splitlines()
                assert len(lines) <= LINES, (ref, columns)
                assert max(map(len, lines)) <= columns, (ref, columns)


@pytest.mark.parametrize("columns", [40, 60])
def test_no_line_of_a_page_is_wider_than_a_narrow_terminal(dataset: str, columns: int) -> None:
    for noun, ref in (("entry", "C9"), ("actor", "putin"), ("proposition", "ceasefire-ready")):
        titled, _, *lines = screen(dataset, noun, ref, columns)
        fits = [line for line in lines if "claimtrack" not in line and len(line) > columns]
        assert (titled, fits) == (f"{'claim' if noun == 'entry' else noun} {ref}", [])


def log_long(case: Casebook) -> None:
    """A claim with much for and against it, and on many documents."""
    case.proposition("p", text="A long text of a proposition that everybody speaks of. " * 3)
    case.claim("C", affirms="p", summary="What was claimed. " * 4, actor="source")
    for number in range(30):
        case.claim(f"F{number}", affirms="p", actor="source")
        case.statement(f"S{number}", stances={"p": -1 - number % 2}, actor="source")
        case.cite("C", f"D{number}")
    case.assessment("J", stances={"p": -2}).link("J", "concerns", "C")


def test_a_heading_says_of_how_many_its_rows_are_the_first_and_what_lists_all(
    typed: Typed,
) -> None:
    line = typed(log_long)
    page = line.does("show", "C")
    assert len(page.splitlines()) <= LINES
    headings = re.findall(r"^(\w.+): (\d+) of (\d+) \(claimtrack (.+)\)$", page, re.MULTILINE)
    assert [(name, int(total)) for name, _, total, _ in headings] == [
        ("Speaks for it", 30),
        ("Speaks against it", 31),
        ("Footnotes", 30),
    ]
    for name, count, total, command in headings:
        assert int(count) >= 2
        answer = line.run(*shlex.split(command), "--format", "json")
        rows = json.loads(answer.stdout)
        listed = rows if "--entry" in command else rows[0][name.lower().replace(" ", "_")]
        assert len(listed) == int(total)


def test_what_speaks_against_a_record_comes_strongest_first(typed: Typed) -> None:
    page = typed(log_long).does("show", "C")
    shown = re.findall(
        r"^  (\w+) +\w+; strength (\d)", page.split("Speaks against")[1], re.MULTILINE
    )
    assert shown[:2] == [("S1", "2"), ("S11", "2")]


def test_a_short_record_is_shown_in_full(typed: Typed) -> None:
    def log(case: Casebook) -> None:
        case.claim("C", affirms="p").statement("S", denies="p", summary="Words in plenty. " * 12)

    page = typed(log).does("show", "C")
    assert "…" not in page
    assert page.count("plenty.") == 12


def test_with_all_nothing_is_cut(typed: Typed) -> None:
    line = typed(log_long)
    page = line.does("show", "C", "--all")
    assert "…" not in page
    assert not re.search(r": \d+ of \d+ ", page)
    assert {f"S{number}" for number in range(30)} <= set(page.split())


def test_of_an_entry_that_bears_on_the_record_is_told_once_what_it_says(typed: Typed) -> None:
    def log(case: Casebook) -> None:
        case.claim("C", affirms="p")
        case.statement("S", denies="p", summary="It is not so.", responds_to="C", actor="other")
        case.statement("T", summary="No comment.", responds_to="C", actor="other")

    page = typed(log).does("show", "C")
    assert (page.count("It is not so."), page.count("No comment.")) == (1, 1)
    assert re.search(r"^  answered by S \(2, coder\)$", page, re.MULTILINE)


def test_every_stance_of_an_ordinary_entry_is_shown_with_who_reads_it_so(typed: Typed) -> None:
    def log(case: Casebook) -> None:
        log_long(case)
        case.stance("C", "q", 1, judge="reader", basis="inferred", hedge="perhaps")

    page = typed(log).does("show", "C")
    assert "\nAsserts\n  +2 explicit  p (by coder): A long text" in page
    assert "  +1 inferred  q (by reader): Proposition q.\n" in page
    assert 'hedge: "perhaps"' in page


def test_a_breach_that_may_be_none_says_why(typed: Typed) -> None:
    def log(case: Casebook) -> None:
        case.commitment("K", affirms="p", date="2025-03-01", about="2025-03-01/2025-03-31")
        case.action("X", denies="p", date="2025-03-01")
        case.statement("S", actor="other", affirms="p", about="2025-03")
        case.action("Y", actor="other", denies="p", date_from="2025-03-30", date_to="2025-04-02")

    line = typed(log)
    assert "X  breach; strength 2, explicit; order not known; speaker" in line.does("show", "K")
    assert "may lie outside the period; other" in line.does("show", "S")


def test_history_is_printed_where_it_is_asked_for(typed: Typed) -> None:
    line = typed(log_long)
    for form in ("table", "markdown"):
        assert "History" not in line.does("show", "J", "--format", form)
        assert "History" in line.does("show", "J", "--history", "--format", form)
    assert "History" in line.does("assessment", "show", "J", "--history")


def test_json_and_csv_have_everything(typed: Typed) -> None:
    line = typed(log_long)
    for form in ("json", "jsonl"):
        said = line.does("show", "C", "--format", form)
        found = json.loads(said)[0] if form == "json" else json.loads(said)
        counts = {name: len(value) for name, value in found.items() if name in FOUND}
        assert counts == FOUND
        assert found["history"][0]["record"] == "entry C"
    rows = list(csv.DictReader(io.StringIO(line.does("show", "C", "--format", "csv"))))
    for name, count in FOUND.items():
        assert {int(row["row"]) for row in rows if row["section"] == name} == set(
            range(1, count + 1)
        )


FOUND = {"asserts": 1, "speaks_for_it": 30, "speaks_against_it": 31, "links": 1, "footnotes": 30}


def test_a_record_of_each_kind_has_a_page(typed: Typed) -> None:
    def log(case: Casebook) -> None:
        log_long(case)
        case.document("D0", body="Words.").document("D99", canonical="D0")
        case.topic("sub", parent="topic").actor("aide", parent="source")
        case.stance("C", "q", 0, document="D0").link("C", "repeats", "F1", document="D0")
        case.capture("D0", b"<p>Words.</p>").cite("J", "D1", via="D0", label="[1]")
        case.window("W", participants=[{"actor": "source", "role": "subject"}])

    line: CommandLine = typed(log)
    for noun, ref, words in (
        ("document", "D0", ["Captures", "Cited for", "Footnotes found in it", "Other addresses"]),
        ("document", "D0", ["Readings published in it", "Links published in it"]),
        ("actor", "source", ["Below it", "Entries", "Takes part in"]),
        ("actor", "press", ["Publishes"]),
        ("topic", "topic", ["Subtopics", "Propositions"]),
        ("proposition", "p", ["Affirmed", "Denied"]),
        ("proposition", "q", ["Left open"]),
    ):
        for more in ([], ["--all"]):
            page = line.does(noun, "show", ref, *more)
            headings = [
                text.split(":")[0] for text in page.splitlines() if not text.startswith(" ")
            ]
            assert [word for word in words if word not in headings] == []
