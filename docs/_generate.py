"""What `make docs` writes.

cog puts the help of every command into cli.md, the data dictionary into schema.md, the tables of
reports and of export formats into README.md, and the names of the formats into library.md. Run as a
program, this module writes the JSON Schemas that ship with the package.
"""

import inspect
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnDefault,
    Dialect,
    Enum,
    Index,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex
from typer.main import get_command

from claimtrack import vocab
from claimtrack.cli import app
from claimtrack.exchange.dossier import sections
from claimtrack.exchange.exports import FORMATS, Format
from claimtrack.exchange.imports import profile_files
from claimtrack.models import Base, indexes
from claimtrack.reports import REPORTS

_POSTGRESQL: Dialect = postgresql.dialect()
_SQLITE: Dialect = sqlite.dialect()

# --- cli.md -------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, Any]]:
    """Yield each command, groups before what is in them: its words, and its context for help."""
    root = get_command(app).make_context("claimtrack", [], resilient_parsing=True)
    yield "claimtrack", root
    yield from _below("claimtrack", root)


def _below(path: str, context: Any) -> Iterator[tuple[str, Any]]:
    group = context.command
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True)
        yield f"{path} {name}", inner
        if hasattr(command, "list_commands"):
            yield from _below(f"{path} {name}", inner)


def cli() -> str:
    """Return the help of every command, each under a heading of its own."""
    found = [(path, context.get_help()) for path, context in commands()]
    contents = "\n".join(f"- [{path}](#{path.replace(' ', '-')})" for path, _ in found)
    sections = [f"## {path}\n\n```text\n{_trimmed(said)}\n```" for path, said in found]
    return "\n\n".join([contents, *sections])


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


# --- README.md ----------------------------------------------------------------------------------


def reports() -> str:
    """Return the table of reports, with what each answers."""
    rows = [f"| `{one.name}` | {one.question} |" for one in REPORTS if not one.option_of]
    return "\n".join(["| `claimtrack report` | answers |", "| --- | --- |", *rows])


# --- README.md and library.md -------------------------------------------------------------------


def formats() -> str:
    """Return the table of export formats, with what each writes."""
    rows = [f"| `{format.name}` | {_cell(_written_by(format))} |" for format in FORMATS]
    return "\n".join(["| `claimtrack export` | writes |", "| --- | --- |", *rows])


def _written_by(format: Format) -> str:
    """Return the first paragraph of a format's help as a cell, without its verb."""
    paragraph = " ".join(format.help.split("\n\n")[0].split())
    return paragraph.removeprefix("Write ").rstrip(".")


def format_names() -> str:
    """Return a sentence that names every export format."""
    *others, last = (f"`{format.name}`" for format in FORMATS)
    return f"The formats are {', '.join(others)} and {last}."


# --- schema.md ----------------------------------------------------------------------------------


def tables() -> str:
    """Return each table: what its row means, its columns, and the rules that the database holds."""
    meanings = {
        mapper.class_.__tablename__: mapper.class_.__doc__ for mapper in Base.registry.mappers
    }
    return "\n\n".join(
        _table(table, meanings[name] or "") for name, table in indexes.metadata.tables.items()
    )


def _table(table: Table, meaning: str) -> str:
    rows = [
        f"| `{column.name}` | {_type(column)} | {'' if column.nullable else 'yes'} "
        f"| {_cell(_meaning(column))} |"
        for column in table.columns
    ]
    return "\n".join(
        [
            f"### {table.name}",
            "",
            inspect.cleandoc(meaning),
            "",
            "| column | type | required | meaning |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            *(f"- {rule}" for rule in _rules(table)),
        ]
    )


def _meaning(column: Column[Any]) -> str:
    said, default = f"{column.comment}.", column.default
    if not (isinstance(default, ColumnDefault) and default.is_scalar and default.arg != ""):
        return said
    return f"{said} By default {_word(default.arg)}."


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type(column: Column[Any]) -> str:
    if isinstance(column.type, Enum):
        name = column.type.python_type.__name__
        return f"word: [{name}](#{name.lower()})"
    return str(column.type.compile(_POSTGRESQL)).split(" COLLATE")[0].lower()


def _rules(table: Table) -> Iterator[str]:
    yield f"primary key `{', '.join(column.name for column in table.primary_key)}`"
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        target = key.column.table.name
        yield f"`{key.parent.name}` refers to [{target}](#{target})"
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    for names in sorted([column.name for column in one.columns] for one in unique):
        yield f"unique: `{', '.join(names)}`"
    words = {f"ck_{table.name}_{one.type.name}" for one in table.c if isinstance(one.type, Enum)}
    checks = [one for one in table.constraints if isinstance(one, CheckConstraint)]
    for check in sorted(checks, key=lambda check: str(check.name)):
        if str(check.name) not in words:  # those stand with their columns
            spelled = {"literal_binds": True, "include_table": False}
            sql = check.sqltext.compile(compile_kwargs=spelled)
            on_sqlite = ", on SQLite" if str(check.name).endswith("_is_0_or_1") else ""
            yield f"check `{check.name}`{on_sqlite}: `{sql}`"
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield _index(index)


def _index(index: Index) -> str:
    made = str(CreateIndex(index).compile(dialect=_SQLITE))
    columns = made.split(" (", 1)[1].replace("\n", " ")
    kind = "unique index" if index.unique else "index"
    return f"{kind} `{index.name}`: `({columns}`"


def vocabularies() -> str:
    """Return each closed vocabulary: what it means, and its words."""
    return "\n\n".join(
        f"### {name}\n\n{inspect.cleandoc(words.__doc__ or '')}\n\n"
        f"Words: {', '.join(f'`{word.value}`' for word in words)}."
        for name, words in vars(vocab).items()
        if isinstance(words, type) and issubclass(words, StrEnum) and words is not StrEnum
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# --- JSON Schemas -------------------------------------------------------------------------------


def write_schemas() -> None:
    """Write the schemas of the files that claimtrack reads beside the modules that read them."""
    for module in (sections, profile_files):
        module.SCHEMA_FILE.write_text(module.schema_text(), encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
