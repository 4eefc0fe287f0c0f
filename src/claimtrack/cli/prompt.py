"""Prompts for missing values on a terminal; a script gets an error instead."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import typer

from claimtrack.cli import retry
from claimtrack.cli.fields import Values
from claimtrack.cli.nested_options import VALUE, Related
from claimtrack.cli.nouns import Need, Noun
from claimtrack.cli.option_values import PlainCommand
from claimtrack.cli.options import Target, print_message
from claimtrack.errors import ClaimtrackError, InvalidValue, Usage
from claimtrack.kinds import KINDS

if TYPE_CHECKING:
    from claimtrack.schemas import New

OFFERED = 20
"""The greatest number of refs that the answer `?` lists."""


def at_a_terminal() -> bool:
    """Whether a user can be prompted: whether stdin is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


class Asking(PlainCommand):
    """A command whose function prompts for missing arguments on a terminal."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Make all arguments optional on a terminal, where the user can be prompted."""
        if at_a_terminal():
            for param in self.params:
                param.required = False
        return super().parse_args(ctx, args)


def fill_in(target: Target, noun: Noun, values: Values, related: Related) -> Values:
    """Return the values of a new record, with the user's answers for missing required ones.

    Raises:
        Usage: A required value is missing, and there is no terminal to prompt on.
        ClaimtrackError: A value is invalid; raised before the first prompt.
    """
    from claimtrack.changes import get_model

    def needs(whole: Values) -> tuple[Need, ...]:
        unvalued = any("value" not in stance for stance in whole.get("stances", ()))
        return (*noun.needs_of(whole), *([VALUE] if unvalued else []))

    if not at_a_terminal():
        _refuse_missing(noun, values, needs(values))
        return values
    template = {"kind": noun.name, **values} if noun.table == "entry" else values
    named = {"entry": related.responds_to, "actor": related.asserted_by}
    whole = fill_in_missing(target, noun.name, get_model(noun.name), needs, template, named)
    if "value" in whole:
        value = whole.pop("value")
        whole["stances"] = [{"value": value, **stance} for stance in whole["stances"]]
    return whole


def _refuse_missing(noun: Noun, values: Values, needs: Sequence[Need]) -> None:
    missing = [need for need in needs if need.key not in values]
    own = [need for need in missing if need in noun.needs]
    if missing and missing[0] is VALUE:
        raise Usage("--proposition needs --value: how far the entry affirms it, -2 to 2")
    if missing:
        shown = own or [need for need in missing if need is not VALUE]
        flags = " and ".join(need.flag for need in shown)
        what = noun.a if own else "an anonymous actor"
        raise Usage(f"{flags} {'are' if len(shown) > 1 else 'is'} missing: {what} needs it")


def fill_in_missing(
    target: Target,
    noun: str,
    model: "type[New]",
    needs: Callable[[Values], Sequence[Need]],
    values: Values,
    named: Mapping[str, str | None] = MappingProxyType({}),
) -> Values:
    """Return the values of a record, with the user's answers for missing required ones.

    Args:
        target: The database.
        noun: The record type, for sentences.
        model: The schema of the record.
        needs: Returns the required fields for some values.
        values: The values that are set.
        named: Further refs that must exist, by table.

    Raises:
        ClaimtrackError: A value is invalid; raised before the first prompt.
    """
    whole = {key: value for key, value in values.items() if value is not None}

    def missing() -> list[Need]:
        return [need for need in needs(whole) if need.key not in whole]

    def answered(need: Need, answer: str) -> str:
        checked = _checked(target, need, answer)
        _refuse_wrong(model, needs, {**whole, need.key: checked})
        return checked

    if missing():
        _refuse_wrong(model, needs, whole)
        _refuse_unknown(target, noun, model, whole, named)
    while remaining := missing():
        whole[remaining[0].key] = prompt_user(
            remaining[0].question, partial(answered, remaining[0])
        )
    return whole


def _refuse_wrong(
    model: "type[New]", needs: Callable[[Values], Sequence[Need]], values: Values
) -> None:
    """Refuse invalid values of a record that is not complete yet."""
    from claimtrack import addresses
    from claimtrack.schemas import keys_of
    from claimtrack.validation import validate_partial

    read: Values = {}
    for need in needs(values):
        text = values.get(need.key) or need.placeholder
        if need.read and text is not None and isinstance(found := need.read(text), dict):
            read |= found
    for name in ("url", "archive_url"):
        if values.get(name):
            addresses.check_address(name, values[name].strip())
    placeholders = {need.key: need.placeholder for need in needs(values) if need.placeholder}
    whole = {"ref": "ref.missing", **placeholders, **read, **values}
    keys = keys_of(model)
    validate_partial(model, {key: value for key, value in whole.items() if key in keys})


def _refuse_unknown(
    target: Target, noun: str, model: "type[New]", values: Values, named: Mapping[str, str | None]
) -> None:
    """Refuse a new ref that exists already, and references to records that do not exist."""
    from claimtrack import changes
    from claimtrack.records import NAMED, get

    with target.checking() as session:
        if "ref" in values:
            changes.refuse_taken(session, model.table, values["ref"], noun)
        for table, ref in (*_refs(model, values), *named.items()):
            if ref is not None:
                get(session, NAMED[table], ref)


def _refs(model: "type[New]", values: Values) -> Iterator[tuple[str, str]]:
    """Yield the table and the ref of each record that a record refers to."""
    from claimtrack.schemas import lists_of

    targets = KINDS[model.table].targets
    yield from ((table, values[key]) for key, table in targets.items() if key in values)
    for key, nested in lists_of(model).items():
        for row in values.get(key, ()):
            yield from _refs(nested, row)


def prompt_user(question: str, check: Callable[[str], str]) -> str:
    """Prompt until an answer passes the check, and return what the check returns.

    Raises:
        Abort: The input has ended.
    """
    while True:
        answer = _line(f"{question}: ").strip()
        try:
            return check(answer)
        except ClaimtrackError as error:
            print_message(str(error))


def confirm(question: str) -> bool:
    """Whether the user answers yes; an empty answer is no."""
    return _line(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def _checked(target: Target, need: Need, answer: str) -> str:
    """Return an answer that is not empty, and one of the words, or the ref of something."""
    if need.noun and answer in ("", "?"):
        raise InvalidValue(need.key, answer, _offer(target, need.noun))
    if not answer:
        raise InvalidValue(need.key, answer, "an answer, or Ctrl-C to stop")
    if need.words and answer not in need.words:
        raise InvalidValue(need.key, answer, f"one of {', '.join(need.words)}")
    return _find_ref(target, need.noun, answer) if need.noun else answer


def _offer(target: Target, noun: str) -> str:
    from claimtrack.lookup import refs_starting

    with target.reading() as session:
        withheld = session.state.mask.pseudonyms
        matches = refs_starting(session, "", (noun,), limit=OFFERED + len(withheld))
        found = [ref for ref, _ in matches if ref not in withheld][:OFFERED]
    return f"one of {', '.join(found)}" if found else f"a ref: there is no {noun} yet, add it first"


def _find_ref(target: Target, noun: str, name: str) -> str:
    from claimtrack.records import NAMED, get

    with target.checking() as session:
        return get(session, NAMED[noun], name).ref


def _line(question: str) -> str:
    """Read a line from the user, with line editing if stdin and stdout are terminals."""
    retry.mark_consumed("an answer")
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
