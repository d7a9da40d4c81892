"""How is a published document read back as the report that it was?

What is stored is Report JSON (FORMATS.md), so that no later change of code can change what was
published; files are written from a `Report`, so this is the way from the one to the other.
"""

from collections.abc import Mapping
from typing import Any

from survey_app.domain.periods import PeriodRefusal, parse
from survey_app.domain.statistics import Rate
from survey_app.reporting.filters import Dimension
from survey_app.reporting.ladder import LadderRow
from survey_app.reporting.outcomes import OutcomeRow
from survey_app.reporting.population import Audience, Basis
from survey_app.reporting.report import Report
from survey_app.reporting.satisfaction import SatisfactionRow
from survey_app.reporting.stars import Average, StarOverallRow, StarRow


class BrokenPublicationError(Exception):
    """A stored document names no quarter: it was made by `publish_quarter`, so that cannot be."""


def read_document(document: Mapping[str, Any]) -> Report:
    """The report that `formats.as_json.document` wrote; rows have no words of their own."""
    period = parse(document["period"]["code"])
    if isinstance(period, PeriodRefusal):
        raise BrokenPublicationError(document["period"])
    ladder = document["ladder"]
    return Report(
        service=document["service"],
        service_name=document["service"],
        period=period,
        is_provisional=document["period"]["provisional"],
        basis=Basis(document["basis"]),
        by=Dimension(document["by"]) if "by" in document else None,
        audience=Audience(document["audience"]),
        ladder=None if ladder is None else tuple(LadderRow(**_fields(row)) for row in ladder),
        satisfaction=tuple(
            SatisfactionRow(label="", **_fields(row)) for row in document["satisfaction"]
        ),
        outcomes=tuple(OutcomeRow(label="", **_fields(row)) for row in document["outcomes"]),
        stars=tuple(StarRow(label="", **_fields(row)) for row in document["stars"]),
        stars_overall=tuple(StarOverallRow(**_fields(row)) for row in document["stars_overall"]),
        is_empty=False,
        definitions_version=document["definitions_version"],
    )


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's fields with its shares and averages made whole again."""
    return {"group": None} | {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"median", "mean"}:
            return Average(**value)
        if "denominator" in value:
            return Rate(**value)
    return value
