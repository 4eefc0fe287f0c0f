"""Records written in an editor: programs stand in for one, and edit the file as it would."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandline import CommandLine
from conftest import Filled, NewTarget

UNSET = "no editor is set: set EDITOR, as in EDITOR=nano, or set the fields with options"


def log_claim(target: str) -> None:
    cli = CommandLine(target)
    cli.does("actor", "add", "Vladimir Putin", "--kind", "person", "--ref", "putin")
    cli.does("actor", "add", "Kremlin", "--kind", "organisation")
    cli.does("topic", "add", "Ceasefire")
    cli.does("proposition", "add", "He is ready", "--topic", "ceasefire", "--ref", "ready")
    cli.does(
        *("claim", "add", "He wants to stop", "--actor", "putin", "--ref", "C9"),
        *("--date", "2024-05", "--proposition", "ready", "--value", "2"),
    )


@pytest.fixture
def cli(backend: str, filled: Filled, new_target: NewTarget) -> Iterator[CommandLine]:
    """A casebook with two actors, a proposition, and a claim that takes a stance on it."""
    with new_target(backend, like=filled(backend, log_claim)) as target:
        yield CommandLine(target)


class Editor:
    """An editor that is a program: does one thing to the text each time it is opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def that(self, *steps: str) -> dict[str, str]:
        """Return the surroundings of a command whose editor runs those steps, one each time.

        A step is Python that changes `text`; the texts it saw are kept in `seen`.
        """
        program = self.folder / "editor.py"
        program.write_text(
            "import pathlib, sys\n"
            f"folder = pathlib.Path({str(self.folder)!r})\n"
            "path = pathlib.Path(sys.argv[-1])\n"
            "text = path.read_text()\n"
            "turn = len(list(folder.glob('seen-*')))\n"
            "(folder / f'seen-{turn}').write_text(text)\n"
            f"exec({list(steps)!r}[turn])\n"
            "path.write_text(text)\n"
        )
        return {"EDITOR": f"'{sys.executable}' '{program}'"}

    @property
    def seen(self) -> list[str]:
        """The texts that the editor was given, in order."""
        return [path.read_text() for path in sorted(self.folder.glob("seen-*"))]


@pytest.fixture
def editor(tmp_path_factory: pytest.TempPathFactory) -> Editor:
    return Editor(tmp_path_factory.mktemp("editor"))


def filled(key: str, value: str) -> str:
    return f"text = text.replace('\\n{key}:\\n', '\\n{key}: {value}\\n')"


def test_edit_opens_the_record_and_saves_what_was_changed(cli: CommandLine, editor: Editor) -> None:
    answer = cli.run("claim", "edit", "C9", env=editor.that(filled("place", "Moscow")))
    assert (answer.code, answer.stdout, answer.stderr) == (0, "", "changed claim C9\n")
    assert "\nsummary: He wants to stop\n" in editor.seen[0]
    assert "\ndate: 2024-05\n" in editor.seen[0]
    assert "- {proposition: ready, value: 2, asserted_by: test-analyst}" in editor.seen[0]
    assert "place: empty -> Moscow" in cli.does("history", "C9", "--format", "csv")


def test_a_row_taken_out_of_a_list_is_removed(cli: CommandLine, editor: Editor) -> None:
    step = (
        "text = '\\n'.join(line for line in text.split('\\n') if 'proposition: ready' not in line)"
    )
    answer = cli.run("claim", "edit", "C9", env=editor.that(step))
    assert answer.stderr == "changed claim C9\n"
    assert cli.does("stance", "list", "--format", "csv").count("\n") == 1


def without(words: str) -> str:
    """Return the step that takes out the lines with those words."""
    return f"text = '\\n'.join(line for line in text.split('\\n') if {words!r} not in line)"


@pytest.mark.parametrize(
    ("step", "change"),
    [
        pytest.param(without("place: Kyiv"), {"place: Kyiv -> empty"}, id="a line of its own"),
        pytest.param(
            without("date_text: last spring"), {"date_text: last spring -> empty"}, id="its words"
        ),
        pytest.param(
            without("date: 2024-05"),
            {
                "date_from: 2024-05-01 -> empty",
                "date_to: 2024-05-31 -> empty",
                "precision: month -> empty",
            },
            id="a date, which stands for three",
        ),
        pytest.param(
            "text = text.replace(', hedge: may', '')", {"hedge: may -> empty"}, id="part of a row"
        ),
        pytest.param(
            "text = text.replace('basis: inferred, ', '')",
            {"basis: inferred -> explicit"},
            id="part of a row that has a default",
        ),
        pytest.param(
            f"{without('stances:')}; {without('proposition: ready')}",
            {"proposition: ready", "value: 2", "entry: C9", "hedge: may", "basis: inferred"},
            id="a whole list",
        ),
    ],
)
def test_what_is_taken_out_of_the_text_is_cleared(
    cli: CommandLine, editor: Editor, step: str, change: set[str]
) -> None:
    cli.does("claim", "edit", "C9", "--place", "Kyiv", "--date-text", "last spring")
    cli.does("stance", "set", "C9", "ready", "2", "--hedge", "may", "--basis", "inferred")
    assert cli.run("claim", "edit", "C9", env=editor.that(step)).stderr == "changed claim C9\n"
    [revision] = json.loads(cli.does("log", "--limit", "1", "--format", "json"))
    assert change <= set(revision["fields"].split("; "))


def test_what_is_needed_cannot_be_taken_out(cli: CommandLine, editor: Editor) -> None:
    code, said = cli.refuses("claim", "edit", "C9", env=editor.that(without("summary:"), "pass"))
    assert (code, said.splitlines()[-1].partition(":")[2]) == (
        2,
        "1: summary is empty: this entry needs it",
    )
    assert "#! summary is empty: this entry needs it" in kept(said)


def test_add_edit_begins_with_what_was_given(cli: CommandLine, editor: Editor) -> None:
    step = filled("actor", "putin")
    answer = cli.run(
        *("statement", "add", "Not aware of any", "--edit", "--responds-to", "C9"),
        env=editor.that(step),
    )
    assert (answer.code, answer.stdout, answer.stderr.splitlines()[-1]) == (
        0,
        "S-1\n",
        "added statement S-1",
    )
    assert "\nsummary: Not aware of any\n" in editor.seen[0]
    assert "responds_to" in cli.does("link", "list", "--format", "csv")


def test_the_value_of_a_stance_can_be_left_to_the_editor(cli: CommandLine, editor: Editor) -> None:
    step = "text = text.replace('{proposition: ready}', '{proposition: ready, value: -1}')"
    line = ("claim", "add", "He waits", "--actor", "putin", "--proposition", "ready", "--edit")
    assert cli.does(*line, env=editor.that("text += '\\n'", step)) == "C-1\n"
    assert "value is missing: a stance needs it" in editor.seen[1]
    assert "C-1,ready,-1" in cli.does("stance", "list", "--format", "csv")


def test_wrong_text_comes_back_with_the_error_at_its_line(cli: CommandLine, editor: Editor) -> None:
    steps = (filled("actor", "putim"), "text = text.replace('actor: putim', 'actor: kremlin')")
    answer = cli.run("claim", "add", "Something else", "--edit", env=editor.that(*steps))
    assert (answer.code, answer.stdout) == (0, "C-1\n")
    marked = editor.seen[1].split("\n")
    at = marked.index("actor: putim")
    assert marked[at - 1] == "#! no actor 'putim'; did you mean putin?"


@pytest.mark.parametrize(
    ("line", "step", "expected"),
    [
        pytest.param(
            ("claim", "edit", "C9"),
            "pass",
            "the text was left unchanged: nothing was saved",
            id="an unchanged record",
        ),
        pytest.param(
            ("claim", "add", "Something", "--actor", "putin", "--edit"),
            "pass",
            "the text was left unchanged: nothing was saved",
            id="an unchanged new record",
        ),
        pytest.param(
            ("claim", "add", "--edit"),
            "text = '# nothing'",
            "the text was empty: nothing was saved",
            id="an emptied text",
        ),
    ],
)
def test_text_left_alone_saves_nothing(
    cli: CommandLine, editor: Editor, line: tuple[str, ...], step: str, expected: str
) -> None:
    assert cli.refuses(*line, env=editor.that(step)) == (1, expected)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("", UNSET, id="unset"),
        pytest.param(
            "false", "the editor 'false' failed (exit code 1): nothing was saved", id="fails"
        ),
        pytest.param(
            "/no/such/editor --wait",
            "the editor '/no/such/editor' cannot be started (No such file or directory): "
            "set EDITOR to another",
            id="missing",
        ),
        pytest.param(
            "'vi", 'EDITOR "\'vi" is not a command: a quotation mark is not closed', id="no command"
        ),
    ],
)
def test_an_editor_that_cannot_be_used(cli: CommandLine, command: str, expected: str) -> None:
    assert cli.refuses("claim", "edit", "C9", env={"EDITOR": command}) == (1, expected)


def test_visual_comes_before_editor(cli: CommandLine) -> None:
    _, said = cli.refuses("claim", "edit", "C9", env={"EDITOR": "true", "VISUAL": "false"})
    assert said == "the editor 'false' failed (exit code 1): nothing was saved"


def kept(said: str) -> str:
    """Return the text kept in the file that a message names, and take it away."""
    draft = Path(said.splitlines()[0].removeprefix("your text is kept in "))
    text = draft.read_text()
    draft.unlink()
    draft.parent.rmdir()
    return text


def test_what_was_typed_before_the_editor_failed_is_kept(cli: CommandLine, editor: Editor) -> None:
    step = "path.write_text('summary: typed'); sys.exit(3)"
    code, said = cli.refuses("claim", "edit", "C9", env=editor.that(step))
    assert (code, kept(said)) == (1, "summary: typed")


def test_text_that_stays_wrong_is_kept(cli: CommandLine, editor: Editor) -> None:
    steps = (filled("date", "soon"), "pass")
    code, said = cli.refuses("claim", "add", "x", "--edit", env=editor.that(*steps))
    assert code == 2
    assert "date 'soon' is not valid" in said
    assert "\ndate: soon\n" in kept(said)


def test_a_record_changed_meanwhile_is_not_overwritten(cli: CommandLine, editor: Editor) -> None:
    meanwhile = (
        "import subprocess; subprocess.run([sys.executable, '-c', "
        "'from claimtrack.cli import main; main()', '--db', "
        f"{cli.target!r}, 'claim', 'edit', 'C9', '--place', 'Kyiv'], check=True)"
    )
    answer = cli.run(
        *("claim", "edit", "C9"), env=editor.that(f"{meanwhile}; {filled('place', 'Moscow')}")
    )
    assert (answer.code, answer.stdout) == (4, "")
    told = answer.stderr.splitlines()
    assert "on which this was based: nothing was written" in told[-3]
    assert told[-2].endswith(": update entry C9: place: empty -> Kyiv")
    assert told[-1].endswith("  yours:  update entry C9: place: Kyiv -> Moscow")
    assert "place: Moscow" in kept(answer.stderr)
    assert "Kyiv" in cli.does("claim", "show", "C9")


def test_a_ref_cannot_be_changed(cli: CommandLine, editor: Editor) -> None:
    steps = ("text = text.replace('ref: C9', 'ref: C10')", "pass")
    code, said = cli.refuses("claim", "edit", "C9", env=editor.that(*steps))
    assert code == 2
    assert said.splitlines()[-1] == ("ref: 'C9' cannot be changed, since others may refer to it")
    assert kept(said)


@pytest.mark.parametrize("noun", ["actor", "document", "topic", "proposition", "action", "window"])
def test_every_noun_can_be_written_in_the_editor(
    cli: CommandLine, editor: Editor, noun: str
) -> None:
    needed = {"kind": "person", "publisher": "kremlin", "topic": "ceasefire", "actor": "putin"}
    steps = "; ".join(["text += '\\n'", *(filled(key, value) for key, value in needed.items())])
    answer = cli.run(noun, "add", "A new one", "--ref", "new", "--edit", env=editor.that(steps))
    assert (answer.code, answer.stdout) == (0, "new\n")
