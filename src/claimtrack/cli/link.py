"""link: how one entry bears on another, or that it has nothing to do with it."""

from typing import Annotated

import typer

from claimtrack.cli.fields import Values, argument, help_of, options, ref_option
from claimtrack.cli.filters import EntryFilters
from claimtrack.cli.nested_options import Judge
from claimtrack.cli.nouns import needs_of_table
from claimtrack.cli.options import Db, Message, command, new_app, print_message
from claimtrack.cli.output_options import ToOutput
from claimtrack.cli.prompt import Asking, fill_in_missing
from claimtrack.cli.relation_commands import take_back
from claimtrack.errors import Duplicate
from claimtrack.kinds import LINK
from claimtrack.vocab import Relation

app = new_app()


def group(_name: str) -> typer.Typer:
    """Return the commands of links."""
    return app


_FROM, _RELATION, _TO = (argument(LINK, name) for name in ("from", "relation", "to"))
_JUDGEMENT = options(LINK, "rationale", "asserted_by", "document")


@command(app, "add", cls=Asking)
def add_link(
    *,
    db: Db,
    from_ref: Annotated[str | None, _FROM],
    relation: Annotated[Relation | None, _RELATION],
    to_ref: Annotated[str | None, _TO],
    strength: Annotated[
        int,
        typer.Option("--strength", min=1, max=2, help=help_of(LINK.by_name["strength"])),
    ] = 2,
    judgement: Annotated[Values, _JUDGEMENT],
    message: Message = None,
) -> None:
    """Link one entry to another.

    corroborates, contradicts, reconciles and unrelated have no direction: the order of the entries
    does not matter. The other relations point from FROM to TO.

    Examples:
      claimtrack link add S-3 responds_to C-12
      claimtrack link add C-4 contradicts C-5 --strength 1
    """
    from claimtrack import changes
    from claimtrack.schemas import NewLink
    from claimtrack.validation import validate_record

    named = {"from": from_ref, "relation": relation, "to": to_ref}
    fields = {**named, "strength": strength, **judgement}
    values = fill_in_missing(db, "link", NewLink, lambda _: needs_of_table("link"), fields)
    spelled = "{from} {relation} {to}".format_map(values)
    with db.writing(message) as session:
        if changes.put(session, validate_record(NewLink, values)) is not changes.Outcome.ADDED:
            raise Duplicate(
                f"the link {spelled} by this judge already exists: remove it first, or set "
                "another judge with --asserted-by"
            )
    print_message(f"added link {spelled}")


@command(app, "remove")
def remove_link(
    db: Db,
    from_ref: Annotated[str, _FROM],
    relation: Annotated[Relation, _RELATION],
    to_ref: Annotated[str, _TO],
    asserted_by: Judge = None,
    message: Message = None,
) -> None:
    """Remove a link.

    If the relation has no direction, the entries can be in either order.

    Examples:
      claimtrack link remove S-3 responds_to C-12
    """
    key = {"from": from_ref, "relation": relation, "to": to_ref, "asserted_by": asserted_by}
    take_back(db, "link", key, message)


@command(app, "list")
def list_links(
    *,
    db: Db,
    entry: Annotated[
        str | None, ref_option("--entry", noun="entry", about="Only the links of this entry.")
    ] = None,
    filters: EntryFilters,
    out: ToOutput,
) -> None:
    """List links, of all entries or of one.

    In a link without direction (corroborates, contradicts, reconciles, unrelated), the entry of
    --entry comes first, or else the lower ref.

    Examples:
      claimtrack link list
      claimtrack link list --entry S-3
      claimtrack link list --actor russia --format csv
    """
    from claimtrack import lookup
    from claimtrack.query.filters import resolve_refs

    with db.reading(out) as session:
        rows = lookup.list_links(session, resolve_refs(session, filters), entry=entry)
        out.emit(rows, lookup.row_type("link"))
