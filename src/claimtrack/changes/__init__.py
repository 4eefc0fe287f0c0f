"""Every write; each is flushed, never committed, and leaves its revision in the same transaction.

`merge_with_stored` completes an update by what is stored, `validation.validate_record` validates
the whole, and `put` writes it. Warnings are collected in the session's `state.warnings`.
"""

from claimtrack.changes.bulk import PendingRecord, Refusal, put_many
from claimtrack.changes.capturing import MovedQuotation, capture, replace_text
from claimtrack.changes.locating import locate_quotation
from claimtrack.changes.merging import (
    choose_judge_ref,
    get_author,
    get_or_create_judge,
    make_slug,
    merge_with_stored,
    next_ref,
    order_ends,
    warn_of_lost_dates,
)
from claimtrack.changes.redacting import Redaction, plan_redaction, redact
from claimtrack.changes.removing import merge_actors, remove, remove_row
from claimtrack.changes.reverting import revert
from claimtrack.changes.rows import Outcome, refuse_newer
from claimtrack.changes.rules import (
    accept_any_address,
    check_deferred_quotations,
    defer_quotation_checks,
    describe_unchecked_addresses,
)
from claimtrack.changes.upserting import add, put, refuse_taken
from claimtrack.changes.user_input import (
    Values,
    add_record,
    build_record,
    change_record,
    fill_defaults,
    get_model,
    get_stored_ref,
    get_table,
)

__all__ = [
    "MovedQuotation",
    "Outcome",
    "PendingRecord",
    "Redaction",
    "Refusal",
    "Values",
    "accept_any_address",
    "add",
    "add_record",
    "build_record",
    "capture",
    "change_record",
    "check_deferred_quotations",
    "choose_judge_ref",
    "defer_quotation_checks",
    "describe_unchecked_addresses",
    "fill_defaults",
    "get_author",
    "get_model",
    "get_or_create_judge",
    "get_stored_ref",
    "get_table",
    "locate_quotation",
    "make_slug",
    "merge_actors",
    "merge_with_stored",
    "next_ref",
    "order_ends",
    "plan_redaction",
    "put",
    "put_many",
    "redact",
    "refuse_newer",
    "refuse_taken",
    "remove",
    "remove_row",
    "replace_text",
    "revert",
    "warn_of_lost_dates",
]
