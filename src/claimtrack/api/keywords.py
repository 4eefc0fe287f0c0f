"""The filters as keyword arguments, for type checkers and completion in notebooks.

Tests hold each to the table of filters in `query.options`, or to the registry of export formats.
"""

from typing import TypedDict

from claimtrack.api.rows import Day, Words


class CountingKeywords(TypedDict, total=False):
    """What counts."""

    known_by: Day
    asserted_by: Words


class _ScopeKeywords(CountingKeywords, total=False):
    """Which entries, but for their principal."""

    kind: Words
    actor: Words
    source: Words
    topic: Words
    proposition: Words
    since: Day
    until: Day
    min_strength: int
    affirming: bool
    denying: bool
    include_superseded: bool


class OtherKeywords(_ScopeKeywords, total=False):
    """Which entries, how many rows, and in which order, where the principal is an argument."""

    limit: int
    offset: int
    sort: Words


class EntryKeywords(OtherKeywords, total=False):
    """Which entries, how many rows, and in which order."""

    principal: str


class PairKeywords(EntryKeywords, total=False):
    """Which pairs of entries, too."""

    class_: Words
    subject_kind: Words
    counter_kind: Words
    min_days: int
    max_days: int
    timing: Words
    status: Words
    include_reconciled: bool
    entry: Words
    within_principal: str


class ClaimKeywords(EntryKeywords, total=False):
    """Which claims, too."""

    contested: bool
    uncontradicted: bool
    uncorroborated: bool
    single_origin: bool
    anonymous: bool


class ExportKeywords(_ScopeKeywords, total=False):
    """Which entries, and the options of the formats."""

    principal: str
    licence: str
    raw: bool
    bom: bool
    title: str
    hypothesis: Words
    group_by: str
