"""The tables, and every rule that no writer can get around.

Integer keys stay inside; people and files use refs. Rows are written by `changes` alone.
"""

from claimtrack.models.base import KEY_TYPE, MISPROTECTED, Base, Named, Texts
from claimtrack.models.judged import Figure, Grade, Link, Measure, Proposition, Stance, Topic
from claimtrack.models.log import EVER_PROTECTED, Capture, Casebook, Content, Revision
from claimtrack.models.sourced import Actor, Citation, Document, Entry, Participation, has_alias

__all__ = [
    "EVER_PROTECTED",
    "KEY_TYPE",
    "MISPROTECTED",
    "Actor",
    "Base",
    "Capture",
    "Casebook",
    "Citation",
    "Content",
    "Document",
    "Entry",
    "Figure",
    "Grade",
    "Link",
    "Measure",
    "Named",
    "Participation",
    "Proposition",
    "Revision",
    "Stance",
    "Texts",
    "Topic",
    "has_alias",
]
