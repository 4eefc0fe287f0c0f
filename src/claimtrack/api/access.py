"""Transactions on a casebook, protected by default."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from claimtrack import db, protection
from claimtrack.db import Database, Session, sessions
from claimtrack.errors import ClaimtrackError
from claimtrack.startup_checks import UNEXPECTED_ERRORS, refuse_unusable


@dataclass(frozen=True)
class Access:
    """How a casebook is read and written.

    Attributes:
        name: A path (SQLite), a URL (PostgreSQL) or libpq's NAME=VALUE pairs.
        author: Whom the log names as the author of a change.
        include_protected: Whether protected sources and documents are named; else they appear under
            a pseudonym.
    """

    name: str = field(repr=False)  # it may hold a password
    author: str = "unknown"
    include_protected: bool = False

    @property
    def database(self) -> Database:
        """The database; nothing is opened."""
        return db.connect(self.name)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for what is shown: a protected column cannot be read in it.

        Raises:
            NoDatabase: there is no casebook.
            SchemaMismatch: it is of an older or a newer version.
            StorageFailure: it cannot be reached, or something else has changed it.
        """
        database = self.database

        def prepare(connection: Connection) -> db.Mask:
            refuse_unusable(connection, database.name)
            return db.NO_MASK if self.include_protected else protection.protect(connection)

        with self.explained(), sessions.reading(database, prepare) as session, veiling(session):
            yield session

    @contextmanager
    def checking(self) -> Iterator[Session]:
        """Open a session that reads rows as they are, as whoever writes must; texts are masked."""
        with self.explained(), sessions.reading(self.database) as session:
            self._prepare(session)
            with veiling(session):
                yield session

    @contextmanager
    def auditing(self) -> Iterator[Session]:
        """Open a session that says what is wrong with the casebook itself."""
        with self.explained(), sessions.reading(self.database) as session:
            yield session

    @contextmanager
    def writing(
        self, message: str | None = None, *, dry_run: bool = False, explained: bool = True
    ) -> Iterator[Session]:
        """Open the one transaction of a change: committed at the end, rolled back on any error.

        Args:
            message: Why, for the log.
            dry_run: Whether all is rolled back at the end.
            explained: Whether an error is explained by damage to the casebook; not where the block
                holds code of others, whose errors are their own.

        Raises:
            NoDatabase, SchemaMismatch, StorageFailure: as `reading`.
            Contended: another program's transaction blocks it.
        """
        words = message.strip() if message else None
        opened = sessions.writing(
            self.database, author=self.author, message=words or None, dry_run=dry_run
        )
        with self.explained() if explained else nullcontext(), opened as session:
            self._prepare(session)
            with veiling(session):
                yield session

    def _prepare(self, session: Session) -> None:
        connection = session.connection()
        refuse_unusable(connection, self.database.name)
        if not self.include_protected:
            session.state.mask = protection.get_mask(connection)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Explain an error by damage to the casebook, where there is any; else it is a bug."""
        try:
            yield
        except (*UNEXPECTED_ERRORS, SQLAlchemyError) as error:
            from claimtrack.audit.diagnosis import diagnose

            explained = diagnose(self.database, sessions.reading)
            if explained is None:
                raise
            # What the error held is shown with it in a traceback.
            raise explained from (error if self.include_protected else None)


@contextmanager
def veiling(session: Session) -> Iterator[None]:
    """Remove from an error what the session withholds."""
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
        raise error from None  # what it was made of is not masked
