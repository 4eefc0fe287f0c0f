"""The terminal of the person who runs a command."""

import shutil


def terminal_width() -> int:
    """Return the width of the terminal in columns; 80 without a terminal."""
    return max(shutil.get_terminal_size((80, 24)).columns, 20)
