"""The transactions that read and write a casebook; protected sources are hidden by default.

Each method of `Access` that opens a session is one transaction, which ends with the `with` block.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from claimtrack import db, protection
from claimtrack.db import Database, Session, sessions
from claimtrack.errors import ClaimtrackError, StorageFailure
from claimtrack.startup_checks import UNEXPECTED_ERRORS, refuse_unusable


@dataclass(frozen=True)
class Access:
    """Where a casebook is, who writes to it, and whether protected sources are named.

    Attributes:
        name: A path (SQLite), a URL (PostgreSQL) or libpq's NAME=VALUE pairs.
        author: The author of changes, for the log.
        include_protected: Whether protected sources and documents are named; else they appear under
            a pseudonym.
    """

    name: str = field(repr=False)  # it may hold a password
    author: str = "unknown"
    include_protected: bool = False

    @property
    def database(self) -> Database:
        """The database, without a connection to it yet."""
        return db.connect(self.name)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read-only session in which protected records appear under pseudonyms.

        Unless `include_protected` is set, a statement in it cannot read a protected value.

        Raises:
            NoDatabase: There is no casebook.
            SchemaMismatch: It is of an older or a newer version.
            StorageFailure: It cannot be reached, or another program has damaged it.
        """
        database = self.database

        def prepare(connection: Connection) -> db.Mask:
            refuse_unusable(connection, database.name)
            return db.NO_MASK if self.include_protected else protection.protect(connection)

        with (
            self.diagnosing(),
            sessions.reading(database, prepare) as session,
            masking_errors(session),
        ):
            yield session

    @contextmanager
    def checking(self) -> Iterator[Session]:
        """Open a read-only session that reads protected records under their true names.

        For checks before a write. `session.state.mask` and the errors raised still put pseudonyms
        in place of protected names, unless `include_protected` is set. Raises as `reading` does.
        """
        with self.diagnosing(), sessions.reading(self.database) as session:
            self._prepare(session)
            with masking_errors(session):
                yield session

    @contextmanager
    def auditing(self) -> Iterator[Session]:
        """Open a read-only session on a casebook that may be damaged, without protection.

        Unlike the others, it does not refuse a casebook that `startup_checks` finds unusable.
        """
        with self.diagnosing(), sessions.reading(self.database) as session:
            yield session

    @contextmanager
    def writing(
        self, message: str | None = None, *, dry_run: bool = False, diagnosing: bool = True
    ) -> Iterator[Session]:
        """Open a transaction for one change: committed at the end, rolled back on any error.

        Args:
            message: The reason for the change, for the log.
            dry_run: Whether to roll back at the end.
            diagnosing: Whether to look for damage to the casebook after an unexpected error, as
                `diagnosing` does. False if the block runs a caller's code with errors of its own.

        Raises:
            NoDatabase, SchemaMismatch, StorageFailure: As for `reading`.
            Contended: The transaction of another program blocks it.
        """
        words = message.strip() if message else None
        opened = sessions.writing(
            self.database, author=self.author, message=words or None, dry_run=dry_run
        )
        with self.diagnosing() if diagnosing else nullcontext(), opened as session:
            self._prepare(session)
            with masking_errors(session):
                yield session

    def _prepare(self, session: Session) -> None:
        """Refuse an unusable casebook, and make the session mask protected names."""
        connection = session.connection()
        refuse_unusable(connection, self.database.name)
        if not self.include_protected:
            session.state.mask = protection.get_mask(connection)

    @contextmanager
    def diagnosing(self) -> Iterator[None]:
        """Raise a StorageFailure in place of an unexpected error if the casebook is damaged.

        If no damage is found, the error is a bug and is raised as it is.
        """
        try:
            yield
        except (*UNEXPECTED_ERRORS, SQLAlchemyError) as error:
            from claimtrack.audit.diagnosis import diagnose

            damage = diagnose(self.database, sessions.reading)
            if damage is None:
                raise
            try:
                raise damage from (error if self.include_protected else None)
            except StorageFailure:
                if not self.include_protected:
                    damage.__context__ = None  # the first error may hold protected values
                raise


@contextmanager
def masking_errors(session: Session) -> Iterator[None]:
    """Put pseudonyms in place of protected names in the errors that the block raises."""
    try:
        yield
    except ClaimtrackError as error:
        mask = session.state.mask
        if mask is db.NO_MASK:
            raise
        error.args = tuple(protection.mask_value(mask, part) for part in error.args)
        vars(error).update(
            {name: protection.mask_value(mask, value) for name, value in vars(error).items()}
        )
        # The errors that it was made of are not masked.
        error.__cause__ = error.__context__ = None
        raise error from None
