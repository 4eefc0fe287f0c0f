"""The reports: one module for each question to the casebook, whose docstring is the definition.

A report sends one statement, or a small number that its docstring states, and streams frozen rows.
What reports share is defined once: what is in scope in `query.visibility`, the filters in
`query.filters`, the definitions in `weigh`.

`REPORTS` lists them. The commands of `report`, the README's table, the sheets and files of exports
and the documentation are made from it, and the methods of the library are checked against it. It is
plain data, so that `--help` imports no report; `reports.running` imports a report when it is run.
"""

import inspect
from dataclasses import dataclass

from claimtrack.query.options import (
    ANONYMOUS,
    ANSWERS,
    CLAIMS,
    COUNTING,
    ENTRIES,
    PAIRS,
    PERIOD,
    PROMISES,
    Option,
)
from claimtrack.vocab import GroupBy


@dataclass(frozen=True)
class Report:
    """The description of a report; see `rows` for how the report is run.

    Attributes:
        name: The name of its command; with underscores, that of its method in the library.
        question: The question that it answers, for the README.
        module: The name of its module in `claimtrack.reports`.
        help: The help of its command, with examples; empty if it is an option of another command.
        rows: The name of the function in `module` that yields its rows. It takes the session, the
            shared filters, its own filters (see `filters_type`) and, if `of_principal`, the keyword
            `principal`. Empty if the report does not consist of rows.
        row: The name of its row class, for exports; empty if exports do not include it.
        refs_row: The name of the row class that also lists the refs of the entries counted, if
            `rows` takes the keyword `refs`; JSON uses it.
        arguments: The positional arguments of its command.
        shared: The filters that it shares with other reports.
        filters: The filters that only it has.
        filters_type: The name of the class in `module` that holds the values of `filters`, which
            `rows` takes as its third argument; if empty, they are passed as keyword arguments.
        shown_by: Options of its command that affect the display of rows, not their selection.
        of_principal: Whether it requires a principal.
        option_of: The name of the report whose command it is an option of; empty if it has a
            command of its own.
        option: That option.
    """

    name: str
    question: str
    module: str
    help: str = ""
    rows: str = ""
    row: str = ""
    refs_row: str = ""
    arguments: tuple[Option, ...] = ()
    shared: tuple[Option, ...] = ENTRIES
    filters: tuple[Option, ...] = ()
    filters_type: str = ""
    shown_by: tuple[Option, ...] = ()
    of_principal: bool = False
    option_of: str = ""
    option: Option | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "help", inspect.cleandoc(self.help))

    @property
    def method(self) -> str:
        """The name of its method in the library."""
        return self.name.replace("-", "_")

    @property
    def variants(self) -> "tuple[Report, ...]":
        """The reports that are run by an option of this report's command."""
        return tuple(one for one in REPORTS if one.option_of == self.name)


REPORTS: tuple[Report, ...] = (
    Report(
        "contradictions",
        "Who is contradicted by whom, on what, how strongly, and how was that found?",
        "contradictions",
        help="""List who is contradicted by whom, on what, how strongly, and how that was found.

        One row per pair of entries, sorted by subject_ref, counter_ref. One of the two entries must
        match all filters on entries; --topic and --proposition match what the two contradict each
        other on.

        --group-by subject shows each subject once, with everything that opposes it. --group-by
        proposition shows the two sides of each proposition, one line per speaker with the first and
        the last day. --limit still counts pairs.

        Examples:
          claimtrack report contradictions
          claimtrack report contradictions --class denial --topic ceasefire
          claimtrack report contradictions --group-by proposition --topic ceasefire
          claimtrack report contradictions --entry C9
          claimtrack report contradictions --format csv --output pairs.csv
        """,
        rows="contradictions",
        row="ContradictionRow",
        filters=PAIRS,
        filters_type="PairFilters",
        shown_by=(
            Option(
                "group_by",
                "group_by",
                "Group the contradictions (table and markdown only)",
                of=GroupBy,
            ),
        ),
    ),
    Report(
        "pair",
        "Why do two entries contradict each other, or why not?",
        "pair_explanation",
        help="""Explain why two entries contradict each other, or why they do not.

        Shows the rule for the class of the pair and how the entries meet it, each pair of opposing
        stances with its judges, the links between the entries, and the dates that were compared.
        Also explains superseded entries and reconciled pairs.

        Examples:
          claimtrack report pair C9 ST2
          claimtrack report pair K1 X1 --format json
          claimtrack report pair C9 ST2 --known-by 2024-01-26
        """,
        arguments=(
            Option("one", "one", "The ref of the first entry.", nouns=("entry",), metavar="A"),
            Option("other", "other", "The ref of the second entry.", nouns=("entry",), metavar="B"),
        ),
        shared=COUNTING,
    ),
    Report(
        "claims",
        "How well is each claim supported: who affirms and who denies it, from how many other "
        "independent origins, and how is it graded?",
        "claims",
        help="""List claims: how many entries affirm, deny and contradict each, and its grade.

        One row per claim, contested claims first. The number of independent origins, besides that
        of the claim itself, is a range: "0 to 1" if the entries that affirm it may come from the
        same people. An entry counts if it is about any of the claim's propositions.

        Examples:
          claimtrack report claims
          claimtrack report claims --contested --principal russia
          claimtrack report claims --uncontradicted --anonymous
        """,
        rows="claims",
        row="ClaimRow",
        refs_row="ClaimRefsRow",
        filters=CLAIMS,
        filters_type="ClaimFilters",
    ),
    Report(
        "answers",
        "Was it answered, by whom, how soon, and does the reply deny, confirm or evade?",
        "answers",
        help="""Show which claims and statements were answered, and how.

        One row per reply, by the refs of the entry and of the reply; of an entry without one, a row
        that says "no reply recorded" (answer: unanswered). A reply is linked as responding to it,
        comes from somebody else, and not surely before it. It denies (opposes at strength 2),
        disputes (1), confirms (agrees), evades (leaves open what the entry is about) or answers.
        Other entries than claims and statements are listed if they have a reply. The filters apply
        to what was answered.

        Examples:
          claimtrack report answers --topic ceasefire
          claimtrack report answers --answer unanswered --principal russia
          claimtrack report answers --within 2
        """,
        rows="answers",
        row="AnswerRow",
        filters=ANSWERS,
        filters_type="AnswerFilters",
    ),
    Report(
        "promises",
        "Until when does each promise run, on what conditions, and what was done about it?",
        "promises",
        help="""Show what became of each promise by a day: its end, its conditions, and deeds.

        One row per commitment, by ref. Deeds are actions that share a voice with it. broken: a
        certain breach, outright, not disputed and over by that day. possibly broken: any other
        breach that is not reconciled. expired: its time is over and no breach is recorded. open:
        the same, and its time is not over or has no known end. No promise is called kept: that no
        breach is recorded does not show it.

        Examples:
          claimtrack report promises
          claimtrack report promises --as-of 2024-05-24 --principal russia
          claimtrack report promises --state broken --state possibly_broken
        """,
        rows="promises",
        row="PromiseRow",
        refs_row="PromiseRefsRow",
        filters=PROMISES,
        filters_type="PromiseFilters",
    ),
    Report(
        "positions",
        "Which positions did an actor take on record, by date, and where did they change?",
        "positions",
        help="""List an actor's positions on record, by date, how they changed, and its actions.

        One row per stance, sorted by date, entry, proposition and judge. The step compares what was
        said with the last earlier statement by the same speaker (reversed, hedged, hardened,
        softened, reaffirmed), or else by another speaker of the same principal (differs, same
        line). It is "order not known" if the dates do not show which statement was the last. The
        gap lists the principal's own actions that oppose the position, "(possible)" if an action
        may lie outside the period. --actor, --principal, --kind and --source select what is
        compared; filters on dates, sides and strength only select what is shown.

        Examples:
          claimtrack report positions --actor russia --topic ceasefire
          claimtrack report positions --principal russia --anonymous
        """,
        rows="positions",
        row="PositionRow",
        filters=(ANONYMOUS,),
    ),
    Report(
        "figures",
        "Who gives which number for a measure, for which period, and which cannot both be right?",
        "figures",
        help="""Show who gives which number, for which period, and which cannot be right as well.

        One row per figure, by measure, entry_ref and judge. Counts conflict when they are of the
        same period and have no number in common, or when a part has more than the whole; levels
        when one is within the time of the other. A figure without a period conflicts with none.

        Examples:
          claimtrack report figures --measure ua-strikes
          claimtrack report figures --topic truce --format csv --output figures.csv
        """,
        rows="figures",
        row="FigureRow",
    ),
    Report(
        "timeline",
        "What was said, done and promised, by date, and what became of each?",
        "timeline",
        help="""Show all entries by date: who, what, with which stances and figures.

        One row per entry, by date (the first day known; undated entries last), then ref; with how
        many entries that oppose it, whether it was answered, and the decision windows in which it
        falls. A window in which it only may fall is marked "possible". An entry without a recorded
        reply may have been answered all the same.

        Examples:
          claimtrack report timeline --topic ceasefire --since 2024-01
          claimtrack report timeline --actor peskov --kind statement --format csv
        """,
        rows="timeline",
        row="TimelineRow",
        refs_row="TimelineRefsRow",
    ),
    Report(
        "coverage",
        "Which topics did each source address, and which did anonymous sources omit?",
        "coverage",
        help="""Show which topics each source of a principal addressed, on record and anonymously.

        One row per topic and source document. In table and markdown, one row per topic with a
        column per source; --limit and --offset count topics there. A source is silent on a topic
        only if it was coded in full; otherwise the topic is "not coded". With --omissions, one row
        per omitted topic that has no topics below it. --principal is required.

        Examples:
          claimtrack report coverage --principal russia
          claimtrack report coverage --principal russia --topic war-aims --omissions
        """,
        rows="coverage",
        row="CoverageRow",
        of_principal=True,
    ),
    Report(
        "omissions",
        "Which topics on record do the anonymous sources omit?",
        "coverage",
        rows="omissions",
        row="OmissionRow",
        option=Option(
            "omissions",
            "omissions",
            "List only topics on record that no anonymous claim addresses.",
            of=bool,
        ),
        of_principal=True,
        option_of="coverage",
    ),
    Report(
        "windows",
        "Which claims were made while a decision was pending?",
        "windows",
        help="""List the claims and statements that fall in each decision window, certainly or
        possibly.

        One row per entry and window, sorted by window, then entry. An entry is certain if it lies
        within the known days of the window. With --period, one row with the result of a
        circular-shift test: whether entries cluster in the windows.

        Examples:
          claimtrack report windows --topic ceasefire --affirming
          claimtrack report windows --topic ceasefire --period 2022-02-24/2024-05-24
        """,
        rows="windows",
        row="WindowRow",
    ),
    Report(
        "clustering",
        "Do claims cluster in the periods in which a decision was pending?",
        "windows",
        option_of="windows",
        option=PERIOD,
    ),
    Report(
        "hypotheses",
        "Which entries speak against each of several competing hypotheses?",
        "hypotheses",
        help="""Weigh the evidence against competing hypotheses.

        One row per entry, one column per hypothesis. II and I are inconsistent with a hypothesis, C
        and CC consistent. The sums at the end of a table add up the evidence against each
        hypothesis, once per origin, with the number of rated entries and the inferred part of the
        sum. They are not probabilities, and are left out if fewer than two entries are rated.
        Assessments judge evidence and are not evidence themselves: they are counted and left out,
        unless you select them with --kind assessment. If judges read an entry differently, the
        reading most against the hypothesis counts.

        Examples:
          claimtrack report hypotheses ceasefire-ready feigned
          claimtrack report hypotheses ceasefire-ready feigned --sums --format csv
          claimtrack report hypotheses ceasefire-ready feigned --kind assessment
          claimtrack report hypotheses war-aims --known-by 2024-01-26
        """,
        row="CellRow",
        arguments=(
            Option(
                "names",
                "names",
                "The propositions to compare, or one exclusive topic.",
                several=True,
                nouns=("proposition", "topic"),
                metavar="PROPOSITION",
            ),
        ),
    ),
    Report(
        "hypothesis-sums",
        "How much speaks against each of several competing hypotheses?",
        "hypotheses",
        option_of="hypotheses",
        option=Option(
            "sums",
            "sums",
            "Print one row per hypothesis instead: the evidence against it.",
            of=bool,
        ),
    ),
    Report(
        "corroboration",
        "Who affirms and who denies each proposition, each side from how many independent origins "
        "and publishers?",
        "corroboration",
        help="""Show who affirms and who denies each proposition, from how many independent origins.

        Each side has the number of its entries, of its origins (minimum and maximum) and of its
        publishers, and its first and last known day; undated entries may be earlier or later.
        Assessments are counted separately, since they are judgements.

        Examples:
          claimtrack report corroboration --topic ceasefire
        """,
        rows="corroboration",
        row="CorroborationRow",
        refs_row="JudgedRow",
    ),
    Report(
        "track-record",
        "How many resolved propositions did each source get right and wrong?",
        "track_record",
        help="""Show how many resolved propositions each source got right and wrong.

        What a source said last, on or before the day of the resolution, counts. A source that
        withdrew its claim is not counted.

        Examples:
          claimtrack report track-record
          claimtrack report track-record --known-by 2024-06-01
        """,
        rows="track_record",
        row="TrackRecordRow",
    ),
    Report(
        "citations",
        "Which document does each entry cite, and in which footnote was the citation found?",
        "citations",
        help="""List citations: which document each entry cites, and in which footnote it was found.

        Examples:
          claimtrack report citations --actor SRC-1
          claimtrack report citations --source S2 --format csv
        """,
        rows="citations",
        row="CitationRow",
    ),
)
"""Every report, in the order in which the README lists them."""


def report_named(name: str) -> Report:
    """Return a report by the name of its command."""
    return next(one for one in REPORTS if one.name == name)
