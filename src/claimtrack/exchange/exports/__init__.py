"""Exports of casebooks for other programs: one module for each format.

`FORMATS` lists them. The commands of `export`, the options of `Casebook.export` and the list in the
documentation are made from it. It is plain data, so that `--help` imports no format;
`exports.exporting` imports one when it is written.
"""

import inspect
from dataclasses import dataclass

from claimtrack.query.options import BOM, RAW, SCOPE, Option
from claimtrack.vocab import GroupBy


@dataclass(frozen=True)
class Format:
    """A format in which a casebook, or the records that filters select, can be written.

    Attributes:
        name: The name of its command, and the argument `format` of `Casebook.export`.
        module: The name of its module in `claimtrack.exchange.exports`.
        help: The help of its command: the first paragraph says what is written, examples come last.
        write: The name of the function in `module` that writes it. It takes an `Export`, the file
            or folder, and the options below as keyword arguments.
        options: The options that only it has.
        filters: The filters that it accepts.
        suffixes: The suffixes that its file name may have; empty for any.
        makes_folder: Whether it is a new folder, or a ZIP of one if the name ends in .zip.
    """

    name: str
    module: str
    help: str
    write: str = "export"
    options: tuple[Option, ...] = ()
    filters: tuple[Option, ...] = SCOPE
    suffixes: tuple[str, ...] = ()
    makes_folder: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "help", inspect.cleandoc(self.help))


_LICENCE = Option(
    "licence",
    "licence",
    "Under which others may use it, such as CC-BY-4.0; usually: not specified.",
    metavar="ID",
)
_OF_BRIEFINGS = (
    Option(
        "title",
        "title",
        "What the briefing is called.",
        metavar="TEXT",
        default="Casebook of sourced claims",
    ),
    Option(
        "hypothesis",
        "weighed",
        "A proposition to weigh against the others so named, in a matrix; repeatable.",
        several=True,
        nouns=("proposition",),
    ),
    Option(
        "group_by",
        "group_by",
        "Group the contradictions: those of no contested claim by subject, or all by proposition",
        of=GroupBy,
    ),
)

FORMATS: tuple[Format, ...] = (
    Format(
        "datapackage",
        "data_package",
        help="""Write a data package: every table and every report as CSV, described for programs.

        TARGET is a new folder, or a file that ends in .zip. 'claimtrack import tables' reads it
        back. With filters, the entries that lists give for them, with all that these refer to;
        coverage and omissions are there with --principal. Hypotheses are the matrices of all
        exclusive topics, a row for each cell.

        Examples:
          claimtrack export datapackage casebook --licence CC-BY-4.0
          claimtrack export datapackage ceasefire.zip --topic ceasefire --since 2024
        """,
        options=(_LICENCE, RAW, BOM),
        makes_folder=True,
    ),
    Format(
        "xlsx",
        "spreadsheet",
        help="""Write a workbook: a cover, and a sheet for each report.

        No cell is a formula. A report of more than 1,048,575 rows goes on in a further sheet; a
        cell of more than 32,767 characters is cut, and says so. Coverage and omissions are there
        with --principal. Hypotheses are the matrices of all exclusive topics, a row for each cell.

        Examples:
          claimtrack export xlsx casebook.xlsx
          claimtrack export xlsx russia.xlsx --principal russia --since 2024
        """,
    ),
    Format(
        "graph",
        "graph",
        help="""Write entries and their oppositions as a graph: TARGET ends in .graphml or .gexf.

        A node for each entry, an edge for each pair of the contradictions report, with its class,
        its grounds and its strength as weight. With filters, the entries that lists give for them,
        and the pairs of two of those. Gephi reads both formats.

        Examples:
          claimtrack export graph casebook.gexf
          claimtrack export graph ceasefire.graphml --topic ceasefire
        """,
        suffixes=(".graphml", ".gexf"),
    ),
    Format(
        "stix",
        "stix",
        help="""Write a STIX 2.1 bundle, for platforms of threat intelligence.

        Actors are identities, entries notes with their documents as references, propositions
        groupings of notes, links relationships (but not unrelated), pairs of the contradictions
        report relationships called opposes, and what assessments make of claims opinions. All their
        fields stand in an extension. Ids stay the same from one export to the next. With filters,
        the entries that lists give for them, with all that these refer to, and the pairs of two of
        those.

        Examples:
          claimtrack export stix casebook.json
          claimtrack export stix ceasefire.json --topic ceasefire --known-by 2024-01-26
        """,
    ),
    Format(
        "claimreview",
        "claimreview",
        help="""Write the claims as schema.org JSON-LD, with what assessments make of them as
        ClaimReviews.

        Where a claim appeared are its primary documents; those that pass it on are subjectOf. A
        review is there where an assessment in a document with a web address takes a stance on a
        proposition of the claim: rated from 1, the claim is contradicted outright, to 5, it is
        borne out. Its words are the assessment's hedge, else its summary; where they say another
        than the number, it is left out. With filters, the claims that lists give for them.
        'claimtrack import claimreview' reads the reviews.

        Examples:
          claimtrack export claimreview claims.jsonld
          claimtrack export claimreview russia.jsonld --principal russia
        """,
    ),
    Format(
        "markdown",
        "briefing.page",
        help="""Write a briefing to hand to an editor, as Markdown with footnotes.

        Every entry that lists give for the filters: contested claims first, with what speaks for
        and against each; then all others by date, undated last; then the matrix of each exclusive
        topic, and of the propositions given as --hypothesis; and one footnote for each document.
        Between them the contradictions in which no contested claim stands, and the pairs that are
        reconciled. What the filters leave out is counted on the page.

        Examples:
          claimtrack export markdown briefing.md
          claimtrack export markdown nato.md --topic nato --title 'NATO, January to May 2024'
          claimtrack export markdown talks.md --hypothesis ceasefire-ready --hypothesis feigned
          claimtrack export markdown sides.md --group-by proposition
        """,
        write="export_markdown",
        options=_OF_BRIEFINGS,
    ),
    Format(
        "html",
        "briefing.page",
        help="""Write a briefing to hand to an editor, as one HTML file that prints well.

        It holds what 'export markdown' writes, and needs nothing from elsewhere: no scripts, no
        fonts.

        Examples:
          claimtrack export html briefing.html
          claimtrack export html russia.html --principal russia --known-by 2024-01-26
        """,
        write="export_html",
        options=_OF_BRIEFINGS,
    ),
)
"""Every format, in the order in which the documentation lists them."""
