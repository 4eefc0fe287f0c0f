"""The registry of reports: whoever adds one to it is told what is still missing."""

from importlib import import_module

import pytest
from typer.main import get_group

from claimtrack.api import Casebook
from claimtrack.cli.report import app
from claimtrack.reports import REPORTS, Report
from claimtrack.reports.empty_reports import EMPTY_REPORTS
from claimtrack.vocab import fields_of

EACH = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)


def test_every_report_has_a_command_and_every_command_is_a_report() -> None:
    commands = {report.name for report in REPORTS if not report.option_of}
    assert set(get_group(app).commands) == commands, "add a command in cli/report.py, or a line"
    assert {report.option_of for report in REPORTS} - {""} <= commands


@EACH
def test_every_report_has_a_method(report: Report) -> None:
    method = report.name.replace("-", "_")
    assert hasattr(Casebook, method), f"add the method {method} to api.Casebook"


@EACH
def test_what_the_registry_names_is_there(report: Report) -> None:
    module = import_module(f"claimtrack.reports.{report.module}")
    assert not report.rows or callable(getattr(module, report.rows))
    assert not report.row or fields_of(getattr(module, report.row))
    assert (module.__doc__ or "").strip(), "a report's docstring is its definition"
    assert report.question.endswith("?")


def test_every_report_of_rows_says_why_it_is_empty() -> None:
    assert set(EMPTY_REPORTS) == {report.name for report in REPORTS if report.row}
