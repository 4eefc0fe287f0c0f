"""`actor redact`: prints what it will erase and asks for confirmation, since it is irreversible."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from claimtrack.cli.completion import refs
from claimtrack.cli.options import Db, Message, command, print_message
from claimtrack.cli.prompt import at_a_terminal, confirm
from claimtrack.errors import StorageFailure, Usage
from claimtrack.escaping import format_count

if TYPE_CHECKING:
    from claimtrack.changes import Redaction
    from claimtrack.db import Mask, Session

SHOWN = 10
"""The greatest number of keys, and of words, that are listed of each kind."""
_ASK = "use --include-protected to see them"


def declare(app: typer.Typer) -> None:
    """Add the command to those of `actor`."""
    command(app, "redact")(_redact)


def _redact(
    db: Db,
    ref: Annotated[
        str, typer.Argument(metavar="REF", help="The actor to erase.", autocompletion=refs("actor"))
    ],
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="WORDS",
            help="Other words that identify it, such as a family name alone; can be repeated.",
            show_default=False,
        ),
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(
            "--document",
            metavar="DOCUMENT",
            help="Also erase the captures and the text of this document; can be repeated.",
            autocompletion=refs("document"),
            show_default=False,
        ),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be erased, and write nothing.")
    ] = False,
    message: Message = None,
) -> None:
    """Erase the identity of an actor for good: from the records, the captures and the log.

    Its ref, its present and earlier names, its description and the words of --also are replaced
    by a random ref; only its kind and its root principal remain. Revisions of the log that name
    it are emptied, and the log still verifies. Captures that name it are deleted. Then the
    database is rewritten, so that its files no longer contain the data. Earlier backups, copies
    and exports are not changed. See docs/security.md.

    Examples:
      claimtrack actor redact SRC-9 --also Petrov --dry-run
      claimtrack actor redact SRC-9 --also Petrov --document interview-7 --yes
    """
    from claimtrack import changes
    from claimtrack import db as databases

    def planned(session: "Session") -> "Redaction":
        _refuse_unproved(session)
        return changes.plan_redaction(session, ref, also=also or (), documents=document or ())

    if dry_run or not yes:
        with db.checking() as session:
            plan = planned(session)
            _explain(plan, session)
        if dry_run:
            print_message("nothing was written")
            return
        _confirm()
    with db.writing(message) as session:
        plan = planned(session)  # anew: what others wrote meanwhile may name it too
        if yes:
            _explain(plan, session)
        changes.redact(session, plan)
    try:
        databases.compact(databases.connect(db.name))
    except StorageFailure as error:
        raise StorageFailure(
            "the actor is redacted, but the erased data is still in the files: run "
            f"'claimtrack compact' as soon as possible ({error})"
        ) from error
    print_message(f"redacted actor {plan.identity.ref}: it is {plan.identity.instead} now")


def _refuse_unproved(session: "Session") -> None:
    from claimtrack import replay

    mask = session.state.mask
    for finding in replay.verify(session):
        key = mask.key(finding.table, finding.key)
        raise StorageFailure(
            f"the log does not account for the casebook ({finding.table} {key}: "
            f"{finding.finding}), and redacted data cannot be verified later: "
            "see 'claimtrack log verify' first"
        )


def _explain(plan: "Redaction", session: "Session") -> None:
    """Print what will be erased, what will remain, and what the analyst has to check.

    Protected records, and words that may come from them, are only counted.
    """
    from claimtrack.db import is_masked

    mask = session.state.mask
    secret = plan.protected and is_masked(session)
    names = sorted(map(repr, plan.identity.names))
    told = f" ({_ASK})" if secret else f": {', '.join(names)}"
    print_message(f"looked for {format_count(len(names), 'name')}{told}")
    print_message(f"emptied: {format_count(plan.revisions, 'revision')} of the log, of these rows:")
    for table, keys in groupby(sorted(plan.emptied), key=lambda row: row[0]):
        print_message(f"  {table}: {_public(mask, table, [key for _, key in keys])}")
    if mask.names and plan.captures:
        print_message(f"erased: {format_count(len(plan.captures), 'capture')} ({_ASK})")
    else:
        for digest in sorted(plan.captures):
            print_message(f"erased: the capture {digest[:12]}")
    for ref in sorted(plan.documents):
        print_message(f"erased: the text of {ref}")
    for warning in _warnings(plan, mask):
        print_message(f"warning: {warning}")


def _warnings(plan: "Redaction", mask: "Mask") -> Iterator[str]:
    if plan.near:
        words = sorted(plan.near, key=lambda word: (-plan.near[word], word))
        told = _ASK if mask.names else _some(words)
        yield (
            f"{format_count(len(words), 'word')} like a name will remain ({told}): "
            "use --also for those to erase"
        )
    for digest, document, media_type in plan.unsearched:
        of = f"the capture {digest[:12]} of {document} ({media_type})"
        named = f"a capture of {document}" if document in mask.names else of
        yield f"{named} cannot be searched: use --document to erase it"
    if plan.below:
        below = _public(mask, "actor", plan.below)
        yield f"{below} below it: redact them too if they reveal who it is"
    if plan.authors:
        yield (
            f"the log names {_some(sorted(plan.authors))} as an author, "
            "who cannot be erased from the hash chain"
        )


def _public(mask: "Mask", table: str, keys: Sequence[str]) -> str:
    """Return the first of some keys, and the number of the others; protected keys are counted."""
    public = [key for key in keys if mask.key(table, key) == key]
    withheld = len(keys) - len(public)
    more = f"{withheld} protected" if withheld else ""
    return ", ".join(filter(None, [_some(public), more]))


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _confirm() -> None:
    if not at_a_terminal():
        raise Usage("this cannot be undone: use --yes to skip the question")
    if not confirm("This cannot be undone. Erase it?"):
        print_message("nothing was written")
        raise typer.Exit(1)
