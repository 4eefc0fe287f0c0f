"""Every write. Each flushes, never commits, and leaves its revision in the same transaction.

`completed` lays what was given over what is there, `validation.read` validates the whole, and `put`
writes it. What the analyst should know but need not heed is collected in the session's
`state.warnings`.
"""

from claimtrack.changes.bulk import Coming, Refusal, put_many
from claimtrack.changes.capturing import Refound, capture, retext
from claimtrack.changes.entering import (
    add_record,
    change_record,
    known_ref,
    model_of,
    new_record,
    table_of,
    with_defaults,
)
from claimtrack.changes.locating import place_quotation
from claimtrack.changes.merging import (
    author_of,
    completed,
    judge,
    new_judge_ref,
    next_ref,
    ordered,
    slug,
    warn_of_lost_dates,
)
from claimtrack.changes.redacting import Redaction, plan_redaction, redact
from claimtrack.changes.removing import merge_actors, remove, remove_row
from claimtrack.changes.reverting import revert
from claimtrack.changes.rows import Outcome, refuse_newer
from claimtrack.changes.writing import (
    add,
    keep_addresses,
    kept_addresses,
    lost_quotations,
    put,
    put_off_quotations,
    refuse_taken,
)

__all__ = [
    "Coming",
    "Outcome",
    "Redaction",
    "Refound",
    "Refusal",
    "add",
    "add_record",
    "author_of",
    "capture",
    "change_record",
    "completed",
    "judge",
    "keep_addresses",
    "kept_addresses",
    "known_ref",
    "lost_quotations",
    "merge_actors",
    "model_of",
    "new_judge_ref",
    "new_record",
    "next_ref",
    "ordered",
    "place_quotation",
    "plan_redaction",
    "put",
    "put_many",
    "put_off_quotations",
    "redact",
    "refuse_newer",
    "refuse_taken",
    "remove",
    "remove_row",
    "retext",
    "revert",
    "slug",
    "table_of",
    "warn_of_lost_dates",
    "with_defaults",
]
