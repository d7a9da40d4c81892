"""What does the address ask for: which period, on which basis, of whom?

The whole state of a page stands in its address, so that it can be sent to a colleague. What cannot
be is answered in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from flask import abort, make_response, render_template, request, url_for
from flask_babel import gettext as _

from survey_app.domain.cases import Flag
from survey_app.domain.ladder import TIERS
from survey_app.domain.periods import Period, PeriodRefusal, Quarter, parse, parse_period
from survey_app.domain.requests import Mode
from survey_app.reporting.filters import (
    FILTERED_BY,
    INSTRUMENT,
    NO_FILTERS,
    NOT_RECORDED,
    Dimension,
    Filters,
    filters_of,
)
from survey_app.reporting.population import Basis
from survey_app.reporting.quarter_tables import PUBLISHED_BY
from survey_app.web.commissioner.wording import FILTERS, named

LONGEST_VALUE = 200
KNOWN: Mapping[str, tuple[str, ...]] = {
    Dimension.TIER.value: TIERS,
    Dimension.FLAG.value: (*(flag.value for flag in Flag), "none", NOT_RECORDED),
    Dimension.MODE.value: tuple(mode.value for mode in Mode),
}
"""Filters whose every value is known beforehand."""


@dataclass(frozen=True)
class Asked:
    """What a figures page is about."""

    slug: str
    period: Period
    basis: Basis = Basis.CLOSED
    filters: Filters = NO_FILTERS

    def query(self) -> dict[str, str]:
        """What of it stands behind the question mark."""
        found = {dimension.value: value for dimension, value in self.filters.only.items()}
        if self.filters.instrument is not None:
            found[INSTRUMENT] = self.filters.instrument
        if self.basis is not Basis.CLOSED:
            found["basis"] = self.basis.value
        return found

    def address(self, page: str | None = None, **more: str) -> str:
        """The address of a page about the same; None is the overview."""
        place = {"slug": self.slug, "period": self.period.code}
        if page is None or page == "overview":
            return url_for("commissioner.figures", **place, **(self.query() | more))
        return url_for("commissioner.figures_page", page=page, **place, **(self.query() | more))

    def without(self, name: str) -> "Asked":
        """The same with one filter taken off."""
        kept = {key: value for key, value in self.query().items() if key not in (name, "basis")}
        return replace(self, filters=filters_of(kept))


def asked_period(written: str) -> Period:
    """The period in the address, or a page that says in words how one is written."""
    period = parse_period(written)
    if period is PeriodRefusal.BACKWARDS:
        refuse(
            _("These quarters are the wrong way round"),
            _("The earlier quarter comes first, as in 2018-Q1..2018-Q4."),
        )
    if period is PeriodRefusal.TOO_LONG:
        refuse(_("That is too long"), _("Choose at most ten years."))
    if isinstance(period, PeriodRefusal):
        _no_such_quarter()
    return period


def asked_quarter(written: str) -> Quarter:
    """The quarter in the address; several are none here."""
    quarter = parse(written)
    if isinstance(quarter, PeriodRefusal):
        _no_such_quarter()
    return quarter


def asked_basis() -> Basis:
    """The basis in the address, by default cases closed in the quarter."""
    try:
        return Basis(request.args.get("basis", Basis.CLOSED))
    except ValueError:
        refuse(_("There is no such basis"), _("Figures are by cases closed, or by answers given."))


def asked_filters(given: Mapping[str, str]) -> Filters:
    """The filters in the address; empty ones are none, and impossible values are refused."""
    written = {name: given[name].strip() for name in FILTERED_BY if given.get(name, "").strip()}
    for name, value in written.items():
        is_known = value in KNOWN.get(name, (value,))
        if not is_known or len(value) > LONGEST_VALUE or "\x00" in value:
            refuse(
                _("There is no such filter"),
                _(
                    "%(value)s is no value of the filter %(name)s. Go back and choose one.",
                    value=value[:LONGEST_VALUE].replace("\x00", ""),
                    name=named(FILTERS, name),
                ),
            )
    return filters_of(written)


def asked_dimension(written: str) -> Dimension:
    """The characteristic in the address; others than those that are published are not found."""
    found = next((by for by in PUBLISHED_BY if by.value == written), None)
    if found is None:
        abort(404)
    return found


def asked(slug: str, period: str) -> Asked:
    """Everything that the address asks for."""
    return Asked(slug, asked_period(period), asked_basis(), asked_filters(request.args))


def refuse(title: str, remedy: str) -> NoReturn:
    """Answer with a page that says what is wrong and what to do."""
    abort(make_response(render_template("errors/page.html", title=title, remedy=remedy), 404))


def _no_such_quarter() -> NoReturn:
    refuse(
        _("There is no such quarter"),
        _("A quarter is written like 2018-Q1, which is April to June 2018."),
    )
