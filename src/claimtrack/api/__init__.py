"""The library: a casebook as a Python object, for notebooks, the command line and the web.

Nothing else opens a session. Protected sources and documents appear under a pseudonym unless they
are asked for.
"""

from claimtrack.api.casebook import Casebook, open_casebook
from claimtrack.api.change import Change
from claimtrack.api.rows import Rows

__all__ = ["Casebook", "Change", "Rows", "open_casebook"]
