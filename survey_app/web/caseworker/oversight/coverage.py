"""How many cases have a baseline, an ending and a pair: all, and with each team and worker?"""

from functools import partial

from flask import Blueprint, render_template, request, url_for

from survey_app.domain.access import Task
from survey_app.domain.instruments import InstrumentKind
from survey_app.reporting.coverage import HAS as HAS_MARK
from survey_app.reporting.coverage import Measure, covered_cases, measures
from survey_app.reporting.marked_cases import (
    Mark,
    Tally,
    page_of_marked,
    tally,
    tally_by_worker,
)
from survey_app.reporting.teams import Team
from survey_app.reporting.workers import Worker
from survey_app.web.caseworker.oversight.asked import (
    Asked,
    asked_after,
    case_choices,
    names_of,
    next_key,
    read_asked,
    teams_of,
)
from survey_app.web.caseworker.oversight.by_team import (
    name_of_holder,
    place_of,
    rows_by_team,
)
from survey_app.web.caseworker.oversight.cells import Row, a_row
from survey_app.web.caseworker.oversight.words import HAS, measure_name
from survey_app.web.shared.access import Audience, access, reading, this_service


@access(Audience.STAFF, Task.SEE_OVERSIGHT)
def coverage(slug: str) -> str:
    """A table of the service, each team and worker; each number leads to its cases."""
    with reading() as session:
        asked = read_asked(session)
        known = measures(session)
        measure = _measure(known)
        cases = covered_cases(session, asked.group, measure)
        names = names_of(session, cases)
        teams = teams_of(session, asked)
    rows = rows_by_team(
        tally_by_worker(cases), names, teams, Tally.sum_of, partial(_row, asked, measure)
    )
    return render_template(
        "caseworker/oversight/coverage.html",
        slug=slug,
        asked=asked,
        measure=measure,
        measure_name=measure_name(measure, known.get(measure)),
        measures=[(each.key, measure_name(each, label)) for each, label in known.items()],
        choices=case_choices(asked),
        heads=[HAS[column] for column in measure.columns],
        everybody=_row(asked, measure, tally(cases), None, ""),
        rows=rows,
        lacks_teams=not (teams or asked.held_by),
    )


@access(Audience.STAFF, Task.SEE_OVERSIGHT)
def coverage_cases(slug: str) -> str:
    """The cases behind one number, newest referral first. Pages by key."""
    said = request.args.get("has")
    with reading() as session:
        asked = read_asked(session)
        known = measures(session)
        measure = _measure(known)
        cases = covered_cases(session, asked.group, measure)
        has = said if said in measure.columns else None
        page = page_of_marked(session, cases, (HAS_MARK, has) if has else None, asked_after())
        whose = name_of_holder(session, asked.held_by)
    place = asked.whose_and_which | {"measure": measure.key} | ({"has": has} if has else {})
    older = next_key(page)
    return render_template(
        "caseworker/oversight/cases.html",
        slug=slug,
        title=HAS[has] if has else None,
        about=measure_name(measure, known.get(measure)),
        which=dict(case_choices(asked))[asked.values["cases"]],
        whose=whose,
        page=page,
        base=len(cases),
        back=url_for(".coverage", slug=slug, measure=measure.key, **asked.values),
        older=older and url_for(".coverage_cases", slug=slug, after=older, **place),
    )


def _measure(known: dict[Measure, str | None]) -> Measure:
    said = request.args.get("measure")
    usual = Measure(InstrumentKind.SELF_ASSESSMENT)
    return next((measure for measure in known if measure.key == said), usual)


def _row(
    asked: Asked, measure: Measure, found: Tally, held_by: Team | Worker | None, name: str
) -> Row:
    def address(mark: Mark | None) -> str:
        place = asked.values | place_of(held_by)
        has = {"has": mark[1]} if mark else {}
        slug = this_service().slug
        return url_for(".coverage_cases", slug=slug, measure=measure.key, **place, **has)

    marks = [((HAS_MARK, column), str(HAS[column])) for column in measure.columns]
    return a_row(name, found, marks, address, is_team=isinstance(held_by, Team))


def coverage_pages(pages: Blueprint) -> None:
    """Mount the table and its lists."""
    pages.get("/services/<slug>/oversight/coverage")(coverage)
    pages.get("/services/<slug>/oversight/coverage/cases")(coverage_cases)
