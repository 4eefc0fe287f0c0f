"""The meaning of columns in plainer words: their comments, which only PostgreSQL keeps."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COMMENTS = {
    "actor": {
        "ref": "Unique identifier of the record in commands and files",
        "name": "Usual name of the actor",
        "kind": "Kind of actor",
        "parent_id": (
            "Actor that it serves, belongs to or is part of; empty: none, it is its own principal"
        ),
        "access": (
            "Access of an anonymous source, as its document describes it; empty: not anonymous"
        ),
        "described_as": (
            "Description of an anonymous source, in its document's words; empty: not anonymous"
        ),
        "count_min": "Smallest number of people an anonymous source can be; empty: unspecified",
        "count_max": "Largest number of people an anonymous source can be; empty: unspecified",
        "aliases": "Other names and spellings, as a list; empty list: none",
        "protected": (
            "Whether to protect this source: named by pseudonym, unless --include-protected is set"
        ),
    },
    "casebook": {
        "id": "UUID of the casebook, made when it was created",
        "singleton": "Always 1, since the table has one row",
        "created_at": "Time at which the casebook was created, in UTC",
    },
    "content": {
        "sha256": "SHA-256 of the bytes, in hexadecimal",
        "bytes": "The bytes, exactly as retrieved",
    },
    "revision": {
        "seq": "Number of the revision: 1, 2, 3 and so on, without gaps",
        "at": "Time of the change, ISO 8601 in UTC with microseconds and Z",
        "change": "Id of the command or request that made the change",
        "message": "Reason for the change; empty: none stated, or redacted",
        "table_name": "Table of the row",
        "row_key": "Key of the row, its refs joined by /; empty: redacted",
        "op": "What the change did to the row",
        "before": "Row before the change, as canonical JSON; empty: there was none, or redacted",
        "after": "Row after the change, as canonical JSON; empty: there is none, or redacted",
        "salt": "Random salt of the digest, in hexadecimal; empty: redacted",
        "content_digest": "SHA-256 of the salt and the content, in hexadecimal",
        "prev_hash": "Hash of the previous revision; 64 zeros for the first",
        "hash": "SHA-256 of prev_hash and this revision, in hexadecimal",
    },
    "topic": {
        "ref": "Unique identifier of the record in commands and files",
        "name": "Name of the topic",
        "parent_id": "Broader topic that contains it; empty: none",
        "exclusive": "Whether only one of the propositions directly under it can be true",
    },
    "document": {
        "ref": "Unique identifier of the record in commands and files",
        "url": "URL of the document; empty: none known",
        "canonical_id": (
            "Canonical document, if this is the same document at another address; empty: itself"
        ),
        "publisher_id": "Actor that published the document",
        "title": "Title of the document; empty: not recorded",
        "language": "Language of the document, as a BCP 47 tag; empty: not recorded",
        "published_from": "Earliest possible day of publication; empty: unknown",
        "published_to": "Latest possible day of publication; empty: the same as published_from",
        "coverage": "How much of the document has been coded",
        "archive_url": "URL of an archived copy; empty: none",
        "body": (
            "Text of the document, to which the positions of quotations refer; empty: not stored"
        ),
        "protected": (
            "Whether it reveals a source: named by pseudonym, unless --include-protected is set"
        ),
    },
    "entry": {
        "ref": "Unique identifier of the record in commands and files",
        "kind": "Kind of entry",
        "actor_id": "Actor that claims, states, does, promises, judges or decides it",
        "on_behalf_of_id": (
            "Actor on whose behalf it was said or done; empty: the actor itself and those above it"
        ),
        "capacity": "Office or role in which the actor spoke or acted; empty: not recorded",
        "summary": "What was said or done, in the analyst's own words",
        "date_from": "Earliest possible day of what was said or done; empty: open or unknown",
        "date_to": "Latest possible day of what was said or done; empty: open or unknown",
        "precision": "Precision of the date; empty: undated",
        "date_text": "Date in the source's own words; empty: nothing beyond date_from and date_to",
        "about_from": (
            "First day of the period that the entry speaks about; empty: open or not stated"
        ),
        "about_to": "Last day of the period that the entry speaks about; empty: open or not stated",
        "place": "Place where it was said or done; empty: not recorded",
        "latitude": "Latitude of an action, in degrees north (WGS 84); empty: not recorded",
        "longitude": "Longitude of an action, in degrees east (WGS 84); empty: not recorded",
    },
    "capture": {
        "document_id": "Document of which this is a copy",
        "sha256": "SHA-256 of the bytes, in hexadecimal",
        "retrieved_at": "Time at which the bytes were retrieved, in UTC",
        "retrieved_by": "Who retrieved the bytes",
        "media_type": "Media type of the bytes, such as text/html; charset=utf-8",
        "size": "Number of bytes",
    },
    "citation": {
        "entry_id": "Entry for which the document is cited",
        "document_id": "Document that is cited",
        "role": (
            "Whether the document is the first to show the entry, passes it on or gives context"
        ),
        "via_id": "Document whose footnote cites this document; empty: cited directly",
        "label": "Label of that footnote, such as [12]; empty text: none",
        "wording": "How the summary renders the document's words; empty: not recorded",
        "exact": "Words quoted (Web Annotation TextQuoteSelector); empty: no quotation",
        "prefix": "Words just before the quotation; empty: not recorded",
        "suffix": "Words just after the quotation; empty: not recorded",
        "start_pos": (
            "Code point of the body at which the quotation starts, from 0; empty: not located"
        ),
        "end_pos": "Code point after the last one of the quotation; empty: not located",
    },
    "grade": {
        "entry_id": "Entry that is graded",
        "graded_by_id": "Judge, the actor that graded the entry",
        "graded_on": "Day on which the entry was graded",
        "reliability": (
            "Reliability of the source, A best, E worst; F (cannot be judged) is a missing value"
        ),
        "credibility": (
            "Credibility of the content, 1 best, 5 worst; 6 (cannot be judged) is a missing value"
        ),
        "rationale": "Reasons for the grade, in the judge's words; empty: self-evident",
    },
    "link": {
        "from_id": "First entry, such as the reply",
        "to_id": "Second entry, such as the one replied to",
        "relation": "How the first entry relates to the second",
        "strength": "Strength of the relation: 1 partial or possible, 2 outright",
        "asserted_by_id": "Judge, the actor that sees this relation",
        "rationale": "Reasons for this judgement, in the judge's words; empty: self-evident",
        "document_id": (
            "Document in which this judgement was published; empty: published with the entries"
        ),
    },
    "participation": {
        "entry_id": "Entry in which the actor takes part",
        "actor_id": "Actor that takes part",
        "role": "Role of the actor in the entry",
    },
    "proposition": {
        "ref": "Unique identifier of the record in commands and files",
        "text": "Possible fact that it states, in one sentence",
        "topic_id": "Topic of the proposition",
        "truth": "Whether it turned out to be true; empty: not resolved",
        "resolved_on": "Day on which it turned out to be true or false; empty: not resolved",
        "resolved_by_id": "Entry that resolves it; empty: none named",
    },
    "stance": {
        "entry_id": "Entry that takes the stance",
        "proposition_id": "Proposition on which it takes the stance",
        "asserted_by_id": "Judge, the actor that reads the entry this way",
        "value": (
            "-2 denies outright, -1 leans against, 0 leaves open, 1 leans for, 2 asserts outright"
        ),
        "basis": "Whether the entry takes the stance explicitly or the judge infers it",
        "hedge": "Hedging words of the source; empty: none",
        "condition": "Condition on which the stance depends; empty: none",
        "likelihood": (
            "Likelihood that the hedge expresses, as an ICD 203 term; empty: none expressed"
        ),
        "confidence": "Confidence of the judge; empty: not stated",
        "rationale": "Reasons for this reading, in the judge's words; empty: self-evident",
        "document_id": (
            "Document in which this reading was published; empty: published with the entry"
        ),
    },
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, comments in _COMMENTS.items():
        for column, comment in comments.items():
            op.alter_column(table, column, comment=comment)
