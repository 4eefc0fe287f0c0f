"""Prompts for the place of a quotation that occurs several times in a document."""

from typing import TYPE_CHECKING, Any

from claimtrack.cli.options import Target, print_message
from claimtrack.cli.prompt import at_a_terminal, prompt_user
from claimtrack.errors import Invalid, InvalidValue

if TYPE_CHECKING:
    from claimtrack.changes.locating import Quotation
    from claimtrack.quotations import Place

Values = dict[str, Any]


def located(db: Target, citation: Values, start: int | None = None) -> Values:
    """Return a citation with the place of its quotation, as `changes.locating` finds it.

    Raises:
        UnknownRef: There is no such document.
        Invalid: Its text does not contain the words, or contains them several times and there is
            no terminal to prompt on.
    """
    from claimtrack.changes.locating import add_position, find_quotation

    if citation.get("exact") is None:
        return citation
    with db.reading() as session:
        found = find_quotation(session, citation, start)
    if found is None:
        return citation
    if found.places is None:
        print_message(
            f"warning: document {found.document} has no text, so the quotation is kept without a "
            f"position: 'claimtrack document text {found.document}' extracts one from a capture"
        )
        return citation
    return add_position(
        citation, found.places[0] if len(found.places) == 1 else _choose_place(found)
    )


def _choose_place(found: "Quotation") -> "Place":
    """Return the place that the person at the terminal chooses."""
    from claimtrack.changes.locating import MOST_LISTED, format_positions

    places = found.places or ()
    sentence = f"quote {found.words!r} occurs {len(places)} times in the text of document "
    sentence += found.document
    shown = [_shown(place) for place in places[:MOST_LISTED]]
    if not at_a_terminal():
        raise Invalid("\n".join([f"{sentence}: choose one with --start", *shown]))
    for line in [f"{sentence}:", *shown]:
        print_message(line)
    starts = {str(place.start): place for place in places}

    def checked(answer: str) -> str:
        if answer not in starts:
            raise InvalidValue("start", answer, f"one of {format_positions(places)}")
        return answer

    return starts[prompt_user("Which one (its start)", checked)]


def _shown(place: "Place") -> str:
    around = f"{place.prefix}[{place.exact}]{place.suffix}"
    return f"  {place.start}: ... {' '.join(around.split())} ..."
