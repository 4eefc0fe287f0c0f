"""The filters of lists and reports, as options."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from claimtrack.cli.filter_options import option_group
from claimtrack.cli.options import Group
from claimtrack.cli.output_options import FormatOption, LimitOption
from claimtrack.cli.row_output import most_rows
from claimtrack.query import options
from claimtrack.vocab import OutputFormat

if TYPE_CHECKING:
    from claimtrack.query.filters import Filters


def filters_of(fields: dict[str, Any]) -> "Filters":
    """Return the filters object for the values of options, by attribute."""
    from claimtrack.query.filters import Filters

    return Filters(**fields)


Scope = Annotated["Filters", option_group(options.SCOPE, filters_of)]
"""The filters on entries."""

_Order = Annotated[dict[str, Any], option_group((options.OFFSET, options.SORT), dict)]


def _entry_filters(
    *,
    scope: Scope,
    format: FormatOption = OutputFormat.TABLE,
    limit: LimitOption = None,
    order: _Order,
) -> "Filters":
    return replace(scope, limit=most_rows(format, limit), **order)


EntryFilters = Annotated["Filters", Group(_entry_filters)]
"""The filters on entries, the page and the order."""
