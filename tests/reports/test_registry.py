"""The registry of reports: whoever adds one to it is told what is still missing."""

import inspect
from importlib import import_module
from typing import Any, get_args, get_type_hints

import pytest
from typer.main import get_group

from claimtrack.api import Casebook
from claimtrack.cli.report import app
from claimtrack.reports import REPORTS, Report
from claimtrack.reports.empty_reports import EMPTY_REPORTS
from claimtrack.vocab import fields_of

EACH = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)


def _keywords(method: Any) -> set[str]:
    """Return the names of the keyword arguments of a method, those of its typed keywords among."""
    parameters = list(inspect.signature(method).parameters.values())[1:]
    named = {one.name for one in parameters if one.kind is not one.VAR_KEYWORD}
    for one in parameters:
        if one.kind is one.VAR_KEYWORD:
            (typed,) = get_args(get_type_hints(method)[one.name])
            named |= set(typed.__annotations__)
    return named


def test_every_report_that_is_no_option_has_a_command() -> None:
    commands = {report.name for report in REPORTS if not report.option_of}
    assert set(get_group(app).commands) == commands
    assert {report.option_of for report in REPORTS} - {""} <= commands


@EACH
def test_every_report_has_a_method_that_takes_its_filters(report: Report) -> None:
    method = getattr(Casebook, report.method, None)
    assert method, f"add the method {report.method} to api/reports.py"
    options = [*report.shared, *report.filters, *report.arguments]
    known = {option.keyword for option in options}
    if report.option_of:  # it takes what tells its command which hypotheses, or which period
        (command,) = (one for one in REPORTS if one.name == report.option_of)
        known |= {option.keyword for option in command.arguments}
        known |= {"period"} if report.name == "clustering" else set()
    assert _keywords(method) == known, "its keywords are not those of the registry"


@EACH
def test_what_the_registry_names_is_there(report: Report) -> None:
    module = import_module(f"claimtrack.reports.{report.module}")
    for name in (report.rows, report.row, report.refs_row, report.filters_type):
        assert not name or hasattr(module, name)
    assert not report.row or fields_of(getattr(module, report.row))
    assert (module.__doc__ or "").strip(), "a report's docstring is its definition"
    assert report.question.endswith("?")
    assert bool(report.help) == (not report.option_of)
    assert bool(report.option) == bool(report.option_of)


@EACH
def test_the_function_of_a_report_takes_its_own_filters(report: Report) -> None:
    module = import_module(f"claimtrack.reports.{report.module}")
    if report.filters_type:
        taken = set(inspect.signature(getattr(module, report.filters_type)).parameters)
    elif report.rows:
        parameters = inspect.signature(getattr(module, report.rows)).parameters
        taken = set(parameters) - {"session", "filters", "refs", "principal"}
    else:
        taken = set()
    assert taken == {option.field for option in report.filters}


def test_the_sentences_on_empty_reports_are_of_reports() -> None:
    assert set(EMPTY_REPORTS) <= {report.name for report in REPORTS}
