"""add, list, show, edit and remove: the same five commands for each noun."""

from typing import Annotated, Any

import typer

from claimtrack.cli.completion import refs
from claimtrack.cli.fields import FIELDS, Values
from claimtrack.cli.filters import EntryFilters
from claimtrack.cli.nested_options import RELATED, UNRELATED, Related
from claimtrack.cli.new_records import add_new
from claimtrack.cli.nouns import ENTRIES, NOUNS, Noun
from claimtrack.cli.options import Db, Message, Target, command, new_app, print_message
from claimtrack.cli.output_options import ToOutput, ToOutputWhole
from claimtrack.cli.show_output import Extent
from claimtrack.cli.show_output import show as show_record
from claimtrack.errors import Usage

EditOption = Annotated[
    bool, typer.Option("--edit", "-e", help="Edit the record in $EDITOR before it is saved.")
]


def group(name: str) -> typer.Typer:
    """Return the commands of a noun; of `entry`, which is all kinds of entry, the list alone."""
    app = new_app()
    if name == ENTRIES.name:
        _declare_list(app, ENTRIES)
        return app
    noun = NOUNS[name]
    _declare_add(app, noun)
    _declare_list(app, noun)
    _declare_show(app, noun)
    _declare_edit(app, noun)
    _declare_remove(app, noun)
    if name == "actor":
        from claimtrack.cli import redact

        _declare_merge(app)
        redact.declare(app)
    if name == "proposition":
        _declare_resolve(app)
    if name == "document":
        from claimtrack.cli import capture

        capture.declare(app)
    return app


def _examples(*lines: str) -> str:
    return "\n\nExamples:\n" + "\n".join(f"  claimtrack {line}" for line in lines)


def _describe_add(noun: Noun) -> str:
    more = (
        f'{noun.name} add "..." --actor SRC-1 --proposition ready --value 2',
        f"{noun.name} add --edit",
    )
    return (
        f"Add {noun.a}.\n\nPrints its ref, which is generated unless you set one. "
        "On a terminal, prompts for required values that are missing."
        + _examples(
            f"{noun.name} add {noun.example}", *(more if noun.table == "entry" else more[1:])
        )
    )


def _declare_add(app: typer.Typer, noun: Noun) -> None:
    related_group = RELATED if noun.table == "entry" else UNRELATED

    @command(app, "add", about=_describe_add(noun))
    def add(
        *,
        db: Db,
        fields: Annotated[Values, FIELDS[noun.name]],
        related: Annotated[Related, related_group],
        main: Annotated[
            str | None,
            typer.Argument(
                metavar=noun.main.upper(),
                help=f"Same as --{noun.main}.",
                show_default=False,
            ),
        ] = None,
        ref: Annotated[
            str | None,
            typer.Option("--ref", metavar="REF", help="Ref of the new record.", show_default=False),
        ] = None,
        edit: EditOption = False,
        message: Message = None,
    ) -> None:
        if main is not None and noun.main in fields:
            raise Usage(f"{noun.main} is set twice: as an argument and as --{noun.main}")
        values = {**fields, **related.rows}
        values |= {noun.main: main} if main is not None else {}
        values |= {"ref": ref} if ref is not None else {}
        if edit:
            from claimtrack.cli.editor import add_in_editor

            add_in_editor(db, noun, values, related, message)
        else:
            _add(db, noun, values, related, message)


def _add(target: Target, noun: Noun, values: Values, related: Related, message: str | None) -> None:
    from claimtrack.cli.prompt import fill_in
    from claimtrack.cli.quotation_prompt import located

    values = fill_in(target, noun, values, related)
    if "citations" in values:
        values = {**values, "citations": [located(target, row) for row in values["citations"]]}
    add_new(target, noun, values, related, message)


def _declare_list(app: typer.Typer, noun: Noun) -> None:
    about = f"List {noun.plural}, by ref." + _examples(
        f"{noun.name} list",
        f"{noun.name} list --since 2024 --format csv --output {noun.plural}.csv",
    )

    @command(app, "list", about=about)
    def list_(db: Db, filters: EntryFilters, out: ToOutput) -> None:
        from claimtrack.lookup import list_records, row_type
        from claimtrack.query.filters import resolve_refs

        with db.reading(out) as session:
            found = list_records(session, noun.name, resolve_refs(session, filters))
            out.emit(found, row_type(noun.name))


def _ref_argument(noun: Noun) -> Any:
    return typer.Argument(
        metavar="REF",
        help=f"The ref of the {noun.name}.",
        autocompletion=refs(noun.name),
        show_default=False,
    )


def _declare_show(app: typer.Typer, noun: Noun) -> None:
    about = f"Show {noun.a}, with its related records, on one screen." + _examples(
        f"{noun.name} show REF", f"{noun.name} show REF --all"
    )

    @command(app, "show", about=about)
    def show(
        db: Db, ref: Annotated[str, _ref_argument(noun)], out: ToOutputWhole, extent: Extent
    ) -> None:
        with db.reading(out) as session:
            show_record(session, out, noun.name, ref, extent)


def _declare_edit(app: typer.Typer, noun: Noun) -> None:
    about = (
        f"Change {noun.a}.\n\nWithout options, opens $EDITOR. An empty text ('') clears a field."
        + _examples(
            f"{noun.name} edit REF --{noun.main} '...' -m 'a better wording'",
            f"{noun.name} edit REF",
        )
    )

    @command(app, "edit", about=about)
    def edit(
        db: Db,
        ref: Annotated[str, _ref_argument(noun)],
        fields: Annotated[Values, FIELDS[noun.name]],
        message: Message = None,
    ) -> None:
        if not fields:
            from claimtrack.cli.editor import edit_in_editor

            edit_in_editor(db, noun, ref, message)
            return
        from claimtrack.changes import change_record, get_stored_ref

        with db.writing(message) as session:
            stored_ref = get_stored_ref(session, noun.name, ref)
            outcome = change_record(session, noun.name, {**fields, "ref": stored_ref})
        print_message(f"{outcome} {noun.name} {stored_ref}")


def _declare_remove(app: typer.Typer, noun: Noun) -> None:
    own = (
        " Its stances, citations, links and grades are removed as well."
        if noun.table == "entry"
        else ""
    )
    about = (
        f"Remove {noun.a}.\n\nRefused while other records refer to it.{own} The log keeps it."
        + _examples(f"{noun.name} remove REF -m 'entered twice'")
    )

    @command(app, "remove", about=about)
    def remove(db: Db, ref: Annotated[str, _ref_argument(noun)], message: Message = None) -> None:
        from claimtrack import changes

        with db.writing(message) as session:
            stored_ref = changes.get_stored_ref(session, noun.name, ref)
            changes.remove(session, noun.table, stored_ref)
        print_message(f"removed {noun.name} {stored_ref}")


def _declare_merge(app: typer.Typer) -> None:
    @command(app, "merge")
    def merge(
        db: Db,
        from_ref: Annotated[
            str,
            typer.Argument(
                metavar="FROM",
                help="The actor to merge, which is removed.",
                autocompletion=refs("actor"),
            ),
        ],
        into_ref: Annotated[
            str,
            typer.Argument(
                metavar="INTO",
                help="The actor to merge it into, which remains.",
                autocompletion=refs("actor"),
            ),
        ],
        message: Message = None,
    ) -> None:
        """Merge one actor into another, and add its names as aliases.

        Examples:
          claimtrack actor merge zelenskyy zelensky -m 'the same person'
        """
        from claimtrack import changes

        with db.writing(message) as session:
            noun = NOUNS["actor"]
            old, target = (
                changes.get_stored_ref(session, noun.name, named) for named in (from_ref, into_ref)
            )
            changes.merge_actors(session, old, target)
        print_message(f"merged actor {old} into {target}")


def _declare_resolve(app: typer.Typer) -> None:
    noun = NOUNS["proposition"]

    @command(app, "resolve")
    def resolve(
        db: Db,
        ref: Annotated[str, _ref_argument(noun)],
        truth: Annotated[
            str, typer.Argument(metavar="true|false", help="Whether the proposition is true.")
        ],
        on: Annotated[
            str, typer.Option("--on", metavar="DATE", help="Day on which it turned out so.")
        ],
        by: Annotated[
            str | None,
            typer.Option(
                "--by",
                metavar="ENTRY",
                help="Entry that resolves it.",
                autocompletion=refs("entry"),
                show_default=False,
            ),
        ] = None,
        message: Message = None,
    ) -> None:
        """Resolve a proposition: record whether it turned out to be true.

        Examples:
          claimtrack proposition resolve ceasefire-ready false --on 2025-03-18 --by A-7
        """
        if truth.lower() not in ("true", "false"):
            raise Usage(f"truth {truth!r} is not valid: expected true or false")
        from claimtrack.changes import change_record, get_stored_ref

        resolution = {"truth": truth.lower() == "true", "resolved_on": on, "resolved_by": by}
        with db.writing(message) as session:
            stored_ref = get_stored_ref(session, noun.name, ref)
            outcome = change_record(session, noun.name, {"ref": stored_ref, **resolution})
        print_message(f"{outcome} proposition {stored_ref}: {truth.lower()} on {on}")
