"""What is protected stays inside: every command, in every format, is searched for canaries."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from typer.main import get_command

from casebook import Casebook
from claimtrack import changes, db, history, protection
from claimtrack.cli import app
from claimtrack.db import Session, sessions
from claimtrack.lookup import search
from claimtrack.models import Actor, Content, Document, Revision
from claimtrack.protection.pseudonyms import select_once_protected
from claimtrack.records import get
from claimtrack.reports.corroboration import corroboration
from claimtrack.schemas import NewActor
from claimtrack.vocab import OutputFormat
from commandline import CommandLine
from conftest import Filled, NewTarget, count_queries

COUNTS = (71234567, 81234567)


def log_secrets(target: str) -> None:
    """Log a protected source and document among others; whatever gives them away says canary."""
    with sessions.writing(db.connect(target), author="ann", message="of Canary Name") as session:
        case = Casebook(session).actor("russia", kind="state").actor("four", parent="russia")
        case.actor(
            "canary-ref",
            name="Canary Old",
            aliases=["Canary Alias"],
            kind="anonymous",
            parent="four",
            access="current_or_former",
            described_as="canary words",
            count_min=COUNTS[0],
            count_max=COUNTS[1],
            protected=True,
        )
        case.put(NewActor, ref="canary-ref", name="Canary Name")
        case.actor("canary-judge", protected=True)
        case.actor("below", parent="canary-ref").topic("talks")
        case.document(
            "canary-doc",
            url="https://canary.example/1",
            title="Canary Title",
            archive_url="https://canary.example/2",
            body="the canary body",
            published="2024-05-01",
            protected=True,
        )
        case.proposition("ready", topic="talks").window("W", date_from="2024-05-01")
        case.claim(
            "C9",
            actor="canary-ref",
            capacity="canary office",
            summary="He is ready to talk",
            affirms="ready",
            date_from="2024-05-01",
            date_to="2024-05-01",
        )
        cited = {"label": "[canary]", "exact": "canary body", "prefix": "the canary"}
        case.cite("C9", "canary-doc", **cited, start_pos=4, end_pos=15)
        case.claim("C8", actor="four", affirms="ready", summary="He is ready").cite("C8", "open")
        case.statement("S", denies="ready", responds_to="C9", judge="canary-judge")
        case.action("A", actor="below", stances={"ready": -1}).grade("C9", "F6")


@pytest.fixture
def kept(backend: str, filled: Filled) -> str:
    """A casebook that keeps secrets, for tests that leave it as it is."""
    return filled(backend, log_secrets)


@pytest.fixture
def changing(backend: str, kept: str, new_target: NewTarget) -> Iterator[str]:
    """A copy of it."""
    with new_target(backend, like=kept) as made:
        yield made


def assert_silent(said: str) -> None:
    given_away = re.search(r"canary|71234567|81234567|current_or_former", said, re.IGNORECASE)
    assert given_away is None, said


NOUNS = ("actor", "document", "topic", "proposition", "claim", "statement", "action")
ENTRIES = ("claim", "statement", "action", "commitment", "assessment", "window")
READ: dict[str, list[str]] = {
    "search": ["canary OR ready"],
    "show": ["C9"],
    "check": [],
    "log": [],
    "log verify": [],
    "log show": ["CHANGE"],
    "history": ["C9"],
    "status": [],
    **{f"{noun} list": [] for noun in (*NOUNS, "commitment", "assessment", "window")},
    **{f"{name} list": [] for name in ("stance", "link", "citation", "grade")},
    "claim show": ["C9"],
    "statement show": ["S"],
    "action show": ["A"],
    "window show": ["W"],
    "topic show": ["talks"],
    "proposition show": ["ready"],
    "document show": ["open"],
    "document captures": ["open"],
    "document verify": [],
    "actor show": ["PSEUDONYM"],
    "report contradictions": [],
    "report pair": ["C9", "S"],
    "report claims": [],
    "report positions": ["--principal", "russia", "--anonymous"],
    "report coverage": ["--principal", "russia"],
    "report windows": [],
    "report hypotheses": ["ready"],
    "report corroboration": [],
    "report track-record": [],
    "report citations": [],
    "profile list": [],
}
"""Commands that print rows, with what they need; CHANGE and PSEUDONYM stand for those."""
OTHER = {
    *("init", "demo", "load", "dump", "revert", "snapshot", "copy", "backup", "restore"),
    *("document capture", "document text", "document export-capture"),
    *(
        "import",
        "profile show",
        "profile check",
        "schema profile",
        "export datapackage",
        "export xlsx",
        "export graph",
        "export stix",
        "export claimreview",
        "export markdown",
        "export html",
    ),
    *("log anchor", "schema dossier", "actor merge", "actor redact", "compact"),
    "proposition resolve",
    *(f"{noun} {verb}" for noun in (*NOUNS, *ENTRIES[3:]) for verb in ("add", "edit", "remove")),
    *("stance set", "stance remove", "link add", "link remove"),
    *("citation add", "citation remove", "grade add", "commitment show", "assessment show"),
}
"""Commands that write, and those that name nobody; what they say is tested apart."""


def commands(command: Any, path: str = "") -> Iterator[str]:
    context = command.make_context("x", [], resilient_parsing=True)
    if not hasattr(command, "list_commands") or command.invoke_without_command:
        yield path
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield from commands(command.get_command(context, name), f"{path} {name}".strip())


def test_every_command_is_held_against_the_canaries() -> None:
    assert set(commands(get_command(app))) - {""} == {*READ, *OTHER}


def filled_in(target: str, words: list[str]) -> list[str]:
    if not {"CHANGE", "PSEUDONYM", "DOCUMENT"}.intersection(words):
        return words
    with sessions.reading(db.connect(target), protection.protect) as session:
        change = session.scalars(select(Revision.change).limit(1)).one()
        document = session.scalars(select(Document.ref).where(Document.protected)).one()
        source = session.scalars(select(Actor.ref).where(Actor.protected).limit(1)).one()
    stands = {"CHANGE": change, "PSEUDONYM": source, "DOCUMENT": document}
    return [stands.get(word, word) for word in words]


FORMS = {"sqlite": [*OutputFormat], "postgresql": [OutputFormat.TABLE, OutputFormat.JSON]}
"""The formats that differ in SQL, and all of them on one database."""


@pytest.mark.parametrize("name", READ)
def test_no_command_gives_a_protected_source_away(backend: str, kept: str, name: str) -> None:
    line = CommandLine(kept)
    words = [*name.split(" "), *filled_in(kept, READ[name])]
    for form in FORMS[backend]:
        answer = line.run(*words, "--format", form)
        assert answer.code == 0, answer
        assert_silent(answer.stdout + answer.stderr)


def test_a_dump_gives_nothing_away_and_says_so(kept: str) -> None:
    said = CommandLine(kept).does("dump")
    assert_silent(said)
    assert said.startswith("claimtrack: 1\nwithheld: true\n")


def test_what_a_redaction_would_take_gives_nothing_away(kept: str) -> None:
    for words in (["--dry-run"], ["--dry-run", "--also", "canary"]):
        answer = CommandLine(kept).run("actor", "redact", "canary-ref", *words)
        assert answer.code == 0, answer
        assert_silent(answer.stdout + answer.stderr)


def test_omissions_and_the_clustering_test_give_nothing_away(kept: str) -> None:
    line = CommandLine(kept)
    for words in (
        ("report", "coverage", "--principal", "russia", "--omissions"),
        ("report", "windows", "--period", "2024-01-01/2024-12-31"),
        ("report", "contradictions", "--sort", "subject_actor"),
        ("show", "C9", "--format", "json"),
        ("history", "S"),
    ):
        answer = line.run(*words)
        assert answer.code == 0, answer
        assert_silent(answer.stdout + answer.stderr)


def test_the_captures_of_a_protected_document_stay_inside(changing: str, tmp_path: Path) -> None:
    line, page = CommandLine(changing), tmp_path / "page.html"
    page.write_text("<p>the canary body</p>", encoding="utf-8")
    answer = line.run("document", "capture", "canary-doc", str(page))
    assert answer.code == 0, answer
    assert_silent(answer.stderr)
    pseudonym = filled_in(changing, ["DOCUMENT"])[0]
    listed = line.does("document", "captures", pseudonym, "--format", "csv")
    assert len(listed.splitlines()) == 1
    assert line.refuses("document", "export-capture", pseudonym, "--output", "-")[0] == 3
    for words in (("document", "verify"), ("log", "verify"), ("log",), ("history", pseudonym)):
        answer = line.run(*words)
        assert answer.code in (0, 3), answer
        assert_silent(answer.stdout + answer.stderr)
    answer = line.run("document", "text", "canary-doc")
    assert answer.code == 0, answer
    assert_silent(answer.stdout + answer.stderr)
    shown = line.does("document", "captures", "canary-doc", "--include-protected")
    assert "text/html" in shown


def test_what_is_asked_for_by_flag_is_shown(kept: str) -> None:
    line = CommandLine(kept)
    for words, word in (
        (("show", "C9"), "Canary Name"),
        (("actor", "list"), "canary-ref"),
        (("document", "list", "--format", "csv"), "https://canary.example/1"),
        (("search", "canary"), "canary-doc"),
        (("log", "--format", "csv"), "Canary Alias"),
        (("history", "canary-ref"), "Canary Old"),
        (("report", "contradictions", "--format", "csv"), "canary-judge"),
        (("dump",), "described_as: canary words"),
    ):
        assert word in line.does(*words, "--include-protected")


def test_a_score_does_not_tell_whether_protected_records_have_the_word(
    backend: str, new_target: NewTarget
) -> None:
    found = []
    for body in ("other words", "talks and talks"):
        with new_target(backend) as made:
            with sessions.writing(db.connect(made), author="ann") as session:
                case = Casebook(session).document("canary-doc", body=body, protected=True)
                case.claim("C1", summary="Talks are near").claim(
                    "C2", summary="No war; talks on talks"
                )
                case.claim("C3", summary="Peace")
            found.append(CommandLine(made).does("search", "talks", "--format", "csv"))
    assert found[0] == found[1]
    assert [row.split(",")[1] for row in found[0].splitlines()[1:]] == ["C2", "C1"]


def test_the_ref_of_a_protected_source_finds_nothing(kept: str) -> None:
    line = CommandLine(kept)
    for words in (
        ("show", "canary-ref"),
        ("actor", "show", "Canary Name"),
        ("document", "show", "canary-doc"),
        ("history", "canary-ref"),
        ("report", "claims", "--actor", "Canary Alias"),
    ):
        code, said = line.refuses(*words)
        assert code == 3
        assert_silent(said.replace(words[-1], ""))  # but for what was typed
    assert line.does("search", "canary", "--format", "csv").splitlines() == ["kind,ref,text,score"]


def test_what_it_claims_still_counts_under_one_stable_name(kept: str) -> None:
    database = db.connect(kept)
    with sessions.reading(database) as session:
        secret = session.execute(text("SELECT pseudonym_secret FROM casebook")).scalar_one()
        plain = list(corroboration(session))
    with sessions.reading(database, protection.protect) as session:
        masked = list(corroboration(session))
        source = get(session, Actor, protection.make_pseudonym(secret, "actor", "canary-ref"))
        assert (source.kind, source.parent and source.parent.ref) == ("anonymous", "russia")
        assert (source.name, source.aliases) == (source.ref, [])
        assert (source.count_min, source.access, source.described_as) == (
            None,
            "unspecified",
            "withheld",
        )
    assert [(row.affirmed_by, row.denied_by) for row in masked] == [
        (row.affirmed_by, row.denied_by) for row in plain
    ]
    rows = CommandLine(kept).does("report", "contradictions", "--format", "csv")
    assert protection.make_pseudonym(secret, "actor", "canary-ref") in rows


def test_a_pseudonym_tells_neither_who_nor_how_many() -> None:
    secrets = ("00" * 32, "11" * 32)
    made = [
        protection.make_pseudonym(secret, table, ref)
        for secret in secrets
        for table in ("actor", "document")
        for ref in ("a", "b")
    ]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"protected-[0-9a-f]{12}", name) for name in made)


def test_where_nothing_is_protected_nothing_is_put_before_the_tables(case: Casebook) -> None:
    case.actor("a")
    connection = case.session.connection()
    assert protection.get_mask(connection).names == {}
    usual = connection.dialect
    assert protection.protect(connection).pseudonyms == frozenset()
    assert connection.dialect is usual


WRITES = {
    "near": ("actor add X --kind person --parent anary-ref", 3),
    "still named": ("actor remove four", 4),
    "a ref taken": ("actor add X --kind person --ref canary-ref", 4),
    "an address taken": ("document add --publisher press --url https://canary.example/1", 4),
    "a circle": ("actor edit four --parent canary-ref", 2),
    "a stance": ("stance set C9 ready 1 --asserted-by canary-judge", 0),
    "the same link": ("link add S responds_to C9 --asserted-by canary-judge", 4),
    "a citation": ("citation add C9 canary-doc", 0),
    "no such citation": ("citation remove C9 canary-doc --via open", 3),
    "a merge": ("actor merge canary-judge canary-ref", 0),
    "one alike": ("claim add ready-to-talk --actor canary-ref --ref C10", 0),
    "an edit": ("actor edit canary-ref --name Canary", 0),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_a_writer_is_told_gives_nothing_away(changing: str, name: str) -> None:
    words, code = WRITES[name]
    answer = CommandLine(changing).run(*words.split(" "))
    assert answer.code == code, answer
    assert_silent(answer.stdout + answer.stderr)


REFUSED = {
    "who is above it": (
        "actor edit russia --parent below",
        "parent 'below' would close a circle: give a parent that is not below it",
    ),
    "what it belongs to": (
        "actor remove four",
        "actor 'four' is still named by entry C8, 1 protected actor: change or remove those first",
    ),
    "how many it is": (
        "actor edit canary-ref --count-max 3",
        "count_min is more than count_max: exchange them",
    ),
    "who it resembles": ("actor add X --kind person --parent anary-ref", "no actor 'anary-ref'"),
    "what it is called": ("claim add X --actor Canaryname", "no actor 'Canaryname'"),
    "a title": ("claim add X --actor four --document canary-dok", "no document 'canary-dok'"),
    "words of its text": (
        "citation add C9 canary-doc --quote zz --start 4 --end 9",
        "the quotation does not stand there in document 'PSEUDONYM'",
    ),
    "where it is quoted": (
        "document remove canary-doc",
        "document 'PSEUDONYM' is still named by capture PSEUDONYM, citation C9/PSEUDONYM: "
        "change or remove those first",
    ),
    "how it is cited": (
        "citation remove C9 canary-doc --start 7",
        "no citation 'C9/PSEUDONYM'",
    ),
    "its captures": ("document text canary-doc --capture ffff", "no capture 'PSEUDONYM/ffff'"),
}
"""Commands that are refused because of what a protected record hides, and what they say."""


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_does_not_tell_what_a_protected_record_hides(changing: str, name: str) -> None:
    line = CommandLine(changing)
    words, sentence = REFUSED[name]
    line.does("document", "capture", "canary-doc", "-", input="<p>page</p>")
    assert (
        re.sub("protected-[0-9a-f]{12}", "PSEUDONYM", line.refuses(*words.split(" "))[1])
        == sentence
    )


def test_a_refusal_does_not_tell_of_what_a_document_is_another_address(changing: str) -> None:
    line = CommandLine(changing)
    line.does("document", "edit", "canary-doc", "--canonical", "open")
    code, said = line.refuses("document", "remove", "open")
    assert code == 4
    assert said.startswith("document 'open' is still named by citation C8/open///, 1 protected doc")
    code, said = line.refuses("document", "edit", "open", "--canonical", "canary-doc")
    assert (code, "'open'" in said) == (2, False)
    line.does("document", "add", "--ref", "third", "--publisher", "press")
    code, said = line.refuses("document", "edit", "open", "--canonical", "third")
    assert (code, "protected-" in said) == (2, False)


def test_an_open_document_is_not_told_to_be_an_address_of_a_protected_one(
    changing: str, tmp_path: Path
) -> None:
    line = CommandLine(changing)
    line.does("document", "add", "--ref", "copy", "--publisher", "press", "--url", "https://c.io/")
    line.does("document", "edit", "copy", "--canonical", "canary-doc")
    line.does("citation", "add", "C9", "copy", "--role", "relay")
    (hidden,) = filled_in(changing, ["DOCUMENT"])
    for words in (["document", "show", "copy"], ["history", "copy"]):
        assert hidden not in line.does(*words)
        assert "canary-doc" in line.does(*words, "--include-protected")
    listed = json.loads(line.does("document", "list", "--format", "json"))
    assert {row["ref"]: row["canonical"] for row in listed}["copy"] is None
    assert "copy" not in line.does("document", "show", hidden)
    # Whoever asks for the copy is not shown what cites the document itself alone.
    line.does("citation", "remove", "C9", "copy")
    asked = ("claim", "list", "--source", "copy", "--format", "csv")
    assert "C9" not in line.does(*asked)
    assert "C9" in line.does(*asked, "--include-protected")
    page, dump = tmp_path / "page.md", tmp_path / "dump.yaml"
    line.does("citation", "add", "C9", "copy", "--role", "relay")
    line.does("export", "markdown", str(page))
    (note,) = re.findall(rf"\[\^\d+\]: .*{hidden}.*", page.read_text(encoding="utf-8"))
    assert "c.io" not in note
    before = line.does("dump", "--include-protected")
    line.does("dump", "--output", str(dump))
    assert "canonical" not in dump.read_text(encoding="utf-8")
    assert line.run("load", str(dump)).stderr.startswith("0 added, 0 changed, ")
    assert line.does("dump", "--include-protected") == before


@pytest.fixture
def copied(changing: str) -> CommandLine:
    """Two open documents are addresses of the protected one; an open claim cites each of them."""
    line = CommandLine(changing)
    source = ("--kind", "anonymous", "--parent", "four", "--access", "unspecified")
    line.does("actor", "add", "officers", *source, "--described-as", "officers")
    for ref in ("copy-1", "copy-2"):
        line.does("document", "add", "--ref", ref, "--publisher", "press", "--published", "2024-05")
        line.does("document", "edit", ref, "--canonical", "canary-doc")
    for ref, document in (("K1", "copy-1"), ("K2", "copy-2")):
        said = ("The army leaves", "--ref", ref, "--actor", "officers", "--date", "2024-05-02")
        stance = ("--proposition", "ready", "--value", "2", "--document", document)
        line.does("claim", "add", *said, *stance, "--role", "primary")
    return line


def test_reports_do_not_tell_of_what_open_documents_are_addresses(copied: CommandLine) -> None:
    (hidden,) = filled_in(copied.target, ["DOCUMENT"])
    asked = ("report", "coverage", "--principal", "russia", "--format", "json")
    rows = [row for row in json.loads(copied.does(*asked)) if {"K1", "K2"} & {*row["claims"]}]
    assert [(row["source"], row["claims"]) for row in rows] == [
        ("copy-1", ["K1"]),
        ("copy-2", ["K2"]),
    ]
    found = copied.run("check", "--format", "json").stdout
    assert not [row for row in json.loads(found) if row["lint"] == "same_words"]
    assert hidden not in found
    answer = copied.run(
        *("claim", "add", "The army leaves", "--ref", "K3", "--actor", "below"),
        *("--date", "2024-05-02", "--document", "canary-doc"),
    )
    assert "K1" not in answer.stderr


def test_whether_a_document_was_coded_in_full_counts_for_all_its_addresses(
    copied: CommandLine,
) -> None:
    copied.does("topic", "add", "aims")
    copied.does("proposition", "add", "Land", "--ref", "land", "--topic", "aims")
    done = ("action", "add", "It takes land", "--ref", "X", "--actor", "russia")
    copied.does(*done, "--proposition", "land", "--value", "2")
    asked = ("report", "coverage", "--omissions", "--principal", "russia", "--format", "json")
    for coverage, warrant in (("listed", "not_coded_in_full"), ("complete", "complete")):
        copied.does("document", "edit", "copy-1", "--coverage", coverage)
        for more in ([], ["--include-protected"]):
            (row,) = json.loads(copied.does(*asked, *more))
            assert (row["topic"], row["warrant"]) == ("aims", warrant)


def test_refusals_do_not_tell_of_what_open_documents_are_addresses(copied: CommandLine) -> None:
    (hidden,) = filled_in(copied.target, ["DOCUMENT"])
    add = ("document", "add", "--ref", "third", "--publisher", "press", "--canonical", "copy-1")
    said = copied.refuses(*add)[1]
    assert "copy-1' is itself another address of a third" in said
    assert hidden not in said
    said = copied.refuses("document", "edit", "canary-doc", "--canonical", "open")[1]
    assert "is the canonical one of another: " in said
    said = copied.refuses("document", "remove", "canary-doc")[1]
    assert "2 documents not named here" in said
    assert "copy-" not in said


def test_the_log_does_not_tell_that_a_document_became_an_address(copied: CommandLine) -> None:
    for words in (["history", "copy-1"], ["log", "--limit", "50"]):
        said = copied.does(*words, "--format", "csv")
        assert "canonical" not in said
        assert "empty -> empty" not in said
        assert ",withheld" in said


def test_check_names_no_protected_judge_of_what_was_reworded(changing: str) -> None:
    line = CommandLine(changing)
    line.does("stance", "set", "C8", "ready", "1", "--asserted-by", "canary-judge")
    line.does("claim", "edit", "C8", "--summary", "He is quite ready for it")
    found = line.run("check", "--format", "csv")
    assert "was changed" in found.stdout
    assert re.search(r"stance by protected-[0-9a-f]{12}", found.stdout)
    assert_silent(found.stdout)


@pytest.mark.one_database
def test_a_grade_counts_whatever_its_rater_is_called(changing: str) -> None:
    line = CommandLine(changing)
    for rater, grade in (("canary-judge", "A1"), ("press", "E5")):
        line.does("grade", "add", "C8", grade, "--graded-by", rater, "--graded-on", "2024-06-01")
    for more in ([], ["--include-protected"]):
        rows = json.loads(line.does("report", "claims", "--format", "json", *more))
        assert {row["ref"]: row["reliability"] for row in rows}["C8"] == "E"


def test_several_citations_of_a_protected_document_are_not_told_apart(changing: str) -> None:
    line = CommandLine(changing)
    for label in ("one", "two"):
        line.does("citation", "add", "C8", "canary-doc", "--label", label)
    code, said = line.refuses("citation", "remove", "C8", "canary-doc")
    assert (code, said.endswith("2 times: choose by --via, --label or --start")) == (4, True)


def test_a_text_made_of_a_capture_does_not_tell_what_was_quoted(
    changing: str, tmp_path: Path
) -> None:
    line, page = CommandLine(changing), tmp_path / "page.html"
    words = 'the "canary" body, which isn\'t short, is of many more words than a line has'
    page.write_text(f"<p>{words}</p>", encoding="utf-8")
    line.does("document", "capture", "canary-doc", str(page))
    line.does("document", "text", "canary-doc")
    line.does("citation", "add", "C8", "canary-doc", "--quote", words, "--include-protected")
    answer = line.run("document", "text", "canary-doc")
    assert answer.code == 0
    assert_silent(answer.stderr)
    assert answer.stderr.endswith(" has its text: of 2 quotations, 1 without a position\n")


def test_the_log_does_not_tell_what_was_captured_of_a_protected_document(
    changing: str, tmp_path: Path
) -> None:
    line = CommandLine(changing)
    digest = line.does("document", "capture", "canary-doc", "-", input="<p>page</p>").strip()
    assert digest in line.does("log", "--format", "csv", "--include-protected")
    said = line.does("log", "--limit", "1", "--format", "json")
    assert re.search(r'"record": "capture protected-[0-9a-f]{12}"', said)
    assert re.search(r'"fields": "document: protected-[0-9a-f]{12}"', said)
    line.does("document", "capture", "open", "-", input="<p>page</p>")
    assert digest in line.does("log", "--limit", "1", "--format", "csv")
    with db.connect(changing).engine.begin() as connection:
        connection.execute(update(Content).values(bytes=b"others"))
    found = line.run("document", "verify", "canary-doc", "--format", "csv").stdout
    assert (digest in found, "withheld" in found) == (False, True)


def test_a_redaction_does_not_tell_what_else_is_protected(changing: str) -> None:
    line = CommandLine(changing)
    line.does("document", "capture", "canary-doc", "-", input="<p>by four</p>")
    line.does("actor", "add", "Canar", "--kind", "person", "--ref", "open-canar")
    for words in (("redact", "four"), ("redact", "open-canar")):
        said = line.run("actor", *words, "--dry-run").stderr
        assert "protected-" not in said
        assert_silent(said.replace("open-canar", ""))
    assert "1 protected below it" in line.run("actor", "redact", "four", "--dry-run").stderr


def test_what_a_load_would_change_does_not_tell_what_was_quoted(
    changing: str, tmp_path: Path
) -> None:
    line, dossier = CommandLine(changing), tmp_path / "c.yaml"
    quoted = ("--quote", "canary body", "--label", "[2]", "--start", "4")
    line.does("citation", "add", "C8", "canary-doc", *quoted, "--include-protected")
    cited = '{document: canary-doc, label: "[2]", start_pos: 4, prefix: other}'
    text = f"claimtrack: 1\nentries:\n- ref: C8\n  citations: [{cited}]\n"
    dossier.write_text(text, encoding="utf-8")
    assert "  prefix: withheld -> other\n" in line.does("load", "--dry-run", str(dossier))
    assert "  prefix: the  -> other\n" in line.does(
        "load", "--dry-run", str(dossier), "--include-protected"
    )


def test_a_rejected_row_does_not_tell_who_is_called_so(changing: str, tmp_path: Path) -> None:
    line, works = CommandLine(changing), tmp_path / "works.bib"
    line.does("actor", "edit", "canary-ref", "--alias", "Shared")
    line.does("actor", "add", "Shared", "--kind", "outlet")
    works.write_text("@article{k, title={T}, journal={Shared}, date={2024}}\n", encoding="utf-8")
    line.does("import", "bibtex", str(works), "--skip-invalid")
    rejected = (tmp_path / "works.bib.rejected.csv").read_text(encoding="utf-8")
    assert "among them" in rejected
    assert_silent(rejected)


def test_an_intruder_who_changed_a_protected_row_is_named_without_it(changing: str) -> None:
    with db.connect(changing).engine.connect() as connection:
        connection.execute(text("UPDATE actor SET name = 'Canary X' WHERE ref = 'canary-ref'"))
        connection.commit()
    answer = CommandLine(changing).run("log", "verify", "--format", "csv")
    assert answer.code == 1
    assert re.search(r"^actor,protected-[0-9a-f]{12},it stands otherwise", answer.stdout, re.M)
    assert_silent(answer.stdout + answer.stderr)


@pytest.mark.one_database
def test_a_dump_that_withholds_changes_nothing_of_what_it_withholds(
    changing: str, tmp_path: Path
) -> None:
    line, path = CommandLine(changing), tmp_path / "dump.yaml"
    before = line.does("dump", "--include-protected")
    line.does("dump", "--output", str(path))
    assert line.run("load", str(path)).stderr.startswith("0 added, 0 changed, ")
    assert line.does("dump", "--include-protected") == before
    dumped = path.read_text(encoding="utf-8")
    for old, new in (("He is ready to talk", "He is not"), ("value: 2", "value: 1")):
        before_it, it, rest = dumped.partition("ref: C9\n")
        path.write_text(f"{before_it}{it}{rest.replace(old, new, 1)}", encoding="utf-8")
        code, said = line.refuses("load", str(path))
        assert code == 2
        assert "entry 'C9' is protected, or of a protected source: give --include-protected" in said
        assert_silent(said)
        shown = line.does("load", str(path), "--dry-run", "--include-protected")
        assert "entry C9" in shown or "stance C9" in shown
    path.write_text(before.replace("Canary Name", "Canary Other"), encoding="utf-8")
    assert line.refuses("load", str(path))[0] == 2
    line.does("load", str(path), "--include-protected")
    assert "Canary Other" in line.does("dump", "--include-protected")


@pytest.mark.one_database
def test_a_dump_with_the_flag_loads_as_the_same_casebook(
    kept: str, tmp_path: Path, new_target: NewTarget
) -> None:
    path = tmp_path / "dump.yaml"
    CommandLine(kept).does("dump", "--include-protected", "--output", str(path))
    assert "withheld" not in path.read_text(encoding="utf-8")
    with new_target("sqlite") as other:
        line = CommandLine(other)
        line.does("load", str(path))
        assert line.does("dump", "--include-protected") == path.read_text(encoding="utf-8")


@pytest.mark.one_database
def test_a_load_does_not_tell_which_address_of_a_protected_document_is_none(
    target: str, tmp_path: Path
) -> None:
    dossier = tmp_path / "c.yaml"
    dossier.write_text(
        "claimtrack: 1\nactors: [{ref: press, name: Press, kind: outlet}]\ndocuments:\n"
        "- {ref: canary, publisher: press, url: canary example, protected: true}\n",
        encoding="utf-8",
    )
    answer = CommandLine(target).run("load", str(dossier))
    assert answer.code == 0
    assert "url of a protected document is not one address" in answer.stderr
    assert_silent(answer.stderr)


def test_a_dump_that_withholds_loads_elsewhere_as_what_it_says(
    kept: str, tmp_path: Path, new_target: NewTarget
) -> None:
    path = tmp_path / "dump.yaml"
    CommandLine(kept).does("dump", "--output", str(path))
    with new_target("sqlite") as other:
        line = CommandLine(other)
        line.does("load", str(path))
        assert_silent(line.does("dump", "--include-protected"))
        line.does("log", "verify")


def test_a_backup_and_a_snapshot_carry_the_whole_casebook(kept: str, tmp_path: Path) -> None:
    line = CommandLine(kept)
    whole, withheld = line.does("dump", "--include-protected"), line.does("dump")
    for words in (("backup",), ("snapshot", "--at", "9999-12-31"), ("copy", kept)):
        file = tmp_path / f"{words[0]}.db"
        answer = line.run(*words, str(file))
        assert answer.code == 0, answer
        assert_silent(answer.stderr)
        other = CommandLine(str(file))
        assert other.does("dump", "--include-protected") == whole
        assert other.does("dump") == withheld  # under the same pseudonyms
        other.does("log", "verify")


@pytest.mark.one_database
def test_an_editor_shows_a_protected_source_only_by_flag(changing: str) -> None:
    line = CommandLine(changing)
    env = {"EDITOR": "false"}
    code, said = line.refuses("claim", "edit", "C9", env=env)
    assert (code, said) == (
        2,
        "claim 'C9' names what is protected: edit it with --include-protected",
    )
    assert line.refuses("claim", "edit", "C9", "--include-protected", env=env)[0] == 1


def test_the_office_of_a_protected_source_is_not_searched(case: Casebook, session: Session) -> None:
    case.actor("a").claim("C", actor="a", capacity="harbour master")
    assert [row.ref for row in search(session, "harbour")] == ["C"]
    case.actor("a", protected=True)
    assert list(search(session, "harbour")) == []
    changes.put(session, _unprotected(session))
    assert [row.ref for row in search(session, "harbour")] == ["C"]


def _unprotected(session: Session) -> Any:
    return NewActor.model_validate(
        changes.merge_with_stored(session, NewActor, {"ref": "a", "protected": False})
    )


def test_the_history_of_an_entry_is_told_through_the_veil(kept: str) -> None:
    with sessions.reading(db.connect(kept), protection.protect) as session:
        told = [row.fields for row in history.stream_history(session, "entry", "C9")]
    assert all("capacity" not in fields and "label" not in fields for fields in told)
    assert any("summary: He is ready to talk" in fields for fields in told)


def test_the_veil_asks_as_much_for_many_sources_as_for_one(session: Session) -> None:
    case = Casebook(session).actor("s0", protected=True)
    counts = []
    for number in range(1, 6):
        session.flush()
        with count_queries(session) as sent:
            mask = protection.get_mask(session.connection())
        assert f"Actor s{number - 1}" in mask.names
        counts.append(len(sent))
        case.actor(f"s{number}", protected=True)
    assert len(set(counts)) == 1


@pytest.mark.one_database
def test_who_was_ever_protected_is_looked_up_in_an_index(case: Casebook, session: Session) -> None:
    asked = select_once_protected().compile(
        session.get_bind(), compile_kwargs={"literal_binds": True}
    )
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    assert any("ix_revision_protected" in row[-1] for row in plan), plan
