"""What the lints find in a casebook, for the tests of each lint."""

from collections.abc import Callable
from typing import Any

from casebook import Casebook
from claimtrack.reports.lints import ERRORS, HINTS, WARNINGS
from claimtrack.reports.pair_lint_pass import pair_findings

Build = Callable[[Casebook], Any]


def findings(case: Casebook, lint: str) -> list[tuple[tuple[str, ...], str]]:
    """Return the findings of a lint: the refs and the sentence of each."""
    if lint in (by_name := ERRORS | WARNINGS | HINTS):
        return list(by_name[lint](case.session))
    return [(row.refs, row.finding) for row in pair_findings(case.session) if row.lint == lint]


def found(case: Casebook, lint: str) -> list[tuple[str, ...]]:
    """Return the refs of the findings of a lint."""
    return [refs for refs, _ in findings(case, lint)]


def told(case: Casebook, lint: str) -> list[str]:
    """Return the sentences of the findings of a lint."""
    return [finding for _, finding in findings(case, lint)]
