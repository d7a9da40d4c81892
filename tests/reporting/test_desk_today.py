"""Today lists what is due, of whom it should, in a number of queries that does not grow."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.domain.requests import Wave
from survey_app.reporting.desk_cases import (
    CaseState,
    Narrowing,
    Whose,
    find_exactly,
    list_cases,
)
from survey_app.reporting.desk_due import Desk, DueKind
from survey_app.reporting.desk_today import due_of_kind, due_today, has_cases
from survey_app.store.programmes import Programmes
from survey_app.store.responses import Response
from survey_app.store.services import Service
from survey_app.store.team_members import put_in_team
from tests.alerts import an_alert
from tests.builders import a_case, a_hold, a_person, a_request, an_instrument
from tests.case_files import a_live_service
from tests.links import SHIPPED
from tests.staff import an_account
from tests.store.statements import counted_statements
from tests.world import NOON

TODAY = NOON.date()
FRESH, STALE = TODAY - timedelta(days=3), TODAY - timedelta(days=80)


@pytest.fixture
def service(session: Session) -> Service:
    """A service that runs `standard`; another beside it, with the same things due."""
    ours = a_live_service(session)
    other = a_live_service(session, "other")
    one_of_each(session, other, None)
    return ours


def a_star(session: Session, case, wave: Wave, on: date) -> None:
    star = an_instrument(session, "adult-star", SHIPPED["adult-star", "1"].model_dump(mode="json"))
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    session.add(
        Response(
            service_id=case.service_id,
            case_id=case.id,
            wave=wave,
            instrument_id=star.id,
            mode="in-person",
            language="en",
            started_at=at,
            completed_at=at,
            counts_on=on,
            scored_by="together",
        )
    )
    session.flush()


def one_of_each(session: Session, service: Service, worker: int | None) -> dict[DueKind, str]:
    """A case of every kind of work, and cases with none; the references by kind."""
    n = f"{service.slug}-{worker}"

    def case(ref: str, **facts):
        person = a_person(session, service, safety_checked_on=facts.pop("checked", FRESH))
        known = {"case_ref": f"{n}-{ref}", "caseworker_id": worker, "referred_on": TODAY}
        return a_case(session, service, person, **(known | {"arrived_on": TODAY} | facts))

    case("nothing")
    case("checked", checked=TODAY - timedelta(days=75))
    close = {"support_level": "caseworker"}
    an_alert(session, case("alerts"), due_at=NOON - timedelta(hours=1))
    an_alert(session, case("no-alert"), closed_at=NOON)
    a_hold(session, case("held"))
    a_hold(session, case("released"), ended_at=NOON)
    case("baseline", **close)
    old = {"referred_on": TODAY - timedelta(days=40), "arrived_on": TODAY - timedelta(days=40)}
    if service.slug == "west" and worker is None:
        a_star(session, case("review", **close, **old), Wave.BASELINE, old["referred_on"])
    case("closure", **close, **old, closed_on=TODAY, closure_reason="completed")
    case("safe-contact", checked=STALE)
    for ref, facts in (
        ("refused", {"refusal": "no-consent", "channel": None}),
        ("later", {"refusal": "no-consent", "due_at": NOON + timedelta(days=1)}),
        ("stale", {"refusal": "safety-details-stale", "channel": None}),
        ("calls", {"channel": "phone"}),
        ("called", {"channel": "phone", "call_made_at": NOON}),
    ):
        a_request(session, case(ref), **facts)
    return {kind: f"{n}-{kind}" for kind in DueKind}


def desk(session: Session, service: Service, worker: int | None = None) -> Desk:
    programme = Programmes.of(session, service.id).in_force
    return Desk(session, service.id, programme, NOON, worker)


def test_each_kind_of_work_is_listed_with_its_case_and_no_other(session: Session, service):
    expected = one_of_each(session, service, None)
    found = due_today(desk(session, service), limit=10)
    assert {kind: [row.case_ref for row in found[kind].rows] for kind in DueKind} == {
        kind: [ref] for kind, ref in expected.items()
    }
    assert {kind for kind in DueKind if found[kind].rows[0].is_overdue} == {
        DueKind.ALERTS,
        DueKind.REVIEW,
    }


def test_mine_are_those_of_my_cases(session: Session, service):
    account = an_account(session, (service, Role.CASEWORKER)).id
    one_of_each(session, service, None)
    mine = one_of_each(session, service, account)
    found = due_today(desk(session, service, account), limit=10)
    for kind in set(DueKind) - {DueKind.REVIEW}:
        assert [row.case_ref for row in found[kind].rows] == [mine[kind]], kind
    stranger = an_account(session, (service, Role.CASEWORKER)).id
    assert has_cases(desk(session, service, account))
    assert not has_cases(desk(session, service, stranger))


@pytest.mark.parametrize("kind", [DueKind.ALERTS, DueKind.BASELINE, DueKind.SAFE_CONTACT])
def test_a_long_list_pages_by_key_without_gap_or_repeat(session: Session, service, kind):
    for _n in range(5):
        case = a_case(
            session,
            service,
            a_person(session, service, safety_checked_on=STALE),
            support_level="caseworker",
        )
        an_alert(session, case)
    every = [row.case_ref for row in due_of_kind(desk(session, service), kind, 10).rows]
    assert len(every) == 5
    paged, after = [], None
    while rows := due_of_kind(desk(session, service), kind, 2, after).rows:
        paged += [row.case_ref for row in rows]
        after = rows[-1].key
    assert paged == every


def test_the_number_of_queries_does_not_grow_with_cases(session: Session, service):
    def statements() -> int:
        with counted_statements(session) as sent:
            due_today(desk(session, service), limit=3)
        return len(sent)

    one_of_each(session, service, None)
    few = statements()
    for _n in range(12):
        an_alert(session, a_case(session, service, support_level="caseworker"))
    assert statements() == few


@pytest.fixture
def cases(session: Session, service) -> int:
    """Three of mine and a colleague's; the account that is me."""
    me = an_account(session, (service, Role.CASEWORKER)).id
    facts = ({}, {"closed_on": TODAY}, {"support_level": "caseworker"})
    for n, known in enumerate(facts):
        day = TODAY - timedelta(days=n)
        a_case(session, service, case_ref=f"WM_{n}", caseworker_id=me, referred_on=day, **known)
    a_case(session, service, case_ref="WMX1", caseworker_text="Somebody", referred_on=TODAY)
    a_case(session, service, case_ref="ZZ", referred_on=TODAY)
    return me


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"whose": "mine"}, ["WM_0", "WM_2"]),
        ({"whose": "mine", "state": "all"}, ["WM_0", "WM_1", "WM_2"]),
        ({"whose": "mine", "state": "closed"}, ["WM_1"]),
        ({"whose": "mine", "level": "caseworker"}, ["WM_2"]),
        ({"whose": "nobody"}, ["ZZ"]),
        ({"whose": "team"}, ["ZZ", "WMX1", "WM_0", "WM_2"]),
        ({"q": "wm_", "whose": "team"}, ["WM_0", "WM_1", "WM_2"]),
        ({"whose": "nonsense", "state": "x", "level": "y"}, ["ZZ", "WMX1", "WM_0", "WM_2"]),
    ],
)
def test_the_list_is_narrowed_newest_referral_first(session, service, cases, said, expected):
    narrowing = Narrowing.read(said, default=Whose.SERVICE)
    found = list_cases(session, service.id, narrowing, cases)
    assert [row.case_ref for row in found] == expected
    seen, after = [], None
    while rows := list_cases(session, service.id, narrowing, cases, after=after, limit=1):
        seen.append(rows[0].case_ref)
        after = (rows[0].referred_on, rows[0].id)
    assert seen == expected


def test_my_teams_cases_are_mine_and_my_colleagues_in_this_service_alone(session, service, cases):
    colleague, another = an_account(session).id, an_account(session).id
    other = a_live_service(session, "third")
    for service_id, account_id, team in (
        (service.id, cases, "North"),
        (service.id, colleague, "North"),
        (service.id, another, "South"),
        (other.id, another, "North"),
        (other.id, cases, "West"),
    ):
        put_in_team(session, service_id, account_id, team)
    a_case(session, service, case_ref="NORTH", caseworker_id=colleague, referred_on=TODAY)
    a_case(session, service, case_ref="SOUTH", caseworker_id=another, referred_on=TODAY)
    a_case(session, other, case_ref="THIRD", caseworker_id=another, referred_on=TODAY)
    ours = Narrowing(whose=Whose.MY_TEAM)
    found = list_cases(session, service.id, ours, cases)
    assert [row.case_ref for row in found] == ["NORTH", "WM_0", "WM_2"]
    put_in_team(session, service.id, cases, None)
    found = list_cases(session, service.id, ours, cases)
    assert [row.case_ref for row in found] == ["WM_0", "WM_2"]


def test_a_reference_is_found_in_whatever_case_it_is_typed(session, service, cases):
    assert find_exactly(session, service.id, "wmx1") == "WMX1"
    assert find_exactly(session, service.id, "WM") is None
    a_case(session, service, case_ref="wmx1")
    assert find_exactly(session, service.id, "wmx1") == "wmx1"
    assert find_exactly(session, service.id, "WMX1") == "WMX1"


def test_a_saved_filter_keeps_no_reference():
    narrowing = Narrowing.read({"q": "WM-1", "whose": "mine"}, default=Whose.SERVICE)
    assert narrowing.state is CaseState.ALL
    assert narrowing.as_words() == {"whose": "mine", "state": "all"}
