"""How is a report written as a workbook: a sheet for each section, and one of notes?"""

import io
from collections import defaultdict
from typing import Any

import xlsxwriter

from survey_app.domain.statistics import SUPPRESSED
from survey_app.reporting.formats.figures import COLUMNS, Figure, figures
from survey_app.reporting.formats.notes import notes
from survey_app.reporting.report import Report

_TITLES = {
    "ladder": "Reach",
    "satisfaction": "Satisfaction",
    "outcomes": "Outcomes",
    "stars": "Stars",
    "stars_overall": "Stars overall",
}
_WIDTHS = {"section": 14, "group": 22, "instrument": 22, "key": 44}
_PERCENT = frozenset({"percent", "low", "high"})


def write(report: Report) -> bytes:
    """The workbook's bytes."""
    by_section: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures(report):
        by_section[figure.section].append(figure)
    stored = io.BytesIO()
    # Group names come from case files: they are text, never formulas, links or numbers.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stored, options) as workbook:
        workbook.set_properties({"title": f"{report.service_name}, {report.period.label}"})
        _write_notes(workbook, report)
        for section, title in _TITLES.items():
            if by_section[section]:
                _write_section(workbook, title, by_section[section])
    return stored.getvalue()


def _write_notes(workbook: Any, report: Report) -> None:
    sheet = workbook.add_worksheet("Notes")
    sheet.set_column(0, 0, 110, workbook.add_format({"text_wrap": True}))
    title = workbook.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, f"{report.service_name}, {report.period.label}", title)
    for row, note in enumerate(notes(report), start=1):
        sheet.write_string(row, 0, note)


def _write_section(workbook: Any, title: str, rows: list[Figure]) -> None:
    sheet = workbook.add_worksheet(title)
    heading = workbook.add_format({"bold": True, "bottom": 1})
    one_place = workbook.add_format({"num_format": "0.0"})
    sheet.write_row(0, 0, COLUMNS, heading)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 12))
    for line, figure in enumerate(rows, start=1):
        for column, name in enumerate(COLUMNS):
            value = getattr(figure, name)
            if value is None and figure.suppressed and name == "numerator":
                value = SUPPRESSED
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            elif value is not None:
                sheet.write_number(line, column, value, one_place if name in _PERCENT else None)
