"""What looks wrong in the casebook: the lints, errors first, then warnings, then hints.

Each is one function that sends one statement; findings come by lint, then by the refs they are
about. Entries that another supersedes have left the reports, and are not looked at, quotations
apart.

Errors, which no reading of the sources makes right:

* contradiction_agrees: a judge links two entries as contradicting, and they take the same side of a
  proposition; no stance of one opposes any of the other
* contradicts_and_reconciles: one judge links a pair both as contradicting and as compatible, at
  whatever strengths
* corroboration_opposes: a judge links two entries as corroborating, and they oppose each other; a
  pair that a judge has reconciled is let be
* misquotation: the words quoted are not at their position in the document, or its text is gone

Warnings, which may be as they should:

* bad_address: the address of a document is not one (see `addresses`): it holds white space, has no
  scheme, or is several; no new one may be so
* dated_after_documents: the first day of an entry is after the last day of every document that
  shows it, other addresses of each included; windows lie ahead, and what a document without a date
  shows is let be
* dated_after_logged: the first day of an entry, or of the publication of a document, was still to
  come when it was logged, wherever on earth; windows are let be, and so is what entries are about
* dated_before_1800: a bound of the date of an entry, or of the publication of a document, is
* different_likelihoods: one judge gives a proposition two likelihoods, in entries of the same dates
  (or in one entry); undated entries are not compared
* different_readings: judges give one entry different values on one proposition, or different
  likelihoods; a likelihood that only one of them gives is no disagreement, and neither are other
  bases, conditions or words
* disputed_compatibility: one judge links a pair as compatible, another as contradicting; who sets
  the two against each other by stances alone has said nothing of compatibility
* early_reply: the last day of a reply is before the first of what it answers; what has no such end
  is let be
* no_citation: an entry that cites nothing
* no_stance_or_link: an entry that is about nothing and bears on nothing; to be linked
  as unrelated is neither
* one_sided_condition: of two entries that oppose each other, one speaks under a condition and the
  other does not; a pair that a judge has reconciled is let be
* reworded_after_judgement: the summary of an entry was changed after somebody's stance or grade on
  it, or link to or from it, was last written; merging actors writes none
* same_address: the addresses of documents differ in nothing but what `addresses.key` leaves out;
  other addresses of one canonical document are let be
* same_name: two actors share a name or alias, or all but share it: the order of the words, case,
  diacritics and punctuation apart, y read as i and a doubled letter as one. Russian, Ukrainian and
  Belarusian names are compared by their sound too (see `names`), in whichever script they stand,
  with or without patronymic. Anonymous sources are not compared: `a Russian source` is many people
* same_words: entries of one actor, date, place and document, other addresses of it included, of
  which half of all the words, the commonest apart, are in both; what somebody has linked, however,
  as unrelated or otherwise, is let be, and so is what has no date
* undated: an entry of which neither the first nor the last day is known

Hints, which may be worth a look:

* unrelated_but_linked: a pair that is linked as unrelated bears another link, by any judge
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from claimtrack.reports.lints import ERRORS, HINTS, WARNINGS


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that looks wrong.

    Attributes:
        level: `error`, `warning` or `hint`.
        lint: Which lint found it, by the names above.
        refs: The records it is about, as `claimtrack show` takes them.
        finding: What is wrong, in one sentence.
    """

    level: str
    lint: str
    refs: tuple[str, ...]
    finding: str


def check(session: Session) -> Iterator[Finding]:
    """Stream what looks wrong: errors, warnings, hints, by lint, then refs. One statement each."""
    for level, lints in (("error", ERRORS), ("warning", WARNINGS), ("hint", HINTS)):
        for name, lint in sorted(lints.items()):
            for refs, finding in lint(session):
                yield Finding(level, name, refs, finding)
