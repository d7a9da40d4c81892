"""How well are cases recorded, by topic, worker and file? Each number leads to its cases."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain import record_quality as quality
from survey_app.domain.access import Task
from survey_app.domain.periods import london_day, quarter_of
from survey_app.domain.record_quality import State, Topic
from survey_app.reporting.data_quality import judged_cases
from survey_app.reporting.marked_cases import (
    Mark,
    MarkedCase,
    Tally,
    page_of_marked,
    tally,
    tally_by_arrival,
    tally_by_worker,
)
from survey_app.reporting.teams import Team
from survey_app.reporting.workers import Worker
from survey_app.web.caseworker.oversight.asked import (
    Asked,
    asked_after,
    case_choices,
    file_choices,
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
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.record_words import STATES, TOPICS
from survey_app.web.shared.runtime import runtime


@dataclass(frozen=True)
class Sheet:
    """Topics that have the same states, under one heading."""

    title: LazyString
    topics: tuple[Topic, ...]
    states: tuple[State, ...]


SHEETS = (
    Sheet(_l("The phone number"), quality.NUMBERS, quality.NUMBER_STATES),
    Sheet(_l("Flags and safe contact"), quality.CONTACT_DATA, quality.CONTACT_STATES),
    Sheet(_l("Contact and planning targets"), quality.TARGETS, quality.TARGET_STATES),
    Sheet(_l("Dates in their order"), quality.ORDERS, quality.ORDER_STATES),
    Sheet(
        _l("Who the person is"),
        quality.CHARACTERISTICS,
        quality.CHARACTERISTIC_STATES,
    ),
)


@access(Audience.STAFF, Task.SEE_OVERSIGHT)
def data_quality(slug: str) -> str:
    """Every topic; with `topic`, that one by worker and by file."""
    topic = _topic()
    with reading() as session:
        asked = read_asked(session)
        cases = judged_cases(session, asked.group, runtime().now())
        names = names_of(session, cases) if topic else {}
        teams = teams_of(session, asked) if topic else {}
        whose = name_of_holder(session, asked.held_by)
    if topic is None:
        tables = [_sheet(asked, sheet, tally(cases)) for sheet in SHEETS]
    else:
        workers = rows_by_team(
            tally_by_worker(cases), names, teams, Tally.sum_of, partial(_held_row, asked, topic)
        )
        tables = [
            _table(topic, _("By team and worker") if teams else _("By worker"), workers),
            _table(topic, _("By file"), _file_rows(asked, topic, cases)),
        ]
    return render_template(
        "caseworker/oversight/data_quality.html",
        slug=slug,
        asked=asked,
        figures_of=(asked.group.quarter or quarter_of(london_day(runtime().now()))).code,
        whose=whose,
        held_by=place_of(asked.held_by),
        topic=topic,
        topic_name=TOPICS[topic] if topic else None,
        base=len(cases),
        tables=tables,
        choices=case_choices(asked),
        files=file_choices(asked),
    )


@access(Audience.STAFF, Task.SEE_OVERSIGHT)
def data_quality_cases(slug: str) -> str:
    """The cases behind one number, newest referral first. Pages by key."""
    topic, said = _topic(), request.args.get("state")
    mark = (topic.value, said) if topic and said in set(State) else None
    with reading() as session:
        asked = read_asked(session)
        cases = judged_cases(session, asked.group, runtime().now())
        page = page_of_marked(session, cases, mark, asked_after())
        whose = name_of_holder(session, asked.held_by)
    older = next_key(page)
    return render_template(
        "caseworker/oversight/cases.html",
        slug=slug,
        title=STATES[mark[1]] if mark else None,
        about=TOPICS[topic] if topic else _("Data quality"),
        which=dict(case_choices(asked))[asked.values["cases"]],
        whose=whose,
        page=page,
        base=len(cases),
        back=url_for(".data_quality", slug=slug, **asked.values),
        older=older
        and url_for(
            ".data_quality_cases",
            slug=slug,
            after=older,
            **asked.whose_and_which,
            **_place(mark),
        ),
    )


def _topic() -> Topic | None:
    said = request.args.get("topic")
    return Topic(said) if said in set(Topic) else None


def _place(mark: Mark | None) -> dict[str, str]:
    return {"topic": mark[0], "state": mark[1]} if mark else {}


def _sheet(asked: Asked, sheet: Sheet, found: Tally) -> dict[str, object]:
    rows = []
    for topic in sheet.topics:
        more = url_for(
            ".data_quality", slug=this_service().slug, topic=topic, **asked.whose_and_which
        )
        rows.append(_row(asked, topic, found, str(TOPICS[topic]), more, **place_of(asked.held_by)))
    return {"title": sheet.title, "heads": _heads(sheet.states), "rows": rows}


def _table(topic: Topic, title: str, rows: list[Row]) -> dict[str, object]:
    return {"title": title, "heads": _heads(_states_of(topic)), "rows": rows}


def _file_rows(asked: Asked, topic: Topic, cases: list[MarkedCase]) -> list[Row]:
    """A row for each of the latest files that brought a case of the group."""
    by_arrival = tally_by_arrival(cases)
    names = dict(file_choices(asked))
    own = place_of(asked.held_by)
    return [
        _row(asked, topic, by_arrival[run.started_at], names[str(run.id)], file=str(run.id), **own)
        for run in asked.files
        if run.started_at in by_arrival
    ]


def _held_row(asked: Asked, topic: Topic, found: Tally, held_by: Team | Worker, name: str) -> Row:
    row = _row(asked, topic, found, name, **place_of(held_by))
    return replace(row, is_team=isinstance(held_by, Team))


def _row(
    asked: Asked, topic: Topic, found: Tally, name: str, more: str = "", **narrowed: str
) -> Row:
    def address(mark: Mark | None) -> str:
        place = asked.values | narrowed | _place(mark)
        return url_for(".data_quality_cases", slug=this_service().slug, **place)

    marks = [((topic.value, state.value), str(STATES[state])) for state in _states_of(topic)]
    return a_row(name, found, marks, address, more=more)


def _states_of(topic: Topic) -> tuple[State, ...]:
    return next(sheet.states for sheet in SHEETS if topic in sheet.topics)


def _heads(states: Iterable[State]) -> list[LazyString]:
    return [STATES[state] for state in states]


def data_quality_pages(pages: Blueprint) -> None:
    """Mount the tables and their lists."""
    pages.get("/services/<slug>/oversight/data-quality")(data_quality)
    pages.get("/services/<slug>/oversight/data-quality/cases")(data_quality_cases)
