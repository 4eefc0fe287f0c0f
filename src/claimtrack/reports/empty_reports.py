"""Explains why a report has no rows: the first reason that applies, with the next step.

Nothing that the report needs has been logged, nothing matches the filters, or there is nothing to
report.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import CompoundSelect, Select, select, union_all

from claimtrack.db import Session
from claimtrack.models import Citation, Entry, Link, Proposition, Stance, Topic
from claimtrack.query.filters import Filters
from claimtrack.reports import report_named
from claimtrack.vocab import EntryKind, Relation

_ENTRIES = (
    select(Entry.id),
    "no entry is logged yet: 'claimtrack claim add' logs one, 'claimtrack load' a dossier",
)
_STANCES = select(Stance.entry_id)
_HOW = "'claimtrack stance set' takes one"


_ON_TOPICS = (
    (select(Topic.id), "there is no topic yet: 'claimtrack topic add' adds one"),
    (_STANCES, f"no entry has a stance yet: stances are on topics; {_HOW}"),
)


@dataclass(frozen=True, slots=True)
class _Report:
    """What a report needs, and the sentences that explain why it is empty.

    Attributes:
        needs: Statements that select the records it is made of, each with the sentence for a
            casebook that has none of them.
        nothing: The sentence if it has all of these and still nothing to report.
    """

    needs: Sequence[tuple[Select[int] | CompoundSelect[int], str]]
    nothing: str


_ANY_REPORT = _Report((_ENTRIES,), "no record matches this report")
"""The needs of reports that `EMPTY_REPORTS` does not list."""

EMPTY_REPORTS = {
    "contradictions": _Report(
        (
            _ENTRIES,
            (
                union_all(select(Link.id).where(Link.relation == Relation.CONTRADICTS), _STANCES),
                "no entry has a stance yet, and none is linked as contradicting: contradictions "
                f"are made of these; {_HOW}",
            ),
        ),
        "no two entries oppose each other, as far as their stances, periods and links show, or all "
        "that do are reconciled (--include-reconciled)",
    ),
    "claims": _Report(
        (
            (
                select(Entry.id).where(Entry.kind == EntryKind.CLAIM),
                "no claim is logged yet: 'claimtrack claim add' logs one",
            ),
        ),
        "every claim is left out",
    ),
    "answers": _Report(
        (
            _ENTRIES,
            (
                union_all(
                    select(Entry.id).where(Entry.kind.in_((EntryKind.CLAIM, EntryKind.STATEMENT))),
                    select(Link.id).where(Link.relation == Relation.RESPONDS_TO),
                ),
                "no claim or statement is logged yet, and nothing is linked as a reply: "
                "'claimtrack link add REPLY responds_to ENTRY' links one",
            ),
        ),
        "no claim or statement is in scope, and no other entry has a reply",
    ),
    "promises": _Report(
        (
            (
                select(Entry.id).where(Entry.kind == EntryKind.COMMITMENT),
                "no commitment is logged yet: 'claimtrack commitment add' logs one",
            ),
        ),
        "every commitment begins after today (--as-of)",
    ),
    "positions": _Report(
        (
            _ENTRIES,
            (_STANCES, f"no entry has a stance yet: positions are made of stances; {_HOW}"),
        ),
        "no statement, action, commitment or claim of a named actor has a stance; --anonymous adds "
        "claims of anonymous sources",
    ),
    "timeline": _Report((_ENTRIES,), "every entry is left out"),
    "coverage": _Report(
        _ON_TOPICS,
        "no document shows a claim of an anonymous source of this principal at first hand (--role "
        "primary)",
    ),
    "omissions": _Report(
        _ON_TOPICS,
        "nothing that is on record about this principal is left out by its anonymous sources",
    ),
    "windows": _Report(
        (
            (
                select(Entry.id).where(Entry.kind == EntryKind.WINDOW),
                "no window is logged yet: 'claimtrack window add' logs one",
            ),
        ),
        "no dated claim or statement falls in a window",
    ),
    "hypotheses": _Report(
        ((_STANCES, f"no entry has a stance yet: the matrix is made of stances; {_HOW}"),),
        "no entry has a stance on these propositions, or only assessments have",
    ),
    "corroboration": _Report(
        (
            (
                select(Proposition.id),
                "there is no proposition yet: 'claimtrack proposition add' adds one",
            ),
        ),
        "every proposition is left out",
    ),
    "track-record": _Report(
        ((_STANCES, f"no entry has a stance yet: records are made of stances; {_HOW}"),),
        "no claim, statement, commitment or assessment has a stance",
    ),
    "citations": _Report(
        (
            _ENTRIES,
            (
                select(Citation.id),
                "no entry cites a document yet: 'claimtrack citation add' adds a citation",
            ),
        ),
        "no entry that counts cites a document",
    ),
}


def explain_empty_report(
    session: Session, report: str, filters: Filters, *, narrowed: bool = False
) -> str:
    """Return a sentence that explains why a report has no rows. Sends at most four statements.

    Args:
        session: The session.
        report: The name of the report.
        filters: The filters of the report.
        narrowed: Whether a further option narrows the report, such as a class of pairs.
    """
    texts = EMPTY_REPORTS.get(report, _ANY_REPORT)
    for needed, sentence in texts.needs:
        if session.execute(needed.limit(1)).first() is None:
            return sentence
    page = replace(filters, limit=None, offset=None, sort=(), include_superseded=False)
    is_of_principal = report_named(report).of_principal
    if narrowed or page != Filters(principal=page.principal if is_of_principal else None):
        return "nothing matches all of the filters"
    if filters.offset:
        return "the page begins after the last row"
    superseded = select(Link.id).where(Link.relation == Relation.SUPERSEDES).limit(1)
    if not filters.include_superseded and session.execute(superseded).first() is not None:
        return f"{texts.nothing}; what another entry supersedes is left out (--include-superseded)"
    return texts.nothing
