"""The star without script: scored, drafted, corrected; every refusal says what to do."""

import re

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.instruments import Instrument, Licence
from survey_app.store.audit import AuditRow
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.usecases import record_licence
from tests.builders import a_case, a_programme, a_service
from tests.links import SHIPPED
from tests.readings import ADULT_AREAS, record
from tests.staff import csrf_of

CASE = "/services/ours/cases/WM-1"
NEW = f"{CASE}/readings/new"
DAY = "2026-11-17"


@pytest.fixture
def database_kind() -> str:
    """Pages are tested on SQLite; what they store is tested on both, under tests/usecases."""
    return "sqlite"


@pytest.fixture
def service(database):
    """Ours, with a case referred in September."""
    with database.write(Scope.worker()) as session:
        service = a_service(session, slug="ours", name="Our service")
        a_programme(session, service)
        a_case(session, service, case_ref="WM-1", support_level="caseworker")
        return service


def post(client, address: str, page: str = NEW, **fields: str):
    sent = {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(address, data={"csrf_token": csrf_of(client.get(page)), **sent})


def scored(**fields: str) -> dict[str, str]:
    scores = {f"score-{area}": "4" for area in ADULT_AREAS}
    return {"wave": "baseline", "on": DAY, "scored_by": "together", **scores, **fields}


def responses(database) -> list[Response]:
    with database.read(Scope.worker()) as session:
        return list(session.scalars(select(Response).order_by(Response.id)))


def test_the_form_proposes_the_wave_and_says_what_each_step_means(client, caseworker):
    page = client.get(NEW).text
    assert 'name="wave" value="baseline"' in page
    assert "I am afraid on most days." in page
    assert page.count('type="radio" name="score-') == 9 * 11
    assert 'name="on" type="date" value="2026-11-18"' in page
    assert 'name="wave" value="closure"' in client.get(f"{NEW}?wave=closure").text
    assert 'name="wave" value="baseline"' in client.get(f"{NEW}?wave=nonsense").text


def test_a_reading_is_recorded_and_listed_with_its_notes(client, caseworker, database):
    sent = scored(**{"note-home": "Damp walls", "action-home": "Ring", "priority-home": "yes"})
    answer = post(client, NEW, **sent)
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "Damp walls" in page
    assert "Scored together" in page
    [kept] = responses(database)
    assert (kept.wave, kept.scorer_id) == ("baseline", caseworker)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"score-safety": "11"}, "Safety: choose one of the steps shown."),
        ({"score-luck": "3"}, "This star has no area “luck”."),
        ({"on": "2026-09-01"}, "before the referral"),
        ({"on": "2026-12-01"}, "has not come yet"),
        ({"on": "soon"}, "Enter the day of the reading."),
        (dict.fromkeys((f"score-{area}" for area in ADULT_AREAS), ""), "Score at least one area."),
        ({"note-home": "x" * 2001}, "Home: write at most 2000 characters."),
    ],
)
def test_bad_input_is_named_and_what_was_sent_stays(client, caseworker, database, changed, said):
    answer = post(client, NEW, **scored(**{"action-money": "Ring the bank"} | changed))
    assert answer.status_code == 400
    assert said in answer.text
    assert "Ring the bank" in answer.text
    assert responses(database) == []


def test_a_reading_that_is_there_is_not_recorded_again(client, caseworker, database):
    post(client, NEW, **scored())
    answer = post(client, NEW, **scored())
    assert answer.status_code == 400
    assert "is recorded already" in answer.text
    assert len(responses(database)) == 1


def test_a_draft_comes_back_to_whoever_saved_it_and_to_nobody_else(
    client, caseworker, signed_in_as
):
    draft = {"wave": "review", "score-home": "6", "note-home": "half a thought"}
    post(client, NEW, action="draft", **draft)
    page = client.get(f"{NEW}?wave=review").text
    assert "This is your draft" in page
    assert "half a thought" in page
    assert re.search(r'name="score-home"[^>]*value="6"[^>]*checked', page)
    assert "half a thought" not in client.get(f"{NEW}?wave=baseline").text
    post(client, NEW, action="discard", wave="review")
    assert "half a thought" not in client.get(f"{NEW}?wave=review").text
    post(client, NEW, action="draft", **draft)
    signed_in_as(Role.CASEWORKER)
    assert "half a thought" not in client.get(f"{NEW}?wave=review").text


def test_the_script_is_told_when_the_draft_was_kept(client, caseworker):
    answer = post(client, f"{NEW}/draft", wave="baseline", score__home="2")
    assert answer.json == {"saved": "Draft saved at 12:00."}
    assert post(client, f"{NEW}/draft", wave="some day").status_code == 400


def test_two_views_stand_side_by_side_with_their_gap(client, caseworker):
    post(client, NEW, **scored(scored_by="worker"))
    page = client.get(f"{CASE}/readings").text
    assert "Add the person’s view of this day" in page
    address = re.search(r'href="([^"]+scored_by=client)"', page)
    assert address is not None
    form = client.get(address[1].replace("&amp;", "&")).text
    assert re.search(r'value="client" checked', form)
    assert "Last time" not in form
    post(client, NEW, **scored(**{"scored_by": "client", "score-safety": "7"}))
    page = client.get(f"{CASE}/readings").text
    assert "3 steps higher" in page
    assert "the same" in page


def test_a_correction_needs_a_reason_and_keeps_what_was_said(client, caseworker, database):
    post(client, NEW, **scored())
    [kept] = responses(database)
    address = f"{CASE}/readings/{kept.id}/correct"
    answer = post(client, address, address, **scored(**{"score-safety": "9"}))
    assert answer.status_code == 400
    assert "Say why you correct this reading." in answer.text
    changed = scored(**{"score-safety": "9", "reason": "Mixed up two people"})
    assert post(client, address, address, **changed).status_code == 302
    page = client.get(f"{CASE}/readings").text
    assert "Mixed up two people" in page
    assert "It said before: Safety 4; Home 4" in " ".join(page.split())
    assert client.get(address).status_code == 302
    now = responses(database)[-1].id
    timeline = client.get(CASE).text
    for response_id in (kept.id, now):
        assert f'href="{CASE}/readings#reading-{response_id}"' in timeline
        assert f'id="reading-{response_id}"' in page
    late = post(client, address, NEW, **changed)
    assert late.status_code == 409
    assert "Nothing of yours was saved" in late.text


def test_another_services_case_and_reading_do_not_exist(client, caseworker, database):
    with database.write(Scope.worker()) as session:
        other = a_case(session, case_ref="XX-1")
        a_programme(session, get_service(session, "ours"), number=999)
        theirs = record(session, other, caseworker).id
    assert client.get("/services/ours/cases/XX-1/readings").status_code == 404
    assert client.get(f"{CASE}/readings/{theirs}/correct").status_code == 404


def test_a_manager_records_a_licence_with_its_reference(
    client, signed_in_as, service, database, monkeypatch
):
    theirs = SHIPPED["adult-star", "1"].model_copy(
        update={"key": "their-star", "licence": Licence.REQUIRED}
    )
    shelf: dict[str, Instrument] = {theirs.key: theirs}
    for place in (
        "survey_app.usecases.record_licence.newest_instruments",
        "survey_app.web.caseworker.readings.licences.newest_instruments",
    ):
        monkeypatch.setattr(place, lambda: shelf)
    assert record_licence.licensed_keys() == ["their-star"]
    signed_in_as(Role.MANAGER)
    page = "/services/ours/licences"
    fields = {"instrument": "their-star", "is_held": "yes"}
    assert post(client, page, page, **fields).status_code == 400
    assert post(client, page, page, **fields, reference="L-77").status_code == 302
    assert "recorded" in client.get(page).text
    assert (
        post(client, page, page, **fields | {"instrument": "x"}, reference="L").status_code == 400
    )
    with database.read(Scope.worker()) as session:
        assert get_service(session, "ours").licences == ["their-star"]
        row = session.scalars(select(AuditRow).where(AuditRow.action == "record-licence")).one()
        assert row.details == {"instrument": "their-star", "reference": "L-77"}
    post(client, page, page, **fields | {"is_held": "no"})
    with database.read(Scope.worker()) as session:
        assert get_service(session, "ours").licences == []


def test_the_change_is_shown_and_the_persons_own_picture_has_no_scores(client, caseworker):
    post(client, NEW, **scored())
    later = {"wave": "closure", "on": "2026-11-18", "score-safety": "8", "score-home": "2"}
    post(client, NEW, **scored(**later))
    page = client.get(f"{CASE}/change").text
    assert "4 steps better" in page
    assert "2 steps worse" in page
    own = " ".join(client.get(f"{CASE}/picture").text.split())
    order = [own.index(words) for words in ("What got better", "about the same", "What is harder")]
    assert order == sorted(order)
    assert "I feel safe at home and in places I know." in own
    assert "It is not your fault" in own
    article = own[own.index("<article") : own.index("</article>")]
    assert not re.search(r"WM-1|[0-9] steps|victim|crime|Our service", article)


def test_with_nothing_to_compare_the_pages_say_what_to_do(client, caseworker):
    assert "Nobody has scored a star" in client.get(f"{CASE}/readings").text
    assert "Nothing has been answered" in client.get(f"{CASE}/change").text
    assert "When you have answered twice" in client.get(f"{CASE}/picture").text
