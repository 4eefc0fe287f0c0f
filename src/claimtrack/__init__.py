"""A casebook of sourced claims, and what contradicts them.

`open_casebook` is the way in for programs and notebooks; `claimtrack.api` describes it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimtrack.api import Casebook, open_casebook

__version__ = "0.1.0"
__all__ = ["Casebook", "__version__", "open_casebook"]


def __getattr__(name: str) -> Any:
    """Import the library at its first use: the command line starts without it."""
    if name in ("Casebook", "open_casebook"):
        from claimtrack import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
