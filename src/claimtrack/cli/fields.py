"""The fields of records as options, made from `kinds`: the same for `add` and `edit`.

Each group of options returns the values that were set, by the keys of a dossier. Options that were
not set are left out; an empty text becomes None, which clears the field.
"""

import inspect
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from claimtrack import times, vocab
from claimtrack.cli.completion import refs
from claimtrack.cli.input_files import read_text
from claimtrack.cli.option_values import clearable
from claimtrack.cli.options import Group, set_options
from claimtrack.errors import InvalidValue
from claimtrack.kinds import ENTRY, KINDS, Field, RecordType, Span

Values = dict[str, Any]


def text_option(*flags: str, about: str, metavar: str = "TEXT", noun: str | None = None) -> Any:
    """Return an option that takes a text; with `noun`, the shell completes its refs."""
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


def help_of(one: Field | Span) -> str:
    """Return the help of an option or argument: the meaning of its field, and its vocabulary."""
    meaning, empty, when_empty = one.meaning.partition("; empty")
    if isinstance(one, Field) and one.words:
        meaning = f"{meaning}: {', '.join(word.value for word in one.words)}"
    hint = f", {one.hint}" if one.hint else ""
    text = f"{meaning}{hint}{empty}{when_empty}"
    return text if text.endswith("..") else f"{text}."


def argument(kind: RecordType, name: str) -> Any:
    """Return the positional argument for a field of a record type."""
    one = kind.by_name[name]
    return typer.Argument(
        metavar=name.upper(),
        help=help_of(one),
        autocompletion=refs(one.refers_to) if one.refers_to else None,
        show_default=False,
    )


def options(kind: RecordType, *names: str, clears: bool = True) -> Group:
    """Return the options for some fields of a record type, as a group; see `_group`."""
    return _group([kind.by_name[name] for name in names], clears=names if clears else ())


def _options_of(noun: str, kind: RecordType) -> Group:
    """Return the options for all fields of a noun; required fields and bounds are not cleared."""
    parts = list(_parts_of(noun, kind))
    fixed = {one.name for one in kind.fields if one.required}
    fixed |= {name for span in kind.spans for name in span.sets}
    return _group(parts, clears=[one.name for one in parts if one.name not in fixed])


def _group(parts: Sequence[Field | Span], clears: Collection[str]) -> Group:
    """Return options as one parameter of a command: the values that were set, by key.

    An empty text becomes None for the fields in `clears`, and is refused for others.
    """
    fixed = tuple(one.name for one in parts if one.name not in clears)

    def build(**values: Any) -> Values:
        fields: Values = {}
        lists: Values = {}
        for one in parts:
            value = values[_parameter(one)]
            if isinstance(one, Field) and one.several:
                lists |= {one.name: [part for part in value if part]} if value else {}
            elif isinstance(one, Field) and one.from_file:
                fields[one.name] = None if value is None else read_text(value)
            else:
                fields[one.name] = value
        return {**set_options(fields, required=fixed), **lists}

    parameters = [
        inspect.Parameter(
            _parameter(one),
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=_annotation(one, clears=one.name in clears),
        )
        for one in parts
    ]
    vars(build)["__signature__"] = inspect.Signature(parameters)
    return Group(build)


def _parameter(one: Field | Span) -> str:
    return _flag(one).removeprefix("--").replace("-", "_")


def _flag(one: Field | Span) -> str:
    name = one.name
    if isinstance(one, Field):
        name = one.option or (f"{name}-file" if one.from_file else name)
    return f"--{name.replace('_', '-')}"


def _annotation(one: Field | Span, *, clears: bool) -> Any:
    """Return the type of a parameter, with the option that fills it."""
    flag, about = _flag(one), help_of(one)
    if isinstance(one, Span):
        return Annotated[str | None, text_option(flag, metavar="DATE", about=about)]
    if one.words:
        word = typer.Option(flag, metavar="WORD", help=about, show_default=False)
        return Annotated[one.words | None, clearable(word) if clears else word]
    if one.refers_to:
        return Annotated[str | None, ref_option(flag, noun=one.refers_to, about=about)]
    if one.from_file:
        file = typer.Option(flag, metavar="FILE", help=about, show_default=False)
        return Annotated[Path | None, file]
    if one.of is bool:
        both = f"{flag}/--no-{flag.removeprefix('--')}"
        return Annotated[bool | None, typer.Option(both, help=about, show_default=False)]
    if one.of in (int, float):
        number = typer.Option(flag, help=about, show_default=False)
        return Annotated[one.of | None, clearable(number) if clears else number]
    text = text_option(flag, metavar=one.metavar or "TEXT", about=about)
    return Annotated[list[str] | None if one.several else str | None, text]


def _parts_of(noun: str, kind: RecordType) -> Iterator[Field | Span]:
    """Yield the fields of a noun that have options; a span takes the place of its first bound."""
    spans = {span.bounds[0]: span for span in kind.spans}
    within = {span.bounds[1] for span in kind.spans}
    for one in kind.fields:
        # Of an entry the noun says of which kind it is; an actor of any kind has one command.
        other = kind is ENTRY and one.only_of and noun not in one.only_of
        if one.option != "" and one.name not in within and not other:
            yield spans.get(one.name, one)


def _entry(noun: str) -> Group:
    fields_of = _options_of(noun, ENTRY)
    about = f"{ENTRY.meanings['participants']}, as in addressee:usa; can be repeated."

    def build(
        fields: Annotated[Values, fields_of],
        participant: Annotated[
            list[str] | None, text_option("--participant", metavar="ROLE:ACTOR", about=about)
        ] = None,
        zone: Annotated[str | None, text_option("--zone", metavar="ZONE", about=_ZONE)] = None,
    ) -> Values:
        rows = [_participant(text) for text in participant or ()]
        if zone is not None:
            fields = _in_zone(fields, zone)
        return {**fields, "participants": rows} if rows else fields

    return Group(build)


_ZONE = (
    "The offset or IANA zone, such as Europe/Kyiv, of times without an offset; without a date, "
    "that in which the times of the entry are shown."
)


def _in_zone(fields: Values, zone: str) -> Values:
    """Return fields with a zone for the dates that have a time without an offset."""
    keys = {"zone": ("date",), "about_zone": ("about",)}
    if not any(fields.get(name) for of in keys.values() for name in of):
        return {**fields, "zone": zone}
    return times.with_default_zone(fields, keys, zone)


def _participant(text: str) -> Values:
    role, colon, actor = text.partition(":")
    roles = [word.value for word in vocab.ParticipationRole]
    if not colon or role not in roles or not actor:
        raise InvalidValue("participant", text, f"ROLE:ACTOR, where ROLE is {', '.join(roles)}")
    return {"role": role, "actor": actor}


FIELDS = {
    **{
        noun: _options_of(noun, KINDS[noun])
        for noun in ("actor", "document", "topic", "proposition", "measure")
    },
    **{kind.value: _entry(kind.value) for kind in vocab.EntryKind},
}
"""The fields of each noun."""
