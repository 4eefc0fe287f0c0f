"""Every error raised on purpose.

ClaimtrackError
├── Invalid                 what was given is wrong           exit 2
│   ├── InvalidValue          one value
│   ├── InvalidRecords        several, each with its place
│   └── Usage                 a command that cannot be meant
├── NotFound                what was named is absent          exit 3
│   ├── UnknownRef            no record has the ref
│   ├── OtherKind             a record of another kind has it
│   ├── MissingFile           no such file or folder
│   └── NoDatabase            no database there, or not ours
├── Conflict                it collides with what is there    exit 4
│   ├── RefTaken, Duplicate, StillReferenced, NewerVersion, NotEmpty, AmbiguousRef
└── Failure                 the surroundings fail             exit 1
    ├── SchemaMismatch        the database is of another version
    ├── StorageFailure        disk, permission, server
    │   └── Contended           another program is in the way for a moment
    ├── EditorFailure         $EDITOR
    └── MissingDriver         an extra that is not installed
"""

from collections.abc import Sequence

from claimtrack.vocab import with_article


class ClaimtrackError(Exception):
    """Anything claimtrack refuses; its text is one sentence for the person at the terminal."""


class Invalid(ClaimtrackError):
    """What was given is wrong."""


class InvalidValue(Invalid):
    """One value is wrong: says which, and what would be right."""

    def __init__(self, what: str, value: object, expected: str) -> None:
        self.what, self.value, self.expected = what, value, expected
        super().__init__(f"{what} {value!r} is not valid: expected {expected}")


class InvalidRecords(Invalid):
    """Several things are wrong, a line each; those that know it begin with `file:line:column:`."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Usage(Invalid):
    """A command that cannot be meant as it stands."""


class NotFound(ClaimtrackError):
    """What was named is absent."""


class UnknownRef(NotFound):
    """No record of that kind has the ref; names the nearest that exist."""

    def __init__(self, kind: str, ref: str, nearest: Sequence[str] = ()) -> None:
        self.kind, self.ref, self.nearest = kind, ref, list(nearest)
        hint = f"; did you mean {' or '.join(self.nearest)}?" if self.nearest else ""
        super().__init__(f"no {kind} {ref!r}{hint}")


class OtherKind(NotFound):
    """The ref names an entry of another kind; says which command would find it."""

    def __init__(self, ref: str, wanted: str, kind: str) -> None:
        self.ref, self.wanted, self.kind = ref, wanted, kind
        super().__init__(
            f"{ref!r} is {with_article(kind)}, not {with_article(wanted)}: "
            f"use 'claimtrack {kind}' for it"
        )


class MissingFile(NotFound):
    """No such file or folder."""


class NoDatabase(NotFound):
    """There is no database, or it is not a claimtrack database."""


class Conflict(ClaimtrackError):
    """It collides with what is already there."""


class RefTaken(Conflict):
    """The ref names another record, or named one that has been removed."""

    def __init__(
        self, kind: str, ref: str, *, removed: bool = False, instead: str | None = None
    ) -> None:
        self.kind, self.ref, self.removed, self.instead = kind, ref, removed, instead
        if instead:
            why = f"was made one with {instead!r}, whose name it is now: use that ref"
        elif removed:
            why = "has been removed, and refs are never used again: choose another ref"
        else:
            why = f"exists already: choose another ref, or use 'claimtrack {kind} edit {ref}'"
        super().__init__(f"{kind} {ref!r} {why}")


class Duplicate(Conflict):
    """The same row is there already."""


class StillReferenced(Conflict):
    """Something else points at the record; names what does."""

    def __init__(self, kind: str, ref: str, referrers: Sequence[str]) -> None:
        self.kind, self.ref, self.referrers = kind, ref, list(referrers)
        shown = ", ".join(self.referrers[:10])
        more = f" and {len(self.referrers) - 10} more" if len(self.referrers) > 10 else ""
        super().__init__(
            f"{kind} {ref!r} is still named by {shown}{more}: change or remove those first"
        )


class NewerVersion(Conflict):
    """Rows have been changed since they were read; says how, and what would have been written."""

    def __init__(self, base: int, theirs: Sequence[str], ours: Sequence[str]) -> None:
        self.base, self.theirs, self.ours = base, list(theirs), list(ours)
        lines = [f"  theirs: {line}" for line in theirs] + [f"  yours:  {line}" for line in ours]
        super().__init__(
            f"changed by others since revision {base}, which this was based on: nothing was "
            "written; take their changes in and try again\n" + "\n".join(lines)
        )


class NotEmpty(Conflict):
    """The database, or the file, holds something else already."""


class AmbiguousRef(Conflict):
    """Records of several kinds share the ref; names the command for each."""


class Failure(ClaimtrackError):
    """The surroundings fail: disk, permission, server, editor."""


class SchemaMismatch(Failure):
    """The database is of an older or a newer version than this program."""


class StorageFailure(Failure):
    """The disk, the file's permission or the server refuses."""


class Contended(StorageFailure):
    """Another program is in the way: all was rolled back, and can be tried again."""


class EditorFailure(Failure):
    """The editor cannot be started, or fails."""


class MissingDriver(Failure):
    """An optional part is not installed."""


def checked_author(name: str) -> str:
    """Return the name of an author without white space around it.

    Raises:
        Usage: it is no name that can be printed.
    """
    stripped = name.strip() if isinstance(name, str) else ""
    if not stripped or not stripped.isprintable():
        raise Usage(f"author {name!r} is not a name: give one with --author or CLAIMTRACK_AUTHOR")
    return stripped
