"""The filters that lists and reports share, as options."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from claimtrack.cli.filter_options import option_group
from claimtrack.cli.options import Group
from claimtrack.cli.render import FormatOption, LimitOption, most_rows
from claimtrack.query import options
from claimtrack.vocab import OutputFormat

if TYPE_CHECKING:
    from claimtrack.query.filters import Filters


def filters_of(fields: dict[str, Any]) -> "Filters":
    """Return the filters that options set, by attribute."""
    from claimtrack.query.filters import Filters

    return Filters(**fields)


Scope = Annotated["Filters", option_group(options.SCOPE, filters_of)]
"""The filters that choose entries."""

_Order = Annotated[dict[str, Any], option_group((options.OFFSET, options.SORT), dict)]


def _wanted(
    *,
    scope: Scope,
    format: FormatOption = OutputFormat.TABLE,
    limit: LimitOption = None,
    order: _Order,
) -> "Filters":
    return replace(scope, limit=most_rows(format, limit), **order)


Wanted = Annotated["Filters", Group(_wanted)]
"""All filters, with how many rows and in which order."""
