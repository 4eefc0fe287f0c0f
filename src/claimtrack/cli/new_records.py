"""What `add` does with a new record, from options or from the editor: similar entries, output."""

from claimtrack.cli.fields import Values
from claimtrack.cli.nested_options import Related
from claimtrack.cli.nouns import Noun
from claimtrack.cli.options import Target, print_message
from claimtrack.cli.output_streams import say
from claimtrack.cli.prompt import at_a_terminal, confirm
from claimtrack.errors import Usage


def add_new(
    target: Target, noun: Noun, values: Values, related: Related, message: str | None
) -> None:
    """Write a new record, and print its ref: for scripts on stdout, for people in a sentence.

    Entries that it looks like are named before. At a terminal the user is then asked whether to go
    on; otherwise the record is built, checked and written in one transaction.

    Raises:
        Usage: the user says no.
        ClaimtrackError: something in the record is wrong.
    """
    from claimtrack.changes import build_record
    from claimtrack.lookup import draft_record

    ref = None
    with target.writing(message) as session:
        draft = draft_record(session, noun.name, values)
        for warning in draft.warnings:
            print_message(f"warning: {warning}")
        if draft.warnings and at_a_terminal():
            session.state.warnings.clear()  # building the record again repeats them
        else:
            ref = related.add(session, draft.record)
    if ref is None:
        # No transaction is open while the user thinks: writers wait for each other. Somebody may
        # have taken a generated ref meanwhile, so the record is built again.
        if not confirm("Save it anyway?"):
            raise Usage("nothing was saved")
        with target.writing(message) as session:
            ref = related.add(session, build_record(session, noun.name, values))
    print_message(f"added {noun.name} {ref}")
    say(ref)
