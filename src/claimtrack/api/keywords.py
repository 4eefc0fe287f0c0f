"""The filters as keyword arguments, for type checkers and completion in notebooks.

Tests compare each with the table of filters in `query.options` or the registry of export formats.
"""

from typing import TypedDict

from claimtrack.api.rows import Day, Words


class CountingKeywords(TypedDict, total=False):
    """Which stances and links a report takes into account; entries are not filtered."""

    known_by: Day
    asserted_by: Words


class _ScopeKeywords(CountingKeywords, total=False):
    """The filters on entries, except `principal`."""

    kind: Words
    actor: Words
    source: Words
    topic: Words
    proposition: Words
    measure: Words
    since: Day
    until: Day
    min_strength: int
    affirming: bool
    denying: bool
    include_superseded: bool


class OtherKeywords(_ScopeKeywords, total=False):
    """Filters, page and order of the reports that take the principal as a positional argument."""

    limit: int
    offset: int
    sort: Words


class EntryKeywords(OtherKeywords, total=False):
    """Filters on entries, page and order: the keywords of most reports and lists."""

    principal: str


class PairKeywords(EntryKeywords, total=False):
    """The same, with the filters on pairs of entries."""

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
    """The keywords of most reports, with the filters of the report `claims`."""

    contested: bool
    uncontradicted: bool
    uncorroborated: bool
    single_origin: bool
    anonymous: bool


class AnswerKeywords(EntryKeywords, total=False):
    """The keywords of most reports, with the filters of the report `answers`."""

    within: int
    answer: Words


class PromiseKeywords(EntryKeywords, total=False):
    """The keywords of most reports, with the filters of the report `promises`."""

    as_of: Day
    state: Words


class ExportKeywords(_ScopeKeywords, total=False):
    """The filters on entries, and the options of the export formats."""

    principal: str
    licence: str
    raw: bool
    bom: bool
    title: str
    hypothesis: Words
    group_by: str
