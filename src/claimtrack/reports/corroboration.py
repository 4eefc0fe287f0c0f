"""Who affirms and who denies each proposition, and from how many independent origins.

One row per proposition, by ref.

* An entry of any kind affirms a proposition when it takes a positive stance on it, and denies it
  when it takes a negative one, in the reading of any judge that counts; where judges differ it does
  both. Leaving it open is neither.
* `origins_min` and `origins_max` count the independent origins of the affirmers: the widest and
  the narrowest reading of what is one origin (see `origins`).
* Every proposition has a row, also one of which nobody has spoken. With filters on entries only
  those that an entry wanted addresses have one; with `affirming` or `denying` only those with an
  affirmer or a denier. `min_strength` is the least |value| of a stance that counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Text,
    cast,
    select,
)
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Entry, Proposition, Stance
from claimtrack.reports.filters import (
    Filters,
    entry_matches,
    in_order,
    proposition_matches,
    strong_enough,
)
from claimtrack.reports.glossary import entry_counts, stance_counts
from claimtrack.reports.origins import Origins, origin_facts
from claimtrack.sql import among, json_list, json_row, stream


@dataclass(frozen=True, slots=True)
class CorroborationRow:
    """A proposition, and what stands for and against it."""

    proposition: str
    affirmed_by: int
    denied_by: int
    origins_min: int
    origins_max: int
    affirmers: tuple[str, ...]
    deniers: tuple[str, ...]


def corroboration(session: Session, wanted: Filters | None = None) -> Iterator[CorroborationRow]:
    """Stream the propositions with who affirms and denies them, by ref. Sends one statement.

    Raises:
        InvalidValue: there is no such column to sort by.
    """
    wanted = wanted or Filters()
    rows = map(_row, stream(session, _propositions(wanted)))
    return in_order(rows, wanted, CorroborationRow)


def _propositions(wanted: Filters) -> Select[Any]:
    proposition = aliased(Proposition)
    affirmer, denier, anyone = aliased(Entry), aliased(Entry), aliased(Entry)
    affirms = _takes_side(affirmer, proposition, (1, 2), wanted)
    denies = _takes_side(denier, proposition, (-2, -1), wanted)
    addresses = _takes_side(anyone, proposition, (-2, 2), wanted)
    query = (
        select(
            proposition.ref.label("proposition"),
            cast(
                _listed(
                    json_row(affirmer.ref, origin_facts(affirmer, wanted)), proposition, affirms
                ),
                Text,
            ),
            _listed(denier.ref, proposition, denies),
        )
        .where(*proposition_matches(proposition.id, wanted))
        .order_by(proposition.ref)
    )
    needed = [
        (bool(entry_matches(anyone, wanted)), anyone, addresses),
        (wanted.affirming, affirmer, affirms),
        (wanted.denying, denier, denies),
    ]
    for asked, entry, conditions in needed:
        if asked:
            query = query.where(select(entry.id).where(*conditions).correlate(proposition).exists())
    return query


def _takes_side(
    entry: type[Entry], proposition: type[Proposition], values: tuple[int, int], wanted: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry wanted takes a stance of such a value."""
    stance = aliased(Stance)
    taken = select(stance.entry_id).where(
        stance.proposition_id == proposition.id,
        stance.value.between(*values),
        *stance_counts(stance, wanted),
        *strong_enough(stance, wanted),
    )
    taking = among(entry.id, taken.correlate(proposition).scalar_subquery())
    return [taking, *entry_counts(entry, wanted), *entry_matches(entry, wanted)]


def _listed(
    told: SQLColumnExpression[Any],
    proposition: type[Proposition],
    conditions: list[ColumnElement[bool]],
) -> ScalarSelect[Any]:
    return select(json_list(told)).where(*conditions).correlate(proposition).scalar_subquery()


def _row(row: Any) -> CorroborationRow:
    proposition, told, deniers = row
    origins, affirmers = Origins(), []
    for ref, facts in _each(told):
        affirmers.append(ref)
        origins.add([facts])
    return CorroborationRow(
        proposition=proposition,
        affirmed_by=len(affirmers),
        denied_by=len(deniers),
        origins_min=origins.widest.count,
        origins_max=origins.narrowest.count,
        affirmers=tuple(sorted(affirmers)),
        deniers=tuple(sorted(deniers)),
    )


def _each(told: str) -> Iterator[Any]:
    """Yield the lists in a JSON list: thousands of them at once take ten times the text."""
    decoder, at = JSONDecoder(), told.find("[", 1)
    while at > 0:
        item, end = decoder.raw_decode(told, at)
        yield item
        at = told.find("[", end)
