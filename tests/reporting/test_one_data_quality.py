"""The figures page and the manager's page on data quality are one judgement of the same cases."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.case_ages import age_band
from survey_app.domain.cases import NotGiven, NumberKind, Recorded
from survey_app.domain.periods import Quarter
from survey_app.domain.record_quality import CHARACTERISTICS, TOPIC_OF_FACT, State, Topic
from survey_app.reporting.data_quality import judged_cases
from survey_app.reporting.marked_cases import CaseGroup, Tally, tally
from survey_app.reporting.population import Audience, Basis
from survey_app.reporting.report import Part, Report, report
from survey_app.reporting.who_answered import state_of
from survey_app.store.services import Service
from tests.builders import a_case, a_person, a_service
from tests.world import NOON

SUMMER = Quarter(2026, 2)
CASES = 80
NAME_OF_TOPIC = {topic: topic.value for topic in CHARACTERISTICS} | {
    Topic.DATE_OF_BIRTH: "age-band"
}
ANSWERS = (None, "", *Recorded)
REASONS = (None, *NotGiven)


def add_anybody(session: Session, service: Service, random: Random) -> None:
    """A case of which anything may be recorded, or nothing, closed before, in or after summer."""
    age = random.choice((None, 15, 40))
    person = a_person(
        session,
        service,
        number_kind=random.choice(tuple(NumberKind)),
        sms_consent=random.choice(ANSWERS),
        sms_safe=random.choice(ANSWERS),
        call_safe=random.choice(ANSWERS),
        safety_checked_on=random.choice((None, date(2026, 7, 1))),
        birth_not_given=random.choice(REASONS) if age is None else None,
        sex=random.choice((*REASONS, "female", "male")),
        gender_identity=random.choice((*REASONS, "woman")),
        ethnicity=random.choice((*REASONS, "white-british")),
        disability=random.choice((*REASONS, "no")),
        sexuality=random.choice((*REASONS, "gay")),
        religion=random.choice((*REASONS, "sikh")),
    )
    a_case(
        session,
        service,
        person,
        flags=random.choice((None, "", "none", "stalking", "high-risk;vulnerable")),
        age_at_referral=age,
        age_band=None if age is None else age_band(age),
        referred_on=date(2026, 6, 1),
        closed_on=date(2026, 6, 20) + timedelta(days=random.randrange(120)),
        closure_reason="completed",
    )


@pytest.fixture
def service(session: Session) -> Service:
    """A service with a generated world, beside another one's."""
    random = Random(6)
    ours, other = a_service(session), a_service(session)
    for n in range(CASES):
        add_anybody(session, other if n % 4 == 0 else ours, random)
    return ours


@pytest.fixture
def figures(session: Session, service: Service) -> Report:
    """What the figures page is made of."""
    parts = (Part.WHO_ANSWERED, Part.RECORDING)
    found = report(session, service, SUMMER, audience=Audience.STAFF, now=NOON, parts=parts)
    assert found.basis is Basis.CLOSED
    return found


@pytest.fixture
def oversight(session: Session, service: Service) -> Tally:
    """What the manager's page is made of."""
    found = tally(judged_cases(session, CaseGroup(service.id, SUMMER), NOON))
    assert 20 < found.base < CASES * 3 / 4, "some are of the quarter, and some are not"
    return found


def test_a_fact_is_recorded_of_as_many_cases_as_its_topic(figures: Report, oversight: Tally):
    recorded = {row.fact: row.recorded for row in figures.recording}
    for fact, topic in TOPIC_OF_FACT.items():
        mark = (topic.value, State.RECORDED.value)
        assert 0 < recorded[fact].numerator == oversight.counts[mark], fact
        assert recorded[fact].denominator == oversight.base


def test_each_state_of_a_characteristic_has_the_same_number(figures: Report, oversight: Tally):
    for topic in CHARACTERISTICS:
        found: Counter[State] = Counter()
        for row in figures.who_answered:
            if row.characteristic == NAME_OF_TOPIC[topic]:
                found[state_of(row.value)] += row.closed
        marks = oversight.counts.items()
        assert found == {State(state): n for (about, state), n in marks if about == topic}
        assert len(found) == 5, "every state occurs"
