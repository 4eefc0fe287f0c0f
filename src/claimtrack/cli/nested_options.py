"""The options for a stance, a citation and a judge.

They are the same for a new entry (`claim add --document ...`) and for the relation by itself.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from claimtrack import vocab
from claimtrack.cli.fields import Values, help_of, options, ref_option, text_option
from claimtrack.cli.nouns import need_of
from claimtrack.cli.options import Group
from claimtrack.errors import InvalidValue, Usage
from claimtrack.kinds import CITATION, FIGURE, STANCE
from claimtrack.number_ranges import parse_range

if TYPE_CHECKING:
    from claimtrack.db import Session
    from claimtrack.schemas import New


def stance_value(text: str) -> int:
    """Return the value of a stance.

    Raises:
        InvalidValue: The text is not a whole number from -2 to 2.
    """
    if text not in ("-2", "-1", "0", "1", "2", "+1", "+2"):
        raise InvalidValue(
            "value", text, "a whole number from -2 (denies outright) to 2 (asserts outright)"
        )
    return int(text)


VALUE = need_of(STANCE.by_name["value"], read=stance_value)
"""The value of a stance."""
Judge = Annotated[
    str | None,
    ref_option("--asserted-by", noun="actor", about=help_of(STANCE.by_name["asserted_by"])),
]
READING = options(
    STANCE,
    *("basis", "hedge", "condition", "likelihood", "confidence"),
    *("rationale", "asserted_by", "document"),
)
"""The fields of a stance, except its proposition and value."""
PLACE = options(CITATION, "role", "via", "label", "wording", "exact")
"""The fields of a citation, except its document and its position."""


@dataclass(frozen=True)
class Related:
    """The rows that are written together with a new entry.

    Attributes:
        rows: The nested rows, by their key in a dossier.
        responds_to: The ref of the entry to which it replies.
        asserted_by: The judge of the reply; None for the author.
    """

    rows: Values
    responds_to: str | None = None
    asserted_by: str | None = None

    def add(self, session: "Session", record: "New") -> str:
        """Write a new record, and that it replies to another; return its ref."""
        from claimtrack.changes import add_record

        return add_record(
            session, record, responds_to=self.responds_to, asserted_by=self.asserted_by
        )


def _related(
    *,
    document: Annotated[
        str | None,
        ref_option("--document", noun="document", about="Document that shows the entry."),
    ] = None,
    place: Annotated[Values, PLACE],
    proposition: Annotated[
        str | None,
        ref_option(
            "--proposition",
            noun="proposition",
            about="Proposition on which the entry takes a stance.",
        ),
    ] = None,
    value: Annotated[
        str | None,
        text_option("--value", metavar="-2..2", about=help_of(STANCE.by_name["value"])),
    ] = None,
    reading: Annotated[Values, READING],
    figure: Annotated[
        list[str] | None,
        text_option(
            "--figure",
            metavar="MEASURE=NUMBER",
            about="A number that it gives, as in strikes=120, =30..50, =80.. (at least) or =..10 "
            "(at most); can be repeated. Without --proposition, --basis, --hedge, --condition and "
            "--rationale are those of the figures.",
        ),
    ] = None,
    responds_to: Annotated[
        str | None,
        ref_option("--responds-to", noun="entry", about="Entry to which this one replies."),
    ] = None,
) -> Related:
    rows: Values = {}
    _refuse_empty(document=document, proposition=proposition, responds_to=responds_to)
    if document:
        rows["citations"] = [
            {"document": document, "role": vocab.CitationRole.PRIMARY, **without_none(place)}
        ]
    elif place:
        raise Usage("--role, --via, --label, --wording and --quote need --document")
    if proposition:
        stance = {"proposition": proposition, **without_none(reading)}
        rows["stances"] = [stance if value is None else {**stance, "value": stance_value(value)}]
    elif value is not None:
        raise Usage("--value needs --proposition, on which the entry takes the stance")
    elif set(reading) - _readable(figure, responds_to):
        raise Usage("the options of a stance, such as --basis, need --proposition and --value")
    if figure:
        names = _SHARED if proposition else _OF_FIGURES
        of_figures = {name: reading[name] for name in names if reading.get(name) is not None}
        rows["figures"] = [{**one, **of_figures} for one in _parse_figures(figure)]
    return Related(rows, responds_to, reading.get("asserted_by"))


_OF_FIGURES = tuple(one.name for one in FIGURE.fields if one.name in STANCE.by_name)
"""The fields of a reading that figures have as well as stances."""
_SHARED = ("asserted_by", "document")
"""The fields of a reading that are those of the figures even where the entry takes a stance."""


def _readable(figure: list[str] | None, responds_to: str | None) -> set[str]:
    """Return the fields of a reading that make sense without a stance."""
    return {*(_OF_FIGURES if figure else ()), *(("asserted_by",) if responds_to else ())}


def _parse_figures(texts: list[str]) -> list[Values]:
    """Return several figures as users write them.

    Raises:
        InvalidValue: One is no figure.
        Usage: Two are for one measure.
    """
    found: dict[str, Values] = {}
    for text in texts:
        figure = parse_figure(text)
        measure = str(figure["measure"])
        if measure in found:
            raise Usage(
                f"--figure gives {measure} twice: a judge reads one number, or a range such as 3..4"
            )
        found[measure] = figure
    return list(found.values())


def parse_figure(text: str) -> Values:
    """Return the measure and the bounds of a figure as users write it: MEASURE=NUMBER.

    Raises:
        InvalidValue: The text is no such pair, or what follows the sign is no number.
    """
    measure, sign, number = text.partition("=")
    if not (measure.strip() and sign and number.strip()):
        raise InvalidValue("figure", text, "MEASURE=NUMBER, such as strikes=120 or strikes=80..")
    return {"measure": measure.strip(), **parse_bounds(number)}


def parse_bounds(number: str) -> Values:
    """Return the bounds of a number as users write it, by key."""
    found = parse_range(number)
    return {"low": found.low, "high": found.high}


def _refuse_empty(**refs: str | None) -> None:
    for name, ref in refs.items():
        if ref == "":
            raise Usage(f"--{name.replace('_', '-')} is empty: give a ref, or leave it out")


def without_none(fields: Values) -> Values:
    """Return the fields that are not None: in a new row there is nothing to clear."""
    return {name: value for name, value in fields.items() if value is not None}


def _unrelated() -> Related:
    return Related({})


RELATED = Group(_related)
UNRELATED = Group(_unrelated)
