"""Run a report of the registry: resolve the refs in its filters, then call its function."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from claimtrack.db import Session
from claimtrack.errors import Usage
from claimtrack.query.filters import Filters, checked_values, resolve_refs
from claimtrack.reports import Report


def run_report(
    session: Session,
    report: Report,
    filters: Filters,
    own: Mapping[str, Any],
    *,
    refs: bool = False,
) -> Iterable[Any]:
    """Resolve the refs in the filters of a report, then return its rows as `rows_of` does.

    Raises:
        UnknownRef: A filter names a record that does not exist.
        Usage: The report requires a principal, and none is set.
    """
    resolved = resolve_refs(session, filters)
    return rows_of(
        session, report, resolved, checked_values(session, report.filters, own), refs=refs
    )


def rows_of(
    session: Session,
    report: Report,
    filters: Filters,
    own: Mapping[str, Any],
    *,
    refs: bool = False,
) -> Iterable[Any]:
    """Return the rows of a report, streamed.

    Args:
        session: The session.
        report: A report that consists of rows.
        filters: The shared filters; every ref in them must exist.
        own: The values of the report's own filters, by field; every ref in them must exist.
        refs: Whether the rows also list the refs of the entries that they count, if the report
            supports that (`Report.refs_row`).

    Raises:
        Usage: The report requires a principal, and none is set.
    """
    extra: dict[str, Any] = {"refs": True} if refs and report.refs_row else {}
    if report.of_principal:
        filters, extra["principal"] = _split_principal(filters)
    module = import_module(f"claimtrack.reports.{report.module}")
    function = getattr(module, report.rows)
    found: Iterable[Any] = (
        function(session, filters, getattr(module, report.filters_type)(**own), **extra)
        if report.filters_type
        else function(session, filters, **own, **extra)
    )
    return found


def row_type(report: Report, *, refs: bool = False) -> type[Any]:
    """Return the row class of a report; with `refs`, the one that `rows_of` uses with `refs`."""
    name = report.refs_row if refs and report.refs_row else report.row
    found: type[Any] = getattr(import_module(f"claimtrack.reports.{report.module}"), name)
    return found


def narrows(report: Report, own: Mapping[str, Any]) -> bool:
    """Whether a report's own filters, as they are set, can exclude rows."""
    return any(own.get(option.field) for option in report.filters if not option.widens)


def _split_principal(filters: Filters) -> tuple[Filters, str]:
    """Return the filters without the principal, and the principal."""
    if not filters.principal:
        raise Usage("--principal is missing: name the actor whose sources are compared")
    return replace(filters, principal=None), filters.principal
