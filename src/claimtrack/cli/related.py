"""What stands beside a record as options: a stance, a citation, and whose judgement it is.

The same where it is written with a new entry and where it is written by itself.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from claimtrack import vocab
from claimtrack.cli.fields import Given, ref_option, text_option
from claimtrack.cli.nouns import Need
from claimtrack.cli.options import Group, given_of, words_option
from claimtrack.errors import InvalidValue, Usage

if TYPE_CHECKING:
    from claimtrack.db import Session

VALUE_HELP = "How far it affirms: 2 asserts, 1 leans for, 0 leaves open, -1, -2 denies."


def stance_value(text: str) -> int:
    """Return the value of a stance.

    Raises:
        InvalidValue: it is not a whole number from -2 to 2.
    """
    if text not in ("-2", "-1", "0", "1", "2", "+1", "+2"):
        raise InvalidValue(
            "value", text, "a whole number from -2 (denies outright) to 2 (asserts outright)"
        )
    return int(text)


VALUE = Need("value", "How far it affirms that, from 2 (asserts) to -2 (denies)", read=stance_value)
"""The value of a stance."""
Judge = Annotated[
    str | None,
    ref_option("--asserted-by", noun="actor", about="Whose reading this is; usually: the author."),
]
Rationale = Annotated[str | None, text_option("--rationale", about="Why, in the judge's words.")]
Published = Annotated[
    str | None,
    ref_option(
        "--published-in", noun="document", about="Where this judgement itself was published."
    ),
]


def _judgement(
    rationale: Rationale = None, asserted_by: Judge = None, published_in: Published = None
) -> Given:
    return given_of({"rationale": rationale, "asserted_by": asserted_by, "document": published_in})


def _reading(
    *,
    basis: Annotated[
        vocab.Basis | None,
        words_option("--basis", clears=True, of=vocab.Basis, about="Plainly said, or inferred"),
    ] = None,
    hedge: Annotated[
        str | None, text_option("--hedge", about="The hedging words, verbatim.")
    ] = None,
    condition: Annotated[str | None, text_option("--condition", about="What it hangs on.")] = None,
    likelihood: Annotated[
        vocab.Likelihood | None,
        words_option(
            "--likelihood", clears=True, of=vocab.Likelihood, about="The hedge as an ICD 203 term"
        ),
    ] = None,
    confidence: Annotated[
        vocab.Confidence | None,
        words_option("--confidence", clears=True, of=vocab.Confidence, about="The judge's own"),
    ] = None,
    judgement: Annotated[Given, Group(_judgement)],
) -> Given:
    options = {**locals()}
    return {**options.pop("judgement"), **given_of(options)}


def _place(
    role: Annotated[
        vocab.CitationRole | None,
        words_option(
            "--role", clears=True, of=vocab.CitationRole, about="How it stands behind the entry"
        ),
    ] = None,
    via: Annotated[
        str | None, ref_option("--via", noun="document", about="Found in a note of this document.")
    ] = None,
    label: Annotated[
        str | None, text_option("--label", about="The label of that note, such as [12].")
    ] = None,
    wording: Annotated[
        vocab.Wording | None,
        words_option(
            "--wording", clears=True, of=vocab.Wording, about="Whose words the summary renders"
        ),
    ] = None,
    quote: Annotated[str | None, text_option("--quote", about="The words quoted, exactly.")] = None,
) -> Given:
    options = {**locals()}
    options["exact"] = options.pop("quote")
    return given_of(options)


@dataclass(frozen=True)
class Related:
    """What is written together with a new entry."""

    rows: Given
    responds_to: str | None = None
    asserted_by: str | None = None

    def add(self, session: "Session", noun: str, values: Given) -> str:
        """Write a new record, and that it replies to another; return its ref."""
        from claimtrack.changes import add_record

        return add_record(
            session, noun, values, responds_to=self.responds_to, asserted_by=self.asserted_by
        )


def _related(
    *,
    document: Annotated[
        str | None, ref_option("--document", noun="document", about="A document that shows it.")
    ] = None,
    place: Annotated[Given, Group(_place)],
    proposition: Annotated[
        str | None,
        ref_option("--proposition", noun="proposition", about="What it takes a stance on."),
    ] = None,
    value: Annotated[str | None, text_option("--value", metavar="-2..2", about=VALUE_HELP)] = None,
    reading: Annotated[Given, Group(_reading)],
    responds_to: Annotated[
        str | None, ref_option("--responds-to", noun="entry", about="The entry it replies to.")
    ] = None,
) -> Related:
    rows: Given = {}
    _refuse_empty(document=document, proposition=proposition, responds_to=responds_to)
    if document:
        rows["citations"] = [
            {"document": document, "role": vocab.CitationRole.PRIMARY, **given_alone(place)}
        ]
    elif place:
        raise Usage("--role, --via, --label, --wording and --quote need --document: name it")
    if proposition:
        stance = {"proposition": proposition, **given_alone(reading)}
        rows["stances"] = [stance if value is None else {**stance, "value": stance_value(value)}]
    elif value is not None:
        raise Usage("--value needs --proposition: name what the entry takes a stance on")
    elif set(reading) - ({"asserted_by"} if responds_to else set()):
        raise Usage("the options of a stance, such as --basis, need --proposition and --value")
    return Related(rows, responds_to, reading.get("asserted_by"))


def _refuse_empty(**refs: str | None) -> None:
    for name, ref in refs.items():
        if ref == "":
            raise Usage(f"--{name.replace('_', '-')} is empty: give a ref, or leave it out")


def given_alone(fields: Given) -> Given:
    """Return fields without those that are cleared: in a new row there is nothing to clear."""
    return {name: value for name, value in fields.items() if value is not None}


def _unrelated() -> Related:
    return Related({})


JUDGEMENT = Group(_judgement)
"""Whose judgement a stance or a link is, and why."""
READING = Group(_reading)
"""The fields of a stance, its proposition and value apart."""
PLACE = Group(_place)
"""The fields of a citation, its document apart."""
RELATED = Group(_related)
UNRELATED = Group(_unrelated)
