"""Questions to the person at the terminal; a script gets a sentence instead."""

import sys
from collections.abc import Callable, Sequence

import typer

from claimtrack.cli.fields import Given
from claimtrack.cli.nouns import ANONYMOUS_NEEDS, Need, Noun
from claimtrack.cli.options import Target, tell
from claimtrack.errors import ClaimtrackError, InvalidValue, Usage

OFFERED = 20
"""Refs that `?` lists."""


def at_a_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def fill_in(target: Target, noun: Noun, given: Given) -> Given:
    """Return what was given with what is needed and missing, as answered.

    Raises:
        Usage: something is missing and nobody is there to be asked.
    """
    whole = dict(given)
    for needs in (noun.needs, ANONYMOUS_NEEDS):
        if needs is ANONYMOUS_NEEDS and (noun.table, whole.get("kind")) != ("actor", "anonymous"):
            continue
        missing = [need for need in needs if need.key not in whole]
        if missing and not at_a_terminal():
            flags = " and ".join(need.flag for need in missing)
            what = "an anonymous actor" if needs is ANONYMOUS_NEEDS else noun.a
            raise Usage(f"{flags} {'are' if len(missing) > 1 else 'is'} missing: {what} needs it")
        for need in missing:
            whole[need.key] = ask(need.question, checking(target, need))
    return whole


def ask(question: str, check: Callable[[str], str]) -> str:
    """Return the first answer that passes the check; what fails is told, and asked again.

    Raises:
        Abort: the input has ended.
    """
    while True:
        answer = _line(f"{question}: ").strip()
        try:
            return check(answer)
        except ClaimtrackError as error:
            tell(str(error))


def confirm(question: str) -> bool:
    """Whether the person says yes; nothing said means no."""
    return _line(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def checking(target: Target, need: Need) -> Callable[[str], str]:
    """Return the check of an answer: not empty, one of the words, or the ref of something."""

    def check(answer: str) -> str:
        if need.noun and answer in ("", "?"):
            raise InvalidValue(need.key, answer, _offer(target, need.noun))
        if not answer:
            raise InvalidValue(need.key, answer, "an answer, or Ctrl-C to stop")
        if need.words and answer not in need.words:
            raise InvalidValue(need.key, answer, f"one of {', '.join(need.words)}")
        return _known(target, need.noun, answer) if need.noun else answer

    return check


def _offer(target: Target, noun: str) -> str:
    from claimtrack.lookup import refs_starting

    with target.reading() as session:
        found = [ref for ref, _ in refs_starting(session, "", (noun,), limit=OFFERED)]
    return f"one of {', '.join(found)}" if found else f"a ref: there is no {noun} yet, add it first"


def _known(target: Target, noun: str, name: str) -> str:
    from claimtrack.records import NAMED, get

    with target.reading() as session:
        return get(session, NAMED[noun], name).ref


def _line(question: str) -> str:
    """Return a line typed: with line editing where both ends are terminals."""
    try:
        if sys.stdout is not None and sys.stdout.isatty():
            import readline  # noqa: F401 - input() edits lines with it

            return input(question)
        typer.echo(question, nl=False, err=True)
        line = sys.stdin.readline()
    except EOFError:
        raise typer.Abort from None
    except UnicodeDecodeError:
        raise Usage("the answer is not text in UTF-8: nothing was saved") from None
    if not line:
        raise typer.Abort
    return line


def warn_of_similar(similar: Sequence[str]) -> None:
    """Name entries that look like the one to be saved; a person is asked whether to go on.

    Raises:
        Usage: the person says no.
    """
    for line in similar:
        tell(f"warning: looks like {line}")
    if similar and at_a_terminal() and not confirm("Save it all the same?"):
        raise Usage("nothing was saved")
