"""`report`: one service and quarter as text, JSON, CSV or a workbook."""

import sys
from dataclasses import dataclass
from pathlib import Path

import click
from flask.cli import with_appcontext

from survey_app.cli.runtime import runtime
from survey_app.domain.periods import Period, PeriodRefusal, parse_period
from survey_app.reporting.filters import FILTERED_BY, Dimension, Filters, filters_of
from survey_app.reporting.formats import as_csv, as_json, as_text, as_xlsx
from survey_app.reporting.population import Audience, Basis
from survey_app.reporting.report import SUPPRESSED_PARTS, Part, Report, report
from survey_app.store.scope import Scope
from survey_app.store.services import find_service

_WHY_NO_PERIOD = {
    PeriodRefusal.WRONG_FORM: "write a quarter of the financial year as 2018-Q1 (April-June 2018)",
    PeriodRefusal.NO_SUCH_QUARTER: "a year has the quarters Q1 (from April) to Q4 (from January)",
    PeriodRefusal.YEAR_OUT_OF_RANGE: "that year is out of range",
    PeriodRefusal.BACKWARDS: "the first quarter comes first, as in 2018-Q1..2018-Q4",
    PeriodRefusal.TOO_LONG: "that is more than ten years",
}
Only = tuple[str, str]
"""What to filter by, and the value."""

_WRITERS = {"text": as_text.write, "json": as_json.write, "csv": as_csv.write}


@dataclass(frozen=True)
class Asked:
    """Which report the command is for."""

    slug: str
    period: Period
    basis: Basis
    by: Dimension | None
    audience: Audience
    filters: Filters


class PeriodType(click.ParamType):
    """A quarter as FORMATS.md writes it, or several in a row."""

    name = "period"

    def convert(
        self, value: str | Period, param: click.Parameter | None, ctx: click.Context | None
    ) -> Period:
        """The period, or wrong use (exit 2) with what to write instead."""
        period = parse_period(value) if isinstance(value, str) else value
        if isinstance(period, PeriodRefusal):
            self.fail(f"{value!r} is no quarter: {_WHY_NO_PERIOD[period]}.", param, ctx)
        return period


class OnlyType(click.ParamType):
    """A filter, written `sex=female`."""

    name = "what=value"

    def convert(
        self, value: str | Only, param: click.Parameter | None, ctx: click.Context | None
    ) -> Only:
        """Dimension and value, or wrong use (exit 2) with what may be written."""
        if not isinstance(value, str):
            return value
        name, given, wanted = value.partition("=")
        if not given or not wanted or name not in FILTERED_BY:
            self.fail(
                f"{value!r}: write one of {', '.join(FILTERED_BY)}, = and a value.", param, ctx
            )
        return name, wanted


def _choice(of: type[Basis] | type[Dimension] | type[Audience]) -> click.Choice[str]:
    return click.Choice([member.value for member in of])


@click.command("report")
@click.option("--service", "slug", required=True, help="The service's slug.")
@click.option(
    "--period",
    type=PeriodType(),
    required=True,
    help="A quarter, such as 2018-Q1, or several: 2018-Q1..2018-Q4.",
)
@click.option("--basis", type=_choice(Basis), default="closed", show_default=True)
@click.option("--by", type=_choice(Dimension), help="Split by this.")
@click.option(
    "--only",
    type=OnlyType(),
    multiple=True,
    help="Narrow it, as in sex=female; for staff. Repeat for more.",
)
@click.option("--audience", type=_choice(Audience), default="commissioner", show_default=True)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*_WRITERS, "xlsx"]),
    default="text",
    show_default=True,
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it here.")
@with_appcontext
def report_command(
    slug: str,
    period: Period,
    basis: str,
    by: str | None,
    only: tuple[Only, ...],
    audience: str,
    format_: str,
    output: Path | None,
) -> None:
    """Print the figures of one quarter, as they stand now.

    Figures for the commissioner leave out small numbers ([c]); --audience staff shows them.
    """
    if format_ == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError("A workbook is no text: give --output FILE, or redirect it.")
    filters = filters_of(dict(only))
    if filters and audience != Audience.STAFF.value:
        raise click.UsageError(
            "Filtered figures are for the service's own staff: add --audience staff."
        )
    asked = Asked(
        slug, period, Basis(basis), Dimension(by) if by else None, Audience(audience), filters
    )
    found = _report(asked)
    written = as_xlsx.write(found) if format_ == "xlsx" else _WRITERS[format_](found).encode()
    if output is not None:
        output.write_bytes(written)
    else:
        click.echo(written, nl=False)


def _report(asked: Asked) -> Report:
    with runtime().database.read(Scope.worker()) as session:
        service = find_service(session, asked.slug)
        if service is None:
            raise click.BadParameter(f"there is no service {asked.slug!r}.", param_hint="--service")
        return report(
            session,
            service,
            asked.period,
            asked.basis,
            asked.by,
            asked.audience,
            now=runtime().now(),
            filters=asked.filters,
            parts=tuple(Part) if asked.audience is Audience.STAFF else tuple(SUPPRESSED_PARTS),
        )
