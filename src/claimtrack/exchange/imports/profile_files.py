"""Reads and checks profile files, built-in ones and the user's own, and locates their errors."""

import difflib
import inspect
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from claimtrack.errors import InvalidValue, MissingFile, StorageFailure
from claimtrack.exchange.dossier.parsed_record import Faults
from claimtrack.exchange.dossier.sections import words_of
from claimtrack.exchange.dossier.yaml_reader import Node, Place, parse
from claimtrack.exchange.imports.profile_texts import placeholders
from claimtrack.exchange.imports.profiles import (
    DATES,
    ActorPart,
    CitationPart,
    Dates,
    DocumentPart,
    Each,
    FigurePart,
    MeasurePart,
    Numbers,
    Part,
    ParticipantPart,
    Profile,
    PropositionPart,
    RecordPart,
    Rule,
    Scale,
    StancePart,
    TopicPart,
    Use,
    iter_parts,
)
from claimtrack.exchange.imports.rules import reading_of
from claimtrack.exchange.readers.cell_dates import read_date, reads_year
from claimtrack.kinds import ACTOR, ENTRY, KINDS
from claimtrack.schemas import (
    New,
    NewActor,
    NewCitation,
    NewDocument,
    NewEntry,
    NewFigure,
    NewMeasure,
    NewParticipation,
    NewProposition,
    NewStance,
    NewTopic,
)
from claimtrack.vocab import ActorKind

FOLDER = Path(__file__).parents[2] / "profiles"
"""The folder of the profiles that ship."""
SCHEMA_FILE = Path(__file__).with_name("profile.schema.json")
"""The file of the JSON Schema that ships; a test compares it with `json_schema`."""
MAX_BYTES = 2**20


TABLES = "tables"
"""The pseudo-profile for claimtrack's own tables, which need no profile."""


def list_shipped() -> list[str]:
    """Return the names of the profiles that ship, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def get_profile_path(profile: str) -> Path:
    """Return the file of a profile, given by the name of one that ships or by a path.

    Raises:
        MissingFile: there is no such profile; names the most similar.
    """
    if profile == TABLES:
        raise MissingFile(
            f"{TABLES} needs no profile: its files are the tables of a casebook, as "
            "'claimtrack export datapackage' writes them"
        )
    if profile in list_shipped():
        return FOLDER / f"{profile}.yaml"
    path = Path(profile)
    if path.is_file() or "/" in profile or path.suffix in (".yaml", ".yml"):
        return path
    names = sorted([*list_shipped(), TABLES])
    near = difflib.get_close_matches(profile, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"the built-in profiles are {', '.join(names)}"
    raise MissingFile(f"there is no profile {profile}: {hint}, or give the path of your own")


def read_text(path: Path) -> str:
    """Return the text of a profile.

    Raises:
        MissingFile, StorageFailure: it cannot be read.
        InvalidValue: it is no text, or too long.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFile(f"there is no file {path}: check the name") from None
    except OSError as error:
        raise StorageFailure(f"{path} cannot be read: {error.strerror}") from error
    try:
        if len(content) <= MAX_BYTES:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise InvalidValue("profile", str(path), "a small YAML file in UTF-8")


def read_profile(path: Path) -> Profile:
    """Return the profile in a file.

    Raises:
        MissingFile, StorageFailure, InvalidValue: it cannot be read.
        InvalidRecords: The profile has errors; a line `file:line:column: error` for each.
    """
    faults, file = Faults([str(path)]), str(path)
    node, found = parse(read_text(path))
    for fault in found:
        faults.add(file, *fault)
    if not found and (node is None or not isinstance(node.value, dict)):
        text = "this is not a profile: begin it with 'claimtrack_profile: 1'"
        faults.add(file, node.place if node else Place(1, 1), text)
    faults.tell()
    if node is None:
        raise InvalidValue("profile", file, "a small YAML file")
    try:
        profile = Profile.model_validate(node.plain())
    except ValidationError as error:
        for one in error.errors(include_url=False):
            faults.add(file, *_explained(node, one))
        faults.tell()
        raise
    for place, text in _mistakes(profile, node):
        faults.add(file, place, text)
    faults.tell()
    return profile


def _explained(node: Node, found: Any) -> tuple[Place, str]:
    """Return the place and the sentence for an error of Pydantic."""
    path = [part for part in found["loc"] if part != "first"]
    place, key = _place(node, path), str(path[-1]) if path else "profile"
    match found["type"]:
        case "missing":
            return place, f"{key} is missing: it is needed here"
        case "extra_forbidden":
            return _key_place(node, path), _unknown(path)
        case "literal_error":
            text = f"{key} {found['input']!r} is not one of {found['ctx']['expected']}"
            return place, text.replace(" or ", ", ")
        case "value_error":
            return place, f"{key}: {found['ctx']['error']}"
        case "string_pattern_mismatch":
            return place, f"{key} {found['input']!r} is not a name of letters, digits and hyphens"
        case "too_short" | "string_too_short":
            return place, f"{key} is empty: write something"
    text = found["msg"].removeprefix("Input ").rstrip(".")
    return place, f"{key} {found['input']!r} is not valid: it {text[:1].lower()}{text[1:]}"


def _unknown(path: list[Any]) -> str:
    model: type[Part] = Profile
    for part in path[:-1]:
        model = _model_at(model, part)
    keys = [field.alias or name for name, field in model.model_fields.items()]
    near = difflib.get_close_matches(str(path[-1]), keys, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(keys)}"
    return f"unknown key {path[-1]}: {hint}"


_MODELS: dict[str, type[Part]] = {
    **{"actors": ActorPart, "documents": DocumentPart, "topics": TopicPart},
    **{"propositions": PropositionPart, "records": RecordPart, "dates": Dates, "each": Each},
    **{"participants": ParticipantPart, "citations": CitationPart, "stances": StancePart},
    **{"measures": MeasurePart, "figures": FigurePart, "numbers": Numbers},
    **{"scale": Scale, "let": Rule},
}
"""The model of what is under a key, or under the names and positions below it."""


def _model_at(model: type[Part], key: object) -> type[Part]:
    if key in _MODELS:
        return _MODELS[str(key)]
    if isinstance(key, int) or key not in model.model_fields:
        return model
    return Use if key in POINTERS else Rule


def _node(node: Node, path: Sequence[Any]) -> Node:
    """Return the YAML node at a path; parts of the path that short forms omit are skipped."""
    for part in path:
        if isinstance(node.value, dict | list):
            with suppress(KeyError, IndexError, TypeError):
                node = node.value[part]
    return node


def _place(node: Node, path: Sequence[Any]) -> Place:
    return _node(node, path).place


def _key_place(node: Node, path: Sequence[Any]) -> Place:
    inner = _node(node, path[:-1])
    return inner.keys.get(str(path[-1]), inner.place)


# --- what Pydantic cannot know ------------------------------------------------------------------

POINTERS = {
    **dict.fromkeys(("actor", "on_behalf_of", "publisher", "parent", "asserted_by"), "actors"),
    **dict.fromkeys(("document", "via"), "documents"),
    **{"proposition": "propositions", "topic": "topics", "measure": "measures"},
}
"""Keys that refer to the records that the profile describes, with the keys of these."""

MADE: dict[type[Part], type[New]] = {
    ActorPart: NewActor,
    DocumentPart: NewDocument,
    TopicPart: NewTopic,
    PropositionPart: NewProposition,
    RecordPart: NewEntry,
    ParticipantPart: NewParticipation,
    CitationPart: NewCitation,
    StancePart: NewStance,
    MeasurePart: NewMeasure,
    FigurePart: NewFigure,
}
"""What a part of a profile makes."""
_NEEDED = ("ref", "actor", "summary", "citations")
"""What an entry needs; the citations say where it came from."""


def _mistakes(profile: Profile, node: Node) -> Iterator[tuple[Place, str]]:
    """Yield the places and sentences of inconsistencies between the parts of a profile."""
    for path, part in iter_parts(profile):
        place = _place(node, path)
        if isinstance(part, Use):
            yield from ((place, text) for text in _lost(profile, path, part))
        elif isinstance(part, Rule):
            yield from ((place, text) for text in _rule_mistakes(part))
        elif isinstance(part, RecordPart):
            yield from ((place, text) for text in _record_mistakes(profile, part))
        elif isinstance(part, ActorPart):
            yield from ((place, text) for text in _actor_mistakes(part))
        elif isinstance(part, FigurePart):
            yield from ((place, text) for text in _figure_mistakes(part))
        for form in getattr(part, "formats", ()):
            if not _is_format(form):
                problem = f"{form!r} reads no date with a year: write one such as %d/%m/%Y"
                yield place, problem
        yield from _wrong_words(part, path, node)
        yield from _wrong_dates(profile, part, path, node)
    names: set[str] = set()
    for name, rule in profile.let.items():
        for column in {hole for one in _rules(rule) for hole in _placeholders_of(one)}:
            if column in profile.let and column not in names:
                place = _place(node, ["let", name])
                yield place, f"{name} uses {column}, which is not described above it: move it up"
        names.add(name)


def _rules(rule: Rule) -> Iterator[Rule]:
    return (part for _, part in iter_parts(rule) if isinstance(part, Rule))


def _placeholders_of(rule: Rule) -> Iterator[str]:
    for template in (rule.from_ or "", *(rule.join or ()), *(rule.digest or ())):
        yield from placeholders(template)


def _lost(profile: Profile, path: tuple[Any, ...], part: Use) -> Iterator[str]:
    key = next(key for key in reversed(path) if isinstance(key, str))
    yield from _unknown_name(profile, POINTERS[key], part.use)


def _unknown_name(profile: Profile, section: str, name: str) -> Iterator[str]:
    parts = getattr(profile, section)
    if name not in parts:
        near = difflib.get_close_matches(name, parts, n=1)
        hint = f"did you mean {near[0]}?" if near else "describe it there"
        yield f"{name!r} is none of the {section} of this profile: {hint}"


def _rule_mistakes(rule: Rule) -> Iterator[str]:
    sources = ("from_", "first", "join", "scale", "digest")
    used = [name for name in sources if getattr(rule, name) is not None]
    if not used:
        yield "the value has no source: set from, first, join or scale"
    elif len(used) > 1 and set(used) != {"from_", "digest"}:
        names = " and ".join(name.rstrip("_") for name in used)
        yield f"{names} are set, but a value comes from one of them"


def _actor_mistakes(part: ActorPart) -> Iterator[str]:
    kinds = {word for rule in _rules(part.kind) for word in _constants(rule)}
    for key in (one.name for one in ACTOR.only_of(ActorKind.ANONYMOUS)):
        if ActorKind.ANONYMOUS in kinds and getattr(part, key) is None:
            yield f"{key} is missing: an anonymous actor needs it"


def _figure_mistakes(part: FigurePart) -> Iterator[str]:
    if part.number is None and part.low is None and part.high is None:
        yield "nothing is said of where the number comes from: give number, or low and high"
    elif part.number is not None and (part.low is not None or part.high is not None):
        yield "number and a bound are given: give number, or low and high"


def _record_mistakes(profile: Profile, part: RecordPart) -> Iterator[str]:
    if part.make in ("document", "actor"):
        if part.use is None:
            yield f"use is missing: say which of the {part.make}s is made"
        else:
            yield from _unknown_name(profile, f"{part.make}s", part.use)
        others = part.model_fields_set - {"make", "use", "when"}
        if others:
            yield f"{sorted(others)[0]} is for entries: describe it under {part.make}s"
        return
    for key in _NEEDED:
        if not getattr(part, key):
            why = ": say which document it came from" if key == "citations" else ""
            yield f"{key} is missing: an entry needs it{why}"
    if part.use is not None:
        yield "use is for documents and actors: leave it out"
    for one in ENTRY.fields:
        if one.only_of and part.make not in one.only_of and getattr(part, one.name) is not None:
            of = " and ".join(f"{kind}s" for kind in one.only_of)
            yield f"{one.name} is for {of}, and a {part.make} is made: leave it out"
    yield from (
        f"{key} has both ends: leave it out, or {key}_from and {key}_to"
        for key, bounds in NewEntry.spans.items()
        if getattr(part, key) and any(getattr(part, bound) for bound in bounds)
    )
    if part.ref and not any(list(_placeholders_of(one)) for one in _rules(part.ref)):
        yield "ref is the same in every row: make it of the source's own id, as in 'x-{id}'"


def _is_format(form: str) -> bool:
    try:
        datetime.strptime("", form)  # noqa: DTZ007  only tried out
    except ValueError as error:
        return "does not match" in str(error) and reads_year(form)
    return False


def _wrong_words(part: Part, path: tuple[Any, ...], node: Node) -> Iterator[tuple[Place, str]]:
    model = MADE.get(type(part))
    for key in type(part).model_fields if model else ():
        rule, words = getattr(part, key), words_of(model, key) if model else []
        for inner, one in (
            iter_parts(rule, (*path, key)) if words and isinstance(rule, Rule) else ()
        ):
            for text in _constants(one):
                if text not in words:
                    problem = f"{key} {text!r} is not one of {', '.join(words)}"
                    yield _place(node, inner), problem


def _wrong_dates(
    profile: Profile, part: Part, path: tuple[Any, ...], node: Node
) -> Iterator[tuple[Place, str]]:
    for key in DATES:
        parts = iter_parts(getattr(part, key, None), (*path, key))
        for inner, rule in ((inner, one) for inner, one in parts if isinstance(one, Rule)):
            for text in _constants(rule):
                try:
                    read_date(text, reading_of(rule, profile.dates), what=key)
                except InvalidValue as error:
                    yield _place(node, inner), str(error)


def _constants(part: Part) -> Iterator[str]:
    if isinstance(part, Rule):
        texts = [*(part.map or {}).values(), *(part.match or {}).values(), part.otherwise]
        mapped = part.map or part.match
        yield from (text for text in texts if text is not None)
        if part.from_ and not mapped and not placeholders(part.from_):
            yield part.from_


# --- the JSON Schema ----------------------------------------------------------------------------


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a profile."""
    schema = _without_titles(Profile.model_json_schema(by_alias=True))
    for part, model in MADE.items():
        meanings = KINDS[model.table].meanings
        for key, value in schema["$defs"][part.__name__]["properties"].items():
            if key in meanings:
                value.setdefault("description", meanings[key])
    rule = schema["$defs"]["Rule"]
    text = {"type": ["string", "number", "boolean"]}
    several = {"type": "array", "items": {"$ref": "#/$defs/Rule"}, "minItems": 1}
    short = {"description": rule.pop("description"), "anyOf": [text, several, rule]}
    schema["$defs"]["Rule"] = short
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "claimtrack profile",
        "description": inspect.getdoc(Profile),
        **{key: schema[key] for key in ("type", "additionalProperties", "required", "properties")},
        "$defs": schema["$defs"],
    }


def schema_text() -> str:
    """Return the JSON Schema as in the file that ships."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _without_titles(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_titles(one) for one in part]
    if not isinstance(part, dict):
        return part
    titled = isinstance(part.get("title"), str)
    return {
        key: _without_titles(value) for key, value in part.items() if key != "title" or not titled
    }
