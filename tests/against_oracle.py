"""Casebooks drawn by chance, what is asked of them, and rows of reports as the oracle has them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from sys import modules
from typing import Any

import pytest

from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Timing, column_of, fields_of
from drawn_casebooks import draw_dossier
from oracle import Options

Asked = Mapping[str, Any]
"""Options of a report, by the names that the oracle has for them."""
Row = dict[str, Any]

SCOPES: dict[str, Asked] = {
    "all": {},
    "superseded": {"include_superseded": True},
    "known by": {"known_by": "2025-04-01"},
    "one judge": {"asserted_by": "institute"},
}
"""What counts: what is asked for before anything is derived."""
SEEDS = {"sqlite": range(8), "postgresql": range(8, 11)}
"""What is drawn where `--seeds` is not asked for."""
HYPOTHESES = ["keeps", "day-monday", "day-tuesday"]


_CACHED = type(lru_cache(repr))
_FILTERS = 200
"""More than are asked of one casebook."""


def keep_statements(patch: pytest.MonkeyPatch) -> None:
    """Keep the statements of every filter: on a small casebook, to build one takes the time."""
    kept: dict[Any, Any] = {}
    for module, parts in list(modules.items()):
        if module.startswith(("claimtrack.query", "claimtrack.reports")):
            for name, build in list(vars(parts).items()):
                if isinstance(build, _CACHED):
                    wrapped = build.__wrapped__
                    kept.setdefault(wrapped, lru_cache(maxsize=_FILTERS)(wrapped))
                    patch.setattr(parts, name, kept[wrapped])


def draw(seed: int) -> dict[str, Any]:
    """Draw a casebook, without what the text lets either read in its own way; odd ones with times.

    Where a document of its own tells that one entry supersedes another, the oracle asks that the
    newer entry was known as well. Of a copy the reports take its own date or that of the document,
    the oracle the latter alone.
    """
    drawn = draw_dossier(seed, figures=True, times=seed % 2 == 1)
    for document in drawn["documents"]:
        if "canonical" in document:
            document.pop("published", None)
    for link in drawn["links"]:
        if link["relation"] == "supersedes":
            link.pop("document", None)
    return drawn


def as_options(asked: Asked) -> Options:
    """What is asked, for the oracle."""
    return Options(**{name: value for name, value in asked.items() if name not in STANDING})


STANDING = ("contested", "uncontradicted", "uncorroborated", "single_origin")
"""How claims stand, which is asked of the rows of the oracle."""


def as_filters(asked: Asked) -> Filters:
    """What is asked of entries, for a report."""
    return Filters(
        kinds=_several(EntryKind, asked, "kind"),
        actors=_several(str, asked, "actor"),
        principal=asked.get("principal"),
        sources=_several(str, asked, "source"),
        topics=_several(str, asked, "topic"),
        propositions=_several(str, asked, "proposition"),
        measures=_several(str, asked, "measure"),
        since=_day(asked, "since"),
        until=_day(asked, "until"),
        known_by=_day(asked, "known_by"),
        asserted_by=_several(str, asked, "asserted_by"),
        min_strength=asked.get("min_strength"),
        affirming=asked.get("affirming", False),
        denying=asked.get("denying", False),
        include_superseded=asked.get("include_superseded", False),
    )


def as_pair_filters(asked: Asked) -> PairFilters:
    """What is asked of pairs, for a report."""
    return PairFilters(
        classes=_several(PairClass, asked, "cls"),
        subject_kinds=_several(EntryKind, asked, "subject_kind"),
        counter_kinds=_several(EntryKind, asked, "counter_kind"),
        timings=_several(Timing, asked, "timing"),
        statuses=_several(PairStatus, asked, "status"),
        min_days=asked.get("min_days"),
        max_days=asked.get("max_days"),
        within_principal=asked.get("within_principal"),
        include_reconciled=asked.get("include_reconciled", False),
    )


def _several(kind: type[Any], asked: Asked, name: str) -> tuple[Any, ...]:
    given = asked.get(name, ())
    return tuple(kind(one) for one in ((given,) if isinstance(given, str) else given))


def _day(asked: Asked, name: str) -> date | None:
    return date.fromisoformat(asked[name]) if name in asked else None


def plain(rows: Any) -> list[Row]:
    """Return rows as the oracle has them: days as ISO 8601, lists as lists."""

    def spelled(value: Any) -> Any:
        if isinstance(value, tuple):
            return list(value)
        if isinstance(value, float):
            return pytest.approx(value, abs=1e-6)
        return value.isoformat() if isinstance(value, date) else value

    return [
        {
            column_of(name): spelled(getattr(row, name))
            for name in fields_of(type(row))
            if not name.endswith(("time_from", "time_to"))  # the oracle has them as instants
        }
        for row in rows
    ]


def alike(found: list[Row], expected: list[Row], about: object, *, without: str = "") -> None:
    """Both have the same rows, in all the columns that the report has but for some."""
    left_out = without.split()
    cut = [
        {name: row[name] for name in kept}
        for row, kept in (
            (row, [name for name in (found[0] if found else row) if name not in left_out])
            for row in expected
        )
    ]
    shown = [{name: row[name] for name in row if name not in left_out} for row in found]
    assert shown == cut, about
