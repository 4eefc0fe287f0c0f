"""The filters as keyword arguments, for type checkers and completion in notebooks.

A test holds each to the table of filters in `query.options`.
"""

from typing import TypedDict

from claimtrack.api.rows import Day, Words


class CountingKeywords(TypedDict, total=False):
    """What counts."""

    known_by: Day
    asserted_by: Words


class OtherKeywords(CountingKeywords, total=False):
    """Which entries, how many rows, and in which order, where the principal is an argument."""

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
