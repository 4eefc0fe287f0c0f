"""Protected sources and documents, which appear in output only under a pseudonym.

`pseudonyms` says who is protected and what each is called, `reading` makes a connection that cannot
read a protected column, whatever is asked of it and by whom.
"""

from claimtrack.protection.pseudonyms import (
    WITHHELD,
    Veil,
    meanings,
    past_names,
    pseudonym,
    veil_of,
    veil_within,
)
from claimtrack.protection.reading import (
    TRUE_ACTOR,
    TRUE_DOCUMENT,
    Unprotected,
    protect,
)

__all__ = [
    "TRUE_ACTOR",
    "TRUE_DOCUMENT",
    "WITHHELD",
    "Unprotected",
    "Veil",
    "meanings",
    "past_names",
    "protect",
    "pseudonym",
    "veil_of",
    "veil_within",
]
