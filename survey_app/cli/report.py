"""`report`: one service and quarter as text, JSON, CSV or a workbook."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from survey_app.cli.runtime import runtime
from survey_app.domain.periods import PeriodRefusal, Quarter, parse
from survey_app.reporting.formats import as_csv, as_json, as_text, as_xlsx
from survey_app.reporting.population import Audience, Basis, Dimension
from survey_app.reporting.report import Report, report
from survey_app.store.scope import Scope
from survey_app.store.services import find_service

_WHY_NO_PERIOD = {
    PeriodRefusal.WRONG_FORM: "write a quarter of the financial year as 2018-Q1 (April-June 2018)",
    PeriodRefusal.NO_SUCH_QUARTER: "a year has the quarters Q1 (from April) to Q4 (from January)",
    PeriodRefusal.YEAR_OUT_OF_RANGE: "that year is out of range",
}
_WRITERS = {"text": as_text.write, "json": as_json.write, "csv": as_csv.write}


class QuarterType(click.ParamType):
    """A quarter as FORMATS.md writes it."""

    name = "quarter"

    def convert(
        self, value: str | Quarter, param: click.Parameter | None, ctx: click.Context | None
    ) -> Quarter:
        """The quarter, or wrong use (exit 2) with what to write instead."""
        period = value if isinstance(value, Quarter) else parse(value)
        if isinstance(period, PeriodRefusal):
            self.fail(f"{value!r} is no quarter: {_WHY_NO_PERIOD[period]}.", param, ctx)
        return period


def _choice(of: type[Basis] | type[Dimension] | type[Audience]) -> click.Choice[str]:
    return click.Choice([member.value for member in of])


@click.command("report")
@click.option("--service", "slug", required=True, help="The service's slug.")
@click.option("--period", type=QuarterType(), required=True, help="A quarter, such as 2018-Q1.")
@click.option("--basis", type=_choice(Basis), default="closed", show_default=True)
@click.option("--by", type=_choice(Dimension), help="Split by this.")
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
    period: Quarter,
    basis: str,
    by: str | None,
    audience: str,
    format_: str,
    output: Path | None,
) -> None:
    """Print the figures of one quarter, as they stand now.

    Figures for the commissioner leave out small numbers ([c]); --audience staff shows them.
    """
    if format_ == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError("A workbook is no text: give --output FILE, or redirect it.")
    found = _report(
        slug, period, Basis(basis), Dimension(by) if by is not None else None, Audience(audience)
    )
    written = as_xlsx.write(found) if format_ == "xlsx" else _WRITERS[format_](found).encode()
    if output is not None:
        output.write_bytes(written)
    else:
        click.echo(written, nl=False)


def _report(
    slug: str, period: Quarter, basis: Basis, by: Dimension | None, audience: Audience
) -> Report:
    with runtime().database.read(Scope.worker()) as session:
        service = find_service(session, slug)
        if service is None:
            raise click.BadParameter(f"there is no service {slug!r}.", param_hint="--service")
        return report(session, service, period, basis, by, audience, now=runtime().now())
