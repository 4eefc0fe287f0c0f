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
    "Licence of the data, such as CC-BY-4.0; default: not specified.",
    metavar="ID",
)
_OF_BRIEFINGS = (
    Option(
        "title",
        "title",
        "Title of the briefing.",
        metavar="TEXT",
        default="Casebook of sourced claims",
    ),
    Option(
        "hypothesis",
        "weighed",
        "Compare this proposition with the other --hypothesis options in a matrix; "
        "can be repeated.",
        several=True,
        nouns=("proposition",),
    ),
    Option(
        "group_by",
        "group_by",
        "Group contradictions: those without a contested claim by subject, or all by proposition",
        of=GroupBy,
    ),
)

FORMATS: tuple[Format, ...] = (
    Format(
        "datapackage",
        "data_package",
        help="""Write a data package: every table and every report as CSV, described for programs.

        TARGET is a new folder, or a file that ends in .zip. 'claimtrack import tables' reads it
        back. Filters select entries as in 'entry' lists; everything these entries refer to is
        included. Coverage and omissions are included with --principal. Hypotheses are the matrices
        of all exclusive topics, one row per cell.

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

        No cell is a formula. A report of more than 1,048,575 rows continues on another sheet; a
        cell of more than 32,767 characters is truncated and marked. Coverage and omissions are
        included with --principal. Hypotheses are the matrices of all exclusive topics, one row per
        cell.

        Examples:
          claimtrack export xlsx casebook.xlsx
          claimtrack export xlsx russia.xlsx --principal russia --since 2024
        """,
    ),
    Format(
        "graph",
        "graph",
        help="""Write entries and contradictions as a graph, to a .graphml or .gexf file.

        A node for each entry, and an edge for each pair of the contradictions report, with its
        class, its grounds and its strength as weight. With filters, the graph has the entries that
        match, and the pairs between them. Gephi reads both formats.

        Examples:
          claimtrack export graph casebook.gexf
          claimtrack export graph ceasefire.graphml --topic ceasefire
        """,
        suffixes=(".graphml", ".gexf"),
    ),
    Format(
        "stix",
        "stix",
        help="""Write a STIX 2.1 bundle, for threat intelligence platforms.

        Actors become identities; entries, notes with their documents as references; propositions,
        groupings of notes; links, relationships (but not unrelated); contradictions, relationships
        called opposes; assessments of claims, opinions. An extension has all other fields. Ids stay
        the same from one export to the next. With filters, the bundle has the entries that match,
        everything they refer to, and the pairs between them.

        Examples:
          claimtrack export stix casebook.json
          claimtrack export stix ceasefire.json --topic ceasefire --known-by 2024-01-26
        """,
    ),
    Format(
        "claimreview",
        "claimreview",
        help="""Write claims as schema.org JSON-LD, with assessments of them as ClaimReviews.

        A claim's primary documents are its appearances; documents that relay it are subjectOf. An
        assessment in a document with a web address becomes a review if it takes a stance on one of
        the claim's propositions. Ratings go from 1 (contradicted outright) to 5 (borne out). The
        text of a rating is the assessment's hedge, or else its summary; a review whose text and
        number disagree is left out. With filters, only claims that match. 'claimtrack import
        claimreview' reads the reviews.

        Examples:
          claimtrack export claimreview claims.jsonld
          claimtrack export claimreview russia.jsonld --principal russia
        """,
    ),
    Format(
        "markdown",
        "briefing.page",
        help="""Write a briefing to hand to an editor, as Markdown with footnotes.

        The briefing has every entry that matches the filters: contested claims first, each with the
        evidence for and against it; then contradictions without a contested claim, and reconciled
        pairs; then all other entries by date, undated last; then the matrix of each exclusive topic
        and of the --hypothesis options; and one footnote per document. It says how many entries the
        filters left out.

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

        The content is that of 'export markdown'. The file is self-contained: it has no scripts and
        needs no fonts.

        Examples:
          claimtrack export html briefing.html
          claimtrack export html russia.html --principal russia --known-by 2024-01-26
        """,
        write="export_html",
        options=_OF_BRIEFINGS,
    ),
)
"""Every format, in the order in which the documentation lists them."""
