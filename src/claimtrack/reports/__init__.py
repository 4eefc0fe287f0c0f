"""The reports: one module for each question to the casebook, whose docstring is the definition.

A report sends one statement, or a small number that its docstring states, and streams frozen rows.
What reports share is defined once: what is in scope in `query.visibility`, the filters in
`query.filters`, the definitions in `weigh`.

`REPORTS` lists them. The README's table and the sheets and files of exports are made from it; the
commands and the methods of the library are checked against it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    """A question that a casebook answers.

    Attributes:
        name: Its command, and with underscores the method of the library.
        question: What it answers, as the README asks it.
        module: The module of `claimtrack.reports` that answers it.
        rows: The function that streams its rows, of a session and filters, and of a principal where
            `of_principal`; empty where it takes more than these.
        row: The type of the rows that exports hold; empty where they leave it out.
        of_principal: Whether it is always asked of a principal.
        option_of: The report of whose command it is an option; empty where it is a command.
    """

    name: str
    question: str
    module: str
    rows: str = ""
    row: str = ""
    of_principal: bool = False
    option_of: str = ""


REPORTS: tuple[Report, ...] = (
    Report(
        "contradictions",
        "Who is contradicted by whom, on what, how strongly, and how was it found?",
        "contradictions",
        "contradictions",
        "ContradictionRow",
    ),
    Report("pair", "Why do two entries oppose each other, or why do they not?", "explanation"),
    Report(
        "claims",
        "How does each claim stand: who affirms and who denies it, from how many independent "
        "origins other than its own, and how is it graded?",
        "claims",
        "claims",
        "ClaimRow",
    ),
    Report(
        "positions",
        "What did an actor hold on record, by date, and where did it change?",
        "positions",
        "positions",
        "PositionRow",
    ),
    Report(
        "coverage",
        "Which topics did each source address, and which did the anonymous ones leave out?",
        "coverage",
        "coverage",
        "CoverageRow",
        of_principal=True,
    ),
    Report(
        "omissions",
        "On which topics that are on record are the anonymous sources silent?",
        "coverage",
        "omissions",
        "OmissionRow",
        of_principal=True,
        option_of="coverage",
    ),
    Report(
        "windows",
        "Which claims fall in the weeks in which a decision was pending?",
        "windows",
        "windows",
        "WindowRow",
    ),
    Report(
        "hypotheses",
        "Which entries speak against each of several competing hypotheses?",
        "hypotheses",
        row="CellRow",
    ),
    Report(
        "corroboration",
        "Who affirms and who denies each proposition, each side from how many independent origins "
        "and publishers?",
        "corroboration",
        "corroboration",
        "CorroborationRow",
    ),
    Report(
        "track-record",
        "How many resolved propositions did each source's last word get right and wrong?",
        "track_record",
        "track_record",
        "TrackRecordRow",
    ),
    Report(
        "citations",
        "Which entry stands on which document, and in which footnote was that found?",
        "citations",
        "citations",
        "CitationRow",
    ),
)
"""Every report, in the order in which the README lists them."""
