"""The fields of each noun as options, the same for `add` and `edit`.

Each group returns what was given, by the keys of `schemas` and of the dossier; what is not given is
left out, and an empty text clears a field.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from claimtrack import vocab
from claimtrack.cli.completion import refs
from claimtrack.cli.input_files import read_text
from claimtrack.cli.option_values import clearable
from claimtrack.cli.options import Group, given_of, words_option
from claimtrack.errors import InvalidValue

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


FIELDS = {
    "actor": Group(_actor),
    "document": Group(_document),
    "topic": Group(_topic),
    "proposition": Group(_proposition),
    **{kind.value: Group(_entry) for kind in vocab.EntryKind},
    "action": Group(_deed),
}
"""The fields of each noun."""
