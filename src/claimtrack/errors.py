"""The errors that claimtrack raises on purpose; each class writes its sentence.

ClaimtrackError
├── Invalid                 the input is wrong                exit 2
│   ├── InvalidValue          one value
│   ├── InvalidRecords        several, each with its place
│   └── Usage                 options that contradict each other
├── NotFound                something named is absent         exit 3
│   ├── UnknownRef            no record has the ref
│   ├── OtherKind             a record of another kind has it
│   ├── MissingFile           no such file or folder
│   └── NoDatabase            no database, or not one of ours
├── Conflict                it collides with stored data      exit 4
│   ├── RefTaken, Duplicate, StillReferenced, NewerVersion, NotEmpty, AmbiguousRef
└── Failure                 the environment fails             exit 1
    ├── SchemaMismatch        the database is of another version
    ├── StorageFailure        disk, permission, server
    │   └── Contended           another command is in the way
    ├── EditorFailure         $EDITOR
    └── MissingDriver         an extra is not installed
"""

from collections.abc import Sequence

from claimtrack.vocab import with_article


class ClaimtrackError(Exception):
    """The base of all; its text is one sentence for users, or a line for each fault."""


class Invalid(ClaimtrackError):
    """The input is wrong."""


class InvalidValue(Invalid):
    """One value is wrong; the sentence quotes it and says what would be right."""

    def __init__(self, what: str, value: object, expected: str) -> None:
        self.what, self.value, self.expected = what, value, expected
        super().__init__(f"{what} {value!r} is not valid: expected {expected}")


class InvalidRecords(Invalid):
    """Several values are wrong, a line each, with `file:line:column:` before it where known."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Usage(Invalid):
    """The options or arguments make no sense together, or one is missing."""


class NotFound(ClaimtrackError):
    """Something that the user named is absent."""


class UnknownRef(NotFound):
    """No record of the kind has the ref; names the most similar refs."""

    def __init__(self, kind: str, ref: str, nearest: Sequence[str] = ()) -> None:
        self.kind, self.ref, self.nearest = kind, ref, list(nearest)
        hint = f"; did you mean {' or '.join(self.nearest)}?" if self.nearest else ""
        super().__init__(f"no {kind} {ref!r}{hint}")


class OtherKind(NotFound):
    """The ref is of an entry of another kind; names the command for it."""

    def __init__(self, ref: str, expected: str, kind: str) -> None:
        self.ref, self.expected, self.kind = ref, expected, kind
        super().__init__(
            f"{ref!r} is {with_article(kind)}, not {with_article(expected)}: "
            f"use 'claimtrack {kind}' for it"
        )


class MissingFile(NotFound):
    """No such file or folder."""


class NoDatabase(NotFound):
    """There is no database, or it is not a claimtrack database."""


class Conflict(ClaimtrackError):
    """The change collides with what is stored."""


class RefTaken(Conflict):
    """The ref is in use, or was used by a record that has been removed or merged."""

    def __init__(
        self, kind: str, ref: str, *, removed: bool = False, instead: str | None = None
    ) -> None:
        self.kind, self.ref, self.removed, self.instead = kind, ref, removed, instead
        if instead:
            why = f"was merged into {instead!r}: use that ref"
        elif removed:
            why = "has been removed, and refs are never used again: choose another ref"
        else:
            why = f"exists already: choose another ref, or use 'claimtrack {kind} edit {ref}'"
        super().__init__(f"{kind} {ref!r} {why}")


class Duplicate(Conflict):
    """The row exists already."""


class StillReferenced(Conflict):
    """Other rows refer to the record; names up to ten of them."""

    def __init__(self, kind: str, ref: str, referrers: Sequence[str]) -> None:
        self.kind, self.ref, self.referrers = kind, ref, list(referrers)
        shown = ", ".join(self.referrers[:10])
        more = f" and {len(self.referrers) - 10} more" if len(self.referrers) > 10 else ""
        super().__init__(
            f"{kind} {ref!r} is still used by {shown}{more}: change or remove those first"
        )


class NewerVersion(Conflict):
    """Others changed the rows since revision `base`; lists their changes and the refused ones."""

    def __init__(self, base: int, theirs: Sequence[str], ours: Sequence[str]) -> None:
        self.base, self.theirs, self.ours = base, list(theirs), list(ours)
        lines = [f"  theirs: {line}" for line in theirs] + [f"  yours:  {line}" for line in ours]
        super().__init__(
            f"changed by others since revision {base}, on which this was based: nothing was "
            f"written; merge their changes and try again\n" + "\n".join(lines)
        )


class NotEmpty(Conflict):
    """The database or the file holds something else already."""


class AmbiguousRef(Conflict):
    """Records of several kinds have the ref; names the command for each."""


class Failure(ClaimtrackError):
    """The environment fails: disk, permission, server, editor."""


class SchemaMismatch(Failure):
    """The database is of an older or a newer version than this program."""


class StorageFailure(Failure):
    """The disk, a permission or the server refuses."""


class Contended(StorageFailure):
    """Another command is in the way: everything was rolled back, and a retry may succeed."""


class EditorFailure(Failure):
    """The editor cannot be started, or ends with an error."""


class MissingDriver(Failure):
    """An optional dependency is not installed."""


def check_author(name: str) -> str:
    """Return the name of an author without white space around it.

    Raises:
        Usage: it is empty, or holds characters that cannot be printed.
    """
    stripped = name.strip() if isinstance(name, str) else ""
    if not stripped or not stripped.isprintable():
        raise Usage(f"author {name!r} is not a name: set one with --author or CLAIMTRACK_AUTHOR")
    return stripped
