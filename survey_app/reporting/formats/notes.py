"""What must a reader be told beside the figures?"""

from collections.abc import Iterator

from survey_app.domain.statistics import SUPPRESSED
from survey_app.reporting.population import Audience, Basis
from survey_app.reporting.report import Report

_BASES = {
    Basis.CLOSED: "Cases that closed in the quarter.",
    Basis.ANSWERED: "Answers that were given in the quarter.",
}


def notes(report: Report) -> Iterator[str]:
    """One sentence or two a note, the most needed first."""
    start, end = report.period.starts_on, report.period.ends_on
    yield f"{start.day} {start:%B %Y} to {end.day} {end:%B %Y}. {_BASES[report.basis]}"
    if report.is_provisional:
        yield "Provisional: some requests are still open, so figures may change."
    if report.audience is Audience.COMMISSIONER:
        yield (
            f"{SUPPRESSED} stands for a figure left out because it is about very few people, or "
            "because a figure about very few people could be worked out from it."
        )
    else:
        yield "For the service's own staff: small numbers are shown. Do not pass this on."
    yield (
        "Each percentage is of the valid answers to its question, with its 95 % confidence "
        'interval (Wilson). Blank, "does not apply", "prefer not to say" and "did not need help" '
        "are not in it."
    )
    yield f"Definitions version {report.definitions_version}."
