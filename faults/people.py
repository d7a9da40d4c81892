"""Who is to be texted in the fault test? People who keep arriving by cases files, as in life."""

import csv
from datetime import timedelta
from pathlib import Path

from faults.fast_time import START
from faults.unreadable import spoiling
from survey_app.domain.file_faults import FileFault
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import ServiceMode
from survey_app.usecases.add_service import add_service
from survey_app.usecases.change_sending import change_mode
from survey_app.usecases.decider import Decider
from survey_app.usecases.import_cases.run import import_cases
from survey_app.usecases.import_runs import ImportJob

SENDERS = {"north": "Info N", "south": "Info S"}
"""Two services, because there are 900 demonstration numbers: slug, and what texts come from."""

NUMBERS = tuple(f"+447700900{number:03}" for number in range(900))

Phone = tuple[str, str]
"""Whom a text came from, and the number it came to."""


def add_services(runtime: Runtime) -> None:
    """Make the services, live."""
    with runtime.database.write(Scope.worker()) as session:
        for slug, sender in SENDERS.items():
            service = add_service(session, name=slug.title(), slug=slug, now=runtime.now())
            change_mode(session, service, ServiceMode.LIVE, Decider(None, None, runtime.now()))
            service.sender = sender


def everyone(texts: int) -> list[Phone]:
    """The phones that are to get exactly one text each."""
    per_service = texts // len(SENDERS)
    return [(sender, _number(n)) for sender in SENDERS.values() for n in range(per_service)]


def let_arrive(runtime: Runtime, slug: str, first: int, count: int, folder: Path) -> None:
    """Import a cases file of people whose closing text is due; raises when a row is refused."""
    path = folder / f"{slug}-{first}.csv"
    rows = [_case(number) for number in range(first, first + count)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    job = ImportJob(path=path, slug=slug, now=runtime.now(), drama_allowed=True)
    tally = import_cases(job, lambda: spoiling(runtime))
    if isinstance(tally, FileFault) or tally.created != count:
        raise RuntimeError(f"the cases file {path.name} did not land whole: {tally}")


def _number(number: int) -> str:
    return NUMBERS[number]


def _case(number: int) -> dict[str, str]:
    today = START.date()
    return {
        "case_ref": f"F-{number:04}",
        "referred_on": str(today - timedelta(days=60)),
        "closed_on": str(today - timedelta(days=5)),
        "closure_reason": "completed",
        "support_level": "community",
        "deliveries": "2",
        "flags": "none",
        "mobile": _number(number),
        "language": "en",
        "sms_consent": "yes",
        "sms_safe": "yes",
        "safety_checked_on": str(today - timedelta(days=6)),
    }
