"""Laws of the import: any sound row lands, a second run changes nothing, whatever the row says."""

import tempfile
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from survey_app.domain.cases import ClosureReason, Flag, Recorded, SupportLevel, Weekday
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope
from survey_app.usecases.import_cases.run import import_cases
from tests.case_files import SLUG, a_job, a_live_service, written
from tests.world import NOON

TODAY = NOON.date()
DAYS = st.dates(TODAY - timedelta(days=400), TODAY)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20).map(
    str.strip
)
YES_NO = st.sampled_from(["", *Recorded])
NOT_GIVEN = st.sampled_from(["", "declined", "not-asked", "unknown"])


def written_day(day: date, is_british: bool) -> str:
    return day.strftime("%d/%m/%Y") if is_british else day.isoformat()


@st.composite
def case_rows(draw, ref: str):
    """A row that FORMATS.md allows, with any of its optional cells."""
    referred_on, is_british = draw(DAYS), draw(st.booleans())
    closed_on = draw(st.none() | st.dates(referred_on, TODAY))
    flags = draw(st.none() | st.sets(st.sampled_from(list(Flag))))
    return {
        "case_ref": ref,
        "client_ref": draw(st.sampled_from(["", "P-1", "P-2"])),
        "service": draw(st.sampled_from(["", SLUG])),
        "referred_on": written_day(referred_on, is_british),
        "crime_category": draw(st.sampled_from(["", "Burglary", "Stalking", "rape"])),
        "local_authority": draw(TEXT),
        "flags": "" if flags is None else ";".join(flags) or "none",
        "support_level": draw(st.sampled_from(list(SupportLevel))),
        "deliveries": str(draw(st.integers(0, 6))),
        "date_of_birth": draw(
            NOT_GIVEN | st.dates(date(1930, 1, 1), referred_on).map(lambda d: d.isoformat())
        ),
        "ethnicity": draw(NOT_GIVEN | TEXT),
        "mobile": draw(
            st.sampled_from(["", "07700 900001", "07700900002", "0121 496 0000"]) | TEXT
        ),
        "language": draw(st.sampled_from(["", "en", "pl", "zh-Hant"])),
        **{
            name: draw(YES_NO)
            for name in ("sms_consent", "sms_safe", "sms_preferred", "call_safe", "do_not_contact")
        },
        "safe_days": draw(st.sets(st.sampled_from(list(Weekday))).map(";".join)),
        "safe_from": draw(st.sampled_from(["", "09:00", "22:00"])),
        "safe_until": draw(st.sampled_from(["", "17:30", "02:00"])),
        "safety_checked_on": draw(st.just("") | DAYS.map(lambda d: written_day(d, is_british))),
        "first_contact_at": draw(st.sampled_from(["", "2026-03-29T01:30", "01/06/2026"])),
        "closed_on": closed_on.isoformat() if closed_on else "",
        "closure_reason": draw(st.sampled_from(list(ClosureReason))) if closed_on else "",
        "closure_detail": draw(TEXT),
    }


FILES = st.tuples(case_rows("C-1"), case_rows("C-2"), case_rows("C-3"))


def state_of(session) -> dict[str, list[object]]:
    """All that an import may write of cases, people and requests."""
    return {
        model.__tablename__: [
            tuple(getattr(row, column.key) for column in model.__table__.columns)
            for row in session.scalars(select(model).order_by(model.id))
        ]
        for model in (Case, Person, SurveyRequest)
    }


@contextmanager
def within(session):
    """A batch inside the example's own transaction."""
    yield session
    session.flush()


class Undo(Exception):
    """Leaves the database as it was for the next example."""


@given(FILES, st.randoms(use_true_random=False))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_sound_row_lands_and_a_second_run_changes_nothing(sqlite_database, rows, chance):
    with tempfile.TemporaryDirectory() as folder:
        first = written(Path(folder), rows, "first.csv")
        shuffled = sorted(rows, key=lambda _: chance.random())
        second = written(Path(folder), shuffled, "second.csv")
        with suppress(Undo), sqlite_database.write(Scope.worker()) as session:
            a_live_service(session)
            one = import_cases(a_job(first), lambda: within(session))
            assert (one.created, one.rejected) == (3, 0)
            before = state_of(session)
            two = import_cases(a_job(second), lambda: within(session))
            assert (two.created, two.updated, two.unchanged) == (0, 0, 3)
            assert state_of(session) == before
            raise Undo
