"""The filters that lists and reports share, each declared once."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtrack import dates
from claimtrack.cli.complete import refs
from claimtrack.cli.options import Group, words_option
from claimtrack.cli.render import FormatOption, LimitOption, most_rows
from claimtrack.errors import InvalidValue
from claimtrack.vocab import EntryKind, OutputFormat

if TYPE_CHECKING:
    from claimtrack.query.filters import Filters


def _option(*flags: str, about: str, metavar: str = "REF", nouns: tuple[str, ...] = ()) -> Any:
    return typer.Option(
        *flags,
        help=about,
        metavar=metavar,
        show_default=False,
        autocompletion=refs(*nouns) if nouns else None,
    )


KindOption = Annotated[
    list[EntryKind] | None,
    words_option("--kind", of=EntryKind, about="Entries of this kind", repeatable=True),
]
ActorOption = Annotated[
    list[str] | None,
    _option("--actor", nouns=("actor",), about="Of this actor, or of anyone below it; repeatable."),
]
PrincipalOption = Annotated[
    str | None,
    _option(
        "--principal", nouns=("actor",), about="On behalf of this actor, or of anyone below it."
    ),
]
SourceOption = Annotated[
    list[str] | None,
    _option(
        "--source",
        nouns=("document", "actor"),
        about="Shown by this document, or by any of this publisher; repeatable.",
    ),
]
TopicOption = Annotated[
    list[str] | None,
    _option("--topic", nouns=("topic",), about="On this topic, or one below it; repeatable."),
]
PropositionOption = Annotated[
    list[str] | None,
    _option("--proposition", nouns=("proposition",), about="On this proposition; repeatable."),
]
SinceOption = Annotated[
    str | None, _option("--since", metavar="DATE", about="Not wholly before this date.")
]
UntilOption = Annotated[
    str | None, _option("--until", metavar="DATE", about="Not wholly after this date.")
]
KnownByOption = Annotated[
    str | None,
    _option("--known-by", metavar="DATE", about="Only what had been published by this date."),
]
AssertedByOption = Annotated[
    list[str] | None,
    _option(
        "--asserted-by", nouns=("actor",), about="Only this judge's stances and links; repeatable."
    ),
]
MinStrengthOption = Annotated[
    int | None,
    typer.Option(
        "--min-strength", min=1, max=2, metavar="N", show_default=False, help="1, or 2: outright."
    ),
]
AffirmingOption = Annotated[
    bool, typer.Option("--affirming", help="Only what affirms a proposition wanted.")
]
DenyingOption = Annotated[
    bool, typer.Option("--denying", help="Only what denies a proposition wanted.")
]
SupersededOption = Annotated[
    bool, typer.Option("--include-superseded", help="Also entries that another supersedes.")
]
OffsetOption = Annotated[
    int | None,
    typer.Option(
        "--offset", min=0, metavar="N", show_default=False, help="Leave out the first N rows."
    ),
]
SortOption = Annotated[
    list[str] | None,
    _option(
        "--sort", metavar="COLUMN", about="By this column; -COLUMN descending; can be repeated."
    ),
]


def _scope(
    *,
    kind: KindOption = None,
    actor: ActorOption = None,
    principal: PrincipalOption = None,
    source: SourceOption = None,
    topic: TopicOption = None,
    proposition: PropositionOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    known_by: KnownByOption = None,
    asserted_by: AssertedByOption = None,
    min_strength: MinStrengthOption = None,
    affirming: AffirmingOption = False,
    denying: DenyingOption = False,
    include_superseded: SupersededOption = False,
) -> "Filters":
    from claimtrack.query.filters import Filters

    return Filters(
        kinds=tuple(kind or ()),
        actors=tuple(actor or ()),
        principal=principal,
        sources=tuple(source or ()),
        topics=tuple(topic or ()),
        propositions=tuple(proposition or ()),
        since=_first_day(since, "--since"),
        until=_last_day(until, "--until"),
        known_by=_last_day(known_by, "--known-by"),
        asserted_by=tuple(asserted_by or ()),
        min_strength=min_strength,
        affirming=affirming,
        denying=denying,
        include_superseded=include_superseded,
    )


def _counting(*, known_by: KnownByOption = None, asserted_by: AssertedByOption = None) -> "Filters":
    from claimtrack.query.filters import Filters

    return Filters(known_by=_last_day(known_by, "--known-by"), asserted_by=tuple(asserted_by or ()))


CountingScope = Annotated["Filters", Group(_counting)]
"""The filters that say what counts, and choose no entries."""

Scope = Annotated["Filters", Group(_scope)]
"""The filters that choose entries."""


def _wanted(
    *,
    scope: Scope,
    format: FormatOption = OutputFormat.TABLE,
    limit: LimitOption = None,
    offset: OffsetOption = None,
    sort: SortOption = None,
) -> "Filters":
    most = most_rows(format, limit)
    return replace(scope, limit=most, offset=offset, sort=tuple(sort or ()))


def _first_day(text: str | None, option: str) -> date | None:
    return _bound(text, option, first=True)


def _last_day(text: str | None, option: str) -> date | None:
    return _bound(text, option, first=False)


def _bound(text: str | None, option: str, *, first: bool) -> date | None:
    if text is None:
        return None
    span = dates.parse_span(text, what=option)
    day = span.first if first else span.last
    if day is None:
        raise InvalidValue(option, text, "a date with that end, such as 2024-05-24 or 2024-05")
    return day


Wanted = Annotated["Filters", Group(_wanted)]
"""All filters, with how many rows and in which order."""
