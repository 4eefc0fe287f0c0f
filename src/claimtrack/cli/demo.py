"""demo: loads the packaged dataset and prints its contradictions."""

import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimtrack.cli.options import DEFAULT_DATABASE, DbPlain, command, new_app, print_message
from claimtrack.cli.output_streams import refuse_unwritable
from claimtrack.cli.row_output import Out
from claimtrack.errors import MissingFile, NotEmpty
from claimtrack.vocab import GroupBy, OutputFormat

if TYPE_CHECKING:
    from claimtrack.db import Session

app = new_app()

CSV = Path("contradictions.csv")


@dataclass(frozen=True)
class Dataset:
    """A packaged dataset.

    Attributes:
        folder: Its folder in `data`.
        suggestions: Commands to try next, without the name of the program.
    """

    folder: str
    suggestions: tuple[str, ...]

    @property
    def message(self) -> str:
        """The message in the log by which the demo recognises its own records."""
        return f"demo: {self.folder}"


DATASETS = {
    "talks": Dataset(
        "isw-negotiations",
        (
            "show C9",
            "report contradictions --group-by proposition",
            "report claims --contested",
            "report positions --principal russia --topic ceasefire",
            "report coverage --principal russia --topic war-aims --omissions",
            "search ceasefire",
            "claim add --help",
        ),
    ),
    "truce": Dataset(
        "energy-truce",
        (
            "show K1",
            "report promises --as-of 2025-04-30",
            "report figures --measure ua-attacks",
            "report answers --answer denies",
            "report contradictions --class breach --min-days 0 --max-days 3",
            "report timeline --since 2025-03-18 --until 2025-03-21",
        ),
    ),
}
"""The packaged datasets, by the argument of `demo`; the first is the default."""


class DatasetName(StrEnum):
    """The names of the packaged datasets."""

    TALKS = "talks"
    TRUCE = "truce"


@command(app, "demo")
def demo(
    db: DbPlain,
    name: Annotated[
        DatasetName,
        typer.Argument(
            metavar="DATASET",
            help="talks: claims of 2024 that Putin was ready to negotiate; truce: the energy truce "
            "of 2025, with numbers and times.",
        ),
    ] = DatasetName.TALKS,
) -> None:
    """Load a packaged dataset and show who contradicts whom.

    Creates the database if needed, prints the contradictions and writes contradictions.csv. Refuses
    a database with other records; safe to repeat.

    Examples:
      claimtrack demo
      claimtrack --db truce.db demo truce
    """
    from claimtrack import db as databases
    from claimtrack.cli.contradiction_output import Question, emit_contradictions
    from claimtrack.exchange.dossier.loading import load
    from claimtrack.query.filters import Filters
    from claimtrack.query.pair_filters import PairFilters

    refuse_unwritable(CSV)
    database = databases.connect(db.name)
    databases.init(database, author=db.author)
    dataset = DATASETS[name]
    with db.writing(dataset.message) as session:
        _refuse_other_records(session, database.name, dataset)
        print_message("loading the dataset ...")
        load(session, dataset_files(name))
    with db.reading() as session:
        question = Question(session, Filters(), PairFilters())
        emit_contradictions(Out(OutputFormat.TABLE, None), question, GroupBy.SUBJECT)
        emit_contradictions(Out(OutputFormat.CSV, CSV), question)
    db_option = "" if db.name == DEFAULT_DATABASE else f"--db {shlex.quote(database.name)} "
    print_message(f"all of them are in {CSV}, with sources; what to try next:")
    for line in dataset.suggestions:
        print_message(f"  claimtrack {db_option}{line}")


def _refuse_other_records(session: "Session", name: str, dataset: Dataset) -> None:
    from sqlalchemy import or_, select

    from claimtrack.models import Casebook, Revision

    theirs = or_(Revision.message.is_(None), Revision.message != dataset.message)
    theirs &= Revision.table_name != Casebook.__tablename__
    if session.scalar(select(Revision.seq).where(theirs).limit(1)) is not None:
        raise NotEmpty(
            f"{name} already holds another casebook: choose another file, "
            "as in 'claimtrack --db demo.db demo'"
        )


def dataset_files(name: str = "talks") -> list[Path]:
    """Return the dossiers of a dataset: in the installed package, or in the checkout."""
    packed = Path(__file__).parents[1] / "data"
    folder = packed if packed.is_dir() else Path(__file__).parents[3] / "data"
    files = sorted((folder / DATASETS[name].folder).glob("*.yaml"))
    if not files:
        raise MissingFile(f"the dataset is missing from {folder}: reinstall claimtrack")
    return files
