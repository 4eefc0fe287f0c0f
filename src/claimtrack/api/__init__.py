"""The library: a casebook as a Python object, for notebooks, the command line and the web.

No other package opens a session. Protected sources and documents appear under a pseudonym unless
the casebook is opened with `include_protected`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimtrack.api.casebook import Casebook, open_casebook
    from claimtrack.api.change import Change
    from claimtrack.api.exporting import Exported
    from claimtrack.api.rows import Rows

__all__ = ["Casebook", "Change", "Exported", "Rows", "open_casebook"]

_MODULES = {
    "Casebook": "casebook",
    "Change": "change",
    "Exported": "exporting",
    "Rows": "rows",
    "open_casebook": "casebook",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, since commands need the module `transactions` alone."""
    if name in _MODULES:
        return getattr(import_module(f"claimtrack.api.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
