"""Protection: protected sources and documents appear in output only under a pseudonym.

`pseudonyms` knows who is protected and masks names in texts; `rewriting` makes a connection mask
the columns of protected rows in every statement, whoever sends it.
"""

from claimtrack.protection.pseudonyms import (
    WITHHELD,
    Mask,
    get_mask,
    get_past_names,
    get_refs_by_pseudonym,
    make_pseudonym,
    mask_value,
)
from claimtrack.protection.rewriting import (
    UNMASKED_ACTOR,
    UNMASKED_DOCUMENT,
    UnprotectedRead,
    protect,
)

__all__ = [
    "UNMASKED_ACTOR",
    "UNMASKED_DOCUMENT",
    "WITHHELD",
    "Mask",
    "UnprotectedRead",
    "get_mask",
    "get_past_names",
    "get_refs_by_pseudonym",
    "make_pseudonym",
    "mask_value",
    "protect",
]
