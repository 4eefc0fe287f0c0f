"""The state of the command that is running: masks for its messages, and whether it may retry."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class CommandState:
    """The state of a command.

    Attributes:
        masks: Functions that put pseudonyms in place of the protected names of an open database;
            all messages pass through them.
        consumed: The inputs and outputs that a retry would repeat; if there are any, the command is
            not retried.
    """

    masks: list[Callable[[str], str]] = field(default_factory=list)
    consumed: list[str] = field(default_factory=list)


_STATE: ContextVar[CommandState] = ContextVar("_STATE")


def begin() -> None:
    """Begin a command with an empty state; one process can run several commands in turn."""
    _STATE.set(CommandState())


def current() -> CommandState:
    """Return the state of the running command."""
    try:
        return _STATE.get()
    except LookupError:  # a message before any command, or a thread of its own
        begin()
        return _STATE.get()
