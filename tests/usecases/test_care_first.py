"""Care first: no fault of a file, order of its rows or repetition makes anyone less careful.

FORMATS-INTAKE.md, section 3. Each test files a few rows and asks the contact rule itself who may be
texted.
"""

import tempfile
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from survey_app.domain.requests import Channel
from survey_app.domain.safe_contact import Outcome, judge
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.holds import HeldRow, Hold
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope
from survey_app.usecases.import_cases.run import import_cases
from tests.case_files import a_case_row, a_job, a_live_service, writer_of, written
from tests.world import NOON

LATER = NOON + timedelta(days=1)


class Desk:
    """A service into which files come, and the contact rule's word on its people."""

    def __init__(self, database, folder: Path) -> None:
        self.database, self.folder = database, folder
        with database.write(Scope.worker()) as session:
            a_live_service(session)

    def land(self, *rows, now=NOON, **facts):
        path = written(self.folder, rows)
        return import_cases(a_job(path, now=now, **facts), writer_of(self.database))

    def land_text(self, text: str, now=NOON):
        path = self.folder / "file.csv"
        path.write_text(text, encoding="utf-8")
        return import_cases(a_job(path, now=now), writer_of(self.database))

    def words(self, channel=Channel.SMS, now=LATER) -> dict[str, str | None]:
        """Why each case may not be contacted; None where it may."""
        with self.database.read(Scope.worker()) as session:
            return words_of(session, channel, now)

    def read(self, query):
        with self.database.read(Scope.worker()) as session:
            return session.execute(query).all()

    def causes(self) -> dict[str, set[str]]:
        rows = self.read(
            select(Case.case_ref, Hold.cause)
            .join(Hold, Hold.person_id == Case.person_id)
            .where(Hold.ended_at.is_(None))
        )
        found: dict[str, set[str]] = {}
        for ref, cause in rows:
            found.setdefault(ref, set()).add(cause)
        return found

    def held_rows(self) -> dict[str | None, dict[str, str]]:
        rows = self.read(select(HeldRow.case_ref, HeldRow.words).where(HeldRow.ended_at.is_(None)))
        return {row.case_ref: row.words for row in rows}


def words_of(session, channel, now) -> dict[str, str | None]:
    """By case: the contact rule's reason against its baseline request."""
    asked = session.execute(
        select(Case.case_ref, SurveyRequest.id)
        .join(SurveyRequest, SurveyRequest.case_id == Case.id)
        .where(SurveyRequest.wave == "baseline")
    ).all()
    facts = contact_facts(session, [row.id for row in asked])
    return {row.case_ref: judge(channel, facts[row.id], now).reason for row in asked}


@pytest.fixture
def desk(database, tmp_path):
    return Desk(database, tmp_path)


FAULTY = {"deliveries": "2.0"}


class TestRejectedRows:
    """What a rejected row says is heard before it is refused."""

    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ({"do_not_contact": "yes", "sms_consent": "no"}, "do-not-contact"),
            ({"do_not_contact": "Y"}, "do-not-contact"),
            ({"do_not_contact": "TRUE"}, "do-not-contact"),
            ({"do_not_contact": "refused"}, "do-not-contact"),
            ({"do_not_contact": "?"}, "do-not-contact"),
            ({"do_not_contact": "null"}, "do-not-contact"),
            ({"do_not_contact": "do not ring"}, "facts-contradict"),
            ({"sms_consent": "N"}, "no-consent"),
            ({"sms_consent": "0"}, "no-consent"),
            ({"sms_consent": "refused"}, "no-consent"),
            ({"sms_consent": "nk"}, "no-consent"),
            ({"sms_safe": "FALSE"}, "unsafe"),
            ({"sms_safe": "perhaps"}, "facts-contradict"),
            ({"flags": "none;domestic-abuse"}, "text-not-preferred"),
            ({"flags": "DV"}, "text-not-preferred"),
            ({"flags": "high risk, sexual violence"}, "text-not-preferred"),
            ({"flags": "domestic abuse;strange"}, "facts-contradict"),
            ({"flags": "murder"}, "awaits-release"),
            ({"flags": "CYP"}, "age-decision-needed"),
            ({"crime_category": "Domestic Abuse"}, "text-not-preferred"),
            ({"safe_days": ""}, None),
            ({"date_of_birth": "2016-05-01"}, "too-young"),
            ({"date_of_birth": "1800-05-01"}, "facts-contradict"),
            ({"closure_reason": "Transferred"}, "case-transferred"),
            ({"mobile": "07700 900999"}, "facts-contradict"),
            ({}, None),
        ],
    )
    def test_each_care_word_tightens_what_is_stored(self, desk, cells, reason):
        desk.land(a_case_row())
        assert desk.words() == {"C-1": None}
        tally = desk.land(a_case_row(**FAULTY, **cells))
        assert (tally.rejected, tally.updated) == (1, 0)
        assert desk.words() == {"C-1": reason}

    def test_a_person_is_found_by_the_client_too(self, desk):
        desk.land(a_case_row(client_ref="P"))
        desk.land(a_case_row(case_ref="C-9", client_ref="P", flags="stalking", **FAULTY))
        assert desk.words() == {"C-1": "text-not-preferred"}
        assert desk.read(select(func.count(Case.id))) == [(1,)]

    def test_it_makes_nothing_and_loosens_nothing(self, desk):
        desk.land(a_case_row(sms_consent="no", mobile=""))
        desk.land(
            a_case_row(**FAULTY, safety_checked_on="2026-11-17"),
            a_case_row(case_ref="C-2", **FAULTY),
        )
        ((person,),) = desk.read(select(Person))
        assert (person.sms_consent, person.mobile) == ("no", None)
        assert person.safety_checked_on == date(2026, 11, 10)

    def test_one_that_asks_for_nothing_more_careful_changes_nothing(self, desk):
        desk.land(a_case_row())
        before = desk.read(select(Person.changed_at, Person.sms_consent))
        desk.land(a_case_row(**FAULTY), now=LATER)
        assert desk.read(select(Person.changed_at, Person.sms_consent)) == before
        assert desk.held_rows() == {}

    def test_it_is_held_until_its_case_lands(self, desk):
        desk.land(a_case_row())
        desk.land(a_case_row(sms_safe="no", **FAULTY))
        assert desk.held_rows() == {"C-1": {"sms_safe": "no"}}
        desk.land(a_case_row(sms_consent="no", **FAULTY))
        assert desk.held_rows() == {"C-1": {"sms_safe": "no", "sms_consent": "no"}}
        desk.land(a_case_row(), now=LATER)
        assert desk.held_rows() == {}
        assert desk.words() == {"C-1": "unsafe"}

    def test_its_number_is_nobody_elses(self, desk):
        desk.land(a_case_row(), a_case_row(case_ref="C-2", mobile="07700 900102", **FAULTY))
        assert desk.words() == {"C-1": None}
        desk.land(a_case_row(case_ref="C-2", **FAULTY))
        assert desk.words() == {"C-1": "shared-number"}
        desk.land(a_case_row(case_ref="C-2", mobile="07700 900102"), now=LATER)
        assert desk.words() == {"C-1": None, "C-2": None}

    def test_its_number_is_no_others_where_it_is_the_same_clients(self, desk):
        desk.land(a_case_row(client_ref="P"))
        desk.land(a_case_row(case_ref="C-2", client_ref="P", **FAULTY))
        assert desk.words() == {"C-1": None}

    def test_its_do_not_contact_holds_for_everyone_with_the_number(self, desk):
        desk.land(a_case_row(), a_case_row(case_ref="C-2", do_not_contact="y", **FAULTY))
        assert desk.words(Channel.IN_PERSON) == {"C-1": "do-not-contact"}

    def test_what_was_held_of_an_unknown_person_stays_with_them(self, desk):
        desk.land(a_case_row(client_ref="P", do_not_contact="yes", flags="stalking", **FAULTY))
        desk.land(a_case_row(client_ref="P", flags="none", safety_checked_on=""), now=LATER)
        assert desk.words() == {"C-1": "do-not-contact"}
        assert desk.read(select(Case.flags)) == [("stalking",)]

    def test_another_case_of_a_client_of_whom_a_row_is_held_is_as_careful(self, desk):
        desk.land(a_case_row(client_ref="P", do_not_contact="yes", **FAULTY))
        desk.land(
            a_case_row(case_ref="C-2", client_ref="P", mobile="07700 900109", safety_checked_on=""),
            now=LATER,
        )
        assert desk.words() == {"C-2": "do-not-contact"}

    def test_a_later_check_outweighs_what_was_held(self, desk):
        desk.land(a_case_row(sms_consent="no", **FAULTY))
        checked = LATER.date().isoformat()
        desk.land(a_case_row(safety_checked_on=checked), now=LATER)
        assert desk.words() == {"C-1": None}


class TestRowsOutOfTheirColumns:
    """Nobody can tell in which column a cell stands: the person is held."""

    HEAD = "case_ref,referred_on,support_level,deliveries,flags,mobile,sms_consent,sms_safe"
    SOUND = "C-1,2026-11-11,community,0,none,07700 900101,yes,yes"

    @pytest.mark.parametrize(
        "row",
        [
            "C-1,2026-11-11,community,0,none,07700 900101,yes,yes,more",
            'C-1,2026-11-11,community,0,none,"07700" 900101,yes,yes',
            'C-1,"2026"-11-11,community,0',
        ],
    )
    def test_a_row_that_is_known_by_its_key_alone_holds(self, desk, row):
        desk.land_text(f"{self.HEAD}\n{self.SOUND}\n")
        desk.land_text(f"{self.HEAD}\n{row}\n")
        assert desk.words() == {"C-1": "facts-contradict"}
        assert "row-unreadable" in desk.causes()["C-1"]

    def test_it_is_heard_all_the_same(self, desk):
        desk.land_text(f"{self.HEAD}\n{self.SOUND}\n")
        desk.land_text(f"{self.HEAD}\n{self.SOUND.replace('yes,yes', 'no,yes')},more\n")
        assert desk.read(select(Person.sms_consent)) == [("no",)]

    def test_a_sound_row_of_the_same_case_does_not_land_beside_it(self, desk):
        tally = desk.land_text(f"{self.HEAD}\n{self.SOUND}\n{self.SOUND},more\n")
        assert (tally.created, tally.rejected) == (0, 2)


class TestRepetitions:
    """Several rows of one case (FORMATS-INTAKE.md, section 3, point 10)."""

    def test_a_join_export_is_one_case_with_all_its_flags(self, desk):
        rows = [a_case_row(flags=flag) for flag in ("vulnerable", "domestic-abuse", "none", "")]
        tally = desk.land(*rows)
        assert (tally.created, tally.joined, tally.rejected) == (1, 3, 0)
        assert desk.read(select(Case.flags)) == [("domestic-abuse;vulnerable",)]
        assert desk.words() == {"C-1": "text-not-preferred"}

    def test_yes_no_words_are_joined_as_carefully_as_any(self, desk):
        desk.land(a_case_row(), a_case_row(sms_consent="no"), a_case_row(do_not_contact="unknown"))
        ((person,),) = desk.read(select(Person))
        assert (person.sms_consent, person.do_not_contact) == ("no", "unknown")

    def test_the_same_row_in_other_words_is_one(self, desk):
        tally = desk.land(a_case_row(), a_case_row(referred_on="11/11/2026", sms_safe="YES"))
        assert (tally.created, tally.repeated, tally.joined) == (1, 1, 0)

    def test_rows_that_disagree_hold_whom_they_are_of(self, desk):
        desk.land(a_case_row())
        tally = desk.land(a_case_row(deliveries="1"), a_case_row(deliveries="2", sms_safe="no"))
        assert tally.rejected == 2
        assert desk.causes() == {"C-1": {"rows-disagree"}}
        assert desk.read(select(Person.sms_safe)) == [("no",)]

    def test_a_client_who_lands_by_another_case_is_held_too(self, desk):
        desk.land(
            a_case_row(client_ref="P", deliveries="1"),
            a_case_row(client_ref="P", deliveries="2"),
            a_case_row(case_ref="C-2", client_ref="P"),
        )
        assert desk.words() == {"C-2": "facts-contradict"}


class TestOnePerson:
    """The most careful word of all rows of one person."""

    def test_an_unsound_row_stands_against_a_newer_check(self, desk):
        desk.land(a_case_row(client_ref="P", sms_consent="no"))
        desk.land(
            a_case_row(client_ref="P", safety_checked_on="2026-11-17"),
            a_case_row(case_ref="C-2", client_ref="P", sms_consent="no", **FAULTY),
        )
        assert desk.words() == {"C-1": "no-consent"}

    def test_an_earlier_check_tightens_what_the_later_one_does_not_state(self, desk):
        desk.land(
            a_case_row(client_ref="P", do_not_contact="yes", safety_checked_on="2026-11-01"),
            a_case_row(case_ref="C-2", client_ref="P", do_not_contact=""),
        )
        assert set(desk.words().values()) == {"do-not-contact"}

    def test_the_hours_are_those_that_every_row_allows(self, desk):
        desk.land(
            a_case_row(client_ref="P", safe_days="mon;tue;wed"),
            a_case_row(case_ref="C-2", client_ref="P", safe_days="wed;thu"),
        )
        assert desk.read(select(Person.safe_days)) == [("wed",)]


class TestIdentity:
    """Nobody becomes somebody else (FORMATS-INTAKE.md, section 3, point 7)."""

    @pytest.mark.parametrize(
        "word",
        [
            *("NULL", "N/A", "-", "0", "None", "#N/A", "unknown", "000", "999", "9999", "test"),
            *(
                "x",
                "XXX",
                "anon",
                "Client",
                "new",
                "...",
                "#REF!",
                "nan",
                "Not known",
                "??",
                "\u200b",
            ),
        ],
    )
    def test_a_placeholder_is_nobody(self, desk, word):
        rows = [
            a_case_row(case_ref=f"C-{n}", client_ref=word, mobile=f"07700 90010{n}")
            for n in range(3)
        ]
        desk.land(*rows)
        assert desk.read(select(func.count(Person.id))) == [(3,)]
        assert desk.read(select(func.count(func.distinct(Person.number_hash)))) == [(3,)]

    @pytest.mark.parametrize("word", ["99", "X1", "P-000", "newt", "Null-1"])
    def test_what_only_looks_like_one_is_somebody(self, desk, word):
        desk.land(*(a_case_row(case_ref=f"C-{n}", client_ref=word) for n in range(2)))
        assert desk.read(select(Person.client_ref)) == [(word,)]

    def test_a_placeholder_case_is_a_fault_unless_it_is_stored(self, desk, database):
        assert desk.land(a_case_row(case_ref="test")).rejected == 1
        desk.land(a_case_row())
        with database.write(Scope.worker()) as session:
            session.scalars(select(Case)).one().case_ref = "test"
        assert desk.land(a_case_row(case_ref="test")).unchanged == 1

    def test_people_whom_a_placeholder_merged_are_held(self, desk, database):
        desk.land(a_case_row(client_ref="P"), a_case_row(case_ref="C-2", client_ref="P"))
        with database.write(Scope.worker()) as session:
            session.scalars(select(Person)).one().client_ref = "NULL"
        desk.land(a_case_row(case_ref="C-3", mobile="07700 900103"))
        assert desk.causes() == {"C-1": {"several-numbers"}, "C-2": {"several-numbers"}}

    def test_two_current_numbers_hold_and_a_newer_check_of_one_does_not(self, desk):
        two = {"case_ref": "C-2", "client_ref": "P", "mobile": "07700 900102"}
        desk.land(a_case_row(client_ref="P"), a_case_row(**two))
        assert desk.words() == {"C-1": "facts-contradict", "C-2": "facts-contradict"}
        checked = a_case_row(**two, safety_checked_on="2026-11-18")
        desk.land(a_case_row(client_ref="P"), checked, now=LATER)
        assert desk.words() == {"C-1": None, "C-2": None}

    def test_two_birth_dates_hold(self, desk):
        desk.land(
            a_case_row(client_ref="P", date_of_birth="1980-01-01"),
            a_case_row(case_ref="C-2", client_ref="P", date_of_birth="1981-01-01"),
        )
        assert desk.causes()["C-1"] == {"several-birth-dates"}

    def test_a_new_case_with_another_birth_date_than_stored_holds(self, desk):
        desk.land(a_case_row(client_ref="P", date_of_birth="1980-01-01"))
        desk.land(a_case_row(case_ref="C-2", client_ref="P", date_of_birth="1981-01-01"))
        assert desk.causes()["C-1"] == {"several-birth-dates"}

    def test_a_case_that_moves_to_a_client_with_another_number_holds(self, desk):
        desk.land(
            a_case_row(client_ref="A"),
            a_case_row(case_ref="C-2", client_ref="B", mobile="07700 900102"),
        )
        desk.land(a_case_row(client_ref="B", mobile="07700 900102"))
        assert desk.causes() == {"C-1": {"client-changed"}, "C-2": {"client-changed"}}

    def test_a_case_that_moves_takes_its_persons_hold_with_it(self, desk):
        desk.land(a_case_row(client_ref="A"))
        desk.land(a_case_row(client_ref="A", sms_safe="perhaps"))
        desk.land(a_case_row(client_ref="B"))
        assert desk.causes() == {"C-1": {"care-unreadable"}}

    def test_more_than_twenty_cases_are_not_one_person(self, desk):
        rows = [a_case_row(case_ref=f"C-{n}", client_ref="P") for n in range(21)]
        desk.land(*rows[:20])
        assert desk.causes() == {}
        desk.land(*rows)
        assert desk.causes()["C-0"] == {"many-cases"}

    def test_near_twins_are_said_and_never_merged(self, desk):
        desk.land(a_case_row(case_ref="X13-1"))
        assert desk.land(a_case_row(case_ref="x13\u20131", mobile="07700 900102")).near_twins == 1
        assert desk.read(select(func.count(Case.id))) == [(2,)]


class TestImpossibleFacts:
    """They hold, they never help."""

    def test_a_child_of_1900_is_a_child_without_a_birth_date(self, desk):
        desk.land(a_case_row(flags="child", date_of_birth="1900-01-01"))
        assert desk.words() == {"C-1": "age-decision-needed"}
        assert desk.read(select(Person.date_of_birth)) == [(None,)]

    @pytest.mark.parametrize("born", ["1911-05-06", "2026-11-12", "1850-01-01", "2150-01-01"])
    def test_an_impossible_age_holds_and_is_not_stored(self, desk, born):
        tally = desk.land(a_case_row(date_of_birth=born))
        assert (tally.created, tally.rejected) == (1, 0)
        assert desk.causes() == {"C-1": {"birth-date-impossible"}}
        assert desk.read(select(Person.date_of_birth)) == [(None,)]

    @pytest.mark.parametrize(("of", "noted"), [(5, 5), (4, 0)])
    def test_a_birth_date_that_a_system_filled_in_is_noted(self, desk, of, noted):
        rows = [
            a_case_row(case_ref=f"C-{n}", date_of_birth="1970-01-01" if n < of else "1980-01-01")
            for n in range(20)
        ]
        notes = []
        path = written(desk.folder, rows)
        import_cases(
            a_job(path),
            writer_of(desk.database),
            on_note=lambda line, note: notes.append(note.code),
        )
        assert notes.count("common-birth-date") == noted

    def test_planned_days_are_not_done(self, desk):
        tally = desk.land(a_case_row(review_on="2026-12-24"))
        assert (tally.created, tally.planned) == (1, 1)
        assert desk.read(select(Case.review_on)) == [(None,)]


def test_a_release_is_of_these_values(desk, database):
    rows = [
        a_case_row(client_ref="P"),
        a_case_row(case_ref="C-2", client_ref="P", mobile="07700 900102"),
    ]
    desk.land(*rows)
    with database.write(Scope.worker()) as session:
        hold = session.scalars(select(Hold)).one()
        hold.ended_at, hold.ended_how = NOON, "released"
    desk.land(*rows, now=LATER)
    assert desk.causes() == {}
    desk.land(rows[0], rows[1] | {"mobile": "07700 900103"}, now=LATER)
    assert desk.causes()["C-1"] == {"several-numbers"}


def test_a_kill_after_the_care_pass_leaves_only_what_tightens(desk, database, tmp_path):
    desk.land(a_case_row(sms_consent="no"))

    class Killed(Exception):
        pass

    opened = 0

    @contextmanager
    def open_batch():
        nonlocal opened
        opened += 1
        if opened == 3:  # The first batch of rows, after the run's note and the care pass.
            raise Killed
        with database.write(Scope.worker()) as session:
            yield session

    rows = [
        a_case_row(safety_checked_on="2026-11-17"),
        a_case_row(case_ref="C-2", do_not_contact="yes", **FAULTY),
    ]
    with pytest.raises(Killed):
        import_cases(a_job(written(tmp_path, rows)), open_batch)
    assert desk.words(Channel.IN_PERSON) == {"C-1": "do-not-contact"}
    assert desk.read(select(Person.sms_consent)) == [("no",)]
    desk.land(*rows)
    assert desk.words(Channel.IN_PERSON) == {"C-1": "do-not-contact"}


def test_a_number_that_a_later_batch_shares_is_shared_from_the_first(
    desk, database, tmp_path, monkeypatch
):
    monkeypatch.setattr("survey_app.usecases.import_cases.run.ROWS_AT_ONCE", 1)
    rows = [a_case_row(), a_case_row(case_ref="C-2"), a_case_row(case_ref="C-3")]
    seen = []

    @contextmanager
    def open_batch():
        with database.write(Scope.worker()) as session:
            yield session
        seen.append(desk.words())

    import_cases(a_job(written(tmp_path, rows)), open_batch)
    assert {"C-1": "shared-number"} in seen
    assert all(why == "shared-number" for words in seen for why in words.values())
    assert desk.held_rows() == {}
    desk.land(*rows)
    assert desk.read(select(func.count(HeldRow.id))) == [(1,)]


CAREFUL_CELLS = st.sampled_from(
    [
        {"sms_consent": "no"},
        {"sms_safe": "unknown"},
        {"do_not_contact": "yes"},
        {"flags": "domestic-abuse"},
        {"flags": "homicide"},
        {"sms_preferred": "no", "flags": "stalking"},
        {"safe_days": "mon"},
        {"mobile": "07700 900102"},
        {},
    ]
)
SPOILT = st.sampled_from(
    [
        {},
        {},
        {"deliveries": "2.0"},
        {"referred_on": "31/02/2026"},
        {"language": "Polish"},
        {"sms_safe": "x"},
    ]
)


@st.composite
def files(draw):
    """Rows of one person over three cases, one of them careful, any spoilt, in any order."""
    refs = draw(st.lists(st.sampled_from(["C-1", "C-2", "C-3"]), min_size=1, max_size=4))
    rows = [a_case_row(case_ref=ref, client_ref="P") | draw(SPOILT) for ref in refs]
    careful = draw(st.integers(0, len(rows) - 1))
    rows[careful] = rows[careful] | draw(CAREFUL_CELLS) | draw(SPOILT)
    if draw(st.booleans()):
        rows[careful] |= {"safety_checked_on": "2026-11-01"}
    return draw(st.permutations(rows + draw(st.lists(st.sampled_from(rows), max_size=2))))


class Undo(Exception):
    """Leaves the database as it was for the next example."""


@contextmanager
def within(session):
    yield session
    session.flush()


def outcomes(session) -> set[Outcome]:
    """What the rule says of a text on the Wednesday after, over all requests."""
    ids = session.scalars(select(SurveyRequest.id)).all()
    facts = contact_facts(session, ids)
    return {judge(Channel.SMS, facts[i], LATER).outcome for i in ids}


@given(files(), st.booleans())
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nobody_is_less_careful_than_their_most_careful_row(sqlite_database, rows, is_known):
    """The verdict of each row alone, were it sound, is the measure: one *no* is a no for all."""
    measure = []
    with tempfile.TemporaryDirectory() as folder:
        for number, row in enumerate(rows):
            sound = row | {"deliveries": "0", "referred_on": "2026-11-11", "language": "en"}
            if sound["sms_safe"] == "x":
                sound["sms_safe"] = "unknown"
            with suppress(Undo), sqlite_database.write(Scope.worker()) as session:
                a_live_service(session)
                path = written(Path(folder), [sound], f"{number}.csv")
                import_cases(a_job(path), lambda: within(session))
                measure.append(outcomes(session))
                raise Undo
        with suppress(Undo), sqlite_database.write(Scope.worker()) as session:
            a_live_service(session)
            if is_known:
                path = written(Path(folder), [a_case_row(client_ref="P")], "known.csv")
                import_cases(a_job(path), lambda: within(session))
            import_cases(a_job(written(Path(folder), rows)), lambda: within(session))
            allowed = Outcome.YES in outcomes(session)
            raise Undo
    if any(Outcome.YES not in said for said in measure):
        assert not allowed


NOBODYS = a_case_row(case_ref="NULL", **FAULTY)


class TestRowsThatShareAKey:
    """What stands under one key is heard of everybody whom its rows name."""

    def test_a_placeholder_is_no_case_so_the_flags_are_its_clients(self, desk):
        desk.land(a_case_row(client_ref="P"))
        desk.land(
            NOBODYS | {"client_ref": "P", "flags": "domestic-abuse"},
            NOBODYS | {"client_ref": "Q", "mobile": "07700 900102"},
        )
        assert desk.words() == {"C-1": "text-not-preferred"}

    def test_rows_of_a_placeholder_case_are_held_for_each_client(self, desk):
        desk.land(
            NOBODYS | {"client_ref": "P", "do_not_contact": "yes"},
            NOBODYS | {"client_ref": "Q", "mobile": "07700 900102"},
        )
        desk.land(a_case_row(client_ref="P"), now=LATER)
        assert desk.words() == {"C-1": "do-not-contact"}

    @pytest.mark.parametrize("case_ref", ["C-2", "NULL", ""])
    def test_each_number_of_rejected_rows_counts_as_somebodys(self, desk, case_ref):
        of_another = a_case_row(case_ref=case_ref, client_ref="Q")
        desk.land(
            a_case_row(client_ref="P"),
            of_another | {"deliveries": "2"},
            of_another | {"deliveries": "3", "mobile": "07700 900102"},
        )
        assert desk.words() == {"C-1": "shared-number"}

    def test_a_later_file_gives_a_held_row_its_number(self, desk):
        of_another = a_case_row(case_ref="C-2", client_ref="Q", **FAULTY)
        desk.land(a_case_row(client_ref="P"), of_another)
        desk.land(of_another | {"mobile": "07700 900102"}, now=LATER)
        assert desk.words() == {"C-1": None}

    @pytest.mark.parametrize(
        ("cell", "reason"),
        [("", "facts-contradict"), ("yes", "do-not-contact"), ("no", None)],
    )
    def test_a_row_corrects_what_nobody_could_read_only_by_saying_it(self, desk, cell, reason):
        desk.land(a_case_row(do_not_contact="do not ring"))
        desk.land(a_case_row(do_not_contact=cell), now=LATER)
        assert desk.words() == {"C-1": reason}
