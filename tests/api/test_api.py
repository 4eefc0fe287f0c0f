"""The library: the same answers as the commands, protected by default."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pandas
import pytest

from claimtrack import open_casebook
from claimtrack.api import Casebook, Exported, keywords
from claimtrack.api.rows import Rows
from claimtrack.changes import Outcome
from claimtrack.errors import (
    ClaimtrackError,
    Duplicate,
    InvalidRecords,
    InvalidValue,
    MissingDriver,
    MissingFile,
    NoDatabase,
    NotEmpty,
    RefTaken,
    StillReferenced,
    UnknownRef,
    Usage,
)
from claimtrack.exchange.exports import FORMATS
from claimtrack.query import options
from claimtrack.reports.claims import ClaimFilters
from commandline import CommandLine
from conftest import Filled, NewTarget
from packaged_dataset import load
from protection.canaries import log_secrets


@pytest.fixture
def dataset(filled: Filled) -> str:
    """The dataset, loaded once."""
    return filled("sqlite", load)


@pytest.fixture
def casebook(dataset: str) -> Iterator[Casebook]:
    with open_casebook(dataset) as opened:
        yield opened


def plain(rows: Rows[Any]) -> list[dict[str, Any]]:
    """Return rows as JSON has them."""
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
        }
        for row in rows.to_dicts()
    ]


# --- reports and lists ----------------------------------------------------------------------------

SAME: dict[str, Callable[[Casebook], Rows[Any]]] = {
    "report contradictions": lambda book: book.contradictions(),
    "report contradictions --class denial --class dispute --until 2024 --sort -strength": (
        lambda book: book.contradictions(
            class_=["denial", "dispute"], until="2024", sort="-strength"
        )
    ),
    "report contradictions --known-by 2024-01-26 --min-days -3 --limit 5": lambda book: (
        book.contradictions(known_by="2024-01-26", min_days=-3, limit=5)
    ),
    "report citations --source S2": lambda book: book.citations(source="S2"),
    "report positions --principal russia --anonymous": lambda book: book.positions(
        principal="russia", anonymous=True
    ),
    "report coverage --principal russia": lambda book: book.coverage("russia"),
    "report coverage --principal russia --omissions": lambda book: book.omissions("russia"),
    "report windows --since 2024": lambda book: book.windows(since="2024"),
    "report hypotheses ceasefire-ready feigned": lambda book: book.hypotheses(
        "ceasefire-ready", "feigned"
    ),
    "report hypotheses ceasefire-ready feigned --sums": lambda book: book.hypothesis_sums(
        "ceasefire-ready", "feigned"
    ),
    "report track-record": lambda book: book.track_record(),
    "actor list": lambda book: book.list_actors(),
    "document list": lambda book: book.list_documents(),
    "topic list": lambda book: book.list_topics(),
    "proposition list": lambda book: book.list_propositions(),
    "claim list --affirming --topic ceasefire": lambda book: book.list_entries(
        kind="claim", affirming=True, topic=["ceasefire"]
    ),
    "stance list": lambda book: book.list_stances(),
    "link list": lambda book: book.list_links(),
    "grade list": lambda book: book.list_grades(),
    "search ceasefire --kind claim --limit 3": lambda book: book.search(
        "ceasefire", kind="claim", limit=3
    ),
    "check": lambda book: book.check(),
}


@pytest.mark.parametrize("command", SAME)
def test_a_method_returns_what_its_command_prints(
    casebook: Casebook, dataset: str, command: str
) -> None:
    printed = json.loads(CommandLine(dataset).does(*command.split(), "--format", "json"))
    assert printed
    assert plain(SAME[command](casebook)) == printed


@pytest.mark.parametrize(
    ("command", "method"),
    [
        pytest.param("report claims --contested", "claims", id="claims"),
        pytest.param("report corroboration", "corroboration", id="corroboration"),
    ],
)
def test_rows_that_count_are_those_of_the_command_without_the_refs(
    casebook: Casebook, dataset: str, command: str, method: str
) -> None:
    printed = json.loads(CommandLine(dataset).does(*command.split(), "--format", "json"))
    rows = plain(getattr(casebook, method)(**({"contested": True} if method == "claims" else {})))
    assert printed
    assert rows == [{name: row[name] for name in rows[0]} for row in printed]


def test_two_entries_are_explained_and_a_record_is_shown(casebook: Casebook) -> None:
    assert casebook.pair("C9", "ST2").opposed
    assert casebook.show("C9").title == casebook.show("C9", noun="claim").title == "claim C9"
    assert casebook.status().claims > 0
    with pytest.raises(UnknownRef):
        casebook.show("C999")


def test_rows_outlive_the_casebook_and_know_their_columns(dataset: str) -> None:
    with open_casebook(dataset) as casebook:
        rows = casebook.contradictions(class_="denial")
    assert [row.klass for row in rows] == ["denial"] * len(rows)
    assert rows[0] is rows[:1][0]
    assert list(rows.to_dicts()[0]) == list(rows.columns)
    assert "class" in rows.columns
    assert repr(rows).startswith(f"<{len(rows)} rows: subject_ref, ")
    with pytest.raises(Usage, match="the casebook is closed"):
        casebook.status()


def test_rows_become_a_data_frame(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = casebook.claims()
    frame = rows.to_pandas()
    assert list(frame.columns) == list(rows.columns)
    assert list(frame["ref"]) == [row.ref for row in rows]
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingDriver, match=r"pip install 'claimtrack\[notebook\]'"):
        rows.to_pandas()


def test_iterate_yields_the_same_rows_one_by_one(casebook: Casebook) -> None:
    filters: dict[str, Any] = {"topic": "ceasefire"}
    rows = casebook.contradictions(**filters)
    found = casebook.iterate(casebook.contradictions, **filters)
    assert next(found) == rows[0]
    assert list(found) == list(rows[1:])
    assert list(casebook.iterate(casebook.coverage, "russia")) == list(casebook.coverage("russia"))


@pytest.mark.parametrize(
    ("iterate", "error", "sentence"),
    [
        pytest.param(
            lambda book: book.iterate(book.claims, tpic="nato"),
            Usage,
            "there is no filter 'tpic'",
            id="of a report",
        ),
        pytest.param(
            lambda book: book.iterate(book.list_entries, since="2024-13"),
            InvalidValue,
            "--since '2024-13'",
            id="of a list",
        ),
        pytest.param(
            lambda book: book.iterate(book.hypotheses, "ceasefire", limit=-1),
            InvalidValue,
            "a whole number from 0",
            id="of hypotheses",
        ),
    ],
)
def test_iterate_refuses_a_wrong_filter_before_its_first_row(
    casebook: Casebook,
    iterate: Callable[[Casebook], object],
    error: type[ClaimtrackError],
    sentence: str,
) -> None:
    with pytest.raises(error, match=sentence):
        iterate(casebook)


def test_a_closed_casebook_yields_no_further_row(dataset: str) -> None:
    with open_casebook(dataset) as casebook:
        begun = casebook.iterate(casebook.contradictions)
        waiting = casebook.iterate(casebook.contradictions)
        assert next(begun).subject_ref == "C1"
    for rows in (begun, waiting):
        with pytest.raises(Usage, match="the casebook is closed: open it again"):
            next(rows)
    with pytest.raises(Usage, match="the casebook is closed: open it again"):
        casebook.iterate(casebook.claims)


# --- filters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "table"),
    [
        pytest.param(keywords.CountingKeywords, options.COUNTING, id="counting"),
        pytest.param(keywords.EntryKeywords, (*options.SCOPE, *options.PAGE), id="entries"),
        pytest.param(
            keywords.PairKeywords,
            (*options.SCOPE, *options.PAGE, *options.PAIRS),
            id="pairs",
        ),
    ],
)
def test_the_typed_keywords_are_those_of_the_table(
    typed: Any, table: tuple[options.Option, ...]
) -> None:
    assert set(typed.__annotations__) == {option.keyword for option in table}


def test_the_keywords_of_claims_are_those_of_their_filters() -> None:
    own = set(keywords.ClaimKeywords.__annotations__) - set(keywords.EntryKeywords.__annotations__)
    assert own == set(ClaimFilters.__dataclass_fields__)


def test_the_keywords_of_exports_are_those_of_the_formats() -> None:
    known = {option.keyword for format in FORMATS for option in (*format.filters, *format.options)}
    assert set(keywords.ExportKeywords.__annotations__) == known


@pytest.mark.parametrize(
    ("filters", "error", "sentence"),
    [
        pytest.param({"topic": "nope"}, UnknownRef, "no topic 'nope'", id="no such ref"),
        pytest.param({"tpic": "nato"}, Usage, "there is no filter 'tpic'", id="no such filter"),
        pytest.param({"kind": "foo"}, InvalidValue, "--kind 'foo' is not valid", id="no word"),
        pytest.param({"since": "2024-13"}, InvalidValue, "--since '2024-13'", id="no date"),
        pytest.param({"until": "2024/.."}, InvalidValue, "a date with that end", id="no end"),
        pytest.param({"limit": -1}, InvalidValue, "a whole number from 0", id="too few"),
        pytest.param({"min_strength": "3"}, InvalidValue, "from 1 to 2", id="too many"),
        pytest.param({"limit": 1.5}, InvalidValue, "a whole number", id="a fraction"),
        pytest.param({"affirming": "perhaps"}, InvalidValue, "true or false", id="no flag"),
        pytest.param({"topic": [7]}, InvalidValue, "--topic '7' is not valid", id="no text"),
        pytest.param({"sort": "nothing"}, InvalidValue, "nothing", id="no column"),
        pytest.param({"since": float("nan")}, InvalidValue, "--since 'nan'", id="no number"),
        pytest.param({"contested": "perhaps"}, InvalidValue, "true or false", id="no claims"),
        pytest.param({"contestd": True}, Usage, "contested, denying", id="misspelled"),
    ],
)
def test_a_wrong_filter_is_refused_in_a_sentence(
    casebook: Casebook, filters: dict[str, Any], error: type[ClaimtrackError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence.replace("(", r"\(")):
        casebook.claims(**filters)


def test_texts_and_values_of_filters_mean_the_same(casebook: Casebook) -> None:
    by_text = casebook.contradictions(since="2024-01", min_strength=2, include_reconciled=True)
    by_value = casebook.contradictions(since=date(2024, 1, 1), min_strength=2, entry=())
    assert list(by_text) == list(by_value)
    query: Any = {"min_strength": "2", "affirming": "true", "denying": "0", "limit": "4"}
    assert len(casebook.list_entries(**query)) == 4


def test_times_are_taken_as_their_day_and_flags_as_texts(casebook: Casebook) -> None:
    day = casebook.contradictions(since=date(2024, 5, 24))
    moment = datetime(2024, 5, 24, 12, tzinfo=UTC)
    assert list(casebook.contradictions(since=moment)) == list(day)
    assert list(casebook.contradictions(since=pandas.Timestamp("2024-05-24"))) == list(day)
    with pytest.raises(InvalidValue, match="--since 'NaT'"):
        casebook.contradictions(since=pandas.NaT)
    flag: Any = "false"
    assert list(casebook.claims(contested=flag)) == list(casebook.claims())


MISUSES: dict[str, Callable[[Casebook], object]] = {
    "no principal": lambda book: book.coverage(""),
    "several principals": lambda book: book.omissions(cast(Any, ["russia"])),
    "a number for a ref": lambda book: book.show(cast(Any, 9)),
    "numbers for refs": lambda book: book.pair(cast(Any, 1), cast(Any, 2)),
    "a list of hypotheses": lambda book: book.hypotheses(cast(Any, ["ready", "feigned"])),
    "a number for words": lambda book: book.search(cast(Any, 2024)),
    "a negative limit": lambda book: book.search("ceasefire", limit=-1),
    "a text for a flag": lambda book: book.positions(anonymous=cast(Any, "perhaps")),
    "a filter of another report": lambda book: cast(Any, book.pair)("C9", "ST2", limit=3),
    "rows to iterate": lambda book: book.iterate(cast(Any, book.claims())),
    "no rows to iterate": lambda book: book.iterate(cast(Any, book.show), "C9"),
    "a name to iterate": lambda book: book.iterate(cast(Any, "claims")),
    "a format that is none": lambda book: book.export("pdf", "x.pdf"),
    "an option of another format": lambda book: book.export("xlsx", "x.xlsx", title="A title"),
    "a file that ends otherwise": lambda book: book.export("graph", "x.txt"),
    "an export into no folder": lambda book: book.export("xlsx", "/no/such/folder/x.xlsx"),
    "an export into a folder": lambda book: book.export("xlsx", "/"),
    "no word of a format": lambda book: book.export("html", "x.html", group_by="day"),
    "a file in no folder": lambda book: book.dump("/no/such/folder/all.yaml"),
}


@pytest.mark.parametrize("misuse", MISUSES)
def test_a_misuse_is_refused_in_a_sentence(casebook: Casebook, misuse: str) -> None:
    with pytest.raises((InvalidValue, Usage, MissingFile)) as refused:
        MISUSES[misuse](casebook)
    assert ": " in str(refused.value) or " takes " in str(refused.value)


# --- what is protected ----------------------------------------------------------------------------


@pytest.fixture
def secrets(filled: Filled) -> str:
    """A casebook in which whatever gives a protected source away says canary."""
    return filled("sqlite", log_secrets)


def test_nothing_gives_a_protected_source_away(secrets: str) -> None:
    with open_casebook(secrets) as casebook:
        answers = [method(casebook) for name, method in SAME.items() if "russia" in name]
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


# --- changes --------------------------------------------------------------------------------------


def remove_and_fail(casebook: Casebook) -> None:
    with casebook.change() as change:
        change.remove("window", casebook.list_entries(kind="window")[0].ref)
        change.add_topic("Again", ref="talks")


def test_a_change_that_has_ended_refuses_further_calls(new_target: NewTarget) -> None:
    with new_target("sqlite") as target, open_casebook(target, author="ada") as casebook:
        with casebook.change() as change:
            change.add_topic("A")
        with pytest.raises(Usage, match="this change has ended: open another"):
            change.add_topic("B")


@pytest.mark.both_databases
def test_a_change_is_one_entry_of_the_log_or_nothing(backend: str, new_target: NewTarget) -> None:
    with new_target(backend) as target:
        line = CommandLine(target)
        with open_casebook(target, author="ada") as casebook:
            with casebook.change("first entries") as change:
                change.add_actor("Russia", kind="state")
                change.add_actor("The press", kind="outlet", ref="press")
                change.add_topic("Talks")
                change.add_proposition("Talks begin", topic="talks", ref="begin")
                document = change.add_document(
                    "A page", publisher="press", body="They will begin soon, they will."
                )
                claim = change.add_claim(
                    "Talks begin",
                    actor="russia",
                    stances={"begin": 2},
                    citations=[{"document": document, "role": "primary"}],
                )
                reply = change.add_statement(
                    "They do not",
                    actor="russia",
                    stances={"begin": {"value": -2, "basis": "explicit"}},
                    responds_to=claim,
                )
                change.add_action("They begin", actor="russia")
                change.add_commitment("They will begin", actor="russia")
                change.add_window("When they begin", actor="russia")
                change.add_assessment("They may begin", actor="press", stances=[])
                change.add_citation(reply, document, exact="begin soon")
                change.add_link(reply, "contradicts", claim)
                with pytest.raises(Duplicate, match="already exists"):
                    change.add_link(reply, "contradicts", claim)
                with pytest.raises(UnknownRef, match="no proposition 'nope'"):
                    change.add_claim("Half", actor="russia", stances={"begin": 1, "nope": 1})
                with pytest.raises(InvalidValue, match="one of actor, document"):
                    change.edit("claims", claim, summary="Other")
                with pytest.raises(Usage, match="open already"), casebook.change():
                    pass
                assert change.set_stance(claim, "begin", 1) == "changed"
                assert change.edit("claim", claim, summary="Talks are to begin") == "changed"
                assert change.edit("claim", claim, summary="Talks are to begin") == "unchanged"
            logged = json.loads(line.does("log", "--format", "json"))
            by_us = [row for row in logged if row["author"] != "claimtrack"]  # which made it
            assert {(row["author"], row["message"]) for row in by_us} == {("ada", "first entries")}
            assert len({row["change"] for row in by_us}) == 1
            assert [row.summary for row in casebook.list_entries(kind="claim")] == [
                "Talks are to begin"
            ]
            pair = casebook.contradictions()[0]
            assert (pair.klass, pair.status) == ("at_odds_with_record", "confirmed")
            with pytest.raises(RefTaken):
                remove_and_fail(casebook)
            with casebook.change(dry_run=True) as change:
                change.add_topic("Not written")
            assert json.loads(line.does("log", "--format", "json")) == logged


def test_an_entry_like_one_already_there_is_named_as_the_command_names_it(
    new_target: NewTarget,
) -> None:
    same = {"actor": "source", "date": "2024-01-25"}
    with new_target("sqlite") as target:
        line = CommandLine(target)
        with open_casebook(target, author="ada") as casebook:
            with casebook.change() as first:
                first.add_actor("A source", kind="person", ref="source")
                first.add_claim("Signals reached US officials", **same)
            with casebook.change(dry_run=True) as change:
                with pytest.raises(UnknownRef):
                    change.add_claim("Signals reached US officials", responds_to="C-9", **same)
                change.add_claim("Signals reached the officials", **same)
                change.add_claim("Talks begin", **same)
        said = line.run(
            *("claim", "add", "Signals reached the officials", "--actor", "source"),
            *("--date", "2024-01-25"),
        )
    assert first.warnings == ()
    assert change.warnings == ("looks like C-1: Signals reached US officials",)
    assert said.stderr.splitlines()[0] == f"warning: {change.warnings[0]}"


def test_words_that_are_quoted_twice_need_a_position(new_target: NewTarget) -> None:
    with new_target("sqlite") as target, open_casebook(target, author="ada") as casebook:
        with casebook.change() as change:
            change.add_actor("Press", kind="outlet")
            body = "They will begin. They will."
            text = change.add_document("A page", publisher="press", body=body)
            empty = change.add_document("Another", publisher="press")
            claim = change.add_claim("Talks begin", actor="press")
            change.add_citation(claim, empty, exact="They will")
        assert "has no text" in " ".join(change.warnings)
        with (
            pytest.raises(ClaimtrackError, match="at 0, 17: say which"),
            casebook.change() as again,
        ):
            again.add_citation(claim, text, exact="They will")


def test_a_change_needs_an_author_and_a_casebook_must_be_there(
    dataset: str, new_target: NewTarget
) -> None:
    with open_casebook(dataset) as casebook:
        with pytest.raises(Usage, match="a change needs an author"), casebook.change():
            pass
        with pytest.raises(Usage, match="a change needs an author"):
            casebook.load("dossier.yaml")
    with pytest.raises(NoDatabase):
        open_casebook(f"{dataset}.not")


def test_a_casebook_is_dumped_loaded_backed_up_and_restored(
    casebook: Casebook, new_target: NewTarget, tmp_path: Any
) -> None:
    dossier, copy = tmp_path / "all.yaml", tmp_path / "copy.db"
    casebook.dump(dossier)
    assert dossier.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotEmpty):
        casebook.dump(dossier)
    with new_target("sqlite") as target, open_casebook(target, author="ada") as other:
        other.load(dossier, message="the dossier")
        assert list(other.list_entries()) == list(casebook.list_entries())
        head = casebook.backup(copy)
        assert other.restore(copy, replace=True) == head
        assert other.status().casebook == casebook.status().casebook


# --- exports --------------------------------------------------------------------------------------

EXPORTS: dict[str, Callable[[Casebook, Path], Exported]] = {
    "datapackage x.zip --licence CC0-1.0 --raw --topic ceasefire": lambda book, path: book.export(
        "datapackage", path / "x.zip", licence="CC0-1.0", raw=True, topic="ceasefire"
    ),
    "xlsx x.xlsx --principal russia": lambda book, path: book.export(
        "xlsx", path / "x.xlsx", principal="russia"
    ),
    "graph x.gexf --known-by 2024-05-31": lambda book, path: book.export(
        "graph", path / "x.gexf", known_by="2024-05-31"
    ),
    "stix x.json": lambda book, path: book.export("stix", path / "x.json"),
    "claimreview x.jsonld": lambda book, path: book.export("claimreview", path / "x.jsonld"),
    "markdown x.md --hypothesis ceasefire-ready --hypothesis feigned": lambda book, path: (
        book.export("markdown", path / "x.md", hypothesis=["ceasefire-ready", "feigned"])
    ),
    "html x.html --title Talks --group-by subject": lambda book, path: book.export(
        "html", str(path / "x.html"), title="Talks", group_by="subject"
    ),
}


def test_every_format_is_exported_by_a_test() -> None:
    assert [line.split()[0] for line in EXPORTS] == [format.name for format in FORMATS]


@pytest.mark.parametrize("command", EXPORTS)
def test_an_export_is_the_file_that_its_command_writes(
    casebook: Casebook, dataset: str, tmp_path: Path, command: str
) -> None:
    name, file, *words = command.split()
    (tmp_path / "command").mkdir()
    target = tmp_path / "command" / file
    answer = CommandLine(dataset).run("export", name, str(target), *words, "--all-notes")
    made = EXPORTS[command](casebook, tmp_path)
    assert made.path.read_bytes() == target.read_bytes()
    assert made.path.stat().st_mode & 0o777 == 0o600
    notes = [line[9:] for line in answer.stderr.splitlines() if line.startswith("warning: ")]
    assert list(made.notes) == notes
    assert str(made.anchor) == CommandLine(dataset).does("log", "anchor").strip()


def test_an_export_replaces_a_file_and_neither_a_folder_nor_a_database(
    casebook: Casebook, dataset: str, tmp_path: Path
) -> None:
    file, folder = tmp_path / "x.html", tmp_path / "package"
    file.write_text("older")
    casebook.export("html", file)
    assert file.read_bytes().startswith(b"<!DOCTYPE html>")
    casebook.export("datapackage", folder)
    with pytest.raises(NotEmpty, match="already exists"):
        casebook.export("datapackage", folder)
    before = Path(dataset).read_bytes()
    with pytest.raises(InvalidValue, match="this is a database"):
        casebook.export("xlsx", dataset)
    assert Path(dataset).read_bytes() == before


def test_an_export_gives_no_protected_source_away(secrets: str, tmp_path: Path) -> None:
    with open_casebook(secrets) as casebook:
        made = casebook.export("html", tmp_path / "x.html")
    assert "canary" not in (made.path.read_text() + "".join(made.notes)).lower()
    with open_casebook(secrets, include_protected=True) as casebook:
        made = casebook.export("html", tmp_path / "x.html")
    assert "canary" in made.path.read_text().lower()


# --- imports --------------------------------------------------------------------------------------


def test_files_are_imported_as_a_profile_says_and_safely_again(
    new_target: NewTarget, tmp_path: Path
) -> None:
    library = tmp_path / "library.bib"
    library.write_text("@misc{x, title={Talks}, url={https://example.org/1}, year=2024, isbn={7}}")
    with new_target("sqlite") as target, open_casebook(target, author="ada") as casebook:
        tried = casebook.import_files("bibtex", library, dry_run=True)
        assert (tried.count(Outcome.ADDED), len(casebook.list_documents())) == (2, 0)
        made = casebook.import_files("bibtex", library, message="the library")
        assert (made.count(Outcome.ADDED), len(casebook.list_documents())) == (2, 1)
        assert any("isbn" in note for note in made.notes)
        assert casebook.import_files("bibtex", library).count(Outcome.ADDED) == 0
        with pytest.raises(Usage, match="name at least one file"):
            casebook.import_files("bibtex")


def test_a_data_package_is_imported_into_an_empty_casebook(
    casebook: Casebook, new_target: NewTarget, tmp_path: Path
) -> None:
    casebook.export("datapackage", tmp_path / "x.zip")
    with new_target("sqlite") as target, open_casebook(target, author="ada") as other:
        made = other.import_files("tables", tmp_path / "x.zip")
        assert made.count(Outcome.ADDED) > 100
        assert list(other.list_entries()) == list(casebook.list_entries())
