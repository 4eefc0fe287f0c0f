"""What the TAB key offers: refs and names out of the database; nothing at all when that fails."""

from collections.abc import Callable, Sequence
from typing import Any

import typer

from claimtrack.cli.options import DEFAULT_DATABASE

MOST = 50
"""Refs offered at once."""

_ACTS = str.maketrans(r"""\$`'"[]""", "  \u2019\u2019\u201d()")
"""What zsh would expand, as it evaluates what it is offered, or Rich read as a style."""

Completion = Callable[[typer.Context, str], list[tuple[str, str]]]


class Offered(str):
    """A ref that is offered though it begins otherwise: its actor was found by another name."""

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        """Pass the shell library's test of what was typed: the database has made it."""
        return True


def refs(*nouns: str) -> Completion:
    """Return a completion by the refs of those nouns, actors by name too; of all without nouns."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        return offered(ctx, incomplete, nouns)

    return complete


def entry_argument(name: str, about: str) -> Any:
    """Return an argument that is the ref of an entry."""
    return typer.Argument(
        metavar=name, help=about, autocompletion=refs("entry"), show_default=False
    )


def offered(ctx: typer.Context, incomplete: str, nouns: Sequence[str]) -> list[tuple[str, str]]:
    """Return refs that begin with what was typed, each with a help text.

    Silent where the database cannot be asked: a shell would show the message in the command line.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from claimtrack.api.access import Access
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
