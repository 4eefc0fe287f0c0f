"""The rows of a report, held in memory."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, overload

from claimtrack.errors import MissingDriver
from claimtrack.vocab import column_of, fields_of

if TYPE_CHECKING:
    import pandas as pd

RowT_co = TypeVar("RowT_co", covariant=True)


class Rows(Sequence[RowT_co]):
    """An immutable sequence of rows of one type, in memory and independent of the casebook.

    Args:
        row_type: The type of the rows; for plain tuples, the names of their columns.
        rows: The rows.
    """

    def __init__(self, row_type: type | Sequence[str], rows: Iterable[RowT_co]) -> None:
        fields = fields_of(row_type) if isinstance(row_type, type) else row_type
        self._fields = tuple(fields)
        self._is_plain = not isinstance(row_type, type)
        self._rows: tuple[RowT_co, ...] = tuple(rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, as in the header of CSV."""
        return self._fields if self._is_plain else tuple(map(column_of, self._fields))

    @overload
    def __getitem__(self, index: int) -> RowT_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RowT_co, ...]: ...
    def __getitem__(self, index: int | slice) -> RowT_co | tuple[RowT_co, ...]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self)} rows: {', '.join(self.columns)}>"

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return each row as a dictionary of Python values by column name."""
        return [dict(zip(self.columns, self._values(row), strict=True)) for row in self._rows]

    def to_pandas(self) -> "pd.DataFrame":
        """Return the rows as a pandas data frame; days are `datetime.date` objects.

        Raises:
            MissingDriver: The package pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            message = "pandas is not installed: pip install 'claimtrack[notebook]'"
            raise MissingDriver(message) from None
        columns = list(self.columns)
        return pd.DataFrame([self._values(row) for row in self._rows], columns=columns)

    def _values(self, row: Any) -> tuple[Any, ...]:
        """Return the values of a row by column, with lists in place of tuples."""
        values = tuple(row) if self._is_plain else (getattr(row, name) for name in self._fields)
        return tuple(list(one) if isinstance(one, tuple) else one for one in values)


Day = str | date
"""The value of a filter on dates: a day, or a text such as 2024-05-24 or 2024-05."""
Words = str | Sequence[str]
"""The value of a repeatable filter: a word or ref, or a sequence of these."""
