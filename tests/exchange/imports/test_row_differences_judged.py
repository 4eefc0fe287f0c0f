"""Rows that say different things of propositions, topics, stances and quotations."""

from typing import Any

from sqlalchemy import select

from claimtrack import changes
from claimtrack.models import Citation, Stance
from claimtrack.schemas import NewProposition
from exchange.imports.imported_rows import CLAIM, Importer, quoting, row

JUDGED = {
    "format": "json",
    "topics": {"t": {"ref": "t-{topic}", "name": "{topic_name}"}},
    "propositions": {"p": {"ref": "p-{pid}", "text": "{ptext}", "topic": "t"}},
}


def stance(value: str, **said: Any) -> dict[str, Any]:
    return {"proposition": "p", "asserted_by": "who", "value": value, **said}


def judged(*stances: Any, **said: Any) -> dict[str, Any]:
    return {**JUDGED, "records": [{**CLAIM, "stances": list(stances)}], **said}


JUDGED_ROW = row(pid="1", ptext="It holds", topic="1", topic_name="Truce", v=2)


def test_a_proposition_with_another_text_is_refused(importer: Importer) -> None:
    said = judged(stance("{v}"))
    same = {**JUDGED_ROW, "id": "2", "ptext": "It  holds"}
    assert importer.reads([JUDGED_ROW, same], **said) == []
    other = {**JUDGED_ROW, "id": "3", "ptext": "It does not hold"}
    assert importer.refuses([other], **said) == (
        "a.json:1: record 1: "
        "proposition 'p-1' has another text than this row gives it, 'It holds' and "
        "'It does not hold': correct one of them, or let the profile make another ref"
    )
    better = NewProposition(ref="p-1", text="The truce holds", topic="t-1")
    changes.put(importer.session, better)
    assert importer.reads([JUDGED_ROW], **said) == []


def test_a_topic_with_another_name_is_named(importer: Importer) -> None:
    other = {**JUDGED_ROW, "id": "2", "topic_name": "Peace"}
    assert importer.reads([JUDGED_ROW, other], **judged(stance("{v}"))) == [
        "topic 't-1' name 'Peace' in a.json:1 differs: 'Truce' is kept (1 time)"
    ]


def test_two_stances_of_one_judge_are_one_or_refused(importer: Importer) -> None:
    both = judged(stance("{v}"), stance("{w}", rationale="{why}"))
    same = {**JUDGED_ROW, "w": 2, "why": "Because"}
    assert importer.reads([same], **both) == []
    [held] = importer.session.scalars(select(Stance))
    assert (held.value, held.rationale) == (2, "Because")
    assert importer.refuses([{**JUDGED_ROW, "id": "2", "w": -2, "why": ""}], **both) == (
        "a.json:1: record 1: "
        "two stances of 'ann' on 'p-1' differ, with value '2' and '-2': keep one, or let "
        "the profile give each its own proposition or judge"
    )


def test_a_stance_whose_judge_is_not_named_is_nobody_elses(importer: Importer) -> None:
    said = judged(stance("{v}", asserted_by="judge"))
    said["actors"] = {
        "who": {"name": "{who}", "kind": "outlet"},
        "judge": {"name": "{judge}", "kind": "person"},
    }
    assert importer.refuses([JUDGED_ROW], **said) == (
        "a.json:1: record 1: "
        "there is no judge of the stance: actor judge of the profile is made of judge, "
        "which is empty"
    )


def test_two_quotations_of_one_document_are_refused_until_they_are_told_apart(
    importer: Importer,
) -> None:
    evidence = [{"page": "1", "quote": quote} for quote in ("one", "two", "two")]
    rows = [row(evidence=evidence)]
    told = importer.refuses(rows, **quoting())
    label = 'label: {digest: ["{part.quote}"]}'
    assert told == (
        "a.json:1: record 1: "
        "two citations of 'p-1' differ in exact: distinguish them in the profile, with "
        f"{label}"
    )
    importer.reads(rows, **quoting(label={"digest": ["{part.quote}"]}))
    quotes = {one.exact for one in importer.session.scalars(select(Citation))}
    assert quotes == {"one", "two"}


def test_a_quotation_is_kept_beside_a_citation_that_has_none(importer: Importer) -> None:
    evidence = [{"page": "1"}, {"page": "1", "quote": "one", "role": "relay"}]
    told = importer.reads([row(evidence=evidence)], **quoting(role=["{part.role}", "support"]))
    assert told == [
        "role 'relay' of a document that the row cites as 'support' is not imported (1 time)",
        "url is not read by this profile (1 time)",
    ]
    [held] = importer.session.scalars(select(Citation))
    assert (held.exact, held.role) == ("one", "support")
