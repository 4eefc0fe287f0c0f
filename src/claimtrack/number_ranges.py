"""Numbers as people write them: exact, a range, "at least" and "at most".

`120` is exact, `30..50` a range that includes both ends, `80..` at least and `..10` at most. A
number has no unit and no signs between its digits: what it is of, the measure says.
"""

import re
from dataclasses import dataclass

from claimtrack.errors import InvalidValue

MOST = 10**15
"""The largest absolute value: up to here every whole number is exact as a double."""
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_EXPECTED = "a number such as 120, 0.5, 30..50, 80.. (at least) or ..10 (at most)"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A number, or the range in which it lies; a missing bound is open."""

    low: float | None
    high: float | None


def parse_range(text: str, *, what: str = "number") -> NumberRange:
    """Return the bounds of a number as people write it.

    Args:
        text: The number.
        what: What the value is, for the sentence of an error.

    Raises:
        InvalidValue: It is no number, has a unit, is too large, or its lower bound is above its
            upper bound.
    """
    low, dots, high = text.strip().partition("..")
    if not dots:
        exact = _parse(low, text, what)
        return NumberRange(exact, exact)
    if not low.strip() and not high.strip():
        raise InvalidValue(what, text, _EXPECTED)
    lower = _parse(low, text, what) if low.strip() else None
    upper = _parse(high, text, what) if high.strip() else None
    if lower is not None and upper is not None and lower > upper:
        expected = f"the lower number first, {format_range(upper, lower)}"
        raise InvalidValue(what, text, expected)
    return NumberRange(lower, upper)


def read_number(value: object) -> float:
    """Return a single number, from a text or a number.

    Raises:
        InvalidValue: It is no number, has a unit, or is too large.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _checked(float(value), str(value), "number")
    return _parse(str(value), str(value), "number")


def _parse(part: str, text: str, what: str) -> float:
    part = part.strip()
    if _NUMBER.fullmatch(part):
        return _checked(float(part), text, what)
    if re.fullmatch(r"-?[0-9]{1,3}([ ,.'\u00a0\u202f][0-9]{3})+", part):
        digits = re.sub(r"[^0-9-]", "", part)
        raise InvalidValue(what, text, f"digits without signs between them, such as {digits}")
    if found := re.match(r"-?[0-9]+(\.[0-9]+)?(?=\s*[^\W\d_]{2}|\s+[^\W\d_]|\s*[%$€£₽₴])", part):
        expected = f"the number alone, {found[0]}: the unit is that of the measure"
        raise InvalidValue(what, text, expected)
    raise InvalidValue(what, text, _EXPECTED)


def _checked(number: float, text: str, what: str) -> float:
    if not abs(number) <= MOST:  # NaN compares as false
        raise InvalidValue(what, text, f"a number between -{MOST:,} and {MOST:,}")
    return number + 0.0  # SQLite keeps no negative zero


def format_number(number: float) -> str:
    """Return a number as people write it: `120`, `0.5`."""
    return str(int(number)) if number == int(number) else repr(number)


def format_range(low: float | None, high: float | None) -> str:
    """Return a number or a range as `parse_range` reads it: `120`, `30..50`, `80..`, `..10`."""
    if low is not None and low == high:
        return format_number(low)
    bounds = ("" if bound is None else format_number(bound) for bound in (low, high))
    return "..".join(bounds)


def describe_range(low: float | None, high: float | None) -> str:
    """Return a number or a range in words: `120`, `30 to 50`, `at least 80`, `at most 10`."""
    if low is None or high is None:
        bound = high if low is None else low
        return f"at {'most' if low is None else 'least'} {format_number(bound or 0)}"
    numbers = dict.fromkeys((format_number(low), format_number(high)))
    return " to ".join(numbers)


def to_plain(number: float | None) -> float | None:
    """Return a number as files show it: an integer if it is whole, so that 120.0 is 120."""
    return int(number) if number is not None and number == int(number) else number
