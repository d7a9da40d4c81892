"""Builders of case and response files: `a_case_row(...)`, `written(tmp_path, rows)`."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.add_service import add_service
from survey_app.usecases.import_runs import ImportJob
from tests.world import NOON

SLUG = "west"


def a_live_service(session: Session, slug: str = SLUG) -> Service:
    """A service with the shipped standard programme."""
    return add_service(session, name=slug.title(), slug=slug, now=NOON)


def a_case_row(**cells: str) -> dict[str, str]:
    """An open community case of a person of their own who may be texted, referred a week ago."""
    return {
        "case_ref": "C-1",
        "client_ref": "",
        "referred_on": "2026-11-11",
        "support_level": "community",
        "deliveries": "0",
        "flags": "none",
        "mobile": "07700 900101",
        "sms_consent": "yes",
        "sms_safe": "yes",
        "safety_checked_on": "2026-11-10",
        "closed_on": "",
        "closure_reason": "",
    } | cells


def a_closed_row(**cells: str) -> dict[str, str]:
    """The same, closed two days ago after two deliveries."""
    closed = {"deliveries": "2", "closed_on": "2026-11-16", "closure_reason": "completed"}
    return a_case_row(**(closed | cells))


def answer_rows(answers: Mapping[str, str], **cells: str) -> list[dict[str, str]]:
    """The rows of one response: a self-assessment at baseline on paper unless said otherwise."""
    shared = {
        "case_ref": "C-1",
        "instrument": "self-assessment",
        "version": "1",
        "wave": "baseline",
        "mode": "paper",
        "language": "en",
        "completed_on": "2026-11-12",
    } | cells
    return [shared | {"item": item, "value": value} for item, value in answers.items()]


def written(folder: Path, rows: Iterable[Mapping[str, str]], name: str = "file.csv") -> Path:
    """A CSV file of these rows; its columns are those of all the rows."""
    rows = list(rows)
    path = folder / name
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def a_job(path: Path, **facts: object) -> ImportJob:
    """An import into SLUG at NOON in which the drama numbers count."""
    known = {"slug": SLUG, "now": NOON, "drama_allowed": True} | facts
    return ImportJob(path=path, **known)  # type: ignore[arg-type]


def writer_of(database: Database):
    """How an import under test opens its batches."""
    return lambda: database.write(Scope.worker())
