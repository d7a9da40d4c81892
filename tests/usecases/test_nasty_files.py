"""Files as bad days write them: who would be texted?

Each stands first beside a person who may be texted; then the file comes. Nobody who asked for care
anywhere in it is texted, and no stranger's phone is.
"""

import pytest
from sqlalchemy import select

from survey_app.domain.requests import Channel
from survey_app.store.cases import Case
from survey_app.store.holds import Hold
from survey_app.store.scope import Scope
from tests.case_files import a_case_row
from tests.usecases.test_care_first import FAULTY, LATER, Desk

HEAD = "case_ref,client_ref,referred_on,support_level,deliveries,flags,mobile,sms_consent,sms_safe"
ROW = "C-1,P,2026-11-11,community,0,none,07700 900101,yes,yes"


@pytest.fixture
def desk(database, tmp_path):
    desk = Desk(database, tmp_path)
    desk.land_text(f"{HEAD}\n{ROW}\n")
    assert desk.words() == {"C-1": None}
    return desk


def row(*changes: tuple[str, str]) -> str:
    """The sound row with some of its text replaced."""
    changed = ROW
    for before, after in changes:
        assert before in changed
        changed = changed.replace(before, after)
    return changed


FILES = {
    "two byte order marks": f"\ufeff\ufeff{HEAD}\n{row(('yes,yes', 'no,yes'))}\n",
    "a mark in the header's middle": (f"{HEAD},do_not_\ufeffcontact\n{ROW},yes\n"),
    "unseen characters in the key of a rejected row": (
        f"{HEAD}\n" + row(("C-1", "C-\u200b1"), (",0,", ",2.0,"), ("yes,yes", "n,yes")) + "\n"
    ),
    "a hard space around the client": (
        f"{HEAD}\n" + row(("C-1,P", "C-7,\u00a0P\u00a0"), (",0,none", ",x,DV")) + "\n"
    ),
    "none beside a flag": f"{HEAD}\n{row(('none', 'none;domestic-abuse'))}\n",
    "do not contact with a blank behind": f'{HEAD},do_not_contact\n{ROW},"y "\n',
    "do not contact in wide letters": f"{HEAD},do_not_contact\n{ROW},\uff59\uff45\uff53\n",
    "do not contact nobody can read": f"{HEAD},do_not_contact\n{ROW},see notes\n",
    "semicolons inside the flags cell, strange words among them": (
        f"{HEAD}\n" + row(("none", '"burglary;domestic-abuse;xyz"')) + "\n"
    ),
    "the careful row first, the sound one last": (
        f"{HEAD}\n{row(('C-1', 'C-2'), (',0,', ',?,'), ('yes,yes', 'no,yes'))}\n{ROW}\n"
    ),
    "the careful row last, without a case reference": (
        f"{HEAD}\n{ROW}\n{row(('C-1,', ','), ('yes,yes', 'no,yes'))}\n"
    ),
    "the careful row is a repetition": f"{HEAD}\n{ROW}\n{ROW}\n{row(('yes,yes', 'yes,no'))}\n",
    "the careful row is one of two that disagree": (
        f"{HEAD}\n{ROW}\n{row((',0,', ',3,'), ('yes,yes', 'no,yes'))}\n"
    ),
    "the careful row has a quote in its middle": (
        f"{HEAD}\n" + row(("yes,yes", '"n"o,yes')) + "\n"
    ),
    "the careful row has a cell too many": f"{HEAD}\n{row(('yes,yes', 'no,yes'))},,x\n",
    "the careful row has cells too few": f"{HEAD},sms_preferred\n,P,,,,stalking\n",
    "a shifted row": f"{HEAD}\n{row(('community', 'West, community'))}\n",
    "another number on a rejected row": (f"{HEAD}\n{row(('900101', '900102'), (',0,', ',-1,'))}\n"),
    "a stranger's rejected row with this number": (
        f"{HEAD}\n{row(('C-1,P', 'C-9,Q'), (',0,', ',-1,'))}\n"
    ),
    "a stranger's rejected row with this number and no client": (
        f"{HEAD}\n{row(('C-1,P', 'C-9,NULL'), (',0,', ',-1,'))}\n"
    ),
    "a child of the year 1990": f"{HEAD},date_of_birth\n{row(('none', 'child'))},1990-01-01\n",
    "a child by a rejected row": (f"{HEAD},date_of_birth\n{row((',0,none', ',?,under 18'))},\n"),
    "the same person under two numbers": (
        f"{HEAD}\n{ROW}\n{row(('C-1', 'C-2'), ('900101', '900103'))}\n"
    ),
    "a transfer on a row that is rejected": (
        f"{HEAD},closed_on,closure_reason\n{ROW},2099-12-31,transferred\n"
    ),
    "a crime that is a flag, on a rejected row": (
        f"{HEAD},crime_category\n{row((',0,', ',two,'))},R\u00adape\n"
    ),
    "hours that never open": f"{HEAD},safe_from,safe_until\n{ROW},09:00,09:00\n",
    "one careful word between two newer checks": (
        f"{HEAD},safety_checked_on\n{ROW},2026-11-18\n"
        f"{row(('C-1', 'C-2'), ('yes,yes', 'no,yes'))},18.11.2026\n"
        f"{row(('C-1', 'C-3'))},2026-11-18\n"
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_nobody_is_texted_whom_a_bad_file_asked_to_spare(desk, name):
    desk.land_text(FILES[name])
    texted = [ref for ref, why in desk.words().items() if why is None]
    assert texted == []


# The others end with a file that lands the case, or are of another person.
@pytest.mark.parametrize(
    "name", [name for name in FILES if not name.startswith(("a stranger's", "a transfer"))]
)
def test_nor_after_the_file_came_twice_and_a_clean_one_once(desk, name):
    """A clean row without a newer check releases nobody of what the person was tightened by."""
    desk.land_text(FILES[name])
    desk.land_text(FILES[name])
    desk.land_text(f"{HEAD}\n{ROW}\n", now=LATER)
    assert desk.words()["C-1"] is not None


def test_do_not_contact_that_nobody_can_read_stands_in_person_too(desk):
    desk.land_text(FILES["do not contact nobody can read"])
    assert desk.words(Channel.IN_PERSON) == {"C-1": "facts-contradict"}


def test_a_rejected_row_of_a_new_person_is_heard_when_they_come(desk):
    new = {"client_ref": "N", "mobile": "07700 900104"}
    desk.land(a_case_row(case_ref="C-4", flags="none;sexual-violence", **new))
    desk.land(a_case_row(case_ref="C-5", **new), now=LATER)
    assert desk.words()["C-5"] == "text-not-preferred"


def test_a_flag_beside_a_strange_word_outlives_the_decision_on_that_word(desk, database):
    desk.land(a_case_row(case_ref="C-4", client_ref="P", flags="stalking;xyz"))
    with database.write(Scope.worker()) as session:
        for hold in session.scalars(select(Hold)):
            hold.ended_at, hold.ended_how = LATER, "released"
    assert desk.words() == {"C-1": "text-not-preferred"}


def test_a_rejected_row_of_a_new_person_in_the_same_file_is_heard(desk):
    new = {"client_ref": "N", "mobile": "07700 900104"}
    rows = [
        a_case_row(case_ref="C-5", **new),
        a_case_row(case_ref="C-4", flags="sexual-violence", **new, **FAULTY),
    ]
    desk.land(*rows)
    assert desk.words()["C-5"] == "text-not-preferred"


def test_a_key_of_old_is_still_its_case(desk, database):
    with database.write(Scope.worker()) as session:
        session.scalars(select(Case)).one().case_ref = "C-\u200b1"
    tally = desk.land_text(f"{HEAD}\n{row(('yes,yes', 'no,yes'))}\n")
    assert (tally.created, tally.updated) == (0, 1)
    assert desk.words() == {"C-1": "no-consent"}
