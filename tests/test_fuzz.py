"""Whatever comes in: an answer or one sentence, never a traceback, and nothing half written."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.main import get_command

from claimtrack import dates, db, history
from claimtrack.cli import app
from claimtrack.db import sessions
from claimtrack.errors import ClaimtrackError
from claimtrack.exchange.dossier import loading
from commandline import CommandLine
from conftest import BACKENDS, NewTarget
from exchange.dossier.dossiers import DATASET, WHOLE
from generated import ANY_TEXT

PIECES = [text.splitlines(True) for text in (WHOLE, DATASET[0].read_text(encoding="utf-8"))]
LINES = [line for lines in PIECES for line in lines]
SIGNS = st.text(st.sampled_from("{}[]:,-#&*!|>'\"%@`?=<~. \n\tabC1\u00e9\u0000\ud7ff"), max_size=12)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A dossier of which lines are missing, doubled, mixed with others, and strewn with signs."""
    lines = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=12))
    text = "".join(lines) if draw(st.booleans()) else WHOLE
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(SIGNS) + text[at + draw(st.integers(0, 6)) :]
    if draw(st.booleans()):
        text = f"claimtrack: 1\n{text}"
    content = text.encode("utf-8", "surrogatepass")
    return content if draw(st.integers(0, 9)) else content + draw(st.binary(max_size=8))


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=mangled())
@example(content=b"")
@example(content=b"claimtrack: 1\nactors: {ref: a}\n")
@example(content=b"claimtrack: !!python/object/apply:os.system [id]\n")
def test_a_dossier_loads_or_is_told_in_sentences(
    backend: str,
    shared: dict[str, db.Database],
    tmp_path_factory: pytest.TempPathFactory,
    content: bytes,
) -> None:
    path = tmp_path_factory.getbasetemp() / f"fuzz-{backend}.yaml"
    path.write_bytes(content)
    with sessions.writing(shared[backend], author="Fuzz", dry_run=True) as session:
        assert refusal(lambda: loading.load(session, [path])) != ""


@settings(max_examples=500, deadline=None)
@given(st.one_of(ANY_TEXT, st.text(st.sampled_from("0123456789-/.~?%XTZ: +"), max_size=24)))
def test_a_date_is_read_or_refused(text: str) -> None:
    for read in (dates.parse_span, dates.parse_day, dates.parse_moment):
        said = refusal(partial(read, text))
        assert said is None or "expected" in said


def refusal(attempt: Callable[[], object]) -> str | None:
    """Return the sentence with which an attempt is refused, None when it is not."""
    try:
        attempt()
    except ClaimtrackError as error:
        return str(error).strip()
    return None


def _words(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield each command with its options."""
    context = command.make_context("x", [], resilient_parsing=True)
    flags = ((*param.opts, *param.secondary_opts) for param in command.get_params(context))
    options = [flag for several in flags for flag in several]
    if path:
        yield path, options
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield from _words(command.get_command(context, name), (*path, name))


COMMANDS = [found for found in _words(get_command(app)) if found[0] != ("demo",)]
LEFT_ALONE = ("--edit", "-e", "--output", "-o", "--install-completion", "--show-completion")
VALUES = st.one_of(
    st.sampled_from(["C9", "a", "p", "", "-", "--", "-1", "2", "B2", "2024-01", "table", "csv"]),
    st.sampled_from(["9" * 20, "1e400", "nan", "\x1b[31m", "'; DROP TABLE entry; --"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command with some of its options, and words where there should be and should not be any."""
    path, options = draw(st.sampled_from(COMMANDS))
    usable = [flag for flag in options if flag.startswith("-") and flag not in LEFT_ALONE]
    words = st.one_of(VALUES, st.sampled_from(usable or ["--help"]))
    return [*path, *draw(st.lists(words, max_size=6))]


@pytest.fixture(scope="module")
def fuzzed(new_target: NewTarget) -> Iterator[CommandLine]:
    """A small casebook that the lines are typed at, one after the other."""
    with new_target("sqlite") as target:
        line = CommandLine(target)
        line.does("actor", "add", "A", "--kind", "person", "--ref", "a")
        line.does("topic", "add", "T", "--ref", "t")
        line.does("proposition", "add", "P", "--topic", "t", "--ref", "p")
        line.does("claim", "add", "Said", "--actor", "a", "--ref", "C9", "--date", "2024-05-24")
        yield line


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(words=lines())
def test_a_command_line_is_answered_or_refused_in_a_sentence(
    fuzzed: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = fuzzed.revisions()
    answer = fuzzed.run(*words, input="")
    assert answer.code in (0, 1, 2, 3, 4), answer
    assert "Traceback" not in answer.stderr
    if answer.code != 0 and words[0] != "log" and words[0] != "check":
        assert answer.stderr.strip(), answer
        assert fuzzed.revisions() == before
    with sessions.reading(db.connect(fuzzed.target)) as session:
        assert history.find_broken_link(session) is None
