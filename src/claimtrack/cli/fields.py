"""The fields of each noun as options, the same for `add` and `edit`.

Each group returns what was given, by the keys of `schemas` and of the dossier; what is not given is
left out, and an empty text clears a field.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from claimtrack import vocab
from claimtrack.cli import again
from claimtrack.cli.complete import refs
from claimtrack.cli.nouns import Need
from claimtrack.cli.options import Group, given_of, words_option
from claimtrack.cli.values import clearable
from claimtrack.errors import InvalidValue, MissingFile, StorageFailure, Usage

Given = dict[str, Any]


def text_option(*flags: str, about: str, metavar: str = "TEXT", noun: str | None = None) -> Any:
    """Return an option that takes a text, completed as the refs of a noun where one is named."""
    return typer.Option(
        *flags,
        help=about,
        metavar=metavar,
        show_default=False,
        autocompletion=refs(noun) if noun else None,
    )


def ref_option(*flags: str, about: str, noun: str) -> Any:
    """Return an option that takes the ref of a noun."""
    return text_option(*flags, about=about, metavar="REF", noun=noun)


def _actor(
    *,
    name: Annotated[str | None, text_option("--name", about="Its usual name.")] = None,
    kind: Annotated[
        vocab.ActorKind | None,
        words_option("--kind", of=vocab.ActorKind, about="What it is; a source: anonymous"),
    ] = None,
    parent: Annotated[
        str | None,
        ref_option("--parent", noun="actor", about="Whom it serves, belongs to or is one of."),
    ] = None,
    access: Annotated[
        vocab.Access | None,
        words_option(
            "--access",
            clears=True,
            of=vocab.Access,
            about="How near an anonymous source is said to be",
        ),
    ] = None,
    described_as: Annotated[
        str | None,
        text_option("--described-as", about="An anonymous source, in its document's words."),
    ] = None,
    count_min: Annotated[
        int | None,
        clearable(typer.Option("--count-min", help="Fewest people it can be.", show_default=False)),
    ] = None,
    count_max: Annotated[
        int | None,
        clearable(typer.Option("--count-max", help="Most people it can be.", show_default=False)),
    ] = None,
    alias: Annotated[
        list[str] | None,
        text_option("--alias", metavar="NAME", about="Another name; repeat it: it sets them all."),
    ] = None,
    protected: Annotated[
        bool | None,
        typer.Option(
            "--protected/--no-protected",
            help="Name it only by a pseudonym, unless --include-protected is given.",
            show_default=False,
        ),
    ] = None,
) -> Given:
    options = {**locals()}
    aliases = options.pop("alias")
    given = given_of(options, required=("name",))
    if aliases:
        given["aliases"] = [name for name in aliases if name]
    return given


def _document(
    *,
    title: Annotated[str | None, text_option("--title", about="Its title.")] = None,
    publisher: Annotated[
        str | None, ref_option("--publisher", noun="actor", about="The actor that published it.")
    ] = None,
    url: Annotated[str | None, text_option("--url", metavar="URL", about="Its address.")] = None,
    published: Annotated[
        str | None,
        text_option("--published", metavar="DATE", about="When; 2024-05-24, 2024-05, 2024 ..."),
    ] = None,
    canonical: Annotated[
        str | None,
        ref_option("--canonical", noun="document", about="Of which this is another address."),
    ] = None,
    language: Annotated[
        str | None, text_option("--language", metavar="TAG", about="Such as en, ru or uk.")
    ] = None,
    coverage: Annotated[
        vocab.Coverage | None,
        words_option("--coverage", clears=True, of=vocab.Coverage, about="How much of it is coded"),
    ] = None,
    archive_url: Annotated[
        str | None, text_option("--archive-url", metavar="URL", about="An archived copy.")
    ] = None,
    body_file: Annotated[
        Path | None,
        typer.Option(
            "--body-file",
            metavar="FILE",
            help="A file with its text, to which positions of quotations refer.",
            show_default=False,
        ),
    ] = None,
    protected: Annotated[
        bool | None,
        typer.Option(
            "--protected/--no-protected",
            help="It would give a source away: name it only by a pseudonym.",
            show_default=False,
        ),
    ] = None,
) -> Given:
    options = {**locals()}
    file = options.pop("body_file")
    if file is not None:
        options["body"] = read_text(file)
    return given_of(options, required=("publisher",))


def read_text(file: Path) -> str:
    """Return the text of a file.

    Raises:
        InvalidValue: it is not UTF-8.
        MissingFile, InvalidValue, StorageFailure: as `read_bytes`.
    """
    try:
        return read_bytes(file).decode()
    except UnicodeDecodeError as error:
        raise InvalidValue(
            "file", str(file), f"a text in UTF-8, and byte {error.start} is not"
        ) from None


def read_bytes(file: Path, most: int = -1) -> bytes:
    """Return the bytes of a file, so many at most; those of stdin for `-`.

    Raises:
        MissingFile: there is no such file.
        InvalidValue: it is a folder.
        StorageFailure: it cannot be read.
    """
    try:
        if str(file) == "-":
            again.spend("stdin")
            return sys.stdin.buffer.read(most) if sys.stdin else b""
        again.spend_stream(file)
        with file.open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise MissingFile(f"there is no file {file}: name another") from None
    except IsADirectoryError:
        raise InvalidValue("file", str(file), "a file, and this is a folder") from None
    except OSError as error:
        raise StorageFailure(f"{file} cannot be read: {error.strerror}") from error


def _topic(
    name: Annotated[str | None, text_option("--name", about="Its name.")] = None,
    parent: Annotated[
        str | None, ref_option("--parent", noun="topic", about="The wider topic.")
    ] = None,
    exclusive: Annotated[
        bool | None,
        typer.Option(
            "--exclusive/--no-exclusive",
            help="Only one of its propositions can be true.",
            show_default=False,
        ),
    ] = None,
) -> Given:
    return given_of({**locals()}, required=("name",))


def _proposition(
    text: Annotated[
        str | None, text_option("--text", about="The possible fact, as one sentence.")
    ] = None,
    topic: Annotated[
        str | None, ref_option("--topic", noun="topic", about="What it is about.")
    ] = None,
) -> Given:
    return given_of({**locals()}, required=("text", "topic"))


def _entry(
    *,
    summary: Annotated[
        str | None, text_option("--summary", about="What was said or done, in your own words.")
    ] = None,
    actor: Annotated[
        str | None,
        ref_option("--actor", noun="actor", about="Who says, does, promises, judges or decides."),
    ] = None,
    on_behalf_of: Annotated[
        str | None,
        ref_option("--on-behalf-of", noun="actor", about="For whom, where that is another."),
    ] = None,
    capacity: Annotated[
        str | None, text_option("--capacity", about="In which office or role.")
    ] = None,
    date: Annotated[
        str | None,
        text_option(
            "--date",
            metavar="DATE",
            about="2024-05-24, 2024-05, 2024, 2023-24 (winter) or 2023-12/2024-02.",
        ),
    ] = None,
    date_text: Annotated[
        str | None, text_option("--date-text", about="The date in the source's own words.")
    ] = None,
    precision: Annotated[
        vocab.Precision | None,
        words_option("--precision", of=vocab.Precision, about="How exact the date is"),
    ] = None,
    about: Annotated[
        str | None, text_option("--about", metavar="DATE", about="The period spoken of.")
    ] = None,
    place: Annotated[str | None, text_option("--place", about="Where.")] = None,
    participant: Annotated[
        list[str] | None,
        text_option(
            "--participant", metavar="ROLE:ACTOR", about="As in addressee:usa; can be repeated."
        ),
    ] = None,
) -> Given:
    options = {**locals()}
    participants = options.pop("participant")
    given = given_of(options, required=("summary", "actor"))
    if participants:
        given["participants"] = [_participant(text) for text in participants]
    return given


def _participant(text: str) -> Given:
    role, colon, actor = text.partition(":")
    roles = [word.value for word in vocab.ParticipationRole]
    if not colon or role not in roles or not actor:
        raise InvalidValue("participant", text, f"ROLE:ACTOR, where ROLE is {', '.join(roles)}")
    return {"role": role, "actor": actor}


def _action(
    action_code: Annotated[
        str | None,
        text_option("--action-code", metavar="CODE", about="PLOVER, such as ASSAULT:drone."),
    ] = None,
    latitude: Annotated[
        float | None,
        clearable(typer.Option("--latitude", help="Degrees north (WGS 84).", show_default=False)),
    ] = None,
    longitude: Annotated[
        float | None,
        clearable(typer.Option("--longitude", help="Degrees east (WGS 84).", show_default=False)),
    ] = None,
) -> Given:
    return given_of({**locals()})


def _deed(
    entry: Annotated[Given, Group(_entry)], action: Annotated[Given, Group(_action)]
) -> Given:
    return {**entry, **action}


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


FIELDS = {
    "actor": Group(_actor),
    "document": Group(_document),
    "topic": Group(_topic),
    "proposition": Group(_proposition),
    **{kind.value: Group(_entry) for kind in vocab.EntryKind},
    "action": Group(_deed),
}
"""The fields of each noun."""
JUDGEMENT = Group(_judgement)
"""Whose judgement a stance or a link is, and why."""
READING = Group(_reading)
"""The fields of a stance, its proposition and value apart."""
PLACE = Group(_place)
"""The fields of a citation, its document apart."""
RELATED = Group(_related)
UNRELATED = Group(_unrelated)
