"""The bounds of the figures that a row gives, from its number or from its lower and upper bound."""

import re

from claimtrack.errors import Invalid, InvalidValue
from claimtrack.exchange.imports.profiles import FigurePart, Numbers, Rule
from claimtrack.exchange.imports.rules import UNKNOWN, Cells, labelled
from claimtrack.number_ranges import NumberRange, format_range, parse_range


def read_bounds(
    part: FigurePart, number: str | None, low: str | None, high: str | None, cells: Cells
) -> NumberRange | None:
    """Return the bounds of a figure from the texts that a row gives; None if all are empty.

    Args:
        part: The part of the profile that makes the figure.
        number: The number as people write it, as in 120 or 80...
        low: The least that it can be, if the profile takes the two bounds apart.
        high: The most that it can be.
        cells: The cells of the row.

    Raises:
        InvalidValue: One is no number, or the bounds are in the wrong order, and the profile does
            not say to leave it empty.
    """
    name, rule, text = "number", part.number, number
    if part.number is None:
        name, text = "low..high", f"{low or ''}..{high or ''}" if low or high else None
        rule = part.low or part.high
    if not text or rule is None:
        return None
    try:
        return parse_range(_in_digits(text, cells.profile.numbers))
    except Invalid as error:
        if rule.unknown == "empty":
            cells.notes.add(name, text, UNKNOWN)
            return None
        expected = error.expected if isinstance(error, InvalidValue) else "a number"
        raise InvalidValue(_label(name, part, cells), text, expected) from error


def refuse_negative_count(
    part: FigurePart, bounds: NumberRange, measure: str, cells: Cells
) -> None:
    """Refuse a figure below zero for a measure that is a count.

    Raises:
        InvalidValue: It is below zero.
    """
    for bound in (bounds.low, bounds.high):
        if bound is not None and bound < 0:
            name = "low..high" if part.number is None else "number"
            text = format_range(bounds.low, bounds.high)
            expected = f"0 or more: {measure} is a count, and is never negative"
            raise InvalidValue(_label(name, part, cells), text, expected)


def _in_digits(text: str, numbers: Numbers) -> str:
    """Return a number without the signs between its thousands, and with a decimal point."""
    return "..".join(_bound_in_digits(bound.strip(), numbers) for bound in text.split(".."))


def _bound_in_digits(bound: str, numbers: Numbers) -> str:
    thousands, decimal = re.escape(numbers.thousands or ","), re.escape(numbers.decimal)
    fraction = rf"(?:{decimal}[0-9]+)?"
    grouped = numbers.thousands is not None and re.fullmatch(
        rf"-?[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+{fraction}", bound
    )
    if grouped:
        bound = bound.replace(numbers.thousands or "", "")
    if re.fullmatch(rf"-?[0-9]+{fraction}", bound):
        bound = bound.replace(numbers.decimal, ".")
    elif numbers.decimal != "." and re.fullmatch(r"-?[0-9]+\.[0-9]+", bound):
        raise InvalidValue("number", bound, f"{numbers.decimal!r} before decimals, as in the file")
    return bound


def _label(name: str, part: FigurePart, cells: Cells) -> str:
    rules = [rule for rule in (part.number, part.low, part.high) if rule is not None]
    together = Rule.model_construct(first=rules) if len(rules) > 1 else rules[0]
    return labelled(name, together, cells.profile)
