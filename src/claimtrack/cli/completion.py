"""Shell completion of refs and names from the database; offers nothing if that fails."""

from collections.abc import Callable, Sequence

import typer

from claimtrack.cli.options import DEFAULT_DATABASE

MOST = 50
"""The greatest number of refs offered."""

_ACTS = str.maketrans(r"""\$`'"[]""", "  \u2019\u2019\u201d()")
"""Characters that zsh would expand in a help text, or Rich would read as a style."""

Completion = Callable[[typer.Context, str], list[tuple[str, str]]]


class Offered(str):
    """A ref that need not begin with the typed text, as its actor was found by another name."""

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        """Return True, since Typer would drop refs that do not begin with the typed text."""
        return True


def refs(*nouns: str) -> Completion:
    """Return a completion for the refs of some nouns, or of all; for actors by name too."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        return offered(ctx, incomplete, nouns)

    return complete


def offered(ctx: typer.Context, incomplete: str, nouns: Sequence[str]) -> list[tuple[str, str]]:
    """Return the refs that begin with the typed text, each with a help text.

    Empty if the database cannot be read: a shell would show an error in the command line.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from claimtrack.api.transactions import Access
    from claimtrack.errors import ClaimtrackError
    from claimtrack.lookup import refs_starting

    named = ctx.find_root().params.get("db") or DEFAULT_DATABASE
    try:
        with Access(named).reading() as session:
            found = refs_starting(session, incomplete, tuple(nouns), limit=MOST)
            return [(Offered(ref), _plain(about)) for ref, about in found]
    except (ClaimtrackError, SQLAlchemyError, OSError):
        return []


def _plain(about: str) -> str:
    """Return a help text in one line, with nothing that a shell would act on."""
    signs = (sign if sign.isprintable() else " " for sign in about.translate(_ACTS))
    return " ".join("".join(signs).split())
