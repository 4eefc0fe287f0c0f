"""The lint on two principals' accounts of each other that do not oppose; `check` describes it."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import Select, select

from claimtrack.db import Session
from claimtrack.models import Entry, Participation, Proposition, Stance, Topic
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import entry_in_scope
from claimtrack.reports.findings import SHOWN, Found, ListedRefs, Refs, join_listed
from claimtrack.sql import batches, stream
from claimtrack.vocab import ParticipationRole
from claimtrack.weigh.pair_checks import ACCOUNT_KINDS, Parties, iter_accounts

_Accounts: TypeAlias = dict[int, dict[int, ListedRefs]]
"""By the key of a principal, what it affirms of another: the entries, by proposition."""


def accounts_of_each_other(
    session: Session, facts: FactsLoader, shown: DisplayValues, opposed: Container[Parties]
) -> Found:
    """Yield a finding for each topic and two principals who affirm different things of each other.

    By the ref of the topic. Sends one statement, and those of `FactsLoader.load` for each batch of
    entries. Memory grows with the entries on one topic.

    Args:
        session: The session.
        facts: Loads the facts of entries.
        shown: Looks up the refs of propositions and actors.
        opposed: The parties to leave out, since some of their accounts oppose or are reconciled.
    """
    found = stream(session, _select_accounts())
    for (ref, topic), rows in groupby(found, itemgetter(0, 1)):
        accounts = _collect_accounts(facts, (key for *_, key, _ in rows), topic)
        findings = (
            _describe(ref, one, shown, unshared)
            for one, sides in accounts.items()
            if one not in opposed and len(unshared := _keep_unshared(sides)) == 2
        )
        yield from sorted(findings)


def _collect_accounts(
    facts: FactsLoader, keys: Iterator[int], topic: int
) -> Mapping[Parties, _Accounts]:
    """Return the accounts on one topic: the refs of entries by parties, speaker, proposition."""
    found: dict[Parties, _Accounts] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(ListedRefs))
    )
    for batch in batches(keys):
        for entry in facts.load(batch).values():
            for account in set(iter_accounts(entry)):
                if account.topic == topic:
                    found[Parties.of(account)][account.by][account.proposition].add(entry.ref)
    return found


def _keep_unshared(sides: _Accounts) -> _Accounts:
    """Return the accounts of each of two parties without the propositions that both affirm."""
    found = {}
    for by, affirmed in sides.items():
        theirs = set().union(*(of for other, of in sides.items() if other != by))
        unshared = {key: entries for key, entries in affirmed.items() if key not in theirs}
        if unshared:
            found[by] = unshared
    return found


def _describe(
    topic: str, parties: Parties, shown: DisplayValues, accounts: _Accounts
) -> tuple[Refs, str]:
    """Return the refs and the sentence of the finding on two parties under one topic."""
    names = {key: shown.actors[key] for key in (parties.one, parties.other)}
    one, other = sorted(names, key=names.__getitem__)
    entries, parts = [], []
    for by, of in ((one, other), (other, one)):
        refs = shown.propositions.get_many(accounts[by])
        affirmed = sorted((refs[key], found) for key, found in accounts[by].items())
        words = [f"{ref} ({found})" for ref, found in affirmed]
        parts.append(f"{names[by]} affirms of {names[of]} {join_listed(words)}")
        entries += list(dict.fromkeys(_iter_first_refs(found for _, found in affirmed)))[:SHOWN]
    return (
        (topic, *dict.fromkeys(entries)),
        f"under {topic} {', and '.join(parts)}; nothing sets any of this against each other: "
        f"if they accuse each other of one thing, link the entries as contradicting, or let both "
        "take sides on one proposition",
    )


def _iter_first_refs(found: Iterable[ListedRefs]) -> Iterator[str]:
    for entries in found:
        yield from entries.first


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _select_accounts() -> Select[*tuple[Any, ...]]:
    """Select the entries that may give an account of another party, once for each topic.

    The columns are the ref and the key of the topic, and the key and the ref of the entry; ordered
    by the two refs.
    """
    return (
        select(Topic.ref, Topic.id, Entry.id, Entry.ref)
        .distinct()
        .select_from(Participation)
        .join(Entry, Entry.id == Participation.entry_id)
        .join(Stance, Stance.entry_id == Entry.id)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(Topic, Topic.id == Proposition.topic_id)
        .where(Participation.role == ParticipationRole.SUBJECT, Stance.value > 0)
        .where(Entry.kind.in_(ACCOUNT_KINDS), *entry_in_scope(Entry, Filters()))
        .order_by(Topic.ref, Entry.ref)
    )
