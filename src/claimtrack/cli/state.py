"""What one command of the command line keeps while it runs."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class CommandState:
    """The state of a command.

    Attributes:
        masks: Each removes what one open database protects from a text; all messages pass through
            them.
        spent: What was read or printed that cannot be read or printed twice: the command must not
            run again.
    """

    masks: list[Callable[[str], str]] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)


_STATE: ContextVar[CommandState] = ContextVar("_STATE")


def begin() -> None:
    """Begin a command: it knows nothing of the one before in the same process."""
    _STATE.set(CommandState())


def current() -> CommandState:
    """Return the state of the command that runs."""
    try:
        return _STATE.get()
    except LookupError:  # a message before any command, or a thread of its own
        begin()
        return _STATE.get()
