"""Casebooks that hypothesis makes up: every table, odd texts, open dates, all that may be empty."""

from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from claimtrack.schemas import (
    New,
    NewActor,
    NewCitation,
    NewDocument,
    NewEntry,
    NewFigure,
    NewGrade,
    NewLink,
    NewMeasure,
    NewParticipation,
    NewProposition,
    NewStance,
    NewTopic,
)
from claimtrack.vocab import (
    Access,
    ActorKind,
    Basis,
    CitationRole,
    Confidence,
    Coverage,
    EntryKind,
    Likelihood,
    MeasureKind,
    ParticipationRole,
    Precision,
    Relation,
    Reliability,
    Wording,
)

# fmt: off
NASTY = [
    "no", "yes", "on", "Off", "y", "null", "~", "true", "2024", "1e3", ".5", "0x1F", "0o7",
    ".inf", ".NaN", "+1", "1_000", "1:30", "2024-05-24", "2024-05", "-", "-x", "?", "?x", ":",
    ":x", "x:", "#", "#x", "x#y", "[x]", "{x}", "x,", "&", "*x", "!x", "|", ">", "%x", "@x",
    "`", "'", '"', "\\", "---", "...", "<<", "=",
    "a: b",
    "a #b",
    "a  b",
    "\u00a0x",
    "x\u00a0y",
    "\ufeffx",
    "x\u0085y",
    "x\u2028y",
    "tab\there",
    "line\r\nline",
    "two\nlines",
    "two\n\n\nlines",
    "a\n b\n\tc",
    "Зеленський",
    "é" * 120 + " e\u0301",
    "😀",
    "٣",
    "\x7f\x1b",
    "a long line of words " * 10,
]
# fmt: on
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
ANY_TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(LETTERS, max_size=20),
    st.text(st.sampled_from("ab :#-,'\"\\{}[]|>\n\t .\u00a0é"), max_size=30),
)
TEXT = ANY_TEXT.filter(lambda text: text.strip() != "")
SPACED = st.builds("{}{}{}".format, st.sampled_from(["", " ", "\n", "\t"]), TEXT, st.just(" \n"))
WORDS = st.one_of(TEXT, SPACED)
LABEL = TEXT.filter(lambda text: len(text.strip()) <= 200)
REF = st.one_of(
    st.sampled_from(["no", "2024", "1e3", "null", "0x1F", "1-2", "1.5", "A", "a", "true"]),
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True),
)


def _maybe(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), of)


@st.composite
def bounds(draw: st.DrawFn, first: str, last: str) -> dict[str, Any]:
    """Two days in order, either of them open; often those of a month or year."""
    low, high = sorted([draw(st.dates()), draw(st.dates())])
    kind = draw(st.sampled_from(["days", "year", "month", "open"]))
    if kind == "year":
        low, high = date(low.year, 1, 1), date(low.year, 12, 31)
    elif kind == "month":
        low, high = date(low.year, 5, 1), date(low.year, 5, 31)
    elif kind == "open":
        return {first: draw(_maybe(st.just(low))), last: draw(_maybe(st.just(high)))}
    return {first: low, last: high}


Records = list[tuple[type[New], dict[str, Any], str | None]]
TABLES_WITH_REFS = ("actor", "document", "topic", "proposition", "measure", "entry")


class Draft:
    """Draws the records of a casebook, each with the ref of the entry on which it hangs."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.records: Records = []
        size = draw(st.integers(1, 3))
        several = st.lists(REF, unique=True, min_size=1, max_size=size)
        self.refs = {table: draw(several) for table in TABLES_WITH_REFS}
        self.bodies = {ref: draw(_maybe(WORDS)) for ref in self.refs["document"]}
        self.kinds = {ref: self.word(EntryKind) for ref in self.refs["entry"]}

    def add(self, model: type[New], owner: str | None = None, **record: Any) -> None:
        kept = {key: part for key, part in record.items() if part is not None}
        self.records.append((model, kept, owner))

    def one(self, table: str) -> Any:
        return self.draw(st.sampled_from(self.refs[table]))

    def maybe(self, table: str) -> Any:
        return self.draw(_maybe(st.sampled_from(self.refs[table])))

    def above(self, table: str, number: int) -> Any:
        """One of the records before, so that there is no circle."""
        before = self.refs[table][:number]
        return self.draw(_maybe(st.sampled_from(before))) if before else None

    def word(self, words: type[StrEnum]) -> Any:
        return self.draw(st.sampled_from(list(words)))

    def text(self) -> Any:
        return self.draw(_maybe(TEXT))

    def actors(self) -> None:
        for number, ref in enumerate(self.refs["actor"]):
            kind = self.word(ActorKind)
            anonymous = kind is ActorKind.ANONYMOUS
            low = self.draw(_maybe(st.integers(1, 9)))
            self.add(
                NewActor,
                ref=ref,
                name=self.draw(TEXT),
                kind=kind,
                parent=self.above("actor", number),
                access=self.word(Access) if anonymous else None,
                described_as=self.draw(TEXT) if anonymous else None,
                count_min=low,
                count_max=self.draw(_maybe(st.integers(low, 12))) if low else None,
                aliases=self.draw(st.lists(TEXT, max_size=3)),
                protected=self.draw(st.booleans()),
            )

    def documents(self) -> None:
        for number, ref in enumerate(self.refs["document"]):
            url = st.builds(f"https://example.org/{number}?{{}}".format, ANY_TEXT)
            self.add(
                NewDocument,
                ref=ref,
                url=self.draw(_maybe(url)),
                canonical=self.above("document", min(number, 1)),
                publisher=self.one("actor"),
                title=self.text(),
                language=self.draw(_maybe(st.sampled_from(["en", "no", "uk"]))),
                coverage=self.word(Coverage),
                archive_url=self.text(),
                body=self.bodies[ref],
                protected=self.draw(st.booleans()),
                **self.draw(bounds("published_from", "published_to")),
            )

    def topics(self) -> None:
        for number, ref in enumerate(self.refs["topic"]):
            parent = self.above("topic", number)
            exclusive = self.draw(st.booleans())
            self.add(NewTopic, ref=ref, name=self.draw(TEXT), parent=parent, exclusive=exclusive)

    def entries(self) -> None:
        for ref, kind in self.kinds.items():
            action = kind is EntryKind.ACTION
            self.add(
                NewEntry,
                ref=ref,
                kind=kind,
                actor=self.one("actor"),
                on_behalf_of=self.maybe("actor"),
                capacity=self.text(),
                summary=self.draw(TEXT),
                precision=self.draw(_maybe(st.sampled_from(Precision))),
                date_text=self.text(),
                place=self.text(),
                action_code=self.text() if action else None,
                latitude=self.draw(_maybe(st.floats(-90, 90))) if action else None,
                longitude=self.draw(_maybe(st.floats(-180, 180))) if action else None,
                **self.draw(bounds("date_from", "date_to")),
                **self.draw(bounds("about_from", "about_to")),
            )

    def propositions(self) -> None:
        for ref in self.refs["proposition"]:
            truth = self.draw(_maybe(st.booleans()))
            self.add(
                NewProposition,
                ref=ref,
                text=self.draw(TEXT),
                topic=self.one("topic"),
                truth=truth,
                resolved_on=None if truth is None else self.draw(st.dates()),
                resolved_by=None if truth is None else self.maybe("entry"),
            )

    def measures(self) -> None:
        for ref in self.refs["measure"]:
            self.add(
                NewMeasure,
                ref=ref,
                text=self.draw(TEXT),
                topic=self.one("topic"),
                unit=self.draw(TEXT),
                kind=MeasureKind.LEVEL,  # a count cannot be negative
            )

    def participants(self, entry: str) -> None:
        actors, roles = st.sampled_from(self.refs["actor"]), st.sampled_from(ParticipationRole)
        needed = {
            ParticipationRole.TARGET: EntryKind.ACTION,
            ParticipationRole.COUNTERPARTY: EntryKind.COMMITMENT,
        }
        for actor, role in self.draw(st.sets(st.tuples(actors, roles))):
            if needed.get(role, self.kinds[entry]) is self.kinds[entry]:
                self.add(NewParticipation, entry, actor=actor, role=role)

    def citations(self, entry: str) -> None:
        labels = st.lists(st.one_of(st.just(""), LABEL), unique_by=str.strip, max_size=2)
        for label in self.draw(labels):
            document = self.one("document")
            body = self.bodies[document]
            quoted: dict[str, Any] = {"exact": self.draw(_maybe(WORDS))}
            if body and self.draw(st.booleans()):
                start = self.draw(st.integers(0, len(body) - 1))
                end = self.draw(st.integers(start + 1, len(body)))
                quoted = {"exact": body[start:end], "start_pos": start, "end_pos": end}
            self.add(
                NewCitation,
                entry,
                document=document,
                role=self.word(CitationRole),
                via=self.maybe("document"),
                label=label,
                wording=self.draw(_maybe(st.sampled_from(Wording))),
                prefix=self.draw(_maybe(WORDS)),
                suffix=self.draw(_maybe(WORDS)),
                **quoted,
            )

    def stances(self, entry: str) -> None:
        judges = st.sampled_from(self.refs["actor"])
        pairs = st.tuples(st.sampled_from(self.refs["proposition"]), judges)
        for proposition, judge in self.draw(st.sets(pairs, max_size=4)):
            self.add(
                NewStance,
                entry,
                proposition=proposition,
                asserted_by=judge,
                value=self.draw(st.integers(-2, 2)),
                basis=self.word(Basis),
                hedge=self.text(),
                condition=self.text(),
                likelihood=self.draw(_maybe(st.sampled_from(Likelihood))),
                confidence=self.draw(_maybe(st.sampled_from(Confidence))),
                rationale=self.text(),
                document=self.maybe("document"),
            )

    def figures(self, entry: str) -> None:
        judges = st.sampled_from(self.refs["actor"])
        pairs = st.tuples(st.sampled_from(self.refs["measure"]), judges)
        number = st.floats(-(10**15), 10**15, allow_nan=False)
        for measure, judge in self.draw(st.sets(pairs, max_size=2)):
            low, high = sorted(self.draw(st.tuples(number, number)))
            bound = self.draw(st.sampled_from(["low", "high", "both"]))
            self.add(
                NewFigure,
                entry,
                measure=measure,
                asserted_by=judge,
                low=None if bound == "high" else low,
                high=None if bound == "low" else high,
                basis=self.word(Basis),
                hedge=self.text(),
                condition=self.text(),
                rationale=self.text(),
                document=self.maybe("document"),
            )

    def grades(self, entry: str) -> None:
        pairs = st.tuples(st.sampled_from(self.refs["actor"]), st.dates())
        for judge, day in self.draw(st.sets(pairs, max_size=2)):
            self.add(
                NewGrade,
                entry=entry,
                graded_by=judge,
                graded_on=day,
                reliability=self.word(Reliability),
                credibility=self.draw(st.integers(1, 6)),
                rationale=self.text(),
            )

    def links(self) -> None:
        for first, second in combinations(self.refs["entry"], 2):
            for relation in self.draw(st.sets(st.sampled_from(Relation), max_size=2)):
                self.add(
                    NewLink,
                    **{"from": first, "to": second},
                    relation=relation,
                    asserted_by=self.one("actor"),
                    strength=self.draw(st.integers(1, 2)),
                    rationale=self.text(),
                    document=self.maybe("document"),
                )


@st.composite
def casebooks(draw: st.DrawFn) -> Records:
    """Records of every kind, in an order in which they can be written."""
    draft = Draft(draw)
    draft.actors()
    draft.documents()
    draft.topics()
    draft.entries()
    draft.propositions()
    draft.measures()
    for entry in draft.kinds:
        draft.participants(entry)
        draft.citations(entry)
        draft.stances(entry)
        draft.figures(entry)
        draft.grades(entry)
    draft.links()
    return draft.records
