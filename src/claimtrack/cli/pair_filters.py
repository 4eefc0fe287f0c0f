"""What can be wanted of pairs of entries that oppose each other."""

from typing import TYPE_CHECKING, Annotated

import typer

from claimtrack.cli.complete import refs
from claimtrack.cli.options import Group, words_option
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Timing

if TYPE_CHECKING:
    from claimtrack.query.narrowing import PairFilters


def _pairs(
    *,
    class_: Annotated[
        list[PairClass] | None,
        words_option("--class", of=PairClass, about="Only pairs of this class", repeatable=True),
    ] = None,
    subject_kind: Annotated[
        list[EntryKind] | None,
        words_option(
            "--subject-kind", of=EntryKind, about="Only subjects of this kind", repeatable=True
        ),
    ] = None,
    counter_kind: Annotated[
        list[EntryKind] | None,
        words_option(
            "--counter-kind", of=EntryKind, about="Only counters of this kind", repeatable=True
        ),
    ] = None,
    min_days: Annotated[
        int | None,
        typer.Option(
            "--min-days",
            metavar="N",
            help="At least so many days from subject to counter, which may be negative.",
            show_default=False,
        ),
    ] = None,
    max_days: Annotated[
        int | None,
        typer.Option(
            "--max-days", min=0, metavar="N", help="At most so many days apart.", show_default=False
        ),
    ] = None,
    timing: Annotated[
        list[Timing] | None,
        words_option(
            "--timing",
            of=Timing,
            about="Only pairs in which a deed surely, or possibly, falls into the time",
            repeatable=True,
        ),
    ] = None,
    status: Annotated[
        list[PairStatus] | None,
        words_option("--status", of=PairStatus, about="Only pairs of this status", repeatable=True),
    ] = None,
    include_reconciled: Annotated[
        bool,
        typer.Option(
            "--include-reconciled",
            help="Also pairs that all their judges have reconciled, and those that a judge "
            "reconciled though the two do not oppose each other.",
        ),
    ] = False,
    entry: Annotated[
        list[str] | None,
        typer.Option(
            "--entry",
            metavar="REF",
            help="Only pairs in which this entry stands, on either side; can be repeated.",
            show_default=False,
            autocompletion=refs("entry"),
        ),
    ] = None,
    within_principal: Annotated[
        str | None,
        typer.Option(
            "--within-principal",
            metavar="REF",
            help="Only pairs both of whose entries are on behalf of this actor, or of anyone below "
            "it.",
            show_default=False,
            autocompletion=refs("actor"),
        ),
    ] = None,
) -> "PairFilters":
    from claimtrack.query.narrowing import PairFilters

    return PairFilters(
        classes=tuple(class_ or ()),
        subject_kinds=tuple(subject_kind or ()),
        counter_kinds=tuple(counter_kind or ()),
        min_days=min_days,
        max_days=max_days,
        timings=tuple(timing or ()),
        statuses=tuple(status or ()),
        include_reconciled=include_reconciled,
        within_principal=within_principal,
        entries=tuple(entry or ()),
    )


WantedPairs = Annotated["PairFilters", Group(_pairs)]
"""The filters that choose pairs of entries."""
