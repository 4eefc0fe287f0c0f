"""The filters of pairs of entries, as options."""

from typing import TYPE_CHECKING, Annotated, Any

from claimtrack.cli.filter_options import option_group
from claimtrack.query import options

if TYPE_CHECKING:
    from claimtrack.query.pair_filters import PairFilters


def _pairs(fields: dict[str, Any]) -> "PairFilters":
    from claimtrack.query.pair_filters import PairFilters

    return PairFilters(**fields)


WantedPairs = Annotated["PairFilters", option_group(options.PAIRS, _pairs)]
"""The filters that choose pairs of entries."""
