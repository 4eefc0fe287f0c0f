"""Ask a report of the registry: find its function, and pass it filters whose refs all exist."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from claimtrack.db import Session
from claimtrack.errors import Usage
from claimtrack.query.filters import Filters, checked_values, resolve_refs
from claimtrack.reports import Report


def ask(
    session: Session,
    report: Report,
    wanted: Filters,
    own: Mapping[str, Any],
    *,
    refs: bool = False,
) -> Iterable[Any]:
    """Check the filters of a report, and return its rows as `rows_of` does.

    Raises:
        UnknownRef: a filter names nothing.
        Usage: a principal is missing.
    """
    known = resolve_refs(session, wanted)
    return rows_of(session, report, known, checked_values(session, report.filters, own), refs=refs)


def rows_of(
    session: Session,
    report: Report,
    wanted: Filters,
    own: Mapping[str, Any],
    *,
    refs: bool = False,
) -> Iterable[Any]:
    """Return the rows of a report, which stream.

    Args:
        session: Where the records are.
        report: One that has rows.
        wanted: The filters that it shares with other reports; every ref in them exists.
        own: What its own filters set, by field; the same holds.
        refs: Whether the rows also name those they count, where the report can.

    Raises:
        Usage: a principal is missing.
    """
    extra: dict[str, Any] = {"refs": True} if refs and report.refs_row else {}
    if report.of_principal:
        wanted, extra["principal"] = _split_principal(wanted)
    module = import_module(f"claimtrack.reports.{report.module}")
    function = getattr(module, report.rows)
    found: Iterable[Any] = (
        function(session, wanted, getattr(module, report.filters_type)(**own), **extra)
        if report.filters_type
        else function(session, wanted, **own, **extra)
    )
    return found


def row_type(report: Report, *, refs: bool = False) -> type[Any]:
    """Return the type of the rows of a report."""
    name = report.refs_row if refs and report.refs_row else report.row
    found: type[Any] = getattr(import_module(f"claimtrack.reports.{report.module}"), name)
    return found


def narrows(report: Report, own: Mapping[str, Any]) -> bool:
    """Whether what a report's own filters set leaves any rows out."""
    return any(own.get(option.field) for option in report.filters if not option.widens)


def _split_principal(wanted: Filters) -> tuple[Filters, str]:
    if not wanted.principal:
        raise Usage("--principal is missing: name the actor whose sources are compared")
    return replace(wanted, principal=None), wanted.principal
