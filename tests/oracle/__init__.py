"""The reports worked out from the text of the model alone, in plain Python.

Naive and slow on purpose: each function is one definition, written to be compared with its words.
Nothing here imports the program. `read_casebook` takes the plain data of dossier files, each report
a casebook and Options, and returns rows as dicts with the names of columns; counts have their refs
beside them (`affirmed_by`, `affirmed_by_refs`).

Where the text leaves room, the reading that claims less is taken; the docstring says "Decision".
"""

from oracle.claims import (
    claims,
    contested,
    corroboration,
    single_origin,
    uncontradicted,
    uncorroborated,
)
from oracle.contradictions import contradictions
from oracle.facts import Casebook, read_casebook
from oracle.hypotheses import hypotheses, hypothesis_sums, track_record
from oracle.origins import origins
from oracle.positions import positions
from oracle.promises import answers, figures, promises
from oracle.timeline import timeline
from oracle.views import Options, read_options, view_of
from oracle.windows import clustering, coverage, omissions, windows

__all__ = [
    "Casebook",
    "Options",
    "answers",
    "claims",
    "clustering",
    "contested",
    "contradictions",
    "corroboration",
    "coverage",
    "figures",
    "hypotheses",
    "hypothesis_sums",
    "omissions",
    "origins",
    "positions",
    "promises",
    "read_casebook",
    "read_options",
    "single_origin",
    "timeline",
    "track_record",
    "uncontradicted",
    "uncorroborated",
    "view_of",
    "windows",
]
