"""The dataset that the package ships, loaded into a casebook."""

from pathlib import Path

from commandline import CommandLine

DATASET = sorted((Path(__file__).parents[1] / "data" / "isw-negotiations").glob("*.yaml"))


def load(target: str) -> None:
    """Load the dataset into a casebook, as a coder does."""
    assert CommandLine(target, author="coder").does("load", *map(str, DATASET)) == ""
