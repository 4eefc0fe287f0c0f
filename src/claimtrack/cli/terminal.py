"""The terminal of the person who runs a command."""

import shutil


def terminal_width() -> int:
    """Return the columns of the terminal; 80 where there is none."""
    return max(shutil.get_terminal_size((80, 24)).columns, 20)
