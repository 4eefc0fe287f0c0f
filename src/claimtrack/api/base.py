"""The base class of the library's reports and lists, and their filters as keyword arguments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from claimtrack.api.rows import Rows
from claimtrack.api.transactions import Access
from claimtrack.db import Session
from claimtrack.errors import Usage
from claimtrack.query.filters import Filters
from claimtrack.query.options import ENTRIES, Option, read_options

RowT = TypeVar("RowT")


class Reading:
    """The base of `Reports` and `Records`: runs a query in one transaction and returns its rows.

    Args:
        access: The casebook; None once it is closed.
    """

    def __init__(self, access: Access | None) -> None:
        self._access = access

    @property
    def access(self) -> Access:
        """The transactions of the casebook.

        Raises:
            Usage: The casebook is closed.
        """
        if self._access is None:
            raise Usage("the casebook is closed: open it again with open_casebook")
        return self._access

    def _rows(
        self, row_type: type | Sequence[str], find: Callable[[Session], Iterable[RowT]]
    ) -> Rows[RowT]:
        """Return all rows of type `row_type` that `find` returns for a session."""
        with self.access.reading() as session:
            return Rows(row_type, find(session))


def read_filters(
    options: Iterable[Option],
    filters: Mapping[str, Any],
    *,
    also: Iterable[Option] = (),
    noun: str = "filter",
) -> dict[str, Any]:
    """Return the values of keyword arguments, by the field of the filters object that each sets.

    Args:
        options: The filters that are read.
        filters: The keyword arguments.
        also: Filters that are accepted but not read here.
        noun: What the error calls a filter.

    Raises:
        Usage: There is no filter of that name.
        InvalidValue: A value is invalid for its filter.
    """
    options = tuple(options)
    accepted = {option.keyword for option in (*options, *also)}
    for name in filters:
        if name not in accepted:
            raise Usage(
                f"there is no {noun} {name!r}: expected one of {', '.join(sorted(accepted))}"
            )
    return read_options(options, filters)


def entry_filters(filters: Mapping[str, Any], options: Iterable[Option] = ENTRIES) -> Filters:
    """Return the filters that keywords set; whether their refs exist needs a session.

    Raises:
        InvalidValue: a value means nothing.
        Usage: there is no such filter.
    """
    return Filters(**read_filters(options, filters))
