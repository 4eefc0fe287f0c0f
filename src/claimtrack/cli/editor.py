"""Records written in an editor: a commented piece of a dossier, as `git commit` does it.

Text that is wrong comes back with the errors marked, until it is right or left as it was. What was
typed is never lost: when it cannot be saved, it is kept in a file that the message names.
"""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimtrack.cli import retry
from claimtrack.cli.fields import Values
from claimtrack.cli.nested_options import Related
from claimtrack.cli.new_records import add_new
from claimtrack.cli.nouns import NOUNS, Noun
from claimtrack.cli.options import Target, print_message
from claimtrack.errors import (
    ClaimtrackError,
    Conflict,
    EditorFailure,
    Invalid,
    InvalidRecords,
    NewerVersion,
    NotFound,
    Usage,
)
from claimtrack.kinds import ENTRY, KINDS

if TYPE_CHECKING:
    from claimtrack.db import Session

ROUNDS = 20
"""How often the editor is opened at most: a script as the editor might never correct the text."""


def add_in_editor(
    target: Target, noun: Noun, values: Values, related: Related, message: str | None
) -> None:
    """Add a record that is written in the editor, whose text begins with the values of options.

    Raises:
        EditorFailure: There is no editor, it fails, or the text was not changed.
    """
    from claimtrack.changes import get_model
    from claimtrack.exchange.dossier.editor_text import read_fragment, to_fragment

    model = get_model(noun.name)
    decided = {"ref": noun.name, "kind": noun.name} if noun.table == "entry" else {"ref": noun.name}
    template = {"kind": noun.name, **values} if noun.table == "entry" else values

    def save(typed: str) -> None:
        written = read_fragment(typed, model, over=decided)
        chosen = (
            NOUNS[str(written["kind"])] if noun.table == "entry" and written.get("kind") else noun
        )
        add_new(target, chosen, written, related, message)

    _until_saved(noun.name, to_fragment(model, template), save)


def edit_in_editor(target: Target, noun: Noun, ref: str, message: str | None) -> None:
    """Change a record in the editor.

    Fields that were deleted from the text are cleared, and rows of its lists are removed.

    Raises:
        EditorFailure: There is no editor, it fails, or the text was not changed.
        NewerVersion: Somebody else has changed the record in the meantime.
    """
    from claimtrack import changes
    from claimtrack.exchange.dossier.editor_text import read_fragment, to_fragment
    from claimtrack.history import get_anchor

    model = changes.get_model(noun.name)
    with target.reading() as session:
        stored_ref = changes.get_stored_ref(session, noun.name, ref)
        opened, record = get_anchor(session).seq, _record(session, noun, stored_ref)
        _refuse_withheld(session, noun, stored_ref, record)

    def save(typed: str) -> None:
        written = read_fragment(typed, model, over=record, entire=True)
        if written.setdefault("ref", stored_ref) != stored_ref:
            raise Invalid(f"ref: {stored_ref!r} cannot be changed, since others may refer to it")
        with target.writing(message) as session:
            removed = _remove_missing(session, record, written)
            outcome = changes.change_record(session, noun.name, written)
            changes.refuse_newer(session, opened)
        print_message(f"{'changed' if removed else outcome} {noun.name} {stored_ref}")

    _until_saved(noun.name, to_fragment(model, record), save)


def _refuse_withheld(session: "Session", noun: Noun, ref: str, record: Values) -> None:
    words = set(_words(record))
    if not words.isdisjoint(session.state.mask.pseudonyms):
        raise Usage(
            f"{noun.name} {ref!r} refers to protected records: edit it with --include-protected"
        )


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _words(part)


def _record(session: "Session", noun: Noun, ref: str) -> Values:
    """Return a record, an entry with its nested rows, by the keys of a dossier."""
    from sqlalchemy import select

    from claimtrack import changes
    from claimtrack.exchange.dossier.sections import NESTED, without_defaults
    from claimtrack.models import Entry
    from claimtrack.records import TABLES, get, record_of

    record = changes.merge_with_stored(session, changes.get_model(noun.name), {"ref": ref})
    if noun.table == "entry":
        entry = get(session, Entry, ref)
        for name, nested in NESTED.items():
            model = TABLES[nested.table]
            rows = session.scalars(select(model).filter_by(entry=entry))
            record[name] = sorted(
                (without_defaults(nested, record_of(row)) for row in rows), key=str
            )
    return record


def _remove_missing(session: "Session", before: Values, after: Values) -> int:
    """Remove the rows that were deleted from the lists of an entry, and return their number."""
    from claimtrack import changes

    removed = 0
    for nested in ENTRY.nested:
        name, table = nested.name, nested.of
        parts = tuple(part for part in KINDS[table].key if part != "entry")
        remaining = [_key(session, row, parts) for row in after.get(name, ())]
        for row in before.get(name, ()):
            key = _key(session, row, parts)
            if key not in remaining:
                changes.remove_row(session, table, {"entry": before["ref"], **key})
                removed += 1
    return removed


def _key(session: "Session", row: Values, parts: tuple[str, ...]) -> Values:
    from claimtrack import changes
    from claimtrack.models import Actor
    from claimtrack.records import get

    key: dict[str, Any] = {part: row.get(part) for part in parts}
    if "actor" in key:
        key["actor"] = get(session, Actor, key["actor"]).ref
    if "asserted_by" in key:
        key["asserted_by"] = changes.get_or_create_judge(session, key["asserted_by"]).ref
    if "label" in key:
        key["label"] = key["label"] or ""
    return key


def _until_saved(name: str, text: str, save: Callable[[str], None]) -> None:
    """Open the editor on a text until it is saved."""
    command = _editor()
    folder = Path(tempfile.mkdtemp(prefix="claimtrack-"))  # for its owner alone
    draft = folder / f"{name}.yaml"
    shown, keep = text, False
    try:
        for _ in range(ROUNDS):
            draft.write_text(shown, encoding="utf-8")
            keep = True
            _run(command, draft)
            typed = _read_back(draft)
            if typed == text or not _says_something(typed):
                keep = False
                state = "left unchanged" if typed == text else "empty"
                raise EditorFailure(f"the text was {state}: nothing was saved")
            try:
                save(typed)
            except NewerVersion:
                raise
            except (Invalid, NotFound, Conflict) as error:
                if typed == shown:
                    raise
                shown = _marked(typed, error)
            else:
                keep = False
                return
        raise EditorFailure(f"the text was still invalid after {ROUNDS} rounds: nothing was saved")
    finally:
        if keep and _is_worth_keeping(draft, text):
            print_message(f"your text is kept in {draft}")
        else:
            draft.unlink(missing_ok=True)
            folder.rmdir()


def _marked(typed: str, error: ClaimtrackError) -> str:
    """Return the text with each error as a comment at the line that it concerns, else on top."""
    from claimtrack.exchange.dossier.editor_text import mark_fragment

    problems = error.problems if isinstance(error, InvalidRecords) else [str(error)]
    named = getattr(error, "ref", None)
    for number, line in enumerate(typed.split("\n"), start=1):
        if named and named in line and not line.startswith("#"):
            problems = [f"{number}:1: {problem}" for problem in problems]
            break
    return mark_fragment(typed, problems)


def _says_something(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _is_worth_keeping(draft: Path, text: str) -> bool:
    return draft.is_file() and draft.read_bytes() not in (b"", text.encode())


def _editor() -> list[str]:
    """Return the command of the editor that the person has chosen."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(editor)
    except ValueError:
        raise EditorFailure(
            f"EDITOR {editor!r} is not a command: a quotation mark is not closed"
        ) from None
    if not command:
        raise EditorFailure(
            "no editor is set: set EDITOR, as in EDITOR=nano, or set the fields with options"
        )
    return command


def _run(command: list[str], draft: Path) -> None:
    retry.mark_consumed("what was written in the editor")
    try:
        done = subprocess.run([*command, str(draft)], check=False)  # noqa: S603 - their own choice
    except OSError as error:
        raise EditorFailure(
            f"the editor {command[0]!r} cannot be started ({error.strerror}): set EDITOR to another"
        ) from error
    if done.returncode:
        raise EditorFailure(
            f"the editor {command[0]!r} failed (exit code {done.returncode}): nothing was saved"
        )


def _read_back(draft: Path) -> str:
    try:
        return draft.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EditorFailure(
            f"the edited text cannot be read ({error}): nothing was saved"
        ) from error
