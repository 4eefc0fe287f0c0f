"""The lints of a casebook, errors first, then warnings, then hints.

The lints on single records send one statement each; those on pairs of opposing entries share one
pass over the pairs (`pair_findings`). Findings come by lint, then by the refs that they are about.
Superseded entries are not checked, except for their quotations.

Errors, which no reading of the sources makes right:

* contradiction_agrees: a judge links two entries as contradicting, and they agree: they take the
  same side of a proposition, and no stance of one opposes any of the other; entries whose
  times exclude each other do not agree
* contradicts_and_reconciles: one judge links a pair both as contradicting and as compatible, at
  whatever strengths; a judge may reconcile a pair that his own stances oppose
* corroboration_opposes: a judge links two entries as corroborating, and they oppose each other; a
  pair that is reconciled is skipped, and so is a judge who reconciles it himself
* misquotation: the quoted words are not at their position in the document, or it has no text now

Warnings, which may be correct as they are:

* bad_address: the address of a document is invalid (see `addresses`): it contains white space, has
  no scheme, or is several addresses; new ones are refused
* dated_after_documents: the first day of an entry is after the last day of every document that
  shows it, other addresses of each included; windows lie ahead and are skipped, and so
  are entries that an undated document shows
* dated_after_logged: the first day of an entry, or of the publication of a document, was still to
  come when it was logged, wherever on earth; windows are skipped, and so is what entries are about
* dated_before_1800: a bound of the date of an entry, or of the publication of a document, is
  before 1800
* different_likelihoods: one judge gives a proposition two likelihoods, in entries of the same dates
  (or in one entry); undated entries are not compared
* different_readings: judges give one entry different values on one proposition, or different
  likelihoods; a likelihood that only one of them gives is no disagreement, and neither are other
  bases, conditions or words
* disputed_compatibility: a judge reconciles a pair, and a judge of one of its grounds, a link or
  stances, does not
* early_reply: the last day of a reply is before the first day of the entry it responds to; pairs
  with a missing end are skipped
* no_citation: an entry without a citation
* no_stance_or_link: an entry without a stance, a figure or a link other than `unrelated`
* one_sided_condition: of two entries that oppose each other, one has a condition and the other
  has none; one finding for all unconditional entries on the same propositions; reconciled pairs are
  skipped
* reworded_after_judgement: the summary of an entry was changed after somebody's stance or grade on
  it, or link to or from it, was last written; merging actors writes none
* same_address: the addresses of documents differ only in what `addresses.key` ignores;
  other addresses of one canonical document are skipped
* same_name: two actors share a name or alias, or all but share it: the order of the words, case,
  diacritics and punctuation apart, y read as i and a doubled letter as one. Russian, Ukrainian and
  Belarusian names are compared by their sound too (see `name_matching`), in Latin or Cyrillic
  script, with or without patronymic. Anonymous sources are not compared: `a Russian source` is many
  people
* same_words: entries of one actor, date, place and document, other addresses of it included, of
  which half of all words, except the commonest, are in both; linked entries (also as unrelated)
  and undated ones are skipped
* undated: an entry of which neither the first nor the last day is known

Hints, which may be worth a look. Reconciled pairs are skipped, and an entry has one finding,
however many other entries it concerns:

* accounts_of_each_other: two principals affirm, in claims and statements of which the other is a
  `subject`, different propositions directly under one topic, and no such entry of one opposes any
  of the other, or was reconciled with it: who broke a truce may be such a topic; what both affirm
  of each other is skipped
* figure_without_period: an entry has figures that can be compared with no others, since they have
  no period (see `weigh.figures`)
* may_be_reply: a statement opposes a claim or a statement of another principal, is surely at most
  three days from it and not surely before it, shares no voice with it, and no reply is recorded,
  in either direction; pairs linked as unrelated are skipped
* personal_promise: a commitment of a person who belongs to somebody, on nobody's behalf, is opposed
  by a deed of that person's principal, or of anybody below it, without the person
* promise_without_end: a commitment that names no end is opposed by deeds that are surely more than
  a year later than its date and than the beginning of the period it is about
* unrelated_but_linked: a pair that is linked as unrelated bears another link, by any judge
* unrelated_but_opposed: a pair that is linked as unrelated opposes each other by its stances or
  figures
"""

from collections.abc import Iterator
from heapq import merge

from claimtrack.db import Session
from claimtrack.reports.findings import LEVELS, Finding, get_sort_place
from claimtrack.reports.lints import ERRORS, HINTS, WARNINGS
from claimtrack.reports.pair_lint_pass import pair_findings


def check(session: Session) -> Iterator[Finding]:
    """Yield the findings: errors, warnings, hints; by lint, then by refs."""
    return merge(_findings(session), pair_findings(session), key=get_sort_place)


def _findings(session: Session) -> Iterator[Finding]:
    """Yield the findings of the lints on single records, which send one statement each."""
    for level, lints in zip(LEVELS, (ERRORS, WARNINGS, HINTS), strict=True):
        for name, lint in sorted(lints.items()):
            for refs, finding in lint(session):
                yield Finding(level, name, refs, finding)
