"""Models, schemas and whatever is made from `kinds` agree with it; what is missing is named."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_args

import pytest
from sqlalchemy import Column, Connection, Enum, Text, select, update

from casebook import Casebook
from claimtrack import changes, fulltext, protection
from claimtrack.exchange.imports.profile_files import MADE
from claimtrack.exchange.imports.profiles import Part, RecordPart
from claimtrack.exchange.tables import csv_tables
from claimtrack.kinds import ENTRY, KINDS, SELF, Field, RecordType
from claimtrack.models import Base, Texts
from claimtrack.records import NAMED, TABLES
from claimtrack.schemas import New, NewCapture, keys_of, lists_of

MODELS: dict[str, type[New]] = {**csv_tables.MODELS, "capture": NewCapture}
NAMING = "said by Ivan Qanary"
EACH = [pytest.param(kind, id=kind.name) for kind in KINDS.values()]


def differences(kind: str, where: str, found: set[str], expected: set[str]) -> list[str]:
    """Return a sentence for each name that is in one of two places alone."""
    return [
        *(f"{kind}.{name} is in kinds.py and missing from {where}" for name in expected - found),
        *(f"{kind}.{name} is in {where} and missing from kinds.py" for name in found - expected),
    ]


@pytest.mark.parametrize("kind", EACH)
def test_each_field_is_a_column_and_each_column_a_field(kind: RecordType) -> None:
    columns = {column.name for column in table_of(kind).columns} - {"id"}
    fields = {field.column for field in kind.fields}
    assert not differences(kind.name, "its model", columns, fields)


@pytest.mark.parametrize("kind", EACH)
def test_each_field_that_people_write_is_a_key_of_the_schema(kind: RecordType) -> None:
    keys = {field.name for field in kind.fields if not field.made} - {kind.parent}
    keys |= {one.name for one in kind.spans} | {one.name for one in kind.nested}
    assert not differences(kind.name, "its schema", set(keys_of(MODELS[kind.name])), keys)


@pytest.mark.parametrize("kind", EACH)
def test_a_column_is_what_its_field_says(kind: RecordType) -> None:
    columns = table_of(kind).columns
    wrong = [
        f"{kind.name}.{field.name}: {what} is {found!r} in the model, {expected!r} in kinds.py"
        for field in kind.fields
        for what, found, expected in column_facts(columns[field.column], field)
        if found != expected
    ]
    assert not wrong


def column_facts(column: Column[Any], field: Field) -> Iterator[tuple[str, object, object]]:
    """Yield what a column and a field both say: the name of the fact, and the two values."""
    yield "its meaning", column.comment, field.meaning
    targets = {key.column.table.name for key in column.foreign_keys} & set(KINDS)
    yield "what it refers to", targets, {field.refers_to} - {None}
    words = column.type.enum_class if isinstance(column.type, Enum) else None
    yield "its vocabulary", words, field.words
    if not (field.refers_to or field.words):
        yield "its type", column.type.python_type, list if field.several else field.of
    if field.required:
        yield "whether it can be empty", column.nullable, False


@pytest.mark.parametrize("kind", EACH)
def test_a_key_of_the_schema_is_what_its_field_says(kind: RecordType) -> None:
    model = MODELS[kind.name]
    known = {one.alias or name: one for name, one in model.model_fields.items()}
    wrong = [
        f"{kind.name}.{field.name}: {what} is {found!r} in the schema, {expected!r} in kinds.py"
        for field in kind.fields
        if field.name in known
        for what, found, expected in (
            ("whether it is required", known[field.name].is_required(), field.required),
            ("its vocabulary", words_in(known[field.name].annotation), field.words),
        )
        if found != expected
    ]
    assert not wrong
    assert model.spans == {span.name: span.bounds for span in kind.spans}
    nested = {one.name: one.of for one in kind.nested}
    assert {name: one.table for name, one in lists_of(model).items()} == nested


def words_in(annotation: Any) -> type[StrEnum] | None:
    """Return the vocabulary that an annotation holds, if it holds one."""
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return part
    return None


def table_of(kind: RecordType) -> Any:
    """Return the table of a record type."""
    return Base.metadata.tables[kind.name]


def test_every_table_that_people_write_is_described() -> None:
    kept_by_the_program = {"casebook", "content", "revision"}
    assert set(KINDS) == set(Base.metadata.tables) - kept_by_the_program


def test_each_record_type_comes_after_those_it_refers_to() -> None:
    names = list(KINDS)
    early = [
        (kind.name, target)
        for kind in KINDS.values()
        for target in kind.targets.values()
        if target != kind.name and names.index(target) > names.index(kind.name)
    ]
    assert not early


@pytest.mark.parametrize("part", [pytest.param(part, id=part.__name__) for part in MADE])
def test_a_key_of_a_profile_is_a_key_of_its_record_type(part: type[Part]) -> None:
    kind = KINDS[MADE[part].table]
    about_rows = {"each", "make", "use", "when", "number"}  # number: both bounds of a figure
    unknown = set(part.model_fields) - about_rows - set(kind.meanings)
    assert not [f"{kind.name}.{key} is in profiles.py and missing from kinds.py" for key in unknown]


def test_a_plain_field_of_an_entry_is_a_key_of_profiles() -> None:
    plain = {one.name for one in ENTRY.fields if not one.refers_to} - {"ref", "kind"}
    plain |= {span.name for span in ENTRY.spans}
    assert not differences("entry", "profiles.py", set(RecordPart.model_fields) & plain, plain)


# --- texts that can name a source -----------------------------------------------------------------


def test_a_text_of_which_nothing_was_decided_is_refused() -> None:
    with pytest.raises(TypeError, match="mood: decide whether this text can name a source"):
        Field("mood", "In which mood it was said")


@pytest.mark.parametrize("kind", EACH)
def test_every_text_that_people_write_has_been_decided(kind: RecordType) -> None:
    texts = {
        column.name
        for column in table_of(kind).columns
        if isinstance(column.type, Text | Texts) and not column.foreign_keys
    }
    decided = {field.name for field in kind.fields if field.names_source is not None}
    assert not texts - decided


def test_kinds_needs_nothing_but_the_standard_library() -> None:
    import subprocess

    code = (
        "import sys, claimtrack.kinds; print({'sqlalchemy', 'pydantic', 'typer'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_each_record_type_with_a_ref_can_be_found_by_it() -> None:
    assert set(NAMED) == {kind.name for kind in KINDS.values() if kind.key == ("ref",)}


@pytest.mark.parametrize("kind", EACH)
def test_what_is_searched_is_in_the_full_text_index(kind: RecordType) -> None:
    _, names = fulltext.SEARCHED.get(kind.name, (0, ()))
    assert kind.searched == names


def texts(kind: str) -> dict[str, Any]:
    """Return a record's texts that can name a source, each naming one."""
    names = (one for one in KINDS[kind].fields if one.names_source and one.name != "ref")
    named = {one.name: [f"once {NAMING}"] if one.several else NAMING for one in names}
    return {**named, "media_type": f"text/html; {NAMING}"} if kind == "capture" else named


@pytest.fixture
def naming(case: Casebook) -> Casebook:
    """A casebook in which every text that can name a source names Ivan Qanary."""
    case.actor("ivan-qanary", name="Ivan Qanary")
    case.actor("friend", kind="anonymous", **texts("actor"))
    case.document("D", **texts("document")).topic("t", **texts("topic"))
    case.proposition("p", topic="t", **texts("proposition"))
    case.action("A", actor="friend", **texts("entry")).claim("C", actor="coder")
    case.cite("A", "D", **texts("citation")).stance("A", "p", 2, **texts("stance"))
    case.measure("m", topic="t", **texts("measure")).figure("A", "m", "3", **texts("figure"))
    case.link("A", "contradicts", "C", **texts("link")).grade("A", "F6", **texts("grade"))
    return case.capture("D", b"No name.", **texts("capture"))


def naming_columns(connection: Connection, kind: RecordType) -> set[str]:
    """Return the columns of a record type that name Ivan Qanary, to whom a connection reads."""
    rows = connection.execute(select(table_of(kind))).mappings().all()
    return {name for row in rows for name, value in row.items() if "Qanary" in str(value)}


@pytest.mark.both_databases
def test_redaction_takes_a_name_out_of_every_text_that_can_hold_one(naming: Casebook) -> None:
    connection = naming.session.connection()
    for kind in KINDS.values():
        assert naming_columns(connection, kind) >= set(texts(kind.name))
    plan = changes.plan_redaction(naming.session, "ivan-qanary")
    changes.redact(naming.session, plan)
    naming.session.flush()
    assert not [kind.name for kind in KINDS.values() if naming_columns(connection, kind)]


@pytest.mark.both_databases
@pytest.mark.parametrize("owner", ["actor", "document"])
def test_protection_hides_exactly_the_texts_that_say_so(naming: Casebook, owner: str) -> None:
    naming.session.execute(update(TABLES[owner]).values(protected=True))
    connection = naming.session.connection()
    protection.protect(connection)
    for kind in KINDS.values():
        hidden = {one.name for one in kind.hidden_with(SELF if kind.name == owner else owner)}
        assert naming_columns(connection, kind) == set(texts(kind.name)) - hidden


@pytest.mark.parametrize("kind", [KINDS["actor"], KINDS["document"]], ids=lambda kind: kind.name)
def test_no_text_of_a_protected_record_stays(kind: RecordType) -> None:
    shown = {one.name for one in kind.fields if one.names_source and one.hidden_with != SELF}
    assert not shown


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        pytest.param(
            [Field("x", "X", names_source=True, hidden_with="via")],
            "note.x: hidden_with is 'via', and takes SELF, or a field of the record called actor "
            "or document",
            id="a field that is no owner",
        ),
        pytest.param(
            [Field("x", "X", names_source=True, hidden_with="actor")],
            "note.x: hidden_with is 'actor', and takes SELF, or a field of the record called actor "
            "or document",
            id="an owner that the record does not refer to",
        ),
        pytest.param(
            [Field("x", "X", names_source=True, is_name=True)],
            "note.x: is_name needs hidden_with=SELF",
            id="a name that is not hidden",
        ),
        pytest.param(
            [
                Field("actor", "Who", refers_to="actor"),
                Field("x", "X", names_source=True, hidden_with="actor"),
                Field("y", "Y", names_source=True, hidden_with=SELF),
            ],
            "note: all fields of a table are hidden with the same record",
            id="two owners",
        ),
    ],
)
def test_a_record_type_whose_protection_would_not_work_is_refused(
    fields: list[Field], refusal: str
) -> None:
    with pytest.raises(TypeError) as refused:
        RecordType("note", key=("x",), fields=tuple(fields))
    assert str(refused.value) == refusal
