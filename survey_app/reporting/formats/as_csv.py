"""How is a report written as CSV: one row a figure (FORMATS.md, "Report JSON")?"""

import csv
import io

from survey_app.reporting.formats.figures import COLUMNS, figures
from survey_app.reporting.report import Report

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(report: Report) -> str:
    """The figures under one header row."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for figure in figures(report):
        writer.writerow(safe_cell(value) for value in figure.values)
    return written.getvalue()


def safe_cell(value: object) -> object:
    """Group names come from case files: a spreadsheet must not run one as a formula."""
    is_formula = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
    return f"'{value}" if is_formula else value
