"""Protected sources and documents, which appear in output only under a pseudonym.

`pseudonyms` says who is protected and what each is called, `reading` makes a connection that cannot
read a protected column, whatever is asked of it and by whom.
"""

from claimtrack.protection.pseudonyms import (
    WITHHELD,
    Mask,
    get_mask,
    mask_value,
    meanings,
    past_names,
    pseudonym,
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
    "Mask",
    "Unprotected",
    "get_mask",
    "mask_value",
    "meanings",
    "past_names",
    "protect",
    "pseudonym",
]
